//! Rewording a guarantee. This makes a new version; earlier results keep the version they were judged by.

use axum::response::Response;
use domain::edit_tag::EditTag;
use domain::guarantee::{GuaranteeError, Stage, WordingDraft};
use domain::ids::GuaranteeId;
use domain::problem::Problem;
use leptos::prelude::*;
use store::{GuaranteeRow, Store, edit_state};

use super::form::{self, FormTarget};
use super::{BackLink, parse_id};
use crate::addresses;
use crate::error::{Conflict, Error};
use crate::flash::Flash;
use crate::page::{FormErrors, Submission};
use crate::request_context::{Path, SignedIn, VersionedForm};

pub async fn show(signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Error> {
    let (row, problem) = load(&signed_in, parse_id(&id)?).await?;
    if row.stage == Stage::Retired {
        return Err(Conflict::from(GuaranteeError::Retired).into());
    }
    let draft = WordingDraft::from(&row.wording);
    let title = signed_in.context.texts.text("guarantees-wording");
    Ok(signed_in.page(&title, || wording_page(&signed_in, &row, &problem, &draft, &FormErrors::default())))
}

pub async fn change(
    signed_in: SignedIn,
    Path(id): Path<String>,
    VersionedForm { form: draft, revision }: VersionedForm<WordingDraft>,
) -> Result<Response, Error> {
    let id = parse_id(&id)?;
    match reword(&signed_in, &signed_in.store_at(&revision), id, &draft).await {
        Ok(()) => Ok(signed_in.saved(&addresses::guarantee_versions(id), Flash::WordingSaved)),
        Err(error) => {
            let (row, problem) = load(&signed_in, id).await?;
            let title = signed_in.context.texts.text("guarantees-wording");
            let sent = Submission::new(revision, &draft);
            signed_in.rerender_with_current(
                error,
                &title,
                sent,
                |_, _| None,
                |errors| wording_page(&signed_in, &row, &problem, &draft, &errors),
            )
        }
    }
}

async fn reword(signed_in: &SignedIn, store: &Store, id: GuaranteeId, draft: &WordingDraft) -> Result<(), Error> {
    let wording = draft.parse()?;
    let number = store.reword(signed_in.actor(), id, &wording).await?;
    number.map(|_| ()).ok_or(Error::NotFound)
}

async fn load(signed_in: &SignedIn, id: GuaranteeId) -> Result<(GuaranteeRow, Problem), Error> {
    let store = &signed_in.context.state.store;
    let row = store.guarantee(signed_in.actor(), id).await?.ok_or(Error::NotFound)?;
    let problem = store.problem(signed_in.actor(), row.problem).await?.ok_or(Error::NotFound)?;
    Ok((row, problem.problem))
}

fn wording_page(
    signed_in: &SignedIn,
    row: &GuaranteeRow,
    problem: &Problem,
    draft: &WordingDraft,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    let title = row.wording.title.to_string();
    let back = addresses::guarantee(row.id);
    let public = row.public;
    let target = FormTarget {
        to: addresses::guarantee_wording(row.id),
        label: texts.text(if public { "guarantees-wording-publish" } else { "guarantees-wording-save" }),
        back: back.clone(),
    };
    let revision = errors.revision_field(&EditTag::of(&edit_state::wording(row))).into_any();
    let version = [("number", (row.version + 1).into())];
    let at_once = public.then(|| view! { <p><b>{texts.text("guarantees-wording-public")}</b></p> });
    view! {
        <main id="main">
            <div class="grid tight">
                <BackLink to=back label=title.clone() />
                <h1>{texts.text_with("guarantees-wording-headline", &[("title", title.into())])}</h1>
            </div>
            <div class="note">
                <p>{texts.text_with("guarantees-wording-version", &version)}</p>
                {at_once}
            </div>
            {errors.summary(texts)}
            {form::wording_form(texts, problem, draft, errors, revision, target)}
        </main>
    }
}
