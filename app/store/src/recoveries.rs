//! Breaks and their recoveries: opened together, walked step by step, closed on three answers.

mod lateness;
mod list;
mod load;
mod pages;
mod proof;
mod steps;
mod totals;

use domain::actor::Who;
use domain::breaks::FoundBy;
use domain::check::Reason;
use domain::ids::{BreakId, CheckId, GuaranteeId, PlaceId, RecoveryId, VersionId};
use domain::obstacle::Obstacle;
use domain::record::{Free, part};
use domain::recovery::{Stage, Step, Taken};
use serde_json::{Map, Value, json};

use crate::db::run;
use crate::error::Error;
use crate::obstacles;
use crate::record::details;
use crate::work::{Work, by};

pub use list::{ClosedRecoveries, RecoveryRow};
pub(crate) use load::{Loaded, load, load_from};
pub use pages::{Customer, RecoveryPage, SamePerson, StepLine};
pub(crate) use pages::{Handed, handed};
pub(crate) use proof::let_the_record_speak;
pub use steps::FollowUp;
pub use totals::BreakTotals;
pub(crate) use totals::{Totals, add, totals};

/// A broken promise about to be stored with its recovery.
pub(crate) struct NewBreak {
    pub id: BreakId,
    pub guarantee: GuaranteeId,
    pub version: VersionId,
    /// Of the version.
    pub number: i64,
    pub place: PlaceId,
    pub check: CheckId,
    pub public: bool,
    pub reason: Reason,
    pub found_by: FoundBy,
    pub obstacle: Option<Obstacle>,
}

/// Stores a break and its recovery: the database takes neither alone.
pub(crate) async fn open(work: &mut Work<'_>, new: &NewBreak) -> Result<RecoveryId, Error> {
    let recovery = RecoveryId(work.id());
    let (business, now) = (work.business.0, work.now);
    let sql = "INSERT INTO breaks (id, business_id, guarantee_id, version_id, place_id, check_id, public, reason, found_by, \
        known_at, recovery_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let (id, guarantee, version, place, check) = (new.id.0, new.guarantee.0, new.version.0, new.place.0, new.check.0);
    let (reason, found_by) = (new.reason.to_string(), new.found_by.name());
    run!(
        work.conn(),
        sql,
        id,
        business,
        guarantee,
        version,
        place,
        check,
        new.public,
        reason,
        found_by,
        now,
        recovery.0
    )?;
    let sql = "INSERT INTO recoveries (id, business_id, break_id, number, opened_at, stage, watched) \
        SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6 FROM recoveries WHERE business_id = $2";
    run!(work.conn(), sql, recovery.0, business, id, now, Stage::Opened.name(), false)?;
    if let Some(obstacle) = new.obstacle {
        obstacles::put_up(work, new, obstacle).await?;
    }
    if new.public {
        add(work, new.guarantee, Totals::opened(new.found_by)).await?;
    }
    let mut body = Map::new();
    body.insert("break".to_owned(), json!(new.id));
    body.insert("recovery".to_owned(), json!(recovery));
    body.insert("check".to_owned(), json!(new.check));
    body.insert("guarantee".to_owned(), json!(new.guarantee));
    body.insert("place".to_owned(), json!(new.place));
    body.insert("found_by".to_owned(), json!(new.found_by));
    body.insert("version".to_owned(), json!(new.number));
    body.insert("reason".to_owned(), json!(new.reason.to_string()));
    work.append(new.public, "break", id, body, Vec::new()).await?;
    Ok(recovery)
}

/// Decides a step and writes what came of it.
pub(crate) async fn take(work: &mut Work<'_>, loaded: &Loaded, step: Step, hand: Who) -> Result<(), Error> {
    let taken = loaded.recovery.take(step, hand, work.now)?;
    for (position, taken) in taken.iter().enumerate() {
        write(work, loaded, loaded.recovery.steps.len() + position + 1, taken).await?;
    }
    let mut after = loaded.recovery.clone();
    after.steps.extend(taken);
    let stage = after.stage();
    let closed_at = stage.outcome().map(|_| work.now);
    let watched = after.watched_since().is_some() && after.verdict_on_trust().is_none();
    let sql = "UPDATE recoveries SET stage = $3, outcome = $4, closed_at = $5, watched = $6 WHERE business_id = $1 AND id = $2";
    let (business, outcome) = (work.business.0, stage.outcome().map(domain::recovery::Outcome::name));
    run!(work.conn(), sql, business, loaded.id.0, stage.name(), outcome, closed_at, watched)?;
    let step = Totals::between(&loaded.recovery, &after);
    if loaded.public && step != Totals::default() {
        add(work, loaded.guarantee, step).await?;
    }
    Ok(())
}

async fn write(work: &mut Work<'_>, loaded: &Loaded, number: usize, taken: &Taken) -> Result<(), Error> {
    let (bare, mut texts) = part(&taken.step, taken.step.texts())?;
    let private = details(&bare);
    if !private.is_empty() {
        texts.push(Free { field: Step::DETAILS, text: Value::Object(private).to_string(), public: false });
    }
    let (id, business) = (work.id(), work.business.0);
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let text = serde_json::to_string(&bare)?;
    let sql = "INSERT INTO recovery_steps (id, business_id, recovery_id, number, step, bare, at, by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    run!(work.conn(), sql, id, business, loaded.id.0, number, taken.step.name(), text, taken.at, by(taken.by))?;
    let mut body: Map<String, Value> =
        bare.into_iter().filter(|(key, value)| Step::RECORDED.contains(&key.as_str()) && !value.is_null()).collect();
    body.insert("recovery".to_owned(), json!(loaded.id));
    work.append(loaded.public, "recovery", id, body, texts).await
}
