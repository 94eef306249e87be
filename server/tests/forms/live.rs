//! The event streams of live pages, and their limits.

use std::time::Duration;

use axum::http::Request;
use domain::actor::Principal;
use domain::ids::PersonId;
use domain::text::Line;
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::browser::Browser;
use crate::owner::published_guarantee;

#[tokio::test]
async fn changes_are_streamed_until_the_session_ends() {
    let browser = Browser::with_business().await;
    published_guarantee(&browser).await;
    let mut live = browser.stream("/live").await;
    let first = next(&mut live).await.unwrap();
    assert!(first.contains("event: changed"), "{first}");
    let owner: (uuid::Uuid, uuid::Uuid) =
        sqlx::query_as("SELECT business_id, person_id FROM members").fetch_one(&browser.pool).await.unwrap();
    let actor =
        domain::actor::Actor::new(owner.0.into(), Principal::Person(PersonId(owner.1)), domain::role::Role::Owner);
    browser.store.add_site(&actor, &Line::parse("Hays").unwrap()).await.unwrap();
    let second = next(&mut live).await.unwrap();
    assert!(second.contains("event: changed") && second != first, "{second}");

    assert_eq!(browser.post("/sign-out", &[]).await.status, 303);
    browser.store.add_site(&actor, &Line::parse("Colby").unwrap()).await.unwrap();
    assert_eq!(next(&mut live).await, None, "the stream has ended");
}

#[tokio::test]
async fn a_live_page_contains_its_revision() {
    let browser = Browser::with_business().await;
    published_guarantee(&browser).await;
    let page = browser.get("/today").await.html;
    assert!(page.contains("data-revision=") && page.contains("data-live"), "{page}");
}

#[tokio::test]
async fn the_oldest_stream_over_the_limit_ends_with_a_retry_delay() {
    let browser = Browser::with_business().await;
    let mut streams = Vec::new();
    for _ in 0..12 {
        let mut stream = browser.stream("/live").await;
        assert!(next(&mut stream).await.unwrap().contains("retry: 3000"));
        streams.push(stream);
    }
    for ended in &mut streams[..4] {
        assert_eq!(next(ended).await.as_deref(), Some("retry: 60000\n\n"));
        assert_eq!(next(ended).await, None);
    }
    for open in &mut streams[4..] {
        assert!(timeout(Duration::from_millis(10), open.frame()).await.is_err(), "a stream has ended");
    }
}

/// The next event.
async fn next(stream: &mut axum::body::Body) -> Option<String> {
    let frame = timeout(Duration::from_mins(1), stream.frame()).await.expect("nothing came");
    frame.map(|frame| String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn event_streams_disable_proxy_buffering() {
    let browser = Browser::with_business().await;
    let asked = Request::get("/live").header("cookie", &browser.cookie).header("accept-encoding", "gzip, br");
    let answer = browser.response(asked.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.headers()["x-accel-buffering"], "no");
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert!(!answer.headers().contains_key("content-encoding"), "{:?}", answer.headers());
}
