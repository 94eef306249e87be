//! Text that people type or paste: one alphabet, tidied, bounded, and free of characters that hide or reverse what is read.

use serde::{Deserialize, Serialize};

use crate::alphabet::{embeds, is_refused, longest_run_of_marks, paragraphs};
use crate::fault::Fault;

pub use crate::alphabet::{is_blank, lines, tidy};

/// One line of at most [`Line::MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line(String);

/// Some paragraphs of at most [`Prose::MAX`] characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prose(String);

/// How many combining marks may stand in a row. The tallest Tibetan stacks have eight.
pub const MOST_MARKS: usize = 10;

impl Line {
    pub const MAX: usize = 160;

    /// A text as it was sent, tidied by [`tidy`].
    ///
    /// # Errors
    /// Nothing to be seen, too long, with a control character, a direction override, or a letter under a heap of marks.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        accept(tidy(text), Self::MAX, |_| false).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Prose {
    pub const MAX: usize = 2000;

    /// A text as it was sent, tidied like a [`Line`], but its line breaks stand.
    ///
    /// # Errors
    /// As for [`Line::parse`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        accept(paragraphs(text), Self::MAX, |c| c == '\n').map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn accept(text: String, max: usize, allowed: fn(char) -> bool) -> Result<String, Fault> {
    bounded(&text, max, allowed)?;
    if text.chars().any(is_refused) {
        return Err(Fault::ControlCharacter);
    }
    if longest_run_of_marks(&text) > MOST_MARKS {
        return Err(Fault::TooManyMarks { max: MOST_MARKS });
    }
    Ok(text)
}

/// What has held for every text that was ever taken in.
fn bounded(text: &str, max: usize, allowed: fn(char) -> bool) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    if text.chars().count() > max {
        return Err(Fault::TooLong { max });
    }
    if text.chars().any(|c| c.is_control() && !allowed(c)) {
        return Err(Fault::ControlCharacter);
    }
    if text.chars().any(embeds) {
        return Err(Fault::DirectionOverride);
    }
    Ok(())
}

/// A text as it was stored. It is taken as it stands, because the record commits to its bytes: an earlier version of
/// this program let more characters in.
fn stored(text: String, max: usize, allowed: fn(char) -> bool) -> Result<String, Fault> {
    bounded(&text, max, allowed)?;
    if text.trim() == text { Ok(text) } else { Err(Fault::Malformed) }
}

macro_rules! text {
    ($($name:ident: $allowed:expr;)*) => {$(
        /// A text as it was stored, byte for byte. What is sent goes through `parse`.
        impl TryFrom<String> for $name {
            type Error = Fault;
            fn try_from(text: String) -> Result<Self, Fault> {
                stored(text, Self::MAX, $allowed).map(Self)
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
