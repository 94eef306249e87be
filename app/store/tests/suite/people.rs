//! People, their sessions, and the tokens of programs.

use chrono::TimeDelta;
use domain::actor::Principal;
use domain::business::Language;
use domain::fault::Fault;
use domain::ids::PersonId;
use domain::person::{Email, NewMember};
use domain::role::Role;
use store::{ClientInfo, Error};
use uuid::Uuid;

use crate::fixture::{SLUG, newcomer, token};
use crate::harness::TestContext;

both_databases![
    a_session_expires_or_ends_on_sign_out,
    a_session_needs_a_membership,
    the_last_use_of_a_session_is_stored_in_the_background,
    credentials_are_found_by_the_lowercased_email,
    an_account_is_found_by_any_spelling_of_its_email,
    two_accounts_with_equal_emails_stay_separate_and_usable,
    a_token_has_its_role_and_is_stored_only_as_a_hash,
];

async fn a_session_expires_or_ends_on_sign_out(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let Principal::Person(person) = fixture.staff.principal else { unreachable!() };
    let session = ctx.store.begin_session(person, &ClientInfo::default()).await.unwrap().unwrap();
    let user = ctx.store.session_user(&session.token).await.unwrap().unwrap();
    assert_eq!((user.actor, user.person, user.name.as_str()), (fixture.staff, person, "Sam"));
    assert_eq!((user.business_slug.as_str(), user.language), (SLUG, None));
    ctx.store.set_language(person, Language::Pl).await.unwrap();
    assert_eq!(ctx.store.session_user(&session.token).await.unwrap().unwrap().language, Some(Language::Pl));
    assert_eq!(ctx.store.session_user("nobody's").await.unwrap(), None);

    let second = ctx.store.begin_session(person, &ClientInfo::default()).await.unwrap().unwrap();
    ctx.store.end_session(&session.token, &ClientInfo::default()).await.unwrap();
    assert_eq!(ctx.store.session_user(&session.token).await.unwrap(), None);
    // A session that is used lasts thirty days; unused, fourteen.
    for _ in 0..2 {
        ctx.hours(24 * 14 - 1);
        assert!(ctx.store.session_user(&second.token).await.unwrap().is_some());
        wait_for_last_use(ctx, person).await;
    }
    ctx.clock.set(second.expires_at - TimeDelta::milliseconds(1));
    assert!(ctx.store.session_user(&second.token).await.unwrap().is_some());
    ctx.clock.set(second.expires_at);
    assert_eq!(ctx.store.session_user(&second.token).await.unwrap(), None);
    let everything = format!("{:?}", ctx.direct_db.everything().await).to_lowercase();
    assert!(!everything.contains(&second.token), "only its hash is kept");
    ctx.store.begin_session(person, &ClientInfo::default()).await.unwrap();
    assert_eq!(ctx.direct_db.count("sessions").await, 1, "what is over is forgotten");
}

/// Waits until the last use of a session is stored, which happens in the background.
async fn wait_for_last_use(ctx: &TestContext, person: PersonId) {
    let noted = async || ctx.store.sessions(person).await.unwrap()[0].used_at == ctx.store.now();
    for _ in 0..200 {
        if noted().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the use was not written down");
}

async fn the_last_use_of_a_session_is_stored_in_the_background(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let Principal::Person(person) = fixture.staff.principal else { unreachable!() };
    let session = ctx.store.begin_session(person, &"Firefox, Linux".into()).await.unwrap().unwrap();
    ctx.hours(1);
    ctx.store.session_user(&session.token).await.unwrap().unwrap();
    wait_for_last_use(ctx, person).await;
    ctx.hours(24 * 14);
    assert_eq!(ctx.store.session_user(&session.token).await.unwrap(), None, "nobody came for fourteen days");
    assert_eq!(ctx.store.sessions(person).await.unwrap()[0].device, "Firefox, Linux");
}

async fn a_session_needs_a_membership(ctx: &TestContext) {
    ctx.fixture().await;
    let nobody = domain::ids::PersonId(uuid::Uuid::nil());
    assert_eq!(ctx.store.begin_session(nobody, &ClientInfo::default()).await.unwrap(), None);
    assert_eq!(ctx.direct_db.count("sessions").await, 0);
}

async fn credentials_are_found_by_the_lowercased_email(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let Principal::Person(person) = fixture.staff.principal else { unreachable!() };
    let email = Email::parse(" SAM@Prairie.Example ").unwrap();
    assert_eq!(ctx.store.credentials(&email).await.unwrap(), [(person, "hash".to_owned())]);
    let unknown = Email::parse("sam@other.example").unwrap();
    assert_eq!(ctx.store.credentials(&unknown).await.unwrap(), []);
}

async fn a_token_has_its_role_and_is_stored_only_as_a_hash(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let made = ctx.store.create_token(&fixture.owner, &token(Role::Auditor)).await.unwrap();
    let actor = ctx.store.actor_by_token(&made.token).await.unwrap().unwrap();
    assert_eq!(
        (actor.business, actor.principal, actor.role),
        (fixture.business(), Principal::Token(made.id), Role::Auditor)
    );
    assert_eq!(ctx.store.actor_by_token("tm_0").await.unwrap(), None);
    assert!(!format!("{:?}", ctx.direct_db.everything().await).to_lowercase().contains(&made.token[3..]));
}

async fn an_account_is_found_by_any_spelling_of_its_email(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let accounts = [
        ["idn@bücher.example", "idn@xn--bcher-kva.example", "IDN@BÜCHER.Example", "idn@bu\u{308}cher.example"],
        ["zoë@door.example", "zoe\u{308}@door.example", "ZOË@Door.Example", "  zoë@door.example "],
        ["dana@xn--d-uga0v4h.example", "dana@łódź.example", "Dana@ŁÓDŹ.example", "dana@\u{200B}łódź.example"],
        ["kim@ｗｉｄｅ.example", "kim@wide.example", "KIM@ＷＩＤＥ.example", "kim@wide\u{AD}.example"],
    ];
    for (number, spellings) in accounts.iter().enumerate() {
        let newcomer =
            |spelling: &str| NewMember { email: Email::parse(spelling).unwrap(), ..newcomer("Kim", "staff") };
        let made =
            ctx.store.add_person(&fixture.owner, &newcomer(spellings[0]), &format!("hash {number}")).await.unwrap();
        for spelling in spellings {
            let email = Email::parse(spelling).unwrap();
            assert_eq!(ctx.store.credentials(&email).await.unwrap(), [(made, format!("hash {number}"))], "{spelling}");
            let link = ctx.store.create_password_reset(&email).await.unwrap().unwrap();
            assert_eq!(ctx.store.password_reset(&link.token).await.unwrap().unwrap().0, spellings[0].trim());
            assert_eq!(ctx.store.reset_factors(&email).await.unwrap(), Some(()), "{spelling}");
            let again = ctx.store.add_person(&fixture.owner, &newcomer(spelling), "hash").await.unwrap_err();
            assert!(
                matches!(&again, Error::Invalid(faults) if faults.of_field("email") == Some(Fault::Taken)),
                "{again:?}"
            );
        }
    }
}

async fn two_accounts_with_equal_emails_stay_separate_and_usable(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let spellings = ["idn@bücher.example", "idn@xn--bcher-kva.example", "idn@bu\u{308}cher.example"];
    let id = |number: usize| Uuid::from_u128(0xA0 + number as u128);
    for (number, spelling) in spellings.iter().enumerate() {
        let (id, at) = (ctx.direct_db.id(id(number)), format!("2026-11-01T00:00:0{number}+00:00"));
        let sql = format!(
            "INSERT INTO people (id, email, name, password_hash, created_at) \
                VALUES ({id}, '{spelling}', 'Kim', 'hash {number}', '{at}')"
        );
        ctx.direct_db.change(&sql).await;
    }
    for _ in 0..2 {
        ctx.store.migrate().await.unwrap();
    }
    let account = |number: usize| (PersonId(id(number)), format!("hash {number}"));
    let known = async |typed: &str| ctx.store.credentials(&Email::parse(typed).unwrap()).await.unwrap();
    assert_eq!(known(spellings[0]).await, [account(0), account(1), account(2)]);
    assert_eq!(known(spellings[1]).await, [account(1), account(0), account(2)], "as it is spelled, before the others");
    assert_eq!(known("IDN@BÜCHER.example").await, [account(0), account(1), account(2)]);
    let link = ctx.store.create_password_reset(&Email::parse(spellings[1]).unwrap()).await.unwrap().unwrap();
    assert_eq!(ctx.store.password_reset(&link.token).await.unwrap().unwrap().0, spellings[1]);
    let more = NewMember { email: Email::parse("idn@bücher.example").unwrap(), ..newcomer("Kim", "staff") };
    assert!(ctx.store.add_person(&fixture.owner, &more, "hash").await.is_err(), "but no third one comes to be");
}
