//! Totals over the public breaks of a guarantee. They are updated with each change, so that pages need not count
//! breaks.

use domain::breaks::FoundBy;
use domain::ids::{BusinessId, GuaranteeId};
use domain::recovery::{Outcome, Recovery};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, execute, fetch};
use crate::error::Error;
use crate::unit_of_work::UnitOfWork;

/// The totals of a guarantee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BreakTotals {
    pub breaks: u64,
    pub found_by_staff: u64,
    pub late: u64,
    pub restored: u64,
    pub restored_by_record: u64,
    pub partly: u64,
    pub not_restored: u64,
    pub no_answer: u64,
}

impl BreakTotals {
    #[must_use]
    pub fn closed(&self) -> u64 {
        self.restored + self.restored_by_record + self.partly + self.not_restored + self.no_answer
    }
}

/// The stored counts, or a change of them. A change can be negative: a reopened recovery takes its outcome back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub(crate) struct BreakCounts {
    pub breaks: i64,
    pub found_by_staff: i64,
    pub late: i64,
    pub corrections: i64,
    pub restored: i64,
    pub restored_by_record: i64,
    pub partly: i64,
    pub not_restored: i64,
    pub no_answer: i64,
}

impl BreakCounts {
    pub fn opened(found_by: FoundBy) -> Self {
        Self { breaks: 1, found_by_staff: i64::from(found_by == FoundBy::Staff), ..Self::default() }
    }

    /// The change that a step makes.
    pub fn between(before: &Recovery, after: &Recovery) -> Self {
        let mut totals = Self { late: i64::from(after.was_late()) - i64::from(before.was_late()), ..Self::default() };
        let outcomes = [(before.stage().outcome(), -1), (after.stage().outcome(), 1)];
        for (outcome, sign) in outcomes.into_iter().filter_map(|(outcome, sign)| Some((outcome?, sign))) {
            *match outcome {
                Outcome::Restored => &mut totals.restored,
                Outcome::RestoredByRecord => &mut totals.restored_by_record,
                Outcome::Partly => &mut totals.partly,
                Outcome::NotRestored => &mut totals.not_restored,
                Outcome::NoAnswer => &mut totals.no_answer,
            } += sign;
        }
        totals
    }
}

impl From<BreakCounts> for BreakTotals {
    fn from(totals: BreakCounts) -> Self {
        Self {
            breaks: count(totals.breaks),
            found_by_staff: count(totals.found_by_staff),
            late: count(totals.late),
            restored: count(totals.restored),
            restored_by_record: count(totals.restored_by_record),
            partly: count(totals.partly),
            not_restored: count(totals.not_restored),
            no_answer: count(totals.no_answer),
        }
    }
}

pub(crate) async fn add(work: &mut UnitOfWork<'_>, guarantee: GuaranteeId, change: BreakCounts) -> Result<(), Error> {
    let sql = "INSERT INTO break_totals (guarantee_id, business_id, breaks, found_by_staff, late, corrections, restored, \
        restored_by_record, partly, not_restored, no_answer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
        ON CONFLICT (guarantee_id) DO UPDATE SET breaks = break_totals.breaks + excluded.breaks, \
        found_by_staff = break_totals.found_by_staff + excluded.found_by_staff, \
        late = break_totals.late + excluded.late, corrections = break_totals.corrections + excluded.corrections, \
        restored = break_totals.restored + excluded.restored, \
        restored_by_record = break_totals.restored_by_record + excluded.restored_by_record, \
        partly = break_totals.partly + excluded.partly, \
        not_restored = break_totals.not_restored + excluded.not_restored, \
        no_answer = break_totals.no_answer + excluded.no_answer";
    let business = work.business.0;
    execute!(
        work.conn(),
        sql,
        guarantee.0,
        business,
        change.breaks,
        change.found_by_staff,
        change.late,
        change.corrections,
        change.restored,
        change.restored_by_record,
        change.partly,
        change.not_restored,
        change.no_answer,
    )?;
    Ok(())
}

impl Store {
    /// How many breaks of the public guarantees of a business were found by staff, and how many breaks there are.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn found_by_staff(&self, business: BusinessId) -> Result<(u64, u64), Error> {
        let mut handle = self.db.read(business).await?;
        let sql = "SELECT CAST(COALESCE(SUM(t.found_by_staff), 0) AS BIGINT), CAST(COALESCE(SUM(t.breaks), 0) AS BIGINT) \
            FROM guarantees g JOIN break_totals t ON t.business_id = $1 AND t.guarantee_id = g.id \
            WHERE g.business_id = $1 AND g.public";
        let (by_staff, all) = fetch!(handle.conn(), fetch_one as (i64, i64), sql, business.0)?;
        Ok((count(by_staff), count(all)))
    }
}

pub(crate) async fn totals(conn: Conn<'_>, business: Uuid, guarantee: GuaranteeId) -> Result<BreakCounts, Error> {
    let sql = "SELECT breaks, found_by_staff, late, corrections, restored, restored_by_record, partly, not_restored, \
        no_answer FROM break_totals WHERE business_id = $1 AND guarantee_id = $2";
    Ok(fetch!(conn, fetch_optional as BreakCounts, sql, business, guarantee.0)?.unwrap_or_default())
}

fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
