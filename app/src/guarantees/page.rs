//! The pages of guarantees, and their list with what to do next.

use axum::response::Response;
use domain::guarantee::Stage;
use domain::role::Permission;
use leptos::prelude::*;
use store::{GuaranteeRow, PlaceRow, ProblemRow};

use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::icons::ArrowIcon;
use crate::names::guarantee_stage_key;
use crate::request_context::SignedIn;
use crate::texts::Texts;

mod advice;
mod field_labels;
mod form;
mod new;
mod photos;
mod place_checkboxes;
mod places;
mod problem;
pub(crate) mod schedule;
mod show;
mod transition_list;
mod transitions;
mod versions;
mod wording;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::GUARANTEES, Member(Permission::ViewInternal), list)
        .get(addresses::NEW_PROBLEM, Member(Permission::ManageGuarantees), problem::show_new)
        .post(addresses::NEW_PROBLEM, Member(Permission::ManageGuarantees), problem::create)
        .get(addresses::NEW_GUARANTEE, Member(Permission::ManageGuarantees), new::show_new)
        .post(addresses::NEW_GUARANTEE, Member(Permission::ManageGuarantees), new::create)
        .get(addresses::GUARANTEE, Member(Permission::ViewInternal), show::show)
        .get(addresses::GUARANTEE_WORDING, Member(Permission::ManageGuarantees), wording::show)
        .post(addresses::GUARANTEE_WORDING, Member(Permission::ManageGuarantees), wording::change)
        .get(addresses::GUARANTEE_PLACES, Member(Permission::ViewInternal), show::show)
        .post(addresses::GUARANTEE_PLACES, Member(Permission::ManageGuarantees), places::set_places)
        .get(addresses::GUARANTEE_SCHEDULE, Member(Permission::ManageGuarantees), schedule::show)
        .post(addresses::GUARANTEE_SCHEDULE, Member(Permission::ManageGuarantees), schedule::set_schedule)
        .get(addresses::GUARANTEE_PHOTOS, Member(Permission::ManageGuarantees), photos::show)
        .post(addresses::GUARANTEE_PHOTOS, Member(Permission::ManageGuarantees), photos::set_policy)
        .post(addresses::GUARANTEE_EXAMPLE, Member(Permission::ManageGuarantees).with_pictures(), photos::set_example)
        .get(addresses::GUARANTEE_TRANSITION, Member(Permission::ManageGuarantees), transitions::confirm_retirement)
        .post(addresses::GUARANTEE_TRANSITION, Member(Permission::ManageGuarantees), transitions::apply)
}

async fn list(signed_in: SignedIn) -> Result<Response, Error> {
    let store = &signed_in.context.state.store;
    let problems = store.problems(signed_in.actor()).await?;
    let guarantees = store.guarantees(signed_in.actor()).await?;
    let places = store.places(signed_in.actor()).await?;
    let title = signed_in.context.texts.text("guarantees-title");
    Ok(signed_in.page(&title, || {
        if problems.is_empty() {
            empty_page(&signed_in).into_any()
        } else {
            list_page(&signed_in, &problems, &guarantees, &places).into_any()
        }
    }))
}

/// The page before there is any problem. It explains that a problem comes before a promise.
fn empty_page(signed_in: &SignedIn) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    let begin = if signed_in.may(Permission::ManageGuarantees) {
        view! { <p><a class="btn" href=addresses::NEW_PROBLEM>{texts.text("guarantees-problem-new")}</a></p> }
            .into_any()
    } else {
        view! { <p class="muted">{texts.text("guarantees-ask-the-owner")}</p> }.into_any()
    };
    view! {
        <main id="main" class="slim">
            <h1>{texts.text("guarantees-begin-title")}</h1>
            <p>{texts.text("guarantees-begin-lead")}</p>
            <ol class="first-steps">
                <li><b>{texts.text("guarantees-begin-problem")}</b>" "{texts.text("guarantees-begin-problem-how")}</li>
                <li><b>{texts.text("guarantees-begin-promise")}</b>" "{texts.text("guarantees-begin-promise-how")}</li>
                <li><b>{texts.text("guarantees-begin-remedy")}</b>" "{texts.text("guarantees-begin-remedy-how")}</li>
                <li><b>{texts.text("guarantees-begin-places")}</b>" "{texts.text("guarantees-begin-places-how")}</li>
            </ol>
            {begin}
            <p class="muted small">{texts.text("guarantees-begin-name")}</p>
        </main>
    }
}

fn list_page(
    signed_in: &SignedIn,
    problems: &[ProblemRow],
    guarantees: &[GuaranteeRow],
    places: &[PlaceRow],
) -> impl IntoView + use<> {
    let (texts, may_edit) = (signed_in.context.texts, signed_in.may(Permission::ManageGuarantees));
    let published = guarantees.iter().filter(|row| row.stage == Stage::Published).count();
    let next = may_edit.then(|| next_step(texts, guarantees));
    let more = may_edit.then(
        || view! { <p><a class="btn quiet" href=addresses::NEW_PROBLEM>{texts.text("guarantees-problem-more")}</a></p> },
    );
    let each = problems.iter().map(|problem| {
        let answers: Vec<_> = guarantees.iter().filter(|row| row.problem == problem.id).collect();
        problem_section(texts, problem, &answers, places, may_edit)
    });
    view! {
        <main id="main">
            <div class="grid tight">
                <h1>{texts.text_with("guarantees-headline", &[("published", published.into())])}</h1>
                {next}
            </div>
            {each.collect_view()}
            {more}
        </main>
    }
}

/// A problem and its guarantees.
fn problem_section(
    texts: Texts,
    problem: &ProblemRow,
    answers: &[&GuaranteeRow],
    places: &[PlaceRow],
    may_edit: bool,
) -> impl IntoView + use<> {
    let new = may_edit.then(|| {
        let to = addresses::new_guarantee_for_problem(problem.id);
        let class = if answers.is_empty() { "btn" } else { "btn quiet" };
        let label = if answers.is_empty() { "guarantees-new-first" } else { "guarantees-new-more" };
        view! { <p><a class=class href=to>{texts.text(label)}</a></p> }
    });
    let each = answers.iter().map(|row| guarantee_row(texts, row, places)).collect_view();
    let list = (!answers.is_empty()).then(|| view! { <ul class="list">{each}</ul> });
    view! {
        <section class="card grid">
            <div class="grid tight">
                <h2 class="label">{texts.text("guarantees-problem")}</h2>
                {problem::quotation(texts, &problem.problem)}
            </div>
            {list}
            {new}
        </section>
    }
}

fn guarantee_row(texts: Texts, row: &GuaranteeRow, places: &[PlaceRow]) -> impl IntoView + use<> {
    let to = addresses::guarantee(row.id);
    let mark = texts.percent(row.wording.mark.basis_points());
    view! {
        <li class="suggestion">
            <div class="grid tight">
                <h3><a href=to>{row.wording.title.to_string()}</a></h3>
                <p>{row.wording.promise.to_string()}</p>
                <small>
                    {texts.text_with("guarantees-mark-of", &[("mark", mark.into())])} " · " {place_checkboxes::summary(texts, row, places)}
                </small>
            </div>
            {stage_label(texts, row.stage)}
        </li>
    }
}

/// The stage as a label. Text and border tell the stages apart.
fn stage_label(texts: Texts, stage: Stage) -> impl IntoView + use<> {
    view! { <span class=format!("pill stage {}", stage.name())>{texts.text(guarantee_stage_key(stage))}</span> }
}

/// The next step, as a sentence: the first thing that keeps a promise from being public.
fn next_step(texts: Texts, guarantees: &[GuaranteeRow]) -> AnyView {
    let say = |key, wants: &dyn Fn(&GuaranteeRow) -> bool| {
        let waiting: Vec<_> = guarantees.iter().filter(|row| wants(row)).collect();
        let row = waiting.first()?;
        let values = [("count", waiting.len().into()), ("title", row.wording.title.to_string().into())];
        Some((texts.text_with(key, &values), addresses::guarantee(row.id)))
    };
    let draft = |placed: bool| move |row: &GuaranteeRow| row.stage == Stage::Draft && row.places.is_empty() != placed;
    let waits = say("guarantees-next-place", &draft(false))
        .or_else(|| say("guarantees-next-publish", &draft(true)))
        .or_else(|| say("guarantees-next-trial", &|row| row.stage == Stage::Trial))
        .or_else(|| say("guarantees-next-suspended", &|row| row.stage == Stage::Suspended));
    match waits {
        Some((sentence, to)) => {
            view! { <p class="note">{sentence} " " <a href=to>{texts.text("guarantees-next-go")}</a></p> }.into_any()
        }
        None if guarantees.is_empty() => view! { <p>{texts.text("guarantees-next-first")}</p> }.into_any(),
        None => view! { <p class="muted">{texts.text("guarantees-next-nothing")}</p> }.into_any(),
    }
}

/// Parses a path parameter. An invalid id is answered like an unknown one.
fn parse_id<T: std::str::FromStr>(id: &str) -> Result<T, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

#[component]
fn BackLink(#[prop(into)] to: String, #[prop(into)] label: String) -> impl IntoView {
    view! { <a class="link back-link" href=to><ArrowIcon />{label}</a> }
}
