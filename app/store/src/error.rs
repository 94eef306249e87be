//! Why a unit of work did not happen. Nothing of it was stored.

use std::io;

use domain::actor::NotAllowed;
use domain::fault::{Fault, Faults};
use domain::revision::Stale;
use domain::{check, guarantee, member, obstacle, recovery, second_look};
use sqlx::migrate::MigrateError;
use thiserror::Error;
use zip::result::ZipError;

use crate::archive::Broken;
use crate::dialect;
use crate::record::Failed;

#[derive(Debug, Error)]
pub enum Error {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Invalid(#[from] Faults),
    #[error(transparent)]
    Guarantee(#[from] guarantee::Refused),
    #[error(transparent)]
    Check(#[from] check::Refused),
    #[error(transparent)]
    Recovery(#[from] recovery::Refused),
    #[error(transparent)]
    Member(#[from] member::Refused),
    #[error(transparent)]
    Obstacle(#[from] obstacle::Refused),
    #[error(transparent)]
    SecondLook(#[from] second_look::Refused),
    #[error(transparent)]
    Stale(#[from] Stale),
    /// A file is not brought in.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// A file could not be written or read.
    #[error("the file failed")]
    File(#[from] io::Error),
    /// What somebody acts for, or what they name, was deleted in between.
    #[error("the business is no longer here")]
    Gone,
    /// A row would repeat what must be unique: the name of the constraint.
    #[error("{0} would be there twice")]
    Taken(String),
    /// Busy, full or out of reach: it may work again later.
    #[error("the database is unavailable")]
    Unavailable(#[source] sqlx::Error),
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    #[error("the database could not be brought up to date")]
    Migration(#[source] MigrateError),
    /// Something stored cannot be read: it was changed from outside, or by a newer program.
    #[error("what is stored cannot be read: {0}")]
    Unreadable(String),
    #[error("the database address must start with sqlite: or postgres:")]
    Address,
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(cause) = &error
            && cause.is_unique_violation()
            && let Some(name) = dialect::constraint(cause.as_ref())
        {
            return Self::Taken(name);
        }
        if let sqlx::Error::Database(cause) = &error
            && dialect::is_of_nobody(cause.as_ref())
        {
            return Self::Gone;
        }
        if dialect::is_passing(&error) {
            dialect::doubt();
            Self::Unavailable(error)
        } else {
            Self::Database(error)
        }
    }
}

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) if dialect::is_passing(&cause) => {
                Self::Unavailable(cause)
            }
            other => Self::Migration(other),
        }
    }
}

/// Only of what is being written: what is read is not trusted.
impl From<ZipError> for Error {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(cause) => Self::File(cause),
            other => Self::File(io::Error::other(other)),
        }
    }
}

impl From<check::Unfit> for Error {
    fn from(unfit: check::Unfit) -> Self {
        match unfit {
            check::Unfit::Missing(faults) => faults.into(),
            check::Unfit::Unwanted(refused) => refused.into(),
        }
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Mismatch(mismatch) => Self::Broken(Broken::Record(mismatch)),
            Failed::Error(error) => error,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Unreadable(fault.to_string())
    }
}

impl Error {
    /// Turns a broken unique constraint into what is wrong with the field that broke it.
    pub(crate) fn taken(self, constraint: &str, field: &'static str) -> Self {
        match self {
            Self::Taken(name) if name == constraint => Self::Invalid(Faults::one(field, Fault::Taken)),
            other => other,
        }
    }
}
