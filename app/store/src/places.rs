//! Sites, and the places where promises are checked.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::fault::{Fault, Faults};
use domain::ids::{PlaceId, SiteId};
use domain::place::TagCode;
use domain::replay::{Site, body};
use domain::role::Permission;
use domain::text::Line;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::checks::record_missed;
use crate::db::{execute, fetch};
use crate::edit_state;
use crate::error::Error;
use crate::schedule_progress::ScheduleProgress;
use crate::site_access::{SiteFilter, in_sites};
use crate::verdict_sql::counts_as_made;

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SiteRow {
    #[sqlx(try_from = "Uuid")]
    pub id: SiteId,
    pub name: String,
    /// Its own time zone, if it differs from that of the business.
    pub zone: Option<String>,
}

/// The state of a tag, as strangers may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagState {
    /// It hangs at a place of the business with this slug.
    Hangs { business: String },
    /// It was replaced by another.
    Replaced,
}

/// A place with its site.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PlaceRow {
    #[sqlx(try_from = "Uuid")]
    pub id: PlaceId,
    #[sqlx(try_from = "Uuid")]
    pub site: SiteId,
    pub site_name: String,
    pub name: String,
    pub code: String,
    /// When a promise was last checked here.
    pub last_check: Option<DateTime<Utc>>,
}

/// Selects places that the reader has access to, with their sites and their last check. `$which` is a further
/// condition.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT p.id, p.site_id AS site, s.name AS site_name, p.name, p.code, ",
            "(SELECT MAX(looked) FROM (SELECT (SELECT at FROM checks WHERE business_id = $1 ",
            "AND guarantee_id = r.guarantee_id AND place_id = r.place_id AND ",
            counts_as_made!("$1", "checks"),
            " ORDER BY at DESC LIMIT 1) AS looked ",
            "FROM promised r WHERE r.business_id = $1 AND r.place_id = p.id) AS looks) AS last_check ",
            "FROM places p JOIN sites s ON s.business_id = $1 AND s.id = p.site_id WHERE p.business_id = $1 AND ",
            in_sites!("$2", "$3", site "p.site_id"),
            $which,
            " ORDER BY s.name, p.name"
        )
    };
}

impl Store {
    /// # Errors
    /// The role does not allow it; there is a site with this name; the database is unavailable.
    pub async fn add_site(&self, actor: &Actor, name: &Line) -> Result<SiteId, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let (id, now) = (SiteId(work.id()), work.now);
        let sql = "INSERT INTO sites (id, business_id, name, created_at) VALUES ($1, $2, $3, $4)";
        execute!(work.conn(), sql, id.0, actor.business.0, name.as_str(), now)
            .map_err(|error| error.or_field_taken("sites_business_id_name_key", "name"))?;
        let body = body(&Site { site: id, zone: None }).map_err(Error::Serialize)?;
        work.append(true, "site", id.0, body, Vec::new()).await?;
        work.audit(AuditEvent::SiteAdded, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// # Errors
    /// The role does not allow it; there is no such site, or the actor has no access; the site has a place with this
    /// name; the database is unavailable.
    pub async fn add_place(&self, actor: &Actor, site: SiteId, name: &Line) -> Result<PlaceId, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManagePlaces).await?;
        let (id, now) = (PlaceId(work.id()), work.now);
        let sql = "SELECT 1 FROM sites WHERE business_id = $1 AND id = $2";
        let known = fetch!(work.conn(), fetch_optional as (i32,), sql, actor.business.0, site.0)?.is_some();
        if !known || !actor.can_access(site) {
            return Err(Faults::one("site", Fault::NotFound).into());
        }
        // Codes are looked up before the business is known, so they are unique in the installation. Places of other
        // businesses are not visible here: a conflict leads to another code.
        let sql = "INSERT INTO places (id, business_id, site_id, name, code, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT (code) DO NOTHING";
        loop {
            let code = TagCode::from_bytes(&work.bytes());
            let added = execute!(work.conn(), sql, id.0, actor.business.0, site.0, name.as_str(), code.as_str(), now);
            if added.map_err(|error| error.or_field_taken("places_site_id_name_key", "name"))? > 0 {
                break;
            }
        }
        work.audit(AuditEvent::PlaceAdded, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// Sets the time zone of a site, or removes it. Schedules use it from now on; what was due until now stays due.
    /// `None` if there is no such site.
    ///
    /// # Errors
    /// The role does not allow it; the time zone does not exist; the database is unavailable.
    pub async fn set_site_zone(&self, actor: &Actor, site: SiteId, zone: Option<&str>) -> Result<Option<()>, Error> {
        if zone.is_some_and(|zone| zone.parse::<Tz>().is_err()) {
            return Err(Faults::one("zone", Fault::NotAZone).into());
        }
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let (business, now) = (actor.business.0, work.now);
        let sql = "SELECT zone FROM sites WHERE business_id = $1 AND id = $2";
        let own = fetch!(work.conn(), fetch_optional as (Option<String>,), sql, business, site.0)?;
        let Some((own,)) = own else { return Ok(None) };
        work.require_current(&edit_state::zone(own.as_deref()))?;
        let due = ScheduleProgress::at_site(&mut work, site).await?;
        record_missed(&mut work, actor, due).await?;
        let sql = "UPDATE sites SET zone = $3 WHERE business_id = $1 AND id = $2";
        execute!(work.conn(), sql, business, site.0, zone)?;
        let sql = "UPDATE rounds SET next_at = $3 WHERE business_id = $1 AND next_at IS NOT NULL \
            AND place_id IN (SELECT id FROM places WHERE business_id = $1 AND site_id = $2)";
        execute!(work.conn(), sql, business, site.0, now)?;
        let body = body(&Site { site, zone: zone.map(str::to_owned) }).map_err(Error::Serialize)?;
        work.append(true, "site", site.0, body, Vec::new()).await?;
        work.audit(AuditEvent::SiteTimeZoneChanged, site.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Gives a place a new code. The old tag does not work any more. `None` if there is no such place.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn replace_tag(&self, actor: &Actor, id: PlaceId) -> Result<Option<TagCode>, Error> {
        loop {
            // A code that a place of another business has can be found out only by the database's refusal.
            match self.try_to_replace_tag(actor, id).await {
                Err(Error::UniqueViolation(constraint)) if constraint == "places_code_key" => {}
                outcome => return outcome,
            }
        }
    }

    async fn try_to_replace_tag(&self, actor: &Actor, id: PlaceId) -> Result<Option<TagCode>, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManagePlaces).await?;
        let (business, now, filter) = (actor.business.0, work.now, SiteFilter::of(actor));
        let sql = list!(" AND p.id = $4");
        let place = fetch!(work.conn(), fetch_optional as PlaceRow, sql, business, filter.all, filter.holder, id.0)?;
        let Some(place) = place else { return Ok(None) };
        work.require_current(&edit_state::code(&place.code))?;
        let sql = concat!(
            "INSERT INTO old_codes (code, business_id, place_id, until) \
                SELECT p.code, p.business_id, p.id, $5 FROM places p WHERE p.business_id = $1 AND p.id = $4 AND ",
            in_sites!("$2", "$3", site "p.site_id"),
            // It may be an old code of another business, which keeps it.
            " ON CONFLICT (code) DO NOTHING"
        );
        execute!(work.conn(), sql, business, filter.all, filter.holder, id.0, now)?;
        let sql = "UPDATE places SET code = $3 WHERE business_id = $1 AND id = $2 \
            AND NOT EXISTS (SELECT 1 FROM old_codes WHERE business_id = $1 AND code = $3)";
        let code = loop {
            let code = TagCode::from_bytes(&work.bytes());
            if execute!(work.conn(), sql, business, id.0, code.as_str())? > 0 {
                break code;
            }
        };
        work.audit(AuditEvent::TagReplaced, id.0);
        work.commit().await?;
        Ok(Some(code))
    }

    /// The place that had this code before, if the actor has access to it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn place_by_replaced_code(&self, actor: &Actor, code: &TagCode) -> Result<Option<PlaceRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        let sql = "SELECT place_id FROM old_codes WHERE business_id = $1 AND code = $2";
        let place = fetch!(handle.conn(), fetch_optional as (Uuid,), sql, actor.business.0, code.as_str())?;
        drop(handle);
        match place {
            Some((place,)) => self.place(actor, PlaceId(place)).await,
            None => Ok(None),
        }
    }

    /// The sites that the actor has access to, by name.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn sites(&self, actor: &Actor) -> Result<Vec<SiteRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        let sql = concat!(
            "SELECT s.id, s.name, s.zone FROM sites s WHERE s.business_id = $1 AND ",
            in_sites!("$2", "$3", site "s.id"),
            " ORDER BY s.name"
        );
        let filter = SiteFilter::of(actor);
        fetch!(handle.conn(), fetch_all as SiteRow, sql, actor.business.0, filter.all, filter.holder)
    }

    /// The places that the actor has access to, by site and name.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn places(&self, actor: &Actor) -> Result<Vec<PlaceRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        let filter = SiteFilter::of(actor);
        fetch!(handle.conn(), fetch_all as PlaceRow, list!(""), actor.business.0, filter.all, filter.holder)
    }

    /// The state of the tag with this code. `None` if no tag ever had it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn tag_state(&self, code: &TagCode) -> Result<Option<TagState>, Error> {
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT b.slug FROM places p JOIN businesses b ON b.id = p.business_id WHERE p.code = $1";
        if let Some((business,)) = fetch!(handle.conn(), fetch_optional as (String,), sql, code.as_str())? {
            return Ok(Some(TagState::Hangs { business }));
        }
        let sql = "SELECT 1 FROM old_codes WHERE code = $1";
        let replaced = fetch!(handle.conn(), fetch_optional as (i32,), sql, code.as_str())?;
        Ok(replaced.map(|_| TagState::Replaced))
    }

    /// A place. `None` if there is none, or the actor has no access to its site.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn place(&self, actor: &Actor, id: PlaceId) -> Result<Option<PlaceRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        let (sql, filter) = (list!(" AND p.id = $4"), SiteFilter::of(actor));
        fetch!(handle.conn(), fetch_optional as PlaceRow, sql, actor.business.0, filter.all, filter.holder, id.0)
    }

    /// The place with a typed or scanned code, if the actor has access to it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn place_by_code(&self, actor: &Actor, code: &TagCode) -> Result<Option<PlaceRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        let (sql, filter) = (list!(" AND p.code = $4"), SiteFilter::of(actor));
        fetch!(
            handle.conn(),
            fetch_optional as PlaceRow,
            sql,
            actor.business.0,
            filter.all,
            filter.holder,
            code.as_str()
        )
    }
}
