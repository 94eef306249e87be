//! A customer's own data: exporting it and erasing it.

use axum::response::{IntoResponse, Response};
use domain::ids::RecoveryId;
use domain::role::Permission;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use leptos::prelude::*;
use store::{CustomerExport, CustomerView, RecoveryDetail};

use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::local_time::LocalTime;
use crate::page::redirect;
use crate::request_context::{Path, SignedIn};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::ERASE_CUSTOMER, Member(Permission::EraseCustomers), confirm_erasure)
        .post(addresses::ERASE_CUSTOMER, Member(Permission::EraseCustomers), erase)
        .get(addresses::CUSTOMER_EXPORT, Member(Permission::EraseCustomers), export)
}

/// Asks for confirmation and says what is erased and what stays.
async fn confirm_erasure(signed_in: SignedIn, Path(id): Path<RecoveryId>) -> Result<Response, Error> {
    let (store, actor) = (&signed_in.context.state.store, signed_in.actor());
    let page = store.recovery(actor, id).await?.ok_or(Error::NotFound)?;
    if page.customer.is_none() && !page.recovery.has_customer() {
        return Err(Error::NotFound);
    }
    let file = store.export_customer(actor, id).await?;
    let local_time = LocalTime::of(signed_in.context.texts, &store.business(actor).await?, store.now());
    let title = signed_in.context.texts.text("customers-forget");
    Ok(signed_in.page(&title, || erasure_page(&local_time, &page, file.as_ref())))
}

async fn erase(signed_in: SignedIn, Path(id): Path<RecoveryId>) -> Result<Response, Error> {
    let erased = signed_in.context.state.store.erase_customer(signed_in.actor(), id).await?.ok_or(Error::NotFound)?;
    // If it had been erased before, the confirmation page says so.
    Ok(if erased.already_erased {
        redirect(&addresses::erase_customer(id))
    } else {
        signed_in.saved(&addresses::recovery(id), Flash::CustomerErased)
    })
}

/// Everything stored about the customer, as a JSON file to send to them.
async fn export(signed_in: SignedIn, Path(id): Path<RecoveryId>) -> Result<Response, Error> {
    let file = signed_in.context.state.store.export_customer(signed_in.actor(), id).await?.ok_or(Error::NotFound)?;
    Ok(download_json("customer.json", serde_json::to_string_pretty(&file).map_err(store::Error::Serialize)?))
}

/// A JSON download.
pub(crate) fn download_json(name: &str, body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, body).into_response()
}

fn erasure_page(local_time: &LocalTime, page: &RecoveryDetail, file: Option<&CustomerExport>) -> impl IntoView + use<> {
    let (texts, id) = (local_time.texts, page.row.id);
    let back = addresses::recovery(id);
    let number = texts.text_with("recoveries-number", &[("number", page.row.number.to_string().into())]);
    let name = match &page.customer {
        Some(CustomerView::Named { name, .. }) => name.clone(),
        _ => texts.text("customers-unnamed"),
    };
    let count = file.map_or(1, |file| file.recoveries.len());
    let body = match page.recovery.customer_erased_at.filter(|_| !page.recovery.can_erase_customer()) {
        Some(at) => {
            let message = texts.text_with("customers-forgotten-already", &[("at", local_time.date_time(at).into())]);
            view! { <p role="status">{message}</p> }.into_any()
        }
        None => view! {
            <p>{texts.text_with("customers-forget-whom", &[("name", name.into()), ("count", count.into())])}</p>
            <div class="note warn">
                <h2>{texts.text("customers-erased")}</h2>
                <ul>
                    <li>{texts.text("customers-erased-name")}</li>
                    <li>{texts.text("customers-erased-words")}</li>
                    <li>{texts.text("customers-erased-link")}</li>
                </ul>
            </div>
            <div class="note">
                <h2>{texts.text("customers-retained")}</h2>
                <ul>
                    <li>{texts.text("customers-retained-public")}</li>
                    <li>{texts.text("customers-retained-counts")}</li>
                    <li>{texts.text("customers-retained-record")}</li>
                </ul>
            </div>
            <p>{texts.text("customers-forget-open")}</p>
            <form method="post" action=addresses::erase_customer(id)>
                <p><button class="btn stop tall">{texts.text("customers-forget-now")}</button></p>
            </form>
        }
        .into_any(),
    };
    view! {
        <main id="main" class="slim">
            <p><a class="link" href=back>{format!("‹ {number}")}</a></p>
            <h1>{texts.text("customers-forget")}</h1>
            {body}
        </main>
    }
}
