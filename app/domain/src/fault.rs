//! Faults: what can be wrong with input from a person or a program, and in which field.

use serde::Serialize;
use thiserror::Error;

use crate::normalize::{is_blank, tidy};

/// One fault of one field. The codes are stable: programs read them, and each has a text for people.
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
    #[error("does not lie in the future")]
    NotInFuture,
    #[error("is more than {days} days ahead")]
    TooFarAhead { days: i64 },
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
    #[serde(rename = "reaches_all")]
    RoleHasAllSites,
    #[error("would never be due")]
    NeverDue,
    #[error("does not come after the beginning")]
    NotAfter,
    #[error("is not a picture that can be read here")]
    NotAPicture,
    #[error("is too large a picture")]
    TooLarge,
}

/// A fault, with the name of its field in the form or the JSON document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FieldFault {
    pub field: &'static str,
    #[serde(flatten)]
    pub fault: Fault,
}

/// All faults of one input, so a person can correct them in one go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Error)]
#[error("{}", self.listed())]
pub struct Faults(Vec<FieldFault>);

impl Faults {
    /// A single fault.
    #[must_use]
    pub fn one(field: &'static str, fault: Fault) -> Self {
        Self(vec![FieldFault { field, fault }])
    }

    /// Returns the parsed value, or adds the fault of this field.
    pub fn collect<T>(&mut self, field: &'static str, parsed: Result<T, Fault>) -> Option<T> {
        parsed.map_err(|fault| self.0.push(FieldFault { field, fault })).ok()
    }

    /// These faults and `more`.
    #[must_use]
    pub fn merge(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// Every fault, in the order it was found.
    #[must_use]
    pub fn all(&self) -> &[FieldFault] {
        &self.0
    }

    /// The first fault of this field, if any.
    #[must_use]
    pub fn of_field(&self, field: &str) -> Option<Fault> {
        self.0.iter().find(|one| one.field == field).map(|one| one.fault)
    }

    /// Whether there is no fault.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn listed(&self) -> String {
        let each = self.0.iter().map(|one| format!("{} {}", one.field, one.fault));
        each.collect::<Vec<_>>().join("; ")
    }
}

/// Parses an optional field. A blank text means absent.
///
/// # Errors
/// The fault of `parse`.
pub fn parse_optional<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
    if is_blank(text) { Ok(None) } else { parse(text).map(Some) }
}

/// Parses an integer from `min` to `max`.
///
/// # Errors
/// [`Fault::Missing`], [`Fault::NotANumber`] or [`Fault::OutOfRange`].
pub fn parse_integer(text: &str, min: i64, max: i64) -> Result<i64, Fault> {
    let text = tidy(text);
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    let number: i64 = text.parse().map_err(|_| Fault::NotANumber)?;
    if (min..=max).contains(&number) { Ok(number) } else { Err(Fault::OutOfRange { min, max }) }
}

/// Parses one of a closed set by its name.
///
/// # Errors
/// [`Fault::Missing`] or [`Fault::UnknownChoice`].
pub fn parse_choice<T: Copy, const N: usize>(text: &str, all: [T; N], name: fn(T) -> &'static str) -> Result<T, Fault> {
    match tidy(text).as_str() {
        "" => Err(Fault::Missing),
        text => all.into_iter().find(|one| name(*one) == text).ok_or(Fault::UnknownChoice),
    }
}
