//! Rate limits of forms: the page says when to try again and keeps what was typed, and nothing is stored.

use std::net::IpAddr;
use std::sync::Arc;

use app::ClientAddress;
use app::doors::{AccessRule, Doors};
use axum::body::Body;
use axum::extract::Extension;
use axum::http::{Request, header};
use chrono::TimeDelta;
use domain::person::Email;
use domain::role::Permission;
use http_body_util::BodyExt;
use store::SessionUser;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::browser::{ASSETS, Browser, Page, first_business};
use crate::form::{FieldValues, field_values};

const HERE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.1";
const PASSWORD: &str = "a long enough secret";

fn sign_in_fields(email: &str, password: &str) -> FieldValues {
    field_values(&[("email", email), ("password", password), ("to", "/places")])
}

impl Page {
    /// Asserts a 429 response with `Retry-After`.
    fn assert_rate_limited(&self, seconds: u64) {
        assert_eq!(self.status, 429, "{}", self.html);
        assert_eq!(self.headers[header::RETRY_AFTER], seconds.to_string());
        assert!(self.html.contains("<h1") && self.html.contains(&format!("Wait {seconds} second")), "{}", self.html);
    }
}

#[tokio::test]
async fn an_address_is_limited_to_ten_sign_ins_per_account() {
    let browser = Browser::with_business().await;
    let guesser = browser.another_browser().with_client_address(HERE);
    for _ in 0..10 {
        assert_eq!(guesser.post("/sign-in", &sign_in_fields("june@door.example", "a wrong secret")).await.status, 422);
    }
    // Failed attempts are logged in the background.
    browser.wait_for_rows("audit", 11).await;
    let rows = browser.row_counts().await;
    let right = sign_in_fields(" June@DOOR.example", PASSWORD);
    let refused = guesser.post("/sign-in", &right).await;
    refused.assert_rate_limited(30);
    assert!(
        refused.html.contains("June@DOOR.example") && refused.html.contains("value=\"/places\""),
        "{}",
        refused.html
    );
    assert!(refused.html.contains("tried too often") && !refused.html.contains(PASSWORD), "{}", refused.html);
    assert!(!refused.headers.contains_key(header::SET_COOKIE));
    assert_eq!(browser.row_counts().await, rows);

    let june = browser.another_browser().with_client_address(ELSEWHERE).post("/sign-in", &right).await;
    assert_eq!(june.location(), "/places", "a stranger has locked June out");
    browser.advance(TimeDelta::seconds(29));
    guesser.post("/sign-in", &right).await.assert_rate_limited(1);
    browser.advance(TimeDelta::seconds(1));
    assert_eq!(guesser.post("/sign-in", &right).await.location(), "/places");
    for _ in 0..10 {
        let wrong = guesser.post("/sign-in", &sign_in_fields("june@door.example", "a wrong secret")).await;
        assert_eq!(wrong.status, 422, "whoever has signed in has all tries again");
    }
}

#[tokio::test]
async fn an_address_is_limited_to_sixty_sign_ins_across_accounts() {
    let browser = Browser::with_business().await.another_browser().with_client_address("2001:db8:1:2::7");
    for guess in 0..60 {
        let guess = sign_in_fields(&format!("nobody{guess}@door.example"), "");
        assert_eq!(browser.post("/sign-in", &guess).await.status, 422);
    }
    let right = sign_in_fields("june@door.example", PASSWORD);
    let browser = browser.with_client_address("2001:db8:1:2:ffff::8");
    browser.post("/sign-in", &right).await.assert_rate_limited(1);
    browser.advance(TimeDelta::seconds(1));
    assert_eq!(browser.post("/sign-in", &right).await.location(), "/places");
}

#[tokio::test]
async fn private_links_are_limited_to_sixty_requests_per_address() {
    let browser = Browser::with_business().await;
    let reset =
        browser.store.create_password_reset(&Email::parse("june@door.example").unwrap()).await.unwrap().unwrap().token;
    let rows = browser.row_counts().await;
    for door in ["/reset", "/join", "/follow-up"] {
        let unknown = format!("{door}/{}", "0".repeat(64));
        let guesser = browser.another_browser().with_client_address(HERE);
        for _ in 0..30 {
            assert_eq!(guesser.get(&unknown).await.status, 404);
            assert_eq!(guesser.post(&unknown, &[]).await.status, 404);
        }
        for path in [&unknown, &format!("/reset/{reset}")] {
            guesser.get(path).await.assert_rate_limited(1);
            guesser.post(path, &[]).await.assert_rate_limited(1);
        }
        let polish = guesser.get_in_language("pl", &unknown).await;
        assert!(polish.html.contains("<h1>Zbyt wiele prób</h1>"), "{}", polish.html);
        assert!(polish.html.contains("Odczekaj 1 sekundę"), "{}", polish.html);
        assert_eq!(
            browser.another_browser().with_client_address(ELSEWHERE).get(&format!("/reset/{reset}")).await.status,
            200
        );
        browser.advance(TimeDelta::minutes(1));
    }
    assert_eq!(browser.row_counts().await, rows);
}

#[tokio::test]
async fn concurrent_requests_do_not_exceed_the_limit() {
    let browser = Arc::new(Browser::with_business().await.another_browser().with_client_address(HERE));
    let guesses: JoinSet<_> = (0..1000)
        .map(|guess| {
            let browser = Arc::clone(&browser);
            async move { browser.get(&format!("/reset/{guess:064x}")).await.status }
        })
        .collect();
    let met = guesses.join_all().await;
    let count = |status: u16| met.iter().filter(|met| **met == status).count();
    assert_eq!((count(404), count(429)), (60, 940));
}

#[tokio::test]
async fn a_rate_limited_private_link_form_keeps_its_input() {
    let browser = Browser::with_business().await;
    let reset =
        browser.store.create_password_reset(&Email::parse("june@door.example").unwrap()).await.unwrap().unwrap().token;
    let made = browser.post_and_follow("/invites", &field_values(&[("name", "Night shift"), ("role", "staff")])).await;
    let link = made.html.split("/join/").nth(1).unwrap();
    let forms = [
        (format!("/reset/{reset}"), field_values(&[("password", "aaaaaaaaaaaa")])),
        (
            format!("/join/{}", &link[..64]),
            field_values(&[("name", "Ann Lee"), ("email", "ann@door.example"), ("password", "aaaaaaaaaaaa")]),
        ),
    ];
    let rows = browser.row_counts().await;
    for (path, form) in forms {
        let stranger = browser.another_browser();
        for _ in 0..20 {
            assert_eq!(stranger.post(&path, &form).await.status, 422);
        }
        let refused = stranger.post(&path, &form).await;
        refused.assert_rate_limited(30);
        assert!(refused.html.contains(&format!("action=\"{path}\"")), "{}", refused.html);
        for (_, typed) in form.iter().filter(|(name, _)| *name != "password") {
            assert!(refused.html.contains(typed), "{typed}: {}", refused.html);
        }
    }
    assert_eq!(browser.row_counts().await, rows);
}

#[tokio::test]
async fn a_rate_limited_customer_answer_is_kept_in_the_page() {
    let customer = Browser::with_business().await.another_browser().with_client_address(HERE);
    let path = format!("/follow-up/{}", "0".repeat(64));
    for _ in 0..60 {
        customer.get(&path).await;
    }
    let answer = [("fixed", "partly"), ("fair", "yes"), ("again", "no"), ("words", "It was <cold> again.")];
    let refused = customer.post(&path, &field_values(&answer)).await;
    refused.assert_rate_limited(1);
    for (name, value) in answer {
        let value = value.replace('<', "&lt;").replace('>', "&gt;");
        let kept = format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\"");
        assert!(refused.html.contains(&kept), "{kept}: {}", refused.html);
    }
    assert_eq!(refused.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn password_changes_are_limited_to_ten_attempts() {
    let browser = Browser::with_business().await;
    let change = |current| field_values(&[("current", current), ("password", "ten more orange bridges")]);
    for _ in 0..10 {
        assert_eq!(browser.post("/account/password", &change("a wrong secret")).await.status, 422);
    }
    let rows = browser.row_counts().await;
    let refused = browser.post("/account/password", &change(PASSWORD)).await;
    refused.assert_rate_limited(30);
    assert!(refused.html.contains("action=\"/account/password\""), "{}", refused.html);
    assert_eq!(browser.row_counts().await, rows);
    browser.advance(TimeDelta::seconds(30));
    assert_eq!(browser.post("/account/password", &change(PASSWORD)).await.location(), "/account");
}

#[tokio::test]
async fn the_setup_form_is_limited_to_ten_attempts_and_keeps_input() {
    let browser = Browser::new().await.with_client_address(HERE);
    let short: FieldValues = first_business().into_iter().filter(|(name, _)| *name != "password").collect();
    for _ in 0..10 {
        assert_eq!(browser.post("/begin", &short).await.status, 422);
    }
    let refused = browser.post("/begin", &first_business()).await;
    refused.assert_rate_limited(60);
    assert!(refused.html.contains("Prairie Stop") && refused.html.contains("june@door.example"), "{}", refused.html);
    browser.advance(TimeDelta::minutes(1));
    assert_eq!(browser.post("/begin", &first_business()).await.location(), "/guarantees");
}

#[tokio::test]
async fn the_actor_of_a_request_has_its_client_address() {
    let browser = Browser::with_business().await;
    let state = app::AppState::new(browser.store.clone(), "https://trialmark.example", ASSETS);
    let client_ip = async |Extension(user): Extension<SessionUser>| format!("{:?}", user.actor.ip);
    let router =
        app::router(Doors::new(&state).get("/client_ip", AccessRule::Member(Permission::ViewInternal), client_ip))
            .with_state(state);
    for from in [None, Some("203.0.113.7".parse::<IpAddr>().unwrap())] {
        let mut request =
            Request::get("/client_ip").header(header::COOKIE, &browser.cookie).body(Body::empty()).unwrap();
        if let Some(from) = from {
            request.extensions_mut().insert(ClientAddress(from));
        }
        let body = router.clone().oneshot(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
        assert_eq!(String::from_utf8_lossy(&body), format!("{from:?}"));
    }
}
