//! Second looks: requested when a check is stored, and closed when someone has looked again or corrected the check.

use domain::ids::{CheckId, GuaranteeId, PlaceId};
use domain::second_look::{LOOKBACK, SecondLookOutcome, StreakCheck, is_drawn, is_due};
use domain::verdict::Verdict;
use uuid::Uuid;

use crate::actor_key::actor_key;
use crate::db::{execute, fetch};
use crate::error::Error;
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;
use crate::verdict_sql::current_verdict;

/// Requests a second look at a check that was just stored, at random and if it ends a long streak. The random draw
/// comes first, so that nine checks in ten cost no query.
pub(crate) async fn maybe_request(
    work: &mut UnitOfWork<'_>,
    guarantee: GuaranteeId,
    place: PlaceId,
    check: CheckId,
) -> Result<(), Error> {
    let [a, b, c, d, ..] = work.bytes();
    if !is_drawn(u32::from_le_bytes([a, b, c, d]).into()) {
        return Ok(());
    }
    let (business, now) = (work.business.0, work.now);
    let sql =
        "SELECT 1 FROM second_looks WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3 AND outcome IS NULL";
    if fetch!(work.conn(), fetch_optional as (i32,), sql, business, guarantee.0, place.0)?.is_some() {
        return Ok(());
    }
    if is_due(check, &recent_checks(work, guarantee, place).await?) {
        let sql = "INSERT INTO second_looks (check_id, business_id, guarantee_id, place_id, asked_at) \
            VALUES ($1, $2, $3, $4, $5)";
        execute!(work.conn(), sql, check.0, business, guarantee.0, place.0, now)?;
    }
    Ok(())
}

/// The last checks of a promise at a place, newest first: as many as a streak is judged by.
async fn recent_checks(
    work: &mut UnitOfWork<'_>,
    guarantee: GuaranteeId,
    place: PlaceId,
) -> Result<Vec<StreakCheck>, Error> {
    let (business, limit) = (work.business.0, i64::try_from(LOOKBACK).unwrap_or(i64::MAX));
    let sql = concat!(
        "SELECT c.id, ",
        current_verdict!("$1", "c"),
        ", EXISTS (SELECT 1 FROM second_looks WHERE business_id = $1 AND check_id = c.id) \
            FROM checks c WHERE c.business_id = $1 AND c.guarantee_id = $2 AND c.place_id = $3 \
            ORDER BY c.at DESC LIMIT $4"
    );
    let rows = fetch!(work.conn(), fetch_all as (Uuid, String, bool), sql, business, guarantee.0, place.0, limit)?;
    let seen = |(id, verdict, asked): (Uuid, String, bool)| {
        let verdict = StoredRow("checks", id).read("verdict", Verdict::parse(&verdict))?;
        Ok(StreakCheck { check: CheckId(id), verdict, asked })
    };
    rows.into_iter().map(seen).collect()
}

/// Closes the open second look at a check, if there is one.
pub(crate) async fn close(work: &mut UnitOfWork<'_>, check: CheckId, outcome: SecondLookOutcome) -> Result<(), Error> {
    let sql = "UPDATE second_looks SET outcome = $3, concluded_at = $4, concluded_by = $5 \
        WHERE business_id = $1 AND check_id = $2 AND outcome IS NULL";
    let (business, now, author) = (work.business.0, work.now, actor_key(work.principal));
    execute!(work.conn(), sql, business, check.0, outcome.name(), now, author)?;
    Ok(())
}
