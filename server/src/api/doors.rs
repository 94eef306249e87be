//! The doors of the REST interface: each address with its OpenAPI description and its access rule.

use std::sync::Arc;

use app::addresses;
use app::doors::{AccessRule, Door, DoorRules};
use app::rate_limits::Limit;
use app::{AppState, ClientAddress};
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::actor::Actor;
use domain::role::Permission;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::error::{ApiError, ApiResult};
use super::openapi;
use super::request::{bearer, unknown_parameter};

pub struct Doors {
    state: AppState,
    pub router: OpenApiRouter<AppState>,
    pub list: Vec<Door>,
}

impl Doors {
    pub fn new(state: &AppState) -> Self {
        let router = OpenApiRouter::with_openapi(openapi::base_description());
        Self { state: state.clone(), router, list: Vec::new() }
    }

    /// A door for programs whose token has this permission.
    pub fn door(self, permission: Permission, routes: UtoipaMethodRouter<AppState>) -> Self {
        self.member_door(permission, AccessRule::Member(permission).into(), routes)
    }

    /// A door for such programs that takes pictures.
    pub fn picture_door(
        self,
        permission: Permission,
        (schemas, paths, method_router): UtoipaMethodRouter<AppState>,
    ) -> Self {
        let routes = (schemas, paths, method_router.layer(DefaultBodyLimit::disable()));
        self.member_door(permission, AccessRule::Member(permission).with_pictures(), routes)
    }

    /// A door for any program, with or without a token.
    pub fn open(self, routes: UtoipaMethodRouter<AppState>) -> Self {
        self.add(AccessRule::Anyone.into(), reject_unknown_params(routes))
    }

    fn member_door(self, permission: Permission, rules: DoorRules, routes: UtoipaMethodRouter<AppState>) -> Self {
        let (schemas, paths, method_router) = reject_unknown_params(routes);
        let method_router =
            method_router.route_layer(from_fn_with_state((self.state.clone(), permission), require_token));
        self.add(rules, (schemas, paths, method_router))
    }

    fn add(mut self, rules: DoorRules, (schemas, paths, method_router): UtoipaMethodRouter<AppState>) -> Self {
        for (path, item) in &paths.paths {
            let path = format!("{}{path}", addresses::API);
            self.list.extend(methods(item).map(|method| Door { method, path: path.clone(), rules }));
        }
        self.router = self.router.routes((schemas, paths, method_router));
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

/// Refuses query parameters that are not described. A misspelt `limit` would otherwise be ignored silently.
fn reject_unknown_params(
    (schemas, paths, method_router): UtoipaMethodRouter<AppState>,
) -> UtoipaMethodRouter<AppState> {
    let operations = paths.paths.values().flat_map(operations);
    let parameters = operations.flat_map(|(_, operation)| operation.parameters.iter().flatten());
    let params = parameters.filter_map(|parameter| match parameter {
        RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => Some(parameter.name.clone()),
        _ => None,
    });
    let names: Arc<[String]> = params.collect();
    (schemas, paths, method_router.route_layer(from_fn_with_state(names, check_query_params)))
}

async fn check_query_params(State(names): State<Arc<[String]>>, request: Request, next: Next) -> Response {
    let params = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
    let params = params.map(|Query(pairs)| pairs).unwrap_or_default();
    match params.iter().find(|(name, _)| !names.contains(name)) {
        Some((name, _)) => unknown_parameter(name).into_response(),
        None => next.run(request).await,
    }
}

async fn require_token(
    State((state, permission)): State<(AppState, Permission)>,
    mut request: Request,
    next: Next,
) -> Response {
    let token = bearer(request.headers()).map(str::to_owned);
    let client = ClientAddress::from_extensions(request.extensions());
    match authenticate(&state, client, token, permission).await {
        Ok(actor) => {
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

async fn authenticate(
    state: &AppState,
    client: Option<ClientAddress>,
    token: Option<String>,
    permission: Permission,
) -> ApiResult<Actor> {
    let token = token.ok_or_else(ApiError::no_token)?;
    let Some(actor) = state.store.actor_by_token(&token).await? else {
        state.allow_from_client(Limit::UnknownTokens, client)?;
        return Err(ApiError::unknown_token());
    };
    actor.require(permission).map_err(|_| app::Error::Forbidden)?;
    Ok(Actor { ip: client.map(|ClientAddress(address)| address), ..actor })
}
