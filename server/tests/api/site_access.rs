//! Tokens that are limited to some sites: other sites do not exist for them.

use domain::actor::{Actor, Principal};
use domain::role::Role;
use domain::site_access::SiteAccess;
use serde_json::{Value, json};

use crate::rows::{guarantee, number, obstacle_answer, problem, unknown};
use crate::world::{World, token};

/// A second site with the same guarantee, and a token that is limited to it.
async fn second_site(world: &World, role: Role) -> (String, String, String) {
    let owner = world.token(Role::Owner);
    let site = world.create(owner, "/sites", &json!({ "name": format!("Site {}", number()) })).await;
    let place = world.create(owner, "/places", &json!({ "site": site, "name": "Counter" })).await;
    let promised = json!([world.own.place, place]);
    world.put(&format!("/guarantees/{}/places", world.own.guarantee), &promised).await.assert_status(204);
    let actor = Actor::new(world.business, Principal::System, Role::Owner);
    let token = token(&world.store, &actor, role, SiteAccess::sites([site.parse().unwrap()])).await;
    (site, place, token)
}

#[tokio::test]
async fn other_sites_are_not_found_for_a_site_limited_token() {
    let world = World::new().await;
    let (site, place, limited_token) = second_site(&world, Role::Manager).await;
    let own = &world.own;
    for path in [
        format!("/sites/{}", own.site),
        format!("/places/{}", own.place),
        format!("/checks/{}", own.check),
        format!("/obstacles/{}", own.obstacle),
        format!("/recoveries/{}", own.recovery),
    ] {
        world.send("GET", &path, Some(&limited_token), None).await.assert_status(404);
        world.get(&path).await.assert_status(200);
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
        let text = world.send("GET", list, Some(&limited_token), None).await.assert_status(200).body.to_string();
        for hidden in [&own.site, &own.place, &own.check, &own.recovery, &own.obstacle] {
            assert!(!text.contains(hidden.as_str()), "{list}: {text}");
        }
    }
    for path in [format!("/sites/{site}"), format!("/places/{place}"), format!("/guarantees/{}", own.guarantee)] {
        world.send("GET", &path, Some(&limited_token), None).await.assert_status(200);
    }
}

#[tokio::test]
async fn a_site_limited_token_cannot_write_to_another_site() {
    let world = World::new().await;
    let (_, _, limited_token) = second_site(&world, Role::Manager).await;
    let own = &world.own;
    let before = world.row_counts().await;
    let send = async |method, path: &str, document: &Value| {
        world.send(method, path, Some(&limited_token), Some(document)).await
    };

    let (id, mut nowhere) = (unknown(), own.kept_check(&unknown()));
    nowhere["place"] = unknown().into();
    nowhere["id"] = id.clone().into();
    let (there, nowhere) = (
        send("POST", "/checks", &own.kept_check(&id)).await.assert_status(422),
        send("POST", "/checks", &nowhere).await,
    );
    assert!(there.has_error("place", "not_found"), "{}", there.body);
    assert_eq!(there.body, nowhere.assert_status(422).body, "as if the place did not exist");
    let sent_before = own.broken_check(&own.check, "customer");
    assert!(send("POST", "/checks", &sent_before).await.assert_status(422).has_error("place", "not_found"));

    let correction = json!({ "verdict": "kept", "why": "The wrong door." });
    send("POST", &format!("/checks/{}/corrections", own.check), &correction).await.assert_status(404);
    send("POST", &format!("/obstacles/{}/answers", own.obstacle), &obstacle_answer()).await.assert_status(404);
    send("POST", &format!("/recoveries/{}/steps", own.recovery), &world.acknowledge()).await.assert_status(404);
    send("POST", &format!("/recoveries/{}/links", own.recovery), &json!({})).await.assert_status(404);
    send("POST", &format!("/recoveries/{}/erasure", own.recovery), &json!({})).await.assert_status(404);
    let place = send("POST", "/places", &json!({ "site": own.site, "name": "Hall" })).await.assert_status(422);
    assert!(place.has_error("site", "not_found"), "{}", place.body);
    // Operations on the whole business need access to all sites.
    send("POST", "/sites", &json!({ "name": "Odessa" })).await.assert_status(403);
    send("POST", "/problems", &problem()).await.assert_status(403);
    send("POST", "/guarantees", &guarantee(&own.problem, &own.place)).await.assert_status(403);
    assert_eq!(world.row_counts().await, before);
}

#[tokio::test]
async fn a_site_limited_token_works_at_its_own_site() {
    let world = World::new().await;
    for role in [Role::Manager, Role::Staff] {
        let (_, place, limited_token) = second_site(&world, role).await;
        let mut broken = world.own.broken_check(&unknown(), "customer");
        broken["place"] = place.clone().into();
        let logged = world.send("POST", "/checks", Some(&limited_token), Some(&broken)).await.assert_status(201).body;
        world.send("POST", "/checks", Some(&limited_token), Some(&broken)).await.assert_status(200);
        let recovery = logged["recovery"].as_str().unwrap();
        let steps = format!("/recoveries/{recovery}/steps");
        world.send("POST", &steps, Some(&limited_token), Some(&world.acknowledge())).await.assert_status(201);
        let listed =
            world.send("GET", "/recoveries", Some(&limited_token), None).await.assert_status(200).body.to_string();
        assert!(listed.contains(recovery), "{listed}");
    }
}
