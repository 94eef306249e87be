//! Sites, the places in them, and the code each place bears.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use chrono::{DateTime, Utc};
use domain::actor::Act;
use domain::fault::Faults;
use domain::place::{Code, NameDraft};
use leptos::prelude::*;
use serde::Deserialize;
use store::{PlaceRow, SiteRow};

use crate::error::Error;
use crate::form::Summary;
use crate::icons::BrokenIcon;
use crate::page::{Trouble, go};
use crate::sign_in;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Form, Inside, Visit};

pub fn routes() -> Router<State> {
    Router::new()
        .route("/places", get(list).post(add_place))
        .route("/sites", get(list).post(add_site))
        .route("/at/{code}", get(at))
}

/// A place as typed, and the site it belongs to.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PlaceDraft {
    site: String,
    name: String,
}

/// Which form was sent and came back, with what was typed.
enum Tried {
    Nothing,
    Site { name: String },
    Place { site: String, name: String },
}

async fn list(inside: Inside) -> Result<Response, Error> {
    let whole = Whole::load(&inside).await?;
    let title = inside.visit.texts.say("places-title");
    Ok(inside.page(&title, || page(&inside, &whole, &Tried::Nothing, &Trouble::default())))
}

async fn add_site(inside: Inside, Form(draft): Form<NameDraft>) -> Result<Response, Error> {
    let added = match definer(&inside).and_then(|()| Ok(draft.parse()?)) {
        Ok(name) => inside.visit.state.store.add_site(inside.actor(), &name).await.map_err(Error::from),
        Err(error) => Err(error),
    };
    match added {
        Ok(id) => Ok(go(&format!("/places#site-{id}"))),
        Err(error) => again(&inside, error, Tried::Site { name: draft.name }).await,
    }
}

async fn add_place(inside: Inside, Form(draft): Form<PlaceDraft>) -> Result<Response, Error> {
    match add(&inside, &draft).await {
        Ok(()) => Ok(go(&format!("/places#site-{}", draft.site))),
        Err(error) => again(&inside, error, Tried::Place { site: draft.site, name: draft.name }).await,
    }
}

async fn add(inside: &Inside, draft: &PlaceDraft) -> Result<(), Error> {
    definer(inside)?;
    let site = draft.site.parse().map_err(|_| Faults::one("site", domain::fault::Fault::NotFound))?;
    let name = NameDraft { name: draft.name.clone() }.parse()?;
    inside.visit.state.store.add_place(inside.actor(), site, &name).await?;
    Ok(())
}

/// What the tag of a place opens: for those who work there the check screen, else a word on who it is for.
async fn at(visit: Visit, Path(code): Path<String>) -> Result<Response, Error> {
    let code = Code::parse(&code).map_err(|_| Error::NotFound)?;
    let Some(visitor) = &visit.visitor else {
        let title = visit.texts.say("places-at-title");
        return Ok(visit.page(&title, || door(visit.texts, &code)));
    };
    let place = visit.state.store.place_by_code(&visitor.actor, &code).await?;
    place.map(|place| go(&format!("/check/{}", place.id))).ok_or(Error::NotFound)
}

fn definer(inside: &Inside) -> Result<(), Error> {
    inside.actor().permit(Act::Define).map_err(|_| Error::Forbidden)
}

async fn again(inside: &Inside, error: Error, tried: Tried) -> Result<Response, Error> {
    let whole = Whole::load(inside).await?;
    let title = inside.visit.texts.say("places-title");
    inside.again(error, &title, |trouble| page(inside, &whole, &tried, &trouble))
}

/// All that the page shows.
struct Whole {
    sites: Vec<SiteRow>,
    places: Vec<PlaceRow>,
    now: DateTime<Utc>,
}

impl Whole {
    async fn load(inside: &Inside) -> Result<Self, Error> {
        let store = &inside.visit.state.store;
        let sites = store.sites(inside.actor()).await?;
        Ok(Self { sites, places: store.places(inside.actor()).await?, now: store.now() })
    }
}

fn page(inside: &Inside, whole: &Whole, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let (texts, defines) = (inside.visit.texts, inside.may(Act::Define));
    let Whole { sites, places, .. } = whole;
    let counts = [("sites", sites.len().into()), ("places", places.len().into())];
    let lead = match (sites.is_empty(), places.is_empty()) {
        (true, _) => "places-lead-none",
        (_, true) => "places-lead-sites",
        _ => "places-lead",
    };
    let each = sites.iter().map(|row| site(inside, whole, row, tried, trouble)).collect_view();
    let new = defines.then(|| new_site(texts, tried, trouble));
    view! {
        <main id="main">
            <div class="grid tight">
                <h1>{texts.tell("places-headline", &counts)}</h1>
                <p>{texts.say(lead)}</p>
            </div>
            {summary(texts, tried, trouble)}
            {each}
            {new}
        </main>
    }
}

/// What was wrong with the one form that was sent: its field bears another name than its neighbours'.
fn summary(texts: Texts, tried: &Tried, trouble: &Trouble) -> Option<impl IntoView + use<>> {
    let to = match tried {
        Tried::Nothing => String::new(),
        Tried::Site { .. } => "site-name".to_owned(),
        Tried::Place { site, .. } => place_field(site),
    };
    let named = trouble.at(texts, "name").map(|fault| (to, fault));
    let sited = trouble.at(texts, "site").map(|fault| (String::new(), fault));
    let faults: Vec<_> = named.into_iter().chain(sited).collect();
    let title = texts.tell("form-rejected", &[("count", faults.len().into())]);
    (!faults.is_empty()).then(|| view! { <Summary title faults /> })
}

fn site(inside: &Inside, whole: &Whole, row: &SiteRow, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let here: Vec<_> = whole.places.iter().filter(|place| place.site == row.id).collect();
    let none = here.is_empty().then(|| view! { <p class="soft">{texts.say("places-none-here")}</p> });
    let each = here.iter().map(|one| place(inside, one, whole.now)).collect_view();
    let new = inside.may(Act::Define).then(|| new_place(texts, row, tried, trouble));
    view! {
        <section class="card site" id=format!("site-{}", row.id)>
            <h2>{row.name.clone()}</h2>
            {none}
            <ul class="list">{each}</ul>
            {new}
        </section>
    }
}

fn place(inside: &Inside, row: &PlaceRow, now: DateTime<Utc>) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let looked = match row.last_check {
        Some(at) => texts.tell("places-last-check", &[("ago", texts.ago(now - at).into())]),
        None => texts.say("places-never-checked"),
    };
    let check = inside.may(Act::Check).then(|| {
        let to = format!("/check/{}", row.id);
        let label = texts.tell("places-check-at", &[("place", row.name.clone().into())]);
        view! { <a class="btn quiet" href=to aria-label=label>{texts.say("places-check")}</a> }
    });
    view! {
        <li class="spot">
            <span>{row.name.clone()}<small>{looked}</small></span>
            <span class="code">
                <span class="hide">{texts.say("places-code")}" "</span>
                <b class="tag">{row.code.clone()}</b>
            </span>
            {check}
        </li>
    }
}

fn new_place(texts: Texts, row: &SiteRow, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let id = row.id.to_string();
    let typed = match tried {
        Tried::Place { site, name } if *site == id => Some(name.clone()),
        _ => None,
    };
    let fault = typed.as_ref().and_then(|_| trouble.at(texts, "name"));
    let label = texts.tell("places-new", &[("site", row.name.clone().into())]);
    let hint = texts.say("places-new-hint");
    view! {
        <form class="new" method="post" action="/places">
            <input type="hidden" name="site" value=id.clone() />
            <Name id=place_field(&id) label hint value=typed.unwrap_or_default() fault />
            <button class="btn quiet">{texts.say("places-add")}</button>
        </form>
    }
}

fn new_site(texts: Texts, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let typed = match tried {
        Tried::Site { name } => Some(name.clone()),
        _ => None,
    };
    let fault = typed.as_ref().and_then(|_| trouble.at(texts, "name"));
    let (label, hint) = (texts.say("places-new-site"), texts.say("places-new-site-hint"));
    let name = label.clone();
    view! {
        <section class="card" aria-label=name>
            <form class="new" method="post" action="/sites">
                <Name id="site-name" label hint value=typed.unwrap_or_default() fault />
                <button class="btn quiet">{texts.say("places-add-site")}</button>
            </form>
        </section>
    }
}

/// The id of the name of a new place: there is one such field a site.
fn place_field(site: &str) -> String {
    format!("place-{site}")
}

/// A field called `name`, of which a page has several.
#[component]
fn Name(#[prop(into)] id: String, label: String, hint: String, value: String, fault: Option<String>) -> impl IntoView {
    let (hint_id, fault_id) = (format!("{id}-hint"), format!("{id}-fault"));
    let wrong = fault.is_some().then_some("true");
    let described = if fault.is_some() { format!("{hint_id} {fault_id}") } else { hint_id.clone() };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <p class="hint" id=hint_id>{hint}</p>
            <input id=id name="name" value=value required autocomplete="off" aria-describedby=described aria-invalid=wrong />
            {fault.map(|fault| view! { <p class="fault" id=fault_id><BrokenIcon />{fault}</p> })}
        </div>
    }
}

fn door(texts: Texts, code: &Code) -> impl IntoView + use<> {
    let to = sign_in::address(&format!("/at/{}", code.as_str()));
    view! {
        <main id="main" class="slim placard">
            <p class="tag">{code.as_str().to_owned()}</p>
            <h1>{texts.say("places-at-title")}</h1>
            <p>{texts.say("places-at-lead")}</p>
            <p><a class="btn tall" href=to>{texts.say("sign-in-title")}</a></p>
            <p class="soft">{texts.say("places-at-customer")}</p>
        </main>
    }
}
