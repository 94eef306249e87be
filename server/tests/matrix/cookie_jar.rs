//! The cookies of a browser.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};

use crate::callers::Credentials;

#[derive(Clone, Default)]
pub struct CookieJar(BTreeMap<String, String>);

impl CookieJar {
    pub fn insert(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    pub fn value(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    /// Applies the `Set-Cookie` headers of an answer.
    pub fn update(&mut self, headers: &HeaderMap) {
        for set in headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().expect("a cookie is text");
            let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).expect("it has a name");
            if value.is_empty() || set.contains("Max-Age=0;") || set.ends_with("Max-Age=0") {
                self.0.remove(name);
            } else {
                self.insert(name, value);
            }
        }
    }

    pub fn header(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

impl Credentials {
    pub fn cookie_jar(&self, installation: &str) -> CookieJar {
        let mut cookie_jar = CookieJar::default();
        let mut insert = |stem: &str, value: &str| cookie_jar.insert(&cookie_name(stem, installation), value);
        match self {
            Self::Nothing | Self::Token(_) => {}
            Self::Session(token) => insert(SESSION, token),
            Self::Device(token) => insert(DEVICE, token),
            Self::PendingSignIn(token) => insert(PENDING_SIGN_IN, token),
            Self::PinSession(session, device) => {
                insert(SESSION, session);
                insert(DEVICE, device);
            }
        }
        cookie_jar
    }
}

pub const SESSION: &str = "";
pub const DEVICE: &str = "-device";
pub const PENDING_SIGN_IN: &str = "-sign-in";

/// The name of a cookie over TLS.
pub fn cookie_name(stem: &str, installation: &str) -> String {
    format!("__Host-trialmark{stem}-{installation}")
}
