//! Properties around clock changes, against a slow model and between functions.

use super::*;

/// Time zones, each with the date of a clock change.
const CLOCK_CHANGES: [(Tz, &str); 9] = [
    (America::Chicago, "2026-03-08"),
    (America::Chicago, "2026-11-01"),
    (Europe::Warsaw, "2026-03-29"),
    (Europe::Warsaw, "2026-10-25"),
    (Australia::Lord_Howe, "2026-04-05"),
    (Australia::Lord_Howe, "2026-10-04"),
    (America::Sao_Paulo, "2018-11-04"),
    (Africa::Cairo, "2026-10-30"),
    (America::Havana, "2026-11-01"),
];

/// Spans of one day at random times, many of them at night, when clocks change.
fn day() -> impl Strategy<Value = Vec<Span>> {
    let cut = prop_oneof![(0_u16..=16).prop_map(|quarter| quarter * 15), 0_u16..=1440];
    let cuts = prop::collection::btree_map(cut, any::<bool>(), 0..7);
    cuts.prop_map(|cuts| {
        let cuts: Vec<_> = cuts.into_iter().collect();
        let open = cuts.windows(2).filter(|pair| pair[0].1);
        open.map(|pair| Span::new(pair[0].0, pair[1].0).unwrap()).collect()
    })
}

fn hours_around(day_of_change: NaiveDate) -> impl Strategy<Value = Hours> {
    let week = prop_oneof![
        3 => prop::array::uniform7(day()),
        1 => Just(Hours::always().week),
    ];
    (week, prop::collection::btree_set(-4_i64..4, 0..3)).prop_map(move |(week, holidays)| {
        let holidays = holidays.into_iter().map(|day| day_of_change + TimeDelta::days(day));
        Hours::new(week, holidays.collect()).unwrap()
    })
}

#[derive(Debug, Clone)]
struct Case {
    zone: Tz,
    hours: Hours,
    /// Three days before the change.
    origin: DateTime<Utc>,
}

impl Case {
    fn minute(&self, minutes: i64) -> DateTime<Utc> {
        self.origin + TimeDelta::minutes(minutes)
    }

    fn pauses(&self, pauses: &[(i64, i64)]) -> Vec<Pause> {
        let pause = |&(from, long)| Pause { from: self.minute(from), until: Some(self.minute(from + long)) };
        pauses.iter().map(pause).collect()
    }

    fn deadline_after(&self, start: i64, open: TimeDelta, pauses: &[Pause]) -> Option<DateTime<Utc>> {
        self.hours.deadline(&self.zone, self.minute(start), open, pauses)
    }

    fn between(&self, from: DateTime<Utc>, until: DateTime<Utc>, pauses: &[Pause]) -> TimeDelta {
        self.hours.open_time(&self.zone, from, until, pauses)
    }
}

fn case() -> impl Strategy<Value = Case> {
    prop::sample::select(CLOCK_CHANGES.to_vec()).prop_flat_map(|(zone, day)| {
        let day = date(day);
        let origin = (day.and_time(NaiveTime::MIN) - TimeDelta::days(3)).and_utc();
        hours_around(day).prop_map(move |hours| Case { zone, hours, origin })
    })
}

fn pauses() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0_i64..8640, -500_i64..2000), 0..4)
}

/// The slow model: counts opening time minute by minute, from local times only.
fn minute_by_minute(hours: &Hours, zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>) -> TimeDelta {
    let margin = TimeDelta::days(4);
    let origin = from - margin;
    let minutes = usize::try_from((until + margin - origin).num_minutes()).unwrap();
    let minute = TimeDelta::minutes(1);
    let clocks: Vec<_> = std::iter::successors(Some(origin), |instant| Some(*instant + minute))
        .take(minutes)
        .map(|instant| instant.with_timezone(&zone).naive_local())
        .collect();
    let mut open = vec![false; minutes];
    let days = usize::try_from((until - from).num_days()).unwrap() + 5;
    for day in (from.date_naive() - TimeDelta::days(2)).iter_days().take(days) {
        if hours.holidays.contains(&day) {
            continue;
        }
        let midnight = day.and_time(NaiveTime::MIN);
        let near = usize::try_from((midnight.and_utc() - origin).num_minutes()).unwrap() - 1440;
        let near = near..near + 3 * 1440;
        let reached = |local| near.clone().find(|at| clocks[*at] >= local).unwrap();
        for span in &hours.week[day.weekday().num_days_from_monday() as usize] {
            let opens = midnight + TimeDelta::minutes(span.opens().into());
            let closes = midnight + TimeDelta::minutes(span.closes().into());
            let last_shown = near.clone().rfind(|at| clocks[*at] == closes);
            let shut = last_shown.filter(|_| span.closes() < 1440).unwrap_or_else(|| reached(closes));
            open[reached(opens)..shut].fill(true);
        }
    }
    let index = |instant: DateTime<Utc>| usize::try_from((instant - origin).num_minutes()).unwrap();
    let open = open[index(from)..index(until)].iter().filter(|open| **open).count();
    TimeDelta::minutes(i64::try_from(open).unwrap())
}

#[test]
fn open_time_over_a_year_matches_a_minute_by_minute_count() {
    let mut hours = daily(&["00:00-01:45", "01:50-02:15", "02:20-02:40", "09:00-17:30", "23:10-24:00"]);
    hours.week[1].clear();
    hours.holidays = ["2026-01-01", "2026-03-08", "2026-12-25"].map(date).into();
    for zone in [America::Chicago, Europe::Warsaw, Australia::Lord_Howe] {
        let (from, until) = (at("2025-12-31 22:13 +0000"), at("2027-01-02 04:41 +0000"));
        let slow = minute_by_minute(&hours, zone, from, until);
        assert_eq!(hours.open_time(&zone, from, until, &[]), slow, "{zone}");
        assert!(slow > TimeDelta::days(150), "{zone}");
    }
}

proptest! {
    #[test]
    fn open_time_around_clock_changes_matches_a_minute_count(case in case(), from in 0_i64..8640, long in 0_i64..6000) {
        let (from, until) = (case.minute(from), case.minute(from + long));
        let slow = minute_by_minute(&case.hours, case.zone, from, until);
        prop_assert_eq!(case.between(from, until, &[]), slow);
    }

    #[test]
    fn the_open_time_until_a_deadline_is_its_duration(case in case(), start in 0_i64..8640, open in 0_i64..800_000_000, pauses in pauses()) {
        let (open, pauses) = (TimeDelta::milliseconds(open), case.pauses(&pauses));
        if let Some(due) = case.deadline_after(start, open, &pauses) {
            prop_assert_eq!(case.between(case.minute(start), due, &pauses), open);
            let just_before = due - TimeDelta::milliseconds(1);
            prop_assert!(open.is_zero() || case.between(case.minute(start), just_before, &pauses) < open);
        } else {
            prop_assert!(case.hours.week.iter().all(Vec::is_empty));
        }
    }

    #[test]
    fn a_later_start_or_longer_duration_is_never_due_earlier(
        case in case(), starts in [0_i64..8640, 0_i64..8640], open in [0_i64..9000, 0_i64..9000], pauses in pauses()
    ) {
        let pauses = case.pauses(&pauses);
        let sooner = case.deadline_after(starts[0].min(starts[1]), TimeDelta::minutes(open[0].min(open[1])), &pauses);
        let later = case.deadline_after(starts[0].max(starts[1]), TimeDelta::minutes(open[0].max(open[1])), &pauses);
        prop_assert!(sooner <= later || later.is_none());
    }

    #[test]
    fn a_pause_removes_exactly_the_open_time_within_it(case in case(), from in 0_i64..8640, long in 0_i64..6000, pauses in pauses()) {
        let (from, until) = (case.minute(from), case.minute(from + long));
        let mut paused = TimeDelta::zero();
        let mut counted = from;
        let mut pauses = case.pauses(&pauses);
        let running = case.between(from, until, &pauses);
        pauses.sort_by_key(|pause| pause.from);
        for pause in pauses {
            let end = pause.until.unwrap().clamp(counted, until);
            paused += case.between(pause.from.clamp(counted, until), end, &[]);
            counted = end;
        }
        prop_assert_eq!(running + paused, case.between(from, until, &[]));
    }

    #[test]
    fn open_time_of_adjacent_intervals_adds_up(case in case(), cuts in [0_i64..8640, 0_i64..8640, 0_i64..8640]) {
        let mut cuts = cuts.map(|minute| case.minute(minute));
        cuts.sort_unstable();
        let [a, b, c] = cuts;
        prop_assert_eq!(case.between(a, b, &[]) + case.between(b, c, &[]), case.between(a, c, &[]));
    }

    #[test]
    fn a_holiday_has_no_open_time_and_changes_no_other_day(case in case(), holiday in -3_i64..4) {
        let holiday = case.origin.date_naive() + TimeDelta::days(3 + holiday);
        let mut closed = case.clone();
        closed.hours.holidays.insert(holiday);
        let (begins, ends) = day_bounds(&case.zone, holiday);
        prop_assert_eq!(closed.between(begins, ends, &[]), TimeDelta::zero());
        for day in -5_i64..6 {
            let day = holiday + TimeDelta::days(day);
            let (from, until) = day_bounds(&case.zone, day);
            if day != holiday {
                prop_assert_eq!(closed.between(from, until, &[]), case.between(from, until, &[]));
            }
        }
    }

    #[test]
    fn always_open_hours_count_all_elapsed_time(case in case(), from in 0_i64..8640, long in 0_i64..6000) {
        let (from, until) = (case.minute(from), case.minute(from + long));
        prop_assert_eq!(Hours::always().open_time(&case.zone, from, until, &[]), until - from);
        prop_assert_eq!(Hours::always().deadline(&case.zone, from, until - from, &[]), Some(until));
    }

    #[test]
    fn local_days_contain_their_instants_and_leave_no_gap(case in case(), minute in 0_i64..8640) {
        let instant = case.minute(minute);
        let day = local_day(&case.zone, instant);
        let (from, until) = day_bounds(&case.zone, day);
        prop_assert!(from <= instant && instant < until);
        prop_assert_eq!(local_day(&case.zone, from), day);
        prop_assert_eq!(day_bounds(&case.zone, day.succ_opt().unwrap()).0, until);
    }
}
