//! Whether the hand-written page asks the database what the app's page asks: the same SQL, as sqlx logs it.

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

use crate::serving::{Kind, router};

static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// # Errors
/// They do not ask the same: the questions that only one of them asks.
pub fn compare(database: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let only_sqlx = Targets::new().with_target("sqlx::query", LevelFilter::DEBUG);
    let ear = tracing_subscriber::registry().with(Ear.with_filter(only_sqlx));
    tracing::subscriber::set_global_default(ear)?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let (app, by_hand) = (asked(Kind::Anew, database, path).await?, asked(Kind::ByHand, database, path).await?);
        let only = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter().filter(|sql| !other.contains(sql)).cloned().collect()
        };
        let (of_app, of_hand) = (only(&app, &by_hand), only(&by_hand, &app));
        if app.is_empty() || app.len() != by_hand.len() || !of_app.is_empty() {
            let counts = format!("{} questions against {}", app.len(), by_hand.len());
            return Err(format!("{counts}\nonly the app: {of_app:#?}\nonly by hand: {of_hand:#?}").into());
        }
        Ok(())
    })
}

/// What one page asks, when its server has answered before.
async fn asked(kind: Kind, database: &str, path: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let router = router(kind, database, "http://localhost").await?;
    for _ in 0..2 {
        HEARD.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let request = Request::get(path).header("host", "localhost").body(Body::empty())?;
        let answer = router.clone().oneshot(request).await?;
        if answer.status() != 200 {
            return Err(format!("{path} was answered with {}", answer.status()).into());
        }
    }
    let mut heard = std::mem::take(&mut *HEARD.lock().unwrap_or_else(PoisonError::into_inner));
    // What a connection says of itself when it is opened asks nothing.
    heard.retain(|sql| !sql.starts_with("PRAGMA"));
    Ok(heard)
}

/// Hears what sqlx logs.
struct Ear;

impl<S: Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut sql = Sql::default();
        event.record(&mut sql);
        let sql = if sql.whole.is_empty() { sql.short } else { sql.whole };
        HEARD.lock().unwrap_or_else(PoisonError::into_inner).push(sql);
    }
}

/// A statement in the log: whole where it is long, or as short as it is.
#[derive(Default)]
struct Sql {
    whole: String,
    short: String,
}

impl Visit for Sql {
    fn record_str(&mut self, field: &Field, value: &str) {
        let words = || value.split_whitespace().collect::<Vec<_>>().join(" ");
        match field.name() {
            "db.statement" => self.whole = words(),
            "summary" => self.short = words(),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
