//! The manifest of an export file: the format, the business, and the size and hash of each file inside.

use std::io::Write;

use domain::ids::BusinessId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::import_error::ImportError;
use crate::tables::hex;

/// The file name of the manifest, and the name of the format in it.
pub(super) const MANIFEST_NAME: &str = "manifest.json";
pub(super) const FORMAT_NAME: &str = "trialmark";

/// The version determines which tables and columns a file has (see `tables.rs`). Once files of a version have been
/// released, new tables and columns belong to the next version, and a file of this one is kept for
/// `tests/suite/export_compat.rs`.
pub(super) const FORMAT_VERSION: u64 = 2;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub format: String,
    pub version: u64,
    pub business: ManifestBusiness,
    pub files: Vec<ManifestFile>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestBusiness {
    pub id: BusinessId,
    pub slug: String,
    pub name: String,
}

/// One file: its number of rows, its size in bytes, and its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestFile {
    pub name: String,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
}

/// The size of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportSummary {
    /// In all tables.
    pub rows: u64,
    /// Uncompressed.
    pub bytes: u64,
}

/// Counts and hashes a file while it is written or read.
#[derive(Default)]
pub(super) struct FileDigest {
    rows: u64,
    bytes: u64,
    hash: Sha256,
}

impl FileDigest {
    /// Adds complete rows.
    pub fn add(&mut self, rows: u64, bytes: &[u8]) {
        self.rows += rows;
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }

    /// Whether there are more rows or bytes than listed.
    pub fn exceeds(&self, listed: &ManifestFile) -> bool {
        self.bytes > listed.bytes || self.rows > listed.rows
    }

    pub fn into_file(self, name: String) -> ManifestFile {
        ManifestFile { name, rows: self.rows, bytes: self.bytes, sha256: hex(&self.hash.finalize()) }
    }
}

impl Manifest {
    pub fn write(&self, to: impl Write) -> Result<(), serde_json::Error> {
        serde_json::to_writer_pretty(to, self)
    }

    /// # Errors
    /// It is no manifest, or its version is unknown to this program.
    pub fn read(text: &[u8]) -> Result<Self, ImportError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u64,
        }
        let unreadable = |error: serde_json::Error| ImportError::Manifest(error.to_string());
        let head: Head = serde_json::from_slice(text).map_err(unreadable)?;
        if head.format != FORMAT_NAME {
            return Err(ImportError::Manifest("it is of something else".to_owned()));
        }
        if head.version == 0 {
            return Err(ImportError::Manifest("there never was a version 0".to_owned()));
        }
        if head.version > FORMAT_VERSION {
            return Err(ImportError::UnsupportedVersion { found: head.version, known: FORMAT_VERSION });
        }
        serde_json::from_slice(text).map_err(unreadable)
    }
}
