//! The wording of a guarantee, as programs send and receive it. What was sent is returned unchanged.

use domain::fault::{Fault, Faults};
use domain::guarantee::WordingDraft;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::ToSchema;

use crate::api::choices;

/// The wording of a guarantee. All of it is public.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({
    "title": "Clean restrooms",
    "promise": "Every restroom is clean, stocked and safe, at any hour.",
    "criteria": ["The floor is dry and clean", "Soap and paper are there", "Every lock works"],
    "mark": 98,
    "remedy": "Tell anyone in a green shirt: your drink is on us.",
    "late_remedy": "If we keep you waiting, your next fill-up is 10 % off.",
    "how_to_claim": "Say it at the counter, or scan the code on the door.",
    "acknowledge_minutes": 15,
    "remedy_minutes": 60,
    "proof": 10
}))]
pub struct Wording {
    #[schema(required, min_length = 1, max_length = 160, pattern = r"\S")]
    title: String,
    /// What the customer will get, where, by when.
    #[schema(required, min_length = 1, max_length = 160, pattern = r"\S")]
    promise: String,
    /// What *kept* looks like, one observable line each.
    #[schema(required, min_items = 1, max_items = 12, value_type = Vec<choices::CriterionLine>)]
    criteria: Vec<String>,
    /// The kept rate the business commits to, in percent, with at most two decimals.
    #[schema(required, value_type = f64, minimum = 50, maximum = 100, multiple_of = 0.01)]
    mark: Option<Number>,
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    remedy: String,
    /// What is added when the business is late with its own recovery.
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    late_remedy: String,
    #[schema(max_length = 2000)]
    conditions: Option<String>,
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    how_to_claim: String,
    /// How soon a broken promise is acknowledged, in opening hours.
    #[schema(required, value_type = u32, minimum = 5, maximum = 43200)]
    acknowledge_minutes: Option<Number>,
    /// How soon it is remedied, in opening hours.
    #[schema(required, value_type = u32, minimum = 5, maximum = 43200)]
    remedy_minutes: Option<Number>,
    /// How many kept checks in a row restore trust where no customer can be asked.
    #[schema(required, value_type = u32, minimum = 1, maximum = 100)]
    proof: Option<Number>,
}

impl Wording {
    /// Parses it with `parse`, by itself or as a part of a guarantee.
    ///
    /// # Errors
    /// Every invalid field. Blank criteria are refused here: forms send them for unused lines, but in a program they are a
    /// mistake.
    pub fn parse<T>(self, parse: impl FnOnce(WordingDraft) -> Result<T, Faults>) -> Result<T, Faults> {
        let is_blank = self.criteria.iter().any(|line| line.trim().is_empty());
        match parse(self.draft()) {
            Err(faults) if !is_blank || faults.of_field("criteria").is_some() => Err(faults),
            Err(faults) => Err(faults.merge(Faults::one("criteria", Fault::Missing))),
            Ok(_) if is_blank => Err(Faults::one("criteria", Fault::Missing)),
            Ok(parsed) => Ok(parsed),
        }
    }

    /// The same draft that forms produce.
    fn draft(self) -> WordingDraft {
        let text = |number: Option<Number>| number.map(|number| number.to_string()).unwrap_or_default();
        WordingDraft {
            title: self.title,
            promise: self.promise,
            criteria: self.criteria,
            mark: text(self.mark),
            remedy: self.remedy,
            late_remedy: self.late_remedy,
            conditions: self.conditions.unwrap_or_default(),
            how_to_claim: self.how_to_claim,
            acknowledge_minutes: text(self.acknowledge_minutes),
            remedy_minutes: text(self.remedy_minutes),
            proof: text(self.proof),
        }
    }
}

impl From<&domain::guarantee::Wording> for Wording {
    fn from(wording: &domain::guarantee::Wording) -> Self {
        let draft = WordingDraft::from(wording);
        let number = |text: &str| serde_json::from_str(text).ok();
        Self {
            mark: number(&draft.mark),
            acknowledge_minutes: number(&draft.acknowledge_minutes),
            remedy_minutes: number(&draft.remedy_minutes),
            proof: number(&draft.proof),
            conditions: Some(draft.conditions).filter(|text| !text.is_empty()),
            title: draft.title,
            promise: draft.promise,
            criteria: draft.criteria,
            remedy: draft.remedy,
            late_remedy: draft.late_remedy,
            how_to_claim: draft.how_to_claim,
        }
    }
}
