//! A hand-written page of a guarantee as the baseline: the same queries as in the app, formatted into a string.

mod format;
mod html;
mod rows;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use server::clock::SystemSource;
use sqlx::SqlitePool;
use store::ClockAndRandom;

/// What the page needs besides its rows.
#[derive(Clone)]
pub struct HandWritten {
    pub readers: SqlitePool,
    pub days: Arc<rows::DayCache>,
    pub base_url: Arc<str>,
    pub style: &'static str,
    pub icon: &'static str,
}

pub fn router(state: HandWritten) -> Router {
    Router::new().route("/p/{business}/{guarantee}", get(page)).with_state(state)
}

async fn page(
    State(state): State<HandWritten>,
    Path((business, guarantee)): Path<(String, String)>,
) -> Result<Html<String>, StatusCode> {
    let now = SystemSource.now();
    let rows = rows::read((&state.readers, &state.days), &business, &guarantee, now).await.map_err(|error| {
        eprintln!("the hand-written page cannot read: {error}");
        StatusCode::INTERNAL_SERVER_ERROR
    })?;
    let rows = rows.ok_or(StatusCode::NOT_FOUND)?;
    html::page(&state, &rows, now).map(Html).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
