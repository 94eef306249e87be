//! Photos, sent with a form by a browser without JavaScript.

use axum::http::header;
use domain::photo::MAX_BYTES;
use uuid::Uuid;

use crate::bad_values::Field;
use crate::bad_values::FieldType::Choice;
use crate::browser::Browser;
use crate::form::{Form, field_values};
use crate::owner::published_guarantee;
use crate::picture::picture;

const SVG: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;

async fn business_with_photo_policy(photos: &str) -> (Browser, String, String) {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let chosen = browser.post(&format!("/guarantees/{guarantee}/photos"), &field_values(&[("photos", photos)])).await;
    assert_eq!(chosen.status, 303, "{}", chosen.html);
    (browser, guarantee, place)
}

fn check(guarantee: &str, number: u128, verdict: &str) -> Vec<(&'static str, String)> {
    let id = Uuid::from_u128(number).to_string();
    field_values(&[("id", id.as_str()), ("guarantee", guarantee), ("verdict", verdict)])
}

/// The value of a hidden field.
fn hidden_value<'h>(html: &'h str, name: &str) -> &'h str {
    let field = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
    html.split(&field).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

#[tokio::test]
async fn the_photo_policy_is_one_of_four_choices() {
    let browser = Browser::with_business().await;
    let (guarantee, _) = published_guarantee(&browser).await;
    let path = format!("/guarantees/{guarantee}/photos");
    let form = Form::new(&browser, &path, field_values(&[("photos", "on_break")]));
    form.assert_refuses_all(&[Field("photos", Choice, true)]).await.assert_accepted().await;
    let page = browser.get(&format!("/guarantees/{guarantee}")).await;
    assert!(page.html.contains("When it is broken"), "{}", page.html);
}

#[tokio::test]
async fn an_example_photo_is_shown_on_the_check_screen() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let path = format!("/guarantees/{guarantee}/example");
    let fields = field_values(&[("place", place.as_str())]);
    for (file, words) in
        [(SVG, "cannot be read as a picture"), (b"".as_slice(), "This is still missing. Please fill it in.")]
    {
        let refused = browser.post_multipart(&path, &fields, file).await;
        assert_eq!(refused.status, 422, "{}", refused.html);
        assert!(refused.html.contains(words), "{}", refused.html);
        assert!(refused.html.contains("href=\"#photo\""), "the notice leads to the field: {}", refused.html);
        assert_eq!(refused.duplicate_ids(), Vec::<&str>::new());
    }
    let shown = browser.post_multipart(&path, &fields, &picture(1)).await;
    assert_eq!(shown.status, 303, "{}", shown.html);
    let screen = browser.get(&format!("/check/{place}")).await.html;
    let src = screen.split("src=\"/photos/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let seen = browser.file(&format!("/photos/{src}")).await;
    assert_eq!(seen.headers[header::CONTENT_TYPE], "image/jpeg");
    assert_eq!(seen.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(seen.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(seen.bytes.starts_with(&[0xff, 0xd8, 0xff]));
    let removed = browser.post(&path, &field_values(&[("place", place.as_str()), ("remove", "true")])).await;
    assert_eq!(removed.status, 303, "{}", removed.html);
    assert!(!browser.get(&format!("/check/{place}")).await.html.contains("/photos/"));
}

#[tokio::test]
async fn a_photo_cannot_be_used_for_two_checks() {
    let (browser, guarantee, place) = business_with_photo_policy("required").await;
    let path = format!("/check/{place}");
    let without = browser.post(&path, &check(&guarantee, 1, "kept")).await;
    assert_eq!(without.status, 422, "{}", without.html);
    assert!(without.html.contains("href=\"#photo\""), "{}", without.html);
    let logged = browser.post_multipart(&path, &check(&guarantee, 1, "kept"), &picture(1)).await;
    assert_eq!(logged.status, 303, "{}", logged.html);
    let list = browser.get("/checks").await.html;
    assert_eq!(list.matches("href=\"/photos/").count(), 1, "{list}");
    let again = browser.post_multipart(&path, &check(&guarantee, 2, "kept"), &picture(1)).await;
    assert_eq!(again.status, 409, "{}", again.html);
    assert!(again.html.contains("This picture is here already"), "{}", again.html);
    assert_eq!(hidden_value(&again.html, "photo"), "", "another has to be taken");
}

#[tokio::test]
async fn a_photo_is_kept_when_another_field_is_invalid() {
    let (browser, guarantee, place) = business_with_photo_policy("on_break").await;
    let path = format!("/check/{place}");
    let wrong = browser.post_multipart(&path, &check(&guarantee, 1, "broken"), &picture(1)).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    let photo = hidden_value(&wrong.html, "photo").to_owned();
    assert_eq!(photo.len(), 64, "{}", wrong.html);
    let completed = [check(&guarantee, 1, "broken"), vec![("reason", "other".to_owned()), ("photo", photo.clone())]];
    let logged = browser.post(&path, &completed.concat()).await;
    assert_eq!(logged.status, 303, "{}", logged.html);
    let recovery = browser.get(&format!("/recoveries/{}", browser.newest_id("recoveries").await)).await.html;
    assert!(recovery.contains(&format!("/photos/{photo}")), "{recovery}");
}

#[tokio::test]
async fn an_invalid_or_oversized_photo_is_refused_with_a_reason() {
    let (browser, guarantee, place) = business_with_photo_policy("optional").await;
    let path = format!("/check/{place}");
    let sent = format!("/do/keep-photo?guarantee={guarantee}");
    for file in [SVG, b"GIF89a", b"<!doctype html><script>alert(1)</script>"] {
        let before = browser.row_counts().await;
        let refused = browser.post_multipart(&path, &check(&guarantee, 1, "kept"), file).await;
        assert_eq!(refused.status, 422, "{}", refused.html);
        assert!(refused.html.contains("cannot be read as a picture"), "{}", refused.html);
        let refused = browser.send(&sent, file.to_vec()).await;
        assert_eq!(refused.status, 422);
        assert!(refused.html.contains("cannot be read as a picture"), "{}", refused.html);
        assert_eq!(browser.row_counts().await, before);
    }
    let large = browser.send(&sent, vec![0xff; MAX_BYTES + 1]).await;
    assert!(large.status == 422 && large.html.contains("too large"), "{} {}", large.status, large.html);
    let larger = browser.post_multipart(&path, &check(&guarantee, 1, "kept"), &vec![0; MAX_BYTES + 100_000]).await;
    assert_eq!(larger.status, 413, "{}", larger.html);
    let elsewhere = browser.send("/do/log-check", vec![b'x'; 2 * 1024 * 1024]).await;
    assert_eq!(elsewhere.status, 413, "no more than ever where no picture comes in");
}

#[tokio::test]
async fn forbidden_photos_have_no_field_and_uploads_are_refused() {
    let (browser, guarantee, place) = business_with_photo_policy("forbidden").await;
    let screen = browser.get(&format!("/check/{place}")).await.html;
    assert!(!screen.contains("type=\"file\"") && !screen.contains("multipart"), "{screen}");
    let refused = browser.send(&format!("/do/keep-photo?guarantee={guarantee}"), picture(1)).await;
    assert!(refused.status == 409 && refused.html.contains("No picture may come"), "{}", refused.html);
    let unknown = browser.send(&format!("/do/keep-photo?guarantee={}", Uuid::from_u128(7)), picture(1)).await;
    assert_eq!(unknown.status, 422, "{}", unknown.html);
}
