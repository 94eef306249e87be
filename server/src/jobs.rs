//! What Trialmark does by itself: looks every half minute whether a deadline of ours has passed, and says so in public.

use std::time::Duration;

use store::Store;
use tokio::time::{MissedTickBehavior, interval};

use crate::database;

const EVERY: Duration = Duration::from_secs(30);

/// Runs until it is dropped. A database that is away for a while only delays it.
pub async fn run(store: Store) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = note_lateness(&store).await {
            tracing::warn!(%error, "deadlines could not be looked at; trying again soon");
        }
    }
}

async fn note_lateness(store: &Store) -> Result<(), store::Error> {
    for home in store.businesses().await? {
        store.note_lateness(&database::operator(&home)).await?;
    }
    Ok(())
}
