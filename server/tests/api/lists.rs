//! Lists contain no customers and no rows of another business, and their pages lose nothing.

use std::collections::HashSet;

use chrono::TimeDelta;
use domain::role::Role;
use serde_json::{Value, json};

use crate::rows::{guarantee, obstacle_answer, problem, unknown, wording};
use crate::world::World;

const LISTS: [&str; 9] = [
    "/problems",
    "/guarantees",
    "/sites",
    "/places",
    "/checks",
    "/breaks",
    "/obstacles",
    "/recoveries",
    "/recoveries?stage=closed",
];

#[tokio::test]
async fn lists_contain_no_customer_data() {
    let world = World::new().await;
    let recovery = &world.own.recovery;
    world.step(recovery, world.acknowledge()).await.assert_status(201);
    let mut noted = world.own.broken_check(&unknown(), "staff");
    noted["note"] = "marker note".into();
    noted["obstacle"] = "staffing".into();
    world.post("/checks", &noted).await.assert_status(201);
    for list in LISTS {
        let text = world.get(list).await.assert_status(200).body.to_string().to_lowercase();
        assert!(!text.contains("marker") && !text.contains("sorry"), "{list}: {text}");
    }
    assert!(world.get(&format!("/recoveries/{recovery}")).await.body.to_string().contains("Marker Name"));
}

#[tokio::test]
async fn no_list_contains_rows_of_another_business() {
    let world = World::new().await;
    let theirs = &world.foreign;
    let ids = [
        &theirs.problem,
        &theirs.site,
        &theirs.place,
        &theirs.guarantee,
        &theirs.check,
        &theirs.recovery,
        &theirs.obstacle,
    ];
    for list in LISTS {
        let text = world.get(list).await.assert_status(200).body.to_string();
        assert!(ids.iter().all(|id| !text.contains(id.as_str())), "{list}: {text}");
    }
}

#[tokio::test]
async fn every_role_can_read_every_list() {
    let world = World::new().await;
    let one = format!("/recoveries/{}", world.own.recovery);
    for role in Role::ALL {
        for path in LISTS.into_iter().chain([one.as_str()]) {
            world.send("GET", path, Some(world.token(role)), None).await.assert_status(200);
        }
    }
}

#[tokio::test]
async fn the_pages_of_a_list_contain_every_row_once() {
    let world = World::new().await;
    for minute in 0..7 {
        world.advance(TimeDelta::minutes(minute % 3));
        let mut broken = world.own.broken_check(&unknown(), "staff");
        broken["obstacle"] = "staffing".into();
        world.post("/checks", &broken).await.assert_status(201);
    }
    world.post(&format!("/obstacles/{}/answers", world.own.obstacle), &obstacle_answer()).await.assert_status(201);
    for list in ["/checks", "/breaks", "/obstacles"] {
        let whole = ids_of_page(&world.get(&format!("{list}?limit=200")).await.assert_status(200).body);
        assert_eq!(whole.len(), 8);
        for limit in [1, 3, 7, 8] {
            assert_eq!(ids_of_all_pages(&world, list, limit).await, whole, "{list} by {limit}");
        }
    }
}

#[tokio::test]
async fn the_pages_of_all_other_lists_contain_every_row_once() {
    let world = World::new().await;
    for number in 0..4 {
        let slug = format!("clean-{number}");
        let problem = world.create(world.token(Role::Owner), "/problems", &problem()).await;
        let site = world.create(world.token(Role::Owner), "/sites", &json!({ "name": slug })).await;
        let place = json!({ "site": site, "name": slug });
        let place = world.create(world.token(Role::Owner), "/places", &place).await;
        let mut guarantee = guarantee(&problem, &place);
        guarantee["slug"] = slug.into();
        world.create(world.token(Role::Owner), "/guarantees", &guarantee).await;
        world.post("/checks", &world.own.broken_check(&unknown(), "customer")).await.assert_status(201);
    }
    for list in ["/problems", "/guarantees", "/sites", "/places", "/recoveries", "/recoveries?stage=open"] {
        let whole = ids_of_page(&world.get(list).await.assert_status(200).body);
        assert_eq!(whole.len(), 5, "{list}");
        for limit in [1, 2, 4, 5, 6] {
            assert_eq!(ids_of_all_pages(&world, list, limit).await, whole, "{list} by {limit}");
        }
    }
}

#[tokio::test]
async fn wording_versions_are_paginated() {
    let world = World::new().await;
    let list = format!("/guarantees/{}/versions", world.own.guarantee);
    for mark in [90, 91, 92] {
        let mut wording = wording();
        wording["mark"] = mark.into();
        world.post(&list, &wording).await.assert_status(201);
    }
    let numbers = async |query: &str| {
        let page = world.get(&format!("{list}{query}")).await.assert_status(200).body;
        let numbers = page["items"].as_array().unwrap().iter().map(|version| version["number"].as_i64().unwrap());
        (numbers.collect::<Vec<_>>(), page["before"].as_i64())
    };
    assert_eq!(numbers("").await, (vec![4, 3, 2, 1], None));
    assert_eq!(numbers("?limit=3").await, (vec![4, 3, 2], Some(2)));
    assert_eq!(numbers("?limit=3&before=2").await, (vec![1], None));
    assert_eq!(numbers("?before=1").await, (vec![], None));
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=", "limit"),
        ("limit=201", "limit"),
        ("limit=1&limit=1", "limit"),
        ("before=0", "before"),
        ("before=", "before"),
        ("before=-1", "before"),
        ("before=x", "before"),
        ("before=1&before=2", "before"),
        ("before=99999999999999999999", "before"),
    ] {
        let answered = world.get(&format!("{list}?{query}")).await.assert_status(422);
        assert_eq!(answered.body["errors"][0]["field"], field, "{query}");
    }
    world.get(&format!("/guarantees/{}/versions?limit=0", unknown())).await.assert_status(404);
}

async fn ids_of_all_pages(world: &World, list: &str, limit: usize) -> Vec<String> {
    let (mut all, mut before) = (Vec::new(), String::new());
    let and = if list.contains('?') { '&' } else { '?' };
    loop {
        let page = world.get(&format!("{list}{and}limit={limit}{before}")).await.assert_status(200).body;
        assert!(ids_of_page(&page).len() <= limit, "{list}");
        all.extend(ids_of_page(&page));
        let Some(id) = page["before"].as_str() else { break };
        before = format!("&before={id}");
    }
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    all
}

fn ids_of_page(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn invalid_list_parameters_are_refused_by_name() {
    let world = World::new().await;
    let wrong = [
        ("limit=0", "limit", "out_of_range"),
        ("limit=201", "limit", "out_of_range"),
        ("limit=-1", "limit", "out_of_range"),
        ("limit=99999999999999999999", "limit", "not_a_number"),
        ("limit=many", "limit", "not_a_number"),
        ("limit=%00", "limit", "not_a_number"),
        ("limit=%FF", "limit", "not_a_number"),
        ("before=yesterday", "before", "malformed"),
        ("before=7", "before", "malformed"),
        ("before=%E2%80%AE", "before", "missing"),
        ("other=1", "other", "malformed"),
        ("Limit=1", "Limit", "malformed"),
        ("limit%20=1", "limit ", "malformed"),
        ("limit[]=1", "limit[]", "malformed"),
        ("=1", "", "malformed"),
        ("limit=", "limit", "malformed"),
        ("before=", "before", "malformed"),
        ("limit=1&limit=many", "limit", "malformed"),
        ("limit=1&limit=1", "limit", "malformed"),
        ("limit=1&before=&limit=", "before", "malformed"),
        (
            "before=00000000-0000-0000-0000-000000000001&before=00000000-0000-0000-0000-000000000001",
            "before",
            "malformed",
        ),
    ];
    for list in LISTS {
        let and = if list.contains('?') { '&' } else { '?' };
        for (query, field, code) in wrong {
            let answered = world.get(&format!("{list}{and}{query}")).await.assert_status(422);
            assert!(answered.has_error(field, code), "{query}: {}", answered.body);
        }
        for right in ["limit=1", "limit=200", ""] {
            world.get(&format!("{list}{and}{right}")).await.assert_status(200);
        }
        for nowhere in [&unknown(), &world.foreign.check] {
            // Open recoveries move and close, so their cursor is a deadline and an id.
            let after_all = if list == "/recoveries" { format!("253402300799000_{nowhere}") } else { nowhere.clone() };
            let page = world.get(&format!("{list}{and}before={after_all}")).await.assert_status(200).body;
            assert!(ids_of_page(&page).is_empty(), "{list}");
        }
    }
    for (stage, code) in [
        ("lost", "unknown_choice"),
        ("OPEN", "unknown_choice"),
        ("open,closed", "unknown_choice"),
        ("", "malformed"),
        ("open&stage=closed", "malformed"),
        ("open&stage=open", "malformed"),
    ] {
        let answered = world.get(&format!("/recoveries?stage={stage}")).await.assert_status(422);
        assert!(answered.has_error("stage", code), "{stage}: {}", answered.body);
    }
}
