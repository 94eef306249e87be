//! What another site makes a browser send: nobody's cookie opens a door to it.

use axum::http::HeaderValue;
use http_body_util::BodyExt;

use crate::*;

/// How browsers, new and old, say that a form is not from our own pages.
const SAID: [&[(&str, &str)]; 6] = [
    &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "cross-site")],
    &[("origin", "https://evil.example")],
    &[("origin", "https://shop.trialmark.example"), ("sec-fetch-site", "same-site")],
    &[("origin", "https://trialmark.example.evil.example")],
    &[("origin", "null")],
];

/// A program brings a token, which no other site can make a browser send.
fn is_for_programs(door: &Door) -> bool {
    door.path.starts_with("/api/v1/")
}

#[tokio::test]
async fn no_other_site_changes_anything() {
    let house = House::new().await;
    let owner = house.owner().await;
    let before = house.installation.counted().await;
    let changing: Vec<_> =
        house.doors.iter().filter(|door| door.method != Method::GET && !is_for_programs(door)).collect();
    for door in &changing {
        let path = fill(&door.path, Whose::Own, &house.own, &house.foreign);
        for said in SAID {
            let mut request = ask(door, &path, &owner);
            for (name, value) in said {
                request.headers_mut().insert(*name, HeaderValue::from_static(value));
            }
            let response = house.router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), 403, "{path} {said:?}");
            assert!(!response.headers().contains_key(header::SET_COOKIE), "{path} {said:?}");
            let page = response.into_body().collect().await.unwrap().to_bytes();
            let page = String::from_utf8_lossy(&page);
            assert!(page.contains("<h1>This form came from another site</h1>"), "{path} {said:?}: {page}");
            assert_eq!(house.installation.counted().await, before, "{path} {said:?}");
        }
    }
    assert!(changing.iter().any(|door| door.path.starts_with("/do/")), "what islands send is among them");
    assert!(changing.len() > 25, "{}", changing.len());
    println!("{} doors, each closed in {} ways", changing.len(), SAID.len());
}

#[tokio::test]
async fn our_own_pages_are_let_in() {
    let house = House::new().await;
    let mut owner = house.owner().await;
    let own: [&[(&str, &str)]; 3] = [
        &[("origin", "https://trialmark.example"), ("sec-fetch-site", "same-origin")],
        &[("origin", "https://trialmark.example")],
        &[("sec-fetch-site", "none")],
    ];
    for door in house.doors.iter().filter(|door| door.method != Method::GET && !is_for_programs(door)) {
        let path = fill(&door.path, Whose::Own, &house.own, &house.foreign);
        for said in own {
            let mut request = ask(door, &path, &owner);
            for (name, value) in said {
                request.headers_mut().insert(*name, HeaderValue::from_static(value));
            }
            let status = house.router.clone().oneshot(request).await.unwrap().status();
            assert_ne!(status, 403, "{path} {said:?}");
            owner = house.owner().await;
        }
    }
}

#[tokio::test]
async fn a_cookie_opens_no_door_for_programs() {
    let house = House::new().await;
    let owner = house.owner().await;
    let before = house.installation.counted().await;
    for door in house.doors.iter().filter(|door| is_for_programs(door) && door.rule != Rule::Anyone) {
        let path = fill(&door.path, Whose::Own, &house.own, &house.foreign);
        let response = house.router.clone().oneshot(ask(door, &path, &owner)).await.unwrap();
        assert_eq!(response.status(), 401, "{path}");
        assert_eq!(house.installation.counted().await, before, "{path}");
    }
}
