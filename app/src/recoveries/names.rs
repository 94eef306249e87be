//! Text keys for stages, outcomes, deadlines and tiers of a recovery.

use domain::finding::Reason;
use domain::recovery::{DeadlineKind, Level, Outcome, Severity, Stage, Task, Turn};
use store::RecoveryRow;

use crate::texts::Texts;

/// The stage of the recovery, and what it waits for.
pub(super) fn situation_key(stage: Stage, turn: Turn, reopened: bool) -> &'static str {
    match (stage, turn) {
        (Stage::Opened, _) if reopened => "recoveries-case-reopened",
        (Stage::Opened, _) => "recoveries-case-opened",
        (Stage::Acknowledged | Stage::Understood, Turn::Customer) => "recoveries-case-question",
        (Stage::Acknowledged | Stage::Understood, Turn::Business(Task::Update)) => "recoveries-case-update",
        (Stage::Acknowledged, _) => "recoveries-case-acknowledged",
        (Stage::Understood, _) => "recoveries-case-understood",
        (Stage::Remedied, _) => "recoveries-case-remedied",
        (Stage::FollowingUp, Turn::Business(Task::Learn)) => "recoveries-case-lesson",
        (Stage::FollowingUp, Turn::Business(Task::RenewLink)) => "recoveries-case-link-ended",
        (Stage::FollowingUp, Turn::Business(_)) => "recoveries-case-silent",
        (Stage::FollowingUp, Turn::Record) => "recoveries-case-watched",
        (Stage::FollowingUp, _) => "recoveries-case-following-up",
        (Stage::Closed(outcome), _) => outcome_key(outcome),
    }
}

/// The outcome for trust, as a sentence.
pub(super) fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Restored => "recoveries-case-restored",
        Outcome::RestoredByRecord => "recoveries-case-restored-by-record",
        Outcome::Partly => "recoveries-case-partly",
        Outcome::NotRestored => "recoveries-case-not-restored",
        Outcome::NoAnswer => "recoveries-case-no-answer",
    }
}

/// Whose turn it is.
pub(super) fn turn_key(turn: Turn) -> &'static str {
    match turn {
        Turn::Business(_) => "recoveries-turn-ours",
        Turn::Customer => "recoveries-turn-customer",
        Turn::Record => "recoveries-turn-record",
        Turn::Closed => "recoveries-closed",
    }
}

pub(super) fn deadline_key(kind: DeadlineKind) -> &'static str {
    match kind {
        DeadlineKind::Acknowledge => "recoveries-clock-acknowledge",
        DeadlineKind::NextUpdate => "recoveries-clock-next-update",
        DeadlineKind::Remedy => "recoveries-clock-remedy",
        DeadlineKind::FollowUp => "recoveries-clock-follow-up",
    }
}

pub(super) fn level_key(level: Level) -> &'static str {
    match level {
        Level::Plain => "recoveries-tier-plain",
        Level::Raised => "recoveries-tier-raised",
        Level::Grave => "recoveries-tier-grave",
    }
}

pub(super) fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "recoveries-severity-minor",
        Severity::Major => "recoveries-severity-major",
        Severity::LifeEvent => "recoveries-severity-life-event",
    }
}

/// What was broken, as a sentence.
pub(crate) fn headline(texts: Texts, row: &RecoveryRow) -> String {
    match (row.reason, &row.criterion) {
        (Reason::Criterion(_), Some(criterion)) => {
            texts.text_with("recoveries-not-kept", &[("criterion", criterion.as_str().into())])
        }
        (Reason::Safety, _) => texts.text("recoveries-for-safety"),
        (Reason::Criterion(_) | Reason::Other, _) => texts.text("recoveries-other"),
    }
}
