//! The forms that choose the site access of members, invitations and tokens.

use domain::ids::SiteId;
use domain::site_access::SiteAccess;
use uuid::Uuid;

use crate::bad_values::Field;
use crate::bad_values::FieldType::Choice;
use crate::browser::Browser;
use crate::form::{Form, field_values};
use crate::owner::{foreign_place, private_link};

/// A business with two sites.
async fn two_sites() -> (Browser, [String; 2]) {
    let browser = Browser::with_business().await;
    let mut sites = Vec::new();
    for name in ["Abilene", "Salina"] {
        assert_eq!(browser.post("/sites", &field_values(&[("name", name)])).await.status, 303);
        sites.push(browser.newest_id(&format!("sites WHERE name = '{name}'")).await);
    }
    (browser, sites.try_into().unwrap())
}

/// Joins by an invitation, in a browser of their own.
pub async fn join_as(browser: &Browser, name: &str, invite: &[(&'static str, &str)]) -> (Browser, String) {
    let mut asked = field_values(invite);
    asked.extend(field_values(&[("name", name)]));
    let shown = browser.post_and_follow("/invites", &asked).await;
    let (mut other, email) = (browser.another_browser(), format!("{}@door.example", name.to_lowercase()));
    let entrant = field_values(&[("name", name), ("email", &email), ("password", "another long secret")]);
    let page = other.post(&private_link(&shown.html, "/join/"), &entrant).await;
    assert_eq!(page.status, 303, "{}", page.html);
    other.keep_cookie(&page);
    (other, browser.newest_id(&format!("people WHERE email = '{email}'")).await)
}

async fn foreign_site(browser: &Browser) -> String {
    foreign_place(browser).await;
    browser.newest_id("sites WHERE name = 'Elsewhere'").await
}

#[tokio::test]
async fn an_invitation_gives_its_site_access_and_refuses_bad_values() {
    let (browser, [abilene, salina]) = two_sites().await;
    let (unknown, foreign) = (Uuid::from_u128(77).to_string(), foreign_site(&browser).await);
    let (reach, sites) = (Field("reach", Choice, false), Field("sites", Choice, false));
    let good = field_values(&[("name", "Kim"), ("role", "staff"), ("reach", "sites"), ("sites", &salina)]);
    let form = Form::new(&browser, "/invites", good.clone()).assert_refuses_all(&[reach, sites]).await;
    let form = form.assert_refuses_value(sites, "sites", "unknown id", &unknown).await;
    form.assert_refuses_value(sites, "sites", "another's site", &foreign).await;

    let none = field_values(&[("name", "Kim"), ("role", "staff"), ("reach", "sites")]);
    let page = browser.post("/invites", &none).await;
    assert!(page.status == 422 && page.html.contains("sites-fault") && page.html.contains("value=\"Kim\""));
    let mut both = good.clone();
    both.extend(field_values(&[("sites", &unknown)]));
    let page = browser.post("/invites", &both).await;
    assert!(page.status == 422 && is_ticked(&page.html, &salina) && !is_ticked(&page.html, &abilene), "{}", page.html);
    let owner = field_values(&[("name", "Kim"), ("role", "owner"), ("reach", "sites"), ("sites", &salina)]);
    let page = browser.post("/invites", &owner).await;
    assert_eq!(page.status, 422);
    assert!(page.html.contains("id=\"reach-fault\"") && page.html.contains("Owners and auditors reach every site"));
    assert!(is_ticked(&page.html, &salina), "{}", page.html);

    let (kim, _) = join_as(&browser, "Kim", &[("role", "staff"), ("reach", "sites"), ("sites", &salina)]).await;
    let places = kim.get("/places").await.html;
    assert!(places.contains("Salina") && !places.contains("Abilene"), "{places}");
    let people = browser.get("/people").await.html;
    assert!(people.contains("<small>Salina · kim@door.example</small>"), "{people}");
}

fn is_ticked(html: &str, site: &str) -> bool {
    html.split("<input").any(|input| {
        let input = input.split('>').next().unwrap();
        input.contains("checkbox") && input.contains(site) && input.contains(" checked")
    })
}

#[tokio::test]
async fn sites_can_be_chosen_only_if_there_are_several() {
    let browser = Browser::with_business().await;
    let offered = async || browser.get("/people").await.html.contains("name=\"sites\"");
    assert!(!offered().await);
    for (name, many) in [("Salina", false), ("Abilene", true)] {
        assert_eq!(browser.post("/sites", &field_values(&[("name", name)])).await.status, 303);
        assert_eq!(offered().await, many, "{name}");
    }
}

#[tokio::test]
async fn the_site_access_of_a_member_can_be_changed() {
    let (browser, [abilene, salina]) = two_sites().await;
    let (unknown, foreign) = (Uuid::from_u128(77).to_string(), foreign_site(&browser).await);
    let (sam, person) = join_as(&browser, "Sam", &[("role", "staff")]).await;
    let (_, ada) = join_as(&browser, "Ada", &[("role", "auditor")]).await;
    let (path, at) = (format!("/people/{person}/reach"), |field: &str| format!("{field}-{person}"));
    let (reach, sites) = (Field("reach", Choice, false), Field("sites", Choice, false));
    let mut form = Form::new(&browser, &path, field_values(&[("reach", "sites"), ("sites", &salina)]));
    for (what, value) in reach.bad_values() {
        form.assert_refuses(reach, &at("reach"), what, &value).await;
    }
    for (what, value) in sites.bad_values() {
        form.assert_refuses(sites, &at("sites"), what, &value).await;
    }
    let form = form.assert_refuses_value(sites, &at("sites"), "unknown id", &unknown).await;
    let form = form.assert_refuses_value(sites, &at("sites"), "another's site", &foreign).await;
    let page = browser.post(&path, &field_values(&[("reach", "sites")])).await;
    assert!(page.status == 422 && page.html.contains(&format!("id=\"{}-fault\"", at("sites"))), "{}", page.html);
    assert!(page.html.contains("<details open>"), "the form that came back is in sight: {}", page.html);

    assert!(sam.get("/places").await.html.contains("Abilene"));
    assert_eq!(form.assert_accepted().await.0, "/people");
    assert!(!sam.get("/places").await.html.contains("Abilene"), "at once");
    let again = browser.post(&path, &field_values(&[("reach", "sites"), ("sites", &salina)])).await;
    assert!(again.status == 409 && again.html.contains("It is so already"), "{}", again.html);
    let auditor = browser.post(&format!("/people/{ada}/reach"), &field_values(&[("sites", &salina)])).await;
    assert_eq!(auditor.status, 422, "{}", auditor.html);
    assert_eq!(browser.post("/people/nobody/reach", &[]).await.status, 404);
    let nobody = format!("/people/{unknown}/reach");
    assert_eq!(browser.post(&nobody, &field_values(&[("sites", &abilene)])).await.status, 404);
    assert_eq!(browser.post(&path, &field_values(&[("reach", "everywhere")])).await.status, 303);
    assert_eq!(sam.get("/places").await.status, 303, "who reaches further signs in anew");
}

#[tokio::test]
async fn a_site_limited_manager_can_invite_only_to_their_sites() {
    let (browser, [abilene, salina]) = two_sites().await;
    let site_limited = [("role", "manager"), ("reach", "sites"), ("sites", salina.as_str())];
    let (mo, _) = join_as(&browser, "Mo", &site_limited).await;
    let (_, sam) = join_as(&browser, "Sam", &[("role", "staff")]).await;
    let people = mo.get("/people").await.html;
    assert!(people.contains("type=\"hidden\" name=\"reach\" value=\"sites\""), "{people}");
    assert!(!people.contains("value=\"everywhere\"") && !people.contains(&abilene), "{people}");
    assert!(is_ticked(&people, &salina), "the one there is to give");
    assert!(
        people.contains("Sam") && !people.contains(&format!("/people/{sam}/")),
        "a colleague, not theirs to change"
    );

    let sites = Field("sites", Choice, false);
    let good = field_values(&[("name", "Kim"), ("role", "staff"), ("reach", "sites"), ("sites", &salina)]);
    let form = Form::new(&mo, "/invites", good.clone());
    let form = form.assert_refuses_value(sites, "sites", "beyond them", &abilene).await;
    let beyond = mo.post("/invites", &form.with("reach", "everywhere")).await;
    assert!(beyond.status == 409 && beyond.html.contains("reaches further than you do"), "{}", beyond.html);
    let (_, kim) = join_as(&mo, "Kim", &[("role", "staff"), ("reach", "sites"), ("sites", &salina)]).await;
    let id: Uuid = kim.parse().unwrap();
    let actor = browser.store.begin_session(id.into(), &"".into()).await.unwrap().unwrap();
    let actor = browser.store.session_user(&actor.token).await.unwrap().unwrap().actor;
    assert_eq!(actor.site_access, SiteAccess::sites([SiteId(salina.parse().unwrap())]));
    assert!(mo.get("/people").await.html.contains(&format!("/people/{kim}/role")));
    let refused = mo.post(&format!("/people/{sam}/remove"), &[]).await;
    assert!(refused.status == 409 && refused.html.contains("reaches further than you do"), "{}", refused.html);

    let place = |site: &str| field_values(&[("site", site), ("name", "Counter")]);
    let site = Field("site", Choice, true);
    let form =
        Form::new(&mo, "/places", place(&salina)).assert_refuses_value(site, "site", "beyond them", &abilene).await;
    form.assert_accepted().await;
    assert_eq!(mo.post("/sites", &field_values(&[("name", "Odessa")])).await.status, 403);
}

#[tokio::test]
async fn a_token_can_be_limited_to_sites() {
    let (browser, [_, salina]) = two_sites().await;
    let (unknown, foreign) = (Uuid::from_u128(77).to_string(), foreign_site(&browser).await);
    let (reach, sites) = (Field("reach", Choice, false), Field("sites", Choice, false));
    let good = [("name", "Till"), ("role", "staff"), ("reach", "sites"), ("sites", salina.as_str()), ("lasts", "90")];
    let form = Form::new(&browser, "/tokens", field_values(&good)).assert_refuses_all(&[reach, sites]).await;
    let form = form.assert_refuses_value(sites, "sites", "unknown id", &unknown).await;
    let form = form.assert_refuses_value(sites, "sites", "another's site", &foreign).await;
    let auditor = browser.post("/tokens", &form.with("role", "auditor")).await;
    assert!(auditor.status == 422 && auditor.html.contains("id=\"reach-fault\""), "{}", auditor.html);
    form.assert_accepted().await;
    assert!(browser.get("/tokens").await.html.contains("Staff · Salina"));
}
