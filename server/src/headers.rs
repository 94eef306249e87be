//! What every answer tells the browser to refuse: foreign scripts, frames, sniffing, and more.

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
use store::Source;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
/// Says that an answer is ours: on its way something else may answer in our place, and what a phone keeps is ours only.
const MARK: HeaderName = HeaderName::from_static("trialmark");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Everything but scripts, which differ from page to page.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'none'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; \
     worker-src 'self'; script-src ";

/// What the headers of one installation depend on.
#[derive(Clone)]
pub struct Headers {
    pub source: Arc<dyn Source>,
    pub https: bool,
}

/// Gives the request its nonce and the answer its security headers.
pub async fn protect(State(this): State<Headers>, mut request: Request, next: Next) -> Response {
    let nonce = nonce(&this.source.bytes());
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let mut response = next.run(request).await;

    let scripts = response.extensions().get::<NoScript>().is_none();
    let headers = response.headers_mut();
    // A door that promises more has its own, and keeps it.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| policy(scripts.then_some(&nonce)));
    for_caches(headers);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not `no-referrer`: with it a browser posts a form with `Origin: null`, and the guard against forged forms refuses it.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(MARK, HeaderValue::from_static("1"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    if this.https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// What may be kept of an answer, and for whom. Where its door says nothing, it is taken to depend on who asks.
fn for_caches(headers: &mut HeaderMap) {
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.append(VARY, HeaderValue::from_static("accept-language, cookie"));
    }
    // Whoever compresses it on the way sends other bytes under the same tag: it says what the bytes mean, not what they are.
    if let Some(tag) = headers.get(ETAG).filter(|tag| tag.as_bytes().starts_with(b"\""))
        && let Ok(weak) = HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat())
    {
        headers.insert(ETAG, weak);
    }
}

/// A page's policy: scripts that carry its nonce and what those load, or none at all.
fn policy(nonce: Option<&String>) -> HeaderValue {
    let scripts = match nonce {
        Some(nonce) => format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
        None => "'none'".to_owned(),
    };
    HeaderValue::try_from([POLICY, &scripts].concat()).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Sixteen bytes are as many as the specification asks for.
fn nonce(bytes: &[u8; 32]) -> String {
    bytes[..16].iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
