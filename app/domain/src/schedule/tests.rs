use chrono::{NaiveTime, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::fault::Fault;
use crate::hours::local_day;
use crate::window::{WindowState, day_of};

const WARSAW: Tz = chrono_tz::Europe::Warsaw;
const CHICAGO: Tz = chrono_tz::America::Chicago;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn time(text: &str) -> TimeOfDay {
    TimeOfDay::parse(text).unwrap()
}

fn every(minutes: u16, within: &str, grace: u16) -> Schedule {
    Schedule { rhythm: Recurrence::Every { minutes, within: Span::parse(within).unwrap() }, days: Weekdays::ALL, grace }
}

fn times(times: &[&str], lead: u16) -> Schedule {
    Schedule {
        rhythm: Recurrence::At { times: times.iter().map(|one| time(one)).collect(), lead },
        days: Weekdays::ALL,
        grace: 15,
    }
}

/// The windows of one local day, in local time.
fn local_windows(schedule: &Schedule, zone: Tz, day: &str) -> Vec<String> {
    let day: NaiveDate = day.parse().unwrap();
    let noon = zone.from_local_datetime(&day.and_hms_opt(12, 0, 0).unwrap()).unwrap().to_utc();
    let windows = schedule.windows(&zone, noon - TimeDelta::days(2), noon + TimeDelta::days(2));
    let local = |instant: DateTime<Utc>| instant.with_timezone(&zone).format("%H:%M").to_string();
    let here = windows.filter(|window| day_of(&zone, Some(window), window.due()) == day);
    here.map(|window| {
        format!("{}-{}+{}", local(window.opens()), local(window.due()), (window.closes() - window.due()).num_minutes())
    })
    .collect()
}

#[test]
fn a_recurring_schedule_has_only_whole_windows() {
    assert_eq!(local_windows(&every(45, "10:00-12:00", 5), WARSAW, "2026-06-03"), ["10:00-10:45+5", "10:45-11:30+5"]);
    assert_eq!(
        local_windows(&every(1440, "00:00-24:00", 0), WARSAW, "2026-06-03"),
        ["00:00-00:00+0"],
        "from midnight to midnight"
    );
}

/// For each schedule on Mondays: how many windows there are on Monday and on Tuesday.
#[test]
fn a_window_belongs_to_the_weekday_it_opens_in() {
    let monday = "2026-06-01".parse::<NaiveDate>().unwrap();
    let cases = [
        (every(60, "22:00-24:00", 0), vec!["22:00-23:00+0", "23:00-00:00+0"]),
        (every(60, "22:00-24:00", 90), vec!["22:00-23:00+90", "23:00-00:00+90"]),
        (every(1440, "00:00-24:00", 0), vec!["00:00-00:00+0"]),
        (every(7, "23:46-24:00", 0), vec!["23:46-23:53+0", "23:53-00:00+0"]),
        (every(5, "00:00-00:05", 0), vec!["00:00-00:05+0"]),
        (every(40, "22:00-24:00", 0), vec!["22:00-22:40+0", "22:40-23:20+0", "23:20-00:00+0"]),
        (times(&["00:00"], 30), vec!["23:30-00:00+15"]),
        (times(&["00:00", "23:45"], 30), vec!["23:15-23:45+15", "23:45-00:00+15"]),
        (times(&["00:10"], 30), vec!["00:00-00:10+15"]),
        (times(&["00:01", "23:59"], 720), vec!["00:00-00:01+15", "11:59-23:59+15"]),
        (times(&["12:00"], 720), vec!["00:00-12:00+15"]),
        (times(&["00:00"], 720), vec!["12:00-00:00+15"]),
    ];
    for (schedule, expected) in cases {
        let mondays = Schedule { days: Weekdays::from_days([Weekday::Mon]).unwrap(), ..schedule };
        for zone in [WARSAW, CHICAGO, chrono_tz::Pacific::Kiritimati, chrono_tz::Pacific::Pago_Pago] {
            assert_eq!(local_windows(&mondays, zone, "2026-06-01"), expected, "{mondays:?} in {zone}");
            for other in [monday.pred_opt(), monday.succ_opt()].into_iter().flatten() {
                assert_eq!(
                    local_windows(&mondays, zone, &other.to_string()),
                    [""; 0],
                    "{mondays:?} in {zone} on {other}"
                );
            }
        }
    }
}

#[test]
fn a_check_counts_on_the_day_of_its_window_or_else_its_own() {
    let window = Window::new(at("2026-06-01T21:00:00Z"), at("2026-06-01T22:00:00Z"), TimeDelta::minutes(15)).unwrap();
    let late = at("2026-06-01T22:05:00Z");
    let day = |window| day_of(&WARSAW, window, late).to_string();
    assert_eq!((day(Some(&window)), day(None)), ("2026-06-01".into(), "2026-06-02".into()));
}

#[test]
fn a_timed_window_opens_at_its_lead_or_the_time_before() {
    let schedule = times(&["09:00", "13:00", "13:20"], 30);
    assert_eq!(local_windows(&schedule, CHICAGO, "2026-06-03"), ["08:30-09:00+15", "12:30-13:00+15", "13:00-13:20+15"]);
    let midnight = times(&["00:10"], 30);
    assert_eq!(local_windows(&midnight, CHICAGO, "2026-06-03"), ["00:00-00:10+15"]);
}

#[test]
fn an_unscheduled_weekday_has_no_window() {
    let weekdays = Weekdays::from_days([Weekday::Mon, Weekday::Fri]).unwrap();
    let schedule = Schedule { days: weekdays, ..times(&["09:00"], 30) };
    let days =
        ["2026-06-01", "2026-06-02", "2026-06-05", "2026-06-07"].map(|day| local_windows(&schedule, WARSAW, day).len());
    assert_eq!(days, [1, 0, 1, 0]);
    assert_eq!(Weekdays::from_days([]), None);
}

#[test]
fn a_time_skipped_by_daylight_saving_is_due_after_the_gap() {
    // On 29 March 2026 clocks in Warsaw go from 2:00 to 3:00.
    assert_eq!(local_windows(&times(&["02:30"], 30), WARSAW, "2026-03-29"), ["01:30-03:00+15"]);
    assert_eq!(local_windows(&times(&["02:15", "02:45", "03:00"], 30), WARSAW, "2026-03-29"), ["01:30-03:00+15"]);
    assert_eq!(local_windows(&every(60, "00:00-24:00", 0), WARSAW, "2026-03-29").len(), 22 + 1);
    assert_eq!(local_windows(&every(30, "02:00-03:00", 0), WARSAW, "2026-03-29").len(), 0);
}

#[test]
fn a_day_skipped_by_its_time_zone_has_no_windows() {
    // In Samoa the day after Thursday, 29 December 2011, was Saturday, the 31st.
    let fridays = Schedule { days: Weekdays::from_days([Weekday::Fri]).unwrap(), ..times(&["00:00", "09:00"], 5) };
    let (from, until) = (at("2011-12-29T00:00:00Z"), at("2012-01-02T00:00:00Z"));
    assert_eq!(fridays.windows(&chrono_tz::Pacific::Apia, from, until).count(), 0);
}

#[test]
fn a_repeated_hour_adds_a_window_but_a_time_is_due_once() {
    // On 25 October 2026 clocks in Warsaw go from 3:00 to 2:00.
    let once = times(&["02:30"], 30);
    let dues = once.windows(&WARSAW, at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")).map(|window| window.due());
    assert_eq!(dues.collect::<Vec<_>>(), [at("2026-10-25T00:30:00Z")]);
    assert_eq!(local_windows(&every(60, "00:00-24:00", 0), WARSAW, "2026-10-25").len(), 25);
}

#[test]
fn a_check_in_grace_can_count_for_that_window_or_the_next() {
    let open = |instant: &str| {
        let windows = every(60, "10:00-12:00", 15).open_at(&WARSAW, at(instant));
        windows.into_iter().map(|window| window.due().with_timezone(&WARSAW).hour()).collect::<Vec<_>>()
    };
    assert_eq!(open("2026-06-03T08:00:00Z"), [11]);
    assert_eq!(open("2026-06-03T09:05:00Z"), [11, 12]);
    assert_eq!(open("2026-06-03T10:10:00Z"), [12]);
    assert_eq!(open("2026-06-03T10:15:00Z"), [] as [u32; 0]);
}

#[test]
fn a_closure_excuses_only_windows_entirely_within_it() {
    let window = Window::new(at("2026-06-03T08:00:00Z"), at("2026-06-03T09:00:00Z"), TimeDelta::minutes(15)).unwrap();
    let excuses = |from: &str, until: &str| Closure { from: at(from), until: at(until) }.excuses(&window);
    assert!(excuses("2026-06-03T08:00:00Z", "2026-06-03T09:00:00Z"));
    assert!(!excuses("2026-06-03T08:00:01Z", "2026-06-03T10:00:00Z"));
    assert!(!excuses("2026-06-03T07:00:00Z", "2026-06-03T08:59:59Z"));
}

#[test]
fn a_closure_in_a_year_after_9998_is_refused() {
    let now = at("2026-06-03T08:00:00Z");
    let draft = |from: &str, until: &str| ClosureDraft {
        site: uuid::Uuid::nil().to_string(),
        from: from.into(),
        until: until.into(),
        why: "Works.".into(),
        ..ClosureDraft::default()
    };
    let far = draft("+12026-06-03T08:00", "+12026-06-04T08:00").parse(&Utc, now).unwrap_err();
    assert_eq!(far.of_field("from"), Some(Fault::OutOfRange { min: 1, max: 9998 }));
    let skipped = draft("2027-03-28T02:30", "2027-03-28T04:00").parse(&chrono_tz::Europe::Warsaw, now).unwrap();
    assert_eq!(skipped.closure.from, at("2027-03-28T01:00:00Z"), "after the gap");
}

#[test]
fn an_invalid_or_never_due_schedule_is_refused() {
    let draft = ScheduleDraft {
        rhythm: "every".into(),
        every: "60".into(),
        within: "06:00-22:00".into(),
        days: vec!["monday".into()],
        grace: "15".into(),
        ..ScheduleDraft::default()
    };
    let fault = |draft: ScheduleDraft, field: &str| draft.parse().unwrap_err().of_field(field);
    assert_eq!(draft.parse().unwrap().unwrap().grace, 15);
    let with = |change: fn(&mut ScheduleDraft)| {
        let mut changed = draft.clone();
        change(&mut changed);
        changed
    };
    assert_eq!(fault(with(|draft| draft.days.clear()), "days"), Some(Fault::Missing));
    assert_eq!(fault(with(|draft| draft.days[0] = "someday".into()), "days"), Some(Fault::UnknownChoice));
    assert_eq!(fault(with(|draft| draft.within = "06:00-06:30".into()), "every"), Some(Fault::NeverDue));
    assert_eq!(fault(with(|draft| draft.within = "6-22".into()), "within"), Some(Fault::Malformed));
    assert_eq!(fault(with(|draft| draft.within.clear()), "within"), Some(Fault::Missing));
    assert_eq!(fault(with(|draft| draft.every = "4".into()), "every"), Some(Fault::OutOfRange { min: 5, max: 1440 }));
    assert_eq!(fault(with(|draft| draft.rhythm.clear()), "rhythm"), Some(Fault::Missing));
    assert_eq!(fault(with(|draft| draft.rhythm = "yearly".into()), "rhythm"), Some(Fault::UnknownChoice));
    let timed =
        |times: &str| ScheduleDraft { rhythm: "at".into(), times: times.into(), lead: "30".into(), ..draft.clone() };
    assert_eq!(fault(timed(" , "), "times"), Some(Fault::Missing));
    assert_eq!(fault(timed("24:00"), "times"), Some(Fault::Malformed));
    assert_eq!(
        fault(timed(&(0..49).map(|minute| format!("10:{minute:02},")).collect::<String>()), "times"),
        Some(Fault::TooMany { max: 48 })
    );
    assert_eq!(ScheduleDraft { rhythm: "none".into(), ..ScheduleDraft::default() }.parse(), Ok(None));
}

fn any_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![
        WARSAW,
        CHICAGO,
        chrono_tz::UTC,
        chrono_tz::Asia::Kathmandu,
        chrono_tz::Australia::Lord_Howe,
        chrono_tz::America::Sao_Paulo,
        chrono_tz::Pacific::Apia,
    ])
}

fn any_schedule() -> impl Strategy<Value = Schedule> {
    let every = (1_u16..=96, 0_u16..1430, 5_u16..1440).prop_filter_map("fits", |(fives, opens, long)| {
        let within = Span::new(opens, (opens + long).min(1440)).ok()?;
        Some(Recurrence::Every { minutes: fives * 15, within })
    });
    let at = (prop::collection::btree_set(0_u16..1440, 1..6), 5_u16..300).prop_map(|(minutes, lead)| {
        let times = minutes.into_iter().map(|minute| time(&format!("{:02}:{:02}", minute / 60, minute % 60)));
        Recurrence::At { times: times.collect(), lead }
    });
    let rhythm = prop_oneof![every.boxed(), at.boxed()];
    (rhythm, 1_u8..128, 0_u16..120).prop_map(|(rhythm, days, grace)| Schedule {
        rhythm,
        days: days.try_into().unwrap(),
        grace,
    })
}

/// Days around the clock changes of these time zones.
fn any_day() -> impl Strategy<Value = DateTime<Utc>> {
    let changes = [
        "2026-03-08",
        "2026-03-29",
        "2026-04-05",
        "2026-10-04",
        "2026-10-25",
        "2026-11-01",
        "2018-11-04",
        "2011-12-30",
    ];
    let start = |day: &str| day.parse::<NaiveDate>().unwrap().and_time(NaiveTime::MIN).and_utc();
    (prop::sample::select(changes.map(start).to_vec()), -2_i64..3)
        .prop_map(|(start, days)| start + TimeDelta::days(days))
}

/// An instant, with the local time at it.
type Seen = (DateTime<Utc>, NaiveTime);

/// The slow model: looks at the local time minute by minute.
fn walked(
    schedule: &Schedule,
    zone: Tz,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, DateTime<Utc>, NaiveDate)> {
    let minutes = (until - from).num_minutes() + 2 * 5 * 1440;
    let clock = |minute: i64| {
        let instant = from - TimeDelta::days(5) + TimeDelta::minutes(minute);
        (instant, instant.with_timezone(&zone).naive_local())
    };
    let mut days: Vec<(NaiveDate, Vec<Seen>)> = Vec::new();
    for (instant, local) in (0..minutes).map(clock) {
        match days.iter_mut().find(|(day, _)| *day == local.date()) {
            Some((_, seen)) => seen.push((instant, local.time())),
            None => days.push((local.date(), vec![(instant, local.time())])),
        }
    }
    let mut windows: Vec<(DateTime<Utc>, DateTime<Utc>, NaiveDate)> = Vec::new();
    let whole = days.len() - 1;
    for (day, seen) in days.into_iter().take(whole).skip(1).filter(|(day, _)| schedule.days.contains(day.weekday())) {
        let first = |minute: u16| {
            let reached = |time: NaiveTime| time.num_seconds_from_midnight() >= u32::from(minute) * 60;
            seen.iter().find(|(_, time)| reached(*time)).map(|(instant, _)| *instant)
        };
        let end = seen.last().unwrap().0 + TimeDelta::minutes(1);
        match &schedule.rhythm {
            Recurrence::Every { minutes, within } => {
                let inside = |time: NaiveTime| time.num_seconds_from_midnight() < u32::from(within.closes()) * 60;
                let Some(begins) = first(within.opens()).filter(|_| day.succ_opt().is_some()) else { continue };
                let Some(ends) =
                    seen.iter().rfind(|(_, time)| inside(*time)).map(|(last, _)| *last + TimeDelta::minutes(1))
                else {
                    continue;
                };
                let mut opens = begins;
                while opens + TimeDelta::minutes((*minutes).into()) <= ends {
                    windows.push((opens, opens + TimeDelta::minutes((*minutes).into()), day));
                    opens += TimeDelta::minutes((*minutes).into());
                }
            }
            Recurrence::At { times, lead } => {
                let minute = |time: &TimeOfDay| {
                    let [hours, minutes] =
                        time.to_string().split(':').map(|part| part.parse::<u16>().unwrap()).collect::<Vec<_>>()[..]
                    else {
                        unreachable!()
                    };
                    hours * 60 + minutes
                };
                let due = |minute| if minute == 0 { end } else { first(minute).unwrap_or(end) };
                let mut dues: Vec<_> = times.iter().map(|time| due(minute(time))).collect();
                dues.sort_unstable();
                for due in dues {
                    let before = windows.last().map(|(_, due, _)| *due);
                    let opens = seen[0].0.max(due - TimeDelta::minutes((*lead).into()));
                    let opens = before.map_or(opens, |before| before.max(opens));
                    if opens < due {
                        windows.push((opens, due, day));
                    }
                }
            }
        }
    }
    windows.retain(|(opens, ..)| from <= *opens && *opens < until);
    windows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn windows_match_a_minute_by_minute_model(
        schedule in any_schedule(), zone in any_zone(), from in any_day(), hours in 1_i64..60,
    ) {
        let until = from + TimeDelta::hours(hours);
        let windows = schedule.windows(&zone, from, until);
        let seen: Vec<_> =
            windows.map(|window| (window.opens(), window.due(), day_of(&zone, Some(&window), window.closes()))).collect();
        prop_assert_eq!(seen, walked(&schedule, zone, from, until));
    }

    #[test]
    fn splitting_an_interval_yields_each_window_once(
        schedule in any_schedule(), zone in any_zone(), from in any_day(), cuts in prop::collection::btree_set(1_i64..4000, 0..6),
    ) {
        let until = from + TimeDelta::minutes(4000);
        let cuts: Vec<_> = cuts.into_iter().map(|minute| from + TimeDelta::minutes(minute)).collect();
        let ends: Vec<_> = std::iter::once(from).chain(cuts).chain([until]).collect();
        let parts: Vec<_> = ends.windows(2).flat_map(|pair| schedule.windows(&zone, pair[0], pair[1])).collect();
        prop_assert_eq!(parts, schedule.windows(&zone, from, until).collect::<Vec<_>>());
    }

    #[test]
    fn a_day_has_the_windows_that_open_in_it_and_none_if_closed(
        schedule in any_schedule(), zone in any_zone(), from in any_day(), closed in 0_u64..4,
    ) {
        let (first, days) = (local_day(&zone, from), 4);
        let bounds = |ahead: u64| day_bounds(&zone, first + Days::new(ahead));
        let (begins, ends) = (bounds(0).0, bounds(days).0);
        let (shut, opened) = bounds(closed);
        let closure = Closure { from: shut, until: opened };
        let walked = walked(&schedule, zone, begins, ends);
        let windows: Vec<_> = schedule.windows(&zone, begins, ends).collect();
        for ahead in 0..days {
            let day = first + Days::new(ahead);
            let here = |window: &&Window| day_of(&zone, Some(window), window.closes()) == day;
            let (opens, due) = (windows.iter().filter(here), windows.iter().filter(here).filter(|window| !closure.excuses(window)));
            let watched = walked.iter().filter(|(.., on)| *on == day).count();
            prop_assert_eq!(opens.count(), watched);
            prop_assert_eq!(due.count(), if ahead == closed { 0 } else { watched });
            prop_assert!(watched == 0 || schedule.days.contains(day.weekday()));
        }
    }

    #[test]
    fn a_check_counts_for_a_window_only_while_it_is_open(
        schedule in any_schedule(), zone in any_zone(), from in any_day(), minute in 0_i64..3000,
    ) {
        let now = from + TimeDelta::minutes(minute);
        for window in schedule.open_at(&zone, now) {
            prop_assert!(matches!(window.state(now, None), WindowState::Due | WindowState::Late));
        }
        let all = schedule.windows(&zone, now - TimeDelta::days(4), now + TimeDelta::days(1));
        let open = all.filter(|window| matches!(window.state(now, None), WindowState::Due | WindowState::Late)).count();
        prop_assert_eq!(schedule.open_at(&zone, now).len(), open);
    }

    #[test]
    fn a_schedule_round_trips_as_json_and_draft(schedule in any_schedule()) {
        let json = serde_json::to_string(&schedule).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Schedule>(&json).unwrap(), &schedule);
        let draft = ScheduleDraft::from(Some(&schedule));
        match draft.parse() {
            Ok(parsed) => prop_assert_eq!(parsed, Some(schedule)),
            Err(faults) => prop_assert_eq!(faults.of_field("every"), Some(Fault::NeverDue)),
        }
    }
}
