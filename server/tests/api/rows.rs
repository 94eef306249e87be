//! The rows of the test businesses, and the documents that create them.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::World;

/// The ids of the rows of a business.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    pub problem: String,
    pub site: String,
    pub place: String,
    pub guarantee: String,
    pub check: String,
    pub recovery: String,
    pub obstacle: String,
}

impl Ids {
    pub fn kept_check(&self, id: &str) -> Value {
        json!({ "id": id, "guarantee": self.guarantee, "place": self.place, "verdict": "kept" })
    }

    pub fn broken_check(&self, id: &str, found_by: &str) -> Value {
        let mut broken = self.kept_check(id);
        broken["verdict"] = "broken".into();
        broken["reason"] = "0".into();
        broken["found_by"] = found_by.into();
        broken
    }
}

impl World {
    /// Creates a problem, a place, a published guarantee, and a break found by a customer.
    pub async fn create_rows(&self, token: &str) -> Ids {
        let problem = self.create(token, "/problems", &problem()).await;
        let site = self.create(token, "/sites", &json!({ "name": "Salina" })).await;
        let place = self.create(token, "/places", &json!({ "site": site, "name": "Restroom" })).await;
        let guarantee = self.create(token, "/guarantees", &guarantee(&problem, &place)).await;
        let publish = json!({ "move": "publish" });
        self.send("POST", &format!("/guarantees/{guarantee}/moves"), Some(token), Some(&publish))
            .await
            .assert_status(201);
        let check = Uuid::from_u128(u128::from(number())).to_string();
        let ids = Ids { problem, site, place, guarantee, check, ..Ids::default() };
        let mut broken = ids.broken_check(&ids.check, "customer");
        broken["obstacle"] = "tools".into();
        let broken = self.send("POST", "/checks", Some(token), Some(&broken)).await.assert_status(201);
        let board = self.send("GET", "/obstacles", Some(token), None).await.assert_status(200).body;
        let obstacle = board["items"][0]["id"].as_str().unwrap().to_owned();
        Ids { recovery: broken.body["recovery"].as_str().unwrap().to_owned(), obstacle, ..ids }
    }
}

/// A unique number.
pub fn number() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(1);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// An unused id.
pub fn unknown() -> String {
    Uuid::from_u128(u128::MAX - u128::from(number())).to_string()
}

pub fn problem() -> Value {
    json!({ "words": "Is the restroom clean?", "for_whom": "Families", "not_for_whom": "Big trucks" })
}

pub fn obstacle_answer() -> Value {
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
