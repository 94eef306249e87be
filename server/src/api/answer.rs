//! What programs get back: lists, pages, and what was made and where it is.

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
pub struct Moment(pub DateTime<Utc>);

/// A part of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Ask for the next page with this; null at the end.
    pub before: Option<Uuid>,
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
pub struct Made {
    pub id: Uuid,
}

/// What came of it, and where it is found from now on.
pub struct Created<T> {
    pub at: String,
    pub body: T,
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

pub fn page<R, T: From<R>>(rows: Vec<R>, before: Option<Uuid>) -> Json<Page<T>> {
    Json(Page { items: rows.into_iter().map(T::from).collect(), before })
}

/// Something new in a collection.
pub fn made(collection: &str, id: Uuid) -> Created<Made> {
    Created { at: format!("{collection}/{id}"), body: Made { id } }
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let location = format!("{}/{}", super::ROOT, self.at);
        (StatusCode::CREATED, [(LOCATION, location)], Json(self.body)).into_response()
    }
}
