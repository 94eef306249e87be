//! Verifying: the whole chain is computed again, and every text held against its commitment.

use domain::ids::BusinessId;
use domain::record::{Entry, Hash, Head, Misfit, commitment};
use serde_json::Value;

use super::{BATCH, Beside, EntryRow, beside, entries};
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
}

impl Store {
    /// Recomputes the whole chain and every commitment whose text still stands.
    ///
    /// # Errors
    /// The database is unavailable. The inner error names the first entry that does not fit.
    pub async fn verify(&self, business: BusinessId) -> Result<Result<Verified, Misfit>, Error> {
        verify(&mut self.db.snapshot(business).await?, business).await
    }
}

/// The same within what is being done.
pub(crate) async fn verify(held: &mut Held, business: BusinessId) -> Result<Result<Verified, Misfit>, Error> {
    let (mut head, mut texts) = (Head::START, 0);
    loop {
        let batch = match readable(held, business, head.seq).await? {
            Ok(batch) => batch,
            Err(misfit) => return Ok(Err(misfit)),
        };
        let Some(last) = batch.last().map(|row| row.seq) else { break };
        let mut beside = beside(held.conn(), business, head.seq, last).await?.into_iter().peekable();
        for row in batch {
            let mut its = Vec::new();
            while let Some(text) = beside.next_if(|text| text.seq <= row.seq) {
                its.push(text);
            }
            head = match follow(head, row, &its) {
                Ok(head) => head,
                Err(misfit) => return Ok(Err(misfit)),
            };
            texts += i64::try_from(its.iter().filter(|text| text.body.is_some()).count()).unwrap_or(0);
        }
    }
    let sql = "SELECT seq, hash FROM record_heads WHERE business_id = $1";
    let stands = fetch!(held.conn(), fetch_optional as (i64, Vec<u8>), sql, business.0)?;
    if !stands.is_some_and(|(seq, hash)| seq == head.seq && hash == head.hash.as_bytes()) {
        return Ok(Err(Misfit::Head { seq: head.seq }));
    }
    Ok(Ok(Verified { entries: head.seq, head: head.hash, texts }))
}

/// The next entries. One that cannot even be read (SQLite takes any text for a time) was changed: entry by entry it is
/// found which.
async fn readable(held: &mut Held, business: BusinessId, after: i64) -> Result<Result<Vec<EntryRow>, Misfit>, Error> {
    let unreadable =
        |error: &Error| matches!(error, Error::Database(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)));
    for most in [BATCH, 1] {
        match entries(held.conn(), business, after, most).await {
            Err(error) if unreadable(&error) => {}
            other => return other.map(Ok),
        }
    }
    Ok(Err(Misfit::Changed { seq: after + 1 }))
}

/// The chain over one entry with the texts beside it.
fn follow(head: Head, row: EntryRow, beside: &[Beside]) -> Result<Head, Misfit> {
    let seq = row.seq;
    let exact = row.at.timestamp_subsec_nanos().is_multiple_of(1_000_000);
    let entry = Entry::try_from(row).ok().filter(|_| exact).ok_or(Misfit::Changed { seq })?;
    let head = head.follow(&entry)?;
    let committed = |field: &str| entry.body.get("texts")?.get(field)?.as_str();
    let fits = |text: &Beside| match (&text.salt, &text.body) {
        (Some(salt), Some(body)) => committed(&text.field) == Some(commitment(salt, body).to_string().as_str()),
        (None, None) => committed(&text.field).is_some(),
        _ => false,
    };
    let promised = entry.body.get("texts").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    if beside.len() == promised && beside.iter().all(fits) { Ok(head) } else { Err(Misfit::Text { seq }) }
}
