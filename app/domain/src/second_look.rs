//! The second look: after a long streak of kept checks, another person is sometimes asked to check again.
//!
//! It is not a reproach. A promise kept fifty times in a row is good news worth confirming.

use serde::Deserialize;
use thiserror::Error;

use crate::actor::Principal;
use crate::closed_set::closed_set;
use crate::fault::{Fault, Faults};
use crate::finding::{Finding, FindingDraft};
use crate::ids::CheckId;
use crate::text::{Prose, tidy};
use crate::verdict::Verdict;

/// The length of a streak: so many kept checks in a row, including the new one.
pub const STREAK: usize = 50;

/// How many checks back a streak is searched for. Checks that were not applicable, and checks that do not count, are
/// skipped.
pub const LOOKBACK: usize = 2 * STREAK;

/// One in this many completed streaks gets a second look.
pub const DRAW_ODDS: u64 = 10;

/// What a streak needs to know of a check of a promise at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreakCheck {
    pub check: CheckId,
    /// The current verdict, after corrections.
    pub verdict: Verdict,
    /// Whether a second look was asked for at this check.
    pub asked: bool,
}

/// The result of a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecondLookOutcome {
    Agreed,
    /// The promise was not kept. The check is corrected, and the original stays visible.
    Overturned,
    /// It is too late to tell.
    TooLate,
    /// The check was corrected before anyone took the second look.
    Corrected,
}

/// What the person who took the second look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondLookAnswer {
    Agreed,
    /// What the check should have found, and why it did not.
    Overturned {
        finding: Finding,
        why: Prose,
    },
    TooLate,
}

/// Input for a [`SecondLookAnswer`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SecondLookDraft {
    /// `agreed`, `overturned` or `too_late`.
    pub outcome: String,
    /// The reason of the break, as in a correction. Needed only if the promise was not kept.
    pub reason: String,
    /// Why the check was wrong. Needed only if the promise was not kept.
    pub why: String,
    pub note: String,
}

/// Why a second look cannot be concluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SecondLookError {
    #[error("a second look is for somebody else than whoever made the check")]
    OwnCheck,
    #[error("this second look is over")]
    Over,
}

/// Whether a random number `throw` draws a second look: one in [`DRAW_ODDS`]. This is tested first, because it is
/// cheap.
#[must_use]
pub fn is_drawn(throw: u64) -> bool {
    throw.is_multiple_of(DRAW_ODDS)
}

/// Whether a check that was just stored completes a streak in which no second look was asked for. `back` holds the
/// checks of the same promise at the same place, the latest first. A second look is only asked for at the latest check,
/// because only that can still be verified. While another one is open there, none is due whatever the checks are, so
/// that they need not be read.
#[must_use]
pub fn is_due(check: CheckId, back: &[StreakCheck]) -> bool {
    let counts = |seen: &&StreakCheck| seen.verdict.judges_promise();
    let streak: Vec<_> = back.iter().filter(counts).take(STREAK).collect();
    back.first().is_some_and(|last| last.check == check && last.verdict == Verdict::Kept)
        && streak.len() == STREAK
        && streak.iter().all(|seen| seen.verdict == Verdict::Kept && !seen.asked)
}

/// Decides whether `by` may conclude a second look.
///
/// # Errors
/// [`SecondLookError::OwnCheck`], or [`SecondLookError::Over`] if it is concluded already.
pub fn allow_conclusion(
    made_by: Principal,
    concluded: Option<SecondLookOutcome>,
    by: Principal,
) -> Result<(), SecondLookError> {
    if made_by == by {
        Err(SecondLookError::OwnCheck)
    } else if concluded.is_some() {
        Err(SecondLookError::Over)
    } else {
        Ok(())
    }
}

closed_set! {
    SecondLookOutcome.name {
        Agreed = "agreed",
        Overturned = "overturned",
        TooLate = "too_late",
        Corrected = "corrected",
    }
}

impl SecondLookOutcome {
    /// The outcomes a person can report. `Corrected` is not one: it follows from a correction.
    pub const ANSWERS: [Self; 3] = [Self::Agreed, Self::Overturned, Self::TooLate];

    /// Reads an outcome by its name.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`] if there is no such outcome.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|one| one.name() == text).ok_or(Fault::UnknownChoice)
    }
}

impl SecondLookAnswer {
    /// The outcome of this answer.
    #[must_use]
    pub fn outcome(&self) -> SecondLookOutcome {
        match self {
            Self::Agreed => SecondLookOutcome::Agreed,
            Self::Overturned { .. } => SecondLookOutcome::Overturned,
            Self::TooLate => SecondLookOutcome::TooLate,
        }
    }
}

impl SecondLookDraft {
    /// Parses the answer against a wording with this many criteria. An overturned check needs a reason and why it was
    /// wrong.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self, criteria: usize) -> Result<SecondLookAnswer, Faults> {
        let mut faults = Faults::default();
        let outcome = match tidy(&self.outcome).as_str() {
            "" => Err(Fault::Missing),
            text => SecondLookOutcome::parse(text),
        };
        match faults.collect("outcome", outcome) {
            Some(SecondLookOutcome::Agreed) => Ok(SecondLookAnswer::Agreed),
            Some(SecondLookOutcome::TooLate) => Ok(SecondLookAnswer::TooLate),
            Some(SecondLookOutcome::Overturned) => self.overturned(criteria),
            // This outcome follows from a correction; a person cannot report it.
            Some(SecondLookOutcome::Corrected) => Err(Faults::one("outcome", Fault::UnknownChoice)),
            None => Err(faults),
        }
    }

    fn overturned(&self, criteria: usize) -> Result<SecondLookAnswer, Faults> {
        let mut faults = Faults::default();
        let (verdict, reason, note) = (Verdict::Broken.name().to_owned(), self.reason.clone(), self.note.clone());
        let finding = FindingDraft { verdict, reason, note, ..FindingDraft::default() };
        let why = faults.collect("why", Prose::parse(&self.why));
        match (why, finding.parse(criteria)) {
            (Some(why), Ok(finding)) => Ok(SecondLookAnswer::Overturned { finding, why }),
            (_, Err(more)) => Err(faults.merge(more)),
            (None, Ok(_)) => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;
    use proptest::prelude::*;
    use uuid::Uuid;

    const KEPT: (Verdict, bool) = (Verdict::Kept, false);

    fn back(seen: &[(Verdict, bool)]) -> Vec<StreakCheck> {
        let check = |at: usize| CheckId(Uuid::from_u128(at as u128));
        seen.iter()
            .enumerate()
            .map(|(at, (verdict, asked))| StreakCheck { check: check(at), verdict: *verdict, asked: *asked })
            .collect()
    }

    /// Whether the latest check asks for a second look.
    fn asks(seen: &[(Verdict, bool)]) -> bool {
        is_due(CheckId(Uuid::nil()), &back(seen))
    }

    fn verdict() -> impl Strategy<Value = Verdict> {
        prop_oneof![
            60 => Just(Verdict::Kept),
            1 => prop::sample::select(Verdict::ALL[1..].to_vec()),
        ]
    }

    #[test]
    fn fifty_kept_checks_in_a_row_request_a_second_look() {
        assert!(asks(&[KEPT; STREAK]));
        assert!(!asks(&[KEPT; STREAK - 1]));
        assert!(!asks(&[]));
    }

    #[test]
    fn only_the_latest_check_is_due() {
        let seen = back(&[KEPT; STREAK + 1]);
        assert!(is_due(seen[0].check, &seen));
        assert!(!is_due(seen[1].check, &seen), "it came in late: somebody has looked since");
    }

    #[test]
    fn one_draw_in_ten_requests_a_second_look() {
        assert_eq!((0..1000).filter(|throw| is_drawn(*throw)).count(), 100);
    }

    #[test]
    fn a_second_look_is_given_once_and_not_by_the_checks_author() {
        let [sam, nia] = [1, 2].map(|id| Principal::Person(PersonId(Uuid::from_u128(id))));
        assert_eq!(allow_conclusion(sam, None, nia), Ok(()));
        assert_eq!(allow_conclusion(sam, None, sam), Err(SecondLookError::OwnCheck));
        assert_eq!(allow_conclusion(sam, Some(SecondLookOutcome::Corrected), nia), Err(SecondLookError::Over));
    }

    #[test]
    fn only_agreed_too_late_and_overturned_are_accepted() {
        let said = |outcome: &str| SecondLookDraft { outcome: outcome.into(), ..SecondLookDraft::default() }.parse(1);
        assert_eq!((said("agreed"), said("too_late")), (Ok(SecondLookAnswer::Agreed), Ok(SecondLookAnswer::TooLate)));
        for (outcome, fault) in
            [("", Fault::Missing), ("corrected", Fault::UnknownChoice), ("maybe", Fault::UnknownChoice)]
        {
            assert_eq!(said(outcome).unwrap_err().of_field("outcome"), Some(fault), "{outcome}");
        }
        let faults = said("overturned").unwrap_err();
        assert_eq!((faults.of_field("why"), faults.of_field("reason")), (Some(Fault::Missing), Some(Fault::Missing)));
    }

    #[test]
    fn an_overturned_check_is_corrected_to_broken() {
        let draft = SecondLookDraft {
            outcome: "overturned".into(),
            reason: "0".into(),
            why: "It was wet.".into(),
            note: String::new(),
        };
        let Ok(SecondLookAnswer::Overturned { finding, why }) = draft.parse(1) else { panic!("{draft:?}") };
        assert_eq!((finding.verdict(), why.as_str()), (Verdict::Broken, "It was wet."));
        assert_eq!(draft.parse(0).unwrap_err().of_field("reason"), Some(Fault::UnknownChoice));
    }

    proptest! {
        #[test]
        fn a_second_look_needs_fifty_kept_checks_since_the_last_one(
            seen in prop::collection::vec((verdict(), prop::bool::weighted(0.01)), 0..LOOKBACK),
        ) {
            let counting: Vec<_> =
                seen.iter().filter(|(verdict, _)| verdict.judges_promise()).collect();
            let streak = counting.len() >= STREAK && counting[..STREAK].iter().all(|seen| **seen == KEPT);
            let made = seen.first().is_some_and(|(verdict, _)| *verdict == Verdict::Kept);
            prop_assert_eq!(asks(&seen), streak && made);
        }

        #[test]
        fn a_break_or_miss_in_the_streak_prevents_a_second_look(
            at in 0..STREAK,
            verdict in prop::sample::select(vec![Verdict::Broken, Verdict::Missed]),
        ) {
            let mut seen = [KEPT; STREAK];
            seen[at].0 = verdict;
            prop_assert!(!asks(&seen));
        }

        #[test]
        fn a_not_applicable_check_neither_ends_nor_extends_a_streak(at in 1..STREAK, aside in 1..STREAK) {
            let mut seen = vec![KEPT; STREAK];
            seen.splice(at..at, vec![(Verdict::NotApplicable, false); aside]);
            prop_assert!(asks(&seen));
            seen.pop();
            prop_assert!(!asks(&seen));
        }

        #[test]
        fn no_input_panics(outcome in any::<String>(), reason in any::<String>(), why in any::<String>(), note in any::<String>()) {
            let _ = SecondLookDraft { outcome, reason, why, note }.parse(3);
        }
    }
}
