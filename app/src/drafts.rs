//! The browser stores drafts of forms (`frontend/drafts.js`). This tells it which ones have been saved.

use axum::extract::{Request, State as Shared};
use axum::middleware::Next;
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{Method, StatusCode};

use crate::state::AppState;

/// A redirect after a POST means that the form was accepted. The browser then deletes its draft.
pub(crate) async fn confirm_saved_draft(Shared(state): Shared<AppState>, request: Request, next: Next) -> Response {
    let draft = state.cookies.draft.find(request.headers()).filter(|_| request.method() == Method::POST);
    let draft = draft.filter(|id| (1..=32).contains(&id.len()) && id.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let saved_cookie = draft.map(|id| state.cookies.header_value(&state.cookies.draft, &format!("{id}.saved"), 600));
    let mut response = next.run(request).await;
    if let Some(saved_cookie) = saved_cookie
        && response.status() == StatusCode::SEE_OTHER
    {
        response.headers_mut().append(SET_COOKIE, saved_cookie);
    }
    response
}
