//! Checks: logged once however often they are sent, listed, and corrected by additions.

mod correct;
mod corrections;
mod group_commit;
mod log;
mod missed;
mod promise;
mod second_look;
mod window_claims;
mod write;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::actor::Actor;
use domain::finding::Reason;
use domain::ids::{CheckId, GuaranteeId, PlaceId, RecoveryId};
use domain::obstacle::Obstacle;
use domain::record::Hash;
use domain::role::Permission;
use domain::second_look::SecondLookOutcome;
use domain::verdict::Verdict;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::db::fetch;
use crate::error::Error;
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::verdict_sql::{counts_as_made, current_verdict, last_correction, last_correction_why};

pub(crate) use correct::{correct, count_criteria};
pub(crate) use group_commit::GroupCommit;
pub(crate) use missed::record_missed;
pub(crate) use promise::stored;
pub(crate) use second_look::close;

/// The result of logging a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logged {
    pub check: CheckId,
    pub verdict: Verdict,
    /// The recovery that a broken promise opened.
    pub recovery: Option<RecoveryId>,
    /// Whether the check was stored before. Then nothing was stored again.
    pub is_repeat: bool,
}

/// The last check of a promise at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastCheck {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    /// Its verdict after corrections, and its time. A miss is not a check.
    pub last: Option<(Verdict, DateTime<Utc>)>,
}

/// A check in a list, with its verdict after corrections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRow {
    pub id: CheckId,
    pub guarantee: GuaranteeId,
    pub version: i64,
    pub place: PlaceId,
    /// Whether the reader made it.
    pub own: bool,
    pub verdict: Verdict,
    /// Why the promise was broken, if it was: by the last correction, or by the check itself.
    pub reason: Option<Reason>,
    pub at: DateTime<Utc>,
    /// The day it counts in: the day of its window.
    pub day: NaiveDate,
    pub received_at: DateTime<Utc>,
    pub corrected: Option<Verdict>,
    /// Why it was corrected last, in the words of whoever corrected it.
    pub correction_why: Option<String>,
    /// The clock of the phone was wrong, so its time was not used.
    pub skewed: bool,
    /// Someone else made the same check in the same minute before.
    pub doubled: bool,
    /// The photo that came with it, unless it was removed.
    pub photo: Option<Hash>,
    /// The obstacle, if there was one.
    pub obstacle: Option<Obstacle>,
    /// The outcome of a second look, if someone else has given one.
    pub second_look: Option<SecondLookOutcome>,
}

/// A page of checks: newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckPage {
    pub rows: Vec<CheckRow>,
    /// The check before which the next page begins, if there is one.
    pub before: Option<CheckId>,
}

/// The most checks in one page.
const MAX_PAGE: i64 = 500;

#[derive(FromRow)]
struct ListedRow {
    id: Uuid,
    guarantee_id: Uuid,
    number: i64,
    place_id: Uuid,
    by: String,
    verdict: String,
    reason: Option<String>,
    at: DateTime<Utc>,
    day: NaiveDate,
    received_at: DateTime<Utc>,
    corrected: Option<String>,
    correction_why: Option<String>,
    skewed: bool,
    doubled: bool,
    photo: Option<Vec<u8>>,
    obstacle: Option<String>,
    second_look: Option<String>,
}

/// Selects checks at sites that the reader has access to. `$which` is a further condition and the order.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT c.id, c.guarantee_id, v.number, c.place_id, c.by, c.verdict, c.at, c.day, c.received_at, c.skewed, c.doubled, c.obstacle, ",
            last_correction!("$1", "c.id"),
            " AS corrected, ",
            last_correction_why!("$1", "c.id"),
            " AS correction_why, ",
            "COALESCE((SELECT b.reason FROM breaks b WHERE b.business_id = $1 AND b.id = (SELECT break_id FROM corrections \
                WHERE business_id = $1 AND check_id = c.id AND break_id IS NOT NULL ORDER BY number DESC LIMIT 1)), c.reason) AS reason, ",
            "(SELECT hash FROM photos WHERE business_id = $1 AND hash = c.photo) AS photo, ",
            "(SELECT outcome FROM second_looks WHERE business_id = $1 AND check_id = c.id AND outcome <> 'corrected') AS second_look ",
            "FROM checks c JOIN guarantee_versions v ON v.business_id = $1 AND v.id = c.version_id ",
            "WHERE c.business_id = $1 AND ",
            in_sites!("$2", "$3", place "c.place_id"),
            $which
        )
    };
}

impl Store {
    /// The last check of each promise at each place where it is being checked, as far as the actor has access.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn last_checks(&self, actor: &Actor) -> Result<Vec<LastCheck>, Error> {
        type Row = (Uuid, Uuid, Option<Uuid>, Option<String>, Option<DateTime<Utc>>);
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        // The check is found by its id in subqueries, because PostgreSQL does not push a join through row-level
        // security.
        let sql = concat!(
            "SELECT guarantee_id, place_id, last, (SELECT ",
            current_verdict!("$1", "checks"),
            " FROM checks WHERE business_id = $1 AND id = last), \
                (SELECT at FROM checks WHERE business_id = $1 AND id = last) \
            FROM (SELECT r.guarantee_id, r.place_id, g.created_at, (SELECT id FROM checks WHERE business_id = $1 \
                    AND guarantee_id = r.guarantee_id AND place_id = r.place_id AND ",
            counts_as_made!("$1", "checks"),
            " ORDER BY at DESC LIMIT 1) AS last \
                FROM guarantees g JOIN promised r ON r.business_id = $1 AND r.guarantee_id = g.id \
                WHERE g.business_id = $1 AND g.stage IN ('trial', 'published') AND ",
            in_sites!("$2", "$3", place "r.place_id"),
            ") AS promises ORDER BY created_at, place_id"
        );
        let filter = SiteFilter::of(actor);
        let rows = fetch!(handle.conn(), fetch_all as Row, sql, actor.business.0, filter.all, filter.holder)?;
        let standing = |(guarantee, place, check, verdict, at): Row| {
            let verdict = verdict.map(|name| Verdict::parse(&name)).transpose();
            let verdict = StoredRow("checks", check.unwrap_or_default()).read("verdict", verdict)?;
            Ok(LastCheck { guarantee: GuaranteeId(guarantee), place: PlaceId(place), last: verdict.zip(at) })
        };
        rows.into_iter().map(standing).collect()
    }

    /// A check. `None` if there is none, or the actor has no access to its site.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn check(&self, actor: &Actor, id: CheckId) -> Result<Option<CheckRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        let (sql, filter) = (list!(" AND c.id = $4"), SiteFilter::of(actor));
        let row =
            fetch!(handle.conn(), fetch_optional as ListedRow, sql, actor.business.0, filter.all, filter.holder, id.0)?;
        row.map(|row| row.into_row_for(actor)).transpose()
    }

    /// A page of checks at sites that the actor has access to, newest first. `before` is the last check of the page
    /// before.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn checks(&self, actor: &Actor, before: Option<CheckId>, limit: i64) -> Result<CheckPage, Error> {
        actor.require(Permission::ViewInternal)?;
        let (limit, business, filter) = (limit.clamp(1, MAX_PAGE), actor.business.0, SiteFilter::of(actor));
        let mut handle = self.db.read(actor.business).await?;
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(CheckId(id)) => {
                let sql = list!(" AND c.id = $4");
                let from =
                    fetch!(handle.conn(), fetch_optional as ListedRow, sql, business, filter.all, filter.holder, id)?;
                let Some(from) = from else { return Ok(CheckPage { rows: Vec::new(), before: None }) };
                (from.at, from.id)
            }
        };
        let sql = list!(" AND (c.at, c.id) < ($4, $5) ORDER BY c.at DESC, c.id DESC LIMIT $6");
        let rows =
            fetch!(handle.conn(), fetch_all as ListedRow, sql, business, filter.all, filter.holder, at, id, limit)?;
        let rows = rows.into_iter().map(|row| row.into_row_for(actor)).collect::<Result<Vec<_>, Error>>()?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == limit);
        Ok(CheckPage { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }
}

impl ListedRow {
    fn into_row_for(self, actor: &Actor) -> Result<CheckRow, Error> {
        let row = self;
        let stored = StoredRow("checks", row.id);
        let corrected = row.corrected.map(|text| Verdict::parse(&text)).transpose();
        let second_look = row.second_look.map(|text| SecondLookOutcome::parse(&text)).transpose();
        Ok(CheckRow {
            id: CheckId(row.id),
            guarantee: GuaranteeId(row.guarantee_id),
            version: row.number,
            place: PlaceId(row.place_id),
            own: row.by == actor_key(actor.principal),
            verdict: stored.read("verdict", Verdict::parse(&row.verdict))?,
            reason: stored.read("reason", row.reason.map(|text| Reason::parse(&text)).transpose())?,
            at: row.at,
            day: row.day,
            received_at: row.received_at,
            corrected: StoredRow("corrections", row.id).read("verdict", corrected)?,
            correction_why: row.correction_why,
            skewed: row.skewed,
            doubled: row.doubled,
            photo: stored.read("photo", row.photo.map(|bytes| Hash::from_bytes(&bytes)).transpose())?,
            obstacle: stored.read("obstacle", row.obstacle.map(|text| Obstacle::parse(&text)).transpose())?,
            second_look: StoredRow("second_looks", row.id).read("outcome", second_look)?,
        })
    }
}
