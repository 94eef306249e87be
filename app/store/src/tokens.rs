//! API tokens of programs: shown once, stored as hashes, valid until they expire or are revoked.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::fault::Faults;
use domain::grant::{Grant, GrantId};
use domain::ids::{BusinessId, TokenId};
use domain::member::MemberError;
use domain::record::Hash;
use domain::rights::Rights;
use domain::role::{Permission, Role};
use domain::site_access::SiteAccess;
use domain::token::{Token, TokenState, state};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::{actor_key, parse_actor_key};
use crate::db::{Conn, execute, fetch};
use crate::error::Error;
use crate::grants;
use crate::page::{Page, clamp_limit};
use crate::sessions::LAST_USED_PRECISION;
use crate::site_access;
use crate::stored_row::StoredRow;

/// A token that was just created. It is shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedToken {
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
    pub site_access: SiteAccess,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// When it was last used, precise to ten minutes.
    pub used_at: Option<DateTime<Utc>>,
    pub state: TokenState,
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
struct TokenAuthRow {
    id: Uuid,
    business_id: Uuid,
    role: String,
    bound: bool,
    made_by: String,
    used_at: Option<DateTime<Utc>>,
}

/// Selects tokens of the business. `$which` is a further condition and the order.
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
    /// Creates a token for a program.
    ///
    /// # Errors
    /// The role does not allow it; there is no such site, or the token's role always has access to all sites; the
    /// database is unavailable.
    pub async fn create_token(&self, actor: &Actor, token: &Token) -> Result<CreatedToken, Error> {
        let mut work = self.unit_of_work(actor, Permission::Administer).await?;
        site_access::require_assignable(&mut work, actor, &token.site_access).await?;
        Rights::new(token.role, token.site_access.clone()).map_err(|fault| Faults::one("reach", fault))?;
        let (id, secret) = (TokenId(work.id()), format!("tm_{}", self.new_secret()));
        let created = CreatedToken { id, token: secret, expires_at: work.now + token.lifetime };
        let sql = "INSERT INTO tokens (id, business_id, role, bound, name, token_hash, made_by, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (hash, now, bound) = (Hash::of(created.token.as_bytes()), work.now, !token.site_access.is_all_sites());
        let (business, role, name) = (actor.business, token.role.name(), token.name.as_str());
        let (hash, author, until) = (hash.as_bytes(), actor_key(actor.principal), created.expires_at);
        execute!(work.conn(), sql, id.0, business.0, role, bound, name, hash, author, now, until)?;
        site_access::replace(work.conn(), business, id.0, &token.site_access).await?;
        work.audit(AuditEvent::TokenCreated, id.0);
        work.commit().await?;
        Ok(created)
    }

    /// A page of tokens, newest first. `before` is the last token of the page before.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn tokens(
        &self,
        actor: &Actor,
        before: Option<TokenId>,
        limit: i64,
    ) -> Result<Page<TokenRow, TokenId>, Error> {
        actor.require(Permission::Administer)?;
        let (business, limit, mut handle) = (actor.business.0, clamp_limit(limit), self.db.read(actor.business).await?);
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(TokenId(id)) => match find_token(handle.conn(), actor.business, TokenId(id)).await? {
                Some(row) => (row.created_at, row.id),
                None => return Ok(Page::empty()),
            },
        };
        let sql = list!("AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4");
        let rows = fetch!(handle.conn(), fetch_all as ListedRow, sql, business, at, id, limit)?;
        let mut access_by_holder = site_access::load_all(handle.conn(), actor.business).await?;
        let into_row = |row: ListedRow| {
            let site_access = site_access::take_from(&mut access_by_holder, row.id, row.bound);
            row.into_row(site_access, self.now())
        };
        let rows = rows.into_iter().map(into_row).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::new(rows, limit, |row| row.id))
    }

    /// A token; `None` if there is none.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn token_by_id(&self, actor: &Actor, id: TokenId) -> Result<Option<TokenRow>, Error> {
        actor.require(Permission::Administer)?;
        let mut handle = self.db.read(actor.business).await?;
        let Some(row) = find_token(handle.conn(), actor.business, id).await? else { return Ok(None) };
        let site_access = site_access::load(handle.conn(), actor.business, id.0, row.bound).await?;
        row.into_row(site_access, self.now()).map(Some)
    }

    /// Revokes a token. `None` if there is none.
    ///
    /// # Errors
    /// The role does not allow it; it was revoked before; the database is unavailable.
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Administer).await?;
        let business = actor.business.0;
        let sql = "SELECT revoked_at IS NOT NULL FROM tokens WHERE business_id = $1 AND id = $2";
        match fetch!(work.conn(), fetch_optional as (bool,), sql, business, id.0)? {
            None => return Ok(None),
            Some((true,)) => return Err(MemberError::NoLongerOpen.into()),
            Some((false,)) => {}
        }
        grants::revoke(&mut work, GrantId::Token(id)).await?;
        work.commit().await?;
        Ok(Some(()))
    }

    /// The program with this token, while it is valid and covered by its maker's rights.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn actor_by_token(&self, token: &str) -> Result<Option<Actor>, Error> {
        let now = self.now();
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT id, business_id, role, bound, made_by, used_at FROM tokens \
            WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2";
        let hash = Hash::of(token.as_bytes());
        let row = fetch!(handle.conn(), fetch_optional as TokenAuthRow, sql, hash.as_bytes(), now)?;
        let Some(row) = row else { return Ok(None) };
        let (id, business) = (TokenId(row.id), BusinessId(row.business_id));
        let site_access = site_access::load(handle.conn(), business, id.0, row.bound).await?;
        let role = StoredRow("tokens", row.id).read("role", Role::parse(&row.role))?;
        let rights = Rights { role, site_access };
        let grant = Grant::Token(rights.clone());
        let maker = StoredRow("tokens", row.id).read("made_by", parse_actor_key(&row.made_by))?;
        if !grants::is_valid(handle.conn(), business, maker, &grant).await? {
            return Ok(None);
        }
        drop(handle);
        if row.used_at.is_none_or(|used| now - used >= LAST_USED_PRECISION) {
            let store = self.clone();
            // In the background: a request must neither wait for this nor fail with it.
            tokio::spawn(async move { store.touch_token(business, id, now).await.ok() });
        }
        Ok(Some(Actor { site_access: rights.site_access, ..Actor::new(business, Principal::Token(id), rights.role) }))
    }

    async fn touch_token(&self, business: BusinessId, id: TokenId, now: DateTime<Utc>) -> Result<(), Error> {
        let mut handle = self.db.begin(business).await?;
        execute!(
            handle.conn(),
            "UPDATE tokens SET used_at = $3 WHERE business_id = $1 AND id = $2",
            business.0,
            id.0,
            now
        )?;
        handle.commit().await
    }
}

async fn find_token(conn: Conn<'_>, business: BusinessId, id: TokenId) -> Result<Option<ListedRow>, Error> {
    let sql = list!("AND id = $2");
    fetch!(conn, fetch_optional as ListedRow, sql, business.0, id.0)
}

impl ListedRow {
    fn into_row(self, site_access: SiteAccess, now: DateTime<Utc>) -> Result<TokenRow, Error> {
        Ok(TokenRow {
            id: TokenId(self.id),
            name: self.name,
            role: StoredRow("tokens", self.id).read("role", Role::parse(&self.role))?,
            site_access,
            created_at: self.created_at,
            expires_at: self.expires_at,
            used_at: self.used_at,
            state: state(self.expires_at, self.revoked, now),
        })
    }
}
