//! The audit log: who did what, when and from where. An entry is written in the same transaction as the action.

use std::collections::HashMap;
use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::ids::{BusinessId, DeviceId};
use domain::role::Permission;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::actor_key::parse_actor_key;
use crate::db::{Conn, execute, fetch};
use crate::error::Error;
use crate::stored_row::StoredRow;

/// Where a request comes from: the browser's own name for itself, and the IP address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientInfo {
    pub user_agent: String,
    pub from: Option<IpAddr>,
}

/// One entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub by: Principal,
    /// The current name of the person or program.
    pub by_name: Option<String>,
    pub event: AuditEvent,
    pub subject: Option<Uuid>,
    /// The current name of the subject.
    pub subject_name: Option<String>,
    pub address: Option<String>,
    /// The shared device it was done at.
    pub device: Option<String>,
}

/// Which entries to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// A person or a program.
    pub by: Option<Uuid>,
    pub event: Option<AuditEvent>,
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

/// A page of entries, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    pub rows: Vec<AuditRow>,
    /// The entry before which the next page begins, if there is one.
    pub before: Option<Uuid>,
}

/// An entry to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewAuditEntry {
    pub by: Principal,
    pub event: AuditEvent,
    pub subject: Option<Uuid>,
    pub from: Option<IpAddr>,
    pub device: Option<DeviceId>,
}

#[derive(FromRow)]
struct AuditDbRow {
    id: Uuid,
    at: DateTime<Utc>,
    by: String,
    #[sqlx(rename = "deed")]
    event: String,
    #[sqlx(rename = "about")]
    subject: Option<Uuid>,
    address: Option<String>,
    device_id: Option<Uuid>,
}

/// The most entries in one page or one batch of a download.
const MAX_PAGE: i64 = 10_000;

/// How long IP addresses are kept.
const ADDRESS_RETENTION: TimeDelta = TimeDelta::days(180);

impl ClientInfo {
    #[must_use]
    pub fn of(browser: impl Into<String>, from: Option<IpAddr>) -> Self {
        Self { user_agent: browser.into(), from }
    }
}

impl From<&str> for ClientInfo {
    fn from(browser: &str) -> Self {
        Self::of(browser, None)
    }
}

impl NewAuditEntry {
    pub fn new(by: Principal, event: AuditEvent, subject: Option<Uuid>, from: Option<IpAddr>) -> Self {
        Self { by, event, subject, from, device: None }
    }
}

impl Store {
    /// A page of entries, newest first. `before` is the last entry of the page before, if there was one.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn audit_log(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<AuditPage, Error> {
        actor.require(Permission::Administer)?;
        let (business, limit) = (actor.business.0, limit.clamp(1, MAX_PAGE));
        let mut handle = self.db.read(actor.business).await?;
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(id) => {
                let sql = "SELECT at, id FROM audit WHERE business_id = $1 AND id = $2";
                let from = fetch!(handle.conn(), fetch_optional as (DateTime<Utc>, Uuid), sql, business, id)?;
                let Some(from) = from else { return Ok(AuditPage { rows: Vec::new(), before: None }) };
                from
            }
        };
        let actor_keys = filter.by.map(|id| [format!("person:{id}"), format!("token:{id}")]);
        let [person, token] = actor_keys.map_or([None, None], |[person, token]| [Some(person), Some(token)]);
        let event = filter.event.map(AuditEvent::name);
        let since = filter.from.unwrap_or(DateTime::UNIX_EPOCH);
        let until = filter.until.unwrap_or_else(|| self.now() + TimeDelta::days(1));
        let sql = "SELECT id, at, by, deed, about, address, device_id FROM audit \
            WHERE business_id = $1 AND (at, id) < ($2, $3) AND at >= $4 AND at < $5 \
            AND ($6 IS NULL OR by = $6 OR by = $7) AND ($8 IS NULL OR deed = $8) ORDER BY at DESC, id DESC LIMIT $9";
        let rows = fetch!(
            handle.conn(),
            fetch_all as AuditDbRow,
            sql,
            business,
            at,
            id,
            since,
            until,
            person,
            token,
            event,
            limit
        )?;
        let names = names(handle.conn(), actor.business).await?;
        let rows = rows.into_iter().map(|row| row.named(&names)).collect::<Result<Vec<_>, _>>()?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == limit);
        Ok(AuditPage { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }

    /// Deletes IP addresses that are older than [`ADDRESS_RETENTION`]. Returns from how many entries.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn purge_audit_addresses(&self, actor: &Actor) -> Result<u64, Error> {
        actor.require(Permission::Administer)?;
        let mut handle = self.db.begin(actor.business).await?;
        let sql = "UPDATE audit SET address = NULL WHERE business_id = $1 AND at < $2 AND address IS NOT NULL";
        let forgotten = execute!(handle.conn(), sql, actor.business.0, self.now() - ADDRESS_RETENTION)?;
        handle.commit().await?;
        Ok(forgotten)
    }

    /// Writes an entry. The transaction must be scoped to the business.
    pub(crate) async fn write_audit_entry(
        &self,
        conn: Conn<'_>,
        business: BusinessId,
        entry: NewAuditEntry,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO audit (id, business_id, at, by, deed, about, address, device_id) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let NewAuditEntry { by: author, event, subject, from, device } = entry;
        let (id, now, address) = (self.source.id(), self.now(), from.map(|from| from.to_string()));
        execute!(
            conn,
            sql,
            id,
            business.0,
            now,
            actor_key(author),
            event.name(),
            subject,
            address,
            device.map(|id| id.0)
        )?;
        Ok(())
    }
}

/// The current names of everything that entries can be about.
async fn names(conn: Conn<'_>, business: BusinessId) -> Result<HashMap<Uuid, String>, Error> {
    let sql = "SELECT p.id, p.name FROM members m JOIN people p ON p.id = m.person_id WHERE m.business_id = $1 \
        UNION ALL SELECT id, name FROM tokens WHERE business_id = $1 \
        UNION ALL SELECT id, name FROM devices WHERE business_id = $1 \
        UNION ALL SELECT id, name FROM invites WHERE business_id = $1 \
        UNION ALL SELECT id, name FROM sites WHERE business_id = $1 \
        UNION ALL SELECT id, name FROM places WHERE business_id = $1 \
        UNION ALL SELECT id, slug FROM guarantees WHERE business_id = $1";
    Ok(fetch!(conn, fetch_all as (Uuid, String), sql, business.0)?.into_iter().collect())
}

impl AuditDbRow {
    fn named(self, names: &HashMap<Uuid, String>) -> Result<AuditRow, Error> {
        let named = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
        let stored = StoredRow("audit", self.id);
        let by = stored.read("by", parse_actor_key(&self.by))?;
        let author = match by {
            Principal::Person(id) => Some(id.0),
            Principal::Token(id) => Some(id.0),
            Principal::Customer | Principal::System => None,
        };
        Ok(AuditRow {
            id: self.id,
            at: self.at,
            by,
            by_name: named(author),
            event: stored.read("deed", AuditEvent::parse(&self.event))?,
            subject: self.subject,
            subject_name: named(self.subject),
            address: self.address,
            device: named(self.device_id),
        })
    }
}
