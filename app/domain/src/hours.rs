//! Opening hours, and deadlines counted in opening hours.
//!
//! Hours are given in local time, deadlines in instants. When a change to daylight saving time skips a local time, the
//! first instant after the gap is used. When a local time occurs twice, a business opens at the first and closes at the
//! second.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use serde::{Deserialize, Serialize};
use thiserror::Error;

mod day;
mod draft;
mod span;

pub(crate) use day::parse_local_time;
pub use day::{day_bounds, local_day, parse_day};
pub use draft::HoursDraft;
pub use span::{Span, SpanError, TimeOfDay};

/// A deadline is not searched for further than this many days without an opening.
const MAX_CLOSED: TimeDelta = TimeDelta::days(400);

/// When a business is open: spans for each weekday, and holidays on which it is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UnvalidatedHours")]
pub struct Hours {
    week: [Vec<Span>; 7],
    holidays: BTreeSet<NaiveDate>,
}

/// Why spans do not form a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Two spans of one weekday overlap.
    #[error("two openings on {0} overlap")]
    Overlap(Weekday),
}

/// A time in which a clock is paused, for example while the customer's reply is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// When the clock stopped.
    pub from: DateTime<Utc>,
    /// When the clock resumed. `None` while it is still paused.
    pub until: Option<DateTime<Utc>>,
}

impl Hours {
    /// Opening hours from the spans of each weekday (Monday first, each day in any order) and the holidays.
    ///
    /// # Errors
    /// [`HoursError::Overlap`] if two spans of a day overlap.
    pub fn new(mut week: [Vec<Span>; 7], holidays: BTreeSet<NaiveDate>) -> Result<Self, HoursError> {
        let mut weekday = Weekday::Mon;
        for spans in &mut week {
            spans.sort_unstable();
            if spans.windows(2).any(|pair| pair[1].opens() < pair[0].closes()) {
                return Err(HoursError::Overlap(weekday));
            }
            weekday = weekday.succ();
        }
        Ok(Self { week, holidays })
    }

    /// Open day and night, with no holidays.
    #[must_use]
    pub fn always() -> Self {
        Self { week: std::array::from_fn(|_| vec![Span::ALL_DAY]), holidays: BTreeSet::new() }
    }

    /// The spans of each weekday, Monday first, sorted.
    #[must_use]
    pub fn week(&self) -> &[Vec<Span>; 7] {
        &self.week
    }

    /// The days on which the business is closed, whatever the weekday.
    #[must_use]
    pub fn holidays(&self) -> &BTreeSet<NaiveDate> {
        &self.holidays
    }

    /// The instant at which `open` of opening time has passed since `start`, without the pauses.
    ///
    /// If the time runs out exactly at closing, the deadline is that closing, not the next opening. If `open` is zero,
    /// it is the first instant from `start` on that is open and not paused.
    ///
    /// `None` if a pause that has not ended began before that instant, or if there is no opening for 400 days.
    #[must_use]
    pub fn deadline<Z: TimeZone>(
        &self,
        zone: &Z,
        start: DateTime<Utc>,
        open: TimeDelta,
        pauses: &[Pause],
    ) -> Option<DateTime<Utc>> {
        let first = first_day(start);
        let days = first.iter_days().scan(first, |last_open, day| {
            let waited = day - *last_open;
            if !self.spans(day).is_empty() {
                *last_open = day;
            }
            (waited <= MAX_CLOSED).then_some(day)
        });
        let running = unpaused(start, DateTime::<Utc>::MAX_UTC, pauses);
        let mut left = open.max(TimeDelta::zero());
        for stretch in self.stretches(zone, days, &running) {
            if left <= stretch.length() {
                return Some(stretch.from + left);
            }
            left -= stretch.length();
        }
        None
    }

    /// The opening time between two instants, without the pauses. Zero if `until` comes before `from`.
    #[must_use]
    pub fn open_time<Z: TimeZone>(
        &self,
        zone: &Z,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        pauses: &[Pause],
    ) -> TimeDelta {
        let last = until.date_naive().checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        let days = first_day(from).iter_days().take_while(|day| *day <= last);
        let running = unpaused(from, until, pauses);
        self.stretches(zone, days, &running).map(Interval::length).sum()
    }

    fn spans(&self, date: NaiveDate) -> &[Span] {
        if self.holidays.contains(&date) {
            return &[];
        }
        self.week.get(date.weekday().num_days_from_monday() as usize).map_or(&[], Vec::as_slice)
    }

    /// The parts of the openings on `days` that lie within `running`, in order and without overlap.
    fn stretches<Z: TimeZone>(
        &self,
        zone: &Z,
        days: impl Iterator<Item = NaiveDate>,
        running: &[Interval],
    ) -> impl Iterator<Item = Interval> {
        let stopped = running.last().map_or(DateTime::<Utc>::MIN_UTC, |last| last.until);
        // When an hour occurs twice, a span may open (at the first) before the previous one closes (at the second).
        let mut counted_until = DateTime::<Utc>::MIN_UTC;
        days.flat_map(|day| self.spans(day).iter().map(move |span| (day, span)))
            .map_while(|(day, span)| span.on(zone, day))
            .take_while(move |opening| opening.from < stopped)
            .map(move |opening| {
                let fresh = Interval { from: opening.from.max(counted_until), ..opening };
                counted_until = counted_until.max(opening.until);
                fresh
            })
            .flat_map(|opening| running.iter().filter_map(move |run| run.overlap(opening)))
    }
}

/// Opening hours as deserialised, before they are checked for overlaps.
#[derive(Deserialize)]
struct UnvalidatedHours {
    week: [Vec<Span>; 7],
    holidays: BTreeSet<NaiveDate>,
}

impl TryFrom<UnvalidatedHours> for Hours {
    type Error = HoursError;

    fn try_from(UnvalidatedHours { week, holidays }: UnvalidatedHours) -> Result<Self, HoursError> {
        Self::new(week, holidays)
    }
}

/// From one instant up to, but not including, another.
#[derive(Clone, Copy, Debug)]
struct Interval {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Interval {
    fn length(self) -> TimeDelta {
        self.until - self.from
    }

    fn overlap(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let until = self.until.min(other.until);
        (from < until).then_some(Self { from, until })
    }
}

/// The intervals between two instants that no pause covers, in order.
fn unpaused(from: DateTime<Utc>, until: DateTime<Utc>, pauses: &[Pause]) -> Vec<Interval> {
    let mut pauses = pauses.to_vec();
    pauses.retain(|pause| pause.until.is_none_or(|until| pause.from < until));
    pauses.sort_unstable_by_key(|pause| pause.from);
    let mut stretches = Vec::new();
    let mut resumed = from;
    for pause in pauses {
        stretches.push(Interval { from: resumed, until: pause.from.min(until) });
        resumed = resumed.max(pause.until.unwrap_or(DateTime::<Utc>::MAX_UTC));
    }
    stretches.push(Interval { from: resumed, until });
    stretches.retain(|stretch| stretch.from < stretch.until);
    stretches
}

/// A day early enough that, in any time zone, every opening at or after `instant` falls on it or later.
fn first_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.date_naive().checked_sub_days(Days::new(2)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests;
