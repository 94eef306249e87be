//! Passkeys: what a browser is asked to sign, and whether it did (`WebAuthn` level 3).

use axum::Json;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use domain::fault::Fault;
use domain::ids::{PasskeyId, PersonId};
use http::header::CACHE_CONTROL;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{PasskeyRow, Proof};
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::doors::Doors;
use crate::doors::Rule::{Anyone, HalfWay, Oneself};
use crate::error::Error;
use crate::factors::{Current, prove};
use crate::invites::invitation;
use crate::limits::Bound;
use crate::return_to::{ReturnTo, local};
use crate::sign_in::with;
use crate::state::State;
use crate::visit::{self, Asking, Form, Inside, Visit};

pub fn doors(doors: Doors) -> Doors {
    doors
        .post("/account/passkeys/question", Oneself, ask_to_register)
        .post("/sign-in/passkey/question", Anyone, ask_to_enter)
        .form("/sign-in/passkey", "/sign-in", Anyone, enter)
        .post("/sign-in/second/question", HalfWay, ask_to_confirm)
}

/// This installation as passkeys know it: by its name. A bare number as address is none.
pub(crate) fn party(base_url: &str) -> Option<Webauthn> {
    let origin = Url::parse(base_url).ok()?;
    let builder = WebauthnBuilder::new(origin.domain()?, &origin).ok()?;
    builder.rp_name("Trialmark").build().ok()
}

/// What a browser sends after it was asked.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Signed {
    pub challenge: String,
    pub credential: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EnterDraft {
    challenge: String,
    credential: String,
    to: ReturnTo,
}

/// What was asked, as it waits for the answer.
#[derive(Serialize, Deserialize)]
enum Question {
    Register(PasskeyRegistration),
    Enter(DiscoverableAuthentication),
    Confirm(PasskeyAuthentication),
}

/// A passkey just made: its id, and what its signatures are checked against.
pub(crate) struct Made {
    pub id: Vec<u8>,
    pub credential: String,
}

async fn ask_to_register(inside: Inside, Form(draft): Form<Current>) -> Result<Response, Error> {
    prove(&inside, draft.current).await?;
    let (state, person) = (&inside.visit.state, inside.visitor.person);
    let (email, _) = state.store.password_of(person).await?.ok_or(Error::NotFound)?;
    let known = state.store.passkeys(person).await?;
    let known = known.iter().map(|row| Ok(read(row)?.cred_id().clone())).collect::<Result<Vec<_>, Error>>()?;
    let (options, question) = party_of(state)?
        .start_passkey_registration(person.0, &email, &inside.visitor.name, Some(known))
        .map_err(|error| failed(&error))?;
    let mut options = json!(options);
    // So that the key can be found without an address, where it has room for that.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("preferred");
    asked(state, Some(person), &Question::Register(question), "create", &options).await
}

async fn ask_to_enter(Shared(state): Shared<State>, visit: Visit) -> Result<Response, Error> {
    state.allow_from(Bound::Place, visit.client)?;
    let (options, question) = party_of(&state)?.start_discoverable_authentication().map_err(|error| failed(&error))?;
    asked(&state, None, &Question::Enter(question), "get", &json!(options)).await
}

async fn ask_to_confirm(Shared(state): Shared<State>, half_way: visit::HalfWay) -> Result<Response, Error> {
    let person = half_way.person;
    let keys = state.store.passkeys(person).await?;
    if keys.is_empty() {
        return Err(Error::NotFound);
    }
    let keys = keys.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    let (options, question) = party_of(&state)?.start_passkey_authentication(&keys).map_err(|error| failed(&error))?;
    asked(&state, Some(person), &Question::Confirm(question), "get", &json!(options)).await
}

/// Someone signs in with nothing but their passkey, which has made sure that it is them.
async fn enter(
    Shared(state): Shared<State>,
    visit: Visit,
    Asking(origin): Asking,
    Form(draft): Form<EnterDraft>,
) -> Result<Response, Error> {
    if let Err(error) = state.allow_from(Bound::Place, visit.client) {
        return crate::sign_in::again(&visit, error, "", &draft.to).await;
    }
    let signed = Signed { challenge: draft.challenge, credential: draft.credential };
    let entered = match known(&state, &signed).await {
        Ok((person, id, credential)) => {
            state.store.enter_by_passkey(person, id, &credential, invitation(&draft.to), &origin).await?
        }
        Err(Error::Invalid(_)) => None,
        Err(other) => return Err(other),
    };
    match entered {
        Some(session) => with(&state, Some(session), local(&draft.to)),
        None => crate::sign_in::again(&visit, wrong(), "", &draft.to).await,
    }
}

/// Who signed.
async fn known(state: &State, signed: &Signed) -> Result<(PersonId, PasskeyId, String), Error> {
    let (_, Question::Enter(question)) = taken(state, signed).await? else { return Err(wrong()) };
    let answer: PublicKeyCredential = parsed(signed)?;
    let party = party_of(state)?;
    let (person, key) = party.identify_discoverable_authentication(&answer).map_err(|error| refused(&error))?;
    let person = PersonId(person);
    let rows = state.store.passkeys(person).await?;
    let found = rows.iter().find(|row| read(row).is_ok_and(|known| known.cred_id().as_slice() == key));
    let (row, passkey) = found.map(|row| Ok::<_, Error>((row, read(row)?))).transpose()?.ok_or_else(wrong)?;
    let result = party
        .finish_discoverable_authentication_v2(&answer, question, DiscoverableKey::from(&passkey))
        .map_err(|error| refused(&error))?;
    Ok((person, row.id, renewed(passkey, &result)?))
}

/// The passkey that someone has just made.
pub(crate) async fn registered(state: &State, person: PersonId, signed: &Signed) -> Result<Made, Error> {
    let (Some(asked), Question::Register(question)) = taken(state, signed).await? else { return Err(wrong()) };
    if asked != person {
        return Err(wrong());
    }
    let answer: RegisterPublicKeyCredential = parsed(signed)?;
    let key = party_of(state)?.finish_passkey_registration(&answer, &question).map_err(|error| refused(&error))?;
    Ok(Made { id: key.cred_id().clone(), credential: written(&key)? })
}

/// The second step, taken with a passkey.
pub(crate) async fn confirmed(state: &State, person: PersonId, signed: &Signed) -> Result<Proof, Error> {
    let (Some(asked), Question::Confirm(question)) = taken(state, signed).await? else { return Err(wrong()) };
    if asked != person {
        return Err(wrong());
    }
    let answer: PublicKeyCredential = parsed(signed)?;
    let result = party_of(state)?.finish_passkey_authentication(&answer, &question).map_err(|error| refused(&error))?;
    for row in state.store.passkeys(person).await? {
        let key = read(&row)?;
        if key.cred_id() == result.cred_id() {
            return Ok(Proof::Passkey(row.id, renewed(key, &result)?));
        }
    }
    Err(wrong())
}

/// What lets a page ask for a passkey.
pub(crate) fn script(visit: &Visit) -> Option<impl IntoView + use<>> {
    let (nonce, source) = (visit.nonce.clone(), visit.state.assets.passkeys);
    visit.state.webauthn.is_some().then(|| view! { <script type="module" nonce=nonce src=source></script> })
}

/// The question for the browser, and the token under which the answer comes back.
async fn asked(
    state: &State,
    person: Option<PersonId>,
    question: &Question,
    way: &'static str,
    options: &Value,
) -> Result<Response, Error> {
    let kept = serde_json::to_string(question).map_err(|error| internal(&error))?;
    let challenge = state.store.challenge(person, &kept).await?;
    let body = json!({ "challenge": challenge, way: options["publicKey"] });
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

async fn taken(state: &State, signed: &Signed) -> Result<(Option<PersonId>, Question), Error> {
    let taken = state.store.take_challenge(&signed.challenge).await?;
    let (person, kept) = taken.ok_or_else(|| Error::invalid("passkey", Fault::Missing))?;
    Ok((person, serde_json::from_str(&kept).map_err(|error| internal(&error))?))
}

fn parsed<T: for<'a> Deserialize<'a>>(signed: &Signed) -> Result<T, Error> {
    serde_json::from_str(&signed.credential).map_err(|_| wrong())
}

fn party_of(state: &State) -> Result<&Webauthn, Error> {
    state.webauthn.as_ref().ok_or(Error::NotFound)
}

fn read(row: &PasskeyRow) -> Result<Passkey, Error> {
    serde_json::from_str(&row.credential).map_err(|error| internal(&error))
}

fn written(key: &Passkey) -> Result<String, Error> {
    serde_json::to_string(key).map_err(|error| internal(&error))
}

/// The key as it stands after it has signed: its counter has moved on.
fn renewed(mut key: Passkey, result: &AuthenticationResult) -> Result<String, Error> {
    key.update_credential(result);
    written(&key)
}

fn wrong() -> Error {
    Error::invalid("passkey", Fault::Wrong)
}

/// Why a signature is not believed is of interest to those who run the server, not to whoever tries.
fn refused(error: &WebauthnError) -> Error {
    tracing::debug!(%error, "a passkey was not believed");
    wrong()
}

fn failed(error: &WebauthnError) -> Error {
    tracing::error!(%error, "a passkey could not be asked for");
    Error::Internal
}

fn internal(error: &serde_json::Error) -> Error {
    tracing::error!(%error, "what is kept of a passkey cannot be read");
    Error::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_names_and_not_for_numbers() {
        assert!(party("https://trialmark.example").is_some() && party("http://localhost:3000").is_some());
        assert!(party("http://127.0.0.1:3000").is_none() && party("http://[::1]:3000").is_none());
    }
}
