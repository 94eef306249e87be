//! The database is locked: people are told so on a plain page, nothing is stored, and later it works again.

use axum::http::header;
use chrono::TimeDelta;

use crate::browser::Browser;

#[tokio::test]
async fn a_locked_database_is_said_to_be_and_works_again() {
    let browser = Browser::begun().await;
    let site = [("name", "Salina".to_owned())];
    let rows = browser.counted().await;
    // Long enough for the last use of the session to be worth writing down.
    browser.pass(TimeDelta::minutes(11));

    let lock = browser.rows.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let refused = browser.post("/sites", &site).await;
    assert_eq!(refused.status, 503, "{}", refused.html);
    assert_eq!(refused.headers[header::RETRY_AFTER], "5");
    assert!(refused.html.contains("<h1") && refused.html.contains("was not stored"), "{}", refused.html);
    assert_eq!(browser.get("/places").await.status, 200, "reading goes on");
    assert_eq!(browser.get("/healthz").await.status, 200);
    lock.rollback().await.unwrap();

    assert_eq!(browser.counted().await, rows);
    assert_eq!(browser.post("/sites", &site).await.status, 303);
}
