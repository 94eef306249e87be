//! Closures: times in which nothing is due at a site or a place. They are announced in public before they begin.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, ClosureId, PlaceId, SiteId};
use domain::record::FreeText;
use domain::role::Permission;
use domain::schedule::{Closure, ClosureAnnouncement};
use domain::window::Window;
use serde_json::{Map, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::db::{Conn, execute, fetch};
use crate::error::Error;
use crate::site_access::{SiteFilter, in_sites};
use crate::unit_of_work::UnitOfWork;

/// A current or future closure.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ClosureRow {
    #[sqlx(try_from = "Uuid")]
    pub id: ClosureId,
    #[sqlx(try_from = "Uuid")]
    pub site: SiteId,
    pub site_name: String,
    /// `None` if the whole site is closed.
    pub place_name: Option<String>,
    pub from_at: DateTime<Utc>,
    pub until_at: DateTime<Utc>,
    pub reason: Option<String>,
}

/// Closures, to ask which windows they excuse.
pub(crate) struct Closures(Vec<(SiteId, Option<PlaceId>, Closure)>);

impl Closures {
    /// The closures that end after an instant.
    pub async fn ending_after(instant: DateTime<Utc>, work: &mut UnitOfWork<'_>) -> Result<Self, Error> {
        let business = work.business;
        Self::read(work.conn(), business, instant).await
    }

    pub async fn read(conn: Conn<'_>, business: BusinessId, instant: DateTime<Utc>) -> Result<Self, Error> {
        type Row = (Uuid, Option<Uuid>, DateTime<Utc>, DateTime<Utc>);
        let sql = "SELECT site_id, place_id, from_at, until_at FROM closures WHERE business_id = $1 AND until_at > $2";
        let rows = fetch!(conn, fetch_all as Row, sql, business.0, instant)?;
        let closure = |(site, place, from, until): Row| (SiteId(site), place.map(PlaceId), Closure { from, until });
        Ok(Self(rows.into_iter().map(closure).collect()))
    }

    /// Whether a closure excuses this window at this place.
    pub fn cover(&self, site: SiteId, place: PlaceId, window: &Window) -> bool {
        let here =
            |one: &&(SiteId, Option<PlaceId>, Closure)| one.0 == site && one.1.is_none_or(|closed| closed == place);
        self.0.iter().filter(here).any(|(.., closure)| closure.excuses(window))
    }
}

impl Store {
    /// Announces a closure.
    ///
    /// # Errors
    /// The role does not allow it; there is no such site or place, or the actor has no access; the database is
    /// unavailable.
    pub async fn announce_closure(&self, actor: &Actor, announced: &ClosureAnnouncement) -> Result<ClosureId, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManagePlaces).await?;
        let ClosureAnnouncement { site, place, closure, reason } = announced;
        let (id, business, now, author) = (ClosureId(work.id()), work.business.0, work.now, actor_key(work.principal));
        let sql = "SELECT 1 FROM sites WHERE business_id = $1 AND id = $2";
        let known = fetch!(work.conn(), fetch_optional as (i32,), sql, business, site.0)?.is_some();
        if !known || !actor.can_access(*site) {
            return Err(Faults::one("site", Fault::NotFound).into());
        }
        if let Some(place) = place {
            let sql = "SELECT 1 FROM places WHERE business_id = $1 AND id = $2 AND site_id = $3";
            if fetch!(work.conn(), fetch_optional as (i32,), sql, business, place.0, site.0)?.is_none() {
                return Err(Faults::one("place", Fault::NotFound).into());
            }
        }
        let sql = "INSERT INTO closures (id, business_id, site_id, place_id, from_at, until_at, created_at, by) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let Closure { from, until } = *closure;
        execute!(work.conn(), sql, id.0, business, site.0, place.map(|place| place.0), from, until, now, author)?;
        let mut body = Map::new();
        body.insert("closure".to_owned(), json!(id));
        body.insert("site".to_owned(), json!(site));
        body.extend(place.map(|place| ("place".to_owned(), json!(place))));
        body.insert("from".to_owned(), json!(from));
        body.insert("until".to_owned(), json!(until));
        let texts = vec![FreeText { field: "why", text: reason.to_string(), public: true }];
        work.append(true, "closure", id.0, body, texts).await?;
        work.audit(AuditEvent::ClosureAnnounced, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// Ends a closure now. `None` if there is no such current or future closure that the actor has access to.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn end_closure(&self, actor: &Actor, id: ClosureId) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManagePlaces).await?;
        let (business, now, filter) = (work.business.0, work.now, SiteFilter::of(actor));
        let sql = concat!(
            "UPDATE closures SET until_at = $5, from_at = CASE WHEN from_at < $5 THEN from_at ELSE $5 END \
                WHERE business_id = $1 AND id = $4 AND until_at > $5 AND ",
            in_sites!("$2", "$3", site "site_id")
        );
        if execute!(work.conn(), sql, business, filter.all, filter.holder, id.0, now)? == 0 {
            return Ok(None);
        }
        let (entry, mut body) = (work.id(), Map::new());
        body.insert("closure".to_owned(), json!(id));
        work.append(true, "reopened", entry, body, Vec::new()).await?;
        work.audit(AuditEvent::ClosureEnded, id.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// The site of a closure that the actor has access to.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn site_of_closure(&self, actor: &Actor, id: ClosureId) -> Result<Option<SiteId>, Error> {
        actor.require(Permission::ViewToday)?;
        let (mut handle, filter) = (self.db.read(actor.business).await?, SiteFilter::of(actor));
        let sql = concat!(
            "SELECT c.site_id FROM closures c WHERE c.business_id = $1 AND c.id = $4 AND ",
            in_sites!("$2", "$3", site "c.site_id")
        );
        let site =
            fetch!(handle.conn(), fetch_optional as (Uuid,), sql, actor.business.0, filter.all, filter.holder, id.0)?;
        Ok(site.map(|(site,)| SiteId(site)))
    }

    /// The current and future closures at sites that the actor has access to, the earliest first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn closures(&self, actor: &Actor) -> Result<Vec<ClosureRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let (mut handle, filter) = (self.db.read(actor.business).await?, SiteFilter::of(actor));
        let sql = concat!(
            "SELECT c.id, c.site_id AS site, s.name AS site_name, p.name AS place_name, c.from_at, c.until_at, \
                t.body AS reason FROM closures c JOIN sites s ON s.business_id = $1 AND s.id = c.site_id \
                LEFT JOIN places p ON p.business_id = $1 AND p.id = c.place_id \
                LEFT JOIN texts t ON t.business_id = $1 AND t.owner_id = c.id AND t.field = 'why' \
                WHERE c.business_id = $1 AND c.until_at > $4 AND ",
            in_sites!("$2", "$3", site "c.site_id"),
            " ORDER BY c.from_at, c.id"
        );
        let now = self.now();
        fetch!(handle.conn(), fetch_all as ClosureRow, sql, actor.business.0, filter.all, filter.holder, now)
    }
}
