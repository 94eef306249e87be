//! Missed deadlines of recoveries, which are recorded in public.

use domain::actor::{Actor, Principal};
use domain::recovery::{Recovery, Step};
use domain::role::Permission;

use super::apply_step;
use crate::Store;
use crate::business_info::load_business;
use crate::error::Error;
use crate::recovery_rows::{load, load_missed};
use crate::site_access::SiteFilter;

impl Store {
    /// Records every missed deadline of our own, once each. Returns how many there were.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn record_missed_deadlines(&self, actor: &Actor) -> Result<usize, Error> {
        actor.require(Permission::HandleRecoveries)?;
        let (mut handle, filter) = (self.db.read(actor.business).await?, SiteFilter::of(actor));
        let info = load_business(handle.conn(), actor.business).await?;
        let missed_now = |recovery: &Recovery, now| recovery.unrecorded_misses(&info.business.hours, &info.zone, now);
        let loaded = load_missed(handle.conn(), actor.business.0, filter, self.now()).await?;
        drop(handle);
        let mut written = 0;
        for (id, loaded) in loaded {
            for clock in missed_now(&loaded.recovery, self.now()) {
                let mut work = self.unit_of_work(actor, Permission::HandleRecoveries).await?;
                let Some(loaded) = load(&mut work, filter, id).await? else { continue };
                // It may have been recorded in the meantime.
                if missed_now(&loaded.recovery, work.now).contains(&clock) {
                    apply_step(&mut work, &loaded, Step::Late { clock }, Principal::System).await?;
                    work.commit().await?;
                    written += 1;
                }
            }
        }
        Ok(written)
    }
}
