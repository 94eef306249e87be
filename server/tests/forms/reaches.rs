//! Where someone works: the choice is offered where there is one, says what is wrong beside it, and keeps what was chosen.

use domain::actor::Reach;
use domain::ids::SiteId;
use uuid::Uuid;

use crate::bad::Field;
use crate::bad::Kind::Choice;
use crate::browser::Browser;
use crate::form::{Form, filled};
use crate::owner::{foreign_place, link};

/// A business with two sites.
async fn two_sites() -> (Browser, [String; 2]) {
    let browser = Browser::begun().await;
    let mut sites = Vec::new();
    for name in ["Abilene", "Salina"] {
        assert_eq!(browser.post("/sites", &filled(&[("name", name)])).await.status, 303);
        sites.push(browser.newest(&format!("sites WHERE name = '{name}'")).await);
    }
    (browser, sites.try_into().unwrap())
}

/// Someone who comes in by an invitation, in a browser of their own.
pub async fn comes_in(browser: &Browser, name: &str, invite: &[(&'static str, &str)]) -> (Browser, String) {
    let mut asked = filled(invite);
    asked.extend(filled(&[("name", name)]));
    let shown = browser.shown("/invites", &asked).await;
    let (mut other, email) = (browser.another(), format!("{}@door.example", name.to_lowercase()));
    let entrant = filled(&[("name", name), ("email", &email), ("password", "another long secret")]);
    let page = other.post(&link(&shown.html, "/join/"), &entrant).await;
    assert_eq!(page.status, 303, "{}", page.html);
    other.keep(&page);
    (other, browser.newest(&format!("people WHERE email = '{email}'")).await)
}

async fn foreign_site(browser: &Browser) -> String {
    foreign_place(browser).await;
    browser.newest("sites WHERE name = 'Elsewhere'").await
}

#[tokio::test]
async fn an_invitation_says_where_and_refuses_what_is_bad() {
    let (browser, [abilene, salina]) = two_sites().await;
    let (unknown, foreign) = (Uuid::from_u128(77).to_string(), foreign_site(&browser).await);
    let (reach, sites) = (Field("reach", Choice, false), Field("sites", Choice, false));
    let good = filled(&[("name", "Kim"), ("role", "staff"), ("reach", "sites"), ("sites", &salina)]);
    let form = Form::new(&browser, "/invites", good.clone()).refuses_all(&[reach, sites]).await;
    let form = form.refuses_this(sites, "sites", "unknown id", &unknown).await;
    form.refuses_this(sites, "sites", "another's site", &foreign).await;

    let none = filled(&[("name", "Kim"), ("role", "staff"), ("reach", "sites")]);
    let page = browser.post("/invites", &none).await;
    assert!(page.status == 422 && page.html.contains("sites-fault") && page.html.contains("value=\"Kim\""));
    let mut both = good.clone();
    both.extend(filled(&[("sites", &unknown)]));
    let page = browser.post("/invites", &both).await;
    assert!(page.status == 422 && is_ticked(&page.html, &salina) && !is_ticked(&page.html, &abilene), "{}", page.html);
    let owner = filled(&[("name", "Kim"), ("role", "owner"), ("reach", "sites"), ("sites", &salina)]);
    let page = browser.post("/invites", &owner).await;
    assert_eq!(page.status, 422);
    assert!(page.html.contains("id=\"reach-fault\"") && page.html.contains("Owners and auditors reach every site"));
    assert!(is_ticked(&page.html, &salina), "{}", page.html);

    let (kim, _) = comes_in(&browser, "Kim", &[("role", "staff"), ("reach", "sites"), ("sites", &salina)]).await;
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
async fn with_one_site_there_is_nothing_to_choose() {
    let browser = Browser::begun().await;
    let offered = async || browser.get("/people").await.html.contains("name=\"sites\"");
    assert!(!offered().await);
    for (name, many) in [("Salina", false), ("Abilene", true)] {
        assert_eq!(browser.post("/sites", &filled(&[("name", name)])).await.status, 303);
        assert_eq!(offered().await, many, "{name}");
    }
}

#[tokio::test]
async fn where_someone_works_is_changed_beside_their_name() {
    let (browser, [abilene, salina]) = two_sites().await;
    let (unknown, foreign) = (Uuid::from_u128(77).to_string(), foreign_site(&browser).await);
    let (sam, person) = comes_in(&browser, "Sam", &[("role", "staff")]).await;
    let (_, ada) = comes_in(&browser, "Ada", &[("role", "auditor")]).await;
    let (path, at) = (format!("/people/{person}/reach"), |field: &str| format!("{field}-{person}"));
    let (reach, sites) = (Field("reach", Choice, false), Field("sites", Choice, false));
    let mut form = Form::new(&browser, &path, filled(&[("reach", "sites"), ("sites", &salina)]));
    for (what, value) in reach.bad() {
        form.refuses(reach, &at("reach"), what, &value).await;
    }
    for (what, value) in sites.bad() {
        form.refuses(sites, &at("sites"), what, &value).await;
    }
    let form = form.refuses_this(sites, &at("sites"), "unknown id", &unknown).await;
    let form = form.refuses_this(sites, &at("sites"), "another's site", &foreign).await;
    let page = browser.post(&path, &filled(&[("reach", "sites")])).await;
    assert!(page.status == 422 && page.html.contains(&format!("id=\"{}-fault\"", at("sites"))), "{}", page.html);
    assert!(page.html.contains("<details open>"), "the form that came back is in sight: {}", page.html);

    assert!(sam.get("/places").await.html.contains("Abilene"));
    assert_eq!(form.takes().await.0, "/people");
    assert!(!sam.get("/places").await.html.contains("Abilene"), "at once");
    let again = browser.post(&path, &filled(&[("reach", "sites"), ("sites", &salina)])).await;
    assert!(again.status == 409 && again.html.contains("It is so already"), "{}", again.html);
    let auditor = browser.post(&format!("/people/{ada}/reach"), &filled(&[("sites", &salina)])).await;
    assert_eq!(auditor.status, 422, "{}", auditor.html);
    assert_eq!(browser.post("/people/nobody/reach", &[]).await.status, 404);
    let nobody = format!("/people/{unknown}/reach");
    assert_eq!(browser.post(&nobody, &filled(&[("sites", &abilene)])).await.status, 404);
    assert_eq!(browser.post(&path, &filled(&[("reach", "everywhere")])).await.status, 303);
    assert_eq!(sam.get("/places").await.status, 303, "who reaches further signs in anew");
}

#[tokio::test]
async fn a_bound_manager_binds_whom_they_let_in() {
    let (browser, [abilene, salina]) = two_sites().await;
    let bound = [("role", "manager"), ("reach", "sites"), ("sites", salina.as_str())];
    let (mo, _) = comes_in(&browser, "Mo", &bound).await;
    let (_, sam) = comes_in(&browser, "Sam", &[("role", "staff")]).await;
    let people = mo.get("/people").await.html;
    assert!(people.contains("type=\"hidden\" name=\"reach\" value=\"sites\""), "{people}");
    assert!(!people.contains("value=\"everywhere\"") && !people.contains(&abilene), "{people}");
    assert!(is_ticked(&people, &salina), "the one there is to give");
    assert!(
        people.contains("Sam") && !people.contains(&format!("/people/{sam}/")),
        "a colleague, not theirs to change"
    );

    let sites = Field("sites", Choice, false);
    let good = filled(&[("name", "Kim"), ("role", "staff"), ("reach", "sites"), ("sites", &salina)]);
    let form = Form::new(&mo, "/invites", good.clone());
    let form = form.refuses_this(sites, "sites", "beyond them", &abilene).await;
    let beyond = mo.post("/invites", &form.with("reach", "everywhere")).await;
    assert!(beyond.status == 409 && beyond.html.contains("reaches further than you do"), "{}", beyond.html);
    let (_, kim) = comes_in(&mo, "Kim", &[("role", "staff"), ("reach", "sites"), ("sites", &salina)]).await;
    let id: Uuid = kim.parse().unwrap();
    let actor = browser.store.begin_session(id.into(), &"".into()).await.unwrap().unwrap();
    let actor = browser.store.visitor(&actor.token).await.unwrap().unwrap().actor;
    assert_eq!(actor.reach, Reach::of([SiteId(salina.parse().unwrap())]));
    assert!(mo.get("/people").await.html.contains(&format!("/people/{kim}/role")));
    let refused = mo.post(&format!("/people/{sam}/remove"), &[]).await;
    assert!(refused.status == 409 && refused.html.contains("reaches further than you do"), "{}", refused.html);

    let place = |site: &str| filled(&[("site", site), ("name", "Counter")]);
    let site = Field("site", Choice, true);
    let form = Form::new(&mo, "/places", place(&salina)).refuses_this(site, "site", "beyond them", &abilene).await;
    form.takes().await;
    assert_eq!(mo.post("/sites", &filled(&[("name", "Odessa")])).await.status, 403);
}

#[tokio::test]
async fn a_token_is_bound_on_its_page() {
    let (browser, [_, salina]) = two_sites().await;
    let (unknown, foreign) = (Uuid::from_u128(77).to_string(), foreign_site(&browser).await);
    let (reach, sites) = (Field("reach", Choice, false), Field("sites", Choice, false));
    let good = [("name", "Till"), ("role", "staff"), ("reach", "sites"), ("sites", salina.as_str()), ("lasts", "90")];
    let form = Form::new(&browser, "/tokens", filled(&good)).refuses_all(&[reach, sites]).await;
    let form = form.refuses_this(sites, "sites", "unknown id", &unknown).await;
    let form = form.refuses_this(sites, "sites", "another's site", &foreign).await;
    let auditor = browser.post("/tokens", &form.with("role", "auditor")).await;
    assert!(auditor.status == 422 && auditor.html.contains("id=\"reach-fault\""), "{}", auditor.html);
    form.takes().await;
    assert!(browser.get("/tokens").await.html.contains("Staff · Salina"));
}
