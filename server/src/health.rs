//! Health checks for a supervisor: whether the process is alive, and whether its database can be written to.

use std::fmt::Debug;
use std::time::Duration;

use app::addresses;
use app::doors::AccessRule::Anyone;
use app::doors::{Caching, Doors};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

/// If the database takes longer, it counts as unavailable.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(2);

pub fn doors(doors: Doors) -> Doors {
    let uncached = Anyone.cached(Caching::NoStore);
    doors.get(addresses::HEALTH, uncached, alive).get(addresses::READINESS, uncached, ready)
}

async fn alive() -> impl IntoResponse {
    "ok"
}

async fn ready(State(state): State<app::AppState>) -> Response {
    readiness(state.store.check_writable()).await
}

async fn readiness<E: Debug>(check: impl Future<Output = Result<(), E>>) -> Response {
    let (status, text) = match timeout(DATABASE_TIMEOUT, check).await {
        Ok(Ok(())) => (StatusCode::OK, "ok"),
        Ok(Err(cause)) => {
            tracing::warn!(?cause, "the database takes nothing");
            (StatusCode::SERVICE_UNAVAILABLE, "the database takes nothing")
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is too slow"),
    };
    (status, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    #[tokio::test(start_paused = true)]
    async fn readiness_requires_a_timely_database_response() {
        assert_eq!(readiness(async { Ok::<_, String>(()) }).await.status(), 200);
        assert_eq!(readiness(async { Err("it is gone") }).await.status(), 503);
        assert_eq!(readiness::<String>(pending()).await.status(), 503);
    }
}
