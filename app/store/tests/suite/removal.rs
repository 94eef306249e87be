//! A business that is deleted leaves nothing behind, and whoever is still at work in it is told.

use domain::actor::{Act, Actor, Reach, Role, Who};
use domain::business::BusinessDraft;
use domain::device::Device;
use domain::fault::Fault;
use domain::hours::Hours;
use domain::ids::PersonId;
use domain::invite::Invite;
use domain::member::Refused;
use store::{Error, Store};
use tokio::task::JoinSet;

use crate::history::live;
use crate::shop::{Shop, acknowledge, broken, business, business_draft, kept, line, newcomer, told_by_a_customer};
use crate::world::World;

facts![
    nothing_is_left_behind_in_any_table,
    another_business_stays_as_it_was,
    whoever_belongs_elsewhere_stays_and_whoever_does_not_goes,
    only_its_owner_deletes_a_business_and_only_the_one_they_name,
    whoever_was_inside_is_told_that_it_is_gone,
    where_nothing_is_left_one_begins_anew,
    checks_come_before_or_are_refused_while_it_goes,
    everything_else_comes_before_or_is_refused_while_it_goes,
];

const NAME: &str = "Prairie Stop";

fn person(actor: &Actor) -> PersonId {
    let Who::Person(person) = actor.who else { unreachable!() };
    person
}

/// Everything that a business can have, secrets too.
async fn fill(world: &World, shop: &Shop) {
    let (store, owner) = (&world.store, &shop.owner);
    live(world, shop, 200).await;
    shop.closes(world).await;
    shop.pictures(world).await;
    crate::second_looks::asked(world, shop).await;
    shop.log(world, crate::obstacles::hindered("tools")).await;
    let hindrance = store.obstacles(owner, None, 1).await.unwrap().rows.remove(0).id;
    store.answer_obstacle(owner, hindrance, &crate::obstacles::answer("done", "Bought.")).await.unwrap().unwrap();
    store.begin_session(person(owner), &"".into()).await.unwrap().unwrap();
    store.create_token(owner, &crate::shop::named_token("till")).await.unwrap();
    let invited =
        store.invite(owner, &Invite { name: line("Kim"), role: Role::Staff, reach: Reach::Everywhere }).await.unwrap();
    store.join(&invited.token, person(&shop.auditor)).await.unwrap_err();
    store.invite(owner, &Invite { name: line("Kim"), role: Role::Staff, reach: Reach::Everywhere }).await.unwrap();
    store.reset_link(&newcomer("Sam", "staff").email).await.unwrap().unwrap();
    store.dismiss(owner, person(&shop.auditor)).await.unwrap().unwrap();
    let again = store
        .invite(owner, &Invite { name: line("Ada"), role: Role::Auditor, reach: Reach::Everywhere })
        .await
        .unwrap();
    store.join(&again.token, person(&shop.auditor)).await.unwrap().unwrap();
    let (sam, at) = (person(&shop.staff), Device { name: line("Tablet"), site: shop.site });
    store.offer_authenticator(sam).await.unwrap();
    store.add_passkey(&shop.staff, sam, &line("Phone"), b"key", "{}").await.unwrap();
    store.challenge(Some(sam), "{}").await.unwrap();
    store.begin_sign_in(sam).await.unwrap();
    store.require_factors(owner, &[Role::Owner]).await.unwrap();
    store.set_pin(&shop.staff, sam, "hash").await.unwrap();
    let made = store.add_device(owner, &at).await.unwrap();
    let device = store.register_device(&made.token, &"".into()).await.unwrap().unwrap();
    let device = store.at_device(&device).await.unwrap().unwrap();
    store.try_pin(&device, sam).await.unwrap().unwrap().unwrap();
}

async fn nothing_is_left_behind_in_any_table(world: &World) {
    let empty = world.raw.everything().await;
    let shop = world.shop().await;
    fill(world, &shop).await;
    let full = world.raw.everything().await;
    let without: Vec<_> = full.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table.as_str()).collect();
    assert_eq!(without, ["customers"], "a table without rows proves nothing");
    world.store.delete_business(&shop.owner, NAME).await.unwrap();
    assert_eq!(world.raw.everything().await, empty);
}

async fn another_business_stays_as_it_was(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    fill(world, &shop).await;
    let id = other.breaks(world, told_by_a_customer()).await;
    other.follow_up(world, id).await.unwrap();
    other.log(world, broken()).await;
    let before = world.raw.everything().await;
    world.store.delete_business(&shop.owner, NAME).await.unwrap();
    let after = world.raw.everything().await;
    for (table, rows) in &after {
        assert!(rows.iter().all(|row| before[table].contains(row)), "{table} has nothing new");
    }
    assert!(world.store.verify(other.business()).await.unwrap().is_ok());
    assert_eq!(world.store.members(&other.owner).await.unwrap().len(), 4);
    assert_eq!(world.store.recovery(&other.owner, id).await.unwrap().unwrap().steps.len(), 4);
    other.keep(world).await;
    assert!(!world.store.is_empty().await.unwrap());
}

async fn whoever_belongs_elsewhere_stays_and_whoever_does_not_goes(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let draft = BusinessDraft { name: "Second".into(), slug: "second".into(), ..business_draft() };
    let second = store.begin_another(&shop.owner, &draft.parse(Hours::always()).unwrap()).await.unwrap();
    let there = Actor { business: second, ..shop.owner.clone() };
    for whom in [&shop.staff, &shop.manager] {
        let invited = store
            .invite(&there, &Invite { name: line("Join us"), role: Role::Staff, reach: Reach::Everywhere })
            .await
            .unwrap();
        store.join(&invited.token, person(whom)).await.unwrap().unwrap();
    }
    // Nia was let in there once, and what she did there keeps her name.
    store.dismiss(&there, person(&shop.manager)).await.unwrap().unwrap();
    let [here, elsewhere] = [shop.business(), second];
    let session = store.begin_session_at(person(&shop.staff), here, &"".into()).await.unwrap().unwrap();
    let other_session = store.begin_session_at(person(&shop.staff), elsewhere, &"".into()).await.unwrap().unwrap();
    store.delete_business(&shop.owner, NAME).await.unwrap();
    assert_eq!(store.visitor(&session.token).await.unwrap(), None, "signed out here");
    assert_eq!(store.visitor(&other_session.token).await.unwrap().unwrap().actor.business, elsewhere, "and not there");
    let mut left = world.raw.texts("SELECT name FROM people").await;
    left.sort();
    assert_eq!(left, ["Maya Torres", "Nia", "Sam"], "Ada belongs to nothing any more");
    assert_eq!(store.memberships(person(&shop.owner)).await.unwrap().len(), 1);
}

async fn only_its_owner_deletes_a_business_and_only_the_one_they_name(world: &World) {
    let (shop, other) = (world.shop().await, world.other_shop().await);
    let before = world.raw.everything().await;
    for actor in [&shop.manager, &shop.staff, &shop.auditor] {
        assert!(!actor.role.may(Act::Govern));
        assert!(matches!(world.store.delete_business(actor, NAME).await, Err(Error::NotAllowed(_))));
    }
    for (typed, fault) in [
        ("", Fault::Missing),
        ("  ", Fault::Missing),
        ("prairie stop", Fault::Wrong),
        ("Prairie-Stop", Fault::Wrong),
        ("Other Stop", Fault::Wrong),
        ("Prairie Stop\u{0}", Fault::Wrong),
        ("\u{202E}potS eiriarP", Fault::Wrong),
    ] {
        let refused = world.store.delete_business(&shop.owner, typed).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(faults)) if faults.at("name") == Some(fault)),
            "{typed:?}: {refused:?}"
        );
    }
    assert!(world.store.delete_business(&other.owner, NAME).await.is_err());
    assert_eq!(world.raw.everything().await, before);
    world.store.delete_business(&shop.owner, "  Prairie Stop ").await.unwrap();
}

async fn whoever_was_inside_is_told_that_it_is_gone(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    world.other_shop().await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    let link = shop.follow_up(world, id).await.unwrap();
    let token = store.create_token(&shop.owner, &crate::shop::named_token("till")).await.unwrap();
    let invited = store
        .invite(&shop.owner, &Invite { name: line("Kim"), role: Role::Staff, reach: Reach::Everywhere })
        .await
        .unwrap();
    let home = shop.home(store).await;
    let revision = store.revision(shop.business()).await.unwrap();
    store.delete_business(&shop.owner, NAME).await.unwrap();

    let gone =
        |what: &str, answer: Result<(), Error>| assert!(matches!(answer, Err(Error::Gone)), "{what}: {answer:?}");
    gone("log_check", store.log_check(&shop.staff, shop.check(world, kept())).await.map(drop));
    gone("take_step", store.take_step(&shop.staff, id, &acknowledge()).await.map(drop));
    gone("add_site", store.add_site(&shop.owner, &line("Odessa")).await.map(drop));
    gone("change_business", store.change_business(&shop.owner, &business()).await);
    gone("delete_business", store.delete_business(&shop.owner, NAME).await);
    gone("home", store.home(&shop.staff).await.map(drop));
    gone("recovery", store.recovery(&shop.staff, id).await.map(drop));
    gone("open_recoveries", store.open_recoveries(&shop.staff).await.map(drop));
    gone("note_lateness", store.note_lateness(&shop.owner).await.map(drop));
    gone("forget_customers", store.forget_customers(&shop.owner).await.map(drop));
    gone("charter", store.charter(home, None).await.map(drop));
    gone("export", store.export(&shop.owner, std::io::Cursor::new(Vec::new())).await.map(drop));
    assert!(store.business_by_slug(crate::shop::SLUG).await.unwrap().is_none());
    assert!(store.follow_up(&link).await.unwrap().is_none() && store.bearer(&token.token).await.unwrap().is_none());
    assert!(store.invitation(&invited.token).await.unwrap().is_none());
    assert!(store.sites(&shop.staff).await.unwrap().is_empty());
    assert!(store.credentials(&newcomer("Sam", "staff").email).await.unwrap().is_empty());
    assert!(store.record_after(shop.business(), 0).await.unwrap().is_empty());
    let ready = store.revision(shop.business()).await;
    assert!(ready.is_err() || ready.is_ok_and(|now| now != revision), "no page held ready is shown again");
}

async fn where_nothing_is_left_one_begins_anew(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    store.delete_business(&shop.owner, NAME).await.unwrap();
    assert!(store.is_empty().await.unwrap());
    let again = world.shop().await;
    assert_ne!(again.business(), shop.business());
    again.keep(world).await;
    assert!(store.verify(again.business()).await.unwrap().is_ok());
}

async fn checks_come_before_or_are_refused_while_it_goes(world: &World) {
    let empty = world.raw.everything().await;
    let shop = world.shop().await;
    let stores = [world.store.clone(), world.another().await];
    let mut senders = JoinSet::new();
    for sender in 0..20 {
        let checks: Vec<_> =
            (0..15).map(|turn| shop.check(world, if turn % 5 == 0 { broken() } else { kept() })).collect();
        let (store, staff) = (stores[sender % 2].clone(), shop.staff.clone());
        senders.spawn(async move {
            let (mut stored, mut refused) = (0, 0);
            for check in checks {
                match store.log_check(&staff, check).await {
                    Ok(_) if refused == 0 => stored += 1,
                    Err(Error::Gone) => refused += 1,
                    other => panic!("{other:?}"),
                }
            }
            (stored, refused)
        });
    }
    while world.raw.count("checks").await < 20 {
        tokio::task::yield_now().await;
    }
    world.store.delete_business(&shop.owner, NAME).await.unwrap();
    let (mut stored, mut refused) = (0, 0);
    for (some, others) in senders.join_all().await {
        (stored, refused) = (stored + some, refused + others);
    }
    assert!(stored >= 20 && refused > 0 && stored + refused == 300, "{stored} stored, {refused} refused");
    assert_eq!(world.raw.everything().await, empty);
}

/// Whether it was done, or it was said why not.
fn told<T>(what: &str, answer: Result<T, Error>) {
    // Of two that wait for one another, one is asked to try again; and an invitation is over that leads to what has gone.
    if let Err(error) = answer
        && !matches!(error, Error::Gone | Error::Unavailable(_) | Error::Member(Refused::Over))
    {
        panic!("{what}: {error:?}");
    }
}

/// What people do who are not inside yet, and what programs do, over and over.
async fn busy(store: Store, shop: Shop, links: Vec<String>, turn: usize) {
    let sam = newcomer("Sam", "staff").email;
    for (number, link) in links.into_iter().enumerate() {
        match turn % 6 {
            0 => told("begin_session", store.begin_session(person(&shop.staff), &"".into()).await),
            1 => told(
                "begin_session_at",
                store.begin_session_at(person(&shop.manager), shop.business(), &"".into()).await,
            ),
            2 => told("reset_link", store.reset_link(&sam).await),
            3 => {
                let entrant = domain::person::EntrantDraft {
                    name: "New".into(),
                    email: format!("new-{turn}-{number}@x.example"),
                    password: "correct horse battery".into(),
                };
                told("enter", store.enter(&link, &entrant.parse().unwrap(), "hash").await);
            }
            4 => told("charter", reader(&store, &shop).await),
            _ => told(
                "invite",
                store
                    .invite(&shop.owner, &Invite { name: line("Kim"), role: Role::Staff, reach: Reach::Everywhere })
                    .await,
            ),
        }
    }
}

async fn reader(store: &Store, shop: &Shop) -> Result<(), Error> {
    let home = store.home(&shop.owner).await?;
    store.revision(shop.business()).await?;
    store.charter(home, None).await?;
    store.open_recoveries(&shop.owner).await?;
    Ok(())
}

async fn everything_else_comes_before_or_is_refused_while_it_goes(world: &World) {
    let empty = world.raw.everything().await;
    let shop = world.shop().await;
    let mut tasks = JoinSet::new();
    for turn in 0..12 {
        let mut links = Vec::new();
        for _ in 0..12 {
            let invite = Invite { name: line("Kim"), role: Role::Staff, reach: Reach::Everywhere };
            links.push(world.store.invite(&shop.owner, &invite).await.unwrap().token);
        }
        tasks.spawn(busy(world.store.clone(), shop.clone(), links, turn));
    }
    while world.raw.count("sessions").await < 3 {
        tokio::task::yield_now().await;
    }
    while let Err(Error::Unavailable(_)) = world.store.delete_business(&shop.owner, NAME).await {}
    tasks.join_all().await;
    assert_eq!(world.raw.everything().await, empty);
}
