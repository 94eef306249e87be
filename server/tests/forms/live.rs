//! Open pages hear of what changes, for as long as they may.

use std::time::Duration;

use domain::actor::Who;
use domain::ids::PersonId;
use domain::text::Line;
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::browser::Browser;
use crate::owner::published;

#[tokio::test]
async fn a_change_is_heard_within_a_second_and_not_by_whoever_was_signed_out() {
    let browser = Browser::begun().await;
    published(&browser).await;
    let mut live = browser.stream("/live").await;
    let mut hear = async || {
        let frame = timeout(Duration::from_secs(1), live.frame()).await.expect("nothing came within a second");
        frame.map(|frame| String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
    };
    let first = hear().await.unwrap();
    assert!(first.contains("event: changed"), "{first}");
    let owner: (uuid::Uuid, uuid::Uuid) =
        sqlx::query_as("SELECT business_id, person_id FROM members").fetch_one(&browser.rows).await.unwrap();
    let actor = domain::actor::Actor::of(owner.0.into(), Who::Person(PersonId(owner.1)), domain::actor::Role::Owner);
    browser.store.add_site(&actor, &Line::parse("Hays").unwrap()).await.unwrap();
    let second = hear().await.unwrap();
    assert!(second.contains("event: changed") && second != first, "{second}");

    assert_eq!(browser.post("/sign-out", &[]).await.status, 303);
    browser.store.add_site(&actor, &Line::parse("Colby").unwrap()).await.unwrap();
    assert_eq!(hear().await, None, "the stream has ended");
}

#[tokio::test]
async fn a_page_with_live_parts_says_as_of_when_it_is() {
    let browser = Browser::begun().await;
    published(&browser).await;
    let page = browser.get("/today").await.html;
    assert!(page.contains("data-revision=") && page.contains("data-live"), "{page}");
}
