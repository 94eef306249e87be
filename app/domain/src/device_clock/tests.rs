use super::*;
use proptest::prelude::*;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A phone that heard from the server, made a check after `until_check` and sent it after `until_sent`. `wrong` is the
/// error of its clock at each of the three moments.
#[derive(Clone, Copy, Debug)]
struct ClockScenario {
    until_check: TimeDelta,
    until_sent: TimeDelta,
    wrong: [TimeDelta; 3],
    heard: bool,
}

/// When the device last heard from the server.
fn heard() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

impl ClockScenario {
    fn looked(self) -> DateTime<Utc> {
        heard() + self.until_check
    }

    fn now(self) -> DateTime<Utc> {
        self.looked() + self.until_sent
    }

    fn dated(self) -> ResolvedTime {
        let [then, looked, sent] = self.wrong;
        let heard = ServerTimeSample { server: heard(), device: heard() + then };
        let readings =
            ClockReadings { at: self.looked() + looked, sent: self.now() + sent, heard: self.heard.then_some(heard) };
        readings.resolve(self.now())
    }
}

fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

/// Clock errors of phones, in minutes: from a few minutes to three days, one hour (set by hand for summer time), and
/// years.
const CLOCK_ERRORS: [i64; 24] = [
    -5_260_000, -43_300, -4_320, -1_440, -720, -121, -61, -60, -59, -30, -5, -3, 3, 5, 30, 59, 60, 61, 121, 720, 1_440,
    4_320, 43_300, 5_260_000,
];

/// How long a check waits before it is sent, in minutes: none, a shift, a week.
const SEND_DELAYS: [i64; 6] = [0, 1, 90, 480, 1_440, 10_080];

#[test]
fn a_wrong_clock_fixed_before_sending_keeps_the_check_time() {
    for (wrong, wait) in CLOCK_ERRORS.iter().flat_map(|wrong| SEND_DELAYS.iter().map(move |wait| (*wrong, *wait))) {
        let wrong = minutes(wrong);
        let scenario = ClockScenario {
            until_check: minutes(10),
            until_sent: minutes(wait),
            wrong: [wrong, wrong, TimeDelta::zero()],
            heard: true,
        };
        assert_eq!(scenario.dated(), ResolvedTime { at: scenario.looked(), is_skewed: true }, "{scenario:?}");
    }
}

#[test]
fn a_constantly_wrong_clock_still_gives_the_elapsed_time() {
    for (wrong, wait) in CLOCK_ERRORS.iter().flat_map(|wrong| SEND_DELAYS.iter().map(move |wait| (*wrong, *wait))) {
        for heard in [false, true] {
            let scenario = ClockScenario {
                until_check: minutes(10),
                until_sent: minutes(wait),
                wrong: [minutes(wrong); 3],
                heard,
            };
            assert_eq!(scenario.dated(), ResolvedTime { at: scenario.looked(), is_skewed: true }, "{scenario:?}");
        }
    }
}

#[test]
fn a_clock_within_the_allowed_skew_is_not_flagged() {
    for (wrong, wait) in [-1, 0, 1].iter().flat_map(|wrong| SEND_DELAYS.iter().map(move |wait| (*wrong, *wait))) {
        for heard in [false, true] {
            let wrong = minutes(wrong);
            let scenario =
                ClockScenario { until_check: minutes(10), until_sent: minutes(wait), wrong: [wrong; 3], heard };
            let dated = scenario.dated();
            assert!(!dated.is_skewed, "{scenario:?}");
            assert!((dated.at - scenario.looked()).abs() <= MAX_SKEW, "{scenario:?}");
        }
    }
}

#[test]
fn without_a_server_time_sample_the_check_time_is_clamped() {
    let scenario =
        |wrong, wait| ClockScenario { until_check: minutes(0), until_sent: minutes(wait), wrong, heard: false };
    let (none, days) = (TimeDelta::zero(), TimeDelta::days(3));
    let ahead = scenario([none, days, none], 60);
    assert_eq!(ahead.dated(), ResolvedTime { at: ahead.now(), is_skewed: true }, "not in the future");
    let decades = scenario([none, -TimeDelta::days(9_000), none], 60);
    assert_eq!(
        decades.dated(),
        ResolvedTime { at: decades.now() - MAX_AGE, is_skewed: true },
        "not further back than anybody knows"
    );
    let old = scenario([none; 3], 60 * 24 * 40);
    assert_eq!(old.dated(), ResolvedTime { at: old.now() - MAX_AGE, is_skewed: true }, "taken, although it is late");
}

#[test]
fn a_daylight_saving_change_is_not_clock_skew() {
    // Both say the same instant: 2026-10-25T00:30Z, the first time it is half past two in Warsaw.
    let (summer, utc) = (instant("2026-10-25T02:30:00+02:00"), instant("2026-10-25T00:30:00Z"));
    assert_eq!(summer, utc);
    for (at, now) in [
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
        ("2026-03-29T01:59:00+01:00", "2026-03-29T03:01:00+02:00"),
        ("2026-11-01T01:30:00-05:00", "2026-11-01T01:30:00-06:00"),
        ("2026-03-08T01:59:59-06:00", "2026-03-08T03:00:00-05:00"),
    ] {
        let (at, now) = (instant(at), instant(now));
        let readings = ClockReadings { at, sent: now, heard: Some(ServerTimeSample { server: at, device: at }) };
        assert_eq!(readings.resolve(now), ResolvedTime { at, is_skewed: false });
    }
}

proptest! {
    #[test]
    fn the_check_time_is_between_the_server_sample_and_now(
        heard in any::<Option<(i32, i32)>>(), at in any::<i32>(), sent in any::<i32>(), now in any::<i32>(),
    ) {
        let instant = |seconds: i32| DateTime::from_timestamp(i64::from(seconds), 0).unwrap();
        let now = instant(now);
        let heard = heard.map(|(server, device)| ServerTimeSample { server: instant(server), device: instant(device) });
        let dated = ClockReadings { at: instant(at), sent: instant(sent), heard }.resolve(now);
        prop_assert!(dated.at <= now && dated.at >= now - MAX_AGE);
        if let Some(heard) = heard.filter(|heard| heard.server <= now) {
            prop_assert!(dated.at >= heard.server);
        }
    }

    #[test]
    fn no_reading_panics(at in any::<i64>(), sent in any::<i64>(), server in any::<i64>(), device in any::<i64>()) {
        let instant = |millis: i64| DateTime::from_timestamp_millis(millis % 8_000_000_000_000_000).unwrap();
        let heard = Some(ServerTimeSample { server: instant(server), device: instant(device) });
        let _ = ClockReadings { at: instant(at), sent: instant(sent), heard }.resolve(instant(1_790_000_000_000));
    }

    #[test]
    fn a_clock_fixed_before_sending_shifts_no_check_beyond_max_skew(
        until_check in 0..600_i64, wait in 0..20_000_i64, wrong in -10_000_i64..10_000,
    ) {
        let wrong = minutes(wrong);
        let scenario = ClockScenario {
            until_check: minutes(until_check), until_sent: minutes(wait), wrong: [wrong, wrong, TimeDelta::zero()], heard: true,
        };
        let dated = scenario.dated();
        prop_assert!((dated.at - scenario.looked()).abs() <= MAX_SKEW);
        prop_assert_eq!(dated.is_skewed, wrong.abs() > MAX_SKEW);
    }

    #[test]
    fn a_clock_that_disagrees_is_flagged(
        wait in 0..20_000_i64, before in -10_000_i64..10_000, at in -10_000_i64..10_000, sent in -10_000_i64..10_000,
    ) {
        let wrong = [minutes(before), minutes(at), minutes(sent)];
        let scenario = ClockScenario { until_check: minutes(10), until_sent: minutes(wait), wrong, heard: true };
        prop_assume!(wrong[0].abs() > MAX_SKEW || wrong[2].abs() > MAX_SKEW);
        prop_assert!(scenario.dated().is_skewed);
    }
}
