//! One opening on one day, as people write it and as it falls on a date.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Stretch;
use super::day::{day_bounds, earliest, latest};
use crate::text::tidy;

/// Minutes in a day as the clock on the wall counts them; as the end of a span, 24:00.
const DAY: u16 = 24 * 60;

/// One unbroken opening on one day, in minutes of the local day: `opens < closes <= 1440`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    opens: u16,
    closes: u16,
}

/// A time as the clock on the wall shows it, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

/// Why a text or two times do not make a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SpanError {
    /// Not two times with a dash between them.
    #[error("opening hours are written like 06:00-22:00")]
    Form,
    /// A time past 24:00, or with more than 59 minutes.
    #[error("a day goes from 00:00 to 24:00")]
    OutsideTheDay,
    /// It closes before, or at the minute, it opens.
    #[error("the opening time must come before the closing time")]
    ClosesBeforeOpening,
}

impl Span {
    /// The whole of a day.
    pub const ALL_DAY: Self = Self { opens: 0, closes: DAY };

    /// A span from `opens` until `closes`, both in minutes of the local day.
    ///
    /// # Errors
    /// When it reaches past 24:00 or does not close after it opens.
    pub fn new(opens: u16, closes: u16) -> Result<Self, SpanError> {
        if opens.max(closes) > DAY {
            Err(SpanError::OutsideTheDay)
        } else if closes <= opens {
            Err(SpanError::ClosesBeforeOpening)
        } else {
            Ok(Self { opens, closes })
        }
    }

    /// Reads a span as people write it: `06:00-22:00`, `6:00 – 24:00`.
    ///
    /// # Errors
    /// When the text has another form, or the times make no span.
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let (opens, closes) = text.split_once(['-', '–']).ok_or(SpanError::Form)?;
        Self::new(minute_of_day(opens)?, minute_of_day(closes)?)
    }

    /// When it opens, in minutes of the local day.
    #[must_use]
    pub fn opens(&self) -> u16 {
        self.opens
    }

    /// When it closes, in minutes of the local day; 1440 is the end of the day.
    #[must_use]
    pub fn closes(&self) -> u16 {
        self.closes
    }

    /// From when to when it lasts on one day. None when daylight saving skips the whole of it.
    pub(crate) fn bounds<Z: TimeZone>(self, zone: &Z, date: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.on(zone, date).map(|Stretch { from, until }| (from, until)).filter(|(from, until)| from < until)
    }

    /// The span as it falls on one day. Empty when daylight saving skips the whole of it.
    pub(super) fn on<Z: TimeZone>(self, zone: &Z, date: NaiveDate) -> Option<Stretch> {
        let from = earliest(zone, at_minute(date, self.opens)?)?;
        let until =
            if self.closes == DAY { day_bounds(zone, date).1 } else { latest(zone, at_minute(date, self.closes)?)? };
        Some(Stretch { from, until })
    }
}

impl TimeOfDay {
    /// 00:00, where one day ends and the next begins.
    pub(crate) const MIDNIGHT: Self = Self(0);

    /// Reads a time as people write it: `06:00`, `13:30`.
    ///
    /// # Errors
    /// When the text has another form, or the day has no such time.
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let minute = minute_of_day(text)?;
        if minute < DAY { Ok(Self(minute)) } else { Err(SpanError::OutsideTheDay) }
    }

    /// The instant on one day at which clocks first show it, or later where they skip it.
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
