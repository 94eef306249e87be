//! Example photos: what *kept* looks like at a place, for each promise there.

use std::collections::HashMap;

use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::fault::{Fault, Faults};
use domain::ids::{GuaranteeId, PlaceId};
use domain::record::Hash;
use domain::role::Permission;
use uuid::Uuid;

use super::PhotoRow;
use crate::Store;
use crate::db::{execute, fetch};
use crate::edit_state;
use crate::error::Error;
use crate::site_access::{SiteFilter, in_sites};
use crate::stored_row::StoredRow;

/// The id of the guarantee or the place, and the hash, the width and the height of the photo.
type Row = (Uuid, Vec<u8>, i64, i64);

fn example_photo((id, hash, width, height): &Row) -> Result<PhotoRow, Error> {
    PhotoRow::read(StoredRow("examples", id).read("photo", Hash::from_bytes(hash))?, *width, *height)
}

impl Store {
    /// Sets the example photo of a promise at a place, or removes it.
    ///
    /// # Errors
    /// The role does not allow it; the guarantee is not promised there; it is no picture, or too large; the disk or the
    /// database is unavailable.
    pub async fn set_example_photo(
        &self,
        actor: &Actor,
        guarantee: GuaranteeId,
        place: PlaceId,
        sent: Option<Vec<u8>>,
    ) -> Result<(), Error> {
        actor.require(Permission::ManageGuarantees)?;
        let picture = match sent {
            Some(sent) => Some(self.decode_photo(sent).await?),
            None => None,
        };
        let mut work = self.unit_of_work(actor, Permission::ManageGuarantees).await?;
        let (business, now) = (work.business.0, work.now);
        let sql = "SELECT 1 FROM promised WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
        if fetch!(work.conn(), fetch_optional as (i32,), sql, business, guarantee.0, place.0)?.is_none() {
            return Err(Faults::one("place", Fault::NotFound).into());
        }
        let sql = "SELECT photo FROM examples WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
        let example_photo = fetch!(work.conn(), fetch_optional as (Vec<u8>,), sql, business, guarantee.0, place.0)?;
        let stored = StoredRow("examples", format!("{guarantee} {place}"));
        let example_photo = stored.read("photo", example_photo.map(|(hash,)| Hash::from_bytes(&hash)).transpose())?;
        work.require_current(&edit_state::example(example_photo))?;
        let sql = "DELETE FROM examples WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
        execute!(work.conn(), sql, business, guarantee.0, place.0)?;
        if let Some(picture) = picture {
            let hash = self.insert_photo(&mut work, picture).await?;
            let sql =
                "INSERT INTO examples (business_id, guarantee_id, place_id, photo, at) VALUES ($1, $2, $3, $4, $5)";
            execute!(work.conn(), sql, business, guarantee.0, place.0, hash.as_bytes(), now)?;
        }
        work.audit(AuditEvent::ExamplePhotoChanged, guarantee.0);
        work.commit().await
    }

    /// The example photos of a place, by guarantee.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn example_photos_at(
        &self,
        actor: &Actor,
        place: PlaceId,
    ) -> Result<HashMap<GuaranteeId, PhotoRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        let filter = SiteFilter::of(actor);
        let sql = concat!(
            "SELECT e.guarantee_id, e.photo, p.width, p.height FROM examples e \
                JOIN photos p ON p.business_id = e.business_id AND p.hash = e.photo WHERE e.business_id = $1 AND e.place_id = $4 AND ",
            in_sites!("$2", "$3", place "e.place_id")
        );
        let business = actor.business.0;
        let rows = fetch!(handle.conn(), fetch_all as Row, sql, business, filter.all, filter.holder, place.0)?;
        rows.into_iter().map(|row| Ok((GuaranteeId(row.0), example_photo(&row)?))).collect()
    }

    /// The example photos of a guarantee, by place, as far as the actor has access.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn example_photos(
        &self,
        actor: &Actor,
        guarantee: GuaranteeId,
    ) -> Result<HashMap<PlaceId, PhotoRow>, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        let filter = SiteFilter::of(actor);
        let sql = concat!(
            "SELECT e.place_id, e.photo, p.width, p.height FROM examples e \
                JOIN photos p ON p.business_id = e.business_id AND p.hash = e.photo WHERE e.business_id = $1 AND e.guarantee_id = $4 AND ",
            in_sites!("$2", "$3", place "e.place_id")
        );
        let business = actor.business.0;
        let rows = fetch!(handle.conn(), fetch_all as Row, sql, business, filter.all, filter.holder, guarantee.0)?;
        rows.into_iter().map(|row| Ok((PlaceId(row.0), example_photo(&row)?))).collect()
    }
}
