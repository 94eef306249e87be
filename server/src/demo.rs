//! The example business, Prairie Stop: a hundred and twenty days of promises, from a fixed seed.

mod answers;
mod business;
mod history;
mod recoveries;
mod source;
mod words;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use store::Store;

pub use business::{PASSWORD, PEOPLE};

use business::found;
use history::History;
use source::Replay;

/// How far back the history goes.
const DAYS: u64 = 120;

/// Makes the example business in an empty database, as it would have become by `now`, through the same units of work
/// that people use. `progress` hears of each day that is done.
///
/// # Errors
/// The database is unavailable.
pub async fn seed(url: &str, now: DateTime<Utc>, mut progress: impl FnMut(u64, u64)) -> Result<(), store::Error> {
    let source = Arc::new(Replay::from(now));
    let store = Store::open(url, source.clone()).await?;
    store.migrate().await?;
    let shop = found(&store, &source).await?;
    let mut history = History::new(&store, &source, &shop, now);
    for day in 0..DAYS {
        history.day(day).await?;
        progress(day + 1, DAYS);
    }
    history.finish().await
}
