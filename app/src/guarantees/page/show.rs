//! The page of one guarantee: stage, wording, places, schedules and versions.

use std::collections::HashMap;

use axum::response::Response;
use chrono_tz::Tz;
use domain::edit_tag::EditTag;
use domain::guarantee::{Stage, Wording};
use domain::ids::{GuaranteeId, PlaceId};
use domain::problem::Problem;
use domain::role::Permission;
use domain::schedule::Schedule;
use leptos::prelude::*;
use serde_json::json;
use store::{GuaranteeRow, PhotoRow, PlaceRow, VersionRow, edit_state};

use super::versions::opening_time;
use super::{
    BackLink, advice, field_labels, parse_id, photos, place_checkboxes, problem, schedule, stage_label,
    transition_list, versions,
};
use crate::addresses;
use crate::error::Error;
use crate::page::{FormErrors, Submission};
use crate::request_context::{Path, SignedIn};
use crate::texts::Texts;

/// What the page of a guarantee shows.
struct GuaranteePage {
    row: GuaranteeRow,
    problem: Problem,
    versions: Vec<VersionRow>,
    places: Vec<PlaceRow>,
    schedules: Vec<(PlaceRow, Schedule)>,
    examples: HashMap<PlaceId, PhotoRow>,
    zone: Tz,
}

pub async fn show(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let page = GuaranteePage::load(&signed_in, parse_id(&id)?).await?;
    let title = page.row.wording.title.to_string();
    Ok(signed_in.page(&title, || guarantee_page(&signed_in, &page, None, &FormErrors::default())))
}

/// The page again, after a transition or a choice of places was refused.
pub async fn rerender(
    signed_in: &SignedIn,
    id: GuaranteeId,
    error: Error,
    chosen: Option<(&[String], EditTag)>,
) -> Result<Response, Error> {
    let page = GuaranteePage::load(signed_in, id).await?;
    let title = page.row.wording.title.to_string();
    let Some((chosen, revision)) = chosen else {
        return signed_in.rerender(error, &title, |errors| guarantee_page(signed_in, &page, None, &errors));
    };
    let name = |_: &str, id: &str| {
        let place = page.places.iter().find(|place| place.id.to_string() == id)?;
        Some(format!("{} · {}", place.site_name, place.name))
    };
    let sent = Submission::new(revision, &json!({ "places": chosen }));
    signed_in.rerender_with_current(error, &title, sent, name, |errors| {
        guarantee_page(signed_in, &page, Some(chosen), &errors)
    })
}

impl GuaranteePage {
    async fn load(signed_in: &SignedIn, id: GuaranteeId) -> Result<Self, Error> {
        let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
        let row = store.guarantee(actor, id).await?.ok_or(Error::NotFound)?;
        let problem = store.problem(actor, row.problem).await?.ok_or(Error::NotFound)?.problem;
        let versions = store.versions(actor, id).await?;
        let places = store.places(actor).await?;
        let zone = store.business(actor).await?.zone;
        let mut schedules = store.schedules(actor, id).await?;
        let scheduled = |place: &PlaceRow| {
            let at = schedules.iter().position(|(id, _)| *id == place.id)?;
            Some((place.clone(), schedules.swap_remove(at).1))
        };
        let schedules = places.iter().filter_map(scheduled).collect();
        let examples = store.example_photos(actor, id).await?;
        Ok(Self { row, problem, versions, places, schedules, examples, zone })
    }
}

fn guarantee_page(
    signed_in: &SignedIn,
    page: &GuaranteePage,
    chosen: Option<&[String]>,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let (texts, may_edit) = (signed_in.context.texts, signed_in.may(Permission::ManageGuarantees));
    let GuaranteePage { row, problem, versions, places, schedules, examples, zone } = page;
    let transitions = may_edit.then(|| transition_list::available(texts, row));
    let advice = (may_edit && !row.public).then(|| advice::section(texts, &row.wording));
    view! {
        <main id="main">
            {header(signed_in, row)}
            {errors.summary(texts)}
            {transitions}
            <div class="two-columns">
                <div class="grid">
                    {wording_section(texts, row, may_edit)}
                    <section class="card grid tight">
                        <h2 class="label">{texts.text("guarantees-problem")}</h2>
                        {problem::quotation(texts, problem)}
                    </section>
                </div>
                <div class="grid">
                    {places_section(texts, row, places, chosen, errors, may_edit)}
                    {schedule_section(texts, row, schedules, may_edit)}
                    {photos::section(texts, row, examples, may_edit)}
                    {advice.flatten()}
                </div>
            </div>
            <section class="card grid" id="versions">
                <h2>{texts.text("guarantees-versions")}</h2>
                {versions::list(texts, versions, *zone)}
            </section>
        </main>
    }
}

fn header(signed_in: &SignedIn, row: &GuaranteeRow) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    let public = row.public.then(|| {
        let to = addresses::public_guarantee(&signed_in.user.business_slug, &row.slug);
        view! { " " <a class="screen-only" href=to>{texts.text("guarantees-public-page")}</a> }
    });
    view! {
        <div class="grid tight">
            <BackLink to=addresses::GUARANTEES label=texts.text("guarantees-title") />
            <h1>{row.wording.title.to_string()}</h1>
            <p class="row">
                {stage_label(texts, row.stage)}
                <span class="muted small">{texts.text_with("guarantees-version", &[("number", row.version.into())])}</span>
            </p>
            <p>{texts.text(stage_key(row.stage))} {public}</p>
        </div>
    }
}

fn wording_section(texts: Texts, row: &GuaranteeRow, may_edit: bool) -> impl IntoView + use<> {
    let wording = &row.wording;
    let criteria = wording.criteria.iter().map(|line| view! { <li>{line.to_string()}</li> });
    let reword = (may_edit && row.stage != Stage::Retired).then(|| {
        let to = addresses::guarantee_wording(row.id);
        view! { <p><a class="btn quiet" href=to>{texts.text("guarantees-wording")}</a></p> }
    });
    view! {
        <section class="card grid" aria-label=texts.text("guarantees-part-promise")>
            <p class="promise">{wording.promise.to_string()}</p>
            <div class="grid tight">
                <h2 class="label">{field_labels::field_label(texts, "criteria")}</h2>
                <ul>{criteria.collect_view()}</ul>
            </div>
            {terms_list(texts, wording)}
            {reword}
        </section>
    }
}

fn terms_list(texts: Texts, wording: &Wording) -> impl IntoView + use<> {
    let Wording { mark, remedy, late_remedy, conditions, how_to_claim, terms, .. } = wording;
    let facts = [
        ("mark", Some(texts.percent(mark.basis_points()))),
        ("remedy", Some(remedy.to_string())),
        ("how_to_claim", Some(how_to_claim.to_string())),
        ("conditions", conditions.as_ref().map(ToString::to_string)),
        ("acknowledge_minutes", Some(opening_time(texts, terms.acknowledge_minutes))),
        ("remedy_minutes", Some(opening_time(texts, terms.remedy_minutes))),
        ("late_remedy", Some(late_remedy.to_string())),
        ("proof", Some(terms.kept_checks_for_trust.to_string())),
    ];
    let each = facts.into_iter().filter_map(|(name, fact)| {
        let fact = fact?;
        Some(view! {
            <dt>{field_labels::field_label(texts, name)}</dt>
            <dd class="user-text">{fact}</dd>
        })
    });
    view! { <dl class="pairs wording">{each.collect_view()}</dl> }
}

fn places_section(
    texts: Texts,
    row: &GuaranteeRow,
    places: &[PlaceRow],
    chosen: Option<&[String]>,
    errors: &FormErrors,
    may_edit: bool,
) -> impl IntoView + use<> {
    let now: Vec<_> = row.places.iter().map(ToString::to_string).collect();
    let inner = if may_edit && row.stage != Stage::Retired {
        let to = addresses::guarantee_places(row.id);
        let save = (!places.is_empty())
            .then(|| view! { <p><button class="btn quiet">{texts.text("guarantees-places-save")}</button></p> });
        view! {
            <form method="post" action=to>
                {errors.revision_field(&EditTag::of(&edit_state::places(row)))}
                {place_checkboxes::checkboxes(texts, places, chosen.unwrap_or(&now), errors)}
                {save}
            </form>
            <p class="print-only">{place_checkboxes::summary(texts, row, places)}</p>
        }
        .into_any()
    } else {
        view! { <p>{place_checkboxes::summary(texts, row, places)}</p> }.into_any()
    };
    view! {
        <section class="card grid tight">
            <h2>{texts.text("guarantees-part-where")}</h2>
            {inner}
        </section>
    }
}

fn schedule_section(
    texts: Texts,
    row: &GuaranteeRow,
    schedules: &[(PlaceRow, Schedule)],
    may_edit: bool,
) -> impl IntoView + use<> {
    let nothing = schedules.is_empty().then(|| view! { <p class="muted">{texts.text("schedules-nothing")}</p> });
    let some = (!schedules.is_empty()).then(|| schedule::list(texts, schedules));
    let choose = (may_edit && row.stage != Stage::Retired && !row.places.is_empty()).then(|| {
        let to = addresses::guarantee_schedule(row.id);
        view! { <p><a class="btn quiet" href=to>{texts.text("schedules-change")}</a></p> }
    });
    view! {
        <section class="card grid tight">
            <h2>{texts.text("schedules-part")}</h2>
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
