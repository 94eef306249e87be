//! Migrates cookies from before their names contained the installation's id.

use axum::extract::{Request, State as Shared};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{CACHE_CONTROL, SET_COOKIE};

use crate::cookies::{self, Cookie, MAX_AGE_SECONDS};
use crate::error::Error;
use crate::state::AppState;

/// Moves values from the old names to the new ones. A value under an old name may belong to another installation on
/// this host, and is then left alone.
pub(crate) async fn migrate_legacy_cookies(Shared(state): Shared<AppState>, request: Request, next: Next) -> Response {
    let legacy = match legacy_cookies(&state, request.headers()).await {
        Ok(legacy) => legacy,
        Err(error) => return error.into_response(),
    };
    let mut response = next.run(request).await;
    // A response that may be cached must not set a token.
    if response.headers().get(CACHE_CONTROL).is_none_or(|value| value != "no-store") {
        return response;
    }
    for LegacyCookie { cookie, value, max_age, is_shadowed } in legacy {
        let prefix = format!("{}=", cookie.name());
        let is_set = response
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .any(|header| header.as_bytes().starts_with(prefix.as_bytes()));
        if !is_set && !is_shadowed {
            response.headers_mut().append(SET_COOKIE, state.cookies.header_value(cookie, &value, max_age));
        }
        response.headers_mut().append(SET_COOKIE, state.cookies.expire_legacy(cookie));
    }
    response
}

/// One of our cookies under its old name.
struct LegacyCookie<'s> {
    cookie: &'s Cookie,
    value: String,
    max_age: i64,
    /// There is also one under the new name, which takes precedence.
    is_shadowed: bool,
}

async fn legacy_cookies<'s>(state: &'s AppState, headers: &HeaderMap) -> Result<Vec<LegacyCookie<'s>>, Error> {
    let mut legacy = Vec::new();
    for cookie in [&state.cookies.session, &state.cookies.device] {
        let Some(value) = cookie.legacy_value(headers) else { continue };
        let max_age = if cookie.name() == state.cookies.session.name() {
            let authenticated = state.store.authenticate(value).await?;
            authenticated.map(|authenticated| (authenticated.user().ends_at - state.store.now()).num_seconds())
        } else {
            state.store.device_by_token(value).await?.map(|_| MAX_AGE_SECONDS)
        };
        let is_shadowed = cookies::value(headers, cookie.name()).is_some();
        legacy.extend(max_age.map(|max_age| LegacyCookie { cookie, value: value.to_owned(), max_age, is_shadowed }));
    }
    Ok(legacy)
}
