//! One unit of work: a transaction on one business's data that ends with its record entries or not at all.

use std::fmt::Display;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor, Who};
use domain::deed::Deed;
use domain::ids::BusinessId;
use domain::measure::Tally;
use domain::record::{Entry, Free, Hash, Head, commitment};
use domain::revision::Revision;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::Store;
use crate::audit::Note;
use crate::checks::{Tallied, Tallies};
use crate::db::{AT_ONCE, Conn, Held, Scope, fetch, run, run_rows};
use crate::error::Error;

pub(crate) struct Work<'s> {
    store: &'s Store,
    held: Held,
    pub business: BusinessId,
    pub by: Who,
    actor: Actor,
    pub now: DateTime<Utc>,
    head: Head,
    /// When the entry before is from.
    last: DateTime<Utc>,
    /// What is written at the end, each kind in one go: nothing in between reads it.
    entries: Vec<Entry>,
    tallies: Tallies,
    deeds: Vec<(Deed, Option<Uuid>)>,
}

impl Store {
    /// Begins a unit of work by someone who may do it. The head of the business's record is locked: works of one
    /// business follow one another.
    pub(crate) async fn work(&self, actor: &Actor, act: Act) -> Result<Work<'_>, Error> {
        actor.permit(act)?;
        let held = self.db.begin(actor.business).await?;
        self.work_on(held, actor).await
    }

    /// The same where something of it was begun already.
    pub(crate) async fn work_on(&self, mut held: Held, actor: &Actor) -> Result<Work<'_>, Error> {
        type Row = (i64, Vec<u8>, Option<DateTime<Utc>>);
        let sql = "UPDATE record_heads SET revision = revision + 1 WHERE business_id = $1 \
            RETURNING seq, hash, (SELECT at FROM record r WHERE r.business_id = $1 AND r.seq = record_heads.seq)";
        let row = fetch!(held.conn(), fetch_optional as Row, sql, actor.business.0)?;
        let (seq, hash, last) = row.ok_or(Error::Gone)?;
        let head = Head { seq, hash: Hash::from_bytes(&hash)? };
        Ok(Work {
            store: self,
            held,
            business: actor.business,
            by: actor.who,
            actor: actor.clone(),
            now: self.now(),
            head,
            last: last.unwrap_or(DateTime::<Utc>::MIN_UTC),
            entries: Vec::new(),
            tallies: Tallies::default(),
            deeds: Vec::new(),
        })
    }
}

impl Work<'_> {
    pub fn conn(&mut self) -> Conn<'_> {
        self.held.conn()
    }

    pub fn held(&mut self) -> &mut Held {
        &mut self.held
    }

    /// Goes on outside the business, when its own part is done.
    pub async fn leave(&mut self) -> Result<(), Error> {
        self.held.enter(Scope::Across).await
    }

    /// Goes on only if what is about to be replaced is still what whoever asks has seen.
    pub fn unchanged(&self, stands: &Value) -> Result<(), Error> {
        Ok(self.store.seen.check(&Revision::of(stands), || stands.clone())?)
    }

    /// The same for several rows, each under its own name.
    pub fn each_unchanged<K: Display>(&self, rows: impl IntoIterator<Item = (K, Value)>) -> Result<(), Error> {
        for (name, stands) in rows {
            self.store.seen.check(&Revision::of_each([(name, &stands)]), || stands.clone())?;
        }
        Ok(())
    }

    pub fn id(&self) -> Uuid {
        self.store.source.id()
    }

    pub fn bytes(&self) -> [u8; 32] {
        self.store.source.bytes()
    }

    /// Adds an entry to the record, and the free texts beside it under their owner; the entry holds only commitments
    /// to them. A fact that is not public keeps its texts and adds no entry.
    pub async fn append(
        &mut self,
        public: bool,
        kind: &str,
        owner: Uuid,
        body: Map<String, Value>,
        texts: Vec<Free>,
    ) -> Result<(), Error> {
        let seq = public.then_some(self.head.seq + 1);
        let mut commitments = Map::new();
        for free in texts {
            let salt = self.bytes();
            commitments.insert(free.field.to_owned(), commitment(&salt, &free.text).to_string().into());
            let sql = "INSERT INTO texts (business_id, owner_id, field, public, salt, body, seq) \
                VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let business = self.business.0;
            run!(self.conn(), sql, business, owner, free.field, free.public, &salt[..], free.text, seq)?;
        }
        if public {
            self.enter(kind, body, commitments);
        }
        Ok(())
    }

    /// Adds an entry about something whose texts were kept before it became public.
    pub async fn announce(&mut self, kind: &str, owner: Uuid, body: Map<String, Value>) -> Result<(), Error> {
        type Row = (String, Option<Vec<u8>>, Option<String>);
        let (business, seq) = (self.business.0, self.head.seq + 1);
        let sql = "UPDATE texts SET seq = $3 WHERE business_id = $1 AND owner_id = $2 RETURNING field, salt, body";
        let rows = fetch!(self.conn(), fetch_all as Row, sql, business, owner, seq)?;
        let committed = |(field, salt, body): Row| Some((field, commitment(&salt?, &body?).to_string().into()));
        self.enter(kind, body, rows.into_iter().filter_map(committed).collect());
        Ok(())
    }

    fn enter(&mut self, kind: &str, mut body: Map<String, Value>, commitments: Map<String, Value>) {
        if !commitments.is_empty() {
            body.insert("texts".to_owned(), commitments.into());
        }
        let at = self.now.max(self.last);
        if at > self.now {
            // The clock was put back: entries follow one another all the same, and say what it shows.
            body.insert("happened_at".to_owned(), json!(self.now));
        }
        let entry = self.head.append(at, kind, body.into());
        self.last = at;
        self.head = Head { seq: entry.seq, hash: entry.hash };
        self.entries.push(entry);
    }

    /// What is done here, for the owner who asks later.
    pub fn note(&mut self, deed: Deed, about: impl Into<Option<Uuid>>) {
        self.deeds.push((deed, about.into()));
    }

    /// Counts into a day, and out of it what a correction put aside.
    pub fn count(&mut self, counted: Tallied, add: &Tally, take: &Tally) {
        self.tallies.count(counted, add, take);
    }

    /// Makes it so. From here on nobody sees the page as it was before: that is said even if whoever asked for it has
    /// gone away, which ends their waiting and nothing else.
    pub async fn commit(mut self) -> Result<(), Error> {
        let (business, tallies) = (self.business, std::mem::take(&mut self.tallies));
        tallies.write(self.held.conn(), business).await?;
        for (deed, about) in std::mem::take(&mut self.deeds) {
            let Actor { who: by, from, device, .. } = self.actor;
            self.store.note(self.held.conn(), business, Note { by, deed, about, from, device }).await?;
        }
        if !self.entries.is_empty() {
            write_entries(self.held.conn(), business, &self.entries).await?;
            let sql = "UPDATE record_heads SET seq = $2, hash = $3 WHERE business_id = $1";
            let (business, Head { seq, hash }) = (self.business.0, self.head);
            run!(self.held.conn(), sql, business, seq, hash.as_bytes())?;
        }
        let (held, business, revisions) = (self.held, self.business, Arc::clone(&self.store.revisions));
        let made = tokio::spawn(async move {
            let made = held.commit().await;
            revisions.bump(business);
            made
        });
        made.await.unwrap_or(Err(Error::Unavailable(sqlx::Error::WorkerCrashed)))
    }
}

pub(crate) async fn write_entries(mut conn: Conn<'_>, business: BusinessId, entries: &[Entry]) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO record (business_id, seq, at, kind, body, prev, hash)";
    let business = business.0;
    for entries in entries.chunks(AT_ONCE) {
        run_rows!(
            conn.again(),
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

/// Whose hand did it, as it is stored: `person:…`, `token:…`, `customer`, `trialmark`.
#[must_use]
pub fn by(who: Who) -> String {
    match who {
        Who::Person(id) => format!("person:{id}"),
        Who::Token(id) => format!("token:{id}"),
        Who::Customer => "customer".to_owned(),
        Who::Trialmark => "trialmark".to_owned(),
    }
}

pub(crate) fn who(by: &str) -> Result<Who, Error> {
    let unreadable = || Error::Unreadable(format!("who is {by}?"));
    match by.split_once(':') {
        Some(("person", id)) => id.parse().map(Who::Person).map_err(|_| unreadable()),
        Some(("token", id)) => id.parse().map(Who::Token).map_err(|_| unreadable()),
        None if by == "customer" => Ok(Who::Customer),
        None if by == "trialmark" => Ok(Who::Trialmark),
        _ => Err(unreadable()),
    }
}
