//! What a program sends: its token, an id in the address, where a page begins, and a JSON document.

use std::str::FromStr;
use std::sync::Arc;

use app::State;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use domain::actor::Actor;
use domain::fault::{Fault, Faults, whole};
use domain::revision::Revision;
use domain::text::tidy;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_json::{Deserializer, Map, Value};
use serde_path_to_error::Track;
use store::Store;
use utoipa::IntoParams;
use uuid::Uuid;

use super::refusal::{Answer, Refusal};

/// The program that was let in, and what it acts on.
pub struct Caller {
    pub actor: Actor,
    pub store: Store,
    pub base_url: Arc<str>,
}

/// An id in the address. What is no id names nothing.
pub struct Id<T>(pub T);

/// Where a page begins, and how long it is.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Cut {
    /// Only what stands below this in the list: `before` of the previous page.
    #[param(value_type = Uuid, required = false)]
    pub before: Option<Uuid>,
    /// How many at most; 50 if left out.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200)]
    pub limit: i64,
}

/// That a change is for what was read, and for nothing that somebody else has put in its place since.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes what is read from the head")]
pub struct Unchanged {
    /// The revision that was read.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
}

/// What stands after the question mark.
pub struct Asked(Vec<(String, String)>);

/// The document sent.
pub struct Body<T>(pub T);

/// A document whose parts are read one by one.
pub type Fields = Map<String, Value>;

const USUAL: i64 = 50;
const MOST: i64 = 200;

/// Only behind a door for programs that bear a token.
impl FromRequestParts<State> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Answer<Self> {
        let actor = parts.extensions.get::<Actor>().cloned().ok_or_else(Refusal::no_token)?;
        Ok(Self { actor, store: state.store.since(seen(&parts.headers)), base_url: Arc::clone(&state.base_url) })
    }
}

/// What a program has seen of what it is about to replace (RFC 9110, 13.1.1). Without a word about it, whatever stands.
fn seen(headers: &HeaderMap) -> Revision {
    let said = headers.get(IF_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    if said == "*" { Revision::default() } else { Revision::parse(said.trim_start_matches("W/").trim_matches('"')) }
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl<T: FromStr> FromRequestParts<State> for Id<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Answer<Self> {
        let text = Path::<String>::from_request_parts(parts, state).await.ok();
        Ok(Self(text.and_then(|Path(text)| text.parse().ok()).ok_or(app::Error::NotFound)?))
    }
}

impl FromRequestParts<State> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Answer<Self> {
        let pairs = Query::from_request_parts(parts, state).await.map(|Query(pairs)| pairs);
        Ok(Self(pairs.unwrap_or_default()))
    }
}

impl Asked {
    /// What a parameter says, if it is there: once, and not empty.
    pub fn get<T>(&self, name: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) if !value.is_empty() => parse(value).map(Some),
            _ => Err(Fault::Malformed),
        }
    }
}

impl Cut {
    /// The part of a list that was asked for, and what to ask the next one with.
    pub fn of<R>(&self, rows: Vec<R>, id: impl Fn(&R) -> Uuid) -> (Vec<R>, Option<Uuid>) {
        let most = usize::try_from(self.limit).unwrap_or_default();
        let from = match self.before {
            None => 0,
            Some(before) => rows.iter().position(|row| id(row) == before).map_or(rows.len(), |at| at + 1),
        };
        let goes_on = rows.len() - from > most;
        let part: Vec<_> = rows.into_iter().skip(from).take(most).collect();
        let before = part.last().filter(|_| goes_on).map(id);
        (part, before)
    }
}

impl FromRequestParts<State> for Cut {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Answer<Self> {
        let asked = Asked::from_request_parts(parts, state).await?;
        let mut faults = Faults::default();
        let before = faults.take("before", asked.get("before", id));
        let limit = faults.take("limit", limit(&asked));
        let (before, limit) = before.zip(limit).ok_or(faults)?;
        Ok(Self { before, limit })
    }
}

/// How many rows one page has.
pub fn limit(asked: &Asked) -> Result<i64, Fault> {
    Ok(asked.get("limit", |text| whole(text, 1, MOST))?.unwrap_or(USUAL))
}

impl<T: DeserializeOwned> FromRequest<State> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &State) -> Answer<Self> {
        if !is_json(request.headers()) {
            return Err(Refusal::not_json());
        }
        let sent = Bytes::from_request(request, state).await.map_err(|cut_off| match cut_off.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(),
            _ => Refusal::malformed("the document broke off"),
        })?;
        read(&sent).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let sent = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn read<T: DeserializeOwned>(sent: &[u8]) -> Answer<T> {
    let (mut document, mut track) = (Deserializer::from_slice(sent), Track::new());
    let read = T::deserialize(serde_path_to_error::Deserializer::new(&mut document, &mut track));
    read.and_then(|read| document.end().map(|()| read)).map_err(|error| match error.classify() {
        Category::Data => wrong(&track.path().to_string(), &error),
        Category::Syntax | Category::Eof | Category::Io => Refusal::malformed(error.to_string()),
    })
}

/// Takes one field out of a document. One that is not there is empty.
pub fn taken<T: DeserializeOwned + Default>(fields: &mut Fields, name: &str) -> Answer<T> {
    fields.remove(name).map_or_else(|| Ok(T::default()), |value| part(name, value))
}

/// What is left of a document.
pub fn rest<T: DeserializeOwned>(fields: Fields) -> Answer<T> {
    part("", fields.into())
}

/// A part of a document, which stands under this name in it.
pub fn part<T: DeserializeOwned>(name: &str, value: Value) -> Answer<T> {
    serde_path_to_error::deserialize(value).map_err(|error| match error.path().to_string() {
        path if path == "." => wrong(name, error.inner()),
        path => wrong(&format!("{name}{path}"), error.inner()),
    })
}

fn wrong(path: &str, error: &serde_json::Error) -> Refusal {
    let path = if path.is_empty() || path == "." { "document" } else { path };
    Refusal::wrong_type(shortened(path, 80), shortened(&error.to_string(), 200))
}

pub fn unknown_parameter(name: &str) -> Refusal {
    Refusal::wrong_type(shortened(name, 80), "there is no such parameter".to_owned())
}

/// What was sent is not sent back in full.
fn shortened(text: &str, most: usize) -> String {
    text.char_indices().nth(most).map_or_else(|| text.to_owned(), |(end, _)| format!("{}…", &text[..end]))
}

/// A text that must be there.
pub fn needed<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<T, Fault> {
    match tidy(text).as_str() {
        "" => Err(Fault::Missing),
        text => parse(text),
    }
}

/// An id as it stands in a document.
pub fn id<T: FromStr>(text: &str) -> Result<T, Fault> {
    needed(text, |text| text.parse().map_err(|_| Fault::Malformed))
}

/// Ids as they stand in a document.
pub fn ids<T: FromStr>(texts: &[String]) -> Result<Vec<T>, Fault> {
    texts.iter().map(|text| id(text).map_err(|_| Fault::Malformed)).collect()
}
