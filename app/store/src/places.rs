//! Sites, and the places in them where promises are checked.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::actor::{Act, Actor};
use domain::deed::Deed;
use domain::fault::{Fault, Faults};
use domain::ids::{PlaceId, SiteId};
use domain::place::Code;
use domain::recount::{Site, body};
use domain::text::Line;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::checks::{conclude, is_look};
use crate::db::{fetch, run};
use crate::error::Error;
use crate::reaches::{Reached, within};
use crate::schedules::Due;
use crate::stands;

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SiteRow {
    #[sqlx(try_from = "Uuid")]
    pub id: SiteId,
    pub name: String,
    /// Its own, where its clocks differ from those of the business.
    pub zone: Option<String>,
}

/// What a tag is to whoever does not work there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// It hangs at a place of the business with this public name.
    Hangs { business: String },
    /// Another hangs there now.
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
    /// When anything was last looked at here.
    pub last_check: Option<DateTime<Utc>>,
}

/// Places within someone's reach with their sites and the last look at anything promised there, and which of them.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT p.id, p.site_id AS site, s.name AS site_name, p.name, p.code, ",
            "(SELECT MAX(looked) FROM (SELECT (SELECT at FROM checks WHERE business_id = $1 ",
            "AND guarantee_id = r.guarantee_id AND place_id = r.place_id AND ",
            is_look!("$1", "checks"),
            " ORDER BY at DESC LIMIT 1) AS looked ",
            "FROM promised r WHERE r.business_id = $1 AND r.place_id = p.id) AS looks) AS last_check ",
            "FROM places p JOIN sites s ON s.business_id = $1 AND s.id = p.site_id WHERE p.business_id = $1 AND ",
            within!("$2", "$3", site "p.site_id"),
            $which,
            " ORDER BY s.name, p.name"
        )
    };
}

impl Store {
    /// # Errors
    /// The role does not allow it; there is a site of this name; the database is unavailable.
    pub async fn add_site(&self, actor: &Actor, name: &Line) -> Result<SiteId, Error> {
        let mut work = self.work(actor, Act::Define).await?;
        let (id, now) = (SiteId(work.id()), work.now);
        let sql = "INSERT INTO sites (id, business_id, name, created_at) VALUES ($1, $2, $3, $4)";
        run!(work.conn(), sql, id.0, actor.business.0, name.as_str(), now)
            .map_err(|error| error.taken("sites_business_id_name_key", "name"))?;
        work.append(true, "site", id.0, body(&Site { site: id, zone: None })?, Vec::new()).await?;
        work.note(Deed::SiteAdded, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// # Errors
    /// The role does not allow it; no such site within reach; the site has a place of this name; the database is unavailable.
    pub async fn add_place(&self, actor: &Actor, site: SiteId, name: &Line) -> Result<PlaceId, Error> {
        let mut work = self.work(actor, Act::Furnish).await?;
        let (id, now) = (PlaceId(work.id()), work.now);
        let sql = "SELECT 1 FROM sites WHERE business_id = $1 AND id = $2";
        let known = fetch!(work.conn(), fetch_optional as (i32,), sql, actor.business.0, site.0)?.is_some();
        if !known || !actor.reaches(site) {
            return Err(Faults::one("site", Fault::NotFound).into());
        }
        // Labels are scanned before anyone knows whose they are: a code that any place of this installation has, be it one
        // that cannot be seen from here, is not given again.
        let sql = "INSERT INTO places (id, business_id, site_id, name, code, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT (code) DO NOTHING";
        loop {
            let code = Code::from_bytes(&work.bytes());
            let added = run!(work.conn(), sql, id.0, actor.business.0, site.0, name.as_str(), code.as_str(), now);
            if added.map_err(|error| error.taken("places_site_id_name_key", "name"))? > 0 {
                break;
            }
        }
        work.note(Deed::PlaceAdded, id.0);
        work.commit().await?;
        Ok(id)
    }

    /// Gives a site a zone of its own, or none. Rounds go by it from now on; what was due until now stays due. None if there
    /// is no such site.
    ///
    /// # Errors
    /// The role does not allow it; there is no such zone; the database is unavailable.
    pub async fn zone_site(&self, actor: &Actor, site: SiteId, zone: Option<&str>) -> Result<Option<()>, Error> {
        if zone.is_some_and(|zone| zone.parse::<Tz>().is_err()) {
            return Err(Faults::one("zone", Fault::NotAZone).into());
        }
        let mut work = self.work(actor, Act::Define).await?;
        let (business, now) = (actor.business.0, work.now);
        let sql = "SELECT zone FROM sites WHERE business_id = $1 AND id = $2";
        let own = fetch!(work.conn(), fetch_optional as (Option<String>,), sql, business, site.0)?;
        let Some((own,)) = own else { return Ok(None) };
        work.unchanged(&stands::zone(own.as_deref()))?;
        let due = Due::at_site(&mut work, site).await?;
        conclude(&mut work, actor, due).await?;
        let sql = "UPDATE sites SET zone = $3 WHERE business_id = $1 AND id = $2";
        run!(work.conn(), sql, business, site.0, zone)?;
        let sql = "UPDATE rounds SET next_at = $3 WHERE business_id = $1 AND next_at IS NOT NULL \
            AND place_id IN (SELECT id FROM places WHERE business_id = $1 AND site_id = $2)";
        run!(work.conn(), sql, business, site.0, now)?;
        let said = Site { site, zone: zone.map(str::to_owned) };
        work.append(true, "site", site.0, body(&said)?, Vec::new()).await?;
        work.note(Deed::SiteZoned, site.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Gives a place a new code: the tag that it bears opens nothing any more. None if there is no such place.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn relabel_place(&self, actor: &Actor, id: PlaceId) -> Result<Option<Code>, Error> {
        let mut work = self.work(actor, Act::Furnish).await?;
        let (business, now, by) = (actor.business.0, work.now, Reached::by(actor));
        let sql = list!(" AND p.id = $4");
        let place = fetch!(work.conn(), fetch_optional as PlaceRow, sql, business, by.everywhere, by.holder, id.0)?;
        let Some(place) = place else { return Ok(None) };
        work.unchanged(&stands::code(&place.code))?;
        let sql = concat!(
            "INSERT INTO old_codes (code, business_id, place_id, until) \
                SELECT p.code, p.business_id, p.id, $5 FROM places p WHERE p.business_id = $1 AND p.id = $4 AND ",
            within!("$2", "$3", site "p.site_id")
        );
        run!(work.conn(), sql, business, by.everywhere, by.holder, id.0, now)?;
        let sql = "UPDATE places SET code = $3 WHERE business_id = $1 AND id = $2 \
            AND NOT EXISTS (SELECT 1 FROM old_codes WHERE business_id = $1 AND code = $3)";
        let code = loop {
            let code = Code::from_bytes(&work.bytes());
            if run!(work.conn(), sql, business, id.0, code.as_str())? > 0 {
                break code;
            }
        };
        work.note(Deed::PlaceRelabelled, id.0);
        work.commit().await?;
        Ok(Some(code))
    }

    /// The place that bore a code which was replaced, in the actor's business and within their reach.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn place_by_old_code(&self, actor: &Actor, code: &Code) -> Result<Option<PlaceRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let sql = "SELECT place_id FROM old_codes WHERE business_id = $1 AND code = $2";
        let place = fetch!(held.conn(), fetch_optional as (Uuid,), sql, actor.business.0, code.as_str())?;
        drop(held);
        match place {
            Some((place,)) => self.place(actor, PlaceId(place)).await,
            None => Ok(None),
        }
    }

    /// The sites within the actor's reach, by name.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn sites(&self, actor: &Actor) -> Result<Vec<SiteRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let sql = concat!(
            "SELECT s.id, s.name, s.zone FROM sites s WHERE s.business_id = $1 AND ",
            within!("$2", "$3", site "s.id"),
            " ORDER BY s.name"
        );
        let by = Reached::by(actor);
        fetch!(held.conn(), fetch_all as SiteRow, sql, actor.business.0, by.everywhere, by.holder)
    }

    /// All places within the actor's reach, by site and name.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn places(&self, actor: &Actor) -> Result<Vec<PlaceRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let by = Reached::by(actor);
        fetch!(held.conn(), fetch_all as PlaceRow, list!(""), actor.business.0, by.everywhere, by.holder)
    }

    /// What the tag with this code is to whoever does not work there. None if no tag ever bore it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn tag(&self, code: &Code) -> Result<Option<Tag>, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT b.slug FROM places p JOIN businesses b ON b.id = p.business_id WHERE p.code = $1";
        if let Some((business,)) = fetch!(held.conn(), fetch_optional as (String,), sql, code.as_str())? {
            return Ok(Some(Tag::Hangs { business }));
        }
        let sql = "SELECT 1 FROM old_codes WHERE code = $1";
        let replaced = fetch!(held.conn(), fetch_optional as (i32,), sql, code.as_str())?;
        Ok(replaced.map(|_| Tag::Replaced))
    }

    /// A place within the actor's reach.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn place(&self, actor: &Actor, id: PlaceId) -> Result<Option<PlaceRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let (sql, by) = (list!(" AND p.id = $4"), Reached::by(actor));
        fetch!(held.conn(), fetch_optional as PlaceRow, sql, actor.business.0, by.everywhere, by.holder, id.0)
    }

    /// The place of a typed or scanned code, in the actor's business and within their reach.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn place_by_code(&self, actor: &Actor, code: &Code) -> Result<Option<PlaceRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let (sql, by) = (list!(" AND p.code = $4"), Reached::by(actor));
        fetch!(held.conn(), fetch_optional as PlaceRow, sql, actor.business.0, by.everywhere, by.holder, code.as_str())
    }
}
