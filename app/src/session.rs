//! Starting sessions: after a password, after the second step, and with the session cookie.

use axum::response::{IntoResponse, Response};
use domain::business::Language;
use domain::factor::SignInStep;
use domain::ids::{BusinessId, PersonId};
use http::header::SET_COOKIE;
use http::{HeaderName, HeaderValue};
use store::{ClientInfo, Session};

use crate::addresses;
use crate::cookies::Cookie;
use crate::error::Error;
use crate::page::{NoBusiness, redirect};
use crate::request_context::SignedIn;
use crate::return_to;
use crate::state::AppState;

/// The account that the password belongs to, among those with this address. It takes equally long if there is none.
pub(crate) async fn matching_account(
    state: &AppState,
    password: &str,
    accounts: Vec<(PersonId, String)>,
) -> Result<Option<PersonId>, Error> {
    if accounts.is_empty() {
        state.verify_password(password.to_owned(), None).await?;
    }
    for (person, hash) in accounts {
        if state.verify_password(password.to_owned(), Some(hash)).await? {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

/// Continues after a correct password: with the second step if the person has one, else with a session.
pub(crate) async fn continue_sign_in(
    state: &AppState,
    person: PersonId,
    origin: &ClientInfo,
    to: &str,
) -> Result<Response, Error> {
    match state.store.factors(person).await?.next(false) {
        SignInStep::AskSecondStep => begin_second_step(state, person, to).await,
        SignInStep::SignedIn | SignInStep::SetUpSecondStep => start_session(state, person, origin, to).await,
    }
}

async fn begin_second_step(state: &AppState, person: PersonId, to: &str) -> Result<Response, Error> {
    let pending = state.store.begin_sign_in(person).await?;
    let max_age = (pending.expires_at - state.store.now()).num_seconds();
    let cookie = set_cookie(state, &state.cookies.pending_sign_in, &pending.token, max_age);
    Ok((cookie, redirect(&return_to::second_step(to))).into_response())
}

/// Starts a session and redirects.
pub async fn start_session(
    state: &AppState,
    person: PersonId,
    origin: &ClientInfo,
    to: &str,
) -> Result<Response, Error> {
    match state.store.begin_session_with_invitation(person, addresses::invitation_link(to), origin).await? {
        Some(session) => session_redirect(state, Some(session), to),
        None => Ok(no_business_response(person)),
    }
}

fn no_business_response(person: PersonId) -> Response {
    let mut refused = Error::Forbidden.into_response();
    refused.extensions_mut().insert(NoBusiness(person));
    refused
}

/// Starts a session in a given business and redirects.
pub async fn start_session_in(
    state: &AppState,
    person: PersonId,
    business: BusinessId,
    origin: &ClientInfo,
    to: &str,
) -> Result<Response, Error> {
    let session = state.store.begin_session_in(person, business, origin).await?;
    session_redirect(state, session, to)
}

/// Replaces the session by one in another business of the person.
pub async fn switch_business(
    state: &AppState,
    signed_in: &SignedIn,
    business: BusinessId,
    origin: &ClientInfo,
    to: &str,
) -> Result<Response, Error> {
    let session = state.store.switch_business(&signed_in.token, signed_in.user.person, business, origin).await?;
    session_redirect(state, Some(session.ok_or(Error::NotFound)?), to)
}

/// Redirects with the cookie of a new session.
pub fn session_redirect(state: &AppState, session: Option<Session>, to: &str) -> Result<Response, Error> {
    let session = session.ok_or(Error::Forbidden)?;
    Ok((session_cookie(state, Some(&session)), redirect(to)).into_response())
}

/// The cookie of a session, or without one the header that deletes it.
pub fn session_cookie(state: &AppState, session: Option<&Session>) -> [(HeaderName, HeaderValue); 1] {
    let seconds_left = |session: &Session| (session.expires_at - state.store.now()).num_seconds();
    set_cookie(
        state,
        &state.cookies.session,
        session.map_or("", |session| &session.token),
        session.map_or(0, seconds_left),
    )
}

/// The cookie that remembers a language for a year.
pub(crate) fn language_cookie(state: &AppState, language: Language) -> [(HeaderName, HeaderValue); 1] {
    set_cookie(state, &state.cookies.language, language.code(), 365 * 24 * 60 * 60)
}

/// The header that sets a cookie. `max_age` is in seconds.
pub(crate) fn set_cookie(
    state: &AppState,
    cookie: &Cookie,
    value: &str,
    max_age: i64,
) -> [(HeaderName, HeaderValue); 1] {
    [(SET_COOKIE, state.cookies.header_value(cookie, value, max_age))]
}
