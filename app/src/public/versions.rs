//! The versions of a guarantee's wording. Every result was judged by the version of its day.

use domain::guarantee::{Wording, wording_diff};
use leptos::prelude::*;
use store::{GuaranteeDetail, VersionRow};

use super::context::PublicContext;
use crate::texts::Texts;

pub fn card(context: &PublicContext, detail: &GuaranteeDetail) -> Option<impl IntoView + use<>> {
    let texts = context.texts;
    let current = detail.versions.first()?;
    let args = [("version", current.number.into()), ("day", context.date(current.created_at).into())];
    let earlier = detail.versions.iter().skip(1).map(Some).chain([None]);
    let items =
        detail.versions.iter().zip(earlier).map(|(version, previous)| version_entry(context, version, previous));
    Some(view! {
        <section class="grid tight">
            <h2>{texts.text("public-versions")}</h2>
            <p>{texts.text_with("public-version-now", &args)}</p>
            <details>
                <summary>{texts.text_with("public-versions-open", &[("count", detail.versions.len().into())])}</summary>
                <div class="grid">{items.collect_view()}</div>
            </details>
        </section>
    })
}

fn version_entry(
    context: &PublicContext,
    version: &VersionRow,
    previous: Option<&VersionRow>,
) -> impl IntoView + use<> {
    let texts = context.texts;
    let args = [("version", version.number.into()), ("day", context.date(version.created_at).into())];
    let changes = match previous {
        Some(previous) => diff(context, &previous.wording, &version.wording).into_any(),
        None => view! { <p>{texts.text("public-version-first")}</p> }.into_any(),
    };
    view! {
        <div class="grid tight">
            <h3>{texts.text_with("public-version", &args)}</h3>
            {changes}
        </div>
    }
}

fn diff(context: &PublicContext, old: &Wording, new: &Wording) -> impl IntoView + use<> {
    let (texts, foreign_language) = (context.texts, context.foreign_language());
    let items = wording_diff(old, new).into_iter().map(|(field, previous, after)| {
        let previous = value_text(texts, field, old, previous);
        let after = value_text(texts, field, new, after);
        view! {
            <dt>{texts.text(key_of_field(field))}</dt>
            <dd class="user-text" lang=foreign_language>
                {(!previous.is_empty()).then(|| view! { <del>{previous}</del> " " })}
                {(!after.is_empty()).then(|| view! { <ins>{after}</ins> })}
            </dd>
        }
    });
    view! { <dl class="pairs">{items.collect_view()}</dl> }
}

/// Adds units to numbers.
fn value_text(texts: Texts, field: &str, wording: &Wording, text: String) -> String {
    match field {
        "mark" => texts.percent(wording.mark.basis_points()),
        "acknowledge_minutes" => texts.opening_time(wording.terms.acknowledge_minutes),
        "remedy_minutes" => texts.opening_time(wording.terms.remedy_minutes),
        _ => text,
    }
}

fn key_of_field(field: &str) -> &'static str {
    match field {
        "title" => "public-field-title",
        "promise" => "public-field-promise",
        "criteria" => "public-criteria",
        "mark" => "public-field-mark",
        "remedy" => "public-remedy",
        "late_remedy" => "public-late-remedy",
        "conditions" => "public-conditions",
        "how_to_claim" => "public-claim",
        "acknowledge_minutes" => "public-field-acknowledge",
        "remedy_minutes" => "public-field-make-good",
        _ => "public-field-proof",
    }
}
