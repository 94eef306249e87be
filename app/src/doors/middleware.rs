//! Applies the access rule of a door to a request.

use axum::extract::{Request, State as Shared};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::role::Permission;
use http::{Extensions, HeaderMap, Method};
use store::{Authenticated, PinSession};

use super::rules::{AccessRule, DoorRules, ErrorFormat};
use crate::error::Error;
use crate::request_context::{path_and_query, pending_sign_in, shared_device};
use crate::state::AppState;
use crate::{addresses, request_context, return_to};

/// Admits anyone. An accepted session is attached to the request.
pub(super) async fn optional_session(
    Shared((state, rules)): Shared<(AppState, DoorRules)>,
    mut request: Request,
    next: Next,
) -> Response {
    match recognize(&state, rules.access, request.headers(), request.extensions()).await {
        Ok(authenticated) => {
            if let Some(authenticated) = authenticated {
                attach_user(&mut request, authenticated);
            }
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Admits members whose role has the permission. Without a session, see [`require_sign_in`].
pub(super) async fn members_only(
    Shared((state, rules, permission)): Shared<(AppState, DoorRules, Permission)>,
    mut request: Request,
    next: Next,
) -> Response {
    let authenticated = match recognize(&state, rules.access, request.headers(), request.extensions()).await {
        Ok(Some(authenticated)) => authenticated,
        Ok(None) => return require_sign_in(&state, rules.access, &request),
        Err(error) => return error.into_response(),
    };
    let user = authenticated.user();
    if !user.actor.may(permission) {
        return Error::Forbidden.into_response();
    }
    // This holds for PIN sessions too: the second step is set up in a session with the password.
    if user.must_enroll_factor {
        return match rules.errors {
            _ if request.method() == Method::GET => Redirect::to(addresses::SECOND_STEP_SETUP).into_response(),
            // A phone keeps its checks until the second step is set up. A 403 would make it give them up.
            ErrorFormat::Phone => Error::Unauthenticated.into_response(),
            ErrorFormat::Page => Error::Forbidden.into_response(),
        };
    }
    attach_user(&mut request, authenticated);
    next.run(request).await
}

/// Admits anyone who is signed in.
pub(super) async fn own_account_only(
    Shared((state, rules)): Shared<(AppState, DoorRules)>,
    mut request: Request,
    next: Next,
) -> Response {
    match recognize(&state, rules.access, request.headers(), request.extensions()).await {
        Ok(Some(authenticated)) => {
            attach_user(&mut request, authenticated);
            next.run(request).await
        }
        Ok(None) => require_sign_in(&state, rules.access, &request),
        Err(error) => error.into_response(),
    }
}

/// Admits registered devices.
pub(super) async fn devices_only(
    Shared((state, rules)): Shared<(AppState, DoorRules)>,
    mut request: Request,
    next: Next,
) -> Response {
    match shared_device(&state, request.headers()).await {
        Ok(Some(device)) => {
            request.extensions_mut().insert(device);
            next.run(request).await
        }
        Ok(None) => require_sign_in(&state, rules.access, &request),
        Err(error) => error.into_response(),
    }
}

/// Admits those who still need the second step. Without a pending sign-in, redirects to the start of signing in,
/// whatever the method.
pub(super) async fn pending_sign_in_only(
    Shared(state): Shared<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    match pending_sign_in(&state, request.headers()).await {
        Ok(Some(pending)) => {
            request.extensions_mut().insert(pending);
            next.run(request).await
        }
        Ok(None) => Redirect::to(&return_to::sign_in(addresses::START)).into_response(),
        Err(error) => error.into_response(),
    }
}

/// A GET is redirected to the sign-in page, or at a shared device to its list of names if the rule accepts that, and back
/// afterwards. Any other method is answered 401.
fn require_sign_in(state: &AppState, rule: AccessRule, request: &Request) -> Response {
    if request.method() != Method::GET {
        return Error::Unauthenticated.into_response();
    }
    let requested = path_and_query(request.uri());
    let is_at_device = rule.admits_devices() && state.cookies.device.find(request.headers()).is_some();
    let to = if is_at_device && !requested.starts_with(addresses::DEVICE_START) {
        return_to::device_start(&requested)
    } else {
        return_to::sign_in(&requested)
    };
    Redirect::to(&to).into_response()
}

/// The credentials of a request, if the rule accepts them.
async fn recognize(
    state: &AppState,
    rule: AccessRule,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Option<Authenticated>, Error> {
    let authenticated = request_context::recognize(state, headers, extensions).await?;
    Ok(authenticated.filter(|authenticated| match authenticated {
        Authenticated::SignedIn(_) => rule.accepts().session,
        Authenticated::AtDevice(_) => rule.accepts().pin_session,
    }))
}

/// Makes the user available to the handler.
fn attach_user(request: &mut Request, authenticated: Authenticated) {
    match authenticated {
        Authenticated::SignedIn(user) | Authenticated::AtDevice(PinSession(user)) => {
            request.extensions_mut().insert(user)
        }
    };
}
