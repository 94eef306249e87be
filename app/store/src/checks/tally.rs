//! The daily tallies, from which every rate is made: a page never counts checks.

use chrono::NaiveDate;
use domain::ids::GuaranteeId;
use domain::measure::Tally;

use crate::db::run;
use crate::error::Error;
use crate::work::Work;

/// The row that a check is counted in.
#[derive(Clone, Copy)]
pub(super) struct Counted {
    pub guarantee: GuaranteeId,
    pub public: bool,
    pub day: NaiveDate,
}

/// Counts into the day, and out of it what a correction put aside.
pub(super) async fn count(work: &mut Work<'_>, row: Counted, add: &Tally, take: &Tally) -> Result<(), Error> {
    let sql = "INSERT INTO tallies (business_id, guarantee_id, public, day, kept, broken, not_applicable, due_kept, \
        due_broken, missed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
        ON CONFLICT (guarantee_id, public, day) DO UPDATE SET kept = tallies.kept + excluded.kept, \
        broken = tallies.broken + excluded.broken, not_applicable = tallies.not_applicable + excluded.not_applicable, \
        due_kept = tallies.due_kept + excluded.due_kept, due_broken = tallies.due_broken + excluded.due_broken, \
        missed = tallies.missed + excluded.missed";
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let by = |of: fn(&Tally) -> u64| signed(of(add)) - signed(of(take));
    let business = work.business.0;
    run!(
        work.conn(),
        sql,
        business,
        row.guarantee.0,
        row.public,
        row.day,
        by(|tally| tally.kept),
        by(|tally| tally.broken),
        by(|tally| tally.not_applicable),
        by(|tally| tally.due_kept),
        by(|tally| tally.due_broken),
        by(|tally| tally.missed),
    )?;
    Ok(())
}
