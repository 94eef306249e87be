//! What a schedule makes due is looked at, or written down as missed: once, and honestly.

use chrono::{DateTime, TimeDelta, Utc};
use domain::check::{CheckDraft, Refused, Verdict};
use domain::fault::Fault;
use domain::guarantee::Move;
use domain::hours::Span;
use domain::schedule::{Announcement, Closure, Rhythm, Schedule, Weekdays};
use store::Error;

use crate::shop::{Shop, broken, kept, not_applicable, prose, slug, taken_back, wording};
use crate::world::{World, at};

facts![
    what_nobody_looked_at_is_missed_once,
    a_check_counts_for_the_window_it_falls_in_and_for_no_other,
    a_check_in_the_grace_counts_for_the_window_before,
    a_check_made_in_time_that_arrives_late_stands_instead_of_the_miss,
    what_was_corrected_by_hand_stays_as_it_was_corrected,
    what_nobody_looked_at_is_due_again_when_it_is_taken_back,
    what_is_taken_back_after_its_window_is_missed,
    what_somebody_else_looked_at_stays_looked_at,
    what_somebody_else_looked_at_is_not_missed_afterwards,
    a_look_that_was_taken_back_is_no_last_look,
    nothing_is_due_while_a_guarantee_is_suspended_or_promised_elsewhere,
    another_schedule_leaves_due_what_was_due,
    what_was_announced_as_closed_is_not_due,
    a_window_that_was_open_before_it_was_closed_stays_due,
    a_site_goes_by_a_zone_of_its_own,
    when_nobody_could_look_the_record_says_so_once,
    what_waits_comes_with_its_window,
    a_schedule_is_for_places_of_the_guarantee,
];

/// A quarter past the hour, and every hour something is due.
async fn hourly(world: &World) -> Shop {
    let shop = world.shop().await;
    world.clock.set(at("2026-11-02T15:15:00Z"));
    shop.every(world, 60).await;
    shop
}

async fn due(world: &World) -> Vec<String> {
    let sql = "SELECT verdict || ' ' || in_window || ' ' || (window_due IS NOT NULL) FROM checks ORDER BY at, id";
    let rows = world.raw.texts(sql).await;
    rows.into_iter().map(|row| row.replace("true", "1").replace("false", "0")).collect()
}

async fn tally(world: &World) -> (i64, i64, i64, i64) {
    let sum = |column: &str| format!("SELECT CAST(COALESCE(SUM({column}), 0) AS BIGINT) FROM tallies");
    let number = async |column| world.raw.number(&sum(column)).await;
    (number("kept").await, number("due_kept").await, number("due_broken").await, number("missed").await)
}

fn check_at(world: &World, shop: &Shop, minutes_ago: i64) -> CheckDraft {
    let at = (world.store.now() - TimeDelta::minutes(minutes_ago)).to_rfc3339();
    CheckDraft { at, ..shop.check(world, kept()) }
}

async fn what_nobody_looked_at_is_missed_once(world: &World) {
    let shop = hourly(world).await;
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 0);
    world.hours(3);
    let (one, other) = (world.another().await, world.another().await);
    let (one, other) = tokio::join!(one.conclude(&shop.owner), other.conclude(&shop.owner));
    assert_eq!(one.unwrap() + other.unwrap(), 2, "from 16 to 17, and from 17 to 18");
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 0);
    assert_eq!(due(world).await, ["missed 1 1"; 2]);
    assert_eq!(tally(world).await, (0, 0, 0, 2));
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn a_check_counts_for_the_window_it_falls_in_and_for_no_other(world: &World) {
    let shop = hourly(world).await;
    shop.log(world, kept()).await;
    assert_eq!(due(world).await, ["kept 0 0"], "the window from 15 to 16 was open before there was a schedule");
    world.hours(1);
    shop.log(world, broken()).await;
    world.minutes(5);
    shop.log(world, kept()).await;
    assert_eq!(due(world).await, ["kept 0 0", "broken 1 1", "kept 0 0"]);
    assert_eq!(tally(world).await, (2, 0, 1, 0));
    world.hours(1);
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 0);
}

async fn a_check_in_the_grace_counts_for_the_window_before(world: &World) {
    let shop = hourly(world).await;
    let rhythm = Rhythm::Every { minutes: 60, within: Span::ALL_DAY };
    let schedule = Schedule { rhythm, days: Weekdays::ALL, grace: 20 };
    world.store.schedule(&shop.owner, shop.guarantee, &[shop.place], Some(&schedule)).await.unwrap().unwrap();
    world.hours(2);
    for _ in 0..3 {
        shop.log(world, kept()).await;
    }
    assert_eq!(
        tally(world).await,
        (3, 2, 0, 0),
        "at 17:15: one for the window until 17, one for the next, one for none"
    );
}

async fn a_check_made_in_time_that_arrives_late_stands_instead_of_the_miss(world: &World) {
    let shop = hourly(world).await;
    world.hours(3);
    world.store.conclude(&shop.owner).await.unwrap();
    // Made at 16:45, arrived at 18:15; sent twice, and a second look in the same window.
    let draft = check_at(world, &shop, 90);
    let logged = world.store.log_check(&shop.staff, draft.clone()).await.unwrap();
    assert!(world.store.log_check(&shop.staff, draft).await.unwrap().again);
    let more = check_at(world, &shop, 80);
    world.store.log_check(&shop.staff, more).await.unwrap();
    assert_eq!(tally(world).await, (2, 1, 0, 1));
    let rows = world.store.checks(&shop.auditor, None, 10).await.unwrap().rows;
    let stands: Vec<_> = rows.iter().map(|row| (row.verdict, row.corrected)).collect();
    let (missed, kept) = ((Verdict::Missed, Some(Verdict::Void)), (Verdict::Kept, None));
    assert_eq!(stands, [(Verdict::Missed, None), missed, kept, kept]);
    let standing = world.store.standings(&shop.staff).await.unwrap()[0].last.unwrap();
    assert_eq!(standing.0, Verdict::Missed, "the window after it");
    let refused = shop.correct(world, rows[1].id, &broken()).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::Void)), "{refused:?}");
    assert!(shop.correct(world, logged.check, &broken()).await.unwrap().unwrap().recovery.is_some());
    assert_eq!(tally(world).await, (1, 0, 1, 1));
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn what_was_corrected_by_hand_stays_as_it_was_corrected(world: &World) {
    let shop = hourly(world).await;
    world.hours(2);
    world.store.conclude(&shop.owner).await.unwrap();
    let missed = world.store.checks(&shop.auditor, None, 1).await.unwrap().rows[0].id;
    shop.correct(world, missed, &kept()).await.unwrap().unwrap();
    let draft = check_at(world, &shop, 30);
    world.store.log_check(&shop.staff, draft).await.unwrap();
    assert_eq!(due(world).await, ["kept 0 0", "missed 1 1"]);
    assert_eq!(tally(world).await, (2, 1, 0, 0));
}

/// The window that waits, by when it is due.
async fn waits(world: &World, shop: &Shop) -> DateTime<Utc> {
    world.store.rounds(&shop.staff).await.unwrap()[0].window.unwrap().due()
}

async fn what_nobody_looked_at_is_due_again_when_it_is_taken_back(world: &World) {
    let shop = hourly(world).await;
    world.hours(1);
    let five = at("2026-11-02T17:00:00Z");
    assert_eq!(waits(world, &shop).await, five);
    let tapped = shop.log(world, kept()).await.check;
    assert_eq!(waits(world, &shop).await, at("2026-11-02T18:00:00Z"));
    shop.correct(world, tapped, &taken_back()).await.unwrap().unwrap();
    assert_eq!(waits(world, &shop).await, five, "nobody has looked yet");
    assert_eq!(tally(world).await, (0, 0, 0, 0));
    for finding in [kept(), broken()] {
        let refused = shop.correct(world, tapped, &finding).await.unwrap_err();
        assert!(matches!(refused, Error::Check(Refused::TakenBack)), "{refused:?}");
    }
    let sent_twice = shop.correct(world, tapped, &taken_back()).await.unwrap_err();
    assert!(matches!(sent_twice, Error::Check(Refused::Unchanged)), "{sent_twice:?}");
    let broken = shop.log(world, broken()).await;
    assert_eq!((tally(world).await, waits(world, &shop).await), ((0, 0, 1, 0), at("2026-11-02T18:00:00Z")));
    let refused = shop.correct(world, broken.check, &taken_back()).await.unwrap_err();
    assert!(matches!(refused, Error::Check(Refused::BrokenStays)), "{refused:?}");
    // The next window: taken back, and then nobody comes.
    world.hours(1);
    let tapped = shop.log(world, not_applicable()).await.check;
    shop.correct(world, tapped, &taken_back()).await.unwrap().unwrap();
    world.hours(1);
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 1);
    assert_eq!((world.store.conclude(&shop.owner).await.unwrap(), tally(world).await), (0, (0, 0, 1, 1)));
    // A check made in that window arrives late, and stands instead of the miss.
    let late = check_at(world, &shop, 30);
    world.store.log_check(&shop.staff, late).await.unwrap();
    assert_eq!(tally(world).await, (1, 1, 1, 0));
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn what_is_taken_back_after_its_window_is_missed(world: &World) {
    let shop = hourly(world).await;
    world.hours(1);
    let tapped = shop.log(world, kept()).await.check;
    let never_due = shop.log(world, kept()).await.check;
    world.hours(1);
    assert_eq!((world.store.conclude(&shop.owner).await.unwrap(), tally(world).await), (0, (2, 1, 0, 0)));
    let said = shop.correct(world, never_due, &taken_back()).await.unwrap().unwrap();
    assert_eq!((said.verdict, tally(world).await), (Verdict::TakenBack, (1, 1, 0, 0)));
    let said = shop.correct(world, tapped, &taken_back()).await.unwrap().unwrap();
    assert_eq!((said.verdict, tally(world).await), (Verdict::Missed, (0, 0, 0, 1)));
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 0, "it is missed once");
    let late = check_at(world, &shop, 45);
    world.store.log_check(&shop.staff, late).await.unwrap();
    assert_eq!(tally(world).await, (1, 1, 0, 0), "made in time, it stands instead of what was taken back");
    let last = world.store.standings(&shop.staff).await.unwrap()[0].last.unwrap();
    assert_eq!(last, (Verdict::Kept, world.store.now() - TimeDelta::minutes(45)));
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn what_somebody_else_looked_at_stays_looked_at(world: &World) {
    taken_back_beside_another(world, false).await;
}

async fn what_somebody_else_looked_at_is_not_missed_afterwards(world: &World) {
    taken_back_beside_another(world, true).await;
}

/// One check is taken back of two that were made in a window.
async fn taken_back_beside_another(world: &World, is_over: bool) {
    let shop = hourly(world).await;
    world.hours(1);
    let due = waits(world, &shop).await;
    let tapped = shop.log(world, kept()).await.check;
    world.minutes(2);
    let finding = if is_over { broken() } else { kept() };
    let seen = world.store.log_check(&shop.manager, shop.check(world, finding)).await.unwrap().check;
    if is_over {
        world.hours(1);
        world.store.conclude(&shop.owner).await.unwrap();
    }
    let said = shop.correct(world, tapped, &taken_back()).await.unwrap().unwrap();
    assert_eq!(said.verdict, Verdict::Void);
    let both = shop.correct(world, seen, &taken_back()).await.unwrap_err();
    let expected = if is_over { Refused::BrokenStays } else { Refused::StandsInstead };
    assert!(matches!(&both, Error::Check(refused) if *refused == expected), "{both:?}");
    assert_ne!(waits(world, &shop).await, due, "somebody has looked");
    world.hours(1);
    world.store.conclude(&shop.owner).await.unwrap();
    let rows = world.store.checks(&shop.auditor, None, 10).await.unwrap().rows;
    let missed = rows.iter().filter(|row| row.verdict == Verdict::Missed).count();
    assert_eq!(missed, usize::from(is_over), "the window after it, where that is over");
    assert_eq!(rows.iter().find(|row| row.id == seen).unwrap().corrected, None);
    let standing = world.store.standings(&shop.staff).await.unwrap()[0].last.unwrap().0;
    assert_eq!(standing, if is_over { Verdict::Missed } else { Verdict::Kept });
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn a_look_that_was_taken_back_is_no_last_look(world: &World) {
    let shop = world.shop().await;
    let home = world.store.home(&shop.owner).await.unwrap();
    let looked = async || {
        let public = world.store.charter(home.clone(), None).await.unwrap().guarantees[0].last_check;
        let place =
            world.store.places(&shop.owner).await.unwrap().iter().find(|one| one.id == shop.place).unwrap().last_check;
        let standing = world.store.standings(&shop.staff).await.unwrap()[0].last.map(|(_, at)| at);
        assert_eq!((public, place), (standing, standing));
        standing
    };
    let first = shop.log(world, kept()).await.check;
    let before = looked().await;
    world.hours(1);
    let second = shop.log(world, kept()).await.check;
    assert!(looked().await > before);
    shop.correct(world, second, &taken_back()).await.unwrap().unwrap();
    assert_eq!(looked().await, before);
    shop.correct(world, first, &taken_back()).await.unwrap().unwrap();
    assert_eq!(looked().await, None);
}

async fn nothing_is_due_while_a_guarantee_is_suspended_or_promised_elsewhere(world: &World) {
    let shop = hourly(world).await;
    let (store, owner, id) = (&world.store, &shop.owner, shop.guarantee);
    world.hours(2);
    store.move_guarantee(owner, id, Move::Suspend).await.unwrap().unwrap();
    assert_eq!(tally(world).await.3, 1, "what was due until now stays due, though nobody had written it down");
    world.hours(5);
    assert_eq!(store.conclude(owner).await.unwrap(), 0);
    store.move_guarantee(owner, id, Move::Resume).await.unwrap().unwrap();
    assert_eq!(store.conclude(owner).await.unwrap(), 0);
    world.hours(1);
    assert_eq!(store.conclude(owner).await.unwrap(), 0, "the window was open before it was in force again");
    world.hours(1);
    assert_eq!(store.conclude(owner).await.unwrap(), 1);
    world.hours(1);
    store.promise_at(owner, id, &[shop.other_place]).await.unwrap().unwrap();
    assert_eq!(tally(world).await.3, 3);
    assert!(store.schedules(owner, id).await.unwrap().is_empty());
    world.hours(5);
    assert_eq!(store.conclude(owner).await.unwrap(), 0);
    let draft = store.add_guarantee(owner, shop.problem, Some(slug("draft")), &wording(), &[shop.place]).await.unwrap();
    let schedule =
        Schedule { rhythm: Rhythm::Every { minutes: 5, within: Span::ALL_DAY }, days: Weekdays::ALL, grace: 0 };
    store.schedule(owner, draft, &[shop.place], Some(&schedule)).await.unwrap().unwrap();
    world.hours(1);
    assert_eq!(store.conclude(owner).await.unwrap(), 0, "a draft promises nothing");
}

async fn another_schedule_leaves_due_what_was_due(world: &World) {
    let shop = hourly(world).await;
    world.hours(2);
    world.store.schedule(&shop.owner, shop.guarantee, &[shop.place], None).await.unwrap().unwrap();
    assert_eq!(tally(world).await.3, 1);
    world.hours(9);
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 0);
    shop.every(world, 30).await;
    world.hours(1);
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 1);
    let kinds = world.raw.texts("SELECT kind FROM record WHERE kind = 'schedule'").await;
    assert_eq!(kinds.len(), 3, "each decision stands in public");
}

fn closed(shop: &Shop, from: DateTime<Utc>, hours: i64) -> Announcement {
    let closure = Closure { from, until: from + TimeDelta::hours(hours) };
    Announcement { site: shop.site, place: Some(shop.place), closure, reason: prose("New tiles are laid.") }
}

async fn what_was_announced_as_closed_is_not_due(world: &World) {
    let shop = hourly(world).await;
    let from = at("2026-11-02T17:00:00Z");
    let id = world.store.announce_closure(&shop.manager, &closed(&shop, from, 3)).await.unwrap();
    let listed = world.store.closures(&shop.staff).await.unwrap();
    assert_eq!((listed[0].id, listed[0].reason.as_deref()), (id, Some("New tiles are laid.")));
    world.hours(3);
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 1, "from 16 to 17");
    let waits = world.store.rounds(&shop.staff).await.unwrap()[0].window.unwrap();
    assert_eq!(waits.opens(), at("2026-11-02T20:00:00Z"));
    world.store.reopen(&shop.manager, id).await.unwrap().unwrap();
    assert_eq!(world.store.reopen(&shop.manager, id).await.unwrap(), None);
    assert!(world.store.closures(&shop.staff).await.unwrap().is_empty());
    world.hours(2);
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 2, "open again at 18:15: that window and the next");
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn a_window_that_was_open_before_it_was_closed_stays_due(world: &World) {
    let shop = hourly(world).await;
    world.hours(1);
    let now = world.store.now();
    world.store.announce_closure(&shop.manager, &closed(&shop, now, 5)).await.unwrap();
    world.hours(6);
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 2, "from 16 to 17, and from 21 to 22");
}

async fn a_site_goes_by_a_zone_of_its_own(world: &World) {
    let shop = world.shop().await;
    world.clock.set(at("2026-11-02T15:00:00Z"));
    let times = vec![domain::hours::TimeOfDay::parse("09:00").unwrap()];
    let schedule = Schedule { rhythm: Rhythm::At { times, lead: 30 }, days: Weekdays::ALL, grace: 0 };
    world.store.schedule(&shop.owner, shop.guarantee, &[shop.place], Some(&schedule)).await.unwrap().unwrap();
    let waits = async || world.store.rounds(&shop.staff).await.unwrap()[0].window.unwrap().due();
    assert_eq!(waits().await, at("2026-11-03T15:00:00Z"), "nine o'clock in Chicago");
    world.store.zone_site(&shop.owner, shop.site, Some("America/Denver")).await.unwrap().unwrap();
    assert_eq!(waits().await, at("2026-11-02T16:00:00Z"), "nine o'clock in Denver");
    world.hours(2);
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 1);
    let nowhere = world.store.zone_site(&shop.owner, shop.site, Some("America/Nowhere")).await.unwrap_err();
    assert!(matches!(nowhere, Error::Invalid(faults) if faults.at("zone") == Some(Fault::NotAZone)));
}

async fn when_nobody_could_look_the_record_says_so_once(world: &World) {
    let shop = hourly(world).await;
    let absences = async || world.raw.texts("SELECT body FROM record WHERE kind = 'absence'").await;
    for _ in 0..4 {
        world.store.note_absence(&shop.owner).await.unwrap();
        world.minutes(4);
    }
    assert_eq!(absences().await.len(), 0);
    world.store.note_absence(&shop.owner).await.unwrap();
    world.hours(5);
    let (one, other) = (world.another().await, world.another().await);
    let (one, other) = tokio::join!(one.note_absence(&shop.owner), other.note_absence(&shop.owner));
    assert!(one.is_ok() && other.is_ok());
    let said = absences().await;
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("2026-11-02T15:31:00") && said[0].contains("2026-11-02T20:31:00"), "{said:?}");
    assert_eq!(world.store.conclude(&shop.owner).await.unwrap(), 4);
}

async fn what_waits_comes_with_its_window(world: &World) {
    let shop = hourly(world).await;
    let waits = async || world.store.rounds(&shop.staff).await.unwrap()[0].window.unwrap().opens();
    assert_eq!(waits().await, at("2026-11-02T16:00:00Z"));
    world.hours(1);
    assert_eq!(waits().await, at("2026-11-02T16:00:00Z"));
    shop.log(world, kept()).await;
    assert_eq!(waits().await, at("2026-11-02T17:00:00Z"));
}

async fn a_schedule_is_for_places_of_the_guarantee(world: &World) {
    let shop = hourly(world).await;
    for (places, fault) in [(&[][..], Fault::Missing), (&[shop.other_place], Fault::NotFound)] {
        let refused = world.store.schedule(&shop.owner, shop.guarantee, places, None).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults.at("places") == Some(fault)), "{refused:?}");
    }
    assert!(matches!(world.store.schedule(&shop.staff, shop.guarantee, &[], None).await, Err(Error::NotAllowed(_))));
}
