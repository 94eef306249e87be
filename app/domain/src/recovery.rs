//! The whole answer to one break: for the customer, the process and the employee.

mod clocks;
mod steps;
mod tier;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::actor::Who;
use crate::breaks::FoundBy;
use crate::fault::Fault;
use crate::guarantee::Terms;

pub use clocks::{Clock, ClockKind};
pub use steps::{
    Acknowledgement, AcknowledgementDraft, Answer, AnswerDraft, Fixed, Lesson, LessonDraft, Remedy, RemedyDraft,
    ReopenDraft, Severity, StepDraft, Understanding, UnderstandingDraft, Update, UpdateDraft,
};
pub use tier::{Circumstances, Level, Tier};

/// What happened in a recovery, one fact at a time. Nothing is edited: a recovery is what its steps say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    Acknowledged(Acknowledgement),
    Understood(Understanding),
    /// The customer was told how things stand.
    Updated(Update),
    /// A question is with the customer; the clocks wait.
    AskedCustomer,
    CustomerReplied,
    Remedied(Remedy),
    /// The follow-up is with the customer, behind a single-use link.
    FollowUpSent,
    /// Nobody can be asked: the record is watched instead.
    RecordWatched,
    /// The customer's word.
    Answered(Answer),
    /// So many kept checks in a row at the place, with no new break.
    RecordSpoke {
        kept: u32,
    },
    NoAnswer,
    /// The answers of the process and of the employee.
    Learned(Lesson),
    Closed {
        outcome: Outcome,
    },
    Reopened {
        why: crate::text::Prose,
    },
    /// We missed a deadline of our own.
    Late {
        clock: ClockKind,
    },
}

/// A step with its time and hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub at: DateTime<Utc>,
    pub by: Who,
    pub step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage", content = "outcome")]
pub enum Stage {
    Opened,
    Acknowledged,
    Understood,
    Remedied,
    FollowingUp,
    Closed(Outcome),
}

/// How it ended for trust. `Restored` is the customer's word and nobody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Restored,
    RestoredByRecord,
    Partly,
    NotRestored,
    NoAnswer,
}

/// What a recovery starts from, and the steps so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    pub opened_at: DateTime<Utc>,
    pub found_by: FoundBy,
    /// Whether we know a customer we could ask.
    pub customer_known: bool,
    /// Since when the customer is forgotten, if they are: they asked for it, or it was long ago.
    pub forgotten_at: Option<DateTime<Utc>>,
    /// Since when the customer has the link they can answer by, while it is open.
    pub link_open_since: Option<DateTime<Utc>>,
    pub terms: Terms,
    pub steps: Vec<Taken>,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("a recovery that is {} cannot be {step}", stage.name())]
    Move { stage: Stage, step: &'static str },
    #[error("only the customer answers the follow-up")]
    NotTheCustomer,
    #[error("no customer is known who could be asked")]
    NobodyToAsk,
    #[error("a customer is known: ask, the record does not speak for them")]
    AskTheCustomer,
    #[error("the customer is forgotten: nobody can be asked, and nothing speaks for them")]
    Forgotten,
    #[error("the record needs {needed} kept checks in a row and has {kept}")]
    TooLittleRecord { kept: u32, needed: u32 },
    #[error("the customer has until {until} to answer")]
    StillTimeToAnswer { until: DateTime<Utc> },
    #[error("the customer's link has ended: make a new one, or they cannot answer")]
    LinkEnded,
    #[error("this was answered already")]
    AnsweredAlready,
    #[error("no question is with the customer")]
    NothingAsked,
    #[error("the apology to a customer takes responsibility and offers repair")]
    NoApology,
}

impl Outcome {
    pub const ALL: [Self; 5] =
        [Self::Restored, Self::RestoredByRecord, Self::Partly, Self::NotRestored, Self::NoAnswer];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::RestoredByRecord => "restored_by_record",
            Self::Partly => "partly",
            Self::NotRestored => "not_restored",
            Self::NoAnswer => "no_answer",
        }
    }
}

impl Stage {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Acknowledged => "acknowledged",
            Self::Understood => "understood",
            Self::Remedied => "remedied",
            Self::FollowingUp => "following_up",
            Self::Closed(_) => "closed",
        }
    }

    #[must_use]
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Closed(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// Where a step of this name leads from here; a closing has its outcome.
    #[must_use]
    pub fn after(self, step: &str, outcome: Option<Outcome>) -> Option<Self> {
        use Stage::{Acknowledged, Closed, FollowingUp, Opened, Remedied, Understood};
        match (step, self) {
            ("acknowledged", Opened) => Some(Acknowledged),
            ("understood", Acknowledged) => Some(Understood),
            ("remedied", Understood) => Some(Remedied),
            // Without a follow-up there is only no answer where the customer is forgotten.
            ("follow_up_sent" | "record_watched" | "no_answer", Remedied) => Some(FollowingUp),
            ("updated" | "asked_customer" | "customer_replied", Acknowledged | Understood)
            | ("answered" | "record_spoke" | "no_answer", FollowingUp)
            | ("learned", Remedied | FollowingUp) => Some(self),
            ("closed", FollowingUp) => outcome.map(Closed),
            ("reopened", Remedied | FollowingUp | Closed(_)) => Some(Opened),
            ("late", open) if !matches!(open, Closed(_)) => Some(self),
            _ => None,
        }
    }

    /// The stage of this name; a closed one has its outcome.
    ///
    /// # Errors
    /// No such stage or outcome, or a closed one without.
    pub fn parse(stage: &str, outcome: Option<&str>) -> Result<Self, Fault> {
        let outcome = || Outcome::ALL.into_iter().find(|one| Some(one.name()) == outcome);
        match stage {
            "opened" => Ok(Self::Opened),
            "acknowledged" => Ok(Self::Acknowledged),
            "understood" => Ok(Self::Understood),
            "remedied" => Ok(Self::Remedied),
            "following_up" => Ok(Self::FollowingUp),
            "closed" => outcome().map(Self::Closed).ok_or(Fault::UnknownChoice),
            _ => Err(Fault::UnknownChoice),
        }
    }
}

impl Step {
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Acknowledged(_) => "acknowledged",
            Self::Understood(_) => "understood",
            Self::Updated(_) => "updated",
            Self::AskedCustomer => "asked_customer",
            Self::CustomerReplied => "customer_replied",
            Self::Remedied(_) => "remedied",
            Self::FollowUpSent => "follow_up_sent",
            Self::RecordWatched => "record_watched",
            Self::Answered(_) => "answered",
            Self::RecordSpoke { .. } => "record_spoke",
            Self::NoAnswer => "no_answer",
            Self::Learned(_) => "learned",
            Self::Closed { .. } => "closed",
            Self::Reopened { .. } => "reopened",
            Self::Late { .. } => "late",
        }
    }

    /// The free texts of this step, and which of them are public: they stand beside the record, never in it.
    #[must_use]
    pub fn texts(&self) -> &'static [(&'static str, bool)] {
        Self::texts_of(self.name())
    }

    /// The same by the name of a step.
    #[must_use]
    pub fn texts_of(step: &str) -> &'static [(&'static str, bool)] {
        match step {
            "acknowledged" => &[("apology", false)],
            "understood" => &[("words", false), ("cause", false), ("remedy_sought", false)],
            "updated" => &[("told", false)],
            "remedied" => &[("correction", true), ("remedy", true), ("gesture", false)],
            "answered" => &[("words", false)],
            "learned" => &[("cause", true), ("corrective_action", true), ("why_none", true)],
            "reopened" => &[("why", false)],
            _ => &[],
        }
    }

    /// What else of a step may stand in the public record: times of ours, never who, what it cost, or what a customer
    /// answered beyond the outcome.
    pub const RECORDED: [&'static str; 6] = ["step", "next_update_by", "received_at", "kept", "outcome", "clock"];

    /// The field under which the record commits to what is private in a step and no text of its own: what it cost, what a
    /// customer answered beyond the outcome.
    pub const DETAILS: &str = "details";

    /// Where this step leads from a stage.
    fn leads(&self, from: Stage) -> Option<Stage> {
        let outcome = match self {
            Self::Closed { outcome } => Some(*outcome),
            _ => None,
        };
        from.after(self.name(), outcome)
    }
}

impl Recovery {
    /// How long a customer has to answer the follow-up before silence may be called *no answer*.
    pub const TIME_TO_ANSWER: TimeDelta = TimeDelta::days(7);

    #[must_use]
    pub fn stage(&self) -> Stage {
        self.steps.iter().fold(Stage::Opened, |stage, taken| taken.step.leads(stage).unwrap_or(stage))
    }

    /// The steps since it was opened or last reopened: trust is asked for anew each time.
    #[must_use]
    pub fn round(&self) -> &[Taken] {
        let start = self.steps.iter().rposition(|taken| matches!(taken.step, Step::Reopened { .. }));
        &self.steps[start.map_or(0, |position| position + 1)..]
    }

    /// When the present round began.
    #[must_use]
    pub fn round_began(&self) -> DateTime<Utc> {
        let reopened = self.steps.iter().rev().find(|taken| matches!(taken.step, Step::Reopened { .. }));
        reopened.map_or(self.opened_at, |taken| taken.at)
    }

    /// Whether there is a customer whose word counts, and who can be asked for it: known by name, or the one who told
    /// us, and not forgotten.
    #[must_use]
    pub fn has_customer(&self) -> bool {
        self.forgotten_at.is_none() && (self.customer_known || self.found_by == FoundBy::Customer)
    }

    /// Whether there is something private to forget: all of it, or what was written since the customer was forgotten.
    #[must_use]
    pub fn has_private_words(&self) -> bool {
        let since = self.forgotten_at.unwrap_or(DateTime::<Utc>::MIN_UTC);
        let private = |step: &Step| step.texts().iter().any(|(_, public)| !public);
        self.steps.iter().any(|taken| taken.at > since && private(&taken.step))
    }

    /// Since when the record has been watched, while it is.
    #[must_use]
    pub fn watched_since(&self) -> Option<DateTime<Utc>> {
        let watched = self.stage() == Stage::FollowingUp && self.has(|step| matches!(step, Step::RecordWatched));
        let remedied = self.round().iter().find(|taken| matches!(taken.step, Step::Remedied(_)));
        remedied.filter(|_| watched).map(|taken| taken.at)
    }

    /// Whether a question is with the customer now.
    #[must_use]
    pub fn awaits_customer(&self) -> bool {
        let last = self.round().iter().rev().find_map(|taken| match taken.step {
            Step::AskedCustomer => Some(true),
            Step::CustomerReplied => Some(false),
            _ => None,
        });
        last.unwrap_or(false) && self.forgotten_at.is_none()
    }

    /// Whether the customer may be sent a new link to the follow-up, so that the one before ends.
    ///
    /// # Errors
    /// The customer is forgotten, has answered, or was not asked in this round.
    pub fn renew_link(&self) -> Result<(), Refused> {
        if self.forgotten_at.is_some() {
            Err(Refused::Forgotten)
        } else if self.verdict_on_trust().is_some() {
            Err(Refused::AnsweredAlready)
        } else if self.stage() != Stage::FollowingUp || !self.has(|step| matches!(step, Step::FollowUpSent)) {
            Err(Refused::NothingAsked)
        } else {
            Ok(())
        }
    }

    /// Whether the process and the employee have answered in this round.
    #[must_use]
    pub fn has_learned(&self) -> bool {
        self.has(|step| matches!(step, Step::Learned(_)))
    }

    /// What the customer's side comes to in this round, once it has spoken or may be taken as silent.
    #[must_use]
    pub fn verdict_on_trust(&self) -> Option<Outcome> {
        self.round().iter().find_map(|taken| trust(&taken.step))
    }

    /// Whether a deadline of ours was ever missed.
    #[must_use]
    pub fn was_late(&self) -> bool {
        self.steps.iter().any(|taken| matches!(taken.step, Step::Late { .. }))
    }

    /// Decides a step. What comes back is written in order: the step, and the closing where it was the last answer of
    /// three.
    ///
    /// # Errors
    /// The step is not possible now, with the reason.
    pub fn take(&self, step: Step, by: Who, now: DateTime<Utc>) -> Result<Vec<Taken>, Refused> {
        let stage = self.stage();
        step.leads(stage).ok_or(Refused::Move { stage, step: step.name() })?;
        self.allow(&step, by, now)?;
        let mut after = self.clone();
        after.steps.push(Taken { at: now, by, step });
        if let (Stage::FollowingUp, true, Some(outcome)) =
            (after.stage(), after.has_learned(), after.verdict_on_trust())
        {
            after.steps.push(Taken { at: now, by, step: Step::Closed { outcome } });
        }
        Ok(after.steps.split_off(self.steps.len()))
    }

    fn allow(&self, step: &Step, by: Who, now: DateTime<Utc>) -> Result<(), Refused> {
        match step {
            Step::Updated(_)
            | Step::AskedCustomer
            | Step::CustomerReplied
            | Step::FollowUpSent
            | Step::RecordWatched
            | Step::Answered(_)
            | Step::RecordSpoke { .. }
                if self.forgotten_at.is_some() =>
            {
                Err(Refused::Forgotten)
            }
            Step::Acknowledged(said) if self.has_customer() && said.apology.is_none() => Err(Refused::NoApology),
            Step::AskedCustomer | Step::FollowUpSent if !self.has_customer() => Err(Refused::NobodyToAsk),
            Step::AskedCustomer if self.awaits_customer() => Err(Refused::AnsweredAlready),
            Step::CustomerReplied if !self.awaits_customer() => Err(Refused::NothingAsked),
            Step::RecordWatched if self.has_customer() => Err(Refused::AskTheCustomer),
            Step::Answered(_) if by != Who::Customer => Err(Refused::NotTheCustomer),
            Step::NoAnswer if self.stage() == Stage::Remedied && self.forgotten_at.is_none() => {
                Err(Refused::Move { stage: Stage::Remedied, step: step.name() })
            }
            Step::Answered(_) | Step::NoAnswer
                if self.forgotten_at.is_none() && !self.has(|step| matches!(step, Step::FollowUpSent)) =>
            {
                Err(Refused::NobodyToAsk)
            }
            Step::Answered(_) | Step::NoAnswer | Step::RecordSpoke { .. } if self.verdict_on_trust().is_some() => {
                Err(Refused::AnsweredAlready)
            }
            Step::NoAnswer => self.silence(now),
            Step::RecordSpoke { kept } => self.record_speaks(*kept),
            Step::Learned(_) if self.has_learned() => Err(Refused::AnsweredAlready),
            // Closing is what the third answer does; nobody does it.
            Step::Closed { .. } => Err(Refused::Move { stage: self.stage(), step: step.name() }),
            Step::Late { clock } if self.has(|step| *step == Step::Late { clock: *clock }) => {
                Err(Refused::AnsweredAlready)
            }
            _ => Ok(()),
        }
    }

    /// Silence is *no answer* after a time in which the customer could answer; of whom is forgotten, none can come any more.
    fn silence(&self, now: DateTime<Utc>) -> Result<(), Refused> {
        if self.forgotten_at.is_some() {
            return Ok(());
        }
        let until = self.link_open_since.ok_or(Refused::LinkEnded)? + Self::TIME_TO_ANSWER;
        if now < until { Err(Refused::StillTimeToAnswer { until }) } else { Ok(()) }
    }

    fn record_speaks(&self, kept: u32) -> Result<(), Refused> {
        let needed = self.terms.proof;
        if self.watched_since().is_none() {
            Err(Refused::AskTheCustomer)
        } else if kept < needed {
            Err(Refused::TooLittleRecord { kept, needed })
        } else {
            Ok(())
        }
    }

    fn has(&self, wanted: impl Fn(&Step) -> bool) -> bool {
        self.round().iter().any(|taken| wanted(&taken.step))
    }
}

fn trust(step: &Step) -> Option<Outcome> {
    match step {
        Step::Answered(answer) => Some(answer.outcome()),
        Step::RecordSpoke { .. } => Some(Outcome::RestoredByRecord),
        Step::NoAnswer => Some(Outcome::NoAnswer),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
