//! Whose turn it is in a recovery, and which steps can be taken now.

use chrono::{DateTime, Utc};

use super::{Recovery, Stage, StepRequest};
use crate::closed_set::closed_set;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The business has something to do.
    Business(Task),
    /// The customer was asked and has time to answer.
    Customer,
    /// No customer can be asked, so kept checks decide.
    Record,
    /// The recovery is closed.
    Closed,
}

/// What the business has to do next in a recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    Acknowledge,
    Understand,
    /// Tell the customer how the recovery is going, as promised.
    Update,
    Remedy,
    /// Ask the customer, start watching the record, or note that nobody can be asked.
    FollowUp,
    /// The link that the customer can answer by has ended: make a new one.
    RenewLink,
    /// The customer's time to answer is over, or they can no longer be asked.
    RecordNoAnswer,
    /// Record the lesson: trust is settled, and nothing else is missing.
    Learn,
}

closed_set! {
    Task.name {
        Acknowledge = "acknowledge",
        Understand = "understand",
        Update = "update",
        Remedy = "remedy",
        FollowUp = "follow_up",
        RenewLink = "renew_link",
        RecordNoAnswer = "no_answer",
        Learn = "learn",
    }
}

impl Turn {
    /// The task of the business, if it is its turn.
    #[must_use]
    pub fn task(self) -> Option<Task> {
        match self {
            Self::Business(task) => Some(task),
            Self::Customer | Self::Record | Self::Closed => None,
        }
    }

    /// The stable name, as published.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Business(_) => "ours",
            Self::Customer => "customer",
            Self::Record => "record",
            Self::Closed => "closed",
        }
    }

    /// The names of all turns.
    pub const NAMES: [&'static str; 4] = ["ours", "customer", "record", "closed"];
}

impl Recovery {
    /// Whose turn it is at `now`. A promised update comes before the customer's answer to a question: the customer was
    /// told when they would hear from us. A lesson may be recorded while the customer's answer is awaited, but it is our
    /// turn only once trust is settled.
    #[must_use]
    pub fn turn(&self, now: DateTime<Utc>) -> Turn {
        match self.stage() {
            Stage::Closed(_) => Turn::Closed,
            Stage::Opened => Turn::Business(Task::Acknowledge),
            Stage::Acknowledged | Stage::Understood if self.awaits_customer() => {
                if self.owes_update() {
                    Turn::Business(Task::Update)
                } else {
                    Turn::Customer
                }
            }
            Stage::Acknowledged => Turn::Business(Task::Understand),
            Stage::Understood => Turn::Business(Task::Remedy),
            Stage::Remedied => Turn::Business(Task::FollowUp),
            Stage::FollowingUp if self.trust_outcome().is_some() => Turn::Business(Task::Learn),
            Stage::FollowingUp if self.watched_since().is_some() && self.customer_erased_at.is_none() => Turn::Record,
            Stage::FollowingUp => {
                if self.can(StepRequest::NoAnswer, now) {
                    Turn::Business(Task::RecordNoAnswer)
                } else if self.link_open_since.is_none() {
                    Turn::Business(Task::RenewLink)
                } else {
                    Turn::Customer
                }
            }
        }
    }

    /// From when on it is the turn of the business, if nobody takes a step. `None` if time alone never makes it so.
    #[must_use]
    pub fn our_turn_from(&self) -> Option<DateTime<Utc>> {
        let is_ours = |at: &DateTime<Utc>| self.turn(*at).task().is_some();
        let answer_until = self.link_open_since.map(|since| since + Self::TIME_TO_ANSWER);
        [Some(self.opened_at), answer_until].into_iter().flatten().find(is_ours)
    }

    /// Whether an update was promised to the customer and is not given yet.
    fn owes_update(&self) -> bool {
        self.next_update().is_some_and(|deadline| deadline.is_open())
    }
}
