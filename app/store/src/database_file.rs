//! The file of a SQLite database: readable by its owner only, opened by one program at a time, and served by one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use tokio::time::sleep;

use crate::error::Error;

/// The suffix of the lock file for opening and migrating.
const OPEN_LOCK: &str = "-opening";

/// The suffix of the lock file for serving.
const SERVE_LOCK: &str = "-serving";

/// How long to wait before a taken lock is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(20);

/// A database file, by its canonical path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFile(PathBuf);

/// A lock, held until it is dropped. The operating system releases it when the program ends, however it ends.
#[derive(Debug)]
pub struct FileLock {
    _locked: File,
}

impl DatabaseFile {
    /// The file of a database, which is created if it is missing. `None` if the database is in memory or on a server.
    ///
    /// # Errors
    /// The URL is invalid, or the file cannot be created.
    pub fn from_url(url: &str) -> Result<Option<Self>, Error> {
        if !url.starts_with("sqlite:") || is_in_memory(url) {
            return Ok(None);
        }
        let options = SqliteConnectOptions::from_str(url)?;
        let path = ensure_exists(options.get_filename()).map_err(sqlx::Error::Io)?;
        Ok(Some(Self(path)))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Takes the lock for serving. `None` if another program has it.
    ///
    /// # Errors
    /// The file system has no locks, or no file can be created beside the database.
    pub fn serve(&self) -> Result<Option<FileLock>, Error> {
        Ok(self.try_lock(SERVE_LOCK).map_err(sqlx::Error::Io)?)
    }

    /// Waits for the lock for opening and migrating.
    pub(crate) async fn open(&self) -> Result<FileLock, Error> {
        loop {
            match self.try_lock(OPEN_LOCK).map_err(sqlx::Error::Io)? {
                Some(lock) => return Ok(lock),
                None => sleep(RETRY_AFTER).await,
            }
        }
    }

    fn try_lock(&self, what: &str) -> io::Result<Option<FileLock>> {
        let file = self.lock_file(what)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(FileLock { _locked: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(cause),
        }
    }

    /// The lock file, accessible to everyone who may use the database. The database file itself must not be opened
    /// here: closing it would release the locks that SQLite has on it in this process.
    fn lock_file(&self, what: &str) -> io::Result<File> {
        let mut name = self.0.file_name().unwrap_or_default().to_owned();
        name.push(what);
        let path = self.0.with_file_name(name);
        loop {
            match File::open(&path) {
                Err(cause) if cause.kind() == ErrorKind::NotFound => {}
                opened => return opened,
            }
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(file) => match_owner(&file, &self.0)?,
                Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(cause),
            }
        }
    }
}

fn is_in_memory(url: &str) -> bool {
    let (path, parameters) = url.split_once('?').unwrap_or((url, ""));
    path.trim_start_matches("sqlite:").trim_start_matches("//") == ":memory:"
        || parameters.split('&').any(|parameter| parameter == "mode=memory")
}

/// The canonical path of a file. A missing file is created for its owner only, whatever the umask. SQLite gives the
/// files that it creates beside it the same owner and permissions.
fn ensure_exists(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => {
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
            fs::canonicalize(path)
        }
        found => found,
    }
}

/// Gives the lock file the owner and the permissions of the database, even if root created it.
fn match_owner(file: &File, database: &Path) -> io::Result<()> {
    let (mine, of) = (file.metadata()?, fs::metadata(database)?);
    if (mine.uid(), mine.gid()) != (of.uid(), of.gid()) {
        // Only root may change the owner.
        let _ = fchown(file, Some(of.uid()), Some(of.gid()));
    }
    file.set_permissions(fs::Permissions::from_mode(of.mode() & 0o666))
}
