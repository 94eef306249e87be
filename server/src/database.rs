//! Opens the database of an installation, or says what is the matter with it.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

use domain::actor::{Actor, Reach, Role, Who};
use domain::text::tidy;
use store::{DatabaseFile, FileLock, Home, Store};

use crate::clock::Machine;
use crate::failure::Failure;
use crate::settings::Storage;

/// The store of this installation, brought up to date. A missing data folder is made.
///
/// # Errors
/// When the folder cannot be made, or the database cannot be opened or migrated.
pub async fn open(storage: &Storage) -> Result<Store, Failure> {
    make_folder(storage)?;
    let database = storage.database();
    let store = Store::open(database.secret(), Arc::new(Machine))
        .await
        .map_err(|cause| Failure::Database { database: database.clone(), cause })?
        .with_photos(storage.data_dir.join("photos"));
    match store.migrate().await {
        Ok(()) => Ok(store),
        Err(cause) => Err(Failure::Migration { database, cause }),
    }
}

/// The file that the database of this installation is, locked: nobody else serves it until the lock is dropped. None on
/// PostgreSQL, which several programs may serve.
///
/// # Errors
/// Another program serves it, or the folder or the file cannot be made.
pub fn alone(storage: &Storage) -> Result<Option<(DatabaseFile, FileLock)>, Failure> {
    make_folder(storage)?;
    let database = storage.database();
    let failed = |cause| Failure::Database { database: database.clone(), cause };
    let Some(file) = DatabaseFile::of(database.secret()).map_err(failed)? else { return Ok(None) };
    match file.serve().map_err(failed)? {
        Some(lock) => Ok(Some((file, lock))),
        None => Err(Failure::Served { database }),
    }
}

fn make_folder(storage: &Storage) -> Result<(), Failure> {
    if !storage.is_in_data_dir() {
        return Ok(());
    }
    // What is stored is nobody else's on this machine to read.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&storage.data_dir);
    made.map_err(|cause| Failure::DataFolder { folder: storage.data_dir.clone(), cause })
}

/// The business of this public name.
///
/// # Errors
/// There is none, or the database is unavailable.
pub async fn business(store: &Store, slug: &str) -> Result<Home, Failure> {
    let found = store.business_by_slug(slug).await?;
    found.ok_or_else(|| Failure::NoBusiness { slug: slug.to_owned() })
}

/// The sites of these names; everywhere, if there are none.
///
/// # Errors
/// The business has no site of such a name, or the database is unavailable.
pub async fn reach(store: &Store, home: &Home, names: &[String]) -> Result<Reach, Failure> {
    if names.is_empty() {
        return Ok(Reach::Everywhere);
    }
    let sites = store.sites(&operator(home)).await?;
    let named = names.iter().map(|name| {
        let site = sites.iter().find(|site| tidy(&site.name) == tidy(name));
        site.map(|site| site.id).ok_or_else(|| Failure::NoSite { name: name.clone() })
    });
    named.collect::<Result<Vec<_>, _>>().map(Reach::of)
}

/// Whoever runs this installation acts for its businesses.
#[must_use]
pub fn operator(home: &Home) -> Actor {
    Actor::of(home.id, Who::Trialmark, Role::Owner)
}
