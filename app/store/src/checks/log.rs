//! Logging checks.

use domain::actor::Actor;
use domain::check::{Check, CheckDraft, CheckError, allow_check};
use domain::fault::{Fault, Faults};
use domain::ids::{CheckId, PlaceId, RecoveryId, VersionId};
use domain::record::Hash;
use domain::role::Permission;
use domain::text::{is_blank, tidy};
use domain::verdict::Verdict;
use domain::window::day_of;
use uuid::Uuid;

use super::Logged;
use super::promise::{Promise, Promises, stored};
use super::window_claims::{WindowClaim, WindowClaims};
use super::write::{Insertion, Row, write};
use crate::Store;
use crate::actor_key::actor_key;
use crate::db::{ROWS_PER_STATEMENT, fetch};
use crate::error::Error;
use crate::photos;
use crate::recoveries;
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;

impl Store {
    /// Logs a check. Sent again with the same id and the same body, it is answered as the first time. Checks that
    /// arrive at the same time are committed together, each with its own answer.
    ///
    /// # Errors
    /// The role does not allow it; a field is wrong; the guarantee is not checked (here); the id was used for another
    /// check; the database is unavailable.
    pub async fn log_check(&self, actor: &Actor, draft: CheckDraft) -> Result<Logged, Error> {
        actor.require(Permission::LogChecks)?;
        self.log_grouped(actor.clone(), draft).await
    }

    /// Logs checks in one unit of work: all of them or none.
    ///
    /// # Errors
    /// As for [`Store::log_check`].
    pub async fn log_checks(&self, actor: &Actor, checks: &[CheckDraft]) -> Result<Vec<Logged>, Error> {
        let mut work = self.unit_of_work(actor, Permission::LogChecks).await?;
        let checks: Vec<_> = checks.iter().map(|check| (actor, check)).collect();
        let logged = log_checks(&mut work, &checks).await?.into_iter().collect::<Result<_, _>>()?;
        work.commit().await?;
        Ok(logged)
    }
}

/// Decides about checks and stores them, many in one statement. Each belongs to the business of its actor, which must be
/// in the unit of work. Returns an answer for each, in order. An inner error refuses one check and has written nothing.
/// After an outer error the unit of work must be dropped.
pub(super) async fn log_checks(
    work: &mut UnitOfWork<'_>,
    checks: &[(&Actor, &CheckDraft)],
) -> Result<Vec<Result<Logged, Error>>, Error> {
    let (mut promises, mut windows) = (Promises::default(), WindowClaims::default());
    let key = |(actor, draft): &(&Actor, &CheckDraft)| {
        Some((actor.business, draft.guarantee().ok()?, PlaceId(tidy(&draft.place).parse().ok()?)))
    };
    promises.look_up(work, &checks.iter().filter_map(key).collect()).await?;
    let (mut answers, mut queue) = (Vec::with_capacity(checks.len()), Vec::new());
    for (actor, draft) in checks {
        work.switch_to(actor.business)?;
        match check_draft(work, &mut promises, actor, draft).await? {
            Ok((promise, check)) => {
                let window_claim = windows.take(work, &promise, &check).await?;
                let key = (actor.business, promise.guarantee, promise.place);
                // These are stored one by one: a check that may close a recovery by the record, and a check with a
                // photo, which no other check of the batch may have.
                let alone = promise.watched || check.photo.is_some();
                if alone || queue.len() == ROWS_PER_STATEMENT {
                    answers.append(&mut store_queued(work, &mut queue).await?);
                }
                let row = row(actor, draft, &promise, check, window_claim);
                queue.push((promise, row));
                if alone {
                    answers.append(&mut store_queued(work, &mut queue).await?);
                    promises.forget(&key);
                }
            }
            // A check that was stored before is answered as then, even if it would be refused now.
            Err(refusal) => {
                answers.append(&mut store_queued(work, &mut queue).await?);
                work.switch_to(actor.business)?;
                let id = tidy(&draft.id).parse().ok();
                answers.push(previous_answer(work, actor, id, draft.fingerprint()).await?.unwrap_or(Err(refusal)));
            }
        }
    }
    answers.append(&mut store_queued(work, &mut queue).await?);
    Ok(answers)
}

fn row<'a>(
    actor: &'a Actor,
    draft: &CheckDraft,
    promise: &Promise,
    check: Check,
    window_claim: Option<WindowClaim>,
) -> Row<'a> {
    let (verdict, fingerprint) = (check.finding.verdict(), draft.fingerprint());
    let Check { id, place, at, clocks, skewed, photo, finding, .. } = check;
    let day = day_of(&promise.zone, window_claim.as_ref().map(|window_claim| &window_claim.window), at);
    Row { id, place, at, day, clocks, skewed, verdict, finding: Some(finding), photo, window_claim, fingerprint, actor }
}

/// Stores the queued checks, and answers each. A check whose id exists already is not stored again.
async fn store_queued(
    work: &mut UnitOfWork<'_>,
    queue: &mut Vec<(Promise, Row<'_>)>,
) -> Result<Vec<Result<Logged, Error>>, Error> {
    let rows = std::mem::take(queue);
    let written = write(work, &rows).await?;
    let mut answers = Vec::with_capacity(rows.len());
    for ((promise, row), written) in rows.iter().zip(written) {
        work.switch_to(row.actor.business)?;
        let Insertion::Stored(recovery) = written else {
            // Clients make the ids. An id is also taken by a check that the actor has no access to.
            let others = Err(CheckError::IdReused.into());
            answers.push(previous_answer(work, row.actor, Some(row.id), row.fingerprint).await?.unwrap_or(others));
            continue;
        };
        answers.push(Ok(Logged { check: row.id, verdict: row.verdict, recovery, is_repeat: false }));
        if row.verdict == Verdict::Kept && promise.watched {
            recoveries::close_if_record_proves(work, promise.guarantee, row.place).await?;
        }
    }
    Ok(answers)
}

/// Loads the promise and applies the rules. An inner error is a refusal.
async fn check_draft(
    work: &mut UnitOfWork<'_>,
    promises: &mut Promises,
    actor: &Actor,
    draft: &CheckDraft,
) -> Result<Result<(Promise, Check), Error>, Error> {
    let guarantee = match draft.guarantee() {
        Ok(guarantee) => guarantee,
        Err(faults) => return Ok(Err(faults.into())),
    };
    let place = PlaceId(tidy(&draft.place).parse().unwrap_or(Uuid::nil()));
    let Some(promise) = promises.get(work, guarantee, place).await? else {
        return Ok(Err(Faults::one("guarantee", Fault::NotFound).into()));
    };
    if !is_blank(&draft.by) && tidy(&draft.by) != actor_key(actor.principal) {
        return Ok(Err(CheckError::OtherAuthor.into()));
    }
    let promise = match draft.version() {
        Ok(Some(number)) if number != promise.version => match at_version(work, promise, number).await? {
            Some(promise) => promise,
            None => return Ok(Err(Faults::one("version", Fault::NotFound).into())),
        },
        Ok(_) => promise,
        Err(faults) => return Ok(Err(faults.into())),
    };
    let promise = promise.within_access_of(actor);
    let check = match draft.parse(promise.criteria, work.now) {
        Ok(check) => check,
        Err(faults) => return Ok(Err(faults.into())),
    };
    if promise.site.is_none() {
        return Ok(Err(Faults::one("place", Fault::NotFound).into()));
    }
    if let Err(refused) = allow_check(promise.stage, promise.is_promised_here) {
        return Ok(Err(refused.into()));
    }
    Ok(photos::check_photo(work, promise.photos, &check).await?.map(|()| (promise, check)))
}

/// The promise in an earlier version of its wording. `None` if there was no such version.
async fn at_version(work: &mut UnitOfWork<'_>, promise: Promise, number: i64) -> Result<Option<Promise>, Error> {
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

/// The answer to a check that was stored before. `None` if there is none with this id that the actor has access to.
async fn previous_answer(
    work: &mut UnitOfWork<'_>,
    actor: &Actor,
    id: Option<CheckId>,
    fingerprint: Hash,
) -> Result<Option<Result<Logged, Error>>, Error> {
    let Some(id) = id else { return Ok(None) };
    let Some(stored) = stored(work, actor, id).await? else { return Ok(None) };
    if stored.fingerprint != fingerprint.as_bytes() {
        return Ok(Some(Err(CheckError::IdReused.into())));
    }
    let (sql, business) = ("SELECT recovery_id FROM breaks WHERE business_id = $1 AND id = $2", work.business.0);
    let recovery = match stored.break_id {
        Some(broken) => fetch!(work.conn(), fetch_optional as (Uuid,), sql, business, broken)?,
        None => None,
    };
    let verdict = StoredRow("checks", id).read("verdict", Verdict::parse(&stored.verdict))?;
    let recovery = recovery.map(|(id,)| RecoveryId(id));
    Ok(Some(Ok(Logged { check: id, verdict, recovery, is_repeat: true })))
}
