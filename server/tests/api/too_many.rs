//! Tokens that nobody bears, tried again and again from one place.

use app::Client;
use axum::body::Body;
use axum::http::{Request, header};
use chrono::TimeDelta;
use domain::actor::Role;

use crate::answered::Answered;
use crate::world::World;

async fn ask(world: &World, from: &str, token: &str) -> Answered {
    let request = Request::get("/api/v1/problems").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(Client(from.parse().unwrap()));
    world.ask(request).await
}

#[tokio::test]
async fn whoever_guesses_tokens_is_asked_for_patience_and_whoever_bears_one_is_not() {
    let world = World::new().await;
    for guess in 0..60 {
        ask(&world, "2001:db8:1:2::7", &format!("tm_{guess}")).await.is(401).is_of_type("unauthenticated");
    }
    let refused = ask(&world, "2001:db8:1:2:ffff::8", "tm_60").await.is(429);
    refused.is_of_type("too-many");
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    for _ in 0..100 {
        ask(&world, "2001:db8:1:2::7", world.token(Role::Owner)).await.is(200);
    }
    ask(&world, "2001:db8:1:3::7", "tm_61").await.is(401);
    world.pass(TimeDelta::seconds(1));
    ask(&world, "2001:db8:1:2::7", "tm_62").await.is(401);
    ask(&world, "2001:db8:1:2::7", "tm_63").await.is(429);
}
