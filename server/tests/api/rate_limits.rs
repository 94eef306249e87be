//! Guessing tokens from one address is rate-limited.

use app::ClientAddress;
use axum::body::Body;
use axum::http::{Request, header};
use chrono::TimeDelta;
use domain::role::Role;

use crate::response::ApiResponse;
use crate::world::World;

async fn request_from(world: &World, from: &str, token: &str) -> ApiResponse {
    let request = Request::get("/api/v1/problems").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(ClientAddress(from.parse().unwrap()));
    world.send_request(request).await
}

#[tokio::test]
async fn invalid_tokens_are_rate_limited_and_valid_tokens_are_not() {
    let world = World::new().await;
    for guess in 0..60 {
        request_from(&world, "2001:db8:1:2::7", &format!("tm_{guess}"))
            .await
            .assert_status(401)
            .assert_problem_type("unauthenticated");
    }
    let refused = request_from(&world, "2001:db8:1:2:ffff::8", "tm_60").await.assert_status(429);
    refused.assert_problem_type("too-many");
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    for _ in 0..100 {
        request_from(&world, "2001:db8:1:2::7", world.token(Role::Owner)).await.assert_status(200);
    }
    request_from(&world, "2001:db8:1:3::7", "tm_61").await.assert_status(401);
    world.advance(TimeDelta::seconds(1));
    request_from(&world, "2001:db8:1:2::7", "tm_62").await.assert_status(401);
    request_from(&world, "2001:db8:1:2::7", "tm_63").await.assert_status(429);
}
