//! The addresses for programs, each with its description and the rule of who may come in.

use std::sync::Arc;

use app::doors::{Door, Rule};
use app::limits::Bound;
use app::{Client, State};
use axum::extract::{Query, Request, State as Shared};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::actor::{Act, Actor};
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::description;
use super::refusal::{Answer, Refusal};
use super::request::{bearer, unknown_parameter};

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
    pub fn door(self, act: Act, routes: UtoipaMethodRouter<State>) -> Self {
        let (schemas, paths, way) = held_to_its_description(routes);
        let way = way.route_layer(from_fn_with_state((self.state.clone(), act), bearers_only));
        self.listed(Rule::Member(act), (schemas, paths, way))
    }

    /// For any program, with a token or without.
    pub fn open(self, routes: UtoipaMethodRouter<State>) -> Self {
        self.listed(Rule::Anyone, held_to_its_description(routes))
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
    operations(item).map(|(method, _)| method)
}

fn operations(item: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    let all = [(&item.get, Method::GET), (&item.post, Method::POST), (&item.put, Method::PUT)];
    all.into_iter().filter_map(|(operation, method)| Some((method, operation.as_ref()?)))
}

/// Whatever stands after the question mark is described, or refused: a limit that is misspelt is no limit.
fn held_to_its_description((schemas, paths, way): UtoipaMethodRouter<State>) -> UtoipaMethodRouter<State> {
    let operations = paths.paths.values().flat_map(operations);
    let parameters = operations.flat_map(|(_, operation)| operation.parameters.iter().flatten());
    let asked = parameters.filter_map(|parameter| match parameter {
        RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => Some(parameter.name.clone()),
        _ => None,
    });
    let names: Arc<[String]> = asked.collect();
    (schemas, paths, way.route_layer(from_fn_with_state(names, as_described)))
}

async fn as_described(Shared(names): Shared<Arc<[String]>>, request: Request, next: Next) -> Response {
    let asked = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
    let asked = asked.map(|Query(pairs)| pairs).unwrap_or_default();
    match asked.iter().find(|(name, _)| !names.contains(name)) {
        Some((name, _)) => unknown_parameter(name).into_response(),
        None => next.run(request).await,
    }
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
