//! The forms that log and correct a check.

use domain::finding::Reason;
use uuid::Uuid;

use crate::bad_values::Field;
use crate::bad_values::FieldType::Choice;
use crate::browser::Browser;
use crate::form::{Form, PROSE, field_values};
use crate::owner::published_guarantee;
use crate::second_looks::second_look_page;

#[tokio::test]
async fn the_check_forms_refuse_bad_values_and_keep_input() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let unknown = Uuid::from_u128(77).to_string();

    let reason = [
        Field("reason", Choice, true),
        Field("found_by", Choice, false),
        Field("obstacle", Choice, false),
        Field("note", PROSE, false),
    ];
    let id = Uuid::from_u128(1).to_string();
    let checked = [("id", id.as_str()), ("guarantee", &guarantee)];
    let broken =
        [("verdict", "broken"), ("reason", "0"), ("found_by", "customer"), ("obstacle", "tools"), ("note", "Wet.")];
    let path = format!("/check/{place}");
    let form = Form::new(&browser, &path, field_values(&[&checked[..], &broken[..]].concat()));
    for (name, value) in
        [("guarantee", unknown.as_str()), ("guarantee", "banana"), ("id", "banana"), ("verdict", "missed")]
    {
        let before = browser.row_counts().await;
        let page = browser.post(&path, &form.with(name, value)).await;
        assert!(page.status == 422 || page.status == 404, "{name} {value}: {} {}", page.status, page.html);
        assert_eq!(browser.row_counts().await, before, "{name} {value}");
    }
    form.assert_refuses_all(&reason).await.assert_accepted().await;

    let aside =
        field_values(&[&checked[..1], &checked[1..], &[("verdict", "not_applicable"), ("note", "Closed.")]].concat());
    let mut form = Form::new(&browser, &path, aside);
    form.good[0].1 = Uuid::from_u128(2).to_string();
    form.assert_refuses_all(&[Field("note", PROSE, true)]).await.assert_accepted().await;

    let kept = browser.newest_id("checks WHERE verdict = 'not_applicable'").await;
    let correction = [("verdict", "broken"), ("why", "The wrong door."), ("note", "Wet."), ("reason", "0")];
    let mut fields = vec![Field("verdict", Choice, true), Field("why", PROSE, true)];
    fields.extend(reason.into_iter().filter(|field| matches!(field.0, "note" | "reason")));
    Form::new(&browser, format!("/checks/{kept}/correct"), field_values(&correction))
        .assert_refuses_all(&fields)
        .await
        .assert_accepted()
        .await;
}

#[tokio::test]
async fn every_form_for_a_broken_promise_offers_every_reason() {
    let browser = Browser::with_business().await;
    let promise = published_guarantee(&browser).await;
    let second_look = second_look_page(&browser, &promise).await;
    let (guarantee, place) = promise;
    let kept = browser.newest_id("checks").await;
    for path in [format!("/check/{place}?guarantee={guarantee}"), format!("/checks/{kept}/correct"), second_look] {
        let page = browser.get(&path).await.html;
        // The guarantee has two criteria.
        for reason in Reason::all(2) {
            assert!(page.contains(&format!("value=\"{reason}\"")), "{path} does not offer {reason}: {page}");
        }
    }
}
