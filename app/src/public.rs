use axum::Router;

use crate::state::State;

#[derive(Default)]
pub struct Cache;

pub fn routes() -> Router<State> {
    Router::new()
}
