//! Photos: encoded again from their pixels, stored under the hash of the result, and shown to people with access.

mod codec;
mod examples;
mod folder;

use chrono::TimeDelta;
use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::check::{Check, CheckError, accept_photo};
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, CheckId, GuaranteeId};
use domain::photo::{PhotoPolicy, PhotoSize};
use domain::record::Hash;
use domain::role::Permission;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::Store;
use crate::db::{execute, fetch};
use crate::error::Error;
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;
use crate::{edit_state, guarantee_rows};

use codec::EncodedPhoto;
pub(crate) use codec::is_jpeg;
pub(crate) use folder::PhotoFolder;

/// A stored photo, with its size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoRow {
    pub hash: Hash,
    pub width: u32,
    pub height: u32,
}

impl PhotoRow {
    fn read(hash: Hash, width: i64, height: i64) -> Result<Self, Error> {
        let stored = StoredRow("photos", hash);
        let (width, height) = (u32::try_from(width), u32::try_from(height));
        Ok(Self { hash, width: stored.read("width", width)?, height: stored.read("height", height)? })
    }
}

/// How long a photo is kept that belongs to no check: as long as a check may be late, and a day more.
const UNUSED_RETENTION: TimeDelta = TimeDelta::days(31);

impl Store {
    /// Stores a photo for a check that is sent next. Returns the hash of the stored photo, which has no metadata. The
    /// same photo sent again changes nothing.
    ///
    /// # Errors
    /// The role or the photo policy does not allow it; it is no picture, or too large; the disk or the database is
    /// unavailable.
    pub async fn add_photo(&self, actor: &Actor, guarantee: GuaranteeId, sent: Vec<u8>) -> Result<Hash, Error> {
        actor.require(Permission::LogChecks)?;
        match self.guarantee(actor, guarantee).await? {
            None => return Err(Faults::one("guarantee", Fault::NotFound).into()),
            Some(row) if row.photos == PhotoPolicy::Forbidden => return Err(CheckError::NoPhotos.into()),
            Some(_) => {}
        }
        // A stored photo that is sent again is recognised by its hash. Encoded again, it would differ.
        if let Some(known) = self.find_photo(actor, Hash::of(&sent)).await? {
            return Ok(known);
        }
        let picture = self.decode_photo(sent).await?;
        let mut work = self.unit_of_work(actor, Permission::LogChecks).await?;
        let hash = self.insert_photo(&mut work, picture).await?;
        work.commit().await?;
        Ok(hash)
    }

    /// A photo (JPEG) of a check, or an example photo of a place, that the actor has access to. `None` if there is
    /// none.
    ///
    /// # Errors
    /// The disk or the database is unavailable.
    pub async fn photo(&self, actor: &Actor, hash: Hash, size: PhotoSize) -> Result<Option<Vec<u8>>, Error> {
        let Some(row) = self.photo_row(actor, hash).await? else { return Ok(None) };
        let (folder, business) = (self.photos.clone(), actor.business);
        if size == PhotoSize::Large || row.width.max(row.height) <= PhotoSize::Small.side() {
            return run_blocking(move || folder.read(business, hash, PhotoSize::Large)).await;
        }
        if let Some(small) = run_blocking(move || folder.read(business, hash, size)).await? {
            return Ok(Some(small));
        }
        // The small version is missing: the photo was imported, or is older than small versions.
        let _alone = self.decode_permit.acquire().await;
        let folder = self.photos.clone();
        run_blocking(move || {
            let Some(large) = folder.read(business, hash, PhotoSize::Large)? else { return Ok(None) };
            let Some(small) = EncodedPhoto::small(&large) else { return Ok(Some(large)) };
            folder.write(business, hash, size, &small.bytes)?;
            Ok(Some(small.bytes))
        })
        .await
    }

    /// The hash and the size of such a photo.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn photo_row(&self, actor: &Actor, hash: Hash) -> Result<Option<PhotoRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        let (reads, filter) = (actor.may(Permission::ViewInternal), SiteFilter::of(actor));
        let sql = concat!(
            "SELECT p.width, p.height FROM photos p WHERE p.business_id = $1 AND p.hash = $4 AND (EXISTS (SELECT 1 FROM examples e \
                WHERE e.business_id = $1 AND e.photo = p.hash AND ",
            in_sites!("$2", "$3", place "e.place_id"),
            ") OR ($5 AND EXISTS (SELECT 1 FROM checks c WHERE c.business_id = $1 AND c.photo = p.hash AND ",
            in_sites!("$2", "$3", place "c.place_id"),
            ")))"
        );
        let (business, key) = (actor.business.0, hash.as_bytes());
        let row =
            fetch!(handle.conn(), fetch_optional as (i64, i64), sql, business, filter.all, filter.holder, key, reads)?;
        row.map(|(width, height)| PhotoRow::read(hash, width, height)).transpose()
    }

    /// Sets the photo policy of a guarantee. `None` if there is no such guarantee.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn set_photo_policy(
        &self,
        actor: &Actor,
        id: GuaranteeId,
        photos: PhotoPolicy,
    ) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let Some(current) = guarantee_rows::find_guarantee(work.conn(), actor, id).await? else { return Ok(None) };
        work.require_current(&edit_state::photos(&current))?;
        let sql = "UPDATE guarantees SET photos = $3 WHERE business_id = $1 AND id = $2";
        execute!(work.conn(), sql, actor.business.0, id.0, photos.name())?;
        work.audit(AuditEvent::PhotoPolicyChanged, id.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Deletes photos that no check came for, and files without a row. Returns the number of files.
    ///
    /// # Errors
    /// The role does not allow it; the disk or the database is unavailable.
    pub async fn delete_unused_photos(&self, actor: &Actor) -> Result<usize, Error> {
        let mut work = self.unit_of_work(actor, Permission::EraseCustomers).await?;
        let (business, until) = (work.business.0, work.now - UNUSED_RETENTION);
        let sql = "DELETE FROM photos WHERE business_id = $1 AND at < $2 \
            AND NOT EXISTS (SELECT 1 FROM checks c WHERE c.business_id = $1 AND c.photo = photos.hash) \
            AND NOT EXISTS (SELECT 1 FROM examples e WHERE e.business_id = $1 AND e.photo = photos.hash)";
        execute!(work.conn(), sql, business, until)?;
        work.commit().await?;
        let (folder, business, now) = (self.photos.clone(), actor.business, self.now());
        let mut removed = 0;
        for hash in run_blocking(move || folder.older_files(business, now)).await? {
            if self.find_photo(actor, hash).await?.is_none() {
                let folder = self.photos.clone();
                run_blocking(move || folder.remove(business, hash)).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Deletes all files of a business that was deleted.
    pub(crate) async fn delete_business_photos(&self, business: BusinessId) -> Result<(), Error> {
        let folder = self.photos.clone();
        run_blocking(move || folder.clear(business)).await
    }

    async fn find_photo(&self, actor: &Actor, hash: Hash) -> Result<Option<Hash>, Error> {
        let mut handle = self.db.read(actor.business).await?;
        let sql = "SELECT 1 FROM photos WHERE business_id = $1 AND hash = $2";
        let row = fetch!(handle.conn(), fetch_optional as (i32,), sql, actor.business.0, hash.as_bytes())?;
        Ok(row.map(|_| hash))
    }

    async fn decode_photo(&self, sent: Vec<u8>) -> Result<EncodedPhoto, Error> {
        let _alone = self.decode_permit.acquire().await;
        // A decoder that panics was given no valid picture.
        let picture = spawn_blocking(move || EncodedPhoto::read(&sent)).await.unwrap_or(Err(Fault::NotAPicture));
        picture.map_err(|fault| Faults::one("photo", fault).into())
    }

    /// Stores a photo: first the files, then the row.
    async fn insert_photo(&self, work: &mut UnitOfWork<'_>, picture: EncodedPhoto) -> Result<Hash, Error> {
        let (hash, business, now) = (picture.hash(), work.business, work.now);
        let (width, height) = (i64::from(picture.width), i64::from(picture.height));
        let folder = self.photos.clone();
        run_blocking(move || {
            let small = if width.max(height) > i64::from(PhotoSize::Small.side()) {
                EncodedPhoto::small(&picture.bytes)
            } else {
                None
            };
            if let Some(small) = small {
                folder.write(business, hash, PhotoSize::Small, &small.bytes)?;
            }
            folder.write(business, hash, PhotoSize::Large, &picture.bytes)
        })
        .await?;
        let sql = "INSERT INTO photos (business_id, hash, width, height, at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (business_id, hash) DO UPDATE SET at = excluded.at";
        execute!(work.conn(), sql, business.0, hash.as_bytes(), width, height, now)?;
        Ok(hash)
    }
}

/// Whether the photo of a check fits the policy: it must be stored, belong to no other check, and not be an example
/// photo. An inner error is a refusal.
pub(crate) async fn check_photo(
    work: &mut UnitOfWork<'_>,
    photos: PhotoPolicy,
    check: &Check,
) -> Result<Result<(), Error>, Error> {
    if let Err(unfit) = accept_photo(photos, &check.finding, check.photo.is_some()) {
        return Ok(Err(unfit.into()));
    }
    let Some(photo) = check.photo else { return Ok(Ok(())) };
    let (business, key) = (work.business.0, photo.as_bytes());
    let sql = "SELECT (SELECT id FROM checks WHERE business_id = $1 AND photo = $2), \
        EXISTS (SELECT 1 FROM examples WHERE business_id = $1 AND photo = $2) \
        FROM photos WHERE business_id = $1 AND hash = $2";
    let row = fetch!(work.conn(), fetch_optional as (Option<Uuid>, bool), sql, business, key)?;
    Ok(match row {
        None => Err(Faults::one("photo", Fault::NotFound).into()),
        Some((_, true)) => Err(CheckError::PhotoReused.into()),
        Some((Some(other), _)) if CheckId(other) != check.id => Err(CheckError::PhotoReused.into()),
        Some(_) => Ok(()),
    })
}

async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    Ok(spawn_blocking(work).await.map_err(std::io::Error::other)??)
}
