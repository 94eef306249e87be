//! The customer's problem that a business solves.

use serde::{Deserialize, Serialize};

use crate::fault::{Faults, optional};
use crate::text::{Line, Prose};

/// In the customer's words; for whom, and for whom not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub words: Prose,
    pub for_whom: Line,
    pub not_for_whom: Option<Line>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProblemDraft {
    pub words: String,
    pub for_whom: String,
    pub not_for_whom: String,
}

impl ProblemDraft {
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Problem, Faults> {
        let mut faults = Faults::default();
        let words = faults.take("words", Prose::parse(&self.words));
        let for_whom = faults.take("for_whom", Line::parse(&self.for_whom));
        let not_for_whom = faults.take("not_for_whom", optional(&self.not_for_whom, Line::parse));
        match (words, for_whom, not_for_whom) {
            (Some(words), Some(for_whom), Some(not_for_whom)) => Ok(Problem { words, for_whom, not_for_whom }),
            _ => Err(faults),
        }
    }
}
