//! The description of all of this for programs and their makers: `OpenAPI` 3.1, made from the code it describes.

mod documents;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use app::State;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, OpenApi as Description, Ref, RefOr, Response};
use utoipa::{IntoResponses, OpenApi};

use super::refusal::{Answer, Kind, ProblemDocument};

#[derive(OpenApi)]
#[openapi(
    info(title = "Trialmark", description = ABOUT, license(name = "MIT", identifier = "MIT")),
    servers((url = super::ROOT)),
    security(("token" = [])),
    components(schemas(ProblemDocument)),
    tags(
        (name = "problems", description = "The problems of customers that the business solves."),
        (name = "guarantees", description = "A promise plus the remedy if it is not kept. Its wording has versions."),
        (name = "places", description = "Sites, and the places in them where promises are checked."),
        (name = "checks", description = "Looks at one promise at one place. They are never edited, only corrected."),
        (name = "breaks", description = "Promises that were not kept."),
        (name = "obstacles", description = "What stood in the way of promises, and what is answered to it."),
        (name = "recoveries", description = "The whole answer to one break, until the customer's trust is restored."),
        (name = "description", description = "This document."),
    )
)]
struct Frame;

const ABOUT: &str = "Everything people do in Trialmark, for programs. A program acts for one business, in one role, by its \
    token: `trialmark token create --business SLUG --role ROLE`.\n\n\
    Documents are JSON. Instants are RFC 3339; in answers they are in UTC, to the millisecond. Fields and \
    parameters that are not described are refused.\n\n\
    What replaces something takes `If-Match` with the `revision` of what was read: where somebody else has changed it \
    since, nothing is overwritten, and the refusal says what stands now.\n\n\
    Whatever is refused is answered with a problem document (RFC 9457), and nothing of the request was stored. Its \
    `type` is stable:\n\n";

/// Everything but the doors.
pub fn frame() -> Description {
    let mut frame = Frame::openapi();
    frame.info.description = Some(ABOUT.to_owned() + &listed(Kind::ALL.iter()));
    let components = frame.components.get_or_insert_default();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.security_schemes.insert("token".to_owned(), SecurityScheme::Http(token).into());
    let statuses = Kind::ALL.iter().map(|kind| kind.status);
    components.responses.extend(statuses.map(|status| (name(status), refused(status).into())));
    frame
}

/// How requests with this status are refused.
fn refused(status: StatusCode) -> Response {
    let document = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemDocument"))).build();
    let kinds = listed(Kind::ALL.iter().filter(|kind| kind.status == status));
    let response = ResponseBuilder::new().description(kinds).content("application/problem+json", document);
    let header = |about| HeaderBuilder::new().description(Some(about)).build();
    match status {
        StatusCode::UNAUTHORIZED => response.header("WWW-Authenticate", header("Always `Bearer`")),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            response.header("Retry-After", header("In how many seconds to try again"))
        }
        _ => response,
    }
    .build()
}

fn listed<'k>(kinds: impl Iterator<Item = &'k Kind>) -> String {
    kinds.fold(String::new(), |mut text, kind| {
        let _ = writeln!(text, "- `{}` ({}): {}", kind.urn(), kind.status.as_u16(), kind.title);
        text
    })
}

fn name(status: StatusCode) -> String {
    format!("Refused{}", status.as_u16())
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $($status:literal)*;)*) => {$(
        $(#[$doc])*
        pub struct $name;
        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                let refused = |status: u16| RefOr::Ref(Ref::from_response_name(format!("Refused{status}")));
                [$($status),*].into_iter().map(|status| (status.to_string(), refused(status))).collect()
            }
        }
    )*};
}

refusals! {
    /// How reading what needs no token can end.
    ReadFreely = 422 500;
    /// How reading one thing can end.
    ReadOne = 401 404 422 429 500 503;
    /// How reading what not everyone may see can end.
    ReadTheirs = 401 403 404 422 429 500 503;
    /// How reading a part of a list can end.
    Paged = 401 422 429 500 503;
    /// How adding to a list can end.
    Write = 400 401 403 413 415 422 429 500 503;
    /// How adding can end where a rule may refuse it.
    Settle = 400 401 403 409 413 415 422 429 500 503;
    /// How changing one thing can end where a rule may refuse it.
    Decide = 400 401 403 404 409 412 413 415 422 429 500 503;
}

/// This description.
#[utoipa::path(
    get, path = "/openapi.json", tag = "description", security(()),
    responses((status = 200, description = "An OpenAPI 3.1 document", content_type = "application/json"), ReadFreely)
)]
pub async fn describe(Shared(state): Shared<State>) -> Answer<impl IntoResponse> {
    static JSON: OnceLock<Option<String>> = OnceLock::new();
    let json = JSON.get_or_init(|| written(&state).ok()).as_deref().ok_or(app::Error::Internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], json))
}

fn written(state: &State) -> serde_json::Result<String> {
    let mut description = serde_json::to_value(super::doors(state).router.into_openapi())?;
    documents::finish(&mut description);
    serde_json::to_string_pretty(&description)
}
