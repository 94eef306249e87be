//! What stands in a column, told once for export, import and deletion.

use chrono_tz::Tz;
use domain::business::Language;
use domain::check::Reason;
use domain::hours::Hours;
use domain::money::Currency;
use domain::obstacle::Obstacle;
use domain::person::Email;
use domain::place::Code;
use domain::recovery::{Outcome, Stage};
use domain::schedule::Schedule;
use domain::slug::Slug;
use domain::text::{Line, Prose};

use crate::work::who;

/// What a value is: how it is written in the file, and how either database keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Id,
    Bytes,
    Text,
    Integer,
    Boolean,
    Instant,
    Day,
    /// What is in the file of a picture, which lies beside the database under the row's hash.
    Picture,
}

/// One column. What is read from a file is only let in where it reads as the rules would have written it.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub optional: bool,
    /// The version of the file that brought it, and the JSON that stands for it where a file is older.
    pub since: u64,
    pub before: &'static str,
    /// It names a row of one of these tables, of the same business.
    pub refers: &'static [&'static str],
    pub(super) reads: fn(&str) -> bool,
    pub(super) names: Names,
}

/// How a person is named in a column, who may have another id where the file comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    Nobody,
    /// By the id.
    Person,
    /// By the id of whoever holds a reach.
    Holder,
    /// By what is written for a hand: `person:…`.
    Hand,
    /// By the owner in the JSON of a step.
    Owner,
}

impl Column {
    const fn of(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, optional: false, since: 1, before: "null", refers: &[], reads: any, names: Names::Nobody }
    }

    pub(super) const fn id(name: &'static str) -> Self {
        Self::of(name, Kind::Id)
    }

    pub(super) const fn bytes(name: &'static str) -> Self {
        Self::of(name, Kind::Bytes)
    }

    pub(super) const fn text(name: &'static str, reads: fn(&str) -> bool) -> Self {
        Self { reads, ..Self::of(name, Kind::Text) }
    }

    pub(super) const fn integer(name: &'static str) -> Self {
        Self::of(name, Kind::Integer)
    }

    pub(super) const fn boolean(name: &'static str) -> Self {
        Self::of(name, Kind::Boolean)
    }

    pub(super) const fn instant(name: &'static str) -> Self {
        Self::of(name, Kind::Instant)
    }

    pub(super) const fn day(name: &'static str) -> Self {
        Self::of(name, Kind::Day)
    }

    pub(super) const fn picture(name: &'static str) -> Self {
        Self::of(name, Kind::Picture)
    }

    /// Whether what is in it depends on which ids people have.
    pub(crate) fn names_people(&self) -> bool {
        matches!(self.names, Names::Person | Names::Holder | Names::Hand)
    }

    /// The business that the row is of.
    pub(super) const fn business() -> Self {
        Self { refers: &["businesses"], ..Self::id("business_id") }
    }

    pub(super) const fn person(name: &'static str) -> Self {
        Self { refers: &["people"], names: Names::Person, ..Self::id(name) }
    }

    pub(super) const fn holder(name: &'static str) -> Self {
        Self { names: Names::Holder, ..Self::id(name) }
    }

    pub(super) const fn hand(name: &'static str) -> Self {
        Self { names: Names::Hand, ..Self::text(name, hand) }
    }

    /// The JSON of a step without its texts.
    pub(super) const fn step(name: &'static str) -> Self {
        Self { names: Names::Owner, ..Self::text(name, any) }
    }

    pub(super) const fn to(self, refers: &'static [&'static str]) -> Self {
        Self { refers, ..self }
    }

    pub(super) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// A column that a later version of the file brought, and the JSON that stands for it in rows of older files.
    #[must_use]
    pub const fn since(self, version: u64, before: &'static str) -> Self {
        Self { since: version, before, ..self }
    }
}

/// What other columns or the record itself will tell.
pub(super) fn any(_: &str) -> bool {
    true
}

pub(super) fn line(text: &str) -> bool {
    Line::try_from(text.to_owned()).is_ok()
}

/// A line, or nothing where somebody is forgotten.
pub(super) fn line_or_nothing(text: &str) -> bool {
    text.is_empty() || line(text)
}

pub(super) fn prose(text: &str) -> bool {
    Prose::try_from(text.to_owned()).is_ok()
}

pub(super) fn slug(text: &str) -> bool {
    Slug::parse(text).is_ok_and(|slug| slug.as_str() == text)
}

pub(super) fn email(text: &str) -> bool {
    Email::parse(text).is_ok_and(|email| email.as_str() == text)
}

pub(super) fn code(text: &str) -> bool {
    Code::parse(text).is_ok_and(|code| code.as_str() == text)
}

pub(super) fn zone(text: &str) -> bool {
    text.parse::<Tz>().is_ok()
}

pub(super) fn currency(text: &str) -> bool {
    Currency::parse(text).is_ok_and(|currency| currency.code() == text)
}

pub(super) fn language(text: &str) -> bool {
    Language::ALL.iter().any(|language| language.code() == text)
}

pub(super) fn hours(text: &str) -> bool {
    serde_json::from_str::<Hours>(text).is_ok()
}

pub(super) fn rule(text: &str) -> bool {
    serde_json::from_str::<Schedule>(text).is_ok()
}

pub(super) fn reason(text: &str) -> bool {
    Reason::parse(text).is_ok_and(|reason| reason.to_string() == text)
}

pub(super) fn obstacle(text: &str) -> bool {
    Obstacle::ALL.iter().any(|obstacle| obstacle.name() == text)
}

pub(super) fn stage(text: &str) -> bool {
    Stage::parse(text, Some(Outcome::Restored.name())).is_ok()
}

pub(super) fn outcome(text: &str) -> bool {
    Outcome::ALL.iter().any(|outcome| outcome.name() == text)
}

fn hand(text: &str) -> bool {
    who(text).is_ok()
}
