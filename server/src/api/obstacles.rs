//! Obstacles, and what is answered to them. Nothing here says who logged a check. There are no second looks for programs: a
//! person has to go and look.

use axum::Json;
use domain::edit_tag::EditTag;
use domain::ids::BreakId;
use domain::obstacle::AnswerDraft;
use serde::{Deserialize, Serialize};
use store::{ObstacleRow, edit_state};
use utoipa::ToSchema;
use uuid::Uuid;

use super::choices;
use super::error::ApiResult;
use super::openapi::{ChangeErrors, ListErrors, ReadErrors};
use super::request::{Caller, IfMatch, JsonBody, Pagination, PathId};
use super::responses::{Created, Page, Timestamp, page};

/// What stopped staff from keeping a promise. Its id is that of the break.
#[derive(Serialize, ToSchema)]
pub struct ObstacleEntry {
    id: Uuid,
    #[schema(value_type = choices::Obstacle)]
    obstacle: &'static str,
    guarantee: Uuid,
    place: Uuid,
    known_at: Timestamp,
    /// Newest first; the newest is in force. If there is none, an answer is awaited.
    answers: Vec<ObstacleAnswer>,
    /// The check was corrected later, so this is no longer on the board.
    left: bool,
    /// What to send in `If-Match` with an answer.
    revision: String,
}

/// An answer, and when it was given.
#[derive(Serialize, ToSchema)]
pub struct ObstacleAnswer {
    #[schema(value_type = choices::Decision)]
    decision: &'static str,
    words: String,
    at: Timestamp,
}

/// What is done about an obstacle. Every member can read it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "decision": "planned", "words": "From Monday two people are at the grill from four to eight." }))]
pub struct NewObstacleAnswer {
    #[schema(required, value_type = choices::Decision)]
    decision: String,
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    words: String,
}

/// The board of obstacles: unanswered ones first, each group newest first.
#[utoipa::path(
    get, path = "/obstacles", tag = "obstacles", params(Pagination),
    responses((status = 200, description = "A page of the board", body = Page<ObstacleEntry>), ListErrors)
)]
pub async fn list_obstacles(caller: Caller, page_params: Pagination) -> ApiResult<Json<Page<ObstacleEntry>>> {
    let board = caller.store.obstacles(&caller.actor, page_params.before::<BreakId>()?, page_params.limit).await?;
    Ok(page(board.rows, board.before))
}

/// One obstacle, also if it is no longer on the board.
#[utoipa::path(
    get, path = "/obstacles/{id}", tag = "obstacles", params(("id" = Uuid, Path)),
    responses((status = 200, description = "What stood in the way", body = ObstacleEntry), ReadErrors)
)]
pub async fn get_obstacle(caller: Caller, PathId(id): PathId<BreakId>) -> ApiResult<Json<ObstacleEntry>> {
    let row = caller.store.obstacle(&caller.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// Answer an obstacle. The newest answer is in force; earlier ones stay visible.
#[utoipa::path(
    post, path = "/obstacles/{id}/answers", tag = "obstacles", params(("id" = Uuid, Path), IfMatch), request_body = NewObstacleAnswer,
    responses(
        (status = 201, description = "It is answered", body = ObstacleEntry,
            headers(("Location" = String, description = "What was answered"))),
        ChangeErrors
    )
)]
pub async fn answer_obstacle(
    caller: Caller,
    PathId(id): PathId<BreakId>,
    JsonBody(new): JsonBody<NewObstacleAnswer>,
) -> ApiResult<Created<ObstacleEntry>> {
    let answer = AnswerDraft::from(new).parse()?;
    caller.store.answer_obstacle(&caller.actor, id, &answer).await?.ok_or(app::Error::NotFound)?;
    let row = caller.store.obstacle(&caller.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Created { location: format!("obstacles/{id}"), body: row.into() })
}

impl From<NewObstacleAnswer> for AnswerDraft {
    fn from(NewObstacleAnswer { decision, words }: NewObstacleAnswer) -> Self {
        Self { decision, words }
    }
}

impl From<ObstacleRow> for ObstacleEntry {
    fn from(row: ObstacleRow) -> Self {
        let revision = EditTag::of(&edit_state::answer(row.answers.first().map(|given| &given.answer))).to_string();
        Self {
            id: row.id.0,
            obstacle: row.obstacle.name(),
            guarantee: row.guarantee.0,
            place: row.place.0,
            known_at: Timestamp(row.known_at),
            answers: row.answers.into_iter().map(ObstacleAnswer::from).collect(),
            left: row.left,
            revision,
        }
    }
}

impl From<store::GivenAnswer> for ObstacleAnswer {
    fn from(given: store::GivenAnswer) -> Self {
        let (decision, words) = (given.answer.decision.name(), given.answer.words.to_string());
        Self { decision, words, at: Timestamp(given.at) }
    }
}
