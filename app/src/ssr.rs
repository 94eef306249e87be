//! What server functions reach: the store, and who asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::request::Parts;
use domain::actor::Actor;
use leptos::prelude::{ServerFnError, expect_context, use_context};
use leptos_axum::ResponseOptions;
use store::{Store, Visitor};

use crate::error::Error;
use crate::page::refused;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::language;
use domain::business::Language;

/// Whether the function itself has said why it failed.
#[derive(Clone, Default)]
pub struct Failed(Arc<AtomicBool>);

impl Failed {
    pub fn is_said(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub fn store() -> Store {
    expect_context::<State>().store.clone()
}

/// Who asks, as the door has let them in.
pub fn me() -> Result<Actor, ServerFnError> {
    let visitor = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Visitor>().cloned());
    visitor.map(|visitor| visitor.actor).ok_or_else(|| fail(Error::Unauthenticated))
}

/// Sets the status of the answer, and says what is wrong in the reader's language.
pub fn fail(error: impl Into<Error>) -> ServerFnError {
    let error = error.into();
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(error.status());
    }
    if let Some(Failed(said)) = use_context() {
        said.store(true, Ordering::Relaxed);
    }
    let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
    let texts = Texts::of(language(&expect_context::<State>(), &headers, None, Language::En));
    ServerFnError::ServerError(in_a_word(texts, &error))
}

/// What is wrong, where there is no room for a page.
pub fn in_a_word(texts: Texts, error: &Error) -> String {
    match error {
        Error::Invalid(faults) => faults.all().iter().map(|one| texts.fault(one.fault)).collect::<Vec<_>>().join(" "),
        Error::Conflict(refusal) => refused(texts, refusal),
        Error::NotFound => texts.say("not-found-title"),
        Error::Gone => texts.say("gone-title"),
        Error::Forbidden => texts.say("forbidden-title"),
        Error::Unauthenticated => texts.say("signed-out-title"),
        Error::TooMany { .. } => texts.say("too-many-title"),
        Error::Unavailable => texts.say("unavailable-title"),
        Error::Internal => texts.say("internal-title"),
    }
}
