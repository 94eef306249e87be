//! The requests of a phone about checks, and their answers.

use domain::check::CheckDraft;
use domain::correction::CorrectionDraft;
use serde::{Deserialize, Serialize};

/// A check. Sending it again gets the same answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CheckSent {
    pub draft: CheckDraft,
}

/// A correction of a check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CorrectionSent {
    pub check: String,
    pub draft: CorrectionDraft,
}

/// A check that is stored on disk, once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    pub check: String,
    /// The recovery that a broken promise opened.
    pub recovery: Option<String>,
}

/// Why a check is not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotStored {
    /// Refused, with the reason as text. Sending it again unchanged does not help.
    Rejected(String),
    /// Nobody is signed in. It can be sent again after signing in.
    SignedOut,
    /// No answer, or none that can be read. It can be sent again later.
    Unreachable,
}
