//! People who sign in.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::business::Language;
use domain::fault::Faults;
use domain::identity::Identity;
use domain::ids::PersonId;
use domain::person::{Email, NewMember};
use domain::record::Hash;
use domain::rights::Rights;
use domain::role::Permission;
use domain::text::Line;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, TenantScope, execute, fetch};
use crate::error::Error;
use crate::rights::join;
use crate::site_access;

impl Store {
    /// Creates a person, and makes them a member.
    ///
    /// # Errors
    /// The role does not allow it; there is no such site, or the new role always has access to all sites; the address
    /// is taken; the database is unavailable.
    pub async fn add_person(
        &self,
        actor: &Actor,
        newcomer: &NewMember,
        password_hash: &str,
    ) -> Result<PersonId, Error> {
        let mut work = self.unit_of_work(actor, Permission::Administer).await?;
        let (id, now) = (PersonId(work.id()), work.now);
        insert(work.conn(), id, &newcomer.name, &newcomer.email, password_hash, now).await?;
        site_access::require_assignable(&mut work, actor, &newcomer.site_access).await?;
        let rights =
            Rights::new(newcomer.role, newcomer.site_access.clone()).map_err(|fault| Faults::one("reach", fault))?;
        join(work.conn(), actor.business, id, &rights, now).await?;
        work.audit(AuditEvent::PersonJoined, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// Sets the language of a person.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn set_language(&self, person: PersonId, language: Language) -> Result<(), Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        execute!(handle.conn(), "UPDATE people SET language = $2 WHERE id = $1", person.0, language.code())?;
        handle.commit().await
    }

    /// A random token of 64 hexadecimal digits.
    pub(crate) fn new_secret(&self) -> String {
        Hash::of(&self.source.bytes()).to_string()
    }
}

pub(crate) async fn insert(
    conn: Conn<'_>,
    id: PersonId,
    name: &Line,
    email: &Email,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let sql =
        "INSERT INTO people (id, email, identity, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    let identity = Identity::from_email(email);
    execute!(conn, sql, id.0, email.as_str(), identity.as_str(), name.as_str(), password_hash, now).map_err(
        |error| error.or_field_taken("people_email_key", "email").or_field_taken("people_identity_twin_key", "email"),
    )?;
    Ok(())
}

/// The person with this address, however it is spelled. If two accounts have it, the one with this spelling, or the
/// older one.
pub(crate) async fn find_by_email(conn: Conn<'_>, email: &Email) -> Result<Option<Uuid>, Error> {
    let sql = "SELECT id FROM people WHERE identity = $1 ORDER BY email <> $2, twin LIMIT 1";
    let identity = Identity::from_email(email);
    let row = fetch!(conn, fetch_optional as (Uuid,), sql, identity.as_str(), email.as_str())?;
    Ok(row.map(|(id,)| id))
}

/// Computes the identities of people that have none yet. Later accounts with the same address get a higher `twin`
/// number.
pub(crate) async fn fill_identities(mut conn: Conn<'_>) -> Result<(), Error> {
    let sql = "SELECT id, email FROM people WHERE identity IS NULL ORDER BY created_at, id";
    for (id, email) in fetch!(conn.reborrow(), fetch_all as (Uuid, String), sql)? {
        let identity = Email::parse(&email).map_or(email, |email| Identity::from_email(&email).as_str().to_owned());
        let sql = "UPDATE people SET identity = $2, twin = (SELECT COUNT(*) FROM people WHERE identity = $2) \
            WHERE id = $1 AND identity IS NULL";
        execute!(conn.reborrow(), sql, id, identity)?;
    }
    Ok(())
}
