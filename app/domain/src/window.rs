//! The window: the span in which a scheduled check is due, and how it ends.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::hours::local_day;
use crate::verdict::Verdict;

/// The span in which a scheduled check is due, plus grace.
///
/// Each instant belongs to the part that it begins: a check exactly at `due` is late, and a check exactly at `closes`
/// comes too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UnvalidatedWindow")]
pub struct Window {
    opens: DateTime<Utc>,
    due: DateTime<Utc>,
    closes: DateTime<Utc>,
}

/// The state of a window: ahead → due → late → over with a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowState {
    /// It has not opened yet.
    Ahead,
    /// A check is expected now.
    Due,
    /// The due time has passed; during the grace a check still counts.
    Late,
    /// Concluded by a check or, if nobody made one, by [`Verdict::Missed`].
    Over(Verdict),
}

/// Why three instants do not form a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WindowError {
    /// The due time is not after the opening time.
    #[error("a window must open before it is due")]
    DueBeforeOpening,
    /// The grace is negative, or it ends after the last date that can be represented.
    #[error("a window must not close before it is due")]
    NegativeGrace,
}

impl Window {
    /// A window in which a check is due from `opens` until `due`, and still counts during `grace`.
    ///
    /// # Errors
    /// [`WindowError::DueBeforeOpening`] or [`WindowError::NegativeGrace`].
    pub fn new(opens: DateTime<Utc>, due: DateTime<Utc>, grace: TimeDelta) -> Result<Self, WindowError> {
        let closes = due.checked_add_signed(grace).ok_or(WindowError::NegativeGrace)?;
        UnvalidatedWindow { opens, due, closes }.try_into()
    }

    /// From this time on a check counts for the window.
    #[must_use]
    pub fn opens(&self) -> DateTime<Utc> {
        self.opens
    }

    /// The time by which the check should be made.
    #[must_use]
    pub fn due(&self) -> DateTime<Utc> {
        self.due
    }

    /// The due time plus grace. From then on the window is over.
    #[must_use]
    pub fn closes(&self) -> DateTime<Utc> {
        self.closes
    }

    /// The state of the window at `now`, given the verdict that `concluded` it, if any.
    ///
    /// A verdict always decides, because a check made in time may arrive later from a device that was offline. Without
    /// one, the window is [`Verdict::Missed`] after the grace.
    #[must_use]
    pub fn state(&self, now: DateTime<Utc>, concluded: Option<Verdict>) -> WindowState {
        match concluded {
            Some(verdict) => WindowState::Over(verdict),
            None if now < self.opens => WindowState::Ahead,
            None if now < self.due => WindowState::Due,
            None if now < self.closes => WindowState::Late,
            None => WindowState::Over(Verdict::Missed),
        }
    }
}

/// The local day on which a check counts. With a window, it is the day the window opens on, even if the check was made
/// in the grace after midnight. Without a window, it is the day of the check itself.
#[must_use]
pub fn day_of<Z: TimeZone>(zone: &Z, window: Option<&Window>, at: DateTime<Utc>) -> NaiveDate {
    local_day(zone, window.map_or(at, Window::opens))
}

/// A window as deserialised, before the order of its instants is checked.
#[derive(Deserialize)]
struct UnvalidatedWindow {
    opens: DateTime<Utc>,
    due: DateTime<Utc>,
    closes: DateTime<Utc>,
}

impl TryFrom<UnvalidatedWindow> for Window {
    type Error = WindowError;

    fn try_from(UnvalidatedWindow { opens, due, closes }: UnvalidatedWindow) -> Result<Self, WindowError> {
        if due <= opens {
            Err(WindowError::DueBeforeOpening)
        } else if closes < due {
            Err(WindowError::NegativeGrace)
        } else {
            Ok(Self { opens, due, closes })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_000_000 + minute * 60, 0).unwrap()
    }

    fn hourly() -> Window {
        Window::new(at(0), at(60), TimeDelta::minutes(15)).unwrap()
    }

    #[test]
    fn a_window_goes_from_ahead_to_due_to_late_to_missed() {
        let states = [-1, 0, 59, 60, 74, 75].map(|minute| hourly().state(at(minute), None));
        assert_eq!(
            states,
            [
                WindowState::Ahead,
                WindowState::Due,
                WindowState::Due,
                WindowState::Late,
                WindowState::Late,
                WindowState::Over(Verdict::Missed),
            ]
        );
    }

    #[test]
    fn a_verdict_arriving_after_closing_replaces_missed() {
        let arrived = hourly().state(at(600), Some(Verdict::Kept));
        assert_eq!(arrived, WindowState::Over(Verdict::Kept));
    }

    #[test]
    fn without_grace_a_window_is_never_late() {
        let strict = Window::new(at(0), at(60), TimeDelta::zero()).unwrap();
        assert_eq!(strict.state(at(60), None), WindowState::Over(Verdict::Missed));
    }

    #[test]
    fn a_window_with_instants_out_of_order_is_refused() {
        let grace = TimeDelta::minutes(15);
        assert_eq!(Window::new(at(60), at(60), grace), Err(WindowError::DueBeforeOpening));
        assert_eq!(Window::new(at(0), at(60), TimeDelta::minutes(-1)), Err(WindowError::NegativeGrace));
        assert_eq!(Window::new(at(0), at(60), TimeDelta::MAX), Err(WindowError::NegativeGrace));
    }

    #[test]
    fn a_window_round_trips_as_json_and_must_be_in_order() {
        let json = serde_json::to_string(&hourly()).unwrap();
        assert_eq!(serde_json::from_str::<Window>(&json).unwrap(), hourly());
        let upside_down =
            r#"{"opens":"2026-03-01T10:00:00Z","due":"2026-03-01T09:00:00Z","closes":"2026-03-01T11:00:00Z"}"#;
        let refused = serde_json::from_str::<Window>(upside_down).unwrap_err();
        assert!(refused.to_string().contains("open before it is due"));
    }

    proptest! {
        #[test]
        fn a_window_without_a_check_ends_as_missed(opens in 0_i64..500, long in 1_i64..500, grace in 0_i64..500, now in -100_i64..2000) {
            let window = Window::new(at(opens), at(opens + long), TimeDelta::minutes(grace)).unwrap();
            let expected = match now {
                _ if now < opens => WindowState::Ahead,
                _ if now < opens + long => WindowState::Due,
                _ if now < opens + long + grace => WindowState::Late,
                _ => WindowState::Over(Verdict::Missed),
            };
            prop_assert_eq!(window.state(at(now), None), expected);
        }
    }
}
