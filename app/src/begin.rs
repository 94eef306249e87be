//! The front door: begin on an empty installation, else sign in, else the day.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::business::{BeginDraft, BusinessDraft, Language};
use domain::ids::PersonId;
use http::HeaderMap;
use leptos::prelude::*;

use crate::client::Client;
use crate::devices::HERE;
use crate::doors::Doors;
use crate::doors::Rule::{Anyone, Known};
use crate::error::Error;
use crate::form::{Field, Item, Kind, Select};
use crate::limits::Bound;
use crate::page::{Trouble, go};
use crate::sign_in;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Asking, Form, Visit, at_device};

pub fn doors(doors: Doors) -> Doors {
    doors.get("/", Known, front).form("/begin", "/", Anyone, begin)
}

async fn front(visit: Visit, headers: HeaderMap) -> Result<Response, Error> {
    if visit.visitor.is_some() {
        return Ok(go("/today"));
    }
    if visit.state.store.is_empty().await? {
        let draft = BeginDraft { business: blank(visit.texts.lang()), ..BeginDraft::default() };
        let title = visit.texts.say("begin-title");
        return Ok(visit.page(&title, || form(visit.texts, &draft, &Trouble::default())));
    }
    if at_device(&visit.state, &headers).await?.is_some() {
        return Ok(go(HERE));
    }
    sign_in::page(&visit, "/").await
}

async fn begin(
    Shared(state): Shared<State>,
    visit: Visit,
    Asking(origin): Asking,
    Form(draft): Form<BeginDraft>,
) -> Result<Response, Error> {
    let (texts, title) = (visit.texts, visit.texts.say("begin-title"));
    match begun(&state, visit.client, &draft).await {
        Ok(Some(person)) => sign_in::enter(&state, person, &origin, "/guarantees").await,
        // Somebody else was first: their installation is not ours to begin.
        Ok(None) => Ok(go("/")),
        Err(error) => visit.again(error, &title, |trouble| form(texts, &draft, &trouble)),
    }
}

async fn begun(state: &State, client: Option<Client>, draft: &BeginDraft) -> Result<Option<PersonId>, Error> {
    state.allow_from(Bound::Begin, client)?;
    if !state.store.is_empty().await? {
        return Ok(None);
    }
    let (business, owner) = draft.parse()?;
    let known = [owner.name.as_str(), owner.email.as_str(), business.name.as_str()];
    let hash = state.hash(owner.password.clone(), &known).await?;
    Ok(state.store.begin(&business, &owner, &hash).await?.map(|(_, person)| person))
}

/// What can be guessed of a business before it is typed.
pub(crate) fn blank(language: Language) -> BusinessDraft {
    let currency = match language {
        Language::En => "USD",
        Language::Pl => "PLN",
    };
    BusinessDraft { currency: currency.to_owned(), language: language.code().to_owned(), ..BusinessDraft::default() }
}

fn form(texts: Texts, draft: &BeginDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let at = |field: &str| trouble.at(texts, field);
    view! {
        <main id="main" class="slim">
            <h1>{texts.say("begin-title")}</h1>
            <p>{texts.say("begin-lead")}</p>
            {trouble.summary(texts)}
            <form method="post" action="/begin">
                {fields(texts, &draft.business, trouble)}
                <h2>{texts.say("begin-door")}</h2>
                <Field name="email" label=texts.say("begin-email") hint=texts.say("begin-email-hint") kind=Kind::Email value=draft.email.clone() fault=at("email") required=true autocomplete="username" />
                <Field name="password" label=texts.say("sign-in-password") hint=texts.say("begin-password-hint") kind=Kind::Password fault=at("password") required=true autocomplete="new-password" />
                <p><button class="btn tall">{texts.say("begin-submit")}</button></p>
            </form>
        </main>
    }
}

/// What a business is asked about itself.
pub(crate) fn fields(texts: Texts, draft: &BusinessDraft, trouble: &Trouble) -> impl IntoView + use<> {
    let draft = draft.clone();
    let at = |field: &str| trouble.at(texts, field);
    let languages = Language::ALL.map(|lang| Item::new(lang.code(), lang.own_name())).to_vec();
    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| view! { <option value=zone.name()></option> }).collect_view();
    view! {
        <Field name="name" label=texts.say("begin-name") value=draft.name fault=at("name") required=true max=160 autocomplete="organization" />
        <Field name="slug" label=texts.say("begin-slug") hint=texts.say("begin-slug-hint") value=draft.slug fault=at("slug") max=40 />
        <Field name="zone" label=texts.say("begin-zone") hint=texts.say("begin-zone-hint") value=draft.zone fault=at("zone") required=true list="zones" />
        <datalist id="zones">{zones}</datalist>
        <Field name="currency" label=texts.say("begin-currency") hint=texts.say("begin-currency-hint") value=draft.currency fault=at("currency") required=true max=3 />
        <Select name="language" label=texts.say("begin-language") items=languages value=draft.language fault=at("language") required=true />
        <h2>{texts.say("begin-person")}</h2>
        <p class="soft">{texts.say("begin-person-lead")}</p>
        <Field name="contact_name" label=texts.say("begin-contact-name") value=draft.contact_name fault=at("contact_name") required=true max=160 autocomplete="name" />
        <Field name="contact_email" label=texts.say("begin-contact-email") kind=Kind::Email value=draft.contact_email fault=at("contact_email") />
        <Field name="contact_phone" label=texts.say("begin-contact-phone") hint=texts.say("begin-contact-phone-hint") kind=Kind::Phone value=draft.contact_phone fault=at("contact_phone") autocomplete="tel" />
    }
}
