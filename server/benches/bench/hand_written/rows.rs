//! The queries of the page of a guarantee: the same SQL in the same order as in the app.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::measure::Tally;
use sqlx::{FromRow, SqliteConnection, SqlitePool};
use uuid::Uuid;

/// Everything the page shows.
pub struct Rows {
    pub business: BusinessRow,
    pub zone: Tz,
    pub guarantee: GuaranteeRow,
    pub wording: HashMap<String, String>,
    pub bare: Bare,
    pub problem: Option<ProblemRow>,
    pub days: Arc<Days90>,
    pub entries: i64,
    pub versions: Vec<VersionRow>,
    pub breaks: Vec<BreakRow>,
    pub steps: HashMap<Uuid, Vec<StepRow>>,
    pub said: HashMap<Uuid, HashMap<String, String>>,
    pub totals: TotalsRow,
    pub places: Vec<(Uuid, String, String)>,
}

#[derive(FromRow)]
pub struct BusinessRow {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub zone: String,
    pub contact_name: String,
    pub contact_email: Option<String>,
    pub contact_phone: Option<String>,
}

#[derive(FromRow)]
pub struct GuaranteeRow {
    pub id: Uuid,
    pub problem_id: Uuid,
    pub slug: String,
    pub bare: String,
    pub texts: Option<String>,
    pub changes: i64,
    pub last_check: Option<DateTime<Utc>>,
}

/// The part of a wording that is not text.
#[derive(serde::Deserialize)]
pub struct Bare {
    pub mark: u32,
    pub terms: Terms,
}

#[derive(serde::Deserialize)]
pub struct Terms {
    pub acknowledge_minutes: i64,
    pub remedy_minutes: i64,
}

#[derive(FromRow)]
pub struct BreakRow {
    pub recovery_id: Uuid,
    pub reason: String,
    pub site: String,
    pub place: String,
    pub found_by: String,
    pub known_at: DateTime<Utc>,
    pub stage: String,
    pub outcome: Option<String>,
    pub corrected: bool,
}

#[derive(FromRow)]
pub struct TotalsRow {
    pub breaks: i64,
    pub found_by_staff: i64,
    pub late: i64,
    pub corrections: i64,
    pub restored: i64,
    pub restored_by_record: i64,
    pub partly: i64,
    pub not_restored: i64,
    pub no_answer: i64,
}

pub type ProblemRow = (Uuid, String, String, Option<String>);
pub type VersionRow = (Uuid, i64, String, DateTime<Utc>);
pub type StepRow = (String, String, DateTime<Utc>);
/// An owner, and all its texts: for each the field, the number of characters, and the text.
type PackedTexts = (Uuid, String);

/// None if there is no such page.
pub async fn read(
    (readers, cache): (&SqlitePool, &DayCache),
    slug: &str,
    guarantee: &str,
    now: DateTime<Utc>,
) -> Result<Option<Rows>, sqlx::Error> {
    let mut held = readers.acquire().await?;
    let sql = "SELECT id, slug, name, zone, currency, language, contact_name, contact_email, \
        contact_phone, hours, forget_after FROM businesses WHERE slug = $1";
    let business: Option<BusinessRow> = sqlx::query_as(sql).bind(slug).fetch_optional(&mut *held).await?;
    let Some(business) = business else { return Ok(None) };
    let zone: Tz = business.zone.parse().unwrap_or(Tz::UTC);
    let sql = "SELECT id, zone FROM sites WHERE business_id = $1 AND zone IS NOT NULL";
    let zones: Vec<(Uuid, String)> = sqlx::query_as(sql).bind(business.id).fetch_all(&mut *held).await?;
    let zones = zones.iter().filter_map(|(_, zone)| zone.parse().ok()).chain([zone]);
    let today = zones.map(|zone: Tz| now.with_timezone(&zone).date_naive()).max().unwrap_or_default();
    let first = today - Days::new(89);

    let sql = "SELECT g.id, g.problem_id, g.slug, g.stage, g.version, v.id AS version_id, v.bare, \
        (SELECT string_agg(t.field || ' ' || COALESCE(length(t.body), -1) || ' ' || COALESCE(t.body, ''), '') \
            FROM texts t WHERE t.business_id = $1 AND t.owner_id = v.id) AS texts, \
        (SELECT at FROM checks c WHERE c.business_id = $1 AND c.guarantee_id = g.id AND c.public AND c.verdict <> 'missed' AND \
            COALESCE((SELECT verdict FROM corrections WHERE business_id = $1 AND check_id = c.id ORDER BY number DESC LIMIT 1), c.verdict) \
            NOT IN ('missed', 'taken_back', 'void') ORDER BY at DESC LIMIT 1) AS last_check, \
        (SELECT CAST(COALESCE(SUM(t.change_id), 0) AS BIGINT) FROM tallies t WHERE t.business_id = $1 \
            AND t.guarantee_id = g.id AND t.public = TRUE AND t.day >= $3) AS changes \
        FROM guarantees g JOIN guarantee_versions v ON v.business_id = $1 AND v.guarantee_id = g.id AND v.number = g.version \
        WHERE g.business_id = $1 AND ($2 IS NULL OR g.slug = $2) AND g.public ORDER BY g.created_at, g.id";
    let found: Vec<GuaranteeRow> =
        sqlx::query_as(sql).bind(business.id).bind(guarantee).bind(first).fetch_all(&mut *held).await?;
    let Some(found) = found.into_iter().next() else { return Ok(None) };
    let bare = serde_json::from_str(&found.bare).map_err(|error| sqlx::Error::Decode(error.into()))?;

    let wording = found.texts.as_deref().and_then(unpack_texts).into_iter().flatten().collect();

    let sql = "SELECT id, words, for_whom, not_for_whom FROM problems WHERE business_id = $1 ORDER BY created_at, id";
    let problems: Vec<ProblemRow> = sqlx::query_as(sql).bind(business.id).fetch_all(&mut *held).await?;
    let problem = problems.into_iter().find(|(id, ..)| *id == found.problem_id);

    let days = cache.days(&mut held, business.id, &found, (first, today)).await?;

    let sql = "SELECT seq FROM record_heads WHERE business_id = $1";
    let (entries,) = sqlx::query_as(sql).bind(business.id).fetch_one(&mut *held).await?;

    let sql = "SELECT DISTINCT v.id FROM guarantee_versions v JOIN texts t ON t.owner_id = v.id \
        WHERE v.business_id = $1 AND v.guarantee_id = $2 AND t.business_id = $1 AND t.seq IS NOT NULL";
    let public: Vec<(Uuid,)> = sqlx::query_as(sql).bind(business.id).bind(found.id).fetch_all(&mut *held).await?;
    let sql = "SELECT id, number, bare, created_at FROM guarantee_versions \
        WHERE business_id = $1 AND guarantee_id = $2 ORDER BY number DESC";
    let mut versions: Vec<VersionRow> =
        sqlx::query_as(sql).bind(business.id).bind(found.id).fetch_all(&mut *held).await?;
    versions.retain(|(id, ..)| public.contains(&(*id,)));
    let sql = "SELECT t.owner_id, string_agg(t.field || ' ' || COALESCE(length(t.body), -1) || ' ' || COALESCE(t.body, ''), '') FROM texts t JOIN guarantee_versions v ON v.id = t.owner_id \
        WHERE t.business_id = $1 AND v.business_id = $1 AND v.guarantee_id = $2 GROUP BY t.owner_id";
    let _: Vec<PackedTexts> = sqlx::query_as(sql).bind(business.id).bind(found.id).fetch_all(&mut *held).await?;

    let sql = "SELECT b.id, b.recovery_id, b.version_id, v.number AS version, b.reason, s.name AS site, p.name AS place, \
        b.found_by, b.known_at, r.stage, r.outcome, \
        EXISTS (SELECT 1 FROM corrections k WHERE k.business_id = $1 AND k.check_id = b.check_id AND k.number > \
            COALESCE((SELECT n.number FROM corrections n WHERE n.business_id = $1 AND n.check_id = b.check_id AND n.break_id = b.id), 0)) \
            AS corrected, \
        (SELECT t.body FROM texts t WHERE t.business_id = $1 AND t.field = 'why' AND t.owner_id = \
            (SELECT id FROM corrections WHERE business_id = $1 AND check_id = b.check_id ORDER BY number DESC LIMIT 1)) AS correction_why, \
        c.erased_at IS NOT NULL AS customer_erased \
        FROM breaks b JOIN recoveries r ON r.business_id = $1 AND r.id = b.recovery_id \
        JOIN guarantee_versions v ON v.business_id = $1 AND v.id = b.version_id \
        JOIN places p ON p.business_id = $1 AND p.id = b.place_id JOIN sites s ON s.business_id = $1 AND s.id = p.site_id \
        LEFT JOIN customers c ON c.business_id = $1 AND c.id = r.customer_id \
        WHERE b.business_id = $1 AND b.guarantee_id = $2 AND b.public ORDER BY b.known_at DESC, b.id DESC LIMIT $3";
    let breaks = sqlx::query_as(sql).bind(business.id).bind(found.id).bind(20).fetch_all(&mut *held).await?;

    let sql = "SELECT s.recovery_id, s.id, s.number, s.step, s.bare, s.at FROM recovery_steps s WHERE s.business_id = $1 AND s.recovery_id IN \
        (SELECT recovery_id FROM breaks WHERE business_id = $1 AND guarantee_id = $2 AND public \
         ORDER BY known_at DESC, id DESC LIMIT $3) ORDER BY s.recovery_id, s.number";
    let taken = sqlx::query_as(sql).bind(business.id).bind(found.id).bind(20);
    let taken: Vec<(Uuid, Uuid, i64, String, String, DateTime<Utc>)> = taken.fetch_all(&mut *held).await?;
    let mut steps: HashMap<Uuid, Vec<StepRow>> = HashMap::new();
    for (recovery, _, _, step, bare, at) in taken {
        steps.entry(recovery).or_default().push((step, bare, at));
    }

    let sql = "SELECT s.recovery_id, s.number, t.field, t.body FROM recovery_steps s JOIN texts t ON t.business_id = $1 AND t.owner_id = s.id AND t.public \
        WHERE s.business_id = $1 AND s.recovery_id IN \
        (SELECT recovery_id FROM breaks WHERE business_id = $1 AND guarantee_id = $2 AND public \
         ORDER BY known_at DESC, id DESC LIMIT $3) ORDER BY s.number";
    let texts = sqlx::query_as(sql).bind(business.id).bind(found.id).bind(20);
    let texts: Vec<(Uuid, i64, String, Option<String>)> = texts.fetch_all(&mut *held).await?;
    let mut said: HashMap<Uuid, HashMap<String, String>> = HashMap::new();
    for (recovery, _, field, body) in texts {
        said.entry(recovery).or_default().extend(body.map(|body| (field, body)));
    }

    let sql = "SELECT breaks, found_by_staff, late, corrections, restored, restored_by_record, partly, not_restored, \
        no_answer FROM break_totals WHERE business_id = $1 AND guarantee_id = $2";
    let totals = sqlx::query_as(sql).bind(business.id).bind(found.id).fetch_one(&mut *held).await?;

    let sql = "SELECT p.id, s.name, p.name FROM promised r JOIN places p ON p.business_id = $1 AND p.id = r.place_id \
        JOIN sites s ON s.business_id = $1 AND s.id = p.site_id \
        JOIN guarantees g ON g.business_id = $1 AND g.id = r.guarantee_id \
        WHERE r.business_id = $1 AND r.guarantee_id = $2 AND g.public ORDER BY s.name, p.name";
    let places = sqlx::query_as(sql).bind(business.id).bind(found.id).fetch_all(&mut *held).await?;

    let sql = "SELECT o.rule, o.place_id FROM rounds o JOIN guarantees g ON g.business_id = $1 AND g.id = o.guarantee_id \
        WHERE o.business_id = $1 AND o.guarantee_id = $2 AND g.stage = 'published' ORDER BY o.rule, o.place_id";
    let _: Vec<(String, Uuid)> = sqlx::query_as(sql).bind(business.id).bind(found.id).fetch_all(&mut *held).await?;

    let guarantee = found;
    #[rustfmt::skip]
    let rows = Rows {
        business, zone, guarantee, wording, bare, problem, days, entries, versions, breaks, steps, said, totals, places,
    };
    Ok(Some(rows))
}

/// The days of each guarantee.
#[derive(Default)]
pub struct DayCache(Mutex<HashMap<Uuid, CachedDays>>);

/// Days, with the date and the sum of the change ids that they were read for.
struct CachedDays {
    today: NaiveDate,
    changes: i64,
    days: Arc<Days90>,
}

type Days90 = Vec<(NaiveDate, Tally)>;

impl DayCache {
    /// The tallies of the days, without gaps.
    async fn days(
        &self,
        held: &mut SqliteConnection,
        business: Uuid,
        guarantee: &GuaranteeRow,
        (first, today): (NaiveDate, NaiveDate),
    ) -> Result<Arc<Days90>, sqlx::Error> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached) = known().get(&guarantee.id)
            && (cached.today, cached.changes) == (today, guarantee.changes)
        {
            return Ok(Arc::clone(&cached.days));
        }
        let sql = "WITH asked (business_id, guarantee_id, first) AS ( VALUES (?, ?, ?) ) SELECT asked.guarantee_id, \
            (SELECT string_agg(concat_ws(' ', t.day, t.kept, t.broken, t.not_applicable, t.due_kept, \
            t.due_broken, t.missed), ',' ORDER BY t.day) FROM tallies t WHERE t.business_id = asked.business_id \
            AND t.guarantee_id = asked.guarantee_id AND t.public = TRUE AND t.day >= asked.first) FROM asked";
        let query = sqlx::query_as(sql).bind(business).bind(guarantee.id).bind(first);
        let (_, packed): (Uuid, Option<String>) = query.fetch_one(held).await?;
        let packed = packed.unwrap_or_default();
        let tallies: HashMap<NaiveDate, Tally> = packed.split(',').filter_map(unpack).collect();
        let days = first.iter_days().take_while(|day| *day <= today);
        let days = Arc::new(days.map(|day| (day, tallies.get(&day).copied().unwrap_or_default())).collect::<Days90>());
        let cached = CachedDays { today, changes: guarantee.changes, days: Arc::clone(&days) };
        known().insert(guarantee.id, cached);
        Ok(days)
    }
}

/// A packed day: the day, and its six counts.
fn unpack(packed: &str) -> Option<(NaiveDate, Tally)> {
    let mut parts = packed.split(' ');
    let day = parts.next()?.parse().ok()?;
    let counts = parts.map(str::parse).collect::<Result<Vec<u64>, _>>().ok()?;
    let [kept, broken, not_applicable, due_kept, due_broken, missed] = counts.try_into().ok()?;
    Some((day, Tally { kept, broken, not_applicable, due_kept, due_broken, missed }))
}

fn unpack_texts(mut packed: &str) -> Option<Vec<(String, String)>> {
    let mut texts = Vec::new();
    while let Some((field, rest)) = packed.split_once(' ') {
        let (length, rest) = rest.split_once(' ')?;
        let end = rest.char_indices().map(|(at, _)| at).chain([rest.len()]).nth(length.parse().ok()?)?;
        texts.push((field.to_owned(), rest[..end].to_owned()));
        packed = &rest[end..];
    }
    Some(texts)
}
