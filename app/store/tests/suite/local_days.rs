//! A day is the business's own, through daylight-saving changes too.

use chrono::{NaiveDate, TimeDelta, Weekday};
use domain::hours::{Span, TimeOfDay, day_bounds};
use domain::measure::Tally;
use domain::schedule::{Closure, ClosureAnnouncement, Recurrence, Schedule, Weekdays};
use store::SHOWN_DAYS;

use crate::fixture::{Fixture, kept, prose};
use crate::harness::{TestContext, at};

both_databases![
    checks_count_in_the_local_day_on_days_of_23_and_25_hours,
    the_public_page_has_each_of_the_last_90_days,
    tallies_sum_over_places_as_integers,
    a_miss_counts_on_the_day_its_window_opens,
    a_check_in_grace_after_midnight_counts_on_its_windows_day,
    a_site_counts_its_days_by_its_own_zone,
    a_day_that_has_begun_at_one_site_is_shown,
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn checks_count_in_the_local_day_on_days_of_23_and_25_hours(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let zone = fixture.home(&ctx.store).await.zone;
    // In Chicago daylight saving time ended on 1 November 2026, and begins on 14 March 2027.
    for (date, hours) in [(day("2026-11-01"), 25), (day("2027-03-14"), 23)] {
        let (from, until) = day_bounds(&zone, date);
        assert_eq!(until - from, TimeDelta::hours(hours));
        let mut instant = from - TimeDelta::hours(1);
        while instant < until + TimeDelta::hours(1) {
            ctx.clock.set(instant);
            fixture.log(ctx, kept()).await;
            instant += TimeDelta::hours(1);
        }
        let charter = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap();
        let kept = |date: NaiveDate| charter.guarantees[0].days.iter().find(|one| one.date == date).unwrap().tally.kept;
        assert_eq!(kept(date), hours.unsigned_abs());
        assert_eq!((kept(date.pred_opt().unwrap()), kept(date.succ_opt().unwrap())), (1, 1));
    }
}

async fn the_public_page_has_each_of_the_last_90_days(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.clock.set(at("2026-11-02T04:30:00Z"));
    fixture.log(ctx, kept()).await;
    let charter = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap();
    let days = &charter.guarantees[0].days;
    assert_eq!((charter.today, days.len()), (day("2026-11-01"), usize::try_from(SHOWN_DAYS).unwrap()));
    assert!(days.is_sorted_by(|one, next| one.date.succ_opt() == Some(next.date)));
    assert_eq!(days.last().map(|last| (last.date, last.tally.kept)), Some((charter.today, 1)));
    assert_eq!(charter.guarantees[0].last_check, Some(ctx.store.now()));
    ctx.clock.advance(TimeDelta::days(i64::try_from(SHOWN_DAYS).unwrap()));
    let charter = ctx.store.charter(fixture.home(&ctx.store).await, Some("clean-restrooms")).await.unwrap();
    assert_eq!(charter.guarantees[0].tally(90), Tally::default());
    assert!(ctx.store.charter(charter.business, Some("other")).await.unwrap().guarantees.is_empty());
}

async fn tallies_sum_over_places_as_integers(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let both = [fixture.place, fixture.other_place];
    ctx.store.set_guarantee_places(&fixture.owner, fixture.guarantee, &both).await.unwrap().unwrap();
    for place in both {
        let check = domain::check::CheckDraft { place: place.to_string(), ..fixture.check(ctx, kept()) };
        ctx.store.log_check(&fixture.staff, check).await.unwrap();
    }
    let charter = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap();
    assert_eq!(charter.guarantees[0].tally(30), Tally { kept: 2, ..Tally::default() });
}

fn every(minutes: u16, within: &str, grace: u16) -> Schedule {
    let rhythm = Recurrence::Every { minutes, within: Span::parse(within).unwrap() };
    Schedule { rhythm, days: Weekdays::from_days([Weekday::Mon]).unwrap(), grace }
}

fn times(times: &[&str], lead: u16) -> Schedule {
    let times = times.iter().map(|time| TimeOfDay::parse(time).unwrap()).collect();
    Schedule { rhythm: Recurrence::At { times, lead }, days: Weekdays::from_days([Weekday::Mon]).unwrap(), grace: 20 }
}

async fn apply_schedule(ctx: &TestContext, fixture: &Fixture, schedule: &Schedule) {
    ctx.store.set_schedule(&fixture.owner, fixture.guarantee, &[fixture.place], Some(schedule)).await.unwrap().unwrap();
}

/// The days that checks count in, and the public tallies of these days.
async fn counted(ctx: &TestContext, fixture: &Fixture) -> Vec<(String, Tally)> {
    let charter = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap();
    let days = charter.guarantees[0].days.iter().filter(|day| day.tally != Tally::default());
    days.map(|day| (day.date.to_string(), day.tally)).collect()
}

async fn a_miss_counts_on_the_day_its_window_opens(ctx: &TestContext) {
    let schedules = [
        (every(60, "22:00-24:00", 0), 2),
        (every(60, "22:00-24:00", 90), 2),
        (every(1440, "00:00-24:00", 0), 1),
        (every(5, "23:50-24:00", 0), 2),
        (every(5, "00:00-00:10", 0), 2),
        (every(40, "22:00-24:00", 720), 3),
        (times(&["00:00"], 30), 1),
        (times(&["00:00", "00:10", "23:59"], 720), 3),
        (times(&["00:05"], 60), 1),
        (times(&["23:59"], 5), 1),
    ];
    let fixture = ctx.fixture().await;
    // From a Sunday to a Wednesday: over both changes of the clocks in Chicago, and in a week without one.
    for (sunday, monday) in [("2026-11-01", "2026-11-02"), ("2026-11-08", "2026-11-09"), ("2027-03-14", "2027-03-15")] {
        for zone in [None, Some("Pacific/Kiritimati"), Some("Europe/Warsaw"), Some("America/St_Johns")] {
            ctx.store.set_site_zone(&fixture.owner, fixture.site, zone).await.unwrap().unwrap();
            for (schedule, windows) in &schedules {
                // The rows of the last round are deleted directly, so that each begins without any.
                for table in ["checks", "tallies", "rounds"] {
                    ctx.direct_db.run(&format!("DELETE FROM {table}")).await.unwrap();
                }
                ctx.clock.set(at(&format!("{sunday}T00:00:00Z")));
                apply_schedule(ctx, &fixture, schedule).await;
                ctx.clock.set(at(&format!("{sunday}T00:00:00Z")) + TimeDelta::days(4));
                ctx.store.record_missed(&fixture.owner).await.unwrap();
                let missed = Tally { missed: *windows, ..Tally::default() };
                assert_eq!(counted(ctx, &fixture).await, [(monday.to_owned(), missed)], "{schedule:?} in {zone:?}");
            }
        }
    }
}

async fn a_check_in_grace_after_midnight_counts_on_its_windows_day(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.clock.set(at("2026-11-03T05:00:00Z"));
    apply_schedule(ctx, &fixture, &every(60, "23:00-24:00", 90)).await;
    ctx.clock.set(at("2026-11-03T07:05:00Z"));
    fixture.log(ctx, kept()).await;
    fixture.log(ctx, kept()).await;
    let kept = |due_kept| Tally { kept: 1, due_kept, ..Tally::default() };
    assert_eq!(counted(ctx, &fixture).await, [("2026-11-02".to_owned(), kept(1)), ("2026-11-03".to_owned(), kept(0))]);
    let days =
        ctx.store.checks(&fixture.auditor, None, 10).await.unwrap().rows.into_iter().map(|row| row.day.to_string());
    let mut days: Vec<_> = days.collect();
    days.sort_unstable();
    assert_eq!(days, ["2026-11-02", "2026-11-03"]);
}

async fn a_site_counts_its_days_by_its_own_zone(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.store.set_site_zone(&fixture.owner, fixture.site, Some("America/Los_Angeles")).await.unwrap().unwrap();
    // Half past eleven on Monday in Los Angeles, half past one on Tuesday in Chicago.
    ctx.clock.set(at("2026-11-03T07:30:00Z"));
    fixture.log(ctx, kept()).await;
    let closed = Closure { from: at("2026-11-09T08:00:00Z"), until: at("2026-11-10T08:00:00Z") };
    let announced =
        ClosureAnnouncement { site: fixture.site, place: None, closure: closed, reason: prose("New tiles.") };
    ctx.store.announce_closure(&fixture.owner, &announced).await.unwrap();
    apply_schedule(ctx, &fixture, &every(60, "22:00-24:00", 0)).await;
    ctx.clock.set(at("2026-11-17T12:00:00Z"));
    ctx.store.record_missed(&fixture.owner).await.unwrap();
    let expected = [
        ("2026-11-02".to_owned(), Tally { kept: 1, ..Tally::default() }),
        ("2026-11-16".to_owned(), Tally { missed: 2, ..Tally::default() }),
    ];
    assert_eq!(counted(ctx, &fixture).await, expected, "all of the 9th is closed");
}

async fn a_day_that_has_begun_at_one_site_is_shown(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.store.set_site_zone(&fixture.owner, fixture.site, Some("Pacific/Kiritimati")).await.unwrap().unwrap();
    ctx.clock.set(at("2026-11-02T12:00:00Z"));
    fixture.log(ctx, kept()).await;
    let charter = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap();
    assert_eq!(charter.today, day("2026-11-03"), "two in the morning on Kiritimati, six on the 2nd in Chicago");
    assert_eq!(charter.guarantees[0].tally(1), Tally { kept: 1, ..Tally::default() });
}
