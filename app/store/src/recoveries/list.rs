//! Lists of open and of closed recoveries.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Actor;
use domain::fault::Fault;
use domain::finding::Reason;
use domain::guarantee::Wording;
use domain::ids::{BreakId, BusinessId, GuaranteeId, PlaceId, RecoveryId};
use domain::recovery::{Deadline, Recovery, Stage, Turn};
use domain::role::Permission;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::business_info::load_business;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::recovery_queue::QueuePosition;
use crate::recovery_rows::{
    LoadedRecovery, RecoveryFilter, closed_recovery_ids, load_closed, load_queued, queued_recovery_ids, recovery_by_id,
    recovery_ids,
};
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::texts;

/// A recovery in a list.
#[derive(Clone, Debug)]
pub struct RecoveryRow {
    pub id: RecoveryId,
    pub number: i64,
    pub opened_by: BreakId,
    pub guarantee_id: GuaranteeId,
    pub place_id: PlaceId,
    pub guarantee: String,
    /// What was not kept; the criterion, if it was one.
    pub reason: Reason,
    pub criterion: Option<String>,
    pub site: String,
    pub place: String,
    pub opened_at: DateTime<Utc>,
    pub stage: Stage,
    /// The next open deadline.
    pub next_deadline: Option<Deadline>,
    /// Whose turn it is now.
    pub turn: Turn,
    /// Whether the record says that one of our deadlines was missed, in any round.
    pub late: bool,
}

impl RecoveryRow {
    /// Its place in the queue of open recoveries.
    fn queue_position(&self) -> QueuePosition {
        QueuePosition::after(self.next_deadline.and_then(|deadline| deadline.due), self.id)
    }
}

/// A page of open recoveries.
#[derive(Clone, Debug)]
pub struct OpenRecoveries {
    pub rows: Vec<RecoveryRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<QueuePosition>,
}

/// A page of closed recoveries.
#[derive(Clone, Debug)]
pub struct ClosedRecoveries {
    pub rows: Vec<RecoveryRow>,
    /// The last recovery of this page, if there may be a next page.
    pub before: Option<RecoveryId>,
}

/// The most recoveries in one page.
const MAX_PAGE: i64 = 200;

#[derive(FromRow)]
pub(super) struct ListRow {
    pub id: Uuid,
    pub break_id: Uuid,
    pub number: i64,
    pub guarantee_id: Uuid,
    pub version_id: Uuid,
    pub version: i64,
    pub bare: String,
    pub place_id: Uuid,
    pub check_id: Uuid,
    pub customer_id: Option<Uuid>,
    pub reason: String,
    pub site: String,
    pub place: String,
    pub opened_at: DateTime<Utc>,
    pub stage: String,
    pub outcome: Option<String>,
}

/// Selects recoveries by their ids, with their break, wording and place, in an order.
macro_rules! list {
    ($ids:expr, $order:literal) => {
        concat!(
            "SELECT r.id, r.break_id, r.number, b.guarantee_id, b.version_id, v.number AS version, v.bare, b.place_id, b.check_id, ",
            "r.customer_id, b.reason, s.name AS site, p.name AS place, r.opened_at, r.stage, r.outcome FROM recoveries r ",
            "JOIN breaks b ON b.business_id = r.business_id AND b.id = r.break_id ",
            "JOIN guarantee_versions v ON v.business_id = r.business_id AND v.id = b.version_id ",
            "JOIN places p ON p.business_id = r.business_id AND p.id = b.place_id ",
            "JOIN sites s ON s.business_id = r.business_id AND s.id = p.site_id ",
            "WHERE r.id IN (",
            $ids,
            ") ORDER BY ",
            $order
        )
    };
}
pub(super) use list;

impl Store {
    /// A page of the open recoveries at sites that the actor has access to, the most urgent deadline first. `from` is
    /// where the page before ended.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn open_recoveries(
        &self,
        actor: &Actor,
        filter: RecoveryFilter,
        from: Option<QueuePosition>,
        limit: i64,
    ) -> Result<OpenRecoveries, Error> {
        actor.require(Permission::ViewInternal)?;
        let mut handle = self.db.snapshot(actor.business).await?;
        let (business, sites, limit) = (actor.business.0, SiteFilter::of(actor), limit.clamp(1, MAX_PAGE));
        let (everywhere, holder, one_more, now) = (sites.all, sites.holder, limit + 1, self.now());
        let QueuePosition { due, id: RecoveryId(id) } = from.unwrap_or(QueuePosition::START);
        macro_rules! page {
            ($ids:expr $(, $now:expr)?) => {{
                let sql = list!($ids, "r.due_at, r.id");
                let conn = handle.conn();
                fetch!(conn, fetch_all as ListRow, sql, business, everywhere, holder, due, id, one_more $(, $now)?)?
            }};
        }
        let rows = match filter {
            RecoveryFilter::All => page!(queued_recovery_ids!(all)),
            RecoveryFilter::Late => page!(queued_recovery_ids!(late), now),
        };
        let loaded = load_queued(handle.conn(), business, sites, filter, (due, id), one_more, now).await?;
        let mut rows = list_rows(handle.conn(), actor.business, now, rows, loaded).await?;
        let has_more = rows.len() > usize::try_from(limit).unwrap_or_default();
        rows.truncate(usize::try_from(limit).unwrap_or_default());
        let next = rows.last().filter(|_| has_more).map(RecoveryRow::queue_position);
        Ok(OpenRecoveries { rows, next })
    }

    /// A page of closed recoveries at sites that the actor has access to, the last closed first. `before` is the last
    /// recovery of the page before.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn closed_recoveries(
        &self,
        actor: &Actor,
        filter: RecoveryFilter,
        before: Option<RecoveryId>,
        limit: i64,
    ) -> Result<ClosedRecoveries, Error> {
        actor.require(Permission::ViewInternal)?;
        let mut handle = self.db.snapshot(actor.business).await?;
        let (business, sites, limit) = (actor.business.0, SiteFilter::of(actor), limit.clamp(1, MAX_PAGE));
        let (everywhere, holder) = (sites.all, sites.holder);
        let from = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(RecoveryId(id)) => {
                let from = fetch!(handle.conn(), fetch_optional as Closed, CLOSED, business, everywhere, holder, id)?;
                let Some(from) = from else { return Ok(ClosedRecoveries { rows: Vec::new(), before: None }) };
                from
            }
        };
        let (at, id) = from;
        macro_rules! page {
            ($ids:expr) => {{
                let sql = list!($ids, "r.closed_at DESC, r.id DESC");
                fetch!(handle.conn(), fetch_all as ListRow, sql, business, everywhere, holder, at, id, limit)?
            }};
        }
        let rows = match filter {
            RecoveryFilter::All => page!(closed_recovery_ids!(all)),
            RecoveryFilter::Late => page!(closed_recovery_ids!(late)),
        };
        let loaded = load_closed(handle.conn(), business, sites, filter, from, limit).await?;
        let rows = list_rows(handle.conn(), actor.business, self.now(), rows, loaded).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == limit);
        Ok(ClosedRecoveries { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }
}

/// The time of closing and the id of a recovery.
type Closed = (DateTime<Utc>, Uuid);

const CLOSED: &str = concat!(
    "SELECT closed_at, id FROM recoveries WHERE business_id = $1 AND id = $4 AND stage = 'closed' AND id IN (",
    recovery_by_id!(),
    ")"
);

async fn list_rows(
    mut conn: Conn<'_>,
    business: BusinessId,
    now: DateTime<Utc>,
    rows: Vec<ListRow>,
    mut loaded: BTreeMap<RecoveryId, LoadedRecovery>,
) -> Result<Vec<RecoveryRow>, Error> {
    let info = load_business(conn.reborrow(), business).await?;
    let mut wordings = HashMap::new();
    let mut list_rows = Vec::with_capacity(rows.len());
    for row in rows {
        let wording = wording(conn.reborrow(), business, &row, &mut wordings).await?;
        let loaded = loaded.remove(&RecoveryId(row.id));
        let recovery = StoredRow("recoveries", row.id).read("break_id", loaded.ok_or(Fault::NotFound))?.recovery;
        let next_deadline = recovery.next_deadline(&info.business.hours, &info.zone);
        list_rows.push(listed_row(&row, &wording, &recovery, next_deadline, now)?);
    }
    Ok(list_rows)
}

pub(super) fn listed_row(
    row: &ListRow,
    wording: &Wording,
    recovery: &Recovery,
    next_deadline: Option<Deadline>,
    now: DateTime<Utc>,
) -> Result<RecoveryRow, Error> {
    let reason = StoredRow("breaks", row.break_id).read("reason", Reason::parse(&row.reason))?;
    let criterion = match reason {
        Reason::Criterion(position) => wording.criteria.get(position as usize).map(ToString::to_string),
        Reason::Safety | Reason::Other => None,
    };
    let stage = Stage::parse(&row.stage, row.outcome.as_deref());
    Ok(RecoveryRow {
        id: RecoveryId(row.id),
        number: row.number,
        opened_by: BreakId(row.break_id),
        guarantee_id: GuaranteeId(row.guarantee_id),
        place_id: PlaceId(row.place_id),
        guarantee: wording.title.to_string(),
        reason,
        criterion,
        site: row.site.clone(),
        place: row.place.clone(),
        opened_at: row.opened_at,
        stage: StoredRow("recoveries", row.id).read("stage", stage)?,
        next_deadline,
        turn: recovery.turn(now),
        late: recovery.was_late(),
    })
}

/// The wording that was broken, loaded once for each version.
pub(super) async fn wording(
    conn: Conn<'_>,
    business: BusinessId,
    row: &ListRow,
    read: &mut HashMap<Uuid, Wording>,
) -> Result<Wording, Error> {
    if let Some(wording) = read.get(&row.version_id) {
        return Ok(wording.clone());
    }
    let texts = texts::load(conn, business, row.version_id).await?;
    let stored = StoredRow("guarantee_versions", row.version_id);
    let wording: Wording = texts::assemble(&stored, &row.bare, texts)?;
    read.insert(row.version_id, wording.clone());
    Ok(wording)
}
