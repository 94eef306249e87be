//! Correcting checks: something is added, the original stays as it was.

use domain::actor::{Act, Actor};
use domain::check::{Correction, Finding, FindingDraft, Freed, Refused, Verdict, correct};
use domain::ids::{BreakId, CheckId, GuaranteeId, PlaceId, VersionId};
use domain::measure::Tally;
use domain::record::Free;
use domain::recount::{Counted, body};
use domain::schedule::LONGEST;
use domain::second_look::Outcome;
use domain::text::Prose;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Logged;
use super::log::note;
use super::looks::is_look;
use super::promise::{Promises, StoredCheck, stored};
use super::tally::Tallied;
use crate::Store;
use crate::db::{fetch, run};
use crate::error::Error;
use crate::obstacles;
use crate::recoveries::{self, NewBreak, Totals};
use crate::second_looks;
use crate::stands;
use crate::work::{Work, by};

impl Store {
    /// Mends a check by adding to it: the original stays as it was. None if there is no such check.
    ///
    /// # Errors
    /// The role does not allow it; a field is wrong; it changes nothing; the database is unavailable.
    pub async fn correct_check(
        &self,
        actor: &Actor,
        id: CheckId,
        draft: &FindingDraft,
        reason: &Prose,
    ) -> Result<Option<Logged>, Error> {
        let mut work = self.work(actor, Act::Correct).await?;
        let Some(original) = stored(&mut work, actor, id).await? else { return Ok(None) };
        actor.permit_mending(original.by == by(actor.who))?;
        let correction = draft.correction(criteria(&mut work, original.version_id).await?)?;
        let logged = mend(&mut work, id, &original, &correction, reason).await?;
        second_looks::close(&mut work, id, Outcome::Corrected).await?;
        work.commit().await?;
        Ok(Some(logged))
    }
}

/// Adds a correction to a check, with all that follows from it.
pub(crate) async fn mend(
    work: &mut Work<'_>,
    id: CheckId,
    original: &StoredCheck,
    correction: &Correction,
    reason: &Prose,
) -> Result<Logged, Error> {
    let (corrections, last) = corrections(work, id).await?;
    let standing = last.unwrap_or(Verdict::parse(&original.verdict)?);
    work.unchanged(&stands::verdict(standing))?;
    let (freed, other) = match correction {
        Correction::TakenBack => freed(work, id, original).await?,
        Correction::Found(_) => (Freed::Open, None),
    };
    let verdict = correct(standing, opened_recovery(work, id).await?, correction, freed)?;
    if *correction == Correction::TakenBack && stands_instead(work, id).await? {
        return Err(Refused::StandsInstead.into());
    }
    let instead = other.filter(|_| verdict == Verdict::Void);

    let (row, public) = (work.id(), original.public);
    let broken = (verdict == Verdict::Broken).then(|| BreakId(work.id()));
    let sql = "INSERT INTO corrections (id, business_id, check_id, number, verdict, at, by, break_id, instead) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (business, now, hand) = (work.business.0, work.now, by(work.by));
    let (number, break_id) = (corrections + 1, broken.map(|id| id.0));
    run!(work.conn(), sql, row, business, id.0, number, verdict.name(), now, hand, break_id, instead)?;
    let (guarantee, place) = (GuaranteeId(original.guarantee_id), PlaceId(original.place_id));
    let row_of = Tallied { guarantee, public, day: original.day };
    let (before, after) = (Tally::of(standing, original.in_window), Tally::of(verdict, original.in_window));
    work.count(row_of, &after, &before);
    if public {
        recoveries::add(work, guarantee, Totals { corrections: 1, ..Totals::default() }).await?;
    }

    let told = Counted { guarantee, day: original.day, in_window: original.in_window };
    let mut body = entry(row, id, &told)?;
    body.insert("was".to_owned(), json!(standing));
    body.insert("verdict".to_owned(), json!(verdict));
    body.extend(broken.map(|broken| ("break".to_owned(), json!(broken))));
    body.extend(instead.map(|instead| ("instead".to_owned(), json!(instead))));
    let mut texts = vec![Free { field: "why", text: reason.to_string(), public: true }];
    if let Correction::Found(finding) = correction {
        texts.extend(note(finding));
    }
    work.append(public, "correction", row, body, texts).await?;

    if standing == Verdict::Broken {
        obstacles::take_down(work, id).await?;
    }
    let recovery = match (broken, correction) {
        (Some(broken), Correction::Found(Finding::Broken { reason, found_by, obstacle, .. })) => {
            let (version, reason, found_by) = (VersionId(original.version_id), *reason, *found_by);
            let (number, check, obstacle) = (original.version, id, *obstacle);
            let new =
                NewBreak { id: broken, guarantee, version, number, place, check, public, reason, found_by, obstacle };
            Some(recoveries::open(work, &new).await?)
        }
        _ => None,
    };
    if verdict == Verdict::Kept {
        recoveries::let_the_record_speak(work, guarantee, place).await?;
    }
    Ok(Logged { check: id, verdict, recovery, again: false })
}

/// What becomes of the window that a check concludes if it is taken back, and the other check that was made in it. Nobody can
/// look any more in one that the schedule no longer knows.
async fn freed(work: &mut Work<'_>, id: CheckId, original: &StoredCheck) -> Result<(Freed, Option<Uuid>), Error> {
    let Some(due) = original.window_due else { return Ok((Freed::Open, None)) };
    let (guarantee, place) = (GuaranteeId(original.guarantee_id), PlaceId(original.place_id));
    let promise = Promises::default().of(work, guarantee, place).await?;
    let round = promise.and_then(|promise| promise.round);
    let window = round.and_then(|round| round.windows(due - LONGEST, due).find(|window| window.due() == due));
    let Some(window) = window else { return Ok((Freed::Over, None)) };
    let (business, opens, closes) = (work.business.0, window.opens(), window.closes());
    let sql = concat!(
        "SELECT c.id FROM checks c WHERE c.business_id = $1 AND c.guarantee_id = $2 AND c.place_id = $3 AND c.at >= $4 \
            AND c.at < $5 AND c.id <> $6 AND c.window_due IS NULL AND ",
        is_look!("$1", "c"),
        " ORDER BY c.at, c.id LIMIT 1"
    );
    let other =
        fetch!(work.conn(), fetch_optional as (Uuid,), sql, business, guarantee.0, place.0, opens, closes, id.0)?;
    Ok(match other {
        Some((other,)) => (Freed::LookedAt, Some(other)),
        None if closes <= work.now => (Freed::Over, None),
        None => (Freed::Open, None),
    })
}

/// Whether another check was taken back because this one was made in the same window: one of them has to stand.
async fn stands_instead(work: &mut Work<'_>, id: CheckId) -> Result<bool, Error> {
    let sql = "SELECT k.id FROM corrections k JOIN checks c ON c.business_id = $1 AND c.id = k.check_id \
        WHERE k.business_id = $1 AND k.instead = $2 AND c.verdict <> 'missed' LIMIT 1";
    let business = work.business.0;
    Ok(fetch!(work.conn(), fetch_optional as (Uuid,), sql, business, id.0)?.is_some())
}

/// Whether a check, or a correction of it, ever said broken.
async fn opened_recovery(work: &mut Work<'_>, id: CheckId) -> Result<bool, Error> {
    let (sql, business) = ("SELECT id FROM breaks WHERE business_id = $1 AND check_id = $2 LIMIT 1", work.business.0);
    Ok(fetch!(work.conn(), fetch_optional as (Uuid,), sql, business, id.0)?.is_some())
}

/// What every entry about a correction says: of which check it is, and in which row that is counted.
pub(super) fn entry(correction: Uuid, check: CheckId, counted: &Counted) -> Result<Map<String, Value>, Error> {
    let mut entry = body(counted)?;
    entry.insert("correction".to_owned(), json!(correction));
    entry.insert("check".to_owned(), json!(check));
    Ok(entry)
}

/// How many criteria a wording has.
pub(crate) async fn criteria(work: &mut Work<'_>, version: Uuid) -> Result<usize, Error> {
    let business = work.business.0;
    let sql = "SELECT criteria FROM guarantee_versions WHERE business_id = $1 AND id = $2";
    let (criteria,) = fetch!(work.conn(), fetch_one as (i64,), sql, business, version)?;
    Ok(usize::try_from(criteria).unwrap_or_default())
}

/// How many corrections there are, and what the last one says.
pub(super) async fn corrections(work: &mut Work<'_>, id: CheckId) -> Result<(i64, Option<Verdict>), Error> {
    let business = work.business.0;
    let sql = "SELECT number, verdict FROM corrections WHERE business_id = $1 AND check_id = $2 \
        ORDER BY number DESC LIMIT 1";
    match fetch!(work.conn(), fetch_optional as (i64, String), sql, business, id.0)? {
        Some((number, verdict)) => Ok((number, Some(Verdict::parse(&verdict)?))),
        None => Ok((0, None)),
    }
}
