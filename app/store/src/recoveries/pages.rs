//! Recoveries as people read them: the list, and one with everything in it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor, Who};
use domain::check::Reason;
use domain::guarantee::Wording;
use domain::ids::{CheckId, CustomerId, PersonId, RecoveryId};
use domain::recovery::{Circumstances, Clock, Recovery, Stage, Step, Tier};
use sqlx::FromRow;
use uuid::Uuid;

use super::load_from;
use super::proof::kept_in_a_row;
use crate::Store;
use crate::businesses::home;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::texts;

/// A recovery in a list.
#[derive(Clone, Debug)]
pub struct RecoveryRow {
    pub id: RecoveryId,
    pub number: i64,
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

/// Who was failed. Personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    pub name: String,
    pub contact: Option<String>,
}

/// One step with the name of who took it, for those inside.
#[derive(Clone, Debug)]
pub struct StepLine {
    pub at: DateTime<Utc>,
    pub by: Option<String>,
    pub step: Step,
}

/// One recovery with everything known about it.
#[derive(Clone, Debug)]
pub struct RecoveryPage {
    pub row: RecoveryRow,
    pub check: CheckId,
    pub recovery: Recovery,
    pub wording: Wording,
    pub version: i64,
    pub note: Option<String>,
    pub customer: Option<CustomerRow>,
    pub tier: Option<Tier>,
    pub clocks: Vec<Clock>,
    pub steps: Vec<StepLine>,
    /// Kept checks in a row since the remedy, while the record is watched; counted no further than is needed.
    pub kept_in_a_row: Option<u32>,
}

#[derive(FromRow)]
struct ListRow {
    id: Uuid,
    break_id: Uuid,
    number: i64,
    guarantee_id: Uuid,
    version_id: Uuid,
    version: i64,
    bare: String,
    place_id: Uuid,
    check_id: Uuid,
    customer_id: Option<Uuid>,
    reason: String,
    site: String,
    place: String,
    opened_at: DateTime<Utc>,
    stage: String,
    outcome: Option<String>,
}

/// Recoveries with their break, wording and place, and which of them.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT r.id, r.break_id, r.number, b.guarantee_id, b.version_id, v.number AS version, v.bare, b.place_id, b.check_id, ",
            "r.customer_id, b.reason, s.name AS site, p.name AS place, r.opened_at, r.stage, r.outcome FROM recoveries r ",
            "JOIN breaks b ON b.id = r.break_id JOIN guarantee_versions v ON v.id = b.version_id ",
            "JOIN places p ON p.id = b.place_id JOIN sites s ON s.id = p.site_id WHERE r.business_id = $1 AND ",
            $which
        )
    };
}

/// How far back a similar break, or a failed customer, still weighs.
const LATELY: TimeDelta = TimeDelta::days(30);

impl Store {
    /// The recoveries that are not closed: who waits longest first, by the clock that presses most.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn open_recoveries(&self, actor: &Actor) -> Result<Vec<RecoveryRow>, Error> {
        let mut rows = self.list(actor, list!("r.stage <> 'closed' ORDER BY r.opened_at")).await?;
        rows.sort_by_key(|row| {
            (row.pressing.is_none_or(|clock| clock.due.is_none()), row.pressing.and_then(|clock| clock.due))
        });
        Ok(rows)
    }

    /// The recoveries closed last.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn closed_recoveries(&self, actor: &Actor) -> Result<Vec<RecoveryRow>, Error> {
        self.list(actor, list!("r.stage = 'closed' ORDER BY r.closed_at DESC LIMIT 50")).await
    }

    async fn list(&self, actor: &Actor, sql: &'static str) -> Result<Vec<RecoveryRow>, Error> {
        actor.permit(Act::Read)?;
        let mut held = self.db.read().await?;
        let home = home(held.conn(), actor.business).await?;
        let rows = fetch!(held.conn(), fetch_all as ListRow, sql, actor.business.0)?;
        let mut wordings = HashMap::new();
        let mut listed = Vec::with_capacity(rows.len());
        for row in rows {
            let wording = wording(held.conn(), actor, &row, &mut wordings).await?;
            let loaded = load_from(held.conn(), actor.business.0, RecoveryId(row.id)).await?;
            let recovery = loaded.ok_or_else(|| Error::Unreadable("a recovery is gone".to_owned()))?.recovery;
            let pressing = recovery.pressing(&home.business.hours, &home.zone);
            listed.push(listed_row(&row, &wording, &recovery, pressing)?);
        }
        Ok(listed)
    }

    /// One recovery; None if there is none of this id.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn recovery(&self, actor: &Actor, id: RecoveryId) -> Result<Option<RecoveryPage>, Error> {
        actor.permit(Act::Read)?;
        let mut held = self.db.read().await?;
        let home = home(held.conn(), actor.business).await?;
        let Some(row) = fetch!(held.conn(), fetch_optional as ListRow, list!("r.id = $2"), actor.business.0, id.0)?
        else {
            return Ok(None);
        };
        let Some(loaded) = load_from(held.conn(), actor.business.0, id).await? else {
            return Ok(None);
        };
        let wording = wording(held.conn(), actor, &row, &mut HashMap::new()).await?;
        let recovery = loaded.recovery;
        let clocks = recovery.clocks(&home.business.hours, &home.zone);
        let pressing = recovery.pressing(&home.business.hours, &home.zone);
        let customer = match loaded.customer {
            Some(customer) => customer_row(held.conn(), actor, customer).await?,
            None => None,
        };
        let kept_in_a_row = match recovery.watched_since().filter(|_| recovery.verdict_on_trust().is_none()) {
            Some(since) => {
                let (guarantee, place, needed) = (loaded.guarantee, loaded.place, recovery.terms.proof);
                Some(kept_in_a_row(held.conn(), guarantee, place, since, needed).await?)
            }
            None => None,
        };
        Ok(Some(RecoveryPage {
            check: CheckId(row.check_id),
            tier: tier(held.conn(), actor, &row, &recovery).await?,
            steps: lines(held.conn(), actor, &recovery).await?,
            row: listed_row(&row, &wording, &recovery, pressing)?,
            recovery,
            wording,
            version: row.version,
            note: note(held.conn(), actor, &row).await?,
            customer,
            clocks,
            kept_in_a_row,
        }))
    }
}

fn listed_row(
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
async fn wording(
    conn: Conn<'_>,
    actor: &Actor,
    row: &ListRow,
    read: &mut HashMap<Uuid, Wording>,
) -> Result<Wording, Error> {
    if let Some(wording) = read.get(&row.version_id) {
        return Ok(wording.clone());
    }
    let wording: Wording = texts::whole(&row.bare, texts::of(conn, actor.business, row.version_id).await?)?;
    read.insert(row.version_id, wording.clone());
    Ok(wording)
}

/// What was noted when it was found: with the check, or with the correction that found it.
async fn note(mut conn: Conn<'_>, actor: &Actor, row: &ListRow) -> Result<Option<String>, Error> {
    let sql = "SELECT id FROM corrections WHERE check_id = $1 AND break_id = $2";
    let correction = fetch!(conn.again(), fetch_optional as (Uuid,), sql, row.check_id, row.break_id)?;
    let owner = correction.map_or(row.check_id, |(id,)| id);
    let texts = texts::of(conn, actor.business, owner).await?;
    Ok(texts.into_iter().find(|(field, _)| field == "note").map(|(_, text)| text))
}

async fn customer_row(conn: Conn<'_>, actor: &Actor, id: CustomerId) -> Result<Option<CustomerRow>, Error> {
    let sql = "SELECT name, contact FROM customers WHERE business_id = $1 AND id = $2";
    let row = fetch!(conn, fetch_optional as (String, Option<String>), sql, actor.business.0, id.0)?;
    Ok(row.map(|(name, contact)| CustomerRow { name, contact }))
}

/// The tier, once it is understood what happened.
async fn tier(mut conn: Conn<'_>, actor: &Actor, row: &ListRow, recovery: &Recovery) -> Result<Option<Tier>, Error> {
    let understood = recovery.steps.iter().rev().find_map(|taken| match &taken.step {
        Step::Understood(understanding) => Some(understanding),
        _ => None,
    });
    let Some(understood) = understood else { return Ok(None) };
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM breaks WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3 \
        AND known_at < $4 AND known_at > $5 AND recovery_id <> $6";
    let (business, opened, lately) = (actor.business.0, row.opened_at, row.opened_at - LATELY);
    let similar = fetch!(
        conn.again(),
        fetch_one as (i64,),
        sql,
        business,
        row.guarantee_id,
        row.place_id,
        opened,
        lately,
        row.id
    )?;
    let sql = "SELECT 1 FROM recoveries WHERE business_id = $1 AND customer_id = $2 AND opened_at < $3 LIMIT 1";
    let repeated = match row.customer_id {
        Some(customer) => fetch!(conn, fetch_optional as (i32,), sql, business, customer, opened)?.is_some(),
        None => false,
    };
    Ok(Some(Tier::of(Circumstances {
        severity: understood.severity,
        repeated,
        similar: u32::try_from(similar.0).unwrap_or(u32::MAX),
        preventable: understood.preventable,
    })))
}

async fn lines(conn: Conn<'_>, actor: &Actor, recovery: &Recovery) -> Result<Vec<StepLine>, Error> {
    let sql = "SELECT p.id, p.name FROM members m JOIN people p ON p.id = m.person_id WHERE m.business_id = $1";
    let people: HashMap<_, _> = fetch!(conn, fetch_all as (Uuid, String), sql, actor.business.0)?.into_iter().collect();
    let name = |hand: Who| match hand {
        Who::Person(PersonId(id)) => people.get(&id).cloned(),
        _ => None,
    };
    let line =
        |taken: &domain::recovery::Taken| StepLine { at: taken.at, by: name(taken.by), step: taken.step.clone() };
    Ok(recovery.steps.iter().map(line).collect())
}
