//! The steps that were taken, as programs receive them.

use domain::actor::Principal;
use domain::recovery::{Outcome, Step};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::choices;
use crate::api::responses::Timestamp;

/// A step, with when and by whom it was taken.
#[derive(Serialize, ToSchema)]
pub struct TakenStep {
    at: Timestamp,
    #[schema(value_type = choices::StepAuthor)]
    by: &'static str,
    /// The person's name.
    name: Option<String>,
    #[serde(flatten)]
    details: StepDetails,
}

/// What was done.
#[derive(Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum StepDetails {
    Acknowledged {
        owner: Option<Uuid>,
        apology: Option<String>,
        next_update_by: Option<Timestamp>,
    },
    Understood {
        words: String,
        #[schema(value_type = choices::Severity)]
        severity: &'static str,
        preventable: bool,
        cause: Option<String>,
        remedy_sought: Option<String>,
    },
    Updated {
        told: String,
        next_update_by: Option<Timestamp>,
    },
    AskedCustomer,
    CustomerReplied,
    Remedied {
        correction: String,
        remedy: Option<String>,
        gesture: Option<String>,
        cost: Option<Cost>,
        received_at: Timestamp,
        proactive: bool,
    },
    FollowUpSent,
    /// Nobody can be asked, so the record decides.
    RecordWatched,
    /// The customer's answer to the follow-up.
    Answered {
        #[schema(value_type = choices::FixedAnswer)]
        fixed: &'static str,
        fair: Option<bool>,
        quick: Option<bool>,
        respectful: Option<bool>,
        honest: Option<bool>,
        again: bool,
        words: Option<String>,
    },
    /// Trust was restored by this many kept checks in a row at the place, without a new break.
    RecordSpoke {
        kept: u32,
    },
    NoAnswer,
    Learned {
        cause: String,
        corrective_action: Option<String>,
        why_none: Option<String>,
        heard: bool,
        thanked: bool,
        supported: bool,
    },
    Closed {
        #[schema(value_type = choices::Outcome)]
        outcome: &'static str,
    },
    Reopened {
        why: String,
    },
    /// We missed one of our deadlines.
    Late {
        #[schema(value_type = choices::DeadlineKind)]
        clock: &'static str,
    },
}

/// An amount in whole minor units of an ISO 4217 currency.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "minor": 1840, "currency": "USD" }))]
pub struct Cost {
    minor: i64,
    currency: String,
}

impl TakenStep {
    pub fn of(taken: domain::recovery::TakenStep, name: Option<String>) -> Self {
        let by = match taken.by {
            Principal::Person(_) => "person",
            Principal::Token(_) => "program",
            Principal::Customer => "customer",
            Principal::System => "trialmark",
        };
        Self { at: Timestamp(taken.at), by, name, details: taken.step.into() }
    }
}

impl From<Step> for StepDetails {
    fn from(step: Step) -> Self {
        match step {
            Step::Acknowledged(acknowledgement) => Self::Acknowledged {
                owner: acknowledgement.owner.map(|person| person.0),
                apology: acknowledgement.apology.map(Into::into),
                next_update_by: acknowledgement.next_update_by.map(Timestamp),
            },
            Step::Understood(understood) => Self::Understood {
                words: understood.words.into(),
                severity: understood.severity.name(),
                preventable: understood.preventable,
                cause: understood.cause.map(Into::into),
                remedy_sought: understood.remedy_sought.map(Into::into),
            },
            Step::Updated(update) => {
                Self::Updated { told: update.told.into(), next_update_by: update.next_update_by.map(Timestamp) }
            }
            Step::AskedCustomer => Self::AskedCustomer,
            Step::CustomerReplied => Self::CustomerReplied,
            Step::Remedied(remedy) => Self::Remedied {
                correction: remedy.correction.into(),
                remedy: remedy.remedy.map(Into::into),
                gesture: remedy.gesture.map(Into::into),
                cost: remedy.cost.map(|cost| Cost { minor: cost.minor, currency: cost.currency.into() }),
                received_at: Timestamp(remedy.received_at),
                proactive: remedy.proactive,
            },
            Step::FollowUpSent => Self::FollowUpSent,
            Step::RecordWatchStarted => Self::RecordWatched,
            Step::Answered(answer) => Self::Answered {
                fixed: answer.fixed.name(),
                fair: answer.fair,
                quick: answer.quick,
                respectful: answer.respectful,
                honest: answer.honest,
                again: answer.again,
                words: answer.words.map(Into::into),
            },
            Step::RestoredByRecord { kept } => Self::RecordSpoke { kept },
            Step::NoAnswer => Self::NoAnswer,
            Step::Learned(lesson) => Self::Learned {
                cause: lesson.cause.into(),
                corrective_action: lesson.corrective_action.map(Into::into),
                why_none: lesson.why_none.map(Into::into),
                heard: lesson.heard,
                thanked: lesson.thanked,
                supported: lesson.supported,
            },
            Step::Closed { outcome } => Self::Closed { outcome: Outcome::name(outcome) },
            Step::Reopened { why } => Self::Reopened { why: why.into() },
            Step::Late { clock } => Self::Late { clock: clock.name() },
        }
    }
}
