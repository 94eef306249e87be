//! Finds a place by the typed code on its tag, for tags that cannot be scanned.

use axum::response::Response;
use domain::fault::{Fault, Faults};
use domain::place::TagCode;
use domain::role::Permission;
use leptos::prelude::*;
use serde::Deserialize;
use store::PlaceRow;

use crate::addresses;
use crate::doors::AccessRule::MemberOrPinSession;
use crate::doors::Doors;
use crate::error::Error;
use crate::form::Field;
use crate::page::{FormErrors, redirect};
use crate::request_context::{Query, SignedIn};
use crate::texts::Texts;

pub(super) fn doors(doors: Doors) -> Doors {
    doors.get(addresses::CHECK_BY_CODE, MemberOrPinSession(Permission::ViewToday), by_code)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CodeQuery {
    code: String,
}

/// Redirects to the place, or shows the form again.
async fn by_code(signed_in: SignedIn, Query(query): Query<CodeQuery>) -> Result<Response, Error> {
    let (texts, code) = (signed_in.context.texts, query.code);
    let title = texts.text("checks-code-title");
    let store = &signed_in.context.state.store;
    let (found, former_place) = match TagCode::parse(&code) {
        Ok(parsed) => {
            let found = store.place_by_code(signed_in.actor(), &parsed).await?;
            (found, store.place_by_replaced_code(signed_in.actor(), &parsed).await?)
        }
        Err(_) => (None, None),
    };
    match found {
        Some(place) => Ok(redirect(&addresses::check(place.id))),
        None if code.is_empty() => Ok(signed_in.page(&title, || code_page(texts, "", None, &FormErrors::default()))),
        None => {
            let faults = Faults::one("code", Fault::NotFound);
            signed_in.rerender(faults, &title, |errors| code_page(texts, &code, former_place.as_ref(), &errors))
        }
    }
}

fn code_page(texts: Texts, code: &str, former_place: Option<&PlaceRow>, errors: &FormErrors) -> impl IntoView + use<> {
    let place_args =
        |place: &PlaceRow| [("place", place.name.clone().into()), ("site", place.site_name.clone().into())];
    let fault = errors.for_field(texts, "code").map(|_| match former_place {
        Some(place) => texts.text_with("checks-code-replaced", &place_args(place)),
        None => texts.text("checks-code-unknown"),
    });
    view! {
        <main id="main" class="slim">
            <h1>{texts.text("checks-code-title")}</h1>
            {errors.summary(texts)}
            {code_form(texts, code, fault)}
        </main>
    }
}

/// The field for the code of a tag.
pub(crate) fn code_form(texts: Texts, code: &str, fault: Option<String>) -> impl IntoView + use<> {
    let code = code.to_owned();
    view! {
        <form class="code" method="get" action=addresses::CHECK_BY_CODE>
            <Field name="code" label=texts.text("checks-code") hint=texts.text("checks-code-hint") value=code fault required=true max=12 autocomplete="off" />
            <button class="btn quiet">{texts.text("checks-code-go")}</button>
        </form>
    }
}
