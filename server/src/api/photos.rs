//! Pictures: sent before the checks they come with, and shown to those who may see them.

use axum::body::Bytes;
use axum::response::IntoResponse;
use domain::fault::{Fault, Faults};
use domain::ids::GuaranteeId;
use domain::photo::Size;
use domain::record::Hash;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::answer::Created;
use super::description::{ReadOne, Settle};
use super::refusal::Answer;
use super::request::{Asked, Caller, Id, id};

/// For which guarantee it was taken.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read by its name")]
pub struct Taken {
    guarantee: Uuid,
}

/// A picture that is here.
#[derive(Serialize, ToSchema)]
pub struct Kept {
    /// The name to send it by with a check: SHA-256 of the picture as it is kept.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: String,
}

/// Send a picture (JPEG or PNG, at most 6 MB and 25 million pixels, 7 million in a progressive JPEG) ahead of its check.
///
/// It is made anew: smaller, and without where and with what it was taken. Safe to send again.
#[utoipa::path(
    post, path = "/photos", tag = "checks", params(Taken), request_body(content_type = "image/jpeg", description = "The picture"),
    responses((status = 201, description = "It is here", body = Kept, headers(("Location" = String, description = "The picture"))), Settle)
)]
pub async fn keep_photo(by: Caller, asked: Asked, sent: Bytes) -> Answer<Created<Kept>> {
    let mut faults = Faults::default();
    let asked = asked.get("guarantee", id::<GuaranteeId>).and_then(|id| id.ok_or(Fault::Missing));
    let guarantee = faults.take("guarantee", asked).ok_or(faults)?;
    let hash = by.store.keep_photo(&by.actor, guarantee, sent.into()).await?.to_string();
    Ok(Created { at: format!("photos/{hash}"), body: Kept { hash } })
}

/// One picture.
#[utoipa::path(
    get, path = "/photos/{hash}", tag = "checks", params(("hash" = String, Path)),
    responses((status = 200, description = "The picture", content_type = "image/jpeg"), ReadOne)
)]
pub async fn get_photo(by: Caller, Id(hash): Id<Hash>) -> Answer<impl IntoResponse> {
    let picture = by.store.photo(&by.actor, hash, Size::Large).await?.ok_or(app::Error::NotFound)?;
    Ok(app::picture(picture))
}
