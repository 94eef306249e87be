//! Every address of the product, and the page that says why there is none.

use axum::extract::{Request, State as Shared};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, Router};
use http::StatusCode;
use http::header::CACHE_CONTROL;

use crate::checks::api::NotStored;
use crate::client::Client;
use crate::doors::Doors;
use crate::error::{Error, Refusal};
use crate::page::{Nonce, error_page, later, refused};
use crate::sign_in::Outsider;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Visit, asked, language};
use crate::{
    account, archive, audit, begin, businesses, checks, cookies, crawlers, customers, devices, drafts, factors,
    follow_up, guarantees, invites, live, obstacles, one_address, passkeys, people, photos, places, public, recoveries,
    second_looks, second_step, settings, sign_in, sites, today, tokens,
};
use domain::business::Language;
use domain::check::Refused;

/// All pages and what their islands ask for, each with its rule.
#[must_use]
pub fn doors(state: &State) -> Doors {
    Doors::new(state)
        .of(begin::doors)
        .of(sign_in::doors)
        .of(second_step::doors)
        .of(today::doors)
        .of(checks::page::doors)
        .of(recoveries::page::doors)
        .of(obstacles::doors)
        .of(second_looks::doors)
        .of(customers::doors)
        .of(guarantees::page::doors)
        .of(places::doors)
        .of(sites::doors)
        .of(photos::doors)
        .of(live::doors)
        .of(people::doors)
        .of(account::doors)
        .of(factors::doors)
        .of(passkeys::doors)
        .of(devices::doors)
        .of(tokens::doors)
        .of(audit::doors)
        .of(invites::doors)
        .of(businesses::doors)
        .of(settings::doors)
        .of(archive::doors)
        .of(public::doors)
        .of(follow_up::doors)
        .of(crawlers::doors)
}

/// The pages behind these doors, and the page that says that there is nothing.
pub fn router(doors: Doors) -> Router<State> {
    let in_words = from_fn_with_state(doors.state.clone(), in_words);
    let confirmed = from_fn_with_state(doors.state.clone(), drafts::confirm);
    let renamed = from_fn_with_state(doors.state.clone(), cookies::renamed);
    let led = from_fn(one_address::lead);
    let router = doors.into_router().fallback(async || Error::NotFound);
    router.layer(in_words).layer(confirmed).layer(renamed).layer(led)
}

/// An island reads no page: it is told in words whether sending it again can help.
fn refused_in_a_word(texts: Texts, error: &Error) -> Response {
    let not_stored = if error.status().is_server_error() || error.retry_after().is_some() {
        NotStored::Unreachable
    } else if error.status() == StatusCode::UNAUTHORIZED || is_somebody_elses(error) {
        NotStored::SignedOut
    } else {
        NotStored::Rejected(in_a_word(texts, error))
    };
    (error.status(), Json(not_stored)).into_response()
}

/// Whether a check waits for whoever made it to sign in.
fn is_somebody_elses(error: &Error) -> bool {
    matches!(error, Error::Conflict(Refusal::Check(Refused::NotYours)))
}

/// What is wrong, where there is no room for a page.
fn in_a_word(texts: Texts, error: &Error) -> String {
    match error {
        Error::Invalid(faults) => faults.all().iter().map(|one| texts.fault(one.fault)).collect::<Vec<_>>().join(" "),
        Error::Conflict(refusal) => refused(texts, refusal),
        Error::NotFound => texts.say("not-found-title"),
        Error::Gone => texts.say("gone-title"),
        Error::Forbidden => texts.say("forbidden-title"),
        Error::Unauthenticated => texts.say("signed-out-title"),
        Error::TooMany { .. } => texts.say("too-many-title"),
        Error::Unavailable => texts.say("unavailable-title"),
        Error::Internal => texts.say("internal-title"),
    }
}

/// Makes a page of an error, in the reader's language.
async fn in_words(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let texts = Texts::of(language(&state, request.headers(), None, Language::En));
    let path = asked(request.uri());
    let client = Client::of(request.extensions());
    let nonce = request.extensions().get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<Error>() else { return response };
    let outsider = response.extensions_mut().remove::<Outsider>();
    // What is not for everyone is kept nowhere, whatever it says.
    let kept = response.headers_mut().remove(CACHE_CONTROL);
    let mut said = if path.starts_with("/do/") {
        refused_in_a_word(texts, &error)
    } else {
        let visit = Visit { state, texts, path, nonce, client, visitor: None };
        later(error.retry_after(), (error.status(), Html(error_page(&visit, &error, outsider))).into_response())
    };
    said.headers_mut().extend(kept.map(|kept| (CACHE_CONTROL, kept)));
    said
}
