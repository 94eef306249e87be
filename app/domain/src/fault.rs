//! What can be wrong with something a person or a program sends, and where.

use serde::Serialize;
use thiserror::Error;

use crate::alphabet::{is_blank, tidy};

/// One thing wrong with one field. The names are stable: programs read them, people get a text for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Fault {
    #[error("is missing")]
    Missing,
    #[error("is longer than {max} characters")]
    TooLong { max: usize },
    #[error("is shorter than {min} characters")]
    TooShort { min: usize },
    #[error("contains a control character")]
    ControlCharacter,
    #[error("contains a character that reverses the direction of text")]
    DirectionOverride,
    #[error("has more than {max} combining marks in a row")]
    TooManyMarks { max: usize },
    #[error("is not a number")]
    NotANumber,
    #[error("is not between {min} and {max}")]
    OutOfRange { min: i64, max: i64 },
    #[error("has more than {max} entries")]
    TooMany { max: usize },
    #[error("is not one of the choices")]
    UnknownChoice,
    #[error("is taken already")]
    Taken,
    #[error("is reserved")]
    Reserved,
    #[error("is not of the expected form")]
    Malformed,
    #[error("lies in the future")]
    InFuture,
    #[error("lies too far back")]
    TooOld,
    #[error("names nothing that exists here")]
    NotFound,
    #[error("is not a time zone")]
    NotAZone,
    #[error("is not an ISO 4217 currency")]
    NotACurrency,
    #[error("is not an e-mail address")]
    NotAnEmail,
    #[error("is too easy to guess")]
    TooCommon,
    #[error("has digits in a row, or the same over and over")]
    GuessablePin,
    #[error("is wrong")]
    Wrong,
    #[error("is not for a role that reaches everything")]
    ReachesAll,
    #[error("would never be due")]
    NeverDue,
    #[error("does not come after the beginning")]
    NotAfter,
    #[error("is not a picture that can be read here")]
    NotAPicture,
    #[error("is too large a picture")]
    TooLarge,
}

/// A field by its name in the form or the JSON document, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Invalid {
    pub field: &'static str,
    #[serde(flatten)]
    pub fault: Fault,
}

/// Everything wrong with one input, so that a person mends it in one go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Error)]
#[error("{}", self.listed())]
pub struct Faults(Vec<Invalid>);

impl Faults {
    #[must_use]
    pub fn one(field: &'static str, fault: Fault) -> Self {
        Self(vec![Invalid { field, fault }])
    }

    /// Keeps the parsed value, or notes what is wrong with the field.
    pub fn take<T>(&mut self, field: &'static str, parsed: Result<T, Fault>) -> Option<T> {
        parsed.map_err(|fault| self.0.push(Invalid { field, fault })).ok()
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    #[must_use]
    pub fn all(&self) -> &[Invalid] {
        &self.0
    }

    /// What is wrong with this field, if anything.
    #[must_use]
    pub fn at(&self, field: &str) -> Option<Fault> {
        self.0.iter().find(|one| one.field == field).map(|one| one.fault)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn listed(&self) -> String {
        let each = self.0.iter().map(|one| format!("{} {}", one.field, one.fault));
        each.collect::<Vec<_>>().join("; ")
    }
}

/// An optional field: nothing to be seen means absent, anything else must parse.
///
/// # Errors
/// It does not parse.
pub fn optional<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
    if is_blank(text) { Ok(None) } else { parse(text).map(Some) }
}

/// A number as typed, within bounds.
///
/// # Errors
/// Missing, not a number, or out of bounds.
pub fn whole(text: &str, min: i64, max: i64) -> Result<i64, Fault> {
    let text = tidy(text);
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    let number: i64 = text.parse().map_err(|_| Fault::NotANumber)?;
    if (min..=max).contains(&number) { Ok(number) } else { Err(Fault::OutOfRange { min, max }) }
}
