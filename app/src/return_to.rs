//! Where to go after signing in or choosing a language: only local addresses of limited length.

use crate::addresses;
use std::ops::Deref;

use serde::{Deserialize, Deserializer};

/// A local address to return to. Anything else becomes empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// In bytes. No page of ours has a longer address.
    pub const MAX: usize = 2_000;

    pub fn of(to: &str) -> Self {
        Self(if is_local(to) { to.to_owned() } else { String::new() })
    }

    /// The address as a query parameter.
    pub fn query(&self) -> String {
        serde_html_form::to_string([("to", &self.0)]).unwrap_or_default()
    }
}

impl Deref for ReturnTo {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ReturnTo {
    fn deserialize<D: Deserializer<'de>>(sent: D) -> Result<Self, D::Error> {
        String::deserialize(sent).map(|to| Self::of(&to))
    }
}

/// The address if it is local, else the start page.
pub fn local_or_start(to: &str) -> &str {
    if is_local(to) { to } else { addresses::START }
}

/// The sign-in page, with the address to return to.
pub fn sign_in(to: &str) -> String {
    returning(addresses::SIGN_IN, to)
}

/// The second step of signing in, with the address to return to.
pub fn second_step(to: &str) -> String {
    returning(addresses::SECOND_STEP, to)
}

/// The start page of a shared device, with the address to return to.
pub fn device_start(to: &str) -> String {
    returning(addresses::DEVICE_START, to)
}

fn returning(page: &str, to: &str) -> String {
    format!("{page}?{}", ReturnTo::of(to).query())
}

fn is_local(to: &str) -> bool {
    to.len() <= ReturnTo::MAX
        && to.starts_with('/')
        && !to.starts_with("//")
        && !to.contains('\\')
        && !to.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_return_addresses_are_accepted() {
        let longest = format!("/{}", "a".repeat(ReturnTo::MAX - 1));
        for ours in ["/", "/check/1", "/audit?from=2026-01-01&to=//x", &longest] {
            assert_eq!((local_or_start(ours), &*ReturnTo::of(ours)), (ours, ours));
        }
        let (longer, endless) = (format!("{longest}a"), format!("/{}", "a".repeat(70_000)));
        let others = [
            "",
            "check/1",
            "https://elsewhere.example",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "\\\\elsewhere.example",
            "/a\nb",
            "/a\tb",
            "/\u{0}",
            "javascript:alert(1)",
            "/a\\b",
            &longer,
            &endless,
        ];
        for other in others {
            assert_eq!((local_or_start(other), &*ReturnTo::of(other)), ("/", ""), "{other:?}");
        }
    }

    #[test]
    fn the_return_address_is_encoded_as_one_query_parameter() {
        assert_eq!(ReturnTo::of("/audit?from=1&to=2").query(), "to=%2Faudit%3Ffrom%3D1%26to%3D2");
        assert_eq!(ReturnTo::of("//elsewhere.example").query(), "to=");
    }
}
