//! One business never sees another's data, and a role never does what it may not.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor, Role};
use domain::check::CheckDraft;
use domain::guarantee::Move;
use domain::ids::{BreakId, CheckId, PlaceId, RecoveryId, SiteId};
use domain::place::Code;
use domain::recovery::StepDraft;
use domain::schedule::{Announcement, Closure};
use domain::slug::Slug;
use store::Error;

use crate::shop::{
    Shop, acknowledge, broken, business, kept, learn, line, newcomer, problem, prose, remedy, reopen,
    told_by_a_customer, understand, update, wording, wording_draft,
};
use crate::world::World;

facts![each wall alone:
    another_businesss_ids_change_nothing,
    another_businesss_ids_show_nothing,
    auditors_change_nothing,
    nobody_does_what_their_role_may_not,
    nobody_acts_for_a_business_that_does_not_exist,
];

/// What one business has: a check with a private note, a recovery with a named customer.
pub struct Secrets {
    pub check: CheckId,
    recovery: RecoveryId,
    pub obstacle: BreakId,
    link: String,
    code: Code,
}

pub async fn secrets(world: &World, shop: &Shop) -> Secrets {
    let finding =
        domain::check::FindingDraft { note: "SECRET note".into(), obstacle: "tools".into(), ..told_by_a_customer() };
    let logged = shop.log(world, finding).await;
    let recovery = logged.recovery.unwrap();
    let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
    let named = domain::recovery::AcknowledgementDraft {
        customer_name: "SECRET name".into(),
        customer_contact: "SECRET contact".into(),
        ..draft
    };
    let mut link = None;
    for draft in [StepDraft::Acknowledge(named), understand(), remedy(), StepDraft::FollowUp] {
        link = shop.step(world, recovery, draft).await;
    }
    let code = world.store.place(&shop.staff, shop.place).await.unwrap().unwrap().code;
    let obstacle = world.store.obstacles(&shop.staff, None, 1).await.unwrap().rows[0].id;
    Secrets { check: logged.check, recovery, obstacle, link: link.unwrap(), code: Code::parse(&code).unwrap() }
}

/// Everything a business's actor can try on what belongs to another; whether it was refused, by its name.
async fn try_all(
    world: &World,
    actor: &Actor,
    of: &Shop,
    secrets: &Secrets,
) -> Vec<(&'static str, Act, Result<bool, Error>)> {
    let store = &world.store;
    let other_wording = domain::guarantee::WordingDraft { mark: "90".into(), ..wording_draft() }.parse().unwrap();
    let slug = || Some(Slug::parse("brand-new").unwrap());
    let check = of.check(world, kept());
    let new = of.check(world, broken());
    let places = [of.place];
    let mut tried = vec![
        ("log_check", Act::Check, store.log_check(actor, check).await.map(|_| true)),
        ("log_checks", Act::Check, store.log_checks(actor, &[new]).await.map(|_| true)),
        ("schedule", Act::Define, store.schedule(actor, of.guarantee, &places, None).await.map(|done| done.is_some())),
        ("zone_site", Act::Define, store.zone_site(actor, of.site, Some("UTC")).await.map(|done| done.is_some())),
        (
            "announce_closure",
            Act::Furnish,
            store.announce_closure(actor, &closed(of.site, of.place, store.now())).await.map(|_| true),
        ),
        (
            "correct_check",
            Act::Check,
            store
                .correct_check(actor, secrets.check, &kept(), &prose("why"))
                .await
                .map(|corrected| corrected.is_some()),
        ),
        (
            "add_guarantee",
            Act::Define,
            store.add_guarantee(actor, of.problem, slug(), &wording(), &[]).await.map(|_| true),
        ),
        ("reword", Act::Define, store.reword(actor, of.guarantee, &other_wording).await.map(|number| number.is_some())),
        ("promise_at", Act::Define, store.promise_at(actor, of.guarantee, &places).await.map(|done| done.is_some())),
        (
            "answer_obstacle",
            Act::Answer,
            store
                .answer_obstacle(actor, secrets.obstacle, &crate::obstacles::answer("done", "Bought."))
                .await
                .map(|done| done.is_some()),
        ),
        (
            "give_second_look",
            Act::Review,
            store
                .give_second_look(actor, secrets.check, &crate::second_looks::said("agreed"))
                .await
                .map(|done| done.is_some()),
        ),
        ("add_place", Act::Define, store.add_place(actor, of.site, &line("A new place")).await.map(|_| true)),
    ];
    for verb in Move::ALL {
        let moved = store.move_guarantee(actor, of.guarantee, verb).await;
        tried.push(("move_guarantee", Act::Define, moved.map(|stage| stage.is_some())));
    }
    let steps = [
        acknowledge(),
        update(),
        StepDraft::AskCustomer,
        StepDraft::CustomerReplied,
        learn(),
        StepDraft::NoAnswer,
        reopen(),
    ];
    for step in steps {
        let taken = store.take_step(actor, secrets.recovery, &step).await;
        tried.push(("take_step", Act::Recover, taken.map(|link| link.is_some())));
    }
    tried
}

async fn another_businesss_ids_change_nothing(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let secrets = secrets(world, &shop).await;
    let before = world.raw.everything().await;
    for (name, _, done) in try_all(world, &other.owner, &shop, &secrets).await {
        assert!(matches!(done, Ok(false) | Err(Error::Invalid(_))), "{name}: {done:?}");
    }
    // Its own promise at the other's place, and the other's promise at its own place.
    for (guarantee, place) in [(other.guarantee, shop.place), (shop.guarantee, other.place)] {
        let (guarantee, place) = (guarantee.to_string(), place.to_string());
        let check = CheckDraft { guarantee, place, ..other.check(world, broken()) };
        assert!(matches!(world.store.log_check(&other.owner, check).await, Err(Error::Invalid(_))));
    }
    world.hours(5);
    assert_eq!(world.store.note_lateness(&other.owner).await.unwrap(), 0);
    assert_eq!(world.raw.everything().await, before);
}

async fn another_businesss_ids_show_nothing(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let secrets = secrets(world, &shop).await;
    let (store, actor) = (&world.store, &other.owner);
    assert_eq!(store.guarantee(actor, shop.guarantee).await.unwrap(), None);
    assert!(store.versions(actor, shop.guarantee).await.unwrap().is_empty());
    assert_eq!(store.problem(actor, shop.problem).await.unwrap(), None);
    assert_eq!(store.place(actor, shop.place).await.unwrap(), None);
    assert_eq!(store.place_by_code(actor, &secrets.code).await.unwrap(), None);
    assert!(store.recovery(actor, secrets.recovery).await.unwrap().is_none());
    assert!(store.checks(actor, Some(secrets.check), 10).await.unwrap().rows.is_empty());
    assert_eq!(store.check(actor, secrets.check).await.unwrap(), None);
    assert_eq!(store.obstacle(actor, secrets.obstacle).await.unwrap(), None);
    assert!(store.obstacles(actor, Some(secrets.obstacle), 10).await.unwrap().rows.is_empty());
    assert_eq!(store.second_look(actor, secrets.check).await.unwrap(), None);
    let broken = store.breaks(&shop.owner, None, 10).await.unwrap().rows[0].id;
    assert!(store.breaks(actor, Some(broken), 10).await.unwrap().rows.is_empty());
    let home = store.home(actor).await.unwrap();
    let behind = store.detail(&home, shop.guarantee).await.unwrap();
    assert!(
        behind.breaks.is_empty() && behind.versions.is_empty() && behind.places.is_empty() && behind.totals.all == 0
    );

    let seen = format!(
        "{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
        store.obstacles(actor, None, 500).await.unwrap(),
        store.second_looks(actor).await.unwrap(),
        store.members(actor).await.unwrap(),
        store.sites(actor).await.unwrap(),
        store.places(actor).await.unwrap(),
        store.problems(actor).await.unwrap(),
        store.guarantees(actor).await.unwrap(),
        store.standings(actor).await.unwrap(),
        store.checks(actor, None, 500).await.unwrap(),
        store.breaks(actor, None, 500).await.unwrap(),
        store.open_recoveries(actor).await.unwrap(),
        store.closed_recoveries(actor, None, 50).await.unwrap().rows,
        store.charter(home.clone(), None).await.unwrap(),
        store.charter(home, Some("prairie-stop")).await.unwrap(),
        store.record_after(actor.business, 0).await.unwrap(),
    );
    let ids = [
        shop.guarantee.0,
        shop.place.0,
        shop.other_place.0,
        shop.site.0,
        shop.problem.0,
        secrets.check.0,
        secrets.recovery.0,
        secrets.obstacle.0,
    ];
    assert!(seen.contains(&other.guarantee.to_string()));
    for hidden in
        ids.map(|id| id.to_string()).into_iter().chain(["SECRET".to_owned(), secrets.link, "Prairie Stop".to_owned()])
    {
        assert!(!seen.contains(&hidden), "{hidden}");
    }
}

async fn auditors_change_nothing(world: &World) {
    let shop = world.shop().await;
    let secrets = secrets(world, &shop).await;
    world.hours(5);
    let before = world.raw.everything().await;
    for (name, _, done) in try_all(world, &shop.auditor, &shop, &secrets).await {
        assert!(matches!(done, Err(Error::NotAllowed(_))), "{name}: {done:?}");
    }
    let (store, auditor) = (&world.store, &shop.auditor);
    let refused = [
        store.note_lateness(auditor).await.map(|_| ()),
        store.add_site(auditor, &line("Sweetwater")).await.map(|_| ()),
        store.add_problem(auditor, &problem()).await.map(|_| ()),
        store.add_person(auditor, &newcomer("New", "owner"), "hash").await.map(|_| ()),
        store.change_business(auditor, &business()).await,
        store.create_token(auditor, &crate::shop::token(Role::Owner)).await.map(|_| ()),
    ];
    assert!(refused.iter().all(|refused| matches!(refused, Err(Error::NotAllowed(_)))), "{refused:?}");
    assert_eq!(world.raw.everything().await, before);
    assert!(store.recovery(auditor, secrets.recovery).await.unwrap().is_some(), "but they read everything");
}

async fn nobody_does_what_their_role_may_not(world: &World) {
    let shop = world.shop().await;
    let secrets = secrets(world, &shop).await;
    for actor in [&shop.owner, &shop.manager, &shop.staff, &shop.auditor] {
        for (name, act, done) in try_all(world, actor, &shop, &secrets).await {
            let forbidden = matches!(done, Err(Error::NotAllowed(_)));
            assert_eq!(forbidden, !actor.role.may(act), "{name} by {:?}: {done:?}", actor.role);
        }
        let site = world.store.add_site(actor, &line(actor.role.name())).await;
        assert_eq!(site.is_ok(), actor.role.may(Act::Define));
        let token = world.store.create_token(actor, &crate::shop::token(Role::Staff)).await;
        assert_eq!(token.is_ok(), actor.role.may(Act::Govern));
        let changed = world.store.change_business(actor, &business()).await;
        assert_eq!(changed.is_ok(), actor.role.may(Act::Govern));
    }
}

async fn nobody_acts_for_a_business_that_does_not_exist(world: &World) {
    let shop = world.shop().await;
    let nobody = Actor { business: domain::ids::BusinessId(uuid::Uuid::nil()), ..shop.owner.clone() };
    let before = world.raw.everything().await;
    assert!(world.store.add_site(&nobody, &line("Nowhere")).await.is_err());
    assert!(world.store.log_check(&nobody, shop.check(world, kept())).await.is_err());
    assert!(world.store.sites(&nobody).await.unwrap().is_empty());
    assert_eq!(world.raw.everything().await, before);
}

fn closed(site: SiteId, place: PlaceId, now: DateTime<Utc>) -> Announcement {
    let closure = Closure { from: now, until: now + TimeDelta::hours(1) };
    Announcement { site, place: Some(place), closure, reason: prose("New tiles.") }
}
