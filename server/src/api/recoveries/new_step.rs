//! A step that a program wants to take. The field `step` decides which other fields the document has.

use domain::fault::Faults;
use domain::recovery::{
    AcknowledgementDraft, LessonDraft, RemedyDraft, ReopenDraft, StepDraft, StepRequest, UnderstandingDraft,
    UpdateDraft,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::choices;
use crate::api::error::ApiResult;
use crate::api::request::{JsonObject, parse_fields, take_field};

/// A step of a recovery.
#[derive(ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
#[schema(example = json!({
    "step": "acknowledge",
    "customer_name": "Dana Reyes",
    "customer_contact": "dana@example.com",
    "apology": "I am sorry. We promised a clean restroom and did not give you one. I will put it right.",
    "responsibility": true,
    "repair": true,
    "next_update_by": "2026-11-02T14:00:00Z"
}))]
pub enum NewStep {
    Acknowledge(Acknowledge),
    Understand(Understand),
    Update(Update),
    /// The customer was asked something. Deadlines wait for the answer.
    AskCustomer,
    CustomerReplied,
    Remedy(Remedy),
    /// Ask the customer; or let the record decide, if no customer can be known.
    FollowUp,
    Learn(Learn),
    /// The customer did not answer in time.
    NoAnswer,
    Reopen(Reopen),
}

/// The break is known and has an owner. If there is a customer, everything but the owner and the contact is required.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Acknowledge {
    /// Who is responsible for this recovery from now on.
    #[schema(value_type = Option<uuid::Uuid>)]
    owner: Option<String>,
    #[schema(max_length = 2000)]
    apology: Option<String>,
    /// Whether the apology takes responsibility.
    responsibility: Option<bool>,
    /// Whether the apology offers repair.
    repair: Option<bool>,
    #[schema(format = DateTime)]
    next_update_by: Option<String>,
    /// Who the customer is, if they told us. This is personal data and is stored apart.
    #[schema(max_length = 160)]
    customer_name: Option<String>,
    #[schema(max_length = 160)]
    customer_contact: Option<String>,
}

/// What happened in the customer's words, and the remedy they ask for.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Understand {
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    words: String,
    #[schema(required, value_type = choices::Severity)]
    severity: String,
    /// Whether we could have prevented it.
    #[schema(required, value_type = bool)]
    preventable: Option<bool>,
    #[schema(max_length = 2000)]
    cause: Option<String>,
    #[schema(max_length = 2000)]
    remedy_sought: Option<String>,
}

/// The customer was told the state of things.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Update {
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    told: String,
    #[schema(format = DateTime)]
    next_update_by: Option<String>,
}

/// The correction, the remedy, and the gesture beyond it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the field's name in the document")]
pub struct Remedy {
    /// Public: what repairs this break now.
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    correction: String,
    /// Public: what the customer was given. Required if there is a customer.
    #[schema(max_length = 2000)]
    remedy: Option<String>,
    #[schema(max_length = 2000)]
    gesture: Option<String>,
    /// An amount in the business's currency.
    #[schema(example = "18.40")]
    cost: Option<String>,
    /// When the customer received it; now if left out.
    #[schema(format = DateTime)]
    received_at: Option<String>,
    /// Whether it was given before anyone claimed it.
    proactive: Option<bool>,
}

/// Why it happened, what removes the cause (or why nothing does), and whether the employee was heard and thanked.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Learn {
    /// Public.
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    cause: String,
    /// Public.
    #[schema(max_length = 2000)]
    corrective_action: Option<String>,
    /// Public. Required if there is no corrective action.
    #[schema(max_length = 2000)]
    why_none: Option<String>,
    #[schema(required, value_type = bool)]
    heard: Option<bool>,
    #[schema(required, value_type = bool)]
    thanked: Option<bool>,
    supported: Option<bool>,
}

/// Opens a closed recovery again.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Reopen {
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    why: String,
}

/// A step without further fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

impl NewStep {
    pub fn parse(mut fields: JsonObject) -> ApiResult<Self> {
        let step: String = take_field(&mut fields, "step")?;
        let without_fields = |step: Self, fields| parse_fields(fields).map(|NoFields {}| step);
        match StepRequest::parse(&step).map_err(|fault| Faults::one("step", fault))? {
            StepRequest::Acknowledge => parse_fields(fields).map(Self::Acknowledge),
            StepRequest::Understand => parse_fields(fields).map(Self::Understand),
            StepRequest::Update => parse_fields(fields).map(Self::Update),
            StepRequest::AskCustomer => without_fields(Self::AskCustomer, fields),
            StepRequest::CustomerReplied => without_fields(Self::CustomerReplied, fields),
            StepRequest::Remedy => parse_fields(fields).map(Self::Remedy),
            StepRequest::FollowUp => without_fields(Self::FollowUp, fields),
            StepRequest::Learn => parse_fields(fields).map(Self::Learn),
            StepRequest::NoAnswer => without_fields(Self::NoAnswer, fields),
            StepRequest::Reopen => parse_fields(fields).map(Self::Reopen),
        }
    }
}

impl From<NewStep> for StepDraft {
    fn from(step: NewStep) -> Self {
        match step {
            NewStep::Acknowledge(acknowledgement) => Self::Acknowledge(acknowledgement.into()),
            NewStep::Understand(understood) => Self::Understand(understood.into()),
            NewStep::Update(Update { told, next_update_by }) => {
                Self::Update(UpdateDraft { told, next_update_by: next_update_by.unwrap_or_default() })
            }
            NewStep::AskCustomer => Self::AskCustomer,
            NewStep::CustomerReplied => Self::CustomerReplied,
            NewStep::Remedy(remedy) => Self::Remedy(remedy.into()),
            NewStep::FollowUp => Self::FollowUp,
            NewStep::Learn(lesson) => Self::Learn(lesson.into()),
            NewStep::NoAnswer => Self::NoAnswer,
            NewStep::Reopen(Reopen { why }) => Self::Reopen(ReopenDraft { why }),
        }
    }
}

impl From<Acknowledge> for AcknowledgementDraft {
    fn from(acknowledgement: Acknowledge) -> Self {
        Self {
            owner: acknowledgement.owner.unwrap_or_default(),
            apology: acknowledgement.apology.unwrap_or_default(),
            responsibility: yes_or_no(acknowledgement.responsibility),
            repair: yes_or_no(acknowledgement.repair),
            next_update_by: acknowledgement.next_update_by.unwrap_or_default(),
            customer_name: acknowledgement.customer_name.unwrap_or_default(),
            customer_contact: acknowledgement.customer_contact.unwrap_or_default(),
        }
    }
}

impl From<Understand> for UnderstandingDraft {
    fn from(understood: Understand) -> Self {
        let Understand { words, severity, preventable, cause, remedy_sought } = understood;
        let (cause, remedy_sought) = (cause.unwrap_or_default(), remedy_sought.unwrap_or_default());
        Self { words, severity, preventable: yes_or_no(preventable), cause, remedy_sought }
    }
}

impl From<Remedy> for RemedyDraft {
    fn from(remedy: Remedy) -> Self {
        Self {
            correction: remedy.correction,
            remedy: remedy.remedy.unwrap_or_default(),
            gesture: remedy.gesture.unwrap_or_default(),
            cost: remedy.cost.unwrap_or_default(),
            received_at: remedy.received_at.unwrap_or_default(),
            proactive: yes_or_no(remedy.proactive),
        }
    }
}

impl From<Learn> for LessonDraft {
    fn from(lesson: Learn) -> Self {
        Self {
            cause: lesson.cause,
            corrective_action: lesson.corrective_action.unwrap_or_default(),
            why_none: lesson.why_none.unwrap_or_default(),
            heard: yes_or_no(lesson.heard),
            thanked: yes_or_no(lesson.thanked),
            supported: yes_or_no(lesson.supported),
        }
    }
}

/// As a form sends it.
fn yes_or_no(value: Option<bool>) -> String {
    value.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned()
}
