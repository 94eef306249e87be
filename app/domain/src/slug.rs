//! The slug: the short name of a business or guarantee in a public address.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::text::tidy;

/// A slug: lower-case ASCII letters, digits and single hyphens, 2 to 40 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// Words that are, or may become, part of Trialmark's own addresses.
const RESERVED: [&str; 24] = [
    "about",
    "admin",
    "api",
    "assets",
    "at",
    "badge",
    "begin",
    "check",
    "checks",
    "claim",
    "claims",
    "feed",
    "follow-up",
    "guarantees",
    "help",
    "new",
    "p",
    "people",
    "places",
    "record",
    "recoveries",
    "settings",
    "today",
    "trialmark",
];

impl Slug {
    /// The greatest length, in characters.
    pub const MAX: usize = 40;

    /// Parses a slug.
    ///
    /// # Errors
    /// [`Fault::Missing`], [`Fault::TooLong`], [`Fault::TooShort`], [`Fault::Malformed`] or [`Fault::Reserved`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = tidy(text);
        if text.is_empty() {
            return Err(Fault::Missing);
        }
        if text.chars().count() > Self::MAX {
            return Err(Fault::TooLong { max: Self::MAX });
        }
        if text.len() < 2 {
            return Err(Fault::TooShort { min: 2 });
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !text.chars().all(plain) || text.starts_with('-') || text.ends_with('-') || text.contains("--") {
            return Err(Fault::Malformed);
        }
        if RESERVED.contains(&text.as_str()) {
            return Err(Fault::Reserved);
        }
        Ok(Self(text))
    }

    /// A slug made from a title. `None` if the title has too few usable letters, or the result is reserved.
    #[must_use]
    pub fn suggest(title: &str) -> Option<Self> {
        let mut slug = String::new();
        for c in tidy(title).chars().flat_map(char::to_lowercase).map(unaccented) {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        slug.truncate(Self::MAX);
        Self::parse(slug.trim_end_matches('-')).ok()
    }

    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn unaccented(c: char) -> char {
    match c {
        'à'..='å' | 'ą' => 'a',
        'ć' | 'ç' | 'č' => 'c',
        'è'..='ë' | 'ę' => 'e',
        'ì'..='ï' => 'i',
        'ł' => 'l',
        'ń' | 'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ś' | 'š' => 's',
        'ù'..='ü' => 'u',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

impl TryFrom<String> for Slug {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slugs_are_plain_and_not_reserved() {
        assert_eq!(Slug::parse("Clean"), Err(Fault::Malformed));
        assert_eq!(Slug::parse("record"), Err(Fault::Reserved));
        assert_eq!(Slug::parse("a--b"), Err(Fault::Malformed));
        assert_eq!(Slug::suggest("Czyste łazienki, zawsze!").map(String::from), Some("czyste-lazienki-zawsze".into()));
        assert_eq!(Slug::suggest("你好"), None);
    }

    proptest! {
        #[test]
        fn a_suggested_slug_is_valid(title in any::<String>()) {
            if let Some(slug) = Slug::suggest(&title) {
                prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug));
            }
        }
    }
}
