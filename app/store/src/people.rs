//! People, and the tokens of programs, which are stored hashed.

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor, Role, Who};
use domain::business::Language;
use domain::ids::{BusinessId, PersonId, TokenId};
use domain::person::{Email, Newcomer};
use domain::record::Hash;
use domain::text::Line;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, Scope, fetch, run};
use crate::error::Error;
use crate::members::join;

/// A program's token just made: shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    pub id: TokenId,
    pub token: String,
}

impl Store {
    /// Lets someone in.
    ///
    /// # Errors
    /// The role does not allow it; the address is taken; the database is unavailable.
    pub async fn add_person(&self, actor: &Actor, newcomer: &Newcomer, password_hash: &str) -> Result<PersonId, Error> {
        let mut work = self.work(actor, Act::Govern).await?;
        let (id, now) = (PersonId(work.id()), work.now);
        insert(work.conn(), id, &newcomer.name, &newcomer.email, password_hash, now).await?;
        join(work.conn(), actor.business, id, newcomer.role, now).await?;
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

    /// Makes a token for a program.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn create_token(&self, actor: &Actor, role: Role, name: &Line) -> Result<TokenRow, Error> {
        let mut work = self.work(actor, Act::Govern).await?;
        let made = TokenRow { id: TokenId(work.id()), token: format!("tm_{}", self.token()) };
        let sql =
            "INSERT INTO tokens (id, business_id, role, name, token_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let (hash, now) = (Hash::of(made.token.as_bytes()), work.now);
        run!(work.conn(), sql, made.id.0, actor.business.0, role.name(), name.as_str(), hash.as_bytes(), now)?;
        work.commit().await?;
        Ok(made)
    }

    /// The program that bears this token.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn bearer(&self, token: &str) -> Result<Option<Actor>, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT id, business_id, role FROM tokens WHERE token_hash = $1";
        let hash = Hash::of(token.as_bytes());
        let row = fetch!(held.conn(), fetch_optional as (Uuid, Uuid, String), sql, hash.as_bytes())?;
        let actor = |(id, business, role): (Uuid, Uuid, String)| {
            Ok(Actor::of(BusinessId(business), Who::Token(TokenId(id)), Role::parse(&role)?))
        };
        row.map(actor).transpose()
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
