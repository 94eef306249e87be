//! The allowed values of fields, for the OpenAPI description. They are taken from `domain`, so that the two cannot differ.

use std::borrow::Cow;

use domain::{breaks, correction, finding, guarantee, obstacle, recovery, second_look, verdict};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! choices {
    ($($name:ident = $values:expr;)*) => {$(
        pub enum $name {}
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some($values)).into()
            }
        }
        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

choices! {
    StepAuthor = ["person", "program", "customer", "trialmark"];
    DeadlineKind = recovery::DeadlineKind::ALL.map(recovery::DeadlineKind::name);
    CustomerKnowledge = ["named", "withheld", "forgotten"];
    Decision = obstacle::Decision::ALL.map(obstacle::Decision::name);
    FoundBy = breaks::FoundBy::ALL.map(breaks::FoundBy::name);
    FixedAnswer = recovery::FixedAnswer::ALL.map(recovery::FixedAnswer::name);
    GuaranteeStage = guarantee::Stage::ALL.map(guarantee::Stage::name);
    GuaranteeMove = guarantee::Transition::ALL.map(guarantee::Transition::name);
    // `missed` cannot be reported: the schedule records it when nobody checked.
    ReportedVerdict = finding::FindingDraft::VERDICTS.map(verdict::Verdict::name);
    CorrectedVerdict = correction::CheckToCorrect::VERDICTS.map(verdict::Verdict::name);
    Verdict = verdict::Verdict::ALL.map(verdict::Verdict::name);
    Obstacle = obstacle::Obstacle::ALL.map(obstacle::Obstacle::name);
    Outcome = recovery::Outcome::ALL.map(recovery::Outcome::name);
    RecoveryState = ["open", "closed"];
    RecoveryStage = recovery::Stage::NAMES;
    SecondLook = second_look::SecondLookOutcome::ANSWERS.map(second_look::SecondLookOutcome::name);
    Severity = recovery::Severity::ALL.map(recovery::Severity::name);
    TierLevel = recovery::Level::ALL.map(recovery::Level::name);
    Task = recovery::Task::ALL.map(recovery::Task::name);
    Turn = recovery::Turn::NAMES;
}

/// One criterion of a guarantee.
pub enum CriterionLine {}

impl PartialSchema for CriterionLine {
    fn schema() -> RefOr<Schema> {
        let line = ObjectBuilder::new().schema_type(Type::String);
        line.min_length(Some(1)).max_length(Some(160)).pattern(Some(r"\S")).into()
    }
}

impl ToSchema for CriterionLine {
    fn name() -> Cow<'static, str> {
        "CriterionLine".into()
    }
}
