//! What all corrections share, and the correction that a late check makes to its miss.

use chrono::NaiveDate;
use domain::ids::{CheckId, GuaranteeId};
use domain::measure::Tally;
use domain::replay::{Counted, body};
use domain::verdict::Verdict;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::actor_key::actor_key;
use crate::db::{execute, fetch};
use crate::error::Error;
use crate::recoveries::{self, BreakCounts};
use crate::stored_row::StoredRow;
use crate::tallies::TallyKey;
use crate::unit_of_work::UnitOfWork;

/// Makes a miss void, because a check that was made in time has arrived late. The miss stays visible.
pub(super) async fn void_missed(work: &mut UnitOfWork<'_>, missed: CheckId, arrived: CheckId) -> Result<(), Error> {
    type Row = (Uuid, bool, NaiveDate, bool);
    let (id, business, now, author) = (work.id(), work.business.0, work.now, actor_key(work.principal));
    let sql = "SELECT guarantee_id, public, day, in_window FROM checks WHERE business_id = $1 AND id = $2";
    let (guarantee, public, day, in_window) = fetch!(work.conn(), fetch_one as Row, sql, business, missed.0)?;
    let sql = "INSERT INTO corrections (id, business_id, check_id, number, verdict, at, by, instead) \
        VALUES ($1, $2, $3, $8, $4, $5, $6, $7)";
    let (corrections, _) = corrections(work, missed).await?;
    execute!(work.conn(), sql, id, business, missed.0, Verdict::Void.name(), now, author, arrived.0, corrections + 1)?;
    let guarantee = GuaranteeId(guarantee);
    work.add_to_tally(TallyKey { guarantee, public, day }, &Tally::default(), &Tally::of(Verdict::Missed, true));
    if public {
        recoveries::add(work, guarantee, BreakCounts { corrections: 1, ..BreakCounts::default() }).await?;
    }
    let mut body = entry(id, missed, &Counted { guarantee, day, in_window })?;
    body.insert("was".to_owned(), json!(Verdict::Missed));
    body.insert("verdict".to_owned(), json!(Verdict::Void));
    body.insert("instead".to_owned(), json!(arrived));
    work.append(public, "correction", id, body, Vec::new()).await
}

/// The body of an entry about a correction: the check, and the tally that the check counts in.
pub(super) fn entry(correction: Uuid, check: CheckId, counted: &Counted) -> Result<Map<String, Value>, Error> {
    let mut entry = body(counted).map_err(Error::Serialize)?;
    entry.insert("correction".to_owned(), json!(correction));
    entry.insert("check".to_owned(), json!(check));
    Ok(entry)
}

/// The number of corrections of a check, and the verdict of the last one.
pub(super) async fn corrections(work: &mut UnitOfWork<'_>, id: CheckId) -> Result<(i64, Option<Verdict>), Error> {
    let business = work.business.0;
    let sql = "SELECT number, verdict FROM corrections WHERE business_id = $1 AND check_id = $2 \
        ORDER BY number DESC LIMIT 1";
    match fetch!(work.conn(), fetch_optional as (i64, String), sql, business, id.0)? {
        Some((number, verdict)) => {
            let stored = StoredRow("corrections", format!("{number} of check {id}"));
            Ok((number, Some(stored.read("verdict", Verdict::parse(&verdict))?)))
        }
        None => Ok((0, None)),
    }
}
