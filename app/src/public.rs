//! What anyone may see of a business, without an account and without a script: its charter, each guarantee, its record.

mod breaks;
mod cache;
mod charter;
mod frame;
mod guarantee;
mod method;
mod reader;
mod record;
mod standing;
mod versions;

use axum::extract::{Request, State as Shared};
use axum::response::Response;
use http::HeaderMap;

use crate::doors::Doors;
use crate::doors::Rule::Anyone;
use crate::error::Error;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::language;
use domain::business::Language;

pub use cache::Cache;
pub use frame::{About, document, nothing_here, unscripted};

use cache::Ready;
use reader::Reader;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/p/{business}", Anyone, page)
        .get("/p/{business}/record", Anyone, page)
        .get("/p/{business}/record.jsonl", Anyone, record::download)
        .get("/p/{business}/{guarantee}", Anyone, page)
}

/// What an address under `/p/` asks for. Slugs need no escapes, so that each page has one address only.
struct Asked<'a> {
    path: &'a str,
    business: &'a str,
    page: Option<&'a str>,
}

impl<'a> Asked<'a> {
    fn at(path: &'a str) -> Self {
        let names = path.strip_prefix("/p/").unwrap_or_default();
        let (business, page) = names.split_once('/').map_or((names, None), |(business, page)| (business, Some(page)));
        Self { path, business, page }
    }
}

/// A page that is ready goes out as it is; otherwise it is made, and kept for the next reader.
async fn page(Shared(state): Shared<State>, request: Request) -> Result<Response, Error> {
    let (headers, path) = (request.headers(), request.uri().path());
    if let Some(ready) = state.ready.find(&state, path, headers).await {
        return Ok(ready.response(headers));
    }
    make(&state, headers, &Asked::at(path)).await
}

async fn make(state: &State, headers: &HeaderMap, asked: &Asked<'_>) -> Result<Response, Error> {
    let stranger = || nothing_here(state, Texts::of(language(state, headers, None, Language::En)), asked.path, None);
    let id = match state.ready.business(asked.path) {
        Some(id) => id,
        None => match state.store.business_by_slug(asked.business).await? {
            Some(home) => home.id,
            None => return Ok(stranger()),
        },
    };
    // Before anything is read: what changes from here on makes this page old, not wrong.
    let revision = match state.store.revision(id).await {
        Err(store::Error::Gone) => None,
        revision => Some(revision?),
    };
    let home = state.store.business_by_slug(asked.business).await?;
    let (Some(home), Some(revision)) = (home.filter(|home| home.id == id), revision) else {
        // Whose page stood here was deleted; another business may have its name by now.
        let known = state.ready.forget(asked.path);
        return if known { Box::pin(make(state, headers, asked)).await } else { Ok(stranger()) };
    };
    let native = home.business.language;
    let texts = Texts::of(language(state, headers, None, native));
    let slug = asked.page.filter(|page| *page != "record");
    let charter = state.store.charter(home, slug).await?;
    let reader = Reader { texts, home: &charter.home, now: state.store.now() };
    let html = match (asked.page, charter.guarantees.first()) {
        (None, _) => charter::page(state, &reader, &charter),
        (Some("record"), _) => {
            let after = charter.entries.saturating_sub(record::SHOWN_ENTRIES);
            let lines = state.store.record_after(id, after).await?;
            record::page(state, &reader, &charter, &lines)
        }
        (Some(_), Some(guarantee)) => {
            let detail = state.store.detail(&charter.home, guarantee.id).await?;
            guarantee::page(state, &reader, &charter, guarantee, &detail)
        }
        (Some(_), None) => return Ok(nothing_here(state, texts, asked.path, Some(&charter.home))),
    };
    let ready = Ready::new(id, revision, reader.now, html);
    let response = ready.response(headers);
    state.ready.keep(asked.path, native, texts.lang(), ready);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_business_and_perhaps_a_page() {
        let parts = |path| {
            let asked = Asked::at(path);
            (asked.business, asked.page)
        };
        assert_eq!(parts("/p/prairie-stop"), ("prairie-stop", None));
        assert_eq!(parts("/p/prairie-stop/record"), ("prairie-stop", Some("record")));
        assert_eq!(parts("/elsewhere"), ("", None));
    }
}
