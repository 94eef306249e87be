//! Tests of the middleware, with doors made for the purpose.

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

/// Always the same time and the same random bytes.
struct FixedSource;

impl ClockAndRandom for FixedSource {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn bytes(&self) -> [u8; 32] {
        [0xab; 32]
    }
}

const NONCE: &str = "abababababababababababababababab";

fn router_with(base_url: &str) -> Router {
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
    with_middleware(doors, &BodyLimits::of(&[]), base_url, Arc::new(FixedSource))
}

struct TestResponse {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

async fn send(request: http::request::Builder, body: impl Into<Body>) -> TestResponse {
    send_with_base_url("http://localhost:3000", request, body).await
}

async fn send_with_base_url(base_url: &str, request: http::request::Builder, body: impl Into<Body>) -> TestResponse {
    let response = router_with(base_url).oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    TestResponse { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

fn get_request(path: &str) -> http::request::Builder {
    Request::builder().uri(path)
}

fn post_request(path: &str) -> http::request::Builder {
    Request::builder().method("POST").uri(path).header("host", "localhost:3000")
}

#[tokio::test]
async fn a_page_and_its_csp_header_share_a_nonce() {
    let response = send(get_request("/"), "").await;
    assert_eq!(response.text, NONCE);
    let policy = response.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains(&format!("script-src 'nonce-{NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'")), "{policy}");
    for part in
        ["default-src 'none'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.split("; ").any(|it| it == part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{policy}");
}

#[tokio::test]
async fn the_csp_of_a_page_without_scripts_allows_none() {
    let response = send(get_request("/public"), "").await;
    let policy = response.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.ends_with("script-src 'none'"), "{policy}");
    assert!(!policy.contains("nonce"), "{policy}");
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    for path in ["/", "/public", "/panic", "/nowhere"] {
        let headers = send(get_request(path), "").await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin", "{path}");
        assert!(headers.contains_key("permissions-policy"), "{path}");
        assert!(headers.contains_key("content-security-policy"), "{path}");
    }
}

#[tokio::test]
async fn only_an_https_installation_sends_hsts() {
    assert!(!send(get_request("/"), "").await.headers.contains_key("strict-transport-security"));
    let response = send_with_base_url("https://trialmark.example", get_request("/"), "").await;
    assert_eq!(response.headers["strict-transport-security"], "max-age=31536000");
}

#[tokio::test]
async fn a_cross_site_form_post_is_refused() {
    let foreign = post_request("/post").header("origin", "https://evil.example").header("sec-fetch-site", "cross-site");
    let response = send(foreign, "a=b").await;
    assert_eq!(response.status, 403);
    assert!(response.text.contains("<h1>This form came from another site</h1>"), "{}", response.text);

    let old_browser = post_request("/post").header("origin", "https://evil.example");
    assert_eq!(send(old_browser, "a=b").await.status, 403);
    assert_eq!(send(post_request("/post").header("origin", "null"), "a=b").await.status, 403);
}

#[tokio::test]
async fn a_same_origin_form_post_is_accepted() {
    let own = post_request("/post").header("origin", "http://localhost:3000").header("sec-fetch-site", "same-origin");
    assert_eq!(send(own, "a=b").await.text, "3");
    assert_eq!(send(post_request("/post").header("origin", "http://localhost:3000"), "a=b").await.text, "3");

    // A proxy may put its own name in `Host`: the base URL is trusted whatever `Host` says.
    let proxied = post_request("/post").header("origin", "https://trialmark.example");
    assert_eq!(send_with_base_url("https://trialmark.example", proxied, "a=b").await.text, "3");
}

#[tokio::test]
async fn only_rest_routes_accept_cross_site_posts() {
    let foreign =
        |path| post_request(path).header("origin", "https://shop.example").header("sec-fetch-site", "cross-site");
    assert_eq!(send(foreign("/api/v1/post"), "a=b").await.text, "3");
    assert_eq!(send(foreign("/api/v2/post"), "a=b").await.status, 403);
    assert_eq!(send(foreign("/API/v1/post"), "a=b").await.status, 403);
    assert_eq!(send(foreign("//api/v1/post"), "a=b").await.status, 403);
}

#[tokio::test]
async fn a_body_over_1_mb_is_refused_with_or_without_a_length() {
    let largest = "x".repeat(max_body_size());
    assert_eq!(send(post_request("/post"), largest.clone()).await.text, max_body_size().to_string());

    let declared =
        send(post_request("/post").header("content-length", max_body_size() + 1), largest.clone() + "x").await;
    assert_eq!(declared.status, 413);
    assert!(declared.text.contains("<h1>This is too large</h1>"), "{}", declared.text);

    let without_length = WithoutLength(Some(Bytes::from(largest + "x")));
    let response = send(post_request("/post"), Body::new(without_length)).await;
    assert_eq!(response.status, 413);
    assert!(response.text.contains("<h1>This is too large</h1>"), "{}", response.text);
}

#[tokio::test]
async fn rest_errors_are_problem_documents() {
    let response = send(post_request("/api/v1/post").header("content-length", max_body_size() + 1), "").await;
    assert_eq!(response.status, 413);
    assert_eq!(response.headers[header::CONTENT_TYPE], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&response.text).unwrap();
    assert_eq!(problem["type"], "urn:trialmark:problem:too-large");
    assert_eq!(problem["status"], 413);
}

#[tokio::test]
async fn a_panic_gets_a_500_page_without_details() {
    let response = send(get_request("/panic"), "").await;
    assert_eq!(response.status, 500);
    assert!(response.text.contains("<h1>The server made a mistake</h1>"), "{}", response.text);
    assert!(!response.text.contains("on purpose"));
    let policy = response.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.ends_with("script-src 'none'"), "{policy}");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_responds_times_out_with_503() {
    let response = send(get_request("/never"), "").await;
    assert_eq!(response.status, 503);
    assert!(response.text.contains("<h1>This took too long</h1>"), "{}", response.text);
    let response = send(get_request("/api/v1/never"), "").await;
    assert_eq!(response.headers[header::CONTENT_TYPE], "application/problem+json");
}

#[tokio::test]
async fn compression_follows_accept_encoding() {
    for (accepts, coding) in [("gzip, deflate, br, zstd", Some("br")), ("gzip", Some("gzip")), ("identity", None)] {
        let response = send(get_request("/long").header("accept-encoding", accepts), "").await;
        assert_eq!(response.headers.get("content-encoding").map(|it| it.to_str().unwrap()), coding);
        assert_eq!(response.headers["vary"], "accept-encoding");
    }
    let tiny = send(get_request("/").header("accept-encoding", "br"), "").await;
    assert!(!tiny.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn compressed_responses_are_not_compressed_again() {
    let response = send(get_request("/packed").header("accept-encoding", "gzip, br"), "").await;
    assert_eq!(response.headers["content-encoding"], "br");
    assert_eq!(response.text.len(), 4000);
}

/// A body without a declared length.
struct WithoutLength(Option<Bytes>);

impl hyper::body::Body for WithoutLength {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// The limit at addresses that take no pictures.
fn max_body_size() -> usize {
    BodyLimits::of(&[]).at("/post")
}
