//! Cross-site requests: forms of other sites are refused, whatever cookies the browser sends.

use axum::http::HeaderValue;
use http_body_util::BodyExt;

use crate::*;

/// The headers by which new and old browsers mark a cross-site request.
const CROSS_SITE_HEADERS: [&[(&str, &str)]; 6] = [
    &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "cross-site")],
    &[("origin", "https://evil.example")],
    &[("origin", "https://shop.trialmark.example"), ("sec-fetch-site", "same-site")],
    &[("origin", "https://trialmark.example.evil.example")],
    &[("origin", "null")],
];

/// REST takes only tokens, which no other site can make a browser send.
fn is_rest(door: &Door) -> bool {
    door.path.starts_with("/api/v1/")
}

#[tokio::test]
async fn cross_site_requests_are_refused_and_change_nothing() {
    let setup = Setup::new().await;
    let owner = setup.owner().await;
    let before = setup.installation.row_counts().await;
    let changing: Vec<_> = setup.doors.iter().filter(|door| door.method != Method::GET && !is_rest(door)).collect();
    for door in &changing {
        let path = fill(&door.path, IdOwner::Own, &setup.own, &setup.foreign);
        for headers in CROSS_SITE_HEADERS {
            let mut request = request(door, &path, &owner);
            for (name, value) in headers {
                request.headers_mut().insert(*name, HeaderValue::from_static(value));
            }
            let response = setup.router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), 403, "{path} {headers:?}");
            assert!(!response.headers().contains_key(header::SET_COOKIE), "{path} {headers:?}");
            let page = response.into_body().collect().await.unwrap().to_bytes();
            let page = String::from_utf8_lossy(&page);
            assert!(page.contains("<h1>This form came from another site</h1>"), "{path} {headers:?}: {page}");
            assert_eq!(setup.installation.row_counts().await, before, "{path} {headers:?}");
        }
    }
    assert!(changing.iter().any(|door| door.path.starts_with("/do/")), "the endpoints of the outbox are included");
    assert!(changing.len() > 25, "{}", changing.len());
    println!("{} doors, each refused in {} ways", changing.len(), CROSS_SITE_HEADERS.len());
}

#[tokio::test]
async fn same_origin_requests_are_accepted() {
    let setup = Setup::new().await;
    let mut owner = setup.owner().await;
    let own: [&[(&str, &str)]; 3] = [
        &[("origin", "https://trialmark.example"), ("sec-fetch-site", "same-origin")],
        &[("origin", "https://trialmark.example")],
        &[("sec-fetch-site", "none")],
    ];
    for door in setup.doors.iter().filter(|door| door.method != Method::GET && !is_rest(door)) {
        let path = fill(&door.path, IdOwner::Own, &setup.own, &setup.foreign);
        for headers in own {
            let mut request = request(door, &path, &owner);
            for (name, value) in headers {
                request.headers_mut().insert(*name, HeaderValue::from_static(value));
            }
            let status = setup.router.clone().oneshot(request).await.unwrap().status();
            assert_ne!(status, 403, "{path} {headers:?}");
            owner = setup.owner().await;
        }
    }
}

#[tokio::test]
async fn rest_does_not_accept_cookies_as_credentials() {
    let setup = Setup::new().await;
    let owner = setup.owner().await;
    let before = setup.installation.row_counts().await;
    for door in setup.doors.iter().filter(|door| is_rest(door) && door.rules.access != AccessRule::Anyone) {
        let path = fill(&door.path, IdOwner::Own, &setup.own, &setup.foreign);
        let response = setup.router.clone().oneshot(request(door, &path, &owner)).await.unwrap();
        assert_eq!(response.status(), 401, "{path}");
        assert_eq!(setup.installation.row_counts().await, before, "{path}");
    }
}
