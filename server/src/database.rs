//! Opens the database of an installation, or says what is the matter with it.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

use domain::actor::{Actor, Reach, Role, Who};
use store::{Home, Store};

use crate::clock::Machine;
use crate::failure::Failure;
use crate::settings::Settings;

/// The store of this installation, brought up to date. A missing data folder is made.
///
/// # Errors
/// When the folder cannot be made, or the database cannot be opened or migrated.
pub async fn open(settings: &Settings) -> Result<Store, Failure> {
    let database = settings.database();
    if settings.database_url.is_none() {
        // What is stored is nobody else's on this machine to read.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&settings.data_dir)
            .map_err(|cause| Failure::DataFolder { folder: settings.data_dir.clone(), cause })?;
    }
    let store = Store::open(database.secret(), Arc::new(Machine))
        .await
        .map_err(|cause| Failure::Database { database: database.clone(), cause })?
        .with_photos(settings.data_dir.join("photos"));
    match store.migrate().await {
        Ok(()) => Ok(store),
        Err(cause) => Err(Failure::Migration { database, cause }),
    }
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
        let site = sites.iter().find(|site| site.name == name.trim());
        site.map(|site| site.id).ok_or_else(|| Failure::NoSite { name: name.clone() })
    });
    named.collect::<Result<Vec<_>, _>>().map(Reach::of)
}

/// Whoever runs this installation acts for its businesses.
#[must_use]
pub fn operator(home: &Home) -> Actor {
    Actor::of(home.id, Who::Trialmark, Role::Owner)
}
