//! A ready page is shown again as long as nothing changed, and not a moment longer.

use chrono::TimeDelta;

use crate::world::{PAGE, World};

#[tokio::test]
async fn a_reader_who_has_the_page_is_told_so() {
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
async fn the_page_changes_in_the_same_step_as_a_check() {
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

#[tokio::test]
async fn each_language_has_its_own_page() {
    let world = World::new().await;
    for _ in 0..2 {
        let english = world.get_with(PAGE, "accept-language", "en").await;
        let polish = world.get_with(PAGE, "accept-language", "pl").await;
        assert_ne!(english.header("etag"), polish.header("etag"));
        assert!(english.text().contains("We guarantee") && polish.text().contains("Gwarantujemy"));
    }
}

#[tokio::test]
async fn time_that_passes_is_seen_though_nothing_was_written() {
    let world = World::new().await;
    world.kept(1).await;
    assert!(world.get(PAGE).await.text().contains("last check: just now"));
    world.clock.advance(TimeDelta::minutes(12));
    assert!(world.get(PAGE).await.text().contains("last check: 12 min ago"));
}

#[tokio::test]
async fn what_the_business_says_of_itself_changes_at_once() {
    let world = World::new().await;
    world.get("/p/corner-shop").await;
    let mut business = world.store().home(&world.owner).await.unwrap().business;
    business.name = domain::text::Line::parse("The Corner").unwrap();
    world.store().change_business(&world.owner, &business).await.unwrap();
    assert!(world.get("/p/corner-shop").await.text().contains("What The Corner promises"));
}

#[tokio::test]
async fn a_pressed_page_is_the_same_page() {
    let world = World::new().await;
    let plain = world.get(PAGE).await;
    let pressed = world.get_with(PAGE, "accept-encoding", "gzip, br").await;
    assert_eq!((plain.header("content-encoding"), pressed.header("content-encoding")), ("", "br"));
    assert_ne!(plain.header("etag"), pressed.header("etag"));
    let mut back = Vec::new();
    brotli::BrotliDecompress(&mut &pressed.bytes[..], &mut back).unwrap();
    assert!(back == plain.bytes && pressed.bytes.len() * 2 < plain.bytes.len());
}

#[tokio::test]
async fn an_unknown_address_is_never_kept() {
    let world = World::new().await;
    for _ in 0..2 {
        let answer = world.get("/p/corner-shop/other").await;
        assert_eq!((answer.status.as_u16(), answer.header("etag")), (404, ""));
    }
}
