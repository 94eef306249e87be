//! Every address of the product with the rule of who may come in there. An address without a rule cannot be written.

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use domain::actor::Act;
use http::Method;

use crate::error::Error;
use crate::state::State;
use crate::visit::{asked, visitor};

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Anyone: it is public, or leads to signing in.
    Anyone,
    /// Whoever has the private link: the link is the permission.
    Holder,
    /// Those of the business whose role may do this.
    Member(Act),
}

/// One address, by its method.
#[derive(Clone, Debug)]
pub struct Door {
    pub method: Method,
    pub path: String,
    pub rule: Rule,
}

/// The doors made so far.
pub struct Doors {
    pub(crate) state: State,
    router: Router<State>,
    listed: Vec<Door>,
}

impl Doors {
    #[must_use]
    pub fn new(state: &State) -> Self {
        Self { state: state.clone(), router: Router::new(), listed: Vec::new() }
    }

    #[must_use]
    pub fn get<H: Handler<T, State>, T: 'static>(self, path: &'static str, rule: Rule, handler: H) -> Self {
        self.door(Method::GET, path, rule, get(handler))
    }

    #[must_use]
    pub fn post<H: Handler<T, State>, T: 'static>(self, path: &'static str, rule: Rule, handler: H) -> Self {
        self.door(Method::POST, path, rule, post(handler))
    }

    /// Takes in the doors of a capability.
    #[must_use]
    pub fn of(self, capability: impl FnOnce(Self) -> Self) -> Self {
        capability(self)
    }

    fn door(mut self, method: Method, path: &'static str, rule: Rule, way: MethodRouter<State>) -> Self {
        let way = match rule {
            Rule::Anyone | Rule::Holder => way,
            Rule::Member(act) => way.route_layer(from_fn_with_state((self.state.clone(), act), members_only)),
        };
        self.router = self.router.route(path, way);
        self.listed.push(Door { method, path: path.to_owned(), rule });
        self
    }

    /// Every door there is.
    #[must_use]
    pub fn listed(&self) -> &[Door] {
        &self.listed
    }

    pub(crate) fn into_router(self) -> Router<State> {
        self.router
    }
}

/// Lets those in whose role may do it. Whoever is not signed in is asked to, and comes back to the page they wanted.
async fn members_only(Shared((state, act)): Shared<(State, Act)>, mut request: Request, next: Next) -> Response {
    match visitor(&state, request.headers(), request.extensions()).await {
        Ok(Some(visitor)) if visitor.actor.may(act) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Ok(Some(_)) => Error::Forbidden.into_response(),
        Ok(None) if request.method() == Method::GET => {
            Redirect::to(&crate::sign_in::address(&asked(request.uri()))).into_response()
        }
        Ok(None) => Error::Unauthenticated.into_response(),
        Err(error) => error.into_response(),
    }
}
