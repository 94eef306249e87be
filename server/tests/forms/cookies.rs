//! Every cookie there is, where it comes from, and what it says. That each is bound to this host is seen to wherever a
//! browser of these tests asks for anything.

use axum::http::header;

use crate::browser::{Browser, Page, begin};
use crate::form::filled;

/// The cookies of an answer, without their values, and without the installation that their names carry.
fn set(page: &Page) -> Vec<String> {
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

/// Takes in what came with a page, beside what the browser has already.
fn takes(browser: &mut Browser, page: &Page) {
    for cookie in page.headers.get_all(header::SET_COOKIE) {
        let pair = cookie.to_str().unwrap().split(';').next().unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        let others = browser.cookie.split("; ").filter(|one| !one.is_empty() && !one.starts_with(&format!("{name}=")));
        let mut kept: Vec<_> = others.map(str::to_owned).collect();
        kept.extend((!value.is_empty()).then(|| pair.to_owned()));
        browser.cookie = kept.join("; ");
    }
}

/// Another installation, whose tokens are others.
async fn elsewhere() -> Browser {
    let browser = Browser::new().await;
    for _ in 0..1000 {
        browser.store.source().bytes();
    }
    browser
}

/// Browsers keep cookies by host, whatever the port: both installations are sent what either has set.
#[tokio::test]
async fn two_installations_on_one_host_leave_each_others_cookies_alone() {
    let (mut one, mut two) = (Browser::new().await, elsewhere().await);
    assert_ne!(one.store.installation(), two.store.installation());
    let sign_in = filled(&[("email", "june@door.example"), ("password", "a long enough secret")]);
    let begun = one.post("/begin", &begin()).await;
    takes(&mut one, &begun);
    let tablet = {
        assert_eq!(one.post("/sites", &filled(&[("name", "Salina")])).await.status, 303);
        let site = one.newest("sites").await;
        let made = one.shown("/devices", &filled(&[("name", "The tablet"), ("site", &site)])).await;
        let mut tablet = one.another();
        let registered = tablet.post(&crate::owner::link(&made.html, "/register/"), &[]).await;
        takes(&mut tablet, &registered);
        tablet.cookie
    };
    one.cookie = format!("{}; {tablet}", one.cookie);
    for (path, fields) in [
        ("/begin", begin()),
        ("/language", filled(&[("language", "pl")])),
        ("/account/password", filled(&[("current", "a long enough secret"), ("password", "ten more orange bridges")])),
        ("/sign-out", filled(&[])),
        ("/sign-in", filled(&[("email", "june@door.example"), ("password", "wrong")])),
        ("/sign-in", filled(&[("email", "june@door.example"), ("password", "ten more orange bridges")])),
        ("/sign-out", filled(&[])),
    ] {
        two.cookie.clone_from(&one.cookie);
        let before = one.cookie.clone();
        let page = two.post(path, &fields).await;
        takes(&mut two, &page);
        for kept in before.split("; ").filter(|kept| !kept.contains(two.store.installation())) {
            assert!(two.cookie.split("; ").any(|one| one == kept), "{path} took {kept} away: {}", two.cookie);
        }
        one.cookie.clone_from(&two.cookie);
        assert_eq!(one.get("/people").await.status, 200, "still signed in here after {path} there");
        assert_eq!(one.get("/device").await.status, 200, "still a device here after {path} there");
        assert!(!one.get("/device").await.html.contains("lang=\"pl\">"), "the language is chosen there: {path}");
    }
    assert_eq!(two.get("/people").await.location(), "/sign-in?to=%2Fpeople");
    let again = one.another().post("/sign-in", &sign_in).await;
    assert_eq!(set(&again), [SESSION]);
}

#[tokio::test]
async fn who_was_signed_in_before_cookies_named_their_installation_still_is() {
    let (one, mut two) = (Browser::begun().await, elsewhere().await);
    let begun = two.post("/begin", &begin()).await;
    two.keep(&begun);
    let token = |browser: &Browser| browser.cookie.split_once('=').unwrap().1.to_owned();
    let mut old = one.another();
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
    assert_eq!(set(&page), Vec::<String>::new(), "another installation's is left alone");
    old.cookie = format!("__Host-trialmark={}", token(&one));
    let out = old.post("/sign-out", &[]).await;
    assert!(out.headers.get_all(header::SET_COOKIE).iter().all(|one| one.to_str().unwrap().contains("Max-Age=0")));
    assert_eq!(one.get("/today").await.status, 303, "signed out is signed out, under whatever name");
}
