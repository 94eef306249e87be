//! Which window a check concludes: the one that closes first among those open at its time and not yet concluded.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::check::{Check, Verdict};
use domain::ids::{CheckId, GuaranteeId, PlaceId};
use domain::window::Window;
use uuid::Uuid;

use super::promise::Promise;
use crate::db::fetch;
use crate::error::Error;
use crate::schedules::Closures;
use crate::work::Work;

/// A window in a check's hands.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub window: Window,
    /// The miss that was written down for it before: the check was made in time and arrives late.
    pub instead: Option<CheckId>,
}

/// What is known of windows while a unit of work lasts: which are concluded, by which check, in the database or here.
#[derive(Default)]
pub(super) struct Windows {
    held: HashMap<(GuaranteeId, PlaceId, DateTime<Utc>), (CheckId, Verdict)>,
    closures: Option<Closures>,
}

/// Checks come at most so late: closures before that excuse nothing any more.
const LATEST: TimeDelta = TimeDelta::days(33);

impl Windows {
    /// The window for a check, which holds it from now on.
    pub async fn take(&mut self, work: &mut Work<'_>, promise: &Promise, check: &Check) -> Result<Option<Slot>, Error> {
        let (Some(round), Some(site)) = (&promise.round, promise.site) else { return Ok(None) };
        let closures = match &mut self.closures {
            Some(closures) => closures,
            none => none.insert(Closures::since(work.now - LATEST, work).await?),
        };
        let mut open = round.open_at(check.at);
        open.retain(|window| !closures.excuse(site, promise.place, window));
        self.look_up(work, promise, &open).await?;
        for window in open {
            let key = (promise.guarantee, promise.place, window.due());
            let slot = match self.held.get(&key) {
                None => Slot { window, instead: None },
                Some((holder, _)) if *holder == check.id => Slot { window, instead: None },
                Some((holder, Verdict::Missed)) => Slot { window, instead: Some(*holder) },
                Some(_) => continue,
            };
            self.held.insert(key, (check.id, check.finding.verdict()));
            return Ok(Some(slot));
        }
        Ok(None)
    }

    async fn look_up(&mut self, work: &mut Work<'_>, promise: &Promise, open: &[Window]) -> Result<(), Error> {
        type Row = (Uuid, String, DateTime<Utc>);
        let (Some(first), Some(last)) = (open.first(), open.last()) else { return Ok(()) };
        let (business, guarantee, place) = (work.business.0, promise.guarantee, promise.place);
        let sql = "SELECT c.id, COALESCE((SELECT verdict FROM corrections WHERE business_id = $1 AND check_id = c.id \
                ORDER BY number DESC LIMIT 1), c.verdict), c.window_due FROM checks c WHERE c.business_id = $1 \
            AND c.guarantee_id = $2 AND c.place_id = $3 AND c.window_due >= $4 AND c.window_due <= $5";
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business, guarantee.0, place.0, first.due(), last.due())?;
        for (id, verdict, due) in rows {
            let holder = (CheckId(id), Verdict::parse(&verdict)?);
            if !matches!(holder.1, Verdict::Void | Verdict::TakenBack) {
                self.held.entry((guarantee, place, due)).or_insert(holder);
            }
        }
        Ok(())
    }
}
