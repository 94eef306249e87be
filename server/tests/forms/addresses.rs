//! Addresses that lead nowhere, moves that the rules refuse, and the way back to what was asked for.

use crate::browser::{Browser, begin};

#[tokio::test]
async fn an_address_of_nothing_is_a_page_that_says_so() {
    let browser = Browser::begun().await;
    let nothing = [
        "/guarantees/%ff",
        "/guarantees/banana",
        "/guarantees/00000000-0000-0000-0000-000000000000",
        "/recoveries/banana",
        "/check/banana",
        "/checks/banana/correct",
        "/checks?before=banana",
        "/checks?before=1&before=2",
        "/p/nobody",
        "/p/prairie-stop/%f0%9f%98%80",
        "/at/banana",
        "/nowhere",
    ];
    for path in nothing {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.html);
        assert!(page.html.contains("<h1"), "{path}: {}", page.html);
    }
}

#[tokio::test]
async fn whoever_signs_in_comes_to_the_page_they_asked_for() {
    let mut browser = Browser::begun().await;
    browser.cookie = String::new();
    let asked = "/guarantees/new?problem=1&x=%26";
    let sent = browser.get(asked).await;
    assert_eq!(sent.status, 303);
    let form = browser.get(sent.location()).await;
    assert!(form.html.contains("value=\"/guarantees/new?problem=1&amp;x=%26\""), "{}", form.html);
    let mut fields: Vec<_> = begin().into_iter().filter(|(name, _)| matches!(*name, "email" | "password")).collect();
    fields.push(("to", asked.to_owned()));
    assert_eq!(browser.post("/sign-in", &fields).await.location(), asked);
    fields[1].1 = "a wrong secret".to_owned();
    let refused = browser.post("/sign-in", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("june@door.example") && !refused.html.contains("a wrong secret"), "{}", refused.html);
}

#[tokio::test]
async fn a_language_is_one_of_ours() {
    let browser = Browser::begun().await;
    let chosen = [("language", "pl".to_owned()), ("to", "/places?site=1".to_owned())];
    assert_eq!(browser.post("/language", &chosen).await.location(), "/places?site=1");
    assert!(browser.get("/places").await.html.contains("lang=\"pl\""));
    for wrong in ["", "xx", "\u{202e}pl"] {
        assert_eq!(browser.post("/language", &[("language", wrong.to_owned())]).await.status, 422, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_form_or_too_large_is_refused() {
    let browser = Browser::begun().await;
    let rows = browser.counted().await;
    let large = browser.post("/sites", &[("name", "x".repeat(1024 * 1024))]).await;
    assert_eq!(large.status, 413);
    assert!(large.html.contains("1 MB"), "{}", large.html);
    let twice = browser.post("/sites", &[("name", "a".to_owned()), ("name", "b".to_owned())]).await;
    assert_eq!(twice.status, 422);
    assert_eq!(browser.counted().await, rows);
}
