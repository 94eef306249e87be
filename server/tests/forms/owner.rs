//! The forms of the owner: a business, its guarantees, its places and its people.

use domain::actor::{Actor, Principal};
use domain::role::Role;
use domain::text::Line;
use uuid::Uuid;

use crate::bad_values::Field;
use crate::bad_values::FieldType::{Choice, Currency, Days, Email, Hours, Lines, Number, Password, Slug, Zone};
use crate::browser::{Browser, Page, first_business};
use crate::form::{FieldValues, Form, LINE, PROSE, field_values};

pub const WORDING: [Field; 11] = [
    Field("title", LINE, true),
    Field("promise", LINE, true),
    Field("criteria", Lines, true),
    Field("mark", Number(50, 100), true),
    Field("remedy", PROSE, true),
    Field("late_remedy", PROSE, true),
    Field("conditions", PROSE, false),
    Field("how_to_claim", PROSE, true),
    Field("acknowledge_minutes", Number(5, 43_200), true),
    Field("remedy_minutes", Number(5, 43_200), true),
    Field("proof", Number(1, 100), true),
];

pub fn wording(title: &str) -> FieldValues {
    field_values(&[
        ("title", title),
        ("promise", "A clean restroom, whenever you stop."),
        ("criteria", "Floor dry\nPaper there"),
        ("mark", "98"),
        ("remedy", "Your coffee is free."),
        ("late_remedy", "And the next one too."),
        ("conditions", "On any day."),
        ("how_to_claim", "Tell anyone at the counter."),
        ("acknowledge_minutes", "60"),
        ("remedy_minutes", "480"),
        ("proof", "3"),
    ])
}

#[tokio::test]
async fn the_setup_form_refuses_bad_values_and_keeps_input() {
    let browser = Browser::new().await;
    let fields = [
        Field("name", LINE, true),
        Field("slug", Slug, false),
        Field("zone", Zone, true),
        Field("currency", Currency, true),
        Field("language", Choice, true),
        Field("contact_name", LINE, true),
        Field("contact_email", Email, false),
        Field("contact_phone", LINE, false),
        Field("email", Email, true),
        Field("password", Password, true),
    ];
    let (next, tried) =
        Form::new(&browser, "/begin", first_business()).assert_refuses_all(&fields).await.assert_accepted().await;
    assert_eq!(next, "/guarantees");
    assert!(tried > 50, "{tried}");
}

#[tokio::test]
async fn a_password_is_changed_with_the_old_password_or_reset_link() {
    let mut browser = Browser::with_business().await;
    let (old, new) = ("a long enough secret", "seven other quiet apples");
    let change = field_values(&[("current", old), ("password", new)]);
    let (current, password) = (Field("current", Password, true), Field("password", Password, true));
    let form = Form::new(&browser, "/account/password", change.clone()).assert_refuses_all(&[password]).await;
    let form = form.assert_refuses_value(current, "current", "wrong", "not the password").await;
    for (what, common) in
        [("common", "password1234"), ("a row of keys", "qwertyuiopas"), ("their own name", "june hart 1234")]
    {
        Form::new(&browser, "/account/password", change.clone())
            .assert_refuses_value(password, "password", what, common)
            .await;
    }
    let elsewhere = browser.another_browser().signed_in("june@door.example", old).await;
    assert_eq!(elsewhere.get("/account").await.html.matches("/end\"").count(), 1, "two devices, one of them this");
    let page = browser.post("/account/password", &form.good).await;
    assert_eq!(page.status, 303, "{}", page.html);
    assert_eq!(browser.get("/today").await.status, 303, "the token has changed");
    assert_eq!(elsewhere.get("/today").await.location(), "/sign-in?to=%2Ftoday", "elsewhere it has ended");
    browser.keep_cookie(&page);
    assert_eq!(browser.get("/today").await.status, 200);

    let email = domain::person::Email::parse("june@door.example").unwrap();
    let first = browser.store.create_password_reset(&email).await.unwrap().unwrap();
    let reset = browser.store.create_password_reset(&email).await.unwrap().unwrap();
    let stranger = browser.another_browser();
    assert_eq!(stranger.get(&format!("/reset/{}", first.token)).await.status, 404, "a later link ends an earlier one");
    let link = format!("/reset/{}", reset.token);
    let form = Form::new(&stranger, &link, field_values(&[("password", "nine calm orange bridges")]));
    form.assert_refuses_all(&[password]).await.assert_accepted().await;
    assert_eq!(browser.get("/today").await.status, 303, "every session has ended");
    let again = stranger.post(&link, &field_values(&[("password", "eight more orange bridges")])).await;
    assert_eq!(again.status, 409, "{}", again.html);
    browser.another_browser().signed_in("june@door.example", "nine calm orange bridges").await;
    let late = browser.store.create_password_reset(&email).await.unwrap().unwrap();
    browser.advance(chrono::TimeDelta::hours(24));
    let late = stranger
        .post(&format!("/reset/{}", late.token), &field_values(&[("password", "ten more orange bridges")]))
        .await;
    assert_eq!(late.status, 409, "{}", late.html);
}

#[tokio::test]
async fn the_owner_forms_refuse_bad_values_and_keep_input() {
    let browser = Browser::with_business().await;
    let unknown = Uuid::from_u128(77).to_string();
    let foreign = foreign_place(&browser).await;

    let problem = field_values(&[("words", "I dread stopping."), ("for_whom", "Families"), ("not_for_whom", "Trucks")]);
    let fields = [Field("words", PROSE, true), Field("for_whom", LINE, true), Field("not_for_whom", LINE, false)];
    Form::new(&browser, "/problems/new", problem).assert_refuses_all(&fields).await.assert_accepted().await;

    let name = Field("name", LINE, true);
    let mut site = Form::new(&browser, "/sites", field_values(&[("name", "Salina")]));
    for (what, value) in name.bad_values() {
        site.assert_refuses(name, "site-name", what, &value).await;
    }
    site.assert_accepted().await;
    let again = Form::new(&browser, "/sites", field_values(&[("name", "Abilene")]));
    again.assert_refuses_value(name, "site-name", "taken", "Salina").await;

    let site = browser.newest_id("sites WHERE name = 'Salina'").await;
    let place = field_values(&[("site", &site), ("name", "Restroom")]);
    let theirs = Field("site", Choice, true);
    let form = Form::new(&browser, "/places", place.clone()).assert_refuses_all(&[theirs, name]).await;
    form.assert_refuses_value(theirs, "site", "unknown id", &unknown).await.assert_accepted().await;
    Form::new(&browser, "/places", place).assert_refuses_value(name, "name", "taken", "Restroom").await;
    let place = browser.newest_id("places WHERE name = 'Restroom'").await;

    let mut promised = wording("Clean restrooms");
    promised.extend(field_values(&[("places", &place), ("slug", "clean-restrooms")]));
    let path = format!("/guarantees/new?problem={}", browser.newest_id("problems").await);
    let (slug, places) = (Field("slug", Slug, false), Field("places", Choice, false));
    let form = Form::new(&browser, &path, promised.clone()).assert_refuses_all(&WORDING).await;
    let form = form
        .assert_refuses_all(&[slug, places])
        .await
        .assert_refuses_value(places, "places", "unknown id", &unknown)
        .await;
    let (made, tried) =
        form.assert_refuses_value(places, "places", "another's place", &foreign).await.assert_accepted().await;
    assert!(tried > 80, "{tried}");
    Form::new(&browser, &path, promised).assert_refuses_value(slug, "slug", "taken", "clean-restrooms").await;

    Form::new(&browser, format!("{made}/wording"), wording("Cleaner restrooms"))
        .assert_refuses_all(&WORDING)
        .await
        .assert_accepted()
        .await;
    let form = Form::new(&browser, format!("{made}/places"), field_values(&[("places", &place)]));
    let form = form.assert_refuses_value(places, "places", "unknown id", &unknown).await;
    form.assert_refuses_value(places, "places", "another's place", &foreign).await.assert_accepted().await;

    let invite = field_values(&[("name", "Sam, night shift"), ("role", "staff")]);
    let form = Form::new(&browser, "/invites", invite).assert_refuses_all(&[name, Field("role", Choice, true)]).await;
    let shown = browser.post_and_follow("/invites", &form.good).await;
    join_by_invitation(&browser, private_link(&shown.html, "/join/")).await;

    let mut business = field_values(&[("monday", "6:00-22:00"), ("holidays", "2026-12-25"), ("forget_after", "12")]);
    let asked = ["slug", "email", "password"];
    business.extend(first_business().into_iter().filter(|(name, _)| !asked.contains(name)));
    let fields = [
        name,
        Field("zone", Zone, true),
        Field("currency", Currency, true),
        Field("language", Choice, true),
        Field("contact_name", LINE, true),
        Field("contact_email", Email, false),
        Field("contact_phone", LINE, false),
        Field("monday", Hours, false),
        Field("holidays", Days, false),
        Field("forget_after", Number(1, 120), true),
    ];
    Form::new(&browser, "/settings", business).assert_refuses_all(&fields).await.assert_accepted().await;
}

/// Joins by an invitation, in a browser without a session.
async fn join_by_invitation(browser: &Browser, link: String) {
    let phone = browser.another_browser();
    let entrant = field_values(&[("name", "Sam"), ("email", "sam@door.example"), ("password", "another long secret")]);
    let email = Field("email", Email, true);
    let fields = [Field("name", LINE, true), email, Field("password", Password, true)];
    let form = Form::new(&phone, &link, entrant).assert_refuses_all(&fields).await;
    let junes = field_values(&[("name", "Sam"), ("email", "june@door.example"), ("password", "another long secret")]);
    let refused = phone.post(&link, &junes).await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    assert!(refused.html.contains("id=\"password-fault\"") && !refused.html.contains("another long secret"));
    form.assert_accepted().await;
    let again = phone.post(&link, &[]).await;
    assert!(again.status == 409 || again.status == 422, "{}", again.html);
    for wrong in ["/join", "/join/0", &format!("{link}0"), &link[..link.len() - 1]] {
        assert_eq!(phone.get(wrong).await.status, 404, "{wrong}");
    }
}

/// A private link in a page.
pub fn private_link(html: &str, path: &str) -> String {
    let link = html.split("https://trialmark.example").find(|part| part.starts_with(path)).unwrap();
    link.chars().take_while(|c| !matches!(c, '<' | '"' | ' ')).collect()
}

/// A published guarantee and its place.
pub async fn published_guarantee(browser: &Browser) -> (String, String) {
    let done = |page: Page| assert_eq!(page.status, 303, "{}", page.html);
    done(
        browser.post("/problems/new", &field_values(&[("words", "I dread stopping."), ("for_whom", "Families")])).await,
    );
    done(browser.post("/sites", &field_values(&[("name", "Salina")])).await);
    let site = browser.newest_id("sites").await;
    done(browser.post("/places", &field_values(&[("site", &site), ("name", "Restroom")])).await);
    let place = browser.newest_id("places").await;
    let mut promised = wording("Clean restrooms");
    promised.extend(field_values(&[("places", &place)]));
    let path = format!("/guarantees/new?problem={}", browser.newest_id("problems").await);
    done(browser.post(&path, &promised).await);
    let guarantee = browser.newest_id("guarantees").await;
    done(browser.post(&format!("/guarantees/{guarantee}/publish"), &[]).await);
    (guarantee, place)
}

pub async fn foreign_place(browser: &Browser) -> String {
    let other = Actor::new(browser.add_second_business().await, Principal::System, Role::Owner);
    let line = |text| Line::parse(text).unwrap();
    let site = browser.store.add_site(&other, &line("Elsewhere")).await.unwrap();
    browser.store.add_place(&other, site, &line("Counter")).await.unwrap().to_string()
}
