//! Recoveries where no customer is known, and where the rules refuse a step.

use chrono::TimeDelta;
use serde_json::json;

use crate::things::unknown;
use crate::whole_loop::{learn, remedy, understand};
use crate::world::World;

#[tokio::test]
async fn where_nobody_can_be_asked_the_record_speaks() {
    let world = World::new().await;
    let broken = world.post("/checks", &world.own.broken(&unknown(), "staff")).await.is(201);
    let recovery = broken.body["recovery"].as_str().unwrap();
    world.step(recovery, json!({ "step": "acknowledge" })).await.is(201);
    world.step(recovery, json!({ "step": "ask_customer" })).await.is(409).is_of_type("nobody-to-ask");
    world.step(recovery, understand()).await.is(201);
    world.step(recovery, json!({ "step": "remedy", "correction": "We mopped it." })).await.is(201);
    assert_eq!(world.step(recovery, json!({ "step": "follow_up" })).await.is(201).body, json!({ "link": null }));
    world.step(recovery, learn()).await.is(201);
    for kept in 1..=2 {
        world.pass(TimeDelta::hours(1));
        world.post("/checks", &world.own.kept(&unknown())).await.is(201);
        let read = world.get(&format!("/recoveries/{recovery}")).await.body;
        let outcome = if kept == 2 { json!("restored_by_record") } else { json!(null) };
        assert_eq!(read["outcome"], outcome);
    }
}

#[tokio::test]
async fn silence_is_no_answer_only_when_the_time_is_over() {
    let world = World::new().await;
    let recovery = world.own.recovery.as_str();
    for step in [world.acknowledge(), understand(), remedy(), learn(), json!({ "step": "follow_up" })] {
        world.step(recovery, step).await.is(201);
    }
    world.pass(TimeDelta::days(7));
    world.step(recovery, json!({ "step": "no_answer" })).await.is(201);
    let read = world.get(&format!("/recoveries/{recovery}")).await.body;
    assert_eq!((&read["stage"], &read["outcome"]), (&json!("closed"), &json!("no_answer")));
    world.step(recovery, json!({ "step": "reopen", "why": "She called." })).await.is(201);
    assert_eq!(world.get(&format!("/recoveries/{recovery}")).await.body["stage"], "opened");
}

#[tokio::test]
async fn a_new_link_ends_the_one_before_it() {
    let world = World::new().await;
    let recovery = world.own.recovery.as_str();
    let links = format!("/recoveries/{recovery}/links");
    world.post(&links, &json!({})).await.is(409);
    for step in [world.acknowledge(), understand(), remedy()] {
        world.step(recovery, step).await.is(201);
    }
    world.post(&links, &json!({})).await.is(409);
    let first = world.step(recovery, json!({ "step": "follow_up" })).await.is(201).body["link"].clone();
    let second = world.post(&links, &json!({})).await.is(201).body["link"].clone();
    let key = |link: &serde_json::Value| link.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert!(world.store.follow_up(&key(&first)).await.unwrap().unwrap().answered, "it is no longer open");
    assert!(!world.store.follow_up(&key(&second)).await.unwrap().unwrap().answered);
    world.post(&links, &json!({ "to": "Ann" })).await.is(422);
}

#[tokio::test]
async fn a_question_is_put_once_and_answered_once() {
    let world = World::new().await;
    let recovery = world.own.recovery.as_str();
    world.step(recovery, world.acknowledge()).await.is(201);
    world.step(recovery, json!({ "step": "customer_replied" })).await.is(409).is_of_type("nothing-asked");
    world.step(recovery, json!({ "step": "ask_customer" })).await.is(201);
    world.step(recovery, json!({ "step": "ask_customer" })).await.is(409).is_of_type("answered-already");
}

#[tokio::test]
async fn a_clock_that_ran_out_says_so() {
    let world = World::new().await;
    world.pass(TimeDelta::minutes(16));
    let read = world.get(&format!("/recoveries/{}", world.own.recovery)).await.body;
    assert_eq!(
        read["clocks"][0],
        json!({ "kind": "acknowledge", "due": "2026-11-02T12:15:00.000Z", "met_at": null, "late": true })
    );
    assert_eq!(read["pressing"], read["clocks"][0]);
}
