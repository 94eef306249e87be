//! People who sign in, and the words nobody guesses.

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor};
use domain::business::Language;
use domain::deed::Deed;
use domain::fault::Faults;
use domain::ids::PersonId;
use domain::member::Rights;
use domain::person::{Email, Newcomer};
use domain::record::Hash;
use domain::text::Line;

use crate::Store;
use crate::db::{Conn, Scope, run};
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
    let sql = "INSERT INTO people (id, email, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)";
    run!(conn, sql, id.0, email.as_str(), name.as_str(), password_hash, now)
        .map_err(|error| error.taken("people_email_key", "email"))?;
    Ok(())
}
