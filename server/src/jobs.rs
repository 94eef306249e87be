//! Background jobs. Every half minute: record missed deadlines and missed checks. Every hour: erase customers whose time is
//! over, old network addresses in the audit log, and pictures that nothing uses. Always: pass on changes to open pages.

use std::time::Duration;

use store::Store;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use crate::database;

const MISSED_INTERVAL: Duration = Duration::from_secs(30);
const RETENTION_INTERVAL: Duration = Duration::from_hours(1);
const RECONNECT_DELAY: Duration = Duration::from_secs(5);

/// Runs until it is dropped. An unavailable database only delays it.
pub async fn run(store: Store) {
    tokio::join!(run_scheduled(&store), forward_changes(&store));
}

async fn run_scheduled(store: &Store) {
    let (mut missed, mut retention) = (interval_of(MISSED_INTERVAL), interval_of(RETENTION_INTERVAL));
    loop {
        tokio::select! {
            _ = missed.tick() => if let Err(error) = record_missed(store).await {
                tracing::warn!(%error, "deadlines and windows could not be checked; retrying soon");
            },
            _ = retention.tick() => if let Err(error) = erase_expired(store).await {
                tracing::warn!(%error, "expired data could not be erased; retrying in an hour");
            },
        }
    }
}

/// Tells open pages what other instances have changed.
async fn forward_changes(store: &Store) {
    while let Err(error) = store.listen_for_changes().await {
        tracing::warn!(%error, "changes of other instances are not received; retrying soon");
        sleep(RECONNECT_DELAY).await;
    }
}

fn interval_of(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn record_missed(store: &Store) -> Result<(), store::Error> {
    for business in store.businesses().await? {
        let operator = database::operator(&business);
        store.record_missed_deadlines(&operator).await?;
        store.record_downtime(&operator).await?;
        store.record_missed(&operator).await?;
    }
    Ok(())
}

async fn erase_expired(store: &Store) -> Result<(), store::Error> {
    for business in store.businesses().await? {
        let erased = store.erase_expired_customers(&database::operator(&business)).await?;
        if erased > 0 {
            tracing::info!(business = %business.id, forgotten = erased, "customers were erased after the retention period");
        }
        store.purge_audit_addresses(&database::operator(&business)).await?;
        store.delete_unused_photos(&database::operator(&business)).await?;
    }
    Ok(())
}
