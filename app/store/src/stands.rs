//! What stands behind each form and each door that replaces something, as the form would show it: by this whoever saves
//! finds out whether it is still what they saw.

use std::collections::BTreeMap;

use domain::actor::{Reach, Role, Who};
use domain::business::{Business, BusinessDraft};
use domain::check::Verdict;
use domain::guarantee::WordingDraft;
use domain::hours::HoursDraft;
use domain::ids::PlaceId;
use domain::obstacle::Answer;
use domain::reach::ReachDraft;
use domain::record::Hash;
use domain::recovery::{Recovery, Taken};
use domain::schedule::{Schedule, ScheduleDraft};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::guarantees::GuaranteeRow;

/// What a business says about itself.
#[must_use]
pub fn business(business: &Business) -> Value {
    let hours = HoursDraft::from(&business.hours);
    let more = json!({ "forget_after": business.retention.months().to_string() });
    merged([value(&BusinessDraft::from(business)), value(&hours), more])
}

/// The roles that need a second step.
#[must_use]
pub fn required(roles: &[Role]) -> Value {
    let mut names: Vec<_> = roles.iter().map(|role| role.name()).collect();
    names.sort_unstable();
    json!({ "role": names })
}

/// The words of a guarantee, and whether new ones are public at once.
#[must_use]
pub fn wording(row: &GuaranteeRow) -> Value {
    merged([value(&WordingDraft::from(&row.wording)), json!({ "public": row.public })])
}

/// What a move starts from: the stage, and the words that it is about.
#[must_use]
pub fn stage(row: &GuaranteeRow) -> Value {
    json!({ "stage": row.stage.name(), "version": row.version })
}

/// Where a guarantee is promised.
#[must_use]
pub fn places(row: &GuaranteeRow) -> Value {
    json!({ "places": row.places })
}

/// Whether its checks come with pictures.
#[must_use]
pub fn photos(row: &GuaranteeRow) -> Value {
    json!({ "photos": row.photos.name() })
}

/// What kept looks like at a place.
#[must_use]
pub fn example(photo: Option<Hash>) -> Value {
    json!({ "photo": photo.map(|hash| hash.to_string()) })
}

/// When each place is looked at: by place.
#[must_use]
pub fn schedules(places: &[PlaceId], known: &[(PlaceId, Schedule)]) -> BTreeMap<PlaceId, Value> {
    let of = |place: &PlaceId| known.iter().find(|(there, _)| there == place).map(|(_, schedule)| schedule);
    let shown = |place: &PlaceId| {
        let mut shown = value(&ScheduleDraft::from(of(place)));
        if let Some(fields) = shown.as_object_mut() {
            fields.remove("places");
        }
        (*place, shown)
    };
    places.iter().map(shown).collect()
}

/// The zone of a site's own.
#[must_use]
pub fn zone(zone: Option<&str>) -> Value {
    json!({ "zone": zone.unwrap_or_default() })
}

/// The code that a place's tag bears.
#[must_use]
pub fn code(code: &str) -> Value {
    json!({ "code": code })
}

#[must_use]
pub fn role(role: Role) -> Value {
    json!({ "role": role.name() })
}

/// How far a member reaches.
#[must_use]
pub fn reach(reach: &Reach) -> Value {
    value(&ReachDraft::from(reach))
}

/// The answer to an obstacle, where there is one.
#[must_use]
pub fn answer(given: Option<&Answer>) -> Value {
    json!({
        "decision": given.map(|given| given.decision.name()),
        "words": given.map(|given| given.words.as_str()),
    })
}

/// What a check stands at after its corrections.
#[must_use]
pub fn verdict(standing: Verdict) -> Value {
    json!({ "verdict": standing.name() })
}

/// How far people and customers have walked a recovery: what happens by itself changes nothing that somebody types.
#[must_use]
pub fn steps(recovery: &Recovery) -> Value {
    let by_someone = |taken: &&Taken| taken.by != Who::Trialmark;
    json!({ "steps": recovery.steps.iter().filter(by_someone).count() })
}

fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}

fn merged<const N: usize>(parts: [Value; N]) -> Value {
    let fields = parts.into_iter().filter_map(|part| match part {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    Value::Object(fields.fold(Map::new(), |mut all, fields| {
        all.extend(fields);
        all
    }))
}
