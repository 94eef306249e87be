//! What stands behind one guarantee in public: its breaks and what was done about each, its versions, its places.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::breaks::FoundBy;
use domain::check::Reason;
use domain::ids::{BreakId, GuaranteeId, PlaceId};
use domain::recovery;
use domain::schedule::Schedule;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::businesses::Home;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::guarantees::{self, VersionRow};
use crate::recoveries::{BreakTotals, totals};

/// What stands behind one guarantee: its breaks, its versions, what was mended in the record.
#[derive(Clone, Debug)]
pub struct Detail {
    pub breaks: Vec<BreakLine>,
    pub totals: BreakTotals,
    pub corrections: i64,
    pub versions: Vec<VersionRow>,
    pub places: Vec<(PlaceId, String, String)>,
    /// When it is looked at, each schedule once, with the places it is for; those of a guarantee in force.
    pub schedules: Vec<(Schedule, Vec<PlaceId>)>,
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

/// How many breaks one page shows.
const SHOWN_BREAKS: i64 = 20;

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
    /// What stands behind a public guarantee of this business; nothing where it is not public.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn detail(&self, home: &Home, guarantee: GuaranteeId) -> Result<Detail, Error> {
        let mut held = self.db.read(home.id).await?;
        let versions = guarantees::public_versions(held.conn(), home.id, guarantee).await?;
        let breaks = breaks(held.conn(), home.id.0, guarantee, &versions).await?;
        let totals = totals(held.conn(), home.id.0, guarantee).await?;
        let sql = "SELECT p.id, s.name, p.name FROM promised r JOIN places p ON p.business_id = $1 AND p.id = r.place_id \
            JOIN sites s ON s.business_id = $1 AND s.id = p.site_id \
            JOIN guarantees g ON g.business_id = $1 AND g.id = r.guarantee_id \
            WHERE r.business_id = $1 AND r.guarantee_id = $2 AND g.public ORDER BY s.name, p.name";
        let places = fetch!(held.conn(), fetch_all as (Uuid, String, String), sql, home.id.0, guarantee.0)?;
        let places = places.into_iter().map(|(id, site, place)| (PlaceId(id), site, place)).collect();
        let sql = "SELECT o.rule, o.place_id FROM rounds o JOIN guarantees g ON g.business_id = $1 AND g.id = o.guarantee_id \
            WHERE o.business_id = $1 AND o.guarantee_id = $2 AND g.stage = 'published' ORDER BY o.rule, o.place_id";
        let rounds = fetch!(held.conn(), fetch_all as (String, Uuid), sql, home.id.0, guarantee.0)?;
        let same = rounds.chunk_by(|(one, _), (other, _)| one == other);
        let schedule = |rounds: &[(String, Uuid)]| {
            let rule = rounds.first().map(|(rule, _)| rule.as_str()).unwrap_or_default();
            Ok((serde_json::from_str(rule)?, rounds.iter().map(|(_, place)| PlaceId(*place)).collect()))
        };
        let schedules = same.map(schedule).collect::<Result<_, Error>>()?;
        Ok(Detail { breaks, totals: totals.into(), corrections: totals.corrections, versions, places, schedules })
    }
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
        EXISTS (SELECT 1 FROM corrections k WHERE k.business_id = $1 AND k.check_id = b.check_id \
            AND k.verdict <> 'broken' AND k.at >= b.known_at) AS corrected \
        FROM breaks b JOIN recoveries r ON r.business_id = $1 AND r.id = b.recovery_id \
        JOIN guarantee_versions v ON v.business_id = $1 AND v.id = b.version_id \
        JOIN places p ON p.business_id = $1 AND p.id = b.place_id \
        JOIN sites s ON s.business_id = $1 AND s.id = p.site_id \
        WHERE b.business_id = $1 AND b.guarantee_id = $2 AND b.public ORDER BY b.known_at DESC, b.id DESC LIMIT $3";
    let rows = fetch!(conn.again(), fetch_all as BreakRow, sql, business, guarantee.0, SHOWN_BREAKS)?;
    let sql = "SELECT s.recovery_id, s.step, s.bare, s.at FROM recovery_steps s WHERE s.business_id = $1 AND s.recovery_id IN \
        (SELECT recovery_id FROM breaks WHERE business_id = $1 AND guarantee_id = $2 AND public \
         ORDER BY known_at DESC, id DESC LIMIT $3) ORDER BY s.recovery_id, s.number";
    let mut steps: HashMap<Uuid, Vec<(String, String, DateTime<Utc>)>> = HashMap::new();
    for (id, step, bare, at) in fetch!(conn.again(), fetch_all as StepRow, sql, business, guarantee.0, SHOWN_BREAKS)? {
        steps.entry(id).or_default().push((step, bare, at));
    }
    let sql = "SELECT s.recovery_id, t.field, t.body FROM recovery_steps s \
        JOIN texts t ON t.business_id = $1 AND t.owner_id = s.id AND t.public \
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
        (Reason::Criterion(position), Some(wording)) => {
            wording.criteria.get(position as usize).map(ToString::to_string)
        }
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
