//! Checks are stored once, however often they are sent, and corrected by additions.

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};

use crate::rows::unknown;
use crate::world::World;

#[tokio::test]
async fn a_resent_check_is_stored_once_with_the_same_response() {
    let world = World::new().await;
    let broken = world.own.broken_check(&unknown(), "staff");
    let first = world.post("/checks", &broken).await.assert_status(201);
    let at = first.headers["location"].to_str().unwrap().strip_prefix("/api/v1").unwrap();
    assert_eq!(world.get(at).await.assert_status(200).body["verdict"], "broken");
    let rows = world.row_counts().await;
    world.advance(TimeDelta::minutes(10));
    for _ in 0..3 {
        let again = world.post("/checks", &broken).await.assert_status(200);
        assert_eq!(again.body, first.body);
    }
    assert_eq!(world.row_counts().await, rows);

    let mut padded = broken.clone();
    padded["note"] = Value::Null;
    padded["obstacle"] = Value::Null;
    world.post("/checks", &padded).await.assert_status(200);
}

#[tokio::test]
async fn a_different_check_with_the_same_id_is_refused() {
    let world = World::new().await;
    let first = world.own.broken_check(&unknown(), "staff");
    world.post("/checks", &first).await.assert_status(201);
    let rows = world.row_counts().await;
    let other = |field: &str, value: Value| {
        let mut other = first.clone();
        other[field] = value;
        other
    };
    let others = [
        other("verdict", json!("kept")),
        other("reason", json!("other")),
        other("note", json!("x")),
        other("at", json!(world.time(TimeDelta::minutes(-1)))),
        other("found_by", json!("customer")),
    ];
    for other in others {
        world.post("/checks", &other).await.assert_status(409).assert_problem_type("other-body");
    }
    assert_eq!(world.row_counts().await, rows);
}

#[tokio::test]
async fn two_businesses_can_use_the_same_check_id() {
    let world = World::new().await;
    let own = world.own.kept_check(&world.foreign.check);
    let logged = world.post("/checks", &own).await.assert_status(201);
    assert_eq!(logged.body["id"], world.foreign.check.as_str());
    world.post("/checks", &own).await.assert_status(200);
    let other = world.own.broken_check(&world.foreign.check, "staff");
    world.post("/checks", &other).await.assert_status(409).assert_problem_type("other-body");
}

#[tokio::test]
async fn a_check_is_refused_where_no_guarantee_is_in_force() {
    let world = World::new().await;
    let owner = world.token(Role::Owner);
    let elsewhere = world.create(owner, "/places", &json!({ "site": world.own.site, "name": "Shed" })).await;
    let mut kept = world.own.kept_check(&unknown());
    kept["place"] = elsewhere.into();
    world.post("/checks", &kept).await.assert_status(409).assert_problem_type("not-here");
    let moves = format!("/guarantees/{}/moves", world.own.guarantee);
    world.post(&moves, &json!({ "move": "suspend" })).await.assert_status(201);
    world
        .post("/checks", &world.own.kept_check(&unknown()))
        .await
        .assert_status(409)
        .assert_problem_type("not-checked");
    world.post(&moves, &json!({ "move": "suspend" })).await.assert_status(409).assert_problem_type("illegal-move");
    world.post(&moves, &json!({ "move": "retire" })).await.assert_status(201);
    let versions = format!("/guarantees/{}/versions", world.own.guarantee);
    world.post(&versions, &crate::rows::wording()).await.assert_status(409).assert_problem_type("retired");
}

#[tokio::test]
async fn a_correction_keeps_the_original_check() {
    let world = World::new().await;
    let address = format!("/checks/{}/corrections", world.own.check);
    let kept = json!({ "verdict": "kept", "why": "The wrong door was scanned." });
    let correction = world.post(&address, &kept).await.assert_status(201);
    assert_eq!(correction.body["verdict"], "kept");
    assert_eq!(world.post(&address, &kept).await.assert_status(201).body, correction.body, "the same one sent again");
    let for_another_reason = json!({ "verdict": "kept", "why": "Somebody else looked." });
    world.post(&address, &for_another_reason).await.assert_status(409).assert_problem_type("unchanged");
    let row = world.get(&format!("/checks/{}", world.own.check)).await.assert_status(200).body;
    assert_eq!(world.get("/checks").await.body["items"][0], row);
    assert_eq!((&row["verdict"], &row["corrected"]), (&json!("broken"), &json!("kept")));
    assert_eq!(world.get("/breaks").await.body["items"][0]["corrected"], true);
    world.store.verify(world.business).await.unwrap().unwrap();
}
