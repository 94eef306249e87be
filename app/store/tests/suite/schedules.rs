//! Schedules: each due window gets a check, or is recorded as missed once.

use chrono::{DateTime, TimeDelta, Utc};
use domain::check::{CheckDraft, CheckError};
use domain::fault::Fault;
use domain::guarantee::Transition;
use domain::hours::Span;
use domain::schedule::{Closure, ClosureAnnouncement, Recurrence, Schedule, Weekdays};
use domain::verdict::Verdict;
use store::Error;

use crate::fixture::{Fixture, broken, kept, not_applicable, prose, slug, taken_back, wording};
use crate::harness::{TestContext, at};

both_databases![
    an_unchecked_window_is_recorded_as_missed_once,
    a_check_counts_only_for_the_window_it_falls_in,
    a_check_in_grace_counts_for_the_window_before,
    a_timely_check_that_arrives_late_replaces_the_miss,
    a_retracted_check_makes_its_window_due_again,
    a_retraction_after_the_window_records_a_miss,
    a_window_with_another_check_stays_checked_after_a_retraction,
    a_late_retraction_records_no_miss_if_another_check_exists,
    a_retracted_check_is_not_the_last_check,
    no_window_is_due_while_suspended_or_moved_to_other_places,
    a_schedule_change_keeps_windows_that_were_already_due,
    a_window_during_a_closure_is_not_due,
    a_window_open_before_a_closure_was_announced_stays_due,
    a_schedule_uses_the_time_zone_of_its_site,
    downtime_is_recorded_once,
    a_scheduled_promise_has_its_next_unchecked_window,
    a_schedule_needs_places_of_the_guarantee,
];

/// A quarter past the hour, with a check due every hour.
async fn hourly(ctx: &TestContext) -> Fixture {
    let fixture = ctx.fixture().await;
    ctx.clock.set(at("2026-11-02T15:15:00Z"));
    fixture.schedule_every(ctx, 60).await;
    fixture
}

async fn due(ctx: &TestContext) -> Vec<String> {
    let sql = "SELECT verdict || ' ' || in_window || ' ' || (window_due IS NOT NULL) FROM checks ORDER BY at, id";
    let rows = ctx.direct_db.texts(sql).await;
    rows.into_iter().map(|row| row.replace("true", "1").replace("false", "0")).collect()
}

async fn tally(ctx: &TestContext) -> (i64, i64, i64, i64) {
    let sum = |column: &str| format!("SELECT CAST(COALESCE(SUM({column}), 0) AS BIGINT) FROM tallies");
    let number = async |column| ctx.direct_db.number(&sum(column)).await;
    (number("kept").await, number("due_kept").await, number("due_broken").await, number("missed").await)
}

fn check_at(ctx: &TestContext, fixture: &Fixture, minutes_ago: i64) -> CheckDraft {
    let at = (ctx.store.now() - TimeDelta::minutes(minutes_ago)).to_rfc3339();
    CheckDraft { at, ..fixture.check(ctx, kept()) }
}

async fn an_unchecked_window_is_recorded_as_missed_once(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 0);
    ctx.hours(3);
    let (one, other) = (ctx.another().await, ctx.another().await);
    let (one, other) = tokio::join!(one.record_missed(&fixture.owner), other.record_missed(&fixture.owner));
    assert_eq!(one.unwrap() + other.unwrap(), 2, "from 16 to 17, and from 17 to 18");
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 0);
    assert_eq!(due(ctx).await, ["missed 1 1"; 2]);
    assert_eq!(tally(ctx).await, (0, 0, 0, 2));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_check_counts_only_for_the_window_it_falls_in(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    fixture.log(ctx, kept()).await;
    assert_eq!(due(ctx).await, ["kept 0 0"], "the window from 15 to 16 was open before there was a schedule");
    ctx.hours(1);
    fixture.log(ctx, broken()).await;
    ctx.minutes(5);
    fixture.log(ctx, kept()).await;
    assert_eq!(due(ctx).await, ["kept 0 0", "broken 1 1", "kept 0 0"]);
    assert_eq!(tally(ctx).await, (2, 0, 1, 0));
    ctx.hours(1);
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 0);
}

async fn a_check_in_grace_counts_for_the_window_before(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    let rhythm = Recurrence::Every { minutes: 60, within: Span::ALL_DAY };
    let schedule = Schedule { rhythm, days: Weekdays::ALL, grace: 20 };
    ctx.store
        .set_schedule(&fixture.owner, fixture.guarantee, &[fixture.place], Some(&schedule))
        .await
        .unwrap()
        .unwrap();
    ctx.hours(2);
    for _ in 0..3 {
        fixture.log(ctx, kept()).await;
    }
    assert_eq!(tally(ctx).await, (3, 2, 0, 0), "at 17:15: one for the window until 17, one for the next, one for none");
}

async fn a_timely_check_that_arrives_late_replaces_the_miss(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    ctx.hours(3);
    ctx.store.record_missed(&fixture.owner).await.unwrap();
    // Made at 16:45, arrived at 18:15; sent twice, and a second look in the same window.
    let draft = check_at(ctx, &fixture, 90);
    let logged = ctx.store.log_check(&fixture.staff, draft.clone()).await.unwrap();
    assert!(ctx.store.log_check(&fixture.staff, draft).await.unwrap().is_repeat);
    let more = check_at(ctx, &fixture, 80);
    ctx.store.log_check(&fixture.staff, more).await.unwrap();
    assert_eq!(tally(ctx).await, (2, 1, 0, 1));
    let rows = ctx.store.checks(&fixture.auditor, None, 10).await.unwrap().rows;
    let stands: Vec<_> = rows.iter().map(|row| (row.verdict, row.corrected)).collect();
    let (missed, kept) = ((Verdict::Missed, Some(Verdict::Void)), (Verdict::Kept, None));
    assert_eq!(stands, [(Verdict::Missed, None), missed, kept, kept]);
    let standing = ctx.store.last_checks(&fixture.staff).await.unwrap()[0].last.unwrap();
    assert_eq!(standing.0, Verdict::Kept, "the window after it was missed, which is no check");
    let refused = fixture.correct(ctx, rows[1].id, &broken()).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::Void)), "{refused:?}");
    assert!(fixture.correct(ctx, logged.check, &broken()).await.unwrap().unwrap().recovery.is_some());
    assert_eq!(tally(ctx).await, (1, 0, 1, 1));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

/// The time at which the next window without a check is due.
async fn waits(ctx: &TestContext, fixture: &Fixture) -> DateTime<Utc> {
    ctx.store.scheduled_promises(&fixture.staff).await.unwrap()[0].window.unwrap().due()
}

async fn a_retracted_check_makes_its_window_due_again(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    ctx.hours(1);
    let five = at("2026-11-02T17:00:00Z");
    assert_eq!(waits(ctx, &fixture).await, five);
    let tapped = fixture.log(ctx, kept()).await.check;
    assert_eq!(waits(ctx, &fixture).await, at("2026-11-02T18:00:00Z"));
    fixture.correct(ctx, tapped, &taken_back()).await.unwrap().unwrap();
    assert_eq!(waits(ctx, &fixture).await, five, "nobody has looked yet");
    assert_eq!(tally(ctx).await, (0, 0, 0, 0));
    for finding in [kept(), broken()] {
        let refused = fixture.correct(ctx, tapped, &finding).await.unwrap_err();
        assert!(matches!(refused, Error::Check(CheckError::TakenBack)), "{refused:?}");
    }
    let sent_twice = fixture.correct(ctx, tapped, &taken_back()).await.unwrap().unwrap();
    assert_eq!((sent_twice.verdict, sent_twice.is_repeat), (Verdict::TakenBack, true));
    let broken = fixture.log(ctx, broken()).await;
    assert_eq!((tally(ctx).await, waits(ctx, &fixture).await), ((0, 0, 1, 0), at("2026-11-02T18:00:00Z")));
    let refused = fixture.correct(ctx, broken.check, &taken_back()).await.unwrap_err();
    assert!(matches!(refused, Error::Check(CheckError::CannotTakeBackBroken)), "{refused:?}");
    // The next window: its check is taken back, and no other follows.
    ctx.hours(1);
    let tapped = fixture.log(ctx, not_applicable()).await.check;
    fixture.correct(ctx, tapped, &taken_back()).await.unwrap().unwrap();
    ctx.hours(1);
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 1);
    assert_eq!((ctx.store.record_missed(&fixture.owner).await.unwrap(), tally(ctx).await), (0, (0, 0, 1, 1)));
    // A check that was made in that window arrives late, and replaces the miss.
    let late = check_at(ctx, &fixture, 30);
    ctx.store.log_check(&fixture.staff, late).await.unwrap();
    assert_eq!(tally(ctx).await, (1, 1, 1, 0));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_retraction_after_the_window_records_a_miss(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    ctx.hours(1);
    let tapped = fixture.log(ctx, kept()).await.check;
    let never_due = fixture.log(ctx, kept()).await.check;
    ctx.hours(1);
    assert_eq!((ctx.store.record_missed(&fixture.owner).await.unwrap(), tally(ctx).await), (0, (2, 1, 0, 0)));
    let said = fixture.correct(ctx, never_due, &taken_back()).await.unwrap().unwrap();
    assert_eq!((said.verdict, tally(ctx).await), (Verdict::TakenBack, (1, 1, 0, 0)));
    let said = fixture.correct(ctx, tapped, &taken_back()).await.unwrap().unwrap();
    assert_eq!((said.verdict, tally(ctx).await), (Verdict::Missed, (0, 0, 0, 1)));
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 0, "it is missed once");
    let late = check_at(ctx, &fixture, 45);
    ctx.store.log_check(&fixture.staff, late).await.unwrap();
    assert_eq!(tally(ctx).await, (1, 1, 0, 0), "made in time, it stands instead of what was taken back");
    let last = ctx.store.last_checks(&fixture.staff).await.unwrap()[0].last.unwrap();
    assert_eq!(last, (Verdict::Kept, ctx.store.now() - TimeDelta::minutes(45)));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_window_with_another_check_stays_checked_after_a_retraction(ctx: &TestContext) {
    retract_one_of_two_checks(ctx, false).await;
}

async fn a_late_retraction_records_no_miss_if_another_check_exists(ctx: &TestContext) {
    retract_one_of_two_checks(ctx, true).await;
}

/// Two checks were made in a window, and one of them is taken back.
async fn retract_one_of_two_checks(ctx: &TestContext, is_over: bool) {
    let fixture = hourly(ctx).await;
    ctx.hours(1);
    let due = waits(ctx, &fixture).await;
    let tapped = fixture.log(ctx, kept()).await.check;
    ctx.minutes(2);
    let finding = if is_over { broken() } else { kept() };
    let seen = ctx.store.log_check(&fixture.manager, fixture.check(ctx, finding)).await.unwrap().check;
    if is_over {
        ctx.hours(1);
        ctx.store.record_missed(&fixture.owner).await.unwrap();
    }
    let said = fixture.correct(ctx, tapped, &taken_back()).await.unwrap().unwrap();
    assert_eq!(said.verdict, Verdict::Void);
    let both = fixture.correct(ctx, seen, &taken_back()).await.unwrap_err();
    let expected = if is_over { CheckError::CannotTakeBackBroken } else { CheckError::ReplacesAnother };
    assert!(matches!(&both, Error::Check(refused) if *refused == expected), "{both:?}");
    assert_ne!(waits(ctx, &fixture).await, due, "somebody has looked");
    ctx.hours(1);
    ctx.store.record_missed(&fixture.owner).await.unwrap();
    let rows = ctx.store.checks(&fixture.auditor, None, 10).await.unwrap().rows;
    let missed = rows.iter().filter(|row| row.verdict == Verdict::Missed).count();
    assert_eq!(missed, usize::from(is_over), "the window after it, where that is over");
    assert_eq!(rows.iter().find(|row| row.id == seen).unwrap().corrected, None);
    let standing = ctx.store.last_checks(&fixture.staff).await.unwrap()[0].last.unwrap().0;
    assert_eq!(standing, if is_over { Verdict::Broken } else { Verdict::Kept });
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_retracted_check_is_not_the_last_check(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let home = ctx.store.business(&fixture.owner).await.unwrap();
    let looked = async || {
        let public = ctx.store.charter(home.clone(), None).await.unwrap().guarantees[0].last_check;
        let place = ctx
            .store
            .places(&fixture.owner)
            .await
            .unwrap()
            .iter()
            .find(|one| one.id == fixture.place)
            .unwrap()
            .last_check;
        let standing = ctx.store.last_checks(&fixture.staff).await.unwrap()[0].last.map(|(_, at)| at);
        assert_eq!((public, place), (standing, standing));
        standing
    };
    let first = fixture.log(ctx, kept()).await.check;
    let before = looked().await;
    ctx.hours(1);
    let second = fixture.log(ctx, kept()).await.check;
    assert!(looked().await > before);
    fixture.correct(ctx, second, &taken_back()).await.unwrap().unwrap();
    assert_eq!(looked().await, before);
    fixture.correct(ctx, first, &taken_back()).await.unwrap().unwrap();
    assert_eq!(looked().await, None);
}

async fn no_window_is_due_while_suspended_or_moved_to_other_places(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    let (store, owner, id) = (&ctx.store, &fixture.owner, fixture.guarantee);
    ctx.hours(2);
    store.transition_guarantee(owner, id, Transition::Suspend).await.unwrap().unwrap();
    assert_eq!(tally(ctx).await.3, 1, "what was due until now stays due, though nobody had written it down");
    ctx.hours(5);
    assert_eq!(store.record_missed(owner).await.unwrap(), 0);
    store.transition_guarantee(owner, id, Transition::Resume).await.unwrap().unwrap();
    assert_eq!(store.record_missed(owner).await.unwrap(), 0);
    ctx.hours(1);
    assert_eq!(store.record_missed(owner).await.unwrap(), 0, "the window was open before it was in force again");
    ctx.hours(1);
    assert_eq!(store.record_missed(owner).await.unwrap(), 1);
    ctx.hours(1);
    store.set_guarantee_places(owner, id, &[fixture.other_place]).await.unwrap().unwrap();
    assert_eq!(tally(ctx).await.3, 3);
    assert!(store.schedules(owner, id).await.unwrap().is_empty());
    ctx.hours(5);
    assert_eq!(store.record_missed(owner).await.unwrap(), 0);
    let draft =
        store.add_guarantee(owner, fixture.problem, Some(slug("draft")), &wording(), &[fixture.place]).await.unwrap();
    let schedule =
        Schedule { rhythm: Recurrence::Every { minutes: 5, within: Span::ALL_DAY }, days: Weekdays::ALL, grace: 0 };
    store.set_schedule(owner, draft, &[fixture.place], Some(&schedule)).await.unwrap().unwrap();
    ctx.hours(1);
    assert_eq!(store.record_missed(owner).await.unwrap(), 0, "a draft promises nothing");
}

async fn a_schedule_change_keeps_windows_that_were_already_due(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    ctx.hours(2);
    ctx.store.set_schedule(&fixture.owner, fixture.guarantee, &[fixture.place], None).await.unwrap().unwrap();
    assert_eq!(tally(ctx).await.3, 1);
    ctx.hours(9);
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 0);
    fixture.schedule_every(ctx, 30).await;
    ctx.hours(1);
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 1);
    let kinds = ctx.direct_db.texts("SELECT kind FROM record WHERE kind = 'schedule'").await;
    assert_eq!(kinds.len(), 3, "each decision stands in public");
}

pub fn closure_at(fixture: &Fixture, from: DateTime<Utc>, hours: i64) -> ClosureAnnouncement {
    let closure = Closure { from, until: from + TimeDelta::hours(hours) };
    ClosureAnnouncement {
        site: fixture.site,
        place: Some(fixture.place),
        closure,
        reason: prose("New tiles are laid."),
    }
}

async fn a_window_during_a_closure_is_not_due(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    let from = at("2026-11-02T17:00:00Z");
    let id = ctx.store.announce_closure(&fixture.manager, &closure_at(&fixture, from, 3)).await.unwrap();
    let listed = ctx.store.closures(&fixture.staff).await.unwrap();
    assert_eq!((listed[0].id, listed[0].reason.as_deref()), (id, Some("New tiles are laid.")));
    ctx.hours(3);
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 1, "from 16 to 17");
    let waits = ctx.store.scheduled_promises(&fixture.staff).await.unwrap()[0].window.unwrap();
    assert_eq!(waits.opens(), at("2026-11-02T20:00:00Z"));
    ctx.store.end_closure(&fixture.manager, id).await.unwrap().unwrap();
    assert_eq!(ctx.store.end_closure(&fixture.manager, id).await.unwrap(), None);
    assert!(ctx.store.closures(&fixture.staff).await.unwrap().is_empty());
    ctx.hours(2);
    assert_eq!(
        ctx.store.record_missed(&fixture.owner).await.unwrap(),
        2,
        "open again at 18:15: that window and the next"
    );
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

async fn a_window_open_before_a_closure_was_announced_stays_due(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    ctx.hours(1);
    let now = ctx.store.now();
    ctx.store.announce_closure(&fixture.manager, &closure_at(&fixture, now, 5)).await.unwrap();
    ctx.hours(6);
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 2, "from 16 to 17, and from 21 to 22");
}

async fn a_schedule_uses_the_time_zone_of_its_site(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    ctx.clock.set(at("2026-11-02T15:00:00Z"));
    let times = vec![domain::hours::TimeOfDay::parse("09:00").unwrap()];
    let schedule = Schedule { rhythm: Recurrence::At { times, lead: 30 }, days: Weekdays::ALL, grace: 0 };
    ctx.store
        .set_schedule(&fixture.owner, fixture.guarantee, &[fixture.place], Some(&schedule))
        .await
        .unwrap()
        .unwrap();
    let waits = async || ctx.store.scheduled_promises(&fixture.staff).await.unwrap()[0].window.unwrap().due();
    assert_eq!(waits().await, at("2026-11-03T15:00:00Z"), "nine o'clock in Chicago");
    ctx.store.set_site_zone(&fixture.owner, fixture.site, Some("America/Denver")).await.unwrap().unwrap();
    assert_eq!(waits().await, at("2026-11-02T16:00:00Z"), "nine o'clock in Denver");
    ctx.hours(2);
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 1);
    let nowhere = ctx.store.set_site_zone(&fixture.owner, fixture.site, Some("America/Nowhere")).await.unwrap_err();
    assert!(matches!(nowhere, Error::Invalid(faults) if faults.of_field("zone") == Some(Fault::NotAZone)));
}

async fn downtime_is_recorded_once(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    let absences = async || ctx.direct_db.texts("SELECT body FROM record WHERE kind = 'absence'").await;
    for _ in 0..4 {
        ctx.store.record_downtime(&fixture.owner).await.unwrap();
        ctx.minutes(4);
    }
    assert_eq!(absences().await.len(), 0);
    ctx.store.record_downtime(&fixture.owner).await.unwrap();
    ctx.hours(5);
    let (one, other) = (ctx.another().await, ctx.another().await);
    let (one, other) = tokio::join!(one.record_downtime(&fixture.owner), other.record_downtime(&fixture.owner));
    assert!(one.is_ok() && other.is_ok());
    let said = absences().await;
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("2026-11-02T15:31:00") && said[0].contains("2026-11-02T20:31:00"), "{said:?}");
    assert_eq!(ctx.store.record_missed(&fixture.owner).await.unwrap(), 4);
}

async fn a_scheduled_promise_has_its_next_unchecked_window(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    let waits = async || ctx.store.scheduled_promises(&fixture.staff).await.unwrap()[0].window.unwrap().opens();
    assert_eq!(waits().await, at("2026-11-02T16:00:00Z"));
    ctx.hours(1);
    assert_eq!(waits().await, at("2026-11-02T16:00:00Z"));
    fixture.log(ctx, kept()).await;
    assert_eq!(waits().await, at("2026-11-02T17:00:00Z"));
}

async fn a_schedule_needs_places_of_the_guarantee(ctx: &TestContext) {
    let fixture = hourly(ctx).await;
    for (places, fault) in [(&[][..], Fault::Missing), (&[fixture.other_place], Fault::NotFound)] {
        let refused = ctx.store.set_schedule(&fixture.owner, fixture.guarantee, places, None).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults.of_field("places") == Some(fault)), "{refused:?}");
    }
    assert!(matches!(
        ctx.store.set_schedule(&fixture.staff, fixture.guarantee, &[], None).await,
        Err(Error::NotAllowed(_))
    ));
}
