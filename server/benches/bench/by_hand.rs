//! The page of a guarantee as one would write it by hand: the rows that the app reads, pushed into a string.

mod html;
mod rows;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use server::clock::Machine;
use sqlx::SqlitePool;
use store::Source;

/// What the page needs besides its rows.
#[derive(Clone)]
pub struct ByHand {
    pub readers: SqlitePool,
    pub base_url: Arc<str>,
    pub style: &'static str,
    pub icon: &'static str,
}

pub fn router(by_hand: ByHand) -> Router {
    Router::new().route("/p/{business}/{guarantee}", get(page)).with_state(by_hand)
}

async fn page(
    State(state): State<ByHand>,
    Path((business, guarantee)): Path<(String, String)>,
) -> Result<Html<String>, StatusCode> {
    let now = Machine.now();
    let rows = rows::read(&state.readers, &business, &guarantee, now).await.map_err(|error| {
        eprintln!("the hand-written page cannot read: {error}");
        StatusCode::INTERNAL_SERVER_ERROR
    })?;
    let rows = rows.ok_or(StatusCode::NOT_FOUND)?;
    html::page(&state, &rows, now).map(Html).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
