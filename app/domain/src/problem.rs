//! The customer's problem that the business solves.

use serde::{Deserialize, Serialize};

use crate::fault::{Faults, parse_optional};
use crate::text::{Line, Prose};

/// The customer's problem, in the customer's words; for whom the business solves it, and for whom not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub words: Prose,
    pub for_whom: Line,
    pub not_for_whom: Option<Line>,
}

/// Input for a [`Problem`], as text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProblemDraft {
    pub words: String,
    pub for_whom: String,
    pub not_for_whom: String,
}

impl ProblemDraft {
    /// Parses the draft. Only `not_for_whom` is optional.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<Problem, Faults> {
        let mut faults = Faults::default();
        let words = faults.collect("words", Prose::parse(&self.words));
        let for_whom = faults.collect("for_whom", Line::parse(&self.for_whom));
        let not_for_whom = faults.collect("not_for_whom", parse_optional(&self.not_for_whom, Line::parse));
        match (words, for_whom, not_for_whom) {
            (Some(words), Some(for_whom), Some(not_for_whom)) => Ok(Problem { words, for_whom, not_for_whom }),
            _ => Err(faults),
        }
    }
}
