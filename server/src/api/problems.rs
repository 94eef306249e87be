//! The problems of customers that the business solves.

use axum::Json;
use domain::ids::ProblemId;
use domain::problem::ProblemDraft;
use serde::{Deserialize, Serialize};
use store::ProblemRow;
use utoipa::ToSchema;
use uuid::Uuid;

use super::error::ApiResult;
use super::openapi::{AddErrors, ListErrors, ReadErrors};
use super::request::{Caller, JsonBody, Pagination, PathId};
use super::responses::{Created, CreatedId, Page, created, page};

/// A problem in the customer's words; for whom it is solved, and for whom not.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({
    "words": "I never know whether the restroom at the next exit will be clean.",
    "for_whom": "Families on long drives",
    "not_for_whom": "Drivers of big trucks"
}))]
pub struct NewProblem {
    #[schema(required, min_length = 1, max_length = 2000, pattern = r"\S")]
    words: String,
    #[schema(required, min_length = 1, max_length = 160, pattern = r"\S")]
    for_whom: String,
    #[schema(max_length = 160)]
    not_for_whom: Option<String>,
}

/// A customer's problem.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    id: Uuid,
    words: String,
    for_whom: String,
    not_for_whom: Option<String>,
}

/// All problems, in the order they were added.
#[utoipa::path(get, path = "/problems", tag = "problems", params(Pagination), responses((status = 200, description = "A page of problems", body = Page<Problem>), ListErrors))]
pub async fn list_problems(caller: Caller, page_params: Pagination) -> ApiResult<Json<Page<Problem>>> {
    let (rows, before) = page_params.paginate(caller.store.problems(&caller.actor).await?, |row| row.id.0)?;
    Ok(page(rows, before))
}

/// Add a problem.
#[utoipa::path(
    post, path = "/problems", tag = "problems", request_body = NewProblem,
    responses((status = 201, description = "It is made", body = CreatedId, headers(("Location" = String, description = "The problem"))), AddErrors)
)]
pub async fn add_problem(caller: Caller, JsonBody(new): JsonBody<NewProblem>) -> ApiResult<Created<CreatedId>> {
    let id = caller.store.add_problem(&caller.actor, &ProblemDraft::from(new).parse()?).await?;
    Ok(created("problems", id.0))
}

/// One problem.
#[utoipa::path(
    get, path = "/problems/{id}", tag = "problems", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The problem", body = Problem), ReadErrors)
)]
pub async fn get_problem(caller: Caller, PathId(id): PathId<ProblemId>) -> ApiResult<Json<Problem>> {
    let row = caller.store.problem(&caller.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

impl From<NewProblem> for ProblemDraft {
    fn from(new: NewProblem) -> Self {
        let NewProblem { words, for_whom, not_for_whom } = new;
        Self { words, for_whom, not_for_whom: not_for_whom.unwrap_or_default() }
    }
}

impl From<ProblemRow> for Problem {
    fn from(ProblemRow { id, problem }: ProblemRow) -> Self {
        let not_for_whom = problem.not_for_whom.map(Into::into);
        Self { id: id.0, words: problem.words.into(), for_whom: problem.for_whom.into(), not_for_whom }
    }
}
