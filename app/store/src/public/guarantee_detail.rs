//! The public details of a guarantee: its breaks and what was done about them, its versions, its places and schedules.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::breaks::FoundBy;
use domain::finding::Reason;
use domain::ids::{BreakId, GuaranteeId, PlaceId};
use domain::recovery::{self, Deadline, StepKind, UpdateStep, promised_update};
use domain::schedule::Schedule;
use serde::Deserialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::business_info::BusinessInfo;
use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::guarantee_rows;
use crate::guarantee_rows::VersionRow;
use crate::recoveries::{BreakTotals, totals};
use crate::stored_row::StoredRow;
use crate::verdict_sql::{is_break_corrected, last_correction_why};

/// The public details of a guarantee.
#[derive(Clone, Debug)]
pub struct GuaranteeDetail {
    pub breaks: Vec<BreakLine>,
    pub totals: BreakTotals,
    pub corrections: i64,
    pub versions: Vec<VersionRow>,
    pub places: Vec<(PlaceId, String, String)>,
    /// The schedules of a published guarantee, each with its places.
    pub schedules: Vec<(Schedule, Vec<PlaceId>)>,
}

/// A break and what was done about it, with public texts only.
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
    /// The outcome for trust in the current round, known before the recovery is closed.
    pub trust: Option<recovery::Outcome>,
    /// Whether the check was corrected since. The break stays visible.
    pub corrected: bool,
    /// Why it was corrected last.
    pub correction_why: Option<String>,
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
    correction_why: Option<String>,
    customer_erased: bool,
}

impl Store {
    /// The details of a public guarantee. Empty if it is not public.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn detail(&self, info: &BusinessInfo, guarantee: GuaranteeId) -> Result<GuaranteeDetail, Error> {
        let mut handle = self.db.read(info.id).await?;
        let versions = guarantee_rows::public_versions(handle.conn(), info.id, guarantee).await?;
        let breaks = breaks(handle.conn(), info.id.0, guarantee, &versions).await?;
        let totals = totals(handle.conn(), info.id.0, guarantee).await?;
        let sql = "SELECT p.id, s.name, p.name FROM promised r JOIN places p ON p.business_id = $1 AND p.id = r.place_id \
            JOIN sites s ON s.business_id = $1 AND s.id = p.site_id \
            JOIN guarantees g ON g.business_id = $1 AND g.id = r.guarantee_id \
            WHERE r.business_id = $1 AND r.guarantee_id = $2 AND g.public ORDER BY s.name, p.name";
        let places = fetch!(handle.conn(), fetch_all as (Uuid, String, String), sql, info.id.0, guarantee.0)?;
        let places = places.into_iter().map(|(id, site, place)| (PlaceId(id), site, place)).collect();
        let sql = "SELECT o.rule, o.place_id FROM rounds o JOIN guarantees g ON g.business_id = $1 AND g.id = o.guarantee_id \
            WHERE o.business_id = $1 AND o.guarantee_id = $2 AND g.stage = 'published' ORDER BY o.rule, o.place_id";
        let rounds = fetch!(handle.conn(), fetch_all as (String, Uuid), sql, info.id.0, guarantee.0)?;
        let same = rounds.chunk_by(|(one, _), (other, _)| one == other);
        let schedule = |rounds: &[(String, Uuid)]| {
            let (rule, place) = rounds.first().map(|(rule, place)| (rule.as_str(), *place)).unwrap_or_default();
            let stored = StoredRow("rounds", format!("{guarantee} {place}"));
            let schedule = stored.read("rule", serde_json::from_str(rule))?;
            Ok((schedule, rounds.iter().map(|(_, place)| PlaceId(*place)).collect()))
        };
        let schedules = same.map(schedule).collect::<Result<_, Error>>()?;
        Ok(GuaranteeDetail {
            breaks,
            totals: totals.into(),
            corrections: totals.corrections,
            versions,
            places,
            schedules,
        })
    }
}

async fn breaks(
    mut conn: Conn<'_>,
    business: Uuid,
    guarantee: GuaranteeId,
    versions: &[VersionRow],
) -> Result<Vec<BreakLine>, Error> {
    type StepRow = (Uuid, Uuid, i64, String, String, DateTime<Utc>);
    type PublicText = (Uuid, i64, String, Option<String>);
    let sql = concat!(
        "SELECT b.id, b.recovery_id, b.version_id, v.number AS version, b.reason, s.name AS site, p.name AS place, \
        b.found_by, b.known_at, r.stage, r.outcome, ",
        is_break_corrected!("$1", "b.id", "b.check_id"),
        " AS corrected, ",
        last_correction_why!("$1", "b.check_id"),
        " AS correction_why, c.erased_at IS NOT NULL AS customer_erased FROM breaks b JOIN recoveries r ON r.business_id = $1 AND r.id = b.recovery_id \
        JOIN guarantee_versions v ON v.business_id = $1 AND v.id = b.version_id \
        JOIN places p ON p.business_id = $1 AND p.id = b.place_id \
        JOIN sites s ON s.business_id = $1 AND s.id = p.site_id \
        LEFT JOIN customers c ON c.business_id = $1 AND c.id = r.customer_id \
        WHERE b.business_id = $1 AND b.guarantee_id = $2 AND b.public ORDER BY b.known_at DESC, b.id DESC LIMIT $3"
    );
    let rows = fetch!(conn.reborrow(), fetch_all as BreakRow, sql, business, guarantee.0, SHOWN_BREAKS)?;
    let sql = "SELECT s.recovery_id, s.id, s.number, s.step, s.bare, s.at FROM recovery_steps s WHERE s.business_id = $1 AND s.recovery_id IN \
        (SELECT recovery_id FROM breaks WHERE business_id = $1 AND guarantee_id = $2 AND public \
         ORDER BY known_at DESC, id DESC LIMIT $3) ORDER BY s.recovery_id, s.number";
    let mut steps: HashMap<Uuid, PublicSteps> = HashMap::new();
    for (recovery, id, number, step, bare, at) in
        fetch!(conn.reborrow(), fetch_all as StepRow, sql, business, guarantee.0, SHOWN_BREAKS)?
    {
        let stored = StoredRow("recovery_steps", id);
        let kind = stored.read("step", StepKind::parse(&step))?;
        let PublicFields { next_update_by, fixed, again } = stored.read("bare", serde_json::from_str(&bare))?;
        let trust = kind.trust_outcome(fixed.zip(again).map(|(fixed, again)| fixed.outcome(again)));
        steps.entry(recovery).or_default().push(number, UpdateStep { kind, at, next_update_by }, trust);
    }
    let sql = "SELECT s.recovery_id, s.number, t.field, t.body FROM recovery_steps s \
        JOIN texts t ON t.business_id = $1 AND t.owner_id = s.id AND t.public \
        WHERE s.business_id = $1 AND s.recovery_id IN \
        (SELECT recovery_id FROM breaks WHERE business_id = $1 AND guarantee_id = $2 AND public \
         ORDER BY known_at DESC, id DESC LIMIT $3) ORDER BY s.number";
    for (id, number, field, body) in fetch!(conn, fetch_all as PublicText, sql, business, guarantee.0, SHOWN_BREAKS)? {
        if let (Some(steps), Some(body)) = (steps.get_mut(&id), body) {
            steps.push_text(number, field, body);
        }
    }
    let line = |row: BreakRow| {
        let steps = steps.remove(&row.recovery_id).unwrap_or_default();
        line(row, steps, versions)
    };
    rows.into_iter().map(line).collect()
}

/// What the public sees of the fields of a step, as far as it has them: the promised update, and the customer's answer.
#[derive(Deserialize)]
struct PublicFields {
    next_update_by: Option<DateTime<Utc>>,
    fixed: Option<recovery::FixedAnswer>,
    again: Option<bool>,
}

/// What the public sees of a recovery's steps: its current round, and whether a deadline was ever missed.
#[derive(Default)]
struct PublicSteps {
    /// The number of the step that reopened the recovery last.
    reopened: i64,
    round: Vec<UpdateStep>,
    late: bool,
    /// The outcome for trust in the round.
    trust: Option<recovery::Outcome>,
    texts: HashMap<String, String>,
}

impl PublicSteps {
    /// Adds a step. Steps come in order.
    fn push(&mut self, number: i64, step: UpdateStep, trust: Option<recovery::Outcome>) {
        if step.kind == StepKind::Reopened {
            (self.reopened, self.round, self.trust) = (number, Vec::new(), None);
        } else {
            self.trust = self.trust.or(trust);
            self.round.push(step);
        }
        self.late |= step.kind == StepKind::Late;
    }

    /// Adds a public text of a step. Texts come in the order of their steps, after all steps.
    fn push_text(&mut self, number: i64, field: String, body: String) {
        if number > self.reopened {
            self.texts.insert(field, body);
        }
    }

    fn at(&self, kind: StepKind) -> Option<DateTime<Utc>> {
        self.round.iter().rev().find(|step| step.kind == kind).map(|step| step.at)
    }

    /// The update that was promised and is not given yet.
    fn next_update_by(&self) -> Option<DateTime<Utc>> {
        promised_update(&self.round).filter(Deadline::is_open).and_then(|deadline| deadline.due)
    }
}

fn line(row: BreakRow, mut steps: PublicSteps, versions: &[VersionRow]) -> Result<BreakLine, Error> {
    let stored = StoredRow("breaks", row.id);
    let reason = stored.read("reason", Reason::parse(&row.reason))?;
    let wording = versions.iter().find(|version| version.id.0 == row.version_id).map(|version| &version.wording);
    let criterion = match (reason, wording) {
        (Reason::Criterion(position), Some(wording)) => {
            wording.criteria.get(position as usize).map(ToString::to_string)
        }
        _ => None,
    };
    let stage = recovery::Stage::parse(&row.stage, row.outcome.as_deref());
    let stage = StoredRow("recoveries", row.recovery_id).read("stage", stage)?;
    let waiting = matches!(stage, recovery::Stage::Acknowledged | recovery::Stage::Understood);
    Ok(BreakLine {
        id: BreakId(row.id),
        known_at: row.known_at,
        reason,
        criterion,
        version: row.version,
        site: row.site,
        place: row.place,
        found_by: stored.read("found_by", FoundBy::parse(&row.found_by))?,
        stage,
        late: steps.late,
        trust: steps.trust,
        correction_why: row.correction_why.filter(|_| row.corrected),
        corrected: row.corrected,
        acknowledged_at: steps.at(StepKind::Acknowledged),
        remedied_at: steps.at(StepKind::Remedied),
        next_update_by: steps.next_update_by().filter(|_| waiting && !row.customer_erased),
        correction: steps.texts.remove("correction"),
        remedy: steps.texts.remove("remedy"),
        cause: steps.texts.remove("cause"),
        corrective_action: steps.texts.remove("corrective_action"),
    })
}
