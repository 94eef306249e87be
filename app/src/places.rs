//! Sites, the places in them, and the code each place bears.

use std::collections::HashMap;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::actor::Act;
use domain::fault::{Fault, Faults};
use domain::ids::SiteId;
use domain::place::{Code, NameDraft};
use domain::text::Line;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::{PlaceRow, SiteRow, Tag};

use crate::doors::Doors;
use crate::doors::Rule::{KnownOrTurn, Member};
use crate::error::Error;
use crate::form::{Field, Item, Select};
use crate::page::{Trouble, go};
use crate::parts::{Part, Wanted};
use crate::texts::Texts;
use crate::visit::{Form, Inside, Path, Query, Visit};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/places", Member(Act::Read), list)
        .post("/places", Member(Act::Furnish), add_place)
        .get("/sites", Member(Act::Read), list)
        .post("/sites", Member(Act::Define), add_site)
        .get("/at/{code}", KnownOrTurn, at)
}

/// A place as typed, and the site it belongs to.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct PlaceDraft {
    site: String,
    name: String,
}

/// Which form was sent and came back, with what was typed.
enum Tried {
    Site(NameDraft),
    Place(PlaceDraft),
}

/// The address may name the site that the next place is for.
async fn list(
    inside: Inside,
    asked: Result<Query<PlaceDraft>, Error>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let mut whole = Whole::load(&inside).await?;
    whole.part = Part::of(&wanted, ROWS, whole.rows.len())?;
    let tried = Tried::Place(asked.map(|Query(draft)| draft).unwrap_or_default());
    let title = inside.visit.texts.say("places-title");
    Ok(inside.page(&title, || page(&inside, &whole, &tried, &Trouble::default())))
}

async fn add_site(inside: Inside, Form(draft): Form<NameDraft>) -> Result<Response, Error> {
    let added = match draft.parse() {
        Ok(name) => inside.visit.state.store.add_site(inside.actor(), &name).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match added {
        Ok(id) => Ok(go(&format!("/places?site={id}"))),
        Err(error) => again(&inside, error, Tried::Site(draft)).await,
    }
}

async fn add_place(inside: Inside, Form(draft): Form<PlaceDraft>) -> Result<Response, Error> {
    match add(&inside, &draft).await {
        Ok(site) => Ok(go(&format!("/places?site={site}"))),
        Err(error) => again(&inside, error, Tried::Place(draft)).await,
    }
}

async fn add(inside: &Inside, draft: &PlaceDraft) -> Result<SiteId, Error> {
    let (site, name) = draft.parse()?;
    inside.visit.state.store.add_place(inside.actor(), site, &name).await?;
    Ok(site)
}

impl PlaceDraft {
    fn parse(&self) -> Result<(SiteId, Line), Faults> {
        let mut faults = Faults::default();
        let missing = if self.site.is_empty() { Fault::Missing } else { Fault::NotFound };
        let site = faults.take("site", self.site.parse().map_err(|_| missing));
        let name = faults.take("name", Line::parse(&self.name));
        site.zip(name).ok_or(faults)
    }
}

/// What the tag of a place opens: for those who work there the check screen, for everyone else what its business promises.
async fn at(visit: Visit, Path(code): Path<String>) -> Result<Response, Error> {
    let code = Code::parse(&code).map_err(|_| Error::NotFound)?;
    let store = &visit.state.store;
    let mut before = None;
    if let Some(visitor) = &visit.visitor {
        if let Some(place) = store.place_by_code(&visitor.actor, &code).await? {
            return Ok(go(&format!("/check/{}", place.id)));
        }
        before = store.place_by_old_code(&visitor.actor, &code).await?;
    }
    match store.tag(&code).await?.ok_or(Error::NotFound)? {
        Tag::Hangs { business } => Ok(go(&format!("/p/{business}"))),
        Tag::Replaced => {
            let title = visit.texts.say("places-replaced-title");
            Ok((StatusCode::GONE, visit.page(&title, || replaced(visit.texts, before.as_ref()))).into_response())
        }
    }
}

async fn again(inside: &Inside, error: Error, tried: Tried) -> Result<Response, Error> {
    let whole = Whole::load(inside).await?;
    let title = inside.visit.texts.say("places-title");
    inside.again(error, &title, |trouble| page(inside, &whole, &tried, &trouble))
}

/// How many rows a page has: places, and sites without any.
const ROWS: usize = 200;

/// All that the page shows.
struct Whole {
    sites: Vec<SiteRow>,
    places: usize,
    /// Each site with each of its places, or with none.
    rows: Vec<(SiteRow, Option<PlaceRow>)>,
    part: Part,
    now: DateTime<Utc>,
}

impl Whole {
    async fn load(inside: &Inside) -> Result<Self, Error> {
        let store = &inside.visit.state.store;
        let (sites, places) = (store.sites(inside.actor()).await?, store.places(inside.actor()).await?);
        let count = places.len();
        let mut at_site: HashMap<SiteId, Vec<PlaceRow>> = HashMap::new();
        for place in places {
            at_site.entry(place.site).or_default().push(place);
        }
        let mut rows = Vec::with_capacity(count);
        for site in &sites {
            match at_site.remove(&site.id) {
                Some(places) => rows.extend(places.into_iter().map(|place| (site.clone(), Some(place)))),
                None => rows.push((site.clone(), None)),
            }
        }
        let part = Part::first(ROWS, rows.len());
        Ok(Self { sites, places: count, rows, part, now: store.now() })
    }
}

fn page(inside: &Inside, whole: &Whole, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let (texts, furnishes) = (inside.visit.texts, inside.may(Act::Furnish));
    let sites = &whole.sites;
    let counts = [("sites", sites.len().into()), ("places", whole.places.into())];
    let lead = match (sites.is_empty(), whole.places) {
        (true, _) => "places-lead-none",
        (_, 0) => "places-lead-sites",
        _ => "places-lead",
    };
    let shown = whole.rows[whole.part.range()].chunk_by(|(one, _), (next, _)| one.id == next.id);
    let each = shown.map(|rows| site(inside, rows, whole.now)).collect_view();
    let parts = whole.part.links(texts, "/places");
    let new = furnishes.then(|| {
        let place = (!sites.is_empty()).then(|| new_place(texts, sites, tried, trouble));
        let site = inside.may(Act::Define).then(|| new_site(texts, tried, trouble));
        view! { <div class="grid">{place} {site}</div> }
    });
    let class = if furnishes && !sites.is_empty() { "two" } else { "grid" };
    view! {
        <main id="main">
            <div class="grid tight">
                <h1>{texts.tell("places-headline", &counts)}</h1>
                <p>{texts.say(lead)}</p>
            </div>
            {trouble.summary(texts)}
            <div class=class>
                <div class="grid">{each} {parts}</div>
                {new}
            </div>
        </main>
    }
}

/// A site with those of its places that stand in this part.
fn site(inside: &Inside, rows: &[(SiteRow, Option<PlaceRow>)], now: DateTime<Utc>) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let here: Vec<_> = rows.iter().filter_map(|(_, place)| place.as_ref()).collect();
    let none = here.is_empty().then(|| view! { <p class="soft">{texts.say("places-none-here")}</p> });
    let each = here.iter().map(|one| place(inside, one, now)).collect_view();
    rows.first().map(|(row, _)| {
        view! {
            <section class="card site">
                <div class="row between">
                    <h2>{row.name.clone()}</h2>
                    <a class="link" href=format!("/sites/{}", row.id)>{texts.say("sites-more")}</a>
                </div>
                {none}
                <ul class="list">{each}</ul>
            </section>
        }
    })
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
            <span>
                <span class="hide">{texts.say("places-code")}" "</span>
                <b class="tag">{row.code.clone()}</b>
            </span>
            {check}
        </li>
    }
}

fn new_place(texts: Texts, sites: &[SiteRow], tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let (draft, own) = match tried {
        Tried::Place(draft) => (draft.clone(), true),
        Tried::Site(_) => (PlaceDraft::default(), false),
    };
    let at = |field: &str| trouble.at(texts, field).filter(|_| own);
    // With one site there is nothing to choose.
    let only = if let [only] = sites { only.id.to_string() } else { String::new() };
    let chosen = if draft.site.is_empty() { only } else { draft.site };
    let nothing = Item::new("", texts.say("places-choose-site"));
    let each = sites.iter().map(|site| Item::new(site.id.to_string(), site.name.clone()));
    let items: Vec<_> = std::iter::once(nothing).chain(each).collect();
    view! {
        <section class="card grid">
            <h2>{texts.say("places-new")}</h2>
            <form method="post" action="/places">
                <Select name="site" label=texts.say("places-site") items value=chosen fault=at("site") required=true />
                <Field name="name" label=texts.say("places-name") hint=texts.say("places-new-hint") value=draft.name fault=at("name") required=true autocomplete="off" />
                <p><button class="btn quiet">{texts.say("places-add")}</button></p>
            </form>
        </section>
    }
}

fn new_site(texts: Texts, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let (name, fault) = match tried {
        Tried::Site(draft) => (draft.name.clone(), trouble.at(texts, "name")),
        Tried::Place(_) => (String::new(), None),
    };
    view! {
        <section class="card grid">
            <h2>{texts.say("places-new-site")}</h2>
            <form method="post" action="/sites">
                <Field name="name" id="site-name" label=texts.say("places-site-name") hint=texts.say("places-new-site-hint") value=name fault required=true autocomplete="off" />
                <p><button class="btn quiet">{texts.say("places-add-site")}</button></p>
            </form>
        </section>
    }
}

/// For those who work there with the place it was for, for everyone else without.
fn replaced(texts: Texts, before: Option<&PlaceRow>) -> impl IntoView + use<> {
    let (lead, way) = match before {
        Some(place) => {
            let named = [("place", place.name.clone().into()), ("site", place.site_name.clone().into())];
            let today = view! { <p><a class="btn tall" href="/today">{texts.say("today-title")}</a></p> };
            (texts.tell("places-replaced-lead", &named), Some(today))
        }
        None => (texts.say("places-replaced-customer"), None),
    };
    view! {
        <main id="main" class="slim placard">
            <h1>{texts.say("places-replaced-title")}</h1>
            <p>{lead}</p>
            {way}
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_site_and_a_name() {
        let fault = |site: &str, name: &str| PlaceDraft { site: site.into(), name: name.into() }.parse().unwrap_err();
        let faults = fault("", " ");
        assert_eq!((faults.at("site"), faults.at("name")), (Some(Fault::Missing), Some(Fault::Missing)));
        assert_eq!(fault("nowhere", "Counter"), Faults::one("site", Fault::NotFound));
    }
}
