//! Invalid documents: too large, truncated, not JSON, of another shape. And a database that does not answer.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, header};
use domain::role::Role;
use hyper::body::Frame;
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use crate::response::ApiResponse;
use crate::rows::problem;
use crate::world::World;

/// Every operation with a request body.
fn write_operations(world: &World) -> Vec<(&'static str, String)> {
    let own = &world.own;
    vec![
        ("POST", "/problems".to_owned()),
        ("POST", "/guarantees".to_owned()),
        ("POST", format!("/guarantees/{}/versions", own.guarantee)),
        ("POST", format!("/guarantees/{}/moves", own.guarantee)),
        ("PUT", format!("/guarantees/{}/places", own.guarantee)),
        ("POST", "/sites".to_owned()),
        ("POST", "/places".to_owned()),
        ("POST", "/checks".to_owned()),
        ("POST", format!("/checks/{}/corrections", own.check)),
        ("POST", format!("/obstacles/{}/answers", own.obstacle)),
        ("POST", format!("/recoveries/{}/steps", own.recovery)),
        ("POST", format!("/recoveries/{}/links", own.recovery)),
        ("POST", format!("/recoveries/{}/erasure", own.recovery)),
    ]
}

async fn send(world: &World, method: &str, path: &str, kind: Option<&str>, body: impl Into<Body>) -> ApiResponse {
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    request = request.header(header::AUTHORIZATION, format!("Bearer {}", world.token(Role::Owner)));
    if let Some(kind) = kind {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    world.send_request(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn invalid_json_is_refused_with_its_position() {
    let world = World::new().await;
    let rows = world.row_counts().await;
    let broken: [(&[u8], &str); 8] = [
        (b"", "EOF while parsing a value at line 1 column 0"),
        (b"{", "EOF while parsing an object at line 1 column 1"),
        (b"words=1", "expected value at line 1 column 1"),
        (b"{\n 7}", "key must be a string at line 2 column 2"),
        (b"{\"\xff\xfe\": 1}", "invalid unicode code point at line 1 column"),
        (b"{\"\\ud800\": 1}", "line 1 column"),
        (b"\xef\xbb\xbf{}", "expected value at line 1 column 1"),
        (b"nul", "at line 1 column 3"),
    ];
    for (method, path) in write_operations(&world) {
        for (body, place) in broken {
            let answered = send(&world, method, &path, Some("application/json"), body).await.assert_status(400);
            answered.assert_problem_type("malformed");
            assert!(answered.body["detail"].as_str().unwrap().contains(place), "{path} {place}: {}", answered.body);
        }
    }
    let after =
        send(&world, "POST", "/sites", Some("application/json"), r#"{"name":"Abilene"} {}"#).await.assert_status(400);
    assert!(after.body["detail"].as_str().unwrap().contains("trailing characters at line 1 column 20"));
    assert_eq!(world.row_counts().await, rows);
}

#[tokio::test]
async fn a_deeply_nested_document_is_refused() {
    let world = World::new().await;
    let rows = world.row_counts().await;
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    for (method, path) in write_operations(&world) {
        for bomb in [open.clone(), format!("{open}{close}"), format!("{{\"words\": {open}1{close}}}")] {
            let status = send(&world, method, &path, Some("application/json"), bomb).await.status;
            assert!(status == 400 || status == 422, "{method} {path} {status}");
        }
    }
    assert_eq!(world.row_counts().await, rows);
}

#[tokio::test]
async fn a_document_of_the_wrong_shape_is_refused_with_a_path() {
    let world = World::new().await;
    for (method, path) in write_operations(&world).into_iter().filter(|(method, _)| *method == "POST") {
        for wrong in [json!(null), json!(7), json!("text"), json!([[1]])] {
            let answered =
                send(&world, method, &path, Some("application/json"), wrong.to_string()).await.assert_status(422);
            let first = answered.body["errors"][0]["field"].as_str().unwrap();
            assert!(first == "document" || first == "[0]", "{path}: {}", answered.body);
        }
    }
    let unknown = world.post("/sites", &json!({ "name": "Abilene", "colour": "red" })).await.assert_status(422);
    assert!(unknown.has_error("colour", "malformed"), "{}", unknown.body);
    let unknown =
        world.step(&world.own.recovery, json!({ "step": "follow_up", "link": "mine" })).await.assert_status(422);
    assert!(unknown.has_error("link", "malformed"), "{}", unknown.body);
    let mut guarantee = crate::rows::guarantee(&world.own.problem, &world.own.place);
    guarantee["colour"] = "red".into();
    assert!(world.post("/guarantees", &guarantee).await.assert_status(422).has_error("colour", "malformed"));
    let twice =
        send(&world, "POST", "/sites", Some("application/json"), r#"{"name":"a","name":"b"}"#).await.assert_status(422);
    assert!(twice.has_error("document", "malformed") && twice.body["detail"].as_str().unwrap().contains("name"));
}

#[tokio::test]
async fn a_document_requires_the_json_content_type() {
    let world = World::new().await;
    for (method, path) in write_operations(&world) {
        for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some(""), Some("json")] {
            send(&world, method, &path, kind, "{}").await.assert_status(415).assert_problem_type("not-json");
        }
    }
    let text = problem().to_string();
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        send(&world, "POST", "/problems", Some(kind), text.clone()).await.assert_status(201);
    }
}

#[tokio::test]
async fn a_document_over_one_megabyte_is_refused() {
    let world = World::new().await;
    let rows = world.row_counts().await;
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(1024 * 1024));
    for (method, path) in write_operations(&world) {
        send(&world, method, &path, Some("application/json"), large.clone())
            .await
            .assert_status(413)
            .assert_problem_type("too-large");
    }
    let without_length = BodyWithoutLength(Some(Bytes::from(large)));
    send(&world, "POST", "/sites", Some("application/json"), Body::new(without_length)).await.assert_status(413);
    assert_eq!(world.row_counts().await, rows);
}

#[tokio::test]
async fn without_a_valid_token_nothing_is_read_or_stored() {
    let world = World::new().await;
    let rows = world.row_counts().await;
    let own = world.token(Role::Owner);
    let headers = [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some("Bearer tm_0".to_owned()),
        Some(format!("Basic {own}")),
        Some(own.to_owned()),
        Some(format!("Bearer {}", own.to_uppercase())),
        Some(format!("Bearer {}", "x".repeat(10_000))),
        Some("Bearer \u{e9}".to_owned()),
    ];
    let reads = ["/problems", "/guarantees", "/sites", "/places", "/checks", "/breaks", "/obstacles", "/recoveries"];
    let asked = write_operations(&world).into_iter().chain(reads.map(|path| ("GET", path.to_owned())));
    for (method, path) in asked {
        for header in &headers {
            let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
            if let Some(header) = header {
                request = request.header("authorization", header.as_bytes());
            }
            let answered = world.send_request(request.body(Body::empty()).unwrap()).await.assert_status(401);
            answered.assert_problem_type("unauthenticated");
            assert_eq!(answered.headers["www-authenticate"], "Bearer");
        }
    }
    assert_eq!(world.row_counts().await, rows);
    let request = Request::get("/api/v1/problems").header("authorization", format!("bearer  {own}"));
    world.send_request(request.body(Body::empty()).unwrap()).await.assert_status(200);
}

#[tokio::test]
async fn a_busy_database_gives_503_with_retry_after() {
    let world = World::new().await;
    let file = world.pool.connect_options().get_filename().to_path_buf();
    let mut other = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let refused = world.post("/problems", &problem()).await.assert_status(503);
    refused.assert_problem_type("unavailable");
    assert_eq!(refused.headers["retry-after"], "5");
    world.get("/problems").await.assert_status(200);
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    world.post("/problems", &problem()).await.assert_status(201);
}

/// A body without a content length.
struct BodyWithoutLength(Option<Bytes>);

impl HttpBody for BodyWithoutLength {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }
}
