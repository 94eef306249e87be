use axum::Router;

use crate::state::State;

pub fn routes() -> Router<State> {
    Router::new()
}
pub fn address(path: &str) -> String {
    format!("/?to={path}")
}
