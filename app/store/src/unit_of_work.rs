//! A unit of work: a transaction on the data of a business, which commits together with its record entries or not at all.
//! On SQLite, where all businesses share one writer, it can span several businesses.

use std::collections::{BTreeMap, BTreeSet};
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
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::audit::NewAuditEntry;
use crate::db::{Conn, DbHandle, ROWS_PER_STATEMENT, TenantScope, execute, execute_rows, fetch, fetch_rows};
use crate::error::Error;
use crate::stored_row::StoredRow;
use crate::tallies::{self, Tallies, TallyKey};

pub(crate) struct UnitOfWork<'s> {
    store: &'s Store,
    handle: DbHandle,
    /// The business that it works on at present.
    pub business: BusinessId,
    pub principal: Principal,
    pub now: DateTime<Utc>,
    share: Share,
    /// The shares of the other businesses.
    others: BTreeMap<BusinessId, Share>,
}

/// What a unit of work holds for a business until the commit. All of it is written together then, because nothing reads
/// it before.
struct Share {
    actor: Actor,
    head: Head,
    /// The time of the last entry.
    last: DateTime<Utc>,
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
    pub(crate) async fn unit_of_work_in(&self, handle: DbHandle, actor: &Actor) -> Result<UnitOfWork<'_>, Error> {
        self.unit_of_work_for(handle, actor.clone(), Vec::new()).await
    }

    /// The same for actors of several businesses. On PostgreSQL a transaction has one business.
    pub(crate) async fn unit_of_work_for(
        &self,
        mut handle: DbHandle,
        first: Actor,
        others: Vec<Actor>,
    ) -> Result<UnitOfWork<'_>, Error> {
        let businesses: Vec<_> = others.iter().chain([&first]).map(|actor| actor.business).collect();
        let heads = lock_heads(handle.conn(), &businesses).await?;
        let (business, principal) = (first.business, first.principal);
        let share = Share::of(first, &heads)?;
        let others = others.into_iter().map(|actor| Ok((actor.business, Share::of(actor, &heads)?)));
        let others = others.collect::<Result<_, Error>>()?;
        Ok(UnitOfWork { store: self, handle, business, principal, now: self.now(), share, others })
    }

    /// Commits work on these businesses, and invalidates their cached pages. This runs in a task of its own, so that it is
    /// completed even if the client disconnects.
    async fn commit_work(&self, handle: DbHandle, businesses: BTreeSet<BusinessId>) -> Result<(), Error> {
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

    /// Goes on with another business.
    pub fn switch_to(&mut self, business: BusinessId) -> Result<(), Error> {
        if business != self.business {
            let next = self.others.remove(&business).ok_or(Error::Gone)?;
            (self.business, self.principal) = (business, next.actor.principal);
            let previous = std::mem::replace(&mut self.share, next);
            self.others.insert(previous.actor.business, previous);
        }
        Ok(())
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
        let seq = public.then_some(self.share.head.seq + 1);
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
        let (business, seq) = (self.business.0, self.share.head.seq + 1);
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
        let share = &mut self.share;
        let at = self.now.max(share.last);
        if at > self.now {
            // The clock was put back. The times of entries never run backwards, so the entry also contains what the
            // clock shows.
            body.insert("happened_at".to_owned(), json!(self.now));
        }
        let entry = share.head.next_entry(at, kind, body.into());
        share.last = at;
        share.head = Head { seq: entry.seq, hash: entry.hash };
        share.entries.push(entry);
    }

    /// Adds an entry to the audit log.
    pub fn audit(&mut self, event: AuditEvent, subject: impl Into<Option<Uuid>>) {
        self.share.audit_events.push((event, subject.into()));
    }

    /// Adds to a daily tally, and takes away what a correction replaced.
    pub fn add_to_tally(&mut self, counted: TallyKey, add: &Tally, take: &Tally) {
        self.share.tallies.add(counted, add, take);
    }

    /// Commits, and invalidates cached pages.
    pub async fn commit(self) -> Result<(), Error> {
        let changed = self.others.keys().copied().chain([self.business]).collect();
        self.commit_changes_of(changed).await
    }

    /// The same if only these of its businesses have changed.
    pub async fn commit_changes_of(mut self, changed: BTreeSet<BusinessId>) -> Result<(), Error> {
        let shares: Vec<_> = std::mem::take(&mut self.others).into_values().chain([self.share]).collect();
        write_shares(self.store, self.handle.conn(), &shares).await?;
        self.store.commit_work(self.handle, changed).await
    }
}

impl Share {
    fn of(actor: Actor, heads: &[HeadRow]) -> Result<Self, Error> {
        let head = heads.iter().find(|head| head.business_id == actor.business.0).ok_or(Error::Gone)?;
        let hash = StoredRow("record_heads", actor.business).read("hash", Hash::from_bytes(&head.hash))?;
        Ok(Self {
            actor,
            head: Head { seq: head.seq, hash },
            last: head.last.unwrap_or(DateTime::<Utc>::MIN_UTC),
            entries: Vec::new(),
            tallies: Tallies::default(),
            audit_events: Vec::new(),
        })
    }
}

/// The head of a business's record, and the time of its last entry.
#[derive(FromRow)]
struct HeadRow {
    business_id: Uuid,
    seq: i64,
    hash: Vec<u8>,
    last: Option<DateTime<Utc>>,
}

/// Locks the heads of these businesses.
async fn lock_heads(mut conn: Conn<'_>, businesses: &[BusinessId]) -> Result<Vec<HeadRow>, Error> {
    let mut heads = fetch_rows!(
        conn.reborrow(),
        HeadRow,
        "WITH asked (business_id) AS (",
        ") UPDATE record_heads SET revision = revision + 1 FROM asked WHERE record_heads.business_id = asked.business_id \
            RETURNING record_heads.business_id, seq, hash, (SELECT at FROM record r \
                WHERE r.business_id = record_heads.business_id AND r.seq = record_heads.seq) AS last",
        businesses,
        |business| business.0
    )?;
    for head in heads.iter_mut().filter(|head| head.last.is_none()) {
        // The statement waited for another unit of work, whose last entry it did not see.
        let sql = "SELECT at FROM record WHERE business_id = $1 AND seq = $2";
        let row = fetch!(conn.reborrow(), fetch_optional as (DateTime<Utc>,), sql, head.business_id, head.seq)?;
        head.last = row.map(|(at,)| at);
    }
    Ok(heads)
}

async fn write_shares(store: &Store, mut conn: Conn<'_>, shares: &[Share]) -> Result<(), Error> {
    let tallies: Vec<_> = shares.iter().map(|share| (share.actor.business, &share.tallies)).collect();
    tallies::write(conn.reborrow(), &tallies, store.source()).await?;
    for Share { actor, audit_events, .. } in shares {
        for (event, subject) in audit_events {
            let Actor { business, principal: by, ip: from, device, .. } = actor.clone();
            let entry = NewAuditEntry { by, event: *event, subject: *subject, from, device };
            store.write_audit_entry(conn.reborrow(), business, entry).await?;
        }
    }
    let mut entries = Vec::new();
    for share in shares {
        entries.extend(share.entries.iter().map(|entry| (share.actor.business, entry)));
    }
    write_entries(conn.reborrow(), &entries).await?;
    let changed: Vec<_> = shares.iter().filter(|share| !share.entries.is_empty()).collect();
    if changed.is_empty() {
        return Ok(());
    }
    execute_rows!(
        conn,
        "WITH asked (business_id, seq, hash) AS (",
        ") UPDATE record_heads SET seq = asked.seq, hash = asked.hash FROM asked \
            WHERE record_heads.business_id = asked.business_id",
        changed,
        |share| share.actor.business.0,
        share.head.seq,
        share.head.hash.as_bytes()
    )?;
    Ok(())
}

pub(crate) async fn write_entries(mut conn: Conn<'_>, entries: &[(BusinessId, &Entry)]) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO record (business_id, seq, at, kind, body, prev, hash)";
    for entries in entries.chunks(ROWS_PER_STATEMENT) {
        execute_rows!(
            conn.reborrow(),
            INSERT,
            "",
            entries,
            |entry| entry.0.0,
            entry.1.seq,
            entry.1.at,
            &entry.1.kind,
            entry.1.body.to_string(),
            entry.1.prev.as_bytes(),
            entry.1.hash.as_bytes()
        )?;
    }
    Ok(())
}
