//! The fact that an entry of the record tells, read from its kind and its body.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::breaks::FoundBy;
use crate::guarantee::{Transition, Wording};
use crate::hours::Hours;
use crate::ids::{BreakId, CheckId, ClosureId, GuaranteeId, PlaceId, RecoveryId, SiteId};
use crate::recovery::{Outcome, Step, StepKind};
use crate::verdict::Verdict;

/// One fact of the record. Anything else in the entry (texts, wording) has no effect on the numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    Business(Business),
    Site(Site),
    Version(Version),
    Moved(Transition, Moved),
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

/// The public name of a business, the time zone of its days, its currency, and the opening hours for its clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Business {
    pub slug: String,
    pub zone: String,
    pub currency: String,
    pub hours: Hours,
}

/// A site, with its own time zone if it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub site: SiteId,
    pub zone: Option<String>,
}

/// A version of the wording that is in force in public from now on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Version {
    pub guarantee: GuaranteeId,
    pub version: i64,
}

/// A guarantee moved to another stage.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Moved {
    pub guarantee: GuaranteeId,
    pub slug: String,
}

/// The places where a guarantee is promised from now on, each with its site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    pub guarantee: GuaranteeId,
    pub places: BTreeMap<PlaceId, SiteId>,
}

/// The schedule of a promise at one place. If it is null, nothing is due there.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Scheduled {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    #[serde(default)]
    pub schedule: Value,
    /// When the schedule was decided, if that was before the guarantee became public.
    pub at: Option<DateTime<Utc>>,
}

/// A closure was announced: nothing is due at the site, or at one place in it, in this time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Closed {
    pub closure: ClosureId,
    pub site: SiteId,
    pub place: Option<PlaceId>,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// A closure ended early.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Reopened {
    pub closure: ClosureId,
}

/// A check was made, or a due check was missed.
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
    /// The due time of the window that it concludes.
    pub due: Option<DateTime<Utc>>,
    /// The local day it counts on. Entries from before a backfill have none.
    pub day: Option<NaiveDate>,
}

/// The verdict of a check was corrected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Corrected {
    pub check: CheckId,
    pub was: Verdict,
    pub verdict: Verdict,
    #[serde(rename = "break")]
    pub opened: Option<BreakId>,
    /// The check that replaces a miss.
    pub instead: Option<CheckId>,
    pub correction: Option<uuid::Uuid>,
    /// Where the check was counted. Entries from before a backfill do not tell.
    #[serde(flatten)]
    pub counted: Option<Counted>,
}

/// The tally in which a check is counted: the guarantee, the day, and whether it concluded a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub guarantee: GuaranteeId,
    pub day: NaiveDate,
    pub in_window: bool,
}

/// A promise was broken, and its recovery was opened.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Broken {
    #[serde(rename = "break")]
    pub id: BreakId,
    pub recovery: RecoveryId,
    pub check: CheckId,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub found_by: FoundBy,
    /// Entries from before a backfill have neither version nor reason.
    pub version: Option<i64>,
    pub reason: Option<String>,
}

/// A recovery took a step.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Stepped {
    pub recovery: RecoveryId,
    pub step: StepKind,
    pub outcome: Option<Outcome>,
}

/// Texts were redacted; this is how many.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Redacted {
    pub redacted: u64,
}

/// A backfill (entry kind `seal`): it tells once what entries of an older version do not tell. Every later entry tells
/// it itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    pub business: Business,
    pub sites: BTreeMap<SiteId, Option<String>>,
    pub guarantees: BTreeMap<GuaranteeId, SealedGuarantee>,
}

/// The places, schedules and tallies of a guarantee in a backfill.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SealedGuarantee {
    pub places: BTreeMap<PlaceId, SiteId>,
    pub schedules: BTreeMap<PlaceId, Value>,
    /// For each day: kept, broken, not applicable, windows kept, windows broken, missed.
    pub tallies: BTreeMap<NaiveDate, [u64; 6]>,
}

impl Fact {
    /// Reads the fact of an entry.
    ///
    /// # Errors
    /// The kind is unknown, or the body does not fit the kind.
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
            verb => Self::Moved(Transition::parse(verb).map_err(serde::de::Error::custom)?, from(body)?),
        })
    }
}

/// When the fact of an entry happened. It is the entry's time, unless the body gives another one: that is so if the
/// clock was behind the entry before.
#[must_use]
pub fn happened(at: DateTime<Utc>, body: &Value) -> DateTime<Utc> {
    let happened = body.get("happened_at").and_then(Value::as_str).and_then(|happened| happened.parse().ok());
    happened.unwrap_or(at)
}

impl Fact {
    /// Whether the text that the entry commits to under this field is public. `None` if it commits to no text there.
    #[must_use]
    pub fn shows(&self, field: &str) -> Option<bool> {
        let texts: &[(&str, bool)] = match self {
            Self::Version(_) => &Wording::FREE_TEXTS,
            Self::Checked(_) => &[("note", false), ("photo", false)],
            Self::Corrected(_) => &[("why", true), ("note", false)],
            Self::Closed(_) => &[("why", true)],
            // The private details of a step are committed to together, as one text.
            Self::Stepped(_) if field == Step::DETAILS => &[(Step::DETAILS, false)],
            Self::Stepped(said) => said.step.texts(),
            Self::Sealed(_) => &[(Sealed::ROWS, false)],
            _ => &[],
        };
        texts.iter().find(|(name, _)| *name == field).map(|(_, public)| *public)
    }
}

impl Sealed {
    /// The field with the commitment to all earlier rows.
    pub const ROWS: &str = "rows";
}

/// The body of an entry that tells just this fact.
///
/// # Errors
/// The value does not serialise to a JSON object.
pub fn body(said: &impl Serialize) -> Result<Map<String, Value>, serde_json::Error> {
    serde_json::from_value(serde_json::to_value(said)?)
}

fn from<T: DeserializeOwned>(body: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(body)
}
