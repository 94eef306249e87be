//! The daily tallies, from which all rates are computed. Pages never count checks.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::ids::{BusinessId, GuaranteeId};
use domain::measure::Tally;

use crate::clock_and_random::ClockAndRandom;
use crate::db::{Conn, ROWS_PER_STATEMENT, execute, execute_rows};
use crate::error::Error;

/// The tally that a check counts in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TallyKey {
    pub guarantee: GuaranteeId,
    pub public: bool,
    pub day: NaiveDate,
}

/// The changes of tallies in a unit of work.
#[derive(Default)]
pub(crate) struct Tallies(BTreeMap<TallyKey, [i64; 6]>);

impl Tallies {
    /// Adds to a tally, and takes away what a correction replaced.
    pub fn add(&mut self, counted: TallyKey, add: &Tally, take: &Tally) {
        let row = self.0.entry(counted).or_default();
        for (count, (add, take)) in row.iter_mut().zip(signed(add).into_iter().zip(signed(take))) {
            *count += add - take;
        }
    }
}

/// Writes the changes of each business, all in one statement.
pub(crate) async fn write(
    mut conn: Conn<'_>,
    changes: &[(BusinessId, &Tallies)],
    source: &dyn ClockAndRandom,
) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO tallies (business_id, guarantee_id, public, day, kept, broken, not_applicable, due_kept, \
        due_broken, missed, change_id)";
    const ADD: &str = "ON CONFLICT (guarantee_id, public, day) DO UPDATE SET kept = tallies.kept + excluded.kept, \
        broken = tallies.broken + excluded.broken, not_applicable = tallies.not_applicable + excluded.not_applicable, \
        due_kept = tallies.due_kept + excluded.due_kept, due_broken = tallies.due_broken + excluded.due_broken, \
        missed = tallies.missed + excluded.missed, change_id = excluded.change_id";
    let mut rows = Vec::new();
    for (business, tallies) in changes {
        rows.extend(tallies.0.iter().map(|(key, counts)| (*business, key, counts)));
    }
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        execute_rows!(
            conn.reborrow(),
            INSERT,
            ADD,
            rows,
            |row| row.0.0,
            row.1.guarantee.0,
            row.1.public,
            row.1.day,
            row.2[0],
            row.2[1],
            row.2[2],
            row.2[3],
            row.2[4],
            row.2[5],
            change_id(source)
        )?;
    }
    Ok(())
}

/// Gives imported tallies new change ids. A cache may have an earlier copy of the business.
pub(crate) async fn renew_change_ids(
    conn: Conn<'_>,
    business: BusinessId,
    source: &dyn ClockAndRandom,
) -> Result<(), Error> {
    let sql = "UPDATE tallies SET change_id = $2 WHERE business_id = $1 \
        AND guarantee_id IN (SELECT id FROM guarantees WHERE business_id = $1)";
    execute!(conn, sql, business.0, change_id(source))?;
    Ok(())
}

/// A random number: the sum over some tallies differs after each change. It is small enough for a sum over centuries.
fn change_id(source: &dyn ClockAndRandom) -> i64 {
    let mut number = [0; 8];
    number[..5].copy_from_slice(&source.bytes()[..5]);
    i64::from_le_bytes(number)
}

fn signed(tally: &Tally) -> [i64; 6] {
    let Tally { kept, broken, not_applicable, due_kept, due_broken, missed } = *tally;
    [kept, broken, not_applicable, due_kept, due_broken, missed].map(|count| i64::try_from(count).unwrap_or(i64::MAX))
}
