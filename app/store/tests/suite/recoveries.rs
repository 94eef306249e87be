//! A recovery from its opening to the last of its three answers.

use chrono::TimeDelta;
use domain::actor::{Actor, Reach, Role, Who};
use domain::fault::Fault;
use domain::person::Newcomer;
use domain::recovery::{AcknowledgementDraft, Outcome, Recovery, Refused, Stage, StepDraft};
use store::{Customer, Error, RecoveryPage, StepLine};

use crate::shop::{
    Shop, acknowledge, answer, broken, learn, line, newcomer, remedy, reopen, told_by_a_customer, understand, update,
};
use crate::world::World;

facts![
    a_recovery_walks_through_every_step_to_restored,
    the_customers_word_decides_the_outcome,
    silence_is_an_outcome_of_its_own_and_not_before_its_time,
    nobody_is_silent_who_could_not_answer,
    a_closed_recovery_is_reopened_and_asks_for_trust_anew,
    a_step_that_is_not_possible_now_changes_nothing,
    a_customer_failed_twice_is_known_as_one,
    the_owner_of_a_recovery_is_one_of_us,
    the_lists_show_who_waits_and_who_was_closed_last,
    the_list_of_breaks_goes_on_where_it_stopped,
];

async fn page(world: &World, shop: &Shop, id: domain::ids::RecoveryId) -> RecoveryPage {
    world.store.recovery(&shop.staff, id).await.unwrap().unwrap()
}

async fn a_recovery_walks_through_every_step_to_restored(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let walk = [
        (acknowledge(), Stage::Acknowledged),
        (update(), Stage::Acknowledged),
        (understand(), Stage::Understood),
        (StepDraft::AskCustomer, Stage::Understood),
        (StepDraft::CustomerReplied, Stage::Understood),
        (remedy(), Stage::Remedied),
        (StepDraft::FollowUp, Stage::FollowingUp),
    ];
    let mut link = None;
    for (draft, stage) in walk {
        link = shop.step(world, id, draft).await;
        let page = page(world, &shop, id).await;
        assert_eq!((page.row.stage, page.recovery.stage()), (stage, stage));
    }
    world.store.answer(&link.unwrap(), &answer("yes", "yes")).await.unwrap().unwrap();
    assert_eq!(page(world, &shop, id).await.row.stage, Stage::FollowingUp, "process and employee have not answered");
    shop.step(world, id, learn()).await;

    let page = page(world, &shop, id).await;
    assert_eq!(page.row.stage, Stage::Closed(Outcome::Restored));
    assert_eq!(
        (page.row.number, page.row.guarantee.as_str(), page.row.place.as_str()),
        (1, "Clean restrooms", "Restroom 1")
    );
    assert_eq!(page.steps.len(), 10);
    let named = |line: &StepLine| line.by.as_deref() == Some("Sam");
    assert!(
        page.steps.iter().zip(&page.recovery.steps).all(|(line, taken)| named(line) == (taken.by == shop.staff.who))
    );
    assert!(page.recovery.steps.iter().any(|taken| taken.by == Who::Customer));
    let detail = world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap();
    let line = &detail.breaks[0];
    assert_eq!((line.correction.as_deref(), line.remedy.as_deref()), (Some("Soap was put out."), Some("A coffee.")));
    assert_eq!(line.cause.as_deref(), Some("Nobody counted the soap."), "the public cause, not the private guess");
    assert_eq!((detail.totals.restored, detail.totals.found_by_staff, detail.totals.all), (1, 0, 1));
}

async fn the_customers_word_decides_the_outcome(world: &World) {
    let shop = world.shop().await;
    let words = [
        ("yes", "yes", Outcome::Restored),
        ("yes", "no", Outcome::Partly),
        ("partly", "yes", Outcome::Partly),
        ("no", "yes", Outcome::NotRestored),
        ("no", "no", Outcome::NotRestored),
    ];
    for (fixed, again, outcome) in words {
        let id = shop.breaks(world, told_by_a_customer()).await;
        let link = shop.follow_up(world, id).await.unwrap();
        shop.step(world, id, learn()).await;
        world.store.answer(&link, &answer(fixed, again)).await.unwrap().unwrap();
        assert_eq!(page(world, &shop, id).await.row.stage, Stage::Closed(outcome));
    }
    let totals = world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap().totals;
    assert_eq!((totals.restored, totals.partly, totals.not_restored, totals.closed()), (1, 2, 2, 5));
}

async fn silence_is_an_outcome_of_its_own_and_not_before_its_time(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let link = shop.follow_up(world, id).await.unwrap();
    shop.step(world, id, learn()).await;
    let refused = world.store.take_step(&shop.staff, id, &StepDraft::NoAnswer).await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(Refused::StillTimeToAnswer { .. })), "{refused:?}");
    world.clock.advance(Recovery::TIME_TO_ANSWER);
    shop.step(world, id, StepDraft::NoAnswer).await;
    assert_eq!(page(world, &shop, id).await.row.stage, Stage::Closed(Outcome::NoAnswer));
    assert!(world.store.follow_up(&link).await.unwrap().unwrap().answered);
    let totals = world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap().totals;
    assert_eq!((totals.no_answer, totals.restored), (1, 0));
}

async fn nobody_is_silent_who_could_not_answer(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let lee = world.store.add_person(&shop.owner, &newcomer("Lee Sender", "manager"), "hash").await.unwrap();
    let sender = Actor::of(shop.business(), Who::Person(lee), Role::Manager);
    for draft in [acknowledge(), understand(), remedy()] {
        shop.step(world, id, draft).await;
    }
    world.store.take_step(&sender, id, &StepDraft::FollowUp).await.unwrap().unwrap();
    shop.step(world, id, learn()).await;
    world.store.dismiss(&shop.owner, lee).await.unwrap().unwrap();
    world.clock.advance(Recovery::TIME_TO_ANSWER);
    let no_answer = async || world.store.take_step(&shop.staff, id, &StepDraft::NoAnswer).await;
    let refused = no_answer().await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(Refused::LinkEnded)), "{refused:?}");
    let link = world.store.renew_follow_up(&shop.staff, id).await.unwrap().unwrap();
    world.clock.advance(Recovery::TIME_TO_ANSWER - TimeDelta::minutes(1));
    let refused = no_answer().await.unwrap_err();
    assert!(matches!(refused, Error::Recovery(Refused::StillTimeToAnswer { .. })), "{refused:?}");
    world.store.answer(&link, &answer("yes", "yes")).await.unwrap().unwrap();
    assert_eq!(page(world, &shop, id).await.row.stage, Stage::Closed(Outcome::Restored));
    assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
}

async fn a_closed_recovery_is_reopened_and_asks_for_trust_anew(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let link = shop.follow_up(world, id).await.unwrap();
    world.store.answer(&link, &answer("yes", "yes")).await.unwrap().unwrap();
    shop.step(world, id, learn()).await;
    shop.step(world, id, reopen()).await;
    let open = page(world, &shop, id).await;
    assert_eq!((open.row.stage, open.recovery.verdict_on_trust()), (Stage::Opened, None));
    let totals = async || world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap().totals;
    assert_eq!((totals().await.restored, totals().await.closed()), (0, 0), "trust is taken back");
    let link = shop.follow_up(world, id).await.unwrap();
    shop.step(world, id, learn()).await;
    world.store.answer(&link, &answer("no", "no")).await.unwrap().unwrap();
    assert_eq!(page(world, &shop, id).await.row.stage, Stage::Closed(Outcome::NotRestored));
    assert_eq!((totals().await.all, totals().await.not_restored, totals().await.closed()), (1, 1, 1));
}

async fn a_step_that_is_not_possible_now_changes_nothing(world: &World) {
    let shop = world.shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let before = world.raw.everything().await;
    for draft in [understand(), update(), remedy(), StepDraft::FollowUp, learn(), StepDraft::NoAnswer, reopen()] {
        let refused = world.store.take_step(&shop.staff, id, &draft).await.unwrap_err();
        assert!(
            matches!(refused, Error::Recovery(Refused::Move { stage: Stage::Opened, .. })),
            "{draft:?}: {refused:?}"
        );
    }
    let no_apology = StepDraft::Acknowledge(AcknowledgementDraft {
        customer_name: "Jo".into(),
        customer_contact: "jo@x.example".into(),
        ..AcknowledgementDraft::default()
    });
    assert!(matches!(world.store.take_step(&shop.staff, id, &no_apology).await, Err(Error::Invalid(_))));
    let unknown = domain::ids::RecoveryId(uuid::Uuid::nil());
    assert_eq!(world.store.take_step(&shop.staff, unknown, &acknowledge()).await.unwrap(), None);
    assert_eq!(world.raw.everything().await, before);
}

fn from(name: &str, contact: &str) -> StepDraft {
    let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
    StepDraft::Acknowledge(AcknowledgementDraft {
        customer_name: name.into(),
        customer_contact: contact.into(),
        ..draft
    })
}

async fn a_customer_failed_twice_is_known_as_one(world: &World) {
    let shop = world.shop().await;
    let mut tiers = Vec::new();
    for name in ["Jo", "Jo Brown"] {
        let id = shop.breaks(world, broken()).await;
        shop.step(world, id, from(name, "jo@x.example")).await;
        shop.step(world, id, understand()).await;
        let page = page(world, &shop, id).await;
        assert!(
            matches!(page.customer, Some(Customer::Named { contact: Some(contact), .. }) if contact == "jo@x.example")
        );
        tiers.push(page.tier.unwrap().because);
    }
    assert_eq!(tiers.iter().map(|tier| (tier.repeated, tier.similar)).collect::<Vec<_>>(), [(false, 0), (true, 1)]);
    assert_eq!(world.raw.count("customers").await, 1);
    let id = shop.breaks(world, broken()).await;
    shop.step(world, id, from("Jo", "")).await;
    assert_eq!(world.raw.count("customers").await, 2, "without a contact nobody can say who it is");
}

async fn the_owner_of_a_recovery_is_one_of_us(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let id = shop.breaks(world, broken()).await;
    let Who::Person(stranger) = other.owner.who else { unreachable!() };
    let owned_by = |person: String| {
        StepDraft::Acknowledge(AcknowledgementDraft { owner: person, ..AcknowledgementDraft::default() })
    };
    let before = world.raw.everything().await;
    let refused = world.store.take_step(&shop.staff, id, &owned_by(stranger.to_string())).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid(faults) if faults.at("owner") == Some(Fault::NotFound)));
    assert_eq!(world.raw.everything().await, before);
    // Who can do nothing about it, or not there.
    let elsewhere = world.store.add_site(&shop.owner, &line("Elsewhere")).await.unwrap();
    let far = Newcomer { reach: Reach::of([elsewhere]), ..newcomer("Fay Bound", "staff") };
    let far = world.store.add_person(&shop.owner, &far, "hash").await.unwrap();
    let Who::Person(reader) = shop.auditor.who else { unreachable!() };
    for person in [reader, far] {
        let refused = world.store.take_step(&shop.staff, id, &owned_by(person.to_string())).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(faults) if faults.at("owner") == Some(Fault::NotFound)));
    }
    let Who::Person(ours) = shop.manager.who else { unreachable!() };
    shop.step(world, id, owned_by(ours.to_string())).await;
}

async fn the_lists_show_who_waits_and_who_was_closed_last(world: &World) {
    let shop = world.shop().await;
    let (slow, quick) = (shop.breaks(world, broken()).await, shop.breaks(world, told_by_a_customer()).await);
    let third = shop.breaks(world, broken()).await;
    shop.step(world, slow, from("Jo", "jo@x.example")).await;
    let open = world.store.open_recoveries(&shop.auditor).await.unwrap();
    assert_eq!(
        open.iter().map(|row| row.id).collect::<Vec<_>>(),
        [quick, third, slow],
        "by the clock that presses most"
    );
    for id in [third, quick] {
        if id == quick {
            let link = shop.follow_up(world, id).await.unwrap();
            world.store.answer(&link, &answer("yes", "yes")).await.unwrap().unwrap();
        } else {
            shop.follow_up(world, id).await;
            for _ in 0..3 {
                shop.keep(world).await;
            }
        }
        world.clock.advance(TimeDelta::hours(1));
        shop.step(world, id, learn()).await;
    }
    let closed = world.store.closed_recoveries(&shop.auditor, None, 50).await.unwrap().rows;
    assert_eq!(closed.iter().map(|row| row.id).collect::<Vec<_>>(), [quick, third]);
    let page = async |before, most| {
        let page = world.store.closed_recoveries(&shop.auditor, before, most).await.unwrap();
        (page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), page.before)
    };
    assert_eq!(page(None, 1).await, (vec![quick], Some(quick)));
    assert_eq!(page(Some(quick), 1).await, (vec![third], Some(third)));
    assert_eq!(page(Some(third), 1).await, (vec![], None));
    assert_eq!(page(None, 2).await, (vec![quick, third], Some(third)));
    assert_eq!(page(None, 3).await, (vec![quick, third], None));
    assert_eq!(page(Some(slow), 3).await, (vec![], None), "one that is open stands in no page of these");
    assert_eq!(world.store.open_recoveries(&shop.auditor).await.unwrap().len(), 1);
}

async fn the_list_of_breaks_goes_on_where_it_stopped(world: &World) {
    let shop = world.shop().await;
    let mut opened = Vec::new();
    for number in 0..7 {
        let finding = if number == 3 { told_by_a_customer() } else { broken() };
        // Two by two within one instant.
        world.minutes(number % 2);
        opened.push(shop.log(world, finding).await.recovery.unwrap());
    }
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = world.store.breaks(&shop.auditor, before, 2).await.unwrap();
        seen.extend(page.rows);
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    assert!(seen.is_sorted_by(|later, earlier| (later.known_at, later.id) > (earlier.known_at, earlier.id)));
    let mut recoveries: Vec<_> = seen.iter().map(|row| row.recovery).collect();
    recoveries.sort();
    opened.sort();
    assert_eq!(recoveries, opened);
    assert!(seen.iter().all(|row| (row.version, row.place, row.stage) == (1, shop.place, Stage::Opened)));
    let told = seen.iter().filter(|row| row.found_by == domain::breaks::FoundBy::Customer);
    assert_eq!(told.count(), 1);
}
