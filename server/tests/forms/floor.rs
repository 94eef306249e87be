//! The forms of the floor: a check, and what mends one.

use uuid::Uuid;

use crate::bad::Field;
use crate::bad::Kind::Choice;
use crate::browser::Browser;
use crate::form::{Form, PROSE, filled};
use crate::owner::published;

#[tokio::test]
async fn the_check_forms_refuse_what_is_bad_and_keep_what_was_typed() {
    let browser = Browser::begun().await;
    let (guarantee, place) = published(&browser).await;
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
    let form = Form::new(&browser, &path, filled(&[&checked[..], &broken[..]].concat()));
    for (name, value) in
        [("guarantee", unknown.as_str()), ("guarantee", "banana"), ("id", "banana"), ("verdict", "missed")]
    {
        let before = browser.counted().await;
        let page = browser.post(&path, &form.with(name, value)).await;
        assert!(page.status == 422 || page.status == 404, "{name} {value}: {} {}", page.status, page.html);
        assert_eq!(browser.counted().await, before, "{name} {value}");
    }
    form.refuses_all(&reason).await.takes().await;

    let aside = filled(&[&checked[..1], &checked[1..], &[("verdict", "not_applicable"), ("note", "Closed.")]].concat());
    let mut form = Form::new(&browser, &path, aside);
    form.good[0].1 = Uuid::from_u128(2).to_string();
    form.refuses_all(&[Field("note", PROSE, true)]).await.takes().await;

    let kept = browser.newest("checks WHERE verdict = 'not_applicable'").await;
    let mended = [("verdict", "broken"), ("why", "The wrong door."), ("note", "Wet."), ("reason", "0")];
    let mut fields = vec![Field("verdict", Choice, true), Field("why", PROSE, true)];
    fields.extend(reason.into_iter().filter(|field| matches!(field.0, "note" | "reason")));
    Form::new(&browser, format!("/checks/{kept}/correct"), filled(&mended)).refuses_all(&fields).await.takes().await;
}
