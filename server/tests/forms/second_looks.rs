//! A second look: asked on the day's board of those who may give it, and of nobody else.

use domain::actor::{Actor, Role, Who};
use domain::check::{CheckDraft, FindingDraft};
use uuid::Uuid;

use crate::bad::Field;
use crate::bad::Kind::Choice;
use crate::browser::Browser;
use crate::form::{Form, PROSE, filled};
use crate::owner::published;

/// Somebody else keeps the promise until a second look is asked: the page where it is given.
async fn asked(browser: &Browser, (guarantee, place): &(String, String)) -> String {
    let business: (Uuid,) = sqlx::query_as("SELECT id FROM businesses").fetch_one(&browser.rows).await.unwrap();
    let somebody = Actor::of(business.0.into(), Who::Trialmark, Role::Staff);
    for _ in 0..500 {
        browser.pass(chrono::TimeDelta::minutes(1));
        let finding = FindingDraft { verdict: "kept".into(), ..FindingDraft::default() };
        let (id, guarantee, place) = (browser.store.source().id().to_string(), guarantee.clone(), place.clone());
        let draft = CheckDraft { id, guarantee, place, finding, ..CheckDraft::default() };
        browser.store.log_checks(&somebody, &[draft]).await.unwrap();
        let sql = "SELECT check_id FROM second_looks WHERE outcome IS NULL";
        if let Some((check,)) = sqlx::query_as::<_, (Uuid,)>(sql).fetch_optional(&browser.rows).await.unwrap() {
            return format!("/second-looks/{check}");
        }
    }
    panic!("the dice never fell")
}

#[tokio::test]
async fn a_second_look_is_asked_given_and_said_beside_the_check() {
    let browser = Browser::begun().await;
    let promise = published(&browser).await;
    let path = asked(&browser, &promise).await;
    let today = browser.get("/today").await.html;
    assert!(today.contains("50 times kept in a row at Salina, Restroom. Go and see."), "{today}");
    assert!(today.contains(&path), "{today}");
    assert!(!browser.get("/checks").await.html.contains("looked again"), "nobody learns of which it is asked");
    let page = browser.get(&path).await.html;
    assert!(page.contains("It was drawn by lot") && page.contains("Floor dry"), "{page}");

    assert_eq!(browser.post(&path, &[]).await.status, 422);
    let overturned =
        filled(&[("outcome", "overturned"), ("reason", "0"), ("why", "It was wet."), ("note", "By the door.")]);
    let fields = [
        Field("outcome", Choice, true),
        Field("reason", Choice, true),
        Field("why", PROSE, true),
        Field("note", PROSE, false),
    ];
    let form = Form::new(&browser, &path, overturned).refuses_all(&fields).await;
    let (next, _) = form.takes().await;
    assert!(next.starts_with("/recoveries/"), "{next}");
    let again = browser.post(&path, &filled(&[("outcome", "agreed")])).await;
    assert!(again.status == 409 && again.html.contains("This second look is over"), "{}", again.html);
    assert!(!browser.get("/today").await.html.contains("Go and see"));
    let checks = browser.get("/checks").await.html;
    assert!(checks.contains("Somebody else looked again, and it was not as promised"), "{checks}");
    assert!(browser.get("/audit").await.html.contains("gave a check a second look"));
}

#[tokio::test]
async fn whoever_agrees_or_cannot_tell_says_so_in_one_tap() {
    let browser = Browser::begun().await;
    let promise = published(&browser).await;
    for (outcome, said) in [("agreed", "Somebody else looked again, and agreed."), ("too_late", "too late to tell")] {
        let path = asked(&browser, &promise).await;
        let (next, _) = Form::new(&browser, &path, filled(&[("outcome", outcome)])).takes().await;
        assert_eq!(next, "/today");
        assert!(browser.get("/checks").await.html.contains(said), "{outcome}");
    }
    assert_eq!(browser.get(&format!("/second-looks/{}", Uuid::from_u128(77))).await.status, 404);
    assert_eq!(browser.get("/second-looks/banana").await.status, 404);
}

#[tokio::test]
async fn ones_own_check_is_not_looked_at_again_by_oneself() {
    let browser = Browser::begun().await;
    let promise = published(&browser).await;
    let path = asked(&browser, &promise).await;
    let sql = "UPDATE checks SET by = (SELECT 'person:' || by FROM (SELECT lower(substr(hex(id), 1, 8) || '-' || \
        substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-' || \
        substr(hex(id), 21)) AS by FROM people))";
    sqlx::query(sql).execute(&browser.rows).await.unwrap();
    assert!(!browser.get("/today").await.html.contains("Go and see"));
    let page = browser.get(&path).await.html;
    assert!(page.contains("You made this check yourself") && !page.contains("name=\"outcome\""), "{page}");
    let refused = browser.post(&path, &filled(&[("outcome", "agreed")])).await;
    assert!(refused.status == 409 && refused.html.contains("You made this check yourself"), "{}", refused.html);
}
