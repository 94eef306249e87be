//! Pictures: sent before the checks they belong to.

use axum::body::Bytes;
use axum::response::IntoResponse;
use domain::fault::{Fault, Faults};
use domain::ids::{self, GuaranteeId};
use domain::photo::PhotoSize;
use domain::record::Hash;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::error::ApiResult;
use super::openapi::{CheckedAddErrors, ReadErrors};
use super::request::{Caller, PathId, QueryParams};
use super::responses::Created;

/// The guarantee the picture was taken for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read by its name")]
pub struct PhotoParams {
    guarantee: Uuid,
}

/// A picture that was stored.
#[derive(Serialize, ToSchema)]
pub struct StoredPhoto {
    /// SHA-256 of the picture as it was stored. A check names its picture by this.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: String,
}

/// Send a picture (JPEG or PNG, at most 6 MB and 25 million pixels, 7 million in a progressive JPEG) ahead of its check.
///
/// It is encoded again: scaled down, and without metadata such as location and camera. Safe to send again.
#[utoipa::path(
    post, path = "/photos", tag = "checks", params(PhotoParams), request_body(content_type = "image/jpeg", description = "The picture"),
    responses((status = 201, description = "It is stored", body = StoredPhoto, headers(("Location" = String, description = "The picture"))), CheckedAddErrors)
)]
pub async fn add_photo(caller: Caller, query: QueryParams, body: Bytes) -> ApiResult<Created<StoredPhoto>> {
    let mut faults = Faults::default();
    let guarantee = query.get("guarantee", ids::parse::<GuaranteeId>).and_then(|id| id.ok_or(Fault::Missing));
    let guarantee = faults.collect("guarantee", guarantee).ok_or(faults)?;
    let hash = caller.store.add_photo(&caller.actor, guarantee, body.into()).await?.to_string();
    Ok(Created { location: format!("photos/{hash}"), body: StoredPhoto { hash } })
}

/// One picture.
#[utoipa::path(
    get, path = "/photos/{hash}", tag = "checks", params(("hash" = String, Path)),
    responses((status = 200, description = "The picture", content_type = "image/jpeg"), ReadErrors)
)]
pub async fn get_photo(caller: Caller, PathId(hash): PathId<Hash>) -> ApiResult<impl IntoResponse> {
    let picture = caller.store.photo(&caller.actor, hash, PhotoSize::Large).await?.ok_or(app::Error::NotFound)?;
    Ok(app::photo_response(picture))
}
