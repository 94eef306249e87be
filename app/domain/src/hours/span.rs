//! A span: one opening on one day, as people write it and as instants on a date.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Interval;
use super::day::{day_bounds, earliest, latest};
use crate::text::tidy;

/// The minutes of a day by local time. As the end of a span it means 24:00.
const DAY: u16 = 24 * 60;

/// One continuous opening on one day, in minutes of the local day, with `opens < closes <= 1440`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    opens: u16,
    closes: u16,
}

/// A local time of day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

/// Why a text or two times do not form a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SpanError {
    /// It is not two times with a dash between them.
    #[error("opening hours are written like 06:00-22:00")]
    Form,
    /// A time is later than 24:00, or has more than 59 minutes.
    #[error("a day goes from 00:00 to 24:00")]
    OutsideTheDay,
    /// It closes before it opens, or at the same minute.
    #[error("the opening time must come before the closing time")]
    ClosesBeforeOpening,
}

impl Span {
    /// The whole day.
    pub const ALL_DAY: Self = Self { opens: 0, closes: DAY };

    /// A span from `opens` until `closes`, in minutes of the local day.
    ///
    /// # Errors
    /// [`SpanError::OutsideTheDay`] or [`SpanError::ClosesBeforeOpening`].
    pub fn new(opens: u16, closes: u16) -> Result<Self, SpanError> {
        if opens.max(closes) > DAY {
            Err(SpanError::OutsideTheDay)
        } else if closes <= opens {
            Err(SpanError::ClosesBeforeOpening)
        } else {
            Ok(Self { opens, closes })
        }
    }

    /// Parses a span as people write it: `06:00-22:00`, `6:00 – 24:00`.
    ///
    /// # Errors
    /// [`SpanError::Form`], [`SpanError::OutsideTheDay`] or [`SpanError::ClosesBeforeOpening`].
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let (opens, closes) = text.split_once(['-', '–']).ok_or(SpanError::Form)?;
        Self::new(minute_of_day(opens)?, minute_of_day(closes)?)
    }

    /// The opening time, in minutes of the local day.
    #[must_use]
    pub fn opens(&self) -> u16 {
        self.opens
    }

    /// The closing time, in minutes of the local day; 1440 is the end of the day.
    #[must_use]
    pub fn closes(&self) -> u16 {
        self.closes
    }

    /// The instants at which it begins and ends on a date. `None` if daylight saving time skips all of it.
    pub(crate) fn bounds<Z: TimeZone>(self, zone: &Z, date: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.on(zone, date).map(|Interval { from, until }| (from, until)).filter(|(from, until)| from < until)
    }

    /// The span on a date. It is empty if daylight saving time skips all of it.
    pub(super) fn on<Z: TimeZone>(self, zone: &Z, date: NaiveDate) -> Option<Interval> {
        let from = earliest(zone, at_minute(date, self.opens)?)?;
        let until =
            if self.closes == DAY { day_bounds(zone, date).1 } else { latest(zone, at_minute(date, self.closes)?)? };
        Some(Interval { from, until })
    }
}

impl TimeOfDay {
    /// 00:00, the boundary between two days.
    pub(crate) const MIDNIGHT: Self = Self(0);

    /// Parses a time as people write it: `06:00`, `13:30`.
    ///
    /// # Errors
    /// [`SpanError::Form`], or [`SpanError::OutsideTheDay`] if there is no such time.
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let minute = minute_of_day(text)?;
        if minute < DAY { Ok(Self(minute)) } else { Err(SpanError::OutsideTheDay) }
    }

    /// The first instant of this local time on a date, or the first instant after the gap if it is skipped.
    pub(crate) fn on<Z: TimeZone>(self, zone: &Z, date: NaiveDate) -> Option<DateTime<Utc>> {
        earliest(zone, at_minute(date, self.0)?)
    }
}

fn at_minute(date: NaiveDate, minute: u16) -> Option<NaiveDateTime> {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0)?;
    Some(date.and_time(time))
}

fn minute_of_day(text: &str) -> Result<u16, SpanError> {
    let text = tidy(text);
    let (hours, minutes) = text.split_once(':').ok_or(SpanError::Form)?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let two_places = matches!(hours.len(), 1 | 2) && minutes.len() == 2;
    if !(two_places && digits(hours) && digits(minutes)) {
        return Err(SpanError::Form);
    }
    let number = |part: &str| part.parse::<u16>().map_err(|_| SpanError::Form);
    match (number(hours)?, number(minutes)?) {
        (_, 60..) => Err(SpanError::OutsideTheDay),
        (hours, minutes) => Ok(hours * 60 + minutes),
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opens, closes } = self;
        let (o, c) = (opens / 60, closes / 60);
        write!(f, "{o:02}:{:02}-{c:02}:{:02}", opens % 60, closes % 60)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        Self::parse(&text)
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        Self::parse(&text)
    }
}
