//! Export and deletion of a business.

use std::io::Cursor;

use domain::actor::{Actor, Principal};
use domain::ids::BusinessId;
use domain::role::Role;
use uuid::Uuid;

use crate::bad_values::Field;
use crate::browser::{Browser, first_business};
use crate::form::{Form, LINE, field_values};
use crate::owner::published_guarantee;

#[tokio::test]
async fn a_business_is_exported_as_a_zip_that_can_be_imported() {
    let browser = Browser::with_business().await;
    published_guarantee(&browser).await;
    let file = browser.file("/settings/export.zip").await;
    assert_eq!(file.headers["content-type"], "application/zip");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"prairie-stop-trialmark.zip\"");
    assert_eq!(file.headers["content-length"], file.bytes.len().to_string().as_str());
    assert!(file.headers.get("content-encoding").is_none(), "it is packed already");
    let elsewhere = Browser::new().await;
    let imported = elsewhere.store.import(Cursor::new(file.bytes)).await.unwrap();
    assert_eq!(
        (imported.slug.as_str(), imported.new_people.as_slice()),
        ("prairie-stop", &["june@door.example".to_owned()][..])
    );
    assert!(elsewhere.get("/p/prairie-stop").await.html.contains("Clean restrooms"));
    let signing_in =
        first_business().into_iter().filter(|(name, _)| matches!(*name, "email" | "password")).collect::<Vec<_>>();
    for password in ["a long enough secret", ""] {
        let tried = [signing_in[0].clone(), ("password", password.to_owned())];
        assert_eq!(elsewhere.post("/sign-in", &tried).await.status, 422, "a password does not travel: {password:?}");
    }
}

#[tokio::test]
async fn a_user_can_download_their_own_data() {
    let browser = Browser::with_business().await;
    assert!(browser.get("/account").await.html.contains("/account/kept.json"));
    let file = browser.get("/account/kept.json").await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"trialmark-account.json\"");
    assert_eq!(file.headers["cache-control"], "no-store");
    let kept: serde_json::Value = serde_json::from_str(&file.html).unwrap();
    assert_eq!((&kept["email"], &kept["businesses"][0]["slug"]), (&"june@door.example".into(), &"prairie-stop".into()));
    assert_eq!(kept["sessions"].as_array().unwrap().len(), 1);
    assert!(!kept.to_string().contains("argon2"), "{kept}");
}

#[tokio::test]
async fn a_business_is_deleted_only_after_its_name_is_typed() {
    let browser = Browser::with_business().await;
    published_guarantee(&browser).await;
    let elsewhere = browser.another_browser().signed_in("june@door.example", "a long enough secret").await;
    assert_eq!(browser.get("/p/prairie-stop").await.status, 200);
    assert_eq!(browser.get("/p/prairie-stop").await.status, 200, "from now on it is held ready");
    let ask = browser.get("/settings/delete").await;
    assert!(ask.status == 200 && ask.html.contains("Delete Prairie Stop?"), "{}", ask.html);
    assert!(browser.get("/settings").await.html.contains("/settings/delete"));

    let name = Field("name", LINE, true);
    let form = Form::new(&browser, "/settings/delete", field_values(&[("name", "Prairie Stop")]));
    let form =
        form.assert_refuses_all(&[name]).await.assert_refuses_value(name, "name", "another", "Prairie Shop").await;
    let done = browser.post("/settings/delete", &form.good).await;
    assert_eq!(done.status, 200, "{}", done.html);
    assert!(done.html.contains("Prairie Stop has been deleted") && !done.html.contains("/account"), "{}", done.html);
    assert!(done.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"), "{:?}", done.headers);

    assert_eq!(browser.get("/p/prairie-stop").await.status, 404, "the page held ready is gone");
    assert_eq!(browser.get("/p/prairie-stop/record").await.status, 404);
    assert_eq!(browser.get("/p/prairie-stop/record.jsonl").await.status, 404);
    assert_eq!(elsewhere.get("/today").await.location(), "/sign-in?to=%2Ftoday");
    assert_eq!(elsewhere.post("/sites", &field_values(&[("name", "Salina")])).await.status, 401);
    assert!(browser.another_browser().get("/").await.html.contains("/begin"), "where nothing is left one begins anew");
    let tables = browser.row_counts().await.into_iter().filter(|(name, count)| *count > 0 && !name.starts_with('_'));
    let left: Vec<_> = tables.map(|(name, _)| name).filter(|name| !name.starts_with("sqlite")).collect();
    assert_eq!(
        left,
        ["installation", "readiness"],
        "it keeps its own name, and the row by which it knows that it can write"
    );
    let again = browser.another_browser().post("/begin", &first_business()).await;
    assert_eq!(again.status, 303, "{}", again.html);
    assert_eq!(browser.get("/p/prairie-stop").await.status, 200, "the name is free");
}

#[tokio::test]
async fn after_deletion_a_member_can_switch_to_another_business() {
    let mut browser = Browser::with_business().await;
    let mut second = first_business();
    second.retain(|(name, _)| !matches!(*name, "email" | "password" | "slug"));
    second[0].1 = "Second Stop".to_owned();
    let begun = browser.post("/businesses/new", &second).await;
    browser.keep_cookie(&begun);
    let done = browser.post("/settings/delete", &field_values(&[("name", "Second Stop")])).await;
    assert_eq!(done.status, 200, "{}", done.html);
    assert!(done.html.contains("href=\"/businesses\""), "{}", done.html);
    browser.keep_cookie(&done);
    let left = browser.get("/businesses").await.html;
    assert!(left.contains("Prairie Stop") && !left.contains("Second Stop"), "{left}");
}

#[tokio::test]
async fn accessing_a_deleted_business_gives_a_gone_error() {
    let browser = Browser::with_business().await;
    let gone = BusinessId(Uuid::from_u128(77));
    // As a page that was authorized before the deletion.
    let actor = Actor::new(gone, Principal::System, Role::Owner);
    let error = browser.store.business(&actor);
    let error = app::Error::from(error.await.unwrap_err());
    assert!(matches!(error, app::Error::Gone) && error.status() == 404, "{error:?}");
}
