//! Passkeys, and the challenges that browsers sign with them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Actor;
use domain::factor::RecoveryCode;
use domain::ids::{PasskeyId, PersonId};
use domain::record::Hash;
use domain::text::Line;
use uuid::Uuid;

use crate::Store;
use crate::audit::ClientInfo;
use crate::db::{TenantScope, execute, fetch};
use crate::error::Error;
use crate::factor_rows::{factors, passkey_used};
use crate::sessions::Session;

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    pub id: PasskeyId,
    pub name: String,
    pub made_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    /// The credential that signatures are verified against, as of its last use.
    pub credential: String,
}

/// How long a challenge can be signed.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

impl Store {
    /// The passkeys of a person, the oldest first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn passkeys(&self, person: PersonId) -> Result<Vec<PasskeyRow>, Error> {
        type Row = (Uuid, String, DateTime<Utc>, Option<DateTime<Utc>>, String);
        let mut handle = self.db.look_up().await?;
        let sql =
            "SELECT id, name, made_at, used_at, credential FROM passkeys WHERE person_id = $1 ORDER BY made_at, id";
        let rows = fetch!(handle.conn(), fetch_all as Row, sql, person.0)?;
        let row = |(id, name, made_at, used_at, credential)| PasskeyRow {
            id: PasskeyId(id),
            name,
            made_at,
            used_at,
            credential,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Adds a passkey. Returns the recovery codes that come with the first factor.
    ///
    /// # Errors
    /// The passkey exists already; the database is unavailable.
    pub async fn add_passkey(
        &self,
        actor: &Actor,
        person: PersonId,
        name: &Line,
        credential_id: &[u8],
        credential: &str,
    ) -> Result<Vec<RecoveryCode>, Error> {
        let (id, now) = (self.source.id(), self.now());
        let mut handle = self.db.begin(actor.business).await?;
        let before = factors(handle.conn(), person).await?;
        let sql = "INSERT INTO passkeys (id, person_id, name, credential_id, credential, made_at) \
            VALUES ($1, $2, $3, $4, $5, $6)";
        execute!(handle.conn(), sql, id, person.0, name.as_str(), credential_id, credential, now)
            .map_err(|error| error.or_field_taken("passkeys_credential_id_key", "passkey"))?;
        let codes = self.factor_added(&mut handle, actor, person, before).await?;
        handle.commit().await?;
        Ok(codes)
    }

    /// Removes a passkey. `None` if there is none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn remove_passkey(&self, actor: &Actor, person: PersonId, id: PasskeyId) -> Result<Option<()>, Error> {
        let mut handle = self.db.begin(actor.business).await?;
        if execute!(handle.conn(), "DELETE FROM passkeys WHERE person_id = $1 AND id = $2", person.0, id.0)? == 0 {
            return Ok(None);
        }
        self.factor_removed(&mut handle, actor, person).await?;
        handle.commit().await?;
        Ok(Some(()))
    }

    /// Opens a session for a person whose passkey has just signed. A person without a business joins by the invitation
    /// they come with.
    /// `None` if the passkey was removed, or the person belongs to no business.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn sign_in_with_passkey(
        &self,
        person: PersonId,
        id: PasskeyId,
        credential: &str,
        invitation: Option<&str>,
        origin: &ClientInfo,
    ) -> Result<Option<Session>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        if !passkey_used(handle.conn(), person, id, credential, self.now()).await? {
            return Ok(None);
        }
        let session = self.open_first_session(&mut handle, person, invitation, origin).await?;
        handle.commit().await?;
        Ok(session)
    }

    /// Stores a challenge. Returns the token for the browser; only its hash is stored.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn challenge(&self, person: Option<PersonId>, state: &str) -> Result<String, Error> {
        let (token, now) = (self.new_secret(), self.now());
        let hash = Hash::of(token.as_bytes());
        let mut handle = self.db.begin(TenantScope::Across).await?;
        execute!(handle.conn(), "DELETE FROM challenges WHERE expires_at <= $1", now)?;
        let sql = "INSERT INTO challenges (token_hash, person_id, state, expires_at) VALUES ($1, $2, $3, $4)";
        execute!(handle.conn(), sql, hash.as_bytes(), person.map(|person| person.0), state, now + LIFETIME)?;
        handle.commit().await?;
        Ok(token)
    }

    /// Takes a challenge, once, with the person it is for, if that was known. `None` if there is none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn take_challenge(&self, token: &str) -> Result<Option<(Option<PersonId>, String)>, Error> {
        type Row = (Option<Uuid>, String, DateTime<Utc>);
        let hash = Hash::of(token.as_bytes());
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let sql = "DELETE FROM challenges WHERE token_hash = $1 RETURNING person_id, state, expires_at";
        let row = fetch!(handle.conn(), fetch_optional as Row, sql, hash.as_bytes())?;
        handle.commit().await?;
        let open = row.filter(|(_, _, expires_at)| *expires_at > self.now());
        Ok(open.map(|(person, state, _)| (person.map(PersonId), state)))
    }
}
