//! Where someone goes on to after signing in or choosing a language: an address of our own, and no endless one.

use std::ops::Deref;

use serde::{Deserialize, Deserializer};

/// An address to come back to. Whatever else was sent is none: it is not carried on, printed or followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// No page of ours has a longer address, in bytes.
    pub const MAX: usize = 2_000;

    pub fn of(to: &str) -> Self {
        Self(if is_local(to) { to.to_owned() } else { String::new() })
    }

    /// The field that hands it on, as it stands in an address.
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

/// Only ever on to an address of our own.
pub fn local(to: &str) -> &str {
    if is_local(to) { to } else { "/" }
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
    fn one_is_only_ever_sent_on_to_an_address_of_our_own() {
        let longest = format!("/{}", "a".repeat(ReturnTo::MAX - 1));
        for ours in ["/", "/check/1", "/audit?from=2026-01-01&to=//x", &longest] {
            assert_eq!((local(ours), &*ReturnTo::of(ours)), (ours, ours));
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
            assert_eq!((local(other), &*ReturnTo::of(other)), ("/", ""), "{other:?}");
        }
    }

    #[test]
    fn it_is_handed_on_as_one_field() {
        assert_eq!(ReturnTo::of("/audit?from=1&to=2").query(), "to=%2Faudit%3Ffrom%3D1%26to%3D2");
        assert_eq!(ReturnTo::of("//elsewhere.example").query(), "to=");
    }
}
