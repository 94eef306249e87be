//! The check: one look at one promise at one place.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::device_clock::{ClockReadings, MAX_AGE, MAX_SKEW, ServerTimeSample};
use crate::fault::{Fault, Faults, parse_optional};
use crate::finding::{Finding, FindingDraft};
use crate::guarantee::Stage;
use crate::ids::{self, CheckId, GuaranteeId, PlaceId};
use crate::photo::{PhotoPolicy, PhotoRule};
use crate::record::Hash;
use crate::text::{is_blank, tidy};

/// A finding with its time and place, as sent by a phone or an API call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub id: CheckId,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    /// When the check was made, by the server's clock.
    pub at: DateTime<Utc>,
    /// The clock readings around the check, if the phone sent them.
    pub clocks: Option<ClockReadings>,
    /// Whether the clocks disagree, so that `at` is an estimate.
    pub skewed: bool,
    /// The hash under which the picture of the check is stored.
    pub photo: Option<Hash>,
    #[serde(flatten)]
    pub finding: Finding,
}

/// Input for a [`Check`], as text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckDraft {
    /// The id made by the client, so a check that is sent twice is stored once.
    pub id: String,
    pub guarantee: String,
    pub place: String,
    /// When the check was made (RFC 3339). Empty means now.
    pub at: String,
    /// The device's clock at the time of sending (RFC 3339). Only the time passed since `at` is trusted, not the clock
    /// itself.
    pub sent: String,
    /// The server time last received by the device before the check (RFC 3339). Empty if there was none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub heard: String,
    /// The device's clock when it received `heard` (RFC 3339).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub heard_at: String,
    /// The version of the wording it was judged by. Empty means the current version.
    pub version: String,
    /// The person who made the check, if it may be sent later than it was made. Empty means the sender.
    pub by: String,
    /// The hash of a picture of the check that was uploaded before. Empty means no picture.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub photo: String,
    #[serde(flatten)]
    pub finding: FindingDraft,
}

/// Why a check or a correction is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CheckError {
    #[error("a guarantee that is {} takes no checks", stage.name())]
    NotChecked { stage: Stage },
    #[error("this guarantee is not checked at this place")]
    NotPromisedHere,
    #[error("another check was sent under this id")]
    IdReused,
    #[error("the correction says what the check says already")]
    Unchanged,
    #[error("nobody checked, so there is nothing to correct")]
    Missed,
    #[error("another check stands instead of this one: correct that one")]
    Void,
    #[error("this check was taken back: log a new one")]
    TakenBack,
    #[error("a broken promise cannot be taken back: say what was found instead")]
    CannotTakeBackBroken,
    #[error("another check was taken back because this one stands: say what was found instead")]
    ReplacesAnother,
    #[error("this check was made by somebody else, who has to be signed in to send it")]
    OtherAuthor,
    #[error("no picture may come with this")]
    NoPhotos,
    #[error("this picture came with another check already")]
    PhotoReused,
}

/// Whether a check was received so long after it was made that the device must have been offline.
#[must_use]
pub fn arrived_late(at: DateTime<Utc>, received_at: DateTime<Utc>) -> bool {
    const USUAL_DELAY: TimeDelta = TimeDelta::hours(1);
    received_at - at > USUAL_DELAY
}

impl CheckDraft {
    /// The guarantee that is checked. It is needed first, because the rest is parsed against its criteria.
    ///
    /// # Errors
    /// Missing, or not an identifier.
    pub fn guarantee(&self) -> Result<GuaranteeId, Faults> {
        ids::parse(&self.guarantee).map_err(|fault| Faults::one("guarantee", fault))
    }

    /// Parses the draft against a wording with this many criteria. `now` is the time of arrival.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field. If `sent` is empty, `at` must not lie in the future or further back than
    /// [`MAX_AGE`].
    pub fn parse(&self, criteria: usize, now: DateTime<Utc>) -> Result<Check, Faults> {
        let mut faults = Faults::default();
        let id = faults.collect("id", ids::parse(&self.id));
        let guarantee = faults.collect("guarantee", ids::parse(&self.guarantee));
        let place = faults.collect("place", ids::parse(&self.place));
        let at = faults.collect("at", self.observed_at(now));
        let photo = faults.collect("photo", parse_optional(&self.photo, ids::parse));
        match (id, guarantee, place, at.zip(photo), self.finding.parse(criteria)) {
            (Some(id), Some(guarantee), Some(place), Some((Looked { at, clocks, skewed }, photo)), Ok(finding)) => {
                Ok(Check { id, guarantee, place, at, clocks, skewed, photo, finding })
            }
            (.., Err(more)) => Err(faults.merge(more)),
            _ => Err(faults),
        }
    }

    /// The version it was judged by, if given.
    ///
    /// # Errors
    /// [`Fault::NotANumber`].
    pub fn version(&self) -> Result<Option<i64>, Faults> {
        let number = parse_optional(&self.version, |text| tidy(text).parse().map_err(|_| Fault::NotANumber));
        number.map_err(|fault| Faults::one("version", fault))
    }

    /// A hash of everything that was sent except the time of sending (SHA-256 of the JSON). If an id is sent again with
    /// the same fingerprint, it is the same check.
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        let same = Self { sent: String::new(), ..self.clone() };
        Hash::of(&serde_json::to_vec(&same).unwrap_or_default())
    }

    /// When the check was made. A device that sends its clock readings is never refused because of its clock. If only
    /// `at` is given, it must be recent.
    fn observed_at(&self, now: DateTime<Utc>) -> Result<Looked, Fault> {
        if is_blank(&self.at) {
            return Ok(Looked { at: now, clocks: None, skewed: false });
        }
        let at = instant(&self.at)?;
        let Some(sent) = parse_optional(&self.sent, instant)? else {
            return Ok(Looked { at: recent(at, now)?, clocks: None, skewed: false });
        };
        let heard = parse_optional(&self.heard, instant)?.zip(parse_optional(&self.heard_at, instant)?);
        let clocks =
            ClockReadings { at, sent, heard: heard.map(|(server, device)| ServerTimeSample { server, device }) };
        let dated = clocks.resolve(now);
        Ok(Looked { at: dated.at, clocks: Some(clocks), skewed: dated.is_skewed })
    }
}

/// The time of a check by the server's clock, with the device's clock readings.
struct Looked {
    at: DateTime<Utc>,
    clocks: Option<ClockReadings>,
    skewed: bool,
}

fn instant(text: &str) -> Result<DateTime<Utc>, Fault> {
    let at = DateTime::parse_from_rfc3339(&tidy(text)).map_err(|_| Fault::Malformed)?;
    DateTime::from_timestamp_millis(at.timestamp_millis()).ok_or(Fault::Malformed)
}

fn recent(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    if at > now + MAX_SKEW {
        Err(Fault::InFuture)
    } else if at < now - MAX_AGE {
        Err(Fault::TooOld)
    } else {
        Ok(at.min(now))
    }
}

/// Decides whether a check is taken: the guarantee must be on trial or published, and promised at the place.
///
/// # Errors
/// [`CheckError::NotChecked`] or [`CheckError::NotPromisedHere`].
pub fn allow_check(stage: Stage, promised_here: bool) -> Result<(), CheckError> {
    if !stage.is_checked() {
        Err(CheckError::NotChecked { stage })
    } else if promised_here {
        Ok(())
    } else {
        Err(CheckError::NotPromisedHere)
    }
}

/// Decides whether a finding fits the guarantee's photo policy. `pictured`: whether a picture came with it.
///
/// # Errors
/// A required picture is missing, or a picture came that is not allowed.
pub fn accept_photo(photos: PhotoPolicy, finding: &Finding, pictured: bool) -> Result<(), PhotoMismatch> {
    match (photos.rule_for(finding), pictured) {
        (PhotoRule::Needed, false) => Err(PhotoMismatch::Missing(Faults::one("photo", Fault::Missing))),
        (PhotoRule::Unwanted, true) => Err(PhotoMismatch::Unwanted(CheckError::NoPhotos)),
        _ => Ok(()),
    }
}

/// Why a check is refused because of its picture.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PhotoMismatch {
    #[error(transparent)]
    Missing(Faults),
    #[error(transparent)]
    Unwanted(CheckError),
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn a_check_time_in_the_future_or_too_old_is_refused() {
        let at = |at: &str| CheckDraft { at: at.into(), ..draft() }.parse(1, now());
        assert_eq!(at("2026-11-02T12:05:00Z").unwrap_err().of_field("at"), Some(Fault::InFuture));
        assert_eq!(at("2016-11-02T12:00:00Z").unwrap_err().of_field("at"), Some(Fault::TooOld));
        assert_eq!(at("yesterday").unwrap_err().of_field("at"), Some(Fault::Malformed));
        assert_eq!(at("2026-11-02T12:01:00Z").unwrap().at, now(), "a fast phone is pulled back to now");
        assert_eq!(at("2026-11-02T06:00:00-05:00").unwrap().at.to_rfc3339(), "2026-11-02T11:00:00+00:00");
    }

    #[test]
    fn a_wrong_phone_clock_is_used_only_for_the_elapsed_time() {
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
        assert_eq!((old.at, old.skewed), (now() - MAX_AGE, true), "what the phone called saved is taken");
        let again = CheckDraft { sent: "2026-11-02T12:05:00Z".into(), ..draft() };
        assert_eq!(again.fingerprint(), draft().fingerprint(), "the same check, sent later");
    }

    #[test]
    fn the_server_time_sample_dates_a_check_before_a_clock_change() {
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
    fn a_photo_is_required_or_refused_by_the_photo_policy() {
        let photo = Hash::of(b"a picture").to_string();
        let check = |photo: &str| CheckDraft { photo: photo.into(), ..draft() }.parse(1, now());
        let (with, without) = (check(&photo).unwrap(), check("").unwrap());
        let accept = |photos, check: &Check| accept_photo(photos, &check.finding, check.photo.is_some());
        assert_eq!(accept(PhotoPolicy::Required, &with), Ok(()));
        assert!(matches!(accept(PhotoPolicy::Required, &without), Err(PhotoMismatch::Missing(_))));
        assert_eq!(accept(PhotoPolicy::Forbidden, &with), Err(PhotoMismatch::Unwanted(CheckError::NoPhotos)));
        assert_eq!(accept(PhotoPolicy::Forbidden, &without), Ok(()));
        assert_eq!(check("a picture").unwrap_err().of_field("photo"), Some(Fault::Malformed));
    }

    #[test]
    fn a_draft_without_photo_or_server_time_omits_these_fields() {
        let text = serde_json::to_string(&draft()).unwrap();
        assert!(!text.contains("photo") && !text.contains("heard"), "{text}");
    }

    #[test]
    fn every_invalid_field_is_reported() {
        let bad = CheckDraft { id: "x".into(), place: String::new(), finding: broken("9"), ..draft() };
        let faults = bad.parse(1, now()).unwrap_err();
        assert_eq!(faults.of_field("id"), Some(Fault::Malformed));
        assert_eq!(faults.of_field("place"), Some(Fault::Missing));
        assert_eq!(faults.of_field("reason"), Some(Fault::UnknownChoice));
    }

    #[test]
    fn different_bodies_have_different_fingerprints() {
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
