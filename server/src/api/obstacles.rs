//! What stood in the way of promises, and what is answered to it. Nothing here tells who logged a check. A second look has no
//! door for programs: somebody goes and sees.

use axum::Json;
use domain::ids::BreakId;
use domain::obstacle::AnswerDraft;
use domain::revision::Revision;
use serde::{Deserialize, Serialize};
use store::{Answered, ObstacleRow, stands};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::{Created, Moment, Page, page};
use super::choices;
use super::description::{Decide, Paged, ReadOne};
use super::refusal::Answer;
use super::request::{Body, Caller, Cut, Id, Unchanged};

/// Something that stood in the way of a promise, by the id of the break.
#[derive(Serialize, ToSchema)]
pub struct Hindrance {
    id: Uuid,
    #[schema(value_type = choices::Obstacle)]
    obstacle: &'static str,
    guarantee: Uuid,
    place: Uuid,
    known_at: Moment,
    /// The newest, which stands, first. Where there is none, an answer is awaited.
    answers: Vec<GivenAnswer>,
    /// The check was corrected since: it is off the board.
    left: bool,
    /// What to send in `If-Match` with an answer.
    revision: String,
}

/// What was answered, and when.
#[derive(Serialize, ToSchema)]
pub struct GivenAnswer {
    #[schema(value_type = choices::Decision)]
    decision: &'static str,
    words: String,
    at: Moment,
}

/// What is done about it, for everyone inside to read.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "decision": "planned", "words": "From Monday two people are at the grill from four to eight." }))]
pub struct NewAnswer {
    #[schema(required, value_type = choices::Decision)]
    decision: String,
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    words: String,
}

/// What stood in the way: what waits for an answer first, each newest first.
#[utoipa::path(
    get, path = "/obstacles", tag = "obstacles", params(Cut),
    responses((status = 200, description = "A page of the board", body = Page<Hindrance>), Paged)
)]
pub async fn list_obstacles(by: Caller, cut: Cut) -> Answer<Json<Page<Hindrance>>> {
    let board = by.store.obstacles(&by.actor, cut.before.map(BreakId), cut.limit).await?;
    Ok(page(board.rows, board.before.map(|id| id.0)))
}

/// One of them, even after it has left the board.
#[utoipa::path(
    get, path = "/obstacles/{id}", tag = "obstacles", params(("id" = Uuid, Path)),
    responses((status = 200, description = "What stood in the way", body = Hindrance), ReadOne)
)]
pub async fn get_obstacle(by: Caller, Id(id): Id<BreakId>) -> Answer<Json<Hindrance>> {
    let row = by.store.obstacle(&by.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// Answer it. The newest answer stands; earlier ones stay in sight.
#[utoipa::path(
    post, path = "/obstacles/{id}/answers", tag = "obstacles", params(("id" = Uuid, Path), Unchanged), request_body = NewAnswer,
    responses(
        (status = 201, description = "It is answered", body = Hindrance,
            headers(("Location" = String, description = "What was answered"))),
        Decide
    )
)]
pub async fn answer_obstacle(
    by: Caller,
    Id(id): Id<BreakId>,
    Body(new): Body<NewAnswer>,
) -> Answer<Created<Hindrance>> {
    let given = AnswerDraft::from(new).parse()?;
    by.store.answer_obstacle(&by.actor, id, &given).await?.ok_or(app::Error::NotFound)?;
    let row = by.store.obstacle(&by.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Created { at: format!("obstacles/{id}"), body: row.into() })
}

impl From<NewAnswer> for AnswerDraft {
    fn from(NewAnswer { decision, words }: NewAnswer) -> Self {
        Self { decision, words }
    }
}

impl From<ObstacleRow> for Hindrance {
    fn from(row: ObstacleRow) -> Self {
        let revision = Revision::of(&stands::answer(row.answers.first().map(|given| &given.answer))).to_string();
        Self {
            id: row.id.0,
            obstacle: row.obstacle.name(),
            guarantee: row.guarantee.0,
            place: row.place.0,
            known_at: Moment(row.known_at),
            answers: row.answers.into_iter().map(GivenAnswer::from).collect(),
            left: row.left,
            revision,
        }
    }
}

impl From<Answered> for GivenAnswer {
    fn from(given: Answered) -> Self {
        let (decision, words) = (given.answer.decision.name(), given.answer.words.to_string());
        Self { decision, words, at: Moment(given.at) }
    }
}
