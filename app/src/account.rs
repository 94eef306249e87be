//! A person's own account: their sessions, password, PIN and data.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::factor::Factors;
use domain::fault::Faults;
use domain::ids::{PersonId, SessionId};
use domain::person::Password;
use domain::pin::Pin;
use leptos::prelude::*;
use serde::Deserialize;
use store::{ClientInfo, SessionRow};

use crate::addresses;
use crate::customers::download_json;
use crate::doors::AccessRule::{OwnAccount, PrivateLink};
use crate::doors::Doors;
use crate::error::Error;
use crate::factors::verify_current_password;
use crate::flash::{self, Flash};
use crate::form::{Field, InputKind};
use crate::local_time::LocalTime;
use crate::page::{FormErrors, redirect};
use crate::rate_limits::Limit;
use crate::request_context::{ClientOrigin, Form, Path, RequestContext, SignedIn};
use crate::session;
use crate::state::AppState;
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::ACCOUNT, OwnAccount, show)
        .get(addresses::CHANGE_PASSWORD, OwnAccount, show)
        .get(addresses::ACCOUNT_EXPORT, OwnAccount, export)
        .post(addresses::CHANGE_PASSWORD, OwnAccount, change_password)
        .form(addresses::CHANGE_PIN, addresses::ACCOUNT, OwnAccount, change_pin)
        .form(addresses::END_SESSION, addresses::ACCOUNT, OwnAccount, end_session)
        .get(addresses::RESET_PASSWORD, PrivateLink, show_reset)
        .post(addresses::RESET_PASSWORD, PrivateLink, reset_password)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordDraft {
    current: String,
    password: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PinDraft {
    pin: String,
    current: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ResetDraft {
    password: String,
}

async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let page = AccountPage::load(&signed_in).await?;
    let title = signed_in.context.texts.text("account-title");
    Ok(signed_in.page(&title, || page.view(&signed_in, SubmittedForm::Nothing, &FormErrors::default())))
}

/// Which form of the page was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SubmittedForm {
    Nothing,
    Password,
    Pin,
}

/// Everything stored about the signed-in person, as a JSON file.
async fn export(signed_in: SignedIn) -> Result<Response, Error> {
    let file = signed_in.context.state.store.export_person(signed_in.user.person).await?.ok_or(Error::NotFound)?;
    Ok(download_json("trialmark-account.json", serde_json::to_string_pretty(&file).map_err(store::Error::Serialize)?))
}

/// Ends the person's other sessions. This one continues under a new token.
async fn change_password(
    signed_in: SignedIn,
    ClientOrigin(origin): ClientOrigin,
    Form(draft): Form<PasswordDraft>,
) -> Result<Response, Error> {
    match new_password_hash(&signed_in, draft).await {
        Ok(hash) => {
            let state = &signed_in.context.state;
            let session = state.store.change_password(&signed_in.token, &hash, &origin).await?;
            let redirect = session::session_redirect(state, session, addresses::ACCOUNT)?;
            Ok(flash::announce(state, addresses::ACCOUNT, Flash::PasswordChanged, redirect))
        }
        Err(error) => rerender(&signed_in, error, SubmittedForm::Password).await,
    }
}

/// The PIN identifies the person at a shared device.
async fn change_pin(signed_in: SignedIn, Form(draft): Form<PinDraft>) -> Result<Response, Error> {
    match pin_hash(&signed_in, draft).await {
        Ok(hash) => {
            signed_in.context.state.store.set_pin(signed_in.actor(), signed_in.user.person, &hash).await?;
            Ok(signed_in.saved(addresses::ACCOUNT, Flash::PinSaved))
        }
        Err(error) => rerender(&signed_in, error, SubmittedForm::Pin).await,
    }
}

async fn pin_hash(signed_in: &SignedIn, draft: PinDraft) -> Result<String, Error> {
    let pin = Pin::parse(&draft.pin).map_err(|fault| Faults::one("pin", fault))?;
    verify_current_password(signed_in, draft.current).await?;
    signed_in.context.state.hash_pin(pin).await
}

async fn rerender(signed_in: &SignedIn, error: Error, submitted: SubmittedForm) -> Result<Response, Error> {
    let page = AccountPage::load(signed_in).await?;
    let title = signed_in.context.texts.text("account-title");
    signed_in.rerender(error, &title, |errors| page.view(signed_in, submitted, &errors))
}

async fn new_password_hash(signed_in: &SignedIn, draft: PasswordDraft) -> Result<String, Error> {
    let state = &signed_in.context.state;
    let password = Password::parse(&draft.password).map_err(|fault| Faults::one("password", fault))?;
    verify_current_password(signed_in, draft.current).await?;
    let (email, _) = state.store.password_of(signed_in.user.person).await?.ok_or(Error::NotFound)?;
    state.hash_password(password, &[&signed_in.user.name, &email, &signed_in.user.business_name]).await
}

async fn end_session(signed_in: SignedIn, Path(session): Path<SessionId>) -> Result<Response, Error> {
    let ended = signed_in.context.state.store.revoke_session(signed_in.actor(), signed_in.user.person, session).await?;
    ended.map(|()| signed_in.saved(addresses::ACCOUNT, Flash::SessionEnded)).ok_or(Error::NotFound)
}

async fn show_reset(context: RequestContext, Path(link): Path<String>) -> Result<Response, Error> {
    context.state.allow_from_client(Limit::PrivateLinksByAddress, context.client)?;
    let (email, open) = context.state.store.password_reset(&link).await?.ok_or(Error::NotFound)?;
    let title = context.texts.text("reset-title");
    Ok(context.page(&title, || reset_page(context.texts, &link, &email, open, &FormErrors::default())))
}

/// Sets the password but starts no session: the person signs in with it next, so that password managers offer to save
/// it.
async fn reset_password(
    context: RequestContext,
    Shared(state): Shared<AppState>,
    ClientOrigin(origin): ClientOrigin,
    Path(link): Path<String>,
    Form(draft): Form<ResetDraft>,
) -> Result<Response, Error> {
    state.allow_from_client(Limit::PrivateLinksByAddress, context.client)?;
    let (email, open) = state.store.password_reset(&link).await?.ok_or(Error::NotFound)?;
    match set_new_password(&state, &link, &email, &draft, &origin).await {
        Ok(Some(_)) => Ok(redirect(addresses::SIGN_IN)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => {
            let title = context.texts.text("reset-title");
            context.rerender(error, &title, |errors| reset_page(context.texts, &link, &email, open, &errors))
        }
    }
}

async fn set_new_password(
    state: &AppState,
    link: &str,
    email: &str,
    draft: &ResetDraft,
    origin: &ClientInfo,
) -> Result<Option<PersonId>, Error> {
    let password = Password::parse(&draft.password).map_err(|fault| Error::invalid("password", fault))?;
    state.check_limit(Limit::PasswordResetLink, link)?;
    let hash = state.hash_password(password, &[email]).await?;
    Ok(state.store.reset_password(link, &hash, origin).await?)
}

/// What the account page shows.
struct AccountPage {
    sessions: Vec<SessionRow>,
    factors: Factors,
    has_pin: bool,
    local_time: LocalTime,
}

impl AccountPage {
    async fn load(signed_in: &SignedIn) -> Result<Self, Error> {
        let store = &signed_in.context.state.store;
        let local_time = LocalTime::of(signed_in.context.texts, &store.business(signed_in.actor()).await?, store.now());
        let person = signed_in.user.person;
        let (factors, has_pin) = (store.factors(person).await?, store.has_pin(person).await?);
        Ok(Self { sessions: store.sessions(person).await?, factors, has_pin, local_time })
    }

    fn view(&self, signed_in: &SignedIn, submitted: SubmittedForm, errors: &FormErrors) -> impl IntoView + use<> {
        let texts = signed_in.context.texts;
        let each = self.sessions.iter().map(|row| self.session_row(signed_in, row)).collect_view();
        view! {
            <main id="main" class="slim">
                <h1>{texts.text_with("account-headline", &[("name", signed_in.user.name.clone().into())])}</h1>
                {errors.summary(texts)}
                <section class="card grid">
                    <h2>{texts.text_with("account-sessions", &[("count", self.sessions.len().into())])}</h2>
                    <p class="muted">{texts.text("account-sessions-lead")}</p>
                    <ul class="list">{each}</ul>
                </section>
                <section class="card grid">
                    <h2>{texts.text("factors-title")}</h2>
                    <p class="muted">{texts.text(if self.factors.has_any() { "account-factors-on" } else { "account-factors-off" })}</p>
                    <p><a class="btn quiet" href=addresses::SECOND_STEP_SETUP>{texts.text("account-factors")}</a></p>
                </section>
                {password_section(texts, submitted, errors)}
                {self.pin_section(texts, submitted, errors)}
                <section class="card grid">
                    <h2>{texts.text("account-data")}</h2>
                    <p class="muted">{texts.text("account-data-lead")}</p>
                    <p><a class="btn quiet" href=addresses::ACCOUNT_EXPORT download>{texts.text("account-data-download")}</a></p>
                </section>
            </main>
        }
    }

    fn pin_section(&self, texts: Texts, submitted: SubmittedForm, errors: &FormErrors) -> impl IntoView + use<> {
        let at = |field: &str| (submitted == SubmittedForm::Pin).then(|| errors.for_field(texts, field)).flatten();
        view! {
            <section class="card grid">
                <h2>{texts.text("account-pin-title")}</h2>
                <p class="muted">{texts.text(if self.has_pin { "account-pin-on" } else { "account-pin-off" })}</p>
                <form method="post" action=addresses::CHANGE_PIN>
                    <Field name="pin" label=texts.text("account-pin") hint=texts.text("account-pin-hint") kind=InputKind::Pin fault=at("pin") required=true autocomplete="off" />
                    <Field name="current" id="pin-current" label=texts.text("account-current") kind=InputKind::Password fault=at("current") required=true autocomplete="current-password" />
                    <p><button class="btn">{texts.text("account-pin-set")}</button></p>
                </form>
            </section>
        }
    }

    fn session_row(&self, signed_in: &SignedIn, row: &SessionRow) -> impl IntoView + use<> {
        let texts = signed_in.context.texts;
        let name = if row.device.is_empty() { texts.text("account-device-unknown") } else { row.device.clone() };
        let values = [
            ("since", self.local_time.date_time(row.created_at).into()),
            ("ago", self.local_time.ago(row.used_at).into()),
        ];
        let action = if row.id == signed_in.user.session {
            view! { <span class="pill">{texts.text("account-this-device")}</span> }.into_any()
        } else {
            let label = format!("{}: {name}", texts.text("account-end"));
            let to = addresses::end_session(row.id);
            view! {
                <form method="post" action=to><button class="link" aria-label=label>{texts.text("account-end")}</button></form>
            }
            .into_any()
        };
        view! {
            <li>
                <span>
                    {name}
                    <small>{row.business_name.clone()}" · "{texts.text_with("account-used", &values)}</small>
                </span>
                {action}
            </li>
        }
    }
}

fn password_section(texts: Texts, submitted: SubmittedForm, errors: &FormErrors) -> impl IntoView + use<> {
    let at = |field: &str| (submitted == SubmittedForm::Password).then(|| errors.for_field(texts, field)).flatten();
    view! {
        <section class="card grid">
            <h2>{texts.text("account-password")}</h2>
            <p class="muted">{texts.text("account-password-lead")}</p>
            <form method="post" action=addresses::CHANGE_PASSWORD>
                <Field name="current" label=texts.text("account-current") kind=InputKind::Password fault=at("current") required=true autocomplete="current-password" />
                <Field name="password" label=texts.text("account-new") hint=texts.text("begin-password-hint") kind=InputKind::Password fault=at("password") required=true autocomplete="new-password" />
                <p><button class="btn">{texts.text("account-change")}</button></p>
            </form>
        </section>
    }
}

fn reset_page(texts: Texts, link: &str, email: &str, open: bool, errors: &FormErrors) -> impl IntoView + use<> {
    let (fault, email) = (errors.for_field(texts, "password"), email.to_owned());
    let form = open.then(|| {
        view! {
            <form method="post" action=addresses::reset_password(link)>
                <input type="hidden" name="username" autocomplete="username" value=email.clone() />
                <Field name="password" label=texts.text("account-new") hint=texts.text("begin-password-hint") kind=InputKind::Password fault required=true autocomplete="new-password" />
                <p><button class="btn tall">{texts.text("account-change")}</button></p>
            </form>
        }
    });
    let lead = if open {
        texts.text_with("reset-lead", &[("email", email.clone().into())])
    } else {
        texts.text("reset-invalid")
    };
    view! {
        <main id="main" class="slim">
            <h1>{texts.text("reset-title")}</h1>
            <p>{lead}</p>
            {errors.summary(texts)}
            {form}
        </main>
    }
}
