//! Too many tries at one door: a page that says when to come back, what was typed still there, and nothing stored.

use std::net::IpAddr;
use std::sync::Arc;

use app::Client;
use app::doors::{Doors, Rule};
use axum::body::Body;
use axum::extract::Extension;
use axum::http::{Request, header};
use chrono::TimeDelta;
use domain::actor::Act;
use domain::person::Email;
use http_body_util::BodyExt;
use store::Visitor;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::browser::{ASSETS, Browser, Page, begin};
use crate::form::{Filled, filled};

const HERE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.1";
const PASSWORD: &str = "a long enough secret";

fn sign_in(email: &str, password: &str) -> Filled {
    filled(&[("email", email), ("password", password), ("to", "/places")])
}

impl Page {
    /// A refusal that says in how many seconds to come back.
    fn asks_for_patience(&self, seconds: u64) {
        assert_eq!(self.status, 429, "{}", self.html);
        assert_eq!(self.headers[header::RETRY_AFTER], seconds.to_string());
        assert!(self.html.contains("<h1") && self.html.contains(&format!("Wait {seconds} second")), "{}", self.html);
    }
}

#[tokio::test]
async fn signing_in_to_one_account_has_ten_tries_and_the_form_comes_back() {
    let browser = Browser::begun().await;
    let guesser = browser.another().at(HERE);
    for _ in 0..10 {
        assert_eq!(guesser.post("/sign-in", &sign_in("june@door.example", "a wrong secret")).await.status, 422);
    }
    // What failed is written down beside the answers, after having begun here.
    browser.settles("audit", 11).await;
    let rows = browser.counted().await;
    let right = sign_in(" June@DOOR.example", PASSWORD);
    let refused = guesser.post("/sign-in", &right).await;
    refused.asks_for_patience(30);
    assert!(
        refused.html.contains("June@DOOR.example") && refused.html.contains("value=\"/places\""),
        "{}",
        refused.html
    );
    assert!(refused.html.contains("tried too often") && !refused.html.contains(PASSWORD), "{}", refused.html);
    assert!(!refused.headers.contains_key(header::SET_COOKIE));
    assert_eq!(browser.counted().await, rows);

    let june = browser.another().at(ELSEWHERE).post("/sign-in", &right).await;
    assert_eq!(june.location(), "/places", "a stranger has locked June out");
    browser.pass(TimeDelta::seconds(29));
    guesser.post("/sign-in", &right).await.asks_for_patience(1);
    browser.pass(TimeDelta::seconds(1));
    assert_eq!(guesser.post("/sign-in", &right).await.location(), "/places");
    for _ in 0..10 {
        let wrong = guesser.post("/sign-in", &sign_in("june@door.example", "a wrong secret")).await;
        assert_eq!(wrong.status, 422, "whoever has signed in has all tries again");
    }
}

#[tokio::test]
async fn signing_in_from_one_place_has_sixty_tries_whatever_the_accounts() {
    let browser = Browser::begun().await.another().at("2001:db8:1:2::7");
    for guess in 0..60 {
        let guess = sign_in(&format!("nobody{guess}@door.example"), "");
        assert_eq!(browser.post("/sign-in", &guess).await.status, 422);
    }
    let right = sign_in("june@door.example", PASSWORD);
    let browser = browser.at("2001:db8:1:2:ffff::8");
    browser.post("/sign-in", &right).await.asks_for_patience(1);
    browser.pass(TimeDelta::seconds(1));
    assert_eq!(browser.post("/sign-in", &right).await.location(), "/places");
}

#[tokio::test]
async fn private_links_are_looked_at_sixty_times_and_then_not_looked_up() {
    let browser = Browser::begun().await;
    let reset = browser.store.reset_link(&Email::parse("june@door.example").unwrap()).await.unwrap().unwrap().token;
    let rows = browser.counted().await;
    for door in ["/reset", "/join", "/follow-up"] {
        let unknown = format!("{door}/{}", "0".repeat(64));
        let guesser = browser.another().at(HERE);
        for _ in 0..30 {
            assert_eq!(guesser.get(&unknown).await.status, 404);
            assert_eq!(guesser.post(&unknown, &[]).await.status, 404);
        }
        for path in [&unknown, &format!("/reset/{reset}")] {
            guesser.get(path).await.asks_for_patience(1);
            guesser.post(path, &[]).await.asks_for_patience(1);
        }
        let polish = guesser.get_in("pl", &unknown).await;
        assert!(polish.html.contains("<h1>Zbyt wiele prób</h1>"), "{}", polish.html);
        assert!(polish.html.contains("Odczekaj 1 sekundę"), "{}", polish.html);
        assert_eq!(browser.another().at(ELSEWHERE).get(&format!("/reset/{reset}")).await.status, 200);
        browser.pass(TimeDelta::minutes(1));
    }
    assert_eq!(browser.counted().await, rows);
}

#[tokio::test]
async fn a_thousand_at_once_get_no_more_than_one_after_the_other() {
    let browser = Arc::new(Browser::begun().await.another().at(HERE));
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
async fn the_form_behind_a_private_link_comes_back_with_what_was_typed() {
    let browser = Browser::begun().await;
    let reset = browser.store.reset_link(&Email::parse("june@door.example").unwrap()).await.unwrap().unwrap().token;
    let made = browser.shown("/invites", &filled(&[("name", "Night shift"), ("role", "staff")])).await;
    let link = made.html.split("/join/").nth(1).unwrap();
    let forms = [
        (format!("/reset/{reset}"), filled(&[("password", "aaaaaaaaaaaa")])),
        (
            format!("/join/{}", &link[..64]),
            filled(&[("name", "Ann Lee"), ("email", "ann@door.example"), ("password", "aaaaaaaaaaaa")]),
        ),
    ];
    let rows = browser.counted().await;
    for (path, form) in forms {
        let stranger = browser.another();
        for _ in 0..20 {
            assert_eq!(stranger.post(&path, &form).await.status, 422);
        }
        let refused = stranger.post(&path, &form).await;
        refused.asks_for_patience(30);
        assert!(refused.html.contains(&format!("action=\"{path}\"")), "{}", refused.html);
        for (_, typed) in form.iter().filter(|(name, _)| *name != "password") {
            assert!(refused.html.contains(typed), "{typed}: {}", refused.html);
        }
    }
    assert_eq!(browser.counted().await, rows);
}

#[tokio::test]
async fn what_a_customer_answered_waits_in_the_page() {
    let customer = Browser::begun().await.another().at(HERE);
    let path = format!("/follow-up/{}", "0".repeat(64));
    for _ in 0..60 {
        customer.get(&path).await;
    }
    let answer = [("fixed", "partly"), ("fair", "yes"), ("again", "no"), ("words", "It was <cold> again.")];
    let refused = customer.post(&path, &filled(&answer)).await;
    refused.asks_for_patience(1);
    for (name, value) in answer {
        let value = value.replace('<', "&lt;").replace('>', "&gt;");
        let kept = format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\"");
        assert!(refused.html.contains(&kept), "{kept}: {}", refused.html);
    }
    assert_eq!(refused.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn changing_the_password_has_ten_tries() {
    let browser = Browser::begun().await;
    let change = |current| filled(&[("current", current), ("password", "ten more orange bridges")]);
    for _ in 0..10 {
        assert_eq!(browser.post("/account/password", &change("a wrong secret")).await.status, 422);
    }
    let rows = browser.counted().await;
    let refused = browser.post("/account/password", &change(PASSWORD)).await;
    refused.asks_for_patience(30);
    assert!(refused.html.contains("action=\"/account/password\""), "{}", refused.html);
    assert_eq!(browser.counted().await, rows);
    browser.pass(TimeDelta::seconds(30));
    assert_eq!(browser.post("/account/password", &change(PASSWORD)).await.location(), "/account");
}

#[tokio::test]
async fn beginning_has_ten_tries_and_keeps_what_was_typed() {
    let browser = Browser::new().await.at(HERE);
    let short: Filled = begin().into_iter().filter(|(name, _)| *name != "password").collect();
    for _ in 0..10 {
        assert_eq!(browser.post("/begin", &short).await.status, 422);
    }
    let refused = browser.post("/begin", &begin()).await;
    refused.asks_for_patience(60);
    assert!(refused.html.contains("Prairie Stop") && refused.html.contains("june@door.example"), "{}", refused.html);
    browser.pass(TimeDelta::minutes(1));
    assert_eq!(browser.post("/begin", &begin()).await.location(), "/guarantees");
}

#[tokio::test]
async fn whoever_is_let_in_acts_from_where_they_are() {
    let browser = Browser::begun().await;
    let state = app::State::new(browser.store.clone(), "https://trialmark.example", ASSETS);
    let whence = async |Extension(visitor): Extension<Visitor>| format!("{:?}", visitor.actor.from);
    let router = app::router(Doors::new(&state).get("/whence", Rule::Member(Act::Read), whence)).with_state(state);
    for from in [None, Some("203.0.113.7".parse::<IpAddr>().unwrap())] {
        let mut request = Request::get("/whence").header(header::COOKIE, &browser.cookie).body(Body::empty()).unwrap();
        if let Some(from) = from {
            request.extensions_mut().insert(Client(from));
        }
        let body = router.clone().oneshot(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
        assert_eq!(String::from_utf8_lossy(&body), format!("{from:?}"));
    }
}
