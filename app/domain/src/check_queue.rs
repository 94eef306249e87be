//! The order in which the promises at the places are to be checked.

use chrono::{DateTime, TimeZone, Utc};

use crate::hours::local_day;
use crate::ids::{GuaranteeId, PlaceId};
use crate::window::{Window, WindowState};

/// A promise that is checked at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuedPromise {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    /// When somebody last checked. A miss is not a check.
    pub last_check: Option<DateTime<Utc>>,
    /// Its schedule, with the current or next window.
    pub schedule: CheckSchedule,
}

/// Whether a promise at a place has a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckSchedule {
    /// It has none: it is to be checked every day.
    None,
    /// It has one. The window is the one that is open and not concluded yet, or the next one; `None` if no window is near.
    Window(Option<Window>),
}

/// How much a promise needs a check, the greatest need first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A window is open; a missed check is recorded once it closes.
    WindowOpen {
        /// When the window closes.
        closes: DateTime<Utc>,
    },
    /// It has no schedule and was not checked today.
    UncheckedToday {
        /// The last check.
        last: Option<DateTime<Utc>>,
    },
    /// Nothing is missing now.
    Nothing {
        /// The last check.
        last: Option<DateTime<Utc>>,
    },
}

impl Need {
    /// Whether a check is missing now.
    #[must_use]
    pub fn is_missing(self) -> bool {
        !matches!(self, Self::Nothing { .. })
    }
}

impl QueuedPromise {
    /// How much it needs a check at `now`. `zone` decides which calendar day it is.
    #[must_use]
    pub fn need<Z: TimeZone>(&self, zone: &Z, now: DateTime<Utc>) -> Need {
        let last = self.last_check;
        match self.schedule {
            CheckSchedule::Window(Some(window))
                if matches!(window.state(now, None), WindowState::Due | WindowState::Late) =>
            {
                Need::WindowOpen { closes: window.closes() }
            }
            CheckSchedule::None if last.is_none_or(|at| local_day(zone, at) != local_day(zone, now)) => {
                Need::UncheckedToday { last }
            }
            CheckSchedule::Window(_) | CheckSchedule::None => Need::Nothing { last },
        }
    }
}

/// How many checks are missing now.
#[must_use]
pub fn count_missing<Z: TimeZone>(queue: &[QueuedPromise], zone: &Z, now: DateTime<Utc>) -> usize {
    queue.iter().filter(|promise| promise.need(zone, now).is_missing()).count()
}

/// The promise that needs a check most. Of those that need it equally, the first. `None` if `queue` is empty.
#[must_use]
pub fn next_check<'q, Z: TimeZone>(
    queue: impl IntoIterator<Item = &'q QueuedPromise>,
    zone: &Z,
    now: DateTime<Utc>,
) -> Option<&'q QueuedPromise> {
    queue.into_iter().min_by_key(|promise| promise.need(zone, now))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-02T12:00:00Z".parse().unwrap()
    }

    fn promise(last_hours_ago: Option<i64>, schedule: CheckSchedule) -> QueuedPromise {
        let last_check = last_hours_ago.map(|hours| now() - TimeDelta::hours(hours));
        QueuedPromise { guarantee: GuaranteeId(Uuid::nil()), place: PlaceId(Uuid::nil()), last_check, schedule }
    }

    /// A window of an hour that opens after so many minutes, with half an hour of grace.
    fn window(minutes: i64) -> CheckSchedule {
        let opens = now() + TimeDelta::minutes(minutes);
        CheckSchedule::Window(Some(Window::new(opens, opens + TimeDelta::hours(1), TimeDelta::minutes(30)).unwrap()))
    }

    fn next(queue: &[QueuedPromise]) -> QueuedPromise {
        *next_check(queue, &Utc, now()).unwrap()
    }

    #[test]
    fn open_windows_come_first_then_the_longest_unchecked_promise() {
        let (open, closing) = (promise(Some(1), window(-10)), promise(Some(1), window(-80)));
        let (never, long_ago) = (promise(None, CheckSchedule::None), promise(Some(90), CheckSchedule::None));
        let ahead = promise(Some(99), window(10));
        assert_eq!(next(&[ahead, long_ago, never, open, closing]), closing, "late, and closes first");
        assert_eq!(next(&[ahead, long_ago, never, open]), open);
        assert_eq!(next(&[ahead, long_ago, never]), never);
        assert_eq!(next(&[ahead, long_ago]), long_ago);
        assert_eq!(next(&[ahead, promise(Some(2), CheckSchedule::None)]), ahead, "nothing is missing: longest ago");
        assert_eq!(next_check([], &Utc, now()), None);
    }

    #[test]
    fn an_unscheduled_promise_is_missing_until_checked_today() {
        let today = promise(Some(2), CheckSchedule::None);
        let yesterday = promise(Some(20), CheckSchedule::None);
        let queue = [today, yesterday, promise(None, window(-10)), promise(None, window(10))];
        assert_eq!(count_missing(&queue, &Utc, now()), 2, "one open window, and one that was not checked today");
        assert_eq!(count_missing(&queue, &chrono_tz::Pacific::Auckland, now()), 3, "there it is another day by now");
    }

    proptest! {
        #[test]
        fn a_missing_check_comes_first_in_the_queue(
            queue in prop::collection::vec((prop::option::of(0_i64..60), prop::option::of(-120_i64..120)), 1..12),
        ) {
            let schedule = |minutes: Option<i64>| minutes.map_or(CheckSchedule::None, window);
            let queue: Vec<_> = queue.into_iter().map(|(last, minutes)| promise(last, schedule(minutes))).collect();
            let missing = count_missing(&queue, &Utc, now());
            prop_assert_eq!(next(&queue).need(&Utc, now()).is_missing(), missing > 0);
        }
    }
}
