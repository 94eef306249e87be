//! Who may do what: each role against everything that writes.

use axum::http::StatusCode;
use domain::actor::{Act, Role};
use serde_json::{Value, json};

use crate::things::{answered, guarantee, number, problem, unknown};
use crate::world::World;

fn writes(world: &World) -> Vec<(Act, &'static str, String, Value)> {
    let own = &world.own;
    let name = format!("Name {}", number());
    let mut made = guarantee(&own.problem, &own.place);
    made["slug"] = format!("slug-{}", number()).into();
    let mut reworded = crate::things::wording();
    reworded["title"] = name.clone().into();
    let verb = json!({ "move": "suspend" });
    let correction = json!({ "verdict": "kept", "why": "The wrong door." });
    vec![
        (Act::Define, "POST", "/problems".to_owned(), problem()),
        (Act::Define, "POST", "/guarantees".to_owned(), made),
        (Act::Define, "POST", format!("/guarantees/{}/versions", own.guarantee), reworded),
        (Act::Define, "PUT", format!("/guarantees/{}/places", own.guarantee), json!([own.place])),
        (Act::Define, "POST", "/sites".to_owned(), json!({ "name": name })),
        (Act::Define, "POST", "/places".to_owned(), json!({ "site": own.site, "name": name })),
        (Act::Answer, "POST", format!("/obstacles/{}/answers", own.obstacle), answered()),
        (Act::Check, "POST", "/checks".to_owned(), own.kept(&unknown())),
        (Act::Check, "POST", format!("/checks/{}/corrections", own.check), correction),
        (Act::Recover, "POST", format!("/recoveries/{}/steps", own.recovery), world.acknowledge()),
        (Act::Recover, "POST", format!("/recoveries/{}/links", own.recovery), json!({})),
        (Act::Erase, "POST", format!("/recoveries/{}/erasure", own.recovery), json!({})),
        (Act::Define, "POST", format!("/guarantees/{}/moves", own.guarantee), verb),
    ]
}

#[tokio::test]
async fn a_role_does_what_it_may_and_nothing_else() {
    for role in Role::ALL {
        let world = World::new().await;
        for (act, method, path, document) in writes(&world) {
            let rows = world.counted().await;
            let answered = world.send(method, &path, Some(world.token(role)), Some(&document)).await;
            if role.may(act) {
                let done = [StatusCode::CREATED, StatusCode::NO_CONTENT].contains(&answered.status);
                // Nobody was asked yet: that is for the rules to say, not for the role.
                let is_early = path.ends_with("/links") && answered.status == StatusCode::CONFLICT;
                assert!(done || is_early, "{role:?} {path}: {}", answered.body);
            } else {
                assert_eq!(answered.status, 403, "{role:?} {path}: {}", answered.body);
                answered.is_of_type("forbidden");
                assert_eq!(world.counted().await, rows, "{role:?} {path}");
            }
        }
    }
}

#[tokio::test]
async fn everything_that_writes_is_tried() {
    let world = World::new().await;
    let paths = world.description["paths"].as_object().unwrap();
    let operations = paths.values().flat_map(|item| item.as_object().unwrap()).filter(|(method, _)| *method != "get");
    // Pictures are no documents: they have tests of their own.
    let described = operations.filter(|(_, operation)| operation["requestBody"]["content"]["image/jpeg"].is_null());
    assert_eq!(described.count(), writes(&world).len());
}
