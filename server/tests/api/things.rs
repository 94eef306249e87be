//! What the businesses have, and the documents it is made from.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::World;

/// What a business has, by id.
#[derive(Clone, Debug, Default)]
pub struct Things {
    pub problem: String,
    pub site: String,
    pub place: String,
    pub guarantee: String,
    pub check: String,
    pub recovery: String,
    pub obstacle: String,
}

impl Things {
    pub fn kept(&self, id: &str) -> Value {
        json!({ "id": id, "guarantee": self.guarantee, "place": self.place, "verdict": "kept" })
    }

    pub fn broken(&self, id: &str, found_by: &str) -> Value {
        let mut broken = self.kept(id);
        broken["verdict"] = "broken".into();
        broken["reason"] = "0".into();
        broken["found_by"] = found_by.into();
        broken
    }
}

impl World {
    /// A problem, a place, a published guarantee, and a break that a customer told us about.
    pub async fn furnish(&self, token: &str) -> Things {
        let problem = self.make(token, "/problems", &problem()).await;
        let site = self.make(token, "/sites", &json!({ "name": "Salina" })).await;
        let place = self.make(token, "/places", &json!({ "site": site, "name": "Restroom" })).await;
        let guarantee = self.make(token, "/guarantees", &guarantee(&problem, &place)).await;
        let publish = json!({ "move": "publish" });
        self.send("POST", &format!("/guarantees/{guarantee}/moves"), Some(token), Some(&publish)).await.is(201);
        let check = Uuid::from_u128(u128::from(number())).to_string();
        let things = Things { problem, site, place, guarantee, check, ..Things::default() };
        let mut broken = things.broken(&things.check, "customer");
        broken["obstacle"] = "tools".into();
        let broken = self.send("POST", "/checks", Some(token), Some(&broken)).await.is(201);
        let board = self.send("GET", "/obstacles", Some(token), None).await.is(200).body;
        let obstacle = board["items"][0]["id"].as_str().unwrap().to_owned();
        Things { recovery: broken.body["recovery"].as_str().unwrap().to_owned(), obstacle, ..things }
    }
}

/// A number nobody had before.
pub fn number() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(1);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// An id that nothing has.
pub fn unknown() -> String {
    Uuid::from_u128(u128::MAX - u128::from(number())).to_string()
}

pub fn problem() -> Value {
    json!({ "words": "Is the restroom clean?", "for_whom": "Families", "not_for_whom": "Big trucks" })
}

pub fn answered() -> Value {
    json!({ "decision": "planned", "words": "Two people from Monday on." })
}

pub fn wording() -> Value {
    json!({
        "title": "Clean restrooms",
        "promise": "Every restroom is clean, at any hour.",
        "criteria": ["The floor is dry", "Soap is there"],
        "mark": 97.5,
        "remedy": "Your drink is on us.",
        "late_remedy": "Your next fill-up is cheaper.",
        "conditions": "While we are open.",
        "how_to_claim": "Say it at the counter.",
        "acknowledge_minutes": 15,
        "remedy_minutes": 60,
        "proof": 2
    })
}

pub fn guarantee(problem: &str, place: &str) -> Value {
    let mut guarantee = wording();
    guarantee["problem"] = problem.into();
    guarantee["slug"] = "clean-restrooms".into();
    guarantee["places"] = json!([place]);
    guarantee
}
