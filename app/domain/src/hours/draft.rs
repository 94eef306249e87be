//! Opening hours as typed: one line for each weekday, and the holidays.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Hours, HoursError, Span};
use crate::fault::{Fault, Faults};
use crate::text::{lines, tidy};

/// Input for [`Hours`], as text. A weekday is written like `06:00-12:00, 13:00-22:00`; blank means closed. Holidays are
/// dates, one on each line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoursDraft {
    pub monday: String,
    pub tuesday: String,
    pub wednesday: String,
    pub thursday: String,
    pub friday: String,
    pub saturday: String,
    pub sunday: String,
    pub holidays: String,
}

const MAX_SPANS: usize = 6;
const MAX_HOLIDAYS: usize = 366;
const VALID_YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

impl HoursDraft {
    /// The field names of the weekdays, Monday first.
    pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// Parses the opening hours.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field. A week without any opening is refused, because no deadline would ever
    /// pass.
    pub fn parse(&self) -> Result<Hours, Faults> {
        let mut faults = Faults::default();
        let mut week: [Vec<Span>; 7] = Default::default();
        for ((name, typed), spans) in Self::DAYS.into_iter().zip(self.days()).zip(&mut week) {
            *spans = faults.collect(name, day(typed)).unwrap_or_default();
        }
        let holidays = faults.collect("holidays", holidays(&self.holidays)).unwrap_or_default();
        if faults.is_empty() && week.iter().all(Vec::is_empty) {
            faults.collect("monday", Err::<(), _>(Fault::Missing));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Hours::new(week, holidays).map_err(|HoursError::Overlap(day)| {
            Faults::one(Self::DAYS[day.num_days_from_monday() as usize], Fault::Malformed)
        })
    }

    /// The typed text of each weekday, Monday first.
    #[must_use]
    pub fn days(&self) -> [&str; 7] {
        let Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday, .. } = self;
        [monday, tuesday, wednesday, thursday, friday, saturday, sunday].map(String::as_str)
    }
}

impl From<&Hours> for HoursDraft {
    fn from(hours: &Hours) -> Self {
        let line = |spans: &Vec<Span>| spans.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = hours.week().each_ref().map(line);
        let holidays = hours.holidays().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday, holidays }
    }
}

fn day(typed: &str) -> Result<Vec<Span>, Fault> {
    let typed = tidy(typed);
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    if typed.split(',').count() > MAX_SPANS {
        return Err(Fault::TooMany { max: MAX_SPANS });
    }
    let spans: Result<Vec<_>, _> = typed.split(',').map(Span::parse).collect();
    let spans = spans.map_err(|_| Fault::Malformed)?;
    let alone = [spans.clone(), vec![], vec![], vec![], vec![], vec![], vec![]];
    Hours::new(alone, BTreeSet::new()).map_err(|_| Fault::Malformed)?;
    Ok(spans)
}

/// Dates in ISO 8601 or in the form common in Europe: `2026-12-25`, `25.12.2026`.
fn holidays(typed: &str) -> Result<BTreeSet<NaiveDate>, Fault> {
    let lines: Vec<_> = lines(typed).iter().map(|line| tidy(line)).filter(|line| !line.is_empty()).collect();
    if lines.len() > MAX_HOLIDAYS {
        return Err(Fault::TooMany { max: MAX_HOLIDAYS });
    }
    let date = |line: &String| {
        let read = |form| NaiveDate::parse_from_str(line, form).ok();
        let date = read("%Y-%m-%d").or_else(|| read("%d.%m.%Y"));
        date.filter(|date| VALID_YEARS.contains(&date.year())).ok_or(Fault::Malformed)
    };
    lines.iter().map(date).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn week(text: &str) -> HoursDraft {
        HoursDraft { monday: text.into(), ..HoursDraft::default() }
    }

    #[test]
    fn opening_hours_parse_in_common_notations() {
        let draft = HoursDraft {
            sunday: "00:00-24:00".into(),
            holidays: "2026-12-25\r\n\r\n 01.01.2027 \n2026-12-25".into(),
            ..week("13:00 – 22:00,6:00-12:00")
        };
        let hours = draft.parse().unwrap();
        let back = HoursDraft::from(&hours);
        assert_eq!(back.monday, "06:00-12:00, 13:00-22:00");
        assert_eq!((back.tuesday.as_str(), back.sunday.as_str()), ("", "00:00-24:00"));
        assert_eq!(back.holidays, "2026-12-25\n2027-01-01");
    }

    #[test]
    fn always_open_hours_show_as_00_00_to_24_00() {
        let draft = HoursDraft::from(&Hours::always());
        assert_eq!(draft.days(), ["00:00-24:00"; 7]);
        assert_eq!(draft.parse(), Ok(Hours::always()));
    }

    #[test]
    fn every_invalid_field_is_reported() {
        let draft = HoursDraft {
            monday: "6-22".into(),
            tuesday: "06:00-12:00, 11:00-13:00".into(),
            friday: ["01:00-01:01"; 7].join(","),
            saturday: "22:00-06:00".into(),
            holidays: "Christmas".into(),
            ..HoursDraft::default()
        };
        let faults = draft.parse().unwrap_err();
        assert_eq!(faults.of_field("friday"), Some(Fault::TooMany { max: MAX_SPANS }));
        for field in ["monday", "tuesday", "saturday", "holidays"] {
            assert_eq!(faults.of_field(field), Some(Fault::Malformed), "{field}");
        }
        assert_eq!(faults.all().len(), 5);
    }

    #[test]
    fn a_week_without_opening_hours_is_refused() {
        assert_eq!(HoursDraft::default().parse(), Err(Faults::one("monday", Fault::Missing)));
    }

    #[test]
    fn invalid_dates_and_too_many_holidays_are_refused() {
        let at = |holidays: &str| HoursDraft { holidays: holidays.into(), ..week("06:00-22:00") }.parse();
        for wrong in ["2026-02-29", "+12026-01-01", "1926-01-01", "25/12/2026", "2026-12-25 2026-12-26"] {
            assert_eq!(at(wrong), Err(Faults::one("holidays", Fault::Malformed)), "{wrong}");
        }
        let days: Vec<_> = (0..367).map(|day| format!("{}-01-01", 2000 + day % 199)).collect();
        assert_eq!(at(&days.join("\n")), Err(Faults::one("holidays", Fault::TooMany { max: MAX_HOLIDAYS })));
    }

    fn any_span() -> impl Strategy<Value = String> {
        (0_u16..1440, 1_u16..=1440).prop_map(|(opens, length)| {
            let closes = (opens + length).min(1440);
            format!("{}:{:02}-{}:{:02}", opens / 60, opens % 60, closes / 60, closes % 60)
        })
    }

    proptest! {
        #[test]
        fn valid_hours_round_trip_through_the_draft(days in prop::collection::vec(any_span(), 7), shut in 0_usize..7) {
            let mut draft = HoursDraft::default();
            let fields = [&mut draft.monday, &mut draft.tuesday, &mut draft.wednesday, &mut draft.thursday,
                &mut draft.friday, &mut draft.saturday, &mut draft.sunday];
            for (at, (field, day)) in fields.into_iter().zip(days).enumerate() {
                *field = if at == shut { String::new() } else { day };
            }
            let hours = draft.parse().unwrap();
            prop_assert_eq!(HoursDraft::from(&hours).parse(), Ok(hours));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = HoursDraft { holidays: text.clone(), ..week(&text) }.parse();
        }
    }
}
