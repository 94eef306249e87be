//! From what the clocks in a zone show to instants, and back, through daylight-saving changes too.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};

/// The calendar day on which an instant falls in a zone.
#[must_use]
pub fn local_day<Z: TimeZone>(zone: &Z, instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(zone).date_naive()
}

/// The first instant of a local calendar day, and the first of the day after it: 23, 24, 24½ or 25 hours
/// apart, or none where a zone once skipped the day.
#[must_use]
pub fn day_bounds<Z: TimeZone>(zone: &Z, date: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let begins = |date: Option<NaiveDate>| earliest(zone, date?.and_time(NaiveTime::MIN));
    (
        begins(Some(date)).unwrap_or(DateTime::<Utc>::MIN_UTC),
        begins(date.succ_opt()).unwrap_or(DateTime::<Utc>::MAX_UTC),
    )
}

/// The instant of a local time, the first where it comes twice; after the gap where it does not exist.
pub(crate) fn earliest<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let instant = zone.from_local_datetime(&local).earliest();
    instant.map(|instant| instant.to_utc()).or_else(|| after_gap(zone, local))
}

/// The instant of a local time, the second where it comes twice; after the gap where it does not exist.
pub(super) fn latest<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let instant = zone.from_local_datetime(&local).latest();
    instant.map(|instant| instant.to_utc()).or_else(|| after_gap(zone, local))
}

/// The first instant at which clocks show `local` or later, for a local time they skip. A zone does not tell
/// its transitions, so this one is searched for, to the second; no clock is a day or more off UTC.
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
