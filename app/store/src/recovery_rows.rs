//! Loads recoveries from their steps and texts.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::breaks::FoundBy;
use domain::guarantee::Terms;
use domain::ids::{CustomerId, GuaranteeId, PlaceId, RecoveryId};
use domain::recovery::{Recovery, TakenStep};
use sqlx::FromRow;
use uuid::Uuid;

use crate::actor_key::parse_actor_key;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::texts::{self, PackedTexts, packed_texts};
use crate::unit_of_work::UnitOfWork;

/// Which recoveries are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecoveryFilter {
    All,
    /// Those in which one of our deadlines was missed, now or earlier.
    Late,
}

/// A recovery, with what the rules need.
pub(crate) struct LoadedRecovery {
    pub id: RecoveryId,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub public: bool,
    pub customer: Option<CustomerId>,
    pub recovery: Recovery,
}

#[derive(FromRow)]
struct LoadedRow {
    id: Uuid,
    break_id: Uuid,
    guarantee_id: Uuid,
    version_id: Uuid,
    place_id: Uuid,
    public: bool,
    found_by: String,
    customer_id: Option<Uuid>,
    forgotten_at: Option<DateTime<Utc>>,
    link_open_since: Option<DateTime<Utc>>,
    opened_at: DateTime<Utc>,
    bare: String,
}

#[derive(FromRow)]
struct StepRow {
    id: Uuid,
    recovery_id: Uuid,
    bare: String,
    at: DateTime<Utc>,
    by: String,
}

/// Selects the ids of recoveries at sites that the reader has access to, with a further condition and an order.
macro_rules! recovery_ids {
    ($which:literal, $order:literal) => {
        concat!(
            "SELECT id FROM recoveries WHERE business_id = $1 AND ",
            $which,
            " AND ",
            in_sites!(
                "$2",
                "$3",
                place "recoveries.place_id"
            ),
            $order
        )
    };
}

/// Selects one id.
macro_rules! recovery_by_id {
    () => {
        recovery_ids!("id = $4", "")
    };
}

/// Selects the ids of a page of the queue. The last parameter is now; with `late`, only recoveries are selected that
/// were ever late.
macro_rules! queued_recovery_ids {
    (all) => {
        recovery_ids!("due_at IS NOT NULL AND (due_at, id) > ($4, $5)", " ORDER BY due_at, id LIMIT $6")
    };
    (late) => {
        concat!(
            // Two ranges, each from an index in order: those that are overdue, and others that were late before.
            "SELECT id FROM (SELECT id, due_at FROM recoveries WHERE business_id = $1 \
                AND due_at < $7 AND (due_at, id) > ($4, $5) AND ",
            in_sites!("$2", "$3", place "recoveries.place_id"),
            " UNION ALL SELECT id, due_at FROM recoveries WHERE business_id = $1 \
                AND late AND due_at >= $7 AND (due_at, id) > ($4, $5) AND ",
            in_sites!("$2", "$3", place "recoveries.place_id"),
            ") AS ranges ORDER BY due_at, id LIMIT $6"
        )
    };
}

/// Selects the ids of a page of closed recoveries, or of those that were ever late.
macro_rules! closed_recovery_ids {
    (all) => {
        recovery_ids!("stage = 'closed' AND (closed_at, id) < ($4, $5)", " ORDER BY closed_at DESC, id DESC LIMIT $6")
    };
    (late) => {
        recovery_ids!(
            "stage = 'closed' AND late AND (closed_at, id) < ($4, $5)",
            " ORDER BY closed_at DESC, id DESC LIMIT $6"
        )
    };
}

/// Selects the ids of open recoveries with a missed deadline that is not recorded yet.
macro_rules! missed_recovery_ids {
    () => {
        recovery_ids!("missed_from < $4", "")
    };
}

/// Selects the ids of all open recoveries of a business: those in the queue, and those that may have to be put there.
macro_rules! open_recovery_ids {
    () => {
        recovery_ids!("(due_at IS NOT NULL OR place_id IS NULL) AND stage <> 'closed'", "")
    };
}

pub(crate) use {closed_recovery_ids, queued_recovery_ids, recovery_by_id, recovery_ids};

/// Loads recoveries by a subquery of ids, in three statements.
macro_rules! load_recoveries {
    ($conn:expr, $ids:expr, $business:expr, $by:expr $(, $bind:expr)*) => {{
        let sql = concat!(
            "SELECT r.id, r.break_id, b.guarantee_id, b.version_id, b.place_id, b.public, b.found_by, r.customer_id, c.erased_at AS forgotten_at, ",
            "(SELECT MAX(created_at) FROM follow_ups f WHERE f.business_id = r.business_id AND f.recovery_id = r.id ",
            "AND f.used_at IS NULL) AS link_open_since, ",
            "r.opened_at, v.bare FROM recoveries r ",
            "LEFT JOIN customers c ON c.business_id = r.business_id AND c.id = r.customer_id ",
            "JOIN breaks b ON b.business_id = r.business_id AND b.id = r.break_id ",
            "JOIN guarantee_versions v ON v.business_id = r.business_id AND v.id = b.version_id ",
            "WHERE r.id IN (", $ids, ")"
        );
        let rows = fetch!($conn.reborrow(), fetch_all as LoadedRow, sql, $business, $by.all, $by.holder $(, $bind)*)?;
        let sql = concat!(
            "SELECT id, recovery_id, bare, at, by FROM recovery_steps WHERE business_id = $1 AND recovery_id IN (",
            $ids, ") ORDER BY number"
        );
        let steps = fetch!($conn.reborrow(), fetch_all as StepRow, sql, $business, $by.all, $by.holder $(, $bind)*)?;
        let sql = concat!(
            "SELECT t.owner_id, ", packed_texts!("t"), " FROM texts t JOIN recovery_steps s ON s.id = t.owner_id ",
            "WHERE t.business_id = $1 AND s.business_id = $1 AND s.recovery_id IN (", $ids, ") GROUP BY t.owner_id"
        );
        let texts = fetch!($conn, fetch_all as PackedTexts, sql, $business, $by.all, $by.holder $(, $bind)*)?;
        assemble(rows, steps, texts)
    }};
}

/// Loads a recovery, if the reader has access to it.
pub(crate) async fn load(
    work: &mut UnitOfWork<'_>,
    by: SiteFilter,
    id: RecoveryId,
) -> Result<Option<LoadedRecovery>, Error> {
    let business = work.business.0;
    load_from(work.conn(), business, by, id).await
}

pub(crate) async fn load_from(
    mut conn: Conn<'_>,
    business: Uuid,
    by: SiteFilter,
    id: RecoveryId,
) -> Result<Option<LoadedRecovery>, Error> {
    Ok(load_recoveries!(conn, recovery_by_id!(), business, by, id.0)?.remove(&id))
}

/// Loads all open recoveries of a business.
pub(crate) async fn load_open(
    mut conn: Conn<'_>,
    business: Uuid,
) -> Result<BTreeMap<RecoveryId, LoadedRecovery>, Error> {
    load_recoveries!(conn, open_recovery_ids!(), business, SiteFilter::ALL)
}

/// Loads a page of the queue: at most `limit` recoveries after `(due, id)`.
pub(crate) async fn load_queued(
    mut conn: Conn<'_>,
    business: Uuid,
    by: SiteFilter,
    filter: RecoveryFilter,
    (due, id): (DateTime<Utc>, Uuid),
    limit: i64,
    now: DateTime<Utc>,
) -> Result<BTreeMap<RecoveryId, LoadedRecovery>, Error> {
    match filter {
        RecoveryFilter::All => load_recoveries!(conn, queued_recovery_ids!(all), business, by, due, id, limit),
        RecoveryFilter::Late => load_recoveries!(conn, queued_recovery_ids!(late), business, by, due, id, limit, now),
    }
}

/// Loads a page of closed recoveries: at most `limit` that were closed before `(at, id)`.
pub(crate) async fn load_closed(
    mut conn: Conn<'_>,
    business: Uuid,
    by: SiteFilter,
    filter: RecoveryFilter,
    (at, id): (DateTime<Utc>, Uuid),
    limit: i64,
) -> Result<BTreeMap<RecoveryId, LoadedRecovery>, Error> {
    match filter {
        RecoveryFilter::All => load_recoveries!(conn, closed_recovery_ids!(all), business, by, at, id, limit),
        RecoveryFilter::Late => load_recoveries!(conn, closed_recovery_ids!(late), business, by, at, id, limit),
    }
}

/// Loads the open recoveries with a missed deadline that is not recorded yet.
pub(crate) async fn load_missed(
    mut conn: Conn<'_>,
    business: Uuid,
    by: SiteFilter,
    now: DateTime<Utc>,
) -> Result<BTreeMap<RecoveryId, LoadedRecovery>, Error> {
    load_recoveries!(conn, missed_recovery_ids!(), business, by, now)
}

fn assemble(
    rows: Vec<LoadedRow>,
    steps: Vec<StepRow>,
    texts: Vec<PackedTexts>,
) -> Result<BTreeMap<RecoveryId, LoadedRecovery>, Error> {
    let mut texts = texts::by_owner(texts)?;
    let mut taken: HashMap<Uuid, Vec<TakenStep>> = HashMap::new();
    for row in steps {
        let stored = StoredRow("recovery_steps", row.id);
        let step = texts::assemble(&stored, &row.bare, texts.remove(&row.id).unwrap_or_default())?;
        let by = stored.read("by", parse_actor_key(&row.by))?;
        taken.entry(row.recovery_id).or_default().push(TakenStep { at: row.at, by, step });
    }
    let loaded = |row: LoadedRow| {
        let stored = StoredRow("breaks", row.break_id);
        let recovery = Recovery {
            opened_at: row.opened_at,
            found_by: stored.read("found_by", FoundBy::parse(&row.found_by))?,
            customer_known: row.customer_id.is_some(),
            customer_erased_at: row.forgotten_at,
            link_open_since: row.link_open_since,
            terms: StoredRow("guarantee_versions", row.version_id).read("bare", terms(&row.bare))?,
            steps: taken.remove(&row.id).unwrap_or_default(),
        };
        let (guarantee, place) = (GuaranteeId(row.guarantee_id), PlaceId(row.place_id));
        let (id, customer) = (RecoveryId(row.id), row.customer_id.map(CustomerId));
        Ok((id, LoadedRecovery { id, guarantee, place, public: row.public, customer, recovery }))
    };
    rows.into_iter().map(loaded).collect()
}

/// The terms of the recovery itself, from the version of the wording that was broken.
fn terms(bare: &str) -> Result<Terms, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Bare {
        terms: Terms,
    }
    Ok(serde_json::from_str::<Bare>(bare)?.terms)
}
