//! What anyone may see: a business's charter, and one guarantee with what was broken and what was done about it.

mod detail;

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::guarantee::{Stage, Wording};
use domain::hours::local_day;
use domain::ids::{BusinessId, GuaranteeId};
use domain::measure::Tally;
use domain::problem::Problem;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::businesses::Home;
use crate::checks::is_look;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::guarantees;
use crate::problems::problems;
use crate::schedules::parse_zone;
use crate::texts::{self, TextRow};

pub use detail::{BreakLine, Detail};

/// Everything a business promises in public.
#[derive(Clone, Debug)]
pub struct Charter {
    pub home: Home,
    pub today: NaiveDate,
    pub guarantees: Vec<PublicGuarantee>,
    /// How many entries the record has.
    pub entries: i64,
}

/// A guarantee as the public sees it.
#[derive(Clone, Debug)]
pub struct PublicGuarantee {
    pub id: GuaranteeId,
    pub slug: String,
    pub stage: Stage,
    pub version: i64,
    pub wording: Wording,
    pub problem: Problem,
    /// The last 90 local days, oldest first, with nothing left out.
    pub days: Vec<Day>,
    pub last_check: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub tally: Tally,
}

impl PublicGuarantee {
    /// The sum of the last so many days.
    #[must_use]
    pub fn tally(&self, days: usize) -> Tally {
        self.days.iter().rev().take(days).map(|day| day.tally).sum()
    }
}

/// How many days the public sees day by day.
pub const SHOWN_DAYS: u64 = 90;

#[derive(FromRow)]
struct GuaranteeRow {
    id: Uuid,
    problem_id: Uuid,
    slug: String,
    stage: String,
    version: i64,
    version_id: Uuid,
    bare: String,
    last_check: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct TallyRow {
    guarantee_id: Uuid,
    day: NaiveDate,
    kept: i64,
    broken: i64,
    not_applicable: i64,
    due_kept: i64,
    due_broken: i64,
    missed: i64,
}

impl Store {
    /// The public promises of a business; with a slug, that guarantee alone.
    ///
    /// # Errors
    /// The business is gone; the database is unavailable.
    pub async fn charter(&self, home: Home, slug: Option<&str>) -> Result<Charter, Error> {
        let business = home.id;
        self.unless_gone(business, self.read_charter(home, slug).await).await
    }

    /// The names of what a business promises in public, in the order it was made.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn public_slugs(&self, business: BusinessId) -> Result<Vec<String>, Error> {
        let mut held = self.db.read(business).await?;
        let sql = "SELECT slug FROM guarantees WHERE business_id = $1 AND public ORDER BY created_at, id";
        let rows = fetch!(held.conn(), fetch_all as (String,), sql, business.0)?;
        Ok(rows.into_iter().map(|(slug,)| slug).collect())
    }

    async fn read_charter(&self, home: Home, slug: Option<&str>) -> Result<Charter, Error> {
        let (mut held, business) = (self.db.read(home.id).await?, home.id.0);
        let today = today(held.conn(), &home, self.now()).await?;
        let first = today - Days::new(SHOWN_DAYS - 1);
        let sql = concat!(
            "SELECT g.id, g.problem_id, g.slug, g.stage, g.version, v.id AS version_id, v.bare, \
                (SELECT at FROM checks c WHERE c.business_id = $1 AND c.guarantee_id = g.id AND c.public AND ",
            is_look!("$1", "c"),
            " ORDER BY at DESC LIMIT 1) AS last_check \
            FROM guarantees g \
            JOIN guarantee_versions v ON v.business_id = $1 AND v.guarantee_id = g.id AND v.number = g.version \
            WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) AND g.public ORDER BY g.created_at, g.id"
        );
        let rows = fetch!(held.conn(), fetch_all as GuaranteeRow, sql, business, slug)?;
        let sql = "SELECT t.owner_id, t.field, t.body FROM guarantees g \
            JOIN guarantee_versions v ON v.business_id = $1 AND v.guarantee_id = g.id AND v.number = g.version \
            JOIN texts t ON t.business_id = $1 AND t.owner_id = v.id \
            WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) AND g.public";
        let mut texts = texts::by_owner(fetch!(held.conn(), fetch_all as TextRow, sql, business, slug)?);
        let problems = problems(held.conn(), home.id).await?;
        let mut tallies = tallies(held.conn(), business, slug, first).await?;
        let sql = "SELECT seq FROM record_heads WHERE business_id = $1";
        let (entries,) = fetch!(held.conn(), fetch_optional as (i64,), sql, business)?.ok_or(Error::Gone)?;
        let guarantee = |row: GuaranteeRow| {
            let problem = problems.iter().find(|problem| problem.id.0 == row.problem_id);
            let problem = problem.ok_or_else(|| Error::Unreadable("a guarantee without a problem".to_owned()))?;
            let counted = tallies.remove(&row.id).unwrap_or_default();
            let day = |date| Day { date, tally: counted.get(&date).copied().unwrap_or_default() };
            Ok(PublicGuarantee {
                id: GuaranteeId(row.id),
                slug: row.slug,
                stage: guarantees::stage(&row.stage)?,
                version: row.version,
                wording: texts::whole(&row.bare, texts.remove(&row.version_id).unwrap_or_default())?,
                problem: problem.problem.clone(),
                days: first.iter_days().take_while(|date| *date <= today).map(day).collect(),
                last_check: row.last_check,
            })
        };
        let guarantees = rows.into_iter().map(guarantee).collect::<Result<_, Error>>()?;
        Ok(Charter { home, today, guarantees, entries })
    }
}

/// The latest day that has begun at any site: what is counted in it is shown.
async fn today(conn: Conn<'_>, home: &Home, now: DateTime<Utc>) -> Result<NaiveDate, Error> {
    let sql = "SELECT DISTINCT zone FROM sites WHERE business_id = $1 AND zone IS NOT NULL";
    let mut today = local_day(&home.zone, now);
    for (zone,) in fetch!(conn, fetch_all as (String,), sql, home.id.0)? {
        today = today.max(local_day(&parse_zone(&zone)?, now));
    }
    Ok(today)
}

async fn tallies(
    conn: Conn<'_>,
    business: Uuid,
    slug: Option<&str>,
    first: NaiveDate,
) -> Result<HashMap<Uuid, HashMap<NaiveDate, Tally>>, Error> {
    let sql = "SELECT t.guarantee_id, t.day, t.kept, t.broken, t.not_applicable, t.due_kept, t.due_broken, t.missed \
        FROM guarantees g \
        JOIN tallies t ON t.business_id = $1 AND t.guarantee_id = g.id AND t.public = TRUE AND t.day >= $3 \
        WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) AND g.public";
    let mut tallies: HashMap<Uuid, HashMap<NaiveDate, Tally>> = HashMap::new();
    for row in fetch!(conn, fetch_all as TallyRow, sql, business, slug, first)? {
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        let tally = Tally {
            kept: count(row.kept),
            broken: count(row.broken),
            not_applicable: count(row.not_applicable),
            due_kept: count(row.due_kept),
            due_broken: count(row.due_broken),
            missed: count(row.missed),
        };
        tallies.entry(row.guarantee_id).or_default().insert(row.day, tally);
    }
    Ok(tallies)
}
