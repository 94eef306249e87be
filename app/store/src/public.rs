//! What anyone may see: a business's charter, and one guarantee with all that was broken and what was done about it.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::breaks::FoundBy;
use domain::check::Reason;
use domain::guarantee::{Stage, Wording};
use domain::hours::local_day;
use domain::ids::{BreakId, GuaranteeId, PlaceId};
use domain::measure::Tally;
use domain::problem::Problem;
use domain::recovery;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::businesses::Home;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::guarantees::{self, VersionRow, problems};
use crate::texts::{self, TextRow};

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

/// What stands behind one guarantee: its breaks, its versions, what was mended in the record.
#[derive(Clone, Debug)]
pub struct Detail {
    pub breaks: Vec<BreakLine>,
    pub totals: BreakTotals,
    pub corrections: i64,
    pub versions: Vec<VersionRow>,
    pub places: Vec<(PlaceId, String, String)>,
}

/// Counts over all breaks of a guarantee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BreakTotals {
    pub all: u64,
    pub found_by_staff: u64,
    pub late: u64,
    pub restored: u64,
    pub restored_by_record: u64,
    pub partly: u64,
    pub not_restored: u64,
    pub no_answer: u64,
}

/// A break, and what was done about it, in public words.
#[derive(Clone, Debug)]
pub struct BreakLine {
    pub id: BreakId,
    pub known_at: DateTime<Utc>,
    pub reason: Reason,
    pub criterion: Option<String>,
    pub version: i64,
    pub site: String,
    pub place: String,
    pub found_by: FoundBy,
    pub stage: recovery::Stage,
    pub late: bool,
    /// The check was corrected since: the break stays, and says so.
    pub corrected: bool,
    pub acknowledged_at: Option<DateTime<Utc>>,
    pub remedied_at: Option<DateTime<Utc>>,
    pub next_update_by: Option<DateTime<Utc>>,
    pub correction: Option<String>,
    pub remedy: Option<String>,
    pub cause: Option<String>,
    pub corrective_action: Option<String>,
}

impl PublicGuarantee {
    /// The sum of the last so many days.
    #[must_use]
    pub fn tally(&self, days: usize) -> Tally {
        self.days.iter().rev().take(days).map(|day| day.tally).sum()
    }
}

impl BreakTotals {
    #[must_use]
    pub fn closed(&self) -> u64 {
        self.restored + self.restored_by_record + self.partly + self.not_restored + self.no_answer
    }
}

/// How many days the public sees day by day.
pub const SHOWN_DAYS: u64 = 90;

/// How many breaks one page shows.
const SHOWN_BREAKS: i64 = 20;

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

#[derive(FromRow)]
struct BreakRow {
    id: Uuid,
    recovery_id: Uuid,
    version_id: Uuid,
    version: i64,
    reason: String,
    site: String,
    place: String,
    found_by: String,
    known_at: DateTime<Utc>,
    stage: String,
    outcome: Option<String>,
    corrected: bool,
}

impl Store {
    /// The public promises of a business; with a slug, that guarantee alone.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn charter(&self, home: Home, slug: Option<&str>) -> Result<Charter, Error> {
        let today = local_day(&home.zone, self.now());
        let first = today - Days::new(SHOWN_DAYS - 1);
        let mut held = self.db.read().await?;
        let business = home.id.0;
        let sql = "SELECT g.id, g.problem_id, g.slug, g.stage, g.version, v.id AS version_id, v.bare, \
            (SELECT MAX(at) FROM checks c WHERE c.guarantee_id = g.id AND c.verdict <> 'missed') AS last_check \
            FROM guarantees g JOIN guarantee_versions v ON v.guarantee_id = g.id AND v.number = g.version \
            WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) \
            AND g.stage IN ('published', 'suspended', 'retired') ORDER BY g.created_at, g.id";
        let rows = fetch!(held.conn(), fetch_all as GuaranteeRow, sql, business, slug)?;
        let sql = "SELECT t.owner_id, t.field, t.body FROM guarantees g \
            JOIN guarantee_versions v ON v.guarantee_id = g.id AND v.number = g.version \
            JOIN texts t ON t.owner_id = v.id WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2)";
        let mut texts = texts::by_owner(fetch!(held.conn(), fetch_all as TextRow, sql, business, slug)?);
        let problems = problems(held.conn(), home.id).await?;
        let mut tallies = tallies(held.conn(), business, slug, first).await?;
        let sql = "SELECT seq FROM record_heads WHERE business_id = $1";
        let (entries,) = fetch!(held.conn(), fetch_one as (i64,), sql, business)?;
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

    /// What stands behind a public guarantee of this business.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn detail(&self, home: &Home, guarantee: GuaranteeId) -> Result<Detail, Error> {
        let mut held = self.db.read().await?;
        let versions = guarantees::versions(held.conn(), home.id, guarantee).await?;
        let breaks = breaks(held.conn(), home.id.0, guarantee, &versions).await?;
        let totals = totals(held.conn(), home.id.0, guarantee).await?;
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM corrections k JOIN checks c ON c.id = k.check_id \
            WHERE k.business_id = $1 AND c.guarantee_id = $2 AND c.public";
        let (corrections,) = fetch!(held.conn(), fetch_one as (i64,), sql, home.id.0, guarantee.0)?;
        let sql = "SELECT p.id, s.name, p.name FROM promised r JOIN places p ON p.id = r.place_id \
            JOIN sites s ON s.id = p.site_id WHERE r.business_id = $1 AND r.guarantee_id = $2 ORDER BY s.name, p.name";
        let places = fetch!(held.conn(), fetch_all as (Uuid, String, String), sql, home.id.0, guarantee.0)?;
        let places = places.into_iter().map(|(id, site, place)| (PlaceId(id), site, place)).collect();
        Ok(Detail { breaks, totals, corrections, versions, places })
    }
}

async fn tallies(
    conn: Conn<'_>,
    business: Uuid,
    slug: Option<&str>,
    first: NaiveDate,
) -> Result<HashMap<Uuid, HashMap<NaiveDate, Tally>>, Error> {
    let sql = "SELECT t.guarantee_id, t.day, CAST(SUM(t.kept) AS BIGINT) AS kept, CAST(SUM(t.broken) AS BIGINT) AS broken, \
        CAST(SUM(t.not_applicable) AS BIGINT) AS not_applicable, CAST(SUM(t.due_kept) AS BIGINT) AS due_kept, \
        CAST(SUM(t.due_broken) AS BIGINT) AS due_broken, CAST(SUM(t.missed) AS BIGINT) AS missed \
        FROM guarantees g JOIN tallies t ON t.guarantee_id = g.id AND t.public AND t.day >= $3 \
        WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) GROUP BY t.guarantee_id, t.day";
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

async fn breaks(
    mut conn: Conn<'_>,
    business: Uuid,
    guarantee: GuaranteeId,
    versions: &[VersionRow],
) -> Result<Vec<BreakLine>, Error> {
    type StepRow = (Uuid, String, String, DateTime<Utc>);
    type PublicText = (Uuid, String, Option<String>);
    let sql = "SELECT b.id, b.recovery_id, b.version_id, v.number AS version, b.reason, s.name AS site, p.name AS place, \
        b.found_by, b.known_at, r.stage, r.outcome, \
        EXISTS (SELECT 1 FROM corrections k WHERE k.check_id = b.check_id AND k.verdict <> 'broken') AS corrected \
        FROM breaks b JOIN recoveries r ON r.id = b.recovery_id JOIN guarantee_versions v ON v.id = b.version_id \
        JOIN places p ON p.id = b.place_id JOIN sites s ON s.id = p.site_id \
        WHERE b.business_id = $1 AND b.guarantee_id = $2 AND b.public ORDER BY b.known_at DESC, b.id DESC LIMIT $3";
    let rows = fetch!(conn.again(), fetch_all as BreakRow, sql, business, guarantee.0, SHOWN_BREAKS)?;
    let sql = "SELECT s.recovery_id, s.step, s.bare, s.at FROM recovery_steps s WHERE s.business_id = $1 AND s.recovery_id IN \
        (SELECT recovery_id FROM breaks WHERE business_id = $1 AND guarantee_id = $2 AND public \
         ORDER BY known_at DESC, id DESC LIMIT $3) ORDER BY s.recovery_id, s.number";
    let mut steps: HashMap<Uuid, Vec<(String, String, DateTime<Utc>)>> = HashMap::new();
    for (id, step, bare, at) in fetch!(conn.again(), fetch_all as StepRow, sql, business, guarantee.0, SHOWN_BREAKS)? {
        steps.entry(id).or_default().push((step, bare, at));
    }
    let sql = "SELECT s.recovery_id, t.field, t.body FROM recovery_steps s JOIN texts t ON t.owner_id = s.id AND t.public \
        WHERE s.business_id = $1 AND s.recovery_id IN \
        (SELECT recovery_id FROM breaks WHERE business_id = $1 AND guarantee_id = $2 AND public \
         ORDER BY known_at DESC, id DESC LIMIT $3) ORDER BY s.number";
    let mut said: HashMap<Uuid, HashMap<String, String>> = HashMap::new();
    for (id, field, body) in fetch!(conn, fetch_all as PublicText, sql, business, guarantee.0, SHOWN_BREAKS)? {
        if let Some(body) = body {
            said.entry(id).or_default().insert(field, body);
        }
    }
    let line = |row: BreakRow| {
        let steps = steps.remove(&row.recovery_id).unwrap_or_default();
        let said = said.remove(&row.recovery_id).unwrap_or_default();
        line(row, &steps, said, versions)
    };
    rows.into_iter().map(line).collect()
}

fn line(
    row: BreakRow,
    steps: &[(String, String, DateTime<Utc>)],
    mut said: HashMap<String, String>,
    versions: &[VersionRow],
) -> Result<BreakLine, Error> {
    let reason = Reason::parse(&row.reason)?;
    let wording = versions.iter().find(|version| version.id.0 == row.version_id).map(|version| &version.wording);
    let criterion = match (reason, wording) {
        (Reason::Criterion(position), Some(wording)) => wording.criteria.get(position as usize).map(ToString::to_string),
        _ => None,
    };
    let at = |name: &str| steps.iter().rev().find(|(step, ..)| step == name).map(|(.., at)| *at);
    let promised = steps.iter().rev().find_map(|(_, bare, _)| {
        let bare: serde_json::Value = serde_json::from_str(bare).ok()?;
        bare.get("next_update_by")?.as_str()?.parse().ok()
    });
    let stage = recovery::Stage::parse(&row.stage, row.outcome.as_deref())?;
    let waiting = matches!(stage, recovery::Stage::Acknowledged | recovery::Stage::Understood);
    Ok(BreakLine {
        id: BreakId(row.id),
        known_at: row.known_at,
        reason,
        criterion,
        version: row.version,
        site: row.site,
        place: row.place,
        found_by: FoundBy::parse(&row.found_by)?,
        stage,
        late: at("late").is_some(),
        corrected: row.corrected,
        acknowledged_at: at("acknowledged"),
        remedied_at: at("remedied"),
        next_update_by: promised.filter(|_| waiting),
        correction: said.remove("correction"),
        remedy: said.remove("remedy"),
        cause: said.remove("cause"),
        corrective_action: said.remove("corrective_action"),
    })
}

async fn totals(conn: Conn<'_>, business: Uuid, guarantee: GuaranteeId) -> Result<BreakTotals, Error> {
    type Row = (String, Option<String>, bool, i64);
    let sql = "SELECT b.found_by, r.outcome, \
        EXISTS (SELECT 1 FROM recovery_steps s WHERE s.recovery_id = r.id AND s.step = 'late') AS late, \
        CAST(COUNT(*) AS BIGINT) FROM breaks b JOIN recoveries r ON r.id = b.recovery_id \
        WHERE b.business_id = $1 AND b.guarantee_id = $2 AND b.public GROUP BY b.found_by, r.outcome, late";
    let mut totals = BreakTotals::default();
    for (found_by, outcome, late, count) in fetch!(conn, fetch_all as Row, sql, business, guarantee.0)? {
        let count = u64::try_from(count).unwrap_or_default();
        totals.all += count;
        totals.found_by_staff += if found_by == FoundBy::Staff.name() { count } else { 0 };
        totals.late += if late { count } else { 0 };
        match outcome.as_deref() {
            Some("restored") => totals.restored += count,
            Some("restored_by_record") => totals.restored_by_record += count,
            Some("partly") => totals.partly += count,
            Some("not_restored") => totals.not_restored += count,
            Some("no_answer") => totals.no_answer += count,
            _ => {}
        }
    }
    Ok(totals)
}
