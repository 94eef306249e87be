//! What anyone may see: the charter of a business, and one guarantee with its breaks.

mod guarantee_cache;
mod guarantee_detail;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::fault::Fault;
use domain::guarantee::{Stage, Wording};
use domain::hours::local_day;
use domain::ids::{BusinessId, GuaranteeId};
use domain::measure::Tally;
use domain::problem::Problem;
use domain::promise_status::{PromiseStatus, RATED_DAYS};
use uuid::Uuid;

use crate::Store;
use crate::business_info::{BusinessInfo, parse_zone};
use crate::db::{Conn, fetch, fetch_rows};
use crate::error::Error;
use crate::guarantee_rows;
use crate::problems::problems;
use crate::stored_row::StoredRow;
use crate::texts::{self, packed_texts};
use crate::verdict_sql::counts_as_made;

pub(crate) use guarantee_cache::GuaranteeCache;
pub use guarantee_detail::{BreakLine, GuaranteeDetail};

use guarantee_cache::{GuaranteeRow, Source};

/// The public promises of a business.
#[derive(Clone, Debug)]
pub struct Charter {
    pub business: BusinessInfo,
    pub today: NaiveDate,
    pub guarantees: Vec<Arc<PublicGuarantee>>,
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
        let (mut handle, business) = (self.db.read(info.id).await?, info.id);
        let today = today(handle.conn(), &info, self.now()).await?;
        let sources = sources(handle.conn(), business, slug, today).await?;
        let cached: Vec<_> = sources.iter().map(|source| self.guarantee_cache.find(source)).collect();
        let missing =
            sources.iter().zip(&cached).filter(|(_, cached)| cached.is_none()).map(|(source, _)| source.row.id);
        let mut days = days(handle.conn(), business, missing.collect(), today).await?;
        let guarantee = |(source, cached): (Source, Option<Arc<PublicGuarantee>>)| {
            if let Some(cached) = cached {
                return Ok(cached);
            }
            let days = days.remove(&source.row.id).unwrap_or_default();
            let made = Arc::new(PublicGuarantee::of(&source, days)?);
            self.guarantee_cache.insert(source, Arc::clone(&made));
            Ok(made)
        };
        let guarantees = sources.into_iter().zip(cached).map(guarantee).collect::<Result<_, Error>>()?;
        let sql = "SELECT seq FROM record_heads WHERE business_id = $1";
        let (entries,) = fetch!(handle.conn(), fetch_optional as (i64,), sql, business.0)?.ok_or(Error::Gone)?;
        Ok(Charter { business: info, today, guarantees, entries })
    }
}

/// What the public guarantees of a business are made from, but for their tallies; with a slug, only that guarantee.
async fn sources(
    mut conn: Conn<'_>,
    business: BusinessId,
    slug: Option<&str>,
    today: NaiveDate,
) -> Result<Vec<Source>, Error> {
    let sql = concat!(
        "SELECT g.id, g.problem_id, g.slug, g.stage, g.version, v.id AS version_id, v.bare, (SELECT ",
        packed_texts!("t"),
        " FROM texts t WHERE t.business_id = $1 AND t.owner_id = v.id) AS texts, \
            (SELECT at FROM checks c WHERE c.business_id = $1 AND c.guarantee_id = g.id AND c.public AND ",
        counts_as_made!("$1", "c"),
        " ORDER BY at DESC LIMIT 1) AS last_check, \
            (SELECT CAST(COALESCE(SUM(t.change_id), 0) AS BIGINT) FROM tallies t WHERE t.business_id = $1 \
                AND t.guarantee_id = g.id AND t.public = TRUE AND t.day >= $3) AS changes \
        FROM guarantees g \
        JOIN guarantee_versions v ON v.business_id = $1 AND v.guarantee_id = g.id AND v.number = g.version \
        WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) AND g.public ORDER BY g.created_at, g.id"
    );
    let first = first_shown_day(today);
    let rows = fetch!(conn.reborrow(), fetch_all as GuaranteeRow, sql, business.0, slug, first)?;
    let problems = problems(conn, business).await?;
    let source = |row: GuaranteeRow| {
        let problem = problems.iter().find(|problem| problem.id.0 == row.problem_id);
        let problem = StoredRow("guarantees", row.id).read("problem_id", problem.ok_or(Fault::NotFound))?;
        Ok(Source { row, problem: problem.problem.clone(), today })
    };
    rows.into_iter().map(source).collect()
}

fn first_shown_day(today: NaiveDate) -> NaiveDate {
    today - Days::new(SHOWN_DAYS - 1)
}

impl PublicGuarantee {
    fn of(source: &Source, days: Vec<DayTally>) -> Result<Self, Error> {
        let Source { row, problem, today } = source;
        let (stored, version) = (StoredRow("guarantees", row.id), StoredRow("guarantee_versions", row.version_id));
        let texts = row.texts.as_deref().map(|packed| texts::of_owner(row.version_id, packed)).transpose()?;
        let mut counted = days.into_iter().peekable();
        let day = |date| counted.next_if(|day| day.date == date).unwrap_or(DayTally { date, tally: Tally::default() });
        Ok(Self {
            id: GuaranteeId(row.id),
            slug: row.slug.clone(),
            stage: stored.read("stage", guarantee_rows::stage(&row.stage))?,
            version: row.version,
            wording: texts::assemble(&version, &row.bare, texts.unwrap_or_default())?,
            problem: problem.clone(),
            days: first_shown_day(*today).iter_days().take_while(|date| date <= today).map(day).collect(),
            last_check: row.last_check,
        })
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

/// The tallies of the shown days, the oldest first, for each of these guarantees. The database packs them into one row a
/// guarantee: each row crosses from the thread of the database to that of the request.
async fn days(
    conn: Conn<'_>,
    business: BusinessId,
    guarantees: Vec<Uuid>,
    today: NaiveDate,
) -> Result<HashMap<Uuid, Vec<DayTally>>, Error> {
    if guarantees.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = fetch_rows!(
        conn,
        (Uuid, Option<String>),
        "WITH asked (business_id, guarantee_id, first) AS (",
        ") SELECT asked.guarantee_id, (SELECT string_agg(concat_ws(' ', t.day, t.kept, t.broken, t.not_applicable, t.due_kept, \
                t.due_broken, t.missed), ',' ORDER BY t.day) FROM tallies t WHERE t.business_id = asked.business_id \
                AND t.guarantee_id = asked.guarantee_id AND t.public = TRUE AND t.day >= asked.first) FROM asked",
        &guarantees,
        |guarantee| business.0,
        *guarantee,
        first_shown_day(today)
    )?;
    let unpacked = |(guarantee, packed): (Uuid, Option<String>)| {
        let days = packed.iter().flat_map(|packed| packed.split(',')).map(unpack_day).collect::<Option<_>>();
        Ok((guarantee, StoredRow("tallies", guarantee).read("day", days.ok_or(Fault::Malformed))?))
    };
    rows.into_iter().map(unpacked).collect()
}

/// A day with its tally: the day, and six counts.
fn unpack_day(packed: &str) -> Option<DayTally> {
    let (day, counts) = packed.split_once(' ')?;
    let counts = counts.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>().ok()?;
    let [kept, broken, not_applicable, due_kept, due_broken, missed] = counts.try_into().ok()?;
    let tally = Tally { kept, broken, not_applicable, due_kept, due_broken, missed };
    Some(DayTally { date: day.parse().ok()?, tally })
}
