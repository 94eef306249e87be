//! Permissions: each role against every writing operation.

use axum::http::StatusCode;
use domain::role::{Permission, Role};
use serde_json::{Value, json};

use crate::rows::{guarantee, number, obstacle_answer, problem, unknown};
use crate::world::World;

fn write_operations(world: &World) -> Vec<(Permission, &'static str, String, Value)> {
    let own = &world.own;
    let name = format!("Name {}", number());
    let mut made = guarantee(&own.problem, &own.place);
    made["slug"] = format!("slug-{}", number()).into();
    let mut reworded = crate::rows::wording();
    reworded["title"] = name.clone().into();
    let verb = json!({ "move": "suspend" });
    let correction = json!({ "verdict": "kept", "why": "The wrong door." });
    vec![
        (Permission::ManageGuarantees, "POST", "/problems".to_owned(), problem()),
        (Permission::ManageGuarantees, "POST", "/guarantees".to_owned(), made),
        (Permission::ManageGuarantees, "POST", format!("/guarantees/{}/versions", own.guarantee), reworded),
        (Permission::ManageGuarantees, "PUT", format!("/guarantees/{}/places", own.guarantee), json!([own.place])),
        (Permission::ManageGuarantees, "POST", "/sites".to_owned(), json!({ "name": name })),
        (Permission::ManageGuarantees, "POST", "/places".to_owned(), json!({ "site": own.site, "name": name })),
        (Permission::AnswerObstacles, "POST", format!("/obstacles/{}/answers", own.obstacle), obstacle_answer()),
        (Permission::LogChecks, "POST", "/checks".to_owned(), own.kept_check(&unknown())),
        (Permission::LogChecks, "POST", format!("/checks/{}/corrections", own.check), correction),
        (Permission::HandleRecoveries, "POST", format!("/recoveries/{}/steps", own.recovery), world.acknowledge()),
        (Permission::HandleRecoveries, "POST", format!("/recoveries/{}/links", own.recovery), json!({})),
        (Permission::EraseCustomers, "POST", format!("/recoveries/{}/erasure", own.recovery), json!({})),
        (Permission::ManageGuarantees, "POST", format!("/guarantees/{}/moves", own.guarantee), verb),
    ]
}

#[tokio::test]
async fn each_role_can_perform_only_permitted_operations() {
    for role in Role::ALL {
        let world = World::new().await;
        for (act, method, path, document) in write_operations(&world) {
            let rows = world.row_counts().await;
            let answered = world.send(method, &path, Some(world.token(role)), Some(&document)).await;
            if role.may(act) {
                let done = [StatusCode::CREATED, StatusCode::NO_CONTENT].contains(&answered.status);
                // The rules refuse this step, not the role.
                let is_early = path.ends_with("/links") && answered.status == StatusCode::CONFLICT;
                assert!(done || is_early, "{role:?} {path}: {}", answered.body);
            } else {
                assert_eq!(answered.status, 403, "{role:?} {path}: {}", answered.body);
                answered.assert_problem_type("forbidden");
                assert_eq!(world.row_counts().await, rows, "{role:?} {path}");
            }
        }
    }
}

#[tokio::test]
async fn every_write_operation_is_tested() {
    let world = World::new().await;
    let paths = world.description["paths"].as_object().unwrap();
    let operations = paths.values().flat_map(|item| item.as_object().unwrap()).filter(|(method, _)| *method != "get");
    // Photos are no documents, and have their own tests.
    let described = operations.filter(|(_, operation)| operation["requestBody"]["content"]["image/jpeg"].is_null());
    assert_eq!(described.count(), write_operations(&world).len());
}
