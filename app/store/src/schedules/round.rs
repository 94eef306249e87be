//! A round: one promise to be looked at, at one place, again and again; and how far its windows are written down.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::ids::{GuaranteeId, PlaceId, SiteId};
use domain::schedule::{LONGEST, Schedule};
use domain::window::Window;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{fetch, run};
use crate::error::Error;
use crate::work::Work;

/// When a promise is to be looked at, in whose time, and since when.
pub(crate) struct Round {
    pub schedule: Schedule,
    zone: Tz,
    since: DateTime<Utc>,
}

/// A round with windows that are over and not written down yet.
pub(crate) struct Due {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub site: SiteId,
    pub concluded_until: DateTime<Utc>,
    round: Round,
}

#[derive(FromRow)]
struct Row {
    guarantee_id: Uuid,
    place_id: Uuid,
    site_id: Uuid,
    rule: String,
    since: DateTime<Utc>,
    concluded_until: DateTime<Utc>,
    zone: String,
}

/// How far one unit of work goes on, where much was left.
const AT_ONCE: TimeDelta = TimeDelta::days(10);

/// How far ahead the next window is looked for. Where none comes in that time, it is looked for again after it.
pub(crate) const AHEAD: TimeDelta = TimeDelta::days(8);

macro_rules! due {
    ($which:literal) => {
        concat!(
            "SELECT o.guarantee_id, o.place_id, p.site_id, o.rule, o.since, o.concluded_until, ",
            "COALESCE(s.zone, b.zone) AS zone FROM rounds o ",
            "JOIN places p ON p.business_id = $1 AND p.id = o.place_id ",
            "JOIN sites s ON s.business_id = $1 AND s.id = p.site_id JOIN businesses b ON b.id = $1 ",
            "WHERE o.business_id = $1 AND ",
            $which
        )
    };
}

impl Round {
    pub fn parse(rule: &str, since: DateTime<Utc>, zone: Tz) -> Result<Self, Error> {
        Ok(Self { schedule: serde_json::from_str(rule)?, zone, since })
    }

    /// The windows that open between two instants.
    pub fn windows(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> impl Iterator<Item = Window> {
        self.schedule.windows(&self.zone, from.max(self.since), until)
    }

    /// Those for which a check made at an instant can count, the one that closes first before the others.
    pub fn open_at(&self, at: DateTime<Utc>) -> Vec<Window> {
        let mut windows = self.schedule.open_at(&self.zone, at);
        windows.retain(|window| window.opens() >= self.since);
        windows
    }
}

impl Due {
    /// Some of those that are due, those that have waited longest.
    pub async fn of_some(work: &mut Work<'_>) -> Result<Vec<Self>, Error> {
        let (business, now) = (work.business.0, work.now);
        let sql = due!("o.next_at <= $2 ORDER BY o.next_at LIMIT 500");
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business, now)?;
        rows.into_iter().map(Self::try_from).collect()
    }

    /// All rounds of a guarantee that is in force.
    pub async fn of_guarantee(work: &mut Work<'_>, guarantee: GuaranteeId) -> Result<Vec<Self>, Error> {
        let business = work.business.0;
        let sql = due!("o.guarantee_id = $2 AND o.next_at IS NOT NULL");
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business, guarantee.0)?;
        rows.into_iter().map(Self::try_from).collect()
    }

    /// All rounds of the business that are in force.
    pub async fn of_all(work: &mut Work<'_>) -> Result<Vec<Self>, Error> {
        let business = work.business.0;
        let sql = due!("o.next_at IS NOT NULL");
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business)?;
        rows.into_iter().map(Self::try_from).collect()
    }

    /// All rounds at a site that are in force.
    pub async fn at_site(work: &mut Work<'_>, site: SiteId) -> Result<Vec<Self>, Error> {
        let business = work.business.0;
        let sql = due!("p.site_id = $2 AND o.next_at IS NOT NULL");
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business, site.0)?;
        rows.into_iter().map(Self::try_from).collect()
    }

    /// The windows that are over, and were not the last time.
    pub fn over(&self, now: DateTime<Utc>) -> Vec<Window> {
        let until = self.until(now);
        let windows = self.round.windows(self.concluded_until - LONGEST, until);
        windows.filter(|window| self.concluded_until < window.closes() && window.closes() <= until).collect()
    }

    /// Remembers how far its windows are written down, and when the next one is over.
    pub async fn go_on(&self, work: &mut Work<'_>) -> Result<(), Error> {
        let (business, until) = (work.business.0, self.until(work.now));
        let mut next = self.round.windows(until - LONGEST, until + AHEAD);
        let next = next.find(|window| window.closes() > until).map_or(until + AHEAD, |window| window.closes());
        let sql = "UPDATE rounds SET concluded_until = $4, next_at = $5 \
            WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
        run!(work.conn(), sql, business, self.guarantee.0, self.place.0, until, next).map(|_| ())
    }

    fn until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.min(self.concluded_until + AT_ONCE)
    }
}

/// A zone as it is stored.
pub(crate) fn parse_zone(zone: &str) -> Result<Tz, Error> {
    zone.parse().map_err(|_| Error::Unreadable(format!("the zone {zone}")))
}

impl TryFrom<Row> for Due {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            guarantee: GuaranteeId(row.guarantee_id),
            place: PlaceId(row.place_id),
            site: SiteId(row.site_id),
            concluded_until: row.concluded_until,
            round: Round::parse(&row.rule, row.since, parse_zone(&row.zone)?)?,
        })
    }
}
