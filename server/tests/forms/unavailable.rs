//! A locked database gives an error page, stores nothing, and works again later.

use axum::http::header;
use chrono::TimeDelta;

use crate::browser::Browser;

#[tokio::test]
async fn a_locked_database_gives_503_until_it_is_unlocked() {
    let browser = Browser::with_business().await;
    let site = [("name", "Salina".to_owned())];
    let rows = browser.row_counts().await;
    // After this time, using the session updates its row.
    browser.advance(TimeDelta::minutes(11));

    let lock = browser.pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let refused = browser.post("/sites", &site).await;
    assert_eq!(refused.status, 503, "{}", refused.html);
    assert_eq!(refused.headers[header::RETRY_AFTER], "5");
    assert!(refused.html.contains("<h1") && refused.html.contains("was not stored"), "{}", refused.html);
    assert_eq!(browser.get("/places").await.status, 200, "reading goes on");
    assert_eq!(browser.get("/healthz").await.status, 200);
    lock.rollback().await.unwrap();

    assert_eq!(browser.row_counts().await, rows);
    assert_eq!(browser.post("/sites", &site).await.status, 303);
}
