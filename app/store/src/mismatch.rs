//! What does not match between the record and the tables.

use domain::record::ChainError;
use thiserror::Error;

/// A mismatch that verification has found.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Mismatch {
    #[error(transparent)]
    Entry(#[from] ChainError),
    #[error("in {table}, row {row}, {column} is not as the record says")]
    Row { table: &'static str, row: String, column: &'static str },
    #[error("in {table} is a row that the record knows nothing of: {row}")]
    Added { table: &'static str, row: String },
    #[error("in {table} a row is missing that the record tells of: {row}")]
    Removed { table: &'static str, row: String },
    #[error("in {table} a row was changed after the record was sealed")]
    Backfill { table: &'static str },
}
