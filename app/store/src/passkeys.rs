//! Passkeys, and what browsers are asked to sign with them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Actor;
use domain::factor::RecoveryCode;
use domain::ids::{PasskeyId, PersonId};
use domain::record::Hash;
use domain::text::Line;
use uuid::Uuid;

use crate::Store;
use crate::audit::Origin;
use crate::db::{Conn, Scope, fetch, run};
use crate::error::Error;
use crate::factors::factors;
use crate::sessions::Session;

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    pub id: PasskeyId,
    pub name: String,
    pub made_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    /// What signatures are checked against, as it was when it last signed.
    pub credential: String,
}

/// How long a browser has to sign.
const LASTS: TimeDelta = TimeDelta::minutes(10);

impl Store {
    /// The passkeys of someone, the oldest first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn passkeys(&self, person: PersonId) -> Result<Vec<PasskeyRow>, Error> {
        type Row = (Uuid, String, DateTime<Utc>, Option<DateTime<Utc>>, String);
        let mut held = self.db.look_up().await?;
        let sql =
            "SELECT id, name, made_at, used_at, credential FROM passkeys WHERE person_id = $1 ORDER BY made_at, id";
        let rows = fetch!(held.conn(), fetch_all as Row, sql, person.0)?;
        let row = |(id, name, made_at, used_at, credential)| PasskeyRow {
            id: PasskeyId(id),
            name,
            made_at,
            used_at,
            credential,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Adds a passkey. The recovery codes made with the first factor.
    ///
    /// # Errors
    /// The key is known already; the database is unavailable.
    pub async fn add_passkey(
        &self,
        actor: &Actor,
        person: PersonId,
        name: &Line,
        credential_id: &[u8],
        credential: &str,
    ) -> Result<Vec<RecoveryCode>, Error> {
        let (id, now) = (self.source.id(), self.now());
        let mut held = self.db.begin(actor.business).await?;
        let before = factors(held.conn(), person).await?;
        let sql = "INSERT INTO passkeys (id, person_id, name, credential_id, credential, made_at) \
            VALUES ($1, $2, $3, $4, $5, $6)";
        run!(held.conn(), sql, id, person.0, name.as_str(), credential_id, credential, now)
            .map_err(|error| error.taken("passkeys_credential_id_key", "passkey"))?;
        let codes = self.after_adding(&mut held, actor, person, before).await?;
        held.commit().await?;
        Ok(codes)
    }

    /// Gives up a passkey. None if there is no such one.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn remove_passkey(&self, actor: &Actor, person: PersonId, id: PasskeyId) -> Result<Option<()>, Error> {
        let mut held = self.db.begin(actor.business).await?;
        if run!(held.conn(), "DELETE FROM passkeys WHERE person_id = $1 AND id = $2", person.0, id.0)? == 0 {
            return Ok(None);
        }
        self.after_removing(&mut held, actor, person).await?;
        held.commit().await?;
        Ok(Some(()))
    }

    /// Signs someone in whose passkey has just signed, where they belong to no business by the invitation they come with. None if the key is theirs no longer, or they are let in nowhere.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn enter_by_passkey(
        &self,
        person: PersonId,
        id: PasskeyId,
        credential: &str,
        invitation: Option<&str>,
        origin: &Origin,
    ) -> Result<Option<Session>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        if !used(held.conn(), person, id, credential, self.now()).await? {
            return Ok(None);
        }
        let session = self.session_somewhere(&mut held, person, invitation, origin).await?;
        held.commit().await?;
        Ok(session)
    }

    /// Keeps what a browser was asked to sign. The token goes to the browser and is not kept.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn challenge(&self, person: Option<PersonId>, state: &str) -> Result<String, Error> {
        let (token, now) = (self.token(), self.now());
        let hash = Hash::of(token.as_bytes());
        let mut held = self.db.begin(Scope::Across).await?;
        run!(held.conn(), "DELETE FROM challenges WHERE expires_at <= $1", now)?;
        let sql = "INSERT INTO challenges (token_hash, person_id, state, expires_at) VALUES ($1, $2, $3, $4)";
        run!(held.conn(), sql, hash.as_bytes(), person.map(|person| person.0), state, now + LASTS)?;
        held.commit().await?;
        Ok(token)
    }

    /// What a browser was asked to sign, once, and by whom if that was known. None if there is no such question.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn take_challenge(&self, token: &str) -> Result<Option<(Option<PersonId>, String)>, Error> {
        type Row = (Option<Uuid>, String, DateTime<Utc>);
        let hash = Hash::of(token.as_bytes());
        let mut held = self.db.begin(Scope::Across).await?;
        let sql = "DELETE FROM challenges WHERE token_hash = $1 RETURNING person_id, state, expires_at";
        let row = fetch!(held.conn(), fetch_optional as Row, sql, hash.as_bytes())?;
        held.commit().await?;
        let open = row.filter(|(_, _, expires_at)| *expires_at > self.now());
        Ok(open.map(|(person, state, _)| (person.map(PersonId), state)))
    }
}

/// Notes that a key has signed; false if it is not this person's.
pub(crate) async fn used(
    conn: Conn<'_>,
    person: PersonId,
    id: PasskeyId,
    credential: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let sql = "UPDATE passkeys SET credential = $3, used_at = $4 WHERE person_id = $1 AND id = $2";
    Ok(run!(conn, sql, person.0, id.0, credential, now)? == 1)
}
