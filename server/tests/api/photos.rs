//! Pictures: sent ahead of their checks, and read by those who may see them.

use axum::body::Body;
use axum::http::{Request, header};
use domain::actor::{Act, Actor, Role, Who};
use domain::photo::Photos;
use serde_json::json;

use crate::answered::Answered;
use crate::picture::picture;
use crate::things::unknown;
use crate::world::World;

/// A world in which pictures are welcome.
async fn pictured() -> World {
    let world = World::new().await;
    let owner = Actor::of(world.business, Who::Trialmark, Role::Owner);
    let guarantee = world.own.guarantee.parse().unwrap();
    world.store.choose_photos(&owner, guarantee, Photos::Optional).await.unwrap().unwrap();
    world
}

async fn send(world: &World, role: Role, guarantee: &str, picture: Vec<u8>) -> Answered {
    let request = Request::post(format!("/api/v1/photos?guarantee={guarantee}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", world.token(role)));
    world.ask(request.body(Body::from(picture)).unwrap()).await
}

#[tokio::test]
async fn a_picture_is_sent_ahead_of_its_check_and_read_after_it() {
    let world = pictured().await;
    let sent = send(&world, Role::Staff, &world.own.guarantee, picture(1)).await.is(201);
    let hash = sent.body["hash"].as_str().unwrap();
    assert_eq!(sent.headers[header::LOCATION], format!("/api/v1/photos/{hash}"));
    world.get(&format!("/photos/{hash}")).await.is(404).is_of_type("not-found");
    let mut check = world.own.kept(&unknown());
    check["photo"] = json!(hash);
    let logged = world.post("/checks", &check).await.is(201);
    let at = format!("/checks/{}", logged.body["id"].as_str().unwrap());
    assert_eq!(world.get(&at).await.is(200).body["photo"], hash);
    let shown = world.get(&format!("/photos/{hash}")).await.is(200);
    assert_eq!(shown.headers[header::CONTENT_TYPE], "image/jpeg");

    check["id"] = json!(unknown());
    world.post("/checks", &check).await.is(409).is_of_type("same-photo");
    check["photo"] = json!("f".repeat(64));
    assert!(world.post("/checks", &check).await.is(422).says("photo", "not_found"));
    check["photo"] = json!("none");
    assert!(world.post("/checks", &check).await.is(422).says("photo", "malformed"));
}

#[tokio::test]
async fn what_is_no_picture_or_comes_where_none_may_is_refused() {
    let world = pictured().await;
    let guarantee = world.own.guarantee.clone();
    assert!(send(&world, Role::Staff, &guarantee, b"<svg/>".to_vec()).await.is(422).says("photo", "not_a_picture"));
    assert!(send(&world, Role::Staff, "banana", picture(1)).await.is(422).says("guarantee", "malformed"));
    assert!(send(&world, Role::Staff, &unknown(), picture(1)).await.is(422).says("guarantee", "not_found"));
    assert!(
        send(&world, Role::Staff, &world.foreign.guarantee, picture(1)).await.is(422).says("guarantee", "not_found")
    );
    for role in Role::ALL {
        let answered = send(&world, role, &guarantee, picture(2)).await;
        assert_eq!(answered.status == 201, role.may(Act::Check), "{role:?}: {}", answered.body);
    }
    let owner = Actor::of(world.business, Who::Trialmark, Role::Owner);
    world.store.choose_photos(&owner, guarantee.parse().unwrap(), Photos::Forbidden).await.unwrap().unwrap();
    send(&world, Role::Staff, &guarantee, picture(3)).await.is(409).is_of_type("no-photos");
}
