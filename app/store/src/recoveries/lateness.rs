//! The recovery has its own guarantee: a deadline of ours that passed is written down, in public.

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor, Who};
use domain::recovery::{ClockKind, Recovery, Step};

use super::load::load_open;
use super::{Loaded, load, take};
use crate::Store;
use crate::businesses::{Home, home};
use crate::error::Error;
use crate::reaches::Reached;

impl Store {
    /// Writes down every deadline of our own that passed: once each, in public. How many were written.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn note_lateness(&self, actor: &Actor) -> Result<usize, Error> {
        actor.permit(Act::Recover)?;
        let (mut held, by) = (self.db.read(actor.business).await?, Reached::by(actor));
        let home = home(held.conn(), actor.business).await?;
        let open = load_open(held.conn(), actor.business.0, by).await?;
        let overdue_now = |loaded: &Loaded| {
            let id = loaded.id;
            overdue(&loaded.recovery, &home, self.now()).map(move |clock| (id, clock)).collect::<Vec<_>>()
        };
        let late: Vec<_> = open.values().flat_map(overdue_now).collect();
        drop(held);
        let mut written = 0;
        for (id, clock) in late {
            let mut work = self.work(actor, Act::Recover).await?;
            let Some(loaded) = load(&mut work, by, id).await? else { continue };
            // Somebody may have met it, or written it down, in between.
            if overdue(&loaded.recovery, &home, work.now).any(|still| still == clock) {
                take(&mut work, &loaded, Step::Late { clock }, Who::Trialmark).await?;
                work.commit().await?;
                written += 1;
            }
        }
        Ok(written)
    }
}

/// The clocks of this round that ran out and were not yet written down.
fn overdue(recovery: &Recovery, home: &Home, now: DateTime<Utc>) -> impl Iterator<Item = ClockKind> {
    let clocks = recovery.clocks(&home.business.hours, &home.zone).into_iter();
    let written = |kind| recovery.round().iter().any(|taken| taken.step == Step::Late { clock: kind });
    clocks.filter(move |clock| clock.is_late(now) && !written(clock.kind)).map(|clock| clock.kind)
}
