//! The steps that people ask for, by name, and whether each can be taken now.

use chrono::{DateTime, Utc};

use super::{Recovery, Step, StepKind};
use crate::actor::Principal;
use crate::closed_set::closed_set;
use crate::fault::{Fault, parse_choice};

/// A step that people ask for, by its name. It is parsed, not yet allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepRequest {
    Acknowledge,
    Understand,
    Update,
    AskCustomer,
    CustomerReplied,
    Remedy,
    FollowUp,
    Learn,
    NoAnswer,
    Reopen,
}

closed_set! {
    StepRequest.name {
        Acknowledge = "acknowledge",
        Understand = "understand",
        Update = "update",
        AskCustomer = "ask_customer",
        CustomerReplied = "customer_replied",
        Remedy = "remedy",
        FollowUp = "follow_up",
        Learn = "learn",
        NoAnswer = "no_answer",
        Reopen = "reopen",
    }
}

impl StepRequest {
    /// The name as a part of an address.
    #[must_use]
    pub fn slug(self) -> String {
        self.name().replace('_', "-")
    }

    /// Reads a request from its name.
    ///
    /// # Errors
    /// [`Fault::Missing`] or [`Fault::UnknownChoice`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        parse_choice(text, Self::ALL, Self::name)
    }
}

impl Recovery {
    /// Whether this step can be taken now. The contents of the step are not validated here.
    #[must_use]
    pub fn can(&self, request: StepRequest, now: DateTime<Utc>) -> bool {
        let possible = |kind| self.stage().after(kind, None).is_some();
        match request {
            StepRequest::Acknowledge => possible(StepKind::Acknowledged),
            StepRequest::Understand => possible(StepKind::Understood),
            StepRequest::Update => possible(StepKind::Updated) && self.customer_erased_at.is_none(),
            StepRequest::AskCustomer => self.can_take(&Step::AskedCustomer, now),
            StepRequest::CustomerReplied => self.can_take(&Step::CustomerReplied, now),
            StepRequest::Remedy => possible(StepKind::Remedied),
            StepRequest::FollowUp => self.can_take(&self.follow_up_step(), now),
            StepRequest::Learn => possible(StepKind::Learned) && !self.has_lesson(),
            StepRequest::NoAnswer => self.can_take(&Step::NoAnswer, now),
            StepRequest::Reopen => possible(StepKind::Reopened),
        }
    }

    /// The step to take for a follow-up: the customer is asked if there is one; if their data was erased, no answer can come;
    /// if nobody is known, the record is watched.
    #[must_use]
    pub fn follow_up_step(&self) -> Step {
        if self.customer_erased_at.is_some() {
            Step::NoAnswer
        } else if self.has_customer() {
            Step::FollowUpSent
        } else {
            Step::RecordWatchStarted
        }
    }

    fn can_take(&self, step: &Step, now: DateTime<Utc>) -> bool {
        step.next_stage(self.stage()).is_some() && self.allow(step, Principal::System, now).is_ok()
    }
}
