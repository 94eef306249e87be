//! The form of a wording: the problem beside it, a hint with an example for every field, and the linter.

use domain::guarantee::WordingDraft;
use domain::problem::Problem;
use leptos::prelude::*;

use super::field_labels::field_label;
use super::{advice, problem};
use crate::form::{Area, Field, InputKind};
use crate::guarantees::linter::Linter;
use crate::page::FormErrors;
use crate::texts::Texts;

/// The address the form is sent to, the label of its button, and the address of its cancel link.
pub struct FormTarget {
    pub to: String,
    pub label: String,
    pub back: String,
}

/// The whole form. `more` is shown below the fields of the wording.
pub fn wording_form(
    texts: Texts,
    problem: &Problem,
    draft: &WordingDraft,
    errors: &FormErrors,
    more: AnyView,
    target: FormTarget,
) -> impl IntoView + use<> {
    let labels = advice::linter_texts(texts);
    view! {
        <form class="wording-form" method="post" action=target.to data-draft="browser">
            <aside class="card grid tight wording-about" aria-labelledby="about">
                <h2 class="label" id="about">{texts.text("guarantees-problem")}</h2>
                {problem::quotation(texts, problem)}
            </aside>
            <div class="fields">
                {promise_fields(texts, draft, errors)}
                {remedy_fields(texts, draft, errors)}
                {terms_fields(texts, draft, errors)}
                {more}
            </div>
            <div class="wording-advice"><Linter start=draft.clone() labels /></div>
            <p class="row wording-submit">
                <button class="btn tall">{target.label}</button>
                <a class="link" href=target.back>{texts.text("action-cancel")}</a>
            </p>
        </form>
    }
}

fn promise_fields(texts: Texts, draft: &WordingDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let WordingDraft { title, promise, mark, .. } = draft.clone();
    let criteria = draft.criteria.join("\n");
    let at = |field: &str| errors.for_field(texts, field);
    view! {
        <h2>{texts.text("guarantees-part-promise")}</h2>
        <Field name="title" label=field_label(texts, "title") hint=texts.text("guarantees-hint-title") value=title fault=at("title") required=true autocomplete="off" />
        <Field name="promise" label=field_label(texts, "promise") hint=texts.text("guarantees-hint-promise") value=promise fault=at("promise") required=true autocomplete="off" />
        <Area name="criteria" label=field_label(texts, "criteria") hint=texts.text("guarantees-hint-criteria") value=criteria fault=at("criteria") required=true rows=5 />
        <Field name="mark" label=texts.text("guarantees-label-mark") hint=texts.text("guarantees-hint-mark") kind=InputKind::Number value=mark fault=at("mark") required=true autocomplete="off" />
    }
}

fn remedy_fields(texts: Texts, draft: &WordingDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let WordingDraft { remedy, conditions, how_to_claim, .. } = draft.clone();
    let at = |field: &str| errors.for_field(texts, field);
    view! {
        <h2>{texts.text("guarantees-part-remedy")}</h2>
        <Area name="remedy" label=field_label(texts, "remedy") hint=texts.text("guarantees-hint-remedy") value=remedy fault=at("remedy") required=true rows=2 />
        <Area name="how_to_claim" label=field_label(texts, "how_to_claim") hint=texts.text("guarantees-hint-how-to-claim") value=how_to_claim fault=at("how_to_claim") required=true rows=2 />
        <Area name="conditions" label=texts.text("guarantees-label-conditions") hint=texts.text("guarantees-hint-conditions") value=conditions fault=at("conditions") rows=2 />
    }
}

fn terms_fields(texts: Texts, draft: &WordingDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let WordingDraft { acknowledge_minutes, remedy_minutes, late_remedy, proof, .. } = draft.clone();
    let at = |field: &str| errors.for_field(texts, field);
    view! {
        <h2>{texts.text("guarantees-part-terms")}</h2>
        <p class="muted">{texts.text("guarantees-part-terms-lead")}</p>
        <Field name="acknowledge_minutes" label=texts.text("guarantees-label-acknowledge") hint=texts.text("guarantees-hint-acknowledge") kind=InputKind::Number value=acknowledge_minutes fault=at("acknowledge_minutes") required=true autocomplete="off" />
        <Field name="remedy_minutes" label=texts.text("guarantees-label-remedy-minutes") hint=texts.text("guarantees-hint-remedy-minutes") kind=InputKind::Number value=remedy_minutes fault=at("remedy_minutes") required=true autocomplete="off" />
        <Area name="late_remedy" label=field_label(texts, "late_remedy") hint=texts.text("guarantees-hint-late-remedy") value=late_remedy fault=at("late_remedy") required=true rows=2 />
        <Field name="proof" label=field_label(texts, "proof") hint=texts.text("guarantees-hint-proof") kind=InputKind::Number value=proof fault=at("proof") required=true autocomplete="off" />
    }
}
