//! Assigns a window to a check: the one that closes first among the windows that are open at its time and have no check
//! yet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, TimeDelta, Utc};
use domain::check::Check;
use domain::ids::{BusinessId, CheckId, GuaranteeId, PlaceId};
use domain::verdict::Verdict;
use domain::window::Window;
use uuid::Uuid;

use super::promise::Promise;
use crate::closures::Closures;
use crate::db::fetch;
use crate::error::Error;
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;
use crate::verdict_sql::current_verdict;

/// The window of a check.
#[derive(Clone, Copy)]
pub(super) struct WindowClaim {
    pub window: Window,
    /// The miss that was recorded for the window, if the check was made in time but arrives late.
    pub replaced_miss: Option<CheckId>,
}

/// The windows that have a check, in the database or in this unit of work.
#[derive(Default)]
pub(super) struct WindowClaims {
    taken: HashMap<(GuaranteeId, PlaceId, DateTime<Utc>), (CheckId, Verdict)>,
    closures: HashMap<BusinessId, Closures>,
}

/// How far back closures matter: longer than a check can be late.
const CLOSURE_LOOKBACK: TimeDelta = TimeDelta::days(33);

impl WindowClaims {
    /// Assigns a window to the check. `None` if no window is free, or the promise has no schedule.
    pub async fn take(
        &mut self,
        work: &mut UnitOfWork<'_>,
        promise: &Promise,
        check: &Check,
    ) -> Result<Option<WindowClaim>, Error> {
        let (Some(schedule), Some(site)) = (&promise.schedule, promise.site) else { return Ok(None) };
        let closures = match self.closures.entry(work.business) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(Closures::ending_after(work.now - CLOSURE_LOOKBACK, work).await?),
        };
        let mut open = schedule.open_at(check.at);
        open.retain(|window| !closures.cover(site, promise.place, window));
        self.look_up(work, promise, &open).await?;
        for window in open {
            let key = (promise.guarantee, promise.place, window.due());
            let claim = match self.taken.get(&key) {
                None => WindowClaim { window, replaced_miss: None },
                Some((holder, _)) if *holder == check.id => WindowClaim { window, replaced_miss: None },
                Some((holder, Verdict::Missed)) => WindowClaim { window, replaced_miss: Some(*holder) },
                Some(_) => continue,
            };
            self.taken.insert(key, (check.id, check.finding.verdict()));
            return Ok(Some(claim));
        }
        Ok(None)
    }

    async fn look_up(&mut self, work: &mut UnitOfWork<'_>, promise: &Promise, open: &[Window]) -> Result<(), Error> {
        type Row = (Uuid, String, DateTime<Utc>);
        let (Some(first), Some(last)) = (open.first(), open.last()) else { return Ok(()) };
        let (business, guarantee, place) = (work.business.0, promise.guarantee, promise.place);
        let sql = concat!(
            "SELECT c.id, ",
            current_verdict!("$1", "c"),
            ", c.window_due FROM checks c WHERE c.business_id = $1 \
                AND c.guarantee_id = $2 AND c.place_id = $3 AND c.window_due >= $4 AND c.window_due <= $5"
        );
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business, guarantee.0, place.0, first.due(), last.due())?;
        for (id, verdict, due) in rows {
            let holder = (CheckId(id), StoredRow("checks", id).read("verdict", Verdict::parse(&verdict))?);
            if !matches!(holder.1, Verdict::Void | Verdict::TakenBack) {
                self.taken.entry((guarantee, place, due)).or_insert(holder);
            }
        }
        Ok(())
    }
}
