//! Finding a place by the code on its label, for labels that cannot be scanned.

use axum::response::Response;
use domain::actor::Act;
use domain::fault::{Fault, Faults};
use domain::place::Code;
use leptos::prelude::*;
use serde::Deserialize;

use super::page::address;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::form::Field;
use crate::page::{Trouble, go};
use crate::texts::Texts;
use crate::visit::{Inside, Query};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.get("/check", Member(Act::Look), by_code)
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
    let found = match Code::parse(&code) {
        Ok(parsed) => inside.visit.state.store.place_by_code(inside.actor(), &parsed).await?,
        Err(_) => None,
    };
    match found {
        Some(place) => Ok(go(&address(place.id, None))),
        None if code.is_empty() => Ok(inside.page(&title, || code_page(texts, "", &Trouble::default()))),
        None => {
            let faults = Faults::one("code", Fault::NotFound);
            inside.again(faults, &title, |trouble| code_page(texts, &code, &trouble))
        }
    }
}

fn code_page(texts: Texts, code: &str, trouble: &Trouble) -> impl IntoView + use<> {
    view! {
        <main id="main" class="slim">
            <h1>{texts.say("checks-code-title")}</h1>
            {trouble.summary(texts)}
            {code_form(texts, code, trouble.at(texts, "code").map(|_| texts.say("checks-code-unknown")))}
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
