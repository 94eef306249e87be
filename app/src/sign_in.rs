//! Signing in and out, and choosing a language.

use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use domain::business::Language;
use domain::fault::Fault;
use domain::person::Email;
use http::HeaderMap;
use leptos::prelude::*;
use serde::Deserialize;

use crate::addresses;
use crate::doors::AccessRule::{Anyone, OptionalSession};
use crate::doors::Doors;
use crate::error::Error;
use crate::form::{Field, InputKind};
use crate::invites;
use crate::page::{FormErrors, redirect};
use crate::request_context::{ClientOrigin, Form, Query, RequestContext};
use crate::return_to::{ReturnTo, local_or_start};
use crate::session::{continue_sign_in, language_cookie, matching_account, session_cookie};
use crate::state::AppState;
use crate::webauthn::passkey_script;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::SIGN_IN, OptionalSession, show)
        .post(addresses::SIGN_IN, Anyone, sign_in)
        .form(addresses::SIGN_OUT, addresses::START, Anyone, sign_out)
        .form(addresses::LANGUAGE, addresses::START, OptionalSession, language)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReturnToQuery {
    to: ReturnTo,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignInDraft {
    email: String,
    password: String,
    to: ReturnTo,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LanguageDraft {
    language: String,
    to: ReturnTo,
}

/// People who are signed in already are redirected. To change the account they sign out first.
async fn show(context: RequestContext, Query(query): Query<ReturnToQuery>) -> Result<Response, Error> {
    if context.user.is_some() {
        return Ok(redirect(local_or_start(&query.to)));
    }
    page(&context, &query.to).await
}

pub(crate) async fn page(context: &RequestContext, to: &str) -> Result<Response, Error> {
    let (title, invitation_note) = (context.texts.text("sign-in-title"), invites::invitation_note(context, to).await?);
    Ok(context.page(&title, || form(context, "", to, invitation_note, &FormErrors::default())))
}

/// The page again, with the error.
pub(crate) async fn rerender(context: &RequestContext, error: Error, email: &str, to: &str) -> Result<Response, Error> {
    let (title, invitation_note) = (context.texts.text("sign-in-title"), invites::invitation_note(context, to).await?);
    context.rerender(error, &title, |errors| form(context, email, to, invitation_note, &errors))
}

async fn sign_in(
    Shared(state): Shared<AppState>,
    context: RequestContext,
    ClientOrigin(origin): ClientOrigin,
    Form(draft): Form<SignInDraft>,
) -> Result<Response, Error> {
    let reject = |error| rerender(&context, error, &draft.email, &draft.to);
    if let Err(error) = state.check_sign_in_limit(context.client, &draft.email) {
        return reject(error).await;
    }
    let accounts = match Email::parse(&draft.email) {
        Ok(email) => state.store.credentials(&email).await?,
        Err(_) => Vec::new(),
    };
    let first = accounts.first().map(|(person, _)| *person);
    match (matching_account(&state, &draft.password, accounts).await, first) {
        (Ok(Some(person)), _) => {
            state.note_sign_in(context.client, &draft.email);
            continue_sign_in(&state, person, &origin, local_or_start(&draft.to)).await
        }
        (Ok(None), person) => {
            if let Some(person) = person {
                let store = state.store.clone();
                // Not awaited: the response time must not reveal whether the account exists.
                tokio::spawn(async move { store.audit_wrong_password(person, &origin).await.ok() });
            }
            reject(Error::invalid("password", Fault::Wrong)).await
        }
        (Err(error), _) => reject(error).await,
    }
}

async fn sign_out(
    Shared(state): Shared<AppState>,
    headers: HeaderMap,
    ClientOrigin(origin): ClientOrigin,
) -> Result<Response, Error> {
    if let Some(token) = state.cookies.session.find(&headers) {
        state.store.end_session(token, &origin).await?;
    }
    Ok((session_cookie(&state, None), redirect(addresses::START)).into_response())
}

async fn language(
    Shared(state): Shared<AppState>,
    context: RequestContext,
    Form(draft): Form<LanguageDraft>,
) -> Result<Response, Error> {
    let language = Language::parse(&draft.language).map_err(|fault| Error::invalid("language", fault))?;
    if let Some(user) = &context.user {
        state.store.set_language(user.person, language).await?;
    }
    Ok((language_cookie(&state, language), redirect(local_or_start(&draft.to))).into_response())
}

fn form(
    context: &RequestContext,
    email: &str,
    to: &str,
    invitation_note: Option<String>,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let (texts, email, to) = (context.texts, email.to_owned(), to.to_owned());
    let fault = errors.for_field(texts, "password").map(|_| texts.text("sign-in-wrong"));
    let passkey_fault = errors
        .for_field(texts, "passkey")
        .map(|_| view! { <p class="fault">{texts.text("sign-in-passkey-wrong")}</p> });
    let is_hidden = passkey_fault.is_none();
    let passkey = context.state.webauthn.is_some().then(|| {
        view! {
            <form method="post" action=addresses::PASSKEY_SIGN_IN data-passkey=addresses::PASSKEY_SIGN_IN_CHALLENGE hidden=is_hidden>
                <input type="hidden" name="to" value=to.clone() />
                <input type="hidden" name="challenge" />
                <input type="hidden" name="credential" />
                {passkey_fault}
                <p><button class="btn tall quiet">{texts.text("sign-in-passkey")}</button></p>
            </form>
        }
    });
    view! {
        <main id="main" class="slim sign-in-box">
            <h1>{texts.text("sign-in-title")}</h1>
            {invitation_note.map(|invitation_note| view! { <p>{invitation_note}</p> })}
            {errors.rate_limit_summary(texts)}
            <form method="post" action=addresses::SIGN_IN>
                <input type="hidden" name="to" value=to.clone() />
                <Field name="email" label=texts.text("sign-in-email") kind=InputKind::Email value=email required=true autocomplete="username" />
                <Field name="password" label=texts.text("sign-in-password") kind=InputKind::Password fault required=true autocomplete="current-password" focus_on_fault=true />
                <p><button class="btn tall">{texts.text("sign-in-submit")}</button></p>
            </form>
            {passkey}
            <p class="muted small">{texts.text("sign-in-help")}</p>
        </main>
        {passkey_script(context)}
    }
}
