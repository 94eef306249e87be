//! Text that people type: trimmed, bounded, and free of characters that hide or reverse what is read.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// One line of at most [`Line::MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line(String);

/// Some paragraphs of at most [`Prose::MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prose(String);

impl Line {
    pub const MAX: usize = 160;

    /// # Errors
    /// Missing, too long, with a control character (a line break is one) or a direction override.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        clean(text, Self::MAX, |_| false).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Prose {
    pub const MAX: usize = 2000;

    /// # Errors
    /// As for [`Line::parse`], but line breaks may stand.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.replace("\r\n", "\n");
        clean(&text, Self::MAX, |c| c == '\n').map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn clean(text: &str, max: usize, allowed: impl Fn(char) -> bool) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    if text.chars().count() > max {
        return Err(Fault::TooLong { max });
    }
    if text.chars().any(|c| c.is_control() && !allowed(c)) {
        return Err(Fault::ControlCharacter);
    }
    if text.chars().any(reverses) {
        return Err(Fault::DirectionOverride);
    }
    Ok(text.to_owned())
}

/// The embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9): they can make a text read as
/// another one. Letters of right-to-left scripts need none of them.
fn reverses(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

macro_rules! text {
    ($($name:ident)*) => {$(
        impl TryFrom<String> for $name {
            type Error = Fault;
            fn try_from(text: String) -> Result<Self, Fault> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
text!(Line Prose);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_text_is_refused_by_name() {
        assert_eq!(Line::parse("  "), Err(Fault::Missing));
        assert_eq!(Line::parse("a\u{0}b"), Err(Fault::ControlCharacter));
        assert_eq!(Line::parse("a\nb"), Err(Fault::ControlCharacter));
        assert_eq!(Line::parse("abc\u{202E}def"), Err(Fault::DirectionOverride));
        assert_eq!(Line::parse(&"😀".repeat(10_000)), Err(Fault::TooLong { max: Line::MAX }));
        assert_eq!(Prose::parse("a\r\nb").map(String::from), Ok("a\nb".to_owned()));
        assert!(Line::parse("שלום עולם").is_ok());
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_bounded_and_stays_the_same(text in any::<String>()) {
            if let Ok(line) = Line::parse(&text) {
                prop_assert!(line.as_str().chars().count() <= Line::MAX);
                prop_assert_eq!(Line::parse(line.as_str()), Ok(line.clone()));
                prop_assert!(!line.as_str().chars().any(|c| c.is_control() || reverses(c)));
            }
        }
    }
}
