//! What a browser keeps of the cookies it is sent.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};

use crate::people::Proof;

#[derive(Clone, Default)]
pub struct Jar(BTreeMap<String, String>);

impl Jar {
    pub fn keep(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    pub fn value(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    /// Keeps what an answer sets, and forgets what it takes back.
    pub fn take(&mut self, headers: &HeaderMap) {
        for set in headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().expect("a cookie is text");
            let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).expect("it has a name");
            if value.is_empty() || set.contains("Max-Age=0;") || set.ends_with("Max-Age=0") {
                self.0.remove(name);
            } else {
                self.keep(name, value);
            }
        }
    }

    pub fn header(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

impl Proof {
    pub fn jar(&self, installation: &str) -> Jar {
        let mut jar = Jar::default();
        let mut keep = |stem: &str, value: &str| jar.keep(&name(stem, installation), value);
        match self {
            Self::Nothing | Self::Token(_) => {}
            Self::Session(token) => keep(SESSION, token),
            Self::Device(token) => keep(DEVICE, token),
            Self::HalfWay(token) => keep(HALF_WAY, token),
            Self::Turn(session, device) => {
                keep(SESSION, session);
                keep(DEVICE, device);
            }
        }
        jar
    }
}

pub const SESSION: &str = "";
pub const DEVICE: &str = "-device";
pub const HALF_WAY: &str = "-sign-in";

/// What a cookie is called that goes over TLS.
pub fn name(stem: &str, installation: &str) -> String {
    format!("__Host-trialmark{stem}-{installation}")
}
