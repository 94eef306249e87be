//! People, their sessions, and the tokens of programs.

use chrono::TimeDelta;
use domain::actor::{Role, Who};
use domain::business::Language;
use domain::fault::Fault;
use domain::ids::PersonId;
use domain::person::{Email, Newcomer};
use store::{Error, Origin};
use uuid::Uuid;

use crate::shop::{SLUG, newcomer, token};
use crate::world::World;

facts![
    a_session_lasts_its_time_and_ends_when_it_is_told_to,
    a_session_needs_a_business_to_act_for,
    the_last_use_of_a_session_is_written_down_beside_the_reading,
    credentials_are_found_by_the_folded_address,
    an_account_is_found_however_its_address_is_spelled,
    two_accounts_that_have_one_address_stay_two_and_both_open,
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
    assert_eq!(world.store.credentials(&email).await.unwrap(), [(person, "hash".to_owned())]);
    let unknown = Email::parse("sam@other.example").unwrap();
    assert_eq!(world.store.credentials(&unknown).await.unwrap(), []);
}

async fn a_token_acts_with_its_role_and_is_kept_only_as_a_hash(world: &World) {
    let shop = world.shop().await;
    let made = world.store.create_token(&shop.owner, &token(Role::Auditor)).await.unwrap();
    let actor = world.store.bearer(&made.token).await.unwrap().unwrap();
    assert_eq!((actor.business, actor.who, actor.role), (shop.business(), Who::Token(made.id), Role::Auditor));
    assert_eq!(world.store.bearer("tm_0").await.unwrap(), None);
    assert!(!format!("{:?}", world.raw.everything().await).to_lowercase().contains(&made.token[3..]));
}

async fn an_account_is_found_however_its_address_is_spelled(world: &World) {
    let shop = world.shop().await;
    let accounts = [
        ["idn@bücher.example", "idn@xn--bcher-kva.example", "IDN@BÜCHER.Example", "idn@bu\u{308}cher.example"],
        ["zoë@door.example", "zoe\u{308}@door.example", "ZOË@Door.Example", "  zoë@door.example "],
        ["dana@xn--d-uga0v4h.example", "dana@łódź.example", "Dana@ŁÓDŹ.example", "dana@\u{200B}łódź.example"],
        ["kim@ｗｉｄｅ.example", "kim@wide.example", "KIM@ＷＩＤＥ.example", "kim@wide\u{AD}.example"],
    ];
    for (number, spellings) in accounts.iter().enumerate() {
        let newcomer = |spelling: &str| Newcomer { email: Email::parse(spelling).unwrap(), ..newcomer("Kim", "staff") };
        let made =
            world.store.add_person(&shop.owner, &newcomer(spellings[0]), &format!("hash {number}")).await.unwrap();
        for spelling in spellings {
            let email = Email::parse(spelling).unwrap();
            assert_eq!(
                world.store.credentials(&email).await.unwrap(),
                [(made, format!("hash {number}"))],
                "{spelling}"
            );
            let link = world.store.reset_link(&email).await.unwrap().unwrap();
            assert_eq!(world.store.reset(&link.token).await.unwrap().unwrap().0, spellings[0].trim());
            assert_eq!(world.store.forget_factors(&email).await.unwrap(), Some(()), "{spelling}");
            let again = world.store.add_person(&shop.owner, &newcomer(spelling), "hash").await.unwrap_err();
            assert!(matches!(&again, Error::Invalid(faults) if faults.at("email") == Some(Fault::Taken)), "{again:?}");
        }
    }
}

async fn two_accounts_that_have_one_address_stay_two_and_both_open(world: &World) {
    let shop = world.shop().await;
    let spellings = ["idn@bücher.example", "idn@xn--bcher-kva.example", "idn@bu\u{308}cher.example"];
    let id = |number: usize| Uuid::from_u128(0xA0 + number as u128);
    for (number, spelling) in spellings.iter().enumerate() {
        let (id, at) = (world.raw.id(id(number)), format!("2026-11-01T00:00:0{number}+00:00"));
        let sql = format!(
            "INSERT INTO people (id, email, name, password_hash, created_at) \
                VALUES ({id}, '{spelling}', 'Kim', 'hash {number}', '{at}')"
        );
        world.raw.change(&sql).await;
    }
    for _ in 0..2 {
        world.store.migrate().await.unwrap();
    }
    let account = |number: usize| (PersonId(id(number)), format!("hash {number}"));
    let known = async |typed: &str| world.store.credentials(&Email::parse(typed).unwrap()).await.unwrap();
    assert_eq!(known(spellings[0]).await, [account(0), account(1), account(2)]);
    assert_eq!(known(spellings[1]).await, [account(1), account(0), account(2)], "as it is spelled, before the others");
    assert_eq!(known("IDN@BÜCHER.example").await, [account(0), account(1), account(2)]);
    let link = world.store.reset_link(&Email::parse(spellings[1]).unwrap()).await.unwrap().unwrap();
    assert_eq!(world.store.reset(&link.token).await.unwrap().unwrap().0, spellings[1]);
    let more = Newcomer { email: Email::parse("idn@bücher.example").unwrap(), ..newcomer("Kim", "staff") };
    assert!(world.store.add_person(&shop.owner, &more, "hash").await.is_err(), "but no third one comes to be");
}
