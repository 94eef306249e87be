//! A whole business as one file, to leave with and to come back: a ZIP with a manifest and one file of JSON lines for each
//! table. The same business makes the same file, byte for byte, whichever database it is in.

mod bring;
mod cell;
mod column;
mod manifest;
mod open;
mod people;
mod sound;
mod tables;
mod write;

use thiserror::Error;

use crate::record::Mismatch;

pub use bring::Imported;
pub(crate) use cell::Cell;
pub use column::{Column, Kind};
pub use manifest::Exported;
pub use tables::{Of, TABLES, Table};

/// Why a file is not brought in. Nothing of it was stored.
#[derive(Debug, Error)]
pub enum Broken {
    #[error("this is not an exported business: it is no ZIP file, or it is damaged or cut off ({0})")]
    Unpacked(String),
    #[error("{file} is missing from it")]
    Missing { file: String },
    #[error("it has a file that does not belong into it: {file}")]
    Stray { file: String },
    #[error(
        "a newer Trialmark wrote it: it is of version {found}, and this one reads up to version {known}. Update this Trialmark, \
        then import the file again"
    )]
    Version { found: u64, known: u64 },
    #[error("its manifest cannot be read: {0}")]
    Manifest(String),
    #[error("{file} is larger than such a file can be")]
    TooLarge { file: String },
    #[error("{file} was changed: it is not as its manifest says")]
    Changed { file: String },
    #[error("line {line} of {file} cannot be read: {why}")]
    Line { file: String, line: u64, why: String },
    #[error("the lines up to {line} of {file} do not fit: {why}")]
    Rows { file: String, line: u64, why: String },
    #[error("{0} is here already")]
    Here(String),
    #[error("what it holds does not fit together: {0}")]
    Unsound(String),
    #[error("its record does not fit: {0}")]
    Record(#[from] Mismatch),
}
