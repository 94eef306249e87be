//! Recoveries: who waits, what was done, by when the next thing is due; and the steps that walk one to its end.

mod draft;
mod steps;

use axum::Json;
use chrono::{DateTime, Utc};
use domain::fault::{Fault, Faults};
use domain::ids::RecoveryId;
use domain::recovery::Outcome;
use domain::revision::Revision;
use serde::{Deserialize, Serialize};
use store::{RecoveryPage, RecoveryRow, stands};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::answer::{Created, Moment, Page};
use super::choices;
use super::description::{Decide, Paged, ReadOne};
use super::refusal::Answer;
use super::request::{Asked, Body, Caller, Cut, Fields, Id, Unchanged, rest};

use draft::NewStep;
use steps::TakenStep;

/// A recovery in a list. No customer is named here.
#[derive(Serialize, ToSchema)]
pub struct RecoverySummary {
    id: Uuid,
    /// Its number in the business, for people to say.
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
    opened_at: Moment,
    #[schema(value_type = choices::RecoveryStage)]
    stage: &'static str,
    #[schema(value_type = Option<choices::Outcome>)]
    outcome: Option<&'static str>,
    /// The open clock that runs out first.
    pressing: Option<Clock>,
    /// Whether we ever missed a deadline of our own.
    late: bool,
}

/// A recovery with everything known about it.
#[derive(Serialize, ToSchema)]
pub struct Recovery {
    #[serde(flatten)]
    summary: RecoverySummary,
    check: Uuid,
    /// The version of the wording that was broken.
    version: i64,
    promise: String,
    #[schema(value_type = choices::Finder)]
    found_by: &'static str,
    note: Option<String>,
    customer: Option<Customer>,
    tier: Option<Tier>,
    clocks: Vec<Clock>,
    steps: Vec<TakenStep>,
    /// Kept checks in a row since the remedy, while the record is watched.
    kept_in_a_row: Option<u32>,
    /// What to send in `If-Match` with a step.
    revision: String,
}

/// Who was failed. Personal data: keep it out of logs.
#[derive(Serialize, ToSchema)]
pub struct Customer {
    /// Whether they are named to this role, not named to it, or forgotten.
    #[schema(value_type = choices::Acquaintance)]
    known: &'static str,
    name: Option<String>,
    contact: Option<String>,
}

/// A deadline of ours, in opening hours.
#[derive(Serialize, ToSchema)]
pub struct Clock {
    #[schema(value_type = choices::ClockName)]
    kind: &'static str,
    /// Null while it waits for the customer.
    due: Option<Moment>,
    met_at: Option<Moment>,
    late: bool,
}

/// How much answer the break calls for, and why.
#[derive(Serialize, ToSchema)]
pub struct Tier {
    #[schema(value_type = choices::Level)]
    level: domain::recovery::Level,
    #[schema(value_type = choices::Severity)]
    severity: &'static str,
    /// The same customer was failed before.
    repeated: bool,
    /// Similar breaks at the place in the last 30 days.
    similar: u32,
    preventable: bool,
    /// Whether a good recovery can leave more trust than there was before.
    paradox_holds: bool,
}

/// Which of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read by its name")]
pub struct Staged {
    /// `open` if left out.
    #[param(inline, required = false, value_type = choices::Openness)]
    stage: String,
}

/// What a step made.
#[derive(Serialize, ToSchema)]
pub struct StepMade {
    /// The customer's private link to the follow-up, where the step asked them. It is shown this once.
    link: Option<String>,
}

/// That the customer is to be sent a new link. Nothing more needs to be said.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct NewLink {}

/// A private link.
#[derive(Serialize, ToSchema)]
pub struct LinkMade {
    /// The customer's private link to the follow-up. It is shown this once.
    link: String,
}

/// Recoveries: the open ones, who waits longest first; or those closed, the last first.
#[utoipa::path(
    get, path = "/recoveries", tag = "recoveries", params(Staged, Cut),
    responses((status = 200, description = "A page of recoveries", body = Page<RecoverySummary>), Paged)
)]
pub async fn list_recoveries(by: Caller, asked: Asked, cut: Cut) -> Answer<Json<Page<RecoverySummary>>> {
    let closed = asked.get("stage", |stage| match stage {
        "open" => Ok(false),
        "closed" => Ok(true),
        _ => Err(Fault::UnknownChoice),
    });
    let mut faults = Faults::default();
    let closed = faults.take("stage", closed).ok_or(faults)?;
    let (rows, before) = if closed == Some(true) {
        let page = by.store.closed_recoveries(&by.actor, cut.before.map(RecoveryId), cut.limit).await?;
        (page.rows, page.before.map(|id| id.0))
    } else {
        cut.of(by.store.open_recoveries(&by.actor).await?, |row| row.id.0)
    };
    let now = by.store.now();
    Ok(Json(Page { items: rows.into_iter().map(|row| RecoverySummary::of(row, now)).collect(), before }))
}

/// One recovery: its steps, its clocks, its customer, who is named to those who may recover.
#[utoipa::path(
    get, path = "/recoveries/{id}", tag = "recoveries", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The recovery", body = Recovery), ReadOne)
)]
pub async fn get_recovery(by: Caller, Id(id): Id<RecoveryId>) -> Answer<Json<Recovery>> {
    let page = by.store.recovery(&by.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(Recovery::of(page, by.store.now())))
}

/// Take a step. After `follow_up` the answer holds the customer's private link, once: only they can answer it.
#[utoipa::path(
    post, path = "/recoveries/{id}/steps", tag = "recoveries", params(("id" = Uuid, Path), Unchanged), request_body = NewStep,
    responses((status = 201, description = "The step is taken", body = StepMade, headers(("Location" = String, description = "The recovery"))), Decide)
)]
pub async fn take_step(by: Caller, Id(id): Id<RecoveryId>, Body(fields): Body<Fields>) -> Answer<Created<StepMade>> {
    let draft = NewStep::read(fields)?.into();
    let link = by.store.take_step(&by.actor, id, &draft).await?.ok_or(app::Error::NotFound)?;
    let link = link.map(|key| format!("{}/follow-up/{key}", by.base_url));
    Ok(Created { at: format!("recoveries/{id}"), body: StepMade { link } })
}

/// Make a new private link for the customer who was asked; the one before it ends.
#[utoipa::path(
    post, path = "/recoveries/{id}/links", tag = "recoveries", params(("id" = Uuid, Path)), request_body = NewLink,
    responses((status = 201, description = "The link is made", body = LinkMade, headers(("Location" = String, description = "The recovery"))), Decide)
)]
pub async fn renew_link(by: Caller, Id(id): Id<RecoveryId>, Body(fields): Body<Fields>) -> Answer<Created<LinkMade>> {
    let NewLink {} = rest(fields)?;
    let key = by.store.renew_follow_up(&by.actor, id).await?.ok_or(app::Error::NotFound)?;
    let link = format!("{}/follow-up/{key}", by.base_url);
    Ok(Created { at: format!("recoveries/{id}"), body: LinkMade { link } })
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
            opened_at: Moment(row.opened_at),
            stage: row.stage.name(),
            outcome: row.stage.outcome().map(Outcome::name),
            pressing: row.pressing.map(|clock| Clock::of(clock, now)),
            late: row.late,
        }
    }
}

impl Recovery {
    fn of(page: RecoveryPage, now: DateTime<Utc>) -> Self {
        let revision = Revision::of(&stands::steps(&page.recovery)).to_string();
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
            clocks: page.clocks.into_iter().map(|clock| Clock::of(clock, now)).collect(),
            steps: steps.map(|(taken, line)| TakenStep::of(taken, line.by)).collect(),
            kept_in_a_row: page.kept_in_a_row,
            revision,
        }
    }
}

impl Clock {
    fn of(clock: domain::recovery::Clock, now: DateTime<Utc>) -> Self {
        let late = clock.is_late(now);
        Self { kind: clock.kind.name(), due: clock.due.map(Moment), met_at: clock.met_at.map(Moment), late }
    }
}

impl From<store::Customer> for Customer {
    fn from(customer: store::Customer) -> Self {
        let unnamed = |known| Self { known, name: None, contact: None };
        match customer {
            store::Customer::Named { name, contact, .. } => Self { known: "named", name: Some(name), contact },
            store::Customer::Withheld => unnamed("withheld"),
            store::Customer::Forgotten => unnamed("forgotten"),
        }
    }
}

impl From<domain::recovery::Tier> for Tier {
    fn from(tier: domain::recovery::Tier) -> Self {
        let because = tier.because;
        Self {
            level: tier.level,
            severity: because.severity.name(),
            repeated: because.repeated,
            similar: because.similar,
            preventable: because.preventable,
            paradox_holds: tier.paradox_holds(),
        }
    }
}
