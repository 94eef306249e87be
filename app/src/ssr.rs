//! What server functions reach: the store, and who asks.

use axum::http::request::Parts;
use domain::actor::Actor;
use leptos::prelude::{ServerFnError, expect_context, use_context};
use leptos_axum::ResponseOptions;
use store::Store;

use crate::error::Error;
use crate::page::refused;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{cookie, language};
use domain::business::Language;

pub fn store() -> Store {
    expect_context::<State>().store
}

/// Who asks: someone signed in, or nobody.
pub async fn me() -> Result<Actor, ServerFnError> {
    let state = expect_context::<State>();
    let parts = use_context::<Parts>().ok_or_else(|| fail(Error::Internal))?;
    let token = cookie(&parts.headers, state.cookie()).ok_or_else(|| fail(Error::Unauthenticated))?;
    let visitor = state.store.visitor(token).await.map_err(fail)?;
    visitor.map(|visitor| visitor.actor).ok_or_else(|| fail(Error::Unauthenticated))
}

/// Sets the status of the answer, and says what is wrong in the reader's language.
pub fn fail(error: impl Into<Error>) -> ServerFnError {
    let error = error.into();
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(error.status());
    }
    let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
    let texts = Texts::of(language(&headers, None, Language::En));
    ServerFnError::ServerError(match &error {
        Error::Invalid(faults) => faults.all().iter().map(|one| texts.fault(one.fault)).collect::<Vec<_>>().join(" "),
        Error::Conflict(refusal) => refused(texts, refusal),
        Error::NotFound => texts.say("not-found-title"),
        Error::Forbidden => texts.say("forbidden-title"),
        Error::Unauthenticated => texts.say("signed-out-title"),
        Error::Unavailable => texts.say("unavailable-title"),
        Error::Internal => texts.say("internal-title"),
    })
}
