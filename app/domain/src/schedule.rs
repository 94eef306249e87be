//! Schedules: when a promise is checked, and the windows that follow.
//!
//! A schedule is given in the site's local time; its windows are instants. When a change to daylight saving time skips
//! a local time, the first instant after the gap is used. When a local time occurs twice, the first is used. Two times
//! at the same instant are due once.
//!
//! A window opens on a chosen weekday, falls due on the same day, and belongs to that day.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::hours::{Span, TimeOfDay, day_bounds};
use crate::window::Window;

mod closure;
mod draft;

pub use closure::{Closure, ClosureAnnouncement, ClosureDraft};
pub use draft::{DAYS, ScheduleDraft};

/// When one promise is checked at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    #[serde(flatten)]
    pub rhythm: Recurrence,
    /// The weekdays on which it is checked.
    pub days: Weekdays,
    /// Minutes after the due time in which a check still counts.
    pub grace: u16,
}

/// When checks are due on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rhythm")]
pub enum Recurrence {
    /// Repeatedly within a span of the day: windows of so many minutes follow one another without a gap, as many as
    /// fit.
    Every { minutes: u16, within: Span },
    /// At fixed times of the day; 00:00 means the end of the day. A check counts from `lead` minutes before the time,
    /// but not before the previous time is due, and not on the day before.
    At { times: Vec<TimeOfDay>, lead: u16 },
}

/// A set of weekdays with at least one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Weekdays(u8);

/// The greatest length of a window with its grace. To find all open windows, it is enough to look back this far.
pub const MAX_WINDOW: TimeDelta = TimeDelta::days(2);

impl Schedule {
    /// The windows that open at or after `from` and before `until`, in order.
    pub fn windows<Z: TimeZone>(
        &self,
        zone: &Z,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = Window> {
        let first = (from - MAX_WINDOW).date_naive() - Days::new(1);
        let last = until.date_naive() + MAX_WINDOW;
        let days =
            first.iter_days().take_while(move |day| *day <= last).filter(|day| self.days.contains(day.weekday()));
        let grace = TimeDelta::minutes(self.grace.into());
        let mut before: Option<DateTime<Utc>> = None;
        days.flat_map(|day| self.on(zone, day)).filter_map(move |(opens, due)| {
            let opens = before.map_or(opens, |before| before.max(opens));
            if opens >= due {
                return None;
            }
            before = Some(due);
            Window::new(opens, due, grace).ok().filter(|_| from <= opens && opens < until)
        })
    }

    /// The windows for which a check made at this instant can count, the one that closes first at the front.
    #[must_use]
    pub fn open_at<Z: TimeZone>(&self, zone: &Z, at: DateTime<Utc>) -> Vec<Window> {
        let windows = self.windows(zone, at - MAX_WINDOW, at + TimeDelta::milliseconds(1));
        windows.filter(|window| at < window.closes()).collect()
    }

    /// The opening and due times of a local day, before overlaps with the previous window are removed.
    fn on<Z: TimeZone>(&self, zone: &Z, day: NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        match &self.rhythm {
            Recurrence::Every { minutes, within } => {
                let step = TimeDelta::minutes((*minutes).max(1).into());
                let Some((from, until)) = within.bounds(zone, day) else { return Vec::new() };
                let begins = std::iter::successors(Some(from), |begun| Some(*begun + step));
                begins.map(|begun| (begun, begun + step)).take_while(|(_, due)| *due <= until).collect()
            }
            Recurrence::At { times, lead } => {
                let lead = TimeDelta::minutes((*lead).into());
                // A day skipped by the time zone has no times.
                let (begins, ends) = day_bounds(zone, day);
                if begins == ends {
                    return Vec::new();
                }
                let due = |time: &TimeOfDay| if *time == TimeOfDay::MIDNIGHT { Some(ends) } else { time.on(zone, day) };
                let dues: BTreeSet<_> = times.iter().filter_map(due).collect();
                dues.into_iter().map(|due| (begins.max(due - lead), due)).collect()
            }
        }
    }
}

impl Weekdays {
    /// Every day of the week.
    pub const ALL: Self = Self(0b111_1111);

    /// A set of these days. `None` if there are none.
    #[must_use]
    pub fn from_days(days: impl IntoIterator<Item = Weekday>) -> Option<Self> {
        let bits = days.into_iter().fold(0, |bits, day| bits | 1 << day.num_days_from_monday());
        (bits > 0).then_some(Self(bits))
    }

    /// Whether the day is in the set.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }
}

impl TryFrom<u8> for Weekdays {
    type Error = &'static str;
    fn try_from(bits: u8) -> Result<Self, Self::Error> {
        if (1..=Self::ALL.0).contains(&bits) {
            Ok(Self(bits))
        } else {
            Err("weekdays are seven bits, at least one set")
        }
    }
}

impl From<Weekdays> for u8 {
    fn from(days: Weekdays) -> Self {
        days.0
    }
}

#[cfg(test)]
mod tests;
