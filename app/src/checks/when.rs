//! When something happened, as those inside read it: in the business's own time.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use store::Home;

use crate::texts::Texts;

/// A reader's language, the business's zone, and the present instant.
#[derive(Clone, Copy)]
pub(crate) struct When {
    pub texts: Texts,
    pub zone: Tz,
    pub now: DateTime<Utc>,
}

impl When {
    pub fn of(texts: Texts, home: &Home, now: DateTime<Utc>) -> Self {
        Self { texts, zone: home.zone, now }
    }

    /// The time alone today, with its day otherwise, with its year where that is another.
    pub fn at(&self, instant: DateTime<Utc>) -> String {
        let (local, today) = (self.local(instant), self.today());
        if local.date() == today {
            self.texts.time(local.time())
        } else if local.year() == today.year() {
            self.texts.moment(local)
        } else {
            self.texts.full_moment(local)
        }
    }

    /// The same for a table: `16 Nov 23:59`.
    pub fn brief(&self, instant: DateTime<Utc>) -> String {
        let local = self.local(instant);
        let time = self.texts.time(local.time());
        if local.date() == self.today() { time } else { format!("{} {time}", self.texts.short_day(local.date())) }
    }

    /// The same for what belongs to a day: its last instant is `16 Nov 24:00`, not the next day.
    pub fn brief_on(&self, day: NaiveDate, instant: DateTime<Utc>) -> String {
        let local = self.local(instant);
        if local.time() == NaiveTime::MIN && day.succ_opt() == Some(local.date()) {
            format!("{} 24:00", self.texts.short_day(day))
        } else {
            self.brief(instant)
        }
    }

    /// `12 min ago`.
    pub fn ago(&self, instant: DateTime<Utc>) -> String {
        self.texts.ago(self.now - instant)
    }

    /// The day alone: `16 Nov`, with its year where that is another.
    pub fn day(&self, instant: DateTime<Utc>) -> String {
        let date = self.local(instant).date();
        if date.year() == self.today().year() { self.texts.short_day(date) } else { self.texts.day(date) }
    }

    pub fn today(&self) -> NaiveDate {
        self.local(self.now).date()
    }

    pub fn is_today(&self, instant: DateTime<Utc>) -> bool {
        self.local(instant).date() == self.today()
    }

    /// As a field for date and time takes and sends it.
    pub fn field(&self, instant: DateTime<Utc>) -> String {
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
    fn the_day_is_said_where_it_is_another_and_the_year_where_that_is() {
        let now: DateTime<Utc> = "2026-11-17T15:00:00Z".parse().unwrap();
        let when = When { texts: Texts::of(Language::En), zone: chrono_tz::America::Chicago, now };
        let at = |instant: &str| when.at(instant.parse().unwrap()).replace('\u{a0}', " ");
        assert_eq!(at("2026-11-17T14:05:00Z"), "8:05");
        assert_eq!(at("2026-11-17T05:59:00Z"), "Monday 16 November, 23:59");
        assert_eq!(at("2026-01-01T05:59:00Z"), "31 December 2025, 23:59");
        assert_eq!(when.brief("2026-11-17T05:59:00Z".parse().unwrap()).replace('\u{a0}', " "), "16 Nov 23:59");
        let ends = |day: &str| when.brief_on(day.parse().unwrap(), "2026-11-17T06:00:00Z".parse().unwrap());
        assert_eq!(
            (ends("2026-11-16").replace('\u{a0}', " "), ends("2026-11-17")),
            ("16 Nov 24:00".into(), "0:00".into())
        );
        let day = |instant: &str| when.day(instant.parse().unwrap()).replace('\u{a0}', " ");
        assert_eq!(
            (day("2026-11-17T05:59:00Z"), day("2026-01-01T05:59:00Z")),
            ("16 Nov".into(), "31 December 2025".into())
        );
        assert_eq!(when.field("2026-11-17T14:05:59Z".parse().unwrap()), "2026-11-17T08:05");
    }
}
