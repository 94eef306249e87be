//! Correcting checks. The original stays as it was.

use domain::actor::Actor;
use domain::correction::{CheckToCorrect, CorrectedTo, Correction, CorrectionDraft, FreedWindow, LastCorrection};
use domain::finding::Finding;
use domain::ids::{BreakId, BusinessId, CheckId, GuaranteeId, PlaceId, RecoveryId, VersionId};
use domain::measure::Tally;
use domain::record::FreeText;
use domain::replay::Counted;
use domain::role::Permission;
use domain::schedule::MAX_WINDOW;
use domain::second_look::SecondLookOutcome;
use domain::verdict::Verdict;
use serde_json::json;
use uuid::Uuid;

use super::Logged;
use super::corrections::{corrections, entry};
use super::promise::{Promises, StoredCheck, stored};
use super::second_look;
use super::write::note;
use crate::Store;
use crate::actor_key::actor_key;
use crate::breaks::NewBreak;
use crate::db::{Conn, execute, fetch};
use crate::edit_state;
use crate::error::Error;
use crate::obstacles;
use crate::recoveries::{self, BreakCounts};
use crate::stored_row::StoredRow;
use crate::tallies::TallyKey;
use crate::unit_of_work::UnitOfWork;
use crate::verdict_sql::counts_as_made;

impl Store {
    /// What a check can be corrected to. None if there is no such check.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn check_to_correct(&self, actor: &Actor, id: CheckId) -> Result<Option<CheckToCorrect>, Error> {
        let Some(row) = self.check(actor, id).await? else { return Ok(None) };
        actor.require(Permission::CorrectChecks)?;
        actor.require_correction(row.own)?;
        let mut handle = self.db.read(actor.business).await?;
        check_to_correct(handle.conn(), actor.business, id, row.corrected.unwrap_or(row.verdict)).await.map(Some)
    }

    /// Corrects a check by adding a correction; the original stays as it was. `None` if there is no such check. The last
    /// correction sent once more is answered as the first time.
    ///
    /// # Errors
    /// The role does not allow it; a field is invalid; nothing would change; the database is unavailable.
    pub async fn correct_check(
        &self,
        actor: &Actor,
        id: CheckId,
        draft: &CorrectionDraft,
    ) -> Result<Option<Logged>, Error> {
        let mut work = self.unit_of_work(actor, Permission::CorrectChecks).await?;
        let Some(original) = stored(&mut work, actor, id).await? else { return Ok(None) };
        actor.require_correction(original.by == actor_key(actor.principal))?;
        let correction = draft.parse(count_criteria(&mut work, original.version_id).await?)?;
        if let Some(logged) = repeated(&mut work, id, &correction).await? {
            return Ok(Some(logged));
        }
        let logged = correct(&mut work, id, &original, &correction).await?;
        second_look::close(&mut work, id, SecondLookOutcome::Corrected).await?;
        work.commit().await?;
        Ok(Some(logged))
    }
}

/// What came of the last correction, if this is the same one sent once more.
async fn repeated(work: &mut UnitOfWork<'_>, id: CheckId, correction: &Correction) -> Result<Option<Logged>, Error> {
    type Row = (Uuid, String, String, Option<String>, Option<Uuid>);
    let sql = "SELECT k.id, k.verdict, k.by, t.body, b.recovery_id FROM corrections k \
        LEFT JOIN texts t ON t.business_id = $1 AND t.owner_id = k.id AND t.field = 'why' \
        LEFT JOIN breaks b ON b.business_id = $1 AND b.id = k.break_id \
        WHERE k.business_id = $1 AND k.check_id = $2 ORDER BY k.number DESC LIMIT 1";
    let (business, author) = (work.business.0, actor_key(work.principal));
    let Some((correction_id, verdict, by, why, recovery)) =
        fetch!(work.conn(), fetch_optional as Row, sql, business, id.0)?
    else {
        return Ok(None);
    };
    let verdict = StoredRow("corrections", correction_id).read("verdict", Verdict::parse(&verdict))?;
    let last = LastCorrection { verdict, why: why.unwrap_or_default(), own: by == author };
    let logged = Logged { check: id, verdict, recovery: recovery.map(RecoveryId), is_repeat: true };
    Ok(correction.repeats(&last).then_some(logged))
}

/// Adds a correction to a check, with all that follows from it.
pub(crate) async fn correct(
    work: &mut UnitOfWork<'_>,
    id: CheckId,
    original: &StoredCheck,
    correction: &Correction,
) -> Result<Logged, Error> {
    let Correction { to, why } = correction;
    let (corrections, last) = corrections(work, id).await?;
    let standing = last.unwrap_or(StoredRow("checks", id).read("verdict", Verdict::parse(&original.verdict))?);
    work.require_current(&edit_state::verdict(standing))?;
    let (freed, other) = match to {
        CorrectedTo::TakenBack => freed(work, id, original).await?,
        CorrectedTo::Found(_) => (FreedWindow::Open, None),
    };
    let business = work.business;
    let verdict = check_to_correct(work.conn(), business, id, standing).await?.correct(to, freed)?;
    let instead = other.filter(|_| verdict == Verdict::Void);

    let (row, public) = (work.id(), original.public);
    let broken = (verdict == Verdict::Broken).then(|| BreakId(work.id()));
    let sql = "INSERT INTO corrections (id, business_id, check_id, number, verdict, at, by, break_id, instead) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (business, now, author) = (work.business.0, work.now, actor_key(work.principal));
    let (number, break_id) = (corrections + 1, broken.map(|id| id.0));
    execute!(work.conn(), sql, row, business, id.0, number, verdict.name(), now, author, break_id, instead)?;
    let (guarantee, place) = (GuaranteeId(original.guarantee_id), PlaceId(original.place_id));
    let row_of = TallyKey { guarantee, public, day: original.day };
    let (before, after) = (Tally::of(standing, original.in_window), Tally::of(verdict, original.in_window));
    work.add_to_tally(row_of, &after, &before);
    if public {
        recoveries::add(work, guarantee, BreakCounts { corrections: 1, ..BreakCounts::default() }).await?;
    }

    let told = Counted { guarantee, day: original.day, in_window: original.in_window };
    let mut body = entry(row, id, &told)?;
    body.insert("was".to_owned(), json!(standing));
    body.insert("verdict".to_owned(), json!(verdict));
    body.extend(broken.map(|broken| ("break".to_owned(), json!(broken))));
    body.extend(instead.map(|instead| ("instead".to_owned(), json!(instead))));
    let mut texts = vec![FreeText { field: "why", text: why.to_string(), public: true }];
    if let CorrectedTo::Found(finding) = to {
        texts.extend(note(finding));
    }
    work.append(public, "correction", row, body, texts).await?;

    if standing == Verdict::Broken {
        obstacles::remove(work, id).await?;
    }
    let recovery = match (broken, to) {
        (Some(broken), CorrectedTo::Found(Finding::Broken { reason, found_by, obstacle, .. })) => {
            let (version, reason, found_by) = (VersionId(original.version_id), *reason, *found_by);
            let (number, check, obstacle) = (original.version, id, *obstacle);
            let new =
                NewBreak { id: broken, guarantee, version, number, place, check, public, reason, found_by, obstacle };
            Some(recoveries::insert_break_with_recovery(work, &new).await?)
        }
        _ => None,
    };
    if verdict == Verdict::Kept {
        recoveries::close_if_record_proves(work, guarantee, place).await?;
    }
    Ok(Logged { check: id, verdict, recovery, is_repeat: false })
}

/// The state of a check's window if the check is taken back, and the other check that was made in it. A window that is
/// not in the schedule any more counts as over.
async fn freed(
    work: &mut UnitOfWork<'_>,
    id: CheckId,
    original: &StoredCheck,
) -> Result<(FreedWindow, Option<Uuid>), Error> {
    let Some(due) = original.window_due else { return Ok((FreedWindow::Open, None)) };
    let (guarantee, place) = (GuaranteeId(original.guarantee_id), PlaceId(original.place_id));
    let promise = Promises::default().get(work, guarantee, place).await?;
    let round = promise.and_then(|promise| promise.schedule);
    let window = round.and_then(|round| round.windows(due - MAX_WINDOW, due).find(|window| window.due() == due));
    let Some(window) = window else { return Ok((FreedWindow::Over, None)) };
    let (business, opens, closes) = (work.business.0, window.opens(), window.closes());
    let sql = concat!(
        "SELECT c.id FROM checks c WHERE c.business_id = $1 AND c.guarantee_id = $2 AND c.place_id = $3 AND c.at >= $4 \
            AND c.at < $5 AND c.id <> $6 AND c.window_due IS NULL AND ",
        counts_as_made!("$1", "c"),
        " ORDER BY c.at, c.id LIMIT 1"
    );
    let other =
        fetch!(work.conn(), fetch_optional as (Uuid,), sql, business, guarantee.0, place.0, opens, closes, id.0)?;
    Ok(match other {
        Some((other,)) => (FreedWindow::LookedAt, Some(other)),
        None if closes <= work.now => (FreedWindow::Over, None),
        None => (FreedWindow::Open, None),
    })
}

async fn check_to_correct(
    conn: Conn<'_>,
    business: BusinessId,
    id: CheckId,
    verdict: Verdict,
) -> Result<CheckToCorrect, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM breaks WHERE business_id = $1 AND check_id = $2), \
        EXISTS (SELECT 1 FROM corrections k JOIN checks c ON c.business_id = $1 AND c.id = k.check_id \
            WHERE k.business_id = $1 AND k.instead = $2 AND c.verdict <> 'missed')";
    let (opened_recovery, replaces_another) = fetch!(conn, fetch_one as (bool, bool), sql, business.0, id.0)?;
    Ok(CheckToCorrect { verdict, opened_recovery, replaces_another })
}

/// The number of criteria in a version of a wording.
pub(crate) async fn count_criteria(work: &mut UnitOfWork<'_>, version: Uuid) -> Result<usize, Error> {
    let business = work.business.0;
    let sql = "SELECT criteria FROM guarantee_versions WHERE business_id = $1 AND id = $2";
    let (criteria,) = fetch!(work.conn(), fetch_one as (i64,), sql, business, version)?;
    Ok(usize::try_from(criteria).unwrap_or_default())
}
