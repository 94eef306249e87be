//! Signing in at a shared device: choose your name, type your PIN.

use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use domain::fault::Fault;
use domain::ids::PersonId;
use domain::text::tidy;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::{DeviceUser, RegisteredDevice};

use crate::addresses;
use crate::doors::AccessRule;
use crate::doors::Doors;
use crate::error::Error;
use crate::form::{Field, InputKind};
use crate::lookalikes::LookalikeNames;
use crate::page::FormErrors;
use crate::rate_limits::Limit;
use crate::request_context::{ClientOrigin, Form, Path, Query, SharedDevice};
use crate::return_to::{ReturnTo, local_or_start};
use crate::session::session_redirect;
use crate::state::AppState;
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::DEVICE_START, AccessRule::Device, choose_person)
        .get(addresses::PIN_SIGN_IN, AccessRule::Device, show_pin_form)
        .post(addresses::PIN_SIGN_IN, AccessRule::Device, sign_in)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReturnToQuery {
    to: ReturnTo,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PinDraft {
    pin: String,
    to: ReturnTo,
}

async fn choose_person(shared: SharedDevice, Query(query): Query<ReturnToQuery>) -> Result<Response, Error> {
    let colleagues = shared.context.state.store.device_users(&shared.device).await?;
    let title = shared.device.name.clone();
    Ok(shared.context.page(&title, || people_page(shared.context.texts, &shared.device, &colleagues, &query.to)))
}

async fn show_pin_form(
    shared: SharedDevice,
    Path(person): Path<PersonId>,
    Query(query): Query<ReturnToQuery>,
) -> Result<Response, Error> {
    let colleague = find_user(&shared, person).await?;
    let title = colleague.name.clone();
    Ok(shared.context.page(&title, || pin_page(&shared, &colleague, &query.to, &FormErrors::default())))
}

/// An attempt is counted before it is checked. The fifth wrong PIN locks the person out of this device for a while.
async fn sign_in(
    shared: SharedDevice,
    Shared(state): Shared<AppState>,
    ClientOrigin(origin): ClientOrigin,
    Path(person): Path<PersonId>,
    Form(draft): Form<PinDraft>,
) -> Result<Response, Error> {
    state.allow_from_client(Limit::SignInsByAddress, shared.context.client)?;
    let hash_or_lock = state.store.count_pin_attempt(&shared.device, person).await?.ok_or(Error::NotFound)?;
    let Ok(hash) = hash_or_lock else { return rejected(&shared, person, &draft.to, None).await };
    if state.verify_password(tidy(&draft.pin), Some(hash)).await? {
        let session = state.store.begin_pin_session(&shared.device, person, &origin).await?;
        let to = if draft.to.is_empty() { addresses::TODAY } else { local_or_start(&draft.to) };
        return session_redirect(&state, Some(session), to);
    }
    state.store.audit_wrong_pin(&shared.device, person, &origin).await?;
    rejected(&shared, person, &draft.to, Some(Fault::Wrong)).await
}

/// Shows the form again. While the person is locked out it has no field.
async fn rejected(shared: &SharedDevice, person: PersonId, to: &str, fault: Option<Fault>) -> Result<Response, Error> {
    let colleague = find_user(shared, person).await?;
    let (context, title) = (&shared.context, colleague.name.clone());
    if let (Some(fault), None) = (fault, colleague.locked_until) {
        return context
            .rerender(Error::invalid("pin", fault), &title, |errors| pin_page(shared, &colleague, to, &errors));
    }
    let page = context.page(&title, || pin_page(shared, &colleague, to, &FormErrors::default()));
    Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response())
}

async fn find_user(shared: &SharedDevice, person: PersonId) -> Result<DeviceUser, Error> {
    let colleagues = shared.context.state.store.device_users(&shared.device).await?;
    colleagues.into_iter().find(|colleague| colleague.person == person).ok_or(Error::NotFound)
}

fn people_page(texts: Texts, device: &RegisteredDevice, colleagues: &[DeviceUser], to: &str) -> impl IntoView + use<> {
    let to = ReturnTo::of(to).query();
    let lookalikes = LookalikeNames::among(colleagues.iter().map(|one| (one.person.0, one.name.as_str())));
    let each = colleagues.iter().map(|one| {
        let (href, name) = (format!("{}?{to}", addresses::pin_sign_in(one.person)), one.name.clone());
        let locked = one.locked_until.map(|_| view! { <small>{texts.text("device-locked-short")}</small> });
        view! { <li><a class="btn quiet tall" href=href><span>{name}{lookalikes.note(texts, one.person.0)}</span>{locked}</a></li> }
    });
    let nobody =
        colleagues.is_empty().then(|| view! { <section class="empty"><p>{texts.text("device-nobody")}</p></section> });
    view! {
        <main id="main" class="phone">
            <p class="label">{format!("{} · {}", device.site_name, device.name)}</p>
            <h1>{texts.text("device-who")}</h1>
            {nobody}
            <ul class="names">{each.collect_view()}</ul>
            <p class="muted small">{texts.text("device-help")}</p>
        </main>
    }
}

fn pin_page(shared: &SharedDevice, colleague: &DeviceUser, to: &str, errors: &FormErrors) -> impl IntoView + use<> {
    let (texts, now) = (shared.context.texts, shared.context.state.store.now());
    let (action, to) = (addresses::pin_sign_in(colleague.person), to.to_owned());
    let label = format!("{} · {}", shared.device.site_name, shared.device.name);
    let body = match colleague.locked_until {
        Some(until) => {
            let minutes_left = (until - now).num_minutes() + 1;
            view! { <div class="note warn" role="alert"><p>{texts.text_with("device-locked", &[("minutes", minutes_left.into())])}</p></div> }
                .into_any()
        }
        None => view! {
            <form class="pin" method="post" action=action>
                <input type="hidden" name="to" value=to />
                <Field name="pin" label=texts.text("device-pin") kind=InputKind::Pin fault=errors.for_field(texts, "pin") required=true autocomplete="off" focus_on_fault=true />
                <p><button class="btn tall">{texts.text("device-submit")}</button></p>
            </form>
        }
        .into_any(),
    };
    view! {
        <main id="main" class="phone">
            <p class="label">{label}</p>
            <h1>{colleague.name.clone()}</h1>
            {body}
            <p><a class="link" href=addresses::DEVICE_START>{texts.text("device-other-person")}</a></p>
        </main>
    }
}
