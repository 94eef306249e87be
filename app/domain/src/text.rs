//! Text that people type or paste, parsed into types that are safe to show.
//!
//! It is normalised, limited in length, and free of characters that hide or reverse what is read.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::normalize::{is_bidi_control, is_refused, longest_run_of_marks, paragraphs};

pub use crate::normalize::{is_blank, lines, tidy};

/// One line of text, at most [`Line::MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line(String);

/// One or more paragraphs, at most [`Prose::MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prose(String);

/// How many combining marks may follow one another. The tallest Tibetan stacks have eight.
pub const MAX_COMBINING_MARKS: usize = 10;

impl Line {
    /// The greatest length, in characters (Unicode scalar values).
    pub const MAX: usize = 160;

    /// Parses new input, after [`tidy`].
    ///
    /// # Errors
    /// [`Fault::Missing`], [`Fault::TooLong`], [`Fault::ControlCharacter`], [`Fault::DirectionOverride`] or
    /// [`Fault::TooManyMarks`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        check_new(tidy(text), Self::MAX, |_| false).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Prose {
    /// The greatest length, in characters (Unicode scalar values).
    pub const MAX: usize = 2000;

    /// Parses new input, normalised like a [`Line`], but with its line breaks kept.
    ///
    /// # Errors
    /// As for [`Line::parse`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        check_new(paragraphs(text), Self::MAX, |c| c == '\n').map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_new(text: String, max: usize, allowed: fn(char) -> bool) -> Result<String, Fault> {
    check_length_and_chars(&text, max, allowed)?;
    if text.chars().any(is_refused) {
        return Err(Fault::ControlCharacter);
    }
    if longest_run_of_marks(&text) > MAX_COMBINING_MARKS {
        return Err(Fault::TooManyMarks { max: MAX_COMBINING_MARKS });
    }
    Ok(text)
}

/// The rules that have held for every text ever accepted, including stored ones.
fn check_length_and_chars(text: &str, max: usize, allowed: fn(char) -> bool) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    if text.chars().count() > max {
        return Err(Fault::TooLong { max });
    }
    if text.chars().any(|c| c.is_control() && !allowed(c)) {
        return Err(Fault::ControlCharacter);
    }
    if text.chars().any(is_bidi_control) {
        return Err(Fault::DirectionOverride);
    }
    Ok(())
}

/// A text as stored, accepted unchanged because the record commits to its bytes. Earlier versions of this program
/// allowed more characters.
fn from_stored(text: String, max: usize, allowed: fn(char) -> bool) -> Result<String, Fault> {
    check_length_and_chars(&text, max, allowed)?;
    if text.trim() == text { Ok(text) } else { Err(Fault::Malformed) }
}

macro_rules! text {
    ($($name:ident: $allowed:expr;)*) => {$(
        /// A text as stored, byte for byte. New input goes through `parse`.
        impl TryFrom<String> for $name {
            type Error = Fault;
            fn try_from(text: String) -> Result<Self, Fault> {
                from_stored(text, Self::MAX, $allowed).map(Self)
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
text! {
    Line: |_| false;
    Prose: |c| c == '\n';
}

#[cfg(test)]
mod tests;
