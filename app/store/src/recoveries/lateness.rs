//! Missed deadlines of recoveries, which are recorded in public.

use chrono::{DateTime, Utc};
use domain::actor::{Actor, Principal};
use domain::recovery::{DeadlineKind, Recovery, Step};
use domain::role::Permission;

use super::load::load_open;
use super::{LoadedRecovery, apply_step, load};
use crate::Store;
use crate::business_info::BusinessInfo;
use crate::business_info::load_business;
use crate::error::Error;
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
        let open = load_open(handle.conn(), actor.business.0, filter).await?;
        let overdue_now = |loaded: &LoadedRecovery| {
            let id = loaded.id;
            overdue(&loaded.recovery, &info, self.now()).map(move |kind| (id, kind)).collect::<Vec<_>>()
        };
        let late: Vec<_> = open.values().flat_map(overdue_now).collect();
        drop(handle);
        let mut written = 0;
        for (id, clock) in late {
            let mut work = self.unit_of_work(actor, Permission::HandleRecoveries).await?;
            let Some(loaded) = load(&mut work, filter, id).await? else { continue };
            // It may have been met or recorded in the meantime.
            if overdue(&loaded.recovery, &info, work.now).any(|still| still == clock) {
                apply_step(&mut work, &loaded, Step::Late { clock }, Principal::System).await?;
                work.commit().await?;
                written += 1;
            }
        }
        Ok(written)
    }
}

/// The missed deadlines of the current round that are not recorded yet.
fn overdue(recovery: &Recovery, info: &BusinessInfo, now: DateTime<Utc>) -> impl Iterator<Item = DeadlineKind> {
    let deadlines = recovery.deadlines(&info.business.hours, &info.zone).into_iter();
    let written = |kind| recovery.current_round().iter().any(|taken| taken.step == Step::Late { clock: kind });
    deadlines.filter(move |deadline| deadline.is_late(now) && !written(deadline.kind)).map(|deadline| deadline.kind)
}
