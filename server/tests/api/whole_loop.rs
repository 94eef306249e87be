//! The whole loop through REST: from a problem to a promise, a break and restored trust.

use axum::http::header;
use chrono::TimeDelta;
use domain::recovery::FollowUpDraft;
use serde_json::{Value, json};

use crate::response::ApiResponse;
use crate::rows::{Ids, guarantee, problem, unknown};
use crate::world::World;

impl World {
    pub async fn step(&self, recovery: &str, document: Value) -> ApiResponse {
        self.post(&format!("/recoveries/{recovery}/steps"), &document).await
    }

    pub fn acknowledge(&self) -> Value {
        json!({
            "step": "acknowledge",
            "customer_name": "Marker Name",
            "customer_contact": "marker@example.com",
            "apology": "I am sorry. I will put it right.",
            "responsibility": true,
            "repair": true,
            "next_update_by": self.time(TimeDelta::hours(2)),
        })
    }
}

pub fn understand() -> Value {
    json!({ "step": "understand", "words": "The floor was wet.", "severity": "minor", "preventable": true })
}

pub fn remedy() -> Value {
    json!({
        "step": "remedy", "correction": "We mopped it.", "remedy": "A free drink.", "cost": "2.49", "proactive": true
    })
}

pub fn learn() -> Value {
    json!({
        "step": "learn", "cause": "One pair of hands.", "corrective_action": "A second person at noon.",
        "heard": true, "thanked": true, "supported": true
    })
}

#[tokio::test]
async fn a_rest_client_performs_every_step_up_to_restored_trust() {
    let world = World::new().await;

    // A guarantee for a problem, at a place, published.
    let problem = world.create(world.token(domain::role::Role::Owner), "/problems", &problem()).await;
    let owner = world.token(domain::role::Role::Owner);
    let site = world.create(owner, "/sites", &json!({ "name": "Abilene" })).await;
    let place = world.create(owner, "/places", &json!({ "site": site, "name": "Counter" })).await;
    let mut wanted = guarantee(&problem, &place);
    wanted["slug"] = "abilene".into();
    wanted["places"] = json!([]);
    let id = world.create(owner, "/guarantees", &wanted).await;
    world
        .post(&format!("/guarantees/{id}/moves"), &json!({ "move": "publish" }))
        .await
        .assert_status(409)
        .assert_problem_type("no-place");
    world.put(&format!("/guarantees/{id}/places"), &json!([place])).await.assert_status(204);
    let moved = world.post(&format!("/guarantees/{id}/moves"), &json!({ "move": "publish" })).await.assert_status(201);
    assert_eq!(moved.body, json!({ "stage": "published" }));
    let read = world.get(&format!("/guarantees/{id}")).await.body;
    assert_eq!((&read["stage"], &read["moves"]), (&json!("published"), &json!(["suspend", "retire"])));
    for (field, value) in crate::rows::wording().as_object().unwrap() {
        assert_eq!(read[field], *value, "{field} comes back as it was sent");
    }

    // The old version stays readable.
    let mut reworded = crate::rows::wording();
    reworded["promise"] = "Every restroom is clean and stocked, at any hour.".into();
    let version = world.post(&format!("/guarantees/{id}/versions"), &reworded).await.assert_status(201);
    assert_eq!(version.headers[header::LOCATION], format!("/api/v1/guarantees/{id}/versions/2"));
    assert_eq!(world.get(&format!("/guarantees/{id}/versions/1")).await.body["promise"], wanted["promise"]);
    assert_eq!(world.get(&format!("/guarantees/{id}/versions")).await.body["items"][0]["promise"], reworded["promise"]);
    world
        .post(&format!("/guarantees/{id}/versions"), &reworded)
        .await
        .assert_status(409)
        .assert_problem_type("unchanged");

    // A kept check, then a broken one, which opens a recovery.
    let things = Ids { problem, site, place, guarantee: id, ..world.own.clone() };
    let kept = world.post("/checks", &things.kept_check(&unknown())).await.assert_status(201);
    assert_eq!((&kept.body["verdict"], &kept.body["recovery"]), (&json!("kept"), &Value::Null));
    let broken = world.post("/checks", &things.broken_check(&unknown(), "customer")).await.assert_status(201);
    let recovery = broken.body["recovery"].as_str().unwrap().to_owned();
    let row = world.get("/breaks").await.body["items"][0].clone();
    assert_eq!((&row["recovery"], &row["version"], &row["stage"]), (&json!(recovery), &json!(2), &json!("opened")));

    complete_recovery(&world, &recovery).await;
}

async fn complete_recovery(world: &World, recovery: &str) {
    // The steps in their order. Any other order is refused.
    world.step(recovery, remedy()).await.assert_status(409).assert_problem_type("illegal-step");
    let taken = world.step(recovery, world.acknowledge()).await.assert_status(201);
    assert_eq!(taken.headers[header::LOCATION], format!("/api/v1/recoveries/{recovery}"));
    assert_eq!(taken.body, json!({ "link": null }));
    world.step(recovery, understand()).await.assert_status(201);
    world.step(recovery, json!({ "step": "ask_customer" })).await.assert_status(201);
    let read = world.get(&format!("/recoveries/{recovery}")).await.body;
    let remedy_clock = read["clocks"].as_array().unwrap().iter().find(|clock| clock["kind"] == "remedy").unwrap();
    assert_eq!(remedy_clock["due"], Value::Null, "it waits for the customer");
    world.step(recovery, json!({ "step": "customer_replied" })).await.assert_status(201);
    world.advance(TimeDelta::minutes(5));
    let update = json!({ "step": "update", "told": "Almost done.", "next_update_by": world.time(TimeDelta::hours(1)) });
    world.step(recovery, update).await.assert_status(201);
    world.step(recovery, remedy()).await.assert_status(201);
    world.step(recovery, learn()).await.assert_status(201);

    // The customer gets a link that is shown once. Nobody else can answer.
    let link = world.step(recovery, json!({ "step": "follow_up" })).await.assert_status(201).body["link"]
        .as_str()
        .unwrap()
        .to_owned();
    let key = link.strip_prefix("https://trialmark.example/follow-up/").unwrap();
    world.step(recovery, json!({ "step": "follow_up" })).await.assert_status(409);
    assert!(!world.get(&format!("/recoveries/{recovery}")).await.body.to_string().contains(key));
    world.step(recovery, json!({ "step": "answered", "fixed": "yes", "again": "yes" })).await.assert_status(422);
    world
        .step(recovery, json!({ "step": "no_answer" }))
        .await
        .assert_status(409)
        .assert_problem_type("still-time-to-answer");
    let answer = FollowUpDraft { fixed: "yes".into(), again: "yes".into(), ..FollowUpDraft::default() };
    world.store.answer_follow_up(key, &answer).await.unwrap().unwrap();

    let read = world.get(&format!("/recoveries/{recovery}")).await.body;
    assert_eq!((&read["stage"], &read["outcome"]), (&json!("closed"), &json!("restored")));
    let steps: Vec<_> = read["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    let walked = [
        "acknowledged",
        "understood",
        "asked_customer",
        "customer_replied",
        "updated",
        "remedied",
        "learned",
        "follow_up_sent",
        "answered",
        "closed",
    ];
    assert_eq!(steps, walked);
    assert_eq!(read["steps"][5]["cost"], json!({ "minor": 249, "currency": "USD" }));
    assert_eq!(read["steps"][5]["received_at"], "2026-11-02T12:05:00.000Z");
    assert_eq!((&read["steps"][0]["by"], &read["steps"][8]["by"]), (&json!("program"), &json!("customer")));
    assert_eq!(read["tier"]["level"], "raised");
    assert_eq!(read["customer"], json!({ "known": "named", "name": "Marker Name", "contact": "marker@example.com" }));
    let closed = world.get("/recoveries?stage=closed").await.body;
    assert_eq!(closed["items"][0]["id"], recovery);
    assert_eq!(world.get("/breaks").await.body["items"][0]["outcome"], "restored");
    world.store.verify(world.business).await.unwrap().unwrap();
}
