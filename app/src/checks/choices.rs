//! The choices in the forms for a broken promise: the reason, who found it, and the obstacle.

use domain::breaks::FoundBy;
use domain::finding::Reason;
use domain::obstacle::Obstacle;

use crate::form::ChoiceItem;
use crate::names::{found_by_key, obstacle_key, reason_key};
use crate::texts::Texts;

/// The reasons for a wording with these criteria.
pub(crate) fn reasons(texts: Texts, criteria: &[String]) -> Vec<ChoiceItem> {
    let label = |reason: Reason| match reason {
        Reason::Criterion(position) => criteria.get(position as usize).cloned().unwrap_or_default(),
        Reason::Safety | Reason::Other => texts.text(reason_key(reason)),
    };
    Reason::all(criteria.len()).map(|reason| ChoiceItem::new(reason.to_string(), label(reason))).collect()
}

/// The reasons for a select field, with nothing selected at first.
pub(crate) fn reasons_or_none(texts: Texts, criteria: &[String]) -> Vec<ChoiceItem> {
    let none = ChoiceItem::new("", texts.text("checks-choose"));
    [none].into_iter().chain(reasons(texts, criteria)).collect()
}

pub(crate) fn found_by(texts: Texts) -> Vec<ChoiceItem> {
    FoundBy::ALL.map(|by| ChoiceItem::new(by.name(), texts.text(found_by_key(by)))).to_vec()
}

/// The preselected choice: staff, unless something else was typed.
pub(crate) fn found_by_or_staff(typed: &str) -> String {
    if typed.is_empty() { FoundBy::Staff.name().to_owned() } else { typed.to_owned() }
}

pub(crate) fn obstacles(texts: Texts) -> Vec<ChoiceItem> {
    let none = ChoiceItem::new("", texts.text("checks-obstacle-none"));
    let obstacles = Obstacle::ALL.map(|obstacle| ChoiceItem::new(obstacle.name(), texts.text(obstacle_key(obstacle))));
    [none].into_iter().chain(obstacles).collect()
}
