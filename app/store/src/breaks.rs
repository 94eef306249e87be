//! Breaks as they are listed: each with the check that found it and the recovery that answers it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor};
use domain::breaks::FoundBy;
use domain::check::Reason;
use domain::ids::{BreakId, CheckId, GuaranteeId, PlaceId, RecoveryId};
use domain::recovery::Stage;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::db::fetch;
use crate::error::Error;
use crate::reaches::{Reached, within};

/// One promise not kept, and how far its recovery has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakRow {
    pub id: BreakId,
    pub guarantee: GuaranteeId,
    /// The version of the wording that was broken.
    pub version: i64,
    pub place: PlaceId,
    pub check: CheckId,
    pub recovery: RecoveryId,
    pub reason: Reason,
    pub found_by: FoundBy,
    pub known_at: DateTime<Utc>,
    pub stage: Stage,
    /// The check was corrected since: the break stays, and says so.
    pub corrected: bool,
}

/// A page of breaks: newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaks {
    pub rows: Vec<BreakRow>,
    /// The break before which the next page begins, if there is one.
    pub before: Option<BreakId>,
}

/// The most breaks that one page holds.
const MOST: i64 = 500;

#[derive(FromRow)]
struct Stored {
    id: Uuid,
    guarantee_id: Uuid,
    version: i64,
    place_id: Uuid,
    check_id: Uuid,
    recovery_id: Uuid,
    reason: String,
    found_by: String,
    known_at: DateTime<Utc>,
    stage: String,
    outcome: Option<String>,
    corrected: bool,
}

impl Store {
    /// Breaks within reach, newest first: those before a break of an earlier page, or from now on back.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn breaks(&self, actor: &Actor, before: Option<BreakId>, most: i64) -> Result<Breaks, Error> {
        type From = (DateTime<Utc>, Uuid);
        actor.permit(Act::Read)?;
        let (most, business, by) = (most.clamp(1, MOST), actor.business.0, Reached::by(actor));
        let mut held = self.db.read(actor.business).await?;
        let (known_at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(BreakId(id)) => {
                let sql = concat!(
                    "SELECT known_at, id FROM breaks WHERE business_id = $1 AND id = $2 AND ",
                    within!("$3", "$4", place "place_id")
                );
                let from = fetch!(held.conn(), fetch_optional as From, sql, business, id, by.everywhere, by.holder)?;
                let Some(from) = from else { return Ok(Breaks { rows: Vec::new(), before: None }) };
                from
            }
        };
        let sql = concat!(
            "SELECT b.id, b.guarantee_id, v.number AS version, b.place_id, b.check_id, b.recovery_id, b.reason, \
            b.found_by, b.known_at, r.stage, r.outcome, \
            EXISTS (SELECT 1 FROM corrections k WHERE k.business_id = $1 AND k.check_id = b.check_id \
                AND k.verdict <> 'broken' AND k.at >= b.known_at) AS corrected \
            FROM breaks b JOIN recoveries r ON r.business_id = $1 AND r.id = b.recovery_id \
            JOIN guarantee_versions v ON v.business_id = $1 AND v.id = b.version_id \
            WHERE b.business_id = $1 AND (b.known_at, b.id) < ($2, $3) AND ",
            within!("$5", "$6", place "b.place_id"),
            " ORDER BY b.known_at DESC, b.id DESC LIMIT $4"
        );
        let rows =
            fetch!(held.conn(), fetch_all as Stored, sql, business, known_at, id, most, by.everywhere, by.holder)?;
        let rows = rows.into_iter().map(BreakRow::try_from).collect::<Result<Vec<_>, Error>>()?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == most);
        Ok(Breaks { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }
}

impl TryFrom<Stored> for BreakRow {
    type Error = Error;
    fn try_from(row: Stored) -> Result<Self, Error> {
        Ok(Self {
            id: BreakId(row.id),
            guarantee: GuaranteeId(row.guarantee_id),
            version: row.version,
            place: PlaceId(row.place_id),
            check: CheckId(row.check_id),
            recovery: RecoveryId(row.recovery_id),
            reason: Reason::parse(&row.reason)?,
            found_by: FoundBy::parse(&row.found_by)?,
            known_at: row.known_at,
            stage: Stage::parse(&row.stage, row.outcome.as_deref())?,
            corrected: row.corrected,
        })
    }
}
