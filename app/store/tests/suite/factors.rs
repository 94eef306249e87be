//! The second sign-in step: valid proofs, proofs that work once, and expired sign-ins.

use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::factor::{FactorAnswer, Factors, MAX_ATTEMPTS, RECOVERY_CODES, RecoveryCode};
use domain::fault::Fault;
use domain::ids::PersonId;
use domain::role::Role;
use store::{ClientInfo, Error, FactorProof, Session};

use crate::fixture::line;
use crate::harness::TestContext;

both_databases![
    an_authenticator_works_only_after_confirmation,
    a_totp_code_works_once_and_no_earlier_one_after_it,
    a_recovery_code_works_once_and_renewal_replaces_all,
    a_sign_in_ends_after_five_wrong_answers_even_if_concurrent,
    a_pending_sign_in_expires_after_ten_minutes,
    a_passkey_belongs_to_one_person_and_works_until_removed,
    a_passkey_challenge_is_valid_once_for_ten_minutes,
    a_role_that_needs_a_second_step_must_set_it_up_first,
    recovery_codes_do_not_work_without_another_factor,
    an_operator_can_reset_the_factors_of_a_person,
];

fn person(actor: &Actor) -> PersonId {
    let Principal::Person(person) = actor.principal else { unreachable!() };
    person
}

async fn confirmed(ctx: &TestContext, actor: &Actor) -> Vec<RecoveryCode> {
    ctx.store.offer_authenticator(person(actor)).await.unwrap();
    ctx.store.confirm_authenticator(actor, person(actor), 100).await.unwrap().unwrap()
}

async fn tried(ctx: &TestContext, actor: &Actor, proof: FactorProof) -> Result<Option<Session>, Error> {
    let begun = ctx.store.begin_sign_in(person(actor)).await.unwrap();
    ctx.store.finish_sign_in(&begun.token, &proof, None, &ClientInfo::default()).await
}

fn is_wrong(outcome: &Result<Option<Session>, Error>) -> bool {
    matches!(outcome, Err(Error::Invalid(faults)) if faults.of_field("code") == Some(Fault::Wrong))
}

async fn an_authenticator_works_only_after_confirmation(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let sam = person(&fixture.staff);
    assert_eq!(store.confirm_authenticator(&fixture.staff, sam, 1).await.unwrap(), None);
    let first = store.offer_authenticator(sam).await.unwrap();
    assert_eq!((first.len(), store.factors(sam).await.unwrap()), (20, Factors::default()));
    assert_eq!(store.authenticator(sam).await.unwrap(), None);
    let codes = store.confirm_authenticator(&fixture.staff, sam, 100).await.unwrap().unwrap();
    assert_eq!(codes.len(), RECOVERY_CODES);
    assert_eq!(store.authenticator(sam).await.unwrap().as_ref(), Some(&first));

    // A new phone: the old secret works until the new one is confirmed.
    let second = store.offer_authenticator(sam).await.unwrap();
    assert_eq!(store.authenticator(sam).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.confirm_authenticator(&fixture.staff, sam, 101).await.unwrap(), Some(Vec::new()));
    assert_eq!(store.authenticator(sam).await.unwrap(), Some(second));
    let all = Factors { authenticator: true, passkeys: 0, recovery_codes: RECOVERY_CODES };
    assert_eq!(store.factors(sam).await.unwrap(), all);
    store.remove_authenticator(&fixture.staff, sam).await.unwrap().unwrap();
    assert_eq!(store.factors(sam).await.unwrap(), Factors::default());
    assert_eq!(store.remove_authenticator(&fixture.staff, sam).await.unwrap(), None);
}

async fn a_totp_code_works_once_and_no_earlier_one_after_it(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    confirmed(ctx, &fixture.staff).await;
    // The code that confirmed the app is used up, too.
    for used in [100, 99] {
        assert!(is_wrong(&tried(ctx, &fixture.staff, FactorProof::Code(Some(used))).await));
    }
    let session = tried(ctx, &fixture.staff, FactorProof::Code(Some(102))).await.unwrap().unwrap();
    assert!(ctx.store.session_user(&session.token).await.unwrap().is_some());
    for used in [102, 101] {
        assert!(is_wrong(&tried(ctx, &fixture.staff, FactorProof::Code(Some(used))).await));
    }
    assert!(is_wrong(&tried(ctx, &fixture.staff, FactorProof::Code(None)).await));
    // Nobody else's app says anything about Maya.
    assert!(is_wrong(&tried(ctx, &fixture.owner, FactorProof::Code(Some(200))).await));
}

async fn a_recovery_code_works_once_and_renewal_replaces_all(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let codes = confirmed(ctx, &fixture.staff).await;
    let proof = || FactorProof::Recovery(codes[3].clone());
    assert!(is_wrong(&tried(ctx, &fixture.owner, proof()).await), "somebody else's code");
    assert!(tried(ctx, &fixture.staff, proof()).await.unwrap().is_some());
    assert!(is_wrong(&tried(ctx, &fixture.staff, proof()).await));
    assert_eq!(store.factors(person(&fixture.staff)).await.unwrap().recovery_codes, RECOVERY_CODES - 1);
    let new = store.renew_recovery_codes(&fixture.staff, person(&fixture.staff)).await.unwrap();
    assert!(is_wrong(&tried(ctx, &fixture.staff, FactorProof::Recovery(codes[4].clone())).await));
    assert!(tried(ctx, &fixture.staff, FactorProof::Recovery(new[0].clone())).await.unwrap().is_some());
    let stored = format!("{:?}", ctx.direct_db.everything().await);
    assert!(new.iter().all(|code| !stored.contains(&code.to_string().replace('-', ""))), "a code is stored as it is");
}

async fn a_sign_in_ends_after_five_wrong_answers_even_if_concurrent(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let codes = confirmed(ctx, &fixture.staff).await;
    let begun = store.begin_sign_in(person(&fixture.staff)).await.unwrap();
    let tries: Vec<_> = (0..12)
        .map(|_| {
            let (store, token) = (store.clone(), begun.token.clone());
            tokio::spawn(async move {
                store.finish_sign_in(&token, &FactorProof::Code(None), None, &ClientInfo::default()).await
            })
        })
        .collect();
    let mut wrong = 0;
    for tried in tries {
        let outcome = tried.await.unwrap();
        assert!(is_wrong(&outcome) || outcome.is_ok_and(|session| session.is_none()));
    }
    let proof = FactorProof::Recovery(codes[0].clone());
    let over = store.finish_sign_in(&begun.token, &proof, None, &ClientInfo::default()).await.unwrap();
    assert_eq!((over, store.pending_sign_in(&begun.token).await.unwrap()), (None, None));
    let again = store.begin_sign_in(person(&fixture.staff)).await.unwrap();
    for _ in 0..MAX_ATTEMPTS {
        wrong += i64::from(is_wrong(
            &store.finish_sign_in(&again.token, &FactorProof::Code(None), None, &ClientInfo::default()).await,
        ));
    }
    assert_eq!(wrong, MAX_ATTEMPTS);
    assert_eq!(
        store.finish_sign_in(&again.token, &FactorProof::Code(None), None, &ClientInfo::default()).await.unwrap(),
        None
    );
}

async fn a_pending_sign_in_expires_after_ten_minutes(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let codes = confirmed(ctx, &fixture.staff).await;
    let begun = store.begin_sign_in(person(&fixture.staff)).await.unwrap();
    assert_eq!(store.pending_sign_in(&begun.token).await.unwrap(), Some(person(&fixture.staff)));
    assert_eq!(store.pending_sign_in("nobody's").await.unwrap(), None);
    ctx.minutes(10);
    assert_eq!(store.pending_sign_in(&begun.token).await.unwrap(), None);
    let proof = FactorProof::Recovery(codes[0].clone());
    assert_eq!(store.finish_sign_in(&begun.token, &proof, None, &ClientInfo::default()).await.unwrap(), None);
}

async fn a_passkey_belongs_to_one_person_and_works_until_removed(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let (sam, maya) = (person(&fixture.staff), person(&fixture.owner));
    let codes = store.add_passkey(&fixture.staff, sam, &line("My phone"), b"key", "{}").await.unwrap();
    assert_eq!(codes.len(), RECOVERY_CODES);
    let twice = store.add_passkey(&fixture.owner, maya, &line("Mine now"), b"key", "{}").await;
    assert!(matches!(twice, Err(Error::Invalid(faults)) if faults.of_field("passkey") == Some(Fault::Taken)));
    let row = store.passkeys(sam).await.unwrap().remove(0);
    assert_eq!((row.name.as_str(), row.used_at), ("My phone", None));
    let enter = async |person| {
        store.sign_in_with_passkey(person, row.id, "{\"counter\":1}", None, &ClientInfo::default()).await.unwrap()
    };
    assert_eq!(enter(maya).await, None);
    assert!(enter(sam).await.is_some());
    let row = store.passkeys(sam).await.unwrap().remove(0);
    assert_eq!((row.credential.as_str(), row.used_at), ("{\"counter\":1}", Some(store.now())));
    assert!(tried(ctx, &fixture.staff, FactorProof::Passkey(row.id, "{}".into())).await.unwrap().is_some());
    assert!(is_wrong(&tried(ctx, &fixture.owner, FactorProof::Passkey(row.id, "{}".into())).await));
    assert_eq!(store.remove_passkey(&fixture.owner, maya, row.id).await.unwrap(), None);
    store.remove_passkey(&fixture.staff, sam, row.id).await.unwrap().unwrap();
    assert_eq!((enter(sam).await, store.factors(sam).await.unwrap()), (None, Factors::default()));
}

async fn a_passkey_challenge_is_valid_once_for_ten_minutes(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let sam = Some(person(&fixture.staff));
    let token = store.challenge(sam, "question").await.unwrap();
    assert_eq!(store.take_challenge("nobody's").await.unwrap(), None);
    assert_eq!(store.take_challenge(&token).await.unwrap(), Some((sam, "question".to_owned())));
    assert_eq!(store.take_challenge(&token).await.unwrap(), None);
    let late = store.challenge(None, "question").await.unwrap();
    ctx.clock.advance(TimeDelta::minutes(10));
    assert_eq!(store.take_challenge(&late).await.unwrap(), None);
}

async fn a_role_that_needs_a_second_step_must_set_it_up_first(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let session = store.begin_session(person(&fixture.staff), &ClientInfo::default()).await.unwrap().unwrap();
    let must = async || store.session_user(&session.token).await.unwrap().unwrap().must_enroll_factor;
    assert!(!must().await);
    for actor in [&fixture.manager, &fixture.staff, &fixture.auditor] {
        assert!(matches!(store.require_factors(actor, &[Role::Staff]).await, Err(Error::NotAllowed(_))));
    }
    store.require_factors(&fixture.owner, &[Role::Staff, Role::Owner]).await.unwrap();
    assert_eq!(store.required_factors(&fixture.auditor).await.unwrap(), [Role::Owner, Role::Staff]);
    assert!(must().await);
    store.offer_authenticator(person(&fixture.staff)).await.unwrap();
    assert!(must().await, "an app that is not confirmed is none");
    store.confirm_authenticator(&fixture.staff, person(&fixture.staff), 1).await.unwrap();
    assert!(!must().await);
    store.remove_authenticator(&fixture.staff, person(&fixture.staff)).await.unwrap();
    assert!(must().await);
    store.require_factors(&fixture.owner, &[]).await.unwrap();
    assert!(!must().await);
}

async fn recovery_codes_do_not_work_without_another_factor(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let none = store.renew_recovery_codes(&fixture.staff, person(&fixture.staff)).await;
    assert!(matches!(none, Err(Error::Invalid(faults)) if faults.of_field("codes") == Some(Fault::NotFound)));
    let codes = confirmed(ctx, &fixture.staff).await;
    store.remove_authenticator(&fixture.staff, person(&fixture.staff)).await.unwrap().unwrap();
    let Ok(FactorAnswer::RecoveryCode(code)) = FactorAnswer::parse(&codes[0].to_string()) else { unreachable!() };
    assert!(is_wrong(&tried(ctx, &fixture.staff, FactorProof::Recovery(code)).await));
}

async fn an_operator_can_reset_the_factors_of_a_person(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let sam = person(&fixture.staff);
    confirmed(ctx, &fixture.staff).await;
    store.add_passkey(&fixture.staff, sam, &line("My phone"), b"key", "{}").await.unwrap();
    let session = store.begin_session(sam, &ClientInfo::default()).await.unwrap().unwrap();
    let newcomer = crate::fixture::newcomer("Sam", "staff");
    store.reset_factors(&newcomer.email).await.unwrap().unwrap();
    assert_eq!(store.factors(sam).await.unwrap(), Factors::default());
    assert_eq!(store.session_user(&session.token).await.unwrap(), None);
    let nobody = crate::fixture::newcomer("Nobody", "staff");
    assert_eq!(store.reset_factors(&nobody.email).await.unwrap(), None);
}
