//! The data of a customer: access, export and erasure.

use domain::role::Role;
use serde_json::{Value, json};

use crate::whole_loop::understand;
use crate::world::World;

async fn recovery_with_customer(world: &World) -> String {
    let mut said = world.acknowledge();
    said["customer_name"] = "Dana Reyes".into();
    said["customer_contact"] = "dana@example.com".into();
    world.step(&world.own.recovery, said).await.assert_status(201);
    world.step(&world.own.recovery, understand()).await.assert_status(201);
    format!("/recoveries/{}", world.own.recovery)
}

#[tokio::test]
async fn only_recovery_roles_see_the_name_of_a_customer() {
    let world = World::new().await;
    let path = recovery_with_customer(&world).await;
    for role in Role::ALL {
        let read = world.send("GET", &path, Some(world.token(role)), None).await.assert_status(200).body;
        let known = if role == Role::Auditor {
            json!({ "known": "withheld", "name": null, "contact": null })
        } else {
            json!({ "known": "named", "name": "Dana Reyes", "contact": "dana@example.com" })
        };
        assert_eq!(read["customer"], known, "{role:?}");
        assert_eq!(role == Role::Auditor, !read.to_string().contains("Dana"), "{role:?}");
    }
}

#[tokio::test]
async fn customer_data_can_be_exported_and_erased() {
    let world = World::new().await;
    let path = recovery_with_customer(&world).await;
    for role in [Role::Staff, Role::Auditor] {
        let refused =
            world.send("GET", &format!("{path}/customer"), Some(world.token(role)), None).await.assert_status(403);
        refused.assert_problem_type("forbidden");
    }
    let file = world.get(&format!("{path}/customer")).await.assert_status(200).body;
    assert_eq!((&file["name"], &file["contact"]), (&json!("Dana Reyes"), &json!("dana@example.com")));
    assert_eq!(file["recoveries"][0]["steps"][1]["step"], "understood");
    let words = file["recoveries"][0]["steps"][1]["words"].as_str().unwrap().to_owned();

    let forgotten = world.post(&format!("{path}/erasure"), &json!({})).await.assert_status(201).body;
    assert!(forgotten["texts"].as_i64().unwrap() > 1 && forgotten["again"] == false, "{forgotten}");
    let again = world.post(&format!("{path}/erasure"), &json!({})).await.assert_status(200).body;
    assert_eq!(again, json!({ "at": forgotten["at"], "texts": 0, "again": true }));
    let read = world.get(&path).await.assert_status(200).body;
    assert_eq!(read["customer"], json!({ "known": "forgotten", "name": null, "contact": null }));
    let file = world.get(&format!("{path}/customer")).await.assert_status(200).body;
    assert_eq!(
        (&file["name"], &file["contact"], &file["forgotten_at"]),
        (&Value::Null, &Value::Null, &forgotten["at"])
    );
    for body in [read, file] {
        assert!(!body.to_string().contains("Dana") && !body.to_string().contains(&words), "{body}");
    }
    world
        .step(&world.own.recovery, json!({ "step": "ask_customer" }))
        .await
        .assert_status(409)
        .assert_problem_type("customer-forgotten");
}

#[tokio::test]
async fn exporting_or_erasing_an_unknown_customer_gets_404() {
    let world = World::new().await;
    let broken =
        world.post("/checks", &world.own.broken_check(&crate::rows::unknown(), "staff")).await.assert_status(201);
    let recovery = broken.body["recovery"].as_str().unwrap();
    world.get(&format!("/recoveries/{recovery}/customer")).await.assert_status(404);
    world.post(&format!("/recoveries/{recovery}/erasure"), &json!({})).await.assert_status(404);
    world.post(&format!("/recoveries/{recovery}/erasure"), &json!({ "really": true })).await.assert_status(422);
}
