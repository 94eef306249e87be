//! Sessions. Only hashes of tokens are stored, and a gain in rights needs a new token.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::business::Language;
use domain::grant::Grant;
use domain::ids::{BusinessId, DeviceId, PersonId, SessionId, SiteId};
use domain::record::Hash;
use domain::role::Role;
use domain::site_access::SiteAccess;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::parse_actor_key;
use crate::audit::{ClientInfo, NewAuditEntry};
use crate::db::{DbHandle, TenantScope, execute, fetch};
use crate::error::Error;
use crate::grants;
use crate::rights::role;
use crate::stored_row::StoredRow;

/// A signed-in person, acting for one business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionUser {
    pub actor: Actor,
    pub session: SessionId,
    pub person: PersonId,
    pub name: String,
    pub language: Option<Language>,
    pub business_name: String,
    pub business_slug: String,
    /// Whether their role needs a second factor that they do not have yet. Until then they can only set one up.
    pub must_enroll_factor: bool,
    /// When the session or the PIN session ends at the latest.
    pub ends_at: DateTime<Utc>,
}

/// A person who has entered their PIN at a shared device, for a short while. They are not signed in: only pages for the
/// device accept such a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinSession(pub SessionUser);

/// The person behind a session token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authenticated {
    SignedIn(SessionUser),
    AtDevice(PinSession),
}

/// A session that has just begun. The token goes into a cookie; only its hash is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// One of a person's sessions, as they see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub id: SessionId,
    pub device: String,
    pub business_name: String,
    pub created_at: DateTime<Utc>,
    /// When it was last used, precise to ten minutes.
    pub used_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct SessionUserRow {
    id: Uuid,
    person_id: Uuid,
    business_id: Uuid,
    used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    name: String,
    language: Option<String>,
    role: String,
    business_name: String,
    business_slug: String,
    device_id: Option<Uuid>,
    device_site: Option<Uuid>,
    device_made_by: Option<String>,
    bound: bool,
    must_set_up: bool,
}

/// A session to be opened.
pub(crate) struct NewSession {
    pub person: PersonId,
    pub business: BusinessId,
    /// The shared device, for a PIN session.
    pub device: Option<DeviceId>,
    pub lasts: TimeDelta,
}

const SESSION_TTL: TimeDelta = TimeDelta::days(30);

/// A session that was not used for this long has ended.
const IDLE_TIMEOUT: TimeDelta = TimeDelta::days(14);

/// How precisely the last use is stored.
pub(crate) const LAST_USED_PRECISION: TimeDelta = TimeDelta::minutes(10);

impl Store {
    /// Begins a session in the business that the person joined first; `None` if they are a member of none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_session(&self, person: PersonId, origin: &ClientInfo) -> Result<Option<Session>, Error> {
        self.begin_session_with_invitation(person, None, origin).await
    }

    /// The same. A person without a business joins by the invitation they come with. `None` if that is not open either.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_session_with_invitation(
        &self,
        person: PersonId,
        invitation: Option<&str>,
        origin: &ClientInfo,
    ) -> Result<Option<Session>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let session = self.open_first_session(&mut handle, person, invitation, origin).await?;
        handle.commit().await?;
        Ok(session)
    }

    /// Audits a wrong password.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn audit_wrong_password(&self, person: PersonId, origin: &ClientInfo) -> Result<(), Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        self.audit_failed_sign_in(&mut handle, person, origin).await?;
        handle.commit().await
    }

    /// Begins a session in a business; `None` if the person is no member of it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_session_in(
        &self,
        person: PersonId,
        business: BusinessId,
        origin: &ClientInfo,
    ) -> Result<Option<Session>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        if role(handle.conn(), business, person).await?.is_none() {
            return Ok(None);
        }
        let session = self.open_session(&mut handle, NewSession::of(person, business), origin).await?;
        handle.commit().await?;
        Ok(Some(session))
    }

    /// Begins a session in another business of the person, and ends the current one. `None` if they are no member of
    /// it, or not signed in with this token.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn switch_business(
        &self,
        token: &str,
        person: PersonId,
        business: BusinessId,
        origin: &ClientInfo,
    ) -> Result<Option<Session>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        if role(handle.conn(), business, person).await?.is_none() {
            return Ok(None);
        }
        let hash = Hash::of(token.as_bytes());
        // A PIN session cannot switch to another business.
        let sql = "DELETE FROM sessions WHERE token_hash = $1 AND person_id = $2 AND device_id IS NULL";
        if execute!(handle.conn(), sql, hash.as_bytes(), person.0)? == 0 {
            return Ok(None);
        }
        let session = self.open_session(&mut handle, NewSession::of(person, business), origin).await?;
        handle.commit().await?;
        Ok(Some(session))
    }

    /// The person who is signed in with this token, while the session is valid. Not for PIN sessions.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn session_user(&self, token: &str) -> Result<Option<SessionUser>, Error> {
        Ok(self.authenticate(token).await?.and_then(Authenticated::signed_in))
    }

    /// The person behind a session token, while the session is valid and they are a member.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Authenticated>, Error> {
        let now = self.now();
        let sql = "SELECT s.id, s.person_id, s.business_id, s.used_at, s.expires_at, p.name, p.language, m.role, \
            b.name AS business_name, b.slug AS business_slug, s.device_id, d.site_id AS device_site, d.made_by AS device_made_by, \
            m.bound, \
            EXISTS (SELECT 1 FROM required_factors f WHERE f.business_id = m.business_id AND f.role = m.role) \
            AND NOT EXISTS (SELECT 1 FROM authenticators a WHERE a.person_id = p.id AND a.secret IS NOT NULL) \
            AND NOT EXISTS (SELECT 1 FROM passkeys k WHERE k.person_id = p.id) AS must_set_up FROM sessions s \
            JOIN members m ON m.person_id = s.person_id AND m.business_id = s.business_id AND m.removed_at IS NULL \
            JOIN people p ON p.id = s.person_id JOIN businesses b ON b.id = s.business_id \
            LEFT JOIN devices d ON d.business_id = s.business_id AND d.id = s.device_id AND d.revoked_at IS NULL \
            WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.used_at > $3 AND (s.device_id IS NULL OR d.id IS NOT NULL)";
        let hash = Hash::of(token.as_bytes());
        let mut handle = self.db.look_up().await?;
        let row =
            fetch!(handle.conn(), fetch_optional as SessionUserRow, sql, hash.as_bytes(), now, now - IDLE_TIMEOUT)?;
        drop(handle);
        let Some(row) = row else { return Ok(None) };
        let site_access = self.load_site_access(BusinessId(row.business_id), row.person_id, row.bound).await?;
        let Some(site_access) = row.effective_access(site_access) else { return Ok(None) };
        if let (Some(site), Some(made_by)) = (row.device_site, &row.device_made_by) {
            let mut handle = self.db.read(BusinessId(row.business_id)).await?;
            let maker = StoredRow("devices", row.device_id.unwrap_or_default());
            let maker = maker.read("made_by", parse_actor_key(made_by))?;
            let device = Grant::Device(SiteId(site));
            if !grants::is_valid(handle.conn(), BusinessId(row.business_id), maker, &device).await? {
                return Ok(None);
            }
        }
        if now - row.used_at >= LAST_USED_PRECISION {
            let (store, business, id) = (self.clone(), BusinessId(row.business_id), row.id);
            // In the background: a request must neither wait for this nor fail with it.
            tokio::spawn(async move { store.touch_session(business, id, now).await.ok() });
        }
        row.into_authenticated(site_access).map(Some)
    }

    async fn touch_session(&self, business: BusinessId, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
        let mut handle = self.db.begin(business).await?;
        let sql = "UPDATE sessions SET used_at = $3 WHERE business_id = $1 AND id = $2";
        execute!(handle.conn(), sql, business.0, id, now)?;
        handle.commit().await
    }

    /// # Errors
    /// The database is unavailable.
    pub async fn end_session(&self, token: &str, origin: &ClientInfo) -> Result<(), Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let hash = Hash::of(token.as_bytes());
        let sql = "DELETE FROM sessions WHERE token_hash = $1 RETURNING person_id, business_id";
        if let Some((person, business)) = fetch!(handle.conn(), fetch_optional as (Uuid, Uuid), sql, hash.as_bytes())? {
            handle.set_tenant(BusinessId(business)).await?;
            let entry =
                NewAuditEntry::new(Principal::Person(PersonId(person)), AuditEvent::SignedOut, None, origin.from);
            self.write_audit_entry(handle.conn(), BusinessId(business), entry).await?;
        }
        handle.commit().await
    }

    /// The sessions of a person, the last used first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn sessions(&self, person: PersonId) -> Result<Vec<SessionRow>, Error> {
        type Row = (Uuid, String, String, DateTime<Utc>, DateTime<Utc>);
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT s.id, s.device, b.name, s.created_at, s.used_at FROM sessions s \
            JOIN businesses b ON b.id = s.business_id WHERE s.person_id = $1 AND s.expires_at > $2 \
            ORDER BY s.used_at DESC, s.id DESC";
        let rows = fetch!(handle.conn(), fetch_all as Row, sql, person.0, self.now())?;
        let row = |(id, device, business_name, created_at, used_at): Row| SessionRow {
            id: SessionId(id),
            device,
            business_name,
            created_at,
            used_at,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Ends one of a person's own sessions, in any business. `None` if they have no such session.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn revoke_session(&self, actor: &Actor, person: PersonId, id: SessionId) -> Result<Option<()>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let sql = "DELETE FROM sessions WHERE person_id = $1 AND id = $2";
        if execute!(handle.conn(), sql, person.0, id.0)? == 0 {
            return Ok(None);
        }
        handle.set_tenant(actor.business).await?;
        self.audit_own_account(&mut handle, actor, AuditEvent::SessionEnded).await?;
        handle.commit().await?;
        Ok(Some(()))
    }

    /// Opens a session in the business that the person joined first, or else in the one that invites them. `None` if
    /// there is neither.
    pub(crate) async fn open_first_session(
        &self,
        handle: &mut DbHandle,
        person: PersonId,
        invitation: Option<&str>,
        origin: &ClientInfo,
    ) -> Result<Option<Session>, Error> {
        let sql = "SELECT business_id FROM members WHERE person_id = $1 AND removed_at IS NULL \
            ORDER BY created_at, business_id LIMIT 1";
        let info = fetch!(handle.conn(), fetch_optional as (Uuid,), sql, person.0)?;
        let business = match (info, invitation) {
            (Some((business,)), _) => Some(BusinessId(business)),
            (None, Some(link)) => self.join_by_link(handle, link, person).await?,
            (None, None) => None,
        };
        let Some(business) = business else { return Ok(None) };
        self.open_session(handle, NewSession::of(person, business), origin).await.map(Some)
    }

    /// Opens a session, and sets the scope to its business.
    pub(crate) async fn open_session(
        &self,
        handle: &mut DbHandle,
        new: NewSession,
        origin: &ClientInfo,
    ) -> Result<Session, Error> {
        let now = self.now();
        let NewSession { person, business, device, lasts } = new;
        execute!(handle.conn(), "DELETE FROM sessions WHERE expires_at <= $1", now)?;
        handle.set_tenant(business).await?;
        let session = Session { token: self.new_secret(), expires_at: now + lasts };
        let sql = "INSERT INTO sessions (id, token_hash, person_id, business_id, device, device_id, created_at, used_at, \
            expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
        let (id, hash) = (self.source.id(), Hash::of(session.token.as_bytes()));
        let (browser, at, until) = (origin.user_agent.as_str(), device.map(|device| device.0), session.expires_at);
        execute!(handle.conn(), sql, id, hash.as_bytes(), person.0, business.0, browser, at, now, until)?;
        let entry = NewAuditEntry::new(Principal::Person(person), AuditEvent::SignedIn, None, origin.from);
        self.write_audit_entry(handle.conn(), business, NewAuditEntry { device, ..entry }).await?;
        Ok(session)
    }
}

impl NewSession {
    pub fn of(person: PersonId, business: BusinessId) -> Self {
        Self { person, business, device: None, lasts: SESSION_TTL }
    }
}

impl Authenticated {
    /// The person, signed in or at a device.
    #[must_use]
    pub fn user(&self) -> &SessionUser {
        match self {
            Self::SignedIn(user) | Self::AtDevice(PinSession(user)) => user,
        }
    }

    pub fn user_mut(&mut self) -> &mut SessionUser {
        match self {
            Self::SignedIn(user) | Self::AtDevice(PinSession(user)) => user,
        }
    }

    #[must_use]
    pub fn signed_in(self) -> Option<SessionUser> {
        match self {
            Self::SignedIn(user) => Some(user),
            Self::AtDevice(_) => None,
        }
    }
}

impl SessionUserRow {
    /// At a shared device people have access to its site only; `None` if they have no access to that site themselves.
    fn effective_access(&self, own: SiteAccess) -> Option<SiteAccess> {
        let Some(site) = self.device_site else { return Some(own) };
        let here = SiteAccess::sites([SiteId(site)]);
        own.covers(&here).then_some(here)
    }

    fn into_authenticated(self, site_access: SiteAccess) -> Result<Authenticated, Error> {
        let is_pin_session = self.device_id.is_some();
        let user = self.user(site_access)?;
        Ok(if is_pin_session { Authenticated::AtDevice(PinSession(user)) } else { Authenticated::SignedIn(user) })
    }

    fn user(self, site_access: SiteAccess) -> Result<SessionUser, Error> {
        let person = PersonId(self.person_id);
        let business = BusinessId(self.business_id);
        let role = StoredRow("members", person).read("role", Role::parse(&self.role))?;
        let actor = Actor::new(business, Principal::Person(person), role);
        Ok(SessionUser {
            actor: Actor { site_access, device: self.device_id.map(DeviceId), ..actor },
            session: SessionId(self.id),
            person,
            name: self.name,
            language: self.language.and_then(|code| Language::parse(&code).ok()),
            business_name: self.business_name,
            business_slug: self.business_slug,
            must_enroll_factor: self.must_set_up,
            ends_at: self.expires_at,
        })
    }
}
