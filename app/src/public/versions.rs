//! How the wording of a guarantee changed, in the open: every result was judged by the version of its day.

use domain::guarantee::{Wording, difference};
use leptos::prelude::*;
use store::{Detail, VersionRow};

use super::guarantee::worked;
use super::reader::Reader;
use crate::texts::Texts;

pub fn card(reader: &Reader, detail: &Detail) -> Option<impl IntoView + use<>> {
    let texts = reader.texts;
    let current = detail.versions.first()?;
    let said = [("version", current.number.into()), ("day", reader.day(current.created_at).into())];
    let earlier = detail.versions.iter().skip(1).map(Some).chain([None]);
    let each = detail.versions.iter().zip(earlier).map(|(version, before)| entry(reader, version, before));
    Some(view! {
        <section class="grid tight">
            <h2>{texts.say("public-versions")}</h2>
            <p>{texts.tell("public-version-now", &said)}</p>
            <details>
                <summary>{texts.tell("public-versions-open", &[("count", detail.versions.len().into())])}</summary>
                <div class="grid">{each.collect_view()}</div>
            </details>
        </section>
    })
}

fn entry(reader: &Reader, version: &VersionRow, before: Option<&VersionRow>) -> impl IntoView + use<> {
    let texts = reader.texts;
    let named = [("version", version.number.into()), ("day", reader.day(version.created_at).into())];
    let changes = match before {
        Some(before) => changes(reader, &before.wording, &version.wording).into_any(),
        None => view! { <p>{texts.say("public-version-first")}</p> }.into_any(),
    };
    view! {
        <div class="grid tight">
            <h3>{texts.tell("public-version", &named)}</h3>
            {changes}
        </div>
    }
}

fn changes(reader: &Reader, old: &Wording, new: &Wording) -> impl IntoView + use<> {
    let (texts, theirs) = (reader.texts, reader.theirs());
    let each = difference(old, new).into_iter().map(|(field, before, after)| {
        let before = shown(texts, field, old, before);
        let after = shown(texts, field, new, after);
        view! {
            <dt>{texts.say(name(field))}</dt>
            <dd class="typed" lang=theirs>
                {(!before.is_empty()).then(|| view! { <del>{before}</del> " " })}
                {(!after.is_empty()).then(|| view! { <ins>{after}</ins> })}
            </dd>
        }
    });
    view! { <dl class="pairs">{each.collect_view()}</dl> }
}

/// Numbers with what they count.
fn shown(texts: Texts, field: &str, wording: &Wording, text: String) -> String {
    match field {
        "mark" => texts.percent(wording.mark.basis_points()),
        "acknowledge_minutes" => worked(texts, wording.terms.acknowledge_minutes),
        "remedy_minutes" => worked(texts, wording.terms.remedy_minutes),
        _ => text,
    }
}

fn name(field: &str) -> &'static str {
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
