//! Word that a business's data has changed, for whoever looks at it at that moment.

use domain::ids::BusinessId;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use uuid::Uuid;

use crate::Store;
use crate::db::Db;
use crate::error::Error;

/// The changes of one business, from when it was asked for.
#[derive(Debug)]
pub struct Changes(pub(crate) watch::Receiver<u64>);

/// What PostgreSQL calls the notices of `migrations/postgres/0023_notices.sql`.
const CHANNEL: &str = "trialmark";

impl Changes {
    /// Waits until something has changed; several changes may be one word.
    pub async fn next(&mut self) {
        // The store outlives whoever listens.
        let _ = self.0.changed().await;
    }
}

impl Store {
    #[must_use]
    pub fn changes(&self, business: BusinessId) -> Changes {
        Changes(self.revisions.listen(business))
    }

    /// Hears of what other programs change in the same database, for as long as it is awaited. On SQLite there are none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn hear(&self) -> Result<(), Error> {
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
                // The connection was lost, and with it what was said meanwhile.
                None => self.revisions.bump_all(),
            }
        }
    }
}
