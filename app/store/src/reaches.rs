//! How far people, programs and invitations reach: everywhere in a business, or at some of its sites.

use std::collections::HashMap;

use domain::actor::{Actor, Reach};
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, SiteId};
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::work::Work;

/// Whether someone reaches everything, and else by whose reach.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reached {
    pub everywhere: bool,
    pub holder: Uuid,
}

/// Whether a row is within the reach of the one who asks, by the site or the place that it names. `$everywhere` and `$holder`
/// are where [`Reached`] is bound; `$1` is the business.
macro_rules! within {
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
pub(crate) use within;

impl Reached {
    pub const EVERYWHERE: Self = Self { everywhere: true, holder: Uuid::nil() };

    pub fn by(actor: &Actor) -> Self {
        Self { everywhere: actor.reach.is_everywhere(), holder: actor.holder().unwrap_or_default() }
    }
}

impl Store {
    /// How far someone reaches, asked when it is known whose they are; only who is bound is looked up.
    pub(crate) async fn reach(&self, business: BusinessId, holder: Uuid, bound: bool) -> Result<Reach, Error> {
        if !bound {
            return Ok(Reach::Everywhere);
        }
        of(self.db.read(business).await?.conn(), business, holder, bound).await
    }
}

/// How far someone reaches; only who is bound is looked up.
pub(crate) async fn of(conn: Conn<'_>, business: BusinessId, holder: Uuid, bound: bool) -> Result<Reach, Error> {
    if !bound {
        return Ok(Reach::Everywhere);
    }
    let sql = "SELECT site_id FROM reaches WHERE business_id = $1 AND holder_id = $2";
    let sites = fetch!(conn, fetch_all as (Uuid,), sql, business.0, holder)?;
    Ok(Reach::of(sites.into_iter().map(|(site,)| SiteId(site))))
}

/// The sites of everyone in a business who is bound.
pub(crate) async fn all(conn: Conn<'_>, business: BusinessId) -> Result<HashMap<Uuid, Vec<SiteId>>, Error> {
    let sql = "SELECT holder_id, site_id FROM reaches WHERE business_id = $1";
    let mut all: HashMap<Uuid, Vec<SiteId>> = HashMap::new();
    for (holder, site) in fetch!(conn, fetch_all as (Uuid, Uuid), sql, business.0)? {
        all.entry(holder).or_default().push(SiteId(site));
    }
    Ok(all)
}

/// Of what was read with [`all`], the reach of one.
pub(crate) fn among(all: &mut HashMap<Uuid, Vec<SiteId>>, holder: Uuid, bound: bool) -> Reach {
    if bound { Reach::of(all.remove(&holder).unwrap_or_default()) } else { Reach::Everywhere }
}

/// From now on someone reaches so far.
pub(crate) async fn set(mut conn: Conn<'_>, business: BusinessId, holder: Uuid, reach: &Reach) -> Result<(), Error> {
    let sql = "DELETE FROM reaches WHERE business_id = $1 AND holder_id = $2";
    run!(conn.again(), sql, business.0, holder)?;
    let Reach::Sites(sites) = reach else { return Ok(()) };
    for site in sites.iter() {
        let sql = "INSERT INTO reaches (business_id, holder_id, site_id) VALUES ($1, $2, $3)";
        run!(conn.again(), sql, business.0, holder, site.0)?;
    }
    Ok(())
}

/// Sees to it that somebody may be bound to these sites by who does it: they are there, and within their own reach.
pub(crate) async fn allow(work: &mut Work<'_>, actor: &Actor, reach: &Reach) -> Result<(), Error> {
    let Reach::Sites(sites) = reach else { return Ok(()) };
    for site in sites.iter() {
        let (sql, business) = ("SELECT 1 FROM sites WHERE business_id = $1 AND id = $2", work.business.0);
        let known = fetch!(work.conn(), fetch_optional as (i32,), sql, business, site.0)?.is_some();
        if !known || !actor.reaches(*site) {
            return Err(Faults::one("sites", Fault::NotFound).into());
        }
    }
    Ok(())
}
