//! One look at one promise at one place.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::breaks::FoundBy;
use crate::device_clock::{Heard, OLDEST, Readings, SKEW};
use crate::fault::{Fault, Faults, optional};
use crate::guarantee::Stage;
use crate::ids::{CheckId, GuaranteeId, PlaceId};
use crate::obstacle::Obstacle;
use crate::photo::{Photos, Picture};
use crate::record::Hash;
use crate::text::{Prose, is_blank, tidy};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Kept,
    Broken,
    /// It was due and nobody looked.
    Missed,
    NotApplicable,
    /// Another check stands instead: one that was made in time and arrived after the miss was written down, or one that was
    /// made in the same window as a check that was taken back.
    Void,
    /// A mistaken tap: nobody had looked. What was due is due again.
    TakenBack,
}

/// Why a promise counts as broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason", content = "criterion")]
pub enum Reason {
    /// The criterion that was not met, by its position in the wording.
    Criterion(u32),
    /// Broken on purpose, to keep someone safe: an honourable verdict.
    Safety,
    Other,
}

/// What somebody found when they looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Finding {
    Kept,
    Broken { reason: Reason, obstacle: Option<Obstacle>, found_by: FoundBy, note: Option<Prose> },
    NotApplicable { why: Prose },
}

/// What a check is corrected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Correction {
    Found(Finding),
    /// Nobody had looked.
    TakenBack,
}

/// What there is of a window once the check that concluded it is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freed {
    /// It is still open; or there was none.
    Open,
    Over,
    /// Somebody else has looked in it, and that check stands.
    LookedAt,
}

/// A finding with its time and place, as it comes from a phone or a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub id: CheckId,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    /// When it was looked at, by our clock.
    pub at: DateTime<Utc>,
    /// What the clocks showed around it, where the phone said so.
    pub clocks: Option<Readings>,
    /// Whether they disagree, so that the phone's was not simply believed.
    pub skewed: bool,
    /// The picture that was taken of it: the hash it is kept under.
    pub photo: Option<Hash>,
    #[serde(flatten)]
    pub finding: Finding,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckDraft {
    pub id: String,
    pub guarantee: String,
    pub place: String,
    /// When it was looked at (RFC 3339); empty means now.
    pub at: String,
    /// What the same clock shows as it is sent (RFC 3339): how long ago that was is believed, the clock is not.
    pub sent: String,
    /// The server's time as the phone had last heard it (RFC 3339), before the look; empty where it never had.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub heard: String,
    /// What the phone's clock showed as it heard that (RFC 3339).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub heard_at: String,
    /// The version of the wording it was judged by; empty means the one in force.
    pub version: String,
    /// Whose check it is, where it may be sent later than it was made; empty means whoever sends it.
    pub by: String,
    /// The picture that was taken of it, sent before: the hash it is kept under; empty means none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub photo: String,
    #[serde(flatten)]
    pub finding: FindingDraft,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FindingDraft {
    pub verdict: String,
    /// `safety`, `other`, or the position of the criterion that was not met, from 0.
    pub reason: String,
    pub obstacle: String,
    pub found_by: String,
    pub note: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("a guarantee that is {} takes no checks", stage.name())]
    NotChecked { stage: Stage },
    #[error("this guarantee is not checked at this place")]
    NotHere,
    #[error("another check was sent under this id")]
    OtherBody,
    #[error("the correction says what the check says already")]
    Unchanged,
    #[error("another check stands instead of this one: correct that one")]
    Void,
    #[error("this check was taken back: log a new one")]
    TakenBack,
    #[error("a broken promise cannot be taken back: say what was found instead")]
    BrokenStays,
    #[error("another check was taken back because this one stands: say what was found instead")]
    StandsInstead,
    #[error("this check was made by somebody else, who has to be signed in to send it")]
    NotYours,
    #[error("no picture may come with this")]
    NoPhotos,
    #[error("this picture came with another check already")]
    SamePhoto,
}

impl Verdict {
    pub const ALL: [Self; 6] =
        [Self::Kept, Self::Broken, Self::Missed, Self::NotApplicable, Self::Void, Self::TakenBack];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::Missed => "missed",
            Self::NotApplicable => "not_applicable",
            Self::Void => "void",
            Self::TakenBack => "taken_back",
        }
    }

    /// Whether it says how the promise stood, if only that nobody knows: it did not apply, or the check does not count.
    #[must_use]
    pub fn speaks_of_promise(self) -> bool {
        matches!(self, Self::Kept | Self::Broken | Self::Missed)
    }

    /// Whether nothing can be said of the check any more, for it does not count.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Void | Self::TakenBack)
    }

    /// # Errors
    /// Not the name of a verdict.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == text).ok_or(Fault::UnknownChoice)
    }
}

impl Reason {
    /// `safety`, `other`, or the position of a criterion.
    ///
    /// # Errors
    /// Missing, or none of these.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match tidy(text).as_str() {
            "" => Err(Fault::Missing),
            "safety" => Ok(Self::Safety),
            "other" => Ok(Self::Other),
            position => position.parse().map(Self::Criterion).map_err(|_| Fault::UnknownChoice),
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Criterion(position) => position.fmt(f),
            Self::Safety => f.write_str("safety"),
            Self::Other => f.write_str("other"),
        }
    }
}

impl Finding {
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Kept => Verdict::Kept,
            Self::Broken { .. } => Verdict::Broken,
            Self::NotApplicable { .. } => Verdict::NotApplicable,
        }
    }

    /// The free text that came with it, kept beside the record and never in it.
    #[must_use]
    pub fn note(&self) -> Option<&Prose> {
        match self {
            Self::Kept => None,
            Self::Broken { note, .. } => note.as_ref(),
            Self::NotApplicable { why } => Some(why),
        }
    }
}

impl FindingDraft {
    /// Against a wording with this many criteria.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self, criteria: usize) -> Result<Finding, Faults> {
        let mut faults = Faults::default();
        let finding = match tidy(&self.verdict).as_str() {
            "" => Err(Fault::Missing),
            text => Verdict::parse(text),
        };
        let parsed = match faults.take("verdict", finding) {
            Some(Verdict::Kept) => Some(Finding::Kept),
            Some(Verdict::Broken) => self.broken(criteria, &mut faults),
            Some(Verdict::NotApplicable) => {
                faults.take("note", Prose::parse(&self.note)).map(|why| Finding::NotApplicable { why })
            }
            // Nobody reports a miss: it is what the schedule says when nobody came.
            Some(Verdict::Missed | Verdict::Void | Verdict::TakenBack) => {
                faults.take("verdict", Err(Fault::UnknownChoice))
            }
            None => None,
        };
        parsed.ok_or(faults)
    }

    /// The same for a correction, which may also take the check back.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    pub fn correction(&self, criteria: usize) -> Result<Correction, Faults> {
        match Verdict::parse(&tidy(&self.verdict)) {
            Ok(Verdict::TakenBack) => Ok(Correction::TakenBack),
            _ => self.parse(criteria).map(Correction::Found),
        }
    }

    fn broken(&self, criteria: usize, faults: &mut Faults) -> Option<Finding> {
        let reason = faults.take("reason", Reason::parse(&self.reason).and_then(|reason| within(reason, criteria)));
        let obstacle = faults.take("obstacle", optional(&self.obstacle, Obstacle::parse));
        let found_by = faults.take("found_by", optional(&self.found_by, FoundBy::parse));
        let note = faults.take("note", optional(&self.note, Prose::parse));
        let found_by = found_by?.unwrap_or(FoundBy::Staff);
        Some(Finding::Broken { reason: reason?, obstacle: obstacle?, found_by, note: note? })
    }
}

fn within(reason: Reason, criteria: usize) -> Result<Reason, Fault> {
    match reason {
        Reason::Criterion(position) if position as usize >= criteria => Err(Fault::UnknownChoice),
        other => Ok(other),
    }
}

impl CheckDraft {
    /// The guarantee the check is about: needed before the rest can be judged, for its criteria.
    ///
    /// # Errors
    /// Missing or not an identifier.
    pub fn guarantee(&self) -> Result<GuaranteeId, Faults> {
        identifier(&self.guarantee).map_err(|fault| Faults::one("guarantee", fault))
    }

    /// Against a wording with this many criteria, at this moment.
    ///
    /// # Errors
    /// Every field that is not as it must be; a time in the future or too far back.
    pub fn parse(&self, criteria: usize, now: DateTime<Utc>) -> Result<Check, Faults> {
        let mut faults = Faults::default();
        let id = faults.take("id", identifier(&self.id));
        let guarantee = faults.take("guarantee", identifier(&self.guarantee));
        let place = faults.take("place", identifier(&self.place));
        let at = faults.take("at", self.looked_at(now));
        let photo = faults.take("photo", optional(&self.photo, identifier));
        match (id, guarantee, place, at.zip(photo), self.finding.parse(criteria)) {
            (Some(id), Some(guarantee), Some(place), Some((Looked { at, clocks, skewed }, photo)), Ok(finding)) => {
                Ok(Check { id, guarantee, place, at, clocks, skewed, photo, finding })
            }
            (.., Err(more)) => Err(faults.and(more)),
            _ => Err(faults),
        }
    }

    /// The version it was judged by, if it says so.
    ///
    /// # Errors
    /// Not a number.
    pub fn version(&self) -> Result<Option<i64>, Faults> {
        let number = optional(&self.version, |text| tidy(text).parse().map_err(|_| Fault::NotANumber));
        number.map_err(|fault| Faults::one("version", fault))
    }

    /// What makes two sendings of one id the same check: everything that was sent but the time of sending (SHA-256 of its
    /// JSON).
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        let same = Self { sent: String::new(), ..self.clone() };
        Hash::of(&serde_json::to_vec(&same).unwrap_or_default())
    }

    /// A phone says what its clock shows as it sends, too: it is never refused for its clock. Whoever says no more than when it
    /// was has to be right.
    fn looked_at(&self, now: DateTime<Utc>) -> Result<Looked, Fault> {
        if is_blank(&self.at) {
            return Ok(Looked { at: now, clocks: None, skewed: false });
        }
        let at = instant(&self.at)?;
        let Some(sent) = optional(&self.sent, instant)? else {
            return Ok(Looked { at: recent(at, now)?, clocks: None, skewed: false });
        };
        let heard = optional(&self.heard, instant)?.zip(optional(&self.heard_at, instant)?);
        let clocks = Readings { at, sent, heard: heard.map(|(server, device)| Heard { server, device }) };
        let dated = clocks.date(now);
        Ok(Looked { at: dated.at, clocks: Some(clocks), skewed: dated.doubtful })
    }
}

/// When somebody looked, by our clock and by theirs.
struct Looked {
    at: DateTime<Utc>,
    clocks: Option<Readings>,
    skewed: bool,
}

fn instant(text: &str) -> Result<DateTime<Utc>, Fault> {
    let at = DateTime::parse_from_rfc3339(&tidy(text)).map_err(|_| Fault::Malformed)?;
    DateTime::from_timestamp_millis(at.timestamp_millis()).ok_or(Fault::Malformed)
}

fn recent(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    if at > now + SKEW {
        Err(Fault::InFuture)
    } else if at < now - OLDEST {
        Err(Fault::TooOld)
    } else {
        Ok(at.min(now))
    }
}

pub(crate) fn identifier<T: std::str::FromStr>(text: &str) -> Result<T, Fault> {
    match tidy(text).as_str() {
        "" => Err(Fault::Missing),
        text => text.parse().map_err(|_| Fault::Malformed),
    }
}

/// Whether a check may be taken: the guarantee is in force (or on trial) and promised at the place.
///
/// # Errors
/// It is not.
pub fn accept(stage: Stage, promised_here: bool) -> Result<(), Refused> {
    if !stage.is_checked() {
        Err(Refused::NotChecked { stage })
    } else if promised_here {
        Ok(())
    } else {
        Err(Refused::NotHere)
    }
}

/// Whether what was found comes with a picture as the guarantee asks for it.
///
/// # Errors
/// One is missing, or must not come.
pub fn accept_photo(photos: Photos, finding: &Finding, pictured: bool) -> Result<(), Unfit> {
    match (photos.with(finding), pictured) {
        (Picture::Needed, false) => Err(Unfit::Missing(Faults::one("photo", Fault::Missing))),
        (Picture::Unwanted, true) => Err(Unfit::Unwanted(Refused::NoPhotos)),
        _ => Ok(()),
    }
}

/// Why a check does not go with its picture, or without one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unfit {
    #[error(transparent)]
    Missing(Faults),
    #[error(transparent)]
    Unwanted(Refused),
}

/// The verdict that a correction leaves. A check that is taken back was never made: its window is due again, or missed if it
/// is over, unless somebody else has looked in it. `opened_recovery`: whether the check ever said broken.
///
/// # Errors
/// It changes nothing; another check stands instead; it would put a broken promise out of the count, or bring back what was
/// taken back, which is logged anew.
pub fn correct(
    standing: Verdict,
    opened_recovery: bool,
    correction: &Correction,
    freed: Freed,
) -> Result<Verdict, Refused> {
    match (standing, correction) {
        (Verdict::Void, _) => Err(Refused::Void),
        (Verdict::Missed | Verdict::TakenBack, Correction::TakenBack) => Err(Refused::Unchanged),
        (Verdict::TakenBack, Correction::Found(_)) => Err(Refused::TakenBack),
        (_, Correction::TakenBack) if opened_recovery => Err(Refused::BrokenStays),
        (_, Correction::TakenBack) => Ok(match freed {
            Freed::Open => Verdict::TakenBack,
            Freed::Over => Verdict::Missed,
            Freed::LookedAt => Verdict::Void,
        }),
        (standing, Correction::Found(finding)) if standing == finding.verdict() => Err(Refused::Unchanged),
        (_, Correction::Found(finding)) => Ok(finding.verdict()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Tally;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-11-02T12:00:00Z".parse().unwrap()
    }

    fn draft() -> CheckDraft {
        let id = "01930000-0000-7000-8000-000000000001".to_owned();
        let finding = FindingDraft { verdict: "kept".into(), ..FindingDraft::default() };
        CheckDraft { id: id.clone(), guarantee: id.clone(), place: id, finding, ..CheckDraft::default() }
    }

    fn broken(reason: &str) -> FindingDraft {
        FindingDraft { verdict: "broken".into(), reason: reason.into(), ..FindingDraft::default() }
    }

    #[test]
    fn broken_needs_a_reason_that_the_wording_knows() {
        assert!(broken("1").parse(2).is_ok());
        assert_eq!(broken("2").parse(2).unwrap_err().at("reason"), Some(Fault::UnknownChoice));
        assert_eq!(broken("").parse(2).unwrap_err().at("reason"), Some(Fault::Missing));
        assert!(broken("safety").parse(0).is_ok());
    }

    #[test]
    fn nobody_reports_a_miss() {
        for verdict in ["missed", "void", "taken_back"] {
            let missed = FindingDraft { verdict: verdict.into(), ..FindingDraft::default() };
            assert_eq!(missed.parse(1).unwrap_err().at("verdict"), Some(Fault::UnknownChoice));
        }
    }

    #[test]
    fn what_nobody_looked_at_is_taken_back_and_never_raises_a_share() {
        let take_back = |standing, freed| correct(standing, standing == Verdict::Broken, &Correction::TakenBack, freed);
        for standing in Verdict::ALL {
            for (freed, left) in
                [(Freed::Open, Verdict::TakenBack), (Freed::Over, Verdict::Missed), (Freed::LookedAt, Verdict::Void)]
            {
                let before = Tally::of(Verdict::Kept, true) + Tally::of(standing, true);
                let Ok(verdict) = take_back(standing, freed) else { continue };
                let after = before.replaced(standing, verdict, true).unwrap();
                assert!(matches!(standing, Verdict::Kept | Verdict::NotApplicable), "{standing:?}");
                assert_eq!((verdict, after.missed), (left, u64::from(freed == Freed::Over)));
                assert!(after.kept <= before.kept && after.broken == before.broken, "{standing:?}");
                let twice = if verdict == Verdict::Void { Refused::Void } else { Refused::Unchanged };
                assert_eq!(take_back(verdict, freed), Err(twice), "sent twice");
            }
        }
        let kept = Correction::Found(Finding::Kept);
        assert_eq!(correct(Verdict::TakenBack, false, &kept, Freed::Open), Err(Refused::TakenBack));
        let in_two_steps = correct(Verdict::Kept, true, &Correction::TakenBack, Freed::Open);
        assert_eq!(in_two_steps, Err(Refused::BrokenStays), "corrected to kept before");
        let parsed = |verdict: &str| FindingDraft { verdict: verdict.into(), ..FindingDraft::default() }.correction(1);
        assert_eq!(parsed(" taken_back "), Ok(Correction::TakenBack));
        assert_eq!(parsed("kept"), Ok(kept));
        assert!(parsed("missed").is_err() && parsed("void").is_err());
    }

    #[test]
    fn a_check_is_not_from_the_future_nor_from_ten_years_back() {
        let at = |at: &str| CheckDraft { at: at.into(), ..draft() }.parse(1, now());
        assert_eq!(at("2026-11-02T12:05:00Z").unwrap_err().at("at"), Some(Fault::InFuture));
        assert_eq!(at("2016-11-02T12:00:00Z").unwrap_err().at("at"), Some(Fault::TooOld));
        assert_eq!(at("yesterday").unwrap_err().at("at"), Some(Fault::Malformed));
        assert_eq!(at("2026-11-02T12:01:00Z").unwrap().at, now(), "a fast phone is pulled back to now");
        assert_eq!(at("2026-11-02T06:00:00-05:00").unwrap().at.to_rfc3339(), "2026-11-02T11:00:00+00:00");
    }

    #[test]
    fn a_clock_that_goes_wrong_is_not_believed_but_how_long_ago_is() {
        let looked = |at: &str, sent: &str| {
            let check = CheckDraft { at: at.into(), sent: sent.into(), ..draft() }.parse(1, now()).unwrap();
            (check.at.to_rfc3339(), check.skewed, check.clocks.is_some())
        };
        let noon = "2026-11-02T12:00:00+00:00".to_owned();
        let before = "2026-11-02T11:30:00+00:00".to_owned();
        assert_eq!(looked("2026-11-02T11:30:00Z", "2026-11-02T12:01:00Z"), (before.clone(), false, true));
        assert_eq!(looked("2016-11-02T11:30:00Z", "2016-11-02T12:00:00Z"), (before.clone(), true, true));
        assert_eq!(looked("2036-11-02T11:30:00Z", "2036-11-02T12:00:00Z"), (before, true, true));
        assert_eq!(looked("2036-11-02T12:30:00Z", "2036-11-02T12:00:00Z"), (noon, true, true), "set back in between");
        let old = CheckDraft { at: "2016-01-01T00:00:00Z".into(), sent: "2016-11-02T12:00:00Z".into(), ..draft() };
        let old = old.parse(1, now()).unwrap();
        assert_eq!((old.at, old.skewed), (now() - OLDEST, true), "what the phone called saved is taken");
        let again = CheckDraft { sent: "2026-11-02T12:05:00Z".into(), ..draft() };
        assert_eq!(again.fingerprint(), draft().fingerprint(), "the same check, sent later");
    }

    #[test]
    fn a_clock_that_was_set_right_before_sending_is_dated_by_what_the_phone_heard() {
        let heard = ("2026-11-02T11:00:00Z", "2026-11-05T11:00:00Z");
        let sent = CheckDraft {
            at: "2026-11-05T11:10:00Z".into(),
            sent: "2026-11-02T12:00:00Z".into(),
            heard: heard.0.into(),
            heard_at: heard.1.into(),
            ..draft()
        };
        let check = sent.parse(1, now()).unwrap();
        assert_eq!((check.at.to_rfc3339().as_str(), check.skewed), ("2026-11-02T11:10:00+00:00", true));
        let clocks = check.clocks.unwrap();
        assert_eq!(clocks.heard.map(|heard| heard.server.to_rfc3339()).as_deref(), Some("2026-11-02T11:00:00+00:00"));
        let without = CheckDraft { heard: String::new(), heard_at: String::new(), ..sent };
        assert_eq!(without.parse(1, now()).unwrap().at, now(), "not in the future");
    }

    #[test]
    fn a_picture_comes_where_it_is_asked_for_and_nowhere_else() {
        let photo = Hash::of(b"a picture").to_string();
        let check = |photo: &str| CheckDraft { photo: photo.into(), ..draft() }.parse(1, now());
        let (with, without) = (check(&photo).unwrap(), check("").unwrap());
        let accept = |photos, check: &Check| accept_photo(photos, &check.finding, check.photo.is_some());
        assert_eq!(accept(Photos::Required, &with), Ok(()));
        assert!(matches!(accept(Photos::Required, &without), Err(Unfit::Missing(_))));
        assert_eq!(accept(Photos::Forbidden, &with), Err(Unfit::Unwanted(Refused::NoPhotos)));
        assert_eq!(accept(Photos::Forbidden, &without), Ok(()));
        assert_eq!(check("a picture").unwrap_err().at("photo"), Some(Fault::Malformed));
    }

    #[test]
    fn a_check_without_a_picture_is_what_it_was_before_there_were_any() {
        let text = serde_json::to_string(&draft()).unwrap();
        assert!(!text.contains("photo") && !text.contains("heard"), "{text}");
    }

    #[test]
    fn every_bad_field_is_named() {
        let bad = CheckDraft { id: "x".into(), place: String::new(), finding: broken("9"), ..draft() };
        let faults = bad.parse(1, now()).unwrap_err();
        assert_eq!(faults.at("id"), Some(Fault::Malformed));
        assert_eq!(faults.at("place"), Some(Fault::Missing));
        assert_eq!(faults.at("reason"), Some(Fault::UnknownChoice));
    }

    #[test]
    fn a_fingerprint_tells_another_body_apart() {
        let other = CheckDraft { finding: broken("0"), ..draft() };
        assert_eq!(draft().fingerprint(), draft().fingerprint());
        assert_ne!(draft().fingerprint(), other.fingerprint());
    }

    proptest! {
        #[test]
        fn no_input_panics(verdict in any::<String>(), reason in any::<String>(), at in any::<String>()) {
            let finding = FindingDraft { verdict, reason, ..FindingDraft::default() };
            let _ = CheckDraft { at, finding, ..draft() }.parse(3, now());
        }
    }
}
