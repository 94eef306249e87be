//! Photos: uploaded by a phone or with a form, and shown to those who may see them.

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use domain::fault::Fault;
use domain::photo::{PhotoSize, SMALL_SIDE, scaled_to};
use domain::record::Hash;
use domain::role::Permission;
use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap};
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::PhotoRow;

use crate::addresses;
use crate::doors::AccessRule::MemberOrPinSession;
use crate::doors::Doors;
use crate::error::Error;
use crate::request_context::{Form, Path, Query, SignedIn};
use crate::state::AppState;

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::PHOTO, MemberOrPinSession(Permission::ViewToday), show).post(
        addresses::PHONE_PHOTO,
        MemberOrPinSession(Permission::LogChecks).for_phones().with_pictures(),
        upload,
    )
}

/// The small version of a photo, with its dimensions, so that the layout does not shift when it loads.
pub(crate) fn photo_img(photo: PhotoRow, alt: String, loading: ImageLoading) -> impl IntoView + use<> {
    let (width, height) = scaled_to(SMALL_SIDE, photo.width, photo.height);
    let src = addresses::small_photo(photo.hash);
    // The first picture of a page loads before the scripts.
    let (loading_attribute, priority) = match loading {
        ImageLoading::Eager => ("eager", Some("high")),
        ImageLoading::Lazy => ("lazy", None),
    };
    view! { <img class="photo" src=src alt=alt width=width height=height loading=loading_attribute fetchpriority=priority decoding="async" /> }
}

/// When the browser loads a picture: with the page, or when it is scrolled near.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImageLoading {
    Eager,
    Lazy,
}

/// `small`, or anything else for the large one.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SizeQuery {
    size: String,
}

async fn show(
    signed_in: SignedIn,
    Path(hash): Path<String>,
    Query(query): Query<SizeQuery>,
) -> Result<Response, Error> {
    let hash = hash.parse::<Hash>().map_err(|_| Error::NotFound)?;
    let size = if query.size == "small" { PhotoSize::Small } else { PhotoSize::Large };
    let picture = signed_in.context.state.store.photo(signed_in.actor(), hash, size).await?.ok_or(Error::NotFound)?;
    Ok(photo_response(picture))
}

/// A response with a picture. Its policy makes the content harmless even if it were something else.
pub fn photo_response(picture: Vec<u8>) -> Response {
    const POLICY: &str = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; sandbox";
    let headers = [(CONTENT_TYPE, "image/jpeg"), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, picture).into_response()
}

/// The guarantee that the photo was taken for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct GuaranteeQuery {
    guarantee: String,
}

/// Stores a photo before the check it belongs to. The answer is its hash, which the check refers to.
async fn upload(signed_in: SignedIn, Query(query): Query<GuaranteeQuery>, sent: Bytes) -> Result<String, Error> {
    let guarantee = query.guarantee.parse().map_err(|_| Error::invalid("guarantee", Fault::NotFound))?;
    let hash = signed_in.context.state.store.add_photo(signed_in.actor(), guarantee, sent.into()).await?;
    Ok(hash.to_string())
}

/// A form that may include a picture in the field `photo`.
pub struct FormWithPicture<T> {
    pub form: T,
    pub picture: Option<Vec<u8>>,
}

impl<T: DeserializeOwned> FromRequest<AppState> for FormWithPicture<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        if !is_multipart(request.headers()) {
            return Form::from_request(request, state).await.map(|Form(form)| Self { form, picture: None });
        }
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| malformed().into_response())?;
        let (mut fields, mut picture) = (Vec::new(), None);
        while let Some(part) = parts.next_field().await.map_err(multipart_error)? {
            match part.file_name() {
                Some(_) if part.name() == Some("photo") => picture = picture_bytes(part).await?,
                Some(_) => return Err(malformed().into_response()),
                None => fields
                    .push((part.name().unwrap_or_default().to_owned(), part.text().await.map_err(multipart_error)?)),
            }
        }
        let text = serde_html_form::to_string(&fields).map_err(|_| malformed().into_response())?;
        let form = serde_html_form::from_str(&text).map_err(|_| malformed().into_response())?;
        Ok(Self { form, picture })
    }
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sent.starts_with("multipart/form-data")
}

/// An empty file field means no picture.
async fn picture_bytes(part: Field<'_>) -> Result<Option<Vec<u8>>, Response> {
    let bytes = part.bytes().await.map_err(multipart_error)?;
    Ok((!bytes.is_empty()).then(|| bytes.into()))
}

fn malformed() -> Error {
    Error::invalid("form", Fault::Malformed)
}

fn multipart_error(cause: MultipartError) -> Response {
    if cause.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::invalid("photo", Fault::TooLarge).into_response();
    }
    malformed().into_response()
}
