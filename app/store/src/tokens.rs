//! The tokens of programs: shown once, kept hashed, good until they end or are taken back.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor, Reach, Role, Who};
use domain::deed::Deed;
use domain::fault::Faults;
use domain::grant::{Grant, Made};
use domain::ids::{BusinessId, TokenId};
use domain::member::{Refused, Rights};
use domain::record::Hash;
use domain::token::{State, Token, state};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::grants;
use crate::listed::{Listed, at_most};
use crate::reaches;
use crate::sessions::NOTED;
use crate::work::by;

/// A program's token just made: shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenMade {
    pub id: TokenId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// A token as the owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    pub id: TokenId,
    pub name: String,
    pub role: Role,
    pub reach: Reach,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to within ten minutes.
    pub used_at: Option<DateTime<Utc>>,
    pub state: State,
}

#[derive(FromRow)]
struct ListedRow {
    id: Uuid,
    name: String,
    role: String,
    bound: bool,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    revoked: bool,
}

#[derive(FromRow)]
struct BearerRow {
    id: Uuid,
    business_id: Uuid,
    role: String,
    bound: bool,
    made_by: String,
    used_at: Option<DateTime<Utc>>,
}

/// Tokens of the business, which of them and in what order.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT id, name, role, bound, created_at, expires_at, used_at, revoked_at IS NOT NULL AS revoked \
             FROM tokens WHERE business_id = $1 ",
            $which
        )
    };
}

impl Store {
    /// Makes a token for a program.
    ///
    /// # Errors
    /// The role does not allow it; no such site, or its role reaches everything; the database is unavailable.
    pub async fn create_token(&self, actor: &Actor, token: &Token) -> Result<TokenMade, Error> {
        let mut work = self.work(actor, Act::Govern).await?;
        reaches::allow(&mut work, actor, &token.reach).await?;
        Rights::of(token.role, token.reach.clone()).map_err(|fault| Faults::one("reach", fault))?;
        let (id, secret) = (TokenId(work.id()), format!("tm_{}", self.token()));
        let made = TokenMade { id, token: secret, expires_at: work.now + token.lasts };
        let sql = "INSERT INTO tokens (id, business_id, role, bound, name, token_hash, made_by, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (hash, now, bound) = (Hash::of(made.token.as_bytes()), work.now, !token.reach.is_everywhere());
        let (business, role, name) = (actor.business, token.role.name(), token.name.as_str());
        let (hash, hand, until) = (hash.as_bytes(), by(actor.who), made.expires_at);
        run!(work.conn(), sql, id.0, business.0, role, bound, name, hash, hand, now, until)?;
        reaches::set(work.conn(), business, id.0, &token.reach).await?;
        work.note(Deed::TokenMade, id.0);
        work.commit().await?;
        Ok(made)
    }

    /// The tokens of the business, newest first: those before a token of an earlier page, or from now on back.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn tokens(
        &self,
        actor: &Actor,
        before: Option<TokenId>,
        most: i64,
    ) -> Result<Listed<TokenRow, TokenId>, Error> {
        actor.permit(Act::Govern)?;
        let (business, most, mut held) = (actor.business.0, at_most(most), self.db.read(actor.business).await?);
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(TokenId(id)) => match listed(held.conn(), actor.business, TokenId(id)).await? {
                Some(row) => (row.created_at, row.id),
                None => return Ok(Listed::nothing()),
            },
        };
        let sql = list!("AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4");
        let rows = fetch!(held.conn(), fetch_all as ListedRow, sql, business, at, id, most)?;
        let mut reaches = reaches::all(held.conn(), actor.business).await?;
        let seen = |row: ListedRow| {
            let reach = reaches::among(&mut reaches, row.id, row.bound);
            row.seen(reach, self.now())
        };
        let rows = rows.into_iter().map(seen).collect::<Result<Vec<_>, _>>()?;
        Ok(Listed::page(rows, most, |row| row.id))
    }

    /// One token; None if there is no such one.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn token_of(&self, actor: &Actor, id: TokenId) -> Result<Option<TokenRow>, Error> {
        actor.permit(Act::Govern)?;
        let mut held = self.db.read(actor.business).await?;
        let Some(row) = listed(held.conn(), actor.business, id).await? else { return Ok(None) };
        let reach = reaches::of(held.conn(), actor.business, id.0, row.bound).await?;
        row.seen(reach, self.now()).map(Some)
    }

    /// Takes a token back, at once. None if there is no such one.
    ///
    /// # Errors
    /// The role does not allow it; it was taken back already; the database is unavailable.
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Govern).await?;
        let business = actor.business.0;
        let sql = "SELECT revoked_at IS NOT NULL FROM tokens WHERE business_id = $1 AND id = $2";
        match fetch!(work.conn(), fetch_optional as (bool,), sql, business, id.0)? {
            None => return Ok(None),
            Some((true,)) => return Err(Refused::Over.into()),
            Some((false,)) => {}
        }
        grants::end(&mut work, Made::Token(id)).await?;
        work.commit().await?;
        Ok(Some(()))
    }

    /// The program that bears this token, while it is good and its maker may still give it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn bearer(&self, token: &str) -> Result<Option<Actor>, Error> {
        let now = self.now();
        let mut held = self.db.look_up().await?;
        let sql = "SELECT id, business_id, role, bound, made_by, used_at FROM tokens \
            WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2";
        let hash = Hash::of(token.as_bytes());
        let row = fetch!(held.conn(), fetch_optional as BearerRow, sql, hash.as_bytes(), now)?;
        drop(held);
        let Some(row) = row else { return Ok(None) };
        let (id, business) = (TokenId(row.id), BusinessId(row.business_id));
        let mut held = self.db.read(business).await?;
        let reach = reaches::of(held.conn(), business, id.0, row.bound).await?;
        let rights = Rights { role: Role::parse(&row.role)?, reach };
        let grant = Grant::Token(rights.clone());
        if !grants::holds(held.conn(), business, &row.made_by, &grant).await? {
            return Ok(None);
        }
        drop(held);
        if row.used_at.is_none_or(|used| now - used >= NOTED) {
            let store = self.clone();
            // No program waits for it, or goes without when nothing can be written.
            tokio::spawn(async move { store.note_token(business, id, now).await.ok() });
        }
        Ok(Some(Actor { reach: rights.reach, ..Actor::of(business, Who::Token(id), rights.role) }))
    }

    async fn note_token(&self, business: BusinessId, id: TokenId, now: DateTime<Utc>) -> Result<(), Error> {
        let mut held = self.db.begin(business).await?;
        run!(held.conn(), "UPDATE tokens SET used_at = $3 WHERE business_id = $1 AND id = $2", business.0, id.0, now)?;
        held.commit().await
    }
}

async fn listed(conn: Conn<'_>, business: BusinessId, id: TokenId) -> Result<Option<ListedRow>, Error> {
    let sql = list!("AND id = $2");
    fetch!(conn, fetch_optional as ListedRow, sql, business.0, id.0)
}

impl ListedRow {
    fn seen(self, reach: Reach, now: DateTime<Utc>) -> Result<TokenRow, Error> {
        Ok(TokenRow {
            id: TokenId(self.id),
            name: self.name,
            role: Role::parse(&self.role)?,
            reach,
            created_at: self.created_at,
            expires_at: self.expires_at,
            used_at: self.used_at,
            state: state(self.expires_at, self.revoked, now),
        })
    }
}
