//! Who did what, when, from where: written in the same transaction as the deed, read by the owner.

use std::collections::HashMap;
use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor, Who};
use domain::deed::Deed;
use domain::ids::{BusinessId, DeviceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::work::{by, who};

/// Where someone asks from: their browser as it names itself, and their address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    pub browser: String,
    pub from: Option<IpAddr>,
}

/// One deed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub by: Who,
    /// The name of the person or program, as it is now.
    pub by_name: Option<String>,
    pub deed: Deed,
    pub about: Option<Uuid>,
    /// What it was about, by the name it has now.
    pub about_name: Option<String>,
    pub address: Option<String>,
    /// The shared device at which it was done.
    pub device: Option<String>,
}

/// Which deeds are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// A person or a program.
    pub by: Option<Uuid>,
    pub deed: Option<Deed>,
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

/// A page of deeds: newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    pub rows: Vec<AuditRow>,
    /// The deed before which the next page begins, if there is one.
    pub before: Option<Uuid>,
}

/// A deed about to be written down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Note {
    pub by: Who,
    pub deed: Deed,
    pub about: Option<Uuid>,
    pub from: Option<IpAddr>,
    pub device: Option<DeviceId>,
}

#[derive(FromRow)]
struct StoredRow {
    id: Uuid,
    at: DateTime<Utc>,
    by: String,
    deed: String,
    about: Option<Uuid>,
    address: Option<String>,
    device_id: Option<Uuid>,
}

/// The most deeds that one page, or one download, holds.
const MOST: i64 = 10_000;

/// How long it is kept from which address something was done.
const ADDRESSES_LAST: TimeDelta = TimeDelta::days(180);

impl Origin {
    #[must_use]
    pub fn of(browser: impl Into<String>, from: Option<IpAddr>) -> Self {
        Self { browser: browser.into(), from }
    }
}

impl From<&str> for Origin {
    fn from(browser: &str) -> Self {
        Self::of(browser, None)
    }
}

impl Note {
    pub fn new(by: Who, deed: Deed, about: Option<Uuid>, from: Option<IpAddr>) -> Self {
        Self { by, deed, about, from, device: None }
    }
}

impl Store {
    /// Deeds, newest first: those before a deed of an earlier page, or from now on back.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn audit(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        before: Option<Uuid>,
        most: i64,
    ) -> Result<Audited, Error> {
        actor.permit(Act::Govern)?;
        let (business, most) = (actor.business.0, most.clamp(1, MOST));
        let mut held = self.db.read(actor.business).await?;
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(id) => {
                let sql = "SELECT at, id FROM audit WHERE business_id = $1 AND id = $2";
                let from = fetch!(held.conn(), fetch_optional as (DateTime<Utc>, Uuid), sql, business, id)?;
                let Some(from) = from else { return Ok(Audited { rows: Vec::new(), before: None }) };
                from
            }
        };
        let hands = filter.by.map(|id| [format!("person:{id}"), format!("token:{id}")]);
        let [person, token] = hands.map_or([None, None], |[person, token]| [Some(person), Some(token)]);
        let deed = filter.deed.map(Deed::name);
        let since = filter.from.unwrap_or(DateTime::UNIX_EPOCH);
        let until = filter.until.unwrap_or_else(|| self.now() + TimeDelta::days(1));
        let sql = "SELECT id, at, by, deed, about, address, device_id FROM audit \
            WHERE business_id = $1 AND (at, id) < ($2, $3) AND at >= $4 AND at < $5 \
            AND ($6 IS NULL OR by = $6 OR by = $7) AND ($8 IS NULL OR deed = $8) ORDER BY at DESC, id DESC LIMIT $9";
        let rows = fetch!(
            held.conn(),
            fetch_all as StoredRow,
            sql,
            business,
            at,
            id,
            since,
            until,
            person,
            token,
            deed,
            most
        )?;
        let names = names(held.conn(), actor.business).await?;
        let rows = rows.into_iter().map(|row| row.named(&names)).collect::<Result<Vec<_>, _>>()?;
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == most);
        Ok(Audited { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }

    /// Forgets from where things were done, once that is long past. How many deeds it was forgotten of.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn forget_addresses(&self, actor: &Actor) -> Result<u64, Error> {
        actor.permit(Act::Govern)?;
        let mut held = self.db.begin(actor.business).await?;
        let sql = "UPDATE audit SET address = NULL WHERE business_id = $1 AND at < $2 AND address IS NOT NULL";
        let forgotten = run!(held.conn(), sql, actor.business.0, self.now() - ADDRESSES_LAST)?;
        held.commit().await?;
        Ok(forgotten)
    }

    /// Writes a deed down, inside a transaction within the business.
    pub(crate) async fn note(&self, conn: Conn<'_>, business: BusinessId, note: Note) -> Result<(), Error> {
        let sql = "INSERT INTO audit (id, business_id, at, by, deed, about, address, device_id) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let Note { by: hand, deed, about, from, device } = note;
        let (id, now, address) = (self.source.id(), self.now(), from.map(|from| from.to_string()));
        run!(conn, sql, id, business.0, now, by(hand), deed.name(), about, address, device.map(|id| id.0))?;
        Ok(())
    }
}

/// The names by which a business knows what deeds are about.
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

impl StoredRow {
    fn named(self, names: &HashMap<Uuid, String>) -> Result<AuditRow, Error> {
        let named = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
        let by = who(&self.by)?;
        let hand = match by {
            Who::Person(id) => Some(id.0),
            Who::Token(id) => Some(id.0),
            Who::Customer | Who::Trialmark => None,
        };
        Ok(AuditRow {
            id: self.id,
            at: self.at,
            by,
            by_name: named(hand),
            deed: Deed::parse(&self.deed)?,
            about: self.about,
            about_name: named(self.about),
            address: self.address,
            device: named(self.device_id),
        })
    }
}
