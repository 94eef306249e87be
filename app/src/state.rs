//! What every page can reach.

use std::ops::Deref;
use std::sync::Arc;

use store::Store;
use tokio::sync::Semaphore;
use webauthn_rs::Webauthn;

use crate::cookies::Cookies;
use crate::hashing::Hashing;
use crate::limits::Limits;
use crate::live::Streams;
use crate::passkeys;
use crate::public::Cache;

/// Every request takes it along: to copy it is to count one more.
#[derive(Clone)]
pub struct State(Arc<Parts>);

pub struct Parts {
    pub store: Store,
    /// Where this installation is reached from outside, without a slash at the end.
    pub base_url: Arc<str>,
    pub assets: AssetNames,
    pub(crate) hashing: Hashing,
    pub(crate) limits: Limits,
    /// One business leaves at a time.
    pub(crate) exporting: Arc<Semaphore>,
    pub(crate) ready: Cache,
    pub streams: Arc<Streams>,
    /// What passkeys are made for: this installation by its name. None where it has only a number.
    pub(crate) webauthn: Option<Webauthn>,
    pub(crate) cookies: Cookies,
}

impl Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The addresses of what pages link to, with the hash of their content in the name. Without a browser build, `js` and
/// `wasm` are empty and pages are plain HTML.
#[derive(Clone, Copy, Debug, Default)]
pub struct AssetNames {
    pub style: &'static str,
    pub icon: &'static str,
    /// For the home screens that do not read the manifest.
    pub home_icon: &'static str,
    pub boot: &'static str,
    pub passkeys: &'static str,
    pub live: &'static str,
    /// Draws what waits on the phone over a page.
    pub rounds: &'static str,
    /// Keeps what is typed, and copies links.
    pub forms: &'static str,
    pub js: &'static str,
    pub wasm: &'static str,
}

impl State {
    #[must_use]
    pub fn new(store: Store, base_url: &str, assets: AssetNames) -> Self {
        let base_url: Arc<str> = base_url.trim_end_matches('/').into();
        let webauthn = passkeys::party(&base_url);
        let exporting = Arc::new(Semaphore::new(1));
        let (hashing, limits, ready, streams) =
            (Hashing::default(), Limits::default(), Cache::default(), Arc::default());
        let cookies = Cookies::of(store.installation(), base_url.starts_with("https://"));
        Self(Arc::new(Parts { store, base_url, assets, hashing, limits, exporting, ready, streams, webauthn, cookies }))
    }

    /// Whether it is reached over TLS: then cookies are bound to it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}
