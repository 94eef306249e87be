//! Notifications that the data of a business has changed, for open pages.

use domain::ids::BusinessId;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use uuid::Uuid;

use crate::Store;
use crate::db::Db;
use crate::error::Error;

/// The changes of one business, from the moment of subscription.
#[derive(Debug)]
pub struct Changes(pub(crate) watch::Receiver<u64>);

/// The channel that `migrations/postgres/0023_notices.sql` notifies.
const CHANNEL: &str = "trialmark";

impl Changes {
    /// Waits until something has changed. Several changes may come as one.
    pub async fn next(&mut self) {
        // The sender lives as long as the store.
        let _ = self.0.changed().await;
    }
}

impl Store {
    #[must_use]
    pub fn changes(&self, business: BusinessId) -> Changes {
        Changes(self.revisions.listen(business))
    }

    /// Receives the changes that other programs make in the same database, as long as it is awaited. On SQLite there
    /// are none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn listen_for_changes(&self) -> Result<(), Error> {
        let Db::Postgres(pool) = &self.db else { return std::future::pending().await };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            match listener.try_recv().await? {
                Some(notice) => {
                    if let Ok(id) = notice.payload().parse::<Uuid>() {
                        self.revisions.bump(BusinessId(id));
                    }
                }
                // The connection was lost, and notifications with it.
                None => self.revisions.bump_all(),
            }
        }
    }
}
