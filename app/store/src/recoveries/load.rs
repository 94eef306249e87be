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

/// One id, if it is one of the business's recoveries.
macro_rules! one {
    () => {
        "SELECT id FROM recoveries WHERE business_id = $1 AND id = $2"
    };
}

/// The ids of the recoveries that are not closed.
macro_rules! open {
    () => {
        "SELECT id FROM recoveries WHERE business_id = $1 AND stage <> 'closed' ORDER BY opened_at"
    };
}

/// The ids of the recoveries closed last.
macro_rules! closed {
    () => {
        "SELECT id FROM recoveries WHERE business_id = $1 AND stage = 'closed' ORDER BY closed_at DESC LIMIT 50"
    };
}

pub(super) use {closed, one, open};

/// The recoveries of a business whose ids are asked for, in three statements however many they are.
macro_rules! loaded {
    ($conn:expr, $ids:expr, $business:expr $(, $bind:expr)*) => {{
        let sql = concat!(
            "SELECT r.id, b.guarantee_id, b.place_id, b.public, b.found_by, r.customer_id, c.erased_at AS forgotten_at, ",
            "r.opened_at, v.bare FROM recoveries r ",
            "LEFT JOIN customers c ON c.business_id = r.business_id AND c.id = r.customer_id ",
            "JOIN breaks b ON b.business_id = r.business_id AND b.id = r.break_id ",
            "JOIN guarantee_versions v ON v.business_id = r.business_id AND v.id = b.version_id ",
            "WHERE r.id IN (", $ids, ")"
        );
        let rows = fetch!($conn.again(), fetch_all as LoadedRow, sql, $business $(, $bind)*)?;
        let sql = concat!(
            "SELECT id, recovery_id, bare, at, by FROM recovery_steps WHERE business_id = $1 AND recovery_id IN (",
            $ids, ") ORDER BY number"
        );
        let steps = fetch!($conn.again(), fetch_all as StepRow, sql, $business $(, $bind)*)?;
        let sql = concat!(
            "SELECT t.owner_id, t.field, t.body FROM texts t JOIN recovery_steps s ON s.id = t.owner_id ",
            "WHERE t.business_id = $1 AND s.business_id = $1 AND s.recovery_id IN (", $ids, ")"
        );
        let texts = fetch!($conn, fetch_all as TextRow, sql, $business $(, $bind)*)?;
        together(rows, steps, texts)
    }};
}

/// A recovery of the work's business.
pub(crate) async fn load(work: &mut Work<'_>, id: RecoveryId) -> Result<Option<Loaded>, Error> {
    let business = work.business.0;
    load_from(work.conn(), business, id).await
}

pub(crate) async fn load_from(mut conn: Conn<'_>, business: Uuid, id: RecoveryId) -> Result<Option<Loaded>, Error> {
    Ok(loaded!(conn, one!(), business, id.0)?.remove(&id))
}

pub(super) async fn load_open(mut conn: Conn<'_>, business: Uuid) -> Result<BTreeMap<RecoveryId, Loaded>, Error> {
    loaded!(conn, open!(), business)
}

pub(super) async fn load_closed(mut conn: Conn<'_>, business: Uuid) -> Result<BTreeMap<RecoveryId, Loaded>, Error> {
    loaded!(conn, closed!(), business)
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
