//! Unknown ids, ids of another business, and methods that are not allowed.

use axum::http::header;
use serde_json::{Value, json};

use crate::rows::{guarantee, obstacle_answer, problem, unknown, wording};
use crate::world::World;

/// Each address with the id of a row of another business, and a valid document.
fn requests_with_foreign_ids(world: &World) -> Vec<(&'static str, String, &'static str, Value)> {
    let theirs = &world.foreign;
    let correction = json!({ "verdict": "kept", "why": "The wrong door." });
    vec![
        ("GET", theirs.problem.clone(), "/problems/{id}", Value::Null),
        ("GET", theirs.guarantee.clone(), "/guarantees/{id}", Value::Null),
        ("GET", theirs.guarantee.clone(), "/guarantees/{id}/versions", Value::Null),
        ("GET", theirs.guarantee.clone(), "/guarantees/{id}/versions/1", Value::Null),
        ("POST", theirs.guarantee.clone(), "/guarantees/{id}/versions", wording()),
        ("POST", theirs.guarantee.clone(), "/guarantees/{id}/moves", json!({ "move": "retire" })),
        ("PUT", theirs.guarantee.clone(), "/guarantees/{id}/places", json!([world.own.place])),
        ("GET", theirs.site.clone(), "/sites/{id}", Value::Null),
        ("GET", theirs.place.clone(), "/places/{id}", Value::Null),
        ("GET", theirs.check.clone(), "/checks/{id}", Value::Null),
        ("POST", theirs.check.clone(), "/checks/{id}/corrections", correction),
        ("GET", theirs.obstacle.clone(), "/obstacles/{id}", Value::Null),
        ("POST", theirs.obstacle.clone(), "/obstacles/{id}/answers", obstacle_answer()),
        ("GET", theirs.recovery.clone(), "/recoveries/{id}", Value::Null),
        ("POST", theirs.recovery.clone(), "/recoveries/{id}/steps", world.acknowledge()),
        ("GET", theirs.recovery.clone(), "/recoveries/{id}/customer", Value::Null),
        ("POST", theirs.recovery.clone(), "/recoveries/{id}/links", json!({})),
        ("POST", theirs.recovery.clone(), "/recoveries/{id}/erasure", json!({})),
    ]
}

#[tokio::test]
async fn unknown_foreign_and_malformed_ids_are_not_found() {
    let world = World::new().await;
    let rows = world.row_counts().await;
    let long = "a".repeat(5000);
    for (method, foreign, path, document) in requests_with_foreign_ids(&world) {
        let document = (!document.is_null()).then_some(&document);
        let own = world.token(domain::role::Role::Owner);
        let ids = [&unknown(), &foreign, "none", "%00", "%FF", "%E2%80%AE", "%F0%9F%98%80", "..%2F..%2Fetc", &long];
        for id in ids {
            let answered = world.send(method, &path.replace("{id}", id), Some(own), document).await;
            assert_eq!(answered.status, 404, "{method} {path} {id}: {}", answered.body);
            answered.assert_problem_type("not-found");
        }
        assert_eq!(world.row_counts().await, rows, "{method} {path}");
    }
}

#[tokio::test]
async fn an_invalid_version_number_is_not_found() {
    let world = World::new().await;
    for number in ["0", "2", "-1", "one", "99999999999999999999", "%00"] {
        world.get(&format!("/guarantees/{}/versions/{number}", world.own.guarantee)).await.assert_status(404);
    }
}

#[tokio::test]
async fn an_unknown_address_gets_a_problem_document() {
    let world = World::new().await;
    for path in
        ["", "/", "/nothing", "/problems/", "/problems/a/b/c", "/checks/%00", "/../p/prairie-stop", "//problems"]
    {
        let answered = world.get(path).await;
        assert_eq!(answered.status, 404, "{path}");
        answered.assert_problem_type("not-found");
    }
}

#[tokio::test]
async fn an_unsupported_method_gets_405_with_an_allow_header() {
    let world = World::new().await;
    for (method, path, allowed) in [
        ("DELETE", "/checks".to_owned(), "GET,HEAD,POST"),
        ("PUT", "/problems".to_owned(), "GET,HEAD,POST"),
        ("PATCH", format!("/checks/{}/corrections", world.own.check), "POST"),
        ("POST", "/breaks".to_owned(), "GET,HEAD"),
        ("DELETE", format!("/recoveries/{}", world.own.recovery), "GET,HEAD"),
        ("OPTIONS", "/sites".to_owned(), "GET,HEAD,POST"),
    ] {
        let answered = world.send(method, &path, None, None).await.assert_status(405);
        answered.assert_problem_type("method-not-allowed");
        assert_eq!(answered.headers[header::ALLOW], allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn a_business_cannot_reference_rows_of_another_business() {
    let world = World::new().await;
    let rows = world.row_counts().await;
    let mut theirs = guarantee(&world.foreign.problem, &world.own.place);
    theirs["slug"] = "another".into();
    assert!(world.post("/guarantees", &theirs).await.assert_status(422).has_error("problem", "not_found"));
    let mut kept = world.own.kept_check(&unknown());
    kept["place"] = world.foreign.place.clone().into();
    assert!(world.post("/checks", &kept).await.assert_status(422).has_error("place", "not_found"));
    assert_eq!(world.row_counts().await, rows);
    world.post("/problems", &problem()).await.assert_status(201);
}
