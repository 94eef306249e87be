//! A program bound to some sites: at the others nothing is there for it.

use domain::actor::{Actor, Reach, Role, Who};
use serde_json::{Value, json};

use crate::things::{answered, guarantee, number, problem, unknown};
use crate::world::{World, token};

/// A second site where the same is promised, and the token of a program that is bound to it.
async fn elsewhere(world: &World, role: Role) -> (String, String, String) {
    let owner = world.token(Role::Owner);
    let site = world.make(owner, "/sites", &json!({ "name": format!("Site {}", number()) })).await;
    let place = world.make(owner, "/places", &json!({ "site": site, "name": "Counter" })).await;
    let promised = json!([world.own.place, place]);
    world.put(&format!("/guarantees/{}/places", world.own.guarantee), &promised).await.is(204);
    let actor = Actor::of(world.business, Who::Trialmark, Role::Owner);
    let token = token(&world.store, &actor, role, Reach::of([site.parse().unwrap()])).await;
    (site, place, token)
}

#[tokio::test]
async fn what_is_at_another_site_is_not_there_for_a_bound_program() {
    let world = World::new().await;
    let (site, place, bound) = elsewhere(&world, Role::Manager).await;
    let own = &world.own;
    for path in [
        format!("/sites/{}", own.site),
        format!("/places/{}", own.place),
        format!("/checks/{}", own.check),
        format!("/obstacles/{}", own.obstacle),
        format!("/recoveries/{}", own.recovery),
    ] {
        world.send("GET", &path, Some(&bound), None).await.is(404);
        world.get(&path).await.is(200);
    }
    let lists = [
        "/sites",
        "/places",
        "/checks",
        "/breaks",
        "/obstacles",
        "/recoveries",
        "/recoveries?stage=closed",
        "/guarantees",
    ];
    for list in lists {
        let text = world.send("GET", list, Some(&bound), None).await.is(200).body.to_string();
        for hidden in [&own.site, &own.place, &own.check, &own.recovery, &own.obstacle] {
            assert!(!text.contains(hidden.as_str()), "{list}: {text}");
        }
    }
    for path in [format!("/sites/{site}"), format!("/places/{place}"), format!("/guarantees/{}", own.guarantee)] {
        world.send("GET", &path, Some(&bound), None).await.is(200);
    }
}

#[tokio::test]
async fn a_bound_program_changes_nothing_at_another_site() {
    let world = World::new().await;
    let (_, _, bound) = elsewhere(&world, Role::Manager).await;
    let own = &world.own;
    let before = world.counted().await;
    let send =
        async |method, path: &str, document: &Value| world.send(method, path, Some(&bound), Some(document)).await;

    let (id, mut nowhere) = (unknown(), own.kept(&unknown()));
    nowhere["place"] = unknown().into();
    nowhere["id"] = id.clone().into();
    let (there, nowhere) =
        (send("POST", "/checks", &own.kept(&id)).await.is(422), send("POST", "/checks", &nowhere).await);
    assert!(there.says("place", "not_found"), "{}", there.body);
    assert_eq!(there.body, nowhere.is(422).body, "as if the place did not exist");
    let sent_before = own.broken(&own.check, "customer");
    assert!(send("POST", "/checks", &sent_before).await.is(422).says("place", "not_found"));

    let correction = json!({ "verdict": "kept", "why": "The wrong door." });
    send("POST", &format!("/checks/{}/corrections", own.check), &correction).await.is(404);
    send("POST", &format!("/obstacles/{}/answers", own.obstacle), &answered()).await.is(404);
    send("POST", &format!("/recoveries/{}/steps", own.recovery), &world.acknowledge()).await.is(404);
    send("POST", &format!("/recoveries/{}/links", own.recovery), &json!({})).await.is(404);
    send("POST", &format!("/recoveries/{}/erasure", own.recovery), &json!({})).await.is(404);
    let place = send("POST", "/places", &json!({ "site": own.site, "name": "Hall" })).await.is(422);
    assert!(place.says("site", "not_found"), "{}", place.body);
    // What is of the whole business is not for who reaches a part of it.
    send("POST", "/sites", &json!({ "name": "Odessa" })).await.is(403);
    send("POST", "/problems", &problem()).await.is(403);
    send("POST", "/guarantees", &guarantee(&own.problem, &own.place)).await.is(403);
    assert_eq!(world.counted().await, before);
}

#[tokio::test]
async fn a_bound_program_does_its_work_at_its_own_site() {
    let world = World::new().await;
    for role in [Role::Manager, Role::Staff] {
        let (_, place, bound) = elsewhere(&world, role).await;
        let mut broken = world.own.broken(&unknown(), "customer");
        broken["place"] = place.clone().into();
        let logged = world.send("POST", "/checks", Some(&bound), Some(&broken)).await.is(201).body;
        world.send("POST", "/checks", Some(&bound), Some(&broken)).await.is(200);
        let recovery = logged["recovery"].as_str().unwrap();
        let steps = format!("/recoveries/{recovery}/steps");
        world.send("POST", &steps, Some(&bound), Some(&world.acknowledge())).await.is(201);
        let listed = world.send("GET", "/recoveries", Some(&bound), None).await.is(200).body.to_string();
        assert!(listed.contains(recovery), "{listed}");
    }
}
