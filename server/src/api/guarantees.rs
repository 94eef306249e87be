//! Guarantees: a promise plus the remedy if it is not kept, in versions; moved on from draft to retired.

mod wording;

use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use domain::fault::{Faults, optional, whole};
use domain::guarantee::Move;
use domain::ids::{GuaranteeId, PlaceId, ProblemId};
use domain::revision::Revision;
use domain::slug::Slug;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{GuaranteeRow, VersionRow, stands};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::answer::{Created, Made, Moment, Page, made, page};
use super::choices;
use super::description::{Decide, Paged, ReadOne, Write};
use super::refusal::Answer;
use super::request::{Asked, Body, Caller, Cut, Fields, Id, Unchanged, id, ids, limit, needed, part, rest, taken};

use wording::Wording;

/// A guarantee to be made from a problem, as a draft.
#[derive(ToSchema)]
pub struct NewGuarantee {
    #[schema(value_type = Uuid)]
    problem: String,
    /// The short name in its public address; made from the title if left out.
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
    #[schema(required, value_type = choices::Move)]
    verb: String,
}

/// A guarantee with its current wording.
#[derive(Serialize, ToSchema)]
pub struct Guarantee {
    id: Uuid,
    problem: Uuid,
    slug: String,
    #[schema(value_type = choices::GuaranteeStage)]
    stage: &'static str,
    /// The moves it can make now.
    #[schema(value_type = Vec<choices::Move>)]
    moves: Vec<&'static str>,
    version: i64,
    places: Vec<Uuid>,
    revisions: Revisions,
    #[serde(flatten)]
    wording: Wording,
}

/// What to send in `If-Match` with a change, each by what it replaces.
#[derive(Serialize, ToSchema)]
pub struct Revisions {
    /// With a new version of the wording.
    wording: String,
    /// With a move.
    stage: String,
    /// With other places.
    places: String,
}

/// A wording with its number. It never changes.
#[derive(Serialize, ToSchema)]
pub struct Version {
    number: i64,
    created_at: Moment,
    #[serde(flatten)]
    wording: Wording,
}

/// A part of the versions, newest first.
#[derive(Serialize, ToSchema)]
pub struct Versions {
    items: Vec<Version>,
    /// Ask for the next page with this; null at the end.
    before: Option<i64>,
}

/// Where a page of versions begins, and how long it is.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionCut {
    /// Only versions before this one: `before` of the previous page.
    #[param(value_type = i64, required = false, minimum = 1)]
    before: Option<i64>,
    /// How many at most; 50 if left out.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200)]
    limit: usize,
}

#[derive(Serialize, ToSchema)]
pub struct VersionMade {
    number: i64,
}

/// Where a guarantee has come to.
#[derive(Serialize, ToSchema)]
pub struct MoveMade {
    #[schema(value_type = choices::GuaranteeStage)]
    stage: &'static str,
}

/// All guarantees, in the order they were made.
#[utoipa::path(get, path = "/guarantees", tag = "guarantees", params(Cut), responses((status = 200, description = "A page of guarantees", body = Page<Guarantee>), Paged))]
pub async fn list_guarantees(by: Caller, cut: Cut) -> Answer<Json<Page<Guarantee>>> {
    let (rows, before) = cut.of(by.store.guarantees(&by.actor).await?, |row| row.id.0);
    Ok(page(rows, before))
}

/// Make a guarantee from a problem, as a draft with its first version.
#[utoipa::path(
    post, path = "/guarantees", tag = "guarantees", request_body = NewGuarantee,
    responses((status = 201, description = "It is made", body = Made, headers(("Location" = String, description = "The guarantee"))), Write)
)]
pub async fn add_guarantee(by: Caller, Body(fields): Body<Fields>) -> Answer<Created<Made>> {
    let NewGuarantee { problem, slug, places, wording } = NewGuarantee::read(fields)?;
    let mut faults = Faults::default();
    let problem = faults.take("problem", id::<ProblemId>(&problem));
    let slug = faults.take("slug", optional(&slug.unwrap_or_default(), Slug::parse));
    let places = faults.take("places", ids::<PlaceId>(&places));
    let (problem, slug, places, wording) = match (problem, slug, places, wording.parse()) {
        (Some(problem), Some(slug), Some(places), Ok(wording)) => (problem, slug, places, wording),
        (.., worded) => return Err(faults.and(worded.err().unwrap_or_default()).into()),
    };
    let id = by.store.add_guarantee(&by.actor, problem, slug, &wording, &places).await?;
    Ok(made("guarantees", id.0))
}

/// One guarantee.
#[utoipa::path(
    get, path = "/guarantees/{id}", tag = "guarantees", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The guarantee", body = Guarantee), ReadOne)
)]
pub async fn get_guarantee(by: Caller, Id(id): Id<GuaranteeId>) -> Answer<Json<Guarantee>> {
    let row = by.store.guarantee(&by.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// The versions of a guarantee, newest first.
#[utoipa::path(
    get, path = "/guarantees/{id}/versions", tag = "guarantees", params(("id" = Uuid, Path), VersionCut),
    responses((status = 200, description = "A page of versions", body = Versions), ReadOne)
)]
pub async fn list_versions(by: Caller, Id(id): Id<GuaranteeId>, asked: Asked) -> Answer<Json<Versions>> {
    let mut versions = by.store.versions(&by.actor, id).await?;
    // Every guarantee has a version: without one there is no such guarantee.
    if versions.is_empty() {
        return Err(app::Error::NotFound.into());
    }
    let VersionCut { before, limit } = VersionCut::read(&asked)?;
    versions.retain(|version| before.is_none_or(|before| version.number < before));
    let goes_on = versions.len() > limit;
    versions.truncate(limit);
    let before = versions.last().filter(|_| goes_on).map(|version| version.number);
    Ok(Json(Versions { items: versions.into_iter().map(Version::from).collect(), before }))
}

/// Give a guarantee a new wording. Results so far keep the one they were judged by.
#[utoipa::path(
    post, path = "/guarantees/{id}/versions", tag = "guarantees", params(("id" = Uuid, Path), Unchanged), request_body = Wording,
    responses((status = 201, description = "It has a new version", body = VersionMade, headers(("Location" = String, description = "The version"))), Decide)
)]
pub async fn add_version(
    by: Caller,
    Id(id): Id<GuaranteeId>,
    Body(wording): Body<Wording>,
) -> Answer<Created<VersionMade>> {
    let number = by.store.reword(&by.actor, id, &wording.parse()?).await?.ok_or(app::Error::NotFound)?;
    Ok(Created { at: format!("guarantees/{id}/versions/{number}"), body: VersionMade { number } })
}

/// One version of a guarantee's wording.
#[utoipa::path(
    get, path = "/guarantees/{id}/versions/{number}", tag = "guarantees",
    params(("id" = Uuid, Path), ("number" = i64, Path)), responses((status = 200, description = "The version", body = Version), ReadOne)
)]
pub async fn get_version(by: Caller, path: Result<Path<(GuaranteeId, i64)>, PathRejection>) -> Answer<Json<Version>> {
    let Path((id, number)) = path.map_err(|_| app::Error::NotFound)?;
    let versions = by.store.versions(&by.actor, id).await?;
    let row = versions.into_iter().find(|version| version.number == number).ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// Move a guarantee on: try it in private, publish, suspend, resume or retire it.
#[utoipa::path(
    post, path = "/guarantees/{id}/moves", tag = "guarantees", params(("id" = Uuid, Path), Unchanged), request_body = NewMove,
    responses((status = 201, description = "It has moved", body = MoveMade, headers(("Location" = String, description = "The guarantee"))), Decide)
)]
pub async fn move_guarantee(
    by: Caller,
    Id(id): Id<GuaranteeId>,
    Body(NewMove { verb }): Body<NewMove>,
) -> Answer<Created<MoveMade>> {
    let mut faults = Faults::default();
    let verb = faults.take("move", needed(&verb, Move::parse)).ok_or(faults)?;
    let stage = by.store.move_guarantee(&by.actor, id, verb).await?.ok_or(app::Error::NotFound)?;
    Ok(Created { at: format!("guarantees/{id}"), body: MoveMade { stage: stage.name() } })
}

/// Say where a guarantee is promised: at these places and no others.
#[utoipa::path(
    put, path = "/guarantees/{id}/places", tag = "guarantees", params(("id" = Uuid, Path), Unchanged), request_body = Vec<Uuid>,
    responses((status = 204, description = "So it is"), Decide)
)]
pub async fn promise_at(by: Caller, Id(id): Id<GuaranteeId>, Body(places): Body<Value>) -> Answer<StatusCode> {
    let places: Vec<String> = part("places", places)?;
    let mut faults = Faults::default();
    let places = faults.take("places", ids::<PlaceId>(&places)).ok_or(faults)?;
    by.store.promise_at(&by.actor, id, &places).await?.ok_or(app::Error::NotFound)?;
    Ok(StatusCode::NO_CONTENT)
}

impl VersionCut {
    fn read(asked: &Asked) -> Answer<Self> {
        let mut faults = Faults::default();
        let before = faults.take("before", asked.get("before", |text| whole(text, 1, i64::MAX)));
        let limit = faults.take("limit", limit(asked));
        let (before, limit) = before.zip(limit).ok_or(faults)?;
        Ok(Self { before, limit: usize::try_from(limit).unwrap_or_default() })
    }
}

impl NewGuarantee {
    fn read(mut fields: Fields) -> Answer<Self> {
        let (problem, slug) = (taken(&mut fields, "problem")?, taken(&mut fields, "slug")?);
        Ok(Self { problem, slug, places: taken(&mut fields, "places")?, wording: rest(fields)? })
    }
}

impl From<GuaranteeRow> for Guarantee {
    fn from(row: GuaranteeRow) -> Self {
        let revisions = Revisions {
            wording: Revision::of(&stands::wording(&row)).to_string(),
            stage: Revision::of(&stands::stage(&row)).to_string(),
            places: Revision::of(&stands::places(&row)).to_string(),
        };
        Self {
            id: row.id.0,
            problem: row.problem.0,
            slug: row.slug,
            stage: row.stage.name(),
            moves: row.stage.moves().map(Move::name).collect(),
            version: row.version,
            revisions,
            places: row.places.into_iter().map(|place| place.0).collect(),
            wording: Wording::from(&row.wording),
        }
    }
}

impl From<VersionRow> for Version {
    fn from(row: VersionRow) -> Self {
        Self { number: row.number, created_at: Moment(row.created_at), wording: Wording::from(&row.wording) }
    }
}
