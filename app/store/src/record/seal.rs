//! The backfill of a record that an older program wrote: one entry that adds what its entries do not contain.

use std::collections::BTreeMap;

use domain::actor::{Actor, Principal};
use domain::ids::{GuaranteeId, PlaceId, SiteId};
use domain::record::FreeText;
use domain::replay::{ReplayState, Sealed, SealedGuarantee, body};
use domain::role::{Permission, Role};
use uuid::Uuid;

use super::VerifyError;
use super::verify::replay;
use crate::Store;
use crate::business_info::load_business;
use crate::business_info::recorded_facts;
use crate::db::{execute, fetch};
use crate::error::Error;
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;

impl Store {
    /// Adds the backfill to each record that an older program wrote, once. A record that does not verify is left as it
    /// is; `verify` reports it.
    pub(crate) async fn seal_records(&self) -> Result<(), Error> {
        for info in self.businesses().await? {
            let mut handle = self.db.read(info.id).await?;
            let sql = "SELECT sealed FROM record_heads WHERE business_id = $1";
            let sealed = fetch!(handle.conn(), fetch_optional as (bool,), sql, info.id.0)?;
            drop(handle);
            if sealed == Some((false,)) {
                let mut work = self
                    .unit_of_work(&Actor::new(info.id, Principal::System, Role::Owner), Permission::LogChecks)
                    .await?;
                match seal(&mut work).await {
                    Ok(()) => work.commit().await?,
                    Err(VerifyError::Mismatch(_)) => {}
                    Err(VerifyError::Error(error)) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

/// Adds the backfill, unless there is one or none is needed.
pub(crate) async fn seal(work: &mut UnitOfWork<'_>) -> Result<(), VerifyError> {
    let business = work.business;
    let replay = replay(work.handle(), business).await?;
    if !replay.figures.is_backfilled {
        let (sealed, rows) = (backfill_facts(work, &replay.figures).await?, replay.row_digests());
        let texts = vec![FreeText { field: Sealed::ROWS, text: rows.to_string(), public: false }];
        work.append(true, "seal", business.0, body(&sealed).map_err(Error::Serialize)?, texts).await?;
    }
    let sql = "UPDATE record_heads SET sealed = TRUE WHERE business_id = $1";
    execute!(work.conn(), sql, business.0)?;
    Ok(())
}

async fn backfill_facts(work: &mut UnitOfWork<'_>, figures: &ReplayState) -> Result<Sealed, VerifyError> {
    let id = work.business;
    let (known, business) = (load_business(work.conn(), id).await?.business, id.0);
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
            let stored = StoredRow("rounds", format!("{guarantee} {place}"));
            let rule = stored.read("rule", serde_json::from_str(&rule))?;
            guarantees.entry(GuaranteeId(guarantee)).or_default().schedules.insert(PlaceId(place), rule);
        }
    }
    let sites = sites.into_iter().map(|(id, zone)| (SiteId(id), zone)).collect();
    Ok(figures.backfill(recorded_facts(&known), sites, guarantees))
}
