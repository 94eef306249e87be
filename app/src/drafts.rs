//! Drafts are kept by the browser (`frontend/forms.js`), which is told here that one was saved.

use axum::extract::{Request, State as Shared};
use axum::middleware::Next;
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderValue, Method, StatusCode};

use crate::cookies;
use crate::state::State;

/// The cookie in which a browser names the draft it sends. It says nothing about who or what.
const DRAFT: &str = "draft";

/// A form that was accepted is answered with the way to another page: then its draft is kept no longer.
pub(crate) async fn confirm(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let sent = cookies::value(request.headers(), DRAFT).filter(|_| request.method() == Method::POST);
    let sent = sent.filter(|id| (1..=32).contains(&id.len()) && id.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let secure = if state.is_secure() { "; Secure" } else { "" };
    let saved = sent.map(|id| format!("{DRAFT}={id}.saved; Path=/; Max-Age=600; SameSite=Lax{secure}"));
    let mut response = next.run(request).await;
    if let Some(saved) = saved.and_then(|saved| HeaderValue::try_from(saved).ok())
        && response.status() == StatusCode::SEE_OTHER
    {
        response.headers_mut().append(SET_COOKIE, saved);
    }
    response
}
