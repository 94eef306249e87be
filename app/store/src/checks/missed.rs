//! Missed checks: recorded once when their window is over. A check that was made in time and arrives late makes the
//! miss void.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::check::allow_check;
use domain::ids::{CheckId, GuaranteeId, PlaceId};
use domain::record::Hash;
use domain::role::Permission;
use domain::verdict::Verdict;
use domain::window::{Window, day_of};
use uuid::Uuid;

use super::promise::Promises;
use super::window_claims::WindowClaim;
use super::write::{Row, write};
use crate::Store;
use crate::closures::Closures;
use crate::db::{ROWS_PER_STATEMENT, fetch_rows};
use crate::error::Error;
use crate::schedule_progress::ScheduleProgress;
use crate::unit_of_work::UnitOfWork;
use crate::verdict_sql::current_verdict;

/// About how many windows one unit of work records before others get their turn: some tenths of a second.
const MAX_WINDOWS: usize = 5_000;

impl Store {
    /// Records every window that is over without a check, once each. Returns how many there were.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn record_missed(&self, actor: &Actor) -> Result<usize, Error> {
        actor.require(Permission::LogChecks)?;
        let mut written = 0;
        while self.has_due_windows(actor).await? {
            let mut work = self.unit_of_work(actor, Permission::LogChecks).await?;
            let mut due = ScheduleProgress::oldest_due(&mut work).await?;
            let mut windows = 0;
            let some = due.iter().take_while(|due| {
                let room = windows < MAX_WINDOWS;
                windows += due.closed_windows(work.now).len();
                room
            });
            due.truncate(some.count());
            written += record_missed(&mut work, actor, due).await?;
            work.commit().await?;
        }
        Ok(written)
    }
}

/// Records the misses of these schedules up to now. Returns how many there were.
pub(crate) async fn record_missed(
    work: &mut UnitOfWork<'_>,
    actor: &Actor,
    due: Vec<ScheduleProgress>,
) -> Result<usize, Error> {
    let Some(from) = due.iter().map(|due| due.concluded_until).min() else { return Ok(0) };
    let closures = Closures::ending_after(from - domain::schedule::MAX_WINDOW, work).await?;
    let mut windows = Vec::new();
    for due in &due {
        for window in due.closed_windows(work.now) {
            if !closures.cover(due.site, due.place, &window) {
                windows.push((due.guarantee, due.place, window));
            }
        }
    }
    let mut missed = Vec::with_capacity(windows.len());
    for windows in windows.chunks(ROWS_PER_STATEMENT) {
        let looked_at = looked_at(work, windows).await?;
        missed.extend(
            windows.iter().filter(|window| !looked_at.contains(&(window.0, window.1, window.2.due()))).copied(),
        );
    }
    insert_missed(work, actor, &missed).await?;
    for due in &due {
        due.advance(work).await?;
    }
    Ok(missed.len())
}

/// The windows that have a check already.
async fn looked_at(
    work: &mut UnitOfWork<'_>,
    windows: &[(GuaranteeId, PlaceId, Window)],
) -> Result<HashSet<(GuaranteeId, PlaceId, DateTime<Utc>)>, Error> {
    let business = work.business.0;
    let rows = fetch_rows!(
        work.conn(),
        (Uuid, Uuid, DateTime<Utc>),
        "WITH asked (business_id, guarantee_id, place_id, due) AS (",
        concat!(
            ") SELECT c.guarantee_id, c.place_id, c.window_due FROM asked JOIN checks c ON c.business_id = asked.business_id \
                AND c.guarantee_id = asked.guarantee_id AND c.place_id = asked.place_id AND c.window_due = asked.due WHERE ",
            current_verdict!("asked.business_id", "c"),
            " <> 'taken_back'"
        ),
        windows,
        |window| business,
        window.0.0,
        window.1.0,
        window.2.due()
    )?;
    Ok(rows.into_iter().map(|(guarantee, place, due)| (GuaranteeId(guarantee), PlaceId(place), due)).collect())
}

/// Stores the misses. Where a promise is not being checked at present, nothing was due.
async fn insert_missed(
    work: &mut UnitOfWork<'_>,
    actor: &Actor,
    missed: &[(GuaranteeId, PlaceId, Window)],
) -> Result<(), Error> {
    let (mut promises, mut rows) = (Promises::default(), Vec::with_capacity(missed.len()));
    let business = work.business;
    let keys = missed.iter().map(|(guarantee, place, _)| (business, *guarantee, *place)).collect();
    promises.look_up(work, &keys).await?;
    for (guarantee, place, window) in missed {
        let Some(promise) = promises.get(work, *guarantee, *place).await? else { continue };
        if allow_check(promise.stage, promise.is_promised_here).is_ok() {
            let row = Row {
                id: CheckId(work.id()),
                place: *place,
                at: window.due(),
                day: day_of(&promise.zone, Some(window), window.due()),
                clocks: None,
                skewed: false,
                verdict: Verdict::Missed,
                finding: None,
                photo: None,
                window_claim: Some(WindowClaim { window: *window, replaced_miss: None }),
                fingerprint: Hash::ZERO,
                actor,
            };
            rows.push((promise, row));
        }
    }
    for rows in rows.chunks(ROWS_PER_STATEMENT) {
        write(work, rows).await?;
    }
    Ok(())
}
