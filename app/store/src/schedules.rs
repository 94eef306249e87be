//! Schedules of promises at places.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::fault::{Fault, Faults};
use domain::guarantee::Stage;
use domain::ids::{GuaranteeId, PlaceId, SiteId};
use domain::role::Permission;
use domain::schedule::{MAX_WINDOW, Schedule};
use domain::window::Window;
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::checks::record_missed;
use crate::closures::Closures;
use crate::db::{Conn, execute, fetch};
use crate::edit_state;
use crate::error::Error;
use crate::guarantee_rows;
use crate::schedule_progress::{ScheduleProgress, ZonedSchedule, read_zone};
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;
use crate::verdict_sql::current_verdict;

/// A promise with a schedule at a place, and its next window without a check: the open one, or the one that comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledPromise {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub schedule: Schedule,
    pub window: Option<Window>,
}

#[derive(FromRow)]
struct ScheduledPromiseDbRow {
    guarantee_id: Uuid,
    place_id: Uuid,
    site_id: Uuid,
    rule: String,
    since: DateTime<Utc>,
    site_zone: Option<String>,
    zone: String,
}

/// If the last heartbeat is older than this, Trialmark was not running.
const DOWNTIME_AFTER: TimeDelta = TimeDelta::minutes(5);

/// How far ahead the next window is searched.
const WINDOW_LOOKAHEAD: TimeDelta = TimeDelta::days(9);

impl Store {
    /// Sets or removes the schedule of a promise at some of its places, from now on. What was due until now stays due.
    /// `None` if there is no such guarantee.
    ///
    /// # Errors
    /// The role does not allow it; it is not promised at one of the places; the database is unavailable.
    pub async fn set_schedule(
        &self,
        actor: &Actor,
        guarantee: GuaranteeId,
        places: &[PlaceId],
        schedule: Option<&Schedule>,
    ) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let Some(current) = guarantee_rows::find_guarantee(work.conn(), actor, guarantee).await? else {
            return Ok(None);
        };
        let places: BTreeSet<_> = places.iter().copied().collect();
        if places.is_empty() {
            return Err(Faults::one("places", Fault::Missing).into());
        }
        if !places.iter().all(|place| current.places.contains(place)) {
            return Err(Faults::one("places", Fault::NotFound).into());
        }
        let known = schedules_of(work.conn(), actor, guarantee).await?;
        let chosen: Vec<_> = places.iter().copied().collect();
        work.require_each_current(edit_state::schedules(&chosen, &known))?;
        let mut due = ScheduleProgress::of_guarantee(&mut work, guarantee).await?;
        due.retain(|due| places.contains(&due.place));
        record_missed(&mut work, actor, due).await?;
        for place in places {
            set_schedule_at(&mut work, &current, place, schedule).await?;
        }
        work.audit(AuditEvent::ScheduleChanged, guarantee.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// The active promises with a schedule at sites that the actor has access to, each with its next window.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn scheduled_promises(&self, actor: &Actor) -> Result<Vec<ScheduledPromise>, Error> {
        type Looked = (Uuid, Uuid, DateTime<Utc>);
        actor.require(Permission::ViewToday)?;
        let (mut handle, filter, business) =
            (self.db.read(actor.business).await?, SiteFilter::of(actor), actor.business.0);
        let sql = concat!(
            "SELECT o.guarantee_id, o.place_id, p.site_id, o.rule, o.since, s.zone AS site_zone, b.zone FROM rounds o \
                JOIN guarantees g ON g.business_id = $1 AND g.id = o.guarantee_id AND g.stage IN ('trial', 'published') \
                JOIN places p ON p.business_id = $1 AND p.id = o.place_id \
                JOIN sites s ON s.business_id = $1 AND s.id = p.site_id JOIN businesses b ON b.id = $1 \
                WHERE o.business_id = $1 AND ",
            in_sites!("$2", "$3", site "p.site_id")
        );
        let lines =
            fetch!(handle.conn(), fetch_all as ScheduledPromiseDbRow, sql, business, filter.all, filter.holder)?;
        let sql = concat!(
            // The order of the tables is fixed: SQLite would go through all checks of the business.
            "SELECT c.guarantee_id, c.place_id, c.window_due FROM rounds o CROSS JOIN checks c WHERE o.business_id = $1 \
                AND c.business_id = $1 AND c.guarantee_id = o.guarantee_id AND c.place_id = o.place_id \
                AND c.window_due >= $2 AND ",
            current_verdict!("$1", "c"),
            " <> 'taken_back'"
        );
        let now = self.now();
        let looked = fetch!(handle.conn(), fetch_all as Looked, sql, business, now - MAX_WINDOW)?;
        let looked: HashSet<_> = looked.into_iter().collect();
        let closures = Closures::read(handle.conn(), actor.business, now - MAX_WINDOW).await?;
        let row = |line: ScheduledPromiseDbRow| {
            let zone = read_zone((actor.business, &line.zone), line.site_id, line.site_zone.as_deref())?;
            let stored = StoredRow("rounds", format!("{} {}", line.guarantee_id, line.place_id));
            let schedule = stored.read("rule", ZonedSchedule::parse(&line.rule, line.since, zone))?;
            let (site, place) = (SiteId(line.site_id), PlaceId(line.place_id));
            let waits = |window: &Window| {
                window.closes() > now
                    && !looked.contains(&(line.guarantee_id, line.place_id, window.due()))
                    && !closures.cover(site, place, window)
            };
            let window = schedule.windows(now - MAX_WINDOW, now + WINDOW_LOOKAHEAD).find(waits);
            Ok(ScheduledPromise {
                guarantee: GuaranteeId(line.guarantee_id),
                place,
                schedule: schedule.schedule,
                window,
            })
        };
        lines.into_iter().map(row).collect()
    }

    /// The schedules of a guarantee at the places that the actor has access to.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn schedules(&self, actor: &Actor, guarantee: GuaranteeId) -> Result<Vec<(PlaceId, Schedule)>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        schedules_of(handle.conn(), actor, guarantee).await
    }

    /// Records a time in which Trialmark was not running, if there was one: checks could not be logged then. Must be
    /// called about every minute.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn record_downtime(&self, actor: &Actor) -> Result<(), Error> {
        actor.require(Permission::LogChecks)?;
        let (mut handle, business, now) = (self.db.read(actor.business).await?, actor.business.0, self.now());
        let sql = "SELECT 1 FROM rounds WHERE business_id = $1 LIMIT 1";
        if fetch!(handle.conn(), fetch_optional as (i32,), sql, business)?.is_none() {
            return Ok(());
        }
        let sql = "SELECT looked_at FROM watches WHERE business_id = $1";
        let last = fetch!(handle.conn(), fetch_optional as (DateTime<Utc>,), sql, business)?;
        drop(handle);
        if last.is_some_and(|(last,)| now - last > DOWNTIME_AFTER) {
            return self.append_downtime(actor).await;
        }
        let mut handle = self.db.begin(actor.business).await?;
        execute!(handle.conn(), TOUCH_HEARTBEAT, business, now)?;
        handle.commit().await
    }

    async fn append_downtime(&self, actor: &Actor) -> Result<(), Error> {
        let mut work = self.unit_of_work(actor, Permission::LogChecks).await?;
        let (business, now, id) = (work.business.0, work.now, work.id());
        let sql = "SELECT looked_at FROM watches WHERE business_id = $1";
        let last = fetch!(work.conn(), fetch_optional as (DateTime<Utc>,), sql, business)?;
        // Another instance may have recorded it in the meantime.
        if let Some((last,)) = last.filter(|(last,)| now - *last > DOWNTIME_AFTER) {
            let mut body = Map::new();
            body.insert("from".to_owned(), json!(last));
            body.insert("until".to_owned(), json!(now));
            work.append(true, "absence", id, body, Vec::new()).await?;
            execute!(work.conn(), TOUCH_HEARTBEAT, business, now)?;
            work.commit().await?;
        }
        Ok(())
    }

    /// Whether a window has closed that is not recorded yet.
    pub(crate) async fn has_due_windows(&self, actor: &Actor) -> Result<bool, Error> {
        let mut handle = self.db.read(actor.business).await?;
        let sql = "SELECT 1 FROM rounds WHERE business_id = $1 AND next_at <= $2 LIMIT 1";
        let now = self.now();
        Ok(fetch!(handle.conn(), fetch_optional as (i32,), sql, actor.business.0, now)?.is_some())
    }
}

const TOUCH_HEARTBEAT: &str = "INSERT INTO watches (business_id, looked_at) VALUES ($1, $2) \
    ON CONFLICT (business_id) DO UPDATE SET looked_at = excluded.looked_at";

async fn set_schedule_at(
    work: &mut UnitOfWork<'_>,
    current: &guarantee_rows::GuaranteeRow,
    place: PlaceId,
    schedule: Option<&Schedule>,
) -> Result<(), Error> {
    let (id, business, now, author) = (work.id(), work.business.0, work.now, actor_key(work.principal));
    let guarantee = current.id;
    let rule = schedule.map(serde_json::to_string).transpose().map_err(Error::Serialize)?;
    let sql = "INSERT INTO schedules (id, business_id, guarantee_id, place_id, rule, at, by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    execute!(work.conn(), sql, id, business, guarantee.0, place.0, rule.as_deref(), now, author)?;
    let sql = "DELETE FROM rounds WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
    execute!(work.conn(), sql, business, guarantee.0, place.0)?;
    if let Some(rule) = rule {
        let sql = "INSERT INTO rounds (business_id, guarantee_id, place_id, rule, since, concluded_until) \
            VALUES ($1, $2, $3, $4, $5, $5)";
        execute!(work.conn(), sql, business, guarantee.0, place.0, rule, now)?;
    }
    let body = entry(guarantee, place, json!(schedule));
    work.append(current.public, "schedule", id, body, Vec::new()).await?;
    resume(work, guarantee, current.stage).await
}

/// Records the schedules of a guarantee that was just published. They were set before.
pub(crate) async fn append_schedules(work: &mut UnitOfWork<'_>, guarantee: GuaranteeId) -> Result<(), Error> {
    type Row = (Uuid, Uuid, String, DateTime<Utc>);
    let business = work.business.0;
    let sql = "SELECT s.id, s.place_id, o.rule, s.at FROM rounds o JOIN schedules s ON s.business_id = $1 \
            AND s.guarantee_id = o.guarantee_id AND s.place_id = o.place_id AND s.rule = o.rule \
        WHERE o.business_id = $1 AND o.guarantee_id = $2 AND NOT EXISTS (SELECT 1 FROM schedules l \
            WHERE l.business_id = $1 AND l.guarantee_id = s.guarantee_id AND l.place_id = s.place_id AND l.at > s.at) \
        ORDER BY s.place_id";
    for (id, place, rule, at) in fetch!(work.conn(), fetch_all as Row, sql, business, guarantee.0)? {
        let schedule = StoredRow("schedules", id).read("rule", serde_json::from_str(&rule))?;
        let mut body = entry(guarantee, PlaceId(place), schedule);
        body.insert("at".to_owned(), json!(at));
        work.append(true, "schedule", id, body, Vec::new()).await?;
    }
    Ok(())
}

fn entry(guarantee: GuaranteeId, place: PlaceId, schedule: Value) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("guarantee".to_owned(), json!(guarantee));
    body.insert("place".to_owned(), json!(place));
    body.insert("schedule".to_owned(), schedule);
    body
}

/// The schedules of a guarantee at the places that the actor has access to.
async fn schedules_of(
    conn: Conn<'_>,
    actor: &Actor,
    guarantee: GuaranteeId,
) -> Result<Vec<(PlaceId, Schedule)>, Error> {
    let (filter, business) = (SiteFilter::of(actor), actor.business.0);
    let sql = concat!(
        "SELECT o.place_id, o.rule FROM rounds o WHERE o.business_id = $1 AND o.guarantee_id = $4 AND ",
        in_sites!("$2", "$3", place "o.place_id")
    );
    let rows = fetch!(conn, fetch_all as (Uuid, String), sql, business, filter.all, filter.holder, guarantee.0)?;
    let schedule = |(place, rule): (Uuid, String)| {
        let stored = StoredRow("rounds", format!("{guarantee} {place}"));
        Ok((PlaceId(place), stored.read("rule", serde_json::from_str(&rule))?))
    };
    rows.into_iter().map(schedule).collect()
}

/// Records the misses up to now, before a guarantee changes its stage or its places.
pub(crate) async fn record_missed_so_far(
    work: &mut UnitOfWork<'_>,
    actor: &Actor,
    guarantee: GuaranteeId,
) -> Result<(), Error> {
    let due = ScheduleProgress::of_guarantee(work, guarantee).await?;
    record_missed(work, actor, due).await.map(|_| ())
}

/// Starts and stops schedules after a change of the stage or the places. Schedules that stay active are not touched.
pub(crate) async fn resume(work: &mut UnitOfWork<'_>, guarantee: GuaranteeId, stage: Stage) -> Result<(), Error> {
    let (business, now) = (work.business.0, work.now);
    let sql = "DELETE FROM rounds WHERE business_id = $1 AND guarantee_id = $2 AND NOT EXISTS (SELECT 1 FROM promised r \
        WHERE r.business_id = $1 AND r.guarantee_id = rounds.guarantee_id AND r.place_id = rounds.place_id)";
    execute!(work.conn(), sql, business, guarantee.0)?;
    if stage.is_checked() {
        let sql = "UPDATE rounds SET since = $3, concluded_until = $3, next_at = $3 \
            WHERE business_id = $1 AND guarantee_id = $2 AND next_at IS NULL";
        execute!(work.conn(), sql, business, guarantee.0, now)?;
    } else {
        let sql = "UPDATE rounds SET next_at = NULL WHERE business_id = $1 AND guarantee_id = $2";
        execute!(work.conn(), sql, business, guarantee.0)?;
    }
    Ok(())
}
