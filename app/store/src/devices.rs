//! Shared phones and tablets: a link makes one of them a device of a site, until somebody takes it back.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor, Reach, Who};
use domain::business::Language;
use domain::deed::Deed;
use domain::device::{Course, Device, LINK_LASTS, State};
use domain::fault::{Fault, Faults};
use domain::grant::{Grant, Made};
use domain::ids::{BusinessId, DeviceId, SiteId};
use domain::member::Refused;
use domain::record::Hash;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::audit::{Note, Origin};
use crate::db::{Conn, Scope, fetch, run};
use crate::error::Error;
use crate::grants;
use crate::listed::{Listed, at_most};
use crate::reaches::{self, Reached, within};
use crate::sessions::NOTED;
use crate::work::by;

/// A device as managers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub name: String,
    pub site: SiteId,
    pub site_name: String,
    pub link_expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    pub state: State,
}

/// A device just made: the token goes into the link and is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceMade {
    pub id: DeviceId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// What stands behind a device's link, for whoever opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInvitation {
    pub id: DeviceId,
    pub business_name: String,
    pub language: Language,
    pub name: String,
    pub site_name: String,
    pub state: State,
}

/// A registered device, as it shows itself with its cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtDevice {
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
struct BehindRow {
    id: Uuid,
    business_id: Uuid,
    site_id: Uuid,
    name: String,
    made_by: String,
    link_expires_at: DateTime<Utc>,
    registered: bool,
    revoked: bool,
}

/// Devices within someone's reach, which of them and in what order.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT d.id, d.name, d.site_id, s.name AS site_name, d.made_at, d.link_expires_at, d.used_at, \
             d.registered_at IS NOT NULL AS registered, d.revoked_at IS NOT NULL AS revoked \
             FROM devices d JOIN sites s ON s.business_id = d.business_id AND s.id = d.site_id \
             WHERE d.business_id = $1 AND ",
            within!("$2", "$3", site "d.site_id"),
            $which
        )
    };
}

impl Store {
    /// Makes a device of a site, to be registered by its link.
    ///
    /// # Errors
    /// The role does not allow it; no such site; the database is unavailable.
    pub async fn add_device(&self, actor: &Actor, device: &Device) -> Result<DeviceMade, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let (business, site) = (actor.business.0, device.site.0);
        let sql = "SELECT 1 FROM sites WHERE business_id = $1 AND id = $2";
        let known = fetch!(work.conn(), fetch_optional as (i32,), sql, business, site)?.is_some();
        if !known || !actor.reaches(device.site) {
            return Err(Faults::one("site", Fault::NotFound).into());
        }
        let made = DeviceMade { id: DeviceId(work.id()), token: self.token(), expires_at: work.now + LINK_LASTS };
        let sql = "INSERT INTO devices (id, business_id, site_id, name, link_hash, link_expires_at, made_by, made_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (hash, hand, now) = (Hash::of(made.token.as_bytes()), by(actor.who), work.now);
        let name = device.name.as_str();
        run!(work.conn(), sql, made.id.0, business, site, name, hash.as_bytes(), made.expires_at, hand, now)?;
        // Whoever stands at it reaches this site.
        reaches::set(work.conn(), actor.business, made.id.0, &Reach::of([device.site])).await?;
        work.note(Deed::DeviceMade, made.id.0);
        work.commit().await?;
        Ok(made)
    }

    /// The devices within the actor's reach, newest first: those before a device of an earlier page, or from now on back.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn devices(
        &self,
        actor: &Actor,
        before: Option<DeviceId>,
        most: i64,
    ) -> Result<Listed<DeviceRow, DeviceId>, Error> {
        actor.permit(Act::Invite)?;
        let (business, most, mut held) = (actor.business.0, at_most(most), self.db.read(actor.business).await?);
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(id) => match listed(held.conn(), actor, id).await? {
                Some(row) => (row.made_at, row.id),
                None => return Ok(Listed::nothing()),
            },
        };
        let by = Reached::by(actor);
        let sql = list!(" AND (d.made_at, d.id) < ($4, $5) ORDER BY d.made_at DESC, d.id DESC LIMIT $6");
        let rows = fetch!(held.conn(), fetch_all as ListedRow, sql, business, by.everywhere, by.holder, at, id, most)?;
        let now = self.now();
        Ok(Listed::page(rows.into_iter().map(|row| row.seen(now)).collect(), most, |row| row.id))
    }

    /// One device; None if there is no such one within reach.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn device_of(&self, actor: &Actor, id: DeviceId) -> Result<Option<DeviceRow>, Error> {
        actor.permit(Act::Invite)?;
        let mut held = self.db.read(actor.business).await?;
        listed(held.conn(), actor, id).await.map(|row| row.map(|row| row.seen(self.now())))
    }

    /// Makes a new link for a device that no tablet was registered as, from now on its maker's; the link before it ends.
    /// None if there is no such device within reach.
    ///
    /// # Errors
    /// The role does not allow it; a tablet is registered, or the device was taken back; the database is unavailable.
    pub async fn renew_device(&self, actor: &Actor, id: DeviceId) -> Result<Option<DeviceMade>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let Some(row) = listed(work.conn(), actor, id).await? else { return Ok(None) };
        row.course().renew()?;
        let made = DeviceMade { id, token: self.token(), expires_at: work.now + LINK_LASTS };
        let sql =
            "UPDATE devices SET link_hash = $3, link_expires_at = $4, made_by = $5 WHERE business_id = $1 AND id = $2";
        let (hash, hand) = (Hash::of(made.token.as_bytes()), by(actor.who));
        run!(work.conn(), sql, actor.business.0, id.0, hash.as_bytes(), made.expires_at, hand)?;
        work.note(Deed::LinkRenewed, id.0);
        work.commit().await?;
        Ok(Some(made))
    }

    /// Takes a device back: whoever stands at it is out at once. None if there is no such one within reach.
    ///
    /// # Errors
    /// The role does not allow it; it was taken back already; the database is unavailable.
    pub async fn revoke_device(&self, actor: &Actor, id: DeviceId) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let Some(row) = listed(work.conn(), actor, id).await? else { return Ok(None) };
        if row.revoked {
            return Err(Refused::Over.into());
        }
        grants::end(&mut work, Made::Device(id)).await?;
        work.commit().await?;
        Ok(Some(()))
    }

    /// What stands behind a device's link; None if there is no such link.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn device_invitation(&self, link: &str) -> Result<Option<DeviceInvitation>, Error> {
        let Some(row) = behind(self.db.look_up().await?.conn(), link).await? else { return Ok(None) };
        let mut held = self.db.read(BusinessId(row.business_id)).await?;
        let sql = "SELECT b.name, b.language, s.name FROM devices d JOIN businesses b ON b.id = d.business_id \
            JOIN sites s ON s.business_id = d.business_id AND s.id = d.site_id WHERE d.business_id = $1 AND d.id = $2";
        let (business_name, language, site_name) =
            fetch!(held.conn(), fetch_one as (String, String, String), sql, row.business_id, row.id)?;
        let language = Language::parse(&language)?;
        let state = match row.course().state(self.now()) {
            State::Awaited if !row.holds(held.conn()).await? => State::Revoked,
            state => state,
        };
        Ok(Some(DeviceInvitation { id: DeviceId(row.id), business_name, language, name: row.name, site_name, state }))
    }

    /// Makes a device of the tablet that opened the link, once. Its token goes into a cookie; None if there is no such link.
    ///
    /// # Errors
    /// The link was used or has run out, or the device was taken back; the database is unavailable.
    pub async fn register_device(&self, link: &str, origin: &Origin) -> Result<Option<String>, Error> {
        let (token, now) = (self.token(), self.now());
        let mut held = self.db.begin(Scope::Across).await?;
        let Some(row) = behind(held.conn(), link).await? else { return Ok(None) };
        let business = BusinessId(row.business_id);
        held.enter(business).await?;
        if !row.holds(held.conn()).await? {
            return Err(Refused::Over.into());
        }
        let sql = "UPDATE devices SET token_hash = $3, registered_at = $4, used_at = $4 WHERE business_id = $1 \
            AND id = $2 AND registered_at IS NULL AND revoked_at IS NULL AND link_expires_at > $4";
        let hash = Hash::of(token.as_bytes());
        if run!(held.conn(), sql, business.0, row.id, hash.as_bytes(), now)? == 0 {
            return Err(Refused::Over.into());
        }
        let note = Note::new(Who::Trialmark, Deed::DeviceRegistered, Some(row.id), origin.from);
        self.note(held.conn(), business, note).await?;
        held.commit().await?;
        Ok(Some(token))
    }

    /// The device that bears this token, while it is one and its maker may still let devices in there.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn at_device(&self, token: &str) -> Result<Option<AtDevice>, Error> {
        type Row = (Uuid, Uuid, String, Option<DateTime<Utc>>);
        let mut held = self.db.look_up().await?;
        let sql = "SELECT id, business_id, made_by, used_at FROM devices WHERE token_hash = $1 AND revoked_at IS NULL";
        let hash = Hash::of(token.as_bytes());
        let row = fetch!(held.conn(), fetch_optional as Row, sql, hash.as_bytes())?;
        drop(held);
        let Some((id, business, made_by, used_at)) = row else { return Ok(None) };
        let mut held = self.db.read(BusinessId(business)).await?;
        let sql = "SELECT b.name, b.language, d.site_id, s.name, d.name FROM devices d \
            JOIN businesses b ON b.id = d.business_id \
            JOIN sites s ON s.business_id = d.business_id AND s.id = d.site_id WHERE d.business_id = $1 AND d.id = $2";
        let (business_name, language, site, site_name, name) =
            fetch!(held.conn(), fetch_one as (String, String, Uuid, String, String), sql, business, id)?;
        if !grants::holds(held.conn(), BusinessId(business), &made_by, &Grant::Device(SiteId(site))).await? {
            return Ok(None);
        }
        drop(held);
        let (id, business, now) = (DeviceId(id), BusinessId(business), self.now());
        if used_at.is_none_or(|used| now - used >= NOTED) {
            let store = self.clone();
            // Nobody who looks waits for it, or goes without when nothing can be written.
            tokio::spawn(async move { store.note_device(business, id, now).await.ok() });
        }
        let (language, site) = (Language::parse(&language)?, SiteId(site));
        Ok(Some(AtDevice { id, business, business_name, language, site, site_name, name }))
    }

    async fn note_device(&self, business: BusinessId, id: DeviceId, now: DateTime<Utc>) -> Result<(), Error> {
        let mut held = self.db.begin(business).await?;
        run!(held.conn(), "UPDATE devices SET used_at = $3 WHERE business_id = $1 AND id = $2", business.0, id.0, now)?;
        held.commit().await
    }
}

async fn listed(conn: Conn<'_>, actor: &Actor, id: DeviceId) -> Result<Option<ListedRow>, Error> {
    let (sql, by) = (list!(" AND d.id = $4"), Reached::by(actor));
    fetch!(conn, fetch_optional as ListedRow, sql, actor.business.0, by.everywhere, by.holder, id.0)
}

async fn behind(conn: Conn<'_>, link: &str) -> Result<Option<BehindRow>, Error> {
    let sql = "SELECT id, business_id, site_id, name, made_by, link_expires_at, registered_at IS NOT NULL AS registered, \
        revoked_at IS NOT NULL AS revoked FROM devices WHERE link_hash = $1";
    let hash = Hash::of(link.as_bytes());
    fetch!(conn, fetch_optional as BehindRow, sql, hash.as_bytes())
}

impl ListedRow {
    fn course(&self) -> Course {
        let Self { link_expires_at, registered, revoked, .. } = *self;
        Course { link_expires_at, registered, revoked }
    }

    fn seen(self, now: DateTime<Utc>) -> DeviceRow {
        let state = self.course().state(now);
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

impl BehindRow {
    /// Whether its maker may still let a device in there.
    async fn holds(&self, conn: Conn<'_>) -> Result<bool, Error> {
        grants::holds(conn, BusinessId(self.business_id), &self.made_by, &Grant::Device(SiteId(self.site_id))).await
    }

    fn course(&self) -> Course {
        let Self { link_expires_at, registered, revoked, .. } = *self;
        Course { link_expires_at, registered, revoked }
    }
}
