//! Where a promise is checked: sites, and the places in them.

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Faults};
use crate::text::{Line, tidy};

/// A location of the business, or a spot in one: what it needs is a name people know it by.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NameDraft {
    pub name: String,
}

impl NameDraft {
    /// # Errors
    /// The name is missing, too long or hostile.
    pub fn parse(&self) -> Result<Line, Faults> {
        Line::parse(&self.name).map_err(|fault| Faults::one("name", fault))
    }
}

/// The short code of a place, on its label: six characters that are not mistaken for one another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

/// Douglas Crockford's base 32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Code {
    const LENGTH: usize = 6;

    /// A code from random bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let chosen = bytes.iter().take(Self::LENGTH);
        Self(chosen.map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// A code as read off a label and typed: case, spaces and hyphens do not matter, O is 0, I and L are 1.
    ///
    /// # Errors
    /// Not six such characters.
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

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Code {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_survives_a_hurried_thumb() {
        assert_eq!(Code::parse("o1-l2 ab").unwrap().as_str(), "0112AB");
        assert_eq!(Code::parse("U12345"), Err(Fault::Malformed));
        assert_eq!(Code::parse("1234567"), Err(Fault::Malformed));
    }

    proptest! {
        #[test]
        fn every_made_code_can_be_typed(bytes in any::<[u8; 32]>()) {
            let code = Code::from_bytes(&bytes);
            prop_assert_eq!(Code::parse(&code.as_str().to_lowercase()), Ok(code));
        }
    }
}
