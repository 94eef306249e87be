//! The description says what there is, all of it and no more.

use std::collections::{BTreeSet, HashSet};

use app::doors::{Door, Rule};
use domain::actor::{Act, Role};
use serde_json::{Value, json};

use crate::things::wording;
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

/// Every document inside this schema that fields can stand in, and whether it is closed.
fn documents(description: &Value, schema: &Value, found: &mut Vec<(String, bool)>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return documents(description, description.pointer(reference.trim_start_matches('#')).unwrap(), found);
    }
    assert!(schema.get("allOf").is_none(), "what stands in parts cannot be closed: {schema}");
    for choice in schema["oneOf"].as_array().into_iter().flatten() {
        documents(description, choice, found);
    }
    if schema["type"] == "object" {
        found.push((schema.to_string(), schema["additionalProperties"] == false));
    }
    for inner in schema["properties"].as_object().into_iter().flat_map(|fields| fields.values()) {
        documents(description, inner, found);
    }
}

#[tokio::test]
async fn what_is_not_described_is_refused_as_it_says() {
    let world = World::new().await;
    let (mut found, owner) = (Vec::new(), world.token(Role::Owner));
    for (path, item) in world.description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            if body.is_null() {
                continue;
            }
            documents(&world.description, body, &mut found);
            if body["type"] == "array" {
                continue;
            }
            let path = ["/recoveries/{id}", "/guarantees/{id}", "/checks/{id}", "/obstacles/{id}"]
                .into_iter()
                .zip([&world.own.recovery, &world.own.guarantee, &world.own.check, &world.own.obstacle])
                .fold(path.clone(), |path, (from, id)| path.replace(from, &from.replace("{id}", id)));
            for surplus in ["surplus", "", "id2", "Name", "__proto__", "additionalProperties", "name ", "\u{0}"] {
                let mut document = serde_json::Map::from_iter([(surplus.to_owned(), json!(1))]);
                if path.ends_with("/steps") {
                    document.insert("step".to_owned(), "no_answer".into());
                }
                let answered =
                    world.send(&method.to_uppercase(), &path, Some(owner), Some(&document.into())).await.is(422);
                assert!(
                    answered.body["detail"].as_str().unwrap().contains("unknown field"),
                    "{path}: {}",
                    answered.body
                );
            }
        }
    }
    assert!(found.len() >= 20, "{}", found.len());
    assert!(found.iter().all(|(_, is_closed)| *is_closed), "{found:#?}");
}

#[tokio::test]
async fn a_line_of_a_list_that_is_empty_is_refused_as_it_says() {
    let world = World::new().await;
    let line = &world.description["components"]["schemas"]["Line"];
    assert_eq!((line["minLength"].as_i64(), line["maxLength"].as_i64()), (Some(1), Some(160)), "{line}");
    let path = format!("/guarantees/{}/versions", world.own.guarantee);
    for criteria in [
        json!([]),
        json!([""]),
        json!([" "]),
        json!(["\t\n"]),
        json!(["", ""]),
        json!(["Dry floor", ""]),
        json!(["", "Dry floor"]),
        json!(["Dry floor", "   ", "Soap"]),
        json!(["\u{a0}"]),
        json!(["\u{2003}", "Dry floor"]),
    ] {
        let mut wording = wording();
        wording["criteria"] = criteria.clone();
        let answered = world.post(&path, &wording).await.is(422);
        assert!(answered.says("criteria", "missing"), "{criteria}: {}", answered.body);
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
