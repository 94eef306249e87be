//! Every cookie there is, where it comes from, and what it says. That each is bound to this host is seen to wherever a
//! browser of these tests asks for anything.

use axum::http::header;

use crate::browser::{Browser, Page, begin};
use crate::form::filled;

/// The cookies of an answer, without their values.
fn set(page: &Page) -> Vec<String> {
    let cookies = page.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    let bare = cookies.map(|cookie| {
        let (name, rest) = cookie.split_once('=').unwrap();
        format!("{name}; {}", rest.split_once("; ").unwrap().1)
    });
    bare.collect()
}

const SESSION: &str = "__Host-trialmark; Path=/; Max-Age=2592000; SameSite=Lax; HttpOnly; Secure";
const LANGUAGE: &str = "language; Path=/; Max-Age=31536000; SameSite=Lax; Secure";

#[tokio::test]
async fn whoever_comes_in_gets_a_cookie_bound_to_this_host() {
    let mut browser = Browser::new().await;
    let begun = browser.post("/begin", &begin()).await;
    assert_eq!(set(&begun), [SESSION]);
    browser.keep(&begun);
    let sign_in = filled(&[("email", "june@door.example"), ("password", "a long enough secret")]);
    assert_eq!(set(&browser.another().post("/sign-in", &sign_in).await), [SESSION]);
    let change = filled(&[("current", "a long enough secret"), ("password", "ten more orange bridges")]);
    let changed = browser.post("/account/password", &change).await;
    assert_eq!(set(&changed), [SESSION]);
    browser.keep(&changed);
    let home = browser.newest("businesses").await;
    let switched = browser.post(&format!("/businesses/{home}/switch"), &[]).await;
    assert_eq!(set(&switched), [SESSION]);
    browser.keep(&switched);

    let made = browser.shown("/invites", &filled(&[("name", "Night shift"), ("role", "staff")])).await;
    let link = format!("/join/{}", &made.html.split("/join/").nth(1).unwrap()[..64]);
    let ann = filled(&[("name", "Ann Lee"), ("email", "ann@door.example"), ("password", "eleven wide violet rivers")]);
    assert_eq!(set(&browser.another().post(&link, &ann).await), [SESSION]);

    assert_eq!(set(&browser.post("/language", &filled(&[("language", "pl")])).await), [LANGUAGE]);
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(set(&out), [SESSION.replace("2592000", "0")]);
    assert_eq!(browser.get("/today").await.status, 303, "the session has ended, not only its cookie");
}

#[tokio::test]
async fn looking_sets_no_cookie() {
    let browser = Browser::begun().await;
    for path in ["/today", "/guarantees", "/people", "/account", "/sign-in", "/p/prairie-stop", "/nowhere"] {
        assert_eq!(set(&browser.get(path).await), Vec::<String>::new(), "{path}");
        assert_eq!(set(&browser.another().get(path).await), Vec::<String>::new(), "{path}");
    }
}
