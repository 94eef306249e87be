//! The schedule of a promise at a place, and up to when its windows are recorded.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::ids::{BusinessId, GuaranteeId, PlaceId, SiteId};
use domain::schedule::{MAX_WINDOW, Schedule};
use domain::window::Window;
use sqlx::FromRow;
use uuid::Uuid;

use crate::business_info::parse_zone;
use crate::db::{execute, fetch};
use crate::error::Error;
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;

/// A schedule with its time zone and its start.
pub(crate) struct ZonedSchedule {
    pub schedule: Schedule,
    zone: Tz,
    since: DateTime<Utc>,
}

/// A schedule, and up to when its windows are recorded.
pub(crate) struct ScheduleProgress {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub site: SiteId,
    pub concluded_until: DateTime<Utc>,
    round: ZonedSchedule,
}

#[derive(FromRow)]
struct Row {
    guarantee_id: Uuid,
    place_id: Uuid,
    site_id: Uuid,
    rule: String,
    since: DateTime<Utc>,
    concluded_until: DateTime<Utc>,
    site_zone: Option<String>,
    business_id: Uuid,
    zone: String,
}

/// The most time that one unit of work catches up on.
const MAX_ADVANCE: TimeDelta = TimeDelta::days(10);

/// How far ahead the next window is searched. If none is found, the search is repeated after this time.
pub(crate) const NEXT_WINDOW_LOOKAHEAD: TimeDelta = TimeDelta::days(8);

macro_rules! select_progress {
    ($which:literal) => {
        concat!(
            "SELECT o.guarantee_id, o.place_id, p.site_id, o.rule, o.since, o.concluded_until, ",
            "s.zone AS site_zone, b.id AS business_id, b.zone FROM rounds o ",
            "JOIN places p ON p.business_id = $1 AND p.id = o.place_id ",
            "JOIN sites s ON s.business_id = $1 AND s.id = p.site_id JOIN businesses b ON b.id = $1 ",
            "WHERE o.business_id = $1 AND ",
            $which
        )
    };
}

impl ZonedSchedule {
    pub fn parse(rule: &str, since: DateTime<Utc>, zone: Tz) -> Result<Self, serde_json::Error> {
        Ok(Self { schedule: serde_json::from_str(rule)?, zone, since })
    }

    /// The windows that open between two instants.
    pub fn windows(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> impl Iterator<Item = Window> {
        self.schedule.windows(&self.zone, from.max(self.since), until)
    }

    /// The windows that a check at this instant can count for, the one that closes first at the front.
    pub fn open_at(&self, at: DateTime<Utc>) -> Vec<Window> {
        let mut windows = self.schedule.open_at(&self.zone, at);
        windows.retain(|window| window.opens() >= self.since);
        windows
    }
}

impl ScheduleProgress {
    /// Some of the due schedules, those that have waited longest.
    pub async fn oldest_due(work: &mut UnitOfWork<'_>) -> Result<Vec<Self>, Error> {
        let (business, now) = (work.business.0, work.now);
        let sql = select_progress!("o.next_at <= $2 ORDER BY o.next_at LIMIT 500");
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business, now)?;
        rows.into_iter().map(Self::try_from).collect()
    }

    /// The active schedules of a guarantee.
    pub async fn of_guarantee(work: &mut UnitOfWork<'_>, guarantee: GuaranteeId) -> Result<Vec<Self>, Error> {
        let business = work.business.0;
        let sql = select_progress!("o.guarantee_id = $2 AND o.next_at IS NOT NULL");
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business, guarantee.0)?;
        rows.into_iter().map(Self::try_from).collect()
    }

    /// The active schedules of the business.
    pub async fn all(work: &mut UnitOfWork<'_>) -> Result<Vec<Self>, Error> {
        let business = work.business.0;
        let sql = select_progress!("o.next_at IS NOT NULL");
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business)?;
        rows.into_iter().map(Self::try_from).collect()
    }

    /// The active schedules at a site.
    pub async fn at_site(work: &mut UnitOfWork<'_>, site: SiteId) -> Result<Vec<Self>, Error> {
        let business = work.business.0;
        let sql = select_progress!("p.site_id = $2 AND o.next_at IS NOT NULL");
        let rows = fetch!(work.conn(), fetch_all as Row, sql, business, site.0)?;
        rows.into_iter().map(Self::try_from).collect()
    }

    /// The windows that have closed since the last time.
    pub fn closed_windows(&self, now: DateTime<Utc>) -> Vec<Window> {
        let until = self.until(now);
        let windows = self.round.windows(self.concluded_until - MAX_WINDOW, until);
        windows.filter(|window| self.concluded_until < window.closes() && window.closes() <= until).collect()
    }

    /// Stores up to when its windows are recorded, and when the next one closes.
    pub async fn advance(&self, work: &mut UnitOfWork<'_>) -> Result<(), Error> {
        let (business, until) = (work.business.0, self.until(work.now));
        let mut next = self.round.windows(until - MAX_WINDOW, until + NEXT_WINDOW_LOOKAHEAD);
        let next =
            next.find(|window| window.closes() > until).map_or(until + NEXT_WINDOW_LOOKAHEAD, |window| window.closes());
        let sql = "UPDATE rounds SET concluded_until = $4, next_at = $5 \
            WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
        execute!(work.conn(), sql, business, self.guarantee.0, self.place.0, until, next).map(|_| ())
    }

    fn until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.min(self.concluded_until + MAX_ADVANCE)
    }
}

/// The time zone of a site: its own, or else that of its business.
pub(crate) fn read_zone((business, zone): (BusinessId, &str), site: Uuid, own: Option<&str>) -> Result<Tz, Error> {
    match own {
        Some(own) => StoredRow("sites", site).read("zone", parse_zone(own)),
        None => StoredRow("businesses", business).read("zone", parse_zone(zone)),
    }
}

impl TryFrom<Row> for ScheduleProgress {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self, Error> {
        let zone = read_zone((BusinessId(row.business_id), &row.zone), row.site_id, row.site_zone.as_deref())?;
        let stored = StoredRow("rounds", format!("{} {}", row.guarantee_id, row.place_id));
        Ok(Self {
            guarantee: GuaranteeId(row.guarantee_id),
            place: PlaceId(row.place_id),
            site: SiteId(row.site_id),
            concluded_until: row.concluded_until,
            round: stored.read("rule", ZonedSchedule::parse(&row.rule, row.since, zone))?,
        })
    }
}
