//! Edit conflicts: a later save shows the current values, and nothing is overwritten.

use crate::browser::{Browser, Page};
use crate::form::{FieldValues, field_values};
use crate::owner::{private_link, published_guarantee, wording};
use crate::picture::picture;

/// A form that replaces existing values.
struct ReplacingForm {
    /// The page of the form.
    page: String,
    /// The address that it is sent to.
    to: String,
    /// The values of the first and of the second person.
    first: FieldValues,
    second: FieldValues,
    /// The current values that the second person is shown.
    stands: &'static str,
    /// The values that the second person finds in the form.
    typed: &'static str,
    /// Whether the second person may replace the current values after seeing them.
    again: bool,
}

/// The revision in the form with this address on a page.
fn revision_in(html: &str, to: &str) -> String {
    let form =
        html.split("<form").find(|form| form.split('>').next().unwrap_or_default().contains(&format!("\"{to}\"")));
    let form = form.unwrap_or_else(|| panic!("no form for {to}: {html}"));
    let field = "<input type=\"hidden\" name=\"revision\" value=\"";
    let carried = form.split("</form>").next().unwrap().split(field).nth(1).and_then(|rest| rest.split('"').next());
    carried.unwrap_or_else(|| panic!("no revision in the form for {to}: {form}")).to_owned()
}

async fn send(browser: &Browser, to: &str, fields: &FieldValues, revision: &str) -> Page {
    let mut sent = fields.clone();
    sent.push(("revision", revision.to_owned()));
    browser.post(to, &sent).await
}

fn with(fields: &FieldValues, changes: &[(&'static str, &str)]) -> FieldValues {
    let kept = fields.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).cloned();
    kept.chain(field_values(changes)).collect()
}

fn settings() -> FieldValues {
    let hours =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map(|day| (day, "06:00-22:00"));
    let business = [
        ("name", "Prairie Stop"),
        ("zone", "America/Chicago"),
        ("currency", "USD"),
        ("language", "en"),
        ("contact_name", "June Hart"),
        ("contact_email", "june@example.com"),
        ("contact_phone", "555 0142"),
        ("holidays", ""),
        ("forget_after", "12"),
    ];
    field_values(&[&business[..], &hours[..]].concat())
}

/// The ids of the rows that are replaced.
struct RowIds {
    guarantee: String,
    place: String,
    other_place: String,
    site: String,
    other_site: String,
    kim: String,
    obstacle: String,
    recovery: String,
}

/// Creates a business with one row of each kind that can be replaced.
async fn create_rows(browser: &Browser) -> RowIds {
    let (guarantee, place) = published_guarantee(browser).await;
    let site = browser.newest_id("sites").await;
    for (path, fields) in
        [("/sites", vec![("name", "Abilene")]), ("/places", vec![("site", site.as_str()), ("name", "Counter")])]
    {
        assert_eq!(browser.post(path, &field_values(&fields)).await.status, 303);
    }
    let mut kim = browser.another_browser();
    let shown = browser.post_and_follow("/invites", &field_values(&[("name", "Kim"), ("role", "staff")])).await;
    let entrant = field_values(&[("name", "Kim"), ("email", "kim@door.example"), ("password", "another long secret")]);
    let came = kim.post(&private_link(&shown.html, "/join/"), &entrant).await;
    kim.keep_cookie(&came);
    let broken = [
        ("id", CHECK),
        ("guarantee", &guarantee),
        ("verdict", "broken"),
        ("reason", "0"),
        ("found_by", "customer"),
        ("obstacle", "tools"),
    ];
    assert_eq!(browser.post(&format!("/check/{place}"), &field_values(&broken)).await.status, 303);
    RowIds {
        other_place: browser.newest_id("places WHERE name = 'Counter'").await,
        other_site: browser.newest_id("sites WHERE name = 'Abilene'").await,
        kim: browser.newest_id("people WHERE name = 'Kim'").await,
        obstacle: browser.newest_id("obstacles").await,
        recovery: browser.newest_id("recoveries").await,
        guarantee,
        place,
        site,
    }
}

const CHECK: &str = "00000000-0000-0000-0000-000000000001";

/// A form without input says why it changes nothing.
const CONFLICT_TEXT: &str = "It stands otherwise than when you opened this page.";

fn all_forms(has: &RowIds) -> Vec<ReplacingForm> {
    [settings_forms(has), guarantee_forms(has), people_forms(has), answer_forms(has)].into_iter().flatten().collect()
}

fn settings_forms(has: &RowIds) -> Vec<ReplacingForm> {
    let site = format!("/sites/{}", has.site);
    vec![
        ReplacingForm {
            page: "/settings".into(),
            to: "/settings".into(),
            first: with(&settings(), &[("contact_phone", "555 0199")]),
            second: with(&settings(), &[("name", "Prairie Stop East")]),
            stands: "It now says: 555 0199",
            typed: "value=\"Prairie Stop East\"",
            again: true,
        },
        ReplacingForm {
            page: "/settings".into(),
            to: "/settings".into(),
            first: with(&settings(), &[("monday", "08:00-20:00")]),
            second: with(&settings(), &[("monday", "09:00-21:00")]),
            stands: "It now says: 08:00-20:00",
            typed: "value=\"09:00-21:00\"",
            again: true,
        },
        ReplacingForm {
            page: "/settings/second-step".into(),
            to: "/settings/second-step".into(),
            first: field_values(&[("role", "auditor")]),
            second: field_values(&[("role", "manager")]),
            stands: "It now says: Auditor",
            typed: "value=\"manager\" checked",
            again: true,
        },
        ReplacingForm {
            page: site.clone(),
            to: format!("{site}/zone"),
            first: field_values(&[("zone", "America/Denver")]),
            second: field_values(&[("zone", "America/Phoenix")]),
            stands: "It now says: America/Denver",
            typed: "value=\"America/Phoenix\"",
            again: true,
        },
        ReplacingForm {
            page: site,
            to: format!("/places/{}/code", has.place),
            first: Vec::new(),
            second: Vec::new(),
            stands: CONFLICT_TEXT,
            typed: "",
            again: false,
        },
    ]
}

fn every(place: &str) -> FieldValues {
    let hourly = [("rhythm", "every"), ("every", "60"), ("within", "06:00-22:00"), ("days", "monday"), ("grace", "15")];
    field_values(&[&hourly[..], &[("places", place)]].concat())
}

fn guarantee_forms(has: &RowIds) -> Vec<ReplacingForm> {
    let (page, words) = (format!("/guarantees/{}", has.guarantee), wording("Clean restrooms"));
    vec![
        ReplacingForm {
            page: format!("{page}/wording"),
            to: format!("{page}/wording"),
            first: with(&words, &[("remedy", "Two coffees.")]),
            second: with(&words, &[("promise", "Clean, always.")]),
            stands: "It now says: Two coffees.",
            typed: "value=\"Clean, always.\"",
            again: true,
        },
        ReplacingForm {
            page: page.clone(),
            to: format!("{page}/places"),
            first: field_values(&[("places", &has.place), ("places", &has.other_place)]),
            second: field_values(&[("places", &has.other_place)]),
            stands: "Salina · Restroom",
            typed: "checked",
            again: true,
        },
        ReplacingForm {
            page: page.clone(),
            to: format!("{page}/suspend"),
            first: Vec::new(),
            second: Vec::new(),
            stands: CONFLICT_TEXT,
            typed: "",
            again: false,
        },
        ReplacingForm {
            page: format!("{page}/schedule"),
            to: format!("{page}/schedule"),
            first: every(&has.place),
            second: with(&every(&has.place), &[("every", "30")]),
            stands: "It now says: 60",
            typed: "value=\"30\"",
            again: true,
        },
        ReplacingForm {
            page: format!("{page}/photos"),
            to: format!("{page}/photos"),
            first: field_values(&[("photos", "required")]),
            second: field_values(&[("photos", "optional")]),
            stands: "It now says:",
            typed: "value=\"optional\"",
            again: true,
        },
    ]
}

fn people_forms(has: &RowIds) -> Vec<ReplacingForm> {
    vec![
        ReplacingForm {
            page: "/people".into(),
            to: format!("/people/{}/role", has.kim),
            first: field_values(&[("role", "manager")]),
            second: field_values(&[("role", "auditor")]),
            stands: "It now says: Manager",
            typed: "",
            again: true,
        },
        ReplacingForm {
            page: "/people".into(),
            to: format!("/people/{}/reach", has.kim),
            first: field_values(&[("reach", "sites"), ("sites", &has.site)]),
            second: field_values(&[("reach", "sites"), ("sites", &has.other_site)]),
            stands: "It now says: Salina",
            typed: "checked",
            again: true,
        },
    ]
}

fn answer_forms(has: &RowIds) -> Vec<ReplacingForm> {
    let sorry = field_values(&[
        ("owner", ""),
        ("apology", "We are sorry."),
        ("responsibility", "yes"),
        ("repair", "yes"),
        ("customer_name", "Dana"),
        ("next_update_by", "2026-11-02T10:00"),
    ]);
    let (obstacle, correct) = (format!("/obstacles/{}", has.obstacle), format!("/checks/{CHECK}/correct"));
    vec![
        ReplacingForm {
            page: obstacle.clone(),
            to: obstacle,
            first: field_values(&[("decision", "done"), ("words", "Bought a mop.")]),
            second: field_values(&[("decision", "planned"), ("words", "In spring.")]),
            stands: "It now says: Bought a mop.",
            typed: "In spring.",
            again: true,
        },
        ReplacingForm {
            page: format!("/recoveries/{}", has.recovery),
            to: format!("/recoveries/{}/acknowledge", has.recovery),
            second: with(&sorry, &[("apology", "I am sorry myself.")]),
            first: sorry,
            stands: CONFLICT_TEXT,
            typed: "I am sorry myself.",
            again: false,
        },
        ReplacingForm {
            page: correct.clone(),
            to: correct,
            first: field_values(&[("verdict", "kept"), ("why", "Seen wrong.")]),
            second: field_values(&[("verdict", "not_applicable"), ("why", "It was closed."), ("note", "Closed.")]),
            stands: "It now says: kept",
            typed: "It was closed.",
            again: true,
        },
    ]
}

#[tokio::test]
async fn a_conflicting_save_shows_current_values_and_stores_nothing() {
    let first = Browser::with_business().await;
    let count = all_forms(&create_rows(&first).await).len();
    for number in 0..count {
        // Each form has a business of its own, so that they do not affect each other.
        let browser = Browser::with_business().await;
        let ReplacingForm { page, to, first, second, stands, typed, again } =
            all_forms(&create_rows(&browser).await).remove(number);
        let tabs = [browser.get(&page).await, browser.get(&page).await];
        let [one, other] = tabs.map(|tab| revision_in(&tab.html, &to));
        assert_eq!(one, other, "{to}");
        let saved = send(&browser, &to, &first, &one).await;
        assert_eq!(saved.status, 303, "{to}: {}", saved.html);
        let (before, shown) = (browser.row_counts().await, browser.get(&page).await.html);
        let stale = send(&browser, &to, &second, &other).await;
        assert_eq!(stale.status, 409, "{to}: {}", stale.html);
        let words = stale.html.replace("<!>", "").replace("<!---->", "");
        assert!(words.contains(stands), "{to} says {stands:?}: {words}");
        assert!(words.contains(typed), "{to} keeps {typed:?}: {words}");
        assert_eq!(browser.row_counts().await, before, "{to}");
        assert_eq!(
            without_variable_parts(&browser.get(&page).await.html),
            without_variable_parts(&shown),
            "{to}: nothing has changed"
        );
        if again {
            let seen = revision_in(&stale.html, &to);
            assert_ne!(seen, other, "{to}");
            let saved = send(&browser, &to, &second, &seen).await;
            assert_eq!(saved.status, 303, "who has seen it may replace it: {to}: {}", saved.html);
        }
    }
}

/// A page without the parts that differ in every response.
fn without_variable_parts(html: &str) -> String {
    let mut parts = html.split("nonce=\"");
    let first = parts.next().unwrap_or_default();
    parts.filter_map(|part| part.split_once('"')).fold(first.to_owned(), |page, (_, rest)| page + rest)
}

#[tokio::test]
async fn forms_of_different_rows_do_not_conflict() {
    let browser = Browser::with_business().await;
    let forms = all_forms(&create_rows(&browser).await);
    // All forms are opened before any is sent.
    let mut opened = Vec::new();
    for form in &forms {
        let page = browser.get(&form.page).await;
        opened.push(revision_in(&page.html, &form.to));
    }
    let mut sent: Vec<&str> = Vec::new();
    for (form, revision) in forms.iter().zip(&opened) {
        // A suspended guarantee has another form, and a new role has another site access.
        if sent.contains(&form.to.as_str()) || form.to.ends_with("/suspend") || form.to.ends_with("/role") {
            continue;
        }
        let saved = send(&browser, &form.to, &form.first, revision).await;
        assert_eq!(saved.status, 303, "{}: {}", form.to, saved.html);
        sent.push(&form.to);
    }
    assert!(sent.len() >= 10, "{sent:?}");
}

#[tokio::test]
async fn changes_to_different_places_do_not_conflict() {
    let browser = Browser::with_business().await;
    let (guarantee, place) = published_guarantee(&browser).await;
    let site = browser.newest_id("sites").await;
    browser.post("/places", &field_values(&[("site", &site), ("name", "Counter")])).await;
    let counter = browser.newest_id("places WHERE name = 'Counter'").await;
    let both = field_values(&[("places", &place), ("places", &counter)]);
    assert_eq!(browser.post(&format!("/guarantees/{guarantee}/places"), &both).await.status, 303);

    let path = format!("/guarantees/{guarantee}/schedule");
    let revision = revision_in(&browser.get(&path).await.html, &path);
    for place in [&place, &counter] {
        assert_eq!(send(&browser, &path, &every(place), &revision).await.status, 303, "each its own");
    }
    assert_eq!(send(&browser, &path, &every(&place), &revision).await.status, 409, "and each once");

    let (page, to) = (format!("/guarantees/{guarantee}/photos"), format!("/guarantees/{guarantee}/example"));
    let revision = revision_in(&browser.get(&page).await.html, &to);
    let shows = |place: &str| vec![("place", place.to_owned()), ("revision", revision.clone())];
    for place in [&place, &counter] {
        assert_eq!(browser.post_multipart(&to, &shows(place), &picture(1)).await.status, 303, "none was there before");
    }
    let late = browser.post_multipart(&to, &shows(&place), &picture(2)).await;
    assert_eq!(late.status, 409, "{}", late.html);
}

#[tokio::test]
async fn an_invalid_form_keeps_its_old_revision() {
    let browser = Browser::with_business().await;
    let old = revision_in(&browser.get("/settings").await.html, "/settings");
    let saved = send(&browser, "/settings", &with(&settings(), &[("contact_phone", "555 0199")]), &old).await;
    assert_eq!(saved.status, 303, "{}", saved.html);
    let wrong = send(&browser, "/settings", &with(&settings(), &[("name", "")]), &old).await;
    assert_eq!((wrong.status.as_u16(), revision_in(&wrong.html, "/settings")), (422, old.clone()));
    for odd in ["", " ", "0", "ffffffffffffffff", "a:b", &"0".repeat(10_000), "'\"><script>"] {
        let page = send(&browser, "/settings", &settings(), odd).await;
        let expected = if odd.trim().is_empty() { 303 } else { 409 };
        assert_eq!(page.status, expected, "{odd}");
    }
}
