//! The recovery: the whole answer to one break, for the customer, the process and the employee.

mod deadlines;
mod request;
mod step_kind;
mod steps;
mod tier;
mod turn;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::actor::Principal;
use crate::breaks::FoundBy;
use crate::closed_set::closed_set;
use crate::fault::Fault;
use crate::guarantee::Terms;
use crate::record::split_texts;

pub use deadlines::{Deadline, DeadlineKind, UpdateStep, promised_update};
pub use request::StepRequest;
pub use step_kind::StepKind;
pub use steps::{
    Acknowledgement, AcknowledgementDraft, Answer, FixedAnswer, FollowUpDraft, Lesson, LessonDraft, Remedy,
    RemedyDraft, ReopenDraft, Severity, StepDraft, Understanding, UnderstandingDraft, Update, UpdateDraft,
};
pub use tier::{Level, Tier, TierInputs};
pub use turn::{Task, Turn};

/// One fact in a recovery. Steps are appended and never edited: the state of a recovery follows from its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum Step {
    Acknowledged(Acknowledgement),
    Understood(Understanding),
    /// The customer was told how the recovery is going.
    Updated(Update),
    /// The customer was asked a question. The remedy clock pauses until the reply.
    AskedCustomer,
    CustomerReplied,
    Remedied(Remedy),
    /// The customer was sent the follow-up questions by a single-use link.
    FollowUpSent,
    /// No customer can be asked, so the kept checks at the place are watched instead.
    #[serde(rename = "record_watched")]
    RecordWatchStarted,
    /// The customer's own answers to the follow-up.
    Answered(Answer),
    /// The place had `kept` kept checks in a row and no new break.
    #[serde(rename = "record_spoke")]
    RestoredByRecord {
        kept: u32,
    },
    /// The customer did not answer the follow-up, or can no longer be asked.
    NoAnswer,
    /// What the business learned (process), and how the employee was treated.
    Learned(Lesson),
    Closed {
        outcome: Outcome,
    },
    Reopened {
        why: crate::text::Prose,
    },
    /// The business missed one of its own deadlines.
    Late {
        clock: DeadlineKind,
    },
}

/// A step, with the time it was taken and who took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenStep {
    pub at: DateTime<Utc>,
    pub by: Principal,
    pub step: Step,
}

/// The stage of a recovery: opened → acknowledged → understood → remedied → following up → closed. Reopening leads back
/// to `Opened`.
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

/// How a recovery ended for the customer's trust. `Restored` is only ever the customer's own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Restored,
    /// No customer could be asked, and enough kept checks in a row followed.
    RestoredByRecord,
    Partly,
    NotRestored,
    /// The customer did not answer. This is never counted as a success.
    NoAnswer,
}

/// A recovery: how it began, and the steps taken so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    pub opened_at: DateTime<Utc>,
    pub found_by: FoundBy,
    /// Whether a customer is known who could be asked.
    pub customer_known: bool,
    /// When the customer's personal data was erased, if it was: on request, or after the retention period.
    pub customer_erased_at: Option<DateTime<Utc>>,
    /// When the customer got the link they can answer by. `None` once that link has ended.
    pub link_open_since: Option<DateTime<Utc>>,
    /// The deadlines promised by the guarantee, and the number of kept checks that restores trust.
    pub terms: Terms,
    pub steps: Vec<TakenStep>,
}

/// Why a recovery step cannot be taken now.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecoveryError {
    #[error("a recovery that is {} cannot be {step}", stage.name())]
    Transition { stage: Stage, step: &'static str },
    #[error("only the customer answers the follow-up")]
    NotTheCustomer,
    #[error("no customer is known who could be asked")]
    NobodyToAsk,
    #[error("a customer is known: ask, the record does not speak for them")]
    CustomerKnown,
    #[error("the customer is forgotten: nobody can be asked, and nothing speaks for them")]
    CustomerErased,
    #[error("the record needs {needed} kept checks in a row and has {kept}")]
    TooFewKeptChecks { kept: u32, needed: u32 },
    #[error("the customer has until {until} to answer")]
    StillTimeToAnswer { until: DateTime<Utc> },
    #[error("the customer's link has ended: make a new one, or they cannot answer")]
    LinkEnded,
    #[error("this was answered already")]
    AnsweredAlready,
    #[error("no question is with the customer")]
    NoOpenQuestion,
    #[error("the apology to a customer takes responsibility and offers repair")]
    NoApology,
}

closed_set! {
    Outcome.name {
        Restored = "restored",
        RestoredByRecord = "restored_by_record",
        Partly = "partly",
        NotRestored = "not_restored",
        NoAnswer = "no_answer",
    }
}

impl Stage {
    /// The names of all stages, without outcomes.
    pub const NAMES: [&'static str; 6] = ["opened", "acknowledged", "understood", "remedied", "following_up", "closed"];

    /// The stable name, as stored and published. It does not include the outcome of a closed recovery.
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

    /// The outcome, if the recovery is closed.
    #[must_use]
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Closed(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// How many of the five steps are done: acknowledge, understand, solve, follow up, close.
    #[must_use]
    pub fn steps_done(self) -> usize {
        match self {
            Self::Opened => 0,
            Self::Acknowledged => 1,
            Self::Understood => 2,
            Self::Remedied | Self::FollowingUp => 3,
            Self::Closed(_) => 5,
        }
    }

    /// Reads a stage from its stored name. `closed` needs the name of an outcome too.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`]: unknown stage, or `closed` without a known outcome.
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
    /// The stable name, as stored and recorded.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.kind().name()
    }

    /// The names of its free text fields, as in [`StepKind::texts`].
    #[must_use]
    pub fn texts(&self) -> &'static [(&'static str, bool)] {
        self.kind().texts()
    }

    /// The other fields of a step that enter the public record. Left out are persons, costs and the customer's answers
    /// beyond the outcome.
    pub const RECORDED: [&'static str; 6] = ["step", "next_update_by", "received_at", "kept", "outcome", "clock"];

    /// The field under which the record commits to the private details of a step that are not free text: the cost, and
    /// the customer's answers beyond the outcome.
    pub const DETAILS: &str = "details";

    /// The stage after this step, if it is possible at stage `from`.
    fn next_stage(&self, from: Stage) -> Option<Stage> {
        let outcome = match self {
            Self::Closed { outcome } => Some(*outcome),
            _ => None,
        };
        from.after(self.kind(), outcome)
    }
}

impl Recovery {
    /// How long (7 days) the customer has to answer the follow-up before the outcome may be `no_answer`.
    pub const TIME_TO_ANSWER: TimeDelta = TimeDelta::days(7);

    /// The current stage, computed from the steps.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.steps.iter().fold(Stage::Opened, |stage, taken| taken.step.next_stage(stage).unwrap_or(stage))
    }

    /// The steps of the current round: those since the recovery was opened or last reopened. Each round asks about
    /// trust again.
    #[must_use]
    pub fn current_round(&self) -> &[TakenStep] {
        let start = self.steps.iter().rposition(|taken| matches!(taken.step, Step::Reopened { .. }));
        &self.steps[start.map_or(0, |position| position + 1)..]
    }

    /// When the current round began.
    #[must_use]
    pub fn current_round_began(&self) -> DateTime<Utc> {
        let reopened = self.steps.iter().rev().find(|taken| matches!(taken.step, Step::Reopened { .. }));
        reopened.map_or(self.opened_at, |taken| taken.at)
    }

    /// Whether there is a customer who can be asked and whose word counts: one who is known, or who reported the break,
    /// and whose data was not erased.
    #[must_use]
    pub fn has_customer(&self) -> bool {
        self.customer_erased_at.is_none() && (self.customer_known || self.found_by == FoundBy::Customer)
    }

    /// Whether a customer's data can be erased: a customer is known or told us of the break, and either nothing was erased
    /// yet or a private text was written since.
    #[must_use]
    pub fn can_erase_customer(&self) -> bool {
        let customer = self.customer_known || self.found_by == FoundBy::Customer;
        customer && self.customer_erased_at.is_none_or(|erased| self.has_private_text_since(erased))
    }

    fn has_private_text_since(&self, since: DateTime<Utc>) -> bool {
        let private =
            |step: &Step| split_texts(step, step.texts()).is_ok_and(|(_, texts)| texts.iter().any(|text| !text.public));
        self.steps.iter().any(|taken| taken.at > since && private(&taken.step))
    }

    /// The time from which kept checks count while the record is watched: when the remedy was recorded. `None` if the
    /// record is not being watched.
    #[must_use]
    pub fn watched_since(&self) -> Option<DateTime<Utc>> {
        let watched = self.stage() == Stage::FollowingUp && self.has(|step| matches!(step, Step::RecordWatchStarted));
        let remedied = self.current_round().iter().find(|taken| matches!(taken.step, Step::Remedied(_)));
        remedied.filter(|_| watched).map(|taken| taken.at)
    }

    /// Whether a question to the customer is waiting for a reply.
    #[must_use]
    pub fn awaits_customer(&self) -> bool {
        let last = self.current_round().iter().rev().find_map(|taken| match taken.step {
            Step::AskedCustomer => Some(true),
            Step::CustomerReplied => Some(false),
            _ => None,
        });
        last.unwrap_or(false) && self.customer_erased_at.is_none()
    }

    /// Checks that the customer may be sent a new follow-up link. The new link ends the old one.
    ///
    /// # Errors
    /// [`RecoveryError::CustomerErased`], [`RecoveryError::AnsweredAlready`], or [`RecoveryError::NoOpenQuestion`] if
    /// no follow-up was sent in this round.
    pub fn require_renewable_link(&self) -> Result<(), RecoveryError> {
        if self.customer_erased_at.is_some() {
            Err(RecoveryError::CustomerErased)
        } else if self.trust_outcome().is_some() {
            Err(RecoveryError::AnsweredAlready)
        } else if self.stage() != Stage::FollowingUp || !self.has(|step| matches!(step, Step::FollowUpSent)) {
            Err(RecoveryError::NoOpenQuestion)
        } else {
            Ok(())
        }
    }

    /// Whether the lesson (process and employee) was recorded in this round.
    #[must_use]
    pub fn has_lesson(&self) -> bool {
        self.has(|step| matches!(step, Step::Learned(_)))
    }

    /// The outcome for trust in this round: from the customer's answer, the record, or `no_answer`. `None` while it is
    /// open.
    #[must_use]
    pub fn trust_outcome(&self) -> Option<Outcome> {
        self.current_round().iter().find_map(|taken| trust(&taken.step))
    }

    /// Whether the business ever missed one of its own deadlines in this recovery.
    #[must_use]
    pub fn was_late(&self) -> bool {
        self.steps.iter().any(|taken| matches!(taken.step, Step::Late { .. }))
    }

    /// Decides whether a step may be taken. Returns the steps to append, in order: the step itself, and a `closed` step
    /// if the recovery now has all three answers (customer, process, employee).
    ///
    /// # Errors
    /// [`RecoveryError::Transition`] if the step is not possible at this stage; otherwise the [`RecoveryError`] that
    /// names the rule it breaks.
    pub fn take_step(&self, step: Step, by: Principal, now: DateTime<Utc>) -> Result<Vec<TakenStep>, RecoveryError> {
        let stage = self.stage();
        step.next_stage(stage).ok_or(RecoveryError::Transition { stage, step: step.name() })?;
        self.allow(&step, by, now)?;
        let mut after = self.clone();
        after.steps.push(TakenStep { at: now, by, step });
        if let (Stage::FollowingUp, true, Some(outcome)) = (after.stage(), after.has_lesson(), after.trust_outcome()) {
            after.steps.push(TakenStep { at: now, by, step: Step::Closed { outcome } });
        }
        Ok(after.steps.split_off(self.steps.len()))
    }

    fn allow(&self, step: &Step, by: Principal, now: DateTime<Utc>) -> Result<(), RecoveryError> {
        match step {
            Step::Updated(_)
            | Step::AskedCustomer
            | Step::CustomerReplied
            | Step::FollowUpSent
            | Step::RecordWatchStarted
            | Step::Answered(_)
            | Step::RestoredByRecord { .. }
                if self.customer_erased_at.is_some() =>
            {
                Err(RecoveryError::CustomerErased)
            }
            Step::Acknowledged(said) if self.has_customer() && said.apology.is_none() => Err(RecoveryError::NoApology),
            Step::AskedCustomer | Step::FollowUpSent if !self.has_customer() => Err(RecoveryError::NobodyToAsk),
            Step::AskedCustomer if self.awaits_customer() => Err(RecoveryError::AnsweredAlready),
            Step::CustomerReplied if !self.awaits_customer() => Err(RecoveryError::NoOpenQuestion),
            Step::RecordWatchStarted if self.has_customer() => Err(RecoveryError::CustomerKnown),
            Step::Answered(_) if by != Principal::Customer => Err(RecoveryError::NotTheCustomer),
            Step::NoAnswer if self.stage() == Stage::Remedied && self.customer_erased_at.is_none() => {
                Err(RecoveryError::Transition { stage: Stage::Remedied, step: step.name() })
            }
            Step::Answered(_) | Step::NoAnswer
                if self.customer_erased_at.is_none() && !self.has(|step| matches!(step, Step::FollowUpSent)) =>
            {
                Err(RecoveryError::NobodyToAsk)
            }
            Step::Answered(_) | Step::NoAnswer | Step::RestoredByRecord { .. } if self.trust_outcome().is_some() => {
                Err(RecoveryError::AnsweredAlready)
            }
            Step::NoAnswer => self.allow_no_answer(now),
            Step::RestoredByRecord { kept } => self.allow_record_proof(*kept),
            Step::Learned(_) if self.has_lesson() => Err(RecoveryError::AnsweredAlready),
            // Nobody closes a recovery by hand: `take_step` closes it after the last of the three answers.
            Step::Closed { .. } => Err(RecoveryError::Transition { stage: self.stage(), step: step.name() }),
            Step::Late { clock } if self.has(|step| *step == Step::Late { clock: *clock }) => {
                Err(RecoveryError::AnsweredAlready)
            }
            _ => Ok(()),
        }
    }

    /// `no_answer` is allowed once the customer has had [`Recovery::TIME_TO_ANSWER`] with an open link, or at once if
    /// the customer's data was erased.
    fn allow_no_answer(&self, now: DateTime<Utc>) -> Result<(), RecoveryError> {
        if self.customer_erased_at.is_some() {
            return Ok(());
        }
        let until = self.link_open_since.ok_or(RecoveryError::LinkEnded)? + Self::TIME_TO_ANSWER;
        if now < until { Err(RecoveryError::StillTimeToAnswer { until }) } else { Ok(()) }
    }

    fn allow_record_proof(&self, kept: u32) -> Result<(), RecoveryError> {
        let needed = self.terms.kept_checks_for_trust;
        if self.watched_since().is_none() {
            Err(RecoveryError::CustomerKnown)
        } else if kept < needed {
            Err(RecoveryError::TooFewKeptChecks { kept, needed })
        } else {
            Ok(())
        }
    }

    fn has(&self, wanted: impl Fn(&Step) -> bool) -> bool {
        self.current_round().iter().any(|taken| wanted(&taken.step))
    }
}

fn trust(step: &Step) -> Option<Outcome> {
    let answered = if let Step::Answered(answer) = step { Some(answer.outcome()) } else { None };
    step.kind().trust_outcome(answered)
}

#[cfg(test)]
mod tests;
