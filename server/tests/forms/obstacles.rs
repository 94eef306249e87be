//! Obstacles: what staff see, what the owner answers, what nobody sees.

use uuid::Uuid;

use crate::bad_values::Field;
use crate::bad_values::FieldType::Choice;
use crate::browser::{Browser, Page};
use crate::form::{Form, PROSE, field_values};
use crate::owner::{private_link, published_guarantee};

/// Logs a break with an obstacle, and follows the redirect.
async fn log_break_with_obstacle(browser: &Browser, (guarantee, place): &(String, String), obstacle: &str) -> Page {
    let id = browser.store.source().id().to_string();
    let sent = field_values(&[
        ("id", &id),
        ("guarantee", guarantee),
        ("verdict", "broken"),
        ("reason", "0"),
        ("obstacle", obstacle),
        ("note", "Sam was alone."),
    ]);
    let done = browser.post(&format!("/check/{place}"), &sent).await;
    assert_eq!(done.status, 303, "{}", done.html);
    browser.get(done.location()).await
}

/// Another member of the business, in a browser of their own.
async fn add_colleague(browser: &Browser, role: &str) -> Browser {
    let shown = browser.post_and_follow("/invites", &field_values(&[("name", "Sam"), ("role", role)])).await;
    let mut other = browser.another_browser();
    let email = format!("{role}@door.example");
    let entrant = field_values(&[("name", "Sam"), ("email", &email), ("password", "another long secret")]);
    let page = other.post(&private_link(&shown.html, "/join/"), &entrant).await;
    assert_eq!(page.status, 303, "{}", page.html);
    other.keep_cookie(&page);
    other
}

#[tokio::test]
async fn an_obstacle_answer_is_shown_to_every_member() {
    let browser = Browser::with_business().await;
    let promise = published_guarantee(&browser).await;
    let staff = add_colleague(&browser, "staff").await;
    assert!(browser.get("/obstacles").await.html.contains("No obstacle has been reported yet."));
    assert!(!browser.get("/today").await.html.contains("for your answer"));

    let thanks = log_break_with_obstacle(&staff, &promise, "staffing").await;
    assert!(thanks.html.contains("goes to the owner, who reads it and answers"), "{}", thanks.html);
    assert!(thanks.html.contains("href=\"/obstacles\""), "{}", thanks.html);
    let nothing = log_break_with_obstacle(&staff, &promise, "").await;
    assert!(!nothing.html.contains("goes to the owner"), "{}", nothing.html);

    let today = browser.get("/today").await.html;
    assert!(today.contains("One obstacle waits for your answer."), "{today}");
    assert!(!staff.get("/today").await.html.contains("your answer"));
    let obstacle = browser.newest_id("obstacles").await;
    let path = format!("/obstacles/{obstacle}");
    let board = staff.get("/obstacles").await.html;
    assert!(board.contains("Too few people") && board.contains("Clean restrooms") && board.contains("Restroom"));
    for hidden in ["Sam", "alone", "12:00", &path] {
        assert!(!board.replace("Sign out", "").contains(hidden), "{hidden}: {board}");
    }

    let good = field_values(&[("decision", "planned"), ("words", "Two people from Monday on.")]);
    assert_eq!(staff.post(&path, &good).await.status, 403);
    let fields = [Field("decision", Choice, true), Field("words", PROSE, true)];
    let form = Form::new(&browser, &path, good).assert_refuses_all(&fields).await;
    assert_eq!(form.assert_accepted().await.0, "/obstacles");
    let board = staff.get("/obstacles").await.html;
    assert!(board.contains("Planned") && board.contains("Two people from Monday on."), "{board}");
    assert!(!browser.get("/today").await.html.contains("waits for your answer"));

    let again = field_values(&[("decision", "done"), ("words", "Kim has begun.")]);
    assert_eq!(browser.post(&path, &again).await.status, 303);
    let board = staff.get("/obstacles").await.html;
    let (newest, earlier) = (board.find("Kim has begun.").unwrap(), board.find("Two people from Monday").unwrap());
    assert!(newest < board.find("<details>").unwrap() && board.find("<details>").unwrap() < earlier, "{board}");
    assert!(browser.get("/audit").await.html.contains("answered what stood in the way"));
}

#[tokio::test]
async fn an_answer_to_a_corrected_check_is_refused_and_shown_again() {
    let browser = Browser::with_business().await;
    let promise = published_guarantee(&browser).await;
    log_break_with_obstacle(&browser, &promise, "tools").await;
    let (obstacle, check) = (browser.newest_id("obstacles").await, browser.newest_id("checks").await);
    let correction = field_values(&[("verdict", "kept"), ("why", "The wrong door.")]);
    assert_eq!(browser.post(&format!("/checks/{check}/correct"), &correction).await.status, 303);
    let path = format!("/obstacles/{obstacle}");
    let late = browser.post(&path, &field_values(&[("decision", "done"), ("words", "Bought two mops.")])).await;
    assert!(late.status == 409 && late.html.contains("no longer listed"), "{}", late.html);
    assert!(late.html.contains("Bought two mops.") && !late.html.contains("<textarea"), "{}", late.html);
    assert!(!browser.get("/obstacles").await.html.contains("Tools or equipment"));
    assert_eq!(browser.post(&format!("/obstacles/{}", Uuid::from_u128(77)), &[]).await.status, 404);
    assert_eq!(browser.get("/obstacles/banana").await.status, 404);
}

#[tokio::test]
async fn the_obstacle_board_is_paginated() {
    let browser = Browser::with_business().await;
    let promise = published_guarantee(&browser).await;
    for _ in 0..26 {
        log_break_with_obstacle(&browser, &promise, "supplier").await;
    }
    let first = browser.get("/obstacles").await.html;
    assert!(first.contains("26 obstacles wait for an answer."), "{first}");
    assert_eq!(first.matches("<li><div").count(), 25, "{first}");
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(browser.get(next).await.html.matches("<li><div").count(), 1);
    assert_eq!(browser.get("/obstacles?before=banana").await.status, 404);
}
