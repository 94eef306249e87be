//! Checks: logged once however often they are sent, corrected by adding, counted by the day.

mod correct;
mod log;
mod looks;
mod missed;
mod promise;
mod tally;
mod together;
mod windows;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::actor::{Act, Actor};
use domain::check::{Reason, Verdict};
use domain::ids::{CheckId, GuaranteeId, PlaceId, RecoveryId};
use domain::obstacle::Obstacle;
use domain::record::Hash;
use domain::second_look::Outcome;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::db::fetch;
use crate::error::Error;
use crate::reaches::{Reached, within};
use crate::work::by;

pub(crate) use correct::{criteria, mend};
pub(crate) use looks::{is_look, last_correction};
pub(crate) use missed::conclude;
pub(crate) use promise::{Promise, stored};
pub(crate) use tally::{Tallied, Tallies};
pub(crate) use together::Together;

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
    /// What the last check says, after corrections, and when it was.
    pub last: Option<(Verdict, DateTime<Utc>)>,
}

/// One check as it is listed, with what it stands at after corrections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRow {
    pub id: CheckId,
    pub guarantee: GuaranteeId,
    pub version: i64,
    pub place: PlaceId,
    /// Whether whoever asks made it.
    pub own: bool,
    pub verdict: Verdict,
    pub reason: Option<Reason>,
    pub at: DateTime<Utc>,
    /// The day it counts in: that of the window it concludes.
    pub day: NaiveDate,
    pub received_at: DateTime<Utc>,
    pub corrected: Option<Verdict>,
    /// The clock of the phone goes wrong: what it said of the time was not believed.
    pub skewed: bool,
    /// Somebody else looked at the same in the same minute, and came first.
    pub doubled: bool,
    /// The picture that came with it, unless it was removed.
    pub photo: Option<Hash>,
    /// What stood in the way, where something did.
    pub obstacle: Option<Obstacle>,
    /// What came of a second look, where somebody else has given one.
    pub second_look: Option<Outcome>,
}

/// A page of checks: newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub rows: Vec<CheckRow>,
    /// The check before which the next page begins, if there is one.
    pub before: Option<CheckId>,
}

/// The most checks that one page holds.
const MOST: i64 = 500;

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
    skewed: bool,
    doubled: bool,
    photo: Option<Vec<u8>>,
    obstacle: Option<String>,
    second_look: Option<String>,
}

/// Checks within someone's reach with what they stand at after corrections, and which of them.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT c.id, c.guarantee_id, v.number, c.place_id, c.by, c.verdict, c.reason, c.at, c.day, c.received_at, c.skewed, c.doubled, c.obstacle, ",
            "(SELECT verdict FROM corrections WHERE business_id = $1 AND check_id = c.id ",
            "ORDER BY number DESC LIMIT 1) AS corrected, ",
            "(SELECT hash FROM photos WHERE business_id = $1 AND hash = c.photo) AS photo, ",
            "(SELECT outcome FROM second_looks WHERE business_id = $1 AND check_id = c.id AND outcome <> 'corrected') AS second_look ",
            "FROM checks c JOIN guarantee_versions v ON v.business_id = $1 AND v.id = c.version_id ",
            "WHERE c.business_id = $1 AND ",
            within!("$2", "$3", place "c.place_id"),
            $which
        )
    };
}

impl Store {
    /// Each promise at each place within reach where it is checked now, with the last look at it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn standings(&self, actor: &Actor) -> Result<Vec<Standing>, Error> {
        type Row = (Uuid, Uuid, Option<String>, Option<DateTime<Utc>>);
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        // By the id alone: PostgreSQL joins no row behind the wall to the outcome of a query. And MIN(number), for with EXISTS it
        // reads the corrections of all checks.
        let sql = concat!(
            "SELECT guarantee_id, place_id, COALESCE((SELECT verdict FROM corrections \
                WHERE business_id = $1 AND check_id = last ORDER BY number DESC LIMIT 1), \
                (SELECT verdict FROM checks WHERE business_id = $1 AND id = last)), \
                (SELECT at FROM checks WHERE business_id = $1 AND id = last) \
            FROM (SELECT r.guarantee_id, r.place_id, g.created_at, (SELECT id FROM checks WHERE business_id = $1 \
                    AND guarantee_id = r.guarantee_id AND place_id = r.place_id AND NOT (verdict = 'missed' AND \
                        (SELECT MIN(number) FROM corrections WHERE business_id = $1 AND check_id = checks.id) IS NOT NULL) AND ",
            last_correction!("$1", "checks"),
            " NOT IN ('taken_back', 'void') ORDER BY at DESC LIMIT 1) AS last \
                FROM guarantees g JOIN promised r ON r.business_id = $1 AND r.guarantee_id = g.id \
                WHERE g.business_id = $1 AND g.stage IN ('trial', 'published') AND ",
            within!("$2", "$3", place "r.place_id"),
            ") AS promises ORDER BY created_at, place_id"
        );
        let by = Reached::by(actor);
        let rows = fetch!(held.conn(), fetch_all as Row, sql, actor.business.0, by.everywhere, by.holder)?;
        let standing = |(guarantee, place, verdict, at): Row| {
            let verdict = verdict.map(|name| Verdict::parse(&name)).transpose()?;
            Ok(Standing { guarantee: GuaranteeId(guarantee), place: PlaceId(place), last: verdict.zip(at) })
        };
        rows.into_iter().map(standing).collect()
    }

    /// One check, with what it stands at after corrections. None if there is no such check within reach.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn check(&self, actor: &Actor, id: CheckId) -> Result<Option<CheckRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let (sql, by) = (list!(" AND c.id = $4"), Reached::by(actor));
        let row =
            fetch!(held.conn(), fetch_optional as ListedRow, sql, actor.business.0, by.everywhere, by.holder, id.0)?;
        row.map(|row| row.seen_by(actor)).transpose()
    }

    /// Checks within reach, newest first: those before a check of an earlier page, or from now on back.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn checks(&self, actor: &Actor, before: Option<CheckId>, most: i64) -> Result<Checked, Error> {
        actor.permit(Act::Read)?;
        let (most, business, by) = (most.clamp(1, MOST), actor.business.0, Reached::by(actor));
        let mut held = self.db.read(actor.business).await?;
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(CheckId(id)) => {
                let sql = list!(" AND c.id = $4");
                let from =
                    fetch!(held.conn(), fetch_optional as ListedRow, sql, business, by.everywhere, by.holder, id)?;
                let Some(from) = from else { return Ok(Checked { rows: Vec::new(), before: None }) };
                (from.at, from.id)
            }
        };
        let sql = list!(" AND (c.at, c.id) < ($4, $5) ORDER BY c.at DESC, c.id DESC LIMIT $6");
        let rows = fetch!(held.conn(), fetch_all as ListedRow, sql, business, by.everywhere, by.holder, at, id, most)?;
        let rows = rows.into_iter().map(|row| row.seen_by(actor)).collect::<Result<Vec<_>, Error>>()?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == most);
        Ok(Checked { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }
}

impl ListedRow {
    fn seen_by(self, actor: &Actor) -> Result<CheckRow, Error> {
        let row = self;
        Ok(CheckRow {
            id: CheckId(row.id),
            guarantee: GuaranteeId(row.guarantee_id),
            version: row.number,
            place: PlaceId(row.place_id),
            own: row.by == by(actor.who),
            verdict: Verdict::parse(&row.verdict)?,
            reason: row.reason.map(|text| Reason::parse(&text)).transpose()?,
            at: row.at,
            day: row.day,
            received_at: row.received_at,
            corrected: row.corrected.map(|text| Verdict::parse(&text)).transpose()?,
            skewed: row.skewed,
            doubled: row.doubled,
            photo: row.photo.map(|bytes| Hash::from_bytes(&bytes)).transpose()?,
            obstacle: row.obstacle.map(|text| Obstacle::parse(&text)).transpose()?,
            second_look: row.second_look.map(|text| Outcome::parse(&text)).transpose()?,
        })
    }
}
