//! Every address of the product, and the page that says why there is none.

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::post;
use http::HeaderValue;
use http::header::RETRY_AFTER;
use leptos::prelude::provide_context;

use crate::error::Error;
use crate::page::{Nonce, error_page};
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Visit, asked, language};
use crate::{begin, checks, follow_up, guarantees, people, places, public, recoveries, settings, sign_in, today};
use domain::business::Language;

/// All pages and the server functions of their islands.
pub fn router(state: &State) -> Router<State> {
    Router::new()
        .merge(begin::routes())
        .merge(sign_in::routes())
        .merge(today::routes())
        .merge(checks::page::routes())
        .merge(recoveries::page::routes())
        .merge(guarantees::page::routes())
        .merge(places::routes())
        .merge(people::routes())
        .merge(settings::routes())
        .merge(public::routes())
        .merge(follow_up::routes())
        .route("/do/{*function}", post(function))
        .fallback(async || Error::NotFound)
        .layer(from_fn_with_state(state.clone(), in_words))
}

/// A server function, with what it needs to know who asks.
async fn function(Shared(state): Shared<State>, request: Request) -> Response {
    leptos_axum::handle_server_fns_with_context(move || provide_context(state.clone()), request).await.into_response()
}

/// When what is unavailable is worth another try, in seconds.
const SOON: HeaderValue = HeaderValue::from_static("5");

/// Makes a page of an error, in the reader's language.
async fn in_words(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let texts = Texts::of(language(request.headers(), None, Language::En));
    let path = asked(request.uri());
    let nonce = request.extensions().get::<Nonce>().map(|nonce| nonce.0.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<Error>() else { return response };
    let visit = Visit { state, texts, path, nonce, visitor: None };
    let mut page = (error.status(), Html(error_page(&visit, &error))).into_response();
    if matches!(error, Error::Unavailable) {
        page.headers_mut().insert(RETRY_AFTER, SOON);
    }
    page
}
