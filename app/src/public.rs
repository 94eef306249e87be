//! The public pages of a business: its charter, each guarantee, its record. They need no account and have no script.

mod breaks;
mod charter;
mod context;
mod figure;
mod guarantee;
mod layout;
mod level;
mod method;
mod record;
mod versions;

use axum::extract::{Request, State as Shared};
use axum::response::Response;
use http::HeaderMap;

use crate::addresses;
use crate::doors::AccessRule::Anyone;
use crate::doors::{Caching, Doors};
use crate::error::Error;
use crate::page_cache::CachedPage;
use crate::request_context::language;
use crate::state::AppState;
use crate::texts::Texts;
use domain::business::Language;

pub use layout::{PageMeta, document, not_found_page, script_free_response};

use context::PublicContext;

pub fn doors(doors: Doors) -> Doors {
    let shared = Anyone.cached(Caching::Shared);
    doors
        .get(addresses::CHARTER, shared, page)
        .get(addresses::RECORD, shared, page)
        .get(addresses::RECORD_DOWNLOAD, shared, record::download)
        .get(addresses::PUBLIC_GUARANTEE, shared, page)
}

/// The parts of an address under `/p/`. Slugs need no escapes, so that each page has one address only.
struct PublicPath<'a> {
    path: &'a str,
    business: &'a str,
    page: Option<&'a str>,
}

impl<'a> PublicPath<'a> {
    fn parse(path: &'a str) -> Self {
        let segments = path.strip_prefix(addresses::prefix(addresses::CHARTER)).unwrap_or_default();
        let (business, page) =
            segments.split_once('/').map_or((segments, None), |(business, page)| (business, Some(page)));
        Self { path, business, page }
    }
}

/// Answers from the page cache; otherwise renders the page and caches it.
async fn page(Shared(state): Shared<AppState>, request: Request) -> Result<Response, Error> {
    let (headers, path) = (request.headers(), request.uri().path());
    let cached = async || {
        let choose = |default_language| language(&state, headers, None, default_language);
        state.page_cache.find(&state.store, path, choose).await
    };
    if let Some(cached) = cached().await {
        return Ok(cached.response(headers));
    }
    let _turn = state.page_cache.wait_for_turn(path).await;
    if let Some(cached) = cached().await {
        return Ok(cached.response(headers));
    }
    // On the heap, so that a cached answer does not carry the state of rendering.
    Box::pin(render_and_cache(&state, headers, &PublicPath::parse(path))).await
}

async fn render_and_cache(state: &AppState, headers: &HeaderMap, address: &PublicPath<'_>) -> Result<Response, Error> {
    let not_found =
        || not_found_page(state, Texts::of(language(state, headers, None, Language::En)), address.path, None);
    let id = match state.page_cache.business(address.path) {
        Some(id) => id,
        None => match state.store.business_by_slug(address.business).await? {
            Some(info) => info.id,
            None => return Ok(not_found()),
        },
    };
    // The revision is read first. A change during rendering then makes the cached page stale, never wrong.
    let revision = match state.store.revision(id).await {
        Err(store::Error::Gone) => None,
        revision => Some(revision?),
    };
    let info = state.store.business_by_slug(address.business).await?;
    let (Some(info), Some(revision)) = (info.filter(|info| info.id == id), revision) else {
        // The business of the cached page was deleted. Another one may have its slug by now.
        let was_cached = state.page_cache.remove(address.path);
        return if was_cached { Box::pin(render_and_cache(state, headers, address)).await } else { Ok(not_found()) };
    };
    let default_language = info.business.language;
    let texts = Texts::of(language(state, headers, None, default_language));
    let slug = address.page.filter(|page| *page != "record");
    let charter = state.store.charter(info, slug).await?;
    let context = PublicContext { texts, info: &charter.business, now: state.store.now() };
    let html = match (address.page, charter.guarantees.first()) {
        (None, _) => charter::page(state, &context, &charter),
        (Some("record"), _) => {
            let after = charter.entries.saturating_sub(record::SHOWN_ENTRIES);
            let lines = state.store.record_after(id, after).await?;
            record::page(state, &context, &charter, &lines)
        }
        (Some(_), Some(guarantee)) => {
            let detail = state.store.detail(&charter.business, guarantee.id).await?;
            guarantee::page(state, &context, &charter, guarantee, &detail)
        }
        (Some(_), None) => return Ok(not_found_page(state, texts, address.path, Some(&charter.business))),
    };
    let cached = CachedPage::new(id, revision, context.now, html);
    let response = cached.response(headers);
    state.page_cache.insert(address.path, default_language, texts.lang(), cached);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_path_is_split_into_business_and_page() {
        let parts = |path| {
            let address = PublicPath::parse(path);
            (address.business, address.page)
        };
        assert_eq!(parts("/p/prairie-stop"), ("prairie-stop", None));
        assert_eq!(parts("/p/prairie-stop/record"), ("prairie-stop", Some("record")));
        assert_eq!(parts("/elsewhere"), ("", None));
    }
}
