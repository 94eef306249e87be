//! A customer's own data: who sees it, handing it over, and forgetting it.

use domain::actor::Role;
use serde_json::{Value, json};

use crate::whole_loop::understand;
use crate::world::World;

async fn named(world: &World) -> String {
    let mut said = world.acknowledge();
    said["customer_name"] = "Dana Reyes".into();
    said["customer_contact"] = "dana@example.com".into();
    world.step(&world.own.recovery, said).await.is(201);
    world.step(&world.own.recovery, understand()).await.is(201);
    format!("/recoveries/{}", world.own.recovery)
}

#[tokio::test]
async fn a_customer_is_named_to_those_who_recover() {
    let world = World::new().await;
    let path = named(&world).await;
    for role in Role::ALL {
        let read = world.send("GET", &path, Some(world.token(role)), None).await.is(200).body;
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
async fn what_is_known_is_handed_over_and_then_forgotten() {
    let world = World::new().await;
    let path = named(&world).await;
    for role in [Role::Staff, Role::Auditor] {
        let refused = world.send("GET", &format!("{path}/customer"), Some(world.token(role)), None).await.is(403);
        refused.is_of_type("forbidden");
    }
    let file = world.get(&format!("{path}/customer")).await.is(200).body;
    assert_eq!((&file["name"], &file["contact"]), (&json!("Dana Reyes"), &json!("dana@example.com")));
    assert_eq!(file["recoveries"][0]["steps"][1]["step"], "understood");
    let words = file["recoveries"][0]["steps"][1]["words"].as_str().unwrap().to_owned();

    let forgotten = world.post(&format!("{path}/erasure"), &json!({})).await.is(201).body;
    assert!(forgotten["texts"].as_i64().unwrap() > 1 && forgotten["again"] == false, "{forgotten}");
    let again = world.post(&format!("{path}/erasure"), &json!({})).await.is(200).body;
    assert_eq!(again, json!({ "at": forgotten["at"], "texts": 0, "again": true }));
    let read = world.get(&path).await.is(200).body;
    assert_eq!(read["customer"], json!({ "known": "forgotten", "name": null, "contact": null }));
    let file = world.get(&format!("{path}/customer")).await.is(200).body;
    assert_eq!(
        (&file["name"], &file["contact"], &file["forgotten_at"]),
        (&Value::Null, &Value::Null, &forgotten["at"])
    );
    for body in [read, file] {
        assert!(!body.to_string().contains("Dana") && !body.to_string().contains(&words), "{body}");
    }
    world.step(&world.own.recovery, json!({ "step": "ask_customer" })).await.is(409).is_of_type("customer-forgotten");
}

#[tokio::test]
async fn where_nobody_is_known_nobody_is_handed_over_or_forgotten() {
    let world = World::new().await;
    let broken = world.post("/checks", &world.own.broken(&crate::things::unknown(), "staff")).await.is(201);
    let recovery = broken.body["recovery"].as_str().unwrap();
    world.get(&format!("/recoveries/{recovery}/customer")).await.is(404);
    world.post(&format!("/recoveries/{recovery}/erasure"), &json!({})).await.is(404);
    world.post(&format!("/recoveries/{recovery}/erasure"), &json!({ "really": true })).await.is(422);
}
