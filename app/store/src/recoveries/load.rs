//! Recoveries put together again from their steps and their texts.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::breaks::FoundBy;
use domain::guarantee::Terms;
use domain::ids::{CustomerId, GuaranteeId, PlaceId, RecoveryId};
use domain::recovery::{Recovery, Taken};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::reaches::{Reached, within};
use crate::texts::{self, TextRow};
use crate::work::{Work, who};

/// A recovery with what its decisions need.
pub(crate) struct Loaded {
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
    guarantee_id: Uuid,
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

/// The ids of recoveries of the business within someone's reach, which of them and in what order.
macro_rules! ids {
    ($which:literal, $order:literal) => {
        concat!(
            "SELECT id FROM recoveries WHERE business_id = $1 AND ",
            $which,
            " AND ",
            within!(
                "$2",
                "$3",
                place "(SELECT z.place_id FROM breaks z WHERE z.business_id = $1 AND z.id = recoveries.break_id)"
            ),
            $order
        )
    };
}

/// One id, if it is one of them.
macro_rules! one {
    () => {
        ids!("id = $4", "")
    };
}

/// The ids of those that are not closed.
macro_rules! open {
    () => {
        ids!("stage <> 'closed'", " ORDER BY opened_at")
    };
}

/// The ids of those closed last before an instant, and at it before an id.
macro_rules! closed {
    () => {
        ids!("stage = 'closed' AND (closed_at, id) < ($4, $5)", " ORDER BY closed_at DESC, id DESC LIMIT $6")
    };
}

pub(super) use {closed, ids, one, open};

/// The recoveries whose ids are asked for, in three statements however many they are.
macro_rules! loaded {
    ($conn:expr, $ids:expr, $business:expr, $by:expr $(, $bind:expr)*) => {{
        let sql = concat!(
            "SELECT r.id, b.guarantee_id, b.place_id, b.public, b.found_by, r.customer_id, c.erased_at AS forgotten_at, ",
            "(SELECT MAX(created_at) FROM follow_ups f WHERE f.business_id = r.business_id AND f.recovery_id = r.id ",
            "AND f.used_at IS NULL) AS link_open_since, ",
            "r.opened_at, v.bare FROM recoveries r ",
            "LEFT JOIN customers c ON c.business_id = r.business_id AND c.id = r.customer_id ",
            "JOIN breaks b ON b.business_id = r.business_id AND b.id = r.break_id ",
            "JOIN guarantee_versions v ON v.business_id = r.business_id AND v.id = b.version_id ",
            "WHERE r.id IN (", $ids, ")"
        );
        let rows = fetch!($conn.again(), fetch_all as LoadedRow, sql, $business, $by.everywhere, $by.holder $(, $bind)*)?;
        let sql = concat!(
            "SELECT id, recovery_id, bare, at, by FROM recovery_steps WHERE business_id = $1 AND recovery_id IN (",
            $ids, ") ORDER BY number"
        );
        let steps = fetch!($conn.again(), fetch_all as StepRow, sql, $business, $by.everywhere, $by.holder $(, $bind)*)?;
        let sql = concat!(
            "SELECT t.owner_id, t.field, t.body FROM texts t JOIN recovery_steps s ON s.id = t.owner_id ",
            "WHERE t.business_id = $1 AND s.business_id = $1 AND s.recovery_id IN (", $ids, ")"
        );
        let texts = fetch!($conn, fetch_all as TextRow, sql, $business, $by.everywhere, $by.holder $(, $bind)*)?;
        together(rows, steps, texts)
    }};
}

/// A recovery of the work's business.
pub(crate) async fn load(work: &mut Work<'_>, by: Reached, id: RecoveryId) -> Result<Option<Loaded>, Error> {
    let business = work.business.0;
    load_from(work.conn(), business, by, id).await
}

pub(crate) async fn load_from(
    mut conn: Conn<'_>,
    business: Uuid,
    by: Reached,
    id: RecoveryId,
) -> Result<Option<Loaded>, Error> {
    Ok(loaded!(conn, one!(), business, by, id.0)?.remove(&id))
}

pub(super) async fn load_open(
    mut conn: Conn<'_>,
    business: Uuid,
    by: Reached,
) -> Result<BTreeMap<RecoveryId, Loaded>, Error> {
    loaded!(conn, open!(), business, by)
}

pub(super) async fn load_closed(
    mut conn: Conn<'_>,
    business: Uuid,
    by: Reached,
    (at, id): (DateTime<Utc>, Uuid),
    most: i64,
) -> Result<BTreeMap<RecoveryId, Loaded>, Error> {
    loaded!(conn, closed!(), business, by, at, id, most)
}

fn together(
    rows: Vec<LoadedRow>,
    steps: Vec<StepRow>,
    texts: Vec<TextRow>,
) -> Result<BTreeMap<RecoveryId, Loaded>, Error> {
    let mut texts = texts::by_owner(texts);
    let mut taken: HashMap<Uuid, Vec<Taken>> = HashMap::new();
    for row in steps {
        let step = texts::whole(&row.bare, texts.remove(&row.id).unwrap_or_default())?;
        taken.entry(row.recovery_id).or_default().push(Taken { at: row.at, by: who(&row.by)?, step });
    }
    let loaded = |row: LoadedRow| {
        let recovery = Recovery {
            opened_at: row.opened_at,
            found_by: FoundBy::parse(&row.found_by)?,
            customer_known: row.customer_id.is_some(),
            forgotten_at: row.forgotten_at,
            link_open_since: row.link_open_since,
            terms: terms(&row.bare)?,
            steps: taken.remove(&row.id).unwrap_or_default(),
        };
        let (guarantee, place) = (GuaranteeId(row.guarantee_id), PlaceId(row.place_id));
        let (id, customer) = (RecoveryId(row.id), row.customer_id.map(CustomerId));
        Ok((id, Loaded { id, guarantee, place, public: row.public, customer, recovery }))
    };
    rows.into_iter().map(loaded).collect()
}

/// The recovery's own guarantee, from the version of the wording that was broken.
fn terms(bare: &str) -> Result<Terms, Error> {
    #[derive(serde::Deserialize)]
    struct Bare {
        terms: Terms,
    }
    Ok(serde_json::from_str::<Bare>(bare)?.terms)
}
