//! Password hashes: looked up for verification, changed by their owner, and reset by a private link.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Principal;
use domain::audit::AuditEvent;
use domain::identity::Identity;
use domain::ids::PersonId;
use domain::member::MemberError;
use domain::person::Email;
use domain::record::Hash;
use uuid::Uuid;

use crate::Store;
use crate::audit::{ClientInfo, NewAuditEntry};
use crate::db::{Conn, TenantScope, execute, fetch};
use crate::error::Error;
use crate::people;
use crate::sessions::{NewSession, Session};

/// How long the link to reset a password can be used.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// The link to reset a password. Only the hash of its token is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordReset {
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// The accounts with this address, however it is spelled, and their password hashes. There is more than one if
    /// accounts were made under two spellings before these were known to be one address. Each has its own password. The
    /// account whose spelling was typed comes first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn credentials(&self, email: &Email) -> Result<Vec<(PersonId, String)>, Error> {
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT id, password_hash FROM people WHERE identity = $1 ORDER BY email <> $2, twin";
        let identity = Identity::from_email(email);
        let rows = fetch!(handle.conn(), fetch_all as (Uuid, String), sql, identity.as_str(), email.as_str())?;
        Ok(rows.into_iter().map(|(id, hash)| (PersonId(id), hash)).collect())
    }

    /// The address and the password hash of a person.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn password_of(&self, person: PersonId) -> Result<Option<(String, String)>, Error> {
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT email, password_hash FROM people WHERE id = $1";
        fetch!(handle.conn(), fetch_optional as (String, String), sql, person.0)
    }

    /// Changes the password of the person with this session token. All their sessions end, and a new one begins. `None`
    /// if nobody is signed in with this token.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn change_password(
        &self,
        token: &str,
        hash: &str,
        origin: &ClientInfo,
    ) -> Result<Option<Session>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let sql = "SELECT person_id, business_id FROM sessions \
            WHERE token_hash = $1 AND expires_at > $2 AND device_id IS NULL";
        let (known, now) = (Hash::of(token.as_bytes()), self.now());
        let row = fetch!(handle.conn(), fetch_optional as (Uuid, Uuid), sql, known.as_bytes(), now)?;
        let Some((person, business)) = row else { return Ok(None) };
        replace_password(handle.conn(), PersonId(person), hash).await?;
        let session = self.open_session(&mut handle, NewSession::of(PersonId(person), business.into()), origin).await?;
        let entry =
            NewAuditEntry::new(Principal::Person(PersonId(person)), AuditEvent::PasswordChanged, None, origin.from);
        self.write_audit_entry(handle.conn(), business.into(), entry).await?;
        handle.commit().await?;
        Ok(Some(session))
    }

    /// Makes a link to reset a password; earlier ones end. `None` if nobody has this address.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn create_password_reset(&self, email: &Email) -> Result<Option<PasswordReset>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let Some(person) = people::find_by_email(handle.conn(), email).await? else { return Ok(None) };
        let now = self.now();
        execute!(handle.conn(), "DELETE FROM resets WHERE person_id = $1", person)?;
        let reset = PasswordReset { token: self.new_secret(), expires_at: now + LIFETIME };
        let hash = Hash::of(reset.token.as_bytes());
        let sql = "INSERT INTO resets (token_hash, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
        execute!(handle.conn(), sql, hash.as_bytes(), person, now, reset.expires_at)?;
        handle.commit().await?;
        Ok(Some(reset))
    }

    /// The address that a link is for, and whether the link can still be used. `None` if there is no such link.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn password_reset(&self, link: &str) -> Result<Option<(String, bool)>, Error> {
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT p.email, r.used_at IS NULL AND r.expires_at > $2 FROM resets r \
            JOIN people p ON p.id = r.person_id WHERE r.token_hash = $1";
        let hash = Hash::of(link.as_bytes());
        fetch!(handle.conn(), fetch_optional as (String, bool), sql, hash.as_bytes(), self.now())
    }

    /// Resets the password, once. All sessions of the person end. `None` if there is no such link.
    ///
    /// # Errors
    /// The link was used or has expired; the database is unavailable.
    pub async fn reset_password(&self, link: &str, hash: &str, origin: &ClientInfo) -> Result<Option<PersonId>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let (known, now) = (Hash::of(link.as_bytes()), self.now());
        let sql = "SELECT person_id FROM resets WHERE token_hash = $1";
        let Some((person,)) = fetch!(handle.conn(), fetch_optional as (Uuid,), sql, known.as_bytes())? else {
            return Ok(None);
        };
        let sql = "UPDATE resets SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
        if execute!(handle.conn(), sql, known.as_bytes(), now)? == 0 {
            return Err(MemberError::NoLongerOpen.into());
        }
        replace_password(handle.conn(), PersonId(person), hash).await?;
        let entry =
            NewAuditEntry::new(Principal::Person(PersonId(person)), AuditEvent::PasswordChanged, None, origin.from);
        self.audit_in_all_businesses(&mut handle, PersonId(person), entry).await?;
        handle.commit().await?;
        Ok(Some(PersonId(person)))
    }
}

/// Replaces the password, and ends all sessions, pending sign-ins and links to reset it.
async fn replace_password(mut conn: Conn<'_>, person: PersonId, hash: &str) -> Result<(), Error> {
    execute!(conn.reborrow(), "UPDATE people SET password_hash = $2 WHERE id = $1", person.0, hash)?;
    execute!(conn.reborrow(), "DELETE FROM sign_ins WHERE person_id = $1", person.0)?;
    execute!(conn.reborrow(), "DELETE FROM resets WHERE person_id = $1 AND used_at IS NULL", person.0)?;
    execute!(conn, "DELETE FROM sessions WHERE person_id = $1", person.0)?;
    Ok(())
}
