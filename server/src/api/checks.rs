//! Checks: each is stored once, however often it is sent, and corrected by adding to it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use domain::check::CheckDraft;
use domain::correction::CorrectionDraft;
use domain::edit_tag::EditTag;
use domain::finding::FindingDraft;
use domain::ids::CheckId;
use serde::{Deserialize, Serialize};
use store::{CheckRow, Logged, edit_state};
use utoipa::ToSchema;
use uuid::Uuid;

use super::choices;
use super::error::ApiResult;
use super::openapi::{ChangeErrors, CheckedAddErrors, ListErrors, ReadErrors};
use super::request::{Caller, IfMatch, JsonBody, Pagination, PathId};
use super::responses::{Created, Page, Timestamp, page};

/// One look at one promise at one place. You choose the id: a check that is sent again with the same body is stored once.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({
    "id": "019a4f5e-6c00-7000-8000-00000000c0de",
    "guarantee": "019a4f5e-6c00-7000-8000-000000000002",
    "place": "019a4f5e-6c00-7000-8000-000000000003",
    "at": "2026-11-02T12:00:00.000Z",
    "verdict": "broken",
    "reason": "0",
    "obstacle": "staffing",
    "note": "Two people called in sick."
}))]
pub struct NewCheck {
    #[schema(required, value_type = Uuid)]
    id: String,
    #[schema(required, value_type = Uuid)]
    guarantee: String,
    #[schema(required, value_type = Uuid)]
    place: String,
    /// When the check was made; now if left out. At most 30 days ago.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// What the same clock shows when this is sent. If that clock is wrong, the time passed since `at` is used, and not `at`
    /// itself.
    #[schema(format = DateTime)]
    sent: Option<String>,
    /// The version of the wording it was judged by; the one in force if left out.
    #[schema(value_type = Option<i64>, example = 1)]
    version: Option<serde_json::Number>,
    #[schema(required, value_type = choices::ReportedVerdict)]
    verdict: String,
    /// Why it is broken: `safety`, `other`, or the position of the criterion that was not met, from `0`.
    #[schema(example = "0")]
    reason: Option<String>,
    /// What stopped staff from keeping the promise.
    #[schema(value_type = Option<choices::Obstacle>)]
    obstacle: Option<String>,
    /// Who found it first; staff if left out.
    #[schema(value_type = Option<choices::FoundBy>)]
    found_by: Option<String>,
    /// Not public. Required if the promise was not applicable: why it was not.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// The hash of a picture that was sent before. The guarantee says whether one is required, optional or not allowed.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    photo: Option<String>,
}

/// What the check should have said, and why it did not.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "verdict": "kept", "why": "The wrong door was scanned." }))]
pub struct NewCorrection {
    /// `taken_back` if nobody had looked: the window is due again.
    #[schema(required, value_type = choices::CorrectedVerdict)]
    verdict: String,
    /// As in a check.
    #[schema(example = "0")]
    reason: Option<String>,
    #[schema(value_type = Option<choices::Obstacle>)]
    obstacle: Option<String>,
    #[schema(value_type = Option<choices::FoundBy>)]
    found_by: Option<String>,
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// Public: the original stays visible beside it.
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    why: String,
}

/// What was stored.
#[derive(Serialize, ToSchema)]
pub struct LoggedCheck {
    id: Uuid,
    #[schema(value_type = choices::Verdict)]
    verdict: &'static str,
    /// The recovery that was opened, if the promise was broken.
    recovery: Option<Uuid>,
}

/// A check, and what it was corrected to.
#[derive(Serialize, ToSchema)]
pub struct Check {
    id: Uuid,
    guarantee: Uuid,
    /// The version of the wording it was judged by.
    version: i64,
    place: Uuid,
    #[schema(value_type = choices::Verdict)]
    verdict: &'static str,
    /// `safety`, `other`, or the position of the criterion that was not met, from `0`.
    reason: Option<String>,
    at: Timestamp,
    /// The local day it counts in: the day its window opened in, if it has one.
    #[schema(value_type = String, format = Date, example = "2026-11-02")]
    day: NaiveDate,
    received_at: Timestamp,
    /// What the last correction says.
    #[schema(value_type = Option<choices::Verdict>)]
    corrected: Option<&'static str>,
    /// The clock of the phone was wrong and was not used.
    skewed: bool,
    /// Somebody else checked the same in the same minute, and came first.
    doubled: bool,
    /// The picture that came with it, by its hash.
    photo: Option<String>,
    /// The outcome of the second look, by somebody else.
    #[schema(value_type = Option<choices::SecondLook>)]
    second_look: Option<&'static str>,
    /// What to send in `If-Match` with a correction.
    revision: String,
}

/// Checks, newest first.
#[utoipa::path(
    get, path = "/checks", tag = "checks", params(Pagination), responses((status = 200, description = "A page of checks", body = Page<Check>), ListErrors)
)]
pub async fn list_checks(caller: Caller, page_params: Pagination) -> ApiResult<Json<Page<Check>>> {
    let checks = caller.store.checks(&caller.actor, page_params.before::<CheckId>()?, page_params.limit).await?;
    Ok(page(checks.rows, checks.before))
}

/// Log a check. If the promise was broken, a recovery is opened with it.
///
/// Safe to send again: the same id with the same body answers as the first time, with 200.
#[utoipa::path(
    post, path = "/checks", tag = "checks", request_body = NewCheck,
    responses(
        (status = 201, description = "It is stored", body = LoggedCheck,
            headers(("Location" = String, description = "The check"))),
        (status = 200, description = "It was stored before", body = LoggedCheck),
        CheckedAddErrors
    )
)]
pub async fn log_check(caller: Caller, JsonBody(new): JsonBody<NewCheck>) -> ApiResult<Response> {
    let logged = caller.store.log_check(&caller.actor, new.into()).await?;
    Ok(if logged.is_repeat {
        Json(LoggedCheck::from(logged)).into_response()
    } else {
        created_check(logged).into_response()
    })
}

/// One check.
#[utoipa::path(
    get, path = "/checks/{id}", tag = "checks", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The check", body = Check), ReadErrors)
)]
pub async fn get_check(caller: Caller, PathId(id): PathId<CheckId>) -> ApiResult<Json<Check>> {
    let row = caller.store.check(&caller.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// Correct a check by adding to it. The original stays.
#[utoipa::path(
    post, path = "/checks/{id}/corrections", tag = "checks", params(("id" = Uuid, Path), IfMatch), request_body = NewCorrection,
    responses(
        (status = 201, description = "It is corrected", body = LoggedCheck,
            headers(("Location" = String, description = "The check"))),
        ChangeErrors
    )
)]
pub async fn correct_check(
    caller: Caller,
    PathId(id): PathId<CheckId>,
    JsonBody(new): JsonBody<NewCorrection>,
) -> ApiResult<Created<LoggedCheck>> {
    let logged = caller.store.correct_check(&caller.actor, id, &new.into()).await?.ok_or(app::Error::NotFound)?;
    Ok(created_check(logged))
}

fn created_check(logged: Logged) -> Created<LoggedCheck> {
    Created { location: format!("checks/{}", logged.check), body: logged.into() }
}

impl From<NewCheck> for CheckDraft {
    fn from(new: NewCheck) -> Self {
        let finding = FindingDraft {
            verdict: new.verdict,
            reason: new.reason.unwrap_or_default(),
            obstacle: new.obstacle.unwrap_or_default(),
            found_by: new.found_by.unwrap_or_default(),
            note: new.note.unwrap_or_default(),
        };
        let at = new.at.unwrap_or_default();
        let (sent, version) = (new.sent.unwrap_or_default(), new.version.map(|it| it.to_string()).unwrap_or_default());
        let (id, guarantee, place, photo) = (new.id, new.guarantee, new.place, new.photo.unwrap_or_default());
        Self { id, guarantee, place, at, sent, version, finding, photo, ..Self::default() }
    }
}

impl From<NewCorrection> for CorrectionDraft {
    fn from(new: NewCorrection) -> Self {
        let finding = FindingDraft {
            verdict: new.verdict,
            reason: new.reason.unwrap_or_default(),
            obstacle: new.obstacle.unwrap_or_default(),
            found_by: new.found_by.unwrap_or_default(),
            note: new.note.unwrap_or_default(),
        };
        Self { finding, why: new.why }
    }
}

impl From<Logged> for LoggedCheck {
    fn from(logged: Logged) -> Self {
        Self { id: logged.check.0, verdict: logged.verdict.name(), recovery: logged.recovery.map(|id| id.0) }
    }
}

impl From<CheckRow> for Check {
    fn from(row: CheckRow) -> Self {
        Self {
            id: row.id.0,
            guarantee: row.guarantee.0,
            version: row.version,
            place: row.place.0,
            verdict: row.verdict.name(),
            reason: row.reason.map(|reason| reason.to_string()),
            at: Timestamp(row.at),
            day: row.day,
            received_at: Timestamp(row.received_at),
            corrected: row.corrected.map(domain::verdict::Verdict::name),
            skewed: row.skewed,
            doubled: row.doubled,
            photo: row.photo.map(|hash| hash.to_string()),
            second_look: row.second_look.map(domain::second_look::SecondLookOutcome::name),
            revision: EditTag::of(&edit_state::verdict(row.corrected.unwrap_or(row.verdict))).to_string(),
        }
    }
}
