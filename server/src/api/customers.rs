//! A customer's personal data: exporting and erasing it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::ids::RecoveryId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::choices;
use super::error::ApiResult;
use super::openapi::{ChangeErrors, RestrictedReadErrors};
use super::request::{Caller, JsonBody, JsonObject, PathId, parse_fields};
use super::responses::{Created, Timestamp};

/// Everything that is known about one customer. This is personal data: keep it out of logs.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the store hands over")]
pub struct CustomerFile {
    business: String,
    /// Null if the customer was erased or never named.
    #[schema(required)]
    name: Option<String>,
    #[schema(required)]
    contact: Option<String>,
    known_since: Timestamp,
    #[schema(required)]
    forgotten_at: Option<Timestamp>,
    /// Other names they gave, with the same contact in another spelling.
    also: Vec<CustomerAlias>,
    recoveries: Vec<CustomerRecovery>,
}

/// A name that a customer gave, and the contact with it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the store hands over")]
pub struct CustomerAlias {
    name: String,
    #[schema(required)]
    contact: Option<String>,
}

/// One recovery, as its customer may read it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the store hands over")]
pub struct CustomerRecovery {
    number: i64,
    opened_at: Timestamp,
    guarantee: String,
    promise: String,
    site: String,
    place: String,
    #[schema(value_type = choices::FoundBy)]
    found_by: &'static str,
    #[schema(required)]
    note: Option<String>,
    #[schema(value_type = choices::RecoveryStage)]
    stage: &'static str,
    #[schema(required, value_type = Option<choices::Outcome>)]
    outcome: Option<&'static str>,
    /// Each step with its text, its time, and who took it: `us`, `customer` or `trialmark`.
    #[schema(value_type = Vec<std::collections::BTreeMap<String, Value>>)]
    steps: Vec<serde_json::Value>,
}

/// Erases the customer of this recovery. An empty document.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct NewErasure {}

/// The customer is erased, in all of their recoveries.
#[derive(Serialize, ToSchema)]
pub struct Erasure {
    at: Timestamp,
    /// How many texts were erased now.
    texts: usize,
    /// They were erased before, and nothing was changed.
    again: bool,
}

/// Everything that is known about the customer of a recovery, to be handed to them.
#[utoipa::path(
    get, path = "/recoveries/{id}/customer", tag = "recoveries", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The customer, and every recovery of theirs", body = CustomerFile), RestrictedReadErrors)
)]
pub async fn get_customer(caller: Caller, PathId(id): PathId<RecoveryId>) -> ApiResult<Json<store::CustomerExport>> {
    Ok(Json(caller.store.export_customer(&caller.actor, id).await?.ok_or(app::Error::NotFound)?))
}

/// Erase the customer of a recovery: name, contact and the texts that are not public, in all of their recoveries.
///
/// Counts and record stay. Safe to send again: the answer is then 200, and nothing is changed.
#[utoipa::path(
    post, path = "/recoveries/{id}/erasure", tag = "recoveries", params(("id" = Uuid, Path)), request_body = NewErasure,
    responses(
        (status = 201, description = "The customer is forgotten", body = Erasure,
            headers(("Location" = String, description = "The recovery"))),
        (status = 200, description = "The customer was forgotten before", body = Erasure),
        ChangeErrors
    )
)]
pub async fn erase_customer(
    caller: Caller,
    PathId(id): PathId<RecoveryId>,
    JsonBody(fields): JsonBody<JsonObject>,
) -> ApiResult<Response> {
    let NewErasure {} = parse_fields(fields)?;
    let store::Erasure { at, texts, already_erased } =
        caller.store.erase_customer(&caller.actor, id).await?.ok_or(app::Error::NotFound)?;
    let body = Erasure { at: Timestamp(at), texts, again: already_erased };
    let location = format!("recoveries/{id}");
    Ok(if already_erased { Json(body).into_response() } else { Created { location, body }.into_response() })
}
