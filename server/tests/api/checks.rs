//! Checks: stored once however often they are sent, corrected by adding.

use chrono::TimeDelta;
use domain::actor::Role;
use serde_json::{Value, json};

use crate::things::unknown;
use crate::world::World;

#[tokio::test]
async fn the_same_check_sent_again_is_stored_once_and_answers_the_same() {
    let world = World::new().await;
    let broken = world.own.broken(&unknown(), "staff");
    let first = world.post("/checks", &broken).await.is(201);
    let at = first.headers["location"].to_str().unwrap().strip_prefix("/api/v1").unwrap();
    assert_eq!(world.get(at).await.is(200).body["verdict"], "broken");
    let rows = world.counted().await;
    world.pass(TimeDelta::minutes(10));
    for _ in 0..3 {
        let again = world.post("/checks", &broken).await.is(200);
        assert_eq!(again.body, first.body);
    }
    assert_eq!(world.counted().await, rows);

    let mut padded = broken.clone();
    padded["note"] = Value::Null;
    padded["obstacle"] = Value::Null;
    world.post("/checks", &padded).await.is(200);
}

#[tokio::test]
async fn another_check_under_the_same_id_is_refused() {
    let world = World::new().await;
    let first = world.own.broken(&unknown(), "staff");
    world.post("/checks", &first).await.is(201);
    let rows = world.counted().await;
    let other = |field: &str, value: Value| {
        let mut other = first.clone();
        other[field] = value;
        other
    };
    let others = [
        other("verdict", json!("kept")),
        other("reason", json!("other")),
        other("note", json!("x")),
        other("at", json!(world.at(TimeDelta::minutes(-1)))),
        other("found_by", json!("customer")),
    ];
    for other in others {
        world.post("/checks", &other).await.is(409).is_of_type("other-body");
    }
    assert_eq!(world.counted().await, rows);
}

#[tokio::test]
async fn another_businesss_ids_are_as_free_as_any() {
    let world = World::new().await;
    let own = world.own.kept(&world.foreign.check);
    let logged = world.post("/checks", &own).await.is(201);
    assert_eq!(logged.body["id"], world.foreign.check.as_str());
    world.post("/checks", &own).await.is(200);
    let other = world.own.broken(&world.foreign.check, "staff");
    world.post("/checks", &other).await.is(409).is_of_type("other-body");
}

#[tokio::test]
async fn a_check_is_refused_where_nothing_is_promised() {
    let world = World::new().await;
    let owner = world.token(Role::Owner);
    let elsewhere = world.make(owner, "/places", &json!({ "site": world.own.site, "name": "Shed" })).await;
    let mut kept = world.own.kept(&unknown());
    kept["place"] = elsewhere.into();
    world.post("/checks", &kept).await.is(409).is_of_type("not-here");
    let moves = format!("/guarantees/{}/moves", world.own.guarantee);
    world.post(&moves, &json!({ "move": "suspend" })).await.is(201);
    world.post("/checks", &world.own.kept(&unknown())).await.is(409).is_of_type("not-checked");
    world.post(&moves, &json!({ "move": "suspend" })).await.is(409).is_of_type("illegal-move");
    world.post(&moves, &json!({ "move": "retire" })).await.is(201);
    let versions = format!("/guarantees/{}/versions", world.own.guarantee);
    world.post(&versions, &crate::things::wording()).await.is(409).is_of_type("retired");
}

#[tokio::test]
async fn a_correction_is_added_and_the_original_stays() {
    let world = World::new().await;
    let address = format!("/checks/{}/corrections", world.own.check);
    let kept = json!({ "verdict": "kept", "why": "The wrong door was scanned." });
    let mended = world.post(&address, &kept).await.is(201);
    assert_eq!(mended.body["verdict"], "kept");
    world.post(&address, &kept).await.is(409).is_of_type("unchanged");
    let row = world.get(&format!("/checks/{}", world.own.check)).await.is(200).body;
    assert_eq!(world.get("/checks").await.body["items"][0], row);
    assert_eq!((&row["verdict"], &row["corrected"]), (&json!("broken"), &json!("kept")));
    assert_eq!(world.get("/breaks").await.body["items"][0]["corrected"], true);
    world.store.verify(world.business).await.unwrap().unwrap();
}
