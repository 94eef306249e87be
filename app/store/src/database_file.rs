//! The file of a SQLite database: made for nobody else's eyes, opened by one program at a time, served by one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use tokio::time::sleep;

use crate::error::Error;

/// Beside the database, locked by whoever opens it or brings it up to date.
const OPENING: &str = "-opening";

/// Beside the database, locked by whoever serves it.
const SERVING: &str = "-serving";

/// How often a lock that somebody holds is asked for again.
const AGAIN: Duration = Duration::from_millis(20);

/// One file, under one path whatever it is called: links are followed, and so is the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFile(PathBuf);

/// Held until it is dropped, and in no case longer than the program runs: the operating system sees to that.
#[derive(Debug)]
pub struct FileLock {
    _locked: File,
}

impl DatabaseFile {
    /// The file of a database, which is made if it is missing. None: it is in no file.
    ///
    /// # Errors
    /// The address is wrong, or the file cannot be made.
    pub fn of(url: &str) -> Result<Option<Self>, Error> {
        if !url.starts_with("sqlite:") || is_in_memory(url) {
            return Ok(None);
        }
        let options = SqliteConnectOptions::from_str(url)?;
        let path = made(options.get_filename()).map_err(sqlx::Error::Io)?;
        Ok(Some(Self(path)))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Keeps others from serving this file. None: another program does so already.
    ///
    /// # Errors
    /// The file system has no locks, or lets no file be made beside the database.
    pub fn serve(&self) -> Result<Option<FileLock>, Error> {
        Ok(self.try_lock(SERVING).map_err(sqlx::Error::Io)?)
    }

    /// Waits for its turn to open the file or to change its tables.
    pub(crate) async fn open(&self) -> Result<FileLock, Error> {
        loop {
            match self.try_lock(OPENING).map_err(sqlx::Error::Io)? {
                Some(lock) => return Ok(lock),
                None => sleep(AGAIN).await,
            }
        }
    }

    fn try_lock(&self, what: &str) -> io::Result<Option<FileLock>> {
        let file = self.beside(what)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(FileLock { _locked: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(cause),
        }
    }

    /// A file to lock, for whoever may use the database. (The database itself is never opened here: to close it would
    /// take from SQLite the locks that this program has on it.)
    fn beside(&self, what: &str) -> io::Result<File> {
        let mut name = self.0.file_name().unwrap_or_default().to_owned();
        name.push(what);
        let path = self.0.with_file_name(name);
        loop {
            match File::open(&path) {
                Err(cause) if cause.kind() == ErrorKind::NotFound => {}
                opened => return opened,
            }
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(file) => give_away(&file, &self.0)?,
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

/// The one path to a file. One that is missing is made for its owner alone, whatever the umask; SQLite gives the files it
/// makes beside it the same owner and the same permissions.
fn made(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => {
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
            fs::canonicalize(path)
        }
        found => found,
    }
}

/// Whoever may use the database may lock it, even if root was there first.
fn give_away(file: &File, database: &Path) -> io::Result<()> {
    let (mine, of) = (file.metadata()?, fs::metadata(database)?);
    if (mine.uid(), mine.gid()) != (of.uid(), of.gid()) {
        // Only root can.
        let _ = fchown(file, Some(of.uid()), Some(of.gid()));
    }
    file.set_permissions(fs::Permissions::from_mode(of.mode() & 0o666))
}
