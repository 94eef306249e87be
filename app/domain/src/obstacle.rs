//! What stood in the way of a kept promise, and what those who can change it answer. Nobody is held to account in it: it
//! is about the work, never about who logged the check.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fault::{Fault, Faults};
use crate::text::{Prose, tidy};

/// What stopped staff from keeping the promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    Tools,
    Policy,
    Staffing,
    Training,
    Supplier,
    OtherDepartment,
}

/// Whether something is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    Done,
    Planned,
    /// It stays as it is for now; the words say why.
    NotNow,
}

/// What is said to those who met the obstacle. Answers are added, and the newest stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub decision: Decision,
    pub words: Prose,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerDraft {
    pub decision: String,
    pub words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("the check was corrected since: nothing stood in the way of this promise any more")]
    Left,
}

impl Obstacle {
    pub const ALL: [Self; 6] =
        [Self::Tools, Self::Policy, Self::Staffing, Self::Training, Self::Supplier, Self::OtherDepartment];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Policy => "policy",
            Self::Staffing => "staffing",
            Self::Training => "training",
            Self::Supplier => "supplier",
            Self::OtherDepartment => "other_department",
        }
    }

    /// # Errors
    /// Not the name of an obstacle.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|one| one.name() == tidy(text)).ok_or(Fault::UnknownChoice)
    }
}

impl Decision {
    pub const ALL: [Self; 3] = [Self::Done, Self::Planned, Self::NotNow];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Planned => "planned",
            Self::NotNow => "not_now",
        }
    }

    /// # Errors
    /// Missing, or not the name of a decision.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match tidy(text).as_str() {
            "" => Err(Fault::Missing),
            text => Self::ALL.into_iter().find(|one| one.name() == text).ok_or(Fault::UnknownChoice),
        }
    }
}

impl AnswerDraft {
    /// # Errors
    /// Every field that is not as it must be: an answer without words is none.
    pub fn parse(&self) -> Result<Answer, Faults> {
        let mut faults = Faults::default();
        let decision = faults.take("decision", Decision::parse(&self.decision));
        let words = faults.take("words", Prose::parse(&self.words));
        match (decision, words) {
            (Some(decision), Some(words)) => Ok(Answer { decision, words }),
            _ => Err(faults),
        }
    }
}

/// Whether an obstacle is answered any more: where the check was corrected since, it is off the board.
///
/// # Errors
/// It has left the board.
pub fn answer(has_left: bool) -> Result<(), Refused> {
    if has_left { Err(Refused::Left) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn draft(decision: &str, words: &str) -> AnswerDraft {
        AnswerDraft { decision: decision.into(), words: words.into() }
    }

    #[test]
    fn every_obstacle_and_every_decision_is_known_again_by_its_name() {
        for obstacle in Obstacle::ALL {
            assert_eq!(Obstacle::parse(obstacle.name()), Ok(obstacle));
        }
        for decision in Decision::ALL {
            assert_eq!(Decision::parse(decision.name()), Ok(decision));
        }
        assert_eq!(Obstacle::parse("laziness"), Err(Fault::UnknownChoice));
    }

    #[test]
    fn an_answer_says_what_is_done_in_words() {
        let answer = draft("planned", " A second person from four to eight. ").parse().unwrap();
        assert_eq!(
            (answer.decision, answer.words.as_str()),
            (Decision::Planned, "A second person from four to eight.")
        );
        let faults = draft("", " ").parse().unwrap_err();
        assert_eq!((faults.at("decision"), faults.at("words")), (Some(Fault::Missing), Some(Fault::Missing)));
        assert_eq!(draft("never", "No.").parse().unwrap_err().at("decision"), Some(Fault::UnknownChoice));
    }

    #[test]
    fn what_has_left_the_board_is_not_answered() {
        assert_eq!((answer(false), answer(true)), (Ok(()), Err(Refused::Left)));
    }

    proptest! {
        #[test]
        fn no_input_panics_and_what_is_taken_has_words(decision in any::<String>(), words in any::<String>()) {
            if let Ok(answer) = draft(&decision, &words).parse() {
                prop_assert!(!answer.words.as_str().trim().is_empty());
            }
        }
    }
}
