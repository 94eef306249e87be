//! What the stages, outcomes, clocks and tiers of a recovery are called.

use domain::check::Reason;
use domain::recovery::{ClockKind, Level, Outcome, Severity, Stage};
use store::RecoveryRow;

use crate::texts::Texts;

/// The name of a stage; of a closed one, how it ended.
pub fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Opened => "recoveries-stage-opened",
        Stage::Acknowledged => "recoveries-stage-acknowledged",
        Stage::Understood => "recoveries-stage-understood",
        Stage::Remedied => "recoveries-stage-remedied",
        Stage::FollowingUp => "recoveries-stage-following-up",
        Stage::Closed(Outcome::Restored) => "recoveries-outcome-restored",
        Stage::Closed(Outcome::RestoredByRecord) => "recoveries-outcome-restored-by-record",
        Stage::Closed(Outcome::Partly) => "recoveries-outcome-partly",
        Stage::Closed(Outcome::NotRestored) => "recoveries-outcome-not-restored",
        Stage::Closed(Outcome::NoAnswer) => "recoveries-outcome-no-answer",
    }
}

/// What is the case at this stage, and what it waits for.
pub(super) fn case_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Opened => "recoveries-case-opened",
        Stage::Acknowledged => "recoveries-case-acknowledged",
        Stage::Understood => "recoveries-case-understood",
        Stage::Remedied => "recoveries-case-remedied",
        Stage::FollowingUp => "recoveries-case-following-up",
        Stage::Closed(Outcome::Restored) => "recoveries-case-restored",
        Stage::Closed(Outcome::RestoredByRecord) => "recoveries-case-restored-by-record",
        Stage::Closed(Outcome::Partly) => "recoveries-case-partly",
        Stage::Closed(Outcome::NotRestored) => "recoveries-case-not-restored",
        Stage::Closed(Outcome::NoAnswer) => "recoveries-case-no-answer",
    }
}

pub(super) fn clock_key(kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::Acknowledge => "recoveries-clock-acknowledge",
        ClockKind::NextUpdate => "recoveries-clock-next-update",
        ClockKind::Remedy => "recoveries-clock-remedy",
        ClockKind::FollowUp => "recoveries-clock-follow-up",
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

/// What was not as promised, as a sentence.
pub(crate) fn headline(texts: Texts, row: &RecoveryRow) -> String {
    match (row.reason, &row.criterion) {
        (Reason::Criterion(_), Some(criterion)) => {
            texts.tell("recoveries-not-kept", &[("criterion", criterion.as_str().into())])
        }
        (Reason::Safety, _) => texts.say("recoveries-for-safety"),
        (Reason::Criterion(_) | Reason::Other, _) => texts.say("recoveries-other"),
    }
}
