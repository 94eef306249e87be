//! What a phone sends about checks, and how it is answered.

use domain::check::{CheckDraft, FindingDraft, Verdict};
use serde::{Deserialize, Serialize};

/// Where a check is sent, and what takes one back or says how it really was.
pub const LOG: &str = "/do/log-check";
pub const CORRECT: &str = "/do/correct-check";

/// A check on its way. The same one sent again is answered as the first time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CheckSent {
    pub draft: CheckDraft,
}

/// A correction on its way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CorrectionSent {
    pub check: String,
    pub draft: CorrectionDraft,
}

/// What a check says now, and why it is corrected.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CorrectionDraft {
    #[serde(flatten)]
    pub finding: FindingDraft,
    pub why: String,
}

impl CorrectionDraft {
    /// Nobody had looked.
    pub fn taking_back(why: String) -> Self {
        let verdict = Verdict::TakenBack.name().to_owned();
        Self { finding: FindingDraft { verdict, ..FindingDraft::default() }, why }
    }
}

/// A check that is stored: on disk, once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    pub check: String,
    /// The recovery that a broken promise opened.
    pub recovery: Option<String>,
}

/// Why a check is not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotStored {
    /// It was refused, in words: sending it again as it is does not help.
    Rejected(String),
    /// Nobody is signed in any more: it may be sent again after signing in.
    SignedOut,
    /// No answer, or none that can be read: it may work again later.
    Unreachable,
}
