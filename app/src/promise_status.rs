//! The status of a promise as a sentence.

use chrono::{DateTime, Utc};
use domain::guarantee::Mark;
use domain::measure::{Basis, Level};
use domain::promise_status::PromiseStatus;

use crate::texts::Texts;

/// The status of a promise with this mark. `day` formats the day of an instant.
pub fn sentence(texts: Texts, status: PromiseStatus, mark: Mark, day: impl Fn(DateTime<Utc>) -> String) -> String {
    let rated = |key, level: Level| {
        let level = texts.percent(level.share.basis_points()).into();
        texts.text_with(key, &[("level", level), ("mark", texts.percent(mark.basis_points()).into())])
    };
    let counted = |key, level: Level| {
        texts.text_with(key, &[("part", level.share.part().into()), ("whole", level.share.whole().into())])
    };
    match status {
        PromiseStatus::Retired => texts.text("status-retired"),
        PromiseStatus::NeverChecked => texts.text("status-never-checked"),
        PromiseStatus::NotCheckedLately { last } => {
            texts.text_with("status-not-checked-lately", &[("day", day(last).into())])
        }
        PromiseStatus::DidNotApply => texts.text("status-did-not-apply"),
        PromiseStatus::NoDueCheckMade(level) => counted("status-none-made", level),
        PromiseStatus::TooFewChecks(level @ Level { basis: Basis::Kept, .. }) => counted("status-few-kept", level),
        PromiseStatus::TooFewChecks(level @ Level { basis: Basis::Strict, .. }) => counted("status-few-strict", level),
        PromiseStatus::Holds(level @ Level { basis: Basis::Kept, .. }) => rated("status-holds-kept", level),
        PromiseStatus::Holds(level @ Level { basis: Basis::Strict, .. }) => rated("status-holds-strict", level),
        PromiseStatus::BelowMark(level @ Level { basis: Basis::Kept, .. }) => rated("status-below-kept", level),
        PromiseStatus::BelowMark(level @ Level { basis: Basis::Strict, .. }) => rated("status-below-strict", level),
    }
}
