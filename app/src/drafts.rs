//! Drafts are kept by the browser (`frontend/forms.js`), which is told here that one was saved.

use axum::extract::{Request, State as Shared};
use axum::middleware::Next;
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{Method, StatusCode};

use crate::state::State;

/// A form that was accepted is answered with the way to another page: then its draft is kept no longer.
pub(crate) async fn confirm(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let sent = state.cookies.draft.find(request.headers()).filter(|_| request.method() == Method::POST);
    let sent = sent.filter(|id| (1..=32).contains(&id.len()) && id.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let saved = sent.map(|id| state.cookies.set(&state.cookies.draft, &format!("{id}.saved"), 600));
    let mut response = next.run(request).await;
    if let Some(saved) = saved
        && response.status() == StatusCode::SEE_OTHER
    {
        response.headers_mut().append(SET_COOKIE, saved);
    }
    response
}
