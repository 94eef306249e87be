//! Opening hours, and clocks that run in them: by when something promised within so much opening time is due.
//!
//! Hours are written in local time, clocks are read in instants. Where daylight saving makes a local time
//! skip, the first instant after the gap stands for it; where one comes twice, a business opens at the
//! earlier and closes at the later.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use serde::{Deserialize, Serialize};
use thiserror::Error;

mod day;
mod draft;
mod span;

pub(crate) use day::earliest;
pub use day::{day_bounds, local_day};
pub use draft::HoursDraft;
pub use span::{Span, SpanError, TimeOfDay};

/// A clock gives up when nothing has opened for so many days.
const PATIENCE: TimeDelta = TimeDelta::days(400);

/// When a business is open: spans for each weekday, and the days on which it stays shut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Hours {
    week: [Vec<Span>; 7],
    holidays: BTreeSet<NaiveDate>,
}

/// Why spans do not make a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Two spans of one weekday share a minute.
    #[error("two openings on {0} overlap")]
    Overlap(Weekday),
}

/// A time in which a clock stands still, as while the customer's answer is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// When the clock stopped.
    pub from: DateTime<Utc>,
    /// When it went on; `None` while it still stands.
    pub until: Option<DateTime<Utc>>,
}

impl Hours {
    /// Opening hours from the spans of each weekday (Monday first, in any order) and the holidays.
    ///
    /// # Errors
    /// When two spans of a day overlap.
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

    /// Open day and night, without a holiday.
    #[must_use]
    pub fn always() -> Self {
        Self { week: std::array::from_fn(|_| vec![Span::ALL_DAY]), holidays: BTreeSet::new() }
    }

    /// The spans of each weekday, Monday first, in order.
    #[must_use]
    pub fn week(&self) -> &[Vec<Span>; 7] {
        &self.week
    }

    /// The days on which nothing opens, whatever their weekday.
    #[must_use]
    pub fn holidays(&self) -> &BTreeSet<NaiveDate> {
        &self.holidays
    }

    /// The instant at which `open` of opening time has passed since `start`, not counting the pauses.
    ///
    /// What runs out as the doors shut is due at that closing, not at the next opening. With nothing left to
    /// pass it is the first instant from `start` on at which the clock runs.
    ///
    /// `None` when a pause that still lasts began before that instant, or nothing opens within 400 days.
    #[must_use]
    pub fn after<Z: TimeZone>(
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
            (waited <= PATIENCE).then_some(day)
        });
        let running = running(start, DateTime::<Utc>::MAX_UTC, pauses);
        let mut left = open.max(TimeDelta::zero());
        for stretch in self.stretches(zone, days, &running) {
            if left <= stretch.length() {
                return Some(stretch.from + left);
            }
            left -= stretch.length();
        }
        None
    }

    /// The opening time between two instants, not counting the pauses. Nothing when `until` comes first.
    #[must_use]
    pub fn between<Z: TimeZone>(
        &self,
        zone: &Z,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        pauses: &[Pause],
    ) -> TimeDelta {
        let last = until.date_naive().checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        let days = first_day(from).iter_days().take_while(|day| *day <= last);
        let running = running(from, until, pauses);
        self.stretches(zone, days, &running).map(Stretch::length).sum()
    }

    fn spans(&self, date: NaiveDate) -> &[Span] {
        if self.holidays.contains(&date) {
            return &[];
        }
        self.week.get(date.weekday().num_days_from_monday() as usize).map_or(&[], Vec::as_slice)
    }

    /// The openings on `days` that fall within `running`, in order, none counted twice.
    fn stretches<Z: TimeZone>(
        &self,
        zone: &Z,
        days: impl Iterator<Item = NaiveDate>,
        running: &[Stretch],
    ) -> impl Iterator<Item = Stretch> {
        let stopped = running.last().map_or(DateTime::<Utc>::MIN_UTC, |last| last.until);
        // Where an hour comes twice, a span may open (at its first pass) before the one ahead of it closes
        // (at its second).
        let mut counted_until = DateTime::<Utc>::MIN_UTC;
        days.flat_map(|day| self.spans(day).iter().map(move |span| (day, span)))
            .map_while(|(day, span)| span.on(zone, day))
            .take_while(move |opening| opening.from < stopped)
            .map(move |opening| {
                let fresh = Stretch { from: opening.from.max(counted_until), ..opening };
                counted_until = counted_until.max(opening.until);
                fresh
            })
            .flat_map(|opening| running.iter().filter_map(move |run| run.overlap(opening)))
    }
}

/// Opening hours as they arrive from outside, before anyone has looked for overlaps.
#[derive(Deserialize)]
struct Unchecked {
    week: [Vec<Span>; 7],
    holidays: BTreeSet<NaiveDate>,
}

impl TryFrom<Unchecked> for Hours {
    type Error = HoursError;

    fn try_from(Unchecked { week, holidays }: Unchecked) -> Result<Self, HoursError> {
        Self::new(week, holidays)
    }
}

/// From one instant until just before another.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Stretch {
    fn length(self) -> TimeDelta {
        self.until - self.from
    }

    fn overlap(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let until = self.until.min(other.until);
        (from < until).then_some(Self { from, until })
    }
}

/// The stretches between two instants that no pause covers, in order.
fn running(from: DateTime<Utc>, until: DateTime<Utc>, pauses: &[Pause]) -> Vec<Stretch> {
    let mut pauses = pauses.to_vec();
    pauses.retain(|pause| pause.until.is_none_or(|until| pause.from < until));
    pauses.sort_unstable_by_key(|pause| pause.from);
    let mut stretches = Vec::new();
    let mut resumed = from;
    for pause in pauses {
        stretches.push(Stretch { from: resumed, until: pause.from.min(until) });
        resumed = resumed.max(pause.until.unwrap_or(DateTime::<Utc>::MAX_UTC));
    }
    stretches.push(Stretch { from: resumed, until });
    stretches.retain(|stretch| stretch.from < stretch.until);
    stretches
}

/// A day early enough that every opening at or after `instant` falls on it or later, in any zone.
fn first_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.date_naive().checked_sub_days(Days::new(2)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests;
