//! The words of the linter, and its advice for those without the linter.

use domain::guarantee::advice::Rule;
use domain::guarantee::{Wording, WordingDraft};
use leptos::prelude::*;

use super::form::field;
use crate::guarantees::linter::{FAULTS, FIELDS, Labels, QUOTE, remarks};
use crate::texts::Texts;

pub fn labels(texts: Texts) -> Labels {
    let quote = [("words", QUOTE.into())];
    Labels {
        title: texts.say("guarantees-advice-title"),
        lead: texts.say("guarantees-advice-lead"),
        fields: FIELDS.map(|name| field(texts, name)).to_vec(),
        faults: FAULTS.map(|fault| texts.fault(fault)).to_vec(),
        rules: Rule::ALL.map(|rule| texts.tell(rule_key(rule), &quote)).to_vec(),
    }
}

/// What could be said better before it stands in public, if anything.
pub fn before_the_public(texts: Texts, wording: &Wording) -> Option<impl IntoView + use<>> {
    let remarks = remarks(&WordingDraft::from(wording), &[], &labels(texts));
    let each = remarks.iter().map(|one| {
        view! { <li class="lint"><b>{one.name.clone()}</b>" "{one.text.clone()}</li> }
    });
    let each = each.collect_view();
    (!remarks.is_empty()).then(|| {
        view! {
            <section class="card linter">
                <h2>{texts.say("guarantees-advice-title")}</h2>
                <p class="soft small">{texts.say("guarantees-advice-lead")}</p>
                <ul class="lints">{each}</ul>
            </section>
        }
    })
}

fn rule_key(rule: Rule) -> &'static str {
    match rule {
        Rule::Vague => "guarantees-advice-vague",
        Rule::Effort => "guarantees-advice-effort",
        Rule::Soon => "guarantees-advice-soon",
        Rule::Unbounded => "guarantees-advice-unbounded",
        Rule::Unseen => "guarantees-advice-unseen",
        Rule::TooMany => "guarantees-advice-too-many",
        Rule::NoRoom => "guarantees-advice-no-room",
        Rule::Hedged => "guarantees-advice-hedged",
    }
}
