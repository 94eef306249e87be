//! Logging checks: decided one by one, stored once.

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor};
use domain::breaks::FoundBy;
use domain::check::{Check, CheckDraft, Finding, Refused, Verdict, accept};
use domain::fault::{Fault, Faults};
use domain::guarantee::Stage;
use domain::hours::local_day;
use domain::ids::{BreakId, CheckId, GuaranteeId, PlaceId, RecoveryId};
use domain::measure::Tally;
use domain::record::{Free, Hash};
use serde_json::{Map, Value, json};
use uuid::{Builder, Uuid};

use super::promise::{Promise, Promises, exists, stored};
use super::tally::Counted;
use super::{Logged, NewCheck};
use crate::Store;
use crate::businesses::{Home, home};
use crate::db::{fetch, run};
use crate::error::Error;
use crate::recoveries::{self, NewBreak};
use crate::work::{Work, by};

/// What is written of one check.
struct Row {
    id: CheckId,
    place: PlaceId,
    at: DateTime<Utc>,
    verdict: Verdict,
    finding: Option<Finding>,
    in_window: bool,
    fingerprint: Hash,
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
        self.log_together(*actor, NewCheck { draft, in_window: false }).await
    }

    /// Logs checks in one unit of work: all of them or none.
    ///
    /// # Errors
    /// As for [`Store::log_check`].
    pub async fn log_checks(&self, actor: &Actor, checks: &[NewCheck]) -> Result<Vec<Logged>, Error> {
        let mut work = self.work(actor, Act::Check).await?;
        let home = home(work.conn(), actor.business).await?;
        let mut promises = Promises::default();
        let mut logged = Vec::with_capacity(checks.len());
        for new in checks {
            logged.push(log(&mut work, &home, &mut promises, new).await??);
        }
        work.commit().await?;
        Ok(logged)
    }

    /// Writes down that these were due at a time and nobody looked: once each, however often it is said. Where nothing is
    /// checked at present, nothing was due.
    ///
    /// # Errors
    /// The role does not allow it; no such guarantee; the database is unavailable.
    pub async fn miss(&self, actor: &Actor, due: &[(GuaranteeId, PlaceId, DateTime<Utc>)]) -> Result<(), Error> {
        let mut work = self.work(actor, Act::Check).await?;
        let home = home(work.conn(), actor.business).await?;
        let mut promises = Promises::default();
        for (guarantee, place, at) in due {
            let promise = promises.of(&mut work, *guarantee, *place).await?;
            let promise = promise.ok_or_else(|| Faults::one("guarantee", Fault::NotFound))?;
            if accept(promise.stage, promise.here).is_ok() {
                let row = Row {
                    id: missed(*guarantee, *place, *at),
                    place: *place,
                    at: *at,
                    verdict: Verdict::Missed,
                    finding: None,
                    in_window: true,
                    fingerprint: Hash::ZERO,
                };
                write(&mut work, &home, &promise, row).await?;
            }
        }
        work.commit().await
    }
}

/// A miss has its id from what was missed, so that it is written down once.
fn missed(guarantee: GuaranteeId, place: PlaceId, at: DateTime<Utc>) -> CheckId {
    let hash = Hash::of(format!("missed {guarantee} {place} {}", at.timestamp_millis()).as_bytes());
    let bytes: [u8; 16] = std::array::from_fn(|position| hash.as_bytes()[position]);
    CheckId(Builder::from_custom_bytes(bytes).into_uuid())
}

/// Decides about one check and stores it. The inner error is a refusal, which has written nothing; after the outer one
/// nothing of the work may stand.
pub(super) async fn log(
    work: &mut Work<'_>,
    home: &Home,
    promises: &mut Promises,
    new: &NewCheck,
) -> Result<Result<Logged, Error>, Error> {
    let (draft, fingerprint) = (&new.draft, new.draft.fingerprint());
    let (promise, check) = match judge(work, promises, draft).await? {
        Ok(judged) => judged,
        // Times pass and wordings change: what was stored before is answered as it was then.
        Err(refusal) => {
            return Ok(repeated(work, draft.id.trim().parse().ok(), fingerprint).await?.unwrap_or(Err(refusal)));
        }
    };
    let (id, place, verdict) = (check.id, check.place, check.finding.verdict());
    let finding = Some(check.finding);
    let row = Row { id, place, at: check.at, verdict, finding, in_window: new.in_window, fingerprint };
    let Some(recovery) = write(work, home, &promise, row).await? else {
        let unseen = || Error::Unreadable("a check that is there cannot be found".to_owned());
        return repeated(work, Some(id), fingerprint).await?.ok_or_else(unseen);
    };
    if verdict == Verdict::Kept && promise.watched {
        recoveries::let_the_record_speak(work, promise.guarantee, place).await?;
        promises.forget(promise.guarantee, place);
    }
    Ok(Ok(Logged { check: id, verdict, recovery, again: false }))
}

/// Reads what the rules need, and asks them.
async fn judge(
    work: &mut Work<'_>,
    promises: &mut Promises,
    draft: &CheckDraft,
) -> Result<Result<(Promise, Check), Error>, Error> {
    let guarantee = match draft.guarantee() {
        Ok(guarantee) => guarantee,
        Err(faults) => return Ok(Err(faults.into())),
    };
    let place = PlaceId(draft.place.trim().parse().unwrap_or(Uuid::nil()));
    let Some(promise) = promises.of(work, guarantee, place).await? else {
        return Ok(Err(Faults::one("guarantee", Fault::NotFound).into()));
    };
    let check = match draft.parse(promise.criteria, work.now) {
        Ok(check) => check,
        Err(faults) => return Ok(Err(faults.into())),
    };
    if !promise.here && !exists(work, check.place).await? {
        return Ok(Err(Faults::one("place", Fault::NotFound).into()));
    }
    Ok(accept(promise.stage, promise.here).map(|()| (promise, check)).map_err(Error::from))
}

/// The answer to a check that was sent before; None if there is none of this id.
async fn repeated(
    work: &mut Work<'_>,
    id: Option<CheckId>,
    fingerprint: Hash,
) -> Result<Option<Result<Logged, Error>>, Error> {
    let Some(id) = id else { return Ok(None) };
    let Some(stored) = stored(work.conn(), id).await? else { return Ok(None) };
    if stored.business_id != work.business.0 || stored.fingerprint != fingerprint.as_bytes() {
        return Ok(Some(Err(Refused::OtherBody.into())));
    }
    let sql = "SELECT recovery_id FROM breaks WHERE business_id = $1 AND id = $2";
    let recovery = match stored.break_id {
        Some(broken) => fetch!(work.conn(), fetch_optional as (Uuid,), sql, stored.business_id, broken)?,
        None => None,
    };
    let (verdict, recovery) = (Verdict::parse(&stored.verdict)?, recovery.map(|(id,)| RecoveryId(id)));
    Ok(Some(Ok(Logged { check: id, verdict, recovery, again: true })))
}

/// Stores a check, its tally, its entry and the recovery it opens, if it opens one. None if there is a check of this id
/// already: then nothing was written.
async fn write(
    work: &mut Work<'_>,
    home: &Home,
    promise: &Promise,
    row: Row,
) -> Result<Option<Option<RecoveryId>>, Error> {
    let sql = "INSERT INTO checks (id, business_id, guarantee_id, version_id, place_id, public, verdict, reason, obstacle, \
        found_by, in_window, at, day, received_at, by, fingerprint, break_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (id) DO NOTHING";
    let (business, now, hand) = (work.business.0, work.now, by(work.by));
    let (public, day) = (promise.stage == Stage::Published, local_day(&home.zone, row.at));
    let (reason, obstacle, found_by) = match &row.finding {
        Some(Finding::Broken { reason, obstacle, found_by, .. }) => (Some(*reason), *obstacle, Some(*found_by)),
        _ => (None, None, None),
    };
    let broken = reason.map(|_| BreakId(work.id()));
    let written = run!(
        work.conn(),
        sql,
        row.id.0,
        business,
        promise.guarantee.0,
        promise.version_id.0,
        row.place.0,
        public,
        row.verdict.name(),
        reason.map(|reason| reason.to_string()),
        obstacle.map(domain::check::Obstacle::name),
        found_by.map(FoundBy::name),
        row.in_window,
        row.at,
        day,
        now,
        hand,
        row.fingerprint.as_bytes(),
        broken.map(|id| id.0),
    )?;
    if written == 0 {
        return Ok(None);
    }
    let counted = Counted { guarantee: promise.guarantee, public, day };
    work.count(counted, &Tally::of(row.verdict, row.in_window), &Tally::default());

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
    let texts = row.finding.as_ref().and_then(note).into_iter().collect();
    work.append(public, "check", row.id.0, body, texts).await?;

    let (Some(id), Some(reason), Some(found_by)) = (broken, reason, found_by) else { return Ok(Some(None)) };
    let (guarantee, version, place, check) = (promise.guarantee, promise.version_id, row.place, row.id);
    let broken = NewBreak { id, guarantee, version, place, check, public, reason, found_by };
    recoveries::open(work, &broken).await.map(|recovery| Some(Some(recovery)))
}

/// The free text of a finding: private, beside the record.
pub(super) fn note(finding: &Finding) -> Option<Free> {
    finding.note().map(|note| Free { field: "note", text: note.to_string(), public: false })
}
