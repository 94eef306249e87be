//! Passwords, which come in hashed: looked up to be checked, changed by their owner, set anew by a private link.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Who;
use domain::deed::Deed;
use domain::identity::Identity;
use domain::ids::PersonId;
use domain::member::Refused;
use domain::person::Email;
use domain::record::Hash;
use uuid::Uuid;

use crate::Store;
use crate::audit::{Note, Origin};
use crate::db::{Conn, Scope, fetch, run};
use crate::error::Error;
use crate::people;
use crate::sessions::{New, Session};

/// How long a link to set a password anew can be used.
const LASTS: TimeDelta = TimeDelta::hours(24);

/// A link to set a password anew, just made: it is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// Who has this address, however it is spelled, and the hashes to check the password against. There is more than one
    /// where accounts were made under two spellings before these were known to be one address: each opens with its own
    /// password, and the one that is spelled as was typed comes first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn credentials(&self, email: &Email) -> Result<Vec<(PersonId, String)>, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT id, password_hash FROM people WHERE identity = $1 ORDER BY email <> $2, twin";
        let identity = Identity::of_address(email);
        let rows = fetch!(held.conn(), fetch_all as (Uuid, String), sql, identity.as_str(), email.as_str())?;
        Ok(rows.into_iter().map(|(id, hash)| (PersonId(id), hash)).collect())
    }

    /// The address someone signs in with, and the hash to check their password against.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn password_of(&self, person: PersonId) -> Result<Option<(String, String)>, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT email, password_hash FROM people WHERE id = $1";
        fetch!(held.conn(), fetch_optional as (String, String), sql, person.0)
    }

    /// Changes a password from within a session: every session of the person ends, and this one goes on under a new token.
    /// None if nobody is signed in by this token.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn change_password(&self, token: &str, hash: &str, origin: &Origin) -> Result<Option<Session>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        let sql = "SELECT person_id, business_id FROM sessions \
            WHERE token_hash = $1 AND expires_at > $2 AND device_id IS NULL";
        let (known, now) = (Hash::of(token.as_bytes()), self.now());
        let row = fetch!(held.conn(), fetch_optional as (Uuid, Uuid), sql, known.as_bytes(), now)?;
        let Some((person, business)) = row else { return Ok(None) };
        set(held.conn(), PersonId(person), hash).await?;
        let session = self.session(&mut held, New::of(PersonId(person), business.into()), origin).await?;
        let note = Note::new(Who::Person(PersonId(person)), Deed::PasswordChanged, None, origin.from);
        self.note(held.conn(), business.into(), note).await?;
        held.commit().await?;
        Ok(Some(session))
    }

    /// Makes a link to set a password anew; the ones before it end. None if nobody has this address.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn reset_link(&self, email: &Email) -> Result<Option<Reset>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        let Some(person) = people::with_address(held.conn(), email).await? else { return Ok(None) };
        let now = self.now();
        run!(held.conn(), "DELETE FROM resets WHERE person_id = $1", person)?;
        let made = Reset { token: self.token(), expires_at: now + LASTS };
        let hash = Hash::of(made.token.as_bytes());
        let sql = "INSERT INTO resets (token_hash, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
        run!(held.conn(), sql, hash.as_bytes(), person, now, made.expires_at)?;
        held.commit().await?;
        Ok(Some(made))
    }

    /// Whether a link can still be used, and the address it is for; None if there is no such link.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn reset(&self, link: &str) -> Result<Option<(String, bool)>, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT p.email, r.used_at IS NULL AND r.expires_at > $2 FROM resets r \
            JOIN people p ON p.id = r.person_id WHERE r.token_hash = $1";
        let hash = Hash::of(link.as_bytes());
        fetch!(held.conn(), fetch_optional as (String, bool), sql, hash.as_bytes(), self.now())
    }

    /// Sets the password anew, once; every session of the person ends. None if there is no such link.
    ///
    /// # Errors
    /// The link was used or has run out; the database is unavailable.
    pub async fn reset_password(&self, link: &str, hash: &str, origin: &Origin) -> Result<Option<PersonId>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        let (known, now) = (Hash::of(link.as_bytes()), self.now());
        let sql = "SELECT person_id FROM resets WHERE token_hash = $1";
        let Some((person,)) = fetch!(held.conn(), fetch_optional as (Uuid,), sql, known.as_bytes())? else {
            return Ok(None);
        };
        let sql = "UPDATE resets SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
        if run!(held.conn(), sql, known.as_bytes(), now)? == 0 {
            return Err(Refused::Over.into());
        }
        set(held.conn(), PersonId(person), hash).await?;
        let note = Note::new(Who::Person(PersonId(person)), Deed::PasswordChanged, None, origin.from);
        self.note_everywhere(&mut held, PersonId(person), note).await?;
        held.commit().await?;
        Ok(Some(PersonId(person)))
    }
}

/// With the old password goes all that it opened, and every other way to a new one.
async fn set(mut conn: Conn<'_>, person: PersonId, hash: &str) -> Result<(), Error> {
    run!(conn.again(), "UPDATE people SET password_hash = $2 WHERE id = $1", person.0, hash)?;
    run!(conn.again(), "DELETE FROM sign_ins WHERE person_id = $1", person.0)?;
    run!(conn.again(), "DELETE FROM resets WHERE person_id = $1 AND used_at IS NULL", person.0)?;
    run!(conn, "DELETE FROM sessions WHERE person_id = $1", person.0)?;
    Ok(())
}
