//! A step as a program asks for it: a document whose field `step` says what else stands in it.

use domain::fault::{Fault, Faults};
use domain::recovery::{
    AcknowledgementDraft, LessonDraft, RemedyDraft, ReopenDraft, StepDraft, UnderstandingDraft, UpdateDraft,
};
use domain::text::tidy;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::choices;
use crate::api::refusal::Answer;
use crate::api::request::{Fields, rest, taken};

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
    /// A question is with the customer: the clocks wait.
    AskCustomer,
    CustomerReplied,
    Remedy(Remedy),
    /// Ask the customer, or watch the record where none can be known.
    FollowUp,
    Learn(Learn),
    /// The customer let the time to answer pass.
    NoAnswer,
    Reopen(Reopen),
}

/// We know, we are sorry, someone has it. With a customer, everything but the owner and the contact is needed.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Acknowledge {
    /// Who has this recovery from now on.
    #[schema(value_type = Option<uuid::Uuid>)]
    owner: Option<String>,
    #[schema(max_length = 2000)]
    apology: Option<String>,
    /// The apology takes responsibility.
    responsibility: Option<bool>,
    /// The apology offers repair.
    repair: Option<bool>,
    #[schema(format = DateTime)]
    next_update_by: Option<String>,
    /// Who was failed, if they told us: personal data, kept apart.
    #[schema(max_length = 160)]
    customer_name: Option<String>,
    #[schema(max_length = 160)]
    customer_contact: Option<String>,
}

/// What happened in the customer's words, and what they would call fair.
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

/// The customer was told how things stand.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Update {
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    told: String,
    #[schema(format = DateTime)]
    next_update_by: Option<String>,
}

/// What was mended, what was given, and what was added beyond it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the field's name in the document")]
pub struct Remedy {
    /// Public: what repairs this break now.
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    correction: String,
    /// Public: what the customer was given. Needed where there is one.
    #[schema(max_length = 2000)]
    remedy: Option<String>,
    #[schema(max_length = 2000)]
    gesture: Option<String>,
    /// An amount in the business's currency.
    #[schema(example = "18.40")]
    cost: Option<String>,
    /// When the customer had it; now if left out.
    #[schema(format = DateTime)]
    received_at: Option<String>,
    /// Whether it was given before anyone claimed it.
    proactive: Option<bool>,
}

/// Why it happened, what removes the cause (or why nothing does), and that the employee was heard and thanked.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Learn {
    /// Public.
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    cause: String,
    /// Public.
    #[schema(max_length = 2000)]
    corrective_action: Option<String>,
    /// Public. Needed without a corrective action.
    #[schema(max_length = 2000)]
    why_none: Option<String>,
    #[schema(required, value_type = bool)]
    heard: Option<bool>,
    #[schema(required, value_type = bool)]
    thanked: Option<bool>,
    supported: Option<bool>,
}

/// It was not over.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Reopen {
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    why: String,
}

/// A step that needs no more than its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoMore {}

impl NewStep {
    pub fn read(mut fields: Fields) -> Answer<Self> {
        let step: String = taken(&mut fields, "step")?;
        let alone = |step: Self, fields| rest(fields).map(|NoMore {}| step);
        match tidy(&step).as_str() {
            "acknowledge" => rest(fields).map(Self::Acknowledge),
            "understand" => rest(fields).map(Self::Understand),
            "update" => rest(fields).map(Self::Update),
            "ask_customer" => alone(Self::AskCustomer, fields),
            "customer_replied" => alone(Self::CustomerReplied, fields),
            "remedy" => rest(fields).map(Self::Remedy),
            "follow_up" => alone(Self::FollowUp, fields),
            "learn" => rest(fields).map(Self::Learn),
            "no_answer" => alone(Self::NoAnswer, fields),
            "reopen" => rest(fields).map(Self::Reopen),
            "" => Err(Faults::one("step", Fault::Missing).into()),
            _ => Err(Faults::one("step", Fault::UnknownChoice).into()),
        }
    }
}

impl From<NewStep> for StepDraft {
    fn from(step: NewStep) -> Self {
        match step {
            NewStep::Acknowledge(said) => Self::Acknowledge(said.into()),
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
    fn from(said: Acknowledge) -> Self {
        Self {
            owner: said.owner.unwrap_or_default(),
            apology: said.apology.unwrap_or_default(),
            responsibility: word(said.responsibility),
            repair: word(said.repair),
            next_update_by: said.next_update_by.unwrap_or_default(),
            customer_name: said.customer_name.unwrap_or_default(),
            customer_contact: said.customer_contact.unwrap_or_default(),
        }
    }
}

impl From<Understand> for UnderstandingDraft {
    fn from(understood: Understand) -> Self {
        let Understand { words, severity, preventable, cause, remedy_sought } = understood;
        let (cause, remedy_sought) = (cause.unwrap_or_default(), remedy_sought.unwrap_or_default());
        Self { words, severity, preventable: word(preventable), cause, remedy_sought }
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
            proactive: word(remedy.proactive),
        }
    }
}

impl From<Learn> for LessonDraft {
    fn from(lesson: Learn) -> Self {
        Self {
            cause: lesson.cause,
            corrective_action: lesson.corrective_action.unwrap_or_default(),
            why_none: lesson.why_none.unwrap_or_default(),
            heard: word(lesson.heard),
            thanked: word(lesson.thanked),
            supported: word(lesson.supported),
        }
    }
}

/// As a form says it.
fn word(answer: Option<bool>) -> String {
    answer.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned()
}
