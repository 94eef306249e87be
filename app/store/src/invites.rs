//! Invitations: made by members, used once by the person with the link.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::business::Language;
use domain::fault::Faults;
use domain::grant::{Grant, GrantId};
use domain::ids::{BusinessId, InviteId, PersonId};
use domain::invite::{INVITE_TTL, Invite, InviteLifecycle, InviteState};
use domain::member::MemberError;
use domain::person::NewAccount;
use domain::record::Hash;
use domain::rights::Rights;
use domain::role::{Permission, Role};
use domain::site_access::SiteAccess;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::{actor_key, parse_actor_key};
use crate::audit::NewAuditEntry;
use crate::db::{Conn, DbHandle, TenantScope, execute, fetch};
use crate::error::Error;
use crate::grants;
use crate::page::{Page, clamp_limit};
use crate::people;
use crate::rights;
use crate::site_access;
use crate::stored_row::StoredRow;

/// An invitation as members see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRow {
    pub id: InviteId,
    pub name: String,
    pub role: Role,
    pub site_access: SiteAccess,
    pub expires_at: DateTime<Utc>,
    pub state: InviteState,
}

/// An invitation that was just made. The token goes into the link; only its hash is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedInvite {
    pub id: InviteId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// What the link of an invitation shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteLink {
    pub id: InviteId,
    pub business: BusinessId,
    pub business_name: String,
    pub language: Language,
    /// The name of the invited person, as members entered it.
    pub name: String,
    pub role: Role,
    pub state: InviteState,
}

#[derive(FromRow)]
struct ListedRow {
    id: Uuid,
    name: String,
    role: String,
    bound: bool,
    made_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    used: bool,
    revoked: bool,
}

#[derive(FromRow)]
struct LinkRow {
    id: Uuid,
    business_id: Uuid,
    business_name: String,
    language: String,
    name: String,
    role: String,
    expires_at: DateTime<Utc>,
    used: bool,
    revoked: bool,
}

/// Selects invitations of the business. `$which` is a further condition and the order.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT id, name, role, bound, made_at, expires_at, used_at IS NOT NULL AS used, \
             revoked_at IS NOT NULL AS revoked FROM invites WHERE business_id = $1 ",
            $which
        )
    };
}

impl Store {
    /// Makes an invitation.
    ///
    /// # Errors
    /// The role does not allow it; the invitation exceeds the actor's rights; there is no such site; the database is
    /// unavailable.
    pub async fn create_invite(&self, actor: &Actor, invite: &Invite) -> Result<CreatedInvite, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        site_access::require_assignable(&mut work, actor, &invite.site_access).await?;
        let rights =
            Rights::new(invite.role, invite.site_access.clone()).map_err(|fault| Faults::one("reach", fault))?;
        actor.rights().give(&rights)?;
        let created =
            CreatedInvite { id: InviteId(work.id()), token: self.new_secret(), expires_at: work.now + INVITE_TTL };
        let sql = "INSERT INTO invites (id, business_id, name, role, bound, token_hash, made_by, made_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (hash, author, now) = (Hash::of(created.token.as_bytes()), actor_key(actor.principal), work.now);
        let (business, name, role) = (actor.business, invite.name.as_str(), invite.role.name());
        let (bound, hash, until) = (!invite.site_access.is_all_sites(), hash.as_bytes(), created.expires_at);
        execute!(work.conn(), sql, created.id.0, business.0, name, role, bound, hash, author, now, until)?;
        site_access::replace(work.conn(), business, created.id.0, &invite.site_access).await?;
        work.audit(AuditEvent::PersonInvited, created.id.0);
        work.commit().await?;
        Ok(created)
    }

    /// A page of invitations, newest first. `before` is the last invitation of the page before.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn invites(
        &self,
        actor: &Actor,
        before: Option<InviteId>,
        limit: i64,
    ) -> Result<Page<InviteRow, InviteId>, Error> {
        actor.require(Permission::Invite)?;
        let (business, limit, mut handle) = (actor.business.0, clamp_limit(limit), self.db.read(actor.business).await?);
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(id) => match find_invite(handle.conn(), actor.business, id).await? {
                Some(row) => (row.made_at, row.id),
                None => return Ok(Page::empty()),
            },
        };
        let sql = list!("AND (made_at, id) < ($2, $3) ORDER BY made_at DESC, id DESC LIMIT $4");
        let rows = fetch!(handle.conn(), fetch_all as ListedRow, sql, business, at, id, limit)?;
        let (now, mut access_by_holder) = (self.now(), site_access::load_all(handle.conn(), actor.business).await?);
        let into_row = |row: ListedRow| {
            let site_access = site_access::take_from(&mut access_by_holder, row.id, row.bound);
            row.into_row(site_access, now)
        };
        let rows = rows.into_iter().map(into_row).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::new(rows, limit, |row| row.id))
    }

    /// An invitation; `None` if there is none.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn invite_by_id(&self, actor: &Actor, id: InviteId) -> Result<Option<InviteRow>, Error> {
        actor.require(Permission::Invite)?;
        let mut handle = self.db.read(actor.business).await?;
        let Some(row) = find_invite(handle.conn(), actor.business, id).await? else { return Ok(None) };
        let site_access = site_access::load(handle.conn(), actor.business, id.0, row.bound).await?;
        row.into_row(site_access, self.now()).map(Some)
    }

    /// Makes a new link for an invitation. The actor becomes its maker, and the old link ends. `None` if there is no
    /// such invitation.
    ///
    /// # Errors
    /// The role does not allow it; the invitation exceeds the actor's rights; it was used or revoked; the database is
    /// unavailable.
    pub async fn renew_invite(&self, actor: &Actor, id: InviteId) -> Result<Option<CreatedInvite>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let Some(row) = find_invite(work.conn(), actor.business, id).await? else { return Ok(None) };
        let site_access = site_access::load(work.conn(), actor.business, id.0, row.bound).await?;
        actor.rights().give(&Rights { role: row.role()?, site_access })?;
        row.lifecycle().require_renewable()?;
        let created = CreatedInvite { id, token: self.new_secret(), expires_at: work.now + INVITE_TTL };
        let sql =
            "UPDATE invites SET token_hash = $3, made_by = $4, expires_at = $5 WHERE business_id = $1 AND id = $2";
        let (hash, author) = (Hash::of(created.token.as_bytes()), actor_key(actor.principal));
        execute!(work.conn(), sql, actor.business.0, id.0, hash.as_bytes(), author, created.expires_at)?;
        work.audit(AuditEvent::LinkRenewed, id.0);
        work.commit().await?;
        Ok(Some(created))
    }

    /// Revokes an invitation. `None` if there is none.
    ///
    /// # Errors
    /// The role does not allow it; the invitation exceeds the actor's rights; it is not open; the database is
    /// unavailable.
    pub async fn revoke_invite(&self, actor: &Actor, id: InviteId) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let Some(row) = find_invite(work.conn(), actor.business, id).await? else { return Ok(None) };
        let site_access = site_access::load(work.conn(), actor.business, id.0, row.bound).await?;
        actor.rights().give(&Rights { role: row.role()?, site_access })?;
        row.lifecycle().require_open(work.now)?;
        grants::revoke(&mut work, GrantId::Invitation(id)).await?;
        work.commit().await?;
        Ok(Some(()))
    }

    /// What the link of an invitation shows; `None` if there is no such link.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn invitation(&self, link: &str) -> Result<Option<InviteLink>, Error> {
        let mut handle = self.db.look_up().await?;
        let Some(row) = find_by_link(handle.conn(), link).await? else { return Ok(None) };
        drop(handle);
        let mut state = row.lifecycle().state(self.now());
        if state == InviteState::Open {
            let mut handle = self.db.read(BusinessId(row.business_id)).await?;
            if row.rights(handle.conn()).await?.is_none() {
                state = InviteState::Revoked;
            }
        }
        Ok(Some(InviteLink {
            id: InviteId(row.id),
            business: BusinessId(row.business_id),
            language: StoredRow("businesses", row.business_id).read("language", Language::parse(&row.language))?,
            role: row.role()?,
            business_name: row.business_name,
            name: row.name,
            state,
        }))
    }

    /// Lets a person who has an account join. Returns the business; `None` if there is no such link.
    ///
    /// # Errors
    /// The invitation is not open; the person is a member already; the database is unavailable.
    pub async fn join_as_known_person(&self, link: &str, person: PersonId) -> Result<Option<BusinessId>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let Some(row) = find_by_link(handle.conn(), link).await? else { return Ok(None) };
        handle.set_tenant(BusinessId(row.business_id)).await?;
        self.use_invite(handle.conn(), &row, person).await?;
        handle.commit().await?;
        Ok(Some(BusinessId(row.business_id)))
    }

    /// Creates an account and lets the person join. Returns the person; `None` if there is no such link.
    ///
    /// # Errors
    /// The invitation is not open; the address is taken; the database is unavailable.
    pub async fn join_as_new_person(
        &self,
        link: &str,
        account: &NewAccount,
        hash: &str,
    ) -> Result<Option<PersonId>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let Some(row) = find_by_link(handle.conn(), link).await? else { return Ok(None) };
        handle.set_tenant(BusinessId(row.business_id)).await?;
        let (person, now) = (PersonId(self.source.id()), self.now());
        let NewAccount { name, email, .. } = account;
        people::insert(handle.conn(), person, name, email, hash, now).await?;
        self.use_invite(handle.conn(), &row, person).await?;
        handle.commit().await?;
        Ok(Some(person))
    }

    /// Lets a person without a business join after they have signed in, and sets the scope to the business. `None` if
    /// there is no such link, or the invitation is not open.
    pub(crate) async fn join_by_link(
        &self,
        handle: &mut DbHandle,
        link: &str,
        person: PersonId,
    ) -> Result<Option<BusinessId>, Error> {
        let Some(row) = find_by_link(handle.conn(), link).await? else { return Ok(None) };
        let business = BusinessId(row.business_id);
        handle.set_tenant(business).await?;
        match self.use_invite(handle.conn(), &row, person).await {
            Ok(()) => Ok(Some(business)),
            Err(Error::Member(MemberError::NoLongerOpen)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Uses the invitation, once even in parallel, and makes the person a member.
    async fn use_invite(&self, mut conn: Conn<'_>, row: &LinkRow, person: PersonId) -> Result<(), Error> {
        let now = self.now();
        row.lifecycle().require_open(now)?;
        let business = BusinessId(row.business_id);
        row.rights(conn.reborrow()).await?.ok_or(MemberError::NoLongerOpen)?;
        if rights::role(conn.reborrow(), business, person).await?.is_some() {
            return Err(MemberError::AlreadyMember.into());
        }
        let sql = "UPDATE invites SET used_at = $3, used_by = $4 \
            WHERE business_id = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL";
        if execute!(conn.reborrow(), sql, row.business_id, row.id, now, person.0)? == 0 {
            return Err(MemberError::NoLongerOpen.into());
        }
        // Loaded again, because only now nobody can narrow them any more.
        let rights = row.rights(conn.reborrow()).await?.ok_or(MemberError::NoLongerOpen)?;
        rights::join(conn.reborrow(), business, person, &rights, now).await?;
        self.write_audit_entry(
            conn,
            business,
            NewAuditEntry::new(Principal::Person(person), AuditEvent::PersonJoined, Some(row.id), None),
        )
        .await
    }
}

async fn find_invite(conn: Conn<'_>, business: BusinessId, id: InviteId) -> Result<Option<ListedRow>, Error> {
    let sql = list!("AND id = $2");
    fetch!(conn, fetch_optional as ListedRow, sql, business.0, id.0)
}

async fn find_by_link(conn: Conn<'_>, link: &str) -> Result<Option<LinkRow>, Error> {
    let sql = "SELECT i.id, i.business_id, b.name AS business_name, b.language, i.name, i.role, i.expires_at, \
        i.used_at IS NOT NULL AS used, i.revoked_at IS NOT NULL AS revoked \
        FROM invites i JOIN businesses b ON b.id = i.business_id WHERE i.token_hash = $1";
    let hash = Hash::of(link.as_bytes());
    fetch!(conn, fetch_optional as LinkRow, sql, hash.as_bytes())
}

impl ListedRow {
    fn role(&self) -> Result<Role, Error> {
        StoredRow("invites", self.id).read("role", Role::parse(&self.role))
    }

    fn lifecycle(&self) -> InviteLifecycle {
        InviteLifecycle { expires_at: self.expires_at, used: self.used, revoked: self.revoked }
    }

    fn into_row(self, site_access: SiteAccess, now: DateTime<Utc>) -> Result<InviteRow, Error> {
        let state = self.lifecycle().state(now);
        let (id, role) = (InviteId(self.id), self.role()?);
        Ok(InviteRow { id, name: self.name, role, site_access, expires_at: self.expires_at, state })
    }
}

impl LinkRow {
    fn role(&self) -> Result<Role, Error> {
        StoredRow("invites", self.id).read("role", Role::parse(&self.role))
    }

    fn lifecycle(&self) -> InviteLifecycle {
        InviteLifecycle { expires_at: self.expires_at, used: self.used, revoked: self.revoked }
    }

    /// The rights it gives; `None` if its maker may not give them any more, or it was deleted.
    async fn rights(&self, mut conn: Conn<'_>) -> Result<Option<Rights>, Error> {
        let business = BusinessId(self.business_id);
        let sql = "SELECT bound, made_by FROM invites WHERE business_id = $1 AND id = $2";
        let row = fetch!(conn.reborrow(), fetch_optional as (bool, String), sql, business.0, self.id)?;
        let Some((bound, made_by)) = row else { return Ok(None) };
        let maker = StoredRow("invites", self.id).read("made_by", parse_actor_key(&made_by))?;
        let site_access = site_access::load(conn.reborrow(), business, self.id, bound).await?;
        let rights = Rights { role: self.role()?, site_access };
        let is_valid = grants::is_valid(conn, business, maker, &Grant::Invitation(rights.clone())).await?;
        Ok(is_valid.then_some(rights))
    }
}
