//! A person's second factors: an authenticator app, passkeys, and recovery codes in case both are lost.

mod authenticator;
mod required;
mod view;

use axum::response::Response;
use domain::factor::{Factors, RecoveryCode};
use domain::fault::{Fault, Faults};
use domain::ids::PasskeyId;
use domain::text::Line;
use leptos::prelude::*;
use serde::Deserialize;
use store::PasskeyRow;

use crate::addresses;
use crate::doors::AccessRule::OwnAccount;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::local_time::LocalTime;
use crate::page::{FormErrors, redirect};
use crate::rate_limits::Limit;
use crate::request_context::{Form, Path, SignedIn};
use crate::shown_once::{ShownSecret, copy_button, redirect_to_shown_once};
use crate::texts::Texts;
use crate::webauthn::{PasskeyResponse, verify_registration};

pub(crate) use authenticator::matching_time_step;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::SECOND_STEP_SETUP, OwnAccount, show)
        .get(addresses::RECOVERY_CODES, OwnAccount, show_recovery_codes)
        .post(addresses::RECOVERY_CODES, OwnAccount, renew_codes)
        .form(addresses::PASSKEYS, addresses::SECOND_STEP_SETUP, OwnAccount, add_passkey)
        .form(addresses::REMOVE_PASSKEY, addresses::SECOND_STEP_SETUP, OwnAccount, remove_passkey)
        .merge(authenticator::doors)
        .merge(required::doors)
}

/// Every change of how a person signs in requires their current password.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct CurrentPassword {
    pub current: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct PasskeyDraft {
    name: String,
    current: String,
    challenge: String,
    credential: String,
}

/// Which form of the page was sent, with those inputs that may be shown again.
#[derive(Clone, PartialEq, Eq)]
enum SubmittedForm {
    Nothing,
    Authenticator,
    Passkey { name: String },
    RemovePasskey(PasskeyId),
    RecoveryCodes,
}

/// What the page of factors shows.
struct FactorsPage {
    factors: Factors,
    passkeys: Vec<PasskeyRow>,
    local_time: LocalTime,
}

/// # Errors
/// The password is wrong.
pub(crate) async fn verify_current_password(signed_in: &SignedIn, current: String) -> Result<(), Error> {
    let state = &signed_in.context.state;
    let (_, hash) = state.store.password_of(signed_in.user.person).await?.ok_or(Error::NotFound)?;
    state.check_limit(Limit::PasswordChanges, signed_in.user.person)?;
    if !state.verify_password(current, Some(hash)).await? {
        return Err(Error::invalid("current", Fault::Wrong));
    }
    state.reset_limit(Limit::PasswordChanges, signed_in.user.person);
    Ok(())
}

async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let page = FactorsPage::load(&signed_in).await?;
    let title = signed_in.context.texts.text("factors-title");
    Ok(signed_in.page(&title, || page.view(&signed_in, &SubmittedForm::Nothing, &FormErrors::default())))
}

async fn renew_codes(signed_in: SignedIn, Form(draft): Form<CurrentPassword>) -> Result<Response, Error> {
    let renewed = match verify_current_password(&signed_in, draft.current).await {
        Ok(()) => {
            let store = &signed_in.context.state.store;
            store.renew_recovery_codes(signed_in.actor(), signed_in.user.person).await.map_err(Error::from)
        }
        Err(error) => Err(error),
    };
    match renewed {
        Ok(codes) => Ok(redirect_to_recovery_codes(&signed_in, &codes)),
        Err(error) => rerender(&signed_in, error, &SubmittedForm::RecoveryCodes).await,
    }
}

async fn add_passkey(signed_in: SignedIn, Form(draft): Form<PasskeyDraft>) -> Result<Response, Error> {
    match register_passkey(&signed_in, &draft).await {
        Ok(codes) => Ok(added(&signed_in, &codes, Flash::PasskeyAdded)),
        Err(error) => rerender(&signed_in, error, &SubmittedForm::Passkey { name: draft.name }).await,
    }
}

async fn register_passkey(signed_in: &SignedIn, draft: &PasskeyDraft) -> Result<Vec<RecoveryCode>, Error> {
    let name = Line::parse(&draft.name).map_err(|fault| Faults::one("name", fault))?;
    verify_current_password(signed_in, draft.current.clone()).await?;
    let (state, person) = (&signed_in.context.state, signed_in.user.person);
    let response = PasskeyResponse { challenge: draft.challenge.clone(), credential: draft.credential.clone() };
    let passkey = verify_registration(state, person, &response).await?;
    Ok(state.store.add_passkey(signed_in.actor(), person, &name, &passkey.id, &passkey.credential).await?)
}

async fn remove_passkey(
    signed_in: SignedIn,
    Path(id): Path<PasskeyId>,
    Form(draft): Form<CurrentPassword>,
) -> Result<Response, Error> {
    if let Err(error) = verify_current_password(&signed_in, draft.current).await {
        return rerender(&signed_in, error, &SubmittedForm::RemovePasskey(id)).await;
    }
    let store = &signed_in.context.state.store;
    let removed = store.remove_passkey(signed_in.actor(), signed_in.user.person, id).await?;
    removed.map(|()| signed_in.saved(addresses::SECOND_STEP_SETUP, Flash::PasskeyRemoved)).ok_or(Error::NotFound)
}

/// The page again, with the error.
async fn rerender(signed_in: &SignedIn, error: Error, submitted: &SubmittedForm) -> Result<Response, Error> {
    let page = FactorsPage::load(signed_in).await?;
    let title = signed_in.context.texts.text("factors-title");
    signed_in.rerender(error, &title, |errors| page.view(signed_in, submitted, &errors))
}

/// After a factor was added: redirects to the recovery codes that came with it, if there are new ones.
fn added(signed_in: &SignedIn, codes: &[RecoveryCode], flash: Flash) -> Response {
    if codes.is_empty() {
        return signed_in.saved(addresses::SECOND_STEP_SETUP, flash);
    }
    redirect_to_recovery_codes(signed_in, codes)
}

fn redirect_to_recovery_codes(signed_in: &SignedIn, codes: &[RecoveryCode]) -> Response {
    let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
    redirect_to_shown_once(signed_in, addresses::RECOVERY_CODES, &codes.join("."))
}

/// Shows the recovery codes while their owner's browser has them.
async fn show_recovery_codes(signed_in: SignedIn, ShownSecret(codes): ShownSecret) -> Response {
    let Some(codes) = codes else { return redirect(addresses::SECOND_STEP_SETUP) };
    let title = signed_in.context.texts.text("factors-codes-title");
    signed_in.page(&title, || recovery_codes_page(signed_in.context.texts, &codes))
}

fn recovery_codes_page(texts: Texts, codes: &str) -> impl IntoView + use<> {
    let each = codes.split('.').map(|code| view! { <li><code>{code.to_owned()}</code></li> }).collect_view();
    view! {
        <main id="main" class="slim">
            <h1>{texts.text("factors-codes-headline")}</h1>
            <p>{texts.text("factors-codes-lead")}</p>
            <section class="card grid"><ul class="codes" id="secret">{each}</ul>{copy_button(texts)}</section>
            <p><a class="btn" href=addresses::TODAY>{texts.text("factors-codes-saved")}</a></p>
        </main>
    }
}

impl FactorsPage {
    async fn load(signed_in: &SignedIn) -> Result<Self, Error> {
        let (store, person) = (&signed_in.context.state.store, signed_in.user.person);
        let local_time = LocalTime::of(signed_in.context.texts, &store.business(signed_in.actor()).await?, store.now());
        Ok(Self { factors: store.factors(person).await?, passkeys: store.passkeys(person).await?, local_time })
    }
}
