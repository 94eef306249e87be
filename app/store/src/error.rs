//! Why a unit of work failed. Nothing of it was stored.

use std::io;

use domain::actor::NotAllowed;
use domain::edit_tag::Stale;
use domain::fault::{Fault, Faults};
use domain::{check, guarantee, member, obstacle, recovery, second_look};
use sqlx::migrate::MigrateError;
use thiserror::Error;
use zip::result::ZipError;

use crate::dialect;
use crate::import_error::ImportError;

#[derive(Debug, Error)]
pub enum Error {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Invalid(#[from] Faults),
    #[error(transparent)]
    Guarantee(#[from] guarantee::GuaranteeError),
    #[error(transparent)]
    Check(#[from] check::CheckError),
    #[error(transparent)]
    Recovery(#[from] recovery::RecoveryError),
    #[error(transparent)]
    Member(#[from] member::MemberError),
    #[error(transparent)]
    Obstacle(#[from] obstacle::ObstacleError),
    #[error(transparent)]
    SecondLook(#[from] second_look::SecondLookError),
    #[error(transparent)]
    Stale(#[from] Stale),
    /// A file is not imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A file could not be written or read.
    #[error("the file failed")]
    File(#[from] io::Error),
    /// The business was deleted in the meantime.
    #[error("the business is no longer here")]
    Gone,
    /// A unique constraint was violated: its name.
    #[error("{0} would be there twice")]
    UniqueViolation(String),
    /// Busy, full or unreachable. It may work later.
    #[error("the database is unavailable")]
    Unavailable(#[source] sqlx::Error),
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    #[error("the database could not be brought up to date")]
    Migration(#[source] MigrateError),
    /// A stored value cannot be read: it was changed from outside, or written by a newer program.
    #[error("{column} of {row} in {table} cannot be read: {cause}")]
    Unreadable { table: &'static str, row: String, column: &'static str, cause: String },
    #[error("a value could not be written as JSON")]
    Serialize(#[source] serde_json::Error),
    #[error("the database address must start with sqlite: or postgres:")]
    UnsupportedUrl,
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(cause) = &error
            && cause.is_unique_violation()
            && let Some(name) = dialect::constraint_name(cause.as_ref())
        {
            return Self::UniqueViolation(name);
        }
        if let sqlx::Error::Database(cause) = &error
            && dialect::is_missing_parent(cause.as_ref())
        {
            return Self::Gone;
        }
        if dialect::is_transient(&error) {
            dialect::suspect_pool();
            Self::Unavailable(error)
        } else {
            Self::Database(error)
        }
    }
}

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)
                if dialect::is_transient(&cause) =>
            {
                Self::Unavailable(cause)
            }
            other => Self::Migration(other),
        }
    }
}

/// For writing. Errors while reading an untrusted file are [`ImportError`]s.
impl From<ZipError> for Error {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(cause) => Self::File(cause),
            other => Self::File(io::Error::other(other)),
        }
    }
}

impl From<check::PhotoMismatch> for Error {
    fn from(unfit: check::PhotoMismatch) -> Self {
        match unfit {
            check::PhotoMismatch::Missing(faults) => faults.into(),
            check::PhotoMismatch::Unwanted(refused) => refused.into(),
        }
    }
}

impl Error {
    /// Turns a violated unique constraint into the fault of its field.
    pub(crate) fn or_field_taken(self, constraint: &str, field: &'static str) -> Self {
        match self {
            Self::UniqueViolation(name) if name == constraint => Self::Invalid(Faults::one(field, Fault::Taken)),
            other => other,
        }
    }
}
