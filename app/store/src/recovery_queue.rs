//! The work queue: what open recoveries are sorted and counted by, in columns of their own. It follows from the steps and
//! is written again whenever anything changes that it depends on: a step, the customer's link, an erasure, opening hours.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::fault::Fault;
use domain::ids::{BusinessId, RecoveryId};
use domain::recovery::{Recovery, Stage};
use domain::role::Permission;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::business_info::{BusinessInfo, load_business};
use crate::db::{Conn, execute, fetch};
use crate::error::Error;
use crate::recovery_rows::{LoadedRecovery, load_from, load_open};
use crate::site_access::{SiteFilter, in_sites};

/// How many recoveries are open at the sites that a reader has access to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    pub open: u64,
    /// How many of them wait for the business.
    pub ours: u64,
    /// How many of them have a deadline that has passed and is not met.
    pub overdue: u64,
}

/// A place in the queue, between two recoveries. It stays where it is when recoveries move or close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueuePosition {
    pub(crate) due: DateTime<Utc>,
    pub(crate) id: RecoveryId,
}

/// What stands in the columns of an open recovery. One without a running deadline has [`NEVER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueEntry {
    pub due_at: DateTime<Utc>,
    pub our_turn_from: DateTime<Utc>,
    pub missed_from: Option<DateTime<Utc>>,
}

/// Later than every deadline. The columns need a value, because `NULL` is for recoveries that are not in the queue.
const NEVER: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(end_of_9999) => end_of_9999,
    None => DateTime::<Utc>::MAX_UTC,
};

impl QueueEntry {
    /// `None` if the recovery is closed.
    fn of(recovery: &Recovery, info: &BusinessInfo) -> Option<Self> {
        if matches!(recovery.stage(), Stage::Closed(_)) {
            return None;
        }
        let (hours, zone) = (&info.business.hours, &info.zone);
        Some(Self {
            due_at: recovery.next_deadline(hours, zone).and_then(|deadline| deadline.due).unwrap_or(NEVER),
            our_turn_from: recovery.our_turn_from().unwrap_or(NEVER),
            missed_from: recovery.missed_from(hours, zone),
        })
    }
}

impl QueuePosition {
    /// Before the first recovery.
    pub(crate) const START: Self = Self { due: DateTime::UNIX_EPOCH, id: RecoveryId(Uuid::nil()) };

    pub(crate) fn after(due: Option<DateTime<Utc>>, id: RecoveryId) -> Self {
        Self { due: due.unwrap_or(NEVER), id }
    }
}

impl fmt::Display for QueuePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.due.timestamp_millis(), self.id)
    }
}

impl FromStr for QueuePosition {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let (due, id) = text.split_once('_').ok_or(Fault::Malformed)?;
        let due = due.parse().ok().and_then(DateTime::from_timestamp_millis).filter(|due| *due <= NEVER);
        let id = id.parse().map_err(|_| Fault::Malformed)?;
        Ok(Self { due: due.filter(|due| *due >= DateTime::UNIX_EPOCH).ok_or(Fault::Malformed)?, id })
    }
}

impl Store {
    /// How many recoveries are open, how many of them wait for us, and how many are overdue.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn count_open_recoveries(&self, actor: &Actor) -> Result<QueueCounts, Error> {
        actor.require(Permission::ViewInternal)?;
        let mut handle = self.db.read(actor.business).await?;
        let (business, filter, now) = (actor.business.0, SiteFilter::of(actor), self.now());
        let sql = concat!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS open, ",
            "CAST(COUNT(CASE WHEN our_turn_from <= $4 THEN 1 END) AS BIGINT) AS ours, ",
            "CAST(COUNT(CASE WHEN due_at < $4 THEN 1 END) AS BIGINT) AS overdue ",
            "FROM recoveries WHERE business_id = $1 AND due_at IS NOT NULL AND ",
            in_sites!("$2", "$3", place "recoveries.place_id")
        );
        let (everywhere, holder) = (filter.all, filter.holder);
        let counts = fetch!(handle.conn(), fetch_one as CountRow, sql, business, everywhere, holder, now)?;
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        Ok(QueueCounts { open: count(counts.open), ours: count(counts.ours), overdue: count(counts.overdue) })
    }
}

#[derive(FromRow)]
struct CountRow {
    open: i64,
    ours: i64,
    overdue: i64,
}

/// Puts a recovery in its place again after a change.
pub(crate) async fn requeue(mut conn: Conn<'_>, business: BusinessId, id: RecoveryId) -> Result<(), Error> {
    let info = load_business(conn.reborrow(), business).await?;
    let Some(loaded) = load_from(conn.reborrow(), business.0, SiteFilter::ALL, id).await? else { return Ok(()) };
    write(conn, &info, &loaded).await
}

/// Puts all open recoveries of a business in their places again, after its opening hours have changed.
pub(crate) async fn requeue_all(mut conn: Conn<'_>, business: BusinessId) -> Result<(), Error> {
    let info = load_business(conn.reborrow(), business).await?;
    for loaded in load_open(conn.reborrow(), business.0).await?.values() {
        write(conn.reborrow(), &info, loaded).await?;
    }
    Ok(())
}

impl Store {
    /// Fills in the columns of the recoveries that an older program stored.
    pub(crate) async fn complete_recoveries(&self) -> Result<(), Error> {
        for info in self.businesses().await? {
            // Read first, because a database that cannot be written can still be read.
            let is_complete = is_complete(self.db.read(info.id).await?.conn(), info.id).await?;
            if !is_complete {
                let mut handle = self.db.begin(info.id).await?;
                complete(handle.conn(), info.id).await?;
                handle.commit().await?;
            }
        }
        Ok(())
    }
}

/// Fills in the columns of recoveries that came from a file or from an older program.
pub(crate) async fn complete(mut conn: Conn<'_>, business: BusinessId) -> Result<(), Error> {
    if is_complete(conn.reborrow(), business).await? {
        return Ok(());
    }
    requeue_all(conn.reborrow(), business).await?;
    let sql = "UPDATE recoveries SET place_id = (SELECT b.place_id FROM breaks b WHERE b.business_id = $1 AND b.id = break_id), \
        late = EXISTS (SELECT 1 FROM recovery_steps s WHERE s.business_id = $1 AND s.recovery_id = recoveries.id AND s.step = 'late') \
        WHERE business_id = $1 AND place_id IS NULL";
    execute!(conn, sql, business.0)?;
    Ok(())
}

async fn is_complete(conn: Conn<'_>, business: BusinessId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM recoveries WHERE business_id = $1 AND place_id IS NULL LIMIT 1";
    Ok(fetch!(conn, fetch_optional as (i32,), sql, business.0)?.is_none())
}

/// What must stand in the columns of each open recovery of a business.
pub(crate) async fn expected_entries(
    mut conn: Conn<'_>,
    business: BusinessId,
) -> Result<BTreeMap<RecoveryId, QueueEntry>, Error> {
    let info = load_business(conn.reborrow(), business).await?;
    let open = load_open(conn, business.0).await?;
    Ok(open.into_iter().filter_map(|(id, loaded)| Some((id, QueueEntry::of(&loaded.recovery, &info)?))).collect())
}

async fn write(conn: Conn<'_>, info: &BusinessInfo, loaded: &LoadedRecovery) -> Result<(), Error> {
    let entry = QueueEntry::of(&loaded.recovery, info);
    let (due_at, our_turn_from) = (entry.map(|entry| entry.due_at), entry.map(|entry| entry.our_turn_from));
    let missed_from = entry.and_then(|entry| entry.missed_from);
    let sql = "UPDATE recoveries SET due_at = $3, our_turn_from = $4, missed_from = $5, late = $6, place_id = $7 \
        WHERE business_id = $1 AND id = $2";
    let (business, late) = (info.id.0, loaded.recovery.was_late());
    execute!(conn, sql, business, loaded.id.0, due_at, our_turn_from, missed_from, late, loaded.place.0)?;
    Ok(())
}
