//! How a phone is answered: stored, refused in words, or to be sent again.

use http::StatusCode;
use leptos::prelude::{ServerFnError, use_context};
use leptos_axum::ResponseOptions;
use store::Logged;

use super::api::{NotStored, Stored};

pub(super) fn stored(logged: Logged) -> Stored {
    Stored { check: logged.check.to_string(), recovery: logged.recovery.map(|id| id.to_string()) }
}

/// What failed on our side may work in a moment; what was refused will be refused again.
pub(super) fn not_stored(error: ServerFnError) -> NotStored {
    let status = use_context::<ResponseOptions>().and_then(|options| options.0.read().ok()?.status);
    match error {
        _ if status == Some(StatusCode::UNAUTHORIZED) => NotStored::SignedOut,
        ServerFnError::ServerError(words) if !status.is_some_and(|status| status.is_server_error()) => {
            NotStored::Rejected(words)
        }
        _ => NotStored::Unreachable,
    }
}
