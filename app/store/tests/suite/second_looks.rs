//! A long streak asks that somebody else goes and sees; what they say is kept, and an overturned check stays in sight.

use domain::actor::{Actor, Reach};
use domain::check::{CheckDraft, Verdict};
use domain::deed::Deed;
use domain::fault::Fault;
use domain::ids::CheckId;
use domain::second_look::{Outcome, Refused, STREAK, SaidDraft};
use store::{AuditFilter, Error};
use uuid::Uuid;

use crate::shop::{Shop, broken, kept, line, not_applicable};
use crate::world::World;

facts![
    a_long_streak_asks_for_a_second_look_now_and_then_and_a_short_one_never,
    a_break_in_between_begins_the_count_anew,
    many_logged_in_one_go_ask_no_more_than_one_at_a_place,
    while_one_waits_no_other_is_asked_at_the_place,
    a_check_that_comes_in_late_is_not_asked_about,
    whoever_agrees_says_so_beside_the_check_and_nothing_else_changes,
    an_overturned_check_is_corrected_in_the_same_step_and_opens_a_recovery,
    a_bad_answer_changes_nothing,
    whoever_made_the_check_cannot_look_again_and_is_not_asked_to,
    a_check_corrected_meanwhile_needs_no_second_look,
    nobody_gives_it_twice,
    only_owners_and_managers_within_reach_know_of_it_before_it_is_given,
];

/// Keeps a promise until a second look is asked, and says of which check.
pub async fn asked(world: &World, shop: &Shop) -> CheckId {
    for _ in 0..STREAK * 6 {
        let check = shop.keep(world).await;
        if !world.store.second_looks(&shop.owner).await.unwrap().is_empty() {
            return check;
        }
    }
    panic!("the dice never fell")
}

pub fn said(outcome: &str) -> SaidDraft {
    SaidDraft { outcome: outcome.into(), ..SaidDraft::default() }
}

pub fn overturned() -> SaidDraft {
    SaidDraft {
        reason: "1".into(),
        why: "There was no soap.".into(),
        note: "Empty since noon.".into(),
        ..said("overturned")
    }
}

async fn a_long_streak_asks_for_a_second_look_now_and_then_and_a_short_one_never(world: &World) {
    let shop = world.shop().await;
    for _ in 1..STREAK {
        shop.keep(world).await;
    }
    assert_eq!(world.raw.count("second_looks").await, 0);
    let check = asked(world, &shop).await;
    let open = world.store.second_looks(&shop.manager).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].check, open[0].guarantee, open[0].place), (check, shop.guarantee, shop.place));
    assert_eq!((open[0].asked_at, open[0].outcome, open[0].own), (world.store.now(), None, false));
    assert_eq!(world.store.second_look(&shop.owner, check).await.unwrap().unwrap().check, check);
}

async fn a_break_in_between_begins_the_count_anew(world: &World) {
    let shop = world.shop().await;
    for _ in 0..6 {
        for _ in 1..STREAK {
            shop.keep(world).await;
        }
        shop.breaks(world, broken()).await;
    }
    assert_eq!(world.raw.count("second_looks").await, 0);
    shop.misses(world).await;
    for _ in 1..STREAK {
        shop.keep(world).await;
    }
    assert_eq!(world.raw.count("second_looks").await, 0);
    asked(world, &shop).await;
}

async fn many_logged_in_one_go_ask_no_more_than_one_at_a_place(world: &World) {
    let shop = world.shop().await;
    let start = world.store.now();
    let mut asked = 0;
    for turn in 1..=8 {
        world.clock.set(start + chrono::TimeDelta::hours(turn * 2));
        let check = |minute| {
            let at = (world.store.now() - chrono::TimeDelta::minutes(minute)).to_rfc3339();
            CheckDraft { at, ..shop.check(world, kept()) }
        };
        let checks: Vec<_> = (0..100).rev().map(check).collect();
        world.store.log_checks(&shop.staff, &checks).await.unwrap();
        let open = world.store.second_looks(&shop.owner).await.unwrap();
        assert!(open.iter().all(|look| look.check.to_string() == checks[99].id), "the latest, or one that waits");
        asked += open.len();
        for look in open {
            world.store.give_second_look(&shop.owner, look.check, &said("agreed")).await.unwrap().unwrap();
        }
    }
    assert!(asked <= 8);
}

async fn while_one_waits_no_other_is_asked_at_the_place(world: &World) {
    let shop = world.shop().await;
    let check = asked(world, &shop).await;
    for _ in 0..STREAK * 5 {
        shop.keep(world).await;
    }
    assert_eq!(world.raw.count("second_looks").await, 1);
    world.store.give_second_look(&shop.manager, check, &said("too_late")).await.unwrap().unwrap();
    asked(world, &shop).await;
    assert_eq!(world.raw.count("second_looks").await, 2);
}

async fn a_check_that_comes_in_late_is_not_asked_about(world: &World) {
    let shop = world.shop().await;
    for _ in 1..STREAK {
        shop.keep(world).await;
    }
    shop.misses(world).await;
    shop.log(world, not_applicable()).await;
    for _ in 0..STREAK * 4 {
        let at = (world.store.now() - chrono::TimeDelta::hours(1)).to_rfc3339();
        let late = CheckDraft { at, ..shop.check(world, kept()) };
        world.store.log_check(&shop.staff, late).await.unwrap();
    }
    assert_eq!(world.raw.count("second_looks").await, 0);
}

async fn whoever_agrees_says_so_beside_the_check_and_nothing_else_changes(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let check = asked(world, &shop).await;
    let entries = world.raw.count("record").await;
    let given = store.give_second_look(&shop.manager, check, &said("agreed")).await.unwrap().unwrap();
    assert_eq!(given, None);
    let row = store.check(&shop.staff, check).await.unwrap().unwrap();
    assert_eq!((row.verdict, row.corrected, row.second_look), (Verdict::Kept, None, Some(Outcome::Agreed)));
    assert_eq!(world.raw.count("record").await, entries, "nobody's page says so");
    assert!(store.second_looks(&shop.manager).await.unwrap().is_empty());
    let filter = AuditFilter { deed: Some(Deed::SecondLookGiven), ..AuditFilter::default() };
    let deeds = store.audit(&shop.owner, &filter, None, 10).await.unwrap().rows;
    assert_eq!(deeds.iter().map(|deed| (deed.by, deed.about)).collect::<Vec<_>>(), [(shop.manager.who, Some(check.0))]);
}

async fn an_overturned_check_is_corrected_in_the_same_step_and_opens_a_recovery(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let check = asked(world, &shop).await;
    let recovery = store.give_second_look(&shop.manager, check, &overturned()).await.unwrap().unwrap().unwrap();
    let row = store.check(&shop.staff, check).await.unwrap().unwrap();
    let stands = (row.verdict, row.corrected, row.second_look);
    assert_eq!(stands, (Verdict::Kept, Some(Verdict::Broken), Some(Outcome::Overturned)));
    let page = store.recovery(&shop.staff, recovery).await.unwrap().unwrap();
    assert_eq!((page.check, page.note.as_deref()), (check, Some("Empty since noon.")));
    let lines = store.record_after(shop.business(), 0).await.unwrap();
    let correction = lines.iter().rfind(|line| line.entry.kind == "correction").unwrap();
    assert_eq!(correction.texts[0].text, "There was no soap.", "in public, beside what was struck through");
    assert!(store.verify(shop.business()).await.unwrap().is_ok());
}

async fn a_bad_answer_changes_nothing(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let check = asked(world, &shop).await;
    let before = world.raw.everything().await;
    for (draft, field, fault) in [
        (said(""), "outcome", Fault::Missing),
        (said("corrected"), "outcome", Fault::UnknownChoice),
        (said("overturned"), "why", Fault::Missing),
        (SaidDraft { reason: "2".into(), ..overturned() }, "reason", Fault::UnknownChoice),
    ] {
        let refused = store.give_second_look(&shop.manager, check, &draft).await;
        assert!(matches!(&refused, Err(Error::Invalid(faults)) if faults.at(field) == Some(fault)), "{refused:?}");
    }
    let unasked = CheckId(Uuid::from_u128(7));
    assert_eq!(store.give_second_look(&shop.manager, unasked, &said("agreed")).await.unwrap(), None);
    assert_eq!(world.raw.everything().await, before);
}

async fn whoever_made_the_check_cannot_look_again_and_is_not_asked_to(world: &World) {
    let store = &world.store;
    let shop = world.shop().await;
    let alone = Shop { staff: shop.manager.clone(), ..shop.clone() };
    let check = asked(world, &alone).await;
    assert!(store.second_looks(&shop.manager).await.unwrap().is_empty());
    assert!(store.second_look(&shop.manager, check).await.unwrap().unwrap().own);
    for draft in [said("agreed"), overturned()] {
        let refused = store.give_second_look(&shop.manager, check, &draft).await;
        assert!(matches!(refused, Err(Error::SecondLook(Refused::OwnCheck))), "{refused:?}");
    }
    assert_eq!(store.second_looks(&shop.owner).await.unwrap().len(), 1);
    store.give_second_look(&shop.owner, check, &said("agreed")).await.unwrap().unwrap();
}

async fn a_check_corrected_meanwhile_needs_no_second_look(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let check = asked(world, &shop).await;
    shop.correct(world, check, &broken()).await.unwrap().unwrap();
    assert!(store.second_looks(&shop.manager).await.unwrap().is_empty());
    let look = store.second_look(&shop.manager, check).await.unwrap().unwrap();
    assert_eq!(look.outcome, Some(Outcome::Corrected));
    let refused = store.give_second_look(&shop.manager, check, &overturned()).await;
    assert!(matches!(refused, Err(Error::SecondLook(Refused::Over))), "{refused:?}");
}

async fn nobody_gives_it_twice(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let check = asked(world, &shop).await;
    let (one, other) = (said("agreed"), overturned());
    let (one, other) = tokio::join!(
        store.give_second_look(&shop.manager, check, &one),
        store.give_second_look(&shop.owner, check, &other)
    );
    let refused = [one, other].into_iter().filter(|given| matches!(given, Err(Error::SecondLook(Refused::Over))));
    assert_eq!(refused.count(), 1);
}

async fn only_owners_and_managers_within_reach_know_of_it_before_it_is_given(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let check = asked(world, &shop).await;
    for actor in [&shop.staff, &shop.auditor] {
        assert!(matches!(store.second_looks(actor).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.second_look(actor, check).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.give_second_look(actor, check, &said("agreed")).await, Err(Error::NotAllowed(_))));
        assert_eq!(store.check(actor, check).await.unwrap().unwrap().second_look, None);
    }
    let elsewhere = store.add_site(&shop.owner, &line("Sweetwater")).await.unwrap();
    let domain::actor::Who::Person(nia) = shop.manager.who else { unreachable!() };
    store.bind(&shop.owner, nia, &Reach::of([elsewhere])).await.unwrap().unwrap();
    let bound = Actor { reach: Reach::of([elsewhere]), ..shop.manager.clone() };
    for actor in [&bound, &world.other_shop().await.owner] {
        assert!(store.second_looks(actor).await.unwrap().is_empty());
        assert_eq!(store.second_look(actor, check).await.unwrap(), None);
        assert_eq!(store.give_second_look(actor, check, &said("agreed")).await.unwrap(), None);
    }
}
