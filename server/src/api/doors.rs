//! The addresses for programs, each with its description and the rule of who may come in.

use app::doors::{Door, Rule};
use app::limits::Bound;
use app::{Client, State};
use axum::extract::{Request, State as Shared};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::actor::{Act, Actor};
use utoipa::openapi::path::PathItem;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::description;
use super::refusal::{Answer, Refusal};
use super::request::bearer;

pub struct Doors {
    state: State,
    pub router: OpenApiRouter<State>,
    pub listed: Vec<Door>,
}

impl Doors {
    pub fn new(state: &State) -> Self {
        let router = OpenApiRouter::with_openapi(description::frame());
        Self { state: state.clone(), router, listed: Vec::new() }
    }

    /// For programs whose token may do this.
    pub fn door(self, act: Act, (schemas, paths, way): UtoipaMethodRouter<State>) -> Self {
        let way = way.route_layer(from_fn_with_state((self.state.clone(), act), bearers_only));
        self.listed(Rule::Member(act), (schemas, paths, way))
    }

    /// For any program, with a token or without.
    pub fn open(self, routes: UtoipaMethodRouter<State>) -> Self {
        self.listed(Rule::Anyone, routes)
    }

    fn listed(mut self, rule: Rule, (schemas, paths, way): UtoipaMethodRouter<State>) -> Self {
        for (path, item) in &paths.paths {
            let path = format!("{}{path}", super::ROOT);
            self.listed.extend(methods(item).map(|method| Door { method, path: path.clone(), rule }));
        }
        self.router = self.router.routes((schemas, paths, way));
        self
    }
}

fn methods(item: &PathItem) -> impl Iterator<Item = Method> {
    let all = [(&item.get, Method::GET), (&item.post, Method::POST), (&item.put, Method::PUT)];
    let all = all.map(|(operation, method)| operation.is_some().then_some(method));
    all.into_iter().flatten()
}

/// Lets in the program whose token may do it.
async fn bearers_only(Shared((state, act)): Shared<(State, Act)>, mut request: Request, next: Next) -> Response {
    let token = bearer(request.headers()).map(str::to_owned);
    let client = Client::of(request.extensions());
    match known(&state, client, token, act).await {
        Ok(actor) => {
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn known(state: &State, client: Option<Client>, token: Option<String>, act: Act) -> Answer<Actor> {
    let token = token.ok_or_else(Refusal::no_token)?;
    let Some(actor) = state.store.bearer(&token).await? else {
        state.allow_from(Bound::Tokens, client)?;
        return Err(Refusal::unknown_token());
    };
    actor.permit(act).map_err(|_| app::Error::Forbidden)?;
    Ok(Actor { from: client.map(|Client(address)| address), ..actor })
}
