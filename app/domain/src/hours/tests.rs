//! Opening hours and deadlines, by example.

use chrono::NaiveTime;
use chrono_tz::{Africa, America, Australia, Europe, Pacific, Tz};
use proptest::prelude::*;

use super::*;
use crate::fault::Fault;

mod properties;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant, written as local time with its offset from UTC.
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
    hours.open_time(&zone, at(from), at(until), &[])
}

mod spans {
    use super::*;

    #[test]
    fn a_span_parses_in_common_notations() {
        for text in ["06:00-22:00", "6:00 - 22:00", " 06:00 – 22:00 ", "06:00–22:00"] {
            assert_eq!(Span::parse(text), Span::new(360, 1320), "{text}");
        }
        assert_eq!(span("00:00-24:00"), Span::new(0, 1440).unwrap());
        assert_eq!(span("6:05-24:00").to_string(), "06:05-24:00");
    }

    #[test]
    fn an_invalid_span_is_refused_with_the_reason() {
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
        fn a_span_round_trips_through_its_text(opens in 0_u16..1440, long in 1_u16..1440) {
            let span = Span::new(opens, (opens + long).min(1440)).unwrap();
            prop_assert_eq!(Span::parse(&span.to_string()), Ok(span));
        }

        #[test]
        fn parsing_a_span_never_panics(text in "\\PC{0,20}") {
            let _ = Span::parse(&text);
        }
    }
}

mod weeks {
    use super::*;

    #[test]
    fn spans_are_sorted_and_overlaps_are_refused() {
        let mut week: [Vec<Span>; 7] = Default::default();
        week[2] = vec![span("13:00-18:00"), span("08:00-13:00")];
        let hours = Hours::new(week.clone(), BTreeSet::new()).unwrap();
        assert_eq!(hours.week()[2], [span("08:00-13:00"), span("13:00-18:00")]);

        week[2].push(span("12:59-13:01"));
        let refused = Hours::new(week, BTreeSet::new());
        assert_eq!(refused, Err(HoursError::Overlap(Weekday::Wed)));
    }

    #[test]
    fn hours_round_trip_as_json_and_overlaps_are_refused() {
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
        hours.deadline(&CHICAGO, at(start), TimeDelta::minutes(open), pauses)
    }

    #[test]
    fn deadlines_run_only_during_opening_hours() {
        let hours = weekdays("09:00-17:00");
        let friday = "2026-06-05 16:00 -0500";
        assert_eq!(due(&hours, friday, 30, &[]), Some(at("2026-06-05 16:30 -0500")));
        assert_eq!(due(&hours, friday, 120, &[]), Some(at("2026-06-08 10:00 -0500")));
        let saturday = "2026-06-06 12:00 -0500";
        assert_eq!(due(&hours, saturday, 120, &[]), Some(at("2026-06-08 11:00 -0500")));
    }

    #[test]
    fn a_deadline_that_ends_at_closing_is_due_at_closing() {
        let hours = weekdays("09:00-17:00");
        let run_out = due(&hours, "2026-06-05 16:00 -0500", 60, &[]);
        assert_eq!(run_out, Some(at("2026-06-05 17:00 -0500")));
    }

    #[test]
    fn a_zero_duration_is_due_at_the_next_opening() {
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
    fn deadlines_skip_holidays() {
        let mut hours = daily(&["09:00-17:00"]);
        hours.holidays.insert(date("2026-12-25"));
        let run_out = due(&hours, "2026-12-24 16:00 -0600", 120, &[]);
        assert_eq!(run_out, Some(at("2026-12-26 10:00 -0600")));
        let on_the_day = hours_open(&hours, CHICAGO, "2026-12-25 00:00 -0600", "2026-12-26 00:00 -0600");
        assert_eq!(on_the_day, TimeDelta::zero());
    }

    #[test]
    fn pauses_stop_a_deadline_even_if_overlapping_or_inverted() {
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
    fn a_deadline_after_an_open_ended_pause_starts_is_never_due() {
        let hours = Hours::always();
        let start = "2026-06-05 10:00 -0500";
        let lasting = [Pause { from: at("2026-06-05 12:00 -0500"), until: None }];
        assert_eq!(due(&hours, start, 120, &lasting), Some(at("2026-06-05 12:00 -0500")));
        assert_eq!(due(&hours, start, 121, &lasting), None);
        let open = hours.open_time(&CHICAGO, at(start), at("2026-07-01 00:00 -0500"), &lasting);
        assert_eq!(open, TimeDelta::hours(2));
    }

    #[test]
    fn a_deadline_waits_for_an_opening_for_up_to_399_days() {
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
    fn open_time_is_zero_if_the_end_is_before_the_start() {
        let back = hours_open(&Hours::always(), CHICAGO, "2026-01-02 00:00 -0600", "2026-01-01 00:00 -0600");
        assert_eq!(back, TimeDelta::zero());
    }
}

mod daylight_saving {
    use super::*;

    const CHICAGO: Tz = America::Chicago;

    #[test]
    fn an_opening_in_a_skipped_hour_begins_after_the_gap() {
        // On 8 March 2026 the clocks go from 02:00 CST to 03:00 CDT.
        let open = |spans| hours_open(&daily(&[spans]), CHICAGO, "2026-03-08 00:00 -0600", "2026-03-09 00:00 -0500");
        assert_eq!(open("02:30-04:00"), TimeDelta::hours(1));
        assert_eq!(open("01:00-02:30"), TimeDelta::hours(1));
        assert_eq!(open("02:10-02:50"), TimeDelta::zero());
        assert_eq!(open("00:00-24:00"), TimeDelta::hours(23));
    }

    #[test]
    fn an_opening_covers_both_passes_of_a_repeated_hour() {
        // On 1 November 2026 the clocks go from 02:00 CDT back to 01:00 CST.
        let open =
            |spans: &[&str]| hours_open(&daily(spans), CHICAGO, "2026-11-01 00:00 -0500", "2026-11-02 00:00 -0600");
        assert_eq!(open(&["01:30-03:00"]), TimeDelta::minutes(150));
        assert_eq!(open(&["00:00-01:30"]), TimeDelta::minutes(150));
        assert_eq!(open(&["00:00-01:30", "01:30-03:00"]), TimeDelta::hours(4));
        assert_eq!(open(&["00:00-24:00"]), TimeDelta::hours(25));
    }

    #[test]
    fn an_opening_until_24_00_stays_in_its_day_if_midnight_repeats() {
        // On 1 November 2026 the clocks in Havana go from 01:00 back to 00:00.
        let mut hours = daily(&["22:00-24:00"]);
        let havana = America::Havana;
        let open = hours_open(&hours, havana, "2026-10-31 12:00 -0400", "2026-11-01 12:00 -0500");
        assert_eq!(open, TimeDelta::hours(2));
        hours.holidays.insert(date("2026-11-01"));
        let (from, until) = day_bounds(&havana, date("2026-11-01"));
        assert_eq!(until - from, TimeDelta::hours(25));
        assert_eq!(hours.open_time(&havana, from, until, &[]), TimeDelta::zero());
    }

    #[test]
    fn a_day_outside_years_1_to_9998_is_refused() {
        let out_of_range = Err(Fault::OutOfRange { min: 1, max: 9998 });
        for (text, parsed) in [
            (" 2026-12-25 ", Ok(date("2026-12-25"))),
            ("0001-01-01", Ok(date("0001-01-01"))),
            ("9998-12-31", Ok(date("9998-12-31"))),
            ("0000-12-31", out_of_range),
            ("9999-01-01", out_of_range),
            ("-5000-01-01", out_of_range),
            ("+200000-01-01", out_of_range),
            ("+999999-01-01", Err(Fault::Malformed)),
            ("25.12.2026", Err(Fault::Malformed)),
            ("", Err(Fault::Malformed)),
        ] {
            assert_eq!(parse_day(text), parsed, "{text}");
        }
    }

    #[test]
    fn the_length_of_a_day_follows_its_time_zone() {
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
    fn a_day_whose_last_hour_repeats_ends_after_the_second_pass() {
        let (from, until) = day_bounds(&Africa::Cairo, date("2026-10-29"));
        assert_eq!((from, until), (at("2026-10-29 00:00 +0300"), at("2026-10-30 00:00 +0200")));
        assert_eq!(until - from, TimeDelta::hours(25));
    }
}
