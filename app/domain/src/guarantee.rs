//! The guarantee: a promise plus the remedy if it is not kept.
//!
//! Its wording has versions, and never changes under a result.

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::closed_set::closed_set;
use crate::fault::{Fault, Faults, parse_integer, parse_optional};
use crate::ids::{self, PlaceId};
use crate::slug::Slug;
use crate::text::{self, Line, Prose, tidy};

pub mod advice;

/// The mark: the kept rate the business commits to, in basis points (98 % is 9800).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Mark(u32);

/// One version of a guarantee's wording. All of it is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub title: Line,
    /// What the customer will get, where, by when.
    pub promise: Line,
    /// What *kept* looks like: one observable line for each criterion.
    #[serde(deserialize_with = "written_lines")]
    pub criteria: Vec<Line>,
    pub mark: Mark,
    pub remedy: Prose,
    /// The extra remedy if the business misses a deadline of its own recovery.
    pub late_remedy: Prose,
    pub conditions: Option<Prose>,
    pub how_to_claim: Prose,
    pub terms: Terms,
}

/// The recovery's own guarantee: its deadlines in minutes of opening hours, and how many kept checks restore trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Minutes of opening hours until the break is acknowledged.
    pub acknowledge_minutes: u32,
    /// Minutes of opening hours until the remedy is received.
    pub remedy_minutes: u32,
    /// How many kept checks in a row restore trust if no customer can be asked.
    #[serde(rename = "proof")]
    pub kept_checks_for_trust: u32,
}

/// Input for a [`Wording`], as text. Criteria and numbers may also be sent as JSON lists and numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WordingDraft {
    pub title: String,
    pub promise: String,
    #[serde(deserialize_with = "lines")]
    pub criteria: Vec<String>,
    #[serde(deserialize_with = "number")]
    pub mark: String,
    pub remedy: String,
    pub late_remedy: String,
    pub conditions: String,
    pub how_to_claim: String,
    #[serde(deserialize_with = "number")]
    pub acknowledge_minutes: String,
    #[serde(deserialize_with = "number")]
    pub remedy_minutes: String,
    #[serde(deserialize_with = "number")]
    pub proof: String,
}

/// A new guarantee of a problem: its first wording, where it is promised, and its name in addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGuarantee {
    pub wording: Wording,
    pub places: Vec<PlaceId>,
    /// `None`: made from the title.
    pub slug: Option<Slug>,
}

/// Input for a [`NewGuarantee`], as text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GuaranteeDraft {
    #[serde(flatten)]
    pub wording: WordingDraft,
    #[serde(deserialize_with = "one_or_many")]
    pub places: Vec<String>,
    pub slug: String,
}

impl GuaranteeDraft {
    /// Parses the guarantee.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<NewGuarantee, Faults> {
        let mut faults = Faults::default();
        let slug = faults.collect("slug", parse_optional(&self.slug, Slug::parse));
        let places = faults.collect("places", ids::parse_all(&self.places));
        match (self.wording.parse(), slug, places) {
            (Ok(wording), Some(slug), Some(places)) => Ok(NewGuarantee { wording, places, slug }),
            (wording, ..) => Err(wording.err().unwrap_or_default().merge(faults)),
        }
    }
}

/// The stage of a guarantee. It decides whether checks are taken, and what the public sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Draft,
    /// Checked in private.
    Trial,
    Published,
    /// Not in force for now, as announced in public.
    Suspended,
    Retired,
}

/// A move of a guarantee from one stage to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    Try,
    Publish,
    Suspend,
    Resume,
    Retire,
}

/// Why a guarantee cannot be moved or reworded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GuaranteeError {
    #[error("a guarantee that is {} cannot {}", stage.name(), verb.name())]
    Move { stage: Stage, verb: Transition },
    #[error("nothing in the wording has changed")]
    Unchanged,
    #[error("a retired guarantee takes no new wording")]
    Retired,
    #[error("a guarantee that is tried or published needs a place to check it at")]
    NoPlace,
}

impl Mark {
    /// From 50 % to 100 %. A promise kept less than half the time is no promise.
    const RANGE: std::ops::RangeInclusive<u32> = 5_000..=10_000;

    /// Parses a percentage as typed, with at most two decimals after a point or comma: `98`, `97.5`.
    ///
    /// # Errors
    /// [`Fault::Missing`], [`Fault::NotANumber`], or [`Fault::OutOfRange`] if it is not between 50 and 100.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = tidy(text).trim_end_matches('%').trim_end().replace(',', ".");
        if text.is_empty() {
            return Err(Fault::Missing);
        }
        let (major, minor) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if major.is_empty() || major.len() > 6 || minor.len() > 2 || !digits(major) || !digits(minor) {
            return Err(Fault::NotANumber);
        }
        let basis_points: u32 = format!("{major}{minor:0<2}").parse().map_err(|_| Fault::NotANumber)?;
        Self::try_from(basis_points)
    }

    /// The mark in basis points.
    #[must_use]
    pub fn basis_points(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Mark {
    type Error = Fault;
    fn try_from(basis_points: u32) -> Result<Self, Fault> {
        let range = Fault::OutOfRange { min: 50, max: 100 };
        if Self::RANGE.contains(&basis_points) { Ok(Self(basis_points)) } else { Err(range) }
    }
}

impl From<Mark> for u32 {
    fn from(mark: Mark) -> Self {
        mark.0
    }
}

impl Wording {
    /// The names of its free text fields, which are stored beside the record, each with whether it is public. All are
    /// public.
    pub const FREE_TEXTS: [(&str, bool); 7] = [
        ("title", true),
        ("promise", true),
        ("criteria", true),
        ("remedy", true),
        ("late_remedy", true),
        ("conditions", true),
        ("how_to_claim", true),
    ];
}

impl WordingDraft {
    /// Parses the wording. Both deadlines are from 5 to 43 200 minutes (30 days) of opening hours; `proof` is from 1 to
    /// 100 checks.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse(&self) -> Result<Wording, Faults> {
        let mut faults = Faults::default();
        let title = faults.collect("title", Line::parse(&self.title));
        let promise = faults.collect("promise", Line::parse(&self.promise));
        let criteria = faults.collect("criteria", criteria(&self.criteria));
        let mark = faults.collect("mark", Mark::parse(&self.mark));
        let remedy = faults.collect("remedy", Prose::parse(&self.remedy));
        let late_remedy = faults.collect("late_remedy", Prose::parse(&self.late_remedy));
        let conditions = faults.collect("conditions", parse_optional(&self.conditions, Prose::parse));
        let how_to_claim = faults.collect("how_to_claim", Prose::parse(&self.how_to_claim));
        let acknowledge = faults.collect("acknowledge_minutes", minutes(&self.acknowledge_minutes));
        let remedied = faults.collect("remedy_minutes", minutes(&self.remedy_minutes));
        let proof = faults.collect("proof", parse_integer(&self.proof, 1, 100).map(|n| u32::try_from(n).unwrap_or(1)));
        match (
            title,
            promise,
            criteria,
            mark,
            remedy,
            late_remedy,
            conditions,
            how_to_claim,
            acknowledge,
            remedied,
            proof,
        ) {
            (
                Some(title),
                Some(promise),
                Some(criteria),
                Some(mark),
                Some(remedy),
                Some(late_remedy),
                Some(conditions),
                Some(how_to_claim),
                Some(acknowledge_minutes),
                Some(remedy_minutes),
                Some(proof),
            ) => Ok(Wording {
                title,
                promise,
                criteria,
                mark,
                remedy,
                late_remedy,
                conditions,
                how_to_claim,
                terms: Terms { acknowledge_minutes, remedy_minutes, kept_checks_for_trust: proof },
            }),
            _ => Err(faults),
        }
    }
}

impl From<&Wording> for WordingDraft {
    fn from(wording: &Wording) -> Self {
        let mark = wording.mark.basis_points();
        let mark = if mark.is_multiple_of(100) {
            (mark / 100).to_string()
        } else {
            format!("{}.{:02}", mark / 100, mark % 100)
        };
        Self {
            title: wording.title.to_string(),
            promise: wording.promise.to_string(),
            criteria: wording.criteria.iter().map(ToString::to_string).collect(),
            mark,
            remedy: wording.remedy.to_string(),
            late_remedy: wording.late_remedy.to_string(),
            conditions: wording.conditions.as_ref().map(ToString::to_string).unwrap_or_default(),
            how_to_claim: wording.how_to_claim.to_string(),
            acknowledge_minutes: wording.terms.acknowledge_minutes.to_string(),
            remedy_minutes: wording.terms.remedy_minutes.to_string(),
            proof: wording.terms.kept_checks_for_trust.to_string(),
        }
    }
}

closed_set! {
    Stage.name {
        Draft = "draft",
        Trial = "trial",
        Published = "published",
        Suspended = "suspended",
        Retired = "retired",
    }
}

impl Stage {
    /// The stage after a move: draft → trial → published ⇄ suspended → retired. A draft may be published without a
    /// trial.
    ///
    /// # Errors
    /// [`GuaranteeError::Move`] if the move is not possible at this stage.
    pub fn after(self, verb: Transition) -> Result<Self, GuaranteeError> {
        match (self, verb) {
            (Self::Draft, Transition::Try) => Ok(Self::Trial),
            (Self::Draft | Self::Trial, Transition::Publish) | (Self::Suspended, Transition::Resume) => {
                Ok(Self::Published)
            }
            (Self::Published, Transition::Suspend) => Ok(Self::Suspended),
            (Self::Trial | Self::Published | Self::Suspended, Transition::Retire) => Ok(Self::Retired),
            _ => Err(GuaranteeError::Move { stage: self, verb }),
        }
    }

    /// The moves that are possible at this stage.
    pub fn transitions(self) -> impl Iterator<Item = Transition> {
        Transition::ALL.into_iter().filter(move |verb| self.after(*verb).is_ok())
    }

    /// Whether checks are taken at this stage.
    #[must_use]
    pub fn is_checked(self) -> bool {
        matches!(self, Self::Trial | Self::Published)
    }
}

closed_set! {
    Transition.name {
        Try = "try",
        Publish = "publish",
        Suspend = "suspend",
        Resume = "resume",
        Retire = "retire",
    }
}

impl Transition {
    /// Reads a move by its name.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`] if there is no such move.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|verb| verb.name() == text).ok_or(Fault::UnknownChoice)
    }
}

/// Decides a move of a guarantee that is promised at `places` places. It needs a place before it is tried or published.
///
/// # Errors
/// [`GuaranteeError::Move`] if the move is not possible at this stage; [`GuaranteeError::NoPlace`] if there is no
/// place.
pub fn transition(stage: Stage, verb: Transition, places: usize) -> Result<Stage, GuaranteeError> {
    let next = stage.after(verb)?;
    require_place(next, places)?;
    Ok(next)
}

/// Checks that a guarantee has a place as long as it takes checks.
///
/// # Errors
/// [`GuaranteeError::NoPlace`] if it would have none.
pub fn require_place(stage: Stage, places: usize) -> Result<(), GuaranteeError> {
    if stage.is_checked() && places == 0 { Err(GuaranteeError::NoPlace) } else { Ok(()) }
}

/// Decides whether a new version of the wording is allowed.
///
/// # Errors
/// [`GuaranteeError::Retired`]; [`GuaranteeError::Unchanged`] if both wordings are the same.
pub fn allow_wording(stage: Stage, current: &Wording, next: &Wording) -> Result<(), GuaranteeError> {
    if stage == Stage::Retired {
        Err(GuaranteeError::Retired)
    } else if current == next {
        Err(GuaranteeError::Unchanged)
    } else {
        Ok(())
    }
}

/// The fields in which two versions differ: name, old text, new text. The public page shows this difference.
#[must_use]
pub fn wording_diff(old: &Wording, new: &Wording) -> Vec<(&'static str, String, String)> {
    let (old, new) = (WordingDraft::from(old), WordingDraft::from(new));
    let fields = [
        ("title", old.title, new.title),
        ("promise", old.promise, new.promise),
        ("criteria", old.criteria.join("\n"), new.criteria.join("\n")),
        ("mark", old.mark, new.mark),
        ("remedy", old.remedy, new.remedy),
        ("late_remedy", old.late_remedy, new.late_remedy),
        ("conditions", old.conditions, new.conditions),
        ("how_to_claim", old.how_to_claim, new.how_to_claim),
        ("acknowledge_minutes", old.acknowledge_minutes, new.acknowledge_minutes),
        ("remedy_minutes", old.remedy_minutes, new.remedy_minutes),
        ("proof", old.proof, new.proof),
    ];
    fields.into_iter().filter(|(_, before, after)| before != after).collect()
}

const MAX_CRITERIA: usize = 12;

fn criteria(typed: &[String]) -> Result<Vec<Line>, Fault> {
    let typed: Vec<_> = typed.iter().filter(|line| !text::is_blank(line)).collect();
    if typed.is_empty() {
        return Err(Fault::Missing);
    }
    if typed.len() > MAX_CRITERIA {
        return Err(Fault::TooMany { max: MAX_CRITERIA });
    }
    typed.into_iter().map(|line| Line::parse(line)).collect()
}

/// Minutes of opening hours, from 5 minutes to 30 days.
fn minutes(text: &str) -> Result<u32, Fault> {
    parse_integer(text, 5, 43_200).map(|n| u32::try_from(n).unwrap_or(43_200))
}

/// A form sends one text with one line for each entry; an API call sends a list.
fn lines<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    each_line(from, text::lines)
}

/// Criteria are stored beside the record as one text, one line for each.
fn written_lines<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Line>, D::Error> {
    let written = |text: &str| text.lines().map(str::to_owned).collect();
    each_line(from, written)?.into_iter().map(|line| line.try_into().map_err(serde::de::Error::custom)).collect()
}

fn each_line<'de, D: Deserializer<'de>>(from: D, split: fn(&str) -> Vec<String>) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a text with one line for each entry, or a list of texts")]
    enum Either {
        Text(String),
        List(Vec<String>),
    }
    Ok(match Either::deserialize(from)? {
        Either::Text(text) => split(&text),
        Either::List(list) => list,
    })
}

/// One ticked box of a form arrives as a text, several as a list.
fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Either::deserialize(from)? {
        Either::One(one) => vec![one],
        Either::Many(many) => many,
    })
}

/// A form sends a number as text; an API call sends a number.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a number")]
    enum Either {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(match Either::deserialize(from)? {
        Either::Text(text) => text,
        Either::Number(number) => number.to_string(),
    })
}

#[cfg(test)]
mod tests;
