//! The tier of a recovery: how much attention a break needs, and the reasons.

use super::Severity;

use crate::closed_set::closed_set;

/// The facts that decide the tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierInputs {
    pub severity: Severity,
    /// Whether the same customer had an earlier break.
    pub repeated: bool,
    /// Similar breaks at the place in the last 30 days.
    pub similar: u32,
    /// Whether the business could have prevented the break.
    pub preventable: bool,
}

/// The level of a recovery, with the facts that led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    pub level: Level,
    pub because: TierInputs,
}

/// How much attention a recovery needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The remedy and an honest explanation.
    Plain,
    /// The remedy, a gesture beyond it, and one person who stays responsible.
    Raised,
    /// The owner calls the customer today.
    Grave,
}

closed_set! { Level.name { Plain = "plain", Raised = "raised", Grave = "grave" } }

impl Tier {
    /// The tier for these facts. Points are added up: severity (minor 0, major 1, life event 3), 2 if repeated, 1 if
    /// there were similar breaks, 1 if preventable. 0 points are [`Level::Plain`], 1 or 2 [`Level::Raised`], more
    /// [`Level::Grave`].
    #[must_use]
    pub fn of(because: TierInputs) -> Self {
        let weight = match because.severity {
            Severity::Minor => 0,
            Severity::Major => 1,
            Severity::LifeEvent => 3,
        } + u32::from(because.repeated) * 2
            + u32::from(because.similar > 0)
            + u32::from(because.preventable);
        let level = match weight {
            0 => Level::Plain,
            1..=2 => Level::Raised,
            _ => Level::Grave,
        };
        Self { level, because }
    }

    /// Whether a good recovery can leave more trust than before (the service recovery paradox). It can only after a
    /// first, small failure that could not be foreseen (de Matos, Henrique and Rossi, "Service recovery paradox: a
    /// meta-analysis", 2007).
    #[must_use]
    pub fn paradox_holds(self) -> bool {
        self.level == Level::Plain
    }
}
