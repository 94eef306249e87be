//! Unknown addresses, refused moves, and the return address of signing in.

use crate::browser::{Browser, first_business};

#[tokio::test]
async fn an_unknown_address_gets_an_error_page() {
    let browser = Browser::with_business().await;
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
        "/at/bananas",
        "/at/BANANA%00",
        "/nowhere",
    ];
    for path in nothing {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.html);
        assert!(page.html.contains("<h1"), "{path}: {}", page.html);
    }
}

#[tokio::test]
async fn signing_in_redirects_to_the_requested_page() {
    let mut browser = Browser::with_business().await;
    browser.cookie = String::new();
    let asked = "/guarantees/new?problem=1&x=%26";
    let sent = browser.get(asked).await;
    assert_eq!(sent.status, 303);
    let form = browser.get(sent.location()).await;
    assert!(form.html.contains("value=\"/guarantees/new?problem=1&amp;x=%26\""), "{}", form.html);
    let mut fields: Vec<_> =
        first_business().into_iter().filter(|(name, _)| matches!(*name, "email" | "password")).collect();
    fields.push(("to", asked.to_owned()));
    assert_eq!(browser.post("/sign-in", &fields).await.location(), asked);
    fields[1].1 = "a wrong secret".to_owned();
    let refused = browser.post("/sign-in", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("june@door.example") && !refused.html.contains("a wrong secret"), "{}", refused.html);
}

#[tokio::test]
async fn an_overlong_return_address_is_ignored() {
    let mut browser = Browser::with_business().await;
    let endless = format!("/places?{}", "x".repeat(70_000));
    let fields = |to: &str| [("language", "en".to_owned()), ("to", to.to_owned())];
    assert_eq!(browser.post("/language", &fields(&endless)).await.location(), "/");
    browser.cookie = String::new();
    // The longest head that is allowed.
    let long = format!("/guarantees?{}", "y".repeat(9_000));
    for path in
        [format!("/sign-in?to={}", long.replace('?', "%3F")), long.clone(), format!("/at/7K2M4X?{}", "z".repeat(9_000))]
    {
        let mut page = browser.get(&path).await;
        if page.status == 303 {
            assert!(page.location().len() < 100, "{} bytes", page.location().len());
            page = browser.get(page.location()).await;
        }
        assert!(!page.html.contains("yyyy") && !page.html.contains("zzzz"), "{path:.20}");
    }
    let email = first_business().into_iter().find(|(name, _)| *name == "email").unwrap().1;
    for password in ["not this one", "a long enough secret"] {
        let sent = [("email", email.clone()), ("password", password.to_owned()), ("to", endless.clone())];
        let page = browser.post("/sign-in", &sent).await;
        assert!(page.html.len() < 20_000 && !page.html.contains("xxxx"), "{} bytes", page.html.len());
        if page.status == 303 {
            assert_eq!(page.location(), "/");
        }
    }
}

#[tokio::test]
async fn an_oversized_body_gets_413_with_the_limit_of_its_door() {
    let browser = Browser::with_business().await;
    let id = "00000000-0000-0000-0000-000000000001";
    for (path, limit) in [
        ("/sites".to_owned(), "1 MB"),
        ("/settings".to_owned(), "1 MB"),
        ("/do/log-check".to_owned(), "1 MB"),
        ("/sign-in".to_owned(), "1 MB"),
        ("/nowhere".to_owned(), "1 MB"),
        ("/api/v1/sites".to_owned(), "1 MB"),
        ("/api/v1/checks".to_owned(), "1 MB"),
        ("/do/keep-photo".to_owned(), "6 MB"),
        ("/api/v1/photos".to_owned(), "6 MB"),
        (format!("/check/{id}"), "6 MB"),
        (format!("/guarantees/{id}/example"), "6 MB"),
    ] {
        let sent = browser.send(&path, vec![b'x'; 7 * 1024 * 1024]).await;
        assert_eq!(sent.status, 413, "{path}");
        assert!(sent.html.contains(limit), "{path}: {}", sent.html);
    }
}

#[tokio::test]
async fn only_supported_languages_can_be_chosen() {
    let browser = Browser::with_business().await;
    let chosen = [("language", "pl".to_owned()), ("to", "/places?site=1".to_owned())];
    assert_eq!(browser.post("/language", &chosen).await.location(), "/places?site=1");
    assert!(browser.get("/places").await.html.contains("lang=\"pl\""));
    for wrong in ["", "xx", "p\u{202e}l"] {
        assert_eq!(browser.post("/language", &[("language", wrong.to_owned())]).await.status, 422, "{wrong:?}");
    }
}

#[tokio::test]
async fn an_oversized_or_malformed_form_is_refused() {
    let browser = Browser::with_business().await;
    let rows = browser.row_counts().await;
    let large = browser.post("/sites", &[("name", "x".repeat(1024 * 1024))]).await;
    assert_eq!(large.status, 413);
    assert!(large.html.contains("1 MB"), "{}", large.html);
    let twice = browser.post("/sites", &[("name", "a".to_owned()), ("name", "b".to_owned())]).await;
    assert_eq!(twice.status, 422);
    assert_eq!(browser.row_counts().await, rows);
}
