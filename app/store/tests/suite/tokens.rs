//! API tokens: shown once, valid until they expire or are revoked.

use chrono::TimeDelta;
use domain::actor::Principal;
use domain::member::MemberError;
use domain::role::Role;
use domain::token::{Token, TokenState};
use store::Error;

use crate::fixture::{line, token};
use crate::harness::TestContext;

both_databases![
    a_token_works_until_it_expires,
    a_revoked_token_stops_working_immediately,
    only_owners_see_create_and_revoke_tokens,
];

async fn a_token_works_until_it_expires(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let day = Token { name: line("Till"), lifetime: TimeDelta::days(1), ..token(Role::Staff) };
    let made = store.create_token(&fixture.owner, &day).await.unwrap();
    let actor = store.actor_by_token(&made.token).await.unwrap().unwrap();
    assert_eq!((actor.role, actor.principal), (Role::Staff, Principal::Token(made.id)));
    ctx.hours(24);
    assert_eq!(store.actor_by_token(&made.token).await.unwrap(), None);
    let rows = store.tokens(&fixture.owner, None, 50).await.unwrap().rows;
    assert_eq!((rows[0].state, rows[0].name.as_str()), (TokenState::RunOut, "Till"));
    assert!(!format!("{:?}", ctx.direct_db.everything().await).contains(&made.token), "a token is stored as it is");
}

async fn a_revoked_token_stops_working_immediately(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let other = ctx.other_fixture().await;
    let made = store.create_token(&fixture.owner, &token(Role::Manager)).await.unwrap();
    assert_eq!(store.revoke_token(&other.owner, made.id).await.unwrap(), None);
    assert!(store.actor_by_token(&made.token).await.unwrap().is_some());
    store.revoke_token(&fixture.owner, made.id).await.unwrap().unwrap();
    assert_eq!(store.actor_by_token(&made.token).await.unwrap(), None);
    assert_eq!(store.tokens(&fixture.owner, None, 50).await.unwrap().rows[0].state, TokenState::Revoked);
    let twice = store.revoke_token(&fixture.owner, made.id).await;
    assert!(matches!(twice, Err(Error::Member(MemberError::NoLongerOpen))), "{twice:?}");
}

async fn only_owners_see_create_and_revoke_tokens(ctx: &TestContext) {
    let (fixture, store) = (ctx.fixture().await, &ctx.store);
    let made = store.create_token(&fixture.owner, &token(Role::Staff)).await.unwrap();
    for actor in [&fixture.manager, &fixture.staff, &fixture.auditor] {
        assert!(matches!(store.tokens(actor, None, 50).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.create_token(actor, &token(Role::Staff)).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.revoke_token(actor, made.id).await, Err(Error::NotAllowed(_))));
    }
}
