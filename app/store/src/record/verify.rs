//! Verification: recomputes the hash chain, and compares every text with its commitment, every row with its entry, and
//! every figure with a replay.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::ids::BusinessId;
use domain::record::{ChainError, Entry, Hash, Head, commitment};
use domain::replay::{Fact, ReplayState, Sealed, happened};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::entry_rows::{NamedRows, ParsedEntry, SmallTables};
use super::{BATCH, EntryRow, EntryText, VerifyError, derived, load_entries, load_entry_texts};
use crate::Store;
use crate::db::{DbHandle, fetch};
use crate::error::Error;
use crate::mismatch::Mismatch;
use crate::tables::hex;

/// The result of verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    pub entries: i64,
    pub head: Hash,
    /// The number of texts that match their commitments.
    pub texts: i64,
    /// The number of entries that are older than the entry before them, and the first of these. Only older programs
    /// wrote such entries.
    pub out_of_order: i64,
    pub first_out_of_order: Option<i64>,
    /// Whether the record contains the local day of each check.
    pub is_sealed: bool,
}

/// The state of a verification in progress.
pub(super) struct Verification {
    business: BusinessId,
    pub figures: ReplayState,
    head: Head,
    texts: i64,
    last: DateTime<Utc>,
    out_of_order: i64,
    first_out_of_order: Option<i64>,
    /// The digests of the rows that are named by entries before the backfill: for each table one per version of its
    /// columns. The backfill may have been written by a program that knew fewer columns.
    digests: BTreeMap<&'static str, BTreeMap<u64, Sha256>>,
}

impl Store {
    /// Verifies the record of a business and everything that follows from it.
    ///
    /// # Errors
    /// The database is unavailable. The inner error names the first entry, or the table and the row, that does not
    /// match.
    pub async fn verify(&self, business: BusinessId) -> Result<Result<Verified, Mismatch>, Error> {
        match verify(&mut self.db.snapshot(business).await?, business, self.now()).await {
            Ok(verified) => Ok(Ok(verified)),
            Err(VerifyError::Mismatch(mismatch)) => Ok(Err(mismatch)),
            Err(VerifyError::Error(error)) => Err(error),
        }
    }
}

/// The same within a transaction.
pub(crate) async fn verify(
    handle: &mut DbHandle,
    business: BusinessId,
    now: DateTime<Utc>,
) -> Result<Verified, VerifyError> {
    let mut replay = replay(handle, business).await?;
    replay.figures.last = replay.figures.last.max(now);
    derived::check(handle, business, &replay.figures).await?;
    Ok(Verified {
        entries: replay.head.seq,
        head: replay.head.hash,
        texts: replay.texts,
        out_of_order: replay.out_of_order,
        first_out_of_order: replay.first_out_of_order,
        is_sealed: replay.figures.is_backfilled,
    })
}

/// Replays the record from its first entry to its head.
pub(super) async fn replay(handle: &mut DbHandle, business: BusinessId) -> Result<Verification, VerifyError> {
    let small_tables = SmallTables::read(handle, business).await?;
    let mut replay = Verification {
        business,
        figures: ReplayState::default(),
        head: Head::START,
        texts: 0,
        last: DateTime::<Utc>::MIN_UTC,
        out_of_order: 0,
        first_out_of_order: None,
        digests: BTreeMap::new(),
    };
    loop {
        let batch = read_batch(handle, business, replay.head.seq).await?;
        let Some(last) = batch.last().map(|row| row.seq) else { break };
        let mut texts_beside =
            load_entry_texts(handle.conn(), business, replay.head.seq, last).await?.into_iter().peekable();
        let mut parsed = Vec::with_capacity(batch.len());
        for row in batch {
            let mut texts = Vec::new();
            while let Some(text) = texts_beside.next_if(|text| text.seq <= row.seq) {
                texts.push(text);
            }
            parsed.push(replay.verify_chain(row, texts)?);
        }
        let batch = NamedRows::read(handle, business, &parsed).await?;
        for parsed in &parsed {
            replay.check_entry(&batch, &small_tables, parsed)?;
        }
    }
    let (sql, seq) = ("SELECT seq, hash FROM record_heads WHERE business_id = $1", replay.head.seq);
    let stored_head = fetch!(handle.conn(), fetch_optional as (i64, Vec<u8>), sql, business.0)?;
    if !stored_head.is_some_and(|(at, hash)| at == seq && hash == replay.head.hash.as_bytes()) {
        return Err(ChainError::HeadMismatch { seq }.into());
    }
    Ok(replay)
}

/// Reads the next entries. If one cannot be decoded (SQLite stores any text as a time), entries are read one by one to
/// find it: it was changed.
async fn read_batch(handle: &mut DbHandle, business: BusinessId, after: i64) -> Result<Vec<EntryRow>, VerifyError> {
    let unreadable =
        |error: &Error| matches!(error, Error::Database(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)));
    for limit in [BATCH, 1] {
        match load_entries(handle.conn(), business, after, limit).await {
            Err(error) if unreadable(&error) => {}
            other => return Ok(other?),
        }
    }
    Err(ChainError::Changed { seq: after + 1 }.into())
}

impl Verification {
    /// Verifies the chain and the commitments of one entry.
    fn verify_chain(&mut self, row: EntryRow, texts: Vec<EntryText>) -> Result<ParsedEntry, ChainError> {
        let seq = row.seq;
        let exact = row.at.timestamp_subsec_nanos().is_multiple_of(1_000_000);
        let entry = Entry::try_from(row).ok().filter(|_| exact).ok_or(ChainError::Changed { seq })?;
        self.head = self.head.verify_next(&entry)?;
        let committed = |field: &str| entry.body.get("texts")?.get(field)?.as_str();
        let fits = |text: &EntryText| match (&text.salt, &text.body) {
            (Some(salt), Some(body)) => committed(&text.field) == Some(commitment(salt, body).to_string().as_str()),
            (None, None) => committed(&text.field).is_some(),
            _ => false,
        };
        let promised = entry.body.get("texts").and_then(Value::as_object).map_or(0, serde_json::Map::len);
        if texts.len() != promised || !texts.iter().all(fits) {
            return Err(ChainError::TextChanged { seq });
        }
        self.texts += i64::try_from(texts.iter().filter(|text| text.body.is_some()).count()).unwrap_or(0);
        if entry.at < self.last {
            self.out_of_order += 1;
            self.first_out_of_order = self.first_out_of_order.or(Some(seq));
        }
        self.last = entry.at;
        let fact = Fact::read(&entry.kind, &entry.body).map_err(|_| ChainError::Contradiction { seq })?;
        Ok(ParsedEntry { entry, fact, texts })
    }

    /// Compares the row that an entry names, and replays its fact.
    fn check_entry(
        &mut self,
        batch: &NamedRows,
        small_tables: &SmallTables,
        parsed: &ParsedEntry,
    ) -> Result<(), Mismatch> {
        let named = batch.named(small_tables, &self.figures, parsed)?;
        let is_seal = matches!(parsed.fact, Fact::Sealed(_));
        parsed.check_texts(if is_seal { Some(self.business.0) } else { named.and_then(|row| row.id("id")) })?;
        if is_seal {
            self.check_backfill(parsed)?;
        }
        if let Some(row) = named.filter(|_| !self.figures.is_backfilled) {
            let digests = self.digests.entry(row.table.name).or_default();
            for version in row.table.column_versions() {
                digests.entry(version).or_default().update(row.portable(version).to_string());
            }
        }
        let at = happened(parsed.entry.at, &parsed.entry.body);
        self.figures.add(parsed.entry.seq, at, &batch.completed(&parsed.fact))?;
        Ok(())
    }

    /// What a backfill commits to: for each table the digest of the rows that earlier entries name, with all columns of
    /// today.
    pub fn row_digests(&self) -> Value {
        let latest = |digests: &BTreeMap<u64, Sha256>| digests.last_key_value().map(|(_, digest)| hex_digest(digest));
        self.digests
            .iter()
            .map(|(table, digests)| ((*table).to_owned(), latest(digests).into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    fn check_backfill(&self, parsed: &ParsedEntry) -> Result<(), Mismatch> {
        let committed = parsed.text(Sealed::ROWS).and_then(|text| text.body.as_deref());
        let committed: Value = serde_json::from_str(committed.unwrap_or_default()).unwrap_or_default();
        for (table, digests) in &self.digests {
            let expected = committed.get(table).and_then(Value::as_str);
            if !digests.values().any(|digest| Some(hex_digest(digest).as_str()) == expected) {
                return Err(Mismatch::Backfill { table });
            }
        }
        Ok(())
    }
}

fn hex_digest(digest: &Sha256) -> String {
    hex(&digest.clone().finalize())
}
