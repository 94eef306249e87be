//! Finding a place by the code on its label, for labels that cannot be scanned.

use axum::response::Response;
use domain::actor::Act;
use domain::fault::{Fault, Faults};
use domain::place::Code;
use leptos::prelude::*;
use serde::Deserialize;
use store::PlaceRow;

use super::page::address;
use crate::doors::Doors;
use crate::doors::Rule::MemberOrTurn;
use crate::error::Error;
use crate::form::Field;
use crate::page::{Trouble, go};
use crate::texts::Texts;
use crate::visit::{Inside, Query};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.get("/check", MemberOrTurn(Act::Look), by_code)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Typed {
    code: String,
}

/// To the place, or the form again.
async fn by_code(inside: Inside, Query(typed): Query<Typed>) -> Result<Response, Error> {
    let (texts, code) = (inside.visit.texts, typed.code);
    let title = texts.say("checks-code-title");
    let store = &inside.visit.state.store;
    let (found, before) = match Code::parse(&code) {
        Ok(parsed) => {
            let found = store.place_by_code(inside.actor(), &parsed).await?;
            (found, store.place_by_old_code(inside.actor(), &parsed).await?)
        }
        Err(_) => (None, None),
    };
    match found {
        Some(place) => Ok(go(&address(place.id, None))),
        None if code.is_empty() => Ok(inside.page(&title, || code_page(texts, "", None, &Trouble::default()))),
        None => {
            let faults = Faults::one("code", Fault::NotFound);
            inside.again(faults, &title, |trouble| code_page(texts, &code, before.as_ref(), &trouble))
        }
    }
}

fn code_page(texts: Texts, code: &str, before: Option<&PlaceRow>, trouble: &Trouble) -> impl IntoView + use<> {
    let named = |place: &PlaceRow| [("place", place.name.clone().into()), ("site", place.site_name.clone().into())];
    let fault = trouble.at(texts, "code").map(|_| match before {
        Some(place) => texts.tell("checks-code-replaced", &named(place)),
        None => texts.say("checks-code-unknown"),
    });
    view! {
        <main id="main" class="slim">
            <h1>{texts.say("checks-code-title")}</h1>
            {trouble.summary(texts)}
            {code_form(texts, code, fault)}
        </main>
    }
}

/// For a label that cannot be scanned.
pub(crate) fn code_form(texts: Texts, code: &str, fault: Option<String>) -> impl IntoView + use<> {
    let code = code.to_owned();
    view! {
        <form class="code" method="get" action="/check">
            <Field name="code" label=texts.say("checks-code") hint=texts.say("checks-code-hint") value=code fault required=true max=12 autocomplete="off" />
            <button class="btn quiet">{texts.say("checks-code-go")}</button>
        </form>
    }
}
