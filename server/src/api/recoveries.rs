//! Recoveries: what was done, what is due next, and the steps from opening to closing.

mod new_step;
mod taken_step;

use app::addresses;
use axum::Json;
use chrono::{DateTime, Utc};
use domain::edit_tag::EditTag;
use domain::fault::{Fault, Faults};
use domain::ids::RecoveryId;
use domain::recovery::{Outcome, Task};
use serde::{Deserialize, Serialize};
use store::{RecoveryDetail, RecoveryFilter, RecoveryRow, edit_state};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::choices;
use super::error::ApiResult;
use super::openapi::{ChangeErrors, ListErrors, ReadErrors};
use super::request::{Caller, IfMatch, JsonBody, JsonObject, Pagination, PathId, QueryParams, parse_fields};
use super::responses::{Created, Page, Timestamp};

use new_step::NewStep;
use taken_step::TakenStep;

/// A recovery in a list, without its customer.
#[derive(Serialize, ToSchema)]
pub struct RecoverySummary {
    id: Uuid,
    /// Its number in the business, easier to say than the id.
    number: i64,
    /// The break it answers.
    #[serde(rename = "break")]
    opened_by: Uuid,
    guarantee: Uuid,
    guarantee_title: String,
    /// `safety`, `other`, or the position of the criterion that was not met, from `0`.
    reason: String,
    criterion: Option<String>,
    site_name: String,
    place: Uuid,
    place_name: String,
    opened_at: Timestamp,
    #[schema(value_type = choices::RecoveryStage)]
    stage: &'static str,
    #[schema(value_type = Option<choices::Outcome>)]
    outcome: Option<&'static str>,
    /// The open deadline that comes first.
    pressing: Option<Deadline>,
    /// Whose turn it is.
    #[schema(value_type = choices::Turn)]
    turn: &'static str,
    /// What the business has to do next, if it is its turn.
    #[schema(value_type = Option<choices::Task>)]
    task: Option<&'static str>,
    /// Whether we ever missed one of our deadlines.
    late: bool,
}

/// A recovery with all details.
#[derive(Serialize, ToSchema)]
pub struct Recovery {
    #[serde(flatten)]
    summary: RecoverySummary,
    check: Uuid,
    /// The version of the wording that was broken.
    version: i64,
    promise: String,
    #[schema(value_type = choices::FoundBy)]
    found_by: &'static str,
    note: Option<String>,
    customer: Option<Customer>,
    tier: Option<Tier>,
    clocks: Vec<Deadline>,
    steps: Vec<TakenStep>,
    /// Kept checks in a row since the remedy, while the record decides in place of a customer.
    kept_in_a_row: Option<u32>,
    /// What to send in `If-Match` with a step.
    revision: String,
}

/// The customer of a recovery. This is personal data: keep it out of logs.
#[derive(Serialize, ToSchema)]
pub struct Customer {
    /// `withheld`: this role may not see who it is.
    #[schema(value_type = choices::CustomerKnowledge)]
    known: &'static str,
    name: Option<String>,
    contact: Option<String>,
}

/// A deadline of ours, in opening hours.
#[derive(Serialize, ToSchema)]
pub struct Deadline {
    #[schema(value_type = choices::DeadlineKind)]
    kind: &'static str,
    /// Null while we wait for the customer.
    due: Option<Timestamp>,
    met_at: Option<Timestamp>,
    late: bool,
}

/// How much the break requires of its recovery, and why.
#[derive(Serialize, ToSchema)]
pub struct Tier {
    #[schema(value_type = choices::TierLevel)]
    level: &'static str,
    #[schema(value_type = choices::Severity)]
    severity: &'static str,
    /// The same customer had a break before.
    repeated: bool,
    /// Similar breaks at the place in the last 30 days.
    similar: u32,
    preventable: bool,
    /// Whether a good recovery can create more trust than there was before the break (recovery paradox).
    paradox_holds: bool,
}

/// Which recoveries to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read by its name")]
pub struct StageParam {
    /// `open` if left out.
    #[param(inline, required = false, value_type = choices::RecoveryState)]
    stage: String,
}

/// The result of a step.
#[derive(Serialize, ToSchema)]
pub struct StepResult {
    /// The customer's private link to the follow-up, if the step asked them. It is shown only this once.
    link: Option<String>,
}

/// Asks for a new link for the customer. An empty document.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct NewLink {}

/// A private link.
#[derive(Serialize, ToSchema)]
pub struct CreatedLink {
    /// The customer's private link to the follow-up. It is shown only this once.
    link: String,
}

/// Open recoveries, the most urgent deadline first; or closed ones, latest first.
#[utoipa::path(
    get, path = "/recoveries", tag = "recoveries", params(StageParam, Pagination),
    responses((status = 200, description = "A page of recoveries", body = Page<RecoverySummary>), ListErrors)
)]
pub async fn list_recoveries(
    caller: Caller,
    query: QueryParams,
    page_params: Pagination,
) -> ApiResult<Json<Page<RecoverySummary>>> {
    let closed = query.get("stage", |stage| match stage {
        "open" => Ok(false),
        "closed" => Ok(true),
        _ => Err(Fault::UnknownChoice),
    });
    let mut faults = Faults::default();
    let closed = faults.collect("stage", closed).ok_or(faults)?;
    let (all, limit) = (RecoveryFilter::All, page_params.limit);
    let (rows, before) = if closed == Some(true) {
        let page = caller.store.closed_recoveries(&caller.actor, all, page_params.before()?, limit).await?;
        (page.rows, page.before.map(|last| last.to_string()))
    } else {
        let page = caller.store.open_recoveries(&caller.actor, all, page_params.before()?, limit).await?;
        (page.rows, page.next.map(|end| end.to_string()))
    };
    let now = caller.store.now();
    Ok(Json(Page { items: rows.into_iter().map(|row| RecoverySummary::of(row, now)).collect(), before }))
}

/// One recovery with its steps, deadlines and customer. Only roles that handle recoveries see who the customer is.
#[utoipa::path(
    get, path = "/recoveries/{id}", tag = "recoveries", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The recovery", body = Recovery), ReadErrors)
)]
pub async fn get_recovery(caller: Caller, PathId(id): PathId<RecoveryId>) -> ApiResult<Json<Recovery>> {
    let page = caller.store.recovery(&caller.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(Recovery::of(page, caller.store.now())))
}

/// Take a step. The answer to `follow_up` contains the customer's private link, only this once: only the customer may use it.
#[utoipa::path(
    post, path = "/recoveries/{id}/steps", tag = "recoveries", params(("id" = Uuid, Path), IfMatch), request_body = NewStep,
    responses((status = 201, description = "The step is taken", body = StepResult, headers(("Location" = String, description = "The recovery"))), ChangeErrors)
)]
pub async fn take_step(
    caller: Caller,
    PathId(id): PathId<RecoveryId>,
    JsonBody(fields): JsonBody<JsonObject>,
) -> ApiResult<Created<StepResult>> {
    let draft = NewStep::parse(fields)?.into();
    let taken = caller.store.take_step(&caller.actor, id, &draft).await?.ok_or(app::Error::NotFound)?;
    let link = taken.link().map(|key| format!("{}{}", caller.base_url, addresses::follow_up(key)));
    Ok(Created { location: format!("recoveries/{id}"), body: StepResult { link } })
}

/// Create a new private link for the customer who was asked. The previous link ends.
#[utoipa::path(
    post, path = "/recoveries/{id}/links", tag = "recoveries", params(("id" = Uuid, Path)), request_body = NewLink,
    responses((status = 201, description = "The link is made", body = CreatedLink, headers(("Location" = String, description = "The recovery"))), ChangeErrors)
)]
pub async fn renew_link(
    caller: Caller,
    PathId(id): PathId<RecoveryId>,
    JsonBody(fields): JsonBody<JsonObject>,
) -> ApiResult<Created<CreatedLink>> {
    let NewLink {} = parse_fields(fields)?;
    let key = caller.store.renew_follow_up(&caller.actor, id).await?.ok_or(app::Error::NotFound)?;
    let link = format!("{}{}", caller.base_url, addresses::follow_up(key));
    Ok(Created { location: format!("recoveries/{id}"), body: CreatedLink { link } })
}

impl RecoverySummary {
    fn of(row: RecoveryRow, now: DateTime<Utc>) -> Self {
        Self {
            id: row.id.0,
            number: row.number,
            opened_by: row.opened_by.0,
            guarantee: row.guarantee_id.0,
            guarantee_title: row.guarantee,
            reason: row.reason.to_string(),
            criterion: row.criterion,
            site_name: row.site,
            place: row.place_id.0,
            place_name: row.place,
            opened_at: Timestamp(row.opened_at),
            stage: row.stage.name(),
            outcome: row.stage.outcome().map(Outcome::name),
            pressing: row.next_deadline.map(|deadline| Deadline::of(deadline, now)),
            turn: row.turn.name(),
            task: row.turn.task().map(Task::name),
            late: row.late,
        }
    }
}

impl Recovery {
    fn of(page: RecoveryDetail, now: DateTime<Utc>) -> Self {
        let revision = EditTag::of(&edit_state::steps(&page.recovery)).to_string();
        let steps = page.recovery.steps.into_iter().zip(page.steps);
        Self {
            summary: RecoverySummary::of(page.row, now),
            check: page.check.0,
            version: page.version,
            promise: page.wording.promise.into(),
            found_by: page.recovery.found_by.name(),
            note: page.note,
            customer: page.customer.map(Customer::from),
            tier: page.tier.map(Tier::from),
            clocks: page.deadlines.into_iter().map(|deadline| Deadline::of(deadline, now)).collect(),
            steps: steps.map(|(taken, line)| TakenStep::of(taken, line.by)).collect(),
            kept_in_a_row: page.kept_in_a_row,
            revision,
        }
    }
}

impl Deadline {
    fn of(deadline: domain::recovery::Deadline, now: DateTime<Utc>) -> Self {
        let late = deadline.is_late(now);
        Self {
            kind: deadline.kind.name(),
            due: deadline.due.map(Timestamp),
            met_at: deadline.met_at.map(Timestamp),
            late,
        }
    }
}

impl From<store::CustomerView> for Customer {
    fn from(customer: store::CustomerView) -> Self {
        let without_name = |known| Self { known, name: None, contact: None };
        match customer {
            store::CustomerView::Named { name, contact, .. } => Self { known: "named", name: Some(name), contact },
            store::CustomerView::Withheld => without_name("withheld"),
            store::CustomerView::Erased => without_name("forgotten"),
        }
    }
}

impl From<domain::recovery::Tier> for Tier {
    fn from(tier: domain::recovery::Tier) -> Self {
        let because = tier.because;
        Self {
            level: tier.level.name(),
            severity: because.severity.name(),
            repeated: because.repeated,
            similar: because.similar,
            preventable: because.preventable,
            paradox_holds: tier.paradox_holds(),
        }
    }
}
