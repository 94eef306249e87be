//! Generates the example business, Prairie Stop, with 120 days of history from a fixed seed.

mod break_texts;
mod business;
mod evening;
mod history;
mod recoveries;
mod source;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::Store;

pub use business::{PASSWORD, PEOPLE};

use business::create_business;
use history::History;
use source::DemoSource;

/// The length of the history.
const DAYS: u64 = 120;

/// Creates the example business in an empty database, with its history up to `now`, through the same units of work that
/// people use. Calls `progress` after each day, with the days done and all days.
///
/// # Errors
/// The database is unavailable.
pub async fn seed(url: &str, now: DateTime<Utc>, mut progress: impl FnMut(u64, u64)) -> Result<(), store::Error> {
    let source = Arc::new(DemoSource::starting_before(now));
    let store = Store::open(url, source.clone()).await?;
    store.migrate().await?;
    let business = create_business(&store, &source).await?;
    let mut history = History::new(&store, &source, &business, now);
    for day in 0..DAYS {
        history.play_day(day).await?;
        progress(day + 1, DAYS);
    }
    history.finish().await
}
