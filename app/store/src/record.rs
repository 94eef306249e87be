//! The record as it is read: downloaded line by line, and verified from its first entry.

mod derived;
mod named;
mod rows;
mod seal;
mod verify;

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, Utc};
use domain::ids::BusinessId;
use domain::record::{Entry, Hash, Misfit};
use serde::Serialize;
use serde_json::Value;
use sqlx::FromRow;
use thiserror::Error;
use tokio::sync::watch;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, Db, fetch};
use crate::error::Error;

pub(crate) use named::details;
pub(crate) use seal::seal;
pub use verify::Verified;
pub(crate) use verify::verify;

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Mismatch {
    #[error(transparent)]
    Entry(#[from] Misfit),
    #[error("in {table}, row {row}, {column} is not as the record says")]
    Row { table: &'static str, row: String, column: &'static str },
    #[error("in {table} is a row that the record knows nothing of: {row}")]
    Added { table: &'static str, row: String },
    #[error("in {table} a row is missing that the record tells of: {row}")]
    Removed { table: &'static str, row: String },
    #[error("in {table} a row was changed after the record was sealed")]
    Sealed { table: &'static str },
}

/// Why verifying came to no good end.
#[derive(Debug)]
pub(crate) enum Failed {
    Mismatch(Mismatch),
    Error(Error),
}

impl<M: Into<Mismatch>> From<M> for Failed {
    fn from(mismatch: M) -> Self {
        Self::Mismatch(mismatch.into())
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<serde_json::Error> for Failed {
    fn from(error: serde_json::Error) -> Self {
        Self::Error(error.into())
    }
}

/// One line of the download: the entry, and the public texts it commits to with their salts.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    #[serde(flatten)]
    pub entry: Entry,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<Opened>,
}

/// A public text, with what proves that the entry meant it.
#[derive(Clone, Debug, Serialize)]
pub struct Opened {
    pub field: String,
    pub salt: String,
    pub text: String,
}

/// How often each business's data changed since this program started: what a ready page is checked against, and what an
/// open page waits for.
#[derive(Default)]
pub(crate) struct Revisions(RwLock<HashMap<BusinessId, watch::Sender<u64>>>);

/// A page whose revision is unchanged may be shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision(u64);

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(FromRow)]
struct EntryRow {
    seq: i64,
    at: DateTime<Utc>,
    kind: String,
    body: String,
    prev: Vec<u8>,
    hash: Vec<u8>,
}

/// A text that stands beside an entry; neither body nor salt once it is redacted.
#[derive(FromRow)]
struct Beside {
    owner_id: Uuid,
    seq: i64,
    field: String,
    public: bool,
    salt: Option<Vec<u8>>,
    body: Option<String>,
}

/// How many entries are read at a time.
const BATCH: i64 = 500;

impl Store {
    /// The next lines of the record after an entry, in order; empty at the end.
    ///
    /// # Errors
    /// The database is unavailable, or an entry cannot be read.
    pub async fn record_after(&self, business: BusinessId, seq: i64) -> Result<Vec<Line>, Error> {
        let mut held = self.db.snapshot(business).await?;
        let rows = entries(held.conn(), business, seq, BATCH).await?;
        let last = rows.last().map_or(seq, |row| row.seq);
        let mut texts: HashMap<i64, Vec<Opened>> = HashMap::new();
        for text in beside(held.conn(), business, seq, last).await? {
            if let (true, Some(salt), Some(body)) = (text.public, text.salt, text.body) {
                let opened = Opened { field: text.field, salt: hex(&salt), text: body };
                texts.entry(text.seq).or_default().push(opened);
            }
        }
        let line = |row: EntryRow| {
            let entry = Entry::try_from(row)?;
            Ok(Line { texts: texts.remove(&entry.seq).unwrap_or_default(), entry })
        };
        rows.into_iter().map(line).collect()
    }

    /// Where a business's data stands. On SQLite this program is the only writer and counts for itself; on PostgreSQL
    /// others may write, so the database is asked.
    ///
    /// # Errors
    /// The business is gone; the database is unavailable.
    pub async fn revision(&self, business: BusinessId) -> Result<Revision, Error> {
        if let Db::Sqlite { .. } = self.db {
            return Ok(Revision(self.revisions.of(business)));
        }
        let mut held = self.db.read(business).await?;
        let sql = "SELECT revision FROM record_heads WHERE business_id = $1";
        let row = fetch!(held.conn(), fetch_optional as (i64,), sql, business.0)?;
        let (revision,) = row.ok_or(Error::Gone)?;
        Ok(Revision(u64::try_from(revision).unwrap_or_default()))
    }
}

impl Revisions {
    pub fn bump(&self, business: BusinessId) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(business).or_default().send_modify(|count| *count += 1);
    }

    pub fn bump_all(&self) {
        for revision in self.0.write().unwrap_or_else(PoisonError::into_inner).values() {
            revision.send_modify(|count| *count += 1);
        }
    }

    pub fn listen(&self, business: BusinessId) -> watch::Receiver<u64> {
        self.0.write().unwrap_or_else(PoisonError::into_inner).entry(business).or_default().subscribe()
    }

    fn of(&self, business: BusinessId) -> u64 {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&business).map(|revision| *revision.borrow()).unwrap_or_default()
    }
}

impl TryFrom<EntryRow> for Entry {
    type Error = Error;
    fn try_from(row: EntryRow) -> Result<Self, Error> {
        let (prev, hash) = (Hash::from_bytes(&row.prev)?, Hash::from_bytes(&row.hash)?);
        // A body that is not as it was written was changed: it must be found by its hash, not stop the search.
        let as_written = |body: &Value| serde_json::to_string(body).is_ok_and(|text| text == row.body);
        let body = serde_json::from_str(&row.body).ok().filter(as_written);
        let body = body.unwrap_or(Value::String(row.body));
        Ok(Self { seq: row.seq, at: row.at, kind: row.kind, body, prev, hash })
    }
}

async fn entries(conn: Conn<'_>, business: BusinessId, after: i64, most: i64) -> Result<Vec<EntryRow>, Error> {
    let sql =
        "SELECT seq, at, kind, body, prev, hash FROM record WHERE business_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    fetch!(conn, fetch_all as EntryRow, sql, business.0, after, most)
}

async fn beside(conn: Conn<'_>, business: BusinessId, after: i64, last: i64) -> Result<Vec<Beside>, Error> {
    let sql = "SELECT owner_id, seq, field, public, salt, body FROM texts \
        WHERE business_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, field";
    fetch!(conn, fetch_all as Beside, sql, business.0, after, last)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
