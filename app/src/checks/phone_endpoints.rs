//! JSON endpoints for checks and corrections sent by phones.

use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use domain::fault::Fault;
use domain::role::Permission;
use serde::de::DeserializeOwned;
use store::Logged;

use crate::addresses;
use crate::doors::AccessRule::MemberOrPinSession;
use crate::doors::Doors;
use crate::error::Error;
use crate::outbox::protocol::{CheckSent, CorrectionSent, Stored};
use crate::request_context::SignedIn;
use crate::state::AppState;

pub(super) fn doors(doors: Doors) -> Doors {
    doors.post(addresses::PHONE_LOG, MemberOrPinSession(Permission::LogChecks).for_phones(), log).post(
        addresses::PHONE_CORRECT,
        MemberOrPinSession(Permission::CorrectChecks).for_phones(),
        correct,
    )
}

async fn log(signed_in: SignedIn, PhoneJson(sent): PhoneJson<CheckSent>) -> Result<Json<Stored>, Error> {
    let logged = signed_in.context.state.store.log_check(signed_in.actor(), sent.draft).await?;
    Ok(Json(stored(&logged)))
}

async fn correct(signed_in: SignedIn, PhoneJson(sent): PhoneJson<CorrectionSent>) -> Result<Json<Stored>, Error> {
    let CorrectionSent { check, draft } = sent;
    let id = check.parse().map_err(|_| Error::NotFound)?;
    let logged =
        signed_in.context.state.store.correct_check(signed_in.actor(), id, &draft).await?.ok_or(Error::NotFound)?;
    Ok(Json(stored(&logged)))
}

fn stored(logged: &Logged) -> Stored {
    Stored { check: logged.check.to_string(), recovery: logged.recovery.map(|id| id.to_string()) }
}

/// A JSON body. One that cannot be parsed is a fault of the field `check`.
struct PhoneJson<T>(T);

impl<T: DeserializeOwned> FromRequest<AppState> for PhoneJson<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let body = String::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        serde_json::from_str(&body).map(Self).map_err(|_| Error::invalid("check", Fault::Malformed).into_response())
    }
}
