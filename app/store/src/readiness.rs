//! Whether the database can be written. That it answers reads is not enough: the disk may be full, the file read-only,
//! or another server the primary now.

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

use crate::Store;
use crate::db::{TenantScope, execute};
use crate::error::Error;

/// The time of the last successful write.
#[derive(Default)]
pub(crate) struct Readiness(Mutex<Option<DateTime<Utc>>>);

/// Within this time the last result is reused, because anyone may ask, and each write waits for the disk.
const MIN_INTERVAL: TimeDelta = TimeDelta::seconds(1);

impl Store {
    /// Checks that the database can be written, by writing a row at most once a second.
    ///
    /// # Errors
    /// The database does not answer, or cannot be written.
    pub async fn check_writable(&self) -> Result<(), Error> {
        let (mut last, now) = (self.readiness.0.lock().await, self.now());
        if last.is_some_and(|last| (TimeDelta::zero()..MIN_INTERVAL).contains(&(now - last))) {
            return Ok(());
        }
        *last = None;
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let sql = "INSERT INTO readiness (id, tried_at) VALUES (1, $1) \
            ON CONFLICT (id) DO UPDATE SET tried_at = EXCLUDED.tried_at";
        execute!(handle.conn(), sql, now)?;
        handle.commit().await?;
        *last = Some(now);
        Ok(())
    }
}
