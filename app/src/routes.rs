//! The router of all pages, and how errors become pages.

use axum::extract::{Request, State as Shared};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, Router};
use http::StatusCode;
use http::header::CACHE_CONTROL;

use crate::client_address::ClientAddress;
use crate::doors::{Doors, ErrorFormat};
use crate::error::{Conflict, Error};
use crate::outbox::protocol::NotStored;
use crate::page::{NoBusiness, conflict_text, error_page, with_retry_after};
use crate::request_context::{RequestContext, language, path_and_query};
use crate::script_policy::Nonce;
use crate::state::AppState;
use crate::texts::Texts;
use crate::{
    account, archive, audit, begin, businesses, canonical_address, checks, crawlers, customers, devices, drafts,
    factors, follow_up, guarantees, invites, legacy_cookies, live, obstacles, passkeys, people, photos, places, public,
    recoveries, second_looks, second_step, settings, sign_in, sites, today, tokens,
};
use domain::business::Language;
use domain::check::CheckError;

/// All pages and the endpoints of their islands, each with its rule.
#[must_use]
pub fn doors(state: &AppState) -> Doors {
    Doors::new(state)
        .merge(begin::doors)
        .merge(sign_in::doors)
        .merge(second_step::doors)
        .merge(today::doors)
        .merge(checks::doors)
        .merge(recoveries::page::doors)
        .merge(obstacles::doors)
        .merge(second_looks::doors)
        .merge(customers::doors)
        .merge(guarantees::page::doors)
        .merge(places::doors)
        .merge(sites::doors)
        .merge(photos::doors)
        .merge(live::doors)
        .merge(people::doors)
        .merge(account::doors)
        .merge(factors::doors)
        .merge(passkeys::doors)
        .merge(devices::doors)
        .merge(tokens::doors)
        .merge(audit::doors)
        .merge(invites::doors)
        .merge(businesses::doors)
        .merge(settings::doors)
        .merge(archive::doors)
        .merge(public::doors)
        .merge(follow_up::doors)
        .merge(crawlers::doors)
}

/// The router of these doors, with the middleware of pages and a 404 for everything else.
pub fn router(doors: Doors) -> Router<AppState> {
    let errors_layer = from_fn_with_state(doors.state.clone(), render_errors);
    let drafts_layer = from_fn_with_state(doors.state.clone(), drafts::confirm_saved_draft);
    let cookies_layer = from_fn_with_state(doors.state.clone(), legacy_cookies::migrate_legacy_cookies);
    let canonical_layer = from_fn(canonical_address::redirect_to_canonical);
    let router = doors.into_router().fallback(async || Error::NotFound);
    router.layer(errors_layer).layer(drafts_layer).layer(cookies_layer).layer(canonical_layer)
}

/// The answer for an island: JSON that says whether sending it again can help.
fn phone_error(texts: Texts, error: &Error) -> Response {
    let not_stored = if error.status().is_server_error() || error.retry_after().is_some() {
        NotStored::Unreachable
    } else if error.status() == StatusCode::UNAUTHORIZED || waits_for_author(error) {
        NotStored::SignedOut
    } else {
        NotStored::Rejected(error_text(texts, error))
    };
    (error.status(), Json(not_stored)).into_response()
}

/// Whether the check must wait until its author signs in.
fn waits_for_author(error: &Error) -> bool {
    matches!(error, Error::Conflict(Conflict::Check(CheckError::OtherAuthor)))
}

/// The error as a short text.
fn error_text(texts: Texts, error: &Error) -> String {
    match error {
        Error::Invalid(faults) => faults.all().iter().map(|one| texts.fault(one.fault)).collect::<Vec<_>>().join(" "),
        Error::Conflict(conflict) => conflict_text(texts, conflict),
        Error::NotFound => texts.text("not-found-title"),
        Error::Gone => texts.text("gone-title"),
        Error::Forbidden => texts.text("forbidden-title"),
        Error::Unauthenticated => texts.text("signed-out-title"),
        Error::RateLimited { .. } => texts.text("too-many-title"),
        Error::Unavailable => texts.text("unavailable-title"),
        Error::Internal => texts.text("internal-title"),
    }
}

/// Renders errors as pages, in the reader's language.
async fn render_errors(Shared(state): Shared<AppState>, request: Request, next: Next) -> Response {
    let texts = Texts::of(language(&state, request.headers(), None, Language::En));
    let path = path_and_query(request.uri());
    let client = ClientAddress::from_extensions(request.extensions());
    let nonce = request.extensions().get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<Error>() else { return response };
    let no_business = response.extensions_mut().remove::<NoBusiness>();
    // The error page of a private address must not be cached either.
    let cache_control = response.headers_mut().remove(CACHE_CONTROL);
    let mut page = if response.extensions().get() == Some(&ErrorFormat::Phone) {
        phone_error(texts, &error)
    } else {
        let context = RequestContext { state, texts, path, nonce, client, user: None, flash: None };
        with_retry_after(
            error.retry_after(),
            (error.status(), Html(error_page(&context, &error, no_business))).into_response(),
        )
    };
    page.headers_mut().extend(cache_control.map(|cache_control| (CACHE_CONTROL, cache_control)));
    page
}
