//! One guarantee as it stands: its stage, its words, its places, and how the words came to be.

use std::collections::HashMap;

use axum::response::Response;
use chrono_tz::Tz;
use domain::actor::Act;
use domain::guarantee::{Stage, Wording};
use domain::ids::{GuaranteeId, PlaceId};
use domain::problem::Problem;
use domain::revision::Revision;
use domain::schedule::Schedule;
use leptos::prelude::*;
use serde_json::json;
use store::{GuaranteeRow, PhotoRow, PlaceRow, VersionRow, stands};

use super::versions::opening_time;
use super::{Back, advice, form, moves, named, photos, places, problem, schedule, stage, versions};
use crate::error::Error;
use crate::page::{Sent, Trouble};
use crate::texts::Texts;
use crate::visit::{Inside, Path};

/// All that its page shows.
struct Whole {
    row: GuaranteeRow,
    about: Problem,
    versions: Vec<VersionRow>,
    places: Vec<PlaceRow>,
    schedules: Vec<(PlaceRow, Schedule)>,
    examples: HashMap<PlaceId, PhotoRow>,
    zone: Tz,
}

pub async fn show(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let whole = Whole::load(&inside, named(&id)?).await?;
    let title = whole.row.wording.title.to_string();
    Ok(inside.page(&title, || page(&inside, &whole, None, &Trouble::default())))
}

/// The same page again after a move, or a choice of places, was refused.
pub async fn again(
    inside: &Inside,
    id: GuaranteeId,
    error: Error,
    chosen: Option<(&[String], Revision)>,
) -> Result<Response, Error> {
    let whole = Whole::load(inside, id).await?;
    let title = whole.row.wording.title.to_string();
    let Some((chosen, seen)) = chosen else {
        return inside.again(error, &title, |trouble| page(inside, &whole, None, &trouble));
    };
    let name = |_: &str, id: &str| {
        let place = whole.places.iter().find(|place| place.id.to_string() == id)?;
        Some(format!("{} · {}", place.site_name, place.name))
    };
    let sent = Sent::new(seen, &json!({ "places": chosen }));
    inside.again_beside(error, &title, sent, name, |trouble| page(inside, &whole, Some(chosen), &trouble))
}

impl Whole {
    async fn load(inside: &Inside, id: GuaranteeId) -> Result<Self, Error> {
        let (store, actor) = (&inside.visit.state.store, inside.actor());
        let row = store.guarantee(actor, id).await?.ok_or(Error::NotFound)?;
        let about = store.problem(actor, row.problem).await?.ok_or(Error::NotFound)?.problem;
        let versions = store.versions(actor, id).await?;
        let places = store.places(actor).await?;
        let zone = store.home(actor).await?.zone;
        let mut schedules = store.schedules(actor, id).await?;
        let scheduled = |place: &PlaceRow| {
            let at = schedules.iter().position(|(id, _)| *id == place.id)?;
            Some((place.clone(), schedules.swap_remove(at).1))
        };
        let schedules = places.iter().filter_map(scheduled).collect();
        let examples = store.examples(actor, id).await?;
        Ok(Self { row, about, versions, places, schedules, examples, zone })
    }
}

fn page(inside: &Inside, whole: &Whole, chosen: Option<&[String]>, trouble: &Trouble) -> impl IntoView + use<> {
    let (texts, defines) = (inside.visit.texts, inside.may(Act::Define));
    let Whole { row, about, versions, places, schedules, examples, zone } = whole;
    let moves = defines.then(|| moves::possible(texts, row));
    let advice = (defines && !row.public).then(|| advice::before_the_public(texts, &row.wording));
    view! {
        <main id="main">
            {head(inside, row)}
            {trouble.summary(texts)}
            {moves}
            <div class="two">
                <div class="grid">
                    {as_it_stands(texts, row, defines)}
                    <section class="card grid tight">
                        <h2 class="label">{texts.say("guarantees-problem")}</h2>
                        {problem::quoted(texts, about)}
                    </section>
                </div>
                <div class="grid">
                    {whereabouts(texts, row, places, chosen, trouble, defines)}
                    {times(texts, row, schedules, defines)}
                    {photos::part(texts, row, examples, defines)}
                    {advice.flatten()}
                </div>
            </div>
            <section class="card grid" id="versions">
                <h2>{texts.say("guarantees-versions")}</h2>
                {versions::history(texts, versions, *zone)}
            </section>
        </main>
    }
}

fn head(inside: &Inside, row: &GuaranteeRow) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let public = row.public.then(|| {
        let to = format!("/p/{}/{}", inside.visitor.business_slug, row.slug);
        view! { " " <a class="on-screen" href=to>{texts.say("guarantees-public-page")}</a> }
    });
    view! {
        <div class="grid tight">
            <Back to="/guarantees" label=texts.say("guarantees-title") />
            <h1>{row.wording.title.to_string()}</h1>
            <p class="row">
                {stage(texts, row.stage)}
                <span class="soft small">{texts.tell("guarantees-version", &[("number", row.version.into())])}</span>
            </p>
            <p>{texts.say(stage_key(row.stage))} {public}</p>
        </div>
    }
}

fn as_it_stands(texts: Texts, row: &GuaranteeRow, defines: bool) -> impl IntoView + use<> {
    let wording = &row.wording;
    let criteria = wording.criteria.iter().map(|line| view! { <li>{line.to_string()}</li> });
    let reword = (defines && row.stage != Stage::Retired).then(|| {
        let to = format!("/guarantees/{}/wording", row.id);
        view! { <p><a class="btn quiet" href=to>{texts.say("guarantees-wording")}</a></p> }
    });
    view! {
        <section class="card grid" aria-label=texts.say("guarantees-part-promise")>
            <p class="promise">{wording.promise.to_string()}</p>
            <div class="grid tight">
                <h2 class="label">{form::field(texts, "criteria")}</h2>
                <ul>{criteria.collect_view()}</ul>
            </div>
            {terms(texts, wording)}
            {reword}
        </section>
    }
}

fn terms(texts: Texts, wording: &Wording) -> impl IntoView + use<> {
    let Wording { mark, remedy, late_remedy, conditions, how_to_claim, terms, .. } = wording;
    let facts = [
        ("mark", Some(texts.percent(mark.basis_points()))),
        ("remedy", Some(remedy.to_string())),
        ("how_to_claim", Some(how_to_claim.to_string())),
        ("conditions", conditions.as_ref().map(ToString::to_string)),
        ("acknowledge_minutes", Some(opening_time(texts, terms.acknowledge_minutes))),
        ("remedy_minutes", Some(opening_time(texts, terms.remedy_minutes))),
        ("late_remedy", Some(late_remedy.to_string())),
        ("proof", Some(terms.proof.to_string())),
    ];
    let each = facts.into_iter().filter_map(|(name, fact)| {
        let fact = fact?;
        Some(view! {
            <dt>{form::field(texts, name)}</dt>
            <dd class="typed">{fact}</dd>
        })
    });
    view! { <dl class="pairs wording">{each.collect_view()}</dl> }
}

fn whereabouts(
    texts: Texts,
    row: &GuaranteeRow,
    places: &[PlaceRow],
    chosen: Option<&[String]>,
    trouble: &Trouble,
    defines: bool,
) -> impl IntoView + use<> {
    let now: Vec<_> = row.places.iter().map(ToString::to_string).collect();
    let inner = if defines && row.stage != Stage::Retired {
        let to = format!("/guarantees/{}/places", row.id);
        let save = (!places.is_empty())
            .then(|| view! { <p><button class="btn quiet">{texts.say("guarantees-places-save")}</button></p> });
        view! {
            <form method="post" action=to>
                {trouble.revision(&Revision::of(&stands::places(row)))}
                {places::picks(texts, places, chosen.unwrap_or(&now), trouble)}
                {save}
            </form>
            <p class="on-paper">{places::promised(texts, row, places)}</p>
        }
        .into_any()
    } else {
        view! { <p>{places::promised(texts, row, places)}</p> }.into_any()
    };
    view! {
        <section class="card grid tight">
            <h2>{texts.say("guarantees-part-where")}</h2>
            {inner}
        </section>
    }
}

fn times(texts: Texts, row: &GuaranteeRow, schedules: &[(PlaceRow, Schedule)], defines: bool) -> impl IntoView + use<> {
    let nothing = schedules.is_empty().then(|| view! { <p class="soft">{texts.say("schedules-nothing")}</p> });
    let some = (!schedules.is_empty()).then(|| schedule::as_they_stand(texts, schedules));
    let choose = (defines && row.stage != Stage::Retired && !row.places.is_empty()).then(|| {
        let to = format!("/guarantees/{}/schedule", row.id);
        view! { <p><a class="btn quiet" href=to>{texts.say("schedules-change")}</a></p> }
    });
    view! {
        <section class="card grid tight">
            <h2>{texts.say("schedules-part")}</h2>
            {nothing}
            {some}
            {choose}
        </section>
    }
}

fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "guarantees-is-draft",
        Stage::Trial => "guarantees-is-trial",
        Stage::Published => "guarantees-is-published",
        Stage::Suspended => "guarantees-is-suspended",
        Stage::Retired => "guarantees-is-retired",
    }
}
