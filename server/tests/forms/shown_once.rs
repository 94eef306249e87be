//! What is shown once: its page can be loaded again by whoever made it, by nobody else, and not for ever.

use http::header;

use crate::browser::{Browser, Page};
use crate::form::filled;
use crate::owner::link;

const PASSWORD: &str = "a long enough secret";

/// Where something was made, with the cookie that came for its page.
struct Made {
    page: String,
    kept: String,
}

impl Made {
    async fn by(browser: &Browser, path: &str, fields: &[(&'static str, &str)]) -> Self {
        let made = browser.post(path, &filled(fields)).await;
        assert_eq!(made.status, 303, "{path}: {}", made.html);
        let cookie = made.headers[header::SET_COOKIE].to_str().unwrap();
        for part in ["HttpOnly", "Secure", "SameSite=Strict", "Max-Age=600", &format!("Path={};", made.location())] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        Self { page: made.location().to_owned(), kept: made.given().to_owned() }
    }

    /// The page in a browser that kept it.
    async fn again(&self, browser: &Browser) -> Page {
        let mut same = browser.another();
        same.cookie = format!("{}; {}", browser.cookie, self.kept);
        same.get(&self.page).await
    }
}

/// Everything that is shown once, each with what only its page says.
async fn all(browser: &Browser) -> Vec<(Made, &'static str)> {
    browser.post("/sites", &filled(&[("name", "Salina")])).await;
    let site = browser.newest("sites").await;
    let codes = Made::by(browser, "/account/authenticator", &[("current", PASSWORD)]).await;
    vec![
        (Made::by(browser, "/invites", &[("name", "Sam"), ("role", "staff")]).await, "/join/"),
        (Made::by(browser, "/devices", &[("name", "Tablet"), ("site", &site)]).await, "/register/"),
        (Made::by(browser, "/tokens", &[("name", "Till"), ("role", "staff"), ("lasts", "90")]).await, "tm_"),
        (codes, "/account/authenticator/confirm"),
    ]
}

#[tokio::test]
async fn it_is_there_again_in_the_browser_that_made_it_and_in_no_other() {
    let browser = Browser::begun().await;
    for (made, secret) in all(&browser).await {
        for _ in 0..2 {
            let page = made.again(&browser).await;
            assert!(page.status == 200 && page.html.contains(secret), "{}: {}", made.page, page.html);
            assert_eq!(page.headers["cache-control"], "no-store");
        }
        let without = browser.get(&made.page).await;
        let says = without.status == 200 && without.html.contains("It was shown once");
        assert!(says || without.location() == "/account/second-step", "{}: {}", made.page, without.html);
        assert!(!without.html.contains(secret), "{}", without.html);
    }
}

#[tokio::test]
async fn whoever_signs_in_after_its_maker_does_not_see_it() {
    let browser = Browser::begun().await;
    let shown = browser.shown("/invites", &filled(&[("name", "Kim"), ("role", "owner")])).await;
    let mut other = browser.another();
    let kim = filled(&[("name", "Kim"), ("email", "kim@door.example"), ("password", "another long secret")]);
    let page = other.post(&link(&shown.html, "/join/"), &kim).await;
    other.keep(&page);
    for (made, secret) in all(&browser).await {
        let page = made.again(&other).await;
        assert!(!page.html.contains(secret), "{}: {}", made.page, page.html);
    }
}

#[tokio::test]
async fn a_new_link_ends_the_one_before_it() {
    let browser = Browser::begun().await;
    for (made, secret) in all(&browser).await.into_iter().take(2) {
        let first = link(&made.again(&browser).await.html, secret);
        assert_eq!(browser.another().get(&first).await.status, 200);
        let renewed = browser.shown(&format!("{}/link", made.page), &[]).await;
        let second = link(&renewed.html, secret);
        assert_ne!(first, second);
        assert_eq!(browser.another().get(&first).await.status, 404, "{first}");
        assert_eq!(browser.another().get(&second).await.status, 200, "{second}");
        let stale = made.again(&browser).await;
        assert!(stale.html.contains("It was shown once") && !stale.html.contains(secret), "{}", stale.html);
        browser.post(&format!("{}/revoke", made.page), &[]).await;
        let over = browser.post(&format!("{}/link", made.page), &[]).await;
        assert_eq!(over.status, 409, "{}", over.html);
        assert!(!browser.get(&made.page).await.html.contains("/link\""), "there is nothing to renew");
    }
}

#[tokio::test]
async fn the_address_of_a_form_opens_the_page_it_is_on() {
    let browser = Browser::begun().await;
    for (form, page) in [
        ("/begin", "/"),
        ("/invites", "/people"),
        ("/sign-out", "/"),
        ("/language", "/"),
        ("/people/leave", "/people"),
        ("/account/pin", "/account"),
        ("/account/passkeys/7/remove", "/account/second-step"),
        ("/recoveries/7/acknowledge", "/recoveries/7"),
        ("/sites/%2F%2Fevil.example/zone", "/sites/%2F%2Fevil.example"),
        ("/check/7/together", "/check/7"),
    ] {
        let answer = browser.get(form).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, page), "{form}");
    }
}

#[tokio::test]
async fn a_draft_is_confirmed_when_its_form_was_accepted_and_not_before() {
    let browser = Browser::begun().await;
    let page = browser.get("/sites").await;
    let cookie = page.html.split("data-cookie=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let confirmed = async |draft: &str, name: &str| {
        let mut typing = browser.another();
        typing.cookie = format!("{}; {cookie}={draft}", browser.cookie);
        let page = typing.post("/sites", &filled(&[("name", name)])).await;
        assert_eq!(page.status, if name.is_empty() { 422 } else { 303 }, "{}", page.html);
        page.headers.get_all(header::SET_COOKIE).iter().any(|set| set.to_str().unwrap().starts_with(cookie))
    };
    assert!(confirmed("0123abcd", "Salina").await);
    assert!(!confirmed("0123abcd", "").await, "a form that was refused keeps its draft");
    for (number, strange) in ["", "x", "0123.saved", "0 1", "%30", &"a".repeat(33)].into_iter().enumerate() {
        assert!(!confirmed(strange, &format!("Site {number}")).await, "{strange}");
    }
}
