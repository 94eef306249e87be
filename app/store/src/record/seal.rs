//! What entries of an older program do not say is said once for all of them, in one entry that seals them.

use std::collections::BTreeMap;

use domain::actor::{Act, Actor, Role, Who};
use domain::ids::{GuaranteeId, PlaceId, SiteId};
use domain::record::Free;
use domain::recount::{Figures, Sealed, SealedGuarantee, body};
use uuid::Uuid;

use super::Failed;
use super::verify::walk;
use crate::Store;
use crate::businesses::{home, told};
use crate::db::{fetch, run};
use crate::error::Error;
use crate::work::Work;

impl Store {
    /// Seals the record of each business that an older program wrote, once. One that does not fit is left as it is: it is
    /// for `verify` to say so.
    pub(crate) async fn seal_records(&self) -> Result<(), Error> {
        for home in self.businesses().await? {
            let mut held = self.db.read(home.id).await?;
            let sql = "SELECT sealed FROM record_heads WHERE business_id = $1";
            let sealed = fetch!(held.conn(), fetch_optional as (bool,), sql, home.id.0)?;
            drop(held);
            if sealed == Some((false,)) {
                let mut work = self.work(&Actor::of(home.id, Who::Trialmark, Role::Owner), Act::Check).await?;
                match seal(&mut work).await {
                    Ok(()) => work.commit().await?,
                    Err(Failed::Mismatch(_)) => {}
                    Err(Failed::Error(error)) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

/// Adds the entry that seals, unless there is one, or none is needed.
pub(crate) async fn seal(work: &mut Work<'_>) -> Result<(), Failed> {
    let business = work.business;
    let walk = walk(work.held(), business).await?;
    if !walk.figures.is_sealed {
        let (sealed, rows) = (said(work, &walk.figures).await?, walk.rows());
        let texts = vec![Free { field: Sealed::ROWS, text: rows.to_string(), public: false }];
        work.append(true, "seal", business.0, body(&sealed)?, texts).await?;
    }
    let sql = "UPDATE record_heads SET sealed = TRUE WHERE business_id = $1";
    run!(work.conn(), sql, business.0)?;
    Ok(())
}

async fn said(work: &mut Work<'_>, figures: &Figures) -> Result<Sealed, Failed> {
    let id = work.business;
    let (known, business) = (home(work.conn(), id).await?.business, id.0);
    let sql = "SELECT id, zone FROM sites WHERE business_id = $1";
    let sites = fetch!(work.conn(), fetch_all as (Uuid, Option<String>), sql, business)?;
    let sql = "SELECT r.guarantee_id, r.place_id, p.site_id FROM promised r \
        JOIN places p ON p.business_id = $1 AND p.id = r.place_id WHERE r.business_id = $1";
    let mut guarantees = BTreeMap::<_, SealedGuarantee>::new();
    let public = |id: Uuid| figures.guarantees.contains_key(&GuaranteeId(id));
    for (guarantee, place, site) in fetch!(work.conn(), fetch_all as (Uuid, Uuid, Uuid), sql, business)? {
        if public(guarantee) {
            guarantees.entry(GuaranteeId(guarantee)).or_default().places.insert(PlaceId(place), SiteId(site));
        }
    }
    let sql = "SELECT guarantee_id, place_id, rule FROM rounds WHERE business_id = $1";
    for (guarantee, place, rule) in fetch!(work.conn(), fetch_all as (Uuid, Uuid, String), sql, business)? {
        if public(guarantee) {
            let rule = serde_json::from_str(&rule).map_err(Error::from)?;
            guarantees.entry(GuaranteeId(guarantee)).or_default().schedules.insert(PlaceId(place), rule);
        }
    }
    let sites = sites.into_iter().map(|(id, zone)| (SiteId(id), zone)).collect();
    Ok(figures.seal(told(&known), sites, guarantees))
}
