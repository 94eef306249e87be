//! The record: in plain words on a page, and whole, line by line, for whoever wants to check it.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State as Shared};
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use domain::check::Verdict;
use domain::record::{Hash, Head};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use leptos::prelude::*;
use serde::Serialize;
use serde_json::Value;
use store::{Charter, Line, Opened};

use super::Asked;
use super::frame::{About, document, nothing_here};
use super::method;
use super::reader::Reader;
use crate::error::Error;
use crate::page::NoScript;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::language;
use domain::business::Language;

/// How many entries the page tells in words.
pub const SHOWN_ENTRIES: i64 = 20;

/// An entry as it is downloaded: its time is written as it was sealed, so that the hash can be recomputed from the line.
#[derive(Serialize)]
struct Written<'l> {
    seq: i64,
    at: String,
    kind: &'l str,
    body: &'l Value,
    prev: Hash,
    hash: Hash,
    #[serde(skip_serializing_if = "<[Opened]>::is_empty")]
    texts: &'l [Opened],
}

/// The whole record, a batch at a time: it is never held in memory.
pub async fn download(Shared(state): Shared<State>, request: Request) -> Result<Response, Error> {
    let asked = Asked::at(request.uri().path());
    let Some(home) = state.store.business_by_slug(asked.business).await? else {
        let texts = Texts::of(language(&state, request.headers(), None, Language::En));
        return Ok(nothing_here(&state, texts, asked.path, None));
    };
    // The first batch is read before anything is answered, so that a database out of reach is said by the status.
    let first = state.store.record_after(home.id, 0).await?;
    let store = Arc::new(state.store.clone());
    let lines = stream::try_unfold(first, move |batch| {
        let store = Arc::clone(&store);
        async move {
            let Some(last) = batch.last().map(|line| line.entry.seq) else { return Ok(None) };
            let written = written(&batch).map_err(store::Error::from)?;
            drop(batch);
            Ok::<_, Error>(Some((written, store.record_after(home.id, last).await?)))
        }
    });
    let name = format!("attachment; filename=\"{}-record.jsonl\"", asked.business);
    let says = [
        (CONTENT_TYPE, "application/jsonl; charset=utf-8"),
        (CONTENT_DISPOSITION, name.as_str()),
        (CACHE_CONTROL, "no-cache"),
    ];
    let mut response = (says, Body::from_stream(lines)).into_response();
    response.extensions_mut().insert(NoScript);
    Ok(response)
}

fn written(lines: &[Line]) -> Result<Bytes, serde_json::Error> {
    let mut bytes = Vec::with_capacity(lines.len() * 512);
    for Line { entry, texts } in lines {
        let at = entry.at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let (kind, body) = (entry.kind.as_str(), &entry.body);
        let line = Written { seq: entry.seq, at, kind, body, prev: entry.prev, hash: entry.hash, texts };
        serde_json::to_writer(&mut bytes, &line)?;
        bytes.push(b'\n');
    }
    Ok(bytes.into())
}

/// What the record is, how to check it, and its last entries.
pub fn page(state: &State, reader: &Reader, charter: &Charter, lines: &[Line]) -> String {
    let texts = reader.texts;
    let head = lines.last().map_or(Head::START, |line| Head { seq: line.entry.seq, hash: line.entry.hash });
    let said = [("name", reader.business().into()), ("count", head.seq.into())];
    let headline = texts.tell("public-record-headline", &said);
    let about = About {
        title: texts.tell("public-record-of", &[("name", reader.business().into())]),
        description: Some(headline.clone()),
        path: format!("{}/record", reader.charter()),
        business: Some((reader.business().to_owned(), Some(reader.charter()))),
        form: None,
    };
    let title = about.title.clone();
    document(state, texts, about, || {
        view! {
            <main id="main" class="grid loose">
                <div class="grid tight">
                    <p class="label">{title}</p>
                    <h1>{headline}</h1>
                    <p>{texts.say("public-record-is")}</p>
                </div>
                {chain(reader, &head)}
                {last_entries(reader, charter, lines)}
                {verifying(reader)}
            </main>
            {method::foot(reader, head.seq)}
        }
    })
}

fn chain(reader: &Reader, head: &Head) -> impl IntoView + use<> {
    let texts = reader.texts;
    let file = format!("{}/record.jsonl", reader.charter());
    view! {
        <section class="card grid">
            <h2>{texts.say("public-head")}</h2>
            <p>{texts.say("public-head-is")}</p>
            <p><code>{head.hash.to_string()}</code></p>
            <p><a class="btn" href=file download>{texts.say("public-download")}</a></p>
        </section>
    }
}

fn last_entries(reader: &Reader, charter: &Charter, lines: &[Line]) -> impl IntoView + use<> {
    let texts = reader.texts;
    let each = lines.iter().rev().map(|line| {
        let number = ("number", line.entry.seq.into());
        let at = texts.tell("public-entry", &[number, ("when", reader.moment(line.entry.at).into())]);
        view! { <li><span>{in_words(reader, charter, line)}<small>{at}</small></span></li> }
    });
    view! {
        <section class="card grid">
            <h2>{texts.say("public-last-entries")}</h2>
            <ul class="list">{each.collect_view()}</ul>
        </section>
    }
}

/// One entry in words, by its kind and what its body says.
fn in_words(reader: &Reader, charter: &Charter, line: &Line) -> String {
    let texts = reader.texts;
    let (kind, body) = (line.entry.kind.as_str(), &line.entry.body);
    let field = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let named = charter.guarantees.iter().find(|one| one.id.to_string() == field("guarantee"));
    let title = named.map(|one| one.wording.title.to_string()).unwrap_or_default();
    let number = |name: &str| body.get(name).and_then(Value::as_i64).unwrap_or_default();
    let (version, count) = (number("version"), number("redacted"));
    let was_missed = field("was") == Verdict::Missed.name();
    let key = match (kind, field("verdict"), field("step")) {
        ("check", "kept", _) => "public-entry-kept",
        ("check", "broken", _) => "public-entry-broken",
        ("check", "missed", _) => "public-entry-missed",
        ("check", ..) => "public-entry-aside",
        ("correction", "kept", _) => "public-entry-corrected-kept",
        ("correction", "broken", _) => "public-entry-corrected-broken",
        ("correction", "void", _) if was_missed => "public-entry-arrived",
        ("correction", "void", _) => "public-entry-void",
        ("correction", "taken_back", _) => "public-entry-taken-back",
        ("correction", "missed", _) => "public-entry-corrected-missed",
        ("correction", ..) => "public-entry-corrected-aside",
        ("break", ..) => "public-entry-break",
        ("recovery", _, step) => step_text(step, field("outcome")),
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
    let said = [
        ("title", title.into()),
        ("version", version.into()),
        ("count", count.into()),
        ("kind", kind.to_owned().into()),
    ];
    texts.tell(key, &said)
}

fn step_text(step: &str, outcome: &str) -> &'static str {
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
        ("record_spoke", _) => "public-entry-record-spoke",
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

fn verifying(reader: &Reader) -> impl IntoView + use<> {
    let texts = reader.texts;
    let slug = &reader.home.business.slug;
    // Tools that stand on most machines.
    let recompute = format!("tail -n 1 {slug}-record.jsonl | jq -cjS 'del(.hash,.texts)' | sha256sum");
    let command = format!("trialmark verify --business {slug}");
    view! {
        <section class="card grid">
            <h2>{texts.say("public-verify")}</h2>
            <p>{texts.say("public-verify-line")}</p>
            <p>{texts.say("public-verify-hash")}</p>
            <p><code>{recompute}</code></p>
            <p>{texts.say("public-verify-chain")}</p>
            <p>{texts.say("public-verify-texts")}</p>
            <p>{texts.say("public-verify-command")}</p>
            <p><code>{command}</code></p>
        </section>
    }
}
