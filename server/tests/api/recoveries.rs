//! Recoveries where no customer is known, and where the rules refuse a step.

use chrono::TimeDelta;
use serde_json::json;

use crate::rows::unknown;
use crate::whole_loop::{learn, remedy, understand};
use crate::world::World;

#[tokio::test]
async fn a_recovery_without_a_customer_is_closed_by_kept_checks() {
    let world = World::new().await;
    let broken = world.post("/checks", &world.own.broken_check(&unknown(), "staff")).await.assert_status(201);
    let recovery = broken.body["recovery"].as_str().unwrap();
    world.step(recovery, json!({ "step": "acknowledge" })).await.assert_status(201);
    world
        .step(recovery, json!({ "step": "ask_customer" }))
        .await
        .assert_status(409)
        .assert_problem_type("nobody-to-ask");
    world.step(recovery, understand()).await.assert_status(201);
    world.step(recovery, json!({ "step": "remedy", "correction": "We mopped it." })).await.assert_status(201);
    assert_eq!(
        world.step(recovery, json!({ "step": "follow_up" })).await.assert_status(201).body,
        json!({ "link": null })
    );
    world.step(recovery, learn()).await.assert_status(201);
    for kept in 1..=2 {
        world.advance(TimeDelta::hours(1));
        world.post("/checks", &world.own.kept_check(&unknown())).await.assert_status(201);
        let read = world.get(&format!("/recoveries/{recovery}")).await.body;
        let outcome = if kept == 2 { json!("restored_by_record") } else { json!(null) };
        assert_eq!(read["outcome"], outcome);
    }
}

#[tokio::test]
async fn a_recovery_can_close_without_an_answer_after_the_deadline() {
    let world = World::new().await;
    let recovery = world.own.recovery.as_str();
    for step in [world.acknowledge(), understand(), remedy(), learn(), json!({ "step": "follow_up" })] {
        world.step(recovery, step).await.assert_status(201);
    }
    world.advance(TimeDelta::days(7));
    world.step(recovery, json!({ "step": "no_answer" })).await.assert_status(201);
    let read = world.get(&format!("/recoveries/{recovery}")).await.body;
    assert_eq!((&read["stage"], &read["outcome"]), (&json!("closed"), &json!("no_answer")));
    world.step(recovery, json!({ "step": "reopen", "why": "She called." })).await.assert_status(201);
    assert_eq!(world.get(&format!("/recoveries/{recovery}")).await.body["stage"], "opened");
}

#[tokio::test]
async fn a_new_follow_up_link_replaces_the_old_link() {
    let world = World::new().await;
    let recovery = world.own.recovery.as_str();
    let links = format!("/recoveries/{recovery}/links");
    world.post(&links, &json!({})).await.assert_status(409);
    for step in [world.acknowledge(), understand(), remedy()] {
        world.step(recovery, step).await.assert_status(201);
    }
    world.post(&links, &json!({})).await.assert_status(409);
    let first = world.step(recovery, json!({ "step": "follow_up" })).await.assert_status(201).body["link"].clone();
    let second = world.post(&links, &json!({})).await.assert_status(201).body["link"].clone();
    let key = |link: &serde_json::Value| link.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert!(world.store.follow_up(&key(&first)).await.unwrap().unwrap().answered, "it is no longer open");
    assert!(!world.store.follow_up(&key(&second)).await.unwrap().unwrap().answered);
    world.post(&links, &json!({ "to": "Ann" })).await.assert_status(422);
}

#[tokio::test]
async fn an_unasked_reply_and_a_repeated_question_are_refused() {
    let world = World::new().await;
    let recovery = world.own.recovery.as_str();
    world.step(recovery, world.acknowledge()).await.assert_status(201);
    world
        .step(recovery, json!({ "step": "customer_replied" }))
        .await
        .assert_status(409)
        .assert_problem_type("nothing-asked");
    world.step(recovery, json!({ "step": "ask_customer" })).await.assert_status(201);
    world
        .step(recovery, json!({ "step": "ask_customer" }))
        .await
        .assert_status(409)
        .assert_problem_type("answered-already");
}

#[tokio::test]
async fn a_missed_deadline_is_reported() {
    let world = World::new().await;
    world.advance(TimeDelta::minutes(16));
    let read = world.get(&format!("/recoveries/{}", world.own.recovery)).await.body;
    assert_eq!(
        read["clocks"][0],
        json!({ "kind": "acknowledge", "due": "2026-11-02T12:15:00.000Z", "met_at": null, "late": true })
    );
    assert_eq!(read["pressing"], read["clocks"][0]);
}
