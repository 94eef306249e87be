//! New words for a guarantee: a new version, and earlier results keep theirs.

use axum::response::Response;
use domain::guarantee::{Refused, Stage, WordingDraft};
use domain::ids::GuaranteeId;
use domain::problem::Problem;
use leptos::prelude::*;
use store::GuaranteeRow;

use super::form::{self, Sending};
use super::{Back, named};
use crate::error::{Error, Refusal};
use crate::page::{Trouble, go};
use crate::visit::{Form, Inside, Path};

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
    Form(draft): Form<WordingDraft>,
) -> Result<Response, Error> {
    let id = named(&id)?;
    match reword(&inside, id, &draft).await {
        Ok(()) => Ok(go(&format!("/guarantees/{id}#versions"))),
        Err(error) => {
            let (row, problem) = current(&inside, id).await?;
            let title = inside.visit.texts.say("guarantees-wording");
            inside.again(error, &title, |trouble| page(&inside, &row, &problem, &draft, &trouble))
        }
    }
}

async fn reword(inside: &Inside, id: GuaranteeId, draft: &WordingDraft) -> Result<(), Error> {
    let wording = draft.parse()?;
    let number = inside.visit.state.store.reword(inside.actor(), id, &wording).await?;
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
            {form::wording(texts, about, draft, trouble, ().into_any(), sending)}
        </main>
    }
}
