//! Extractors: who makes a request, in which language, and what it contains.

use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use domain::actor::Actor;
use domain::edit_tag::EditTag;
use domain::ids::PersonId;
use domain::role::Permission;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{Extensions, HeaderMap, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::{Authenticated, ClientInfo, RegisteredDevice, SessionUser, Store};

use crate::addresses;
use crate::client_address::ClientAddress;
use crate::cookies::any_language;
use crate::error::Error;
use crate::flash::Flash;
use crate::locale;
use crate::script_policy::Nonce;
use crate::state::AppState;
use crate::texts::Texts;
use crate::user_agent::describe;
use domain::business::Language;

/// Any request. The user is known only if the door's rule accepts their credentials
/// ([`crate::doors::AccessRule::accepts`]).
pub struct RequestContext {
    pub state: AppState,
    pub texts: Texts,
    /// The path and query of the request.
    pub path: String,
    pub nonce: String,
    pub client: Option<ClientAddress>,
    pub user: Option<SessionUser>,
    /// What was saved just before.
    pub flash: Option<Flash>,
}

/// A request by a signed-in user, or in a PIN session where the door accepts that.
pub struct SignedIn {
    pub context: RequestContext,
    pub user: SessionUser,
    /// The token of the session.
    pub token: String,
}

/// The fields of a form. All of them are strings; the rules parse them.
pub struct Form<T>(pub T);

/// The fields of a form that replaces something, and the revision it was based on.
pub struct VersionedForm<T> {
    pub form: T,
    pub revision: EditTag,
}

#[derive(Deserialize)]
pub struct EmptyForm {}

/// The hidden field with the revision.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RevisionField {
    pub revision: String,
}

impl RequestContext {
    /// The same request, after signing out.
    pub fn without_user(self) -> Self {
        Self { user: None, ..self }
    }
}

impl SignedIn {
    pub fn actor(&self) -> &Actor {
        &self.user.actor
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.user.actor.may(permission)
    }

    /// A store that refuses to write if the revision has changed.
    pub fn store_at(&self, revision: &EditTag) -> Store {
        self.context.state.store.expecting(revision.clone())
    }

    /// The author of checks that are sent later.
    pub fn actor_key(&self) -> String {
        store::actor_key(self.user.actor.principal)
    }
}

impl FromRequestParts<AppState> for RequestContext {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let user = parts.extensions.get::<SessionUser>().cloned();
        let preferred = user.as_ref().and_then(|user| user.language);
        let texts = Texts::of(language(state, &parts.headers, preferred, Language::En));
        let nonce = parts.extensions.get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default();
        let path = path_and_query(&parts.uri);
        let client = ClientAddress::from_extensions(&parts.extensions);
        let flash = Flash::of(&parts.headers, state);
        Ok(Self { state: state.clone(), texts, path, nonce, client, user, flash })
    }
}

/// Works only behind a door that requires a user.
impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let user = parts.extensions.get::<SessionUser>().cloned().ok_or(Error::Unauthenticated)?;
        let token = state.cookies.session.find(&parts.headers).unwrap_or_default().to_owned();
        Ok(Self { context: RequestContext::from_request_parts(parts, state).await?, user, token })
    }
}

/// The client's device and address.
pub struct ClientOrigin(pub ClientInfo);

impl FromRequestParts<AppState> for ClientOrigin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Error> {
        let address = ClientAddress::from_extensions(&parts.extensions).map(|ClientAddress(address)| address);
        Ok(Self(ClientInfo::of(describe(&parts.headers), address)))
    }
}

/// A request by a shared device. Works only behind a door for devices.
pub struct SharedDevice {
    pub context: RequestContext,
    pub device: RegisteredDevice,
}

impl FromRequestParts<AppState> for SharedDevice {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let device = parts.extensions.get::<RegisteredDevice>().cloned().ok_or(Error::Unauthenticated)?;
        Ok(Self { context: RequestContext::from_request_parts(parts, state).await?, device })
    }
}

/// A sign-in that still needs its second step. Works only behind a door for those.
#[derive(Clone)]
pub struct PendingSignIn {
    pub person: PersonId,
    pub token: String,
}

impl FromRequestParts<AppState> for PendingSignIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Error> {
        parts.extensions.get().cloned().ok_or(Error::Unauthenticated)
    }
}

/// Path parameters. Invalid ones are answered with 404.
pub struct Path<T>(pub T);

/// Query parameters. Invalid ones are answered with 404.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let path = extract::Path::from_request_parts(parts, state).await;
        path.map(|extract::Path(path)| Self(path)).map_err(|_| Error::NotFound)
    }
}

impl<T: DeserializeOwned> FromRequestParts<AppState> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let query = extract::Query::from_request_parts(parts, state).await;
        query.map(|extract::Query(query)| Self(query)).map_err(|_| Error::NotFound)
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let body = String::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let form = serde_html_form::from_str(&body);
        form.map(Self).map_err(|_| Error::invalid("form", domain::fault::Fault::Malformed).into_response())
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for VersionedForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let body = String::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let malformed = |_| Error::invalid("form", domain::fault::Fault::Malformed).into_response();
        let RevisionField { revision } = serde_html_form::from_str(&body).map_err(malformed)?;
        let form = serde_html_form::from_str(&body).map_err(malformed)?;
        Ok(Self { form, revision: EditTag::parse(&revision) })
    }
}

/// The user of the session cookie, with their address.
pub(crate) async fn recognize(
    state: &AppState,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Option<Authenticated>, Error> {
    let Some(token) = state.cookies.session.find(headers) else { return Ok(None) };
    let mut authenticated = state.store.authenticate(token).await?;
    if let Some(known) = &mut authenticated {
        known.user_mut().actor.ip = ClientAddress::from_extensions(extensions).map(|ClientAddress(address)| address);
    }
    Ok(authenticated)
}

/// The shared device of the device cookie.
pub async fn shared_device(state: &AppState, headers: &HeaderMap) -> Result<Option<RegisteredDevice>, Error> {
    let Some(token) = state.cookies.device.find(headers) else { return Ok(None) };
    Ok(state.store.device_by_token(token).await?)
}

/// The pending sign-in of its cookie.
pub async fn pending_sign_in(state: &AppState, headers: &HeaderMap) -> Result<Option<PendingSignIn>, Error> {
    let Some(token) = state.cookies.pending_sign_in.find(headers) else { return Ok(None) };
    let person = state.store.pending_sign_in(token).await?;
    Ok(person.map(|person| PendingSignIn { person, token: token.to_owned() }))
}

/// The reader's language: their own choice, then the cookie, then the browser's, then the business's.
pub(crate) fn language(state: &AppState, headers: &HeaderMap, user: Option<Language>, business: Language) -> Language {
    locale::choose_language(user, state.cookies.language.find(headers), accept_language(headers), business)
}

/// The reader's language, if only the request is known.
#[must_use]
pub fn preferred_language(headers: &HeaderMap) -> Language {
    locale::choose_language(None, any_language(headers), accept_language(headers), Language::En)
}

fn accept_language(headers: &HeaderMap) -> Option<&str> {
    headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok())
}

pub fn path_and_query(uri: &Uri) -> String {
    uri.path_and_query().map_or(addresses::START, PathAndQuery::as_str).to_owned()
}
