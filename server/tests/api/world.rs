//! An installation with two businesses and a token for each role. Every response is compared with the description.

use std::ops::Deref;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::business::FirstBusinessDraft;
use domain::ids::BusinessId;
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::text::Line;
use domain::token::Token;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use store::Store;
use tower::ServiceExt;

use crate::installation::Installation;
use crate::response::ApiResponse;
use crate::rows::Ids;
use crate::schema::validate;

pub struct World {
    pub router: Router,
    installation: Installation,
    pub description: Value,
    /// The rows of the business that the tokens belong to.
    pub own: Ids,
    /// The rows of another business.
    pub foreign: Ids,
    pub business: BusinessId,
    tokens: [(Role, String); 4],
    foreign_token: String,
}

impl Deref for World {
    type Target = Installation;

    fn deref(&self) -> &Installation {
        &self.installation
    }
}

impl World {
    pub async fn new() -> Self {
        let installation = Installation::new().await;
        let store = &installation.store;
        let business = create_business(store).await;
        let owner = |business| Actor::new(business, Principal::System, Role::Owner);
        let mut tokens = Vec::new();
        for role in Role::ALL {
            tokens.push((role, token(store, &owner(business), role, SiteAccess::AllSites).await));
        }
        let foreign_token =
            token(store, &owner(installation.add_second_business().await), Role::Owner, SiteAccess::AllSites).await;
        let mut world = Self {
            router: router(store),
            installation,
            description: Value::Null,
            own: Ids::default(),
            foreign: Ids::default(),
            business,
            tokens: tokens.try_into().unwrap(),
            foreign_token,
        };
        world.description = world.send("GET", "/openapi.json", None, None).await.body;
        world.own = world.create_rows(world.token(Role::Owner)).await;
        world.foreign = world.create_rows(&world.foreign_token).await;
        world
    }

    pub fn token(&self, role: Role) -> &str {
        &self.tokens.iter().find(|(other, _)| *other == role).unwrap().1
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.store.now()
    }

    /// An instant relative to now, as programs write it.
    pub fn time(&self, from_now: TimeDelta) -> String {
        (self.now() + from_now).to_rfc3339()
    }

    pub async fn get(&self, path: &str) -> ApiResponse {
        self.send("GET", path, Some(self.token(Role::Owner)), None).await
    }

    pub async fn post(&self, path: &str, document: &Value) -> ApiResponse {
        self.send("POST", path, Some(self.token(Role::Owner)), Some(document)).await
    }

    pub async fn put(&self, path: &str, document: &Value) -> ApiResponse {
        self.send("PUT", path, Some(self.token(Role::Owner)), Some(document)).await
    }

    pub async fn send(&self, method: &str, path: &str, token: Option<&str>, document: Option<&Value>) -> ApiResponse {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if document.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = document.map(Value::to_string).unwrap_or_default();
        let response = self.send_request(request.body(Body::from(body)).unwrap()).await;
        if let (true, Some(document), Some(operation)) =
            (response.status.is_success(), document, self.operation(method, &format!("/api/v1{path}")))
        {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            assert_eq!(validate(&self.description, schema, document), Ok(()), "{method} {path}");
        }
        response
    }

    /// Sends a request. Asserts that the response is described and that errors are problem documents.
    pub async fn send_request(&self, request: Request<Body>) -> ApiResponse {
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let response = ApiResponse { status: parts.status, headers: parts.headers, body };
        if let Some(operation) = self.operation(&method, &path) {
            self.assert_described(operation, &response, &format!("{method} {path}"));
        }
        if response.status.is_client_error() || response.status.is_server_error() {
            response.assert_problem_document(&format!("{method} {path}"));
        }
        response
    }

    pub async fn create(&self, token: &str, path: &str, document: &Value) -> String {
        let made = self.send("POST", path, Some(token), Some(document)).await.assert_status(201);
        let id = made.body["id"].as_str().unwrap().to_owned();
        assert_eq!(made.headers[header::LOCATION], format!("/api/v1{path}/{id}"));
        self.send("GET", &format!("{path}/{id}"), Some(token), None).await.assert_status(200);
        id
    }
}

fn router(store: &Store) -> Router {
    let state = state(store);
    let page = async || "a page for people";
    Router::new().fallback(page).merge(server::api::router(&state)).with_state(state)
}

pub fn state(store: &Store) -> app::AppState {
    let assets = app::AssetNames::default();
    app::AppState::new(store.clone(), "https://trialmark.example", assets)
}

async fn create_business(store: &Store) -> BusinessId {
    let draft = json!({
        "name": "Prairie Stop", "zone": "America/Chicago", "currency": "USD", "language": "en",
        "contact_name": "June Hart", "contact_email": "june@example.com",
        "email": "june@example.com", "password": "a long enough secret"
    });
    let (business, owner) = serde_json::from_value::<FirstBusinessDraft>(draft).unwrap().parse().unwrap();
    store.create_first_business(&business, &owner, "hash").await.unwrap().unwrap().0
}

pub async fn token(store: &Store, actor: &Actor, role: Role, site_access: SiteAccess) -> String {
    let token = Token { name: Line::parse(role.name()).unwrap(), role, site_access, lifetime: TimeDelta::days(90) };
    store.create_token(actor, &token).await.unwrap().token
}
