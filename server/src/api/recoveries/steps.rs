//! The steps that were taken, as programs read them.

use domain::actor::Who;
use domain::recovery::{Outcome, Step, Taken};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::answer::Moment;
use crate::api::choices;

/// A step with its time and hand.
#[derive(Serialize, ToSchema)]
pub struct TakenStep {
    at: Moment,
    #[schema(value_type = choices::By)]
    by: &'static str,
    /// The person's name.
    name: Option<String>,
    #[serde(flatten)]
    facts: StepFacts,
}

/// What was done.
#[derive(Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum StepFacts {
    Acknowledged {
        owner: Option<Uuid>,
        apology: Option<String>,
        next_update_by: Option<Moment>,
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
        next_update_by: Option<Moment>,
    },
    AskedCustomer,
    CustomerReplied,
    Remedied {
        correction: String,
        remedy: Option<String>,
        gesture: Option<String>,
        cost: Option<Cost>,
        received_at: Moment,
        proactive: bool,
    },
    FollowUpSent,
    /// Nobody can be asked: the record is watched instead.
    RecordWatched,
    /// The customer's word.
    Answered {
        #[schema(value_type = choices::Fixed)]
        fixed: &'static str,
        fair: Option<bool>,
        quick: Option<bool>,
        respectful: Option<bool>,
        honest: Option<bool>,
        again: bool,
        words: Option<String>,
    },
    /// So many kept checks in a row at the place, with no new break.
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
    /// We missed a deadline of our own.
    Late {
        #[schema(value_type = choices::ClockName)]
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
    pub fn of(taken: Taken, name: Option<String>) -> Self {
        let by = match taken.by {
            Who::Person(_) => "person",
            Who::Token(_) => "program",
            Who::Customer => "customer",
            Who::Trialmark => "trialmark",
        };
        Self { at: Moment(taken.at), by, name, facts: taken.step.into() }
    }
}

impl From<Step> for StepFacts {
    fn from(step: Step) -> Self {
        match step {
            Step::Acknowledged(said) => Self::Acknowledged {
                owner: said.owner.map(|person| person.0),
                apology: said.apology.map(Into::into),
                next_update_by: said.next_update_by.map(Moment),
            },
            Step::Understood(understood) => Self::Understood {
                words: understood.words.into(),
                severity: understood.severity.name(),
                preventable: understood.preventable,
                cause: understood.cause.map(Into::into),
                remedy_sought: understood.remedy_sought.map(Into::into),
            },
            Step::Updated(update) => {
                Self::Updated { told: update.told.into(), next_update_by: update.next_update_by.map(Moment) }
            }
            Step::AskedCustomer => Self::AskedCustomer,
            Step::CustomerReplied => Self::CustomerReplied,
            Step::Remedied(remedy) => Self::Remedied {
                correction: remedy.correction.into(),
                remedy: remedy.remedy.map(Into::into),
                gesture: remedy.gesture.map(Into::into),
                cost: remedy.cost.map(|cost| Cost { minor: cost.minor, currency: cost.currency.into() }),
                received_at: Moment(remedy.received_at),
                proactive: remedy.proactive,
            },
            Step::FollowUpSent => Self::FollowUpSent,
            Step::RecordWatched => Self::RecordWatched,
            Step::Answered(answer) => Self::Answered {
                fixed: answer.fixed.name(),
                fair: answer.fair,
                quick: answer.quick,
                respectful: answer.respectful,
                honest: answer.honest,
                again: answer.again,
                words: answer.words.map(Into::into),
            },
            Step::RecordSpoke { kept } => Self::RecordSpoke { kept },
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
