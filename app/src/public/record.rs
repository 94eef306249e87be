//! The record: the latest entries as text on a page, and a download of all entries.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State as Shared};
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use domain::record::{Hash, Head};
use domain::verdict::Verdict;
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use leptos::prelude::*;
use serde::Serialize;
use serde_json::Value;
use store::{Charter, RecordLine, RevealedText};

use super::PublicPath;
use super::context::PublicContext;
use super::layout::{PageMeta, document, not_found_page};
use super::method;
use crate::addresses;
use crate::error::Error;
use crate::request_context::language;
use crate::script_policy::NoScript;
use crate::state::AppState;
use crate::texts::Texts;
use domain::business::Language;

/// How many entries the page shows.
pub const SHOWN_ENTRIES: i64 = 20;

/// An entry in the download. Its time is written as it was hashed, so that the hash can be recomputed from the line.
#[derive(Serialize)]
struct DownloadLine<'l> {
    seq: i64,
    at: String,
    kind: &'l str,
    body: &'l Value,
    prev: Hash,
    hash: Hash,
    #[serde(skip_serializing_if = "<[RevealedText]>::is_empty")]
    texts: &'l [RevealedText],
}

/// The whole record. It is streamed in batches and never held in memory.
pub async fn download(Shared(state): Shared<AppState>, request: Request) -> Result<Response, Error> {
    let address = PublicPath::parse(request.uri().path());
    let Some(info) = state.store.business_by_slug(address.business).await? else {
        let texts = Texts::of(language(&state, request.headers(), None, Language::En));
        return Ok(not_found_page(&state, texts, address.path, None));
    };
    // The first batch is read before the response starts, so that a database error still sets its status.
    let first = state.store.record_after(info.id, 0).await?;
    let store = Arc::new(state.store.clone());
    let lines = stream::try_unfold(first, move |batch| {
        let store = Arc::clone(&store);
        async move {
            let Some(last) = batch.last().map(|line| line.entry.seq) else { return Ok(None) };
            let json = to_json_lines(&batch).map_err(store::Error::Serialize)?;
            drop(batch);
            Ok::<_, Error>(Some((json, store.record_after(info.id, last).await?)))
        }
    });
    let name = format!("attachment; filename=\"{}-record.jsonl\"", address.business);
    let headers = [(CONTENT_TYPE, "application/jsonl; charset=utf-8"), (CONTENT_DISPOSITION, name.as_str())];
    let mut response = (headers, Body::from_stream(lines)).into_response();
    response.extensions_mut().insert(NoScript);
    Ok(response)
}

fn to_json_lines(lines: &[RecordLine]) -> Result<Bytes, serde_json::Error> {
    let mut bytes = Vec::with_capacity(lines.len() * 512);
    for RecordLine { entry, texts } in lines {
        let at = entry.at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let (kind, body) = (entry.kind.as_str(), &entry.body);
        let line = DownloadLine { seq: entry.seq, at, kind, body, prev: entry.prev, hash: entry.hash, texts };
        serde_json::to_writer(&mut bytes, &line)?;
        bytes.push(b'\n');
    }
    Ok(bytes.into())
}

/// What the record is, how to verify it, and its last entries.
pub fn page(state: &AppState, context: &PublicContext, charter: &Charter, lines: &[RecordLine]) -> String {
    let texts = context.texts;
    let head = lines.last().map_or(Head::START, |line| Head { seq: line.entry.seq, hash: line.entry.hash });
    let args = [("name", context.business_name().into()), ("count", head.seq.into())];
    let headline = texts.text_with("public-record-headline", &args);
    let meta = PageMeta {
        title: texts.text_with("public-record-of", &[("name", context.business_name().into())]),
        description: Some(headline.clone()),
        path: addresses::record(&context.info.business.slug),
        business: Some((context.business_name().to_owned(), Some(context.charter_address()))),
        form: None,
    };
    let title = meta.title.clone();
    document(state, texts, meta, || {
        view! {
            <main id="main" class="grid loose">
                <div class="grid tight">
                    <p class="label">{title}</p>
                    <h1>{headline}</h1>
                    <p>{texts.text("public-record-is")}</p>
                </div>
                {last_hash_card(context, &head)}
                {last_entries(context, charter, lines)}
                {how_to_verify(context)}
            </main>
            {method::footer(context, head.seq)}
        }
    })
}

fn last_hash_card(context: &PublicContext, head: &Head) -> impl IntoView + use<> {
    let texts = context.texts;
    let file = addresses::record_download(&context.info.business.slug);
    view! {
        <section class="card grid">
            <h2>{texts.text("public-head")}</h2>
            <p>{texts.text("public-head-is")}</p>
            <p><code>{head.hash.to_string()}</code></p>
            <p><a class="btn" href=file download>{texts.text("public-download")}</a></p>
        </section>
    }
}

fn last_entries(context: &PublicContext, charter: &Charter, lines: &[RecordLine]) -> impl IntoView + use<> {
    let texts = context.texts;
    let items = lines.iter().rev().map(|line| {
        let number = ("number", line.entry.seq.into());
        let at = texts.text_with("public-entry", &[number, ("when", context.date_time(line.entry.at).into())]);
        view! { <li><span>{entry_text(context, charter, line)}<small>{at}</small></span></li> }
    });
    view! {
        <section class="card grid">
            <h2>{texts.text("public-last-entries")}</h2>
            <ul class="list">{items.collect_view()}</ul>
        </section>
    }
}

/// An entry as text.
fn entry_text(context: &PublicContext, charter: &Charter, line: &RecordLine) -> String {
    let texts = context.texts;
    let (kind, body) = (line.entry.kind.as_str(), &line.entry.body);
    let field = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let guarantee = charter.guarantees.iter().find(|guarantee| guarantee.id.to_string() == field("guarantee"));
    let title = guarantee.map(|guarantee| guarantee.wording.title.to_string()).unwrap_or_default();
    let number = |name: &str| body.get(name).and_then(Value::as_i64).unwrap_or_default();
    let (version, count) = (number("version"), number("redacted"));
    let was_missed = field("was") == Verdict::Missed.name();
    let key = match (kind, field("verdict"), field("step")) {
        ("check", "kept", _) => "public-entry-kept",
        ("check", "broken", _) => "public-entry-broken",
        ("check", "missed", _) => "public-entry-missed",
        ("check", ..) => "public-entry-not-applicable",
        ("correction", "kept", _) => "public-entry-corrected-kept",
        ("correction", "broken", _) => "public-entry-corrected-broken",
        ("correction", "void", _) if was_missed => "public-entry-arrived",
        ("correction", "void", _) => "public-entry-void",
        ("correction", "taken_back", _) => "public-entry-taken-back",
        ("correction", "missed", _) => "public-entry-corrected-missed",
        ("correction", ..) => "public-entry-corrected-not-applicable",
        ("break", ..) => "public-entry-break",
        ("recovery", _, step) => key_of_step(step, field("outcome")),
        ("version", ..) => "public-entry-version",
        ("publish", ..) => "public-entry-publish",
        ("suspend", ..) => "public-entry-suspend",
        ("resume", ..) => "public-entry-resume",
        ("retire", ..) => "public-entry-retire",
        ("redaction", ..) => "public-entry-redaction",
        ("schedule", ..) if body.get("schedule").is_some_and(Value::is_null) => "public-entry-unscheduled",
        ("schedule", ..) => "public-entry-scheduled",
        ("closure", ..) => "public-entry-closure",
        ("reopened", ..) => "public-entry-open-again",
        ("absence", ..) => "public-entry-absence",
        ("business", ..) => "public-entry-business",
        ("site", ..) => "public-entry-site",
        ("places", ..) => "public-entry-places",
        ("seal", ..) => "public-entry-seal",
        _ => "public-entry-other",
    };
    let args = [
        ("title", title.into()),
        ("version", version.into()),
        ("count", count.into()),
        ("kind", kind.to_owned().into()),
    ];
    texts.text_with(key, &args)
}

fn key_of_step(step: &str, outcome: &str) -> &'static str {
    match (step, outcome) {
        ("acknowledged", _) => "public-entry-acknowledged",
        ("understood", _) => "public-entry-understood",
        ("updated", _) => "public-entry-updated",
        ("asked_customer", _) => "public-entry-asked",
        ("customer_replied", _) => "public-entry-replied",
        ("remedied", _) => "public-entry-remedied",
        ("follow_up_sent", _) => "public-entry-follow-up",
        ("record_watched", _) => "public-entry-watched",
        ("answered", _) => "public-entry-answered",
        ("record_spoke", _) => "public-entry-restored-by-record",
        ("no_answer", _) => "public-entry-no-answer",
        ("learned", _) => "public-entry-learned",
        ("reopened", _) => "public-entry-reopened",
        ("late", _) => "public-entry-late",
        ("closed", "restored") => "public-entry-closed-restored",
        ("closed", "restored_by_record") => "public-entry-closed-by-record",
        ("closed", "partly") => "public-entry-closed-partly",
        ("closed", "not_restored") => "public-entry-closed-not-restored",
        ("closed", _) => "public-entry-closed-no-answer",
        _ => "public-entry-other",
    }
}

fn how_to_verify(context: &PublicContext) -> impl IntoView + use<> {
    let texts = context.texts;
    let slug = &context.info.business.slug;
    // Tools that most machines have.
    let recompute = format!("tail -n 1 {slug}-record.jsonl | jq -cjS 'del(.hash,.texts)' | sha256sum");
    let command = format!("trialmark verify --business {slug}");
    view! {
        <section class="card grid">
            <h2>{texts.text("public-verify")}</h2>
            <p>{texts.text("public-verify-line")}</p>
            <p>{texts.text("public-verify-hash")}</p>
            <p><code>{recompute}</code></p>
            <p>{texts.text("public-verify-chain")}</p>
            <p>{texts.text("public-verify-texts")}</p>
            <p>{texts.text("public-verify-command")}</p>
            <p><code>{command}</code></p>
        </section>
    }
}
