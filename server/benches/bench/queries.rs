//! Checks that the hand-written page sends the same SQL as the page of the app, by the log of sqlx.

use std::error::Error;
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::serving::{ServerKind, router};

static LOGGED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// # Errors
/// The queries that only one of the pages sends.
pub fn compare(database: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let only_sqlx = Targets::new().with_target("sqlx::query", LevelFilter::DEBUG);
    let subscriber = tracing_subscriber::registry().with(QueryLog.with_filter(only_sqlx));
    tracing::subscriber::set_global_default(subscriber)?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let (app, hand_written) = (
            queries_of(ServerKind::Uncached, database, path).await?,
            queries_of(ServerKind::HandWritten, database, path).await?,
        );
        let only = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter().filter(|sql| !other.contains(sql)).cloned().collect()
        };
        let (of_app, of_hand_written) = (only(&app, &hand_written), only(&hand_written, &app));
        if app.is_empty() || app.len() != hand_written.len() || !of_app.is_empty() {
            let counts = format!("{} queries against {}", app.len(), hand_written.len());
            return Err(format!(
                "{counts}\nonly the app: {of_app:#?}\nonly the hand-written page: {of_hand_written:#?}"
            )
            .into());
        }
        Ok(())
    })
}

/// The queries of one page, after a first request has warmed up the server.
async fn queries_of(kind: ServerKind, database: &str, path: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let router = router(kind, database, "http://localhost").await?;
    for _ in 0..2 {
        LOGGED.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let request = Request::get(path).header("host", "localhost").body(Body::empty())?;
        let answer = router.clone().oneshot(request).await?;
        if answer.status() != 200 {
            return Err(format!("{path} was answered with {}", answer.status()).into());
        }
    }
    let mut logged = std::mem::take(&mut *LOGGED.lock().unwrap_or_else(PoisonError::into_inner));
    // New connections send PRAGMA statements.
    logged.retain(|sql| !sql.starts_with("PRAGMA"));
    Ok(logged)
}

/// Collects what sqlx logs.
struct QueryLog;

impl<S: Subscriber> Layer<S> for QueryLog {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut sql = Sql::default();
        event.record(&mut sql);
        let sql = if sql.whole.is_empty() { sql.short } else { sql.whole };
        LOGGED.lock().unwrap_or_else(PoisonError::into_inner).push(sql);
    }
}

/// A statement in the log: complete if it is long, otherwise only the summary.
#[derive(Default)]
struct Sql {
    whole: String,
    short: String,
}

impl Visit for Sql {
    fn record_str(&mut self, field: &Field, value: &str) {
        let one_line = || value.split_whitespace().collect::<Vec<_>>().join(" ");
        match field.name() {
            "db.statement" => self.whole = one_line(),
            "summary" => self.short = one_line(),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
