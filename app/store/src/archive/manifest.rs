//! The manifest: what the file is, whose, and what each file in it must be.

use std::io::Write;

use domain::ids::BusinessId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Broken;
use super::cell::hex;

/// What the manifest is called, and what it says it is.
pub(super) const NAME: &str = "manifest.json";
pub(super) const FORMAT: &str = "trialmark";

/// Which tables and columns a file has: what a version brought says so in `tables.rs`. As soon as files of a version are
/// out of the house, a new table or column is of the next one, and a file of this one is frozen for `tests/suite/frozen.rs`.
pub(super) const VERSION: u64 = 2;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub format: String,
    pub version: u64,
    pub business: Whose,
    pub files: Vec<Listed>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    pub id: BusinessId,
    pub slug: String,
    pub name: String,
}

/// One file: how many rows and bytes it has, and the SHA-256 of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    pub name: String,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
}

/// What was exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Over all tables.
    pub rows: u64,
    /// Before it was packed.
    pub bytes: u64,
}

/// Counts and hashes a file while it is written or read.
#[derive(Default)]
pub(super) struct Sum {
    rows: u64,
    bytes: u64,
    hash: Sha256,
}

impl Sum {
    /// Adds some whole rows.
    pub fn add(&mut self, rows: u64, bytes: &[u8]) {
        self.rows += rows;
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }

    /// Whether it has come to more than it should.
    pub fn is_over(&self, listed: &Listed) -> bool {
        self.bytes > listed.bytes || self.rows > listed.rows
    }

    pub fn listed(self, name: String) -> Listed {
        Listed { name, rows: self.rows, bytes: self.bytes, sha256: hex(&self.hash.finalize()) }
    }
}

impl Manifest {
    pub fn write(&self, to: impl Write) -> Result<(), serde_json::Error> {
        serde_json::to_writer_pretty(to, self)
    }

    /// # Errors
    /// It is none, or of a version that this program does not know.
    pub fn read(text: &[u8]) -> Result<Self, Broken> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u64,
        }
        let unreadable = |error: serde_json::Error| Broken::Manifest(error.to_string());
        let head: Head = serde_json::from_slice(text).map_err(unreadable)?;
        if head.format != FORMAT {
            return Err(Broken::Manifest("it is of something else".to_owned()));
        }
        if head.version == 0 {
            return Err(Broken::Manifest("there never was a version 0".to_owned()));
        }
        if head.version > VERSION {
            return Err(Broken::Version { found: head.version, known: VERSION });
        }
        serde_json::from_slice(text).map_err(unreadable)
    }
}
