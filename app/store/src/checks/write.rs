//! Stores checks with everything that follows from them: tallies, record entries and recoveries.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::actor::Actor;
use domain::breaks::FoundBy;
use domain::customer::PHOTO_FIELD;
use domain::device_clock::{ClockReadings, ServerTimeSample};
use domain::finding::{Finding, Reason};
use domain::guarantee::Stage;
use domain::ids::{BreakId, BusinessId, CheckId, PlaceId, RecoveryId};
use domain::measure::Tally;
use domain::obstacle::Obstacle;
use domain::record::{FreeText, Hash};
use domain::verdict::Verdict;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::corrections::void_missed;
use super::promise::Promise;
use super::second_look;
use super::window_claims::WindowClaim;
use crate::actor_key::actor_key;
use crate::breaks::NewBreak;
use crate::db::fetch_rows;
use crate::error::Error;
use crate::recoveries;
use crate::tallies::TallyKey;
use crate::unit_of_work::UnitOfWork;
use crate::verdict_sql::counts_as_made;

/// A check to be stored.
pub(super) struct Row<'a> {
    pub id: CheckId,
    pub place: PlaceId,
    pub at: DateTime<Utc>,
    /// The day it counts in.
    pub day: NaiveDate,
    pub clocks: Option<ClockReadings>,
    pub skewed: bool,
    pub verdict: Verdict,
    pub finding: Option<Finding>,
    pub photo: Option<Hash>,
    /// Its window.
    pub window_claim: Option<WindowClaim>,
    pub fingerprint: Hash,
    pub actor: &'a Actor,
}

/// A business, and a check of it. Businesses can have checks with the same id.
type CheckKey = (BusinessId, CheckId);

fn keys(rows: Vec<(Uuid, Uuid)>) -> HashSet<CheckKey> {
    rows.into_iter().map(|(business, id)| (BusinessId(business), CheckId(id))).collect()
}

impl Row<'_> {
    fn key(&self) -> CheckKey {
        (self.actor.business, self.id)
    }

    fn heard(&self) -> Option<ServerTimeSample> {
        self.clocks.and_then(|clocks| clocks.heard)
    }
}

/// Whether a check was stored.
pub(super) enum Insertion {
    /// There is a check with this id already. Nothing was written.
    Duplicate,
    /// It was stored. If it was broken, it opened this recovery.
    Stored(Option<RecoveryId>),
}

/// Stores checks, their tallies, their entries and the recoveries they open. Each belongs to the business of its actor.
pub(super) async fn write(work: &mut UnitOfWork<'_>, rows: &[(Promise, Row<'_>)]) -> Result<Vec<Insertion>, Error> {
    let doubled = with_earlier_look(work, rows).await?;
    let inserted = rows.iter().map(|(promise, row)| CheckInsert::of(work, promise, row, &doubled)).collect::<Vec<_>>();
    let mut new = insert(work, &inserted).await?;
    let mut written = Vec::with_capacity(rows.len());
    for ((promise, row), inserted) in rows.iter().zip(inserted) {
        work.switch_to(row.actor.business)?;
        // Of two with one id in the same statement, the first was stored.
        written.push(if new.remove(&row.key()) {
            Insertion::Stored(follow(work, promise, row, &inserted).await?)
        } else {
            Insertion::Duplicate
        });
    }
    Ok(written)
}

/// The values of a check's row.
struct CheckInsert<'r> {
    promise: &'r Promise,
    row: &'r Row<'r>,
    public: bool,
    reason: Option<Reason>,
    obstacle: Option<Obstacle>,
    found_by: Option<FoundBy>,
    broken: Option<BreakId>,
    doubled: bool,
}

impl<'r> CheckInsert<'r> {
    fn of(work: &UnitOfWork<'_>, promise: &'r Promise, row: &'r Row<'r>, doubled: &HashSet<CheckKey>) -> Self {
        let public = promise.stage == Stage::Published;
        let (reason, obstacle, found_by) = match &row.finding {
            Some(Finding::Broken { reason, obstacle, found_by, .. }) => (Some(*reason), *obstacle, Some(*found_by)),
            _ => (None, None, None),
        };
        let broken = reason.map(|_| BreakId(work.id()));
        let doubled = doubled.contains(&row.key());
        Self { promise, row, public, reason, obstacle, found_by, broken, doubled }
    }
}

/// Two people who check the same thing within this time saw the same. Both checks are kept, and the second is marked. Of
/// the checks within this time the last sixteen are looked at, so that a program that sends many does not slow itself down.
const SAME_LOOK_WITHIN: TimeDelta = TimeDelta::minutes(1);

/// The checks before which someone else checked the same thing in the same minute.
async fn with_earlier_look(work: &mut UnitOfWork<'_>, rows: &[(Promise, Row<'_>)]) -> Result<HashSet<CheckKey>, Error> {
    let looks: Vec<_> = rows.iter().filter(|(_, row)| row.finding.is_some()).collect();
    if looks.is_empty() {
        return Ok(HashSet::new());
    }
    let stored = fetch_rows!(
        work.conn(),
        (Uuid, Uuid),
        "WITH asked (business_id, id, guarantee_id, place_id, from_at, until_at, by) AS (",
        concat!(
            ") SELECT asked.business_id, asked.id FROM asked WHERE EXISTS (SELECT 1 FROM (SELECT c.id, c.by, c.verdict FROM checks c \
                    WHERE c.business_id = asked.business_id AND c.guarantee_id = asked.guarantee_id \
                    AND c.place_id = asked.place_id AND c.at >= asked.from_at AND c.at <= asked.until_at \
                    ORDER BY c.at DESC LIMIT 16) near \
                WHERE near.by <> asked.by AND ",
            counts_as_made!("asked.business_id", "near"),
            ")"
        ),
        looks.iter(),
        |look| look.1.actor.business.0,
        look.1.id.0,
        look.0.guarantee.0,
        look.1.place.0,
        look.1.at - SAME_LOOK_WITHIN,
        look.1.at + SAME_LOOK_WITHIN,
        actor_key(look.1.actor.principal)
    )?;
    let mut doubled = keys(stored);
    for (position, (promise, row)) in looks.iter().enumerate() {
        let first = |(earlier, before): &&&(Promise, Row<'_>)| {
            earlier.guarantee == promise.guarantee
                && before.place == row.place
                && before.actor.principal != row.actor.principal
                && (before.at - row.at).abs() <= SAME_LOOK_WITHIN
        };
        if looks[..position].iter().any(|look| first(&look)) {
            doubled.insert(row.key());
        }
    }
    Ok(doubled)
}

/// Inserts the checks. Returns those that were not there yet.
async fn insert(work: &mut UnitOfWork<'_>, rows: &[CheckInsert<'_>]) -> Result<HashSet<CheckKey>, Error> {
    const INSERT: &str = "INSERT INTO checks (id, business_id, guarantee_id, version_id, place_id, public, verdict, reason, \
        obstacle, found_by, in_window, window_due, at, day, received_at, by, fingerprint, break_id, device_at, device_sent_at, heard_at, device_heard_at, \
        skewed, doubled, photo)";
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let now = work.now;
    let new = fetch_rows!(
        work.conn(),
        (Uuid, Uuid),
        INSERT,
        "ON CONFLICT (id, business_id) DO NOTHING RETURNING business_id, id",
        rows,
        |new| new.row.id.0,
        new.row.actor.business.0,
        new.promise.guarantee.0,
        new.promise.version_id.0,
        new.row.place.0,
        new.public,
        new.row.verdict.name(),
        new.reason.map(|reason| reason.to_string()),
        new.obstacle.map(Obstacle::name),
        new.found_by.map(FoundBy::name),
        new.row.window_claim.is_some(),
        new.row.window_claim.map(|window_claim| window_claim.window.due()),
        new.row.at,
        new.row.day,
        now,
        actor_key(new.row.actor.principal),
        new.row.fingerprint.as_bytes(),
        new.broken.map(|id| id.0),
        new.row.clocks.map(|clocks| clocks.at),
        new.row.clocks.map(|clocks| clocks.sent),
        new.row.heard().map(|heard| heard.server),
        new.row.heard().map(|heard| heard.device),
        new.row.skewed,
        new.doubled,
        new.row.photo.map(|photo| photo.as_bytes().to_vec()),
    )?;
    Ok(keys(new))
}

/// Writes what follows from a stored check: its tally, its record entry, and the recovery it opens, if any.
async fn follow(
    work: &mut UnitOfWork<'_>,
    promise: &Promise,
    row: &Row<'_>,
    inserted: &CheckInsert<'_>,
) -> Result<Option<RecoveryId>, Error> {
    let CheckInsert { public, reason, obstacle, found_by, broken, .. } = *inserted;
    let counted = TallyKey { guarantee: promise.guarantee, public, day: row.day };
    work.add_to_tally(counted, &Tally::of(row.verdict, row.window_claim.is_some()), &Tally::default());

    let mut body = Map::new();
    body.insert("check".to_owned(), json!(row.id));
    body.insert("guarantee".to_owned(), json!(promise.guarantee));
    body.insert("version".to_owned(), json!(promise.version));
    body.insert("place".to_owned(), json!(row.place));
    body.insert("at".to_owned(), json!(row.at));
    body.insert("verdict".to_owned(), json!(row.verdict));
    body.extend(reason.map(|reason| ("reason".to_owned(), Value::from(reason.to_string()))));
    body.extend(found_by.map(|found_by| ("found_by".to_owned(), json!(found_by))));
    body.extend(broken.map(|broken| ("break".to_owned(), json!(broken))));
    body.extend(row.window_claim.map(|window_claim| ("due".to_owned(), json!(window_claim.window.due()))));
    body.insert("day".to_owned(), json!(row.day));
    let photo = row.photo.map(|photo| FreeText { field: PHOTO_FIELD, text: photo.to_string(), public: false });
    let texts = row.finding.as_ref().and_then(note).into_iter().chain(photo).collect();
    work.append(public, "check", row.id.0, body, texts).await?;
    if let Some(missed) = row.window_claim.and_then(|window_claim| window_claim.replaced_miss) {
        void_missed(work, missed, row.id).await?;
    }
    if row.finding == Some(Finding::Kept) {
        second_look::maybe_request(work, promise.guarantee, row.place, row.id).await?;
    }

    let (Some(id), Some(reason), Some(found_by)) = (broken, reason, found_by) else { return Ok(None) };
    let (guarantee, version, number) = (promise.guarantee, promise.version_id, promise.version);
    let (place, check) = (row.place, row.id);
    let broken = NewBreak { id, guarantee, version, number, place, check, public, reason, found_by, obstacle };
    recoveries::insert_break_with_recovery(work, &broken).await.map(Some)
}

/// The note of a finding, a private text beside the record.
pub(super) fn note(finding: &Finding) -> Option<FreeText> {
    finding.note().map(|note| FreeText { field: "note", text: note.to_string(), public: false })
}
