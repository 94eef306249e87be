//! Signing in and out, and choosing a language.

use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use domain::business::Language;
use domain::factor::Next;
use domain::fault::Fault;
use domain::ids::{BusinessId, PersonId};
use domain::person::Email;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use leptos::prelude::*;
use serde::Deserialize;
use store::{Origin, Session};

use crate::cookies::Cookie;
use crate::doors::Doors;
use crate::doors::Rule::{Anyone, Known};
use crate::error::Error;
use crate::form::{Field, Kind};
use crate::page::{Trouble, go};
use crate::passkeys::script;
use crate::return_to::{ReturnTo, local};
use crate::state::State;
use crate::visit::{Asking, Form, Inside, Query, Visit};
use crate::{invites, second_step};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/sign-in", Known, show).post("/sign-in", Anyone, sign_in).form("/sign-out", "/", Anyone, sign_out).form(
        "/language",
        "/",
        Known,
        language,
    )
}

/// Where someone who is not signed in is sent to, so that they come back to what they wanted.
pub fn address(path: &str) -> String {
    format!("/sign-in?{}", ReturnTo::of(path).query())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    to: ReturnTo,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignInDraft {
    email: String,
    password: String,
    to: ReturnTo,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LanguageDraft {
    language: String,
    to: ReturnTo,
}

/// Whoever is signed in goes on: somebody else signs in after they have signed out.
async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    if visit.visitor.is_some() {
        return Ok(go(local(&wanted.to)));
    }
    page(&visit, &wanted.to).await
}

/// The page on which someone signs in.
pub(crate) async fn page(visit: &Visit, to: &str) -> Result<Response, Error> {
    let (title, joining) = (visit.texts.say("sign-in-title"), invites::joining(visit, to).await?);
    Ok(visit.page(&title, || form(visit, "", to, joining, &Trouble::default())))
}

/// The same page, after something was not accepted.
pub(crate) async fn again(visit: &Visit, error: Error, email: &str, to: &str) -> Result<Response, Error> {
    let (title, joining) = (visit.texts.say("sign-in-title"), invites::joining(visit, to).await?);
    visit.again(error, &title, |trouble| form(visit, email, to, joining, &trouble))
}

async fn sign_in(
    Shared(state): Shared<State>,
    visit: Visit,
    Asking(origin): Asking,
    Form(draft): Form<SignInDraft>,
) -> Result<Response, Error> {
    let again = |error| again(&visit, error, &draft.email, &draft.to);
    if let Err(error) = state.allow_sign_in(visit.client, &draft.email) {
        return again(error).await;
    }
    let known = match Email::parse(&draft.email) {
        Ok(email) => state.store.credentials(&email).await?,
        Err(_) => Vec::new(),
    };
    let first = known.first().map(|(person, _)| *person);
    match (opened(&state, &draft.password, known).await, first) {
        (Ok(Some(person)), _) => {
            state.signed_in(visit.client, &draft.email);
            go_on(&state, person, &origin, local(&draft.to)).await
        }
        (Ok(None), person) => {
            if let Some(person) = person {
                let store = state.store.clone();
                // Beside the answer: how long it takes must not tell whether there is such an account.
                tokio::spawn(async move { store.note_wrong_password(person, &origin).await.ok() });
            }
            again(Error::invalid("password", Fault::Wrong)).await
        }
        (Err(error), _) => again(error).await,
    }
}

/// Whose account the password opens, of those that have the address. Where nobody has it, it takes as long.
pub(crate) async fn opened(
    state: &State,
    password: &str,
    known: Vec<(PersonId, String)>,
) -> Result<Option<PersonId>, Error> {
    if known.is_empty() {
        state.matches(password.to_owned(), None).await?;
    }
    for (person, hash) in known {
        if state.matches(password.to_owned(), Some(hash)).await? {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

/// Goes on with someone whose password was right: to their second step, if they have one.
pub(crate) async fn go_on(state: &State, person: PersonId, origin: &Origin, to: &str) -> Result<Response, Error> {
    match state.store.factors(person).await?.next(false) {
        Next::Ask => second_step::begin(state, person, to).await,
        Next::Enter | Next::SetUp => enter(state, person, origin, to).await,
    }
}

/// Begins a session and goes on.
pub async fn enter(state: &State, person: PersonId, origin: &Origin, to: &str) -> Result<Response, Error> {
    match state.store.begin_session_by(person, invites::invitation(to), origin).await? {
        Some(session) => with(state, Some(session), to),
        None => Ok(outside(person)),
    }
}

/// Of someone whom no business lets in, or lets in any longer: what they logged may still wait on their phone.
#[derive(Clone, Copy, Debug)]
pub struct Outsider(pub PersonId);

fn outside(person: PersonId) -> Response {
    let mut refused = Error::Forbidden.into_response();
    refused.extensions_mut().insert(Outsider(person));
    refused
}

/// Begins a session in a business and goes on.
pub async fn enter_at(
    state: &State,
    person: PersonId,
    business: BusinessId,
    origin: &Origin,
    to: &str,
) -> Result<Response, Error> {
    let session = state.store.begin_session_at(person, business, origin).await?;
    with(state, session, to)
}

/// Goes over to another business of the person's.
pub async fn switch(
    state: &State,
    inside: &Inside,
    business: BusinessId,
    origin: &Origin,
    to: &str,
) -> Result<Response, Error> {
    let session = state.store.switch_business(&inside.token, inside.visitor.person, business, origin).await?;
    with(state, Some(session.ok_or(Error::NotFound)?), to)
}

/// Goes on with a session that has just begun.
pub fn with(state: &State, session: Option<Session>, to: &str) -> Result<Response, Error> {
    let session = session.ok_or(Error::Forbidden)?;
    Ok((cookie_of(state, Some(&session)), go(to)).into_response())
}

/// The cookie of a session; without one, that there is none any more.
pub fn cookie_of(state: &State, session: Option<&Session>) -> [(HeaderName, HeaderValue); 2] {
    let age = |session: &Session| (session.expires_at - state.store.now()).num_seconds();
    set(state, &state.cookies.session, session.map_or("", |session| &session.token), session.map_or(0, age))
}

async fn sign_out(Shared(state): Shared<State>, headers: HeaderMap, Asking(origin): Asking) -> Result<Response, Error> {
    if let Some(token) = state.cookies.session.find(&headers) {
        state.store.end_session(token, &origin).await?;
    }
    Ok((cookie_of(&state, None), go("/")).into_response())
}

async fn language(
    Shared(state): Shared<State>,
    visit: Visit,
    Form(draft): Form<LanguageDraft>,
) -> Result<Response, Error> {
    let language = Language::parse(&draft.language).map_err(|fault| Error::invalid("language", fault))?;
    if let Some(visitor) = &visit.visitor {
        state.store.choose_language(visitor.person, language).await?;
    }
    Ok((remember(&state, language), go(local(&draft.to))).into_response())
}

/// What makes a browser remember a language, for a year.
pub(crate) fn remember(state: &State, language: Language) -> [(HeaderName, HeaderValue); 2] {
    set(state, &state.cookies.language, language.code(), 365 * 24 * 60 * 60)
}

/// What sets a cookie for so many seconds.
pub(crate) fn set(state: &State, cookie: &Cookie, value: &str, age: i64) -> [(HeaderName, HeaderValue); 2] {
    [(SET_COOKIE, state.cookies.set(cookie, value, age)), (CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}

fn form(visit: &Visit, email: &str, to: &str, joining: Option<String>, trouble: &Trouble) -> impl IntoView + use<> {
    let (texts, email, to) = (visit.texts, email.to_owned(), to.to_owned());
    let fault = trouble.at(texts, "password").map(|_| texts.say("sign-in-wrong"));
    let lost =
        trouble.at(texts, "passkey").map(|_| view! { <p class="fault">{texts.say("sign-in-passkey-wrong")}</p> });
    let out_of_sight = lost.is_none();
    let passkey = visit.state.webauthn.is_some().then(|| {
        view! {
            <form method="post" action="/sign-in/passkey" data-passkey="/sign-in/passkey/question" hidden=out_of_sight>
                <input type="hidden" name="to" value=to.clone() />
                <input type="hidden" name="challenge" />
                <input type="hidden" name="credential" />
                {lost}
                <p><button class="btn tall quiet">{texts.say("sign-in-passkey")}</button></p>
            </form>
        }
    });
    view! {
        <main id="main" class="slim door">
            <h1>{texts.say("sign-in-title")}</h1>
            {joining.map(|joining| view! { <p>{joining}</p> })}
            {trouble.waiting(texts)}
            <form method="post" action="/sign-in">
                <input type="hidden" name="to" value=to.clone() />
                <Field name="email" label=texts.say("sign-in-email") kind=Kind::Email value=email required=true autocomplete="username" />
                <Field name="password" label=texts.say("sign-in-password") kind=Kind::Password fault required=true autocomplete="current-password" alone=true />
                <p><button class="btn tall">{texts.say("sign-in-submit")}</button></p>
            </form>
            {passkey}
            <p class="soft small">{texts.say("sign-in-help")}</p>
        </main>
        {script(visit)}
    }
}
