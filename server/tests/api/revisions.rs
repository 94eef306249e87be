//! `If-Match`: an outdated revision is refused with the current values, and nothing is overwritten.

use axum::body::Body;
use axum::http::{Request, header};
use domain::role::Role;
use serde_json::{Value, json};

use crate::response::ApiResponse;
use crate::rows::{obstacle_answer, wording};
use crate::world::World;

impl World {
    /// A change with `If-Match` of this revision.
    async fn replace_if_match(&self, method: &str, path: &str, document: &Value, revision: &str) -> ApiResponse {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        let request = request
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token(Role::Owner)))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, revision);
        self.send_request(request.body(Body::from(document.to_string())).unwrap()).await
    }
}

fn wording_with(field: &str, value: &str) -> Value {
    let mut wording = wording();
    wording[field] = value.into();
    wording
}

/// Two changes of the same row by two programs.
struct Change {
    /// The address to read it from, and the pointer to its revision.
    read: String,
    revision: &'static str,
    method: &'static str,
    path: String,
    first: Value,
    second: Value,
    /// What the second program reads.
    stands: Value,
}

fn changes(world: &World) -> Vec<Change> {
    let things = &world.own;
    let (guarantee, check) = (format!("/guarantees/{}", things.guarantee), format!("/checks/{}", things.check));
    let (obstacle, recovery) = (format!("/obstacles/{}", things.obstacle), format!("/recoveries/{}", things.recovery));
    let correction = |verdict: &str| json!({ "verdict": verdict, "why": "Seen wrong.", "note": "Closed." });
    let update = world.acknowledge();
    vec![
        Change {
            read: guarantee.clone(),
            revision: "/revisions/places",
            method: "PUT",
            path: format!("{guarantee}/places"),
            first: json!([things.place, world.own.place]),
            second: json!([things.place]),
            stands: Value::Null,
        },
        Change {
            read: guarantee.clone(),
            revision: "/revisions/wording",
            method: "POST",
            path: format!("{guarantee}/versions"),
            first: wording_with("remedy", "Two drinks."),
            second: wording_with("promise", "Clean, always."),
            stands: json!({ "remedy": "Two drinks." }),
        },
        Change {
            read: guarantee.clone(),
            revision: "/revisions/stage",
            method: "POST",
            path: format!("{guarantee}/moves"),
            first: json!({ "move": "suspend" }),
            second: json!({ "move": "retire" }),
            stands: json!({ "stage": "suspended" }),
        },
        Change {
            read: obstacle.clone(),
            revision: "/revision",
            method: "POST",
            path: format!("{obstacle}/answers"),
            first: obstacle_answer(),
            second: json!({ "decision": "done", "words": "Bought." }),
            stands: json!({ "decision": "planned", "words": "Two people from Monday on." }),
        },
        Change {
            read: recovery.clone(),
            revision: "/revision",
            method: "POST",
            path: format!("{recovery}/steps"),
            first: update.clone(),
            second: update,
            stands: json!({ "steps": 1 }),
        },
        Change {
            read: check.clone(),
            revision: "/revision",
            method: "POST",
            path: format!("{check}/corrections"),
            first: correction("kept"),
            second: correction("not_applicable"),
            stands: json!({ "verdict": "kept" }),
        },
    ]
}

#[tokio::test]
async fn if_match_prevents_overwriting_a_newer_revision() {
    let world = World::new().await;
    for Change { read, revision, method, path, first, second, stands } in changes(&world) {
        let revision =
            world.get(&read).await.assert_status(200).body.pointer(revision).unwrap().as_str().unwrap().to_owned();
        let tag = format!("\"{revision}\"");
        let done = world.replace_if_match(method, &path, &first, &tag).await;
        assert!(done.status.is_success(), "{path}: {}", done.body);
        if stands.is_null() {
            // The same values give the same revision.
            world.replace_if_match(method, &path, &second, &tag).await.assert_status(204);
            continue;
        }
        let before = (world.row_counts().await, world.get(&read).await.body);
        let refused = world.replace_if_match(method, &path, &second, &tag).await.assert_status(412);
        assert_eq!(refused.body["type"], "urn:trialmark:problem:stale", "{path}");
        for (field, value) in stands.as_object().unwrap() {
            assert_eq!(&refused.body["stands"][field], value, "{path} {}", refused.body);
        }
        assert_eq!((world.row_counts().await, world.get(&read).await.body), before, "{path}");
        world.replace_if_match(method, &path, &second, "\"0123456789abcdef\"").await.assert_status(412);
    }
}

#[tokio::test]
async fn requests_without_if_match_change_the_current_revision() {
    let world = World::new().await;
    let path = format!("/guarantees/{}/versions", world.own.guarantee);
    for (number, tag) in ["*", "", " ", "\"\"", "W/\"\""].iter().enumerate() {
        world
            .replace_if_match("POST", &path, &wording_with("remedy", &format!("{number} drinks.")), tag)
            .await
            .assert_status(201);
    }
    let description = &world.description["paths"]["/guarantees/{id}/versions"]["post"];
    let names: Vec<_> = description["parameters"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert!(names.contains(&json!("If-Match")), "{names:?}");
}

#[tokio::test]
async fn two_businesses_can_use_the_same_check_id() {
    let world = World::new().await;
    let theirs = world.own.kept_check(&world.foreign.check);
    for _ in 0..2 {
        let logged = world.post("/checks", &theirs).await;
        assert!(logged.status.is_success(), "{}", logged.body);
        assert_eq!(logged.body["id"], world.foreign.check.as_str());
    }
    let other = world.own.broken_check(&world.foreign.check, "staff");
    world.post("/checks", &other).await.assert_status(409);
}
