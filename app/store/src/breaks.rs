//! Breaks in a list, each with its check and its recovery.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Actor;
use domain::breaks::FoundBy;
use domain::finding::Reason;
use domain::ids::{BreakId, CheckId, GuaranteeId, PlaceId, RecoveryId, VersionId};
use domain::obstacle::Obstacle;
use domain::recovery::Stage;
use domain::role::Permission;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::db::fetch;
use crate::error::Error;
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::verdict_sql::is_break_corrected;

/// A break, and the stage of its recovery.
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
    /// Whether the check was corrected since. The break stays visible.
    pub corrected: bool,
}

/// A break to be stored with its recovery.
pub(crate) struct NewBreak {
    pub id: BreakId,
    pub guarantee: GuaranteeId,
    pub version: VersionId,
    /// The number of the version.
    pub number: i64,
    pub place: PlaceId,
    pub check: CheckId,
    pub public: bool,
    pub reason: Reason,
    pub found_by: FoundBy,
    pub obstacle: Option<Obstacle>,
}

/// A page of breaks: newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakPage {
    pub rows: Vec<BreakRow>,
    /// The last break of this page, if there may be a next page.
    pub before: Option<BreakId>,
}

/// The most breaks in one page.
const MAX_PAGE: i64 = 500;

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
    /// A page of breaks at sites that the actor has access to, newest first. `before` is the last break of the page
    /// before.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn breaks(&self, actor: &Actor, before: Option<BreakId>, limit: i64) -> Result<BreakPage, Error> {
        type From = (DateTime<Utc>, Uuid);
        actor.require(Permission::ViewInternal)?;
        let (limit, business, filter) = (limit.clamp(1, MAX_PAGE), actor.business.0, SiteFilter::of(actor));
        let mut handle = self.db.read(actor.business).await?;
        let (known_at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(BreakId(id)) => {
                let sql = concat!(
                    "SELECT known_at, id FROM breaks WHERE business_id = $1 AND id = $2 AND ",
                    in_sites!("$3", "$4", place "place_id")
                );
                let from = fetch!(handle.conn(), fetch_optional as From, sql, business, id, filter.all, filter.holder)?;
                let Some(from) = from else { return Ok(BreakPage { rows: Vec::new(), before: None }) };
                from
            }
        };
        let sql = concat!(
            "SELECT b.id, b.guarantee_id, v.number AS version, b.place_id, b.check_id, b.recovery_id, b.reason, \
            b.found_by, b.known_at, r.stage, r.outcome, ",
            is_break_corrected!("$1", "b.id", "b.check_id"),
            " AS corrected \
            FROM breaks b JOIN recoveries r ON r.business_id = $1 AND r.id = b.recovery_id \
            JOIN guarantee_versions v ON v.business_id = $1 AND v.id = b.version_id \
            WHERE b.business_id = $1 AND (b.known_at, b.id) < ($2, $3) AND ",
            in_sites!("$5", "$6", place "b.place_id"),
            " ORDER BY b.known_at DESC, b.id DESC LIMIT $4"
        );
        let rows =
            fetch!(handle.conn(), fetch_all as Stored, sql, business, known_at, id, limit, filter.all, filter.holder)?;
        let rows = rows.into_iter().map(BreakRow::try_from).collect::<Result<Vec<_>, Error>>()?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == limit);
        Ok(BreakPage { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }
}

impl TryFrom<Stored> for BreakRow {
    type Error = Error;
    fn try_from(row: Stored) -> Result<Self, Error> {
        let (stored, stage) = (StoredRow("breaks", row.id), Stage::parse(&row.stage, row.outcome.as_deref()));
        Ok(Self {
            id: BreakId(row.id),
            guarantee: GuaranteeId(row.guarantee_id),
            version: row.version,
            place: PlaceId(row.place_id),
            check: CheckId(row.check_id),
            recovery: RecoveryId(row.recovery_id),
            reason: stored.read("reason", Reason::parse(&row.reason))?,
            found_by: stored.read("found_by", FoundBy::parse(&row.found_by))?,
            known_at: row.known_at,
            stage: StoredRow("recoveries", row.recovery_id).read("stage", stage)?,
            corrected: row.corrected,
        })
    }
}
