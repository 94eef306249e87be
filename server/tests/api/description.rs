//! The OpenAPI description is complete and correct.

use std::collections::{BTreeSet, HashSet};

use app::doors::{AccessRule, Door};
use domain::finding::Reason;
use domain::role::{Permission, Role};
use serde_json::{Value, json};

use crate::rows::wording;
use crate::world::{World, state};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

#[tokio::test]
async fn the_description_is_openapi_3_1_and_needs_no_token() {
    let world = World::new().await;
    let answered = world.send("GET", "/openapi.json", None, None).await.assert_status(200);
    assert_eq!(answered.headers["content-type"], "application/json");
    assert_eq!(answered.body["openapi"], "3.1.0");
    assert_eq!(answered.body["servers"][0]["url"], "/api/v1");
    assert_eq!(answered.body["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    assert_eq!(answered.body["security"][0]["token"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn the_description_lists_exactly_the_existing_routes() {
    let world = World::new().await;
    let described: BTreeSet<_> = world.description["paths"].as_object().unwrap().keys().cloned().collect();
    // The debug output is the only list of the routes.
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
async fn every_operation_has_a_summary_and_its_responses() {
    let world = World::new().await;
    let mut ids = HashSet::new();
    let doors = server::api::list_doors(&state(&world.store));
    let needs_no_permission = |method: &str, path: &str| {
        let door =
            |door: &&Door| door.method.as_str().eq_ignore_ascii_case(method) && door.path == format!("/api/v1{path}");
        matches!(
            doors.iter().find(door).unwrap().rules.access,
            AccessRule::Anyone | AccessRule::Member(Permission::ViewInternal)
        )
    };
    for (path, item) in world.description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
            assert_eq!(responses.contains_key("401"), path != "/openapi.json", "{method} {path}");
            assert_eq!(responses.contains_key("429"), path != "/openapi.json", "{method} {path}");
            assert_eq!(responses.contains_key("403"), !needs_no_permission(method, path), "{method} {path}");
            assert_eq!(operation["requestBody"].is_object(), method != "get", "{method} {path}");
        }
    }
}

/// Every object in this schema, and whether it allows additional fields.
fn collect_object_schemas(description: &Value, schema: &Value, found: &mut Vec<(String, bool)>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return collect_object_schemas(
            description,
            description.pointer(reference.trim_start_matches('#')).unwrap(),
            found,
        );
    }
    assert!(schema.get("allOf").is_none(), "what stands in parts cannot be closed: {schema}");
    for choice in schema["oneOf"].as_array().into_iter().flatten() {
        collect_object_schemas(description, choice, found);
    }
    if schema["type"] == "object" {
        found.push((schema.to_string(), schema["additionalProperties"] == false));
    }
    for inner in schema["properties"].as_object().into_iter().flat_map(|fields| fields.values()) {
        collect_object_schemas(description, inner, found);
    }
}

#[tokio::test]
async fn an_unknown_field_is_refused_as_described() {
    let world = World::new().await;
    let (mut found, owner) = (Vec::new(), world.token(Role::Owner));
    for (path, item) in world.description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            if body.is_null() {
                continue;
            }
            collect_object_schemas(&world.description, body, &mut found);
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
                let answered = world
                    .send(&method.to_uppercase(), &path, Some(owner), Some(&document.into()))
                    .await
                    .assert_status(422);
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
async fn an_empty_list_item_is_refused_as_described() {
    let world = World::new().await;
    let line = &world.description["components"]["schemas"]["CriterionLine"];
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
        let answered = world.post(&path, &wording).await.assert_status(422);
        assert!(answered.has_error("criteria", "missing"), "{criteria}: {}", answered.body);
    }
}

#[tokio::test]
async fn every_reference_can_be_resolved() {
    let world = World::new().await;
    let mut found = 0;
    visit_references(&world.description, &mut |reference| {
        let target = world.description.pointer(reference.trim_start_matches('#'));
        assert!(target.is_some(), "{reference}");
        found += 1;
    });
    assert!(found > 100);
}

fn visit_references(value: &Value, seen: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                seen(reference);
            }
            fields.values().for_each(|value| visit_references(value, seen));
        }
        Value::Array(items) => items.iter().for_each(|value| visit_references(value, seen)),
        _ => {}
    }
}

#[tokio::test]
async fn every_description_of_a_reason_lists_all_reasons() {
    let world = World::new().await;
    let mut described = 0;
    for (name, schema) in world.description["components"]["schemas"].as_object().unwrap() {
        let Some(description) = schema["properties"]["reason"]["description"].as_str() else { continue };
        if !description.contains("position of the criterion") {
            continue;
        }
        for reason in Reason::BESIDE_CRITERIA {
            assert!(description.contains(&format!("`{reason}`")), "{name}: {reason} in {description}");
        }
        described += 1;
    }
    assert!(described > 2, "{described}");
}

#[tokio::test]
async fn every_example_is_accepted() {
    let world = World::new().await;
    let example = |name: &str| {
        let example = world.description["components"]["schemas"][name]["example"].clone();
        assert!(example.is_object(), "{name}");
        example
    };
    world.post("/problems", &example("NewProblem")).await.assert_status(201);
    world.post("/sites", &example("NewSite")).await.assert_status(201);
    world.post(&format!("/guarantees/{}/versions", world.own.guarantee), &example("Wording")).await.assert_status(201);
    world.post(&format!("/checks/{}/corrections", world.own.check), &example("NewCorrection")).await.assert_status(201);
    let mut place = example("NewPlace");
    place["site"] = world.own.site.clone().into();
    world.post("/places", &place).await.assert_status(201);
    let mut check = example("NewCheck");
    check["guarantee"] = world.own.guarantee.clone().into();
    check["place"] = world.own.place.clone().into();
    world.post("/checks", &check).await.assert_status(201);
    world.step(&world.own.recovery, example("NewStep")).await.assert_status(201);
}
