//! Recoveries: opened with a break, and moved forward by steps.

mod detail;
mod lateness;
mod list;
mod steps;
mod totals;
mod trust_by_record;

use domain::actor::Principal;
use domain::ids::{BusinessId, RecoveryId};
use domain::record::{FreeText, split_texts};
use domain::recovery::{Stage, Step, TakenStep};
use serde_json::{Map, Value, json};

use crate::actor_key::actor_key;
use crate::breaks::NewBreak;
use crate::db::execute;
use crate::error::Error;
use crate::obstacles;
use crate::record::private_details;
use crate::recovery_queue::requeue;
use crate::recovery_rows::LoadedRecovery;
use crate::unit_of_work::UnitOfWork;

pub use detail::{CustomerView, OtherRecovery, RecoveryDetail, StepLine};
pub(crate) use detail::{RecoveryReport, recovery_report};
pub use list::{ClosedRecoveries, OpenRecoveries, RecoveryRow};
pub use steps::{FollowUp, StepTaken};
pub use totals::BreakTotals;
pub(crate) use totals::{BreakCounts, add, totals};
pub(crate) use trust_by_record::close_if_record_proves;

/// Stores a break with its recovery. The database refuses one without the other.
pub(crate) async fn insert_break_with_recovery(work: &mut UnitOfWork<'_>, new: &NewBreak) -> Result<RecoveryId, Error> {
    let recovery = RecoveryId(work.id());
    let (business, now) = (work.business.0, work.now);
    let sql = "INSERT INTO breaks (id, business_id, guarantee_id, version_id, place_id, check_id, public, reason, found_by, \
        known_at, recovery_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let (id, guarantee, version, place, check) = (new.id.0, new.guarantee.0, new.version.0, new.place.0, new.check.0);
    let (reason, found_by) = (new.reason.to_string(), new.found_by.name());
    execute!(
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
    let sql = "INSERT INTO recoveries (id, business_id, break_id, number, opened_at, stage, watched, place_id) \
        SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7 FROM recoveries WHERE business_id = $2";
    execute!(work.conn(), sql, recovery.0, business, id, now, Stage::Opened.name(), false, place)?;
    requeue(work.conn(), BusinessId(business), recovery).await?;
    if let Some(obstacle) = new.obstacle {
        obstacles::insert(work, new, obstacle).await?;
    }
    if new.public {
        add(work, new.guarantee, BreakCounts::opened(new.found_by)).await?;
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

/// Applies a step: lets the rules decide, and stores the result.
pub(crate) async fn apply_step(
    work: &mut UnitOfWork<'_>,
    loaded: &LoadedRecovery,
    step: Step,
    author: Principal,
) -> Result<(), Error> {
    let taken = loaded.recovery.take_step(step, author, work.now)?;
    for (position, taken) in taken.iter().enumerate() {
        insert_step(work, loaded, loaded.recovery.steps.len() + position + 1, taken).await?;
    }
    let mut after = loaded.recovery.clone();
    after.steps.extend(taken);
    let stage = after.stage();
    let closed_at = stage.outcome().map(|_| work.now);
    let watched = after.watched_since().is_some() && after.trust_outcome().is_none();
    let sql = "UPDATE recoveries SET stage = $3, outcome = $4, closed_at = $5, watched = $6 WHERE business_id = $1 AND id = $2";
    let (business, outcome) = (work.business.0, stage.outcome().map(domain::recovery::Outcome::name));
    execute!(work.conn(), sql, business, loaded.id.0, stage.name(), outcome, closed_at, watched)?;
    requeue(work.conn(), BusinessId(business), loaded.id).await?;
    let step = BreakCounts::between(&loaded.recovery, &after);
    if loaded.public && step != BreakCounts::default() {
        add(work, loaded.guarantee, step).await?;
    }
    Ok(())
}

async fn insert_step(
    work: &mut UnitOfWork<'_>,
    loaded: &LoadedRecovery,
    number: usize,
    taken: &TakenStep,
) -> Result<(), Error> {
    let (bare, mut texts) = split_texts(&taken.step, taken.step.texts()).map_err(Error::Serialize)?;
    let private = private_details(&bare);
    if !private.is_empty() {
        texts.push(FreeText { field: Step::DETAILS, text: Value::Object(private).to_string(), public: false });
    }
    let (id, business) = (work.id(), work.business.0);
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let text = serde_json::to_string(&bare).map_err(Error::Serialize)?;
    let sql = "INSERT INTO recovery_steps (id, business_id, recovery_id, number, step, bare, at, by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    execute!(
        work.conn(),
        sql,
        id,
        business,
        loaded.id.0,
        number,
        taken.step.name(),
        text,
        taken.at,
        actor_key(taken.by)
    )?;
    let mut body: Map<String, Value> =
        bare.into_iter().filter(|(key, value)| Step::RECORDED.contains(&key.as_str()) && !value.is_null()).collect();
    body.insert("recovery".to_owned(), json!(loaded.id));
    work.append(loaded.public, "recovery", id, body, texts).await
}
