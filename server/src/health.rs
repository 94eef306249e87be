//! What a supervisor asks: is the process alive, and does its database take what is written?

use std::fmt::Debug;
use std::time::Duration;

use app::doors::Doors;
use app::doors::Rule::Anyone;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

/// How long the database may take to answer before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn doors(doors: Doors) -> Doors {
    doors.get("/healthz", Anyone, alive).get("/readyz", Anyone, ready)
}

async fn alive() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], "ok")
}

async fn ready(State(state): State<app::State>) -> Response {
    reported(state.store.ready()).await
}

async fn reported<E: Debug>(tried: impl Future<Output = Result<(), E>>) -> Response {
    let (status, word) = match timeout(PATIENCE, tried).await {
        Ok(Ok(())) => (StatusCode::OK, "ok"),
        Ok(Err(cause)) => {
            tracing::warn!(?cause, "the database takes nothing");
            (StatusCode::SERVICE_UNAVAILABLE, "the database takes nothing")
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is too slow"),
    };
    (status, [(CACHE_CONTROL, "no-store")], word).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    #[tokio::test(start_paused = true)]
    async fn ready_means_that_the_database_answers_in_time() {
        assert_eq!(reported(async { Ok::<_, String>(()) }).await.status(), 200);
        assert_eq!(reported(async { Err("it is gone") }).await.status(), 503);
        assert_eq!(reported::<String>(pending()).await.status(), 503);
    }
}
