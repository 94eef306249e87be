//! The columns of a table, described once for export, import and deletion.

use chrono_tz::Tz;
use domain::business::Language;
use domain::finding::Reason;
use domain::hours::Hours;
use domain::money::Currency;
use domain::obstacle::Obstacle;
use domain::person::Email;
use domain::place::TagCode;
use domain::recovery::{Outcome, Stage};
use domain::schedule::Schedule;
use domain::slug::Slug;
use domain::text::{Line, Prose};
use serde_json::Value;

use crate::actor_key::parse_actor_key;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Id,
    Bytes,
    Text,
    Integer,
    Boolean,
    Instant,
    Day,
    /// The content of a photo's file, which is stored beside the database under the row's hash.
    Picture,
}

/// One column. Import refuses a value unless it is valid and in the form that the program writes.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: ColumnKind,
    pub optional: bool,
    /// The version of the format that added it, and the JSON value that it has in rows from before.
    pub since: u64,
    pub default_json: &'static str,
    /// The tables that it references, within the same business.
    pub references: &'static [&'static str],
    pub(crate) is_valid: fn(&str) -> bool,
    pub(crate) person_ref: PersonRef,
}

/// How a column refers to a person, whose id may differ where the file is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PersonRef {
    Nobody,
    /// By their id.
    Person,
    /// By the id of the holder of a site access.
    Holder,
    /// By an actor key: `person:…`.
    ActorKey,
    /// By the owner in the JSON of a step.
    Owner,
}

impl Column {
    const fn of(name: &'static str, kind: ColumnKind) -> Self {
        Self {
            name,
            kind,
            optional: false,
            since: 1,
            default_json: "null",
            references: &[],
            is_valid: any,
            person_ref: PersonRef::Nobody,
        }
    }

    pub(crate) const fn id(name: &'static str) -> Self {
        Self::of(name, ColumnKind::Id)
    }

    pub(crate) const fn bytes(name: &'static str) -> Self {
        Self::of(name, ColumnKind::Bytes)
    }

    pub(crate) const fn text(name: &'static str, is_valid: fn(&str) -> bool) -> Self {
        Self { is_valid, ..Self::of(name, ColumnKind::Text) }
    }

    pub(crate) const fn integer(name: &'static str) -> Self {
        Self::of(name, ColumnKind::Integer)
    }

    pub(crate) const fn boolean(name: &'static str) -> Self {
        Self::of(name, ColumnKind::Boolean)
    }

    pub(crate) const fn instant(name: &'static str) -> Self {
        Self::of(name, ColumnKind::Instant)
    }

    pub(crate) const fn day(name: &'static str) -> Self {
        Self::of(name, ColumnKind::Day)
    }

    pub(crate) const fn picture(name: &'static str) -> Self {
        Self::of(name, ColumnKind::Picture)
    }

    /// The value in rows that are older than the column.
    pub(crate) fn default(&self) -> Value {
        serde_json::from_str(self.default_json).unwrap_or_default()
    }

    /// Whether its value depends on the ids of people.
    pub(crate) fn refers_to_people(&self) -> bool {
        matches!(self.person_ref, PersonRef::Person | PersonRef::Holder | PersonRef::ActorKey)
    }

    /// The id of the row's business.
    pub(crate) const fn business() -> Self {
        Self { references: &["businesses"], ..Self::id("business_id") }
    }

    pub(crate) const fn person(name: &'static str) -> Self {
        Self { references: &["people"], person_ref: PersonRef::Person, ..Self::id(name) }
    }

    pub(crate) const fn holder(name: &'static str) -> Self {
        Self { person_ref: PersonRef::Holder, ..Self::id(name) }
    }

    pub(crate) const fn actor_key(name: &'static str) -> Self {
        Self { person_ref: PersonRef::ActorKey, ..Self::text(name, is_actor_key) }
    }

    /// The JSON of a step without its texts.
    pub(crate) const fn step(name: &'static str) -> Self {
        Self { person_ref: PersonRef::Owner, ..Self::text(name, any) }
    }

    pub(crate) const fn referencing(self, references: &'static [&'static str]) -> Self {
        Self { references, ..self }
    }

    pub(crate) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Marks a column that a later version of the format added, with its JSON value in rows from before.
    #[must_use]
    pub const fn since(self, version: u64, default_json: &'static str) -> Self {
        Self { since: version, default_json, ..self }
    }
}

/// For values that are checked elsewhere: by the database, or against the record.
pub(crate) fn any(_: &str) -> bool {
    true
}

pub(crate) fn line(text: &str) -> bool {
    Line::try_from(text.to_owned()).is_ok()
}

/// A line, or nothing if the customer was erased.
pub(crate) fn line_or_nothing(text: &str) -> bool {
    text.is_empty() || line(text)
}

pub(crate) fn prose(text: &str) -> bool {
    Prose::try_from(text.to_owned()).is_ok()
}

pub(crate) fn slug(text: &str) -> bool {
    Slug::parse(text).is_ok_and(|slug| slug.as_str() == text)
}

pub(crate) fn email(text: &str) -> bool {
    Email::parse(text).is_ok_and(|email| email.as_str() == text)
}

pub(crate) fn code(text: &str) -> bool {
    TagCode::parse(text).is_ok_and(|code| code.as_str() == text)
}

pub(crate) fn zone(text: &str) -> bool {
    text.parse::<Tz>().is_ok()
}

pub(crate) fn currency(text: &str) -> bool {
    Currency::parse(text).is_ok_and(|currency| currency.code() == text)
}

pub(crate) fn language(text: &str) -> bool {
    Language::ALL.iter().any(|language| language.code() == text)
}

pub(crate) fn hours(text: &str) -> bool {
    serde_json::from_str::<Hours>(text).is_ok()
}

pub(crate) fn schedule(text: &str) -> bool {
    serde_json::from_str::<Schedule>(text).is_ok()
}

pub(crate) fn reason(text: &str) -> bool {
    Reason::parse(text).is_ok_and(|reason| reason.to_string() == text)
}

pub(crate) fn obstacle(text: &str) -> bool {
    Obstacle::ALL.iter().any(|obstacle| obstacle.name() == text)
}

pub(crate) fn stage(text: &str) -> bool {
    Stage::parse(text, Some(Outcome::Restored.name())).is_ok()
}

pub(crate) fn outcome(text: &str) -> bool {
    Outcome::ALL.iter().any(|outcome| outcome.name() == text)
}

fn is_actor_key(text: &str) -> bool {
    parse_actor_key(text).is_ok()
}
