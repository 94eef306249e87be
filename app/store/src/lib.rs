//! The database, behind one type: [`Store`]. Each public method is one unit of work.

mod actor_key;
mod archive;
mod audit;
mod breaks;
mod business_deletion;
mod business_info;
mod businesses;
mod changes;
mod checks;
mod clock_and_random;
mod closures;
mod customer_identity;
mod customers;
mod database_file;
mod db;
mod devices;
mod dialect;
pub mod edit_state;
mod error;
mod factor_rows;
mod factors;
mod grants;
mod guarantee_rows;
mod guarantees;
mod import_error;
mod invites;
mod members;
mod mismatch;
mod obstacles;
mod page;
mod passkeys;
mod passwords;
mod people;
mod person_export;
mod photos;
mod pins;
mod places;
mod problems;
mod public;
mod readiness;
mod record;
mod recoveries;
mod recovery_queue;
mod recovery_rows;
mod rights;
mod schedule_progress;
mod schedules;
mod second_looks;
mod sessions;
mod site_access;
mod stored_row;
mod tables;
mod tallies;
mod texts;
mod timestamp;
mod tokens;
mod unit_of_work;
mod verdict_sql;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;

pub use actor_key::actor_key;
pub use archive::{ExportSummary, ImportSummary};
pub use audit::{AuditFilter, AuditPage, AuditRow, ClientInfo};
pub use breaks::{BreakPage, BreakRow};
pub use business_info::BusinessInfo;
pub use changes::Changes;
pub use checks::{CheckPage, CheckRow, LastCheck, Logged};
pub use clock_and_random::ClockAndRandom;
pub use closures::ClosureRow;
pub use customers::{ContactVariant, CustomerExport, Erasure, ExportedRecovery};
pub use database_file::{DatabaseFile, FileLock};
pub use devices::{CreatedDevice, DeviceLink, DeviceRow, RegisteredDevice};
pub use error::Error;
pub use factors::{FactorProof, PendingSignIn};
pub use grants::{GrantRow, PersonGrants};
pub use guarantee_rows::{GuaranteeRow, VersionRow};
pub use import_error::ImportError;
pub use invites::{CreatedInvite, InviteLink, InviteRow};
pub use members::{Member, Membership};
pub use mismatch::Mismatch;
pub use obstacles::{GivenAnswer, ObstaclePage, ObstacleRow};
pub use page::Page;
pub use passkeys::PasskeyRow;
pub use passwords::PasswordReset;
pub use person_export::{ExportedAction, ExportedMembership, ExportedSession, PersonExport};
pub use photos::PhotoRow;
pub use pins::DeviceUser;
pub use places::{PlaceRow, SiteRow, TagState};
pub use problems::ProblemRow;
pub use public::{BreakLine, Charter, DayTally, GuaranteeDetail, PublicGuarantee, SHOWN_DAYS};
pub use record::{ChangeCount, RecordLine, RevealedText, Verified};
pub use recoveries::{
    BreakTotals, ClosedRecoveries, CustomerView, FollowUp, OpenRecoveries, OtherRecovery, RecoveryDetail, RecoveryRow,
    StepLine, StepTaken,
};
pub use recovery_queue::{QueueCounts, QueuePosition};
pub use recovery_rows::RecoveryFilter;
pub use schedules::ScheduledPromise;
pub use second_looks::{SecondLook, SecondLookGiven};
pub use sessions::{Authenticated, PinSession, Session, SessionRow, SessionUser};
pub use tables::{Column, ColumnKind, RowOwner, TABLES, Table};
pub use tokens::{CreatedToken, TokenRow};

/// The data of one installation, on SQLite or PostgreSQL.
#[derive(Clone)]
pub struct Store {
    db: db::Db,
    source: Arc<dyn ClockAndRandom>,
    revisions: Arc<record::ChangeCounts>,
    group_commit: Arc<checks::GroupCommit>,
    guarantee_cache: Arc<public::GuaranteeCache>,
    photos: photos::PhotoFolder,
    readiness: Arc<readiness::Readiness>,
    /// The id of the installation, known after the first migration.
    installation: Arc<OnceLock<String>>,
    /// Photos are decoded one at a time, which bounds the memory they take.
    decode_permit: Arc<Semaphore>,
    /// What the caller has seen of what they are about to replace.
    expected: domain::edit_tag::EditTag,
}

impl Store {
    /// Opens the database at `sqlite:PATH` or `postgres://…`. A SQLite file that does not exist is created.
    ///
    /// # Errors
    /// The URL has another scheme, or the database cannot be reached.
    pub async fn open(url: &str, source: Arc<dyn ClockAndRandom>) -> Result<Self, Error> {
        let db = db::Db::open(url).await?;
        Ok(Self {
            db,
            source,
            revisions: Arc::default(),
            group_commit: Arc::default(),
            guarantee_cache: Arc::default(),
            photos: photos::PhotoFolder::default(),
            readiness: Arc::default(),
            installation: Arc::default(),
            decode_permit: Arc::new(Semaphore::new(1)),
            expected: domain::edit_tag::EditTag::default(),
        })
    }

    /// The store with a folder for photos. Without one, no photo can be stored. Programs on one database share the
    /// folder.
    #[must_use]
    pub fn with_photos(self, folder: PathBuf) -> Self {
        Self { photos: photos::PhotoFolder::at(folder), ..self }
    }

    /// The store for a caller who has seen `seen` of what they are about to replace. If it has changed since, nothing
    /// is replaced and the answer is [`Error::Stale`].
    #[must_use]
    pub fn expecting(&self, seen: domain::edit_tag::EditTag) -> Self {
        Self { expected: seen, ..self.clone() }
    }

    /// Migrates the database. Then does what SQL alone cannot: computes identities, seals records that an older program
    /// wrote, and ends grants that outlived the rights of their makers.
    ///
    /// # Errors
    /// The database is unavailable, or newer than this program.
    pub async fn migrate(&self) -> Result<(), Error> {
        self.db.migrate().await?;
        self.identify().await?;
        self.complete_recoveries().await?;
        self.seal_records().await?;
        self.enforce_all_maker_rights().await?;
        let mut handle = self.db.look_up().await?;
        let (id,) = db::fetch!(handle.conn(), fetch_one as (String,), "SELECT id FROM installation")?;
        self.installation.get_or_init(|| id);
        Ok(())
    }

    /// The id of this installation, the same for every program on its database. Empty until the database is migrated.
    #[must_use]
    pub fn installation(&self) -> &str {
        self.installation.get().map_or("", String::as_str)
    }

    /// Whether the role of this connection bypasses row-level security on PostgreSQL. Then only the store's own
    /// statements keep businesses apart.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn bypasses_rls(&self) -> Result<bool, Error> {
        match self.db.look_up().await?.conn() {
            db::Conn::Sqlite(_) => Ok(false),
            db::Conn::Postgres(conn) => Ok(dialect::bypasses_rls(conn).await?),
        }
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.source.now()
    }

    /// The clock and the randomness of this store.
    #[must_use]
    pub fn source(&self) -> &dyn ClockAndRandom {
        self.source.as_ref()
    }
}
