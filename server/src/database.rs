//! Opens the database of an installation, and finds what commands name in it.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

use domain::actor::{Actor, Principal};
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::text::tidy;
use store::{BusinessInfo, DatabaseFile, FileLock, Store};

use crate::clock::SystemSource;
use crate::command_error::CommandError;
use crate::settings::Storage;

/// Opens the store of this installation and migrates it. Creates the data folder if it is missing.
///
/// # Errors
/// The folder cannot be created, or the database cannot be opened or migrated.
pub async fn open(storage: &Storage) -> Result<Store, CommandError> {
    make_folder(storage)?;
    let database = storage.database();
    let store = Store::open(database.secret(), Arc::new(SystemSource))
        .await
        .map_err(|cause| CommandError::Database { database: database.clone(), cause })?
        .with_photos(storage.data_dir.join("photos"));
    match store.migrate().await {
        Ok(()) => Ok(store),
        Err(cause) => Err(CommandError::Migration { database, cause }),
    }
}

/// Locks the database file of this installation: until the lock is dropped, no other program can serve it. None on PostgreSQL,
/// which several instances may serve.
///
/// # Errors
/// Another program serves it, or the folder or the file cannot be created.
pub fn lock_for_serving(storage: &Storage) -> Result<Option<(DatabaseFile, FileLock)>, CommandError> {
    make_folder(storage)?;
    let database = storage.database();
    let open_error = |cause| CommandError::Database { database: database.clone(), cause };
    let Some(file) = DatabaseFile::from_url(database.secret()).map_err(open_error)? else { return Ok(None) };
    match file.serve().map_err(open_error)? {
        Some(lock) => Ok(Some((file, lock))),
        None => Err(CommandError::AlreadyServed { database }),
    }
}

fn make_folder(storage: &Storage) -> Result<(), CommandError> {
    if !storage.is_in_data_dir() {
        return Ok(());
    }
    // Other users of this machine must not read what is stored.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&storage.data_dir);
    made.map_err(|cause| CommandError::DataFolder { folder: storage.data_dir.clone(), cause })
}

/// The business with this slug.
///
/// # Errors
/// There is none, or the database is unavailable.
pub async fn find_business(store: &Store, slug: &str) -> Result<BusinessInfo, CommandError> {
    let found = store.business_by_slug(slug).await?;
    found.ok_or_else(|| CommandError::UnknownBusiness { slug: slug.to_owned() })
}

/// Access to the sites with these names; to all sites, if no name is given.
///
/// # Errors
/// The business has no site of such a name, or the database is unavailable.
pub async fn site_access(store: &Store, business: &BusinessInfo, names: &[String]) -> Result<SiteAccess, CommandError> {
    if names.is_empty() {
        return Ok(SiteAccess::AllSites);
    }
    let sites = store.sites(&operator(business)).await?;
    let named = names.iter().map(|name| {
        let site = sites.iter().find(|site| tidy(&site.name) == tidy(name));
        site.map(|site| site.id).ok_or_else(|| CommandError::UnknownSite { name: name.clone() })
    });
    named.collect::<Result<Vec<_>, _>>().map(SiteAccess::sites)
}

/// The actor for commands and jobs: whoever runs this installation acts as an owner of each business.
#[must_use]
pub fn operator(business: &BusinessInfo) -> Actor {
    Actor::new(business.id, Principal::System, Role::Owner)
}
