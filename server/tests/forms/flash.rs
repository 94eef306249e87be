//! What was saved is said once, on the page that follows.

use http::header::SET_COOKIE;

use crate::browser::{Browser, Page};
use crate::form::field_values;
use crate::owner::{published_guarantee, wording};

/// What the page says was saved.
fn said(page: &Page) -> Option<&str> {
    let (_, flash) = page.html.split_once(" class=\"flash")?;
    flash.split_once("<span>")?.1.split('<').next()
}

#[tokio::test]
async fn every_save_of_the_owner_is_announced() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let site = browser.newest_id("sites").await;
    let closure = [("from", ""), ("until", "2026-11-03T22:00"), ("why", "A broken pipe")];
    let (zone, problem) = (("zone", "America/Denver"), [("words", "Stops are dirty."), ("for_whom", "Families")]);
    let guarantee = |part: &str| format!("/guarantees/{guarantee}{part}");
    let saves = [
        ("/sites".to_owned(), field_values(&[("name", "Abilene")]), "Site added."),
        ("/places".to_owned(), field_values(&[("site", &site), ("name", "Kitchen")]), "Place added."),
        ("/problems/new".to_owned(), field_values(&problem), "Customer problem saved. Now write the guarantee"),
        (format!("/sites/{site}/zone"), field_values(&[zone]), "Time zone saved."),
        (format!("/sites/{site}/closures"), field_values(&closure), "Closure announced."),
        (guarantee("/wording"), wording("Spotless restrooms"), "New wording saved."),
        (guarantee("/places"), field_values(&[("places", &place)]), "Places of the guarantee saved."),
        (guarantee("/suspend"), field_values(&[]), "Guarantee suspended."),
        (guarantee("/resume"), field_values(&[]), "Guarantee resumed."),
        (guarantee("/retire"), field_values(&[]), "Guarantee retired."),
    ];
    for (to, fields, expected) in saves {
        let page = browser.post_and_follow(&to, &fields).await;
        assert!(said(&page).is_some_and(|said| said.starts_with(expected)), "{to}: {:?}: {}", said(&page), page.html);
    }
}

#[tokio::test]
async fn a_save_is_announced_once_and_only_on_the_page_that_follows() {
    let browser = Browser::with_business().await;
    let saved = browser.post("/sites", &field_values(&[("name", "Salina")])).await;
    let cookie = saved.headers[SET_COOKIE].to_str().unwrap();
    let (path, _) = saved.location().split_once('?').unwrap();
    assert!(cookie.contains(&format!("; Path={path};")) && cookie.contains("Max-Age=60"), "{cookie}");
    let page = browser.post_and_follow("/sites", &field_values(&[("name", "Abilene")])).await;
    let ended = page.headers[SET_COOKIE].to_str().unwrap();
    assert!(ended.contains("-flash=; ") && ended.contains(&format!("; Path={path}; Max-Age=0;")), "{ended}");
    assert_eq!(said(&browser.get(path).await), None);
}

#[tokio::test]
async fn an_unknown_flash_is_not_shown() {
    let browser = Browser::with_business().await;
    let saved = browser.post("/sites", &field_values(&[("name", "Salina")])).await;
    let (name, _) = saved.cookie().split_once('=').unwrap();
    for value in ["", "flash", "<b>", "settings-title"] {
        let mut other = browser.another_browser();
        other.cookie = format!("{}; {name}={value}", browser.cookie);
        let page = other.get("/places").await;
        assert_eq!((page.status.as_u16(), said(&page)), (200, None), "{value}");
    }
}
