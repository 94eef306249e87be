//! The state shared by all handlers.

use std::hash::Hash;
use std::ops::Deref;
use std::sync::Arc;

use store::Store;
use tokio::sync::Semaphore;
use webauthn_rs::prelude::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::client_address::ClientAddress;
use crate::cookies::Cookies;
use crate::error::Error;
use crate::event_streams::EventStreams;
use crate::hashing::HashingPool;
use crate::page_cache::PageCache;
use crate::rate_limits::{Limit, RateLimiter};

/// Cloning it copies a reference.
#[derive(Clone)]
pub struct AppState(Arc<StateInner>);

pub struct StateInner {
    pub store: Store,
    /// The public address of this installation, without a trailing slash.
    pub base_url: Arc<str>,
    pub assets: AssetNames,
    pub(crate) hashing: HashingPool,
    pub(crate) limits: RateLimiter,
    /// Only one export runs at a time.
    pub(crate) export_permit: Arc<Semaphore>,
    pub(crate) page_cache: PageCache,
    pub streams: Arc<EventStreams>,
    /// The relying party of passkeys. `None` if the installation is reached by IP address.
    pub(crate) webauthn: Option<Webauthn>,
    pub(crate) cookies: Cookies,
}

impl Deref for AppState {
    type Target = StateInner;

    fn deref(&self) -> &StateInner {
        &self.0
    }
}

/// The addresses of static files, with the hash of their content in the name. Without a browser build, `js` and
/// `wasm` are empty and pages are plain HTML.
#[derive(Clone, Copy, Debug, Default)]
pub struct AssetNames {
    pub style: &'static str,
    pub icon: &'static str,
    /// For home screens that do not read the manifest.
    pub home_icon: &'static str,
    pub islands: &'static str,
    pub passkeys: &'static str,
    pub live: &'static str,
    /// The script that shows pending checks.
    pub pending_checks: &'static str,
    /// The script that stores drafts and copies links.
    pub drafts: &'static str,
    pub js: &'static str,
    pub wasm: &'static str,
}

impl AppState {
    #[must_use]
    pub fn new(store: Store, base_url: &str, assets: AssetNames) -> Self {
        let base_url: Arc<str> = base_url.trim_end_matches('/').into();
        let webauthn = relying_party(&base_url);
        let export_permit = Arc::new(Semaphore::new(1));
        let (hashing, limits, page_cache, streams) =
            (HashingPool::default(), RateLimiter::default(), PageCache::default(), Arc::default());
        let cookies = Cookies::of(store.installation(), base_url.starts_with("https://"));
        Self(Arc::new(StateInner {
            store,
            base_url,
            assets,
            hashing,
            limits,
            export_permit,
            page_cache,
            streams,
            webauthn,
            cookies,
        }))
    }

    /// Whether it is reached over TLS. Cookies are then bound to it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

impl AppState {
    /// Takes one attempt of this limit.
    ///
    /// # Errors
    /// There were too many.
    pub fn check_limit(&self, limit: Limit, key: impl Hash) -> Result<(), Error> {
        self.limits.take(limit, key, self.store.now())
    }

    /// Takes one attempt of this limit by the client's network. Requests without a connection are not counted.
    ///
    /// # Errors
    /// There were too many.
    pub fn allow_from_client(&self, limit: Limit, client: Option<ClientAddress>) -> Result<(), Error> {
        client.map_or(Ok(()), |client| self.check_limit(limit, client.network()))
    }

    /// Forgets earlier attempts, after a correct one.
    pub fn reset_limit(&self, limit: Limit, key: impl Hash) {
        self.limits.refill(limit, key);
    }

    pub(crate) fn check_sign_in_limit(&self, client: Option<ClientAddress>, typed: &str) -> Result<(), Error> {
        self.limits.try_sign_in(client, typed, self.store.now())
    }

    /// Records a successful sign-in.
    pub(crate) fn note_sign_in(&self, client: Option<ClientAddress>, typed: &str) {
        self.limits.note_sign_in(client, typed, self.store.now());
    }
}

/// Passkeys are bound to a domain name, so an IP address has none.
fn relying_party(base_url: &str) -> Option<Webauthn> {
    let origin = Url::parse(base_url).ok()?;
    let builder = WebauthnBuilder::new(origin.domain()?, &origin).ok()?;
    builder.rp_name("Trialmark").build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_require_a_domain_name_in_the_base_url() {
        assert!(
            relying_party("https://trialmark.example").is_some() && relying_party("http://localhost:3000").is_some()
        );
        assert!(relying_party("http://127.0.0.1:3000").is_none() && relying_party("http://[::1]:3000").is_none());
    }
}
