//! The transitions that are possible now, each with its explanation.

use domain::edit_tag::EditTag;
use domain::guarantee::{GuaranteeError, Transition, transition};
use leptos::prelude::*;
use store::{GuaranteeRow, edit_state};

use crate::addresses;
use crate::page::FormErrors;
use crate::texts::Texts;

/// The revision a transition is based on: nobody publishes a wording they have not seen.
pub fn stage_revision(row: &GuaranteeRow) -> impl IntoView + use<> {
    FormErrors::default().revision_field(&EditTag::of(&edit_state::stage(row)))
}

pub fn available(texts: Texts, row: &GuaranteeRow) -> impl IntoView + use<> {
    let attempt = |verb: Transition| transition(row.stage, verb, row.places.len());
    let needs_place = row.stage.transitions().any(|verb| attempt(verb) == Err(GuaranteeError::NoPlace));
    let needs_place = needs_place.then(|| {
        view! {
            <p class="note warn">
                {texts.text("guarantees-move-needs-place")} " " <a href="#places">{texts.text("guarantees-move-choose-place")}</a>
            </p>
        }
    });
    let each: Vec<_> = row
        .stage
        .transitions()
        .filter(|verb| attempt(*verb).is_ok())
        .map(|verb| {
            let to = addresses::guarantee_transition(row.id, verb.name());
            let label = texts.text(verb_key(verb));
            let button = if verb == Transition::Retire {
                view! { <a class="btn stop" href=to>{label}</a> }.into_any()
            } else {
                let class = if matches!(verb, Transition::Publish | Transition::Resume) { "btn" } else { "btn quiet" };
                view! { <form method="post" action=to>{stage_revision(row)}<button class=class>{label}</button></form> }
                    .into_any()
            };
            view! { <li>{button}<p class="muted small">{texts.text(explanation_key(verb))}</p></li> }
        })
        .collect();
    let list = (!each.is_empty()).then(|| view! { <ul class="moves">{each}</ul> });
    view! {
        {needs_place}
        {list}
    }
}

fn verb_key(verb: Transition) -> &'static str {
    match verb {
        Transition::Try => "guarantees-try",
        Transition::Publish => "guarantees-publish",
        Transition::Suspend => "guarantees-suspend",
        Transition::Resume => "guarantees-resume",
        Transition::Retire => "guarantees-retire",
    }
}

fn explanation_key(verb: Transition) -> &'static str {
    match verb {
        Transition::Try => "guarantees-try-means",
        Transition::Publish => "guarantees-publish-means",
        Transition::Suspend => "guarantees-suspend-means",
        Transition::Resume => "guarantees-resume-means",
        Transition::Retire => "guarantees-retire-means",
    }
}
