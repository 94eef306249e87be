//! The doors of passkeys: the challenges for a browser, and signing in with a passkey alone.

use axum::extract::State as Shared;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::addresses;
use crate::doors::AccessRule::{Anyone, OwnAccount, PendingSignIn};
use crate::doors::Doors;
use crate::error::Error;
use crate::factors::{CurrentPassword, verify_current_password};
use crate::rate_limits::Limit;
use crate::request_context::{self, ClientOrigin, Form, RequestContext, SignedIn};
use crate::return_to::{ReturnTo, local_or_start};
use crate::session::session_redirect;
use crate::state::AppState;
use crate::webauthn::{
    Ceremony, PasskeyResponse, begin_ceremony, could_not_start, deserialize_passkey, relying_party, verify_sign_in,
    wrong_passkey,
};

pub fn doors(doors: Doors) -> Doors {
    doors
        .post(addresses::PASSKEY_CHALLENGE, OwnAccount, start_registration)
        .post(addresses::PASSKEY_SIGN_IN_CHALLENGE, Anyone, start_sign_in)
        .form(addresses::PASSKEY_SIGN_IN, addresses::SIGN_IN, Anyone, sign_in)
        .post(addresses::SECOND_STEP_CHALLENGE, PendingSignIn, start_second_step)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasskeySignInDraft {
    challenge: String,
    credential: String,
    to: ReturnTo,
}

async fn start_registration(signed_in: SignedIn, Form(draft): Form<CurrentPassword>) -> Result<Response, Error> {
    verify_current_password(&signed_in, draft.current).await?;
    let (state, person) = (&signed_in.context.state, signed_in.user.person);
    let (email, _) = state.store.password_of(person).await?.ok_or(Error::NotFound)?;
    let passkeys = state.store.passkeys(person).await?;
    let existing = passkeys
        .iter()
        .map(|row| Ok(deserialize_passkey(row)?.cred_id().clone()))
        .collect::<Result<Vec<_>, Error>>()?;
    let (options, ceremony) = relying_party(state)?
        .start_passkey_registration(person.0, &email, &signed_in.user.name, Some(existing))
        .map_err(|error| could_not_start(&error))?;
    let mut options = json!(options);
    // Makes the passkey discoverable, so that signing in needs no address.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("preferred");
    begin_ceremony(state, Some(person), &Ceremony::Register(ceremony), "create", &options).await
}

async fn start_sign_in(Shared(state): Shared<AppState>, context: RequestContext) -> Result<Response, Error> {
    state.allow_from_client(Limit::SignInsByAddress, context.client)?;
    let (options, ceremony) =
        relying_party(&state)?.start_discoverable_authentication().map_err(|error| could_not_start(&error))?;
    begin_ceremony(&state, None, &Ceremony::SignIn(ceremony), "get", &json!(options)).await
}

async fn start_second_step(
    Shared(state): Shared<AppState>,
    pending: request_context::PendingSignIn,
) -> Result<Response, Error> {
    let person = pending.person;
    let keys = state.store.passkeys(person).await?;
    if keys.is_empty() {
        return Err(Error::NotFound);
    }
    let keys = keys.iter().map(deserialize_passkey).collect::<Result<Vec<_>, Error>>()?;
    let (options, ceremony) =
        relying_party(&state)?.start_passkey_authentication(&keys).map_err(|error| could_not_start(&error))?;
    begin_ceremony(&state, Some(person), &Ceremony::SecondStep(ceremony), "get", &json!(options)).await
}

/// Signs in with a passkey alone. The authenticator has verified the user.
async fn sign_in(
    Shared(state): Shared<AppState>,
    context: RequestContext,
    ClientOrigin(origin): ClientOrigin,
    Form(draft): Form<PasskeySignInDraft>,
) -> Result<Response, Error> {
    if let Err(error) = state.allow_from_client(Limit::SignInsByAddress, context.client) {
        return crate::sign_in::rerender(&context, error, "", &draft.to).await;
    }
    let response = PasskeyResponse { challenge: draft.challenge, credential: draft.credential };
    let session = match verify_sign_in(&state, &response).await {
        Ok((person, id, credential)) => {
            state
                .store
                .sign_in_with_passkey(person, id, &credential, addresses::invitation_link(&draft.to), &origin)
                .await?
        }
        Err(Error::Invalid(_)) => None,
        Err(other) => return Err(other),
    };
    match session {
        Some(session) => session_redirect(&state, Some(session), local_or_start(&draft.to)),
        None => crate::sign_in::rerender(&context, wrong_passkey(), "", &draft.to).await,
    }
}
