//! Breaks: promises that were not kept, each with the recovery that answers it.

use axum::Json;
use domain::ids::BreakId;
use serde::Serialize;
use store::BreakRow;
use utoipa::ToSchema;
use uuid::Uuid;

use super::choices;
use super::error::ApiResult;
use super::openapi::ListErrors;
use super::request::{Caller, Pagination};
use super::responses::{Page, Timestamp, page};

/// One promise not kept.
#[derive(Serialize, ToSchema)]
pub struct Break {
    id: Uuid,
    guarantee: Uuid,
    /// The version of the wording that was broken.
    version: i64,
    place: Uuid,
    check: Uuid,
    recovery: Uuid,
    /// `safety`, `other`, or the position of the criterion that was not met, from `0`.
    reason: String,
    #[schema(value_type = choices::FoundBy)]
    found_by: &'static str,
    known_at: Timestamp,
    /// The stage of the recovery.
    #[schema(value_type = choices::RecoveryStage)]
    stage: &'static str,
    #[schema(value_type = Option<choices::Outcome>)]
    outcome: Option<&'static str>,
    /// The check was corrected later. The break stays.
    corrected: bool,
}

/// Breaks, newest first.
#[utoipa::path(
    get, path = "/breaks", tag = "breaks", params(Pagination), responses((status = 200, description = "A page of breaks", body = Page<Break>), ListErrors)
)]
pub async fn list_breaks(caller: Caller, page_params: Pagination) -> ApiResult<Json<Page<Break>>> {
    let breaks = caller.store.breaks(&caller.actor, page_params.before::<BreakId>()?, page_params.limit).await?;
    Ok(page(breaks.rows, breaks.before))
}

impl From<BreakRow> for Break {
    fn from(row: BreakRow) -> Self {
        Self {
            id: row.id.0,
            guarantee: row.guarantee.0,
            version: row.version,
            place: row.place.0,
            check: row.check.0,
            recovery: row.recovery.0,
            reason: row.reason.to_string(),
            found_by: row.found_by.name(),
            known_at: Timestamp(row.known_at),
            stage: row.stage.name(),
            outcome: row.stage.outcome().map(domain::recovery::Outcome::name),
            corrected: row.corrected,
        }
    }
}
