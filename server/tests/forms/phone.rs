//! The endpoints that the phone's outbox calls, and the data on its pages.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::browser::Browser;
use crate::form::field_values;
use crate::owner::{private_link, published_guarantee};

const PASSWORD: &str = "a long enough secret";

const LOG: &str = "/do/log-check";

fn draft(guarantee: &str, place: &str, number: u128) -> Value {
    let id = Uuid::from_u128(number).to_string();
    json!({ "id": id, "guarantee": guarantee, "place": place, "verdict": "kept" })
}

async fn send_check(browser: &Browser, draft: &Value) -> (u16, Value) {
    let answer = browser.send(LOG, json!({ "draft": draft }).to_string().into_bytes()).await;
    assert_eq!(answer.headers["content-type"], "application/json", "{}", answer.html);
    assert_eq!(answer.headers["trialmark"], "1", "it says that it is ours");
    (answer.status.as_u16(), serde_json::from_str(&answer.html).unwrap())
}

#[tokio::test]
async fn a_malformed_check_is_refused_with_a_reason_and_not_stored() {
    let browser = Browser::with_business().await;
    published_guarantee(&browser).await;
    let bodies = [
        "",
        "{",
        "[]",
        "null",
        "{}",
        "7",
        "\"draft\"",
        "{\"draft\":null}",
        "{\"draft\":[]}",
        "{\"draft\":{\"id\":7}}",
        "{\"draft\":{\"note\":{}}}",
        "draft=1&id=2",
        "<draft/>",
        "{\"draft\":{}}",
        "{\"check\":\"x\",\"draft\":{}}",
    ];
    for path in [LOG, "/do/correct-check"] {
        for body in bodies {
            let before = browser.row_counts().await;
            let answer = browser.send(path, body.as_bytes().to_vec()).await;
            assert!(matches!(answer.status.as_u16(), 404 | 422), "{path} {body}: {} {}", answer.status, answer.html);
            let said: Value = serde_json::from_str(&answer.html).unwrap();
            assert!(said["Rejected"].as_str().is_some_and(|words| !words.is_empty()), "{path} {body}: {said}");
            assert_eq!(browser.row_counts().await, before, "{path} {body}");
        }
    }
}

#[tokio::test]
async fn a_check_with_a_wrong_phone_clock_is_accepted_and_flagged() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let now = browser.store.now();
    let said = |minutes: i64| (now + TimeDelta::minutes(minutes)).to_rfc3339_opts(SecondsFormat::Millis, true);
    let wrong = [-43_200, -4_320, -1_440, -61, -60, -3, 0, 3, 60, 61, 1_440, 4_320, 43_200, 5_000_000];
    for (number, off) in (1..).zip(wrong) {
        let mut check = draft(&guarantee, &place, number);
        check["at"] = said(off).into();
        check["sent"] = said(0).into();
        if number % 2 == 0 {
            check["heard"] = said(-1).into();
            check["heard_at"] = said(off - 1).into();
        }
        let (status, stored) = send_check(&browser, &check).await;
        assert_eq!((status, stored["check"].as_str()), (200, check["id"].as_str()), "{off}: {stored}");
        // The same check sent again, with a later clock.
        check["sent"] = said(5).into();
        assert_eq!(send_check(&browser, &check).await, (200, stored), "{off}");
    }
    let sql = "SELECT COUNT(*), SUM(CASE WHEN skewed THEN 1 ELSE 0 END) FROM checks";
    let counted: (i64, i64) = sqlx::query_as(sql).fetch_one(&browser.pool).await.unwrap();
    let doubtful = wrong.iter().zip(1..).filter(|(off, number)| **off > 2 || (*off < &-2 && number % 2 == 0));
    assert_eq!(counted, (14, i64::try_from(doubtful.count()).unwrap()));
    let listed = browser.get("/checks").await.html;
    assert!(listed.contains("The clock of the phone was wrong"), "{listed}");
}

#[tokio::test]
async fn a_check_in_another_persons_name_is_refused() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    for by in ["person:01930000-0000-7000-8000-000000000001", "person:x", "token:1", "customer", "trialmark", "nobody"]
    {
        let mut check = draft(&guarantee, &place, 1);
        check["by"] = by.into();
        assert_eq!(send_check(&browser, &check).await, (409, json!("SignedOut")), "{by}");
    }
    let outside = browser.another_browser();
    assert_eq!(send_check(&outside, &draft(&guarantee, &place, 1)).await, (401, json!("SignedOut")));
}

#[tokio::test]
async fn staff_pages_contain_the_data_for_offline_use() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let look = format!("data-look=\"{guarantee} {place}\"");
    let floor = browser.get("/floor").await.html;
    for part in
        [&look, "data-page=\"/floor\"", "data-headlines=", "data-counts=\"rounds\"", "data-kept=", "id=\"unsent\""]
    {
        assert!(floor.contains(part), "{part}: {floor}");
    }
    let screen = browser.get(&format!("/check/{place}?guarantee={guarantee}")).await.html;
    assert!(screen.contains(&look) && screen.contains("criteria_count") && screen.contains("photo_policy"), "{screen}");
    assert!(!screen.contains("data-turn"), "who is signed in has no turn: {screen}");
}

#[tokio::test]
async fn a_pin_session_page_has_its_end_time_and_allows_corrections() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let (status, _) = send_check(&browser, &draft(&guarantee, &place, 1)).await;
    assert_eq!(status, 200);
    let site = browser.newest_id("sites").await;
    let made = browser.post_and_follow("/devices", &field_values(&[("name", "The tablet"), ("site", &site)])).await;
    let mut tablet = browser.another_browser();
    let registered = tablet.post(&private_link(&made.html, "/register/"), &[]).await;
    let cookies = registered.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let device = cookies.filter(|cookie| cookie.starts_with("__Host-trialmark-device-"));
    let device = device.map(|cookie| cookie.split(';').next().unwrap().to_owned()).next().unwrap();
    assert_eq!(
        browser.post("/account/pin", &field_values(&[("pin", "274915"), ("current", PASSWORD)])).await.status,
        303
    );
    tablet.cookie.clone_from(&device);
    let june = browser.newest_id("people").await;
    let turn = tablet.post(&format!("/device/{june}"), &field_values(&[("pin", "274915")])).await;
    assert_eq!(turn.status, 303, "{}", turn.html);
    tablet.cookie = format!("{device}; {}", turn.cookie());

    let left = |html: &str| html.split("data-left=\"").nth(1)?.split('"').next()?.parse::<i64>().ok();
    let round = tablet.get("/today").await.html;
    assert!(round.contains("data-turn=\"") && left(&round) == Some(15 * 60 * 1000), "{round}");
    browser.advance(TimeDelta::minutes(5));
    assert_eq!(left(&tablet.get("/floor").await.html), Some(10 * 60 * 1000));

    // June made the check on her own phone.
    let check = browser.newest_id("checks").await;
    let page = tablet.get(&format!("/checks/{check}/correct")).await;
    assert!(page.status == 200 && page.html.contains("href=\"/today\""), "{}", page.html);
    let correction = [("verdict", "broken"), ("reason", "other"), ("why", "The wrong door.")];
    let done = tablet.post(&format!("/checks/{check}/correct"), &field_values(&correction)).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, "/today"), "{}", done.html);
}
