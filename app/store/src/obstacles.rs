//! The board of obstacles: added with a break, answered, and removed when the check is corrected. Who logged the check
//! and what they noted is not read here.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::ids::{BreakId, BusinessId, CheckId, GuaranteeId, PlaceId};
use domain::obstacle::{Answer, Decision, Obstacle, allow_answer};
use domain::role::Permission;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::breaks::NewBreak;
use crate::db::{Conn, ROWS_PER_STATEMENT, execute, fetch, fetch_rows};
use crate::edit_state;
use crate::error::Error;
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;

/// An obstacle to a promise at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObstacleRow {
    /// The id of the break.
    pub id: BreakId,
    pub obstacle: Obstacle,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub known_at: DateTime<Utc>,
    /// The newest first, which is the current one.
    pub answers: Vec<GivenAnswer>,
    /// Whether it was removed from the board, because the check was corrected.
    pub left: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenAnswer {
    pub at: DateTime<Utc>,
    pub answer: Answer,
}

/// A page of the board: first the unanswered obstacles, then the answered ones, each the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObstaclePage {
    pub rows: Vec<ObstacleRow>,
    /// The last obstacle of this page, if there may be a next page.
    pub before: Option<BreakId>,
}

/// The most obstacles in one page.
const MAX_PAGE: i64 = 500;

#[derive(FromRow)]
struct ObstacleDbRow {
    id: Uuid,
    obstacle: String,
    guarantee_id: Uuid,
    place_id: Uuid,
    known_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    left_at: Option<DateTime<Utc>>,
}

/// Selects obstacles at sites that the reader has access to. `$which` is a further condition and the order.
macro_rules! select_obstacles {
    ($which:literal) => {
        concat!(
            "SELECT o.id, o.obstacle, o.guarantee_id, o.place_id, o.known_at, o.answered_at, o.left_at FROM obstacles o ",
            "WHERE o.business_id = $1 AND ",
            in_sites!("$2", "$3", place "o.place_id"),
            $which
        )
    };
}

impl Store {
    /// A page of the board, for sites that the actor has access to. `before` is the last obstacle of the page before.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn obstacles(&self, actor: &Actor, before: Option<BreakId>, limit: i64) -> Result<ObstaclePage, Error> {
        actor.require(Permission::ViewInternal)?;
        let (limit, reader) = (limit.clamp(1, MAX_PAGE), (actor.business, SiteFilter::of(actor)));
        let mut handle = self.db.snapshot(actor.business).await?;
        let top = (self.now() + TimeDelta::days(1), Uuid::max());
        let (waiting, answered) = match before {
            None => (Some(top), top),
            Some(id) => match find_obstacle(handle.conn(), reader, id).await? {
                None => return Ok(ObstaclePage { rows: Vec::new(), before: None }),
                Some(last) => match last.answered_at {
                    None => (Some((last.known_at, last.id)), top),
                    Some(at) => (None, (at, last.id)),
                },
            },
        };
        let mut rows = Vec::new();
        if let Some(from) = waiting {
            let sql = select_obstacles!(
                " AND o.answered_at IS NULL AND o.left_at IS NULL AND (o.known_at, o.id) < ($4, $5) \
                ORDER BY o.known_at DESC, o.id DESC LIMIT $6"
            );
            rows.extend(obstacle_page(handle.conn(), reader, sql, from, limit).await?);
        }
        let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
        if left > 0 {
            let sql = select_obstacles!(
                " AND o.answered_at IS NOT NULL AND o.left_at IS NULL AND (o.answered_at, o.id) < ($4, $5) \
                ORDER BY o.answered_at DESC, o.id DESC LIMIT $6"
            );
            rows.extend(obstacle_page(handle.conn(), reader, sql, answered, left).await?);
        }
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == limit);
        let rows = with_answers(handle.conn(), actor.business, rows).await?;
        Ok(ObstaclePage { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }

    /// An obstacle, even after it was removed from the board. `None` if there is none, or the actor has no access to
    /// its site.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn obstacle(&self, actor: &Actor, id: BreakId) -> Result<Option<ObstacleRow>, Error> {
        actor.require(Permission::ViewInternal)?;
        let mut handle = self.db.snapshot(actor.business).await?;
        let row = find_obstacle(handle.conn(), (actor.business, SiteFilter::of(actor)), id).await?;
        Ok(with_answers(handle.conn(), actor.business, row.into_iter().collect()).await?.pop())
    }

    /// The number of unanswered obstacles at sites that the actor has access to; a thousand stands for all that are more.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn count_unanswered_obstacles(&self, actor: &Actor) -> Result<u64, Error> {
        actor.require(Permission::ViewInternal)?;
        let filter = SiteFilter::of(actor);
        let sql = concat!(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM obstacles o WHERE o.business_id = $1 \
                AND o.answered_at IS NULL AND o.left_at IS NULL AND ",
            in_sites!("$2", "$3", place "o.place_id"),
            " LIMIT 1000) waiting"
        );
        let mut handle = self.db.read(actor.business).await?;
        let (count,) = fetch!(handle.conn(), fetch_one as (i64,), sql, actor.business.0, filter.all, filter.holder)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Adds an answer, which is the current one from now on. Earlier ones stay visible. `None` if there is no such
    /// obstacle.
    ///
    /// # Errors
    /// The role does not allow it; the obstacle was removed from the board; the database is unavailable.
    pub async fn answer_obstacle(&self, actor: &Actor, id: BreakId, given: &Answer) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::AnswerObstacles).await?;
        let Some(row) = find_obstacle(work.conn(), (actor.business, SiteFilter::of(actor)), id).await? else {
            return Ok(None);
        };
        let standing = with_answers(work.conn(), actor.business, vec![row]).await?.pop().ok_or(Error::Gone)?;
        work.require_current(&edit_state::answer(standing.answers.first().map(|given| &given.answer)))?;
        allow_answer(standing.left)?;
        let (answered, business, now, author) = (work.id(), work.business.0, work.now, actor_key(work.principal));
        let sql = "INSERT INTO obstacle_answers (id, business_id, obstacle_id, number, decision, words, at, by) \
            SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7 FROM obstacle_answers \
            WHERE business_id = $2 AND obstacle_id = $3";
        let (decision, words) = (given.decision.name(), given.words.as_str());
        execute!(work.conn(), sql, answered, business, id.0, decision, words, now, author)?;
        let sql = "UPDATE obstacles SET answered_at = $3 WHERE business_id = $1 AND id = $2";
        execute!(work.conn(), sql, business, id.0, now)?;
        work.audit(AuditEvent::ObstacleAnswered, id.0);
        work.commit().await?;
        Ok(Some(()))
    }
}

/// Adds the obstacle of a break.
pub(crate) async fn insert(work: &mut UnitOfWork<'_>, new: &NewBreak, obstacle: Obstacle) -> Result<(), Error> {
    let sql = "INSERT INTO obstacles (id, business_id, guarantee_id, place_id, check_id, obstacle, known_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (business, now) = (work.business.0, work.now);
    let (guarantee, place, check) = (new.guarantee.0, new.place.0, new.check.0);
    execute!(work.conn(), sql, new.id.0, business, guarantee, place, check, obstacle.name(), now)?;
    Ok(())
}

/// Removes the obstacle of a check that is not broken any more.
pub(crate) async fn remove(work: &mut UnitOfWork<'_>, check: CheckId) -> Result<(), Error> {
    let sql = "UPDATE obstacles SET left_at = $3 WHERE business_id = $1 AND check_id = $2 AND left_at IS NULL";
    let (business, now) = (work.business.0, work.now);
    execute!(work.conn(), sql, business, check.0, now)?;
    Ok(())
}

async fn find_obstacle(
    conn: Conn<'_>,
    reader: (BusinessId, SiteFilter),
    id: BreakId,
) -> Result<Option<ObstacleDbRow>, Error> {
    let (BusinessId(business), filter) = reader;
    let sql = select_obstacles!(" AND o.id = $4");
    fetch!(conn, fetch_optional as ObstacleDbRow, sql, business, filter.all, filter.holder, id.0)
}

async fn obstacle_page(
    conn: Conn<'_>,
    (BusinessId(business), filter): (BusinessId, SiteFilter),
    sql: &'static str,
    (at, id): (DateTime<Utc>, Uuid),
    limit: i64,
) -> Result<Vec<ObstacleDbRow>, Error> {
    fetch!(conn, fetch_all as ObstacleDbRow, sql, business, filter.all, filter.holder, at, id, limit)
}

/// Adds the answers to the rows.
async fn with_answers(
    mut conn: Conn<'_>,
    business: BusinessId,
    rows: Vec<ObstacleDbRow>,
) -> Result<Vec<ObstacleRow>, Error> {
    type Given = (Uuid, DateTime<Utc>, String, String);
    let answered: Vec<_> = rows.iter().filter(|row| row.answered_at.is_some()).map(|row| row.id).collect();
    let mut answers: HashMap<Uuid, Vec<GivenAnswer>> = HashMap::new();
    for ids in answered.chunks(ROWS_PER_STATEMENT) {
        let given = fetch_rows!(
            conn.reborrow(),
            Given,
            "WITH asked (business_id, id) AS (",
            ") SELECT a.obstacle_id, a.at, a.decision, a.words FROM asked JOIN obstacle_answers a \
                ON a.business_id = asked.business_id AND a.obstacle_id = asked.id ORDER BY a.number DESC",
            ids,
            |id| business.0,
            *id
        )?;
        for (obstacle, at, decision, words) in given {
            let stored = StoredRow("obstacle_answers", format!("of {obstacle} at {at}"));
            let decision = stored.read("decision", Decision::parse(&decision))?;
            let answer = Answer { decision, words: stored.read("words", words.try_into())? };
            answers.entry(obstacle).or_default().push(GivenAnswer { at, answer });
        }
    }
    let row = |row: ObstacleDbRow| {
        Ok(ObstacleRow {
            id: BreakId(row.id),
            obstacle: StoredRow("obstacles", row.id).read("obstacle", Obstacle::parse(&row.obstacle))?,
            guarantee: GuaranteeId(row.guarantee_id),
            place: PlaceId(row.place_id),
            known_at: row.known_at,
            answers: answers.remove(&row.id).unwrap_or_default(),
            left: row.left_at.is_some(),
        })
    };
    rows.into_iter().map(row).collect()
}
