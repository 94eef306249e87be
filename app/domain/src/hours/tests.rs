//! The hours and clocks of a business, by example.

use chrono::NaiveTime;
use chrono_tz::{Africa, America, Australia, Europe, Pacific, Tz};
use proptest::prelude::*;

use super::*;

mod properties;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant, written as the zone's own clocks and their offset from UTC show it.
fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_str(text, "%Y-%m-%d %H:%M %z").unwrap().to_utc()
}

fn span(text: &str) -> Span {
    Span::parse(text).unwrap()
}

/// The same spans every day.
fn daily(spans: &[&str]) -> Hours {
    let day: Vec<_> = spans.iter().map(|text| span(text)).collect();
    Hours::new(std::array::from_fn(|_| day.clone()), BTreeSet::new()).unwrap()
}

fn weekdays(spans: &str) -> Hours {
    let mut week: [Vec<Span>; 7] = std::array::from_fn(|_| vec![span(spans)]);
    week[5].clear();
    week[6].clear();
    Hours::new(week, BTreeSet::new()).unwrap()
}

fn hours_open(hours: &Hours, zone: Tz, from: &str, until: &str) -> TimeDelta {
    hours.between(&zone, at(from), at(until), &[])
}

mod spans {
    use super::*;

    #[test]
    fn are_read_as_people_write_them() {
        for text in ["06:00-22:00", "6:00 - 22:00", " 06:00 – 22:00 ", "06:00–22:00"] {
            assert_eq!(Span::parse(text), Span::new(360, 1320), "{text}");
        }
        assert_eq!(span("00:00-24:00"), Span::new(0, 1440).unwrap());
        assert_eq!(span("6:05-24:00").to_string(), "06:05-24:00");
    }

    #[test]
    fn are_refused_with_the_reason() {
        for text in ["", "-", "6-22", "06:00", "06:00/22:00", "06:00-22:0", "+6:00-22:00"] {
            assert_eq!(Span::parse(text), Err(SpanError::Form), "{text}");
        }
        for text in ["06:00-22:00-23:00", "006:00-22:00", "6:00-२२:00", "-6:00-22:00"] {
            assert_eq!(Span::parse(text), Err(SpanError::Form), "{text}");
        }
        for text in ["06:00-24:01", "06:60-22:00", "99:99-99:99"] {
            assert_eq!(Span::parse(text), Err(SpanError::OutsideTheDay), "{text}");
        }
        for text in ["22:00-06:00", "06:00-06:00"] {
            assert_eq!(Span::parse(text), Err(SpanError::ClosesBeforeOpening), "{text}");
        }
    }

    proptest! {
        #[test]
        fn are_read_back_as_shown(opens in 0_u16..1440, long in 1_u16..1440) {
            let span = Span::new(opens, (opens + long).min(1440)).unwrap();
            prop_assert_eq!(Span::parse(&span.to_string()), Ok(span));
        }

        #[test]
        fn never_panic_on_strange_text(text in "\\PC{0,20}") {
            let _ = Span::parse(&text);
        }
    }
}

mod weeks {
    use super::*;

    #[test]
    fn are_put_in_order_and_refused_when_spans_overlap() {
        let mut week: [Vec<Span>; 7] = Default::default();
        week[2] = vec![span("13:00-18:00"), span("08:00-13:00")];
        let hours = Hours::new(week.clone(), BTreeSet::new()).unwrap();
        assert_eq!(hours.week()[2], [span("08:00-13:00"), span("13:00-18:00")]);

        week[2].push(span("12:59-13:01"));
        let refused = Hours::new(week, BTreeSet::new());
        assert_eq!(refused, Err(HoursError::Overlap(Weekday::Wed)));
    }

    #[test]
    fn travel_as_json_and_are_checked_on_arrival() {
        let mut hours = weekdays("06:00-22:00");
        hours.holidays.insert(date("2026-12-25"));
        let json = serde_json::to_string(&hours).unwrap();
        assert!(json.starts_with(r#"{"week":[["06:00-22:00"],"#), "{json}");
        assert_eq!(serde_json::from_str::<Hours>(&json).unwrap(), hours);

        let overlapping = json.replacen(r#"["06:00-22:00"]"#, r#"["06:00-22:00","21:00-23:00"]"#, 1);
        let refused = serde_json::from_str::<Hours>(&overlapping).unwrap_err();
        assert!(refused.to_string().contains("two openings on Mon overlap"), "{refused}");
    }
}

mod clocks {
    use super::*;

    const CHICAGO: Tz = America::Chicago;

    fn due(hours: &Hours, start: &str, open: i64, pauses: &[Pause]) -> Option<DateTime<Utc>> {
        hours.after(&CHICAGO, at(start), TimeDelta::minutes(open), pauses)
    }

    #[test]
    fn run_only_while_open() {
        let hours = weekdays("09:00-17:00");
        let friday = "2026-06-05 16:00 -0500";
        assert_eq!(due(&hours, friday, 30, &[]), Some(at("2026-06-05 16:30 -0500")));
        assert_eq!(due(&hours, friday, 120, &[]), Some(at("2026-06-08 10:00 -0500")));
        let saturday = "2026-06-06 12:00 -0500";
        assert_eq!(due(&hours, saturday, 120, &[]), Some(at("2026-06-08 11:00 -0500")));
    }

    #[test]
    fn that_run_out_at_closing_are_due_at_closing() {
        let hours = weekdays("09:00-17:00");
        let run_out = due(&hours, "2026-06-05 16:00 -0500", 60, &[]);
        assert_eq!(run_out, Some(at("2026-06-05 17:00 -0500")));
    }

    #[test]
    fn with_nothing_left_to_pass_are_due_as_soon_as_they_run() {
        let hours = weekdays("09:00-17:00");
        let (friday, saturday) = ("2026-06-05 10:00 -0500", "2026-06-06 12:00 -0500");
        let monday = Some(at("2026-06-08 09:00 -0500"));
        assert_eq!(due(&hours, friday, 0, &[]), Some(at(friday)));
        assert_eq!(due(&hours, saturday, 0, &[]), monday);
        assert_eq!(due(&hours, saturday, -5, &[]), monday);
        let lasting = [Pause { from: at(friday), until: None }];
        assert_eq!(due(&hours, saturday, 0, &lasting), None);
    }

    #[test]
    fn skip_holidays() {
        let mut hours = daily(&["09:00-17:00"]);
        hours.holidays.insert(date("2026-12-25"));
        let run_out = due(&hours, "2026-12-24 16:00 -0600", 120, &[]);
        assert_eq!(run_out, Some(at("2026-12-26 10:00 -0600")));
        let on_the_day = hours_open(&hours, CHICAGO, "2026-12-25 00:00 -0600", "2026-12-26 00:00 -0600");
        assert_eq!(on_the_day, TimeDelta::zero());
    }

    #[test]
    fn stand_still_in_pauses_even_if_these_overlap_or_end_before_they_begin() {
        let pause = |from, until| Pause { from: at(from), until: Some(at(until)) };
        let pauses = [
            pause("2026-06-05 13:00 -0500", "2026-06-05 14:00 -0500"),
            pause("2026-06-05 11:00 -0500", "2026-06-05 12:00 -0500"),
            pause("2026-06-05 11:30 -0500", "2026-06-05 12:30 -0500"),
            pause("2026-06-05 11:40 -0500", "2026-06-05 11:50 -0500"),
            pause("2026-06-05 16:00 -0500", "2026-06-05 15:00 -0500"),
        ];
        let run_out = due(&Hours::always(), "2026-06-05 10:30 -0500", 300, &pauses);
        assert_eq!(run_out, Some(at("2026-06-05 18:00 -0500")));
    }

    #[test]
    fn under_a_lasting_pause_are_due_only_if_they_ran_out_before_it() {
        let hours = Hours::always();
        let start = "2026-06-05 10:00 -0500";
        let lasting = [Pause { from: at("2026-06-05 12:00 -0500"), until: None }];
        assert_eq!(due(&hours, start, 120, &lasting), Some(at("2026-06-05 12:00 -0500")));
        assert_eq!(due(&hours, start, 121, &lasting), None);
        let open = hours.between(&CHICAGO, at(start), at("2026-07-01 00:00 -0500"), &lasting);
        assert_eq!(open, TimeDelta::hours(2));
    }

    #[test]
    fn wait_over_a_year_for_an_opening_but_not_for_ever() {
        let closed = |days| {
            let mut hours = Hours::always();
            hours.holidays = date("2026-01-01").iter_days().take(days).collect();
            due(&hours, "2025-12-31 23:00 -0600", 120, &[])
        };
        assert_eq!(closed(399), Some(at("2027-02-04 01:00 -0600")));
        assert_eq!(closed(400), None);
        let never = Hours::new(Default::default(), BTreeSet::new()).unwrap();
        assert_eq!(due(&never, "2026-01-01 00:00 -0600", 1, &[]), None);
        let open = hours_open(&never, CHICAGO, "2026-01-01 00:00 -0600", "2030-01-01 00:00 -0600");
        assert_eq!(open, TimeDelta::zero());
    }

    #[test]
    fn count_no_time_backwards() {
        let back = hours_open(&Hours::always(), CHICAGO, "2026-01-02 00:00 -0600", "2026-01-01 00:00 -0600");
        assert_eq!(back, TimeDelta::zero());
    }
}

mod daylight_saving {
    use super::*;

    const CHICAGO: Tz = America::Chicago;

    #[test]
    fn an_opening_the_clocks_skip_begins_after_the_gap() {
        // On 8 March 2026 the clocks go from 02:00 CST to 03:00 CDT.
        let open = |spans| hours_open(&daily(&[spans]), CHICAGO, "2026-03-08 00:00 -0600", "2026-03-09 00:00 -0500");
        assert_eq!(open("02:30-04:00"), TimeDelta::hours(1));
        assert_eq!(open("01:00-02:30"), TimeDelta::hours(1));
        assert_eq!(open("02:10-02:50"), TimeDelta::zero());
        assert_eq!(open("00:00-24:00"), TimeDelta::hours(23));
    }

    #[test]
    fn an_hour_that_comes_twice_is_opened_early_and_closed_late() {
        // On 1 November 2026 the clocks go from 02:00 CDT back to 01:00 CST.
        let open =
            |spans: &[&str]| hours_open(&daily(spans), CHICAGO, "2026-11-01 00:00 -0500", "2026-11-02 00:00 -0600");
        assert_eq!(open(&["01:30-03:00"]), TimeDelta::minutes(150));
        assert_eq!(open(&["00:00-01:30"]), TimeDelta::minutes(150));
        assert_eq!(open(&["00:00-01:30", "01:30-03:00"]), TimeDelta::hours(4));
        assert_eq!(open(&["00:00-24:00"]), TimeDelta::hours(25));
    }

    #[test]
    fn an_opening_that_ends_with_the_day_stays_in_it_where_midnight_comes_twice() {
        // On 1 November 2026 the clocks in Havana go from 01:00 back to 00:00.
        let mut hours = daily(&["22:00-24:00"]);
        let havana = America::Havana;
        let open = hours_open(&hours, havana, "2026-10-31 12:00 -0400", "2026-11-01 12:00 -0500");
        assert_eq!(open, TimeDelta::hours(2));
        hours.holidays.insert(date("2026-11-01"));
        let (from, until) = day_bounds(&havana, date("2026-11-01"));
        assert_eq!(until - from, TimeDelta::hours(25));
        assert_eq!(hours.between(&havana, from, until, &[]), TimeDelta::zero());
    }

    #[test]
    fn a_day_is_as_long_as_the_zone_makes_it() {
        let expected = [
            (CHICAGO, "2026-06-01", 24 * 60),
            (CHICAGO, "2026-03-08", 23 * 60),
            (CHICAGO, "2026-11-01", 25 * 60),
            (Europe::Warsaw, "2026-03-29", 23 * 60),
            (Europe::Warsaw, "2026-10-25", 25 * 60),
            (Australia::Lord_Howe, "2026-04-05", 24 * 60 + 30),
            (Australia::Lord_Howe, "2026-10-04", 23 * 60 + 30),
            (Pacific::Apia, "2011-12-30", 0),
        ];
        for (zone, day, minutes) in expected {
            let (from, until) = day_bounds(&zone, date(day));
            assert_eq!((until - from).num_minutes(), minutes, "{zone} {day}");
        }
    }

    #[test]
    fn a_day_without_a_midnight_begins_after_the_gap() {
        let (from, until) = day_bounds(&America::Sao_Paulo, date("2018-11-04"));
        assert_eq!((from, until), (at("2018-11-04 01:00 -0200"), at("2018-11-05 00:00 -0200")));
        assert_eq!(until - from, TimeDelta::hours(23));

        let (from, until) = day_bounds(&Africa::Cairo, date("2026-04-24"));
        assert_eq!((from, until), (at("2026-04-24 01:00 +0300"), at("2026-04-25 00:00 +0300")));
    }

    #[test]
    fn a_day_whose_last_hour_comes_twice_ends_after_the_second() {
        let (from, until) = day_bounds(&Africa::Cairo, date("2026-10-29"));
        assert_eq!((from, until), (at("2026-10-29 00:00 +0300"), at("2026-10-30 00:00 +0200")));
        assert_eq!(until - from, TimeDelta::hours(25));
    }
}
