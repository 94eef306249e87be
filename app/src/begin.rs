//! The start page: set up an empty installation, else sign in, else go to today's page.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::business::{BusinessDraft, FirstBusinessDraft, Language};
use domain::ids::PersonId;
use http::HeaderMap;
use leptos::prelude::*;

use crate::addresses;
use crate::client_address::ClientAddress;
use crate::doors::AccessRule::{Anyone, OptionalSession};
use crate::doors::Doors;
use crate::error::Error;
use crate::form::{ChoiceItem, Field, InputKind, Select};
use crate::page::{FormErrors, redirect};
use crate::rate_limits::Limit;
use crate::request_context::{ClientOrigin, Form, RequestContext, shared_device};
use crate::session;
use crate::sign_in;
use crate::state::AppState;
use crate::texts::Texts;
use crate::zones::zone_options;

pub fn doors(doors: Doors) -> Doors {
    doors.get(addresses::START, OptionalSession, start_page).form(addresses::BEGIN, addresses::START, Anyone, begin)
}

async fn start_page(context: RequestContext, headers: HeaderMap) -> Result<Response, Error> {
    if context.user.is_some() {
        return Ok(redirect(addresses::TODAY));
    }
    if context.state.store.has_no_business().await? {
        let draft =
            FirstBusinessDraft { business: default_draft(context.texts.lang()), ..FirstBusinessDraft::default() };
        let title = context.texts.text("begin-title");
        return Ok(context.page(&title, || form(context.texts, &draft, &FormErrors::default())));
    }
    if shared_device(&context.state, &headers).await?.is_some() {
        return Ok(redirect(addresses::DEVICE_START));
    }
    sign_in::page(&context, addresses::START).await
}

async fn begin(
    Shared(state): Shared<AppState>,
    context: RequestContext,
    ClientOrigin(origin): ClientOrigin,
    Form(draft): Form<FirstBusinessDraft>,
) -> Result<Response, Error> {
    let (texts, title) = (context.texts, context.texts.text("begin-title"));
    match create_first_business(&state, context.client, &draft).await {
        Ok(Some(person)) => session::start_session(&state, person, &origin, addresses::GUARANTEES).await,
        // Another request has created the first business in the meantime.
        Ok(None) => Ok(redirect(addresses::START)),
        Err(error) => context.rerender(error, &title, |errors| form(texts, &draft, &errors)),
    }
}

async fn create_first_business(
    state: &AppState,
    client: Option<ClientAddress>,
    draft: &FirstBusinessDraft,
) -> Result<Option<PersonId>, Error> {
    state.allow_from_client(Limit::FirstBusiness, client)?;
    if !state.store.has_no_business().await? {
        return Ok(None);
    }
    let (business, owner) = draft.parse()?;
    let user_inputs = [owner.name.as_str(), owner.email.as_str(), business.name.as_str()];
    let hash = state.hash_password(owner.password.clone(), &user_inputs).await?;
    Ok(state.store.create_first_business(&business, &owner, &hash).await?.map(|(_, person)| person))
}

/// A new business with the likely currency and language filled in.
pub(crate) fn default_draft(language: Language) -> BusinessDraft {
    let [currency, language] = [language.likely_currency(), language.code()].map(str::to_owned);
    BusinessDraft { currency, language, ..BusinessDraft::default() }
}

fn form(texts: Texts, draft: &FirstBusinessDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let at = |field: &str| errors.for_field(texts, field);
    view! {
        <main id="main" class="slim">
            <h1>{texts.text("begin-title")}</h1>
            <p>{texts.text("begin-lead")}</p>
            {errors.summary(texts)}
            <form method="post" action=addresses::BEGIN>
                {business_fields(texts, &draft.business, errors)}
                <h2>{texts.text("begin-sign-in")}</h2>
                <Field name="email" label=texts.text("begin-email") hint=texts.text("begin-email-hint") kind=InputKind::Email value=draft.email.clone() fault=at("email") required=true autocomplete="username" />
                <Field name="password" label=texts.text("sign-in-password") hint=texts.text("begin-password-hint") kind=InputKind::Password fault=at("password") required=true autocomplete="new-password" />
                <p><button class="btn tall">{texts.text("begin-submit")}</button></p>
            </form>
        </main>
    }
}

/// The fields that describe a business.
pub(crate) fn business_fields(texts: Texts, draft: &BusinessDraft, errors: &FormErrors) -> impl IntoView + use<> {
    let draft = draft.clone();
    let at = |field: &str| errors.for_field(texts, field);
    let languages = Language::ALL.map(|lang| ChoiceItem::new(lang.code(), lang.native_name())).to_vec();
    view! {
        <Field name="name" label=texts.text("begin-name") value=draft.name fault=at("name") required=true max=160 autocomplete="organization" />
        <Field name="slug" label=texts.text("begin-slug") hint=texts.text("begin-slug-hint") value=draft.slug fault=at("slug") max=40 />
        <Field name="zone" label=texts.text("begin-zone") hint=texts.text("begin-zone-hint") value=draft.zone fault=at("zone") required=true list="zones" />
        <datalist id="zones">{zone_options()}</datalist>
        <Field name="currency" label=texts.text("begin-currency") hint=texts.text("begin-currency-hint") value=draft.currency fault=at("currency") required=true max=3 />
        <Select name="language" label=texts.text("begin-language") items=languages value=draft.language fault=at("language") required=true />
        <h2>{texts.text("begin-person")}</h2>
        <p class="muted">{texts.text("begin-person-lead")}</p>
        <Field name="contact_name" label=texts.text("begin-contact-name") value=draft.contact_name fault=at("contact_name") required=true max=160 autocomplete="name" />
        <Field name="contact_email" label=texts.text("begin-contact-email") kind=InputKind::Email value=draft.contact_email fault=at("contact_email") />
        <Field name="contact_phone" label=texts.text("begin-contact-phone") hint=texts.text("begin-contact-phone-hint") kind=InputKind::Phone value=draft.contact_phone fault=at("contact_phone") autocomplete="tel" />
    }
}
