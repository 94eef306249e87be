//! Recoveries in a list: who waits, and what was closed.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor};
use domain::check::Reason;
use domain::guarantee::Wording;
use domain::ids::{BreakId, BusinessId, GuaranteeId, PlaceId, RecoveryId};
use domain::recovery::{Clock, Recovery, Stage};
use sqlx::FromRow;
use uuid::Uuid;

use super::load::{Loaded, closed, ids, load_closed, load_open, one, open};
use crate::Store;
use crate::businesses::home;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::reaches::{Reached, within};
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
    /// What was not kept: the criterion, where it was one.
    pub reason: Reason,
    pub criterion: Option<String>,
    pub site: String,
    pub place: String,
    pub opened_at: DateTime<Utc>,
    pub stage: Stage,
    /// The open clock that runs out first.
    pub pressing: Option<Clock>,
    pub late: bool,
}

/// A page of what is closed.
#[derive(Clone, Debug)]
pub struct ClosedRecoveries {
    pub rows: Vec<RecoveryRow>,
    /// The recovery before which the next page begins, if there is one.
    pub before: Option<RecoveryId>,
}

/// The most recoveries that one page holds.
const MOST: i64 = 200;

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

/// Recoveries with their break, wording and place: those whose ids are named, and in what order.
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
    /// The recoveries within reach that are not closed: who waits longest first, by the clock that presses most.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn open_recoveries(&self, actor: &Actor) -> Result<Vec<RecoveryRow>, Error> {
        actor.permit(Act::Read)?;
        let mut held = self.db.snapshot(actor.business).await?;
        let (business, by) = (actor.business.0, Reached::by(actor));
        let sql = list!(open!(), "r.opened_at");
        let rows = fetch!(held.conn(), fetch_all as ListRow, sql, business, by.everywhere, by.holder)?;
        let loaded = load_open(held.conn(), business, by).await?;
        let mut rows = listed(held.conn(), actor.business, rows, loaded).await?;
        rows.sort_by_key(|row| {
            (row.pressing.is_none_or(|clock| clock.due.is_none()), row.pressing.and_then(|clock| clock.due))
        });
        Ok(rows)
    }

    /// The recoveries within reach that are closed, the last first: those before one of an earlier page, or from now on back.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn closed_recoveries(
        &self,
        actor: &Actor,
        before: Option<RecoveryId>,
        most: i64,
    ) -> Result<ClosedRecoveries, Error> {
        actor.permit(Act::Read)?;
        let mut held = self.db.snapshot(actor.business).await?;
        let (business, by, most) = (actor.business.0, Reached::by(actor), most.clamp(1, MOST));
        let (everywhere, holder) = (by.everywhere, by.holder);
        let from = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(RecoveryId(id)) => {
                let from = fetch!(held.conn(), fetch_optional as Closed, CLOSED, business, everywhere, holder, id)?;
                let Some(from) = from else { return Ok(ClosedRecoveries { rows: Vec::new(), before: None }) };
                from
            }
        };
        let sql = list!(closed!(), "r.closed_at DESC, r.id DESC");
        let (at, id) = from;
        let rows = fetch!(held.conn(), fetch_all as ListRow, sql, business, everywhere, holder, at, id, most)?;
        let loaded = load_closed(held.conn(), business, by, from, most).await?;
        let rows = listed(held.conn(), actor.business, rows, loaded).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == most);
        Ok(ClosedRecoveries { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }
}

/// When a recovery was closed, and its id.
type Closed = (DateTime<Utc>, Uuid);

const CLOSED: &str = concat!(
    "SELECT closed_at, id FROM recoveries WHERE business_id = $1 AND id = $4 AND stage = 'closed' AND id IN (",
    one!(),
    ")"
);

async fn listed(
    mut conn: Conn<'_>,
    business: BusinessId,
    rows: Vec<ListRow>,
    mut loaded: BTreeMap<RecoveryId, Loaded>,
) -> Result<Vec<RecoveryRow>, Error> {
    let home = home(conn.again(), business).await?;
    let mut wordings = HashMap::new();
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        let wording = wording(conn.again(), business, &row, &mut wordings).await?;
        let loaded = loaded.remove(&RecoveryId(row.id));
        let recovery = loaded.ok_or_else(|| Error::Unreadable("a recovery is gone".to_owned()))?.recovery;
        let pressing = recovery.pressing(&home.business.hours, &home.zone);
        listed.push(listed_row(&row, &wording, &recovery, pressing)?);
    }
    Ok(listed)
}

pub(super) fn listed_row(
    row: &ListRow,
    wording: &Wording,
    recovery: &Recovery,
    pressing: Option<Clock>,
) -> Result<RecoveryRow, Error> {
    let reason = Reason::parse(&row.reason)?;
    let criterion = match reason {
        Reason::Criterion(position) => wording.criteria.get(position as usize).map(ToString::to_string),
        Reason::Safety | Reason::Other => None,
    };
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
        stage: Stage::parse(&row.stage, row.outcome.as_deref())?,
        pressing,
        late: recovery.was_late(),
    })
}

/// The wording that was broken, read once for each version.
pub(super) async fn wording(
    conn: Conn<'_>,
    business: BusinessId,
    row: &ListRow,
    read: &mut HashMap<Uuid, Wording>,
) -> Result<Wording, Error> {
    if let Some(wording) = read.get(&row.version_id) {
        return Ok(wording.clone());
    }
    let wording: Wording = texts::whole(&row.bare, texts::of(conn, business, row.version_id).await?)?;
    read.insert(row.version_id, wording.clone());
    Ok(wording)
}
