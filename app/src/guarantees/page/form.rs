//! The form of a wording: the problem beside it, a hint with an example at every field, the linter.

use domain::guarantee::WordingDraft;
use domain::problem::Problem;
use leptos::prelude::*;

use super::{advice, problem};
use crate::form::{Area, Field, Kind};
use crate::guarantees::linter::Linter;
use crate::page::Trouble;
use crate::texts::Texts;

/// Where the form goes, what its button says, and where one goes who thinks better of it.
pub struct Sending {
    pub to: String,
    pub label: String,
    pub back: String,
}

/// The whole form; `more` stands below the fields of the wording.
pub fn wording(
    texts: Texts,
    about: &Problem,
    draft: &WordingDraft,
    trouble: &Trouble,
    more: AnyView,
    sending: Sending,
) -> impl IntoView + use<> {
    let labels = advice::labels(texts);
    view! {
        <form class="write" method="post" action=sending.to data-draft="browser">
            <aside class="card grid tight what" aria-labelledby="about">
                <h2 class="label" id="about">{texts.say("guarantees-problem")}</h2>
                {problem::quoted(texts, about)}
            </aside>
            <div class="fields">
                {promise(texts, draft, trouble)}
                {remedy(texts, draft, trouble)}
                {terms(texts, draft, trouble)}
                {more}
            </div>
            <div class="beside"><Linter start=draft.clone() labels /></div>
            <p class="row send">
                <button class="btn tall">{sending.label}</button>
                <a class="link" href=sending.back>{texts.say("action-cancel")}</a>
            </p>
        </form>
    }
}

fn promise(texts: Texts, draft: &WordingDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let WordingDraft { title, promise, mark, .. } = draft.clone();
    let criteria = draft.criteria.join("\n");
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <h2>{texts.say("guarantees-part-promise")}</h2>
        <Field name="title" label=field(texts, "title") hint=texts.say("guarantees-hint-title") value=title fault=at("title") required=true autocomplete="off" />
        <Field name="promise" label=field(texts, "promise") hint=texts.say("guarantees-hint-promise") value=promise fault=at("promise") required=true autocomplete="off" />
        <Area name="criteria" label=field(texts, "criteria") hint=texts.say("guarantees-hint-criteria") value=criteria fault=at("criteria") required=true rows=5 />
        <Field name="mark" label=texts.say("guarantees-label-mark") hint=texts.say("guarantees-hint-mark") kind=Kind::Number value=mark fault=at("mark") required=true autocomplete="off" />
    }
}

fn remedy(texts: Texts, draft: &WordingDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let WordingDraft { remedy, conditions, how_to_claim, .. } = draft.clone();
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <h2>{texts.say("guarantees-part-remedy")}</h2>
        <Area name="remedy" label=field(texts, "remedy") hint=texts.say("guarantees-hint-remedy") value=remedy fault=at("remedy") required=true rows=2 />
        <Area name="how_to_claim" label=field(texts, "how_to_claim") hint=texts.say("guarantees-hint-how-to-claim") value=how_to_claim fault=at("how_to_claim") required=true rows=2 />
        <Area name="conditions" label=texts.say("guarantees-label-conditions") hint=texts.say("guarantees-hint-conditions") value=conditions fault=at("conditions") rows=2 />
    }
}

fn terms(texts: Texts, draft: &WordingDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let WordingDraft { acknowledge_minutes, remedy_minutes, late_remedy, proof, .. } = draft.clone();
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <h2>{texts.say("guarantees-part-terms")}</h2>
        <p class="soft">{texts.say("guarantees-part-terms-lead")}</p>
        <Field name="acknowledge_minutes" label=texts.say("guarantees-label-acknowledge") hint=texts.say("guarantees-hint-acknowledge") kind=Kind::Number value=acknowledge_minutes fault=at("acknowledge_minutes") required=true autocomplete="off" />
        <Field name="remedy_minutes" label=texts.say("guarantees-label-remedy-minutes") hint=texts.say("guarantees-hint-remedy-minutes") kind=Kind::Number value=remedy_minutes fault=at("remedy_minutes") required=true autocomplete="off" />
        <Area name="late_remedy" label=field(texts, "late_remedy") hint=texts.say("guarantees-hint-late-remedy") value=late_remedy fault=at("late_remedy") required=true rows=2 />
        <Field name="proof" label=field(texts, "proof") hint=texts.say("guarantees-hint-proof") kind=Kind::Number value=proof fault=at("proof") required=true autocomplete="off" />
    }
}

/// What a field of the wording is called, wherever it is spoken of.
pub fn field(texts: Texts, name: &str) -> String {
    texts.say(match name {
        "title" => "guarantees-field-title",
        "promise" => "guarantees-field-promise",
        "criteria" => "guarantees-field-criteria",
        "mark" => "guarantees-field-mark",
        "remedy" => "guarantees-field-remedy",
        "late_remedy" => "guarantees-field-late-remedy",
        "conditions" => "guarantees-field-conditions",
        "how_to_claim" => "guarantees-field-how-to-claim",
        "acknowledge_minutes" => "guarantees-field-acknowledge",
        "remedy_minutes" => "guarantees-field-remedy-minutes",
        _ => "guarantees-field-proof",
    })
}
