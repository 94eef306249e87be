//! A new problem, in the customer's words.

use axum::response::Response;
use domain::problem::{Problem, ProblemDraft};
use leptos::prelude::*;

use super::BackLink;
use crate::addresses;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Area, Field};
use crate::page::FormErrors;
use crate::request_context::{Form, SignedIn};
use crate::texts::Texts;

pub async fn show_new(signed_in: SignedIn) -> Result<Response, Error> {
    let texts = signed_in.context.texts;
    let title = texts.text("guarantees-problem-new");
    Ok(signed_in.page(&title, || new_page(texts, &ProblemDraft::default(), &FormErrors::default())))
}

pub async fn create(signed_in: SignedIn, Form(draft): Form<ProblemDraft>) -> Result<Response, Error> {
    let created = match draft.parse() {
        Ok(problem) => {
            signed_in.context.state.store.add_problem(signed_in.actor(), &problem).await.map_err(Error::from)
        }
        Err(faults) => Err(faults.into()),
    };
    let texts = signed_in.context.texts;
    match created {
        Ok(id) => Ok(signed_in.saved(&addresses::new_guarantee_for_problem(id), Flash::ProblemAdded)),
        Err(error) => {
            signed_in.rerender(error, &texts.text("guarantees-problem-new"), |errors| new_page(texts, &draft, &errors))
        }
    }
}

fn new_page(texts: Texts, draft: &ProblemDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let ProblemDraft { words, for_whom, not_for_whom } = draft.clone();
    let at = |field: &str| errors.for_field(texts, field);
    view! {
        <main id="main" class="slim">
            <div class="grid tight">
                <BackLink to=addresses::GUARANTEES label=texts.text("guarantees-title") />
                <h1>{texts.text("guarantees-problem-headline")}</h1>
                <p>{texts.text("guarantees-problem-lead")}</p>
            </div>
            {errors.summary(texts)}
            <form method="post" action=addresses::NEW_PROBLEM data-draft="browser">
                <Area name="words" label=texts.text("guarantees-problem-words") hint=texts.text("guarantees-problem-words-hint") value=words fault=at("words") required=true rows=4 />
                <Field name="for_whom" label=texts.text("guarantees-problem-for-whom") hint=texts.text("guarantees-problem-for-whom-hint") value=for_whom fault=at("for_whom") required=true />
                <Field name="not_for_whom" label=texts.text("guarantees-problem-not-for-whom") hint=texts.text("guarantees-problem-not-for-whom-hint") value=not_for_whom fault=at("not_for_whom") />
                <p class="row">
                    <button class="btn">{texts.text("guarantees-problem-save")}</button>
                    <a class="link" href=addresses::GUARANTEES>{texts.text("action-cancel")}</a>
                </p>
            </form>
        </main>
    }
}

/// The problem as a quotation.
pub fn quotation(texts: Texts, problem: &Problem) -> impl IntoView + use<> {
    let not = problem.not_for_whom.as_ref().map(|not| {
        view! {
            <dt>{texts.text("guarantees-not-for-whom")}</dt>
            <dd>{not.to_string()}</dd>
        }
    });
    view! {
        <blockquote class="user-text">{problem.words.to_string()}</blockquote>
        <dl class="pairs audience">
            <dt>{texts.text("guarantees-for-whom")}</dt>
            <dd>{problem.for_whom.to_string()}</dd>
            {not}
        </dl>
    }
}
