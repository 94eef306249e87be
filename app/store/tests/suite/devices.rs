//! Shared devices: registered once, for one site; whoever types their PIN stands at one for a while and only checks.

use chrono::TimeDelta;
use domain::actor::{Act, Actor, Who};
use domain::device::{Device, State};
use domain::fault::Fault;
use domain::ids::{PersonId, SiteId};
use domain::member::Refused;
use domain::pin::LOCKED;
use store::{AtDevice, Error, Origin};

use crate::shop::{Shop, kept, line};
use crate::world::World;

facts![
    a_link_makes_one_device_within_an_hour,
    a_device_that_was_taken_back_is_none_at_once,
    only_those_with_a_pin_who_are_let_in_stand_at_a_device,
    a_turn_is_the_persons_own_and_ends_by_itself,
    the_fifth_wrong_pin_locks_one_name_on_one_device,
    tries_at_the_same_time_are_no_more_than_five,
    another_business_has_no_say_in_a_device,
];

fn person(actor: &Actor) -> PersonId {
    let Who::Person(person) = actor.who else { unreachable!() };
    person
}

fn tablet(site: SiteId) -> Device {
    Device { name: line("The tablet"), site }
}

async fn registered(world: &World, shop: &Shop) -> AtDevice {
    let made = world.store.add_device(&shop.manager, &tablet(shop.site)).await.unwrap();
    let token = world.store.register_device(&made.token, &Origin::default()).await.unwrap().unwrap();
    world.store.at_device(&token).await.unwrap().unwrap()
}

async fn a_link_makes_one_device_within_an_hour(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    for actor in [&shop.staff, &shop.auditor] {
        assert!(matches!(store.add_device(actor, &tablet(shop.site)).await, Err(Error::NotAllowed(_))));
    }
    let nowhere = store.add_device(&shop.owner, &tablet(SiteId(uuid::Uuid::nil()))).await;
    assert!(matches!(nowhere, Err(Error::Invalid(faults)) if faults.at("site") == Some(Fault::NotFound)));
    let made = store.add_device(&shop.manager, &tablet(shop.site)).await.unwrap();
    let state = async || store.devices(&shop.manager, None, 50).await.unwrap().rows[0].state;
    assert_eq!(state().await, State::Awaited);
    assert_eq!(store.register_device("nobody's", &Origin::default()).await.unwrap(), None);
    let token = store.register_device(&made.token, &Origin::default()).await.unwrap().unwrap();
    assert_eq!(state().await, State::Registered);
    let at = store.at_device(&token).await.unwrap().unwrap();
    assert_eq!((at.id, at.site, at.name.as_str()), (made.id, shop.site, "The tablet"));
    let again = store.register_device(&made.token, &Origin::default()).await;
    assert!(matches!(again, Err(Error::Member(Refused::Over))), "{again:?}");
    let late = store.add_device(&shop.manager, &tablet(shop.site)).await.unwrap();
    world.minutes(60);
    assert_eq!(state().await, State::RunOut);
    let late = store.register_device(&late.token, &Origin::default()).await;
    assert!(matches!(late, Err(Error::Member(Refused::Over))), "{late:?}");
    let stored = format!("{:?}", world.raw.everything().await);
    assert!(!stored.contains(&token) && !stored.contains(&made.token), "a secret is stored as it is");
}

async fn a_device_that_was_taken_back_is_none_at_once(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let made = store.add_device(&shop.manager, &tablet(shop.site)).await.unwrap();
    let token = store.register_device(&made.token, &Origin::default()).await.unwrap().unwrap();
    let at = store.at_device(&token).await.unwrap().unwrap();
    let turn = store.begin_turn(&at, person(&shop.staff), &Origin::default()).await.unwrap();
    store.revoke_device(&shop.owner, made.id).await.unwrap().unwrap();
    assert_eq!(store.at_device(&token).await.unwrap(), None);
    assert_eq!(store.recognize(&turn.token).await.unwrap(), None);
    let twice = store.revoke_device(&shop.owner, made.id).await;
    assert!(matches!(twice, Err(Error::Member(Refused::Over))), "{twice:?}");
    // Somebody who typed their PIN while it was taken back does not get in after all.
    let late = store.begin_turn(&at, person(&shop.staff), &Origin::default()).await.unwrap();
    assert_eq!(store.recognize(&late.token).await.unwrap(), None);
}

async fn only_those_with_a_pin_who_are_let_in_stand_at_a_device(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let at = registered(world, &shop).await;
    let names = async || {
        let colleagues = store.colleagues(&at).await.unwrap();
        colleagues.into_iter().map(|colleague| colleague.name).collect::<Vec<_>>()
    };
    assert!(names().await.is_empty() && !store.has_pin(person(&shop.staff)).await.unwrap());
    for actor in [&shop.staff, &shop.owner, &shop.auditor] {
        store.set_pin(actor, person(actor), "hash").await.unwrap();
    }
    assert!(store.has_pin(person(&shop.staff)).await.unwrap());
    assert_eq!(names().await, ["Maya Torres", "Sam"], "an auditor checks nothing");
    assert_eq!(store.try_pin(&at, person(&shop.staff)).await.unwrap(), Some(Ok("hash".to_owned())));
    assert_eq!(store.try_pin(&at, person(&shop.auditor)).await.unwrap(), None);
    assert_eq!(store.try_pin(&at, person(&shop.manager)).await.unwrap(), None);
    store.dismiss(&shop.owner, person(&shop.staff)).await.unwrap().unwrap();
    assert_eq!(names().await, ["Maya Torres"]);
    assert_eq!(store.try_pin(&at, person(&shop.staff)).await.unwrap(), None);
}

async fn a_turn_is_the_persons_own_and_ends_by_itself(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let at = registered(world, &shop).await;
    let turn = store.begin_turn(&at, person(&shop.owner), &Origin::default()).await.unwrap();
    let actor = store.recognize(&turn.token).await.unwrap().unwrap().visitor().actor.clone();
    let may: Vec<_> = Act::ALL.into_iter().filter(|act| actor.may(*act)).collect();
    assert_eq!((may, actor.who), (vec![Act::Look, Act::Check, Act::Correct], shop.owner.who));
    assert!(actor.reaches(shop.site) && !actor.reaches(SiteId(uuid::Uuid::nil())));
    let logged = store.log_check(&actor, shop.check(world, kept())).await.unwrap();
    let by = world.raw.texts("SELECT by FROM checks").await.remove(0);
    assert_eq!(by, format!("person:{}", person(&shop.owner)));
    let finding = domain::check::FindingDraft { verdict: "broken".into(), ..Default::default() };
    let others = store.log_check(&shop.staff, shop.check(world, kept())).await.unwrap();
    let refused = store.correct_check(&actor, others.check, &finding, &crate::shop::prose("No.")).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "only what is theirs: {refused:?}");
    let finding = domain::check::FindingDraft { reason: "other".into(), ..finding };
    let mended = store.correct_check(&actor, logged.check, &finding, &crate::shop::prose("A mistake.")).await.unwrap();
    assert!(mended.is_some_and(|mended| mended.recovery.is_some()));
    assert!(matches!(store.members(&actor).await, Err(Error::NotAllowed(_))));

    // The next one's turn ends this one's, and a quarter of an hour ends that.
    let next = store.begin_turn(&at, person(&shop.staff), &Origin::default()).await.unwrap();
    assert_eq!(store.recognize(&turn.token).await.unwrap(), None);
    world.clock.advance(TimeDelta::minutes(15));
    assert_eq!(store.recognize(&next.token).await.unwrap(), None);
}

async fn the_fifth_wrong_pin_locks_one_name_on_one_device(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let (at, other) = (registered(world, &shop).await, registered(world, &shop).await);
    for actor in [&shop.staff, &shop.owner] {
        store.set_pin(actor, person(actor), "hash").await.unwrap();
    }
    let sam = person(&shop.staff);
    for _ in 0..5 {
        assert!(store.try_pin(&at, sam).await.unwrap().unwrap().is_ok());
        store.note_wrong_pin(&at, sam, &Origin::default()).await.unwrap();
    }
    let locked = store.try_pin(&at, sam).await.unwrap().unwrap().unwrap_err();
    assert_eq!(locked.until, store.now() + LOCKED);
    let until = store.colleagues(&at).await.unwrap().into_iter().map(|one| one.locked_until).collect::<Vec<_>>();
    assert_eq!(until, [None, Some(locked.until)]);
    assert!(store.try_pin(&at, person(&shop.owner)).await.unwrap().unwrap().is_ok(), "somebody else");
    assert!(store.try_pin(&other, sam).await.unwrap().unwrap().is_ok(), "somewhere else");
    world.clock.advance(LOCKED);
    assert!(store.try_pin(&at, sam).await.unwrap().unwrap().is_ok());
    // A right one begins anew.
    store.begin_turn(&at, sam, &Origin::default()).await.unwrap();
    for _ in 0..5 {
        assert!(store.try_pin(&at, sam).await.unwrap().unwrap().is_ok());
    }
    assert!(store.try_pin(&at, sam).await.unwrap().unwrap().is_err());
}

async fn tries_at_the_same_time_are_no_more_than_five(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let (at, sam) = (registered(world, &shop).await, person(&shop.staff));
    store.set_pin(&shop.staff, sam, "hash").await.unwrap();
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let (store, at) = (store.clone(), at.clone());
            tokio::spawn(async move { store.try_pin(&at, sam).await.unwrap().unwrap() })
        })
        .collect();
    let mut taken = 0;
    for tried in tries {
        taken += usize::from(tried.await.unwrap().is_ok());
    }
    assert_eq!(taken, 5);
}

async fn another_business_has_no_say_in_a_device(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let other = world.other_shop().await;
    let at = registered(world, &shop).await;
    assert_eq!(store.revoke_device(&other.owner, at.id).await.unwrap(), None);
    let foreign = store.add_device(&other.owner, &tablet(shop.site)).await;
    assert!(matches!(foreign, Err(Error::Invalid(faults)) if faults.at("site") == Some(Fault::NotFound)));
    assert!(store.devices(&other.owner, None, 50).await.unwrap().rows.is_empty());
    store.set_pin(&other.owner, person(&other.owner), "hash").await.unwrap();
    assert!(store.colleagues(&at).await.unwrap().is_empty());
    assert_eq!(store.try_pin(&at, person(&other.owner)).await.unwrap(), None);
}
