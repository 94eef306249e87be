//! Sites and places: where a promise is checked.

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Faults};
use crate::ids::{self, SiteId};
use crate::text::{Line, tidy};

/// Input for the name of a site or place, as text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NameDraft {
    pub name: String,
}

impl NameDraft {
    /// Parses the name.
    ///
    /// # Errors
    /// The faults of [`Line::parse`], under the field `name`.
    pub fn parse(&self) -> Result<Line, Faults> {
        Line::parse(&self.name).map_err(|fault| Faults::one("name", fault))
    }
}

/// Input for a new place, as text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlaceDraft {
    pub site: String,
    pub name: String,
}

impl PlaceDraft {
    /// Parses the site and the name.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<(SiteId, Line), Faults> {
        let mut faults = Faults::default();
        let site = faults.collect("site", ids::parse(&self.site));
        let name = faults.collect("name", Line::parse(&self.name));
        site.zip(name).ok_or(faults)
    }
}

/// The short code printed on the tag of a place: six characters that are not mistaken for one another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TagCode(String);

/// Crockford's base 32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl TagCode {
    const LENGTH: usize = 6;

    /// Makes a code from random bytes. Each of 6 bytes gives one character (5 bits).
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let chosen = bytes.iter().take(Self::LENGTH);
        Self(chosen.map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// Parses a code as read from a tag and typed. Case, spaces and hyphens do not matter; O is read as 0, I and L as
    /// 1.
    ///
    /// # Errors
    /// [`Fault::Malformed`] if it is not six characters of the alphabet.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = tidy(text);
        let folded = text.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let code: String = folded.take(Self::LENGTH + 1).collect();
        let known = code.bytes().all(|byte| ALPHABET.contains(&byte));
        if code.len() == Self::LENGTH && known { Ok(Self(code)) } else { Err(Fault::Malformed) }
    }

    /// The six characters, in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TagCode {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<TagCode> for String {
    fn from(code: TagCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tag_code_parses_with_confusable_characters() {
        assert_eq!(TagCode::parse("o1-l2 ab").unwrap().as_str(), "0112AB");
        assert_eq!(TagCode::parse("U12345"), Err(Fault::Malformed));
        assert_eq!(TagCode::parse("1234567"), Err(Fault::Malformed));
    }

    proptest! {
        #[test]
        fn generated_tag_codes_parse_in_lowercase(bytes in any::<[u8; 32]>()) {
            let code = TagCode::from_bytes(&bytes);
            prop_assert_eq!(TagCode::parse(&code.as_str().to_lowercase()), Ok(code));
        }
    }
}
