//! People who sign in, and the words nobody guesses.

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor};
use domain::business::Language;
use domain::deed::Deed;
use domain::fault::Faults;
use domain::identity::Identity;
use domain::ids::PersonId;
use domain::member::Rights;
use domain::person::{Email, Newcomer};
use domain::record::Hash;
use domain::text::Line;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, Scope, fetch, run};
use crate::error::Error;
use crate::members::join;
use crate::reaches;

impl Store {
    /// Lets someone in.
    ///
    /// # Errors
    /// The role does not allow it; no such site, or the role reaches everything; the address is taken; the database is
    /// unavailable.
    pub async fn add_person(&self, actor: &Actor, newcomer: &Newcomer, password_hash: &str) -> Result<PersonId, Error> {
        let mut work = self.work(actor, Act::Govern).await?;
        let (id, now) = (PersonId(work.id()), work.now);
        insert(work.conn(), id, &newcomer.name, &newcomer.email, password_hash, now).await?;
        reaches::allow(&mut work, actor, &newcomer.reach).await?;
        let rights = Rights::of(newcomer.role, newcomer.reach.clone()).map_err(|fault| Faults::one("reach", fault))?;
        join(work.conn(), actor.business, id, &rights, now).await?;
        work.note(Deed::PersonJoined, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// The language this person reads.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn choose_language(&self, person: PersonId, language: Language) -> Result<(), Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        run!(held.conn(), "UPDATE people SET language = $2 WHERE id = $1", person.0, language.code())?;
        held.commit().await
    }

    /// Sixty-four hexadecimal digits that nobody guesses.
    pub(crate) fn token(&self) -> String {
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
    let identity = Identity::of_address(email);
    run!(conn, sql, id.0, email.as_str(), identity.as_str(), name.as_str(), password_hash, now)
        .map_err(|error| error.taken("people_email_key", "email").taken("people_identity_twin_key", "email"))?;
    Ok(())
}

/// Who has an address, however it is spelled. Where two accounts have it, the one that is spelled so, or the older one.
pub(crate) async fn with_address(conn: Conn<'_>, email: &Email) -> Result<Option<Uuid>, Error> {
    let sql = "SELECT id FROM people WHERE identity = $1 ORDER BY email <> $2, twin LIMIT 1";
    let identity = Identity::of_address(email);
    let row = fetch!(conn, fetch_optional as (Uuid,), sql, identity.as_str(), email.as_str())?;
    Ok(row.map(|(id,)| id))
}

/// Fills in the identity of those who were here before there was one. Later accounts of one address become its twins.
pub(crate) async fn identify(mut conn: Conn<'_>) -> Result<(), Error> {
    let sql = "SELECT id, email FROM people WHERE identity IS NULL ORDER BY created_at, id";
    for (id, email) in fetch!(conn.again(), fetch_all as (Uuid, String), sql)? {
        let identity = Email::parse(&email).map_or(email, |email| Identity::of_address(&email).as_str().to_owned());
        let sql = "UPDATE people SET identity = $2, twin = (SELECT COUNT(*) FROM people WHERE identity = $2) \
            WHERE id = $1 AND identity IS NULL";
        run!(conn.again(), sql, id, identity)?;
    }
    Ok(())
}
