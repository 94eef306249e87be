//! The second step of signing in: a code of an authenticator app, a passkey, or a recovery code.

use axum::extract::State as Shared;
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::factor::{FactorAnswer, Factors};
use domain::fault::Fault;
use domain::ids::PersonId;
use leptos::prelude::*;
use serde::Deserialize;
use store::FactorProof;

use crate::addresses;
use crate::doors::AccessRule;
use crate::doors::Doors;
use crate::error::Error;
use crate::factors::matching_time_step;
use crate::form::{Field, InputKind};
use crate::page::{FormErrors, redirect};
use crate::rate_limits::Limit;
use crate::request_context::{ClientOrigin, Form, PendingSignIn, Query, RequestContext};
use crate::return_to::{self, ReturnTo, local_or_start};
use crate::session::{session_redirect, set_cookie};
use crate::state::AppState;
use crate::webauthn::{PasskeyResponse, passkey_script, verify_second_step};

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::SECOND_STEP, AccessRule::PendingSignIn, show).post(
        addresses::SECOND_STEP,
        AccessRule::PendingSignIn,
        answer,
    )
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReturnToQuery {
    to: ReturnTo,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SecondStepDraft {
    code: String,
    challenge: String,
    credential: String,
    /// Which of the two forms was sent.
    way: String,
    to: ReturnTo,
}

async fn show(
    Shared(state): Shared<AppState>,
    context: RequestContext,
    pending: PendingSignIn,
    Query(query): Query<ReturnToQuery>,
) -> Result<Response, Error> {
    let factors = state.store.factors(pending.person).await?;
    let title = context.texts.text("second-step-title");
    Ok(context.page(&title, || page(&context, factors, &query.to, &FormErrors::default())))
}

async fn answer(
    Shared(state): Shared<AppState>,
    context: RequestContext,
    PendingSignIn { person, token }: PendingSignIn,
    ClientOrigin(origin): ClientOrigin,
    Form(draft): Form<SecondStepDraft>,
) -> Result<Response, Error> {
    let proven = match state.check_limit(Limit::SecondStepCodes, person) {
        Ok(()) => factor_proof(&state, person, &draft).await,
        Err(error) => Err(error),
    };
    let finished = match proven {
        Ok(proof) => state
            .store
            .finish_sign_in(&token, &proof, addresses::invitation_link(&draft.to), &origin)
            .await
            .map_err(Error::from),
        Err(error) => Err(error),
    };
    match finished {
        Ok(Some(session)) => {
            state.reset_limit(Limit::SecondStepCodes, person);
            let redirect_response = session_redirect(&state, Some(session), local_or_start(&draft.to))?;
            // Both cookies change: the pending sign-in is used up.
            Ok((AppendHeaders(set_cookie(&state, &state.cookies.pending_sign_in, "", 0)), redirect_response)
                .into_response())
        }
        Ok(None) => Ok(restart_sign_in(&draft.to)),
        Err(error) => {
            let factors = state.store.factors(person).await?;
            let title = context.texts.text("second-step-title");
            context.rerender(error, &title, |errors| page(&context, factors, &draft.to, &errors))
        }
    }
}

/// The proof, as far as it can be checked here. An invalid one counts as an attempt too.
async fn factor_proof(state: &AppState, person: PersonId, draft: &SecondStepDraft) -> Result<FactorProof, Error> {
    if draft.way == "passkey" {
        let response = PasskeyResponse { challenge: draft.challenge.clone(), credential: draft.credential.clone() };
        return verify_second_step(state, person, &response).await;
    }
    match FactorAnswer::parse(&draft.code) {
        Ok(FactorAnswer::Totp(code)) => {
            let secret = state.store.authenticator(person).await?;
            Ok(FactorProof::Code(secret.and_then(|secret| matching_time_step(&secret, &code, state.store.now()))))
        }
        Ok(FactorAnswer::RecoveryCode(code)) => Ok(FactorProof::Recovery(code)),
        Err(Fault::Missing) => Err(Error::invalid("code", Fault::Missing)),
        Err(_) => Ok(FactorProof::Code(None)),
    }
}

/// The password must be typed again: the pending sign-in has expired, or too many codes were wrong.
fn restart_sign_in(to: &str) -> Response {
    redirect(&return_to::sign_in(local_or_start(to)))
}

fn page(context: &RequestContext, factors: Factors, to: &str, errors: &FormErrors) -> impl IntoView + use<> {
    let (texts, to) = (context.texts, to.to_owned());
    let label = if factors.authenticator { "factors-code" } else { "second-step-recovery" };
    let hint = if factors.authenticator { "second-step-code-hint" } else { "second-step-recovery-hint" };
    let passkey_fault = errors.for_field(texts, "passkey").map(|fault| view! { <p class="fault">{fault}</p> });
    let passkey = (factors.passkeys > 0 && context.state.webauthn.is_some()).then(|| {
        view! {
            <form method="post" action=addresses::SECOND_STEP data-passkey=addresses::SECOND_STEP_CHALLENGE hidden=true>
                <input type="hidden" name="way" value="passkey" />
                <input type="hidden" name="to" value=to.clone() />
                <input type="hidden" name="challenge" />
                <input type="hidden" name="credential" />
                {passkey_fault}
                <p><button class="btn tall quiet">{texts.text("second-step-passkey")}</button></p>
            </form>
        }
    });
    view! {
        <main id="main" class="slim sign-in-box">
            <h1>{texts.text("second-step-title")}</h1>
            {errors.rate_limit_summary(texts)}
            <form method="post" action=addresses::SECOND_STEP>
                <input type="hidden" name="to" value=to.clone() />
                <Field name="code" label=texts.text(label) hint=texts.text(hint) kind=InputKind::Text fault=errors.for_field(texts, "code") required=true autocomplete="one-time-code" focus_on_fault=true />
                <p><button class="btn tall">{texts.text("second-step-submit")}</button></p>
            </form>
            {passkey}
            <p class="muted small">{texts.text("second-step-help")}</p>
        </main>
        {passkey_script(context)}
    }
}
