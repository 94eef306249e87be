//! Pages that are ready: made once, shown to everyone, dropped in the step in which the record changes.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use axum::body::{Body, Bytes};
use axum::response::Response;
use brotli::enc::BrotliEncoderParams;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::BusinessId;
use domain::record::Hash;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use store::{Revision, Store};

use crate::page::NoScript;
use crate::state::State;
use crate::visit::language;
use domain::business::Language;

/// The ready pages by address, each in the languages it was asked for.
#[derive(Default)]
pub struct Cache(RwLock<HashMap<Box<str>, Shelf>>);

/// One address: whose it is, the language it has for those who ask for none, and its pages by language.
struct Shelf {
    business: BusinessId,
    native: Language,
    pages: Vec<(Language, Arc<Ready>)>,
}

/// A page as it goes out, and what it was made from.
pub struct Ready {
    business: BusinessId,
    revision: Revision,
    made_at: DateTime<Utc>,
    plain: Sealed,
    /// Pressed when the first reader asks for it so.
    pressed: OnceLock<Sealed>,
}

/// A body under the tag that changes whenever a byte of it does.
struct Sealed {
    tag: HeaderValue,
    body: Bytes,
}

/// More addresses than a business has pages; beyond that, everything is made anew.
const MOST: usize = 1_000;

/// How old a page may grow though nothing was written: "12 min ago" must stay true, and days must pass.
const FRESH_FOR: TimeDelta = TimeDelta::seconds(30);

impl Cache {
    /// The page at this address in this reader's language, if it is ready and nothing has changed since.
    pub async fn find(&self, state: &State, path: &str, headers: &HeaderMap) -> Option<Arc<Ready>> {
        let ready = {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let shelf = known.get(path)?;
            let lang = language(state, headers, None, shelf.native);
            let (_, ready) = shelf.pages.iter().find(|(one, _)| *one == lang)?;
            Arc::clone(ready)
        };
        ready.is_fresh(&state.store).await.then_some(ready)
    }

    /// Whose page stands at this address, if one was ever made.
    pub fn business(&self, path: &str) -> Option<BusinessId> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(path).map(|shelf| shelf.business)
    }

    /// Forgets an address whose business is gone. Whether there was a page.
    pub fn forget(&self, path: &str) -> bool {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(path).is_some()
    }

    pub fn keep(&self, path: &str, native: Language, lang: Language, ready: Arc<Ready>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(path) {
            known.clear();
        }
        let empty = || Shelf { business: ready.business, native, pages: Vec::new() };
        let shelf = known.entry(path.into()).or_insert_with(empty);
        shelf.native = native;
        shelf.pages.retain(|(one, _)| *one != lang);
        shelf.pages.push((lang, ready));
    }
}

impl Ready {
    pub fn new(business: BusinessId, revision: Revision, made_at: DateTime<Utc>, html: String) -> Arc<Self> {
        let tag = Hash::of(html.as_bytes()).to_string();
        let plain = Sealed { tag: quoted(&tag[..32]), body: html.into() };
        Arc::new(Self { business, revision, made_at, plain, pressed: OnceLock::new() })
    }

    async fn is_fresh(&self, store: &Store) -> bool {
        let age = store.now() - self.made_at;
        (TimeDelta::zero()..=FRESH_FOR).contains(&age)
            && store.revision(self.business).await.is_ok_and(|now| now == self.revision)
    }

    /// The page, or word that the reader has it already.
    pub fn response(&self, headers: &HeaderMap) -> Response {
        let brotli = accepts_brotli(headers);
        let sealed = if brotli { self.pressed.get_or_init(|| self.plain.pressed()) } else { &self.plain };
        let known = sealed.is_known(headers);
        let mut response = Response::new(if known { Body::empty() } else { Body::from(sealed.body.clone()) });
        response.extensions_mut().insert(NoScript);
        let mut says = HeaderMap::with_capacity(8);
        says.insert(ETAG, sealed.tag.clone());
        says.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        says.insert(VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            says.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            if brotli {
                says.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
            }
        }
        *response.headers_mut() = says;
        response
    }
}

impl Sealed {
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let tag = self.tag.to_str().unwrap_or_default();
        let mut known = items(headers.get_all(IF_NONE_MATCH).iter());
        known.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    }

    /// The same under another tag: other bytes.
    fn pressed(&self) -> Self {
        let parameters = BrotliEncoderParams { quality: 5, size_hint: self.body.len(), ..Default::default() };
        let mut pressed = Vec::with_capacity(self.body.len() / 3);
        // Writing to memory does not fail; if it did, the tag would still be that of what goes out.
        let _ = brotli::BrotliCompress(&mut &self.body[..], &mut pressed, &parameters);
        Self { tag: quoted(&Hash::of(&pressed).to_string()[..32]), body: pressed.into() }
    }
}

fn quoted(tag: &str) -> HeaderValue {
    HeaderValue::try_from(format!("\"{tag}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether the reader takes brotli: it is named, and not with a weight of nothing.
fn accepts_brotli(headers: &HeaderMap) -> bool {
    items(headers.get_all(ACCEPT_ENCODING).iter()).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case("br") && weight.bytes().any(|b| (b'1'..=b'9').contains(&b))
    })
}

fn items<'h>(lines: impl Iterator<Item = &'h HeaderValue>) -> impl Iterator<Item = &'h str> {
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn brotli_is_for_those_who_name_it() {
        let accepts = |value| accepts_brotli(&headers(ACCEPT_ENCODING, value));
        assert!(accepts("gzip, deflate, br, zstd") && accepts("BR;q=0.5") && accepts("gzip;q=1.0, br;q=1"));
        assert!(!accepts("gzip, br;q=0") && !accepts("br;q=0.000") && !accepts("*") && !accepts("brand"));
        assert!(!accepts_brotli(&HeaderMap::new()));
    }

    #[test]
    fn a_tag_is_known_whether_weak_or_in_a_list() {
        let sealed = Sealed { tag: quoted("abc"), body: Bytes::from_static(b"page") };
        let known = |value| sealed.is_known(&headers(IF_NONE_MATCH, value));
        assert!(known("\"abc\"") && known("W/\"abc\"") && known("\"x\", \"abc\"") && known("*"));
        assert!(!known("\"abcd\"") && !known("abc") && !sealed.is_known(&HeaderMap::new()));
    }

    #[test]
    fn pressing_keeps_the_page_and_changes_its_tag() {
        let plain = Sealed { tag: quoted("abc"), body: Bytes::from("<p>kept</p>".repeat(500)) };
        let pressed = plain.pressed();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &pressed.body[..], &mut back).unwrap();
        assert!(back == plain.body && pressed.tag != plain.tag && pressed.body.len() < plain.body.len() / 10);
    }
}
