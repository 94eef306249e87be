//! When a promise is to be looked at, and what windows come of that: written in the site's own time, read in instants.
//!
//! Where daylight saving makes a local time skip, the first instant after the gap stands for it; where one comes twice,
//! the earlier. What falls on one instant is due once.
//!
//! A window opens and falls due on one of the weekdays chosen, and belongs to that day.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::hours::{Span, TimeOfDay, day_bounds};
use crate::window::Window;

mod closure;
mod draft;

pub use closure::{Announcement, AnnouncementDraft, Closure};
pub use draft::{DAYS, ScheduleDraft};

/// When one promise is to be looked at at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    #[serde(flatten)]
    pub rhythm: Rhythm,
    /// The weekdays on which it is.
    pub days: Weekdays,
    /// Minutes after the due time in which a check still counts.
    pub grace: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rhythm")]
pub enum Rhythm {
    /// Again and again within a span of the day: windows follow one another without a gap, as many as fit whole.
    Every { minutes: u16, within: Span },
    /// At times of the day; 00:00 is its end. A look up to so many minutes before counts, but not before the time ahead of
    /// it is due, and not the day before.
    At { times: Vec<TimeOfDay>, lead: u16 },
}

/// Some days of the week, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Weekdays(u8);

/// The longest that a window and its grace may last, so that whoever looks back far enough sees all that are open.
pub const LONGEST: TimeDelta = TimeDelta::days(2);

impl Schedule {
    /// The windows that open from one instant on and before another, in order.
    pub fn windows<Z: TimeZone>(
        &self,
        zone: &Z,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = Window> {
        let first = (from - LONGEST).date_naive() - Days::new(1);
        let last = until.date_naive() + LONGEST;
        let days = first.iter_days().take_while(move |day| *day <= last).filter(|day| self.days.has(day.weekday()));
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

    /// The windows for which a check made at an instant can count, the one that closes first before the others.
    #[must_use]
    pub fn open_at<Z: TimeZone>(&self, zone: &Z, at: DateTime<Utc>) -> Vec<Window> {
        let windows = self.windows(zone, at - LONGEST, at + TimeDelta::milliseconds(1));
        windows.filter(|window| at < window.closes()).collect()
    }

    /// From when to when something is due on a local day, before it is known what came ahead of it.
    fn on<Z: TimeZone>(&self, zone: &Z, day: NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        match &self.rhythm {
            Rhythm::Every { minutes, within } => {
                let step = TimeDelta::minutes((*minutes).max(1).into());
                let Some((from, until)) = within.bounds(zone, day) else { return Vec::new() };
                let begins = std::iter::successors(Some(from), |begun| Some(*begun + step));
                begins.map(|begun| (begun, begun + step)).take_while(|(_, due)| *due <= until).collect()
            }
            Rhythm::At { times, lead } => {
                let lead = TimeDelta::minutes((*lead).into());
                // A day that the zone skipped as a whole has no times.
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
    pub const ALL: Self = Self(0b111_1111);

    /// None if there are none.
    #[must_use]
    pub fn of(days: impl IntoIterator<Item = Weekday>) -> Option<Self> {
        let bits = days.into_iter().fold(0, |bits, day| bits | 1 << day.num_days_from_monday());
        (bits > 0).then_some(Self(bits))
    }

    #[must_use]
    pub fn has(self, day: Weekday) -> bool {
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
