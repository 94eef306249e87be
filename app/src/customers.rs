//! A customer's own data: handed to them when they ask for it, and forgotten.

use axum::response::{IntoResponse, Response};
use domain::actor::Act;
use domain::ids::RecoveryId;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use leptos::prelude::*;
use store::{Customer, CustomerFile, RecoveryPage};

use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::page::go;
use crate::visit::{Inside, Path};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/recoveries/{id}/forget", Member(Act::Erase), ask)
        .post("/recoveries/{id}/forget", Member(Act::Erase), forget)
        .get("/recoveries/{id}/customer.json", Member(Act::Erase), hand_over)
}

/// What would be forgotten, and what would stay.
async fn ask(inside: Inside, Path(id): Path<RecoveryId>) -> Result<Response, Error> {
    let (store, actor) = (&inside.visit.state.store, inside.actor());
    let page = store.recovery(actor, id).await?.ok_or(Error::NotFound)?;
    if page.customer.is_none() && !page.recovery.has_customer() {
        return Err(Error::NotFound);
    }
    let file = store.customer_file(actor, id).await?;
    let when = When::of(inside.visit.texts, &store.home(actor).await?, store.now());
    let title = inside.visit.texts.say("customers-forget");
    Ok(inside.page(&title, || confirm(&when, &page, file.as_ref())))
}

async fn forget(inside: Inside, Path(id): Path<RecoveryId>) -> Result<Response, Error> {
    let forgotten = inside.visit.state.store.erase_customer(inside.actor(), id).await?.ok_or(Error::NotFound)?;
    // Where there was nothing left to forget, the page says so.
    Ok(go(&format!("/recoveries/{id}{}", if forgotten.again { "/forget" } else { "" })))
}

/// Everything about the customer, as a file to be sent to them.
async fn hand_over(inside: Inside, Path(id): Path<RecoveryId>) -> Result<Response, Error> {
    let file = inside.visit.state.store.customer_file(inside.actor(), id).await?.ok_or(Error::NotFound)?;
    Ok(download("customer.json", serde_json::to_string_pretty(&file).map_err(store::Error::from)?))
}

/// A file that is nobody else's to keep.
pub(crate) fn download(name: &str, body: String) -> Response {
    let says = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (says, body).into_response()
}

fn confirm(when: &When, page: &RecoveryPage, file: Option<&CustomerFile>) -> impl IntoView + use<> {
    let (texts, id) = (when.texts, page.row.id);
    let back = format!("/recoveries/{id}");
    let number = texts.tell("recoveries-number", &[("number", page.row.number.to_string().into())]);
    let name = match &page.customer {
        Some(Customer::Named { name, .. }) => name.clone(),
        _ => texts.say("customers-unnamed"),
    };
    let count = file.map_or(1, |file| file.recoveries.len());
    let body = match page.recovery.forgotten_at.filter(|_| !page.recovery.has_private_words()) {
        Some(at) => {
            let says = texts.tell("customers-forgotten-already", &[("at", when.at(at).into())]);
            view! { <p role="status">{says}</p> }.into_any()
        }
        None => view! {
            <p>{texts.tell("customers-forget-whom", &[("name", name.into()), ("count", count.into())])}</p>
            <div class="note warn">
                <h2>{texts.say("customers-goes")}</h2>
                <ul>
                    <li>{texts.say("customers-goes-name")}</li>
                    <li>{texts.say("customers-goes-words")}</li>
                    <li>{texts.say("customers-goes-link")}</li>
                </ul>
            </div>
            <div class="note">
                <h2>{texts.say("customers-stays")}</h2>
                <ul>
                    <li>{texts.say("customers-stays-public")}</li>
                    <li>{texts.say("customers-stays-counts")}</li>
                    <li>{texts.say("customers-stays-record")}</li>
                </ul>
            </div>
            <p>{texts.say("customers-forget-open")}</p>
            <form method="post" action=format!("{back}/forget")>
                <p><button class="btn stop tall">{texts.say("customers-forget-now")}</button></p>
            </form>
        }
        .into_any(),
    };
    view! {
        <main id="main" class="slim">
            <p><a class="link" href=back>{format!("‹ {number}")}</a></p>
            <h1>{texts.say("customers-forget")}</h1>
            {body}
        </main>
    }
}
