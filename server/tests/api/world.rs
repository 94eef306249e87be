//! An installation with two businesses, a program for each role, and what every answer must keep to.

use std::ops::Deref;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Reach, Role, Who};
use domain::business::BeginDraft;
use domain::ids::BusinessId;
use domain::text::Line;
use domain::token::Token;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use store::Store;
use tower::ServiceExt;

use crate::answered::Answered;
use crate::installation::Installation;
use crate::schema::fits;
use crate::things::Things;

pub struct World {
    pub router: Router,
    installation: Installation,
    pub description: Value,
    /// The business the programs act for.
    pub own: Things,
    /// Another business's.
    pub foreign: Things,
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
        let business = begin(store).await;
        let owner = |business| Actor::of(business, Who::Trialmark, Role::Owner);
        let mut tokens = Vec::new();
        for role in Role::ALL {
            tokens.push((role, token(store, &owner(business), role, Reach::Everywhere).await));
        }
        let foreign_token = token(store, &owner(installation.second().await), Role::Owner, Reach::Everywhere).await;
        let mut world = Self {
            router: router(store),
            installation,
            description: Value::Null,
            own: Things::default(),
            foreign: Things::default(),
            business,
            tokens: tokens.try_into().unwrap(),
            foreign_token,
        };
        world.description = world.send("GET", "/openapi.json", None, None).await.body;
        world.own = world.furnish(world.token(Role::Owner)).await;
        world.foreign = world.furnish(&world.foreign_token).await;
        world
    }

    pub fn token(&self, role: Role) -> &str {
        &self.tokens.iter().find(|(one, _)| *one == role).unwrap().1
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.store.now()
    }

    /// An instant so far from now, as programs write it.
    pub fn at(&self, from_now: TimeDelta) -> String {
        (self.now() + from_now).to_rfc3339()
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.send("GET", path, Some(self.token(Role::Owner)), None).await
    }

    pub async fn post(&self, path: &str, document: &Value) -> Answered {
        self.send("POST", path, Some(self.token(Role::Owner)), Some(document)).await
    }

    pub async fn put(&self, path: &str, document: &Value) -> Answered {
        self.send("PUT", path, Some(self.token(Role::Owner)), Some(document)).await
    }

    pub async fn send(&self, method: &str, path: &str, token: Option<&str>, document: Option<&Value>) -> Answered {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if document.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = document.map(Value::to_string).unwrap_or_default();
        let answered = self.ask(request.body(Body::from(body)).unwrap()).await;
        if let (true, Some(document), Some(operation)) =
            (answered.status.is_success(), document, self.operation(method, &format!("/api/v1{path}")))
        {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            assert_eq!(fits(&self.description, schema, document), Ok(()), "{method} {path}");
        }
        answered
    }

    /// Asks, and sees to it that the answer is described and that a refusal is a problem document.
    pub async fn ask(&self, request: Request<Body>) -> Answered {
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let answered = Answered { status: parts.status, headers: parts.headers, body };
        if let Some(operation) = self.operation(&method, &path) {
            self.is_described(operation, &answered, &format!("{method} {path}"));
        }
        if answered.status.is_client_error() || answered.status.is_server_error() {
            answered.is_problem_document(&format!("{method} {path}"));
        }
        answered
    }

    pub async fn make(&self, token: &str, path: &str, document: &Value) -> String {
        let made = self.send("POST", path, Some(token), Some(document)).await.is(201);
        let id = made.body["id"].as_str().unwrap().to_owned();
        assert_eq!(made.headers[header::LOCATION], format!("/api/v1{path}/{id}"));
        self.send("GET", &format!("{path}/{id}"), Some(token), None).await.is(200);
        id
    }
}

fn router(store: &Store) -> Router {
    let state = state(store);
    let page = async || "a page for people";
    Router::new().fallback(page).merge(server::api::router(&state)).with_state(state)
}

pub fn state(store: &Store) -> app::State {
    let assets = app::AssetNames::default();
    app::State::new(store.clone(), "https://trialmark.example", assets)
}

async fn begin(store: &Store) -> BusinessId {
    let draft = json!({
        "name": "Prairie Stop", "zone": "America/Chicago", "currency": "USD", "language": "en",
        "contact_name": "June Hart", "contact_email": "june@example.com",
        "email": "june@example.com", "password": "a long enough secret"
    });
    let (business, owner) = serde_json::from_value::<BeginDraft>(draft).unwrap().parse().unwrap();
    store.begin(&business, &owner, "hash").await.unwrap().unwrap().0
}

pub async fn token(store: &Store, actor: &Actor, role: Role, reach: Reach) -> String {
    let token = Token { name: Line::parse(role.name()).unwrap(), role, reach, lasts: TimeDelta::days(90) };
    store.create_token(actor, &token).await.unwrap().token
}
