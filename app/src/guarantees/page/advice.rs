//! The texts of the linter, and its advice for pages without the island.

use domain::guarantee::advice::AdviceKind;
use domain::guarantee::{Wording, WordingDraft};
use leptos::prelude::*;

use super::field_labels::field_label;
use crate::guarantees::linter::{FAULTS, FIELDS, LinterTexts, QUOTE_PLACEHOLDER, remarks};
use crate::texts::Texts;

pub fn linter_texts(texts: Texts) -> LinterTexts {
    let quote = [("words", QUOTE_PLACEHOLDER.into())];
    LinterTexts {
        title: texts.text("guarantees-advice-title"),
        lead: texts.text("guarantees-advice-lead"),
        fields: FIELDS.map(|name| field_label(texts, name)).to_vec(),
        faults: FAULTS.map(|fault| texts.fault(fault)).to_vec(),
        rules: AdviceKind::ALL.map(|rule| texts.text_with(rule_key(rule), &quote)).to_vec(),
    }
}

/// Advice on a wording that is not public yet.
pub fn section(texts: Texts, wording: &Wording) -> Option<impl IntoView + use<>> {
    let remarks = remarks(&WordingDraft::from(wording), &[], &linter_texts(texts));
    let each = remarks.iter().map(|one| {
        view! { <li class="lint"><b>{one.name.clone()}</b>" "{one.text.clone()}</li> }
    });
    let each = each.collect_view();
    (!remarks.is_empty()).then(|| {
        view! {
            <section class="card linter">
                <h2>{texts.text("guarantees-advice-title")}</h2>
                <p class="muted small">{texts.text("guarantees-advice-lead")}</p>
                <ul class="lints">{each}</ul>
            </section>
        }
    })
}

fn rule_key(rule: AdviceKind) -> &'static str {
    match rule {
        AdviceKind::Vague => "guarantees-advice-vague",
        AdviceKind::Effort => "guarantees-advice-effort",
        AdviceKind::Soon => "guarantees-advice-soon",
        AdviceKind::Unbounded => "guarantees-advice-unbounded",
        AdviceKind::Unseen => "guarantees-advice-unseen",
        AdviceKind::TooMany => "guarantees-advice-too-many",
        AdviceKind::NoRoom => "guarantees-advice-no-room",
        AdviceKind::Hedged => "guarantees-advice-hedged",
    }
}
