//! The state behind each form and each door that replaces something, as the form shows it. Its tag tells whether it has
//! changed since it was shown.

use std::collections::BTreeMap;

use domain::actor::Principal;
use domain::business::{Business, BusinessDraft};
use domain::guarantee::WordingDraft;
use domain::hours::HoursDraft;
use domain::ids::PlaceId;
use domain::obstacle::Answer;
use domain::record::Hash;
use domain::recovery::{Recovery, TakenStep};
use domain::role::Role;
use domain::schedule::{Schedule, ScheduleDraft};
use domain::site_access::SiteAccess;
use domain::site_access::SiteAccessDraft;
use domain::verdict::Verdict;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::guarantee_rows::GuaranteeRow;

/// The settings of a business.
#[must_use]
pub fn business(business: &Business) -> Value {
    let hours = HoursDraft::from(&business.hours);
    let more = json!({ "forget_after": business.retention.months().to_string() });
    merged([value(&BusinessDraft::from(business)), value(&hours), more])
}

/// The roles that need a second sign-in step.
#[must_use]
pub fn required_roles(roles: &[Role]) -> Value {
    let mut names: Vec<_> = roles.iter().map(|role| role.name()).collect();
    names.sort_unstable();
    json!({ "role": names })
}

/// The wording of a guarantee, and whether a new one is public at once.
#[must_use]
pub fn wording(row: &GuaranteeRow) -> Value {
    merged([value(&WordingDraft::from(&row.wording)), json!({ "public": row.public })])
}

/// The stage and the version that a transition starts from.
#[must_use]
pub fn stage(row: &GuaranteeRow) -> Value {
    json!({ "stage": row.stage.name(), "version": row.version })
}

/// The places of a guarantee.
#[must_use]
pub fn places(row: &GuaranteeRow) -> Value {
    json!({ "places": row.places })
}

/// The photo policy of a guarantee.
#[must_use]
pub fn photos(row: &GuaranteeRow) -> Value {
    json!({ "photos": row.photos.name() })
}

/// The example photo of a place.
#[must_use]
pub fn example(photo: Option<Hash>) -> Value {
    json!({ "photo": photo.map(|hash| hash.to_string()) })
}

/// The schedule of each place.
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

/// The site's own time zone.
#[must_use]
pub fn zone(zone: Option<&str>) -> Value {
    json!({ "zone": zone.unwrap_or_default() })
}

/// The code of a place's tag.
#[must_use]
pub fn code(code: &str) -> Value {
    json!({ "code": code })
}

#[must_use]
pub fn role(role: Role) -> Value {
    json!({ "role": role.name() })
}

/// The sites that a member has access to.
#[must_use]
pub fn site_access(site_access: &SiteAccess) -> Value {
    value(&SiteAccessDraft::from(site_access))
}

/// The answer to an obstacle, if there is one.
#[must_use]
pub fn answer(given: Option<&Answer>) -> Value {
    json!({
        "decision": given.map(|given| given.decision.name()),
        "words": given.map(|given| given.words.as_str()),
    })
}

/// The verdict of a check after its corrections.
#[must_use]
pub fn verdict(standing: Verdict) -> Value {
    json!({ "verdict": standing.name() })
}

/// How many steps people and customers have taken. Steps that Trialmark takes itself do not invalidate a form.
#[must_use]
pub fn steps(recovery: &Recovery) -> Value {
    let by_someone = |taken: &&TakenStep| taken.by != Principal::System;
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
