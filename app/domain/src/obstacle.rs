//! Obstacles: what stopped staff from keeping a promise, and the answer of those who can change it.
//!
//! They are about the work, never about the person who logged the check.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::closed_set::closed_set;
use crate::fault::{Fault, Faults, parse_choice};
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

/// What will be done about an obstacle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    Done,
    Planned,
    /// Nothing for now; the words say why.
    NotNow,
}

/// The answer to the staff who met the obstacle. Answers are appended; the newest one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub decision: Decision,
    pub words: Prose,
}

/// Input for an [`Answer`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerDraft {
    pub decision: String,
    pub words: String,
}

/// Why an obstacle cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ObstacleError {
    #[error("the check was corrected since: nothing stood in the way of this promise any more")]
    OffTheBoard,
}

closed_set! {
    Obstacle.name {
        Tools = "tools",
        Policy = "policy",
        Staffing = "staffing",
        Training = "training",
        Supplier = "supplier",
        OtherDepartment = "other_department",
    }
}

impl Obstacle {
    /// Reads an obstacle by its name.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`] if there is no such obstacle.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|one| one.name() == tidy(text)).ok_or(Fault::UnknownChoice)
    }
}

closed_set! { Decision.name { Done = "done", Planned = "planned", NotNow = "not_now" } }

impl Decision {
    /// Reads a decision by its name.
    ///
    /// # Errors
    /// [`Fault::Missing`], or [`Fault::UnknownChoice`] if there is no such decision.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        parse_choice(text, Self::ALL, Self::name)
    }
}

impl AnswerDraft {
    /// Parses the answer. Both the decision and the words are required.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<Answer, Faults> {
        let mut faults = Faults::default();
        let decision = faults.collect("decision", Decision::parse(&self.decision));
        let words = faults.collect("words", Prose::parse(&self.words));
        match (decision, words) {
            (Some(decision), Some(words)) => Ok(Answer { decision, words }),
            _ => Err(faults),
        }
    }
}

/// Decides whether an obstacle can still be answered. `has_left`: the check was corrected, so there is no obstacle any
/// more.
///
/// # Errors
/// [`ObstacleError::OffTheBoard`].
pub fn allow_answer(has_left: bool) -> Result<(), ObstacleError> {
    if has_left { Err(ObstacleError::OffTheBoard) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn draft(decision: &str, words: &str) -> AnswerDraft {
        AnswerDraft { decision: decision.into(), words: words.into() }
    }

    #[test]
    fn obstacles_and_decisions_parse_from_their_names() {
        for obstacle in Obstacle::ALL {
            assert_eq!(Obstacle::parse(obstacle.name()), Ok(obstacle));
        }
        for decision in Decision::ALL {
            assert_eq!(Decision::parse(decision.name()), Ok(decision));
        }
        assert_eq!(Obstacle::parse("laziness"), Err(Fault::UnknownChoice));
    }

    #[test]
    fn an_answer_needs_a_decision_and_words() {
        let answer = draft("planned", " A second person from four to eight. ").parse().unwrap();
        assert_eq!(
            (answer.decision, answer.words.as_str()),
            (Decision::Planned, "A second person from four to eight.")
        );
        let faults = draft("", " ").parse().unwrap_err();
        assert_eq!(
            (faults.of_field("decision"), faults.of_field("words")),
            (Some(Fault::Missing), Some(Fault::Missing))
        );
        assert_eq!(draft("never", "No.").parse().unwrap_err().of_field("decision"), Some(Fault::UnknownChoice));
    }

    #[test]
    fn a_removed_obstacle_cannot_be_answered() {
        assert_eq!((allow_answer(false), allow_answer(true)), (Ok(()), Err(ObstacleError::OffTheBoard)));
    }

    proptest! {
        #[test]
        fn no_input_panics_and_accepted_answers_have_words(decision in any::<String>(), words in any::<String>()) {
            if let Ok(answer) = draft(&decision, &words).parse() {
                prop_assert!(!answer.words.as_str().trim().is_empty());
            }
        }
    }
}
