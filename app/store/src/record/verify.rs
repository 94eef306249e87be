//! Verifying: the whole chain is computed again, every text is held against its commitment, every row against the entry
//! that names it, and every figure against a recount.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::ids::BusinessId;
use domain::record::{Entry, Hash, Head, Misfit, commitment};
use domain::recount::{Fact, Figures, Sealed, happened};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::named::{Batch, Few, Told};
use super::{BATCH, Beside, EntryRow, Failed, Mismatch, beside, derived, entries};
use crate::Store;
use crate::db::{Held, fetch};
use crate::error::Error;

/// What verifying found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    pub entries: i64,
    pub head: Hash,
    /// Texts that stand and match their commitments.
    pub texts: i64,
    /// Entries whose time is before that of the entry before them, and the first of these: older programs wrote them.
    pub backwards: i64,
    pub first_backwards: Option<i64>,
    /// Whether the record says by itself on which day each check counts.
    pub is_sealed: bool,
}

/// The record as far as it was followed.
pub(super) struct Walk {
    business: BusinessId,
    pub figures: Figures,
    head: Head,
    texts: i64,
    last: DateTime<Utc>,
    backwards: i64,
    first_backwards: Option<i64>,
    /// Of each table, all rows that entries name which are not sealed yet.
    rows: BTreeMap<&'static str, Sha256>,
}

impl Store {
    /// Recomputes the whole chain and every commitment whose text still stands, holds each row that an entry names against
    /// it, and recounts every figure.
    ///
    /// # Errors
    /// The database is unavailable. The inner error names the first entry, or the table and the row, that does not fit.
    pub async fn verify(&self, business: BusinessId) -> Result<Result<Verified, Mismatch>, Error> {
        match verify(&mut self.db.snapshot(business).await?, business, self.now()).await {
            Ok(verified) => Ok(Ok(verified)),
            Err(Failed::Mismatch(mismatch)) => Ok(Err(mismatch)),
            Err(Failed::Error(error)) => Err(error),
        }
    }
}

/// The same within what is being done.
pub(crate) async fn verify(held: &mut Held, business: BusinessId, now: DateTime<Utc>) -> Result<Verified, Failed> {
    let mut walk = walk(held, business).await?;
    walk.figures.last = walk.figures.last.max(now);
    derived::check(held, business, &walk.figures).await?;
    Ok(Verified {
        entries: walk.head.seq,
        head: walk.head.hash,
        texts: walk.texts,
        backwards: walk.backwards,
        first_backwards: walk.first_backwards,
        is_sealed: walk.figures.is_sealed,
    })
}

/// Follows the record from its first entry to its head.
pub(super) async fn walk(held: &mut Held, business: BusinessId) -> Result<Walk, Failed> {
    let few = Few::read(held, business).await?;
    let mut walk = Walk {
        business,
        figures: Figures::default(),
        head: Head::START,
        texts: 0,
        last: DateTime::<Utc>::MIN_UTC,
        backwards: 0,
        first_backwards: None,
        rows: BTreeMap::new(),
    };
    loop {
        let batch = readable(held, business, walk.head.seq).await?;
        let Some(last) = batch.last().map(|row| row.seq) else { break };
        let mut beside = beside(held.conn(), business, walk.head.seq, last).await?.into_iter().peekable();
        let mut told = Vec::with_capacity(batch.len());
        for row in batch {
            let mut texts = Vec::new();
            while let Some(text) = beside.next_if(|text| text.seq <= row.seq) {
                texts.push(text);
            }
            told.push(walk.follow(row, texts)?);
        }
        let batch = Batch::read(held, business, &told).await?;
        for told in &told {
            walk.hold(&batch, &few, told)?;
        }
    }
    let (sql, seq) = ("SELECT seq, hash FROM record_heads WHERE business_id = $1", walk.head.seq);
    let stands = fetch!(held.conn(), fetch_optional as (i64, Vec<u8>), sql, business.0)?;
    if !stands.is_some_and(|(at, hash)| at == seq && hash == walk.head.hash.as_bytes()) {
        return Err(Misfit::Head { seq }.into());
    }
    Ok(walk)
}

/// The next entries. One that cannot even be read (SQLite takes any text for a time) was changed: entry by entry it is
/// found which.
async fn readable(held: &mut Held, business: BusinessId, after: i64) -> Result<Vec<EntryRow>, Failed> {
    let unreadable =
        |error: &Error| matches!(error, Error::Database(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)));
    for most in [BATCH, 1] {
        match entries(held.conn(), business, after, most).await {
            Err(error) if unreadable(&error) => {}
            other => return Ok(other?),
        }
    }
    Err(Misfit::Changed { seq: after + 1 }.into())
}

impl Walk {
    /// The chain over one entry with the texts beside it.
    fn follow(&mut self, row: EntryRow, texts: Vec<Beside>) -> Result<Told, Misfit> {
        let seq = row.seq;
        let exact = row.at.timestamp_subsec_nanos().is_multiple_of(1_000_000);
        let entry = Entry::try_from(row).ok().filter(|_| exact).ok_or(Misfit::Changed { seq })?;
        self.head = self.head.follow(&entry)?;
        let committed = |field: &str| entry.body.get("texts")?.get(field)?.as_str();
        let fits = |text: &Beside| match (&text.salt, &text.body) {
            (Some(salt), Some(body)) => committed(&text.field) == Some(commitment(salt, body).to_string().as_str()),
            (None, None) => committed(&text.field).is_some(),
            _ => false,
        };
        let promised = entry.body.get("texts").and_then(Value::as_object).map_or(0, serde_json::Map::len);
        if texts.len() != promised || !texts.iter().all(fits) {
            return Err(Misfit::Text { seq });
        }
        self.texts += i64::try_from(texts.iter().filter(|text| text.body.is_some()).count()).unwrap_or(0);
        if entry.at < self.last {
            self.backwards += 1;
            self.first_backwards = self.first_backwards.or(Some(seq));
        }
        self.last = entry.at;
        let fact = Fact::read(&entry.kind, &entry.body).map_err(|_| Misfit::Untrue { seq })?;
        Ok(Told { entry, fact, texts })
    }

    /// Holds the row that an entry names against it, and counts what it tells.
    fn hold(&mut self, batch: &Batch, few: &Few, told: &Told) -> Result<(), Mismatch> {
        let named = batch.named(few, &self.figures, told)?;
        let is_seal = matches!(told.fact, Fact::Sealed(_));
        told.owns_its_texts(if is_seal { Some(self.business.0) } else { named.and_then(|row| row.id("id")) })?;
        if is_seal {
            self.as_sealed(told)?;
        }
        if let Some(row) = named.filter(|_| !self.figures.is_sealed) {
            self.rows.entry(row.table.name).or_default().update(row.lasting().to_string());
        }
        let at = happened(told.entry.at, &told.entry.body);
        self.figures.add(told.entry.seq, at, &batch.completed(&told.fact))?;
        Ok(())
    }

    /// What is committed to of the rows that earlier entries name: one hash a table.
    pub fn rows(&self) -> Value {
        let hash = |hash: &Sha256| {
            Value::from(
                Hash::from_bytes(&hash.clone().finalize()).map_or_else(|_| String::new(), |hash| hash.to_string()),
            )
        };
        self.rows
            .iter()
            .map(|(table, rows)| ((*table).to_owned(), hash(rows)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    fn as_sealed(&self, told: &Told) -> Result<(), Mismatch> {
        let sealed = told.text(Sealed::ROWS).and_then(|text| text.body.as_deref());
        let sealed: Value = serde_json::from_str(sealed.unwrap_or_default()).unwrap_or_default();
        let differs = |(table, hash): (&'static str, &Value)| sealed.get(table) != Some(hash);
        let now = self.rows();
        let changed = self.rows.keys().map(|table| (*table, &now[*table])).find(|row| differs(*row));
        match changed {
            Some((table, _)) => Err(Mismatch::Sealed { table }),
            None => Ok(()),
        }
    }
}
