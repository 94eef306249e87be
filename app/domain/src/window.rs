//! The span in which a scheduled check is due, and what becomes of it when nobody looks.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::check::Verdict;
use crate::hours::local_day;

/// The span in which a scheduled check is due, plus grace.
///
/// Each instant belongs to the part it begins: a check at the very instant of `due` is late, one at the
/// instant of `closes` comes too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Window {
    opens: DateTime<Utc>,
    due: DateTime<Utc>,
    closes: DateTime<Utc>,
}

/// Where a window stands: due, then late, then over with the verdict that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has not opened yet: nothing is asked of anyone.
    Ahead,
    /// A check is expected now.
    Due,
    /// The due time has passed; in the grace that follows a check still counts.
    Late,
    /// Concluded by a check or, when nobody made one, by [`Verdict::Missed`].
    Over(Verdict),
}

/// Why three instants do not make a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WindowError {
    /// It would be due before, or at the instant, it opens.
    #[error("a window must open before it is due")]
    DueBeforeOpening,
    /// The grace is negative, or reaches past the end of the calendar.
    #[error("a window must not close before it is due")]
    NoGrace,
}

impl Window {
    /// A window in which a check is due from `opens` until `due`, and counted for `grace` longer.
    ///
    /// # Errors
    /// When it would be due before it opens or close before it is due.
    pub fn new(opens: DateTime<Utc>, due: DateTime<Utc>, grace: TimeDelta) -> Result<Self, WindowError> {
        let closes = due.checked_add_signed(grace).ok_or(WindowError::NoGrace)?;
        Unchecked { opens, due, closes }.try_into()
    }

    /// From when a check counts for this window.
    #[must_use]
    pub fn opens(&self) -> DateTime<Utc> {
        self.opens
    }

    /// By when the check should have been made.
    #[must_use]
    pub fn due(&self) -> DateTime<Utc> {
        self.due
    }

    /// The due time plus grace: from here on the window is over.
    #[must_use]
    pub fn closes(&self) -> DateTime<Utc> {
        self.closes
    }

    /// Where the window stands at `now`, given the verdict that `concluded` it, if one did.
    ///
    /// A check made in time may arrive later (from a device that was offline), so a verdict speaks
    /// whatever the hour; without one, silence past the grace is [`Verdict::Missed`].
    #[must_use]
    pub fn state(&self, now: DateTime<Utc>, concluded: Option<Verdict>) -> State {
        match concluded {
            Some(verdict) => State::Over(verdict),
            None if now < self.opens => State::Ahead,
            None if now < self.due => State::Due,
            None if now < self.closes => State::Late,
            None => State::Over(Verdict::Missed),
        }
    }
}

/// The day that a look counts in, by the clocks of its site: a window and whatever concludes it belong to the day it opens
/// in, in its grace after midnight too. A look at `at` without a window belongs to its own day.
#[must_use]
pub fn day_of<Z: TimeZone>(zone: &Z, window: Option<&Window>, at: DateTime<Utc>) -> NaiveDate {
    local_day(zone, window.map_or(at, Window::opens))
}

/// A window as it arrives from outside, before anyone has looked at the order of its instants.
#[derive(Deserialize)]
struct Unchecked {
    opens: DateTime<Utc>,
    due: DateTime<Utc>,
    closes: DateTime<Utc>,
}

impl TryFrom<Unchecked> for Window {
    type Error = WindowError;

    fn try_from(Unchecked { opens, due, closes }: Unchecked) -> Result<Self, WindowError> {
        if due <= opens {
            Err(WindowError::DueBeforeOpening)
        } else if closes < due {
            Err(WindowError::NoGrace)
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
    fn passes_from_ahead_to_due_to_late_to_missed() {
        let states = [-1, 0, 59, 60, 74, 75].map(|minute| hourly().state(at(minute), None));
        assert_eq!(
            states,
            [State::Ahead, State::Due, State::Due, State::Late, State::Late, State::Over(Verdict::Missed),]
        );
    }

    #[test]
    fn a_verdict_that_arrives_after_closing_stands_instead_of_missed() {
        let arrived = hourly().state(at(600), Some(Verdict::Kept));
        assert_eq!(arrived, State::Over(Verdict::Kept));
    }

    #[test]
    fn without_grace_a_window_is_never_late() {
        let strict = Window::new(at(0), at(60), TimeDelta::zero()).unwrap();
        assert_eq!(strict.state(at(60), None), State::Over(Verdict::Missed));
    }

    #[test]
    fn instants_out_of_order_are_refused() {
        let grace = TimeDelta::minutes(15);
        assert_eq!(Window::new(at(60), at(60), grace), Err(WindowError::DueBeforeOpening));
        assert_eq!(Window::new(at(0), at(60), TimeDelta::minutes(-1)), Err(WindowError::NoGrace));
        assert_eq!(Window::new(at(0), at(60), TimeDelta::MAX), Err(WindowError::NoGrace));
    }

    #[test]
    fn json_keeps_a_window_and_refuses_one_out_of_order() {
        let json = serde_json::to_string(&hourly()).unwrap();
        assert_eq!(serde_json::from_str::<Window>(&json).unwrap(), hourly());
        let upside_down =
            r#"{"opens":"2026-03-01T10:00:00Z","due":"2026-03-01T09:00:00Z","closes":"2026-03-01T11:00:00Z"}"#;
        let refused = serde_json::from_str::<Window>(upside_down).unwrap_err();
        assert!(refused.to_string().contains("open before it is due"));
    }

    proptest! {
        #[test]
        fn silence_is_never_a_success(opens in 0_i64..500, long in 1_i64..500, grace in 0_i64..500, now in -100_i64..2000) {
            let window = Window::new(at(opens), at(opens + long), TimeDelta::minutes(grace)).unwrap();
            let expected = match now {
                _ if now < opens => State::Ahead,
                _ if now < opens + long => State::Due,
                _ if now < opens + long + grace => State::Late,
                _ => State::Over(Verdict::Missed),
            };
            prop_assert_eq!(window.state(at(now), None), expected);
        }
    }
}
