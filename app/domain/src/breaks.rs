//! The break: one promise not kept. Every break is stored together with its recovery.

use serde::{Deserialize, Serialize};

use crate::closed_set::closed_set;
use crate::fault::Fault;
use crate::text::tidy;

/// Who found a break first. Breaks found by staff count towards *found by us first*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    Staff,
    Customer,
}

closed_set! { FoundBy.name { Staff = "staff", Customer = "customer" } }

impl FoundBy {
    /// Reads it by its name.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`] if it is neither of the two.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|one| one.name() == tidy(text)).ok_or(Fault::UnknownChoice)
    }
}
