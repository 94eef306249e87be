//! The kinds of steps of a recovery, and what follows from the kind alone.

use serde::{Deserialize, Serialize};

use super::{Outcome, Stage, Step};
use crate::closed_set::closed_set;
use crate::fault::Fault;

/// What kind of step it is. The names are those stored and recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Acknowledged,
    Understood,
    Updated,
    AskedCustomer,
    CustomerReplied,
    Remedied,
    FollowUpSent,
    #[serde(rename = "record_watched")]
    RecordWatchStarted,
    Answered,
    #[serde(rename = "record_spoke")]
    RestoredByRecord,
    NoAnswer,
    Learned,
    Closed,
    Reopened,
    Late,
}

closed_set! {
    StepKind.name {
        Acknowledged = "acknowledged",
        Understood = "understood",
        Updated = "updated",
        AskedCustomer = "asked_customer",
        CustomerReplied = "customer_replied",
        Remedied = "remedied",
        FollowUpSent = "follow_up_sent",
        RecordWatchStarted = "record_watched",
        Answered = "answered",
        RestoredByRecord = "record_spoke",
        NoAnswer = "no_answer",
        Learned = "learned",
        Closed = "closed",
        Reopened = "reopened",
        Late = "late",
    }
}

impl StepKind {
    /// The outcome for trust that follows from such a step, if any. `answered` is that of the customer's answer.
    #[must_use]
    pub fn trust_outcome(self, answered: Option<Outcome>) -> Option<Outcome> {
        match self {
            Self::Answered => answered,
            Self::RestoredByRecord => Some(Outcome::RestoredByRecord),
            Self::NoAnswer => Some(Outcome::NoAnswer),
            _ => None,
        }
    }

    /// Reads a kind from its stored name.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`].
    pub fn parse(name: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(Fault::UnknownChoice)
    }

    /// The names of the free text fields, each with whether the text is public. The texts are stored beside the record;
    /// the record holds only a salted commitment to each. The private ones are erased with the customer's data: what the
    /// customer said, what was said to them, and what was noted inside.
    #[must_use]
    pub fn texts(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::Acknowledged => &[("apology", false)],
            Self::Understood => &[("words", false), ("cause", false), ("remedy_sought", false)],
            Self::Updated => &[("told", false)],
            Self::Remedied => &[("correction", true), ("remedy", true), ("gesture", false)],
            Self::Answered => &[("words", false)],
            Self::Learned => &[("cause", true), ("corrective_action", true), ("why_none", true)],
            Self::Reopened => &[("why", false)],
            Self::AskedCustomer
            | Self::CustomerReplied
            | Self::FollowUpSent
            | Self::RecordWatchStarted
            | Self::RestoredByRecord
            | Self::NoAnswer
            | Self::Closed
            | Self::Late => &[],
        }
    }

    /// Whether this free text is private, and so erased with the customer's data.
    #[must_use]
    pub fn is_private(self, field: &str) -> bool {
        self.texts().contains(&(field, false))
    }
}

impl Stage {
    /// The stage after a step of this kind, or `None` if the step is not possible at this stage.
    /// [`StepKind::Closed`] needs an outcome.
    #[must_use]
    pub fn after(self, step: StepKind, outcome: Option<Outcome>) -> Option<Self> {
        use StepKind as Kind;
        match (step, self) {
            (Kind::Acknowledged, Self::Opened) => Some(Self::Acknowledged),
            (Kind::Understood, Self::Acknowledged) => Some(Self::Understood),
            (Kind::Remedied, Self::Understood) => Some(Self::Remedied),
            // `NoAnswer` without a follow-up is only for a customer whose data was erased; `allow` checks that.
            (Kind::FollowUpSent | Kind::RecordWatchStarted | Kind::NoAnswer, Self::Remedied) => Some(Self::FollowingUp),
            (Kind::Updated | Kind::AskedCustomer | Kind::CustomerReplied, Self::Acknowledged | Self::Understood)
            | (Kind::Answered | Kind::RestoredByRecord | Kind::NoAnswer, Self::FollowingUp)
            | (Kind::Learned, Self::Remedied | Self::FollowingUp) => Some(self),
            (Kind::Closed, Self::FollowingUp) => outcome.map(Self::Closed),
            (Kind::Reopened, Self::Remedied | Self::FollowingUp | Self::Closed(_)) => Some(Self::Opened),
            (Kind::Late, open) if !matches!(open, Self::Closed(_)) => Some(self),
            _ => None,
        }
    }
}

impl Step {
    /// What kind of step it is.
    #[must_use]
    pub fn kind(&self) -> StepKind {
        match self {
            Self::Acknowledged(_) => StepKind::Acknowledged,
            Self::Understood(_) => StepKind::Understood,
            Self::Updated(_) => StepKind::Updated,
            Self::AskedCustomer => StepKind::AskedCustomer,
            Self::CustomerReplied => StepKind::CustomerReplied,
            Self::Remedied(_) => StepKind::Remedied,
            Self::FollowUpSent => StepKind::FollowUpSent,
            Self::RecordWatchStarted => StepKind::RecordWatchStarted,
            Self::Answered(_) => StepKind::Answered,
            Self::RestoredByRecord { .. } => StepKind::RestoredByRecord,
            Self::NoAnswer => StepKind::NoAnswer,
            Self::Learned(_) => StepKind::Learned,
            Self::Closed { .. } => StepKind::Closed,
            Self::Reopened { .. } => StepKind::Reopened,
            Self::Late { .. } => StepKind::Late,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn step_kinds_parse_and_serialize_by_name() {
        for kind in StepKind::ALL {
            assert_eq!(StepKind::parse(kind.name()), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert_eq!(StepKind::parse("restored"), Err(Fault::UnknownChoice));
    }
}
