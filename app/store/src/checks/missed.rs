//! What nobody looked at: written down once when its window is over, and void when a check made in time arrives late.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::actor::{Act, Actor};
use domain::check::{Verdict, accept};
use domain::ids::{CheckId, GuaranteeId, PlaceId};
use domain::measure::Tally;
use domain::record::Hash;
use domain::recount::Counted;
use domain::window::{Window, day_of};
use serde_json::json;
use uuid::Uuid;

use super::correct::{corrections, entry};
use super::log::{Row, write};
use super::looks::last_correction;
use super::promise::Promises;
use super::tally::Tallied;
use super::windows::Slot;
use crate::Store;
use crate::db::{AT_ONCE, fetch, fetch_rows, run};
use crate::error::Error;
use crate::recoveries::{self, Totals};
use crate::schedules::{Closures, Due};
use crate::work::{Work, by};

/// How many windows one unit of work writes down, more or less, before it is somebody else's turn: some tenths of a second.
const MOST: usize = 5_000;

impl Store {
    /// Writes down every window that is over without a look, wherever a promise is in force: once each, however often it is
    /// said. How many there were.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn conclude(&self, actor: &Actor) -> Result<usize, Error> {
        actor.permit(Act::Check)?;
        let mut written = 0;
        while self.is_due(actor).await? {
            let mut work = self.work(actor, Act::Check).await?;
            let mut due = Due::of_some(&mut work).await?;
            let mut windows = 0;
            let some = due.iter().take_while(|due| {
                let room = windows < MOST;
                windows += due.over(work.now).len();
                room
            });
            due.truncate(some.count());
            written += conclude(&mut work, actor, due).await?;
            work.commit().await?;
        }
        Ok(written)
    }
}

/// Writes down the misses of some rounds up to now. How many there were.
pub(crate) async fn conclude(work: &mut Work<'_>, actor: &Actor, due: Vec<Due>) -> Result<usize, Error> {
    let Some(from) = due.iter().map(|due| due.concluded_until).min() else { return Ok(0) };
    let closures = Closures::since(from - domain::schedule::LONGEST, work).await?;
    let mut windows = Vec::new();
    for due in &due {
        for window in due.over(work.now) {
            if !closures.excuse(due.site, due.place, &window) {
                windows.push((due.guarantee, due.place, window));
            }
        }
    }
    let mut missed = Vec::with_capacity(windows.len());
    for windows in windows.chunks(AT_ONCE) {
        let looked_at = looked_at(work, windows).await?;
        missed.extend(
            windows.iter().filter(|window| !looked_at.contains(&(window.0, window.1, window.2.due()))).copied(),
        );
    }
    miss(work, actor, &missed).await?;
    for due in &due {
        due.go_on(work).await?;
    }
    Ok(missed.len())
}

/// Those of them that a check concludes already.
async fn looked_at(
    work: &mut Work<'_>,
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
            last_correction!("asked.business_id", "c"),
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

/// Where nothing is checked at present, nothing was due.
async fn miss(work: &mut Work<'_>, actor: &Actor, missed: &[(GuaranteeId, PlaceId, Window)]) -> Result<(), Error> {
    let (mut promises, mut rows) = (Promises::default(), Vec::with_capacity(missed.len()));
    let pairs: BTreeSet<_> = missed.iter().map(|(guarantee, place, _)| (*guarantee, *place)).collect();
    promises.look_up(work, &pairs).await?;
    for (guarantee, place, window) in missed {
        let Some(promise) = promises.of(work, *guarantee, *place).await? else { continue };
        if accept(promise.stage, promise.here).is_ok() {
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
                slot: Some(Slot { window: *window, instead: None }),
                fingerprint: Hash::ZERO,
                actor,
            };
            rows.push((promise, row));
        }
    }
    for rows in rows.chunks(AT_ONCE) {
        write(work, rows).await?;
    }
    Ok(())
}

/// A check made in time has arrived late: the miss stays in sight, void, and the check stands instead.
pub(super) async fn void(work: &mut Work<'_>, missed: CheckId, arrived: CheckId) -> Result<(), Error> {
    type Row = (Uuid, bool, NaiveDate, bool);
    let (id, business, now, hand) = (work.id(), work.business.0, work.now, by(work.by));
    let sql = "SELECT guarantee_id, public, day, in_window FROM checks WHERE business_id = $1 AND id = $2";
    let (guarantee, public, day, in_window) = fetch!(work.conn(), fetch_one as Row, sql, business, missed.0)?;
    let sql = "INSERT INTO corrections (id, business_id, check_id, number, verdict, at, by, instead) \
        VALUES ($1, $2, $3, $8, $4, $5, $6, $7)";
    let (corrections, _) = corrections(work, missed).await?;
    run!(work.conn(), sql, id, business, missed.0, Verdict::Void.name(), now, hand, arrived.0, corrections + 1)?;
    let guarantee = GuaranteeId(guarantee);
    work.count(Tallied { guarantee, public, day }, &Tally::default(), &Tally::of(Verdict::Missed, true));
    if public {
        recoveries::add(work, guarantee, Totals { corrections: 1, ..Totals::default() }).await?;
    }
    let mut body = entry(id, missed, &Counted { guarantee, day, in_window })?;
    body.insert("was".to_owned(), json!(Verdict::Missed));
    body.insert("verdict".to_owned(), json!(Verdict::Void));
    body.insert("instead".to_owned(), json!(arrived));
    work.append(public, "correction", id, body, Vec::new()).await
}
