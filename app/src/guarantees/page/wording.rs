//! New words for a guarantee: a new version, and earlier results keep theirs.

use axum::response::Response;
use domain::guarantee::{Refused, Stage, WordingDraft};
use domain::ids::GuaranteeId;
use domain::problem::Problem;
use domain::revision::Revision;
use leptos::prelude::*;
use store::{GuaranteeRow, Store, stands};

use super::form::{self, Sending};
use super::{Back, named};
use crate::error::{Error, Refusal};
use crate::page::{Sent, Trouble, go};
use crate::visit::{Inside, Path, Replacing};

pub async fn ask(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let (row, problem) = current(&inside, named(&id)?).await?;
    if row.stage == Stage::Retired {
        return Err(Refusal::from(Refused::Retired).into());
    }
    let draft = WordingDraft::from(&row.wording);
    let title = inside.visit.texts.say("guarantees-wording");
    Ok(inside.page(&title, || page(&inside, &row, &problem, &draft, &Trouble::default())))
}

pub async fn change(
    inside: Inside,
    Path(id): Path<String>,
    Replacing { form: draft, seen }: Replacing<WordingDraft>,
) -> Result<Response, Error> {
    let id = named(&id)?;
    match reword(&inside, &inside.since(&seen), id, &draft).await {
        Ok(()) => Ok(go(&format!("/guarantees/{id}#versions"))),
        Err(error) => {
            let (row, problem) = current(&inside, id).await?;
            let title = inside.visit.texts.say("guarantees-wording");
            let sent = Sent::new(seen, &draft);
            inside.again_beside(
                error,
                &title,
                sent,
                |_, _| None,
                |trouble| page(&inside, &row, &problem, &draft, &trouble),
            )
        }
    }
}

async fn reword(inside: &Inside, store: &Store, id: GuaranteeId, draft: &WordingDraft) -> Result<(), Error> {
    let wording = draft.parse()?;
    let number = store.reword(inside.actor(), id, &wording).await?;
    number.map(|_| ()).ok_or(Error::NotFound)
}

async fn current(inside: &Inside, id: GuaranteeId) -> Result<(GuaranteeRow, Problem), Error> {
    let store = &inside.visit.state.store;
    let row = store.guarantee(inside.actor(), id).await?.ok_or(Error::NotFound)?;
    let problem = store.problem(inside.actor(), row.problem).await?.ok_or(Error::NotFound)?;
    Ok((row, problem.problem))
}

fn page(
    inside: &Inside,
    row: &GuaranteeRow,
    about: &Problem,
    draft: &WordingDraft,
    trouble: &Trouble,
) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let title = row.wording.title.to_string();
    let back = format!("/guarantees/{}", row.id);
    let public = row.public;
    let sending = Sending {
        to: format!("/guarantees/{}/wording", row.id),
        label: texts.say(if public { "guarantees-wording-publish" } else { "guarantees-wording-save" }),
        back: back.clone(),
    };
    let revision = trouble.revision(&Revision::of(&stands::wording(row))).into_any();
    let version = [("number", (row.version + 1).into())];
    let at_once = public.then(|| view! { <p><b>{texts.say("guarantees-wording-public")}</b></p> });
    view! {
        <main id="main">
            <div class="grid tight">
                <Back to=back label=title.clone() />
                <h1>{texts.tell("guarantees-wording-headline", &[("title", title.into())])}</h1>
            </div>
            <div class="note">
                <p>{texts.tell("guarantees-wording-version", &version)}</p>
                {at_once}
            </div>
            {trouble.summary(texts)}
            {form::wording(texts, about, draft, trouble, revision, sending)}
        </main>
    }
}
