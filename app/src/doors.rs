//! Every address of the product with the rule of who may come in there. An address without a rule cannot be written.

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use domain::actor::Act;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, Method, Uri};

use crate::error::Error;
use crate::state::State;
use crate::visit::{asked, at_device, cookie, half_way, visitor};
use crate::{devices, sign_in};

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Anyone: it is public, or leads to signing in.
    Anyone,
    /// Whoever has the private link: the link is the permission.
    Holder,
    /// Those of the business whose role may do this.
    Member(Act),
    /// Whoever is signed in, in what is their own; even if the second step that their business asks for is still missing.
    Oneself,
    /// A registered device that nobody stands at yet.
    Device,
    /// Whoever's password was right, and who has the second step before them.
    HalfWay,
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

    /// The address that a form is sent to. Whoever opens it (a language chosen on its answer, a bookmark, a sign-in) gets
    /// the page the form is on, which may name the same parameters.
    #[must_use]
    pub fn form<H: Handler<T, State>, T: 'static>(
        self,
        path: &'static str,
        page: &'static str,
        rule: Rule,
        handler: H,
    ) -> Self {
        let open = async move |uri: Uri| Redirect::to(&page_of_form(path, page, uri.path()));
        self.post(path, rule, handler).get(path, Rule::Anyone, open)
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
            Rule::Oneself => way.route_layer(from_fn_with_state(self.state.clone(), oneself_only)),
            Rule::Device => way.route_layer(from_fn_with_state(self.state.clone(), devices_only)),
            Rule::HalfWay => way.route_layer(from_fn_with_state(self.state.clone(), half_way_only)),
        };
        // What is not for everyone stays in no cache, on the way or in a browser that others use.
        let way = if rule == Rule::Anyone { way } else { way.route_layer(map_response(kept_nowhere)) };
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

/// The address of the page a form is on, with the parameters of the form's own address.
fn page_of_form(path: &str, page: &str, asked: &str) -> String {
    let values: Vec<_> = path.split('/').zip(asked.split('/')).collect();
    let value =
        |name: &str| values.iter().find(|(parameter, _)| *parameter == name).map(|(_, value)| (*value).to_owned());
    let parts = page.split('/').map(|part| value(part).filter(|_| part.starts_with('{')).unwrap_or(part.to_owned()));
    parts.collect::<Vec<_>>().join("/")
}

async fn kept_nowhere(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Lets those in whose role may do it. Whoever is not signed in is asked to, and comes back to the page they wanted.
async fn members_only(Shared((state, act)): Shared<(State, Act)>, mut request: Request, next: Next) -> Response {
    match visitor(&state, request.headers(), request.extensions()).await {
        Ok(Some(visitor)) if !visitor.actor.may(act) => Error::Forbidden.into_response(),
        Ok(Some(visitor)) if visitor.must_set_up && request.method() == Method::GET => {
            Redirect::to(crate::factors::SET_UP).into_response()
        }
        // What a phone sends may wait until the second step is set up: it is not refused for good.
        Ok(Some(visitor)) if visitor.must_set_up && request.uri().path().starts_with("/do/") => {
            Error::Unauthenticated.into_response()
        }
        Ok(Some(visitor)) if visitor.must_set_up => Error::Forbidden.into_response(),
        Ok(Some(visitor)) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Ok(None) => nobody(&state, &request),
        Err(error) => error.into_response(),
    }
}

/// Lets in whoever is signed in, and not merely at a shared device.
async fn oneself_only(Shared(state): Shared<State>, mut request: Request, next: Next) -> Response {
    match visitor(&state, request.headers(), request.extensions()).await {
        Ok(Some(visitor)) if visitor.actor.device.is_some() => Error::Forbidden.into_response(),
        Ok(Some(visitor)) => {
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        Ok(None) => nobody(&state, &request),
        Err(error) => error.into_response(),
    }
}

/// Lets a registered device in.
async fn devices_only(Shared(state): Shared<State>, mut request: Request, next: Next) -> Response {
    match at_device(&state, request.headers()).await {
        Ok(Some(device)) => {
            request.extensions_mut().insert(device);
            next.run(request).await
        }
        Ok(None) => nobody(&state, &request),
        Err(error) => error.into_response(),
    }
}

/// Lets someone take the second step; without the first it is asked for, whatever was sent.
async fn half_way_only(Shared(state): Shared<State>, mut request: Request, next: Next) -> Response {
    match half_way(&state, request.headers()).await {
        Ok(Some(half_way)) => {
            request.extensions_mut().insert(half_way);
            next.run(request).await
        }
        Ok(None) => Redirect::to(&sign_in::address("/")).into_response(),
        Err(error) => error.into_response(),
    }
}

/// Who is not signed in is asked to, and comes back to the page they wanted; at a shared device they say who they are.
fn nobody(state: &State, request: &Request) -> Response {
    if request.method() != Method::GET {
        return Error::Unauthenticated.into_response();
    }
    let wanted = asked(request.uri());
    let to = if cookie(request.headers(), state.device_cookie()).is_some() && !wanted.starts_with(devices::HERE) {
        devices::address(&wanted)
    } else {
        sign_in::address(&wanted)
    };
    Redirect::to(&to).into_response()
}
