//! What every page can reach.

use std::sync::Arc;

use store::Store;

use crate::hashing::Hashing;
use crate::limits::Limits;
use crate::public::Cache;

#[derive(Clone)]
pub struct State {
    pub store: Store,
    /// Where this installation is reached from outside, without a slash at the end.
    pub base_url: Arc<str>,
    pub assets: AssetNames,
    pub(crate) hashing: Arc<Hashing>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) ready: Arc<Cache>,
}

/// The addresses of what pages link to, with the hash of their content in the name. Without a browser build, `js` and
/// `wasm` are empty and pages are plain HTML.
#[derive(Clone, Copy, Debug)]
pub struct AssetNames {
    pub style: &'static str,
    pub icon: &'static str,
    pub boot: &'static str,
    pub js: &'static str,
    pub wasm: &'static str,
}

impl State {
    #[must_use]
    pub fn new(store: Store, base_url: &str, assets: AssetNames) -> Self {
        let base_url = base_url.trim_end_matches('/').into();
        Self { store, base_url, assets, hashing: Arc::default(), limits: Arc::default(), ready: Arc::default() }
    }

    /// Whether it is reached over TLS: then cookies are bound to it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// The name of the session's cookie: with TLS the browser itself ties it to this host.
    pub(crate) fn cookie(&self) -> &'static str {
        if self.is_secure() { "__Host-trialmark" } else { "trialmark" }
    }
}
