//! Conversion between local times of a time zone and instants, including changes to and from daylight saving time.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};

use crate::fault::Fault;
use crate::text::tidy;

/// Days in these years are instants with a year of four digits in every time zone. Both databases hold such instants and compare
/// them rightly.
const YEARS: RangeInclusive<i32> = 1..=9998;

/// Parses a calendar day in ISO 8601: `2026-12-25`.
///
/// # Errors
/// [`Fault::Malformed`], or [`Fault::OutOfRange`] for a year that cannot be stored.
pub fn parse_day(text: &str) -> Result<NaiveDate, Fault> {
    let day = NaiveDate::parse_from_str(&tidy(text), "%Y-%m-%d").map_err(|_| Fault::Malformed)?;
    check_year(day)?;
    Ok(day)
}

/// Parses a local time without an offset, as an HTML `datetime-local` field sends it: `2026-12-25T14:30`. Of a time
/// that occurs twice it is the first; of one that is skipped, the first instant after the gap.
///
/// # Errors
/// [`Fault::Malformed`], or [`Fault::OutOfRange`] for a year that cannot be stored.
pub(crate) fn parse_local_time<Z: TimeZone>(zone: &Z, text: &str) -> Result<DateTime<Utc>, Fault> {
    let local = NaiveDateTime::parse_from_str(&tidy(text), "%Y-%m-%dT%H:%M").map_err(|_| Fault::Malformed)?;
    check_year(local.date())?;
    earliest(zone, local).ok_or(Fault::Malformed)
}

/// The local calendar day of an instant in a time zone.
#[must_use]
pub fn local_day<Z: TimeZone>(zone: &Z, instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(zone).date_naive()
}

/// The first instant of a local calendar day, and the first of the next day. They are 23, 24, 24½ or 25 hours apart, or
/// equal if the time zone skipped the day.
#[must_use]
pub fn day_bounds<Z: TimeZone>(zone: &Z, date: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let begins = |date: Option<NaiveDate>| earliest(zone, date?.and_time(NaiveTime::MIN));
    (
        begins(Some(date)).unwrap_or(DateTime::<Utc>::MIN_UTC),
        begins(date.succ_opt()).unwrap_or(DateTime::<Utc>::MAX_UTC),
    )
}

/// The instant of a local time: the first if it occurs twice; the first instant after the gap if it is skipped.
pub(crate) fn earliest<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let instant = zone.from_local_datetime(&local).earliest();
    instant.map(|instant| instant.to_utc()).or_else(|| after_gap(zone, local))
}

/// The instant of a local time: the second if it occurs twice; the first instant after the gap if it is skipped.
pub(super) fn latest<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let instant = zone.from_local_datetime(&local).latest();
    instant.map(|instant| instant.to_utc()).or_else(|| after_gap(zone, local))
}

/// The first instant whose local time is `local` or later, for a local time that is skipped. `chrono` does not give the
/// transitions of a time zone, so this is a binary search to the second. No time zone is a day or more from UTC.
fn after_gap<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let shows = |utc: NaiveDateTime| zone.from_utc_datetime(&utc).naive_local();
    let mut before = local.checked_sub_days(Days::new(1))?;
    let mut after = local.checked_add_days(Days::new(1))?;
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if shows(middle) < local {
            before = middle;
        } else {
            after = middle;
        }
    }
    Some(after.and_utc())
}

fn check_year(day: NaiveDate) -> Result<(), Fault> {
    let (min, max) = (i64::from(*YEARS.start()), i64::from(*YEARS.end()));
    if YEARS.contains(&day.year()) { Ok(()) } else { Err(Fault::OutOfRange { min, max }) }
}
