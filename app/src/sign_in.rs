//! Signing in and out, and choosing a language.

use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use domain::business::Language;
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, PersonId};
use domain::person::Email;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use leptos::prelude::*;
use serde::Deserialize;
use store::Session;

use crate::device::device;
use crate::doors::Doors;
use crate::doors::Rule::Anyone;
use crate::error::Error;
use crate::form::{Field, Kind};
use crate::page::{Trouble, go};
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Form, Inside, LANGUAGE, Query, Visit, cookie};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/sign-in", Anyone, show).post("/sign-in", Anyone, sign_in).post("/sign-out", Anyone, sign_out).post(
        "/language",
        Anyone,
        language,
    )
}

/// Where someone who is not signed in is sent to, so that they come back to what they wanted.
pub fn address(path: &str) -> String {
    let to = serde_html_form::to_string([("to", path)]).unwrap_or_default();
    format!("/sign-in?{to}")
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    to: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignInDraft {
    email: String,
    password: String,
    to: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LanguageDraft {
    language: String,
    to: String,
}

async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    page(&visit, "", &wanted.to)
}

/// The page on which someone signs in.
pub fn page(visit: &Visit, email: &str, to: &str) -> Response {
    let title = visit.texts.say("sign-in-title");
    visit.page(&title, || form(visit.texts, email, to, &Trouble::default()))
}

async fn sign_in(
    Shared(state): Shared<State>,
    visit: Visit,
    headers: HeaderMap,
    Form(draft): Form<SignInDraft>,
) -> Result<Response, Error> {
    let known = match Email::parse(&draft.email) {
        Ok(email) => state.store.credentials(&email).await?,
        Err(_) => None,
    };
    let (person, hash) = known.unzip();
    let matches = state.matches(draft.password, hash).await?;
    if let Some(person) = person.filter(|_| matches) {
        return enter(&state, person, &headers, local(&draft.to)).await;
    }
    let (texts, title) = (visit.texts, visit.texts.say("sign-in-title"));
    let faults = Faults::one("password", Fault::Wrong);
    visit.again(faults, &title, |trouble| form(texts, &draft.email, &draft.to, &trouble))
}

/// Begins a session and goes on.
pub async fn enter(state: &State, person: PersonId, headers: &HeaderMap, to: &str) -> Result<Response, Error> {
    let session = state.store.begin_session(person, &device(headers)).await?;
    with(state, session, to)
}

/// Begins a session in a business and goes on.
pub async fn enter_at(
    state: &State,
    person: PersonId,
    business: BusinessId,
    headers: &HeaderMap,
    to: &str,
) -> Result<Response, Error> {
    let session = state.store.begin_session_at(person, business, &device(headers)).await?;
    with(state, session, to)
}

/// Goes over to another business of the person's.
pub async fn switch(
    state: &State,
    inside: &Inside,
    business: BusinessId,
    headers: &HeaderMap,
    to: &str,
) -> Result<Response, Error> {
    let (person, device) = (inside.visitor.person, device(headers));
    let session = state.store.switch_business(&inside.token, person, business, &device).await?;
    with(state, Some(session.ok_or(Error::NotFound)?), to)
}

/// Goes on with a session that has just begun.
pub fn with(state: &State, session: Option<Session>, to: &str) -> Result<Response, Error> {
    let session = session.ok_or(Error::Forbidden)?;
    Ok((cookie_of(state, Some(&session)), go(to)).into_response())
}

/// The cookie of a session; without one, that there is none any more.
pub fn cookie_of(state: &State, session: Option<&Session>) -> [(http::HeaderName, String); 2] {
    let age = |session: &Session| (session.expires_at - state.store.now()).num_seconds();
    set(state, state.cookie(), session.map_or("", |session| &session.token), session.map_or(0, age), true)
}

async fn sign_out(Shared(state): Shared<State>, headers: HeaderMap) -> Result<Response, Error> {
    if let Some(token) = cookie(&headers, state.cookie()) {
        state.store.end_session(token).await?;
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
    let year = 365 * 24 * 60 * 60;
    Ok((set(&state, LANGUAGE, language.code(), year, false), go(local(&draft.to))).into_response())
}

fn set(state: &State, name: &str, value: &str, age: i64, hidden: bool) -> [(http::HeaderName, String); 2] {
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let hidden = if hidden { "; HttpOnly" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax{hidden}{secure}");
    [(SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())]
}

/// Only ever on to an address of our own.
fn local(to: &str) -> &str {
    let plain = to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && !to.contains(char::is_control);
    if plain { to } else { "/" }
}

fn form(texts: Texts, email: &str, to: &str, trouble: &Trouble) -> impl IntoView + use<> {
    let (email, to) = (email.to_owned(), to.to_owned());
    let fault = trouble.at(texts, "password").map(|_| texts.say("sign-in-wrong"));
    view! {
        <main id="main" class="slim door">
            <h1>{texts.say("sign-in-title")}</h1>
            <form method="post" action="/sign-in">
                <input type="hidden" name="to" value=to />
                <Field name="email" label=texts.say("sign-in-email") kind=Kind::Email value=email required=true autocomplete="username" />
                <Field name="password" label=texts.say("sign-in-password") kind=Kind::Password fault required=true autocomplete="current-password" />
                <p><button class="btn tall">{texts.say("sign-in-submit")}</button></p>
            </form>
            <p class="soft small">{texts.say("sign-in-help")}</p>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_only_ever_sent_on_to_an_address_of_our_own() {
        assert_eq!(local("/check/1"), "/check/1");
        for elsewhere in ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "", "/a\nb"] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
