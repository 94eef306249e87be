//! What is kept about one person: all of it, and nothing of anybody else's.

use domain::actor::{Actor, Reach, Role, Who};
use domain::business::BusinessDraft;
use domain::device::Device;
use domain::guarantee::Move;
use domain::hours::Hours;
use domain::ids::PersonId;
use domain::invite::Invite;
use domain::recovery::{AcknowledgementDraft, StepDraft};
use domain::slug::Slug;

use crate::shop::{acknowledge, broken, business_draft, kept, line, told_by_a_customer, wording};
use crate::world::World;

facts![
    everything_someone_did_is_in_their_file_and_nothing_of_others,
    a_file_holds_no_secret,
    whoever_belongs_to_several_businesses_finds_them_all,
    there_is_no_file_of_nobody,
];

fn person(actor: &Actor) -> PersonId {
    let Who::Person(person) = actor.who else { unreachable!() };
    person
}

async fn everything_someone_did_is_in_their_file_and_nothing_of_others(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let nia = &shop.manager;
    let check = store.log_check(nia, shop.check(world, told_by_a_customer())).await.unwrap();
    shop.keep(world).await;
    let StepDraft::Acknowledge(draft) = acknowledge() else { unreachable!() };
    let named = AcknowledgementDraft { customer_name: "Jo".into(), ..draft };
    store.take_step(nia, check.recovery.unwrap(), &StepDraft::Acknowledge(named)).await.unwrap().unwrap();
    store.erase_customer(nia, check.recovery.unwrap()).await.unwrap().unwrap();
    let corrected = store.correct_check(nia, check.check, &kept(), &crate::shop::prose("The wrong door.")).await;
    corrected.unwrap().unwrap();
    let slug = Slug::parse("on-trial").unwrap();
    let trial = store.add_guarantee(nia, shop.problem, Some(slug), &wording(), &[shop.place]).await.unwrap();
    store.move_guarantee(nia, trial, Move::Try).await.unwrap().unwrap();
    let invited =
        store.invite(nia, &Invite { name: line("Kim"), role: Role::Staff, reach: Reach::Everywhere }).await.unwrap();
    let tablet = Device { name: line("The tablet"), site: shop.site };
    let device = store.add_device(nia, &tablet).await.unwrap();
    store.log_check(&shop.staff, shop.check(world, broken())).await.unwrap();

    let file = store.person_file(person(nia)).await.unwrap().unwrap();
    assert_eq!((file.name.as_str(), file.email.as_str()), ("Nia", "nia@prairie.example"));
    let [business] = &file.businesses[..] else { panic!("{file:?}") };
    assert_eq!(
        (business.slug.as_str(), business.role.as_str(), &business.removed_at),
        (crate::shop::SLUG, "manager", &None)
    );
    let did: Vec<_> = business.did.iter().map(|did| did.what).collect();
    let kinds =
        ["check", "correction", "recovery_step", "guarantee_move", "wording", "invitation", "device", "erasure"];
    assert_eq!(did, kinds, "one of each, and none of what the others did");
    assert_eq!(
        (business.did[0].id, business.did[5].id, business.did[6].id),
        (check.check.0, invited.id.0, device.id.0)
    );
    assert_eq!(business.did[0].at, "2026-11-02T12:00:00.250Z");
}

async fn a_file_holds_no_secret(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let session = store.begin_session(person(&shop.owner), &"Firefox, Linux".into()).await.unwrap().unwrap();
    let invited = store
        .invite(&shop.owner, &Invite { name: line("Kim"), role: Role::Staff, reach: Reach::Everywhere })
        .await
        .unwrap();
    let file = store.person_file(person(&shop.owner)).await.unwrap().unwrap();
    assert_eq!((file.sessions.len(), file.sessions[0].device.as_str()), (1, "Firefox, Linux"));
    let text = serde_json::to_string(&file).unwrap();
    for secret in [session.token.as_str(), invited.token.as_str(), "hash", "token", "password"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

async fn whoever_belongs_to_several_businesses_finds_them_all(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let draft = BusinessDraft { name: "Second".into(), slug: "second".into(), ..business_draft() };
    world.minutes(1);
    let second = store.begin_another(&shop.owner, &draft.parse(Hours::always()).unwrap()).await.unwrap();
    let there = Actor { business: second, ..shop.owner.clone() };
    store.invite(&there, &Invite { name: line("Kim"), role: Role::Staff, reach: Reach::Everywhere }).await.unwrap();
    store.dismiss(&shop.owner, person(&shop.staff)).await.unwrap().unwrap();
    let file = store.person_file(person(&shop.owner)).await.unwrap().unwrap();
    let slugs: Vec<_> = file.businesses.iter().map(|one| (one.slug.as_str(), one.did.last().unwrap().what)).collect();
    assert_eq!(slugs, [("prairie-stop", "wording"), ("second", "invitation")]);
    let gone = store.person_file(person(&shop.staff)).await.unwrap().unwrap();
    assert!(gone.businesses[0].removed_at.is_some(), "where they are let in no longer, too");
}

async fn there_is_no_file_of_nobody(world: &World) {
    world.shop().await;
    assert!(world.store.person_file(PersonId(uuid::Uuid::nil())).await.unwrap().is_none());
}
