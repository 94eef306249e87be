//! One recovery with all its details, for members.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::guarantee::Wording;
use domain::ids::{BusinessId, CheckId, CustomerId, PersonId, RecoveryId};
use domain::recovery::{Deadline, Recovery, Step, Tier, TierInputs};
use domain::role::Permission;
use domain::verdict::Verdict;
use sqlx::FromRow;
use uuid::Uuid;

use super::list::{ListRow, RecoveryRow, list, listed_row, wording};
use super::trust_by_record::kept_in_a_row;
use crate::Store;
use crate::business_info::load_business;
use crate::customer_identity::with_same_identity;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::recovery_rows::{load_from, recovery_by_id, recovery_ids};
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::texts;
use crate::verdict_sql::{is_break_corrected, last_correction, last_correction_why};

/// The customer of a recovery, as far as the reader may know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerView {
    /// Personal data.
    Named {
        name: String,
        contact: Option<String>,
        /// Other recoveries of the same person, with the names they left there, the latest first.
        others: Vec<OtherRecovery>,
    },
    /// The reader's role must not know.
    Withheld,
    Erased,
}

/// Another recovery of the same person.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OtherRecovery {
    #[sqlx(try_from = "Uuid")]
    pub recovery: RecoveryId,
    pub number: i64,
    pub name: String,
    pub contact: Option<String>,
}

/// A step, with the name of its author, for members.
#[derive(Clone, Debug)]
pub struct StepLine {
    pub at: DateTime<Utc>,
    pub by: Option<String>,
    pub step: Step,
}

/// A recovery with all its details.
#[derive(Clone, Debug)]
pub struct RecoveryDetail {
    pub row: RecoveryRow,
    pub check: CheckId,
    /// What its check was corrected to since, and why.
    pub corrected: Option<(Verdict, String)>,
    pub recovery: Recovery,
    pub wording: Wording,
    pub version: i64,
    pub note: Option<String>,
    pub customer: Option<CustomerView>,
    pub tier: Option<Tier>,
    pub deadlines: Vec<Deadline>,
    pub steps: Vec<StepLine>,
    /// The number of kept checks in a row since the remedy, while the recovery waits for them; at most as many as it
    /// needs.
    pub kept_in_a_row: Option<u32>,
}

/// A recovery, as its customer may read it.
pub(crate) struct RecoveryReport {
    pub number: i64,
    pub site: String,
    pub place: String,
    pub recovery: Recovery,
    pub wording: Wording,
    pub note: Option<String>,
}

/// How far back similar breaks count.
const SIMILAR_WITHIN: TimeDelta = TimeDelta::days(30);

impl Store {
    /// A recovery. `None` if there is none, or the actor has no access to its site.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn recovery(&self, actor: &Actor, id: RecoveryId) -> Result<Option<RecoveryDetail>, Error> {
        actor.require(Permission::ViewInternal)?;
        let mut handle = self.db.snapshot(actor.business).await?;
        let info = load_business(handle.conn(), actor.business).await?;
        let (sql, business, filter) = (list!(recovery_by_id!(), "r.id"), actor.business.0, SiteFilter::of(actor));
        let Some(row) =
            fetch!(handle.conn(), fetch_optional as ListRow, sql, business, filter.all, filter.holder, id.0)?
        else {
            return Ok(None);
        };
        let Some(loaded) = load_from(handle.conn(), business, filter, id).await? else {
            return Ok(None);
        };
        let wording = wording(handle.conn(), actor.business, &row, &mut HashMap::new()).await?;
        let recovery = loaded.recovery;
        let deadlines = recovery.deadlines(&info.business.hours, &info.zone);
        let next_deadline = recovery.next_deadline(&info.business.hours, &info.zone);
        let customer = match loaded.customer {
            Some(customer) => customer_seen(handle.conn(), actor, customer, id).await?,
            None => None,
        };
        let kept_in_a_row = match recovery.watched_since().filter(|_| recovery.trust_outcome().is_none()) {
            Some(since) => {
                let promise = (loaded.guarantee, loaded.place);
                Some(
                    kept_in_a_row(handle.conn(), business, promise, since, recovery.terms.kept_checks_for_trust)
                        .await?,
                )
            }
            None => None,
        };
        Ok(Some(RecoveryDetail {
            check: CheckId(row.check_id),
            corrected: corrected_since(handle.conn(), business, row.break_id, row.check_id).await?,
            tier: tier(handle.conn(), actor, &row, &recovery).await?,
            steps: lines(handle.conn(), actor, &recovery).await?,
            row: listed_row(&row, &wording, &recovery, next_deadline, self.now())?,
            recovery,
            wording,
            version: row.version,
            note: note(handle.conn(), actor.business, &row).await?,
            customer,
            deadlines,
            kept_in_a_row,
        }))
    }
}

/// A recovery, as its customer may read it. `None` if there is none, or the reader has no access to its site.
pub(crate) async fn recovery_report(
    mut conn: Conn<'_>,
    business: BusinessId,
    filter: SiteFilter,
    id: RecoveryId,
) -> Result<Option<RecoveryReport>, Error> {
    let (sql, everywhere, holder) = (list!(recovery_by_id!(), "r.id"), filter.all, filter.holder);
    let row = fetch!(conn.reborrow(), fetch_optional as ListRow, sql, business.0, everywhere, holder, id.0)?;
    let Some(row) = row else { return Ok(None) };
    let Some(loaded) = load_from(conn.reborrow(), business.0, filter, id).await? else { return Ok(None) };
    let wording = wording(conn.reborrow(), business, &row, &mut HashMap::new()).await?;
    let note = note(conn, business, &row).await?;
    let ListRow { number, site, place, .. } = row;
    Ok(Some(RecoveryReport { number, site, place, recovery: loaded.recovery, wording, note }))
}

/// What the check of a break says since it was corrected, and why. `None` if it still says that the promise was broken.
async fn corrected_since(
    conn: Conn<'_>,
    business: Uuid,
    broken: Uuid,
    check: Uuid,
) -> Result<Option<(Verdict, String)>, Error> {
    let sql = concat!(
        "SELECT ",
        last_correction!("$1", "$2"),
        ", ",
        last_correction_why!("$1", "$2"),
        " WHERE ",
        is_break_corrected!("$1", "$3", "$2")
    );
    let row = fetch!(conn, fetch_optional as (Option<String>, Option<String>), sql, business, check, broken)?;
    let Some((Some(verdict), why)) = row else { return Ok(None) };
    let verdict = StoredRow("corrections", check).read("verdict", Verdict::parse(&verdict))?;
    Ok(Some((verdict, why.unwrap_or_default())))
}

/// The note of the check, or of the correction that opened the break.
async fn note(mut conn: Conn<'_>, business: BusinessId, row: &ListRow) -> Result<Option<String>, Error> {
    let sql = "SELECT id FROM corrections WHERE business_id = $1 AND check_id = $2 AND break_id = $3";
    let correction = fetch!(conn.reborrow(), fetch_optional as (Uuid,), sql, business.0, row.check_id, row.break_id)?;
    let owner = correction.map_or(row.check_id, |(id,)| id);
    let texts = texts::load(conn, business, owner).await?;
    Ok(texts.into_iter().find(|(field, _)| field == "note").map(|(_, text)| text))
}

async fn customer_seen(
    mut conn: Conn<'_>,
    actor: &Actor,
    id: CustomerId,
    recovery: RecoveryId,
) -> Result<Option<CustomerView>, Error> {
    let sql = "SELECT name, contact, erased_at IS NOT NULL FROM customers WHERE business_id = $1 AND id = $2";
    let row = fetch!(conn.reborrow(), fetch_optional as (String, Option<String>, bool), sql, actor.business.0, id.0)?;
    Ok(match row {
        None => None,
        Some((.., true)) => Some(CustomerView::Erased),
        Some(_) if !actor.may(Permission::HandleRecoveries) => Some(CustomerView::Withheld),
        Some((name, contact, false)) => {
            let others = others(conn, actor, id, recovery).await?;
            Some(CustomerView::Named { name, contact, others })
        }
    })
}

/// The latest other recoveries of the same person that the actor has access to.
async fn others(
    mut conn: Conn<'_>,
    actor: &Actor,
    id: CustomerId,
    recovery: RecoveryId,
) -> Result<Vec<OtherRecovery>, Error> {
    let (business, filter) = (actor.business.0, SiteFilter::of(actor));
    let sql = concat!(
        "SELECT r.id AS recovery, r.number, c.name, c.contact FROM recoveries r \
            JOIN customers c ON c.business_id = $1 AND c.id = r.customer_id \
            JOIN breaks b ON b.business_id = $1 AND b.id = r.break_id \
            WHERE r.business_id = $1 AND r.customer_id = $4 AND r.id <> $5 AND ",
        in_sites!("$2", "$3", place "b.place_id"),
        " ORDER BY r.opened_at DESC, r.number DESC LIMIT 20"
    );
    let mut others = Vec::new();
    for CustomerId(same) in with_same_identity(conn.reborrow(), business, id).await? {
        let (everywhere, holder) = (filter.all, filter.holder);
        others.extend(fetch!(
            conn.reborrow(),
            fetch_all as OtherRecovery,
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

/// The tier, once it is recorded what happened.
async fn tier(mut conn: Conn<'_>, actor: &Actor, row: &ListRow, recovery: &Recovery) -> Result<Option<Tier>, Error> {
    let understood = recovery.steps.iter().rev().find_map(|taken| match &taken.step {
        Step::Understood(understanding) => Some(understanding),
        _ => None,
    });
    let Some(understood) = understood else { return Ok(None) };
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM breaks WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3 \
        AND known_at < $4 AND known_at > $5 AND recovery_id <> $6";
    let (business, opened, lately) = (actor.business.0, row.opened_at, row.opened_at - SIMILAR_WITHIN);
    let similar = fetch!(
        conn.reborrow(),
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
        for CustomerId(same) in with_same_identity(conn.reborrow(), business, CustomerId(customer)).await? {
            repeated |= fetch!(conn.reborrow(), fetch_optional as (i32,), sql, business, same, opened)?.is_some();
        }
    }
    Ok(Some(Tier::of(TierInputs {
        severity: understood.severity,
        repeated,
        similar: u32::try_from(similar.0).unwrap_or(u32::MAX),
        preventable: understood.preventable,
    })))
}

async fn lines(conn: Conn<'_>, actor: &Actor, recovery: &Recovery) -> Result<Vec<StepLine>, Error> {
    let sql = "SELECT p.id, p.name FROM members m JOIN people p ON p.id = m.person_id WHERE m.business_id = $1";
    let people: HashMap<_, _> = fetch!(conn, fetch_all as (Uuid, String), sql, actor.business.0)?.into_iter().collect();
    let name = |author: Principal| match author {
        Principal::Person(PersonId(id)) => people.get(&id).cloned(),
        _ => None,
    };
    let line =
        |taken: &domain::recovery::TakenStep| StepLine { at: taken.at, by: name(taken.by), step: taken.step.clone() };
    Ok(recovery.steps.iter().map(line).collect())
}
