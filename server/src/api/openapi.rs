//! The `OpenAPI` 3.1 description of the REST interface, generated from its code.

mod schemas;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use app::AppState;
use app::addresses;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, OpenApi as Description, Ref, RefOr, Response};
use utoipa::{IntoResponses, OpenApi};

use super::error::{ApiResult, ProblemDocument, ProblemType};

#[derive(OpenApi)]
#[openapi(
    info(title = "Trialmark", description = INTRODUCTION, license(name = "MIT", identifier = "MIT")),
    servers((url = addresses::API)),
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
struct ApiDoc;

const INTRODUCTION: &str = "Everything people do in Trialmark, for programs. A program acts for one business, in one role, by its \
    token: `trialmark token create --business SLUG --role ROLE`.\n\n\
    Documents are JSON. Instants are RFC 3339; in answers they are in UTC, to the millisecond. Fields and \
    parameters that are not described are refused.\n\n\
    What replaces something takes `If-Match` with the `revision` of what was read: where somebody else has changed it \
    since, nothing is overwritten, and the error contains the current state.\n\n\
    Errors are problem documents (RFC 9457). Nothing of such a request was stored. The \
    `type` is stable:\n\n";

/// The description without the doors.
pub fn base_description() -> Description {
    let mut base = ApiDoc::openapi();
    base.info.description = Some(INTRODUCTION.to_owned() + &problem_list(ProblemType::ALL.iter()));
    let components = base.components.get_or_insert_default();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.security_schemes.insert("token".to_owned(), SecurityScheme::Http(token).into());
    let statuses = ProblemType::ALL.iter().map(|problem_type| problem_type.status);
    components.responses.extend(statuses.map(|status| (component_name(status), error_response(status).into())));
    base
}

/// The problem documents with this status.
fn error_response(status: StatusCode) -> Response {
    let document = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemDocument"))).build();
    let problem_types = problem_list(ProblemType::ALL.iter().filter(|problem_type| problem_type.status == status));
    let response = ResponseBuilder::new().description(problem_types).content("application/problem+json", document);
    let header = |text| HeaderBuilder::new().description(Some(text)).build();
    match status {
        StatusCode::UNAUTHORIZED => response.header("WWW-Authenticate", header("Always `Bearer`")),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            response.header("Retry-After", header("In how many seconds to try again"))
        }
        _ => response,
    }
    .build()
}

fn problem_list<'a>(problem_types: impl Iterator<Item = &'a ProblemType>) -> String {
    problem_types.fold(String::new(), |mut text, problem_type| {
        let _ = writeln!(text, "- `{}` ({}): {}", problem_type.urn(), problem_type.status.as_u16(), problem_type.title);
        text
    })
}

fn component_name(status: StatusCode) -> String {
    format!("Error{}", status.as_u16())
}

macro_rules! error_responses {
    ($($(#[$doc:meta])* $name:ident = $($status:literal)*;)*) => {$(
        $(#[$doc])*
        pub struct $name;
        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                let reference = |status: u16| RefOr::Ref(Ref::from_response_name(format!("Error{status}")));
                [$($status),*].into_iter().map(|status| (status.to_string(), reference(status))).collect()
            }
        }
    )*};
}

error_responses! {
    /// Reading something that needs no token.
    PublicReadErrors = 422 500;
    /// Reading one item.
    ReadErrors = 401 404 422 429 500 503;
    /// Reading something that only some roles may see.
    RestrictedReadErrors = 401 403 404 422 429 500 503;
    /// Reading a page of a list.
    ListErrors = 401 422 429 500 503;
    /// Adding an item.
    AddErrors = 400 401 403 413 415 422 429 500 503;
    /// Adding an item that a rule may refuse.
    CheckedAddErrors = 400 401 403 409 413 415 422 429 500 503;
    /// Changing an item, which a rule may refuse.
    ChangeErrors = 400 401 403 404 409 412 413 415 422 429 500 503;
}

/// This description.
#[utoipa::path(
    get, path = "/openapi.json", tag = "description", security(()),
    responses((status = 200, description = "An OpenAPI 3.1 document", content_type = "application/json"), PublicReadErrors)
)]
pub async fn describe(State(state): State<AppState>) -> ApiResult<impl IntoResponse> {
    static JSON: OnceLock<Option<String>> = OnceLock::new();
    let json = JSON.get_or_init(|| to_json(&state).ok()).as_deref().ok_or(app::Error::Internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], json))
}

fn to_json(state: &AppState) -> serde_json::Result<String> {
    let mut description = serde_json::to_value(super::all_doors(state).router.into_openapi())?;
    schemas::finish(&mut description);
    serde_json::to_string_pretty(&description)
}
