//! The folder of photos: a subfolder for each business, with two files for each photo, named by its hash.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::BusinessId;
use domain::photo::PhotoSize;
use domain::record::Hash;

/// A file without a row may be deleted after this time. Before, its row may still be about to be written.
const MIN_AGE: TimeDelta = TimeDelta::days(1);

/// The folder of all photos; `None` if the store has no folder.
#[derive(Clone, Default)]
pub struct PhotoFolder(Option<Arc<Path>>);

impl PhotoFolder {
    pub fn at(path: PathBuf) -> Self {
        Self(Some(path.into()))
    }

    /// Writes a photo, unless it exists. Afterwards it is completely synced to disk, or not there at all.
    pub fn write(&self, business: BusinessId, hash: Hash, size: PhotoSize, bytes: &[u8]) -> io::Result<()> {
        let folder = self.of(business)?;
        let name = name(hash, size);
        let (path, unfinished) = (folder.join(&name), folder.join(format!("{name}.part")));
        if path.exists() {
            return Ok(());
        }
        // Only readable by this user.
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        let written =
            file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&unfinished, &path));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written.and_then(|()| File::open(&folder)?.sync_all())
    }

    pub fn read(&self, business: BusinessId, hash: Hash, size: PhotoSize) -> io::Result<Option<Vec<u8>>> {
        found(fs::read(self.of(business)?.join(name(hash, size))))
    }

    /// Deletes both sizes: the small one first, so that it is never left alone.
    pub fn remove(&self, business: BusinessId, hash: Hash) -> io::Result<()> {
        let folder = self.of(business)?;
        found(fs::remove_file(folder.join(name(hash, PhotoSize::Small))))?;
        found(fs::remove_file(folder.join(name(hash, PhotoSize::Large)))).map(|_| ())
    }

    /// Deletes all photos of a business.
    pub fn clear(&self, business: BusinessId) -> io::Result<()> {
        match self.of(business) {
            Ok(folder) => found(fs::remove_dir_all(folder)).map(|_| ()),
            Err(_) => Ok(()),
        }
    }

    /// The photos that are older than [`MIN_AGE`].
    pub fn older_files(&self, business: BusinessId, now: DateTime<Utc>) -> io::Result<Vec<Hash>> {
        let Ok(folder) = self.of(business) else { return Ok(Vec::new()) };
        let Some(files) = found(fs::read_dir(folder))? else { return Ok(Vec::new()) };
        let mut settled = Vec::new();
        for file in files {
            let file = file?;
            let hash = file.file_name().to_str().and_then(|name| name.strip_suffix(".jpg")).map(str::to_owned);
            let Some(Ok(hash)) = hash.map(Hash::try_from) else { continue };
            if DateTime::<Utc>::from(file.metadata()?.modified()?) < now - MIN_AGE {
                settled.push(hash);
            }
        }
        Ok(settled)
    }

    fn of(&self, business: BusinessId) -> io::Result<PathBuf> {
        let folder = self.0.as_ref().ok_or_else(|| io::Error::from(ErrorKind::Unsupported))?;
        Ok(folder.join(business.to_string()))
    }
}

fn name(hash: Hash, size: PhotoSize) -> String {
    match size {
        PhotoSize::Large => format!("{hash}.jpg"),
        PhotoSize::Small => format!("{hash}.small.jpg"),
    }
}

/// Turns the error that a file does not exist into `None`.
fn found<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}
