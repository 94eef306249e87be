//! Doors: addresses with their rules. An address without rules cannot be registered.

use std::future::ready;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use http::{Method, Uri};

use crate::state::AppState;

mod middleware;
mod rules;

pub use rules::{AcceptedCredentials, AccessRule, BodyLimit, BodyLimits, Caching, Door, DoorRules, ErrorFormat};

use middleware::{devices_only, members_only, optional_session, own_account_only, pending_sign_in_only};

/// The doors registered so far.
pub struct Doors {
    pub(crate) state: AppState,
    router: Router<AppState>,
    registered: Vec<Door>,
}

impl Doors {
    #[must_use]
    pub fn new(state: &AppState) -> Self {
        Self { state: state.clone(), router: Router::new(), registered: Vec::new() }
    }

    #[must_use]
    pub fn get<H: Handler<T, AppState>, T: 'static>(
        self,
        path: &'static str,
        rules: impl Into<DoorRules>,
        handler: H,
    ) -> Self {
        self.door(Method::GET, path, rules.into(), get(handler))
    }

    #[must_use]
    pub fn post<H: Handler<T, AppState>, T: 'static>(
        self,
        path: &'static str,
        rules: impl Into<DoorRules>,
        handler: H,
    ) -> Self {
        self.door(Method::POST, path, rules.into(), post(handler))
    }

    /// The address a form is posted to. A GET of it (a changed language, a bookmark, a sign-in in between) redirects
    /// to `page`, which may use the same path parameters.
    #[must_use]
    pub fn form<H: Handler<T, AppState>, T: 'static>(
        self,
        path: &'static str,
        page: &'static str,
        rules: impl Into<DoorRules>,
        handler: H,
    ) -> Self {
        let open = async move |uri: Uri| Redirect::to(&page_of_form(path, page, uri.path()));
        self.post(path, rules, handler).get(path, AccessRule::Anyone, open)
    }

    /// Adds the doors of a capability.
    #[must_use]
    pub fn merge(self, capability: impl FnOnce(Self) -> Self) -> Self {
        capability(self)
    }

    fn door(mut self, method: Method, path: &'static str, rules: DoorRules, route: MethodRouter<AppState>) -> Self {
        let with_rules = (self.state.clone(), rules);
        let route = match rules.access {
            AccessRule::Anyone | AccessRule::PrivateLink => route,
            AccessRule::OptionalSession
            | AccessRule::OptionalSessionOrPinSession
            | AccessRule::PrivateLinkOptionalSession => {
                route.route_layer(from_fn_with_state(with_rules, optional_session))
            }
            AccessRule::Member(permission) | AccessRule::MemberOrPinSession(permission) => {
                route.route_layer(from_fn_with_state((self.state.clone(), rules, permission), members_only))
            }
            AccessRule::OwnAccount => route.route_layer(from_fn_with_state(with_rules, own_account_only)),
            AccessRule::Device => route.route_layer(from_fn_with_state(with_rules, devices_only)),
            AccessRule::PendingSignIn => {
                route.route_layer(from_fn_with_state(self.state.clone(), pending_sign_in_only))
            }
        };
        let caching = rules.caching(&method);
        let route = route.route_layer(map_response(move |mut response: Response| {
            caching.apply(&mut response);
            response.extensions_mut().insert(rules.errors);
            ready(response)
        }));
        self.router = self.router.route(path, route);
        self.registered.push(Door { method, path: path.to_owned(), rules });
        self
    }

    /// The doors registered so far.
    #[must_use]
    pub fn registered(&self) -> &[Door] {
        &self.registered
    }

    pub(crate) fn into_router(self) -> Router<AppState> {
        self.router
    }
}

/// Fills in the path parameters of `page` from the address that was requested.
fn page_of_form(path: &str, page: &str, requested: &str) -> String {
    let values: Vec<_> = path.split('/').zip(requested.split('/')).collect();
    let value =
        |name: &str| values.iter().find(|(parameter, _)| *parameter == name).map(|(_, value)| (*value).to_owned());
    let parts = page.split('/').map(|part| value(part).filter(|_| part.starts_with('{')).unwrap_or(part.to_owned()));
    parts.collect::<Vec<_>>().join("/")
}
