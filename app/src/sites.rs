//! One site: the tags of its places, when it is closed, and whose clocks it goes by.

use axum::response::Response;
use chrono_tz::Tz;
use domain::actor::Act;
use domain::ids::{ClosureId, PlaceId, SiteId};
use domain::revision::Revision;
use domain::schedule::AnnouncementDraft;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{ClosureRow, Home, PlaceRow, SiteRow, stands};

use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::form::{Area, Field, Item, Kind, Select};
use crate::page::{Sent, Trouble, go};
use crate::parts::{Part, Wanted};
use crate::qr;
use crate::texts::Texts;
use crate::visit::{Form, Inside, Nothing, Path, Query, Replacing};
use domain::text::{Prose, tidy};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/sites/{id}", Member(Act::Read), show)
        .get("/sites/{id}/tags", Member(Act::Read), tags)
        .form("/sites/{id}/closures", "/sites/{id}", Member(Act::Furnish), close)
        .form("/sites/{id}/zone", "/sites/{id}", Member(Act::Define), zone)
        .form("/closures/{id}/end", "/places", Member(Act::Furnish), reopen)
        .form("/places/{id}/code", "/places", Member(Act::Furnish), relabel)
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct ZoneDraft {
    zone: String,
}

/// Which form was sent and came back, with what was typed.
enum Tried {
    Nothing,
    Closure(AnnouncementDraft),
    Zone(ZoneDraft),
}

/// How many places one page of a site lists, and how many tags one page prints.
const PLACES: usize = 200;
const TAGS: usize = 60;

/// All that the page shows.
struct Whole {
    site: SiteRow,
    places: Vec<PlaceRow>,
    /// Which of the places are listed.
    part: Part,
    closures: Vec<ClosureRow>,
    home: Home,
    /// In the site's own time.
    when: When,
}

impl Whole {
    async fn load(inside: &Inside, id: &str) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let id: SiteId = id.parse().map_err(|_| Error::NotFound)?;
        let site = store.sites(actor).await?.into_iter().find(|site| site.id == id).ok_or(Error::NotFound)?;
        let mut places = store.places(actor).await?;
        places.retain(|place| place.site == id);
        let part = Part::first(PLACES, places.len());
        let mut closures = store.closures(actor).await?;
        closures.retain(|closure| closure.site == id);
        let home = store.home(actor).await?;
        let zone = site.zone.as_deref().and_then(|zone| zone.parse::<Tz>().ok()).unwrap_or(home.zone);
        let when = When { texts: inside.visit.texts, zone, now: store.now() };
        Ok(Self { site, places, part, closures, home, when })
    }
}

async fn show(inside: Inside, Path(id): Path<String>, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let mut whole = Whole::load(&inside, &id).await?;
    whole.part = Part::of(&wanted, PLACES, whole.places.len())?;
    Ok(inside.page(&whole.site.name, || page(&inside, &whole, &Tried::Nothing, &Trouble::default())))
}

async fn close(
    inside: Inside,
    Path(id): Path<String>,
    Form(draft): Form<AnnouncementDraft>,
) -> Result<Response, Error> {
    let whole = Whole::load(&inside, &id).await?;
    let draft = AnnouncementDraft { site: id, ..draft };
    let announced = match draft.parse(&whole.when.zone, whole.when.now) {
        Ok(announced) => {
            inside.visit.state.store.announce_closure(inside.actor(), &announced).await.map_err(Error::from)
        }
        Err(faults) => Err(faults.into()),
    };
    match announced {
        Ok(_) => Ok(go(&format!("/sites/{}", whole.site.id))),
        Err(error) => {
            let tried = Tried::Closure(draft);
            inside.again(error, &whole.site.name, |trouble| page(&inside, &whole, &tried, &trouble))
        }
    }
}

async fn zone(
    inside: Inside,
    Path(id): Path<String>,
    Replacing { form: draft, seen }: Replacing<ZoneDraft>,
) -> Result<Response, Error> {
    let whole = Whole::load(&inside, &id).await?;
    let chosen = Some(tidy(&draft.zone)).filter(|zone| !zone.is_empty());
    match inside.since(&seen).zone_site(inside.actor(), whole.site.id, chosen.as_deref()).await.map_err(Error::from) {
        Ok(done) => done.map(|()| go(&format!("/sites/{}", whole.site.id))).ok_or(Error::NotFound),
        Err(error) => {
            let (whole, sent) = (Whole::load(&inside, &id).await?, Sent::new(seen, &draft));
            let (title, tried) = (whole.site.name.clone(), Tried::Zone(draft));
            inside.again_beside(error, &title, sent, |_, _| None, |trouble| page(&inside, &whole, &tried, &trouble))
        }
    }
}

async fn reopen(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let (store, actor) = (&inside.visit.state.store, inside.actor());
    let id: ClosureId = id.parse().map_err(|_| Error::NotFound)?;
    let site = store.closed_site(actor, id).await?.ok_or(Error::NotFound)?;
    // Somebody may have opened it in between: then it is as was wanted.
    store.reopen(actor, id).await?;
    Ok(go(&format!("/sites/{site}")))
}

async fn relabel(
    inside: Inside,
    Path(id): Path<String>,
    Replacing { form: Nothing {}, seen }: Replacing<Nothing>,
) -> Result<Response, Error> {
    let (store, actor) = (inside.since(&seen), inside.actor());
    let id: PlaceId = id.parse().map_err(|_| Error::NotFound)?;
    let place = store.place(actor, id).await?.ok_or(Error::NotFound)?;
    store.relabel_place(actor, id).await?.ok_or(Error::NotFound)?;
    Ok(go(&format!("/sites/{}", place.site)))
}

/// The tags of the places of a site, to be printed and cut: so many at a time as a printer takes without choking.
async fn tags(inside: Inside, Path(id): Path<String>, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let whole = Whole::load(&inside, &id).await?;
    let part = Part::of(&wanted, TAGS, whole.places.len())?;
    let texts = inside.visit.texts;
    let title = texts.tell("sites-tags-title", &[("site", whole.site.name.clone().into())]);
    let base = &inside.visit.state.base_url;
    Ok(inside.page(&title, || {
        let each = whole.places[part.range()].iter().map(|place| {
            let drawn = qr::drawn(&format!("{base}/at/{}", place.code));
            view! {
                <li class="cut">
                    <p class="label">{inside.visitor.business_name.clone()}</p>
                    <h2>{place.name.clone()}</h2>
                    <div class="qr" inner_html=drawn></div>
                    <p class="tag">{place.code.clone()}</p>
                    <p class="small">{texts.say("sites-tag-customers")}</p>
                    <p class="small soft">{texts.say("sites-tag-staff")}</p>
                </li>
            }
        });
        view! {
            <main id="main">
                <div class="grid tight on-screen">
                    <p><a class="link" href=format!("/sites/{}", whole.site.id)>{whole.site.name.clone()}</a></p>
                    <h1>{title.clone()}</h1>
                    <p>{texts.say("sites-tags-lead")}</p>
                    {part.links(texts, &format!("/sites/{}/tags", whole.site.id))}
                </div>
                <ul class="tags">{each.collect_view()}</ul>
            </main>
        }
    }))
}

fn page(inside: &Inside, whole: &Whole, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let (texts, site) = (inside.visit.texts, &whole.site);
    let furnishes = inside.may(Act::Furnish);
    let each = whole.places[whole.part.range()].iter().map(|row| place(texts, row, furnishes)).collect_view();
    let parts = whole.part.links(texts, &format!("/sites/{}", site.id));
    let print = (!whole.places.is_empty()).then(|| {
        let to = format!("/sites/{}/tags", site.id);
        view! { <p><a class="btn quiet" href=to>{texts.say("sites-print")}</a></p> }
    });
    let none = whole.places.is_empty().then(|| view! { <p class="soft">{texts.say("places-none-here")}</p> });
    let zone = inside.may(Act::Define).then(|| own_zone(whole, tried, trouble));
    view! {
        <main id="main">
            <div class="grid tight">
                <p><a class="link" href="/places">{texts.say("places-title")}</a></p>
                <h1>{site.name.clone()}</h1>
            </div>
            {trouble.summary(texts)}
            <div class="two">
                <section class="card grid">
                    <h2>{texts.say("sites-tags")}</h2>
                    <p class="soft">{texts.say("sites-tags-why")}</p>
                    {none}
                    <ul class="list">{each}</ul>
                    {parts}
                    {print}
                </section>
                <div class="grid">
                    {closures(whole, tried, trouble, furnishes)}
                    {zone}
                </div>
            </div>
        </main>
    }
}

fn place(texts: Texts, row: &PlaceRow, furnishes: bool) -> impl IntoView + use<> {
    let relabel = furnishes.then(|| {
        let label = texts.tell("sites-relabel-of", &[("place", row.name.clone().into())]);
        view! {
            <details>
                <summary aria-label=label>{texts.say("sites-relabel")}</summary>
                <form method="post" action=format!("/places/{}/code", row.id)>
                    {Trouble::default().revision(&Revision::of(&stands::code(&row.code)))}
                    <p class="small soft">{texts.say("sites-relabel-what")}</p>
                    <button class="btn stop">{texts.say("sites-relabel-do")}</button>
                </form>
            </details>
        }
    });
    view! {
        <li class="spot">
            <span>{row.name.clone()}</span>
            <span><span class="hide">{texts.say("places-code")}" "</span><b class="tag">{row.code.clone()}</b></span>
            {relabel}
        </li>
    }
}

fn closures(whole: &Whole, tried: &Tried, trouble: &Trouble, furnishes: bool) -> impl IntoView + use<> {
    let (texts, site) = (whole.when.texts, &whole.site);
    let none = whole.closures.is_empty().then(|| view! { <p class="soft">{texts.say("closures-none")}</p> });
    let each = whole.closures.iter().map(|row| {
        let span = [("from", whole.when.at(row.from_at).into()), ("until", whole.when.at(row.until_at).into())];
        let what = row.place_name.clone().unwrap_or_else(|| texts.say("closures-whole-site"));
        let end = furnishes.then(|| {
            view! {
                <form method="post" action=format!("/closures/{}/end", row.id)>
                    <button class="btn quiet">{texts.say("closures-end")}</button>
                </form>
            }
        });
        view! {
            <li class="spot">
                <span>{what}<small>{texts.tell("closures-of", &span)}</small><small>{row.reason.clone()}</small></span>
                {end}
            </li>
        }
    });
    let each = each.collect_view();
    let announce = furnishes.then(|| {
        let (draft, own) = match tried {
            Tried::Closure(draft) => (draft.clone(), true),
            _ => (AnnouncementDraft::default(), false),
        };
        let at = |field: &str| trouble.at(texts, field).filter(|_| own);
        let whole_site = Item::new("", texts.say("closures-whole-site"));
        let places = whole.places.iter().map(|place| Item::new(place.id.to_string(), place.name.clone()));
        let items: Vec<_> = std::iter::once(whole_site).chain(places).collect();
        let hint = texts.tell("closures-zone-hint", &[("zone", whole.when.zone.name().into())]);
        view! {
            <form method="post" action=format!("/sites/{}/closures", site.id)>
                <Select name="place" label=texts.say("closures-place") items value=draft.place fault=at("place") />
                <Field name="from" kind=Kind::Moment label=texts.say("closures-from") hint=hint.clone() value=draft.from fault=at("from") />
                <Field name="until" kind=Kind::Moment label=texts.say("closures-until") hint value=draft.until fault=at("until") required=true />
                <Area name="why" label=texts.say("closures-why") hint=texts.say("closures-why-hint") value=draft.why fault=at("why") required=true max=Prose::MAX />
                <p><button class="btn quiet">{texts.say("closures-announce")}</button></p>
            </form>
        }
    });
    view! {
        <section class="card grid">
            <h2>{texts.say("closures-title")}</h2>
            <p class="soft">{texts.say("closures-lead")}</p>
            {none}
            <ul class="list">{each}</ul>
            {announce}
        </section>
    }
}

fn own_zone(whole: &Whole, tried: &Tried, trouble: &Trouble) -> impl IntoView + use<> {
    let texts = whole.when.texts;
    let (value, own) = match tried {
        Tried::Zone(draft) => (draft.zone.clone(), true),
        _ => (whole.site.zone.clone().unwrap_or_default(), false),
    };
    let fault = trouble.at(texts, "zone").filter(|_| own);
    let hint = texts.tell("sites-zone-hint", &[("zone", whole.home.zone.name().into())]);
    let now = Revision::of(&stands::zone(whole.site.zone.as_deref()));
    let revision = if own { trouble.revision(&now) } else { Trouble::default().revision(&now) };
    view! {
        <section class="card grid">
            <form method="post" action=format!("/sites/{}/zone", whole.site.id)>
                {revision}
                <Field name="zone" label=texts.say("sites-zone") hint value fault max=60 autocomplete="off" />
                <p><button class="btn quiet">{texts.say("sites-zone-save")}</button></p>
            </form>
        </section>
    }
}
