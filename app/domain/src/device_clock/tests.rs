use super::*;
use proptest::prelude::*;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A phone that heard from the server, was looked at so long after, and sent so long after that; with what was wrong with its
/// clock at each of the three.
#[derive(Clone, Copy, Debug)]
struct Story {
    until_look: TimeDelta,
    until_sent: TimeDelta,
    wrong: [TimeDelta; 3],
    heard: bool,
}

/// When the device last heard from the server.
fn heard() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

impl Story {
    fn looked(self) -> DateTime<Utc> {
        heard() + self.until_look
    }

    fn now(self) -> DateTime<Utc> {
        self.looked() + self.until_sent
    }

    fn dated(self) -> Dated {
        let [then, looked, sent] = self.wrong;
        let heard = Heard { server: heard(), device: heard() + then };
        let readings =
            Readings { at: self.looked() + looked, sent: self.now() + sent, heard: self.heard.then_some(heard) };
        readings.date(self.now())
    }
}

fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

/// How wrong the clocks of phones are, in minutes: from a little to three days, an hour because somebody moved it by hand for
/// summer time, and years.
const WRONG: [i64; 24] = [
    -5_260_000, -43_300, -4_320, -1_440, -720, -121, -61, -60, -59, -30, -5, -3, 3, 5, 30, 59, 60, 61, 121, 720, 1_440,
    4_320, 43_300, 5_260_000,
];

/// For how long a check waits, in minutes: sent at once, after a shift, after a week.
const WAITS: [i64; 6] = [0, 1, 90, 480, 1_440, 10_080];

#[test]
fn a_clock_that_was_wrong_and_is_set_right_before_sending_does_not_matter() {
    for (wrong, wait) in WRONG.iter().flat_map(|wrong| WAITS.iter().map(move |wait| (*wrong, *wait))) {
        let wrong = minutes(wrong);
        let story = Story {
            until_look: minutes(10),
            until_sent: minutes(wait),
            wrong: [wrong, wrong, TimeDelta::zero()],
            heard: true,
        };
        assert_eq!(story.dated(), Dated { at: story.looked(), doubtful: true }, "{story:?}");
    }
}

#[test]
fn a_clock_that_is_always_wrong_is_believed_how_long_ago_it_was() {
    for (wrong, wait) in WRONG.iter().flat_map(|wrong| WAITS.iter().map(move |wait| (*wrong, *wait))) {
        for heard in [false, true] {
            let story = Story { until_look: minutes(10), until_sent: minutes(wait), wrong: [minutes(wrong); 3], heard };
            assert_eq!(story.dated(), Dated { at: story.looked(), doubtful: true }, "{story:?}");
        }
    }
}

#[test]
fn a_clock_that_is_a_little_off_is_believed() {
    for (wrong, wait) in [-1, 0, 1].iter().flat_map(|wrong| WAITS.iter().map(move |wait| (*wrong, *wait))) {
        for heard in [false, true] {
            let wrong = minutes(wrong);
            let story = Story { until_look: minutes(10), until_sent: minutes(wait), wrong: [wrong; 3], heard };
            let dated = story.dated();
            assert!(!dated.doubtful, "{story:?}");
            assert!((dated.at - story.looked()).abs() <= SKEW, "{story:?}");
        }
    }
}

#[test]
fn what_nobody_heard_before_is_dated_as_well_as_can_be() {
    let story = |wrong, wait| Story { until_look: minutes(0), until_sent: minutes(wait), wrong, heard: false };
    let (none, days) = (TimeDelta::zero(), TimeDelta::days(3));
    let ahead = story([none, days, none], 60);
    assert_eq!(ahead.dated(), Dated { at: ahead.now(), doubtful: true }, "not in the future");
    let decades = story([none, -TimeDelta::days(9_000), none], 60);
    assert_eq!(
        decades.dated(),
        Dated { at: decades.now() - OLDEST, doubtful: true },
        "not further back than anybody knows"
    );
    let old = story([none; 3], 60 * 24 * 40);
    assert_eq!(old.dated(), Dated { at: old.now() - OLDEST, doubtful: true }, "taken, although it is late");
}

#[test]
fn an_hour_of_summer_time_is_no_hour() {
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
        let readings = Readings { at, sent: now, heard: Some(Heard { server: at, device: at }) };
        assert_eq!(readings.date(now), Dated { at, doubtful: false });
    }
}

proptest! {
    #[test]
    fn whatever_the_clocks_say_it_was_between_hearing_and_now(
        heard in any::<Option<(i32, i32)>>(), at in any::<i32>(), sent in any::<i32>(), now in any::<i32>(),
    ) {
        let instant = |seconds: i32| DateTime::from_timestamp(i64::from(seconds), 0).unwrap();
        let now = instant(now);
        let heard = heard.map(|(server, device)| Heard { server: instant(server), device: instant(device) });
        let dated = Readings { at: instant(at), sent: instant(sent), heard }.date(now);
        prop_assert!(dated.at <= now && dated.at >= now - OLDEST);
        if let Some(heard) = heard.filter(|heard| heard.server <= now) {
            prop_assert!(dated.at >= heard.server);
        }
    }

    #[test]
    fn no_reading_panics(at in any::<i64>(), sent in any::<i64>(), server in any::<i64>(), device in any::<i64>()) {
        let instant = |millis: i64| DateTime::from_timestamp_millis(millis % 8_000_000_000_000_000).unwrap();
        let heard = Some(Heard { server: instant(server), device: instant(device) });
        let _ = Readings { at: instant(at), sent: instant(sent), heard }.date(instant(1_790_000_000_000));
    }

    #[test]
    fn a_clock_set_right_on_the_way_never_moves_a_look(
        until_look in 0..600_i64, wait in 0..20_000_i64, wrong in -10_000_i64..10_000,
    ) {
        let wrong = minutes(wrong);
        let story = Story {
            until_look: minutes(until_look), until_sent: minutes(wait), wrong: [wrong, wrong, TimeDelta::zero()], heard: true,
        };
        let dated = story.dated();
        prop_assert!((dated.at - story.looked()).abs() <= SKEW);
        prop_assert_eq!(dated.doubtful, wrong.abs() > SKEW);
    }

    #[test]
    fn a_clock_that_disagrees_is_flagged(
        wait in 0..20_000_i64, before in -10_000_i64..10_000, at in -10_000_i64..10_000, sent in -10_000_i64..10_000,
    ) {
        let wrong = [minutes(before), minutes(at), minutes(sent)];
        let story = Story { until_look: minutes(10), until_sent: minutes(wait), wrong, heard: true };
        prop_assume!(wrong[0].abs() > SKEW || wrong[2].abs() > SKEW);
        prop_assert!(story.dated().doubtful);
    }
}
