//! A long streak of kept checks asks, now and then, that somebody else goes and sees. It is no reproach: a promise kept fifty
//! times in a row is good news that deserves to be known for sure.

use serde::Deserialize;
use thiserror::Error;

use crate::actor::Who;
use crate::check::{Finding, FindingDraft, Verdict};
use crate::fault::{Fault, Faults};
use crate::ids::CheckId;
use crate::text::{Prose, tidy};

/// So many kept checks in a row, the new one among them.
pub const STREAK: usize = 50;

/// So many checks back it is looked for a streak: some of them could not be made, and count for nothing.
pub const WITHIN: usize = 2 * STREAK;

/// Of so many checks at the end of a streak, one is drawn.
pub const ONE_IN: u64 = 10;

/// A check of a promise at a place, as far as a streak is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub check: CheckId,
    /// What it stands at, after corrections.
    pub verdict: Verdict,
    /// Whether a second look was asked of it.
    pub asked: bool,
}

/// What came of a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Agreed,
    /// It was not as promised: the check is corrected, and stays in sight.
    Overturned,
    /// Nobody can tell any more what it was like.
    TooLate,
    /// The check was corrected before anybody looked.
    Corrected,
}

/// What somebody says who has looked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Agreed,
    /// What the check should have said, and why it did not.
    Overturned {
        finding: Finding,
        why: Prose,
    },
    TooLate,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SaidDraft {
    pub outcome: String,
    /// Where it was not as promised: the same as in a correction.
    pub reason: String,
    pub why: String,
    pub note: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("a second look is for somebody else than whoever made the check")]
    OwnCheck,
    #[error("this second look is over")]
    Over,
}

/// Whether the dice say that a second look is asked, by a throw that can be any number: thrown first, for it costs nothing.
#[must_use]
pub fn is_drawn(throw: u64) -> bool {
    throw.is_multiple_of(ONE_IN)
}

/// Whether a check that was just stored ends a streak of which nobody was asked a second look. `back` is what was seen at
/// the same place of the same promise, the latest first. Only of the latest check is a look asked, for only now can
/// somebody go and see; and only one at a time.
#[must_use]
pub fn is_due(check: CheckId, back: &[Seen], one_is_open: bool) -> bool {
    let counts = |seen: &&Seen| seen.verdict.speaks_of_promise();
    let streak: Vec<_> = back.iter().filter(counts).take(STREAK).collect();
    !one_is_open
        && back.first().is_some_and(|last| last.check == check && last.verdict == Verdict::Kept)
        && streak.len() == STREAK
        && streak.iter().all(|seen| seen.verdict == Verdict::Kept && !seen.asked)
}

/// Whether somebody may conclude a second look.
///
/// # Errors
/// It is their own check; or it is concluded already.
pub fn conclude(made_by: Who, concluded: Option<Outcome>, by: Who) -> Result<(), Refused> {
    if made_by == by {
        Err(Refused::OwnCheck)
    } else if concluded.is_some() {
        Err(Refused::Over)
    } else {
        Ok(())
    }
}

impl Outcome {
    /// What can be said of one's own accord.
    pub const SAID: [Self; 3] = [Self::Agreed, Self::Overturned, Self::TooLate];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Overturned => "overturned",
            Self::TooLate => "too_late",
            Self::Corrected => "corrected",
        }
    }

    /// # Errors
    /// Not the name of an outcome.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let all = [Self::Agreed, Self::Overturned, Self::TooLate, Self::Corrected];
        all.into_iter().find(|one| one.name() == text).ok_or(Fault::UnknownChoice)
    }
}

impl Said {
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Agreed => Outcome::Agreed,
            Self::Overturned { .. } => Outcome::Overturned,
            Self::TooLate => Outcome::TooLate,
        }
    }
}

impl SaidDraft {
    /// Against a wording with this many criteria.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self, criteria: usize) -> Result<Said, Faults> {
        let mut faults = Faults::default();
        let outcome = match tidy(&self.outcome).as_str() {
            "" => Err(Fault::Missing),
            text => Outcome::parse(text),
        };
        match faults.take("outcome", outcome) {
            Some(Outcome::Agreed) => Ok(Said::Agreed),
            Some(Outcome::TooLate) => Ok(Said::TooLate),
            Some(Outcome::Overturned) => self.overturned(criteria),
            // That is what happens to it, and nothing to be said.
            Some(Outcome::Corrected) => Err(Faults::one("outcome", Fault::UnknownChoice)),
            None => Err(faults),
        }
    }

    fn overturned(&self, criteria: usize) -> Result<Said, Faults> {
        let mut faults = Faults::default();
        let (verdict, reason, note) = (Verdict::Broken.name().to_owned(), self.reason.clone(), self.note.clone());
        let finding = FindingDraft { verdict, reason, note, ..FindingDraft::default() };
        let why = faults.take("why", Prose::parse(&self.why));
        match (why, finding.parse(criteria)) {
            (Some(why), Ok(finding)) => Ok(Said::Overturned { finding, why }),
            (_, Err(more)) => Err(faults.and(more)),
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

    fn back(seen: &[(Verdict, bool)]) -> Vec<Seen> {
        let check = |at: usize| CheckId(Uuid::from_u128(at as u128));
        seen.iter()
            .enumerate()
            .map(|(at, (verdict, asked))| Seen { check: check(at), verdict: *verdict, asked: *asked })
            .collect()
    }

    /// Whether the check that was made last asks.
    fn asks(seen: &[(Verdict, bool)]) -> bool {
        is_due(CheckId(Uuid::nil()), &back(seen), false)
    }

    fn verdict() -> impl Strategy<Value = Verdict> {
        prop_oneof![
            60 => Just(Verdict::Kept),
            1 => prop::sample::select(Verdict::ALL[1..].to_vec()),
        ]
    }

    #[test]
    fn fifty_kept_in_a_row_ask_and_forty_nine_do_not() {
        assert!(asks(&[KEPT; STREAK]));
        assert!(!asks(&[KEPT; STREAK - 1]));
        assert!(!asks(&[]));
    }

    #[test]
    fn only_of_the_latest_look_and_while_no_other_waits_is_one_asked() {
        let seen = back(&[KEPT; STREAK + 1]);
        assert!(is_due(seen[0].check, &seen, false));
        assert!(!is_due(seen[0].check, &seen, true), "one waits already");
        assert!(!is_due(seen[1].check, &seen, false), "it came in late: somebody has looked since");
    }

    #[test]
    fn one_of_ten_throws_is_drawn() {
        assert_eq!((0..1000).filter(|throw| is_drawn(*throw)).count(), 100);
    }

    #[test]
    fn whoever_made_the_check_does_not_give_its_second_look_and_nobody_gives_it_twice() {
        let [sam, nia] = [1, 2].map(|id| Who::Person(PersonId(Uuid::from_u128(id))));
        assert_eq!(conclude(sam, None, nia), Ok(()));
        assert_eq!(conclude(sam, None, sam), Err(Refused::OwnCheck));
        assert_eq!(conclude(sam, Some(Outcome::Corrected), nia), Err(Refused::Over));
    }

    #[test]
    fn three_honest_answers_and_no_other_are_taken() {
        let said = |outcome: &str| SaidDraft { outcome: outcome.into(), ..SaidDraft::default() }.parse(1);
        assert_eq!((said("agreed"), said("too_late")), (Ok(Said::Agreed), Ok(Said::TooLate)));
        for (outcome, fault) in
            [("", Fault::Missing), ("corrected", Fault::UnknownChoice), ("maybe", Fault::UnknownChoice)]
        {
            assert_eq!(said(outcome).unwrap_err().at("outcome"), Some(fault), "{outcome}");
        }
        let faults = said("overturned").unwrap_err();
        assert_eq!((faults.at("why"), faults.at("reason")), (Some(Fault::Missing), Some(Fault::Missing)));
    }

    #[test]
    fn to_overturn_is_to_correct_the_check_as_broken() {
        let draft = SaidDraft {
            outcome: "overturned".into(),
            reason: "0".into(),
            why: "It was wet.".into(),
            note: String::new(),
        };
        let Ok(Said::Overturned { finding, why }) = draft.parse(1) else { panic!("{draft:?}") };
        assert_eq!((finding.verdict(), why.as_str()), (Verdict::Broken, "It was wet."));
        assert_eq!(draft.parse(0).unwrap_err().at("reason"), Some(Fault::UnknownChoice));
    }

    proptest! {
        #[test]
        fn a_look_is_asked_only_where_the_last_fifty_that_count_were_kept_and_none_of_them_asked(
            seen in prop::collection::vec((verdict(), prop::bool::weighted(0.01)), 0..WITHIN),
        ) {
            let counting: Vec<_> =
                seen.iter().filter(|(verdict, _)| verdict.speaks_of_promise()).collect();
            let streak = counting.len() >= STREAK && counting[..STREAK].iter().all(|seen| **seen == KEPT);
            let made = seen.first().is_some_and(|(verdict, _)| *verdict == Verdict::Kept);
            prop_assert_eq!(asks(&seen), streak && made);
        }

        #[test]
        fn a_break_or_a_miss_anywhere_in_the_streak_asks_nothing(
            at in 0..STREAK,
            verdict in prop::sample::select(vec![Verdict::Broken, Verdict::Missed]),
        ) {
            let mut seen = [KEPT; STREAK];
            seen[at].0 = verdict;
            prop_assert!(!asks(&seen));
        }

        #[test]
        fn what_could_not_be_checked_neither_ends_a_streak_nor_lengthens_it(at in 1..STREAK, aside in 1..STREAK) {
            let mut seen = vec![KEPT; STREAK];
            seen.splice(at..at, vec![(Verdict::NotApplicable, false); aside]);
            prop_assert!(asks(&seen));
            seen.pop();
            prop_assert!(!asks(&seen));
        }

        #[test]
        fn no_input_panics(outcome in any::<String>(), reason in any::<String>(), why in any::<String>(), note in any::<String>()) {
            let _ = SaidDraft { outcome, reason, why, note }.parse(3);
        }
    }
}
