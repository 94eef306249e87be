//! What is kept about one person who signs in, to be handed to them.

use chrono::{DateTime, Utc};
use domain::actor::Who;
use domain::ids::{BusinessId, PersonId};
use serde::Serialize;
use uuid::Uuid;

use crate::Store;
use crate::db::{Scope, fetch};
use crate::error::Error;
use crate::moment::written;
use crate::work::by;

/// All that is kept about one person. Personal data: no token and no password is in it.
#[derive(Clone, Debug, Serialize)]
pub struct PersonFile {
    pub name: String,
    pub email: String,
    pub language: Option<String>,
    pub since: String,
    pub sessions: Vec<SessionFile>,
    pub businesses: Vec<MemberFile>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SessionFile {
    pub device: String,
    pub business: String,
    pub created_at: String,
    pub used_at: String,
    pub expires_at: String,
}

/// A business someone belongs to, or did, and what they did there.
#[derive(Clone, Debug, Serialize)]
pub struct MemberFile {
    pub name: String,
    pub slug: String,
    pub role: String,
    pub since: String,
    pub removed_at: Option<String>,
    pub did: Vec<Did>,
}

/// Something they did: what it is, its id, and when.
#[derive(Clone, Debug, Serialize)]
pub struct Did {
    pub what: &'static str,
    pub id: Uuid,
    pub at: String,
}

/// Where it stands what people did, each kind with its statement.
const DONE: [(&str, &str); 9] = [
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
    /// What is kept about a person, in every business of theirs. None if there is no such person.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn person_file(&self, person: PersonId) -> Result<Option<PersonFile>, Error> {
        type Profile = (String, String, Option<String>, DateTime<Utc>);
        type Session = (String, String, DateTime<Utc>, DateTime<Utc>, DateTime<Utc>);
        type Belongs = (Uuid, String, String, String, DateTime<Utc>, Option<DateTime<Utc>>);
        let mut held = self.db.snapshot(Scope::Across).await?;
        let sql = "SELECT name, email, language, created_at FROM people WHERE id = $1";
        let Some((name, email, language, since)) = fetch!(held.conn(), fetch_optional as Profile, sql, person.0)?
        else {
            return Ok(None);
        };
        let sql = "SELECT s.device, b.name, s.created_at, s.used_at, s.expires_at FROM sessions s \
            JOIN businesses b ON b.id = s.business_id WHERE s.person_id = $1 ORDER BY s.created_at, s.id";
        let sessions = fetch!(held.conn(), fetch_all as Session, sql, person.0)?;
        let sql = "SELECT b.id, b.name, b.slug, m.role, m.created_at, m.removed_at FROM members m \
            JOIN businesses b ON b.id = m.business_id WHERE m.person_id = $1 ORDER BY m.created_at, b.id";
        let belongs = fetch!(held.conn(), fetch_all as Belongs, sql, person.0)?;
        let mut businesses = Vec::with_capacity(belongs.len());
        for (business, name, slug, role, since, removed_at) in belongs {
            held.enter(BusinessId(business)).await?;
            let mut did = Vec::new();
            for (what, sql) in DONE {
                let hand = by(Who::Person(person));
                let rows = fetch!(held.conn(), fetch_all as (Uuid, DateTime<Utc>), sql, business, hand)?;
                did.extend(rows.into_iter().map(|(id, at)| Did { what, id, at: written(at) }));
            }
            let (since, removed_at) = (written(since), removed_at.map(written));
            businesses.push(MemberFile { name, slug, role, since, removed_at, did });
        }
        let session = |(device, business, created_at, used_at, expires_at): Session| SessionFile {
            device,
            business,
            created_at: written(created_at),
            used_at: written(used_at),
            expires_at: written(expires_at),
        };
        let sessions = sessions.into_iter().map(session).collect();
        Ok(Some(PersonFile { name, email, language, since: written(since), sessions, businesses }))
    }
}
