//! What anyone may see: the charter of a business, and one guarantee with its breaks.

mod guarantee_detail;

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::fault::Fault;
use domain::guarantee::{Stage, Wording};
use domain::hours::local_day;
use domain::ids::{BusinessId, GuaranteeId};
use domain::measure::Tally;
use domain::problem::Problem;
use domain::promise_status::{PromiseStatus, RATED_DAYS};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::business_info::{BusinessInfo, parse_zone};
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::guarantee_rows;
use crate::problems::problems;
use crate::stored_row::StoredRow;
use crate::texts::{self, PackedTexts, packed_texts};
use crate::verdict_sql::counts_as_made;

pub use guarantee_detail::{BreakLine, GuaranteeDetail};

/// The public promises of a business.
#[derive(Clone, Debug)]
pub struct Charter {
    pub business: BusinessInfo,
    pub today: NaiveDate,
    pub guarantees: Vec<PublicGuarantee>,
    /// The number of entries in the record.
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
    /// The last [`SHOWN_DAYS`] local days, the oldest first, without gaps.
    pub days: Vec<DayTally>,
    pub last_check: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTally {
    pub date: NaiveDate,
    pub tally: Tally,
}

impl PublicGuarantee {
    /// Where the promise stands.
    #[must_use]
    pub fn status(&self) -> PromiseStatus {
        PromiseStatus::of(self.stage, &self.tally(RATED_DAYS), self.wording.mark, self.last_check)
    }

    /// The sum of the last days.
    #[must_use]
    pub fn tally(&self, days: usize) -> Tally {
        self.days.iter().rev().take(days).map(|day| day.tally).sum()
    }
}

/// How many days are shown one by one.
pub const SHOWN_DAYS: u64 = 90;

#[derive(FromRow)]
struct CharterRow {
    id: Uuid,
    problem_id: Uuid,
    slug: String,
    stage: String,
    version: i64,
    version_id: Uuid,
    bare: String,
    last_check: Option<DateTime<Utc>>,
}

impl Store {
    /// The public promises of a business; with a slug, only that guarantee.
    ///
    /// # Errors
    /// The business is gone; the database is unavailable.
    pub async fn charter(&self, info: BusinessInfo, slug: Option<&str>) -> Result<Charter, Error> {
        let business = info.id;
        self.or_gone(business, self.read_charter(info, slug).await).await
    }

    /// The slugs of the public guarantees of a business, the oldest first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn public_slugs(&self, business: BusinessId) -> Result<Vec<String>, Error> {
        let mut handle = self.db.read(business).await?;
        let sql = "SELECT slug FROM guarantees WHERE business_id = $1 AND public ORDER BY created_at, id";
        let rows = fetch!(handle.conn(), fetch_all as (String,), sql, business.0)?;
        Ok(rows.into_iter().map(|(slug,)| slug).collect())
    }

    async fn read_charter(&self, info: BusinessInfo, slug: Option<&str>) -> Result<Charter, Error> {
        let (mut handle, business) = (self.db.read(info.id).await?, info.id.0);
        let today = today(handle.conn(), &info, self.now()).await?;
        let first = today - Days::new(SHOWN_DAYS - 1);
        let sql = concat!(
            "SELECT g.id, g.problem_id, g.slug, g.stage, g.version, v.id AS version_id, v.bare, \
                (SELECT at FROM checks c WHERE c.business_id = $1 AND c.guarantee_id = g.id AND c.public AND ",
            counts_as_made!("$1", "c"),
            " ORDER BY at DESC LIMIT 1) AS last_check \
            FROM guarantees g \
            JOIN guarantee_versions v ON v.business_id = $1 AND v.guarantee_id = g.id AND v.number = g.version \
            WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) AND g.public ORDER BY g.created_at, g.id"
        );
        let rows = fetch!(handle.conn(), fetch_all as CharterRow, sql, business, slug)?;
        let sql = concat!(
            "SELECT t.owner_id, ",
            packed_texts!("t"),
            " FROM guarantees g \
                JOIN guarantee_versions v ON v.business_id = $1 AND v.guarantee_id = g.id AND v.number = g.version \
                JOIN texts t ON t.business_id = $1 AND t.owner_id = v.id \
                WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) AND g.public GROUP BY t.owner_id"
        );
        let mut texts = texts::by_owner(fetch!(handle.conn(), fetch_all as PackedTexts, sql, business, slug)?)?;
        let problems = problems(handle.conn(), info.id).await?;
        let mut tallies = tallies(handle.conn(), business, slug, first).await?;
        let sql = "SELECT seq FROM record_heads WHERE business_id = $1";
        let (entries,) = fetch!(handle.conn(), fetch_optional as (i64,), sql, business)?.ok_or(Error::Gone)?;
        let guarantee = |row: CharterRow| {
            let problem = problems.iter().find(|problem| problem.id.0 == row.problem_id);
            let stored = StoredRow("guarantees", row.id);
            let problem = stored.read("problem_id", problem.ok_or(Fault::NotFound))?;
            let version = StoredRow("guarantee_versions", row.version_id);
            let counted = tallies.remove(&row.id).unwrap_or_default();
            let day = |date| DayTally { date, tally: counted.get(&date).copied().unwrap_or_default() };
            Ok(PublicGuarantee {
                id: GuaranteeId(row.id),
                slug: row.slug,
                stage: stored.read("stage", guarantee_rows::stage(&row.stage))?,
                version: row.version,
                wording: texts::assemble(&version, &row.bare, texts.remove(&row.version_id).unwrap_or_default())?,
                problem: problem.problem.clone(),
                days: first.iter_days().take_while(|date| *date <= today).map(day).collect(),
                last_check: row.last_check,
            })
        };
        let guarantees = rows.into_iter().map(guarantee).collect::<Result<_, Error>>()?;
        Ok(Charter { business: info, today, guarantees, entries })
    }
}

/// The latest local day that has begun at any site.
async fn today(conn: Conn<'_>, info: &BusinessInfo, now: DateTime<Utc>) -> Result<NaiveDate, Error> {
    let sql = "SELECT id, zone FROM sites WHERE business_id = $1 AND zone IS NOT NULL";
    let mut today = local_day(&info.zone, now);
    for (site, zone) in fetch!(conn, fetch_all as (Uuid, String), sql, info.id.0)? {
        let zone = StoredRow("sites", site).read("zone", parse_zone(&zone))?;
        today = today.max(local_day(&zone, now));
    }
    Ok(today)
}

/// The tallies of the days since `first`, for each public guarantee. The database packs them into one row a guarantee: each
/// row crosses from the thread of the database to that of the request.
async fn tallies(
    conn: Conn<'_>,
    business: Uuid,
    slug: Option<&str>,
    first: NaiveDate,
) -> Result<HashMap<Uuid, HashMap<NaiveDate, Tally>>, Error> {
    let sql = "SELECT g.id, string_agg(t.day || ' ' || t.kept || ' ' || t.broken || ' ' || t.not_applicable || ' ' || \
            t.due_kept || ' ' || t.due_broken || ' ' || t.missed, ',') \
        FROM guarantees g \
        JOIN tallies t ON t.business_id = $1 AND t.guarantee_id = g.id AND t.public = TRUE AND t.day >= $3 \
        WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) AND g.public GROUP BY g.id";
    let rows = fetch!(conn, fetch_all as (Uuid, String), sql, business, slug, first)?;
    let unpacked = |(guarantee, packed): (Uuid, String)| {
        let days = packed.split(',').map(unpack_day).collect::<Option<_>>().ok_or(Fault::Malformed);
        Ok((guarantee, StoredRow("tallies", guarantee).read("day", days)?))
    };
    rows.into_iter().map(unpacked).collect()
}

/// A day with its tally: the day, and six counts.
fn unpack_day(packed: &str) -> Option<(NaiveDate, Tally)> {
    let (day, counts) = packed.split_once(' ')?;
    let counts = counts.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>().ok()?;
    let [kept, broken, not_applicable, due_kept, due_broken, missed] = counts.try_into().ok()?;
    Some((day.parse().ok()?, Tally { kept, broken, not_applicable, due_kept, due_broken, missed }))
}
