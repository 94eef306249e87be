//! The state of one answer, from the tap until it is stored.

use domain::verdict::Verdict;

use super::ScreenTexts;
use crate::outbox::protocol::Stored;

/// The state of one answer, from the tap until it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Asking,
    Sending,
    /// Not stored yet; the page tries again by itself.
    Waiting,
    Rejected(String),
    Stored(Verdict, Stored),
    /// In the outbox of this phone, under this key.
    Saved(Verdict, u32),
    TakenBack,
    /// Undone before it was sent: it never reaches the server.
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

    pub(super) fn text(&self, texts: &ScreenTexts) -> String {
        match self {
            Self::Asking | Self::NeverSent => String::new(),
            Self::Saved(..) => texts.saved.clone(),
            Self::Sending => texts.sending.clone(),
            Self::Waiting => texts.waiting.clone(),
            Self::Rejected(reason) => format!("{} {reason}", texts.rejected),
            Self::Stored(Verdict::Broken, _) => texts.broken.clone(),
            Self::Stored(Verdict::NotApplicable, _) => texts.not_applicable.clone(),
            Self::Stored(..) => texts.kept.clone(),
            Self::TakenBack => texts.undone.clone(),
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        matches!(self, Self::Sending | Self::Waiting)
    }

    /// The answer was undone, so the question is open again.
    pub(super) fn is_taken_back(&self) -> bool {
        matches!(self, Self::TakenBack | Self::NeverSent)
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::Stored(..) | Self::Saved(..))
    }
}
