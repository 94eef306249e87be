//! Pictures on their way in and out: sent alone by a phone or with a form, and shown to those who may see them.

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use domain::actor::Act;
use domain::fault::Fault;
use domain::photo::{MOST_BYTES, Photos, SMALL_SIDE, Size, within};
use domain::record::Hash;
use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap};
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::PhotoRow;

use crate::doors::Doors;
use crate::doors::Rule::MemberOrTurn;
use crate::error::Error;
use crate::state::State;
use crate::visit::{Form, Inside, Path, Query};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/photos/{hash}", MemberOrTurn(Act::Look), show).post("/do/keep-photo", MemberOrTurn(Act::Check), keep)
}

/// Where a picture is shown.
pub(crate) fn address(hash: Hash) -> String {
    format!("/photos/{hash}")
}

/// A picture in a page: the small one, in a box that has its size before it comes.
pub(crate) fn shown(photo: PhotoRow, alt: String, when: Loaded) -> impl IntoView + use<> {
    let (width, height) = within(SMALL_SIDE, photo.width, photo.height);
    let src = format!("{}?size=small", address(photo.hash));
    // What is looked at first comes before what wakes the page.
    let (loading, priority) = match when {
        Loaded::AtOnce => ("eager", Some("high")),
        Loaded::WhenNear => ("lazy", None),
    };
    view! { <img class="photo" src=src alt=alt width=width height=height loading=loading fetchpriority=priority decoding="async" /> }
}

/// When a browser asks for a picture: with its page, or when whoever reads comes near it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loaded {
    AtOnce,
    WhenNear,
}

/// The longest body that is read at an address, in bytes: pictures go where pictures are taken in, and nowhere else.
#[must_use]
pub fn longest_body(path: &str) -> usize {
    const USUAL: usize = 1024 * 1024;
    const AROUND: usize = 64 * 1024;
    let pictures = matches!(path, "/do/keep-photo" | "/api/v1/photos")
        || path.starts_with("/check/")
        || (path.starts_with("/guarantees/") && path.ends_with("/example"));
    if pictures { MOST_BYTES + AROUND } else { USUAL }
}

/// In which size: as it is kept, unless the small one is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sized {
    size: String,
}

async fn show(inside: Inside, Path(hash): Path<String>, Query(sized): Query<Sized>) -> Result<Response, Error> {
    let hash = hash.parse::<Hash>().map_err(|_| Error::NotFound)?;
    let size = if sized.size == "small" { Size::Small } else { Size::Large };
    let picture = inside.visit.state.store.photo(inside.actor(), hash, size).await?.ok_or(Error::NotFound)?;
    Ok(answer(picture))
}

/// A picture as it goes out. Were it ever something else, it would still do nothing.
pub fn answer(picture: Vec<u8>) -> Response {
    const POLICY: &str = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; sandbox";
    let headers = [(CONTENT_TYPE, "image/jpeg"), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, picture).into_response()
}

/// For which guarantee it was taken.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Taken {
    guarantee: String,
}

/// From a phone, before the check that it comes with. The answer is the hash to name it by.
async fn keep(inside: Inside, Query(taken): Query<Taken>, sent: Bytes) -> Result<String, Error> {
    let guarantee = taken.guarantee.parse().map_err(|_| Error::invalid("guarantee", Fault::NotFound))?;
    let kept = inside.visit.state.store.keep_photo(inside.actor(), guarantee, sent.into()).await?;
    Ok(kept.to_string())
}

/// A form that may come with a picture, in a field of the name `photo`.
pub struct Pictured<T> {
    pub form: T,
    pub picture: Option<Vec<u8>>,
}

impl<T: DeserializeOwned> FromRequest<State> for Pictured<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        if !is_in_parts(request.headers()) {
            return Form::from_request(request, state).await.map(|Form(form)| Self { form, picture: None });
        }
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| malformed().into_response())?;
        let (mut fields, mut picture) = (Vec::new(), None);
        while let Some(part) = parts.next_field().await.map_err(unread)? {
            match part.file_name() {
                Some(_) if part.name() == Some("photo") => picture = bytes(part).await?,
                Some(_) => return Err(malformed().into_response()),
                None => fields.push((part.name().unwrap_or_default().to_owned(), part.text().await.map_err(unread)?)),
            }
        }
        let text = serde_html_form::to_string(&fields).map_err(|_| malformed().into_response())?;
        let form = serde_html_form::from_str(&text).map_err(|_| malformed().into_response())?;
        Ok(Self { form, picture })
    }
}

fn is_in_parts(headers: &HeaderMap) -> bool {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sent.starts_with("multipart/form-data")
}

/// A field that was left empty brings no picture.
async fn bytes(part: Field<'_>) -> Result<Option<Vec<u8>>, Response> {
    let bytes = part.bytes().await.map_err(unread)?;
    Ok((!bytes.is_empty()).then(|| bytes.into()))
}

fn malformed() -> Error {
    Error::invalid("form", Fault::Malformed)
}

fn unread(cause: MultipartError) -> Response {
    if cause.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::invalid("photo", Fault::TooLarge).into_response();
    }
    malformed().into_response()
}

/// Whether checks come with pictures, in a sentence.
pub(crate) fn photos_key(photos: Photos) -> &'static str {
    match photos {
        Photos::Required => "photos-required",
        Photos::OnBreak => "photos-on-break",
        Photos::Optional => "photos-optional",
        Photos::Forbidden => "photos-forbidden",
    }
}
