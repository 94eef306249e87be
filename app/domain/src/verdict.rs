//! The verdict: the result of a check.

use serde::{Deserialize, Serialize};

use crate::closed_set::closed_set;
use crate::fault::Fault;

/// The result of a check, or of a window without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Kept,
    Broken,
    /// The check was due and nobody made it.
    Missed,
    NotApplicable,
    /// Another check counts instead. Either it was made in time and arrived after the miss was recorded, or it was made
    /// in the same window as a check that was taken back.
    Void,
    /// A mistaken tap: nobody had looked. The window is due again.
    TakenBack,
}

closed_set! {
    Verdict.name {
        Kept = "kept",
        Broken = "broken",
        Missed = "missed",
        NotApplicable = "not_applicable",
        Void = "void",
        TakenBack = "taken_back",
    }
}

impl Verdict {
    /// Whether it counts for or against the promise: kept, broken or missed.
    #[must_use]
    pub fn judges_promise(self) -> bool {
        matches!(self, Self::Kept | Self::Broken | Self::Missed)
    }

    /// Whether a check with this verdict can be corrected.
    #[must_use]
    pub fn can_be_corrected(self) -> bool {
        matches!(self, Self::Kept | Self::Broken | Self::NotApplicable)
    }

    /// Whether the check does not count any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Void | Self::TakenBack)
    }

    /// Reads a verdict by its name.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`] if there is no such verdict.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == text).ok_or(Fault::UnknownChoice)
    }
}
