//! Passkeys (`WebAuthn` level 3): challenges for the browser, and verification of its responses.

use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::fault::Fault;
use domain::ids::{PasskeyId, PersonId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{FactorProof, PasskeyRow};
use webauthn_rs::Webauthn;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, WebauthnError,
};

use crate::error::Error;
use crate::request_context::RequestContext;
use crate::state::AppState;

/// The browser's response to a challenge.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PasskeyResponse {
    pub challenge: String,
    pub credential: String,
}

/// The state of a ceremony, stored until the browser responds.
#[derive(Serialize, Deserialize)]
pub(crate) enum Ceremony {
    Register(PasskeyRegistration),
    #[serde(rename = "Enter")]
    SignIn(DiscoverableAuthentication),
    #[serde(rename = "Confirm")]
    SecondStep(PasskeyAuthentication),
}

/// A new passkey: its id and its public key.
pub(crate) struct NewPasskey {
    pub id: Vec<u8>,
    pub credential: String,
}

/// Verifies a sign-in with a passkey alone, and returns whose it is.
pub(crate) async fn verify_sign_in(
    state: &AppState,
    response: &PasskeyResponse,
) -> Result<(PersonId, PasskeyId, String), Error> {
    let (_, Ceremony::SignIn(ceremony)) = take_ceremony(state, response).await? else { return Err(wrong_passkey()) };
    let credential: PublicKeyCredential = parse_credential(response)?;
    let webauthn = relying_party(state)?;
    let (person, key) = webauthn.identify_discoverable_authentication(&credential).map_err(|error| rejected(&error))?;
    let person = PersonId(person);
    let rows = state.store.passkeys(person).await?;
    let found =
        rows.iter().find(|row| deserialize_passkey(row).is_ok_and(|passkey| passkey.cred_id().as_slice() == key));
    let (row, passkey) =
        found.map(|row| Ok::<_, Error>((row, deserialize_passkey(row)?))).transpose()?.ok_or_else(wrong_passkey)?;
    let result = webauthn
        .finish_discoverable_authentication_v2(&credential, ceremony, DiscoverableKey::from(&passkey))
        .map_err(|error| rejected(&error))?;
    Ok((person, row.id, updated_passkey(passkey, &result)?))
}

/// Verifies the registration of a new passkey.
pub(crate) async fn verify_registration(
    state: &AppState,
    person: PersonId,
    response: &PasskeyResponse,
) -> Result<NewPasskey, Error> {
    let (Some(owner), Ceremony::Register(ceremony)) = take_ceremony(state, response).await? else {
        return Err(wrong_passkey());
    };
    if owner != person {
        return Err(wrong_passkey());
    }
    let credential: RegisterPublicKeyCredential = parse_credential(response)?;
    let key =
        relying_party(state)?.finish_passkey_registration(&credential, &ceremony).map_err(|error| rejected(&error))?;
    Ok(NewPasskey { id: key.cred_id().clone(), credential: serialize_passkey(&key)? })
}

/// Verifies the second step with a passkey.
pub(crate) async fn verify_second_step(
    state: &AppState,
    person: PersonId,
    response: &PasskeyResponse,
) -> Result<FactorProof, Error> {
    let (Some(owner), Ceremony::SecondStep(ceremony)) = take_ceremony(state, response).await? else {
        return Err(wrong_passkey());
    };
    if owner != person {
        return Err(wrong_passkey());
    }
    let credential: PublicKeyCredential = parse_credential(response)?;
    let result = relying_party(state)?
        .finish_passkey_authentication(&credential, &ceremony)
        .map_err(|error| rejected(&error))?;
    for row in state.store.passkeys(person).await? {
        let key = deserialize_passkey(&row)?;
        if key.cred_id() == result.cred_id() {
            return Ok(FactorProof::Passkey(row.id, updated_passkey(key, &result)?));
        }
    }
    Err(wrong_passkey())
}

/// The script that asks the browser for a passkey.
pub(crate) fn passkey_script(context: &RequestContext) -> Option<impl IntoView + use<>> {
    let (nonce, source) = (context.nonce.clone(), context.state.assets.passkeys);
    context.state.webauthn.is_some().then(|| view! { <script type="module" nonce=nonce src=source></script> })
}

/// Stores the ceremony and sends its options to the browser, with the token that the response must carry.
pub(crate) async fn begin_ceremony(
    state: &AppState,
    person: Option<PersonId>,
    ceremony: &Ceremony,
    option_key: &'static str,
    options: &Value,
) -> Result<Response, Error> {
    let state_json = serde_json::to_string(ceremony).map_err(|error| unreadable(&error))?;
    let challenge = state.store.challenge(person, &state_json).await?;
    let body = json!({ "challenge": challenge, option_key: options["publicKey"] });
    Ok(Json(body).into_response())
}

async fn take_ceremony(state: &AppState, response: &PasskeyResponse) -> Result<(Option<PersonId>, Ceremony), Error> {
    let taken = state.store.take_challenge(&response.challenge).await?;
    let (person, state_json) = taken.ok_or_else(|| Error::invalid("passkey", Fault::Missing))?;
    Ok((person, serde_json::from_str(&state_json).map_err(|error| unreadable(&error))?))
}

fn parse_credential<T: for<'a> Deserialize<'a>>(response: &PasskeyResponse) -> Result<T, Error> {
    serde_json::from_str(&response.credential).map_err(|_| wrong_passkey())
}

pub(crate) fn relying_party(state: &AppState) -> Result<&Webauthn, Error> {
    state.webauthn.as_ref().ok_or(Error::NotFound)
}

pub(crate) fn deserialize_passkey(row: &PasskeyRow) -> Result<Passkey, Error> {
    serde_json::from_str(&row.credential).map_err(|error| unreadable(&error))
}

fn serialize_passkey(key: &Passkey) -> Result<String, Error> {
    serde_json::to_string(key).map_err(|error| unreadable(&error))
}

/// The passkey after signing: its counter has changed.
fn updated_passkey(mut key: Passkey, result: &AuthenticationResult) -> Result<String, Error> {
    key.update_credential(result);
    serialize_passkey(&key)
}

pub(crate) fn wrong_passkey() -> Error {
    Error::invalid("passkey", Fault::Wrong)
}

/// The reason is logged for operators and not shown to the client.
fn rejected(error: &WebauthnError) -> Error {
    tracing::debug!(%error, "a passkey was not believed");
    wrong_passkey()
}

pub(crate) fn could_not_start(error: &WebauthnError) -> Error {
    tracing::error!(%error, "a passkey could not be asked for");
    Error::Internal
}

fn unreadable(error: &serde_json::Error) -> Error {
    tracing::error!(%error, "what is kept of a passkey cannot be read");
    Error::Internal
}
