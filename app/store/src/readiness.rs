//! Whether the database takes what is written. To answer may not be enough: its disk may be full, its file read-only, or
//! another server be the one that takes writes now.

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use crate::Store;
use crate::db::{Scope, run};
use crate::error::Error;

/// When something was written for the last time to see whether it can be.
#[derive(Default)]
pub(crate) struct Readiness(Mutex<Option<DateTime<Utc>>>);

/// Whoever asks again sooner hears the same: anyone may ask, and each try waits for the disk.
const FRESH: TimeDelta = TimeDelta::seconds(1);

impl Store {
    /// Writes one row, at most once a second.
    ///
    /// # Errors
    /// The database does not answer, or takes nothing.
    pub async fn ready(&self) -> Result<(), Error> {
        let (mut last, now) = (self.readiness.0.lock().await, self.now());
        if last.is_some_and(|last| (TimeDelta::zero()..FRESH).contains(&(now - last))) {
            return Ok(());
        }
        *last = None;
        let mut held = self.db.begin(Scope::Across).await?;
        let sql = "INSERT INTO readiness (id, tried_at) VALUES (1, $1) \
            ON CONFLICT (id) DO UPDATE SET tried_at = EXCLUDED.tried_at";
        run!(held.conn(), sql, now)?;
        held.commit().await?;
        *last = Some(now);
        Ok(())
    }
}
