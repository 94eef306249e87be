//! The correction of a check: how it is sent, when it is possible, and which verdict it leads to.

use serde::{Deserialize, Serialize};

use crate::check::CheckError;
use crate::fault::Faults;
use crate::finding::{Finding, FindingDraft};
use crate::text::{Prose, tidy};
use crate::verdict::Verdict;

/// What a check is corrected to, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub to: CorrectedTo,
    /// Public: the original stays visible beside it.
    pub why: Prose,
}

/// What a check is corrected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorrectedTo {
    Found(Finding),
    /// The check was a mistake: nobody had looked.
    TakenBack,
}

/// Input for a [`Correction`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CorrectionDraft {
    #[serde(flatten)]
    pub finding: FindingDraft,
    pub why: String,
}

/// A check that somebody wants to correct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckToCorrect {
    /// Its verdict, after earlier corrections.
    pub verdict: Verdict,
    /// Whether the check was ever broken.
    pub opened_recovery: bool,
    /// Whether another check was taken back because this one was made in the same window.
    pub replaces_another: bool,
}

/// The correction that a check had last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastCorrection {
    pub verdict: Verdict,
    pub why: String,
    /// Whether it was made by whoever corrects now.
    pub own: bool,
}

/// The state of a window after the check that concluded it is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreedWindow {
    /// It is still open, or the check had no window.
    Open,
    Over,
    /// Another check was made in it, and that one counts.
    LookedAt,
}

impl CorrectionDraft {
    /// The draft that takes a check back.
    #[must_use]
    pub fn take_back(why: String) -> Self {
        let verdict = Verdict::TakenBack.name().to_owned();
        Self { finding: FindingDraft { verdict, ..FindingDraft::default() }, why }
    }

    /// Parses the draft against a wording with this many criteria. See [`FindingDraft::parse`].
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self, criteria: usize) -> Result<Correction, Faults> {
        let mut faults = Faults::default();
        let why = faults.collect("why", Prose::parse(&self.why));
        let to = match Verdict::parse(&tidy(&self.finding.verdict)) {
            Ok(Verdict::TakenBack) => Ok(CorrectedTo::TakenBack),
            _ => self.finding.parse(criteria).map(CorrectedTo::Found),
        };
        match (why, to) {
            (Some(why), Ok(to)) => Ok(Correction { to, why }),
            (_, Err(more)) => Err(faults.merge(more)),
            (None, Ok(_)) => Err(faults),
        }
    }
}

impl Correction {
    /// Whether this is the last correction sent once more: the same person says the same, for the same reason. It is then
    /// answered as the first time.
    #[must_use]
    pub fn repeats(&self, last: &LastCorrection) -> bool {
        let same = match &self.to {
            CorrectedTo::Found(finding) => last.verdict == finding.verdict(),
            CorrectedTo::TakenBack => matches!(last.verdict, Verdict::TakenBack | Verdict::Missed | Verdict::Void),
        };
        same && last.own && last.why == self.why.as_str()
    }
}

impl CheckToCorrect {
    /// The verdicts that a person can correct a check to.
    pub const VERDICTS: [Verdict; 4] = [Verdict::Kept, Verdict::Broken, Verdict::NotApplicable, Verdict::TakenBack];

    /// The verdicts that this check can be corrected to.
    #[must_use]
    pub fn choices(self) -> Vec<Verdict> {
        Self::VERDICTS.into_iter().filter(|verdict| self.allow(*verdict).is_ok()).collect()
    }

    /// Decides the verdict of the check after a correction.
    ///
    /// A check that is taken back counts as never made. Its window is due again; or missed, if the window is over; or the
    /// check becomes void, if another check was made in the window.
    ///
    /// # Errors
    /// - [`CheckError::Unchanged`]: the correction changes nothing.
    /// - [`CheckError::Missed`]: nobody checked, so there is nothing to correct.
    /// - [`CheckError::Void`]: another check counts instead of this one.
    /// - [`CheckError::TakenBack`]: a check that was taken back cannot be restored; a new one must be logged.
    /// - [`CheckError::CannotTakeBackBroken`]: a break can be corrected, but not taken back.
    /// - [`CheckError::ReplacesAnother`]: of two checks in one window, one has to count.
    pub fn correct(self, to: &CorrectedTo, freed: FreedWindow) -> Result<Verdict, CheckError> {
        match to {
            CorrectedTo::Found(finding) => self.allow(finding.verdict()).map(|()| finding.verdict()),
            CorrectedTo::TakenBack => self.allow(Verdict::TakenBack).map(|()| match freed {
                FreedWindow::Open => Verdict::TakenBack,
                FreedWindow::Over => Verdict::Missed,
                FreedWindow::LookedAt => Verdict::Void,
            }),
        }
    }

    fn allow(self, to: Verdict) -> Result<(), CheckError> {
        match (self.verdict, to) {
            (Verdict::Void, _) => Err(CheckError::Void),
            (Verdict::Missed, _) => Err(CheckError::Missed),
            (from, to) if from == to => Err(CheckError::Unchanged),
            (Verdict::TakenBack, _) => Err(CheckError::TakenBack),
            (_, Verdict::TakenBack) if self.opened_recovery => Err(CheckError::CannotTakeBackBroken),
            (_, Verdict::TakenBack) if self.replaces_another => Err(CheckError::ReplacesAnother),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Tally;

    fn check(verdict: Verdict) -> CheckToCorrect {
        CheckToCorrect { verdict, opened_recovery: verdict == Verdict::Broken, replaces_another: false }
    }

    fn draft(verdict: &str, why: &str) -> CorrectionDraft {
        CorrectionDraft {
            finding: FindingDraft { verdict: verdict.into(), ..FindingDraft::default() },
            why: why.into(),
        }
    }

    #[test]
    fn a_retraction_frees_the_window_and_never_adds_a_kept_check() {
        for standing in Verdict::ALL {
            for (freed, left) in [
                (FreedWindow::Open, Verdict::TakenBack),
                (FreedWindow::Over, Verdict::Missed),
                (FreedWindow::LookedAt, Verdict::Void),
            ] {
                let before = Tally::of(Verdict::Kept, true) + Tally::of(standing, true);
                let Ok(verdict) = check(standing).correct(&CorrectedTo::TakenBack, freed) else { continue };
                let after = before.with_correction(standing, verdict, true).unwrap();
                assert!(matches!(standing, Verdict::Kept | Verdict::NotApplicable), "{standing:?}");
                assert_eq!((verdict, after.missed), (left, u64::from(freed == FreedWindow::Over)));
                assert!(after.kept <= before.kept && after.broken == before.broken, "{standing:?}");
                assert!(check(verdict).choices().is_empty(), "{verdict:?} is final");
            }
        }
        let kept = CorrectedTo::Found(Finding::Kept);
        assert_eq!(check(Verdict::TakenBack).correct(&kept, FreedWindow::Open), Err(CheckError::TakenBack));
        let corrected_before = CheckToCorrect { opened_recovery: true, ..check(Verdict::Kept) };
        let in_two_steps = corrected_before.correct(&CorrectedTo::TakenBack, FreedWindow::Open);
        assert_eq!(in_two_steps, Err(CheckError::CannotTakeBackBroken), "corrected to kept before");
        let replaces = CheckToCorrect { replaces_another: true, ..check(Verdict::Kept) };
        let both = replaces.correct(&CorrectedTo::TakenBack, FreedWindow::Over);
        assert_eq!(both, Err(CheckError::ReplacesAnother));
    }

    #[test]
    fn a_missed_check_cannot_be_corrected() {
        let kept = CorrectedTo::Found(Finding::Kept);
        assert_eq!(check(Verdict::Missed).correct(&kept, FreedWindow::Over), Err(CheckError::Missed));
        for verdict in Verdict::ALL {
            assert_eq!(verdict.can_be_corrected(), !check(verdict).choices().is_empty(), "{verdict:?}");
        }
    }

    #[test]
    fn offered_corrections_depend_on_the_verdict() {
        assert_eq!(check(Verdict::Kept).choices(), [Verdict::Broken, Verdict::NotApplicable, Verdict::TakenBack]);
        assert_eq!(check(Verdict::Broken).choices(), [Verdict::Kept, Verdict::NotApplicable]);
    }

    #[test]
    fn every_invalid_field_of_a_correction_is_reported() {
        let faults = draft("missed", " ").parse(1).unwrap_err();
        assert!(faults.of_field("verdict").is_some() && faults.of_field("why").is_some(), "{faults}");
        assert!(draft("void", "A mistake.").parse(1).is_err());
        assert_eq!(draft(" taken_back ", "A mistake.").parse(1).unwrap().to, CorrectedTo::TakenBack);
        assert_eq!(CorrectionDraft::take_back("A mistake.".into()).parse(0).unwrap().to, CorrectedTo::TakenBack);
    }

    #[test]
    fn a_repeated_correction_has_the_same_verdict_words_and_author() {
        let last = LastCorrection { verdict: Verdict::Kept, why: "The next room.".into(), own: true };
        let sent = draft("kept", " The next room. ").parse(1).unwrap();
        assert!(sent.repeats(&last));
        assert!(!sent.repeats(&LastCorrection { own: false, ..last.clone() }));
        assert!(!sent.repeats(&LastCorrection { why: "Another.".into(), ..last.clone() }));
        assert!(!sent.repeats(&LastCorrection { verdict: Verdict::Broken, ..last.clone() }));
        let undone = LastCorrection { verdict: Verdict::Missed, ..last };
        assert!(draft("taken_back", "The next room.").parse(1).unwrap().repeats(&undone), "its window was over");
    }
}
