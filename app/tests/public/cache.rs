//! A ready page is shown again as long as nothing changed, and not a moment longer.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::task::JoinSet;

use crate::world::{PAGE, World};

#[tokio::test]
async fn a_matching_etag_gets_304_not_modified() {
    let world = World::new().await;
    let first = world.get(PAGE).await;
    let tag = first.header("etag");
    assert!(tag.starts_with('"') && first.header("cache-control") == "no-cache");
    assert_eq!(first.header("vary"), "accept-encoding, accept-language, cookie");
    let again = world.get_with(PAGE, "if-none-match", tag).await;
    assert_eq!((again.status.as_u16(), again.bytes.len(), again.header("etag")), (304, 0, tag));
    assert_eq!(world.get_with(PAGE, "if-none-match", "\"other\"").await.status, 200);
}

#[tokio::test]
async fn a_check_invalidates_the_cached_page_immediately() {
    let world = World::new().await;
    for made in 1..=5 {
        let tag = world.get(PAGE).await.header("etag").to_owned();
        world.kept(1).await;
        for path in [PAGE, "/p/corner-shop"] {
            let page = world.get_with(path, "if-none-match", &tag).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.text().contains(&format!("Kept in {made} of {made} check")), "{path}");
        }
    }
}

/// Only the first client of a rendered page gets a quickly compressed body, so that there are as many of these as the page was
/// rendered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_at_once_share_one_rendering() {
    let world = Arc::new(World::new().await);
    for path in [PAGE, "/p/corner-shop"] {
        world.get_with(path, "accept-encoding", "br").await;
        world.kept(1).await;
        let mut clients = JoinSet::new();
        for _ in 0..200 {
            let world = Arc::clone(&world);
            clients.spawn(async move { world.get_with(path, "accept-encoding", "br").await });
        }
        let answers = clients.join_all().await;
        assert!(answers.iter().all(|answer| answer.status == 200));
        let small = world.get_with(path, "accept-encoding", "br").await.header("etag").to_owned();
        let quick = answers.iter().filter(|answer| answer.header("etag") != small).count();
        assert_eq!(quick, 1, "{path}");
    }
}

#[tokio::test]
async fn each_language_is_cached_separately() {
    let world = World::new().await;
    for _ in 0..2 {
        let english = world.get_with(PAGE, "accept-language", "en").await;
        let polish = world.get_with(PAGE, "accept-language", "pl").await;
        assert_ne!(english.header("etag"), polish.header("etag"));
        assert!(english.text().contains("We guarantee") && polish.text().contains("Gwarantujemy"));
    }
}

#[tokio::test]
async fn relative_times_on_cached_pages_stay_current() {
    let world = World::new().await;
    world.kept(1).await;
    assert!(world.get(PAGE).await.text().contains("last check: just now"));
    world.clock.advance(TimeDelta::minutes(12));
    assert!(world.get(PAGE).await.text().contains("last check: 12 min ago"));
}

#[tokio::test]
async fn updating_the_business_invalidates_the_cached_page() {
    let world = World::new().await;
    world.get("/p/corner-shop").await;
    let mut business = world.store().business(&world.owner).await.unwrap().business;
    business.name = domain::text::Line::parse("The Corner").unwrap();
    world.store().update_business(&world.owner, &business).await.unwrap();
    assert!(world.get("/p/corner-shop").await.text().contains("What The Corner promises"));
}

#[tokio::test]
async fn a_compressed_page_has_the_same_content() {
    let world = World::new().await;
    let plain = world.get(PAGE).await;
    let compressed = world.get_with(PAGE, "accept-encoding", "gzip, br").await;
    assert_eq!((plain.header("content-encoding"), compressed.header("content-encoding")), ("", "br"));
    assert_ne!(plain.header("etag"), compressed.header("etag"));
    let mut back = Vec::new();
    brotli::BrotliDecompress(&mut &compressed.bytes[..], &mut back).unwrap();
    assert!(back == plain.bytes && compressed.bytes.len() * 2 < plain.bytes.len());
}

#[tokio::test]
async fn a_not_found_response_is_never_cached() {
    let world = World::new().await;
    for _ in 0..2 {
        let answer = world.get("/p/corner-shop/other").await;
        assert_eq!((answer.status.as_u16(), answer.header("etag")), (404, ""));
    }
}
