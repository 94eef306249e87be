//! Every address of the product with the rule of who may come in there. An address without a rule cannot be written.

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use domain::actor::Act;
use http::header::CACHE_CONTROL;
use http::{Extensions, HeaderMap, HeaderValue, Method, Uri};
use store::{Recognized, Turn};

use crate::error::Error;
use crate::state::State;
use crate::visit::{asked, at_device, half_way};
use crate::{devices, sign_in, visit};

/// Who may come in, and who is known there. Whoever does not count at a door ([`Rule::counts`]) is nobody to it: what they
/// show is not even looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Anyone: it is public, or leads to signing in.
    Anyone,
    /// Anyone; whoever is signed in is known.
    Known,
    /// Anyone; whoever is signed in is known, and whoever stands at a shared device.
    KnownOrTurn,
    /// Whoever has the private link: the link is the permission.
    Holder,
    /// Whoever has the private link; whoever is signed in uses it as who they are.
    KnownHolder,
    /// Those of the business whose role may do this.
    Member(Act),
    /// Those of the business whose role may do this, and whoever stands at a shared device that may.
    MemberOrTurn(Act),
    /// Whoever is signed in, in what is their own; even if the second step that their business asks for is still missing.
    Oneself,
    /// A registered device, whether or not somebody stands at it.
    Device,
    /// Whoever's password was right, and who has the second step before them.
    HalfWay,
}

/// Which of those who show something count at a door.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is said of every rule, in a table")]
pub struct Counts {
    /// Someone signed in, with everything that is asked of them.
    pub session: bool,
    /// Someone signed in who still lacks the second step that their business asks for.
    pub incomplete: bool,
    /// Someone who typed their PIN at a shared device.
    pub turn: bool,
    /// A shared device itself.
    pub device: bool,
    /// Someone whose password was right, with the second step before them.
    pub half_way: bool,
}

impl Rule {
    /// Who counts. Neither a turn at a device nor a sign-in that is half way is ever a session.
    #[must_use]
    pub const fn counts(self) -> Counts {
        const NOBODY: Counts =
            Counts { session: false, incomplete: false, turn: false, device: false, half_way: false };
        const SIGNED_IN: Counts = Counts { session: true, incomplete: true, ..NOBODY };
        match self {
            Self::Anyone | Self::Holder => NOBODY,
            Self::Known | Self::KnownHolder | Self::Oneself => SIGNED_IN,
            Self::KnownOrTurn => Counts { turn: true, ..SIGNED_IN },
            Self::Member(_) => Counts { session: true, ..NOBODY },
            Self::MemberOrTurn(_) => Counts { session: true, turn: true, ..NOBODY },
            Self::Device => Counts { device: true, ..NOBODY },
            Self::HalfWay => Counts { half_way: true, ..NOBODY },
        }
    }

    /// Whether a shared device gets in here by itself, or with someone who stands at it.
    const fn names_devices(self) -> bool {
        let Counts { turn, device, .. } = self.counts();
        turn || device
    }
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
        let with_rule = (self.state.clone(), rule);
        let way = match rule {
            Rule::Anyone | Rule::Holder => way,
            Rule::Known | Rule::KnownOrTurn | Rule::KnownHolder => {
                way.route_layer(from_fn_with_state(with_rule, anyone))
            }
            Rule::Member(act) | Rule::MemberOrTurn(act) => {
                way.route_layer(from_fn_with_state((self.state.clone(), rule, act), members_only))
            }
            Rule::Oneself => way.route_layer(from_fn_with_state(with_rule, oneself_only)),
            Rule::Device => way.route_layer(from_fn_with_state(with_rule, devices_only)),
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

/// Who is known at a door, of those who count there.
async fn known(
    state: &State,
    rule: Rule,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Option<Recognized>, Error> {
    let known = visit::known(state, headers, extensions).await?;
    Ok(known.filter(|known| match known {
        Recognized::SignedIn(_) => rule.counts().session,
        Recognized::AtDevice(_) => rule.counts().turn,
    }))
}

/// Lets anyone in, and says who it is.
async fn anyone(Shared((state, rule)): Shared<(State, Rule)>, mut request: Request, next: Next) -> Response {
    match known(&state, rule, request.headers(), request.extensions()).await {
        Ok(known) => {
            let known = known.into_iter().filter(|known| rule.counts().incomplete || !known.visitor().must_set_up);
            known.for_each(|known| introduce(&mut request, known));
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Lets those in whose role may do it. Whoever is not signed in is asked to, and comes back to the page they wanted.
async fn members_only(
    Shared((state, rule, act)): Shared<(State, Rule, Act)>,
    mut request: Request,
    next: Next,
) -> Response {
    let known = match known(&state, rule, request.headers(), request.extensions()).await {
        Ok(Some(known)) => known,
        Ok(None) => return nobody(&state, rule, &request),
        Err(error) => return error.into_response(),
    };
    let visitor = known.visitor();
    if !visitor.actor.may(act) {
        return Error::Forbidden.into_response();
    }
    // At a shared device, too: there it is asked for with the password.
    let incomplete = visitor.must_set_up && !rule.counts().incomplete;
    if incomplete && request.method() == Method::GET {
        return Redirect::to(crate::factors::SET_UP).into_response();
    }
    // What a phone sends may wait until the second step is set up: it is not refused for good.
    if incomplete && request.uri().path().starts_with("/do/") {
        return Error::Unauthenticated.into_response();
    }
    if incomplete {
        return Error::Forbidden.into_response();
    }
    introduce(&mut request, known);
    next.run(request).await
}

/// Lets in whoever is signed in.
async fn oneself_only(Shared((state, rule)): Shared<(State, Rule)>, mut request: Request, next: Next) -> Response {
    match known(&state, rule, request.headers(), request.extensions()).await {
        Ok(Some(known)) => {
            introduce(&mut request, known);
            next.run(request).await
        }
        Ok(None) => nobody(&state, rule, &request),
        Err(error) => error.into_response(),
    }
}

/// What is behind the door learns who has come in.
fn introduce(request: &mut Request, known: Recognized) {
    match known {
        Recognized::SignedIn(visitor) | Recognized::AtDevice(Turn(visitor)) => request.extensions_mut().insert(visitor),
    };
}

/// Lets a registered device in.
async fn devices_only(Shared((state, rule)): Shared<(State, Rule)>, mut request: Request, next: Next) -> Response {
    match at_device(&state, request.headers()).await {
        Ok(Some(device)) => {
            request.extensions_mut().insert(device);
            next.run(request).await
        }
        Ok(None) => nobody(&state, rule, &request),
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

/// Who is not signed in is asked to, and comes back to the page they wanted; at a shared device they say who they are, where
/// that is enough.
fn nobody(state: &State, rule: Rule, request: &Request) -> Response {
    if request.method() != Method::GET {
        return Error::Unauthenticated.into_response();
    }
    let wanted = asked(request.uri());
    let at_device = rule.names_devices() && state.cookies.device.find(request.headers()).is_some();
    let to = if at_device && !wanted.starts_with(devices::HERE) {
        devices::address(&wanted)
    } else {
        sign_in::address(&wanted)
    };
    Redirect::to(&to).into_response()
}
