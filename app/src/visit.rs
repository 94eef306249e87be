//! Who asks for a page, and in which language they read.

use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use domain::actor::{Act, Actor};
use http::header::{ACCEPT_LANGUAGE, COOKIE};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, Uri};
use serde::de::DeserializeOwned;
use store::Visitor;

use crate::error::Error;
use crate::locale;
use crate::page::Nonce;
use crate::state::State;
use crate::texts::Texts;
use domain::business::Language;

/// Anyone's visit.
pub struct Visit {
    pub state: State,
    pub texts: Texts,
    /// The address asked for, with its query.
    pub path: String,
    pub nonce: String,
    pub visitor: Option<Visitor>,
}

/// The visit of someone who is signed in.
pub struct Inside {
    pub visit: Visit,
    pub visitor: Visitor,
    /// The session's own.
    pub token: String,
}

/// The fields of a form. All of them are texts; what they mean is for the rules to say.
pub struct Form<T>(pub T);

/// The name of the cookie that remembers a language for those without an account.
pub const LANGUAGE: &str = "language";

impl Visit {
    /// The same, signed in no longer.
    pub fn outside(self) -> Self {
        Self { visitor: None, ..self }
    }
}

impl Inside {
    pub fn actor(&self) -> &Actor {
        &self.visitor.actor
    }

    pub fn may(&self, act: Act) -> bool {
        self.visitor.actor.may(act)
    }
}

impl FromRequestParts<State> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        // Whom the door let in is known already.
        let visitor = match parts.extensions.get::<Visitor>() {
            Some(visitor) => Some(visitor.clone()),
            None => visitor(state, &parts.headers).await?,
        };
        let user = visitor.as_ref().and_then(|visitor| visitor.language);
        let texts = Texts::of(language(&parts.headers, user, Language::En));
        let nonce = parts.extensions.get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default();
        let path = asked(&parts.uri);
        Ok(Self { state: state.clone(), texts, path, nonce, visitor })
    }
}

/// Only behind a door for members.
impl FromRequestParts<State> for Inside {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        let visitor = parts.extensions.get::<Visitor>().cloned().ok_or(Error::Unauthenticated)?;
        let token = cookie(&parts.headers, state.cookie()).unwrap_or_default().to_owned();
        Ok(Self { visit: Visit::from_request_parts(parts, state).await?, visitor, token })
    }
}

/// What stands in the address. What does not fit is the address of nothing.
pub struct Path<T>(pub T);

/// What is asked after the address.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<State> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        let path = extract::Path::from_request_parts(parts, state).await;
        path.map(|extract::Path(path)| Self(path)).map_err(|_| Error::NotFound)
    }
}

impl<T: DeserializeOwned> FromRequestParts<State> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        let query = extract::Query::from_request_parts(parts, state).await;
        query.map(|extract::Query(query)| Self(query)).map_err(|_| Error::NotFound)
    }
}

impl<T: DeserializeOwned> FromRequest<State> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let body = String::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let form = serde_html_form::from_str(&body);
        form.map(Self).map_err(|_| Error::invalid("form", domain::fault::Fault::Malformed).into_response())
    }
}

/// Who is signed in, by the session's cookie.
pub async fn visitor(state: &State, headers: &HeaderMap) -> Result<Option<Visitor>, Error> {
    match cookie(headers, state.cookie()) {
        Some(token) => Ok(state.store.visitor(token).await?),
        None => Ok(None),
    }
}

/// The language of a reader: their own, then the cookie, then what the browser asks for, then the business's.
pub fn language(headers: &HeaderMap, user: Option<Language>, business: Language) -> Language {
    let accept = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    locale::choose(user, cookie(headers, LANGUAGE), accept, business)
}

/// The address within this installation.
pub fn asked(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", PathAndQuery::as_str).to_owned()
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}
