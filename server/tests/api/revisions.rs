//! Programs that change what somebody else has changed meanwhile hear what stands by now, and overwrite nothing.

use axum::body::Body;
use axum::http::{Request, header};
use domain::actor::Role;
use serde_json::{Value, json};

use crate::answered::Answered;
use crate::things::{answered, wording};
use crate::world::World;

impl World {
    /// A change to what was read at this revision.
    async fn replace(&self, method: &str, path: &str, document: &Value, revision: &str) -> Answered {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        let request = request
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token(Role::Owner)))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, revision);
        self.ask(request.body(Body::from(document.to_string())).unwrap()).await
    }
}

fn worded(field: &str, value: &str) -> Value {
    let mut wording = wording();
    wording[field] = value.into();
    wording
}

/// A change of something by two programs.
struct Change {
    /// Where it is read, and where its revision stands in it.
    read: String,
    revision: &'static str,
    method: &'static str,
    path: String,
    first: Value,
    second: Value,
    /// What the second reads.
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
            first: worded("remedy", "Two drinks."),
            second: worded("promise", "Clean, always."),
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
            first: answered(),
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
async fn what_was_changed_since_it_was_read_is_not_overwritten() {
    let world = World::new().await;
    for Change { read, revision, method, path, first, second, stands } in changes(&world) {
        let revision = world.get(&read).await.is(200).body.pointer(revision).unwrap().as_str().unwrap().to_owned();
        let tag = format!("\"{revision}\"");
        let done = world.replace(method, &path, &first, &tag).await;
        assert!(done.status.is_success(), "{path}: {}", done.body);
        if stands.is_null() {
            // Said again as it was: it is what was read.
            world.replace(method, &path, &second, &tag).await.is(204);
            continue;
        }
        let before = (world.counted().await, world.get(&read).await.body);
        let refused = world.replace(method, &path, &second, &tag).await.is(412);
        assert_eq!(refused.body["type"], "urn:trialmark:problem:stale", "{path}");
        for (field, value) in stands.as_object().unwrap() {
            assert_eq!(&refused.body["stands"][field], value, "{path} {}", refused.body);
        }
        assert_eq!((world.counted().await, world.get(&read).await.body), before, "{path}");
        world.replace(method, &path, &second, "\"0123456789abcdef\"").await.is(412);
    }
}

#[tokio::test]
async fn whoever_says_nothing_of_what_they_read_changes_what_stands() {
    let world = World::new().await;
    let path = format!("/guarantees/{}/versions", world.own.guarantee);
    for (number, tag) in ["*", "", " ", "\"\"", "W/\"\""].iter().enumerate() {
        world.replace("POST", &path, &worded("remedy", &format!("{number} drinks.")), tag).await.is(201);
    }
    let description = &world.description["paths"]["/guarantees/{id}/versions"]["post"];
    let names: Vec<_> = description["parameters"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert!(names.contains(&json!("If-Match")), "{names:?}");
}

#[tokio::test]
async fn another_businesss_ids_are_as_free_as_any() {
    let world = World::new().await;
    let theirs = world.own.kept(&world.foreign.check);
    for _ in 0..2 {
        let logged = world.post("/checks", &theirs).await;
        assert!(logged.status.is_success(), "{}", logged.body);
        assert_eq!(logged.body["id"], world.foreign.check.as_str());
    }
    let other = world.own.broken(&world.foreign.check, "staff");
    world.post("/checks", &other).await.is(409);
}
