//! Reading the record: for the download, and for verification.

mod derived;
mod entry_rows;
mod queue;
mod seal;
mod table_rows;
mod verify;

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, Utc};
use domain::ids::BusinessId;
use domain::record::{Entry, Hash};
use serde::Serialize;
use serde_json::Value;
use sqlx::FromRow;
use tokio::sync::watch;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, Db, fetch};
use crate::error::Error;
use crate::import_error::ImportError;
use crate::mismatch::Mismatch;
use crate::stored_row::StoredRow;
use crate::tables::hex;

pub(crate) use entry_rows::private_details;
pub(crate) use seal::seal;
pub use verify::Verified;
pub(crate) use verify::verify;

/// Why verification failed.
#[derive(Debug)]
pub(crate) enum VerifyError {
    Mismatch(Mismatch),
    Error(Error),
}

impl<M: Into<Mismatch>> From<M> for VerifyError {
    fn from(mismatch: M) -> Self {
        Self::Mismatch(mismatch.into())
    }
}

impl From<Error> for VerifyError {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<VerifyError> for Error {
    fn from(failed: VerifyError) -> Self {
        match failed {
            VerifyError::Mismatch(mismatch) => Self::Import(ImportError::Record(mismatch)),
            VerifyError::Error(error) => error,
        }
    }
}

/// A line of the download: an entry, and the public texts that it commits to, with their salts.
#[derive(Clone, Debug, Serialize)]
pub struct RecordLine {
    #[serde(flatten)]
    pub entry: Entry,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<RevealedText>,
}

/// A public text with its salt, which proves that the entry commits to it.
#[derive(Clone, Debug, Serialize)]
pub struct RevealedText {
    pub field: String,
    pub salt: String,
    pub text: String,
}

/// How often the data of each business has changed since this program started. Cached pages are compared with it, and
/// live pages wait for it.
#[derive(Default)]
pub(crate) struct ChangeCounts(RwLock<HashMap<BusinessId, watch::Sender<u64>>>);

/// A cached page is valid as long as the count is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeCount(u64);

impl std::fmt::Display for ChangeCount {
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

/// A text beside an entry. Body and salt are `NULL` once it is redacted.
#[derive(FromRow)]
struct EntryText {
    owner_id: Uuid,
    seq: i64,
    field: String,
    public: bool,
    salt: Option<Vec<u8>>,
    body: Option<String>,
}

/// How many entries are read in one statement.
const BATCH: i64 = 500;

impl Store {
    /// The next lines of the record after an entry. Empty at the end.
    ///
    /// # Errors
    /// The database is unavailable, or an entry cannot be read.
    pub async fn record_after(&self, business: BusinessId, seq: i64) -> Result<Vec<RecordLine>, Error> {
        let mut handle = self.db.snapshot(business).await?;
        let rows = load_entries(handle.conn(), business, seq, BATCH).await?;
        let last = rows.last().map_or(seq, |row| row.seq);
        let mut texts: HashMap<i64, Vec<RevealedText>> = HashMap::new();
        for text in load_entry_texts(handle.conn(), business, seq, last).await? {
            if let (true, Some(salt), Some(body)) = (text.public, text.salt, text.body) {
                let revealed = RevealedText { field: text.field, salt: hex(&salt), text: body };
                texts.entry(text.seq).or_default().push(revealed);
            }
        }
        let line = |row: EntryRow| {
            let entry = Entry::try_from(row)?;
            Ok(RecordLine { texts: texts.remove(&entry.seq).unwrap_or_default(), entry })
        };
        rows.into_iter().map(line).collect()
    }

    /// The change count of a business. On SQLite this program is the only writer and counts itself. On PostgreSQL other
    /// programs may write, so the database is asked.
    ///
    /// # Errors
    /// The business was deleted; the database is unavailable.
    pub async fn revision(&self, business: BusinessId) -> Result<ChangeCount, Error> {
        if let Db::Sqlite { .. } = self.db {
            return Ok(ChangeCount(self.revisions.of(business)));
        }
        let mut handle = self.db.read(business).await?;
        let sql = "SELECT revision FROM record_heads WHERE business_id = $1";
        let row = fetch!(handle.conn(), fetch_optional as (i64,), sql, business.0)?;
        let (revision,) = row.ok_or(Error::Gone)?;
        Ok(ChangeCount(u64::try_from(revision).unwrap_or_default()))
    }
}

impl ChangeCounts {
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
        let stored = StoredRow("record", row.seq);
        let prev = stored.read("prev", Hash::from_bytes(&row.prev))?;
        let hash = stored.read("hash", Hash::from_bytes(&row.hash))?;
        // A body that is not in canonical form was tampered with. It is kept as a string, so that its hash does not
        // match.
        let as_written = |body: &Value| serde_json::to_string(body).is_ok_and(|text| text == row.body);
        let body = serde_json::from_str(&row.body).ok().filter(as_written);
        let body = body.unwrap_or(Value::String(row.body));
        Ok(Self { seq: row.seq, at: row.at, kind: row.kind, body, prev, hash })
    }
}

async fn load_entries(conn: Conn<'_>, business: BusinessId, after: i64, limit: i64) -> Result<Vec<EntryRow>, Error> {
    let sql =
        "SELECT seq, at, kind, body, prev, hash FROM record WHERE business_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    fetch!(conn, fetch_all as EntryRow, sql, business.0, after, limit)
}

async fn load_entry_texts(
    conn: Conn<'_>,
    business: BusinessId,
    after: i64,
    last: i64,
) -> Result<Vec<EntryText>, Error> {
    let sql = "SELECT owner_id, seq, field, public, salt, body FROM texts \
        WHERE business_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, field";
    fetch!(conn, fetch_all as EntryText, sql, business.0, after, last)
}
