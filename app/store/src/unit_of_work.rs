//! A unit of work: a transaction on the data of one business, which commits together with its record entries or not at
//! all.

use std::fmt::Display;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::edit_tag::EditTag;
use domain::ids::BusinessId;
use domain::measure::Tally;
use domain::record::{Entry, FreeText, Hash, Head, commitment};
use domain::role::Permission;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::Store;
use crate::audit::NewAuditEntry;
use crate::db::{Conn, DbHandle, ROWS_PER_STATEMENT, TenantScope, execute, execute_rows, fetch};
use crate::error::Error;
use crate::stored_row::StoredRow;
use crate::tallies::Tallies;
use crate::tallies::TallyKey;

pub(crate) struct UnitOfWork<'s> {
    store: &'s Store,
    handle: DbHandle,
    pub business: BusinessId,
    pub principal: Principal,
    actor: Actor,
    pub now: DateTime<Utc>,
    head: Head,
    /// The time of the last entry.
    last: DateTime<Utc>,
    /// Written together at the commit, because nothing reads them before.
    entries: Vec<Entry>,
    tallies: Tallies,
    audit_events: Vec<(AuditEvent, Option<Uuid>)>,
}

impl Store {
    /// Begins a unit of work, if the actor has the permission. It locks the head of the business's record, so that
    /// units of work of one business run one after the other.
    pub(crate) async fn unit_of_work(&self, actor: &Actor, act: Permission) -> Result<UnitOfWork<'_>, Error> {
        actor.require(act)?;
        let handle = self.db.begin(actor.business).await?;
        self.unit_of_work_in(handle, actor).await
    }

    /// The same in a transaction that has begun already.
    pub(crate) async fn unit_of_work_in(&self, mut handle: DbHandle, actor: &Actor) -> Result<UnitOfWork<'_>, Error> {
        type Row = (i64, Vec<u8>, Option<DateTime<Utc>>);
        let sql = "UPDATE record_heads SET revision = revision + 1 WHERE business_id = $1 \
            RETURNING seq, hash, (SELECT at FROM record r WHERE r.business_id = $1 AND r.seq = record_heads.seq)";
        let row = fetch!(handle.conn(), fetch_optional as Row, sql, actor.business.0)?;
        let (seq, hash, last) = row.ok_or(Error::Gone)?;
        let last = match last {
            Some(at) => at,
            // The statement waited for another unit of work, whose last entry it did not see.
            None => {
                let sql = "SELECT at FROM record WHERE business_id = $1 AND seq = $2";
                let row = fetch!(handle.conn(), fetch_optional as (DateTime<Utc>,), sql, actor.business.0, seq)?;
                row.map_or(DateTime::<Utc>::MIN_UTC, |(at,)| at)
            }
        };
        let hash = StoredRow("record_heads", actor.business).read("hash", Hash::from_bytes(&hash))?;
        let head = Head { seq, hash };
        Ok(UnitOfWork {
            store: self,
            handle,
            business: actor.business,
            principal: actor.principal,
            actor: actor.clone(),
            now: self.now(),
            head,
            last,
            entries: Vec::new(),
            tallies: Tallies::default(),
            audit_events: Vec::new(),
        })
    }

    /// Commits work on these businesses, and invalidates their cached pages. This runs in a task of its own, so that it is
    /// completed even if the client disconnects.
    pub(crate) async fn commit_work(&self, handle: DbHandle, businesses: Vec<BusinessId>) -> Result<(), Error> {
        let revisions = Arc::clone(&self.revisions);
        let committed = tokio::spawn(async move {
            let committed = handle.commit().await;
            for business in businesses {
                revisions.bump(business);
            }
            committed
        });
        committed.await.unwrap_or(Err(Error::Unavailable(sqlx::Error::WorkerCrashed)))
    }
}

impl UnitOfWork<'_> {
    pub fn conn(&mut self) -> Conn<'_> {
        self.handle.conn()
    }

    pub fn handle(&mut self) -> &mut DbHandle {
        &mut self.handle
    }

    /// Leaves the scope of the business, after the work on its rows is done.
    pub async fn leave_tenant(&mut self) -> Result<(), Error> {
        self.handle.set_tenant(TenantScope::Across).await
    }

    /// Requires that what is about to be replaced is still what the caller has seen.
    pub fn require_current(&self, current: &Value) -> Result<(), Error> {
        Ok(self.store.expected.require_current(&EditTag::of(current), || current.clone())?)
    }

    /// The same for several rows, each with a name.
    pub fn require_each_current<K: Display>(&self, rows: impl IntoIterator<Item = (K, Value)>) -> Result<(), Error> {
        for (name, current) in rows {
            self.store.expected.require_current(&EditTag::of_each([(name, &current)]), || current.clone())?;
        }
        Ok(())
    }

    pub fn id(&self) -> Uuid {
        self.store.source.id()
    }

    pub fn bytes(&self) -> [u8; 32] {
        self.store.source.bytes()
    }

    /// Adds an entry to the record, and stores the free texts beside it under their owner. The entry contains only
    /// commitments to them. For a private fact the texts are stored without an entry.
    pub async fn append(
        &mut self,
        public: bool,
        kind: &str,
        owner: Uuid,
        body: Map<String, Value>,
        texts: Vec<FreeText>,
    ) -> Result<(), Error> {
        let seq = public.then_some(self.head.seq + 1);
        let mut commitments = Map::new();
        for free in texts {
            let salt = self.bytes();
            commitments.insert(free.field.to_owned(), commitment(&salt, &free.text).to_string().into());
            let sql = "INSERT INTO texts (business_id, owner_id, field, public, salt, body, seq) \
                VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let business = self.business.0;
            execute!(self.conn(), sql, business, owner, free.field, free.public, &salt[..], free.text, seq)?;
        }
        if public {
            self.push_entry(kind, body, commitments);
        }
        Ok(())
    }

    /// Adds an entry about something that becomes public now, whose texts are stored already.
    pub async fn append_existing(&mut self, kind: &str, owner: Uuid, body: Map<String, Value>) -> Result<(), Error> {
        type Row = (String, Option<Vec<u8>>, Option<String>);
        let (business, seq) = (self.business.0, self.head.seq + 1);
        let sql = "UPDATE texts SET seq = $3 WHERE business_id = $1 AND owner_id = $2 RETURNING field, salt, body";
        let rows = fetch!(self.conn(), fetch_all as Row, sql, business, owner, seq)?;
        let committed = |(field, salt, body): Row| Some((field, commitment(&salt?, &body?).to_string().into()));
        self.push_entry(kind, body, rows.into_iter().filter_map(committed).collect());
        Ok(())
    }

    fn push_entry(&mut self, kind: &str, mut body: Map<String, Value>, commitments: Map<String, Value>) {
        if !commitments.is_empty() {
            body.insert("texts".to_owned(), commitments.into());
        }
        let at = self.now.max(self.last);
        if at > self.now {
            // The clock was put back. The times of entries never run backwards, so the entry also contains what the
            // clock shows.
            body.insert("happened_at".to_owned(), json!(self.now));
        }
        let entry = self.head.next_entry(at, kind, body.into());
        self.last = at;
        self.head = Head { seq: entry.seq, hash: entry.hash };
        self.entries.push(entry);
    }

    /// Adds an entry to the audit log.
    pub fn audit(&mut self, event: AuditEvent, subject: impl Into<Option<Uuid>>) {
        self.audit_events.push((event, subject.into()));
    }

    /// Adds to a daily tally, and takes away what a correction replaced.
    pub fn add_to_tally(&mut self, counted: TallyKey, add: &Tally, take: &Tally) {
        self.tallies.add(counted, add, take);
    }

    /// Commits, and invalidates cached pages.
    pub async fn commit(self) -> Result<(), Error> {
        let (store, business) = (self.store, self.business);
        let handle = self.flush().await?;
        store.commit_work(handle, vec![business]).await
    }

    /// Writes everything that is written together at the end, and returns the transaction. It is not committed yet: work
    /// on another business can follow in it.
    pub async fn flush(mut self) -> Result<DbHandle, Error> {
        let (business, tallies) = (self.business, std::mem::take(&mut self.tallies));
        tallies.write(self.handle.conn(), business, self.store.source.as_ref()).await?;
        for (event, subject) in std::mem::take(&mut self.audit_events) {
            let Actor { principal: by, ip: from, device, .. } = self.actor;
            self.store
                .write_audit_entry(self.handle.conn(), business, NewAuditEntry { by, event, subject, from, device })
                .await?;
        }
        if !self.entries.is_empty() {
            write_entries(self.handle.conn(), business, &self.entries).await?;
            let sql = "UPDATE record_heads SET seq = $2, hash = $3 WHERE business_id = $1";
            let (business, Head { seq, hash }) = (self.business.0, self.head);
            execute!(self.handle.conn(), sql, business, seq, hash.as_bytes())?;
        }
        Ok(self.handle)
    }
}

pub(crate) async fn write_entries(mut conn: Conn<'_>, business: BusinessId, entries: &[Entry]) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO record (business_id, seq, at, kind, body, prev, hash)";
    let business = business.0;
    for entries in entries.chunks(ROWS_PER_STATEMENT) {
        execute_rows!(
            conn.reborrow(),
            INSERT,
            entries,
            |entry| business,
            entry.seq,
            entry.at,
            &entry.kind,
            entry.body.to_string(),
            entry.prev.as_bytes(),
            entry.hash.as_bytes()
        )?;
    }
    Ok(())
}
