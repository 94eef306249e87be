//! What is remembered, and what people can do to it. Each public method of [`Store`] is one unit of work.

mod account;
mod archive;
mod audit;
mod breaks;
mod businesses;
mod checks;
mod customers;
mod database_file;
mod db;
mod devices;
mod dialect;
mod error;
mod factors;
mod grants;
mod guarantees;
mod invites;
mod listed;
mod live;
mod members;
mod moment;
mod obstacles;
mod passkeys;
mod passwords;
mod people;
mod photos;
mod pins;
mod places;
mod problems;
mod public;
mod reaches;
mod readiness;
mod record;
mod recoveries;
mod removal;
mod schedules;
mod second_looks;
mod sessions;
mod source;
pub mod stands;
mod texts;
mod tokens;
mod work;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;

pub use account::{Did, MemberFile, PersonFile, SessionFile};
pub use archive::{Broken, Column, Exported, Imported, Kind, Of, TABLES, Table};
pub use audit::{AuditFilter, AuditRow, Audited, Origin};
pub use breaks::{BreakRow, Breaks};
pub use businesses::Home;
pub use checks::{CheckRow, Checked, Logged, Standing};
pub use customers::{CustomerFile, Forgotten, OtherSpelling, Told};
pub use database_file::{DatabaseFile, FileLock};
pub use devices::{AtDevice, DeviceInvitation, DeviceMade, DeviceRow};
pub use error::Error;
pub use factors::{Proof, SignIn};
pub use grants::{MadeBy, MadeRow};
pub use guarantees::{GuaranteeRow, VersionRow};
pub use invites::{Invitation, InviteRow, Invited};
pub use listed::Listed;
pub use live::Changes;
pub use members::{Member, Membership};
pub use obstacles::{Answered, ObstacleRow, Obstacles};
pub use passkeys::PasskeyRow;
pub use passwords::Reset;
pub use photos::PhotoRow;
pub use pins::Colleague;
pub use places::{PlaceRow, SiteRow, Tag};
pub use problems::ProblemRow;
pub use public::{BreakLine, Charter, Day, Detail, PublicGuarantee, SHOWN_DAYS};
pub use record::{Line, Mismatch, Opened, Revision, Verified};
pub use recoveries::{
    BreakTotals, ClosedRecoveries, Customer, FollowUp, RecoveryPage, RecoveryRow, SamePerson, StepLine,
};
pub use schedules::{ClosureRow, RoundRow};
pub use second_looks::SecondLook;
pub use sessions::{Recognized, Session, SessionRow, Turn, Visitor};
pub use source::Source;
pub use tokens::{TokenMade, TokenRow};
pub use work::by as hand;

/// All that is remembered by one installation, on SQLite or PostgreSQL.
#[derive(Clone)]
pub struct Store {
    db: db::Db,
    source: Arc<dyn Source>,
    revisions: Arc<record::Revisions>,
    together: Arc<checks::Together>,
    photos: photos::Folder,
    readiness: Arc<readiness::Readiness>,
    /// The short name of the installation, once it is known.
    installation: Arc<OnceLock<String>>,
    /// Pictures are unpacked one after the other: that bounds what they take in memory.
    unpacking: Arc<Semaphore>,
    /// What whoever asks has seen of what they replace.
    seen: domain::revision::Revision,
}

impl Store {
    /// Opens the database at `sqlite:PATH` or `postgres://…`; it is made if it is a file that does not exist.
    ///
    /// # Errors
    /// The address is of another kind, or the database cannot be reached.
    pub async fn open(url: &str, source: Arc<dyn Source>) -> Result<Self, Error> {
        let db = db::Db::open(url).await?;
        Ok(Self {
            db,
            source,
            revisions: Arc::default(),
            together: Arc::default(),
            photos: photos::Folder::default(),
            readiness: Arc::default(),
            installation: Arc::default(),
            unpacking: Arc::new(Semaphore::new(1)),
            seen: domain::revision::Revision::default(),
        })
    }

    /// The same, with a folder for pictures; without one none can be kept. Programs on one database share it.
    #[must_use]
    pub fn with_photos(self, folder: PathBuf) -> Self {
        Self { photos: photos::Folder::at(folder), ..self }
    }

    /// The same for whoever has seen so much of what they are about to replace: what stands otherwise by now is not
    /// replaced, but answered with [`Error::Stale`].
    #[must_use]
    pub fn since(&self, seen: domain::revision::Revision) -> Self {
        Self { seen, ..self.clone() }
    }

    /// Brings the tables up to date, what no statement can fill in, the records that an older program wrote, and what it let
    /// outlive its maker's rights.
    ///
    /// # Errors
    /// The database is unavailable, or newer than this program.
    pub async fn migrate(&self) -> Result<(), Error> {
        self.db.migrate().await?;
        self.identify().await?;
        self.seal_records().await?;
        self.settle_all().await?;
        let mut held = self.db.look_up().await?;
        let (id,) = db::fetch!(held.conn(), fetch_one as (String,), "SELECT id FROM installation")?;
        self.installation.get_or_init(|| id);
        Ok(())
    }

    /// The short name of this installation, the same for every program on its database; nothing until the tables are up to
    /// date.
    #[must_use]
    pub fn installation(&self) -> &str {
        self.installation.get().map_or("", String::as_str)
    }

    /// Whether PostgreSQL shows this program the rows of every business, whatever it asks for: then only the store holds
    /// them apart.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn sees_over_walls(&self) -> Result<bool, Error> {
        match self.db.look_up().await?.conn() {
            db::Conn::Sqlite(_) => Ok(false),
            db::Conn::Postgres(conn) => Ok(dialect::sees_over_walls(conn).await?),
        }
    }

    /// The present instant, by the one clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.source.now()
    }

    /// The clock and the dice this store works with.
    #[must_use]
    pub fn source(&self) -> &dyn Source {
        self.source.as_ref()
    }
}
