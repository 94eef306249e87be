//! How much answer a break calls for, and why.

use serde::Serialize;

use super::Severity;

/// What weighs on a recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    pub severity: Severity,
    /// The same customer was failed before.
    pub repeated: bool,
    /// Similar breaks at the place in the last 30 days.
    pub similar: u32,
    pub preventable: bool,
}

/// The level, with what made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    pub level: Level,
    pub because: Circumstances,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The remedy and an honest word.
    Plain,
    /// The remedy, something beyond it, and a person who stays with it.
    Raised,
    /// The owner calls, today.
    Grave,
}

impl Tier {
    #[must_use]
    pub fn of(because: Circumstances) -> Self {
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

    /// Whether a good recovery can leave more trust than there was before. It can only after a first, small failure
    /// that could not be foreseen (de Matos, Henrique and Rossi, Service recovery paradox: a meta-analysis, 2007).
    #[must_use]
    pub fn paradox_holds(self) -> bool {
        self.level == Level::Plain
    }
}
