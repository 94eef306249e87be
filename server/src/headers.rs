//! Headers of every response: for security, and for caches where the door sets none.

use std::fmt::Write;
use std::sync::Arc;

use app::{NoScript, Nonce};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use store::ClockAndRandom;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
/// Marks a response as ours. A captive portal may answer in our place; the service worker stores only marked responses.
const TRIALMARK: HeaderName = HeaderName::from_static("trialmark");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The Content-Security-Policy up to the scripts, which differ from page to page.
const POLICY_BEFORE_SCRIPTS: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'none'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; \
     worker-src 'self'; script-src ";

/// What the headers depend on in this installation.
#[derive(Clone)]
pub struct HeaderConfig {
    pub source: Arc<dyn ClockAndRandom>,
    pub https: bool,
}

/// Middleware: gives the request its nonce, and the response its security and cache headers.
pub async fn set_headers(State(config): State<HeaderConfig>, mut request: Request, next: Next) -> Response {
    let nonce = nonce(&config.source.bytes());
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let mut response = next.run(request).await;

    let allows_scripts = response.extensions().get::<NoScript>().is_none();
    let headers = response.headers_mut();
    // A door may set a stricter policy of its own.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| content_security_policy(allows_scripts.then_some(&nonce)));
    set_cache_headers(headers);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not `no-referrer`: browsers would then post forms with `Origin: null`, which the cross-site check refuses.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(TRIALMARK, HeaderValue::from_static("1"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    if config.https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Headers for caches. If the door sets none, the response is taken to depend on who asks.
fn set_cache_headers(headers: &mut HeaderMap) {
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.append(VARY, HeaderValue::from_static("accept-language, cookie"));
    }
    // Compression changes the bytes but not the tag, so the tag has to be a weak one.
    if let Some(tag) = headers.get(ETAG).filter(|tag| tag.as_bytes().starts_with(b"\""))
        && let Ok(weak) = HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat())
    {
        headers.insert(ETAG, weak);
    }
}

/// The policy of a page: scripts with its nonce and what those load, or no scripts.
fn content_security_policy(nonce: Option<&String>) -> HeaderValue {
    let scripts = match nonce {
        Some(nonce) => format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
        None => "'none'".to_owned(),
    };
    HeaderValue::try_from([POLICY_BEFORE_SCRIPTS, &scripts].concat())
        .unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Sixteen bytes, as the specification of CSP asks for, in hexadecimal.
fn nonce(bytes: &[u8; 32]) -> String {
    bytes[..16].iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
