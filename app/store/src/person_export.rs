//! Everything that is stored about a person who signs in, as a file for them.

use chrono::{DateTime, Utc};
use domain::actor::Principal;
use domain::ids::{BusinessId, PersonId};
use serde::Serialize;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::db::{TenantScope, fetch};
use crate::error::Error;
use crate::timestamp::format_timestamp;

/// Everything that is stored about a person, without tokens and passwords. Personal data.
#[derive(Clone, Debug, Serialize)]
pub struct PersonExport {
    pub name: String,
    pub email: String,
    pub language: Option<String>,
    pub since: String,
    pub sessions: Vec<ExportedSession>,
    pub businesses: Vec<ExportedMembership>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ExportedSession {
    pub device: String,
    pub business: String,
    pub created_at: String,
    pub used_at: String,
    pub expires_at: String,
}

/// A business of which someone is or was a member, and what they did there.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedMembership {
    pub name: String,
    pub slug: String,
    pub role: String,
    pub since: String,
    pub removed_at: Option<String>,
    pub did: Vec<ExportedAction>,
}

/// One thing they did.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedAction {
    pub what: &'static str,
    pub id: Uuid,
    pub at: String,
}

/// Each kind of action, with the statement that finds those of one person.
const ACTION_QUERIES: [(&str, &str); 9] = [
    ("check", "SELECT id, received_at FROM checks WHERE business_id = $1 AND by = $2 ORDER BY received_at, id"),
    ("correction", "SELECT id, at FROM corrections WHERE business_id = $1 AND by = $2 ORDER BY at, id"),
    ("recovery_step", "SELECT id, at FROM recovery_steps WHERE business_id = $1 AND by = $2 ORDER BY at, id"),
    ("guarantee_move", "SELECT id, at FROM guarantee_moves WHERE business_id = $1 AND by = $2 ORDER BY at, id"),
    (
        "wording",
        "SELECT id, created_at FROM guarantee_versions WHERE business_id = $1 AND created_by = $2 ORDER BY created_at, id",
    ),
    ("invitation", "SELECT id, made_at FROM invites WHERE business_id = $1 AND made_by = $2 ORDER BY made_at, id"),
    ("token", "SELECT id, created_at FROM tokens WHERE business_id = $1 AND made_by = $2 ORDER BY created_at, id"),
    ("device", "SELECT id, made_at FROM devices WHERE business_id = $1 AND made_by = $2 ORDER BY made_at, id"),
    ("erasure", "SELECT id, erased_at FROM customers WHERE business_id = $1 AND erased_by = $2 ORDER BY erased_at, id"),
];

impl Store {
    /// Everything that is stored about a person, in all their businesses. `None` if there is no such person.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn export_person(&self, person: PersonId) -> Result<Option<PersonExport>, Error> {
        type Profile = (String, String, Option<String>, DateTime<Utc>);
        type Session = (String, String, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>);
        type Belongs = (Uuid, String, String, String, DateTime<Utc>, Option<DateTime<Utc>>);
        let mut handle = self.db.snapshot(TenantScope::Across).await?;
        let sql = "SELECT name, email, language, created_at FROM people WHERE id = $1";
        let Some((name, email, language, since)) = fetch!(handle.conn(), fetch_optional as Profile, sql, person.0)?
        else {
            return Ok(None);
        };
        let sql = "SELECT s.device, b.name, s.created_at, s.used_at, s.expires_at FROM sessions s \
            JOIN businesses b ON b.id = s.business_id WHERE s.person_id = $1 ORDER BY s.created_at, s.id";
        let sessions = fetch!(handle.conn(), fetch_all as Session, sql, person.0)?;
        let sql = "SELECT b.id, b.name, b.slug, m.role, m.created_at, m.removed_at FROM members m \
            JOIN businesses b ON b.id = m.business_id WHERE m.person_id = $1 ORDER BY m.created_at, b.id";
        let belongs = fetch!(handle.conn(), fetch_all as Belongs, sql, person.0)?;
        let mut businesses = Vec::with_capacity(belongs.len());
        for (business, name, slug, role, since, removed_at) in belongs {
            handle.set_tenant(BusinessId(business)).await?;
            let mut did = Vec::new();
            for (what, sql) in ACTION_QUERIES {
                let author = actor_key(Principal::Person(person));
                let rows = fetch!(handle.conn(), fetch_all as (Uuid, DateTime<Utc>), sql, business, author)?;
                did.extend(rows.into_iter().map(|(id, at)| ExportedAction { what, id, at: format_timestamp(at) }));
            }
            let (since, removed_at) = (format_timestamp(since), removed_at.map(format_timestamp));
            businesses.push(ExportedMembership { name, slug, role, since, removed_at, did });
        }
        let session = |(device, business, created_at, used_at, expires_at): Session| ExportedSession {
            device,
            business,
            created_at: format_timestamp(created_at),
            used_at: format_timestamp(used_at),
            expires_at: format_timestamp(expires_at),
        };
        let sessions = sessions.into_iter().map(session).collect();
        Ok(Some(PersonExport { name, email, language, since: format_timestamp(since), sessions, businesses }))
    }
}
