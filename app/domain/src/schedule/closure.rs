//! A time in which nothing is due, announced in public before it begins.

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use crate::check::identifier;
use crate::fault::{Fault, Faults, optional};
use crate::hours::earliest;
use crate::ids::{PlaceId, SiteId};
use crate::text::{Prose, is_blank, tidy};
use crate::window::Window;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// That a site, or a place in it, is closed for a while, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    pub site: SiteId,
    pub place: Option<PlaceId>,
    pub closure: Closure,
    pub reason: Prose,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AnnouncementDraft {
    pub site: String,
    /// Empty for the whole site.
    pub place: String,
    /// Local time, as `2026-11-25T14:30`; empty means now.
    pub from: String,
    pub until: String,
    pub why: String,
}

/// What is closed for longer is no exception.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// Whoever writes takes a while.
const SLOW: TimeDelta = TimeDelta::minutes(15);

impl Closure {
    /// Whether the whole of a window, up to its due time, falls into it: who could still have looked, should have.
    #[must_use]
    pub fn excuses(&self, window: &Window) -> bool {
        self.from <= window.opens() && window.due() <= self.until
    }
}

impl AnnouncementDraft {
    /// Times are those of a zone. What began a moment ago begins now: nothing is excused afterwards.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse<Z: TimeZone>(&self, zone: &Z, now: DateTime<Utc>) -> Result<Announcement, Faults> {
        let mut faults = Faults::default();
        let site = faults.take("site", identifier(&self.site));
        let place = faults.take("place", optional(&self.place, identifier));
        let from =
            faults.take("from", optional(&self.from, |text| local(zone, text)).and_then(|from| begins(from, now)));
        let until = if is_blank(&self.until) { Err(Fault::Missing) } else { local(zone, &self.until) };
        let until = faults.take("until", until.and_then(|until| ends(from.unwrap_or(now), until)));
        let reason = faults.take("why", Prose::parse(&self.why));
        match (site, place, from, until, reason) {
            (Some(site), Some(place), Some(from), Some(until), Some(reason)) => {
                Ok(Announcement { site, place, closure: Closure { from, until }, reason })
            }
            _ => Err(faults),
        }
    }
}

fn begins(from: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    match from {
        Some(from) if from < now - SLOW => Err(Fault::TooOld),
        from => Ok(from.unwrap_or(now).max(now)),
    }
}

fn ends(from: DateTime<Utc>, until: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    if until <= from || until - from > LONGEST { Err(Fault::NotAfter) } else { Ok(until) }
}

fn local<Z: TimeZone>(zone: &Z, text: &str) -> Result<DateTime<Utc>, Fault> {
    let local = NaiveDateTime::parse_from_str(&tidy(text), "%Y-%m-%dT%H:%M").map_err(|_| Fault::Malformed)?;
    earliest(zone, local).ok_or(Fault::Malformed)
}
