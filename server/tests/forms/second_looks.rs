//! Second looks are asked for on the board of those who may give them, and of nobody else.

use domain::actor::{Actor, Principal};
use domain::check::CheckDraft;
use domain::finding::FindingDraft;
use domain::role::Role;
use uuid::Uuid;

use crate::bad_values::Field;
use crate::bad_values::FieldType::Choice;
use crate::browser::Browser;
use crate::form::{Form, PROSE, field_values};
use crate::owner::published_guarantee;

/// Logs kept checks as somebody else until a second look is asked for. Returns its page.
pub async fn second_look_page(browser: &Browser, (guarantee, place): &(String, String)) -> String {
    let business: (Uuid,) = sqlx::query_as("SELECT id FROM businesses").fetch_one(&browser.pool).await.unwrap();
    let somebody = Actor::new(business.0.into(), Principal::System, Role::Staff);
    for _ in 0..500 {
        browser.advance(chrono::TimeDelta::minutes(1));
        let finding = FindingDraft { verdict: "kept".into(), ..FindingDraft::default() };
        let (id, guarantee, place) = (browser.store.source().id().to_string(), guarantee.clone(), place.clone());
        let draft = CheckDraft { id, guarantee, place, finding, ..CheckDraft::default() };
        browser.store.log_checks(&somebody, &[draft]).await.unwrap();
        let sql = "SELECT check_id FROM second_looks WHERE outcome IS NULL";
        if let Some((check,)) = sqlx::query_as::<_, (Uuid,)>(sql).fetch_optional(&browser.pool).await.unwrap() {
            return format!("/second-looks/{check}");
        }
    }
    panic!("no second look was asked for")
}

#[tokio::test]
async fn a_second_look_is_requested_given_and_shown_with_its_check() {
    let browser = Browser::with_business().await;
    let promise = published_guarantee(&browser).await;
    let path = second_look_page(&browser, &promise).await;
    let today = browser.get("/today").await.html;
    assert!(today.contains("Kept 50 times in a row at Salina, Restroom. Please check again."), "{today}");
    assert!(today.contains(&path), "{today}");
    assert!(!browser.get("/checks").await.html.contains("checked again"), "nobody learns of which it is asked");
    let page = browser.get(&path).await.html;
    assert!(page.contains("It was picked at random") && page.contains("Floor dry"), "{page}");

    assert_eq!(browser.post(&path, &[]).await.status, 422);
    let overturned =
        field_values(&[("outcome", "overturned"), ("reason", "0"), ("why", "It was wet."), ("note", "By the door.")]);
    let fields = [
        Field("outcome", Choice, true),
        Field("reason", Choice, true),
        Field("why", PROSE, true),
        Field("note", PROSE, false),
    ];
    let form = Form::new(&browser, &path, overturned).assert_refuses_all(&fields).await;
    let (next, _) = form.assert_accepted().await;
    assert!(next.starts_with("/recoveries/"), "{next}");
    let again = browser.post(&path, &field_values(&[("outcome", "agreed")])).await;
    assert!(again.status == 409 && again.html.contains("This second look is over"), "{}", again.html);
    assert!(!browser.get("/today").await.html.contains("Please check again"));
    let checks = browser.get("/checks").await.html;
    assert!(checks.contains("Somebody else checked again, and it was not as promised"), "{checks}");
    assert!(browser.get("/audit").await.html.contains("gave a check a second look"));
}

#[tokio::test]
async fn a_second_look_can_agree_or_be_too_late_without_details() {
    let browser = Browser::with_business().await;
    let promise = published_guarantee(&browser).await;
    for (outcome, said) in [("agreed", "Somebody else checked again and agreed."), ("too_late", "too late to tell")] {
        let path = second_look_page(&browser, &promise).await;
        let (next, _) = Form::new(&browser, &path, field_values(&[("outcome", outcome)])).assert_accepted().await;
        assert_eq!(next, "/today");
        assert!(browser.get("/checks").await.html.contains(said), "{outcome}");
    }
    assert_eq!(browser.get(&format!("/second-looks/{}", Uuid::from_u128(77))).await.status, 404);
    assert_eq!(browser.get("/second-looks/banana").await.status, 404);
}

#[tokio::test]
async fn a_person_cannot_give_their_own_check_a_second_look() {
    let browser = Browser::with_business().await;
    let promise = published_guarantee(&browser).await;
    let path = second_look_page(&browser, &promise).await;
    let sql = "UPDATE checks SET by = (SELECT 'person:' || by FROM (SELECT lower(substr(hex(id), 1, 8) || '-' || \
        substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-' || \
        substr(hex(id), 21)) AS by FROM people))";
    sqlx::query(sql).execute(&browser.pool).await.unwrap();
    assert!(!browser.get("/today").await.html.contains("Please check again"));
    let page = browser.get(&path).await.html;
    assert!(page.contains("You made this check yourself") && !page.contains("name=\"outcome\""), "{page}");
    let refused = browser.post(&path, &field_values(&[("outcome", "agreed")])).await;
    assert!(refused.status == 409 && refused.html.contains("You made this check yourself"), "{}", refused.html);
}
