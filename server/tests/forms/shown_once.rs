//! Secrets that are shown once: only their maker can reload the page, for a limited time.

use http::header;

use crate::browser::{Browser, Page};
use crate::form::field_values;
use crate::owner::private_link;

const PASSWORD: &str = "a long enough secret";

/// The page of a secret, and the cookie that it needs.
struct Secret {
    page: String,
    kept: String,
}

impl Secret {
    async fn create(browser: &Browser, path: &str, fields: &[(&'static str, &str)]) -> Self {
        let made = browser.post(path, &field_values(fields)).await;
        assert_eq!(made.status, 303, "{path}: {}", made.html);
        let cookie = made.headers[header::SET_COOKIE].to_str().unwrap();
        for part in ["HttpOnly", "Secure", "SameSite=Strict", "Max-Age=600", &format!("Path={};", made.location())] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        Self { page: made.location().to_owned(), kept: made.cookie().to_owned() }
    }

    /// The page in a browser with the cookie.
    async fn reload(&self, browser: &Browser) -> Page {
        let mut same = browser.another_browser();
        same.cookie = format!("{}; {}", browser.cookie, self.kept);
        same.get(&self.page).await
    }
}

/// Every secret that is shown once, each with a text that only its page contains.
async fn all_secrets(browser: &Browser) -> Vec<(Secret, &'static str)> {
    browser.post("/sites", &field_values(&[("name", "Salina")])).await;
    let site = browser.newest_id("sites").await;
    let codes = Secret::create(browser, "/account/authenticator", &[("current", PASSWORD)]).await;
    vec![
        (Secret::create(browser, "/invites", &[("name", "Sam"), ("role", "staff")]).await, "/join/"),
        (Secret::create(browser, "/devices", &[("name", "Tablet"), ("site", &site)]).await, "/register/"),
        (Secret::create(browser, "/tokens", &[("name", "Till"), ("role", "staff"), ("lasts", "90")]).await, "tm_"),
        (codes, "/account/authenticator/confirm"),
    ]
}

#[tokio::test]
async fn a_secret_can_be_reloaded_only_in_its_makers_browser() {
    let browser = Browser::with_business().await;
    for (made, secret) in all_secrets(&browser).await {
        for _ in 0..2 {
            let page = made.reload(&browser).await;
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
async fn a_secret_is_not_shown_to_another_user_of_the_browser() {
    let browser = Browser::with_business().await;
    let shown = browser.post_and_follow("/invites", &field_values(&[("name", "Kim"), ("role", "owner")])).await;
    let mut other = browser.another_browser();
    let kim = field_values(&[("name", "Kim"), ("email", "kim@door.example"), ("password", "another long secret")]);
    let page = other.post(&private_link(&shown.html, "/join/"), &kim).await;
    other.keep_cookie(&page);
    for (made, secret) in all_secrets(&browser).await {
        let page = made.reload(&other).await;
        assert!(!page.html.contains(secret), "{}: {}", made.page, page.html);
    }
}

#[tokio::test]
async fn a_renewed_secret_link_replaces_the_old_link() {
    let browser = Browser::with_business().await;
    for (made, secret) in all_secrets(&browser).await.into_iter().take(2) {
        let first = private_link(&made.reload(&browser).await.html, secret);
        assert_eq!(browser.another_browser().get(&first).await.status, 200);
        let renewed = browser.post_and_follow(&format!("{}/link", made.page), &[]).await;
        let second = private_link(&renewed.html, secret);
        assert_ne!(first, second);
        assert_eq!(browser.another_browser().get(&first).await.status, 404, "{first}");
        assert_eq!(browser.another_browser().get(&second).await.status, 200, "{second}");
        let stale = made.reload(&browser).await;
        assert!(stale.html.contains("It was shown once") && !stale.html.contains(secret), "{}", stale.html);
        browser.post(&format!("{}/revoke", made.page), &[]).await;
        let over = browser.post(&format!("{}/link", made.page), &[]).await;
        assert_eq!(over.status, 409, "{}", over.html);
        assert!(!browser.get(&made.page).await.html.contains("/link\""), "there is nothing to renew");
    }
}

#[tokio::test]
async fn a_get_to_a_form_address_redirects_to_its_page() {
    let browser = Browser::with_business().await;
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
async fn a_draft_is_confirmed_only_after_its_form_is_accepted() {
    let browser = Browser::with_business().await;
    let page = browser.get("/sites").await;
    let cookie = page.html.split("data-cookie=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let confirmed = async |draft: &str, name: &str| {
        let mut typing = browser.another_browser();
        typing.cookie = format!("{}; {cookie}={draft}", browser.cookie);
        let page = typing.post("/sites", &field_values(&[("name", name)])).await;
        assert_eq!(page.status, if name.is_empty() { 422 } else { 303 }, "{}", page.html);
        page.headers.get_all(header::SET_COOKIE).iter().any(|set| set.to_str().unwrap().starts_with(cookie))
    };
    assert!(confirmed("0123abcd", "Salina").await);
    assert!(!confirmed("0123abcd", "").await, "a form that was refused keeps its draft");
    for (number, strange) in ["", "x", "0123.saved", "0 1", "%30", &"a".repeat(33)].into_iter().enumerate() {
        assert!(!confirmed(strange, &format!("Site {number}")).await, "{strange}");
    }
}
