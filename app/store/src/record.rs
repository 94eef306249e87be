//! The record as it is read: downloaded line by line, and verified from its first entry.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, Utc};
use domain::ids::BusinessId;
use domain::record::{Entry, Hash, Head, Misfit, commitment};
use serde::Serialize;
use serde_json::Value;
use sqlx::FromRow;

use crate::Store;
use crate::db::{Conn, Db, fetch};
use crate::error::Error;

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

/// What verifying found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    pub entries: i64,
    pub head: Hash,
    /// Texts that stand and match their commitments.
    pub texts: i64,
}

/// How often each business's data changed since this program started: what a ready page is checked against.
#[derive(Default)]
pub(crate) struct Revisions(RwLock<HashMap<BusinessId, u64>>);

/// A page whose revision is unchanged may be shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision(u64);

#[derive(FromRow)]
struct EntryRow {
    seq: i64,
    at: DateTime<Utc>,
    kind: String,
    body: String,
    prev: Vec<u8>,
    hash: Vec<u8>,
}

/// How many entries are read at a time.
const BATCH: i64 = 500;

impl Store {
    /// The next lines of the record after an entry, in order; empty at the end.
    ///
    /// # Errors
    /// The database is unavailable, or an entry cannot be read.
    pub async fn record_after(&self, business: BusinessId, seq: i64) -> Result<Vec<Line>, Error> {
        let mut held = self.db.read().await?;
        let entries = entries(held.conn(), business, seq).await?;
        let last = entries.last().map_or(seq, |entry| entry.seq);
        let mut texts: HashMap<i64, Vec<Opened>> = HashMap::new();
        for text in texts_between(held.conn(), business, seq, last).await? {
            if let (true, Some(salt), Some(body)) = (text.public, text.salt, text.body) {
                let opened = Opened { field: text.field, salt: hex(&salt), text: body };
                texts.entry(text.seq).or_default().push(opened);
            }
        }
        let line = |entry: Entry| Line { texts: texts.remove(&entry.seq).unwrap_or_default(), entry };
        Ok(entries.into_iter().map(line).collect())
    }

    /// Recomputes the whole chain and every commitment whose text still stands.
    ///
    /// # Errors
    /// The database is unavailable, or an entry cannot be read. The inner error names the first entry that does not fit.
    pub async fn verify(&self, business: BusinessId) -> Result<Result<Verified, Misfit>, Error> {
        let mut held = self.db.read().await?;
        let (mut head, mut texts) = (Head::START, 0);
        loop {
            let batch = entries(held.conn(), business, head.seq).await?;
            let Some(last) = batch.last().map(|entry| entry.seq) else { break };
            let beside = texts_between(held.conn(), business, head.seq, last).await?;
            for entry in &batch {
                head = match head.follow(entry) {
                    Ok(head) => head,
                    Err(misfit) => return Ok(Err(misfit)),
                };
            }
            if let Some(misfit) = beside.iter().find_map(|text| text.misfit(&batch)) {
                return Ok(Err(misfit));
            }
            texts += i64::try_from(beside.iter().filter(|text| text.body.is_some()).count()).unwrap_or(0);
        }
        let sql = "SELECT seq, hash FROM record_heads WHERE business_id = $1";
        let (seq, hash) = fetch!(held.conn(), fetch_one as (i64, Vec<u8>), sql, business.0)?;
        if seq != head.seq || hash != head.hash.as_bytes() {
            return Ok(Err(Misfit::Head { seq: head.seq }));
        }
        Ok(Ok(Verified { entries: head.seq, head: head.hash, texts }))
    }

    /// Where a business's data stands. On SQLite this program is the only writer and counts for itself; on PostgreSQL
    /// others may write, so the database is asked.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn revision(&self, business: BusinessId) -> Result<Revision, Error> {
        if let Db::Sqlite { .. } = self.db {
            return Ok(Revision(self.revisions.of(business)));
        }
        let mut held = self.db.read().await?;
        let sql = "SELECT seq FROM record_heads WHERE business_id = $1";
        let (seq,) = fetch!(held.conn(), fetch_one as (i64,), sql, business.0)?;
        Ok(Revision(u64::try_from(seq).unwrap_or_default()))
    }
}

impl Revisions {
    pub fn bump(&self, business: BusinessId) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner).entry(business).or_default() += 1;
    }

    fn of(&self, business: BusinessId) -> u64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&business).copied().unwrap_or_default()
    }
}

async fn entries(conn: Conn<'_>, business: BusinessId, after: i64) -> Result<Vec<Entry>, Error> {
    let sql = "SELECT seq, at, kind, body, prev, hash FROM record WHERE business_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let rows = fetch!(conn, fetch_all as EntryRow, sql, business.0, after, BATCH)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

impl TryFrom<EntryRow> for Entry {
    type Error = Error;
    fn try_from(row: EntryRow) -> Result<Self, Error> {
        let (prev, hash) = (Hash::from_bytes(&row.prev)?, Hash::from_bytes(&row.hash)?);
        // A body that is no longer JSON was changed: it must be found by its hash, not stop the search.
        let body = serde_json::from_str(&row.body).unwrap_or(Value::String(row.body));
        Ok(Self { seq: row.seq, at: row.at, kind: row.kind, body, prev, hash })
    }
}

#[derive(FromRow)]
struct Beside {
    seq: i64,
    field: String,
    public: bool,
    salt: Option<Vec<u8>>,
    body: Option<String>,
}

impl Beside {
    /// The entry whose commitment does not match the text that stands, if so.
    fn misfit(&self, entries: &[Entry]) -> Option<Misfit> {
        let (salt, body) = (self.salt.as_ref()?, self.body.as_ref()?);
        let entry = entries.iter().find(|entry| entry.seq == self.seq)?;
        let committed = entry.body.get("texts").and_then(|texts| texts.get(&self.field)).and_then(Value::as_str);
        let fits = committed == Some(commitment(salt, body).to_string().as_str());
        (!fits).then_some(Misfit::Text { seq: self.seq })
    }
}

async fn texts_between(conn: Conn<'_>, business: BusinessId, after: i64, last: i64) -> Result<Vec<Beside>, Error> {
    let sql = "SELECT seq, field, public, salt, body FROM texts \
        WHERE business_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, field";
    fetch!(conn, fetch_all as Beside, sql, business.0, after, last)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
