//! Extractors for what a program sends: its token, ids in the address, query parameters, and JSON documents.

use std::str::FromStr;
use std::sync::Arc;

use app::AppState;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use domain::actor::Actor;
use domain::edit_tag::EditTag;
use domain::fault::{Fault, Faults, parse_integer};
use domain::ids;
use domain::text::tidy;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_json::{Deserializer, Map, Value};
use serde_path_to_error::Track;
use store::Store;
use utoipa::IntoParams;
use uuid::Uuid;

use super::error::{ApiError, ApiResult};

/// The program that called, and the store it acts on.
pub struct Caller {
    pub actor: Actor,
    pub store: Store,
    pub base_url: Arc<str>,
}

/// An id in the address. If it cannot be parsed, the answer is 404.
pub struct PathId<T>(pub T);

/// Which part of a list to answer with.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Pagination {
    /// Only items after this one in the list: `before` of the previous page.
    #[param(value_type = String, required = false)]
    pub before: Option<Cursor>,
    /// The largest number of items; 50 if left out.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200)]
    pub limit: i64,
}

/// Where a page of a list ended. Its text is only meant to be sent back.
pub struct Cursor(String);

/// Refuses the change if somebody else has changed the same since it was read.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes what is read from the head")]
pub struct IfMatch {
    /// The `revision` that was read.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// The query parameters.
pub struct QueryParams(Vec<(String, String)>);

/// The JSON document of the request.
pub struct JsonBody<T>(pub T);

/// A document whose fields are parsed one by one.
pub type JsonObject = Map<String, Value>;

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 200;

/// Only for doors that require a token.
impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let actor = parts.extensions.get::<Actor>().cloned().ok_or_else(ApiError::no_token)?;
        Ok(Self {
            actor,
            store: state.store.expecting(if_match(&parts.headers)),
            base_url: Arc::clone(&state.base_url),
        })
    }
}

/// The revision in `If-Match` (RFC 9110, 13.1.1). Without the header, or with `*`, any state may be replaced.
fn if_match(headers: &HeaderMap) -> EditTag {
    let value = headers.get(IF_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    if value == "*" { EditTag::default() } else { EditTag::parse(value.trim_start_matches("W/").trim_matches('"')) }
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl<T: FromStr> FromRequestParts<AppState> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let text = Path::<String>::from_request_parts(parts, state).await.ok();
        Ok(Self(text.and_then(|Path(text)| text.parse().ok()).ok_or(app::Error::NotFound)?))
    }
}

impl FromRequestParts<AppState> for QueryParams {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let pairs = Query::from_request_parts(parts, state).await.map(|Query(pairs)| pairs);
        Ok(Self(pairs.unwrap_or_default()))
    }
}

impl QueryParams {
    /// The value of a parameter, if it is there. It must not be empty or given twice.
    pub fn get<T>(&self, name: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) if !value.is_empty() => parse(value).map(Some),
            _ => Err(Fault::Malformed),
        }
    }
}

impl Pagination {
    /// The requested page of a list, and `before` for the next page.
    ///
    /// # Errors
    /// The cursor is not one of this list.
    pub fn paginate<R>(&self, rows: Vec<R>, id: impl Fn(&R) -> Uuid) -> Result<(Vec<R>, Option<Uuid>), Faults> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let from = match self.before::<Uuid>()? {
            None => 0,
            Some(before) => rows.iter().position(|row| id(row) == before).map_or(rows.len(), |at| at + 1),
        };
        let has_more = rows.len() - from > limit;
        let part: Vec<_> = rows.into_iter().skip(from).take(limit).collect();
        let before = part.last().filter(|_| has_more).map(id);
        Ok((part, before))
    }

    /// The cursor, as its list writes it.
    ///
    /// # Errors
    /// It is not one of this list.
    pub fn before<T: FromStr>(&self) -> Result<Option<T>, Faults> {
        let parse = |Cursor(text): &Cursor| ids::parse(text).map_err(|fault| Faults::one("before", fault));
        self.before.as_ref().map(parse).transpose()
    }
}

impl FromRequestParts<AppState> for Pagination {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> ApiResult<Self> {
        let query = QueryParams::from_request_parts(parts, state).await?;
        let mut faults = Faults::default();
        let before = faults.collect("before", query.get("before", |text| Ok(Cursor(text.to_owned()))));
        let limit = faults.collect("limit", parse_limit(&query));
        let (before, limit) = before.zip(limit).ok_or(faults)?;
        Ok(Self { before, limit })
    }
}

/// The `limit` of a page.
pub fn parse_limit(query: &QueryParams) -> Result<i64, Fault> {
    Ok(query.get("limit", |text| parse_integer(text, 1, MAX_LIMIT))?.unwrap_or(DEFAULT_LIMIT))
}

impl<T: DeserializeOwned> FromRequest<AppState> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> ApiResult<Self> {
        if !is_json(request.headers()) {
            return Err(ApiError::not_json());
        }
        let sent = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(),
            _ => ApiError::malformed("the document broke off"),
        })?;
        parse_document(&sent).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn parse_document<T: DeserializeOwned>(sent: &[u8]) -> ApiResult<T> {
    let (mut document, mut track) = (Deserializer::from_slice(sent), Track::new());
    let read = T::deserialize(serde_path_to_error::Deserializer::new(&mut document, &mut track));
    read.and_then(|read| document.end().map(|()| read)).map_err(|error| match error.classify() {
        Category::Data => type_error(&track.path().to_string(), &error),
        Category::Syntax | Category::Eof | Category::Io => ApiError::malformed(error.to_string()),
    })
}

/// Takes one field out of a document. A missing field is empty.
pub fn take_field<T: DeserializeOwned + Default>(fields: &mut JsonObject, name: &str) -> ApiResult<T> {
    fields.remove(name).map_or_else(|| Ok(T::default()), |value| parse_value(name, value))
}

/// Parses the remaining fields of a document.
pub fn parse_fields<T: DeserializeOwned>(fields: JsonObject) -> ApiResult<T> {
    parse_value("", fields.into())
}

/// Parses a part of a document. `name` is its path for errors.
pub fn parse_value<T: DeserializeOwned>(name: &str, value: Value) -> ApiResult<T> {
    serde_path_to_error::deserialize(value).map_err(|error| match error.path().to_string() {
        path if path == "." => type_error(name, error.inner()),
        path => type_error(&format!("{name}{path}"), error.inner()),
    })
}

fn type_error(path: &str, error: &serde_json::Error) -> ApiError {
    let path = if path.is_empty() || path == "." { "document" } else { path };
    ApiError::wrong_type(truncated(path, 80), truncated(&error.to_string(), 200))
}

pub fn unknown_parameter(name: &str) -> ApiError {
    ApiError::wrong_type(truncated(name, 80), "there is no such parameter".to_owned())
}

/// Keeps error messages short: they repeat what was sent.
fn truncated(text: &str, max_chars: usize) -> String {
    text.char_indices().nth(max_chars).map_or_else(|| text.to_owned(), |(end, _)| format!("{}…", &text[..end]))
}

/// Parses a required text.
pub fn required<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<T, Fault> {
    match tidy(text).as_str() {
        "" => Err(Fault::Missing),
        text => parse(text),
    }
}
