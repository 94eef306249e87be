//! The closure: a time in which nothing is due, announced in public before it begins.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Faults, parse_optional};
use crate::hours::parse_local_time;
use crate::ids::{self, PlaceId, SiteId};
use crate::text::{Prose, is_blank};
use crate::window::Window;

/// A time in which nothing is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// The announcement that a site, or one place in it, is closed for a while, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureAnnouncement {
    pub site: SiteId,
    pub place: Option<PlaceId>,
    pub closure: Closure,
    pub reason: Prose,
}

/// Input for a [`ClosureAnnouncement`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ClosureDraft {
    pub site: String,
    /// Empty means the whole site.
    pub place: String,
    /// Local time, such as `2026-11-25T14:30`. Empty means now.
    pub from: String,
    pub until: String,
    pub why: String,
}

/// The longest closure. Anything longer is not an exception.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// A beginning up to this long ago is accepted, because filling in the form takes time.
const BACKDATING_TOLERANCE: TimeDelta = TimeDelta::minutes(15);

impl Closure {
    /// Whether it covers a whole window, up to its due time. If part of the window is open, the check could have been
    /// made.
    #[must_use]
    pub fn excuses(&self, window: &Window) -> bool {
        self.from <= window.opens() && window.due() <= self.until
    }
}

impl ClosureDraft {
    /// Parses the announcement. Times are local times of `zone`. A beginning in the last 15 minutes becomes `now`, so
    /// nothing is excused after the fact.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field.
    pub fn parse<Z: TimeZone>(&self, zone: &Z, now: DateTime<Utc>) -> Result<ClosureAnnouncement, Faults> {
        let mut faults = Faults::default();
        let site = faults.collect("site", ids::parse(&self.site));
        let place = faults.collect("place", parse_optional(&self.place, ids::parse));
        let from = faults.collect(
            "from",
            parse_optional(&self.from, |text| parse_local_time(zone, text)).and_then(|from| begins(from, now)),
        );
        let until = if is_blank(&self.until) { Err(Fault::Missing) } else { parse_local_time(zone, &self.until) };
        let until = faults.collect("until", until.and_then(|until| ends(from.unwrap_or(now), until)));
        let reason = faults.collect("why", Prose::parse(&self.why));
        match (site, place, from, until, reason) {
            (Some(site), Some(place), Some(from), Some(until), Some(reason)) => {
                Ok(ClosureAnnouncement { site, place, closure: Closure { from, until }, reason })
            }
            _ => Err(faults),
        }
    }
}

fn begins(from: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    match from {
        Some(from) if from < now - BACKDATING_TOLERANCE => Err(Fault::TooOld),
        from => Ok(from.unwrap_or(now).max(now)),
    }
}

fn ends(from: DateTime<Utc>, until: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    if until <= from || until - from > LONGEST { Err(Fault::NotAfter) } else { Ok(until) }
}
