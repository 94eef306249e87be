//! The forms of schedules, closures, time zones and tags, and of several checks at once.

use uuid::Uuid;

use crate::bad_values::Field;
use crate::bad_values::FieldType::{Choice, Future, Number, Text, Zone};
use crate::browser::{Browser, Page, first_business};
use crate::form::{Form, PROSE, field_values};
use crate::owner::{foreign_place, published_guarantee};

#[tokio::test]
async fn the_schedule_form_refuses_bad_values_and_saves_valid_ones() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let path = format!("/guarantees/{guarantee}/schedule");
    let common = [("days", "monday"), ("grace", "15"), ("places", place.as_str())];
    let every = [&[("rhythm", "every"), ("every", "60"), ("within", "06:00-22:00")], &common[..]].concat();
    let fields = [
        Field("rhythm", Choice, true),
        Field("every", Number(5, 1440), true),
        Field("within", Text(13), true),
        Field("days", Choice, true),
        Field("grace", Number(0, 720), true),
        Field("places", Choice, false),
    ];
    let form = Form::new(&browser, &path, field_values(&every)).assert_refuses_all(&fields).await;
    let form = form.assert_refuses_value(Field("within", Text(13), true), "every", "short", "06:00-06:30").await;
    let foreign = foreign_place(&browser).await;
    let form = form.assert_refuses_value(Field("places", Choice, true), "places", "foreign", &foreign).await;
    form.assert_accepted().await;
    let page = browser.get(&format!("/guarantees/{guarantee}")).await.html;
    assert!(page.contains("Every hour, 06:00–22:00, on Monday"), "{page}");

    let at = [&[("rhythm", "at"), ("times", "09:00, 13:30"), ("lead", "30")], &common[..]].concat();
    let fields = [Field("times", Text(400), true), Field("lead", Number(5, 720), true)];
    Form::new(&browser, &path, field_values(&at)).assert_refuses_all(&fields).await.assert_accepted().await;
    assert!(browser.get(&path).await.html.contains("value=\"09:00, 13:30\""), "as it stands, to be changed");
    let none = [("rhythm", "none"), ("places", place.as_str())];
    Form::new(&browser, &path, field_values(&none)).assert_accepted().await;
    assert!(browser.get(&format!("/guarantees/{guarantee}")).await.html.contains("No schedule: "));
}

#[tokio::test]
async fn a_closure_is_announced_in_advance_and_can_be_ended_early() {
    let browser = Browser::with_business().await;
    let (_, place) = published_guarantee(&browser).await;
    let site = browser.newest_id("sites").await;
    let path = format!("/sites/{site}/closures");
    let good = [("place", place.as_str()), ("from", ""), ("until", "2026-11-03T22:00"), ("why", "New tiles.")];
    let now = browser.store.now();
    let tomorrow = (now + chrono::TimeDelta::days(1)).format("%Y-%m-%dT%H:%M").to_string();
    let mut good = field_values(&good);
    good[2].1 = tomorrow;
    let fields = [
        Field("place", Choice, false),
        Field("from", Future, false),
        Field("until", Future, true),
        Field("why", PROSE, true),
    ];
    let form = Form::new(&browser, &path, good);
    // Closures may be more than a year ahead.
    form.assert_refuses_all(&fields[..1]).await.assert_refuses_all(&fields[2..]).await.assert_accepted().await;
    let page = browser.get(&format!("/sites/{site}")).await.html;
    assert!(page.contains("New tiles."));
    let closure = browser.newest_id("closures").await;
    for _ in 0..2 {
        assert_eq!(browser.post(&format!("/closures/{closure}/end"), &[]).await.status, 303);
    }
    assert!(browser.get(&format!("/sites/{site}")).await.html.contains("No closure is planned."));
    let unknown_closure = Uuid::from_u128(77);
    assert_eq!(browser.post(&format!("/closures/{unknown_closure}/end"), &[]).await.status, 404);
}

#[tokio::test]
async fn a_site_can_have_its_own_time_zone() {
    let browser = Browser::with_business().await;
    published_guarantee(&browser).await;
    let site = browser.newest_id("sites").await;
    let form = Form::new(&browser, format!("/sites/{site}/zone"), field_values(&[("zone", "America/Denver")]));
    form.assert_refuses_all(&[Field("zone", Zone, false)]).await.assert_accepted().await;
    assert!(browser.get(&format!("/sites/{site}")).await.html.contains("value=\"America/Denver\""));
    Form::new(&browser, format!("/sites/{site}/zone"), field_values(&[("zone", "")])).assert_accepted().await;
}

#[tokio::test]
async fn a_replaced_tag_shows_that_it_was_replaced() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let code = async || {
        let (code,): (String,) = sqlx::query_as("SELECT code FROM places").fetch_one(&browser.pool).await.unwrap();
        code
    };
    let before = code().await;
    assert_eq!(browser.get(&format!("/at/{before}")).await.location(), format!("/check/{place}"));
    let site = browser.newest_id("sites").await;
    assert!(browser.get(&format!("/sites/{site}/tags")).await.html.contains(&before));
    assert_eq!(browser.post(&format!("/places/{place}/code"), &[]).await.status, 303);
    let after = code().await;
    assert_ne!(before, after);
    let old = browser.get(&format!("/at/{before}")).await;
    assert!(old.status == 410 && old.html.contains("This tag was replaced") && old.html.contains("Restroom"));
    let typed = browser.get(&format!("/check?code={before}")).await;
    assert!(typed.status == 422 && typed.html.contains("has a new code"), "{}", typed.html);
    assert_eq!(browser.get(&format!("/at/{after}")).await.location(), format!("/check/{place}"));
    assert_eq!(browser.get("/at/ZZZZZZ").await.status, 404);
    // Without a session, and as a member of another business.
    let (mut second, charter) = (first_business(), "/p/prairie-stop");
    let [email, password] =
        ["email", "password"].map(|field| second.iter().find(|(name, _)| *name == field).unwrap().1.clone());
    second.retain(|(name, _)| !matches!(*name, "email" | "password" | "slug"));
    second[0].1 = "Second Stop".to_owned();
    let mut colleague = browser.another_browser().signed_in(&email, &password).await;
    let begun = colleague.post("/businesses/new", &second).await;
    colleague.keep_cookie(&begun);
    for reader in [browser.another_browser(), colleague] {
        for written in [after.clone(), after.to_lowercase(), after.replace('0', "o").replace('1', "l")] {
            let led = follow_redirect(&reader, &format!("/at/{written}")).await;
            assert_eq!((led.status.as_u16(), led.location()), (303, charter), "{written}");
        }
        assert_eq!(reader.get(charter).await.status, 200);
        let old = reader.get(&format!("/at/{before}")).await;
        assert!(old.status == 410 && old.html.contains("opens nothing any more") && !old.html.contains("Restroom"));
        for unknown in ["ZZZZZZ", "banana", "0", "ZZZZZZZ", "%20", "ZZZ-ZZZ", "%F0%9F%98%80", "..", "zzzzzz%00"] {
            let page = follow_redirect(&reader, &format!("/at/{unknown}")).await;
            assert!(page.status == 404 && page.html.contains("<h1"), "{unknown}: {}", page.status);
        }
    }
    // The tag is still in use, but no guarantee holds at the place.
    assert_eq!(browser.post(&format!("/guarantees/{guarantee}/retire"), &[]).await.status, 303);
    let nothing = browser.get(browser.get(&format!("/at/{after}")).await.location()).await;
    assert!(nothing.status == 200 && nothing.html.contains("No promise is checked at this place right now."));
}

/// Follows the redirect from a mistyped address.
async fn follow_redirect(reader: &Browser, typed: &str) -> Page {
    let page = reader.get(typed).await;
    if page.status == 308 { reader.get(page.location()).await } else { page }
}

#[tokio::test]
async fn several_promises_can_be_logged_as_kept_together() {
    let browser = Browser::with_business().await;
    let (first, place) = published_guarantee(&browser).await;
    let mut promised = crate::owner::wording("Warm coffee");
    promised.extend(field_values(&[("places", &place)]));
    let path = format!("/guarantees/new?problem={}", browser.newest_id("problems").await);
    assert_eq!(browser.post(&path, &promised).await.status, 303);
    let second = browser.newest_id("guarantees").await;
    assert_eq!(browser.post(&format!("/guarantees/{second}/publish"), &[]).await.status, 303);
    let page = browser.get(&format!("/check/{place}")).await.html;
    let pairs: Vec<_> =
        page.split("name=\"kept\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(pairs.len(), 2, "{page}");
    let path = format!("/check/{place}/together");
    let nothing = browser.post(&path, &[]).await;
    assert!(nothing.status == 422 && nothing.html.contains("href=\"#kept\""), "{}", nothing.html);
    let fields: Vec<_> = pairs.iter().map(|pair| ("kept", (*pair).to_owned())).collect();
    for _ in 0..2 {
        let done = browser.post(&path, &fields).await;
        assert_eq!(done.location(), format!("/check/{place}?together=2"));
    }
    let sql = "SELECT COUNT(*), COUNT(DISTINCT guarantee_id) FROM checks WHERE verdict = 'kept'";
    let counted: (i64, i64) = sqlx::query_as(sql).fetch_one(&browser.pool).await.unwrap();
    assert_eq!(counted, (2, 2), "sent twice, stored once each: {first}");
}
