//! Checks: logged once however often they are sent, corrected by adding, counted by the day.

use chrono::{DateTime, NaiveDate, Utc};
use domain::actor::{Act, Actor};
use domain::breaks::FoundBy;
use domain::check::{Check, CheckDraft, Finding, FindingDraft, Reason, Refused, Verdict, accept, correct};
use domain::fault::{Fault, Faults};
use domain::guarantee::Stage;
use domain::hours::local_day;
use domain::ids::{BreakId, CheckId, GuaranteeId, PlaceId, RecoveryId, VersionId};
use domain::measure::Tally;
use domain::record::{Free, Hash};
use domain::text::Prose;
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::businesses::{Home, home};
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::guarantees;
use crate::work::{Work, by};

/// A check to be logged.
#[derive(Clone, Debug, Default)]
pub struct NewCheck {
    pub draft: CheckDraft,
    /// Whether it concludes a window of a schedule.
    pub in_window: bool,
}

/// What came of logging a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logged {
    pub check: CheckId,
    pub verdict: Verdict,
    /// The recovery that a broken promise opened.
    pub recovery: Option<RecoveryId>,
    /// Whether this very check was stored before: nothing was stored again.
    pub again: bool,
}

/// A promise checked at a place, and how it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub last: Option<(Verdict, DateTime<Utc>)>,
}

/// One check as it is listed, with what it stands at after corrections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRow {
    pub id: CheckId,
    pub guarantee: GuaranteeId,
    pub version: i64,
    pub place: PlaceId,
    pub verdict: Verdict,
    pub reason: Option<Reason>,
    pub at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub corrected: Option<Verdict>,
}

/// A page of checks: newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub rows: Vec<CheckRow>,
    /// Where the next page begins, if there is one.
    pub before: Option<DateTime<Utc>>,
}

/// The promise a check is judged by.
struct Promise {
    guarantee: GuaranteeId,
    stage: Stage,
    version_id: VersionId,
    version: i64,
    criteria: usize,
    place: Option<PlaceId>,
}

#[derive(FromRow)]
struct StoredCheck {
    business_id: Uuid,
    guarantee_id: Uuid,
    version_id: Uuid,
    place_id: Uuid,
    public: bool,
    verdict: String,
    in_window: bool,
    at: DateTime<Utc>,
    fingerprint: Vec<u8>,
    break_id: Option<Uuid>,
}

impl Store {
    /// Logs one check. The same id with the same body answers as the first time.
    ///
    /// # Errors
    /// The role does not allow it; a field is wrong; the guarantee is not checked (here); the id was used for another
    /// check; the database is unavailable.
    pub async fn log_check(&self, actor: &Actor, draft: CheckDraft) -> Result<Logged, Error> {
        let logged = self.log_checks(actor, &[NewCheck { draft, in_window: false }]).await?;
        logged.into_iter().next().ok_or_else(|| Error::Unreadable("a check was lost".to_owned()))
    }

    /// Logs checks in one unit of work: all of them or none.
    ///
    /// # Errors
    /// As for [`Store::log_check`].
    pub async fn log_checks(&self, actor: &Actor, checks: &[NewCheck]) -> Result<Vec<Logged>, Error> {
        let mut work = self.work(actor, Act::Check).await?;
        let home = home(work.conn(), actor.business).await?;
        let mut logged = Vec::with_capacity(checks.len());
        for new in checks {
            logged.push(log(&mut work, &home, new).await?);
        }
        work.commit().await?;
        Ok(logged)
    }

    /// Writes down that these were due at a time and nobody looked.
    ///
    /// # Errors
    /// No such guarantee; the database is unavailable.
    pub async fn miss(
        &self,
        actor: &Actor,
        due: &[(GuaranteeId, PlaceId, DateTime<Utc>)],
    ) -> Result<(), Error> {
        let mut work = self.work(actor, Act::Check).await?;
        let home = home(work.conn(), actor.business).await?;
        for (guarantee, place, at) in due {
            let promise = promise(&mut work, *guarantee, Some(*place)).await?;
            let Some(promise) = promise.filter(|promise| accept(promise.stage, promise.place.is_some()).is_ok()) else {
                continue;
            };
            let id = CheckId(work.id());
            let row = Row { id, at: *at, verdict: Verdict::Missed, finding: None, in_window: true, fingerprint: Hash::ZERO };
            store(&mut work, &home, &promise, *place, row, None).await?;
        }
        work.commit().await
    }

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
        let mut work = self.work(actor, Act::Check).await?;
        let home = home(work.conn(), actor.business).await?;
        let Some(original) = stored(work.conn(), id).await?.filter(|row| row.business_id == actor.business.0) else {
            return Ok(None);
        };
        let guarantee = GuaranteeId(original.guarantee_id);
        let current = promise(&mut work, guarantee, None).await?;
        let current = current.ok_or_else(|| Faults::one("guarantee", Fault::NotFound))?;
        let finding = draft.parse(criteria(&mut work, original.version_id).await?)?;
        let standing = effective(work.conn(), id).await?.unwrap_or(Verdict::parse(&original.verdict)?);
        correct(standing, &finding)?;

        let row = work.id();
        let promise = Promise { version_id: VersionId(original.version_id), ..current };
        let place = PlaceId(original.place_id);
        let opened = match &finding {
            Finding::Broken { reason, found_by, .. } => {
                let public = original.public;
                Some(crate::recoveries::open(&mut work, &break_of(&promise, place, id, public, *reason, *found_by)).await?)
            }
            _ => None,
        };
        let sql = "INSERT INTO corrections (id, business_id, check_id, verdict, at, by, break_id) \
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (now, hand, verdict) = (work.now, by(actor.who), finding.verdict());
        let broken = opened.map(|(broken, _)| broken.0);
        run!(work.conn(), sql, row, actor.business.0, id.0, verdict.name(), now, hand, broken)?;
        let day = local_day(&home.zone, original.at);
        let (before, after) =
            (Tally::of(standing, original.in_window), Tally::of(verdict, original.in_window));
        tally(&mut work, &promise, place, original.public, day, &before, -1).await?;
        tally(&mut work, &promise, place, original.public, day, &after, 1).await?;

        let mut body = Map::new();
        body.insert("check".to_owned(), json!(id));
        body.insert("was".to_owned(), json!(standing));
        body.insert("verdict".to_owned(), json!(verdict));
        let mut texts = vec![Free { field: "why", text: reason.to_string(), public: true }];
        texts.extend(note(&finding));
        work.append(original.public, "correction", row, body, texts).await?;
        work.commit().await?;
        Ok(Some(Logged { check: id, verdict, recovery: opened.map(|(_, recovery)| recovery), again: false }))
    }

    /// Each promise at each place where it is checked now, with the last look at it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn standings(&self, actor: &Actor) -> Result<Vec<Standing>, Error> {
        type Row = (Uuid, Uuid, Option<String>, Option<DateTime<Utc>>);
        actor.permit(Act::Read)?;
        let mut held = self.db.read().await?;
        let sql = "SELECT r.guarantee_id, r.place_id, c.verdict, c.at FROM promised r \
            JOIN guarantees g ON g.id = r.guarantee_id AND g.stage IN ('trial', 'published') \
            LEFT JOIN checks c ON c.id = (SELECT id FROM checks WHERE guarantee_id = r.guarantee_id \
                AND place_id = r.place_id ORDER BY at DESC LIMIT 1) \
            WHERE r.business_id = $1 ORDER BY g.created_at, r.place_id";
        let rows = fetch!(held.conn(), fetch_all as Row, sql, actor.business.0)?;
        let standing = |(guarantee, place, verdict, at): Row| {
            let verdict = verdict.map(|name| Verdict::parse(&name)).transpose()?;
            Ok(Standing { guarantee: GuaranteeId(guarantee), place: PlaceId(place), last: verdict.zip(at) })
        };
        rows.into_iter().map(standing).collect()
    }

    /// Checks, newest first, before an instant.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn checks(
        &self,
        actor: &Actor,
        before: Option<DateTime<Utc>>,
        most: i64,
    ) -> Result<Checked, Error> {
        type Row = (Uuid, Uuid, i64, Uuid, String, Option<String>, DateTime<Utc>, DateTime<Utc>, Option<String>);
        actor.permit(Act::Read)?;
        let mut held = self.db.read().await?;
        let sql = "SELECT c.id, c.guarantee_id, v.number, c.place_id, c.verdict, c.reason, c.at, c.received_at, \
            (SELECT verdict FROM corrections WHERE check_id = c.id ORDER BY at DESC, id DESC LIMIT 1) \
            FROM checks c JOIN guarantee_versions v ON v.id = c.version_id \
            WHERE c.business_id = $1 AND c.at < $2 ORDER BY c.at DESC, c.id DESC LIMIT $3";
        let before = before.unwrap_or(DateTime::<Utc>::MAX_UTC.min(self.now() + chrono::TimeDelta::days(1)));
        let rows = fetch!(held.conn(), fetch_all as Row, sql, actor.business.0, before, most)?;
        let row = |(id, guarantee, version, place, verdict, reason, at, received_at, corrected): Row| {
            Ok(CheckRow {
                id: CheckId(id),
                guarantee: GuaranteeId(guarantee),
                version,
                place: PlaceId(place),
                verdict: Verdict::parse(&verdict)?,
                reason: reason.map(|text| Reason::parse(&text)).transpose()?,
                at,
                received_at,
                corrected: corrected.map(|text| Verdict::parse(&text)).transpose()?,
            })
        };
        let rows = rows.into_iter().map(row).collect::<Result<Vec<_>, Error>>()?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == most);
        Ok(Checked { before: rows.last().filter(|_| full).map(|row| row.at), rows })
    }
}

/// What is written of one check.
struct Row {
    id: CheckId,
    at: DateTime<Utc>,
    verdict: Verdict,
    finding: Option<Finding>,
    in_window: bool,
    fingerprint: Hash,
}

async fn log(work: &mut Work<'_>, home: &Home, new: &NewCheck) -> Result<Logged, Error> {
    let draft = &new.draft;
    let guarantee = draft.guarantee()?;
    let place = draft.place.trim().parse().ok();
    let promise = promise(work, guarantee, place).await?;
    let promise = promise.ok_or_else(|| Faults::one("guarantee", Fault::NotFound))?;
    let check = draft.parse(promise.criteria, work.now)?;
    let fingerprint = draft.fingerprint();
    if let Some(stored) = stored(work.conn(), check.id).await? {
        return repeated(work, &check, &stored, fingerprint).await;
    }
    if !exists(work.conn(), home, check.place).await? {
        return Err(Faults::one("place", Fault::NotFound).into());
    }
    accept(promise.stage, promise.place.is_some())?;
    let public = promise.stage.is_public();
    let opened = match &check.finding {
        Finding::Broken { reason, found_by, .. } => {
            let broken = break_of(&promise, check.place, check.id, public, *reason, *found_by);
            Some(crate::recoveries::open(work, &broken).await?)
        }
        _ => None,
    };
    let (id, verdict) = (check.id, check.finding.verdict());
    let place = check.place;
    let row =
        Row { id, at: check.at, verdict, finding: Some(check.finding), in_window: new.in_window, fingerprint };
    store(work, home, &promise, place, row, opened.map(|(broken, _)| broken)).await?;
    if verdict == Verdict::Kept {
        crate::recoveries::let_the_record_speak(work, guarantee, place).await?;
    }
    Ok(Logged { check: id, verdict, recovery: opened.map(|(_, recovery)| recovery), again: false })
}

/// The answer to a check that was sent before.
async fn repeated(
    work: &mut Work<'_>,
    check: &Check,
    stored: &StoredCheck,
    fingerprint: Hash,
) -> Result<Logged, Error> {
    if stored.business_id != work.business.0 || stored.fingerprint != fingerprint.as_bytes() {
        return Err(Refused::OtherBody.into());
    }
    let sql = "SELECT recovery_id FROM breaks WHERE business_id = $1 AND id = $2";
    let recovery = match stored.break_id {
        Some(broken) => fetch!(work.conn(), fetch_optional as (Uuid,), sql, stored.business_id, broken)?,
        None => None,
    };
    let recovery = recovery.map(|(id,)| RecoveryId(id));
    Ok(Logged { check: check.id, verdict: check.finding.verdict(), recovery, again: true })
}

async fn store(
    work: &mut Work<'_>,
    home: &Home,
    promise: &Promise,
    place: PlaceId,
    row: Row,
    broken: Option<BreakId>,
) -> Result<(), Error> {
    let sql = "INSERT INTO checks (id, business_id, guarantee_id, version_id, place_id, public, verdict, reason, obstacle, \
        found_by, in_window, at, received_at, by, fingerprint, break_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let (business, now, hand) = (home.id.0, work.now, by(work.by));
    let (reason, obstacle, found_by) = match &row.finding {
        Some(Finding::Broken { reason, obstacle, found_by, .. }) => (Some(*reason), *obstacle, Some(*found_by)),
        _ => (None, None, None),
    };
    let public = promise.stage.is_public();
    run!(
        work.conn(),
        sql,
        row.id.0,
        business,
        promise.guarantee.0,
        promise.version_id.0,
        place.0,
        public,
        row.verdict.name(),
        reason.map(|reason| reason.to_string()),
        obstacle.map(|obstacle| obstacle.name()),
        found_by.map(FoundBy::name),
        row.in_window,
        row.at,
        now,
        hand,
        row.fingerprint.as_bytes(),
        broken.map(|id| id.0),
    )?;
    let day = local_day(&home.zone, row.at);
    tally(work, promise, place, public, day, &Tally::of(row.verdict, row.in_window), 1).await?;

    let mut body = Map::new();
    body.insert("check".to_owned(), json!(row.id));
    body.insert("guarantee".to_owned(), json!(promise.guarantee));
    body.insert("version".to_owned(), json!(promise.version));
    body.insert("place".to_owned(), json!(place));
    body.insert("at".to_owned(), json!(row.at));
    body.insert("verdict".to_owned(), json!(row.verdict));
    body.extend(reason.map(|reason| ("reason".to_owned(), Value::from(reason.to_string()))));
    body.extend(found_by.map(|found_by| ("found_by".to_owned(), json!(found_by))));
    body.extend(broken.map(|broken| ("break".to_owned(), json!(broken))));
    let texts = row.finding.as_ref().and_then(note).into_iter().collect();
    work.append(public, "check", row.id.0, body, texts).await
}

fn note(finding: &Finding) -> Option<Free> {
    finding.note().map(|note| Free { field: "note", text: note.to_string(), public: false })
}

fn break_of(
    promise: &Promise,
    place: PlaceId,
    check: CheckId,
    public: bool,
    reason: Reason,
    found_by: FoundBy,
) -> crate::recoveries::NewBreak {
    let (guarantee, version) = (promise.guarantee, promise.version_id);
    crate::recoveries::NewBreak { guarantee, version, place, check, public, reason, found_by }
}

/// Counts into the day, or out of it.
async fn tally(
    work: &mut Work<'_>,
    promise: &Promise,
    place: PlaceId,
    public: bool,
    day: NaiveDate,
    count: &Tally,
    sign: i64,
) -> Result<(), Error> {
    let sql = "INSERT INTO tallies (business_id, guarantee_id, place_id, public, day, kept, broken, not_applicable, due_kept, \
        due_broken, missed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
        ON CONFLICT (guarantee_id, public, day, place_id) DO UPDATE SET kept = tallies.kept + excluded.kept, \
        broken = tallies.broken + excluded.broken, not_applicable = tallies.not_applicable + excluded.not_applicable, \
        due_kept = tallies.due_kept + excluded.due_kept, due_broken = tallies.due_broken + excluded.due_broken, \
        missed = tallies.missed + excluded.missed";
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX) * sign;
    let business = work.business.0;
    run!(
        work.conn(),
        sql,
        business,
        promise.guarantee.0,
        place.0,
        public,
        day,
        signed(count.kept),
        signed(count.broken),
        signed(count.not_applicable),
        signed(count.due_kept),
        signed(count.due_broken),
        signed(count.missed),
    )?;
    Ok(())
}

async fn promise(
    work: &mut Work<'_>,
    guarantee: GuaranteeId,
    place: Option<PlaceId>,
) -> Result<Option<Promise>, Error> {
    type Row = (String, Uuid, i64, i64, Option<Uuid>);
    let sql = "SELECT g.stage, v.id, v.number, v.criteria, r.place_id FROM guarantees g \
        JOIN guarantee_versions v ON v.guarantee_id = g.id AND v.number = g.version \
        LEFT JOIN promised r ON r.guarantee_id = g.id AND r.place_id = $3 \
        WHERE g.business_id = $1 AND g.id = $2";
    let business = work.business.0;
    let row = fetch!(work.conn(), fetch_optional as Row, sql, business, guarantee.0, place.map(|id| id.0))?;
    let promise = |(stage, version, number, criteria, place): Row| {
        Ok(Promise {
            guarantee,
            stage: guarantees::stage(&stage)?,
            version_id: VersionId(version),
            version: number,
            criteria: usize::try_from(criteria).unwrap_or_default(),
            place: place.map(PlaceId),
        })
    };
    row.map(promise).transpose()
}

async fn criteria(work: &mut Work<'_>, version: Uuid) -> Result<usize, Error> {
    let business = work.business.0;
    let sql = "SELECT criteria FROM guarantee_versions WHERE business_id = $1 AND id = $2";
    let (criteria,) = fetch!(work.conn(), fetch_one as (i64,), sql, business, version)?;
    Ok(usize::try_from(criteria).unwrap_or_default())
}

/// A check by its id, whoever's it is: ids are made by clients, and one must not be stored twice.
async fn stored(conn: Conn<'_>, id: CheckId) -> Result<Option<StoredCheck>, Error> {
    let sql = "SELECT business_id, guarantee_id, version_id, place_id, public, verdict, in_window, at, fingerprint, break_id \
        FROM checks WHERE id = $1";
    fetch!(conn, fetch_optional as StoredCheck, sql, id.0)
}

async fn exists(conn: Conn<'_>, home: &Home, place: PlaceId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM places WHERE business_id = $1 AND id = $2";
    Ok(fetch!(conn, fetch_optional as (i32,), sql, home.id.0, place.0)?.is_some())
}

/// What the last correction says, if there is one.
async fn effective(conn: Conn<'_>, id: CheckId) -> Result<Option<Verdict>, Error> {
    let sql = "SELECT verdict FROM corrections WHERE check_id = $1 ORDER BY at DESC, id DESC LIMIT 1";
    let row = fetch!(conn, fetch_optional as (String,), sql, id.0)?;
    Ok(row.map(|(verdict,)| Verdict::parse(&verdict)).transpose()?)
}

