//! Why a file is not imported.

use thiserror::Error;

use crate::mismatch::Mismatch;

/// Why a file is not imported. Nothing of it was stored.
#[derive(Debug, Error)]
pub enum ImportError {
    #[error("this is not an exported business: it is no ZIP file, or it is damaged or cut off ({0})")]
    NotAnArchive(String),
    #[error("{file} is missing from it")]
    MissingFile { file: String },
    #[error("it has a file that does not belong into it: {file}")]
    UnexpectedFile { file: String },
    #[error(
        "a newer Trialmark wrote it: it is of version {found}, and this one reads up to version {known}. Update this Trialmark, \
        then import the file again"
    )]
    UnsupportedVersion { found: u64, known: u64 },
    #[error("its manifest cannot be read: {0}")]
    Manifest(String),
    #[error("{file} is larger than such a file can be")]
    TooLarge { file: String },
    #[error("{file} was changed: it is not as its manifest says")]
    ChecksumMismatch { file: String },
    #[error("line {line} of {file} cannot be read: {why}")]
    InvalidLine { file: String, line: u64, why: String },
    #[error("the lines up to {line} of {file} do not fit: {why}")]
    RejectedRows { file: String, line: u64, why: String },
    #[error("{0} is here already")]
    AlreadyExists(String),
    #[error("what it holds does not fit together: {0}")]
    Inconsistent(String),
    #[error("its record does not fit: {0}")]
    Record(#[from] Mismatch),
}
