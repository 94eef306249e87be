//! Instants in the business's time zone, for pages of members.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use store::BusinessInfo;

use crate::texts::Texts;

/// A reader's language, a time zone, and the current instant.
#[derive(Clone, Copy)]
pub(crate) struct LocalTime {
    pub texts: Texts,
    pub zone: Tz,
    pub now: DateTime<Utc>,
}

impl LocalTime {
    pub fn of(texts: Texts, business: &BusinessInfo, now: DateTime<Utc>) -> Self {
        Self { texts, zone: business.zone, now }
    }

    /// The time if it is today, otherwise with the day. The year is added if it is not the current one.
    pub fn date_time(&self, instant: DateTime<Utc>) -> String {
        let (local, today) = (self.local(instant), self.today());
        if local.date() == today {
            self.texts.time(local.time())
        } else if local.year() == today.year() {
            self.texts.date_time(local)
        } else {
            self.texts.full_date_time(local)
        }
    }

    /// A short form for tables: `16 Nov 23:59`.
    pub fn short(&self, instant: DateTime<Utc>) -> String {
        let local = self.local(instant);
        let time = self.texts.time(local.time());
        if local.date() == self.today() { time } else { format!("{} {time}", self.texts.short_date(local.date())) }
    }

    /// The short form for an instant that ends a day: `16 Nov 24:00` instead of the next day.
    pub fn short_on(&self, day: NaiveDate, instant: DateTime<Utc>) -> String {
        let local = self.local(instant);
        if local.time() == NaiveTime::MIN && day.succ_opt() == Some(local.date()) {
            format!("{} 24:00", self.texts.short_date(day))
        } else {
            self.short(instant)
        }
    }

    /// `12 min ago`.
    pub fn ago(&self, instant: DateTime<Utc>) -> String {
        self.texts.ago(self.now - instant)
    }

    /// The day: `16 Nov`, with the year if it is not the current one.
    pub fn day(&self, instant: DateTime<Utc>) -> String {
        let date = self.local(instant).date();
        if date.year() == self.today().year() { self.texts.short_date(date) } else { self.texts.date(date) }
    }

    pub fn today(&self) -> NaiveDate {
        self.local(self.now).date()
    }

    pub fn is_today(&self, instant: DateTime<Utc>) -> bool {
        self.local(instant).date() == self.today()
    }

    /// The value of a `datetime-local` input.
    pub fn input_value(&self, instant: DateTime<Utc>) -> String {
        self.local(instant).format("%Y-%m-%dT%H:%M").to_string()
    }

    fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.zone).naive_local()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::business::Language;

    #[test]
    fn the_day_and_year_are_shown_only_if_they_differ_from_today() {
        let now: DateTime<Utc> = "2026-11-17T15:00:00Z".parse().unwrap();
        let local_time = LocalTime { texts: Texts::of(Language::En), zone: chrono_tz::America::Chicago, now };
        let at = |instant: &str| local_time.date_time(instant.parse().unwrap()).replace('\u{a0}', " ");
        assert_eq!(at("2026-11-17T14:05:00Z"), "8:05");
        assert_eq!(at("2026-11-17T05:59:00Z"), "Monday 16 November, 23:59");
        assert_eq!(at("2026-01-01T05:59:00Z"), "31 December 2025, 23:59");
        assert_eq!(local_time.short("2026-11-17T05:59:00Z".parse().unwrap()).replace('\u{a0}', " "), "16 Nov 23:59");
        let ends = |day: &str| local_time.short_on(day.parse().unwrap(), "2026-11-17T06:00:00Z".parse().unwrap());
        assert_eq!(
            (ends("2026-11-16").replace('\u{a0}', " "), ends("2026-11-17")),
            ("16 Nov 24:00".into(), "0:00".into())
        );
        let day = |instant: &str| local_time.day(instant.parse().unwrap()).replace('\u{a0}', " ");
        assert_eq!(
            (day("2026-11-17T05:59:00Z"), day("2026-01-01T05:59:00Z")),
            ("16 Nov".into(), "31 December 2025".into())
        );
        assert_eq!(local_time.input_value("2026-11-17T14:05:59Z".parse().unwrap()), "2026-11-17T08:05");
    }
}
