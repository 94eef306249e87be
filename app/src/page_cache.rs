//! A cache of public pages: each is rendered once, and is stale as soon as the record changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, Weak};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use brotli::enc::BrotliEncoderParams;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::BusinessId;
use domain::record::Hash;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use store::{ChangeCount, Store};
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use crate::script_policy::NoScript;
use domain::business::Language;

/// The cached pages by address, each in the languages it was requested in.
#[derive(Default)]
pub struct PageCache {
    entries: RwLock<HashMap<Box<str>, CacheEntry>>,
    /// The addresses that are being rendered.
    rendering: Mutex<HashMap<Box<str>, Weak<Turn>>>,
}

/// Held by the request that renders an address.
type Turn = tokio::sync::Mutex<()>;

/// One address: its business, the default language, and the page in each language.
struct CacheEntry {
    business: BusinessId,
    default_language: Language,
    pages: Vec<(Language, Arc<CachedPage>)>,
}

/// A rendered page, and the revision it was made from.
pub struct CachedPage {
    business: BusinessId,
    revision: ChangeCount,
    made_at: DateTime<Utc>,
    bodies: Bodies,
}

/// A page in each encoding.
struct Bodies {
    plain: EncodedBody,
    /// Compressed quickly for the first client: the page may change before there is a second one.
    quick: OnceLock<EncodedBody>,
    /// Compressed well for every later client.
    small: OnceLock<EncodedBody>,
}

/// A body with its `ETag`.
struct EncodedBody {
    tag: HeaderValue,
    body: Bytes,
}

/// Brotli qualities. Quality 5 makes a page about a tenth smaller than quality 2 and takes several times as long.
const QUICK_QUALITY: i32 = 2;
const SMALL_QUALITY: i32 = 5;

/// More than the pages of a business. If it is exceeded, the cache is emptied.
const MAX_ADDRESSES: usize = 1_000;

/// Longer than a page takes.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// The maximum age of a page even if nothing has changed: "12 min ago" must stay true, and days pass.
const MAX_AGE: TimeDelta = TimeDelta::seconds(30);

impl PageCache {
    /// The page in this reader's language, if it is cached and fresh. `choose` picks the language, given the
    /// business's default.
    pub async fn find(
        &self,
        store: &Store,
        path: &str,
        choose: impl FnOnce(Language) -> Language,
    ) -> Option<Arc<CachedPage>> {
        let page = {
            let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
            let entry = entries.get(path)?;
            let lang = choose(entry.default_language);
            let (_, page) = entry.pages.iter().find(|(language, _)| *language == lang)?;
            Arc::clone(page)
        };
        page.is_fresh(store).await.then_some(page)
    }

    /// Waits until no other request renders this address, but not long. Many may ask for a page at once just after it has
    /// changed, and then find it cached by the first of them. `None` if the other request takes long: if the database does
    /// not answer, the requests must not fail one after the other.
    pub async fn wait_for_turn(&self, path: &str) -> Option<OwnedMutexGuard<()>> {
        let turn = {
            let mut rendering = self.rendering.lock().unwrap_or_else(PoisonError::into_inner);
            rendering.retain(|_, turn| turn.strong_count() > 0);
            rendering.get(path).and_then(Weak::upgrade).unwrap_or_else(|| {
                let turn = Arc::default();
                rendering.insert(path.into(), Arc::downgrade(&turn));
                turn
            })
        };
        timeout(LONGEST_WAIT, turn.lock_owned()).await.ok()
    }

    /// The business of this address, if a page was ever cached.
    pub fn business(&self, path: &str) -> Option<BusinessId> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(path).map(|entry| entry.business)
    }

    /// Removes an address whose business is gone, and returns whether there was one.
    pub fn remove(&self, path: &str) -> bool {
        self.entries.write().unwrap_or_else(PoisonError::into_inner).remove(path).is_some()
    }

    pub fn insert(&self, path: &str, default_language: Language, lang: Language, page: Arc<CachedPage>) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MAX_ADDRESSES && !entries.contains_key(path) {
            entries.clear();
        }
        let empty = || CacheEntry { business: page.business, default_language, pages: Vec::new() };
        let entry = entries.entry(path.into()).or_insert_with(empty);
        entry.default_language = default_language;
        entry.pages.retain(|(language, _)| *language != lang);
        entry.pages.push((lang, page));
    }
}

impl CachedPage {
    pub fn new(business: BusinessId, revision: ChangeCount, made_at: DateTime<Utc>, html: String) -> Arc<Self> {
        Arc::new(Self { business, revision, made_at, bodies: Bodies::of(html) })
    }

    async fn is_fresh(&self, store: &Store) -> bool {
        let age = store.now() - self.made_at;
        (TimeDelta::zero()..=MAX_AGE).contains(&age)
            && store.revision(self.business).await.is_ok_and(|now| now == self.revision)
    }

    /// The page, or 304 if the client has it already.
    pub fn response(&self, headers: &HeaderMap) -> Response {
        self.bodies.response(headers)
    }
}

impl Bodies {
    fn of(html: String) -> Self {
        let tag = Hash::of(html.as_bytes()).to_string();
        let plain = EncodedBody { tag: quoted_etag(&tag[..32]), body: html.into() };
        Self { plain, quick: OnceLock::new(), small: OnceLock::new() }
    }

    fn response(&self, headers: &HeaderMap) -> Response {
        let brotli = accepts_brotli(headers);
        let encoded = if brotli { self.compressed() } else { &self.plain };
        // The client may have the other of the two compressed bodies.
        let other = self.quick.get().filter(|_| brotli);
        let known = [Some(encoded), other].into_iter().flatten().find(|one| one.is_known(headers));
        let (encoded, is_known) = (known.unwrap_or(encoded), known.is_some());
        let mut response = Response::new(if is_known { Body::empty() } else { Body::from(encoded.body.clone()) });
        response.extensions_mut().insert(NoScript);
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(ETAG, encoded.tag.clone());
        headers.insert(VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            if brotli {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
            }
        }
        *response.headers_mut() = headers;
        response
    }

    fn compressed(&self) -> &EncodedBody {
        let mut is_first = false;
        let quick = self.quick.get_or_init(|| {
            is_first = true;
            self.plain.compress(QUICK_QUALITY)
        });
        if is_first { quick } else { self.small.get_or_init(|| self.plain.compress(SMALL_QUALITY)) }
    }
}

impl EncodedBody {
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let tag = self.tag.to_str().unwrap_or_default();
        let mut known_tags = items(headers.get_all(IF_NONE_MATCH).iter());
        known_tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    }

    /// The compressed body has its own tag, since its bytes differ.
    fn compress(&self, quality: i32) -> Self {
        let parameters = BrotliEncoderParams { quality, size_hint: self.body.len(), ..Default::default() };
        let mut compressed = Vec::with_capacity(self.body.len() / 3);
        // Writing to memory does not fail.
        let _ = brotli::BrotliCompress(&mut &self.body[..], &mut compressed, &parameters);
        Self { tag: quoted_etag(&Hash::of(&compressed).to_string()[..32]), body: compressed.into() }
    }
}

fn quoted_etag(tag: &str) -> HeaderValue {
    HeaderValue::try_from(format!("\"{tag}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether the client accepts brotli: it is named, with a weight above 0.
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
    fn brotli_is_sent_only_to_clients_that_accept_it() {
        let accepts = |value| accepts_brotli(&headers(ACCEPT_ENCODING, value));
        assert!(accepts("gzip, deflate, br, zstd") && accepts("BR;q=0.5") && accepts("gzip;q=1.0, br;q=1"));
        assert!(!accepts("gzip, br;q=0") && !accepts("br;q=0.000") && !accepts("*") && !accepts("brand"));
        assert!(!accepts_brotli(&HeaderMap::new()));
    }

    #[test]
    fn if_none_match_accepts_weak_etags_lists_and_wildcards() {
        let encoded = EncodedBody { tag: quoted_etag("abc"), body: Bytes::from_static(b"page") };
        let is_known = |value| encoded.is_known(&headers(IF_NONE_MATCH, value));
        assert!(is_known("\"abc\"") && is_known("W/\"abc\"") && is_known("\"x\", \"abc\"") && is_known("*"));
        assert!(!is_known("\"abcd\"") && !is_known("abc") && !encoded.is_known(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn nobody_waits_long_for_another_request() {
        let cache = PageCache::default();
        let turn = cache.wait_for_turn("/p/one").await;
        assert!(turn.is_some() && cache.wait_for_turn("/p/other").await.is_some());
        assert!(cache.wait_for_turn("/p/one").await.is_none(), "the first one does not end");
        drop(turn);
        assert!(cache.wait_for_turn("/p/one").await.is_some());
    }

    #[test]
    fn the_first_client_gets_a_quick_body_and_both_bodies_are_revalidated() {
        let html = (0..900).map(|line| format!("<p>{} kept, {} missed</p>", line * 7 % 31, line * line % 17)).collect();
        let page = Bodies::of(html);
        let brotli = || headers(ACCEPT_ENCODING, "br");
        let tags = [(); 3].map(|()| page.response(&brotli()).headers()[ETAG].clone());
        assert!(tags[0] != tags[1] && tags[1] == tags[2]);
        for tag in &tags {
            let mut asked = brotli();
            asked.insert(IF_NONE_MATCH, tag.clone());
            let answer = page.response(&asked);
            assert_eq!((answer.status(), &answer.headers()[ETAG]), (StatusCode::NOT_MODIFIED, tag));
        }
        let [quick, small] = [&page.quick, &page.small].map(|body| body.get().unwrap().body.len());
        assert!(small < quick, "{small} and {quick} bytes");
    }

    #[test]
    fn compression_keeps_the_content_and_changes_the_etag() {
        let plain = EncodedBody { tag: quoted_etag("abc"), body: Bytes::from("<p>kept</p>".repeat(500)) };
        let compressed = plain.compress(SMALL_QUALITY);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &compressed.body[..], &mut back).unwrap();
        assert!(back == plain.body && compressed.tag != plain.tag && compressed.body.len() < plain.body.len() / 10);
    }
}
