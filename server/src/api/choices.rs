//! The words a field may be, for the description: taken from the rules, so that the two cannot differ.

use std::borrow::Cow;

use domain::breaks::FoundBy;
use domain::check::Verdict as Judged;
use domain::guarantee::{Move as Verb, Stage};
use domain::obstacle::{Decision as Decided, Obstacle as Obstructed};
use domain::recovery::{ClockKind, Fixed as Mended, Outcome as Ended, Severity as Weight};
use domain::second_look::Outcome as Looked;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! choices {
    ($($name:ident = $words:expr;)*) => {$(
        pub enum $name {}
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some($words)).into()
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
    By = ["person", "program", "customer", "trialmark"];
    ClockName = [ClockKind::Acknowledge, ClockKind::NextUpdate, ClockKind::Remedy, ClockKind::FollowUp].map(ClockKind::name);
    Acquaintance = ["named", "withheld", "forgotten"];
    Decision = Decided::ALL.map(Decided::name);
    Finder = [FoundBy::Staff, FoundBy::Customer].map(FoundBy::name);
    Fixed = [Mended::Yes, Mended::Partly, Mended::No].map(Mended::name);
    GuaranteeStage = [Stage::Draft, Stage::Trial, Stage::Published, Stage::Suspended, Stage::Retired].map(Stage::name);
    Move = Verb::ALL.map(Verb::name);
    // Nobody reports a miss: it is what the schedule says when nobody came.
    ReportedVerdict = [Judged::Kept, Judged::Broken, Judged::NotApplicable].map(Judged::name);
    // Taken back: nobody had looked.
    CorrectedVerdict = [Judged::Kept, Judged::Broken, Judged::NotApplicable, Judged::TakenBack].map(Judged::name);
    Verdict = Judged::ALL.map(Judged::name);
    Obstacle = Obstructed::ALL.map(Obstructed::name);
    Outcome = Ended::ALL.map(Ended::name);
    Openness = ["open", "closed"];
    RecoveryStage = ["opened", "acknowledged", "understood", "remedied", "following_up", "closed"];
    SecondLook = Looked::SAID.map(Looked::name);
    Severity = Weight::ALL.map(Weight::name);
    Level = ["plain", "raised", "grave"];
}

/// One line of a list of them.
pub enum Line {}

impl PartialSchema for Line {
    fn schema() -> RefOr<Schema> {
        let line = ObjectBuilder::new().schema_type(Type::String);
        line.min_length(Some(1)).max_length(Some(160)).pattern(Some(r"\S")).into()
    }
}

impl ToSchema for Line {
    fn name() -> Cow<'static, str> {
        "Line".into()
    }
}
