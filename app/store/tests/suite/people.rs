//! People, their sessions, and the tokens of programs.

use chrono::TimeDelta;
use domain::actor::{Role, Who};
use domain::business::Language;
use domain::ids::PersonId;
use domain::person::Email;
use store::Origin;

use crate::shop::{SLUG, token};
use crate::world::World;

facts![
    a_session_lasts_its_time_and_ends_when_it_is_told_to,
    a_session_needs_a_business_to_act_for,
    the_last_use_of_a_session_is_written_down_beside_the_reading,
    credentials_are_found_by_the_folded_address,
    a_token_acts_with_its_role_and_is_kept_only_as_a_hash,
];

async fn a_session_lasts_its_time_and_ends_when_it_is_told_to(world: &World) {
    let shop = world.shop().await;
    let Who::Person(person) = shop.staff.who else { unreachable!() };
    let session = world.store.begin_session(person, &Origin::default()).await.unwrap().unwrap();
    let visitor = world.store.visitor(&session.token).await.unwrap().unwrap();
    assert_eq!((visitor.actor, visitor.person, visitor.name.as_str()), (shop.staff, person, "Sam"));
    assert_eq!((visitor.business_slug.as_str(), visitor.language), (SLUG, None));
    world.store.choose_language(person, Language::Pl).await.unwrap();
    assert_eq!(world.store.visitor(&session.token).await.unwrap().unwrap().language, Some(Language::Pl));
    assert_eq!(world.store.visitor("nobody's").await.unwrap(), None);

    let second = world.store.begin_session(person, &Origin::default()).await.unwrap().unwrap();
    world.store.end_session(&session.token, &Origin::default()).await.unwrap();
    assert_eq!(world.store.visitor(&session.token).await.unwrap(), None);
    // Used now and then, it lasts its thirty days; after fourteen days away it is over.
    for _ in 0..2 {
        world.hours(24 * 14 - 1);
        assert!(world.store.visitor(&second.token).await.unwrap().is_some());
        used_now(world, person).await;
    }
    world.clock.set(second.expires_at - TimeDelta::milliseconds(1));
    assert!(world.store.visitor(&second.token).await.unwrap().is_some());
    world.clock.set(second.expires_at);
    assert_eq!(world.store.visitor(&second.token).await.unwrap(), None);
    let everything = format!("{:?}", world.raw.everything().await).to_lowercase();
    assert!(!everything.contains(&second.token), "only its hash is kept");
    world.store.begin_session(person, &Origin::default()).await.unwrap();
    assert_eq!(world.raw.count("sessions").await, 1, "what is over is forgotten");
}

/// Waits until the use of a session is written down, which nobody who reads does.
async fn used_now(world: &World, person: PersonId) {
    let noted = async || world.store.sessions(person).await.unwrap()[0].used_at == world.store.now();
    for _ in 0..200 {
        if noted().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the use was not written down");
}

async fn the_last_use_of_a_session_is_written_down_beside_the_reading(world: &World) {
    let shop = world.shop().await;
    let Who::Person(person) = shop.staff.who else { unreachable!() };
    let session = world.store.begin_session(person, &"Firefox, Linux".into()).await.unwrap().unwrap();
    world.hours(1);
    world.store.visitor(&session.token).await.unwrap().unwrap();
    used_now(world, person).await;
    world.hours(24 * 14);
    assert_eq!(world.store.visitor(&session.token).await.unwrap(), None, "nobody came for fourteen days");
    assert_eq!(world.store.sessions(person).await.unwrap()[0].device, "Firefox, Linux");
}

async fn a_session_needs_a_business_to_act_for(world: &World) {
    world.shop().await;
    let nobody = domain::ids::PersonId(uuid::Uuid::nil());
    assert_eq!(world.store.begin_session(nobody, &Origin::default()).await.unwrap(), None);
    assert_eq!(world.raw.count("sessions").await, 0);
}

async fn credentials_are_found_by_the_folded_address(world: &World) {
    let shop = world.shop().await;
    let Who::Person(person) = shop.staff.who else { unreachable!() };
    let email = Email::parse(" SAM@Prairie.Example ").unwrap();
    assert_eq!(world.store.credentials(&email).await.unwrap(), Some((person, "hash".to_owned())));
    let unknown = Email::parse("sam@other.example").unwrap();
    assert_eq!(world.store.credentials(&unknown).await.unwrap(), None);
}

async fn a_token_acts_with_its_role_and_is_kept_only_as_a_hash(world: &World) {
    let shop = world.shop().await;
    let made = world.store.create_token(&shop.owner, &token(Role::Auditor)).await.unwrap();
    let actor = world.store.bearer(&made.token).await.unwrap().unwrap();
    assert_eq!((actor.business, actor.who, actor.role), (shop.business(), Who::Token(made.id), Role::Auditor));
    assert_eq!(world.store.bearer("tm_0").await.unwrap(), None);
    assert!(!format!("{:?}", world.raw.everything().await).to_lowercase().contains(&made.token[3..]));
}
