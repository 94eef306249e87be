//! The customer's problem, in the customer's words: where every guarantee begins.

use axum::response::Response;
use domain::problem::{Problem, ProblemDraft};
use leptos::prelude::*;

use super::Back;
use crate::error::Error;
use crate::form::{Area, Field};
use crate::page::{Trouble, go};
use crate::texts::Texts;
use crate::visit::{Form, Inside};

pub async fn ask(inside: Inside) -> Result<Response, Error> {
    let texts = inside.visit.texts;
    let title = texts.say("guarantees-problem-new");
    Ok(inside.page(&title, || form(texts, &ProblemDraft::default(), &Trouble::default())))
}

pub async fn write_down(inside: Inside, Form(draft): Form<ProblemDraft>) -> Result<Response, Error> {
    let written = match draft.parse() {
        Ok(problem) => inside.visit.state.store.add_problem(inside.actor(), &problem).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    let texts = inside.visit.texts;
    match written {
        Ok(id) => Ok(go(&format!("/guarantees/new?problem={id}"))),
        Err(error) => {
            inside.again(error, &texts.say("guarantees-problem-new"), |trouble| form(texts, &draft, &trouble))
        }
    }
}

fn form(texts: Texts, draft: &ProblemDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let ProblemDraft { words, for_whom, not_for_whom } = draft.clone();
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <main id="main" class="slim">
            <div class="grid tight">
                <Back to="/guarantees" label=texts.say("guarantees-title") />
                <h1>{texts.say("guarantees-problem-headline")}</h1>
                <p>{texts.say("guarantees-problem-lead")}</p>
            </div>
            {trouble.summary(texts)}
            <form method="post" action="/problems/new" data-draft="browser">
                <Area name="words" label=texts.say("guarantees-problem-words") hint=texts.say("guarantees-problem-words-hint") value=words fault=at("words") required=true rows=4 />
                <Field name="for_whom" label=texts.say("guarantees-problem-for-whom") hint=texts.say("guarantees-problem-for-whom-hint") value=for_whom fault=at("for_whom") required=true />
                <Field name="not_for_whom" label=texts.say("guarantees-problem-not-for-whom") hint=texts.say("guarantees-problem-not-for-whom-hint") value=not_for_whom fault=at("not_for_whom") />
                <p class="row">
                    <button class="btn">{texts.say("guarantees-problem-save")}</button>
                    <a class="link" href="/guarantees">{texts.say("action-cancel")}</a>
                </p>
            </form>
        </main>
    }
}

/// The problem as it was written down.
pub fn quoted(texts: Texts, problem: &Problem) -> impl IntoView + use<> {
    let not = problem.not_for_whom.as_ref().map(|not| {
        view! {
            <dt>{texts.say("guarantees-not-for-whom")}</dt>
            <dd>{not.to_string()}</dd>
        }
    });
    view! {
        <blockquote class="typed">{problem.words.to_string()}</blockquote>
        <dl class="pairs whom">
            <dt>{texts.say("guarantees-for-whom")}</dt>
            <dd>{problem.for_whom.to_string()}</dd>
            {not}
        </dl>
    }
}
