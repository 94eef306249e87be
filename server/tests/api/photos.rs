//! Photos are sent before their checks, and read by those who may see them.

use axum::body::Body;
use axum::http::{Request, header};
use domain::actor::{Actor, Principal};
use domain::photo::PhotoPolicy;
use domain::role::{Permission, Role};
use serde_json::json;

use crate::picture::picture;
use crate::response::ApiResponse;
use crate::rows::unknown;
use crate::world::World;

/// A world in which photos are allowed.
async fn world_with_photos() -> World {
    let world = World::new().await;
    let owner = Actor::new(world.business, Principal::System, Role::Owner);
    let guarantee = world.own.guarantee.parse().unwrap();
    world.store.set_photo_policy(&owner, guarantee, PhotoPolicy::Optional).await.unwrap().unwrap();
    world
}

async fn upload(world: &World, role: Role, guarantee: &str, picture: Vec<u8>) -> ApiResponse {
    let request = Request::post(format!("/api/v1/photos?guarantee={guarantee}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", world.token(role)));
    world.send_request(request.body(Body::from(picture)).unwrap()).await
}

#[tokio::test]
async fn a_photo_is_readable_once_its_check_is_logged() {
    let world = world_with_photos().await;
    let sent = upload(&world, Role::Staff, &world.own.guarantee, picture(1)).await.assert_status(201);
    let hash = sent.body["hash"].as_str().unwrap();
    assert_eq!(sent.headers[header::LOCATION], format!("/api/v1/photos/{hash}"));
    world.get(&format!("/photos/{hash}")).await.assert_status(404).assert_problem_type("not-found");
    let mut check = world.own.kept_check(&unknown());
    check["photo"] = json!(hash);
    let logged = world.post("/checks", &check).await.assert_status(201);
    let at = format!("/checks/{}", logged.body["id"].as_str().unwrap());
    assert_eq!(world.get(&at).await.assert_status(200).body["photo"], hash);
    let shown = world.get(&format!("/photos/{hash}")).await.assert_status(200);
    assert_eq!(shown.headers[header::CONTENT_TYPE], "image/jpeg");

    check["id"] = json!(unknown());
    world.post("/checks", &check).await.assert_status(409).assert_problem_type("same-photo");
    check["photo"] = json!("f".repeat(64));
    assert!(world.post("/checks", &check).await.assert_status(422).has_error("photo", "not_found"));
    check["photo"] = json!("none");
    assert!(world.post("/checks", &check).await.assert_status(422).has_error("photo", "malformed"));
}

#[tokio::test]
async fn invalid_or_forbidden_photo_uploads_are_refused() {
    let world = world_with_photos().await;
    let guarantee = world.own.guarantee.clone();
    assert!(
        upload(&world, Role::Staff, &guarantee, b"<svg/>".to_vec())
            .await
            .assert_status(422)
            .has_error("photo", "not_a_picture")
    );
    assert!(
        upload(&world, Role::Staff, "banana", picture(1)).await.assert_status(422).has_error("guarantee", "malformed")
    );
    assert!(
        upload(&world, Role::Staff, &unknown(), picture(1))
            .await
            .assert_status(422)
            .has_error("guarantee", "not_found")
    );
    assert!(
        upload(&world, Role::Staff, &world.foreign.guarantee, picture(1))
            .await
            .assert_status(422)
            .has_error("guarantee", "not_found")
    );
    for role in Role::ALL {
        let answered = upload(&world, role, &guarantee, picture(2)).await;
        assert_eq!(answered.status == 201, role.may(Permission::LogChecks), "{role:?}: {}", answered.body);
    }
    let owner = Actor::new(world.business, Principal::System, Role::Owner);
    world.store.set_photo_policy(&owner, guarantee.parse().unwrap(), PhotoPolicy::Forbidden).await.unwrap().unwrap();
    upload(&world, Role::Staff, &guarantee, picture(3)).await.assert_status(409).assert_problem_type("no-photos");
}
