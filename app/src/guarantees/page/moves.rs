//! The moves of a guarantee: try, publish, suspend, resume, and, asked twice, retire.

use axum::response::Response;
use domain::guarantee::{Move, Refused, decide};
use domain::revision::Revision;
use leptos::prelude::*;
use store::{GuaranteeRow, stands};

use super::{Back, named, one};
use crate::error::Error;
use crate::page::{Trouble, go};
use crate::texts::Texts;
use crate::visit::{Inside, Nothing, Path, Replacing};

pub async fn make(
    inside: Inside,
    Path((id, verb)): Path<(String, String)>,
    Replacing { form: Nothing {}, seen }: Replacing<Nothing>,
) -> Result<Response, Error> {
    let id = named(&id)?;
    let verb = Move::parse(&verb).map_err(|_| Error::NotFound)?;
    match inside.since(&seen).move_guarantee(inside.actor(), id, verb).await {
        Ok(Some(_)) => Ok(go(&format!("/guarantees/{id}"))),
        Ok(None) => Err(Error::NotFound),
        Err(error) => one::again(&inside, id, error.into(), None).await,
    }
}

/// Retiring cannot be taken back: it is asked on a page of its own. The other moves are made where the guarantee stands.
pub async fn confirm(inside: Inside, Path((id, verb)): Path<(String, String)>) -> Result<Response, Error> {
    let verb = Move::parse(&verb).map_err(|_| Error::NotFound)?;
    let store = &inside.visit.state.store;
    let row = store.guarantee(inside.actor(), named(&id)?).await?.ok_or(Error::NotFound)?;
    if verb != Move::Retire || row.stage.after(verb).is_err() {
        return Ok(go(&format!("/guarantees/{}", row.id)));
    }
    let texts = inside.visit.texts;
    Ok(inside.page(&texts.say("guarantees-retire"), || retiring(texts, &row)))
}

fn retiring(texts: Texts, row: &GuaranteeRow) -> impl IntoView + use<> {
    let title = row.wording.title.to_string();
    let back = format!("/guarantees/{}", row.id);
    let to = format!("/guarantees/{}/retire", row.id);
    view! {
        <main id="main" class="slim">
            <div class="grid tight">
                <Back to=back.clone() label=title.clone() />
                <h1>{texts.tell("guarantees-retire-headline", &[("title", title.into())])}</h1>
            </div>
            <p>{texts.say("guarantees-retire-means")}</p>
            <p>{texts.say("guarantees-retire-keeps")}</p>
            <form class="row" method="post" action=to>
                {revision(row)}
                <button class="btn stop">{texts.say("guarantees-retire-yes")}</button>
                <a class="btn quiet" href=back>{texts.say("guarantees-retire-no")}</a>
            </form>
        </main>
    }
}

/// What a move starts from: nobody publishes words that they have not seen.
fn revision(row: &GuaranteeRow) -> impl IntoView + use<> {
    Trouble::default().revision(&Revision::of(&stands::stage(row)))
}

/// What can be done with it now, each with what it means.
pub fn possible(texts: Texts, row: &GuaranteeRow) -> impl IntoView + use<> {
    let decided = |verb: Move| decide(row.stage, verb, row.places.len());
    let waits = row.stage.moves().any(|verb| decided(verb) == Err(Refused::NoPlace));
    let waits = waits.then(|| {
        view! {
            <p class="note warn">
                {texts.say("guarantees-move-needs-place")} " " <a href="#places">{texts.say("guarantees-move-choose-place")}</a>
            </p>
        }
    });
    let each: Vec<_> = row
        .stage
        .moves()
        .filter(|verb| decided(*verb).is_ok())
        .map(|verb| {
            let to = format!("/guarantees/{}/{}", row.id, verb.name());
            let label = texts.say(verb_key(verb));
            let button = if verb == Move::Retire {
                view! { <a class="btn stop" href=to>{label}</a> }.into_any()
            } else {
                let class = if matches!(verb, Move::Publish | Move::Resume) { "btn" } else { "btn quiet" };
                view! { <form method="post" action=to>{revision(row)}<button class=class>{label}</button></form> }
                    .into_any()
            };
            view! { <li>{button}<p class="soft small">{texts.say(means_key(verb))}</p></li> }
        })
        .collect();
    let list = (!each.is_empty()).then(|| view! { <ul class="moves">{each}</ul> });
    view! {
        {waits}
        {list}
    }
}

fn verb_key(verb: Move) -> &'static str {
    match verb {
        Move::Try => "guarantees-try",
        Move::Publish => "guarantees-publish",
        Move::Suspend => "guarantees-suspend",
        Move::Resume => "guarantees-resume",
        Move::Retire => "guarantees-retire",
    }
}

fn means_key(verb: Move) -> &'static str {
    match verb {
        Move::Try => "guarantees-try-means",
        Move::Publish => "guarantees-publish-means",
        Move::Suspend => "guarantees-suspend-means",
        Move::Resume => "guarantees-resume-means",
        Move::Retire => "guarantees-retire-means",
    }
}
