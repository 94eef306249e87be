//! Schedules: decided for each promise at each place, and the rounds that follow from them.

mod closures;
mod round;

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor};
use domain::deed::Deed;
use domain::fault::{Fault, Faults};
use domain::guarantee::Stage;
use domain::ids::{GuaranteeId, PlaceId, SiteId};
use domain::schedule::{LONGEST, Schedule};
use domain::window::Window;
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::checks::{conclude, last_correction};
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::guarantees;
use crate::reaches::{Reached, within};
use crate::stands;
use crate::work::{Work, by};

pub use closures::ClosureRow;
pub(crate) use closures::Closures;
pub(crate) use round::{AHEAD, Due, Round, parse_zone};

/// A promise with a schedule at a place, and the window that waits for a look: the one that is open, or comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundRow {
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub schedule: Schedule,
    pub window: Option<Window>,
}

#[derive(FromRow)]
struct RoundLine {
    guarantee_id: Uuid,
    place_id: Uuid,
    site_id: Uuid,
    rule: String,
    since: DateTime<Utc>,
    zone: String,
}

/// So long nobody has looked after the windows: then Trialmark was not running.
const ABSENT: TimeDelta = TimeDelta::minutes(5);

/// How far ahead a window that waits is looked for.
const WAITS: TimeDelta = TimeDelta::days(9);

impl Store {
    /// Decides when a promise is to be looked at, at some of its places, from now on; without a schedule nothing is due
    /// there any more. What was due until now stays due. None if there is no such guarantee.
    ///
    /// # Errors
    /// The role does not allow it; it is not promised at one of the places; the database is unavailable.
    pub async fn schedule(
        &self,
        actor: &Actor,
        guarantee: GuaranteeId,
        places: &[PlaceId],
        schedule: Option<&Schedule>,
    ) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Define).await?;
        let Some(current) = guarantees::one(work.conn(), actor, guarantee).await? else { return Ok(None) };
        let places: BTreeSet<_> = places.iter().copied().collect();
        if places.is_empty() {
            return Err(Faults::one("places", Fault::Missing).into());
        }
        if !places.iter().all(|place| current.places.contains(place)) {
            return Err(Faults::one("places", Fault::NotFound).into());
        }
        let known = known(work.conn(), actor, guarantee).await?;
        let chosen: Vec<_> = places.iter().copied().collect();
        work.each_unchanged(stands::schedules(&chosen, &known))?;
        let mut due = Due::of_guarantee(&mut work, guarantee).await?;
        due.retain(|due| places.contains(&due.place));
        conclude(&mut work, actor, due).await?;
        for place in places {
            decide(&mut work, &current, place, schedule).await?;
        }
        work.note(Deed::GuaranteeScheduled, guarantee.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Every promise within reach that has a schedule and is in force, and the window that waits.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn rounds(&self, actor: &Actor) -> Result<Vec<RoundRow>, Error> {
        type Looked = (Uuid, Uuid, DateTime<Utc>);
        actor.permit(Act::Look)?;
        let (mut held, by, business) = (self.db.read(actor.business).await?, Reached::by(actor), actor.business.0);
        let sql = concat!(
            "SELECT o.guarantee_id, o.place_id, p.site_id, o.rule, o.since, COALESCE(s.zone, b.zone) AS zone FROM rounds o \
                JOIN guarantees g ON g.business_id = $1 AND g.id = o.guarantee_id AND g.stage IN ('trial', 'published') \
                JOIN places p ON p.business_id = $1 AND p.id = o.place_id \
                JOIN sites s ON s.business_id = $1 AND s.id = p.site_id JOIN businesses b ON b.id = $1 \
                WHERE o.business_id = $1 AND ",
            within!("$2", "$3", site "p.site_id")
        );
        let lines = fetch!(held.conn(), fetch_all as RoundLine, sql, business, by.everywhere, by.holder)?;
        let sql = concat!(
            "SELECT c.guarantee_id, c.place_id, c.window_due FROM rounds o JOIN checks c ON c.business_id = $1 \
                AND c.guarantee_id = o.guarantee_id AND c.place_id = o.place_id AND c.window_due >= $2 \
                WHERE o.business_id = $1 AND ",
            last_correction!("$1", "c"),
            " <> 'taken_back'"
        );
        let now = self.now();
        let looked = fetch!(held.conn(), fetch_all as Looked, sql, business, now - LONGEST)?;
        let looked: HashSet<_> = looked.into_iter().collect();
        let closures = Closures::read(held.conn(), actor.business, now - LONGEST).await?;
        let row = |line: RoundLine| {
            let round = Round::parse(&line.rule, line.since, parse_zone(&line.zone)?)?;
            let (site, place) = (SiteId(line.site_id), PlaceId(line.place_id));
            let waits = |window: &Window| {
                window.closes() > now
                    && !looked.contains(&(line.guarantee_id, line.place_id, window.due()))
                    && !closures.excuse(site, place, window)
            };
            let window = round.windows(now - LONGEST, now + WAITS).find(waits);
            Ok(RoundRow { guarantee: GuaranteeId(line.guarantee_id), place, schedule: round.schedule, window })
        };
        lines.into_iter().map(row).collect()
    }

    /// The schedules of a guarantee, by place: of those within reach.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn schedules(&self, actor: &Actor, guarantee: GuaranteeId) -> Result<Vec<(PlaceId, Schedule)>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        known(held.conn(), actor, guarantee).await
    }

    /// Says in the record when Trialmark was not running, if it was not: what was missed then, nobody could have said. To be
    /// called every minute or so while it runs.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn note_absence(&self, actor: &Actor) -> Result<(), Error> {
        actor.permit(Act::Check)?;
        let (mut held, business, now) = (self.db.read(actor.business).await?, actor.business.0, self.now());
        let sql = "SELECT 1 FROM rounds WHERE business_id = $1 LIMIT 1";
        if fetch!(held.conn(), fetch_optional as (i32,), sql, business)?.is_none() {
            return Ok(());
        }
        let sql = "SELECT looked_at FROM watches WHERE business_id = $1";
        let last = fetch!(held.conn(), fetch_optional as (DateTime<Utc>,), sql, business)?;
        drop(held);
        if last.is_some_and(|(last,)| now - last > ABSENT) {
            return self.write_absence(actor).await;
        }
        let mut held = self.db.begin(actor.business).await?;
        run!(held.conn(), LOOKED, business, now)?;
        held.commit().await
    }

    async fn write_absence(&self, actor: &Actor) -> Result<(), Error> {
        let mut work = self.work(actor, Act::Check).await?;
        let (business, now, id) = (work.business.0, work.now, work.id());
        let sql = "SELECT looked_at FROM watches WHERE business_id = $1";
        let last = fetch!(work.conn(), fetch_optional as (DateTime<Utc>,), sql, business)?;
        // Another instance may have said it in between.
        if let Some((last,)) = last.filter(|(last,)| now - *last > ABSENT) {
            let mut body = Map::new();
            body.insert("from".to_owned(), json!(last));
            body.insert("until".to_owned(), json!(now));
            work.append(true, "absence", id, body, Vec::new()).await?;
            run!(work.conn(), LOOKED, business, now)?;
            work.commit().await?;
        }
        Ok(())
    }

    /// Whether a window is over that is not written down yet.
    pub(crate) async fn is_due(&self, actor: &Actor) -> Result<bool, Error> {
        let mut held = self.db.read(actor.business).await?;
        let sql = "SELECT 1 FROM rounds WHERE business_id = $1 AND next_at <= $2 LIMIT 1";
        let now = self.now();
        Ok(fetch!(held.conn(), fetch_optional as (i32,), sql, actor.business.0, now)?.is_some())
    }
}

const LOOKED: &str = "INSERT INTO watches (business_id, looked_at) VALUES ($1, $2) \
    ON CONFLICT (business_id) DO UPDATE SET looked_at = excluded.looked_at";

async fn decide(
    work: &mut Work<'_>,
    current: &guarantees::GuaranteeRow,
    place: PlaceId,
    schedule: Option<&Schedule>,
) -> Result<(), Error> {
    let (id, business, now, hand) = (work.id(), work.business.0, work.now, by(work.by));
    let guarantee = current.id;
    let rule = schedule.map(serde_json::to_string).transpose()?;
    let sql = "INSERT INTO schedules (id, business_id, guarantee_id, place_id, rule, at, by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    run!(work.conn(), sql, id, business, guarantee.0, place.0, rule.as_deref(), now, hand)?;
    let sql = "DELETE FROM rounds WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
    run!(work.conn(), sql, business, guarantee.0, place.0)?;
    if let Some(rule) = rule {
        let sql = "INSERT INTO rounds (business_id, guarantee_id, place_id, rule, since, concluded_until) \
            VALUES ($1, $2, $3, $4, $5, $5)";
        run!(work.conn(), sql, business, guarantee.0, place.0, rule, now)?;
    }
    let body = entry(guarantee, place, json!(schedule));
    work.append(current.public, "schedule", id, body, Vec::new()).await?;
    resume(work, guarantee, current.stage).await
}

/// Tells in the record when a guarantee that was just published is looked at: it was decided before.
pub(crate) async fn tell(work: &mut Work<'_>, guarantee: GuaranteeId) -> Result<(), Error> {
    type Row = (Uuid, Uuid, String, DateTime<Utc>);
    let business = work.business.0;
    let sql = "SELECT s.id, s.place_id, o.rule, s.at FROM rounds o JOIN schedules s ON s.business_id = $1 \
            AND s.guarantee_id = o.guarantee_id AND s.place_id = o.place_id AND s.rule = o.rule \
        WHERE o.business_id = $1 AND o.guarantee_id = $2 AND NOT EXISTS (SELECT 1 FROM schedules l \
            WHERE l.business_id = $1 AND l.guarantee_id = s.guarantee_id AND l.place_id = s.place_id AND l.at > s.at) \
        ORDER BY s.place_id";
    for (id, place, rule, at) in fetch!(work.conn(), fetch_all as Row, sql, business, guarantee.0)? {
        let mut body = entry(guarantee, PlaceId(place), serde_json::from_str(&rule)?);
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

/// The schedules of a guarantee, by place: of those within reach.
async fn known(conn: Conn<'_>, actor: &Actor, guarantee: GuaranteeId) -> Result<Vec<(PlaceId, Schedule)>, Error> {
    let (by, business) = (Reached::by(actor), actor.business.0);
    let sql = concat!(
        "SELECT o.place_id, o.rule FROM rounds o WHERE o.business_id = $1 AND o.guarantee_id = $4 AND ",
        within!("$2", "$3", place "o.place_id")
    );
    let rows = fetch!(conn, fetch_all as (Uuid, String), sql, business, by.everywhere, by.holder, guarantee.0)?;
    rows.into_iter().map(|(place, rule)| Ok((PlaceId(place), serde_json::from_str(&rule)?))).collect()
}

/// Before a guarantee moves, or is promised elsewhere: what was due until now stays due.
pub(crate) async fn settle(work: &mut Work<'_>, actor: &Actor, guarantee: GuaranteeId) -> Result<(), Error> {
    let due = Due::of_guarantee(work, guarantee).await?;
    conclude(work, actor, due).await.map(|_| ())
}

/// After it: from now on something is due again where it is in force, and nothing else. Rounds that go on are left alone.
pub(crate) async fn resume(work: &mut Work<'_>, guarantee: GuaranteeId, stage: Stage) -> Result<(), Error> {
    let (business, now) = (work.business.0, work.now);
    let sql = "DELETE FROM rounds WHERE business_id = $1 AND guarantee_id = $2 AND NOT EXISTS (SELECT 1 FROM promised r \
        WHERE r.business_id = $1 AND r.guarantee_id = rounds.guarantee_id AND r.place_id = rounds.place_id)";
    run!(work.conn(), sql, business, guarantee.0)?;
    if stage.is_checked() {
        let sql = "UPDATE rounds SET since = $3, concluded_until = $3, next_at = $3 \
            WHERE business_id = $1 AND guarantee_id = $2 AND next_at IS NULL";
        run!(work.conn(), sql, business, guarantee.0, now)?;
    } else {
        let sql = "UPDATE rounds SET next_at = NULL WHERE business_id = $1 AND guarantee_id = $2";
        run!(work.conn(), sql, business, guarantee.0)?;
    }
    Ok(())
}
