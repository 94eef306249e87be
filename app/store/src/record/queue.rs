//! Verification of the queue of open recoveries.

use chrono::{DateTime, Utc};
use domain::ids::{BusinessId, RecoveryId};
use uuid::Uuid;

use super::VerifyError;
use crate::db::{DbHandle, fetch};
use crate::error::Error;
use crate::mismatch::Mismatch;
use crate::recovery_queue::expected_entries;

/// Compares what the work queue is sorted and counted by with the steps.
pub(super) async fn check(handle: &mut DbHandle, business: BusinessId) -> Result<(), VerifyError> {
    type At = Option<DateTime<Utc>>;
    type Row = (Uuid, At, At, At, bool);
    let mismatch = |row: Uuid, column| Mismatch::Row { table: "recoveries", row: row.to_string(), column };
    let sql = "SELECT r.id, r.late = EXISTS (SELECT 1 FROM recovery_steps s WHERE s.business_id = $1 AND s.recovery_id = r.id AND s.step = 'late') \
        FROM recoveries r JOIN breaks b ON b.business_id = $1 AND b.id = r.break_id WHERE r.business_id = $1 AND \
        (r.place_id IS NULL OR r.place_id <> b.place_id OR \
        r.late <> EXISTS (SELECT 1 FROM recovery_steps s WHERE s.business_id = $1 AND s.recovery_id = r.id AND s.step = 'late')) LIMIT 1";
    if let Some((row, late_is_right)) = fetch!(handle.conn(), fetch_optional as (Uuid, bool), sql, business.0)? {
        return Err(mismatch(row, if late_is_right { "place_id" } else { "late" }).into());
    }
    let mut entries = expected_entries(handle.conn(), business).await.map_err(|error| match error {
        Error::Unreadable { table, row, column, .. } => Mismatch::Row { table, row, column }.into(),
        other => VerifyError::Error(other),
    })?;
    let sql = "SELECT id, due_at, our_turn_from, missed_from, stage <> 'closed' FROM recoveries WHERE business_id = $1 AND \
        (due_at IS NOT NULL OR our_turn_from IS NOT NULL OR missed_from IS NOT NULL OR stage <> 'closed')";
    for (row, due_at, our_turn_from, missed_from, is_open) in fetch!(handle.conn(), fetch_all as Row, sql, business.0)?
    {
        let entry = entries.remove(&RecoveryId(row));
        if due_at != entry.map(|entry| entry.due_at) || due_at.is_some() != is_open {
            return Err(mismatch(row, "due_at").into());
        }
        if our_turn_from != entry.map(|entry| entry.our_turn_from) {
            return Err(mismatch(row, "our_turn_from").into());
        }
        if missed_from != entry.and_then(|entry| entry.missed_from) {
            return Err(mismatch(row, "missed_from").into());
        }
    }
    Ok(())
}
