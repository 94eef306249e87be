//! One recovery with everything in it, for those inside.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor, Who};
use domain::guarantee::Wording;
use domain::ids::{BusinessId, CheckId, CustomerId, PersonId, RecoveryId};
use domain::recovery::{Circumstances, Clock, Recovery, Step, Tier};
use sqlx::FromRow;
use uuid::Uuid;

use super::list::{ListRow, RecoveryRow, list, listed_row, wording};
use super::load::{ids, one};
use super::load_from;
use super::proof::kept_in_a_row;
use crate::Store;
use crate::businesses::home;
use crate::customers::same_person;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::reaches::{Reached, within};
use crate::texts;

/// Who was failed, as far as whoever asks may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Customer {
    /// Personal data.
    Named {
        name: String,
        contact: Option<String>,
        /// The other recoveries of the same person, with what they were called there; the latest first.
        others: Vec<SamePerson>,
    },
    /// Not for this role to know.
    Withheld,
    Forgotten,
}

/// Another recovery of one person.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SamePerson {
    #[sqlx(try_from = "Uuid")]
    pub recovery: RecoveryId,
    pub number: i64,
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
    pub customer: Option<Customer>,
    pub tier: Option<Tier>,
    pub clocks: Vec<Clock>,
    pub steps: Vec<StepLine>,
    /// Kept checks in a row since the remedy, while the record is watched; counted no further than is needed.
    pub kept_in_a_row: Option<u32>,
}

/// One recovery with what is told of it to the customer.
pub(crate) struct Handed {
    pub row: RecoveryRow,
    pub recovery: Recovery,
    pub wording: Wording,
    pub note: Option<String>,
}

/// How far back a similar break, or a failed customer, still weighs.
const LATELY: TimeDelta = TimeDelta::days(30);

impl Store {
    /// One recovery; None if there is none of this id within reach.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn recovery(&self, actor: &Actor, id: RecoveryId) -> Result<Option<RecoveryPage>, Error> {
        actor.permit(Act::Read)?;
        let mut held = self.db.snapshot(actor.business).await?;
        let home = home(held.conn(), actor.business).await?;
        let (sql, business, by) = (list!(one!(), "r.id"), actor.business.0, Reached::by(actor));
        let Some(row) = fetch!(held.conn(), fetch_optional as ListRow, sql, business, by.everywhere, by.holder, id.0)?
        else {
            return Ok(None);
        };
        let Some(loaded) = load_from(held.conn(), business, by, id).await? else {
            return Ok(None);
        };
        let wording = wording(held.conn(), actor.business, &row, &mut HashMap::new()).await?;
        let recovery = loaded.recovery;
        let clocks = recovery.clocks(&home.business.hours, &home.zone);
        let pressing = recovery.pressing(&home.business.hours, &home.zone);
        let customer = match loaded.customer {
            Some(customer) => customer_seen(held.conn(), actor, customer, id).await?,
            None => None,
        };
        let kept_in_a_row = match recovery.watched_since().filter(|_| recovery.verdict_on_trust().is_none()) {
            Some(since) => {
                let promise = (loaded.guarantee, loaded.place);
                Some(kept_in_a_row(held.conn(), business, promise, since, recovery.terms.proof).await?)
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
            note: note(held.conn(), actor.business, &row).await?,
            customer,
            clocks,
            kept_in_a_row,
        }))
    }
}

/// One recovery as it went; None if there is none of this id within reach.
pub(crate) async fn handed(
    mut conn: Conn<'_>,
    business: BusinessId,
    by: Reached,
    id: RecoveryId,
) -> Result<Option<Handed>, Error> {
    let (sql, everywhere, holder) = (list!(one!(), "r.id"), by.everywhere, by.holder);
    let row = fetch!(conn.again(), fetch_optional as ListRow, sql, business.0, everywhere, holder, id.0)?;
    let Some(row) = row else { return Ok(None) };
    let Some(loaded) = load_from(conn.again(), business.0, by, id).await? else { return Ok(None) };
    let wording = wording(conn.again(), business, &row, &mut HashMap::new()).await?;
    let note = note(conn, business, &row).await?;
    let recovery = loaded.recovery;
    Ok(Some(Handed { row: listed_row(&row, &wording, &recovery, None)?, recovery, wording, note }))
}

/// What was noted when it was found: with the check, or with the correction that found it.
async fn note(mut conn: Conn<'_>, business: BusinessId, row: &ListRow) -> Result<Option<String>, Error> {
    let sql = "SELECT id FROM corrections WHERE business_id = $1 AND check_id = $2 AND break_id = $3";
    let correction = fetch!(conn.again(), fetch_optional as (Uuid,), sql, business.0, row.check_id, row.break_id)?;
    let owner = correction.map_or(row.check_id, |(id,)| id);
    let texts = texts::of(conn, business, owner).await?;
    Ok(texts.into_iter().find(|(field, _)| field == "note").map(|(_, text)| text))
}

async fn customer_seen(
    mut conn: Conn<'_>,
    actor: &Actor,
    id: CustomerId,
    recovery: RecoveryId,
) -> Result<Option<Customer>, Error> {
    let sql = "SELECT name, contact, erased_at IS NOT NULL FROM customers WHERE business_id = $1 AND id = $2";
    let row = fetch!(conn.again(), fetch_optional as (String, Option<String>, bool), sql, actor.business.0, id.0)?;
    Ok(match row {
        None => None,
        Some((.., true)) => Some(Customer::Forgotten),
        Some(_) if !actor.may(Act::Recover) => Some(Customer::Withheld),
        Some((name, contact, false)) => {
            let others = others(conn, actor, id, recovery).await?;
            Some(Customer::Named { name, contact, others })
        }
    })
}

/// The other recoveries of a person within reach: a page shows the latest of them.
async fn others(
    mut conn: Conn<'_>,
    actor: &Actor,
    id: CustomerId,
    recovery: RecoveryId,
) -> Result<Vec<SamePerson>, Error> {
    let (business, by) = (actor.business.0, Reached::by(actor));
    let sql = concat!(
        "SELECT r.id AS recovery, r.number, c.name, c.contact FROM recoveries r \
            JOIN customers c ON c.business_id = $1 AND c.id = r.customer_id \
            JOIN breaks b ON b.business_id = $1 AND b.id = r.break_id \
            WHERE r.business_id = $1 AND r.customer_id = $4 AND r.id <> $5 AND ",
        within!("$2", "$3", place "b.place_id"),
        " ORDER BY r.number DESC LIMIT 20"
    );
    let mut others = Vec::new();
    for CustomerId(same) in same_person(conn.again(), business, id).await? {
        let (everywhere, holder) = (by.everywhere, by.holder);
        others.extend(fetch!(
            conn.again(),
            fetch_all as SamePerson,
            sql,
            business,
            everywhere,
            holder,
            same,
            recovery.0
        )?);
    }
    others.sort_by_key(|other| std::cmp::Reverse(other.number));
    others.truncate(20);
    Ok(others)
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
    let mut repeated = false;
    if let Some(customer) = row.customer_id {
        for CustomerId(same) in same_person(conn.again(), business, CustomerId(customer)).await? {
            repeated |= fetch!(conn.again(), fetch_optional as (i32,), sql, business, same, opened)?.is_some();
        }
    }
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
