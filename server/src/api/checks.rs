//! Checks: logged once however often they are sent, corrected by adding.

use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use domain::check::{CheckDraft, FindingDraft};
use domain::fault::Faults;
use domain::ids::CheckId;
use domain::revision::Revision;
use domain::text::Prose;
use serde::{Deserialize, Serialize};
use store::{CheckRow, Logged, stands};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::{Created, Moment, Page, page};
use super::choices;
use super::description::{Decide, Paged, ReadOne, Settle};
use super::refusal::Answer;
use super::request::{Body, Caller, Cut, Id, Unchanged};

/// One look at one promise at one place. The id is yours: sent again with the same body, the check is stored once.
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
    /// When it was looked at; now if left out. At most 30 days ago.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// What the same clock shows as this is sent: where it is off, how long ago `at` was is believed, and the clock is not.
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
    /// Who saw it first; staff if left out.
    #[schema(value_type = Option<choices::Finder>)]
    found_by: Option<String>,
    /// Not public. Needed where the promise was not applicable: why.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// The picture that comes with it, sent before: its hash. Needed, welcome or refused as the guarantee says.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    photo: Option<String>,
}

/// What the check should have said, and why it did not.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "verdict": "kept", "why": "The wrong door was scanned." }))]
pub struct NewCorrection {
    /// `taken_back` where nobody had looked: what was due is due again.
    #[schema(required, value_type = choices::CorrectedVerdict)]
    verdict: String,
    /// As in a check.
    #[schema(example = "0")]
    reason: Option<String>,
    #[schema(value_type = Option<choices::Obstacle>)]
    obstacle: Option<String>,
    #[schema(value_type = Option<choices::Finder>)]
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
    /// The recovery that a broken promise opened.
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
    at: Moment,
    /// The local day it counts in: where it concludes a window, the day that opened in.
    #[schema(value_type = String, format = Date, example = "2026-11-02")]
    day: NaiveDate,
    received_at: Moment,
    /// What the last correction says.
    #[schema(value_type = Option<choices::Verdict>)]
    corrected: Option<&'static str>,
    /// The clock of the phone was off, and not believed.
    skewed: bool,
    /// Somebody else looked at the same in the same minute, and came first.
    doubled: bool,
    /// The picture that came with it, by its hash.
    photo: Option<String>,
    /// What somebody else said who has looked again.
    #[schema(value_type = Option<choices::SecondLook>)]
    second_look: Option<&'static str>,
    /// What to send in `If-Match` with a correction.
    revision: String,
}

/// Checks, newest first.
#[utoipa::path(
    get, path = "/checks", tag = "checks", params(Cut), responses((status = 200, description = "A page of checks", body = Page<Check>), Paged)
)]
pub async fn list_checks(by: Caller, cut: Cut) -> Answer<Json<Page<Check>>> {
    let checked = by.store.checks(&by.actor, cut.before.map(CheckId), cut.limit).await?;
    Ok(page(checked.rows, checked.before.map(|id| id.0)))
}

/// Log a check. A broken promise opens a recovery with it.
///
/// Safe to send again: the same id with the same body answers as the first time, with 200.
#[utoipa::path(
    post, path = "/checks", tag = "checks", request_body = NewCheck,
    responses(
        (status = 201, description = "It is stored", body = LoggedCheck,
            headers(("Location" = String, description = "The check"))),
        (status = 200, description = "It was stored before", body = LoggedCheck),
        Settle
    )
)]
pub async fn log_check(by: Caller, Body(new): Body<NewCheck>) -> Answer<Response> {
    let logged = by.store.log_check(&by.actor, new.into()).await?;
    Ok(if logged.again { Json(LoggedCheck::from(logged)).into_response() } else { created(logged).into_response() })
}

/// One check.
#[utoipa::path(
    get, path = "/checks/{id}", tag = "checks", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The check", body = Check), ReadOne)
)]
pub async fn get_check(by: Caller, Id(id): Id<CheckId>) -> Answer<Json<Check>> {
    let row = by.store.check(&by.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// Mend a check by adding to it: the original stays.
#[utoipa::path(
    post, path = "/checks/{id}/corrections", tag = "checks", params(("id" = Uuid, Path), Unchanged), request_body = NewCorrection,
    responses(
        (status = 201, description = "It is corrected", body = LoggedCheck,
            headers(("Location" = String, description = "The check"))),
        Decide
    )
)]
pub async fn correct_check(
    by: Caller,
    Id(id): Id<CheckId>,
    Body(new): Body<NewCorrection>,
) -> Answer<Created<LoggedCheck>> {
    let mut faults = Faults::default();
    let why = faults.take("why", Prose::parse(&new.why)).ok_or(faults)?;
    let logged = by.store.correct_check(&by.actor, id, &new.into(), &why).await?.ok_or(app::Error::NotFound)?;
    Ok(created(logged))
}

fn created(logged: Logged) -> Created<LoggedCheck> {
    Created { at: format!("checks/{}", logged.check), body: logged.into() }
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

impl From<NewCorrection> for FindingDraft {
    fn from(new: NewCorrection) -> Self {
        Self {
            verdict: new.verdict,
            reason: new.reason.unwrap_or_default(),
            obstacle: new.obstacle.unwrap_or_default(),
            found_by: new.found_by.unwrap_or_default(),
            note: new.note.unwrap_or_default(),
        }
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
            at: Moment(row.at),
            day: row.day,
            received_at: Moment(row.received_at),
            corrected: row.corrected.map(domain::check::Verdict::name),
            skewed: row.skewed,
            doubled: row.doubled,
            photo: row.photo.map(|hash| hash.to_string()),
            second_look: row.second_look.map(domain::second_look::Outcome::name),
            revision: Revision::of(&stands::verdict(row.corrected.unwrap_or(row.verdict))).to_string(),
        }
    }
}
