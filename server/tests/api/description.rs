//! The description says what there is, all of it and no more.

use std::collections::{BTreeSet, HashSet};

use app::doors::{Door, Rule};
use domain::actor::Act;
use serde_json::Value;

use crate::world::{World, state};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

#[tokio::test]
async fn it_is_openapi_3_1_and_needs_no_token() {
    let world = World::new().await;
    let answered = world.send("GET", "/openapi.json", None, None).await.is(200);
    assert_eq!(answered.headers["content-type"], "application/json");
    assert_eq!(answered.body["openapi"], "3.1.0");
    assert_eq!(answered.body["servers"][0]["url"], "/api/v1");
    assert_eq!(answered.body["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    assert_eq!(answered.body["security"][0]["token"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn every_route_is_described_and_everything_described_is_a_route() {
    let world = World::new().await;
    let described: BTreeSet<_> = world.description["paths"].as_object().unwrap().keys().cloned().collect();
    // The router lists its routes nowhere else.
    let routed: BTreeSet<_> = format!("{:?}", server::api::router(&state(&world.store)))
        .split('"')
        .filter(|text| text.starts_with('/') && !text.contains("axum"))
        .map(str::to_owned)
        .collect();
    let within = |path: &String| path.strip_prefix("/api/v1").filter(|path| path.len() > 1).map(str::to_owned);
    let routed: BTreeSet<_> = routed.iter().filter_map(within).collect();
    assert_eq!(described, routed);

    for (path, item) in world.description["paths"].as_object().unwrap() {
        for method in METHODS {
            let is_described = item.get(method.to_lowercase()).is_some();
            let answered = world.send(method, &path.replace(['{', '}'], "-"), None, None).await;
            assert_eq!(answered.status != 405, is_described, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_operation_says_what_it_is_for_and_how_it_can_end() {
    let world = World::new().await;
    let mut ids = HashSet::new();
    let doors = server::api::listed(&state(&world.store));
    let everyones = |method: &str, path: &str| {
        let door =
            |door: &&Door| door.method.as_str().eq_ignore_ascii_case(method) && door.path == format!("/api/v1{path}");
        matches!(doors.iter().find(door).unwrap().rule, Rule::Anyone | Rule::Member(Act::Read))
    };
    for (path, item) in world.description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
            assert_eq!(responses.contains_key("401"), path != "/openapi.json", "{method} {path}");
            assert_eq!(responses.contains_key("429"), path != "/openapi.json", "{method} {path}");
            assert_eq!(responses.contains_key("403"), !everyones(method, path), "{method} {path}");
            assert_eq!(operation["requestBody"].is_object(), method != "get", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let world = World::new().await;
    let mut found = 0;
    references(&world.description, &mut |reference| {
        let target = world.description.pointer(reference.trim_start_matches('#'));
        assert!(target.is_some(), "{reference}");
        found += 1;
    });
    assert!(found > 100);
}

fn references(value: &Value, seen: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                seen(reference);
            }
            fields.values().for_each(|value| references(value, seen));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, seen)),
        _ => {}
    }
}

#[tokio::test]
async fn every_example_is_taken_as_it_stands() {
    let world = World::new().await;
    let example = |name: &str| {
        let example = world.description["components"]["schemas"][name]["example"].clone();
        assert!(example.is_object(), "{name}");
        example
    };
    world.post("/problems", &example("NewProblem")).await.is(201);
    world.post("/sites", &example("NewSite")).await.is(201);
    world.post(&format!("/guarantees/{}/versions", world.own.guarantee), &example("Wording")).await.is(201);
    world.post(&format!("/checks/{}/corrections", world.own.check), &example("NewCorrection")).await.is(201);
    let mut place = example("NewPlace");
    place["site"] = world.own.site.clone().into();
    world.post("/places", &place).await.is(201);
    let mut check = example("NewCheck");
    check["guarantee"] = world.own.guarantee.clone().into();
    check["place"] = world.own.place.clone().into();
    world.post("/checks", &check).await.is(201);
    world.step(&world.own.recovery, example("NewStep")).await.is(201);
}
