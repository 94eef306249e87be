//! Shared phones and tablets: a link registers one of them as a device of a site, until it is revoked.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::business::Language;
use domain::device::{Device, DeviceLifecycle, DeviceState, LINK_TTL};
use domain::fault::{Fault, Faults};
use domain::grant::{Grant, GrantId};
use domain::ids::{BusinessId, DeviceId, SiteId};
use domain::member::MemberError;
use domain::record::Hash;
use domain::role::Permission;
use domain::site_access::SiteAccess;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::{actor_key, parse_actor_key};
use crate::audit::{ClientInfo, NewAuditEntry};
use crate::db::{Conn, TenantScope, execute, fetch};
use crate::error::Error;
use crate::grants;
use crate::page::{Page, clamp_limit};
use crate::sessions::LAST_USED_PRECISION;
use crate::site_access::{self, SiteFilter, in_sites};
use crate::stored_row::StoredRow;

/// A device as managers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub name: String,
    pub site: SiteId,
    pub site_name: String,
    pub link_expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    pub state: DeviceState,
}

/// A device that was just created. The token goes into the link; only its hash is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedDevice {
    pub id: DeviceId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// What the link of a device shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceLink {
    pub id: DeviceId,
    pub business_name: String,
    pub language: Language,
    pub name: String,
    pub site_name: String,
    pub state: DeviceState,
}

/// A registered device, found by the token in its cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredDevice {
    pub id: DeviceId,
    pub business: BusinessId,
    pub business_name: String,
    pub language: Language,
    pub site: SiteId,
    pub site_name: String,
    pub name: String,
}

#[derive(FromRow)]
struct ListedRow {
    id: Uuid,
    name: String,
    site_id: Uuid,
    site_name: String,
    made_at: DateTime<Utc>,
    link_expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    registered: bool,
    revoked: bool,
}

#[derive(FromRow)]
struct LinkRow {
    id: Uuid,
    business_id: Uuid,
    site_id: Uuid,
    name: String,
    made_by: String,
    link_expires_at: DateTime<Utc>,
    registered: bool,
    revoked: bool,
}

/// Selects devices at sites that the reader has access to. `$which` is a further condition and the order.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT d.id, d.name, d.site_id, s.name AS site_name, d.made_at, d.link_expires_at, d.used_at, \
             d.registered_at IS NOT NULL AS registered, d.revoked_at IS NOT NULL AS revoked \
             FROM devices d JOIN sites s ON s.business_id = d.business_id AND s.id = d.site_id \
             WHERE d.business_id = $1 AND ",
            in_sites!("$2", "$3", site "d.site_id"),
            $which
        )
    };
}

impl Store {
    /// Creates a device of a site, to be registered by its link.
    ///
    /// # Errors
    /// The role does not allow it; no such site; the database is unavailable.
    pub async fn add_device(&self, actor: &Actor, device: &Device) -> Result<CreatedDevice, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let (business, site) = (actor.business.0, device.site.0);
        let sql = "SELECT 1 FROM sites WHERE business_id = $1 AND id = $2";
        let known = fetch!(work.conn(), fetch_optional as (i32,), sql, business, site)?.is_some();
        if !known || !actor.can_access(device.site) {
            return Err(Faults::one("site", Fault::NotFound).into());
        }
        let created =
            CreatedDevice { id: DeviceId(work.id()), token: self.new_secret(), expires_at: work.now + LINK_TTL };
        let sql = "INSERT INTO devices (id, business_id, site_id, name, link_hash, link_expires_at, made_by, made_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (hash, author, now) = (Hash::of(created.token.as_bytes()), actor_key(actor.principal), work.now);
        let name = device.name.as_str();
        execute!(
            work.conn(),
            sql,
            created.id.0,
            business,
            site,
            name,
            hash.as_bytes(),
            created.expires_at,
            author,
            now
        )?;
        // People at the device have access to this site.
        site_access::replace(work.conn(), actor.business, created.id.0, &SiteAccess::sites([device.site])).await?;
        work.audit(AuditEvent::DeviceCreated, created.id.0);
        work.commit().await?;
        Ok(created)
    }

    /// A page of devices at sites that the actor has access to, newest first. `before` is the last device of the page
    /// before.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn devices(
        &self,
        actor: &Actor,
        before: Option<DeviceId>,
        limit: i64,
    ) -> Result<Page<DeviceRow, DeviceId>, Error> {
        actor.require(Permission::Invite)?;
        let (business, limit, mut handle) = (actor.business.0, clamp_limit(limit), self.db.read(actor.business).await?);
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(id) => match find(handle.conn(), actor, id).await? {
                Some(row) => (row.made_at, row.id),
                None => return Ok(Page::empty()),
            },
        };
        let filter = SiteFilter::of(actor);
        let sql = list!(" AND (d.made_at, d.id) < ($4, $5) ORDER BY d.made_at DESC, d.id DESC LIMIT $6");
        let rows =
            fetch!(handle.conn(), fetch_all as ListedRow, sql, business, filter.all, filter.holder, at, id, limit)?;
        let now = self.now();
        Ok(Page::new(rows.into_iter().map(|row| row.into_row(now)).collect(), limit, |row| row.id))
    }

    /// A device. `None` if there is none, or the actor has no access to its site.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn device(&self, actor: &Actor, id: DeviceId) -> Result<Option<DeviceRow>, Error> {
        actor.require(Permission::Invite)?;
        let mut handle = self.db.read(actor.business).await?;
        find(handle.conn(), actor, id).await.map(|row| row.map(|row| row.into_row(self.now())))
    }

    /// Makes a new link for a device that is not registered yet. The actor becomes its maker, and the old link ends.
    /// `None` if there is no such device, or the actor has no access to its site.
    ///
    /// # Errors
    /// The role does not allow it; the device is registered or revoked; the database is unavailable.
    pub async fn renew_device_link(&self, actor: &Actor, id: DeviceId) -> Result<Option<CreatedDevice>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let Some(row) = find(work.conn(), actor, id).await? else { return Ok(None) };
        row.lifecycle().renew()?;
        let created = CreatedDevice { id, token: self.new_secret(), expires_at: work.now + LINK_TTL };
        let sql =
            "UPDATE devices SET link_hash = $3, link_expires_at = $4, made_by = $5 WHERE business_id = $1 AND id = $2";
        let (hash, author) = (Hash::of(created.token.as_bytes()), actor_key(actor.principal));
        execute!(work.conn(), sql, actor.business.0, id.0, hash.as_bytes(), created.expires_at, author)?;
        work.audit(AuditEvent::LinkRenewed, id.0);
        work.commit().await?;
        Ok(Some(created))
    }

    /// Revokes a device, and ends the PIN sessions at it. `None` if there is none, or the actor has no access to its
    /// site.
    ///
    /// # Errors
    /// The role does not allow it; it was revoked before; the database is unavailable.
    pub async fn revoke_device(&self, actor: &Actor, id: DeviceId) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let Some(row) = find(work.conn(), actor, id).await? else { return Ok(None) };
        if row.revoked {
            return Err(MemberError::NoLongerOpen.into());
        }
        grants::revoke(&mut work, GrantId::Device(id)).await?;
        work.commit().await?;
        Ok(Some(()))
    }

    /// What the link of a device shows; `None` if there is no such link.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn device_link(&self, link: &str) -> Result<Option<DeviceLink>, Error> {
        let Some(row) = by_link(self.db.look_up().await?.conn(), link).await? else { return Ok(None) };
        let mut handle = self.db.read(BusinessId(row.business_id)).await?;
        let sql = "SELECT b.name, b.language, s.name FROM devices d JOIN businesses b ON b.id = d.business_id \
            JOIN sites s ON s.business_id = d.business_id AND s.id = d.site_id WHERE d.business_id = $1 AND d.id = $2";
        // The business may have been deleted since the link was looked up.
        let found = fetch!(handle.conn(), fetch_optional as (String, String, String), sql, row.business_id, row.id)?;
        let Some((business_name, language, site_name)) = found else { return Ok(None) };
        let language = StoredRow("businesses", row.business_id).read("language", Language::parse(&language))?;
        let state = match row.lifecycle().state(self.now()) {
            DeviceState::Pending if !row.is_valid(handle.conn()).await? => DeviceState::Revoked,
            state => state,
        };
        Ok(Some(DeviceLink { id: DeviceId(row.id), business_name, language, name: row.name, site_name, state }))
    }

    /// Registers the device that opened the link, once. Returns the token for its cookie; `None` if there is no such
    /// link.
    ///
    /// # Errors
    /// The link was used or has expired, or the device was revoked; the database is unavailable.
    pub async fn register_device(&self, link: &str, origin: &ClientInfo) -> Result<Option<String>, Error> {
        let (token, now) = (self.new_secret(), self.now());
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let Some(row) = by_link(handle.conn(), link).await? else { return Ok(None) };
        let business = BusinessId(row.business_id);
        handle.set_tenant(business).await?;
        if !row.is_valid(handle.conn()).await? {
            return Err(MemberError::NoLongerOpen.into());
        }
        let sql = "UPDATE devices SET token_hash = $3, registered_at = $4, used_at = $4 WHERE business_id = $1 \
            AND id = $2 AND registered_at IS NULL AND revoked_at IS NULL AND link_expires_at > $4";
        let hash = Hash::of(token.as_bytes());
        if execute!(handle.conn(), sql, business.0, row.id, hash.as_bytes(), now)? == 0 {
            return Err(MemberError::NoLongerOpen.into());
        }
        let entry = NewAuditEntry::new(Principal::System, AuditEvent::DeviceRegistered, Some(row.id), origin.from);
        self.write_audit_entry(handle.conn(), business, entry).await?;
        handle.commit().await?;
        Ok(Some(token))
    }

    /// The device with this token, unless it was revoked or its maker has lost the right to it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn device_by_token(&self, token: &str) -> Result<Option<RegisteredDevice>, Error> {
        type Row = (Uuid, Uuid, String, Option<DateTime<Utc>>);
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT id, business_id, made_by, used_at FROM devices WHERE token_hash = $1 AND revoked_at IS NULL";
        let hash = Hash::of(token.as_bytes());
        let row = fetch!(handle.conn(), fetch_optional as Row, sql, hash.as_bytes())?;
        drop(handle);
        let Some((id, business, made_by, used_at)) = row else { return Ok(None) };
        let maker = StoredRow("devices", id).read("made_by", parse_actor_key(&made_by))?;
        let mut handle = self.db.read(BusinessId(business)).await?;
        let sql = "SELECT b.name, b.language, d.site_id, s.name, d.name FROM devices d \
            JOIN businesses b ON b.id = d.business_id \
            JOIN sites s ON s.business_id = d.business_id AND s.id = d.site_id WHERE d.business_id = $1 AND d.id = $2";
        // The business may have been deleted since the token was looked up.
        let found = fetch!(handle.conn(), fetch_optional as (String, String, Uuid, String, String), sql, business, id)?;
        let Some((business_name, language, site, site_name, name)) = found else { return Ok(None) };
        if !grants::is_valid(handle.conn(), BusinessId(business), maker, &Grant::Device(SiteId(site))).await? {
            return Ok(None);
        }
        drop(handle);
        let (id, business, now) = (DeviceId(id), BusinessId(business), self.now());
        if used_at.is_none_or(|used| now - used >= LAST_USED_PRECISION) {
            let store = self.clone();
            // In the background: a request must neither wait for this nor fail with it.
            tokio::spawn(async move { store.touch_device(business, id, now).await.ok() });
        }
        let language = StoredRow("businesses", business).read("language", Language::parse(&language))?;
        let site = SiteId(site);
        Ok(Some(RegisteredDevice { id, business, business_name, language, site, site_name, name }))
    }

    async fn touch_device(&self, business: BusinessId, id: DeviceId, now: DateTime<Utc>) -> Result<(), Error> {
        let mut handle = self.db.begin(business).await?;
        execute!(
            handle.conn(),
            "UPDATE devices SET used_at = $3 WHERE business_id = $1 AND id = $2",
            business.0,
            id.0,
            now
        )?;
        handle.commit().await
    }
}

async fn find(conn: Conn<'_>, actor: &Actor, id: DeviceId) -> Result<Option<ListedRow>, Error> {
    let (sql, filter) = (list!(" AND d.id = $4"), SiteFilter::of(actor));
    fetch!(conn, fetch_optional as ListedRow, sql, actor.business.0, filter.all, filter.holder, id.0)
}

async fn by_link(conn: Conn<'_>, link: &str) -> Result<Option<LinkRow>, Error> {
    let sql = "SELECT id, business_id, site_id, name, made_by, link_expires_at, registered_at IS NOT NULL AS registered, \
        revoked_at IS NOT NULL AS revoked FROM devices WHERE link_hash = $1";
    let hash = Hash::of(link.as_bytes());
    fetch!(conn, fetch_optional as LinkRow, sql, hash.as_bytes())
}

impl ListedRow {
    fn lifecycle(&self) -> DeviceLifecycle {
        let Self { link_expires_at, registered, revoked, .. } = *self;
        DeviceLifecycle { link_expires_at, registered, revoked }
    }

    fn into_row(self, now: DateTime<Utc>) -> DeviceRow {
        let state = self.lifecycle().state(now);
        DeviceRow {
            id: DeviceId(self.id),
            name: self.name,
            site: SiteId(self.site_id),
            site_name: self.site_name,
            link_expires_at: self.link_expires_at,
            used_at: self.used_at,
            state,
        }
    }
}

impl LinkRow {
    /// Whether its maker still has the right to it.
    async fn is_valid(&self, conn: Conn<'_>) -> Result<bool, Error> {
        let maker = StoredRow("devices", self.id).read("made_by", parse_actor_key(&self.made_by))?;
        grants::is_valid(conn, BusinessId(self.business_id), maker, &Grant::Device(SiteId(self.site_id))).await
    }

    fn lifecycle(&self) -> DeviceLifecycle {
        let Self { link_expires_at, registered, revoked, .. } = *self;
        DeviceLifecycle { link_expires_at, registered, revoked }
    }
}
