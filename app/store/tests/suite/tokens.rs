//! Tokens of programs: shown once, good until they end or are taken back.

use chrono::TimeDelta;
use domain::actor::{Role, Who};
use domain::member::Refused;
use domain::token::{State, Token};
use store::Error;

use crate::shop::{line, token};
use crate::world::World;

facts![a_token_is_good_until_it_ends, a_token_taken_back_opens_nothing_at_once, only_an_owner_sees_and_makes_tokens,];

async fn a_token_is_good_until_it_ends(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let day = Token { name: line("Till"), lasts: TimeDelta::days(1), ..token(Role::Staff) };
    let made = store.create_token(&shop.owner, &day).await.unwrap();
    let actor = store.bearer(&made.token).await.unwrap().unwrap();
    assert_eq!((actor.role, actor.who), (Role::Staff, Who::Token(made.id)));
    world.hours(24);
    assert_eq!(store.bearer(&made.token).await.unwrap(), None);
    let rows = store.tokens(&shop.owner, None, 50).await.unwrap().rows;
    assert_eq!((rows[0].state, rows[0].name.as_str()), (State::RunOut, "Till"));
    assert!(!format!("{:?}", world.raw.everything().await).contains(&made.token), "a token is stored as it is");
}

async fn a_token_taken_back_opens_nothing_at_once(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let other = world.other_shop().await;
    let made = store.create_token(&shop.owner, &token(Role::Manager)).await.unwrap();
    assert_eq!(store.revoke_token(&other.owner, made.id).await.unwrap(), None);
    assert!(store.bearer(&made.token).await.unwrap().is_some());
    store.revoke_token(&shop.owner, made.id).await.unwrap().unwrap();
    assert_eq!(store.bearer(&made.token).await.unwrap(), None);
    assert_eq!(store.tokens(&shop.owner, None, 50).await.unwrap().rows[0].state, State::Revoked);
    let twice = store.revoke_token(&shop.owner, made.id).await;
    assert!(matches!(twice, Err(Error::Member(Refused::Over))), "{twice:?}");
}

async fn only_an_owner_sees_and_makes_tokens(world: &World) {
    let (shop, store) = (world.shop().await, &world.store);
    let made = store.create_token(&shop.owner, &token(Role::Staff)).await.unwrap();
    for actor in [&shop.manager, &shop.staff, &shop.auditor] {
        assert!(matches!(store.tokens(actor, None, 50).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.create_token(actor, &token(Role::Staff)).await, Err(Error::NotAllowed(_))));
        assert!(matches!(store.revoke_token(actor, made.id).await, Err(Error::NotAllowed(_))));
    }
}
