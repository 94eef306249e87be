//! Where one answer stands on its way into the record, and what the screen says of it.

use domain::check::Verdict;

use super::Words;
use crate::checks::api::Stored;

/// Where one answer stands on its way into the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Asking,
    Sending,
    /// Not stored yet, and sent again by itself.
    Waiting,
    Rejected(String),
    Stored(Verdict, Stored),
    /// Kept on this phone under this key, to be sent.
    Saved(Verdict, u32),
    TakenBack,
    /// Before it was sent: as if it had not been tapped.
    NeverSent,
}

impl Progress {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::Sending => "sending",
            Self::Waiting => "waiting",
            Self::Rejected(_) => "rejected",
            Self::Stored(..) => "stored",
            Self::Saved(..) => "saved",
            Self::TakenBack => "taken-back",
            Self::NeverSent => "never-sent",
        }
    }

    pub(super) fn said(&self, words: &Words) -> String {
        match self {
            Self::Asking | Self::NeverSent => String::new(),
            Self::Saved(..) => words.saved.clone(),
            Self::Sending => words.sending.clone(),
            Self::Waiting => words.waiting.clone(),
            Self::Rejected(reason) => format!("{} {reason}", words.rejected),
            Self::Stored(Verdict::Broken, _) => words.broken.clone(),
            Self::Stored(Verdict::NotApplicable, _) => words.aside.clone(),
            Self::Stored(..) => words.kept.clone(),
            Self::TakenBack => words.undone.clone(),
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        matches!(self, Self::Sending | Self::Waiting)
    }

    /// What was answered is taken back.
    pub(super) fn is_asked_again(&self) -> bool {
        matches!(self, Self::TakenBack | Self::NeverSent)
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::Stored(..) | Self::Saved(..))
    }
}
