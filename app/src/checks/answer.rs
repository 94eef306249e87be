//! How a phone is answered: stored, refused in words, or to be sent again.

use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use domain::actor::Act;
use domain::check::Refused;
use domain::fault::Fault;
use serde::de::DeserializeOwned;
use store::Logged;

use super::api::{CORRECT, CheckSent, CorrectionSent, LOG, Stored};
use super::correct;
use crate::doors::Doors;
use crate::doors::Rule::MemberOrTurn;
use crate::error::{Error, Refusal};
use crate::state::State;
use crate::visit::Inside;

pub(super) fn doors(doors: Doors) -> Doors {
    doors.post(LOG, MemberOrTurn(Act::Check), log).post(CORRECT, MemberOrTurn(Act::Correct), mend)
}

async fn log(inside: Inside, Sent(sent): Sent<CheckSent>) -> Result<Json<Stored>, Error> {
    let logged = inside.visit.state.store.log_check(inside.actor(), sent.draft).await?;
    Ok(Json(stored(&logged)))
}

async fn mend(inside: Inside, Sent(sent): Sent<CorrectionSent>) -> Result<Json<Stored>, Error> {
    let CorrectionSent { check, draft } = sent;
    match correct::correct(&inside.visit.state.store, inside.actor(), &check, &draft).await {
        // The answer was lost, and the correction is sent again.
        Err(Error::Conflict(Refusal::Check(Refused::Unchanged))) => Ok(Json(Stored { check, recovery: None })),
        logged => Ok(Json(stored(&logged?))),
    }
}

fn stored(logged: &Logged) -> Stored {
    Stored { check: logged.check.to_string(), recovery: logged.recovery.map(|id| id.to_string()) }
}

/// What a phone has sent (JSON).
struct Sent<T>(T);

impl<T: DeserializeOwned> FromRequest<State> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let body = String::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        serde_json::from_str(&body).map(Self).map_err(|_| Error::invalid("check", Fault::Malformed).into_response())
    }
}
