//! The documents that several endpoints answer with: pages of lists, and what was created.

use std::fmt::Display;

use app::addresses;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

/// An instant: RFC 3339, in UTC, to the millisecond.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-02T12:00:00.000Z")]
pub struct Timestamp(pub DateTime<Utc>);

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Send this as `before` to get the next page. Null on the last page.
    pub before: Option<String>,
}

/// The id of what was created.
#[derive(Serialize, ToSchema)]
pub struct CreatedId {
    pub id: Uuid,
}

/// The answer 201, with the address of what was created in `Location`.
pub struct Created<T> {
    pub location: String,
    pub body: T,
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

pub fn page<R, T: From<R>>(rows: Vec<R>, before: Option<impl Display>) -> Json<Page<T>> {
    Json(Page { items: rows.into_iter().map(T::from).collect(), before: before.map(|cursor| cursor.to_string()) })
}

/// A new item of a collection.
pub fn created(collection: &str, id: Uuid) -> Created<CreatedId> {
    Created { location: format!("{collection}/{id}"), body: CreatedId { id } }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let location = format!("{}/{}", addresses::API, self.location);
        (StatusCode::CREATED, [(LOCATION, location)], Json(self.body)).into_response()
    }
}
