//! The second step at signing in: what counts as one, what is good once, and when a sign-in is over.

use chrono::TimeDelta;
use domain::actor::{Actor, Role, Who};
use domain::factor::{Answer, Factors, RECOVERY_CODES, RecoveryCode, TRIES};
use domain::fault::Fault;
use domain::ids::PersonId;
use store::{Error, Origin, Proof, Session};

use crate::shop::line;
use crate::world::World;

facts![
    an_app_counts_once_it_is_confirmed,
    a_code_opens_once_and_none_before_it_again,
    a_recovery_code_opens_once_and_new_ones_end_the_old,
    a_sign_in_ends_after_five_wrong_answers_even_at_the_same_time,
    a_sign_in_ends_after_ten_minutes,
    a_passkey_belongs_to_one_person_and_opens_until_it_is_given_up,
    what_a_browser_is_asked_to_sign_is_good_once_and_for_ten_minutes,
    a_role_that_needs_a_second_step_sets_it_up_before_anything_else,
    without_any_factor_recovery_codes_open_nothing,
    whoever_lost_everything_is_let_back_in_by_who_runs_the_server,
];

fn person(actor: &Actor) -> PersonId {
    let Who::Person(person) = actor.who else { unreachable!() };
    person
}

async fn confirmed(world: &World, actor: &Actor) -> Vec<RecoveryCode> {
    world.store.offer_authenticator(person(actor)).await.unwrap();
    world.store.confirm_authenticator(actor, person(actor), 100).await.unwrap().unwrap()
}

async fn tried(world: &World, actor: &Actor, proof: Proof) -> Result<Option<Session>, Error> {
    let begun = world.store.begin_sign_in(person(actor)).await.unwrap();
    world.store.finish_sign_in(&begun.token, &proof, None, &Origin::default()).await
}

fn is_wrong(outcome: &Result<Option<Session>, Error>) -> bool {
    matches!(outcome, Err(Error::Invalid(faults)) if faults.at("code") == Some(Fault::Wrong))
}

async fn an_app_counts_once_it_is_confirmed(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let sam = person(&shop.staff);
    assert_eq!(store.confirm_authenticator(&shop.staff, sam, 1).await.unwrap(), None);
    let first = store.offer_authenticator(sam).await.unwrap();
    assert_eq!((first.len(), store.factors(sam).await.unwrap()), (20, Factors::default()));
    assert_eq!(store.authenticator(sam).await.unwrap(), None);
    let codes = store.confirm_authenticator(&shop.staff, sam, 100).await.unwrap().unwrap();
    assert_eq!(codes.len(), RECOVERY_CODES);
    assert_eq!(store.authenticator(sam).await.unwrap().as_ref(), Some(&first));

    // A new phone: the old one works until the new one has shown that it does.
    let second = store.offer_authenticator(sam).await.unwrap();
    assert_eq!(store.authenticator(sam).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.confirm_authenticator(&shop.staff, sam, 101).await.unwrap(), Some(Vec::new()));
    assert_eq!(store.authenticator(sam).await.unwrap(), Some(second));
    let all = Factors { authenticator: true, passkeys: 0, recovery_codes: RECOVERY_CODES };
    assert_eq!(store.factors(sam).await.unwrap(), all);
    store.remove_authenticator(&shop.staff, sam).await.unwrap().unwrap();
    assert_eq!(store.factors(sam).await.unwrap(), Factors::default());
    assert_eq!(store.remove_authenticator(&shop.staff, sam).await.unwrap(), None);
}

async fn a_code_opens_once_and_none_before_it_again(world: &World) {
    let shop = world.shop().await;
    confirmed(world, &shop.staff).await;
    // The code that confirmed the app is used up, too.
    for used in [100, 99] {
        assert!(is_wrong(&tried(world, &shop.staff, Proof::Code(Some(used))).await));
    }
    let session = tried(world, &shop.staff, Proof::Code(Some(102))).await.unwrap().unwrap();
    assert!(world.store.visitor(&session.token).await.unwrap().is_some());
    for used in [102, 101] {
        assert!(is_wrong(&tried(world, &shop.staff, Proof::Code(Some(used))).await));
    }
    assert!(is_wrong(&tried(world, &shop.staff, Proof::Code(None)).await));
    // Nobody else's app says anything about Maya.
    assert!(is_wrong(&tried(world, &shop.owner, Proof::Code(Some(200))).await));
}

async fn a_recovery_code_opens_once_and_new_ones_end_the_old(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let codes = confirmed(world, &shop.staff).await;
    let proof = || Proof::Recovery(codes[3].clone());
    assert!(is_wrong(&tried(world, &shop.owner, proof()).await), "somebody else's code");
    assert!(tried(world, &shop.staff, proof()).await.unwrap().is_some());
    assert!(is_wrong(&tried(world, &shop.staff, proof()).await));
    assert_eq!(store.factors(person(&shop.staff)).await.unwrap().recovery_codes, RECOVERY_CODES - 1);
    let new = store.renew_recovery_codes(&shop.staff, person(&shop.staff)).await.unwrap();
    assert!(is_wrong(&tried(world, &shop.staff, Proof::Recovery(codes[4].clone())).await));
    assert!(tried(world, &shop.staff, Proof::Recovery(new[0].clone())).await.unwrap().is_some());
    let stored = format!("{:?}", world.raw.everything().await);
    assert!(new.iter().all(|code| !stored.contains(&code.to_string().replace('-', ""))), "a code is stored as it is");
}

async fn a_sign_in_ends_after_five_wrong_answers_even_at_the_same_time(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let codes = confirmed(world, &shop.staff).await;
    let begun = store.begin_sign_in(person(&shop.staff)).await.unwrap();
    let tries: Vec<_> = (0..12)
        .map(|_| {
            let (store, token) = (store.clone(), begun.token.clone());
            tokio::spawn(
                async move { store.finish_sign_in(&token, &Proof::Code(None), None, &Origin::default()).await },
            )
        })
        .collect();
    let mut wrong = 0;
    for tried in tries {
        let outcome = tried.await.unwrap();
        assert!(is_wrong(&outcome) || outcome.is_ok_and(|session| session.is_none()));
    }
    let proof = Proof::Recovery(codes[0].clone());
    let over = store.finish_sign_in(&begun.token, &proof, None, &Origin::default()).await.unwrap();
    assert_eq!((over, store.sign_in_of(&begun.token).await.unwrap()), (None, None));
    let again = store.begin_sign_in(person(&shop.staff)).await.unwrap();
    for _ in 0..TRIES {
        wrong += i64::from(is_wrong(
            &store.finish_sign_in(&again.token, &Proof::Code(None), None, &Origin::default()).await,
        ));
    }
    assert_eq!(wrong, TRIES);
    assert_eq!(store.finish_sign_in(&again.token, &Proof::Code(None), None, &Origin::default()).await.unwrap(), None);
}

async fn a_sign_in_ends_after_ten_minutes(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let codes = confirmed(world, &shop.staff).await;
    let begun = store.begin_sign_in(person(&shop.staff)).await.unwrap();
    assert_eq!(store.sign_in_of(&begun.token).await.unwrap(), Some(person(&shop.staff)));
    assert_eq!(store.sign_in_of("nobody's").await.unwrap(), None);
    world.minutes(10);
    assert_eq!(store.sign_in_of(&begun.token).await.unwrap(), None);
    let proof = Proof::Recovery(codes[0].clone());
    assert_eq!(store.finish_sign_in(&begun.token, &proof, None, &Origin::default()).await.unwrap(), None);
}

async fn a_passkey_belongs_to_one_person_and_opens_until_it_is_given_up(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let (sam, maya) = (person(&shop.staff), person(&shop.owner));
    let codes = store.add_passkey(&shop.staff, sam, &line("My phone"), b"key", "{}").await.unwrap();
    assert_eq!(codes.len(), RECOVERY_CODES);
    let twice = store.add_passkey(&shop.owner, maya, &line("Mine now"), b"key", "{}").await;
    assert!(matches!(twice, Err(Error::Invalid(faults)) if faults.at("passkey") == Some(Fault::Taken)));
    let row = store.passkeys(sam).await.unwrap().remove(0);
    assert_eq!((row.name.as_str(), row.used_at), ("My phone", None));
    let enter = async |person| {
        store.enter_by_passkey(person, row.id, "{\"counter\":1}", None, &Origin::default()).await.unwrap()
    };
    assert_eq!(enter(maya).await, None);
    assert!(enter(sam).await.is_some());
    let row = store.passkeys(sam).await.unwrap().remove(0);
    assert_eq!((row.credential.as_str(), row.used_at), ("{\"counter\":1}", Some(store.now())));
    assert!(tried(world, &shop.staff, Proof::Passkey(row.id, "{}".into())).await.unwrap().is_some());
    assert!(is_wrong(&tried(world, &shop.owner, Proof::Passkey(row.id, "{}".into())).await));
    assert_eq!(store.remove_passkey(&shop.owner, maya, row.id).await.unwrap(), None);
    store.remove_passkey(&shop.staff, sam, row.id).await.unwrap().unwrap();
    assert_eq!((enter(sam).await, store.factors(sam).await.unwrap()), (None, Factors::default()));
}

async fn what_a_browser_is_asked_to_sign_is_good_once_and_for_ten_minutes(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let sam = Some(person(&shop.staff));
    let token = store.challenge(sam, "question").await.unwrap();
    assert_eq!(store.take_challenge("nobody's").await.unwrap(), None);
    assert_eq!(store.take_challenge(&token).await.unwrap(), Some((sam, "question".to_owned())));
    assert_eq!(store.take_challenge(&token).await.unwrap(), None);
    let late = store.challenge(None, "question").await.unwrap();
    world.clock.advance(TimeDelta::minutes(10));
    assert_eq!(store.take_challenge(&late).await.unwrap(), None);
}

async fn a_role_that_needs_a_second_step_sets_it_up_before_anything_else(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let session = store.begin_session(person(&shop.staff), &Origin::default()).await.unwrap().unwrap();
    let must = async || store.visitor(&session.token).await.unwrap().unwrap().must_set_up;
    assert!(!must().await);
    for actor in [&shop.manager, &shop.staff, &shop.auditor] {
        assert!(matches!(store.require_factors(actor, &[Role::Staff]).await, Err(Error::NotAllowed(_))));
    }
    store.require_factors(&shop.owner, &[Role::Staff, Role::Owner]).await.unwrap();
    assert_eq!(store.required_factors(&shop.auditor).await.unwrap(), [Role::Owner, Role::Staff]);
    assert!(must().await);
    store.offer_authenticator(person(&shop.staff)).await.unwrap();
    assert!(must().await, "an app that is not confirmed is none");
    store.confirm_authenticator(&shop.staff, person(&shop.staff), 1).await.unwrap();
    assert!(!must().await);
    store.remove_authenticator(&shop.staff, person(&shop.staff)).await.unwrap();
    assert!(must().await);
    store.require_factors(&shop.owner, &[]).await.unwrap();
    assert!(!must().await);
}

async fn without_any_factor_recovery_codes_open_nothing(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let none = store.renew_recovery_codes(&shop.staff, person(&shop.staff)).await;
    assert!(matches!(none, Err(Error::Invalid(faults)) if faults.at("codes") == Some(Fault::NotFound)));
    let codes = confirmed(world, &shop.staff).await;
    store.remove_authenticator(&shop.staff, person(&shop.staff)).await.unwrap().unwrap();
    let Ok(Answer::Recovery(code)) = Answer::parse(&codes[0].to_string()) else { unreachable!() };
    assert!(is_wrong(&tried(world, &shop.staff, Proof::Recovery(code)).await));
}

async fn whoever_lost_everything_is_let_back_in_by_who_runs_the_server(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let sam = person(&shop.staff);
    confirmed(world, &shop.staff).await;
    store.add_passkey(&shop.staff, sam, &line("My phone"), b"key", "{}").await.unwrap();
    let session = store.begin_session(sam, &Origin::default()).await.unwrap().unwrap();
    let newcomer = crate::shop::newcomer("Sam", "staff");
    store.forget_factors(&newcomer.email).await.unwrap().unwrap();
    assert_eq!(store.factors(sam).await.unwrap(), Factors::default());
    assert_eq!(store.visitor(&session.token).await.unwrap(), None);
    let nobody = crate::shop::newcomer("Nobody", "staff");
    assert_eq!(store.forget_factors(&nobody.email).await.unwrap(), None);
}
