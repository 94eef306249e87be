//! Logging checks: decided one by one, stored once.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::actor::{Act, Actor};
use domain::breaks::FoundBy;
use domain::check::{Check, CheckDraft, Finding, Reason, Refused, Verdict, accept};
use domain::customer::FORGOTTEN_PHOTO;
use domain::device_clock::{Heard, Readings};
use domain::fault::{Fault, Faults};
use domain::guarantee::Stage;
use domain::ids::{BreakId, CheckId, PlaceId, RecoveryId, VersionId};
use domain::measure::Tally;
use domain::obstacle::Obstacle;
use domain::record::{Free, Hash};
use domain::text::{is_blank, tidy};
use domain::window::day_of;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Logged;
use super::looks::is_look;
use super::missed::void;
use super::promise::{Promise, Promises, stored};
use super::tally::Tallied;
use super::windows::{Slot, Windows};
use crate::Store;
use crate::db::{AT_ONCE, fetch, fetch_rows};
use crate::error::Error;
use crate::photos;
use crate::recoveries::{self, NewBreak};
use crate::second_looks;
use crate::work::{Work, by};

/// What is written of one check.
pub(super) struct Row<'a> {
    pub id: CheckId,
    pub place: PlaceId,
    pub at: DateTime<Utc>,
    /// The day it counts in.
    pub day: NaiveDate,
    pub clocks: Option<Readings>,
    pub skewed: bool,
    pub verdict: Verdict,
    pub finding: Option<Finding>,
    pub photo: Option<Hash>,
    /// The window it concludes.
    pub slot: Option<Slot>,
    pub fingerprint: Hash,
    pub actor: &'a Actor,
}

impl Row<'_> {
    fn heard(&self) -> Option<Heard> {
        self.clocks.and_then(|clocks| clocks.heard)
    }
}

impl Store {
    /// Logs one check. The same id with the same body answers as the first time. Checks that come at the same time are
    /// committed together, each with its own answer.
    ///
    /// # Errors
    /// The role does not allow it; a field is wrong; the guarantee is not checked (here); the id was used for another
    /// check; the database is unavailable.
    pub async fn log_check(&self, actor: &Actor, draft: CheckDraft) -> Result<Logged, Error> {
        actor.permit(Act::Check)?;
        self.log_together(actor.clone(), draft).await
    }

    /// Logs checks in one unit of work: all of them or none.
    ///
    /// # Errors
    /// As for [`Store::log_check`].
    pub async fn log_checks(&self, actor: &Actor, checks: &[CheckDraft]) -> Result<Vec<Logged>, Error> {
        let mut work = self.work(actor, Act::Check).await?;
        let checks: Vec<_> = checks.iter().map(|check| (actor, check)).collect();
        let logged = log(&mut work, &checks).await?.into_iter().collect::<Result<_, _>>()?;
        work.commit().await?;
        Ok(logged)
    }
}

/// Decides about checks and stores them, many in one statement; each has its own answer, in their order. An inner error
/// is a refusal, which has written nothing; after the outer one nothing of the work may stand.
pub(super) async fn log(
    work: &mut Work<'_>,
    checks: &[(&Actor, &CheckDraft)],
) -> Result<Vec<Result<Logged, Error>>, Error> {
    let (mut promises, mut windows) = (Promises::default(), Windows::default());
    let pairs =
        checks.iter().filter_map(|(_, draft)| Some((draft.guarantee().ok()?, tidy(&draft.place).parse().ok()?)));
    promises.look_up(work, &pairs.collect()).await?;
    let (mut answers, mut waiting) = (Vec::with_capacity(checks.len()), Vec::new());
    for (actor, draft) in checks {
        match judge(work, &mut promises, actor, draft).await? {
            Ok((promise, check)) => {
                let slot = windows.take(work, &promise, &check).await?;
                let (guarantee, place) = (promise.guarantee, promise.place);
                // Where the record is about to speak, each check is heard by itself; so is one whose picture no other may have.
                let alone = promise.watched || check.photo.is_some();
                if alone || waiting.len() == AT_ONCE {
                    answers.append(&mut store(work, &mut waiting).await?);
                }
                let row = row(actor, draft, &promise, check, slot);
                waiting.push((promise, row));
                if alone {
                    answers.append(&mut store(work, &mut waiting).await?);
                    promises.forget(guarantee, place);
                }
            }
            // Times pass and wordings change: what was stored before is answered as it was then.
            Err(refusal) => {
                answers.append(&mut store(work, &mut waiting).await?);
                let id = tidy(&draft.id).parse().ok();
                answers.push(repeated(work, actor, id, draft.fingerprint()).await?.unwrap_or(Err(refusal)));
            }
        }
    }
    answers.append(&mut store(work, &mut waiting).await?);
    Ok(answers)
}

fn row<'a>(actor: &'a Actor, draft: &CheckDraft, promise: &Promise, check: Check, slot: Option<Slot>) -> Row<'a> {
    let (verdict, fingerprint) = (check.finding.verdict(), draft.fingerprint());
    let Check { id, place, at, clocks, skewed, photo, finding, .. } = check;
    let day = day_of(&promise.zone, slot.as_ref().map(|slot| &slot.window), at);
    Row { id, place, at, day, clocks, skewed, verdict, finding: Some(finding), photo, slot, fingerprint, actor }
}

/// Stores the checks that wait, and answers each: what is stored under its id already is not stored again.
async fn store(
    work: &mut Work<'_>,
    waiting: &mut Vec<(Promise, Row<'_>)>,
) -> Result<Vec<Result<Logged, Error>>, Error> {
    let rows = std::mem::take(waiting);
    let written = write(work, &rows).await?;
    let mut answers = Vec::with_capacity(rows.len());
    for ((promise, row), written) in rows.iter().zip(written) {
        let Some(recovery) = written else {
            // Ids are made by clients: one that the business has for a check out of reach is taken all the same.
            let others = Err(Refused::OtherBody.into());
            answers.push(repeated(work, row.actor, Some(row.id), row.fingerprint).await?.unwrap_or(others));
            continue;
        };
        answers.push(Ok(Logged { check: row.id, verdict: row.verdict, recovery, again: false }));
        if row.verdict == Verdict::Kept && promise.watched {
            recoveries::let_the_record_speak(work, promise.guarantee, row.place).await?;
        }
    }
    Ok(answers)
}

/// Reads what the rules need, and asks them.
async fn judge(
    work: &mut Work<'_>,
    promises: &mut Promises,
    actor: &Actor,
    draft: &CheckDraft,
) -> Result<Result<(Promise, Check), Error>, Error> {
    let guarantee = match draft.guarantee() {
        Ok(guarantee) => guarantee,
        Err(faults) => return Ok(Err(faults.into())),
    };
    let place = PlaceId(tidy(&draft.place).parse().unwrap_or(Uuid::nil()));
    let Some(promise) = promises.of(work, guarantee, place).await? else {
        return Ok(Err(Faults::one("guarantee", Fault::NotFound).into()));
    };
    if !is_blank(&draft.by) && tidy(&draft.by) != by(actor.who) {
        return Ok(Err(Refused::NotYours.into()));
    }
    let promise = match draft.version() {
        Ok(Some(number)) if number != promise.version => match earlier(work, promise, number).await? {
            Some(promise) => promise,
            None => return Ok(Err(Faults::one("version", Fault::NotFound).into())),
        },
        Ok(_) => promise,
        Err(faults) => return Ok(Err(faults.into())),
    };
    let promise = promise.seen_by(actor);
    let check = match draft.parse(promise.criteria, work.now) {
        Ok(check) => check,
        Err(faults) => return Ok(Err(faults.into())),
    };
    if promise.site.is_none() {
        return Ok(Err(Faults::one("place", Fault::NotFound).into()));
    }
    if let Err(refused) = accept(promise.stage, promise.here) {
        return Ok(Err(refused.into()));
    }
    Ok(photos::accept(work, &promise, &check).await?.map(|()| (promise, check)))
}

/// The promise as it was worded before; None if it never was so.
async fn earlier(work: &mut Work<'_>, promise: Promise, number: i64) -> Result<Option<Promise>, Error> {
    let business = work.business.0;
    let sql =
        "SELECT id, criteria FROM guarantee_versions WHERE business_id = $1 AND guarantee_id = $2 AND number = $3";
    let row = fetch!(work.conn(), fetch_optional as (Uuid, i64), sql, business, promise.guarantee.0, number)?;
    Ok(row.map(|(id, criteria)| Promise {
        version_id: VersionId(id),
        version: number,
        criteria: usize::try_from(criteria).unwrap_or_default(),
        ..promise
    }))
}

/// The answer to a check that was sent before; None if the business has none of this id within reach.
async fn repeated(
    work: &mut Work<'_>,
    actor: &Actor,
    id: Option<CheckId>,
    fingerprint: Hash,
) -> Result<Option<Result<Logged, Error>>, Error> {
    let Some(id) = id else { return Ok(None) };
    let Some(stored) = stored(work, actor, id).await? else { return Ok(None) };
    if stored.fingerprint != fingerprint.as_bytes() {
        return Ok(Some(Err(Refused::OtherBody.into())));
    }
    let (sql, business) = ("SELECT recovery_id FROM breaks WHERE business_id = $1 AND id = $2", work.business.0);
    let recovery = match stored.break_id {
        Some(broken) => fetch!(work.conn(), fetch_optional as (Uuid,), sql, business, broken)?,
        None => None,
    };
    let (verdict, recovery) = (Verdict::parse(&stored.verdict)?, recovery.map(|(id,)| RecoveryId(id)));
    Ok(Some(Ok(Logged { check: id, verdict, recovery, again: true })))
}

/// Stores checks, their tallies, their entries and the recoveries they open. None where there is a check of this id
/// already: for it nothing was written.
pub(super) async fn write(
    work: &mut Work<'_>,
    rows: &[(Promise, Row<'_>)],
) -> Result<Vec<Option<Option<RecoveryId>>>, Error> {
    let doubled = doubled(work, rows).await?;
    let inserted = rows.iter().map(|(promise, row)| Inserted::of(work, promise, row, &doubled)).collect::<Vec<_>>();
    let mut new = insert(work, &inserted).await?;
    let mut written = Vec::with_capacity(rows.len());
    for ((promise, row), inserted) in rows.iter().zip(inserted) {
        // Of two with one id in the same statement, the first was stored.
        let recovery = if new.remove(&row.id.0) { Some(follow(work, promise, row, &inserted).await?) } else { None };
        written.push(recovery);
    }
    Ok(written)
}

/// What a check's row holds beyond the check itself.
struct Inserted<'r> {
    promise: &'r Promise,
    row: &'r Row<'r>,
    public: bool,
    reason: Option<Reason>,
    obstacle: Option<Obstacle>,
    found_by: Option<FoundBy>,
    broken: Option<BreakId>,
    doubled: bool,
}

impl<'r> Inserted<'r> {
    fn of(work: &Work<'_>, promise: &'r Promise, row: &'r Row<'r>, doubled: &HashSet<Uuid>) -> Self {
        let public = promise.stage == Stage::Published;
        let (reason, obstacle, found_by) = match &row.finding {
            Some(Finding::Broken { reason, obstacle, found_by, .. }) => (Some(*reason), *obstacle, Some(*found_by)),
            _ => (None, None, None),
        };
        let broken = reason.map(|_| BreakId(work.id()));
        let doubled = doubled.contains(&row.id.0);
        Self { promise, row, public, reason, obstacle, found_by, broken, doubled }
    }
}

/// Two looks within so long are looks at the same: both are kept, and the second says that there was a first.
const SAME: TimeDelta = TimeDelta::minutes(1);

/// Those of which somebody else has looked at the same in the same minute, and came first.
async fn doubled(work: &mut Work<'_>, rows: &[(Promise, Row<'_>)]) -> Result<HashSet<Uuid>, Error> {
    let business = work.business.0;
    let made: Vec<_> = rows.iter().filter(|(_, row)| row.finding.is_some()).collect();
    if made.is_empty() {
        return Ok(HashSet::new());
    }
    let stored = fetch_rows!(
        work.conn(),
        (Uuid,),
        "WITH asked (business_id, id, guarantee_id, place_id, from_at, until_at, by) AS (",
        concat!(
            ") SELECT asked.id FROM asked WHERE EXISTS (SELECT 1 FROM checks c WHERE c.business_id = asked.business_id \
                AND c.guarantee_id = asked.guarantee_id AND c.place_id = asked.place_id AND c.at >= asked.from_at \
                AND c.at <= asked.until_at AND c.by <> asked.by AND ",
            is_look!("asked.business_id", "c"),
            ")"
        ),
        made.iter(),
        |one| business,
        one.1.id.0,
        one.0.guarantee.0,
        one.1.place.0,
        one.1.at - SAME,
        one.1.at + SAME,
        by(one.1.actor.who)
    )?;
    let mut doubled: HashSet<_> = stored.into_iter().map(|(id,)| id).collect();
    for (position, (promise, row)) in made.iter().enumerate() {
        let first = |(earlier, before): &&&(Promise, Row<'_>)| {
            earlier.guarantee == promise.guarantee
                && before.place == row.place
                && before.actor.who != row.actor.who
                && (before.at - row.at).abs() <= SAME
        };
        if made[..position].iter().any(|one| first(&one)) {
            doubled.insert(row.id.0);
        }
    }
    Ok(doubled)
}

/// The ids of those that were not there yet.
async fn insert(work: &mut Work<'_>, rows: &[Inserted<'_>]) -> Result<HashSet<Uuid>, Error> {
    const INSERT: &str = "INSERT INTO checks (id, business_id, guarantee_id, version_id, place_id, public, verdict, reason, \
        obstacle, found_by, in_window, window_due, at, day, received_at, by, fingerprint, break_id, device_at, device_sent_at, heard_at, device_heard_at, \
        skewed, doubled, photo)";
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let (business, now) = (work.business.0, work.now);
    let new = fetch_rows!(
        work.conn(),
        (Uuid,),
        INSERT,
        "ON CONFLICT (id, business_id) DO NOTHING RETURNING id",
        rows,
        |new| new.row.id.0,
        business,
        new.promise.guarantee.0,
        new.promise.version_id.0,
        new.row.place.0,
        new.public,
        new.row.verdict.name(),
        new.reason.map(|reason| reason.to_string()),
        new.obstacle.map(Obstacle::name),
        new.found_by.map(FoundBy::name),
        new.row.slot.is_some(),
        new.row.slot.map(|slot| slot.window.due()),
        new.row.at,
        new.row.day,
        now,
        by(new.row.actor.who),
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
    Ok(new.into_iter().map(|(id,)| id).collect())
}

/// What follows from a check that was stored: its tally, its entry, and the recovery it opens, if it opens one.
async fn follow(
    work: &mut Work<'_>,
    promise: &Promise,
    row: &Row<'_>,
    inserted: &Inserted<'_>,
) -> Result<Option<RecoveryId>, Error> {
    let Inserted { public, reason, obstacle, found_by, broken, .. } = *inserted;
    let counted = Tallied { guarantee: promise.guarantee, public, day: row.day };
    work.count(counted, &Tally::of(row.verdict, row.slot.is_some()), &Tally::default());

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
    body.extend(row.slot.map(|slot| ("due".to_owned(), json!(slot.window.due()))));
    body.insert("day".to_owned(), json!(row.day));
    let photo = row.photo.map(|photo| Free { field: FORGOTTEN_PHOTO, text: photo.to_string(), public: false });
    let texts = row.finding.as_ref().and_then(note).into_iter().chain(photo).collect();
    work.append(public, "check", row.id.0, body, texts).await?;
    if let Some(missed) = row.slot.and_then(|slot| slot.instead) {
        void(work, missed, row.id).await?;
    }
    if row.finding == Some(Finding::Kept) {
        second_looks::ask(work, promise.guarantee, row.place, row.id).await?;
    }

    let (Some(id), Some(reason), Some(found_by)) = (broken, reason, found_by) else { return Ok(None) };
    let (guarantee, version, number) = (promise.guarantee, promise.version_id, promise.version);
    let (place, check) = (row.place, row.id);
    let broken = NewBreak { id, guarantee, version, number, place, check, public, reason, found_by, obstacle };
    recoveries::open(work, &broken).await.map(Some)
}

/// The free text of a finding: private, beside the record.
pub(super) fn note(finding: &Finding) -> Option<Free> {
    finding.note().map(|note| Free { field: "note", text: note.to_string(), public: false })
}
