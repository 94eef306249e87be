//! The cookies of the product. `response_checks` checks the attributes of each cookie in every response.

use axum::http::header;

use crate::browser::{Browser, Page, first_business};
use crate::form::field_values;

/// The cookies that a response sets, without values, and without the installation in their names.
fn cookies_set_by(page: &Page) -> Vec<String> {
    let cookies = page.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
    let bare = cookies.map(|cookie| {
        let (name, rest) = cookie.split_once('=').unwrap();
        let name = name.rsplit_once('-').unwrap().0;
        format!("{name}; {}", rest.split_once("; ").unwrap().1)
    });
    bare.collect()
}

const SESSION: &str = "__Host-trialmark; Path=/; Max-Age=2592000; SameSite=Lax; HttpOnly; Secure";
const LANGUAGE: &str = "__Host-trialmark-language; Path=/; Max-Age=31536000; SameSite=Lax; Secure";

#[tokio::test]
async fn session_and_language_cookies_have_secure_attributes() {
    let mut browser = Browser::new().await;
    let begun = browser.post("/begin", &first_business()).await;
    assert_eq!(cookies_set_by(&begun), [SESSION]);
    browser.keep_cookie(&begun);
    let sign_in = field_values(&[("email", "june@door.example"), ("password", "a long enough secret")]);
    assert_eq!(cookies_set_by(&browser.another_browser().post("/sign-in", &sign_in).await), [SESSION]);
    let change = field_values(&[("current", "a long enough secret"), ("password", "ten more orange bridges")]);
    let changed = browser.post("/account/password", &change).await;
    assert_eq!(cookies_set_by(&changed)[0], SESSION, "and then what was saved");
    browser.keep_cookie(&changed);
    let home = browser.newest_id("businesses").await;
    let switched = browser.post(&format!("/businesses/{home}/switch"), &[]).await;
    assert_eq!(cookies_set_by(&switched), [SESSION]);
    browser.keep_cookie(&switched);

    let made = browser.post_and_follow("/invites", &field_values(&[("name", "Night shift"), ("role", "staff")])).await;
    let link = format!("/join/{}", &made.html.split("/join/").nth(1).unwrap()[..64]);
    let ann =
        field_values(&[("name", "Ann Lee"), ("email", "ann@door.example"), ("password", "eleven wide violet rivers")]);
    assert_eq!(cookies_set_by(&browser.another_browser().post(&link, &ann).await), [SESSION]);

    assert_eq!(cookies_set_by(&browser.post("/language", &field_values(&[("language", "pl")])).await), [LANGUAGE]);
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(cookies_set_by(&out), [SESSION.replace("2592000", "0")]);
    assert_eq!(browser.get("/today").await.status, 303, "the session has ended, not only its cookie");
}

#[tokio::test]
async fn reading_pages_sets_no_cookie() {
    let browser = Browser::with_business().await;
    for path in ["/today", "/guarantees", "/people", "/account", "/sign-in", "/p/prairie-stop", "/nowhere"] {
        assert_eq!(cookies_set_by(&browser.get(path).await), Vec::<String>::new(), "{path}");
        assert_eq!(cookies_set_by(&browser.another_browser().get(path).await), Vec::<String>::new(), "{path}");
    }
}

/// Adds the cookies of a page to those of the browser.
fn store_cookies(browser: &mut Browser, page: &Page) {
    for cookie in page.headers.get_all(header::SET_COOKIE) {
        let pair = cookie.to_str().unwrap().split(';').next().unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        let others = browser.cookie.split("; ").filter(|one| !one.is_empty() && !one.starts_with(&format!("{name}=")));
        let mut kept: Vec<_> = others.map(str::to_owned).collect();
        kept.extend((!value.is_empty()).then(|| pair.to_owned()));
        browser.cookie = kept.join("; ");
    }
}

/// Another installation, with other tokens.
async fn other_installation() -> Browser {
    let browser = Browser::new().await;
    for _ in 0..1000 {
        browser.store.source().bytes();
    }
    browser
}

/// Browsers keep cookies by host, whatever the port: both installations are sent what either has set.
#[tokio::test]
async fn two_installations_on_one_host_do_not_share_cookies() {
    let (mut one, mut two) = (Browser::new().await, other_installation().await);
    assert_ne!(one.store.installation(), two.store.installation());
    let sign_in = field_values(&[("email", "june@door.example"), ("password", "a long enough secret")]);
    let begun = one.post("/begin", &first_business()).await;
    store_cookies(&mut one, &begun);
    let tablet = {
        assert_eq!(one.post("/sites", &field_values(&[("name", "Salina")])).await.status, 303);
        let site = one.newest_id("sites").await;
        let made = one.post_and_follow("/devices", &field_values(&[("name", "The tablet"), ("site", &site)])).await;
        let mut tablet = one.another_browser();
        let registered = tablet.post(&crate::owner::private_link(&made.html, "/register/"), &[]).await;
        store_cookies(&mut tablet, &registered);
        tablet.cookie
    };
    one.cookie = format!("{}; {tablet}", one.cookie);
    for (path, fields) in [
        ("/begin", first_business()),
        ("/language", field_values(&[("language", "pl")])),
        (
            "/account/password",
            field_values(&[("current", "a long enough secret"), ("password", "ten more orange bridges")]),
        ),
        ("/sign-out", field_values(&[])),
        ("/sign-in", field_values(&[("email", "june@door.example"), ("password", "wrong")])),
        ("/sign-in", field_values(&[("email", "june@door.example"), ("password", "ten more orange bridges")])),
        ("/sign-out", field_values(&[])),
    ] {
        two.cookie.clone_from(&one.cookie);
        let before = one.cookie.clone();
        let page = two.post(path, &fields).await;
        store_cookies(&mut two, &page);
        for kept in before.split("; ").filter(|kept| !kept.contains(two.store.installation())) {
            assert!(two.cookie.split("; ").any(|one| one == kept), "{path} took {kept} away: {}", two.cookie);
        }
        one.cookie.clone_from(&two.cookie);
        assert_eq!(one.get("/people").await.status, 200, "still signed in here after {path} there");
        assert_eq!(one.get("/device").await.status, 200, "still a device here after {path} there");
        assert!(!one.get("/device").await.html.contains("lang=\"pl\">"), "the language is chosen there: {path}");
    }
    assert_eq!(two.get("/people").await.location(), "/sign-in?to=%2Fpeople");
    let again = one.another_browser().post("/sign-in", &sign_in).await;
    assert_eq!(cookies_set_by(&again), [SESSION]);
}

#[tokio::test]
async fn sessions_with_old_cookie_names_stay_valid() {
    let (one, mut two) = (Browser::with_business().await, other_installation().await);
    let begun = two.post("/begin", &first_business()).await;
    two.keep_cookie(&begun);
    let token = |browser: &Browser| browser.cookie.split_once('=').unwrap().1.to_owned();
    let mut old = one.another_browser();
    old.cookie = format!("__Host-trialmark={}", token(&one));
    let page = old.get("/today").await;
    assert_eq!(page.status, 200);
    let cookies: Vec<_> = page.headers.get_all(header::SET_COOKIE).iter().map(|one| one.to_str().unwrap()).collect();
    assert!(cookies[0].starts_with(&format!("{};", one.cookie)), "the same session under the new name: {cookies:?}");
    assert!(cookies[1].starts_with("__Host-trialmark=;") && cookies[1].contains("Max-Age=0"), "{cookies:?}");
    assert_eq!(
        old.get("/p/prairie-stop").await.headers.get(header::SET_COOKIE),
        None,
        "nobody's token in a public page"
    );
    old.cookie = format!("__Host-trialmark={}", token(&two));
    let page = old.get("/today").await;
    assert_eq!(page.location(), "/sign-in?to=%2Ftoday");
    assert_eq!(cookies_set_by(&page), Vec::<String>::new(), "another installation's is left alone");
    old.cookie = format!("__Host-trialmark={}", token(&one));
    let out = old.post("/sign-out", &[]).await;
    assert!(out.headers.get_all(header::SET_COOKIE).iter().all(|one| one.to_str().unwrap().contains("Max-Age=0")));
    assert_eq!(one.get("/today").await.status, 303, "signed out is signed out, under whatever name");
}
