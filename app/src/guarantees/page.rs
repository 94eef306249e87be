//! The pages of guarantees, and the list: what is promised, and what to do next.

use axum::response::Response;
use domain::actor::Act;
use domain::guarantee::Stage;
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow, ProblemRow};

use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::icons::ArrowIcon;
use crate::page::guarantee_stage;
use crate::texts::Texts;
use crate::visit::Inside;

mod advice;
mod form;
mod moves;
mod new;
mod one;
mod photos;
mod places;
mod problem;
pub(crate) mod schedule;
mod versions;
mod wording;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/guarantees", Member(Act::Read), list)
        .get("/problems/new", Member(Act::Define), problem::ask)
        .post("/problems/new", Member(Act::Define), problem::write_down)
        .get("/guarantees/new", Member(Act::Define), new::ask)
        .post("/guarantees/new", Member(Act::Define), new::make)
        .get("/guarantees/{id}", Member(Act::Read), one::show)
        .get("/guarantees/{id}/wording", Member(Act::Define), wording::ask)
        .post("/guarantees/{id}/wording", Member(Act::Define), wording::change)
        .get("/guarantees/{id}/places", Member(Act::Read), one::show)
        .post("/guarantees/{id}/places", Member(Act::Define), places::choose)
        .get("/guarantees/{id}/schedule", Member(Act::Define), schedule::ask)
        .post("/guarantees/{id}/schedule", Member(Act::Define), schedule::choose)
        .get("/guarantees/{id}/photos", Member(Act::Define), photos::ask)
        .post("/guarantees/{id}/photos", Member(Act::Define), photos::choose)
        .post("/guarantees/{id}/example", Member(Act::Define), photos::show_example)
        .get("/guarantees/{id}/{verb}", Member(Act::Define), moves::confirm)
        .post("/guarantees/{id}/{verb}", Member(Act::Define), moves::make)
}

async fn list(inside: Inside) -> Result<Response, Error> {
    let store = &inside.visit.state.store;
    let problems = store.problems(inside.actor()).await?;
    let guarantees = store.guarantees(inside.actor()).await?;
    let places = store.places(inside.actor()).await?;
    let title = inside.visit.texts.say("guarantees-title");
    Ok(inside.page(&title, || {
        if problems.is_empty() {
            beginning(&inside).into_any()
        } else {
            all(&inside, &problems, &guarantees, &places).into_any()
        }
    }))
}

/// Whoever comes here first learns that the problem comes before the promise.
fn beginning(inside: &Inside) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let begin = if inside.may(Act::Define) {
        view! { <p><a class="btn" href="/problems/new">{texts.say("guarantees-problem-new")}</a></p> }.into_any()
    } else {
        view! { <p class="soft">{texts.say("guarantees-ask-the-owner")}</p> }.into_any()
    };
    view! {
        <main id="main" class="slim">
            <h1>{texts.say("guarantees-begin-title")}</h1>
            <p>{texts.say("guarantees-begin-lead")}</p>
            <ol class="way">
                <li><b>{texts.say("guarantees-begin-problem")}</b>" "{texts.say("guarantees-begin-problem-how")}</li>
                <li><b>{texts.say("guarantees-begin-promise")}</b>" "{texts.say("guarantees-begin-promise-how")}</li>
                <li><b>{texts.say("guarantees-begin-remedy")}</b>" "{texts.say("guarantees-begin-remedy-how")}</li>
                <li><b>{texts.say("guarantees-begin-places")}</b>" "{texts.say("guarantees-begin-places-how")}</li>
            </ol>
            {begin}
            <p class="soft small">{texts.say("guarantees-begin-story")}</p>
        </main>
    }
}

fn all(
    inside: &Inside,
    problems: &[ProblemRow],
    guarantees: &[GuaranteeRow],
    places: &[PlaceRow],
) -> impl IntoView + use<> {
    let (texts, defines) = (inside.visit.texts, inside.may(Act::Define));
    let published = guarantees.iter().filter(|row| row.stage == Stage::Published).count();
    let next = defines.then(|| next(texts, guarantees));
    let more = defines
        .then(|| view! { <p><a class="btn quiet" href="/problems/new">{texts.say("guarantees-problem-more")}</a></p> });
    let each = problems.iter().map(|problem| {
        let answers: Vec<_> = guarantees.iter().filter(|row| row.problem == problem.id).collect();
        group(texts, problem, &answers, places, defines)
    });
    view! {
        <main id="main">
            <div class="grid tight">
                <h1>{texts.tell("guarantees-headline", &[("published", published.into())])}</h1>
                {next}
            </div>
            {each.collect_view()}
            {more}
        </main>
    }
}

/// A problem, and the guarantees that answer it.
fn group(
    texts: Texts,
    problem: &ProblemRow,
    answers: &[&GuaranteeRow],
    places: &[PlaceRow],
    defines: bool,
) -> impl IntoView + use<> {
    let new = defines.then(|| {
        let to = format!("/guarantees/new?problem={}", problem.id);
        let class = if answers.is_empty() { "btn" } else { "btn quiet" };
        let label = if answers.is_empty() { "guarantees-new-first" } else { "guarantees-new-more" };
        view! { <p><a class=class href=to>{texts.say(label)}</a></p> }
    });
    let each = answers.iter().map(|row| item(texts, row, places)).collect_view();
    let list = (!answers.is_empty()).then(|| view! { <ul class="list">{each}</ul> });
    view! {
        <section class="card grid">
            <div class="grid tight">
                <h2 class="label">{texts.say("guarantees-problem")}</h2>
                {problem::quoted(texts, &problem.problem)}
            </div>
            {list}
            {new}
        </section>
    }
}

fn item(texts: Texts, row: &GuaranteeRow, places: &[PlaceRow]) -> impl IntoView + use<> {
    let to = format!("/guarantees/{}", row.id);
    let mark = texts.percent(row.wording.mark.basis_points());
    view! {
        <li class="offer">
            <div class="grid tight">
                <h3><a href=to>{row.wording.title.to_string()}</a></h3>
                <p>{row.wording.promise.to_string()}</p>
                <small>
                    {texts.tell("guarantees-mark-of", &[("mark", mark.into())])} " · " {places::promised(texts, row, places)}
                </small>
            </div>
            {stage(texts, row.stage)}
        </li>
    }
}

/// The stage as a sign: told apart by its word and its border.
fn stage(texts: Texts, stage: Stage) -> impl IntoView + use<> {
    view! { <span class=format!("pill stage {}", stage.name())>{texts.say(guarantee_stage(stage))}</span> }
}

/// What to do next, as a sentence: the first thing that keeps a promise from standing in public.
fn next(texts: Texts, guarantees: &[GuaranteeRow]) -> AnyView {
    let say = |key, wants: &dyn Fn(&GuaranteeRow) -> bool| {
        let waiting: Vec<_> = guarantees.iter().filter(|row| wants(row)).collect();
        let row = waiting.first()?;
        let values = [("count", waiting.len().into()), ("title", row.wording.title.to_string().into())];
        Some((texts.tell(key, &values), format!("/guarantees/{}", row.id)))
    };
    let draft = |placed: bool| move |row: &GuaranteeRow| row.stage == Stage::Draft && row.places.is_empty() != placed;
    let waits = say("guarantees-next-place", &draft(false))
        .or_else(|| say("guarantees-next-publish", &draft(true)))
        .or_else(|| say("guarantees-next-trial", &|row| row.stage == Stage::Trial))
        .or_else(|| say("guarantees-next-suspended", &|row| row.stage == Stage::Suspended));
    match waits {
        Some((sentence, to)) => {
            view! { <p class="note">{sentence} " " <a href=to>{texts.say("guarantees-next-go")}</a></p> }.into_any()
        }
        None if guarantees.is_empty() => view! { <p>{texts.say("guarantees-next-first")}</p> }.into_any(),
        None => view! { <p class="soft">{texts.say("guarantees-next-nothing")}</p> }.into_any(),
    }
}

/// What an address names: nothing is there under an identifier that is none.
fn named<T: std::str::FromStr>(id: &str) -> Result<T, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

#[component]
fn Back(#[prop(into)] to: String, #[prop(into)] label: String) -> impl IntoView {
    view! { <a class="link back" href=to><ArrowIcon />{label}</a> }
}
