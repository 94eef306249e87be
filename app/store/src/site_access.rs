//! Site access: whether members, tokens, invitations and devices have access to all sites of a business or to some.

use std::collections::HashMap;

use domain::actor::Actor;
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, SiteId};
use domain::site_access::SiteAccess;
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, execute, fetch};
use crate::error::Error;
use crate::unit_of_work::UnitOfWork;

/// The parameters of [`in_sites!`]: whether the reader has access to all sites, or else the id that their sites are
/// stored under.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SiteFilter {
    pub all: bool,
    pub holder: Uuid,
}

/// The SQL condition that the reader has access to a row, by its site or its place. `$everywhere` and `$holder` are the
/// parameters that [`SiteFilter`] is bound to; `$1` is the business.
macro_rules! in_sites {
    ($everywhere:literal, $holder:literal, site $site:literal) => {
        concat!(
            "(",
            $everywhere,
            " OR EXISTS (SELECT 1 FROM reaches x WHERE x.business_id = $1 AND x.holder_id = ",
            $holder,
            " AND x.site_id = ",
            $site,
            "))"
        )
    };
    ($everywhere:literal, $holder:literal, place $place:literal) => {
        concat!(
            "(",
            $everywhere,
            " OR EXISTS (SELECT 1 FROM places y JOIN reaches x ON x.business_id = $1 AND x.holder_id = ",
            $holder,
            " AND x.site_id = y.site_id WHERE y.business_id = $1 AND y.id = ",
            $place,
            "))"
        )
    };
}
pub(crate) use in_sites;

impl SiteFilter {
    pub const ALL: Self = Self { all: true, holder: Uuid::nil() };

    pub fn of(actor: &Actor) -> Self {
        Self { all: actor.site_access.is_all_sites(), holder: actor.site_access_holder().unwrap_or_default() }
    }
}

impl Store {
    /// The site access of a holder. The database is only asked if they are bound to some sites.
    pub(crate) async fn load_site_access(
        &self,
        business: BusinessId,
        holder: Uuid,
        bound: bool,
    ) -> Result<SiteAccess, Error> {
        if !bound {
            return Ok(SiteAccess::AllSites);
        }
        load(self.db.read(business).await?.conn(), business, holder, bound).await
    }
}

/// The site access of a holder. The database is only asked if they are bound to some sites.
pub(crate) async fn load(conn: Conn<'_>, business: BusinessId, holder: Uuid, bound: bool) -> Result<SiteAccess, Error> {
    if !bound {
        return Ok(SiteAccess::AllSites);
    }
    let sql = "SELECT site_id FROM reaches WHERE business_id = $1 AND holder_id = $2";
    let sites = fetch!(conn, fetch_all as (Uuid,), sql, business.0, holder)?;
    Ok(SiteAccess::sites(sites.into_iter().map(|(site,)| SiteId(site))))
}

/// The sites of everyone in a business who is bound to some.
pub(crate) async fn load_all(conn: Conn<'_>, business: BusinessId) -> Result<HashMap<Uuid, Vec<SiteId>>, Error> {
    let sql = "SELECT holder_id, site_id FROM reaches WHERE business_id = $1";
    let mut all: HashMap<Uuid, Vec<SiteId>> = HashMap::new();
    for (holder, site) in fetch!(conn, fetch_all as (Uuid, Uuid), sql, business.0)? {
        all.entry(holder).or_default().push(SiteId(site));
    }
    Ok(all)
}

/// Takes the site access of a holder from what [`load_all`] returned.
pub(crate) fn take_from(all: &mut HashMap<Uuid, Vec<SiteId>>, holder: Uuid, bound: bool) -> SiteAccess {
    if bound { SiteAccess::sites(all.remove(&holder).unwrap_or_default()) } else { SiteAccess::AllSites }
}

/// Sets the site access of a holder.
pub(crate) async fn replace(
    mut conn: Conn<'_>,
    business: BusinessId,
    holder: Uuid,
    site_access: &SiteAccess,
) -> Result<(), Error> {
    let sql = "DELETE FROM reaches WHERE business_id = $1 AND holder_id = $2";
    execute!(conn.reborrow(), sql, business.0, holder)?;
    let SiteAccess::Sites(sites) = site_access else { return Ok(()) };
    for site in sites.iter() {
        let sql = "INSERT INTO reaches (business_id, holder_id, site_id) VALUES ($1, $2, $3)";
        execute!(conn.reborrow(), sql, business.0, holder, site.0)?;
    }
    Ok(())
}

/// Requires that the actor may give access to these sites: they exist, and the actor has access to them.
pub(crate) async fn require_assignable(
    work: &mut UnitOfWork<'_>,
    actor: &Actor,
    site_access: &SiteAccess,
) -> Result<(), Error> {
    let SiteAccess::Sites(sites) = site_access else { return Ok(()) };
    for site in sites.iter() {
        let (sql, business) = ("SELECT 1 FROM sites WHERE business_id = $1 AND id = $2", work.business.0);
        let known = fetch!(work.conn(), fetch_optional as (i32,), sql, business, site.0)?.is_some();
        if !known || !actor.can_access(*site) {
            return Err(Faults::one("sites", Fault::NotFound).into());
        }
    }
    Ok(())
}
