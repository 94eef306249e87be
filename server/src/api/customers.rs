//! A customer's own data: what is known of them, to be handed over, and forgetting it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::ids::RecoveryId;
use serde::{Deserialize, Serialize};
use store::Forgotten;
use utoipa::ToSchema;

use super::answer::{Created, Moment};
use super::choices;
use super::description::{Decide, ReadTheirs};
use super::refusal::Answer;
use super::request::{Body, Caller, Fields, Id, rest};

/// All that is known of one customer. Personal data: keep it out of logs.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the store hands over")]
pub struct CustomerFile {
    business: String,
    /// Null once they are forgotten, or if they were never named.
    #[schema(required)]
    name: Option<String>,
    #[schema(required)]
    contact: Option<String>,
    known_since: Moment,
    #[schema(required)]
    forgotten_at: Option<Moment>,
    /// What else they were called, where they left the same contact written in another way.
    also: Vec<Known>,
    recoveries: Vec<Told>,
}

/// What a customer was called, and the contact they left.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the store hands over")]
pub struct Known {
    name: String,
    #[schema(required)]
    contact: Option<String>,
}

/// One recovery, as it is told to the customer it was for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the store hands over")]
pub struct Told {
    number: i64,
    opened_at: Moment,
    guarantee: String,
    promise: String,
    site: String,
    place: String,
    #[schema(value_type = choices::Finder)]
    found_by: &'static str,
    #[schema(required)]
    note: Option<String>,
    #[schema(value_type = choices::RecoveryStage)]
    stage: &'static str,
    #[schema(required, value_type = Option<choices::Outcome>)]
    outcome: Option<&'static str>,
    /// Each step with what was said in it, its time, and whose it was: `us`, `customer` or `trialmark`.
    #[schema(value_type = Vec<std::collections::BTreeMap<String, Value>>)]
    steps: Vec<serde_json::Value>,
}

/// That the customer of this recovery is to be forgotten. Nothing more needs to be said.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct NewErasure {}

/// The customer is forgotten, in every recovery of theirs.
#[derive(Serialize, ToSchema)]
pub struct Erasure {
    at: Moment,
    /// How many texts went just now.
    texts: usize,
    /// They were forgotten before: nothing was changed.
    again: bool,
}

/// What is known of the customer of a recovery, to be handed to them.
#[utoipa::path(
    get, path = "/recoveries/{id}/customer", tag = "recoveries", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The customer, and every recovery of theirs", body = CustomerFile), ReadTheirs)
)]
pub async fn get_customer(by: Caller, Id(id): Id<RecoveryId>) -> Answer<Json<store::CustomerFile>> {
    Ok(Json(by.store.customer_file(&by.actor, id).await?.ok_or(app::Error::NotFound)?))
}

/// Forget the customer of a recovery: name, contact and the texts that are not public, in every recovery of theirs.
///
/// Counts and record stay. Safe to send again: it is answered with 200, and nothing is changed.
#[utoipa::path(
    post, path = "/recoveries/{id}/erasure", tag = "recoveries", params(("id" = Uuid, Path)), request_body = NewErasure,
    responses(
        (status = 201, description = "The customer is forgotten", body = Erasure,
            headers(("Location" = String, description = "The recovery"))),
        (status = 200, description = "The customer was forgotten before", body = Erasure),
        Decide
    )
)]
pub async fn erase_customer(by: Caller, Id(id): Id<RecoveryId>, Body(fields): Body<Fields>) -> Answer<Response> {
    let NewErasure {} = rest(fields)?;
    let Forgotten { at, texts, again } = by.store.erase_customer(&by.actor, id).await?.ok_or(app::Error::NotFound)?;
    let body = Erasure { at: Moment(at), texts, again };
    let at = format!("recoveries/{id}");
    Ok(if again { Json(body).into_response() } else { Created { at, body }.into_response() })
}
