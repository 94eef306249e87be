//! Two who change the same thing at once: the later one hears what stands by now, and nothing is overwritten.

use crate::browser::{Browser, Page};
use crate::form::{Filled, filled};
use crate::owner::{link, published, wording};
use crate::picture::picture;

/// One form that replaces something.
struct Replaces {
    /// Where the form stands.
    page: String,
    /// Where it is sent to.
    to: String,
    /// What the first says in it, and what the second.
    first: Filled,
    second: Filled,
    /// What the second reads: what stands by now.
    stands: &'static str,
    /// What the second finds in the form again.
    typed: &'static str,
    /// Whether the second may replace it after all, having seen it.
    again: bool,
}

/// The revision that the form at an address carries on a page.
fn carried(html: &str, to: &str) -> String {
    let form =
        html.split("<form").find(|form| form.split('>').next().unwrap_or_default().contains(&format!("\"{to}\"")));
    let form = form.unwrap_or_else(|| panic!("no form for {to}: {html}"));
    let field = "<input type=\"hidden\" name=\"revision\" value=\"";
    let carried = form.split("</form>").next().unwrap().split(field).nth(1).and_then(|rest| rest.split('"').next());
    carried.unwrap_or_else(|| panic!("no revision in the form for {to}: {form}")).to_owned()
}

async fn send(browser: &Browser, to: &str, fields: &Filled, revision: &str) -> Page {
    let mut sent = fields.clone();
    sent.push(("revision", revision.to_owned()));
    browser.post(to, &sent).await
}

fn with(fields: &Filled, changes: &[(&'static str, &str)]) -> Filled {
    let kept = fields.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).cloned();
    kept.chain(filled(changes)).collect()
}

fn settings() -> Filled {
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
    filled(&[&business[..], &hours[..]].concat())
}

/// What there is to be replaced, by its id.
struct Has {
    guarantee: String,
    place: String,
    other_place: String,
    site: String,
    other_site: String,
    kim: String,
    obstacle: String,
    recovery: String,
}

/// A business with one of everything that can be replaced.
async fn furnished(browser: &Browser) -> Has {
    let (guarantee, place) = published(browser).await;
    let site = browser.newest("sites").await;
    for (path, fields) in
        [("/sites", vec![("name", "Abilene")]), ("/places", vec![("site", site.as_str()), ("name", "Counter")])]
    {
        assert_eq!(browser.post(path, &filled(&fields)).await.status, 303);
    }
    let mut kim = browser.another();
    let shown = browser.shown("/invites", &filled(&[("name", "Kim"), ("role", "staff")])).await;
    let entrant = filled(&[("name", "Kim"), ("email", "kim@door.example"), ("password", "another long secret")]);
    let came = kim.post(&link(&shown.html, "/join/"), &entrant).await;
    kim.keep(&came);
    let broken = [
        ("id", CHECK),
        ("guarantee", &guarantee),
        ("verdict", "broken"),
        ("reason", "0"),
        ("found_by", "customer"),
        ("obstacle", "tools"),
    ];
    assert_eq!(browser.post(&format!("/check/{place}"), &filled(&broken)).await.status, 303);
    Has {
        other_place: browser.newest("places WHERE name = 'Counter'").await,
        other_site: browser.newest("sites WHERE name = 'Abilene'").await,
        kim: browser.newest("people WHERE name = 'Kim'").await,
        obstacle: browser.newest("obstacles").await,
        recovery: browser.newest("recoveries").await,
        guarantee,
        place,
        site,
    }
}

const CHECK: &str = "00000000-0000-0000-0000-000000000001";

/// Where nothing is typed, it is said why nothing happens.
const OTHERWISE: &str = "It stands otherwise than when you opened this page.";

fn every_form(has: &Has) -> Vec<Replaces> {
    [settings_forms(has), guarantee_forms(has), people_forms(has), answers(has)].into_iter().flatten().collect()
}

fn settings_forms(has: &Has) -> Vec<Replaces> {
    let site = format!("/sites/{}", has.site);
    vec![
        Replaces {
            page: "/settings".into(),
            to: "/settings".into(),
            first: with(&settings(), &[("contact_phone", "555 0199")]),
            second: with(&settings(), &[("name", "Prairie Stop East")]),
            stands: "It now says: 555 0199",
            typed: "value=\"Prairie Stop East\"",
            again: true,
        },
        Replaces {
            page: "/settings".into(),
            to: "/settings".into(),
            first: with(&settings(), &[("monday", "08:00-20:00")]),
            second: with(&settings(), &[("monday", "09:00-21:00")]),
            stands: "It now says: 08:00-20:00",
            typed: "value=\"09:00-21:00\"",
            again: true,
        },
        Replaces {
            page: "/settings/second-step".into(),
            to: "/settings/second-step".into(),
            first: filled(&[("role", "auditor")]),
            second: filled(&[("role", "manager")]),
            stands: "It now says: Auditor",
            typed: "value=\"manager\" checked",
            again: true,
        },
        Replaces {
            page: site.clone(),
            to: format!("{site}/zone"),
            first: filled(&[("zone", "America/Denver")]),
            second: filled(&[("zone", "America/Phoenix")]),
            stands: "It now says: America/Denver",
            typed: "value=\"America/Phoenix\"",
            again: true,
        },
        Replaces {
            page: site,
            to: format!("/places/{}/code", has.place),
            first: Vec::new(),
            second: Vec::new(),
            stands: OTHERWISE,
            typed: "",
            again: false,
        },
    ]
}

fn every(place: &str) -> Filled {
    let hourly = [("rhythm", "every"), ("every", "60"), ("within", "06:00-22:00"), ("days", "monday"), ("grace", "15")];
    filled(&[&hourly[..], &[("places", place)]].concat())
}

fn guarantee_forms(has: &Has) -> Vec<Replaces> {
    let (page, words) = (format!("/guarantees/{}", has.guarantee), wording("Clean restrooms"));
    vec![
        Replaces {
            page: format!("{page}/wording"),
            to: format!("{page}/wording"),
            first: with(&words, &[("remedy", "Two coffees.")]),
            second: with(&words, &[("promise", "Clean, always.")]),
            stands: "It now says: Two coffees.",
            typed: "value=\"Clean, always.\"",
            again: true,
        },
        Replaces {
            page: page.clone(),
            to: format!("{page}/places"),
            first: filled(&[("places", &has.place), ("places", &has.other_place)]),
            second: filled(&[("places", &has.other_place)]),
            stands: "Salina · Restroom",
            typed: "checked",
            again: true,
        },
        Replaces {
            page: page.clone(),
            to: format!("{page}/suspend"),
            first: Vec::new(),
            second: Vec::new(),
            stands: OTHERWISE,
            typed: "",
            again: false,
        },
        Replaces {
            page: format!("{page}/schedule"),
            to: format!("{page}/schedule"),
            first: every(&has.place),
            second: with(&every(&has.place), &[("every", "30")]),
            stands: "It now says: 60",
            typed: "value=\"30\"",
            again: true,
        },
        Replaces {
            page: format!("{page}/photos"),
            to: format!("{page}/photos"),
            first: filled(&[("photos", "required")]),
            second: filled(&[("photos", "optional")]),
            stands: "It now says:",
            typed: "value=\"optional\"",
            again: true,
        },
    ]
}

fn people_forms(has: &Has) -> Vec<Replaces> {
    vec![
        Replaces {
            page: "/people".into(),
            to: format!("/people/{}/role", has.kim),
            first: filled(&[("role", "manager")]),
            second: filled(&[("role", "auditor")]),
            stands: "It now says: Manager",
            typed: "",
            again: true,
        },
        Replaces {
            page: "/people".into(),
            to: format!("/people/{}/reach", has.kim),
            first: filled(&[("reach", "sites"), ("sites", &has.site)]),
            second: filled(&[("reach", "sites"), ("sites", &has.other_site)]),
            stands: "It now says: Salina",
            typed: "checked",
            again: true,
        },
    ]
}

fn answers(has: &Has) -> Vec<Replaces> {
    let sorry = filled(&[
        ("owner", ""),
        ("apology", "We are sorry."),
        ("responsibility", "yes"),
        ("repair", "yes"),
        ("customer_name", "Dana"),
        ("next_update_by", "2026-11-02T10:00"),
    ]);
    let (obstacle, correct) = (format!("/obstacles/{}", has.obstacle), format!("/checks/{CHECK}/correct"));
    vec![
        Replaces {
            page: obstacle.clone(),
            to: obstacle,
            first: filled(&[("decision", "done"), ("words", "Bought a mop.")]),
            second: filled(&[("decision", "planned"), ("words", "In spring.")]),
            stands: "It now says: Bought a mop.",
            typed: "In spring.",
            again: true,
        },
        Replaces {
            page: format!("/recoveries/{}", has.recovery),
            to: format!("/recoveries/{}/acknowledge", has.recovery),
            second: with(&sorry, &[("apology", "I am sorry myself.")]),
            first: sorry,
            stands: OTHERWISE,
            typed: "I am sorry myself.",
            again: false,
        },
        Replaces {
            page: correct.clone(),
            to: correct,
            first: filled(&[("verdict", "kept"), ("why", "Seen wrong.")]),
            second: filled(&[("verdict", "not_applicable"), ("why", "It was closed."), ("note", "Closed.")]),
            stands: "It now says: kept",
            typed: "It was closed.",
            again: true,
        },
    ]
}

#[tokio::test]
async fn whoever_saves_later_reads_what_stands_and_overwrites_nothing() {
    let first = Browser::begun().await;
    let count = every_form(&furnished(&first).await).len();
    for number in 0..count {
        // Each in a business of its own: what one form has replaced is not in the way of the next.
        let browser = Browser::begun().await;
        let Replaces { page, to, first, second, stands, typed, again } =
            every_form(&furnished(&browser).await).remove(number);
        let tabs = [browser.get(&page).await, browser.get(&page).await];
        let [one, other] = tabs.map(|tab| carried(&tab.html, &to));
        assert_eq!(one, other, "{to}");
        let saved = send(&browser, &to, &first, &one).await;
        assert_eq!(saved.status, 303, "{to}: {}", saved.html);
        let (before, shown) = (browser.counted().await, browser.get(&page).await.html);
        let stale = send(&browser, &to, &second, &other).await;
        assert_eq!(stale.status, 409, "{to}: {}", stale.html);
        let words = stale.html.replace("<!>", "").replace("<!---->", "");
        assert!(words.contains(stands), "{to} says {stands:?}: {words}");
        assert!(words.contains(typed), "{to} keeps {typed:?}: {words}");
        assert_eq!(browser.counted().await, before, "{to}");
        assert_eq!(steady(&browser.get(&page).await.html), steady(&shown), "{to}: nothing has changed");
        if again {
            let seen = carried(&stale.html, &to);
            assert_ne!(seen, other, "{to}");
            let saved = send(&browser, &to, &second, &seen).await;
            assert_eq!(saved.status, 303, "who has seen it may replace it: {to}: {}", saved.html);
        }
    }
}

/// A page without what differs each time it is asked for.
fn steady(html: &str) -> String {
    let mut parts = html.split("nonce=\"");
    let first = parts.next().unwrap_or_default();
    parts.filter_map(|part| part.split_once('"')).fold(first.to_owned(), |page, (_, rest)| page + rest)
}

#[tokio::test]
async fn forms_of_different_rows_are_not_in_each_others_way() {
    let browser = Browser::begun().await;
    let forms = every_form(&furnished(&browser).await);
    // One of each address, all opened before any is sent.
    let mut opened = Vec::new();
    for form in &forms {
        let page = browser.get(&form.page).await;
        opened.push(carried(&page.html, &form.to));
    }
    let mut sent: Vec<&str> = Vec::new();
    for (form, revision) in forms.iter().zip(&opened) {
        // A guarantee that is suspended is another one; whoever is of another role reaches anew.
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
async fn a_place_keeps_its_schedule_and_its_picture_while_another_gets_one() {
    let browser = Browser::begun().await;
    let (guarantee, place) = published(&browser).await;
    let site = browser.newest("sites").await;
    browser.post("/places", &filled(&[("site", &site), ("name", "Counter")])).await;
    let counter = browser.newest("places WHERE name = 'Counter'").await;
    let both = filled(&[("places", &place), ("places", &counter)]);
    assert_eq!(browser.post(&format!("/guarantees/{guarantee}/places"), &both).await.status, 303);

    let path = format!("/guarantees/{guarantee}/schedule");
    let revision = carried(&browser.get(&path).await.html, &path);
    for place in [&place, &counter] {
        assert_eq!(send(&browser, &path, &every(place), &revision).await.status, 303, "each its own");
    }
    assert_eq!(send(&browser, &path, &every(&place), &revision).await.status, 409, "and each once");

    let (page, to) = (format!("/guarantees/{guarantee}/photos"), format!("/guarantees/{guarantee}/example"));
    let revision = carried(&browser.get(&page).await.html, &to);
    let shows = |place: &str| vec![("place", place.to_owned()), ("revision", revision.clone())];
    for place in [&place, &counter] {
        assert_eq!(browser.post_with(&to, &shows(place), &picture(1)).await.status, 303, "none was there before");
    }
    let late = browser.post_with(&to, &shows(&place), &picture(2)).await;
    assert_eq!(late.status, 409, "{}", late.html);
}

#[tokio::test]
async fn what_is_wrong_in_a_form_does_not_make_it_newer() {
    let browser = Browser::begun().await;
    let old = carried(&browser.get("/settings").await.html, "/settings");
    let saved = send(&browser, "/settings", &with(&settings(), &[("contact_phone", "555 0199")]), &old).await;
    assert_eq!(saved.status, 303, "{}", saved.html);
    let wrong = send(&browser, "/settings", &with(&settings(), &[("name", "")]), &old).await;
    assert_eq!((wrong.status.as_u16(), carried(&wrong.html, "/settings")), (422, old.clone()));
    for odd in ["", " ", "0", "ffffffffffffffff", "a:b", &"0".repeat(10_000), "'\"><script>"] {
        let page = send(&browser, "/settings", &settings(), odd).await;
        let expected = if odd.trim().is_empty() { 303 } else { 409 };
        assert_eq!(page.status, expected, "{odd}");
    }
}
