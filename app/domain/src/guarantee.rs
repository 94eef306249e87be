//! The guarantee: a promise plus the remedy if it is not kept, in versions whose wording never changes under a result.

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::fault::{Fault, Faults, optional, whole};
use crate::text::{self, Line, Prose, tidy};

pub mod advice;

/// The kept rate the business commits to, in basis points (98 % is 9800).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Mark(u32);

/// One version of the wording. Everything here is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub title: Line,
    /// What the customer will get, where, by when.
    pub promise: Line,
    /// What *kept* looks like, one observable line each.
    #[serde(deserialize_with = "written_lines")]
    pub criteria: Vec<Line>,
    pub mark: Mark,
    pub remedy: Prose,
    /// What is added when the business is late with its own recovery.
    pub late_remedy: Prose,
    pub conditions: Option<Prose>,
    pub how_to_claim: Prose,
    pub terms: Terms,
}

/// The recovery's own guarantee, in opening hours, and how much record it takes to speak for trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub acknowledge_minutes: u32,
    pub remedy_minutes: u32,
    /// How many kept checks in a row restore trust where no customer can be asked.
    pub proof: u32,
}

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

/// Where a guarantee stands: what may be checked, and what the public sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Draft,
    /// Checked in private.
    Trial,
    Published,
    /// Announced as not in force for now.
    Suspended,
    Retired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    Try,
    Publish,
    Suspend,
    Resume,
    Retire,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("a guarantee that is {} cannot {}", stage.name(), verb.name())]
    Move { stage: Stage, verb: Move },
    #[error("nothing in the wording has changed")]
    Unchanged,
    #[error("a retired guarantee takes no new wording")]
    Retired,
    #[error("a guarantee that is tried or published needs a place to check it at")]
    NoPlace,
}

impl Mark {
    /// Half is the least a promise can commit to and still be one.
    const RANGE: std::ops::RangeInclusive<u32> = 5_000..=10_000;

    /// A percentage as typed, with at most two decimals, point or comma: `98`, `97.5`.
    ///
    /// # Errors
    /// Missing, not such a number, or not between 50 and 100.
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
    /// Its free texts, which stand beside the record: all of it is public.
    pub const TEXTS: [(&str, bool); 7] = [
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
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Wording, Faults> {
        let mut faults = Faults::default();
        let title = faults.take("title", Line::parse(&self.title));
        let promise = faults.take("promise", Line::parse(&self.promise));
        let criteria = faults.take("criteria", criteria(&self.criteria));
        let mark = faults.take("mark", Mark::parse(&self.mark));
        let remedy = faults.take("remedy", Prose::parse(&self.remedy));
        let late_remedy = faults.take("late_remedy", Prose::parse(&self.late_remedy));
        let conditions = faults.take("conditions", optional(&self.conditions, Prose::parse));
        let how_to_claim = faults.take("how_to_claim", Prose::parse(&self.how_to_claim));
        let acknowledge = faults.take("acknowledge_minutes", minutes(&self.acknowledge_minutes));
        let remedied = faults.take("remedy_minutes", minutes(&self.remedy_minutes));
        let proof = faults.take("proof", whole(&self.proof, 1, 100).map(|n| u32::try_from(n).unwrap_or(1)));
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
                terms: Terms { acknowledge_minutes, remedy_minutes, proof },
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
            proof: wording.terms.proof.to_string(),
        }
    }
}

impl Stage {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Trial => "trial",
            Self::Published => "published",
            Self::Suspended => "suspended",
            Self::Retired => "retired",
        }
    }

    /// Where the move leads: draft → trial → published ⇄ suspended → retired. A draft may be published at once.
    ///
    /// # Errors
    /// The move does not start here.
    pub fn after(self, verb: Move) -> Result<Self, Refused> {
        match (self, verb) {
            (Self::Draft, Move::Try) => Ok(Self::Trial),
            (Self::Draft | Self::Trial, Move::Publish) | (Self::Suspended, Move::Resume) => Ok(Self::Published),
            (Self::Published, Move::Suspend) => Ok(Self::Suspended),
            (Self::Trial | Self::Published | Self::Suspended, Move::Retire) => Ok(Self::Retired),
            _ => Err(Refused::Move { stage: self, verb }),
        }
    }

    /// The moves that start here.
    pub fn moves(self) -> impl Iterator<Item = Move> {
        Move::ALL.into_iter().filter(move |verb| self.after(*verb).is_ok())
    }

    /// Whether checks are taken.
    #[must_use]
    pub fn is_checked(self) -> bool {
        matches!(self, Self::Trial | Self::Published)
    }
}

impl Move {
    pub const ALL: [Self; 5] = [Self::Try, Self::Publish, Self::Suspend, Self::Resume, Self::Retire];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Try => "try",
            Self::Publish => "publish",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Retire => "retire",
        }
    }

    /// # Errors
    /// Not the name of a move.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|verb| verb.name() == text).ok_or(Fault::UnknownChoice)
    }
}

/// Decides a move: a promise nobody can check anywhere is not tried or published.
///
/// # Errors
/// The move does not start at this stage, or there is no place.
pub fn decide(stage: Stage, verb: Move, places: usize) -> Result<Stage, Refused> {
    let next = stage.after(verb)?;
    relocate(next, places)?;
    Ok(next)
}

/// Decides at how many places a guarantee is promised: while it is checked, there is somewhere to check it.
///
/// # Errors
/// It would have no place.
pub fn relocate(stage: Stage, places: usize) -> Result<(), Refused> {
    if stage.is_checked() && places == 0 { Err(Refused::NoPlace) } else { Ok(()) }
}

/// Decides a new version of the wording.
///
/// # Errors
/// The guarantee is retired, or the wording is the same.
pub fn reword(stage: Stage, current: &Wording, next: &Wording) -> Result<(), Refused> {
    if stage == Stage::Retired {
        Err(Refused::Retired)
    } else if current == next {
        Err(Refused::Unchanged)
    } else {
        Ok(())
    }
}

/// The fields in which two versions differ, with the text before and after, for showing the difference in the open.
#[must_use]
pub fn difference(old: &Wording, new: &Wording) -> Vec<(&'static str, String, String)> {
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

const MOST_CRITERIA: usize = 12;

fn criteria(typed: &[String]) -> Result<Vec<Line>, Fault> {
    let typed: Vec<_> = typed.iter().filter(|line| !text::is_blank(line)).collect();
    if typed.is_empty() {
        return Err(Fault::Missing);
    }
    if typed.len() > MOST_CRITERIA {
        return Err(Fault::TooMany { max: MOST_CRITERIA });
    }
    typed.into_iter().map(|line| Line::parse(line)).collect()
}

/// From five minutes to thirty days of opening time.
fn minutes(text: &str) -> Result<u32, Fault> {
    whole(text, 5, 43_200).map(|n| u32::try_from(n).unwrap_or(43_200))
}

/// A form sends one text with a line for each entry, a program a list.
fn lines<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    each_line(from, text::lines)
}

/// Beside the record they stand as one text with a line for each.
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

/// A form sends a number as text, a program as a number.
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
