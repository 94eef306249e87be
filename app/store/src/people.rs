//! People and their sessions, and the tokens of programs. Passwords come in hashed, tokens are stored hashed.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor, Role, Who};
use domain::business::Language;
use domain::ids::{BusinessId, PersonId, TokenId};
use domain::person::{Email, Newcomer};
use domain::record::Hash;
use domain::text::Line;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::members::{join, role};

/// A signed-in person, acting for one business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    pub actor: Actor,
    pub person: PersonId,
    pub name: String,
    pub language: Option<Language>,
    pub business_name: String,
    pub business_slug: String,
}

/// A session just begun: the token goes into the cookie and is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// A program's token just made: shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    pub id: TokenId,
    pub token: String,
}

const SESSION: TimeDelta = TimeDelta::days(30);

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

    /// Who has this address, and the hash to check the password against.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn credentials(&self, email: &Email) -> Result<Option<(PersonId, String)>, Error> {
        let mut held = self.db.read().await?;
        let sql = "SELECT id, password_hash FROM people WHERE email = $1";
        let row = fetch!(held.conn(), fetch_optional as (Uuid, String), sql, email.as_str())?;
        Ok(row.map(|(id, hash)| (PersonId(id), hash)))
    }

    /// Begins a session in the business a person came to first, and forgets those that are over; None if they belong to none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_session(&self, person: PersonId) -> Result<Option<Session>, Error> {
        let mut held = self.db.begin().await?;
        let sql = "SELECT business_id FROM members WHERE person_id = $1 AND removed_at IS NULL \
            ORDER BY created_at, business_id LIMIT 1";
        let Some((business,)) = fetch!(held.conn(), fetch_optional as (Uuid,), sql, person.0)? else {
            return Ok(None);
        };
        let session = self.session(held.conn(), person, BusinessId(business)).await?;
        held.commit().await?;
        Ok(Some(session))
    }

    /// Begins a session in a business; None if the person does not belong to it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_session_at(&self, person: PersonId, business: BusinessId) -> Result<Option<Session>, Error> {
        let mut held = self.db.begin().await?;
        if role(held.conn(), business, person).await?.is_none() {
            return Ok(None);
        }
        let session = self.session(held.conn(), person, business).await?;
        held.commit().await?;
        Ok(Some(session))
    }

    /// Goes over to another business the person belongs to: a new session, and the one before ends. None if they do not
    /// belong to it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn switch_business(
        &self,
        token: &str,
        person: PersonId,
        business: BusinessId,
    ) -> Result<Option<Session>, Error> {
        let mut held = self.db.begin().await?;
        if role(held.conn(), business, person).await?.is_none() {
            return Ok(None);
        }
        let hash = Hash::of(token.as_bytes());
        run!(held.conn(), "DELETE FROM sessions WHERE token_hash = $1", hash.as_bytes())?;
        let session = self.session(held.conn(), person, business).await?;
        held.commit().await?;
        Ok(Some(session))
    }

    async fn session(&self, mut conn: Conn<'_>, person: PersonId, business: BusinessId) -> Result<Session, Error> {
        let now = self.now();
        let session = Session { token: self.token(), expires_at: now + SESSION };
        let sql = "INSERT INTO sessions (token_hash, person_id, business_id, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5)";
        let hash = Hash::of(session.token.as_bytes());
        run!(conn.again(), sql, hash.as_bytes(), person.0, business.0, now, session.expires_at)?;
        run!(conn, "DELETE FROM sessions WHERE expires_at <= $1", now)?;
        Ok(session)
    }

    /// Who a session's token belongs to, while the session lasts and the person is let in.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn visitor(&self, token: &str) -> Result<Option<Visitor>, Error> {
        type Row = (Uuid, Uuid, String, Option<String>, String, String, String);
        let mut held = self.db.read().await?;
        let sql = "SELECT s.person_id, s.business_id, p.name, p.language, m.role, b.name, b.slug FROM sessions s \
            JOIN members m ON m.person_id = s.person_id AND m.business_id = s.business_id AND m.removed_at IS NULL \
            JOIN people p ON p.id = s.person_id JOIN businesses b ON b.id = s.business_id \
            WHERE s.token_hash = $1 AND s.expires_at > $2";
        let hash = Hash::of(token.as_bytes());
        let row = fetch!(held.conn(), fetch_optional as Row, sql, hash.as_bytes(), self.now())?;
        let visitor = |(person, business, name, language, role, business_name, business_slug): Row| {
            let person = PersonId(person);
            let actor = Actor { business: BusinessId(business), who: Who::Person(person), role: Role::parse(&role)? };
            let language = language.and_then(|code| Language::parse(&code).ok());
            Ok(Visitor { actor, person, name, language, business_name, business_slug })
        };
        row.map(visitor).transpose()
    }

    /// # Errors
    /// The database is unavailable.
    pub async fn end_session(&self, token: &str) -> Result<(), Error> {
        let mut held = self.db.begin().await?;
        let hash = Hash::of(token.as_bytes());
        run!(held.conn(), "DELETE FROM sessions WHERE token_hash = $1", hash.as_bytes())?;
        held.commit().await
    }

    /// The language this person reads.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn choose_language(&self, person: PersonId, language: Language) -> Result<(), Error> {
        let mut held = self.db.begin().await?;
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
        let mut held = self.db.read().await?;
        let sql = "SELECT id, business_id, role FROM tokens WHERE token_hash = $1";
        let hash = Hash::of(token.as_bytes());
        let row = fetch!(held.conn(), fetch_optional as (Uuid, Uuid, String), sql, hash.as_bytes())?;
        let actor = |(id, business, role): (Uuid, Uuid, String)| {
            Ok(Actor { business: BusinessId(business), who: Who::Token(TokenId(id)), role: Role::parse(&role)? })
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
