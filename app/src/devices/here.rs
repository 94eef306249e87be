//! At a shared device: say who you are, type your PIN, and what you check is yours.

use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use domain::fault::Fault;
use domain::ids::PersonId;
use domain::text::tidy;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::{AtDevice, Colleague};

use crate::alike::Alike;
use crate::doors::Doors;
use crate::doors::Rule;
use crate::error::Error;
use crate::form::{Field, Kind};
use crate::limits::Bound;
use crate::page::Trouble;
use crate::return_to::{ReturnTo, local};
use crate::sign_in::with;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Asking, Device, Form, Path, Query};

/// Where a device stands while nobody stands at it.
pub(crate) const HERE: &str = "/device";

pub fn doors(doors: Doors) -> Doors {
    doors.get(HERE, Rule::Device, people).get("/device/{person}", Rule::Device, ask).post(
        "/device/{person}",
        Rule::Device,
        enter,
    )
}

/// Where someone at a device says who they are, so that they come back to what they wanted.
pub(crate) fn address(path: &str) -> String {
    format!("{HERE}?{}", ReturnTo::of(path).query())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    to: ReturnTo,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PinDraft {
    pin: String,
    to: ReturnTo,
}

async fn people(device: Device, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let colleagues = device.visit.state.store.colleagues(&device.at).await?;
    let title = device.at.name.clone();
    Ok(device.visit.page(&title, || choice(device.visit.texts, &device.at, &colleagues, &wanted.to)))
}

async fn ask(device: Device, Path(person): Path<PersonId>, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let colleague = one(&device, person).await?;
    let title = colleague.name.clone();
    Ok(device.visit.page(&title, || pin(&device, &colleague, &wanted.to, &Trouble::default())))
}

/// A try is counted before it is judged; at the fifth wrong one the name is locked here for a while.
async fn enter(
    device: Device,
    Shared(state): Shared<State>,
    Asking(origin): Asking,
    Path(person): Path<PersonId>,
    Form(draft): Form<PinDraft>,
) -> Result<Response, Error> {
    state.allow_from(Bound::Place, device.visit.client)?;
    let known = state.store.try_pin(&device.at, person).await?.ok_or(Error::NotFound)?;
    let Ok(hash) = known else { return refused(&device, person, &draft.to, None).await };
    if state.matches(tidy(&draft.pin), Some(hash)).await? {
        let session = state.store.begin_turn(&device.at, person, &origin).await?;
        let to = if draft.to.is_empty() { "/today" } else { local(&draft.to) };
        return with(&state, Some(session), to);
    }
    state.store.note_wrong_pin(&device.at, person, &origin).await?;
    refused(&device, person, &draft.to, Some(Fault::Wrong)).await
}

/// The page again. While a name is locked there is nothing to type.
async fn refused(device: &Device, person: PersonId, to: &str, fault: Option<Fault>) -> Result<Response, Error> {
    let colleague = one(device, person).await?;
    let (visit, title) = (&device.visit, colleague.name.clone());
    if let (Some(fault), None) = (fault, colleague.locked_until) {
        return visit.again(Error::invalid("pin", fault), &title, |trouble| pin(device, &colleague, to, &trouble));
    }
    let page = visit.page(&title, || pin(device, &colleague, to, &Trouble::default()));
    Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response())
}

async fn one(device: &Device, person: PersonId) -> Result<Colleague, Error> {
    let colleagues = device.visit.state.store.colleagues(&device.at).await?;
    colleagues.into_iter().find(|colleague| colleague.person == person).ok_or(Error::NotFound)
}

fn choice(texts: Texts, at: &AtDevice, colleagues: &[Colleague], to: &str) -> impl IntoView + use<> {
    let to = ReturnTo::of(to).query();
    let alike = Alike::among(colleagues.iter().map(|one| (one.person.0, one.name.as_str())));
    let each = colleagues.iter().map(|one| {
        let (href, name) = (format!("{HERE}/{}?{to}", one.person), one.name.clone());
        let locked = one.locked_until.map(|_| view! { <small>{texts.say("device-locked-short")}</small> });
        view! { <li><a class="btn quiet tall" href=href><span>{name}{alike.note(texts, one.person.0)}</span>{locked}</a></li> }
    });
    let nobody =
        colleagues.is_empty().then(|| view! { <section class="empty"><p>{texts.say("device-nobody")}</p></section> });
    view! {
        <main id="main" class="phone">
            <p class="label">{format!("{} · {}", at.site_name, at.name)}</p>
            <h1>{texts.say("device-who")}</h1>
            {nobody}
            <ul class="names">{each.collect_view()}</ul>
            <p class="soft small">{texts.say("device-help")}</p>
        </main>
    }
}

fn pin(device: &Device, colleague: &Colleague, to: &str, trouble: &Trouble) -> impl IntoView + use<> {
    let (texts, now) = (device.visit.texts, device.visit.state.store.now());
    let (action, to) = (format!("{HERE}/{}", colleague.person), to.to_owned());
    let label = format!("{} · {}", device.at.site_name, device.at.name);
    let body = match colleague.locked_until {
        Some(until) => {
            let left = (until - now).num_minutes() + 1;
            view! { <div class="note warn" role="alert"><p>{texts.tell("device-locked", &[("minutes", left.into())])}</p></div> }
                .into_any()
        }
        None => view! {
            <form class="pin" method="post" action=action>
                <input type="hidden" name="to" value=to />
                <Field name="pin" label=texts.say("device-pin") kind=Kind::Pin fault=trouble.at(texts, "pin") required=true autocomplete="off" alone=true />
                <p><button class="btn tall">{texts.say("device-enter")}</button></p>
            </form>
        }
        .into_any(),
    };
    view! {
        <main id="main" class="phone">
            <p class="label">{label}</p>
            <h1>{colleague.name.clone()}</h1>
            {body}
            <p><a class="link" href=HERE>{texts.say("device-another")}</a></p>
        </main>
    }
}
