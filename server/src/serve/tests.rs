//! The layers, tried with doors made for the purpose.

use std::pin::Pin;
use std::task::{Context, Poll};

use app::{NoScript, Nonce};
use axum::Extension;
use axum::body::{Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use hyper::body::Frame;
use tower::ServiceExt;

use super::*;

/// Dice that always fall the same way.
struct Loaded;

impl Source for Loaded {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn bytes(&self) -> [u8; 32] {
        [0xab; 32]
    }
}

const NONCE: &str = "abababababababababababababababab";

fn doors(base_url: &str) -> Router {
    let doors = Router::new()
        .route("/", get(|Extension(nonce): Extension<Nonce>| async { nonce.0 }))
        .route("/public", get(|| async { (Extension(NoScript), "public") }))
        .route("/long", get(|| async { "a page that goes on and on. ".repeat(200) }))
        .route("/packed", get(|| async { ([(header::CONTENT_ENCODING, "br")], vec![0_u8; 4000]) }))
        .route("/post", post(|body: String| async move { body.len().to_string() }))
        .route("/api/v1/post", post(|body: String| async move { body.len().to_string() }))
        .route("/panic", get(async || -> &'static str { panic!("on purpose") }))
        .route("/never", get(async || -> &'static str { std::future::pending().await }))
        .route("/api/v1/never", get(async || -> &'static str { std::future::pending().await }));
    guarded(doors, base_url, Arc::new(Loaded))
}

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

async fn ask(request: http::request::Builder, body: impl Into<Body>) -> Answered {
    ask_at("http://localhost:3000", request, body).await
}

async fn ask_at(base_url: &str, request: http::request::Builder, body: impl Into<Body>) -> Answered {
    let response = doors(base_url).oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answered { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

fn get_of(path: &str) -> http::request::Builder {
    Request::builder().uri(path)
}

fn post_to(path: &str) -> http::request::Builder {
    Request::builder().method("POST").uri(path).header("host", "localhost:3000")
}

#[tokio::test]
async fn a_page_and_its_policy_share_a_nonce() {
    let answered = ask(get_of("/"), "").await;
    assert_eq!(answered.text, NONCE);
    let policy = answered.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains(&format!("script-src 'nonce-{NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'")), "{policy}");
    for part in
        ["default-src 'none'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.split("; ").any(|it| it == part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{policy}");
}

#[tokio::test]
async fn a_page_without_scripts_allows_none() {
    let answered = ask(get_of("/public"), "").await;
    let policy = answered.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.ends_with("script-src 'none'"), "{policy}");
    assert!(!policy.contains("nonce"), "{policy}");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    for path in ["/", "/public", "/panic", "/nowhere"] {
        let headers = ask(get_of(path), "").await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin", "{path}");
        assert!(headers.contains_key("permissions-policy"), "{path}");
        assert!(headers.contains_key("content-security-policy"), "{path}");
    }
}

#[tokio::test]
async fn only_an_encrypted_installation_insists_on_encryption() {
    assert!(!ask(get_of("/"), "").await.headers.contains_key("strict-transport-security"));
    let answered = ask_at("https://trialmark.example", get_of("/"), "").await;
    assert_eq!(answered.headers["strict-transport-security"], "max-age=31536000");
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let foreign = post_to("/post").header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    let answered = ask(foreign, "a=b").await;
    assert_eq!(answered.status, 403);
    assert!(answered.text.contains("<h1>This form came from another site</h1>"), "{}", answered.text);

    let old_browser = post_to("/post").header("origin", "https://evil.example");
    assert_eq!(ask(old_browser, "a=b").await.status, 403);
    assert_eq!(ask(post_to("/post").header("origin", "null"), "a=b").await.status, 403);
}

#[tokio::test]
async fn a_form_from_our_own_pages_is_taken() {
    let own = post_to("/post").header("origin", "http://localhost:3000").header("sec-fetch-site", "same-origin");
    assert_eq!(ask(own, "a=b").await.text, "3");
    assert_eq!(ask(post_to("/post").header("origin", "http://localhost:3000"), "a=b").await.text, "3");

    // A proxy may put its own name in Host: the address people use is trusted whatever Host says.
    let proxied = post_to("/post").header("origin", "https://trialmark.example");
    assert_eq!(ask_at("https://trialmark.example", proxied, "a=b").await.text, "3");
}

#[tokio::test]
async fn programs_may_post_from_anywhere_but_only_to_the_interface_made_for_them() {
    let foreign = |path| post_to(path).header("origin", "https://shop.example").header("sec-fetch-site", "cross-site");
    assert_eq!(ask(foreign("/api/v1/post"), "a=b").await.text, "3");
    assert_eq!(ask(foreign("/api/v2/post"), "a=b").await.status, 403);
    assert_eq!(ask(foreign("/API/v1/post"), "a=b").await.status, 403);
    assert_eq!(ask(foreign("//api/v1/post"), "a=b").await.status, 403);
}

#[tokio::test]
async fn a_body_over_one_megabyte_is_refused_announced_or_not() {
    let most = "x".repeat(longest());
    assert_eq!(ask(post_to("/post"), most.clone()).await.text, longest().to_string());

    let announced = ask(post_to("/post").header("content-length", longest() + 1), most.clone() + "x").await;
    assert_eq!(announced.status, 413);
    assert!(announced.text.contains("<h1>This is too large</h1>"), "{}", announced.text);

    let unannounced = Unannounced(Some(Bytes::from(most + "x")));
    let answered = ask(post_to("/post"), Body::new(unannounced)).await;
    assert_eq!(answered.status, 413);
    assert!(answered.text.contains("<h1>This is too large</h1>"), "{}", answered.text);
}

#[tokio::test]
async fn programs_get_their_refusals_as_problem_documents() {
    let answered = ask(post_to("/api/v1/post").header("content-length", longest() + 1), "").await;
    assert_eq!(answered.status, 413);
    assert_eq!(answered.headers[header::CONTENT_TYPE], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&answered.text).unwrap();
    assert_eq!(problem["type"], "urn:trialmark:problem:too-large");
    assert_eq!(problem["status"], 413);
}

#[tokio::test]
async fn a_panic_is_a_plain_page_that_shows_nothing() {
    let answered = ask(get_of("/panic"), "").await;
    assert_eq!(answered.status, 500);
    assert!(answered.text.contains("<h1>The server made a mistake</h1>"), "{}", answered.text);
    assert!(!answered.text.contains("on purpose"));
    let policy = answered.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.ends_with("script-src 'none'"), "{policy}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_is_given_up() {
    let answered = ask(get_of("/never"), "").await;
    assert_eq!(answered.status, 503);
    assert!(answered.text.contains("<h1>This took too long</h1>"), "{}", answered.text);
    let answered = ask(get_of("/api/v1/never"), "").await;
    assert_eq!(answered.headers[header::CONTENT_TYPE], "application/problem+json");
}

#[tokio::test]
async fn a_page_is_compressed_as_the_browser_likes() {
    for (accepts, coding) in [("gzip, deflate, br, zstd", Some("br")), ("gzip", Some("gzip")), ("identity", None)] {
        let answered = ask(get_of("/long").header("accept-encoding", accepts), "").await;
        assert_eq!(answered.headers.get("content-encoding").map(|it| it.to_str().unwrap()), coding);
        assert_eq!(answered.headers["vary"], "accept-encoding");
    }
    let tiny = ask(get_of("/").header("accept-encoding", "br"), "").await;
    assert!(!tiny.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn what_is_compressed_already_stays_as_it_is() {
    let answered = ask(get_of("/packed").header("accept-encoding", "gzip, br"), "").await;
    assert_eq!(answered.headers["content-encoding"], "br");
    assert_eq!(answered.text.len(), 4000);
}

/// A body that does not say beforehand how long it is.
struct Unannounced(Option<Bytes>);

impl hyper::body::Body for Unannounced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// What may be sent where no pictures are taken in.
fn longest() -> usize {
    app::longest_body("/post")
}
