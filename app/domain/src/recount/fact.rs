//! What an entry of the record tells, read from its kind and its body.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::breaks::FoundBy;
use crate::check::Verdict;
use crate::guarantee::{Move, Wording};
use crate::hours::Hours;
use crate::ids::{BreakId, CheckId, ClosureId, GuaranteeId, PlaceId, RecoveryId, SiteId};
use crate::recovery::{Outcome, Step};

/// One fact of the record. What an entry says beyond it (texts, wording) counts nowhere.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    Business(Business),
    Site(Site),
    Version(Version),
    Moved(Move, Moved),
    Places(Places),
    Scheduled(Scheduled),
    Closed(Closed),
    Reopened(Reopened),
    Absent,
    Checked(Checked),
    Corrected(Corrected),
    Broken(Broken),
    Stepped(Stepped),
    Redacted(Redacted),
    Sealed(Sealed),
}

/// Under which public name a business stands, by which zone its days are counted, and in which hours its clocks run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Business {
    pub slug: String,
    pub zone: String,
    pub currency: String,
    pub hours: Hours,
}

/// A site, and its own zone where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub site: SiteId,
    pub zone: Option<String>,
}

/// A wording that is in force in public from here on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Version {
    pub guarantee: GuaranteeId,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Moved {
    pub guarantee: GuaranteeId,
    pub slug: String,
}

/// Where a guarantee is promised from here on: each place with its site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    pub guarantee: GuaranteeId,
    pub places: BTreeMap<PlaceId, SiteId>,
}

/// When a promise is looked at, at one place; without a schedule nothing is due there.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Scheduled {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    #[serde(default)]
    pub schedule: Value,
    /// When it was decided, if that was before the guarantee was public.
    pub at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Closed {
    pub closure: ClosureId,
    pub site: SiteId,
    pub place: Option<PlaceId>,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Reopened {
    pub closure: ClosureId,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Checked {
    pub check: CheckId,
    pub guarantee: GuaranteeId,
    pub version: i64,
    pub place: PlaceId,
    pub at: DateTime<Utc>,
    pub verdict: Verdict,
    pub reason: Option<String>,
    pub found_by: Option<FoundBy>,
    #[serde(rename = "break")]
    pub opened: Option<BreakId>,
    /// The window it concludes, by when it was due.
    pub due: Option<DateTime<Utc>>,
    /// The local day it counts on. Entries before a seal have none.
    pub day: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Corrected {
    pub check: CheckId,
    pub was: Verdict,
    pub verdict: Verdict,
    #[serde(rename = "break")]
    pub opened: Option<BreakId>,
    /// The check that stands instead of a miss.
    pub instead: Option<CheckId>,
    pub correction: Option<uuid::Uuid>,
    /// Where the check was counted. Entries before a seal do not say it.
    #[serde(flatten)]
    pub counted: Option<Counted>,
}

/// In which row a check is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub guarantee: GuaranteeId,
    pub day: NaiveDate,
    pub in_window: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Broken {
    #[serde(rename = "break")]
    pub id: BreakId,
    pub recovery: RecoveryId,
    pub check: CheckId,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub found_by: FoundBy,
    /// Entries before a seal have neither.
    pub version: Option<i64>,
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Stepped {
    pub recovery: RecoveryId,
    pub step: String,
    pub outcome: Option<Outcome>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Redacted {
    pub redacted: u64,
}

/// What entries of an older program do not say, said once for all of them: from here on every entry says it itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    pub business: Business,
    pub sites: BTreeMap<SiteId, Option<String>>,
    pub guarantees: BTreeMap<GuaranteeId, SealedGuarantee>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SealedGuarantee {
    pub places: BTreeMap<PlaceId, SiteId>,
    pub schedules: BTreeMap<PlaceId, Value>,
    /// Kept, broken, not applicable, due and kept, due and broken, missed.
    pub tallies: BTreeMap<NaiveDate, [u64; 6]>,
}

impl Fact {
    /// # Errors
    /// There is no such kind, or its body is not one of it.
    pub fn read(kind: &str, body: &Value) -> Result<Self, serde_json::Error> {
        Ok(match kind {
            "business" => Self::Business(from(body)?),
            "site" => Self::Site(from(body)?),
            "version" => Self::Version(from(body)?),
            "places" => Self::Places(from(body)?),
            "schedule" => Self::Scheduled(from(body)?),
            "closure" => Self::Closed(from(body)?),
            "reopened" => Self::Reopened(from(body)?),
            "absence" => Self::Absent,
            "check" => Self::Checked(from(body)?),
            "correction" => Self::Corrected(from(body)?),
            "break" => Self::Broken(from(body)?),
            "recovery" => Self::Stepped(from(body)?),
            "redaction" => Self::Redacted(from(body)?),
            "seal" => Self::Sealed(from(body)?),
            verb => Self::Moved(Move::parse(verb).map_err(serde::de::Error::custom)?, from(body)?),
        })
    }
}

/// When what an entry tells happened: where the clock stood behind the entry before, the entry says so.
#[must_use]
pub fn happened(at: DateTime<Utc>, body: &Value) -> DateTime<Utc> {
    let happened = body.get("happened_at").and_then(Value::as_str).and_then(|happened| happened.parse().ok());
    happened.unwrap_or(at)
}

impl Fact {
    /// Whether everyone may read the text that the entry commits to in this field. None if it commits to none there.
    #[must_use]
    pub fn shows(&self, field: &str) -> Option<bool> {
        let texts: &[(&str, bool)] = match self {
            Self::Version(_) => &Wording::TEXTS,
            Self::Checked(_) => &[("note", false), ("photo", false)],
            Self::Corrected(_) => &[("why", true), ("note", false)],
            Self::Closed(_) => &[("why", true)],
            // What is private in a step and no text of its own is committed to as one.
            Self::Stepped(_) if field == Step::DETAILS => &[(Step::DETAILS, false)],
            Self::Stepped(said) => Step::texts_of(&said.step),
            Self::Sealed(_) => &[(Sealed::ROWS, false)],
            _ => &[],
        };
        texts.iter().find(|(name, _)| *name == field).map(|(_, public)| *public)
    }
}

impl Sealed {
    /// The field that the hash of all earlier rows is committed to under.
    pub const ROWS: &str = "rows";
}

/// The body of an entry that tells nothing but this.
///
/// # Errors
/// It does not serialise to an object.
pub fn body(said: &impl Serialize) -> Result<Map<String, Value>, serde_json::Error> {
    serde_json::from_value(serde_json::to_value(said)?)
}

fn from<T: DeserializeOwned>(body: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(body)
}
