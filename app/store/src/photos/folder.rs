//! Where pictures lie: a folder for each business, in it two files for each picture, called by its hash.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::BusinessId;
use domain::photo::Size;
use domain::record::Hash;

/// A file without a row may be one whose row is being written; after so long it is not.
const SETTLED: TimeDelta = TimeDelta::days(1);

/// The folder of all pictures. None: this store was given no place for any.
#[derive(Clone, Default)]
pub struct Folder(Option<Arc<Path>>);

impl Folder {
    pub fn at(path: PathBuf) -> Self {
        Self(Some(path.into()))
    }

    /// Writes a picture, if it is not there yet: whole and on disk when this returns, or not at all.
    pub fn write(&self, business: BusinessId, hash: Hash, size: Size, bytes: &[u8]) -> io::Result<()> {
        let folder = self.of(business)?;
        let name = name(hash, size);
        let (path, unfinished) = (folder.join(&name), folder.join(format!("{name}.part")));
        if path.exists() {
            return Ok(());
        }
        // Nobody else on the machine reads them.
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        let written =
            file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&unfinished, &path));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written.and_then(|()| File::open(&folder)?.sync_all())
    }

    pub fn read(&self, business: BusinessId, hash: Hash, size: Size) -> io::Result<Option<Vec<u8>>> {
        found(fs::read(self.of(business)?.join(name(hash, size))))
    }

    /// In both sizes: the small one first, so that none is left of a picture that is not there.
    pub fn remove(&self, business: BusinessId, hash: Hash) -> io::Result<()> {
        let folder = self.of(business)?;
        found(fs::remove_file(folder.join(name(hash, Size::Small))))?;
        found(fs::remove_file(folder.join(name(hash, Size::Large)))).map(|_| ())
    }

    /// Everything of a business.
    pub fn clear(&self, business: BusinessId) -> io::Result<()> {
        match self.of(business) {
            Ok(folder) => found(fs::remove_dir_all(folder)).map(|_| ()),
            Err(_) => Ok(()),
        }
    }

    /// The pictures that have been there for a while.
    pub fn settled(&self, business: BusinessId, now: DateTime<Utc>) -> io::Result<Vec<Hash>> {
        let Ok(folder) = self.of(business) else { return Ok(Vec::new()) };
        let Some(files) = found(fs::read_dir(folder))? else { return Ok(Vec::new()) };
        let mut settled = Vec::new();
        for file in files {
            let file = file?;
            let hash = file.file_name().to_str().and_then(|name| name.strip_suffix(".jpg")).map(str::to_owned);
            let Some(Ok(hash)) = hash.map(Hash::try_from) else { continue };
            if DateTime::<Utc>::from(file.metadata()?.modified()?) < now - SETTLED {
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

fn name(hash: Hash, size: Size) -> String {
    match size {
        Size::Large => format!("{hash}.jpg"),
        Size::Small => format!("{hash}.small.jpg"),
    }
}

/// What is not there is no error.
fn found<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}
