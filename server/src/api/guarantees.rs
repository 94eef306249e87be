//! Guarantees: a promise plus the remedy if it is not kept. Their wording has versions, and they move from draft to retired.

mod wording;

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use domain::edit_tag::EditTag;
use domain::fault::{Faults, parse_integer};
use domain::guarantee::{self, GuaranteeDraft, Transition};
use domain::ids::{self, GuaranteeId, PlaceId, ProblemId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{GuaranteeRow, VersionRow, edit_state};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::choices;
use super::error::ApiResult;
use super::openapi::{AddErrors, ChangeErrors, ListErrors, ReadErrors};
use super::request::{
    Caller, IfMatch, JsonBody, JsonObject, Pagination, PathId, QueryParams, parse_fields, parse_limit, parse_value,
    required, take_field,
};
use super::responses::{Created, CreatedId, Page, Timestamp, created, page};

use wording::Wording;

/// A new guarantee for a problem. It starts as a draft.
#[derive(ToSchema)]
pub struct NewGuarantee {
    #[schema(value_type = Uuid)]
    problem: String,
    /// The short name in its public address; derived from the title if left out.
    #[schema(min_length = 2, max_length = 40, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", example = "clean-restrooms")]
    slug: Option<String>,
    /// Where it is promised.
    #[schema(required = false, value_type = Vec<Uuid>)]
    places: Vec<String>,
    #[serde(flatten)]
    wording: Wording,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewMove {
    #[serde(rename = "move")]
    #[schema(required, value_type = choices::GuaranteeMove)]
    transition: String,
}

/// A guarantee with its current wording.
#[derive(Serialize, ToSchema)]
pub struct Guarantee {
    id: Uuid,
    problem: Uuid,
    slug: String,
    #[schema(value_type = choices::GuaranteeStage)]
    stage: &'static str,
    /// The moves that are possible now.
    #[schema(value_type = Vec<choices::GuaranteeMove>)]
    moves: Vec<&'static str>,
    version: i64,
    places: Vec<Uuid>,
    revisions: Revisions,
    #[serde(flatten)]
    wording: Wording,
}

/// What to send in `If-Match` with a change, by what the change replaces.
#[derive(Serialize, ToSchema)]
pub struct Revisions {
    /// For a new version of the wording.
    wording: String,
    /// For a move.
    stage: String,
    /// For other places.
    places: String,
}

/// A wording with its number. It never changes.
#[derive(Serialize, ToSchema)]
pub struct Version {
    number: i64,
    created_at: Timestamp,
    #[serde(flatten)]
    wording: Wording,
}

/// A page of versions, newest first.
#[derive(Serialize, ToSchema)]
pub struct VersionPage {
    items: Vec<Version>,
    /// Send this as `before` to get the next page. Null on the last page.
    before: Option<i64>,
}

/// Which versions to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionPagination {
    /// Only versions before this one: `before` of the previous page.
    #[param(value_type = i64, required = false, minimum = 1)]
    before: Option<i64>,
    /// The largest number of versions; 50 if left out.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200)]
    limit: usize,
}

#[derive(Serialize, ToSchema)]
pub struct CreatedVersion {
    number: i64,
}

/// The stage of a guarantee after a move.
#[derive(Serialize, ToSchema)]
pub struct MoveResult {
    #[schema(value_type = choices::GuaranteeStage)]
    stage: &'static str,
}

/// All guarantees, in the order they were created.
#[utoipa::path(get, path = "/guarantees", tag = "guarantees", params(Pagination), responses((status = 200, description = "A page of guarantees", body = Page<Guarantee>), ListErrors))]
pub async fn list_guarantees(caller: Caller, page_params: Pagination) -> ApiResult<Json<Page<Guarantee>>> {
    let (rows, before) = page_params.paginate(caller.store.guarantees(&caller.actor).await?, |row| row.id.0)?;
    Ok(page(rows, before))
}

/// Create a guarantee for a problem, as a draft with its first version.
#[utoipa::path(
    post, path = "/guarantees", tag = "guarantees", request_body = NewGuarantee,
    responses((status = 201, description = "It is made", body = CreatedId, headers(("Location" = String, description = "The guarantee"))), AddErrors)
)]
pub async fn add_guarantee(caller: Caller, JsonBody(fields): JsonBody<JsonObject>) -> ApiResult<Created<CreatedId>> {
    let NewGuarantee { problem, slug, places, wording } = NewGuarantee::parse(fields)?;
    let mut faults = Faults::default();
    let problem = faults.collect("problem", ids::parse::<ProblemId>(&problem));
    let slug = slug.unwrap_or_default();
    let guarantee = wording.parse(|wording| GuaranteeDraft { wording, places, slug }.parse());
    let (problem, guarantee) = match (problem, guarantee) {
        (Some(problem), Ok(guarantee)) => (problem, guarantee),
        (_, invalid) => return Err(faults.merge(invalid.err().unwrap_or_default()).into()),
    };
    let guarantee::NewGuarantee { wording, places, slug } = guarantee;
    let id = caller.store.add_guarantee(&caller.actor, problem, slug, &wording, &places).await?;
    Ok(created("guarantees", id.0))
}

/// One guarantee.
#[utoipa::path(
    get, path = "/guarantees/{id}", tag = "guarantees", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The guarantee", body = Guarantee), ReadErrors)
)]
pub async fn get_guarantee(caller: Caller, PathId(id): PathId<GuaranteeId>) -> ApiResult<Json<Guarantee>> {
    let row = caller.store.guarantee(&caller.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// The versions of a guarantee, newest first.
#[utoipa::path(
    get, path = "/guarantees/{id}/versions", tag = "guarantees", params(("id" = Uuid, Path), VersionPagination),
    responses((status = 200, description = "A page of versions", body = VersionPage), ReadErrors)
)]
pub async fn list_versions(
    caller: Caller,
    PathId(id): PathId<GuaranteeId>,
    query: QueryParams,
) -> ApiResult<Json<VersionPage>> {
    let mut versions = caller.store.versions(&caller.actor, id).await?;
    // Every guarantee has a version, so there is no such guarantee.
    if versions.is_empty() {
        return Err(app::Error::NotFound.into());
    }
    let VersionPagination { before, limit } = VersionPagination::parse(&query)?;
    versions.retain(|version| before.is_none_or(|before| version.number < before));
    let has_more = versions.len() > limit;
    versions.truncate(limit);
    let before = versions.last().filter(|_| has_more).map(|version| version.number);
    Ok(Json(VersionPage { items: versions.into_iter().map(Version::from).collect(), before }))
}

/// Give a guarantee a new wording. Earlier results keep the wording they were judged by.
#[utoipa::path(
    post, path = "/guarantees/{id}/versions", tag = "guarantees", params(("id" = Uuid, Path), IfMatch), request_body = Wording,
    responses((status = 201, description = "It has a new version", body = CreatedVersion, headers(("Location" = String, description = "The version"))), ChangeErrors)
)]
pub async fn add_version(
    caller: Caller,
    PathId(id): PathId<GuaranteeId>,
    JsonBody(wording): JsonBody<Wording>,
) -> ApiResult<Created<CreatedVersion>> {
    let number = caller
        .store
        .reword(&caller.actor, id, &wording.parse(|draft| draft.parse())?)
        .await?
        .ok_or(app::Error::NotFound)?;
    Ok(Created { location: format!("guarantees/{id}/versions/{number}"), body: CreatedVersion { number } })
}

/// One version of a guarantee's wording.
#[utoipa::path(
    get, path = "/guarantees/{id}/versions/{number}", tag = "guarantees",
    params(("id" = Uuid, Path), ("number" = i64, Path)), responses((status = 200, description = "The version", body = Version), ReadErrors)
)]
pub async fn get_version(
    caller: Caller,
    path: Result<Path<(GuaranteeId, i64)>, PathRejection>,
) -> ApiResult<Json<Version>> {
    let Path((id, number)) = path.map_err(|_| app::Error::NotFound)?;
    let versions = caller.store.versions(&caller.actor, id).await?;
    let row = versions.into_iter().find(|version| version.number == number).ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// Move a guarantee to another stage: try it in private, publish, suspend, resume or retire it.
#[utoipa::path(
    post, path = "/guarantees/{id}/moves", tag = "guarantees", params(("id" = Uuid, Path), IfMatch), request_body = NewMove,
    responses((status = 201, description = "It has moved", body = MoveResult, headers(("Location" = String, description = "The guarantee"))), ChangeErrors)
)]
pub async fn move_guarantee(
    caller: Caller,
    PathId(id): PathId<GuaranteeId>,
    JsonBody(NewMove { transition }): JsonBody<NewMove>,
) -> ApiResult<Created<MoveResult>> {
    let mut faults = Faults::default();
    let transition = faults.collect("move", required(&transition, Transition::parse)).ok_or(faults)?;
    let stage = caller.store.transition_guarantee(&caller.actor, id, transition).await?.ok_or(app::Error::NotFound)?;
    Ok(Created { location: format!("guarantees/{id}"), body: MoveResult { stage: stage.name() } })
}

/// Set the places where a guarantee is promised: these and no others.
#[utoipa::path(
    put, path = "/guarantees/{id}/places", tag = "guarantees", params(("id" = Uuid, Path), IfMatch), request_body = Vec<Uuid>,
    responses((status = 204, description = "The places are set"), ChangeErrors)
)]
pub async fn set_guarantee_places(
    caller: Caller,
    PathId(id): PathId<GuaranteeId>,
    JsonBody(places): JsonBody<Value>,
) -> ApiResult<StatusCode> {
    let places: Vec<String> = parse_value("places", places)?;
    let mut faults = Faults::default();
    let places = faults.collect("places", ids::parse_all::<PlaceId>(&places)).ok_or(faults)?;
    caller.store.set_guarantee_places(&caller.actor, id, &places).await?.ok_or(app::Error::NotFound)?;
    Ok(StatusCode::NO_CONTENT)
}

impl VersionPagination {
    fn parse(query: &QueryParams) -> ApiResult<Self> {
        let mut faults = Faults::default();
        let before = faults.collect("before", query.get("before", |text| parse_integer(text, 1, i64::MAX)));
        let limit = faults.collect("limit", parse_limit(query));
        let (before, limit) = before.zip(limit).ok_or(faults)?;
        Ok(Self { before, limit: usize::try_from(limit).unwrap_or_default() })
    }
}

impl NewGuarantee {
    fn parse(mut fields: JsonObject) -> ApiResult<Self> {
        let (problem, slug) = (take_field(&mut fields, "problem")?, take_field(&mut fields, "slug")?);
        Ok(Self { problem, slug, places: take_field(&mut fields, "places")?, wording: parse_fields(fields)? })
    }
}

impl From<GuaranteeRow> for Guarantee {
    fn from(row: GuaranteeRow) -> Self {
        let revisions = Revisions {
            wording: EditTag::of(&edit_state::wording(&row)).to_string(),
            stage: EditTag::of(&edit_state::stage(&row)).to_string(),
            places: EditTag::of(&edit_state::places(&row)).to_string(),
        };
        Self {
            id: row.id.0,
            problem: row.problem.0,
            slug: row.slug,
            stage: row.stage.name(),
            moves: row.stage.transitions().map(Transition::name).collect(),
            version: row.version,
            revisions,
            places: row.places.into_iter().map(|place| place.0).collect(),
            wording: Wording::from(&row.wording),
        }
    }
}

impl From<VersionRow> for Version {
    fn from(row: VersionRow) -> Self {
        Self { number: row.number, created_at: Timestamp(row.created_at), wording: Wording::from(&row.wording) }
    }
}
