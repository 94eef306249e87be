//! What Trialmark does by itself: looks every half minute whether a deadline of ours has passed, or a window without a
//! look, and says so in public; every hour whether there are customers to be forgotten, addresses from which something was done, or
//! pictures that nothing needs.

use std::time::Duration;

use store::Store;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use crate::database;

const LATENESS: Duration = Duration::from_secs(30);
const RETENTION: Duration = Duration::from_hours(1);
const DEAF: Duration = Duration::from_secs(5);

/// Runs until it is dropped. A database that is away for a while only delays it.
pub async fn run(store: Store) {
    tokio::join!(look(&store), hear(&store));
}

async fn look(store: &Store) {
    let (mut lateness, mut retention) = (every(LATENESS), every(RETENTION));
    loop {
        tokio::select! {
            _ = lateness.tick() => if let Err(error) = note_lateness(store).await {
                tracing::warn!(%error, "deadlines and windows could not be looked at; trying again soon");
            },
            _ = retention.tick() => if let Err(error) = forget(store).await {
                tracing::warn!(%error, "what is to be forgotten could not be; trying again in an hour");
            },
        }
    }
}

/// Passes on to open pages what other programs change.
async fn hear(store: &Store) {
    while let Err(error) = store.hear().await {
        tracing::warn!(%error, "what others change is not heard for the moment; trying again soon");
        sleep(DEAF).await;
    }
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn note_lateness(store: &Store) -> Result<(), store::Error> {
    for home in store.businesses().await? {
        let operator = database::operator(&home);
        store.note_lateness(&operator).await?;
        store.note_absence(&operator).await?;
        store.conclude(&operator).await?;
    }
    Ok(())
}

async fn forget(store: &Store) -> Result<(), store::Error> {
    for home in store.businesses().await? {
        let forgotten = store.forget_customers(&database::operator(&home)).await?;
        if forgotten > 0 {
            tracing::info!(business = %home.id, forgotten, "customers were forgotten: their time was over");
        }
        store.forget_addresses(&database::operator(&home)).await?;
        store.sweep_photos(&database::operator(&home)).await?;
    }
    Ok(())
}
