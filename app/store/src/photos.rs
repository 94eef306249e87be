//! Pictures: taken in, read anew from their pixels, kept under the hash of what they are, and shown to those who may see
//! them.

mod examples;
mod folder;
mod picture;

use chrono::TimeDelta;
use domain::actor::{Act, Actor};
use domain::check::{Check, Refused, accept_photo};
use domain::deed::Deed;
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, CheckId, GuaranteeId};
use domain::photo::{Photos, Size};
use domain::record::Hash;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::Store;
use crate::checks::Promise;
use crate::db::{fetch, run};
use crate::error::Error;
use crate::reaches::{Reached, within};
use crate::work::Work;
use crate::{guarantees, stands};

pub(crate) use folder::Folder;
use picture::Picture;
pub(crate) use picture::is_ours;

/// A picture that is here, and how large it is in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoRow {
    pub hash: Hash,
    pub width: u32,
    pub height: u32,
}

impl PhotoRow {
    fn read(hash: Hash, width: i64, height: i64) -> Result<Self, Error> {
        let side = |side: i64| {
            u32::try_from(side).map_err(|_| Error::Unreadable(format!("photos: {hash} is {side} wide or high")))
        };
        Ok(Self { hash, width: side(width)?, height: side(height)? })
    }
}

/// A picture that no check came for is kept for as long as a check may be late, and a day more.
const UNUSED: TimeDelta = TimeDelta::days(31);

impl Store {
    /// Takes in a picture for a check that is sent next. The hash it is kept under: of the picture as it is kept, without
    /// anything of where and with what it was taken. The same picture again changes nothing.
    ///
    /// # Errors
    /// The role or the guarantee does not allow it; it is no picture, or too large; the disk or the database is
    /// unavailable.
    pub async fn keep_photo(&self, actor: &Actor, guarantee: GuaranteeId, sent: Vec<u8>) -> Result<Hash, Error> {
        actor.permit(Act::Check)?;
        match self.guarantee(actor, guarantee).await? {
            None => return Err(Faults::one("guarantee", Fault::NotFound).into()),
            Some(row) if row.photos == Photos::Forbidden => return Err(Refused::NoPhotos.into()),
            Some(_) => {}
        }
        // What was taken from here is known again: read anew it would be another.
        if let Some(known) = self.known(actor, Hash::of(&sent)).await? {
            return Ok(known);
        }
        let picture = self.unpack(sent).await?;
        let mut work = self.work(actor, Act::Check).await?;
        let hash = self.keep(&mut work, picture).await?;
        work.commit().await?;
        Ok(hash)
    }

    /// A picture (JPEG), for those who see what it belongs to: a check that they read, or what kept looks like at a place. None
    /// if there is none within reach.
    ///
    /// # Errors
    /// The disk or the database is unavailable.
    pub async fn photo(&self, actor: &Actor, hash: Hash, size: Size) -> Result<Option<Vec<u8>>, Error> {
        let Some(row) = self.photo_row(actor, hash).await? else { return Ok(None) };
        let (folder, business) = (self.photos.clone(), actor.business);
        if size == Size::Large || row.width.max(row.height) <= Size::Small.side() {
            return blocking(move || folder.read(business, hash, Size::Large)).await;
        }
        if let Some(small) = blocking(move || folder.read(business, hash, size)).await? {
            return Ok(Some(small));
        }
        // It is older than its small one, or came with its business from elsewhere.
        let _alone = self.unpacking.acquire().await;
        let folder = self.photos.clone();
        blocking(move || {
            let Some(large) = folder.read(business, hash, Size::Large)? else { return Ok(None) };
            let Some(small) = Picture::small(&large) else { return Ok(Some(large)) };
            folder.write(business, hash, size, &small.bytes)?;
            Ok(Some(small.bytes))
        })
        .await
    }

    /// The hash and the size of such a picture.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn photo_row(&self, actor: &Actor, hash: Hash) -> Result<Option<PhotoRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let (reads, by) = (actor.may(Act::Read), Reached::by(actor));
        let sql = concat!(
            "SELECT p.width, p.height FROM photos p WHERE p.business_id = $1 AND p.hash = $4 AND (EXISTS (SELECT 1 FROM examples e \
                WHERE e.business_id = $1 AND e.photo = p.hash AND ",
            within!("$2", "$3", place "e.place_id"),
            ") OR ($5 AND EXISTS (SELECT 1 FROM checks c WHERE c.business_id = $1 AND c.photo = p.hash AND ",
            within!("$2", "$3", place "c.place_id"),
            ")))"
        );
        let (business, key) = (actor.business.0, hash.as_bytes());
        let row =
            fetch!(held.conn(), fetch_optional as (i64, i64), sql, business, by.everywhere, by.holder, key, reads)?;
        row.map(|(width, height)| PhotoRow::read(hash, width, height)).transpose()
    }

    /// Says whether the checks of a guarantee come with pictures. None if there is no such guarantee.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn choose_photos(&self, actor: &Actor, id: GuaranteeId, photos: Photos) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Define).await?;
        let Some(current) = guarantees::one(work.conn(), actor, id).await? else { return Ok(None) };
        work.unchanged(&stands::photos(&current))?;
        let sql = "UPDATE guarantees SET photos = $3 WHERE business_id = $1 AND id = $2";
        run!(work.conn(), sql, actor.business.0, id.0, photos.name())?;
        work.note(Deed::GuaranteePictured, id.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Removes the pictures that nothing needs: those that no check came for, and files that were left behind. How many files
    /// went.
    ///
    /// # Errors
    /// The role does not allow it; the disk or the database is unavailable.
    pub async fn sweep_photos(&self, actor: &Actor) -> Result<usize, Error> {
        let mut work = self.work(actor, Act::Erase).await?;
        let (business, until) = (work.business.0, work.now - UNUSED);
        let sql = "DELETE FROM photos WHERE business_id = $1 AND at < $2 \
            AND NOT EXISTS (SELECT 1 FROM checks c WHERE c.business_id = $1 AND c.photo = photos.hash) \
            AND NOT EXISTS (SELECT 1 FROM examples e WHERE e.business_id = $1 AND e.photo = photos.hash)";
        run!(work.conn(), sql, business, until)?;
        work.commit().await?;
        let (folder, whose, now) = (self.photos.clone(), actor.business, self.now());
        let mut gone = 0;
        for hash in blocking(move || folder.settled(whose, now)).await? {
            if self.known(actor, hash).await?.is_none() {
                let folder = self.photos.clone();
                blocking(move || folder.remove(whose, hash)).await?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    /// Removes every file of a business that is no longer here.
    pub(crate) async fn clear_photos(&self, business: BusinessId) -> Result<(), Error> {
        let folder = self.photos.clone();
        blocking(move || folder.clear(business)).await
    }

    async fn known(&self, actor: &Actor, hash: Hash) -> Result<Option<Hash>, Error> {
        let mut held = self.db.read(actor.business).await?;
        let sql = "SELECT 1 FROM photos WHERE business_id = $1 AND hash = $2";
        let row = fetch!(held.conn(), fetch_optional as (i32,), sql, actor.business.0, hash.as_bytes())?;
        Ok(row.map(|_| hash))
    }

    async fn unpack(&self, sent: Vec<u8>) -> Result<Picture, Error> {
        let _alone = self.unpacking.acquire().await;
        // What a decoder stumbles over is no picture either.
        let picture = spawn_blocking(move || Picture::read(&sent)).await.unwrap_or(Err(Fault::NotAPicture));
        picture.map_err(|fault| Faults::one("photo", fault).into())
    }

    /// On disk before anything says that it is there.
    async fn keep(&self, work: &mut Work<'_>, picture: Picture) -> Result<Hash, Error> {
        let (hash, business, now) = (picture.hash(), work.business, work.now);
        let (width, height) = (i64::from(picture.width), i64::from(picture.height));
        let folder = self.photos.clone();
        blocking(move || {
            let small =
                if width.max(height) > i64::from(Size::Small.side()) { Picture::small(&picture.bytes) } else { None };
            if let Some(small) = small {
                folder.write(business, hash, Size::Small, &small.bytes)?;
            }
            folder.write(business, hash, Size::Large, &picture.bytes)
        })
        .await?;
        let sql = "INSERT INTO photos (business_id, hash, width, height, at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (business_id, hash) DO UPDATE SET at = excluded.at";
        run!(work.conn(), sql, business.0, hash.as_bytes(), width, height, now)?;
        Ok(hash)
    }
}

/// Whether a check comes with a picture as its guarantee asks for it: one that is here, came with no other check, and is none of
/// those that show what kept looks like. An inner error is a refusal.
pub(crate) async fn accept(work: &mut Work<'_>, promise: &Promise, check: &Check) -> Result<Result<(), Error>, Error> {
    if let Err(unfit) = accept_photo(promise.photos, &check.finding, check.photo.is_some()) {
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
        Some((_, true)) => Err(Refused::SamePhoto.into()),
        Some((Some(other), _)) if CheckId(other) != check.id => Err(Refused::SamePhoto.into()),
        Some(_) => Ok(()),
    })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Error> {
    Ok(spawn_blocking(work).await.map_err(std::io::Error::other)??)
}
