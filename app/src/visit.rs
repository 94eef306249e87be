//! Who asks for a page, and in which language they read.

use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use domain::actor::{Act, Actor};
use domain::ids::PersonId;
use domain::revision::Revision;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{Extensions, HeaderMap, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::{AtDevice, Origin, Recognized, Store, Visitor};

use crate::browser::browser;
use crate::client::Client;
use crate::cookies::any_language;
use crate::error::Error;
use crate::locale;
use crate::page::Nonce;
use crate::state::State;
use crate::texts::Texts;
use domain::business::Language;

/// Anyone's visit. Who they are is known where their door says so, and nowhere else ([`crate::doors::Rule::counts`]).
pub struct Visit {
    pub state: State,
    pub texts: Texts,
    /// The address asked for, with its query.
    pub path: String,
    pub nonce: String,
    pub client: Option<Client>,
    pub visitor: Option<Visitor>,
}

/// The visit of someone who is let in: signed in, or at a shared device where the door says that this is enough.
pub struct Inside {
    pub visit: Visit,
    pub visitor: Visitor,
    /// The session's own.
    pub token: String,
}

/// The fields of a form. All of them are texts; what they mean is for the rules to say.
pub struct Form<T>(pub T);

/// The fields of a form that replaces something, and what it was filled in from.
pub struct Replacing<T> {
    pub form: T,
    pub seen: Revision,
}

/// A form without fields.
#[derive(Deserialize)]
pub struct Nothing {}

/// What a form that replaces something carries beside its fields.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Seen {
    pub revision: String,
}

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

    /// The store for whoever has seen so much of what they are about to replace.
    pub fn since(&self, seen: &Revision) -> Store {
        self.visit.state.store.since(seen.clone())
    }

    /// By whom a check that is sent later was made.
    pub fn hand(&self) -> String {
        store::hand(self.visitor.actor.who)
    }
}

impl FromRequestParts<State> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        let visitor = parts.extensions.get::<Visitor>().cloned();
        let user = visitor.as_ref().and_then(|visitor| visitor.language);
        let texts = Texts::of(language(state, &parts.headers, user, Language::En));
        let nonce = parts.extensions.get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default();
        let path = asked(&parts.uri);
        let client = Client::of(&parts.extensions);
        Ok(Self { state: state.clone(), texts, path, nonce, client, visitor })
    }
}

/// Only behind a door for members.
impl FromRequestParts<State> for Inside {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        let visitor = parts.extensions.get::<Visitor>().cloned().ok_or(Error::Unauthenticated)?;
        let token = state.cookies.session.find(&parts.headers).unwrap_or_default().to_owned();
        Ok(Self { visit: Visit::from_request_parts(parts, state).await?, visitor, token })
    }
}

/// Where someone asks from.
pub struct Asking(pub Origin);

impl FromRequestParts<State> for Asking {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Error> {
        let address = Client::of(&parts.extensions).map(|Client(address)| address);
        Ok(Self(Origin::of(browser(&parts.headers), address)))
    }
}

/// A shared device, only behind a door for devices.
pub struct Device {
    pub visit: Visit,
    pub at: AtDevice,
}

impl FromRequestParts<State> for Device {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Error> {
        let at = parts.extensions.get::<AtDevice>().cloned().ok_or(Error::Unauthenticated)?;
        Ok(Self { visit: Visit::from_request_parts(parts, state).await?, at })
    }
}

/// A sign-in that has the second step before it, only behind a door for those.
#[derive(Clone)]
pub struct HalfWay {
    pub person: PersonId,
    pub token: String,
}

impl FromRequestParts<State> for HalfWay {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Error> {
        parts.extensions.get().cloned().ok_or(Error::Unauthenticated)
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

impl<T: DeserializeOwned> FromRequest<State> for Replacing<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let body = String::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let malformed = |_| Error::invalid("form", domain::fault::Fault::Malformed).into_response();
        let Seen { revision } = serde_html_form::from_str(&body).map_err(malformed)?;
        let form = serde_html_form::from_str(&body).map_err(malformed)?;
        Ok(Self { form, seen: Revision::parse(&revision) })
    }
}

/// Who is known by the session's cookie, and where they ask from.
pub(crate) async fn known(
    state: &State,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Option<Recognized>, Error> {
    let Some(token) = state.cookies.session.find(headers) else { return Ok(None) };
    let mut known = state.store.recognize(token).await?;
    if let Some(known) = &mut known {
        known.visitor_mut().actor.from = Client::of(extensions).map(|Client(address)| address);
    }
    Ok(known)
}

/// Which shared device this is, by its cookie.
pub async fn at_device(state: &State, headers: &HeaderMap) -> Result<Option<AtDevice>, Error> {
    let Some(token) = state.cookies.device.find(headers) else { return Ok(None) };
    Ok(state.store.at_device(token).await?)
}

/// Whose sign-in has come half way, by its cookie.
pub async fn half_way(state: &State, headers: &HeaderMap) -> Result<Option<HalfWay>, Error> {
    let Some(token) = state.cookies.half_way.find(headers) else { return Ok(None) };
    let person = state.store.sign_in_of(token).await?;
    Ok(person.map(|person| HalfWay { person, token: token.to_owned() }))
}

/// The language of a reader: their own, then the cookie, then what the browser asks for, then the business's.
pub(crate) fn language(state: &State, headers: &HeaderMap, user: Option<Language>, business: Language) -> Language {
    locale::choose(user, state.cookies.language.find(headers), accept(headers), business)
}

/// The language of whoever asks, where nothing is known but their request.
#[must_use]
pub fn any_reader(headers: &HeaderMap) -> Language {
    locale::choose(None, any_language(headers), accept(headers), Language::En)
}

fn accept(headers: &HeaderMap) -> Option<&str> {
    headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok())
}

/// The address within this installation.
pub fn asked(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", PathAndQuery::as_str).to_owned()
}
