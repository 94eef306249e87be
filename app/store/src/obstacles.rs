//! The board of what stood in the way: put up with a break, answered by adding, taken down when the check is corrected. Who
//! logged the check, and what they noted, is not read here.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor};
use domain::deed::Deed;
use domain::ids::{BreakId, BusinessId, CheckId, GuaranteeId, PlaceId};
use domain::obstacle::{Answer, Decision, Obstacle, answer};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::db::{AT_ONCE, Conn, fetch, fetch_rows, run};
use crate::error::Error;
use crate::reaches::{Reached, within};
use crate::recoveries::NewBreak;
use crate::stands;
use crate::work::{Work, by};

/// Something that stood in the way of a promise at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObstacleRow {
    /// That of the break.
    pub id: BreakId,
    pub obstacle: Obstacle,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    pub known_at: DateTime<Utc>,
    /// The newest, which stands, first.
    pub answers: Vec<Answered>,
    /// The check was corrected since: it is off the board.
    pub left: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub at: DateTime<Utc>,
    pub answer: Answer,
}

/// A page of the board: what waits for an answer, the newest first, then what was answered last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacles {
    pub rows: Vec<ObstacleRow>,
    /// The obstacle after which the next page begins, if there is one.
    pub before: Option<BreakId>,
}

/// The most obstacles that one page holds.
const MOST: i64 = 500;

#[derive(FromRow)]
struct BoardRow {
    id: Uuid,
    obstacle: String,
    guarantee_id: Uuid,
    place_id: Uuid,
    known_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    left_at: Option<DateTime<Utc>>,
}

/// Obstacles within someone's reach, and which of them.
macro_rules! board {
    ($which:literal) => {
        concat!(
            "SELECT o.id, o.obstacle, o.guarantee_id, o.place_id, o.known_at, o.answered_at, o.left_at FROM obstacles o ",
            "WHERE o.business_id = $1 AND ",
            within!("$2", "$3", place "o.place_id"),
            $which
        )
    };
}

impl Store {
    /// What stands on the board within reach: from the top, or after an obstacle of an earlier page.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn obstacles(&self, actor: &Actor, before: Option<BreakId>, most: i64) -> Result<Obstacles, Error> {
        actor.permit(Act::Read)?;
        let (most, reader) = (most.clamp(1, MOST), (actor.business, Reached::by(actor)));
        let mut held = self.db.snapshot(actor.business).await?;
        let top = (self.now() + TimeDelta::days(1), Uuid::max());
        let (waiting, answered) = match before {
            None => (Some(top), top),
            Some(id) => match one(held.conn(), reader, id).await? {
                None => return Ok(Obstacles { rows: Vec::new(), before: None }),
                Some(last) => match last.answered_at {
                    None => (Some((last.known_at, last.id)), top),
                    Some(at) => (None, (at, last.id)),
                },
            },
        };
        let mut rows = Vec::new();
        if let Some(from) = waiting {
            let sql = board!(
                " AND o.answered_at IS NULL AND o.left_at IS NULL AND (o.known_at, o.id) < ($4, $5) \
                ORDER BY o.known_at DESC, o.id DESC LIMIT $6"
            );
            rows.extend(some(held.conn(), reader, sql, from, most).await?);
        }
        let left = most - i64::try_from(rows.len()).unwrap_or(most);
        if left > 0 {
            let sql = board!(
                " AND o.answered_at IS NOT NULL AND o.left_at IS NULL AND (o.answered_at, o.id) < ($4, $5) \
                ORDER BY o.answered_at DESC, o.id DESC LIMIT $6"
            );
            rows.extend(some(held.conn(), reader, sql, answered, left).await?);
        }
        let full = i64::try_from(rows.len()).is_ok_and(|length| length == most);
        let rows = with_answers(held.conn(), actor.business, rows).await?;
        Ok(Obstacles { before: rows.last().filter(|_| full).map(|row| row.id), rows })
    }

    /// One of them, even after it has left the board. None if there is none of this id within reach.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn obstacle(&self, actor: &Actor, id: BreakId) -> Result<Option<ObstacleRow>, Error> {
        actor.permit(Act::Read)?;
        let mut held = self.db.snapshot(actor.business).await?;
        let row = one(held.conn(), (actor.business, Reached::by(actor)), id).await?;
        Ok(with_answers(held.conn(), actor.business, row.into_iter().collect()).await?.pop())
    }

    /// How many within reach wait for an answer.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn obstacles_waiting(&self, actor: &Actor) -> Result<u64, Error> {
        actor.permit(Act::Read)?;
        let by = Reached::by(actor);
        let sql = concat!(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM obstacles o WHERE o.business_id = $1 \
                AND o.answered_at IS NULL AND o.left_at IS NULL AND ",
            within!("$2", "$3", place "o.place_id")
        );
        let mut held = self.db.read(actor.business).await?;
        let (count,) = fetch!(held.conn(), fetch_one as (i64,), sql, actor.business.0, by.everywhere, by.holder)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Adds an answer, which stands from now on; earlier ones stay in sight. None if there is no such obstacle.
    ///
    /// # Errors
    /// The role does not allow it; it has left the board; the database is unavailable.
    pub async fn answer_obstacle(&self, actor: &Actor, id: BreakId, given: &Answer) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Answer).await?;
        let Some(row) = one(work.conn(), (actor.business, Reached::by(actor)), id).await? else { return Ok(None) };
        let standing = with_answers(work.conn(), actor.business, vec![row]).await?.pop().ok_or(Error::Gone)?;
        work.unchanged(&stands::answer(standing.answers.first().map(|given| &given.answer)))?;
        answer(standing.left)?;
        let (answered, business, now, hand) = (work.id(), work.business.0, work.now, by(work.by));
        let sql = "INSERT INTO obstacle_answers (id, business_id, obstacle_id, number, decision, words, at, by) \
            SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7 FROM obstacle_answers \
            WHERE business_id = $2 AND obstacle_id = $3";
        let (decision, words) = (given.decision.name(), given.words.as_str());
        run!(work.conn(), sql, answered, business, id.0, decision, words, now, hand)?;
        let sql = "UPDATE obstacles SET answered_at = $3 WHERE business_id = $1 AND id = $2";
        run!(work.conn(), sql, business, id.0, now)?;
        work.note(Deed::ObstacleAnswered, id.0);
        work.commit().await?;
        Ok(Some(()))
    }
}

/// Puts up what stood in the way of a promise that was just broken.
pub(crate) async fn put_up(work: &mut Work<'_>, new: &NewBreak, obstacle: Obstacle) -> Result<(), Error> {
    let sql = "INSERT INTO obstacles (id, business_id, guarantee_id, place_id, check_id, obstacle, known_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (business, now) = (work.business.0, work.now);
    let (guarantee, place, check) = (new.guarantee.0, new.place.0, new.check.0);
    run!(work.conn(), sql, new.id.0, business, guarantee, place, check, obstacle.name(), now)?;
    Ok(())
}

/// Takes down what a check put up that no longer says that the promise was broken.
pub(crate) async fn take_down(work: &mut Work<'_>, check: CheckId) -> Result<(), Error> {
    let sql = "UPDATE obstacles SET left_at = $3 WHERE business_id = $1 AND check_id = $2 AND left_at IS NULL";
    let (business, now) = (work.business.0, work.now);
    run!(work.conn(), sql, business, check.0, now)?;
    Ok(())
}

async fn one(conn: Conn<'_>, reader: (BusinessId, Reached), id: BreakId) -> Result<Option<BoardRow>, Error> {
    let (BusinessId(business), by) = reader;
    let sql = board!(" AND o.id = $4");
    fetch!(conn, fetch_optional as BoardRow, sql, business, by.everywhere, by.holder, id.0)
}

async fn some(
    conn: Conn<'_>,
    (BusinessId(business), by): (BusinessId, Reached),
    sql: &'static str,
    (at, id): (DateTime<Utc>, Uuid),
    most: i64,
) -> Result<Vec<BoardRow>, Error> {
    fetch!(conn, fetch_all as BoardRow, sql, business, by.everywhere, by.holder, at, id, most)
}

/// The rows with what was answered to each, all of them asked for at once.
async fn with_answers(
    mut conn: Conn<'_>,
    business: BusinessId,
    rows: Vec<BoardRow>,
) -> Result<Vec<ObstacleRow>, Error> {
    type Given = (Uuid, DateTime<Utc>, String, String);
    let answered: Vec<_> = rows.iter().filter(|row| row.answered_at.is_some()).map(|row| row.id).collect();
    let mut answers: HashMap<Uuid, Vec<Answered>> = HashMap::new();
    for ids in answered.chunks(AT_ONCE) {
        let given = fetch_rows!(
            conn.again(),
            Given,
            "WITH asked (business_id, id) AS (",
            ") SELECT a.obstacle_id, a.at, a.decision, a.words FROM asked JOIN obstacle_answers a \
                ON a.business_id = asked.business_id AND a.obstacle_id = asked.id ORDER BY a.number DESC",
            ids,
            |id| business.0,
            *id
        )?;
        for (obstacle, at, decision, words) in given {
            let answer = Answer { decision: Decision::parse(&decision)?, words: words.try_into()? };
            answers.entry(obstacle).or_default().push(Answered { at, answer });
        }
    }
    let row = |row: BoardRow| {
        Ok(ObstacleRow {
            id: BreakId(row.id),
            obstacle: Obstacle::parse(&row.obstacle)?,
            guarantee: GuaranteeId(row.guarantee_id),
            place: PlaceId(row.place_id),
            known_at: row.known_at,
            answers: answers.remove(&row.id).unwrap_or_default(),
            left: row.left_at.is_some(),
        })
    };
    rows.into_iter().map(row).collect()
}
