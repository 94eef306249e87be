//! What kept looks like: a picture of a place as it should be, for each promise there.

use std::collections::HashMap;

use domain::actor::{Act, Actor};
use domain::deed::Deed;
use domain::fault::{Fault, Faults};
use domain::ids::{GuaranteeId, PlaceId};
use domain::record::Hash;
use uuid::Uuid;

use super::PhotoRow;
use crate::Store;
use crate::db::{fetch, run};
use crate::error::Error;
use crate::reaches::{Reached, within};
use crate::stands;

/// Whose, and of the picture the hash, the width and the height.
type Row = (Uuid, Vec<u8>, i64, i64);

fn shown((_, hash, width, height): &Row) -> Result<PhotoRow, Error> {
    PhotoRow::read(Hash::from_bytes(hash)?, *width, *height)
}

impl Store {
    /// Shows with a picture what kept looks like at a place; without one, nothing is shown there any more.
    ///
    /// # Errors
    /// The role does not allow it; the guarantee is not promised there; it is no picture, or too large; the disk or the
    /// database is unavailable.
    pub async fn show_example(
        &self,
        actor: &Actor,
        guarantee: GuaranteeId,
        place: PlaceId,
        sent: Option<Vec<u8>>,
    ) -> Result<(), Error> {
        actor.permit(Act::Define)?;
        let picture = match sent {
            Some(sent) => Some(self.unpack(sent).await?),
            None => None,
        };
        let mut work = self.work(actor, Act::Define).await?;
        let (business, now) = (work.business.0, work.now);
        let sql = "SELECT 1 FROM promised WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
        if fetch!(work.conn(), fetch_optional as (i32,), sql, business, guarantee.0, place.0)?.is_none() {
            return Err(Faults::one("place", Fault::NotFound).into());
        }
        let sql = "SELECT photo FROM examples WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
        let shown = fetch!(work.conn(), fetch_optional as (Vec<u8>,), sql, business, guarantee.0, place.0)?;
        let shown = shown.map(|(hash,)| Hash::from_bytes(&hash)).transpose()?;
        work.unchanged(&stands::example(shown))?;
        let sql = "DELETE FROM examples WHERE business_id = $1 AND guarantee_id = $2 AND place_id = $3";
        run!(work.conn(), sql, business, guarantee.0, place.0)?;
        if let Some(picture) = picture {
            let hash = self.keep(&mut work, picture).await?;
            let sql =
                "INSERT INTO examples (business_id, guarantee_id, place_id, photo, at) VALUES ($1, $2, $3, $4, $5)";
            run!(work.conn(), sql, business, guarantee.0, place.0, hash.as_bytes(), now)?;
        }
        work.note(Deed::ExampleShown, guarantee.0);
        work.commit().await
    }

    /// What kept looks like at a place, for the guarantees that show it there.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn examples_at(&self, actor: &Actor, place: PlaceId) -> Result<HashMap<GuaranteeId, PhotoRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let by = Reached::by(actor);
        let sql = concat!(
            "SELECT e.guarantee_id, e.photo, p.width, p.height FROM examples e \
                JOIN photos p ON p.business_id = e.business_id AND p.hash = e.photo WHERE e.business_id = $1 AND e.place_id = $4 AND ",
            within!("$2", "$3", place "e.place_id")
        );
        let business = actor.business.0;
        let rows = fetch!(held.conn(), fetch_all as Row, sql, business, by.everywhere, by.holder, place.0)?;
        rows.into_iter().map(|row| Ok((GuaranteeId(row.0), shown(&row)?))).collect()
    }

    /// What kept looks like for a guarantee, at the places within reach where it is shown.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn examples(&self, actor: &Actor, guarantee: GuaranteeId) -> Result<HashMap<PlaceId, PhotoRow>, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        let by = Reached::by(actor);
        let sql = concat!(
            "SELECT e.place_id, e.photo, p.width, p.height FROM examples e \
                JOIN photos p ON p.business_id = e.business_id AND p.hash = e.photo WHERE e.business_id = $1 AND e.guarantee_id = $4 AND ",
            within!("$2", "$3", place "e.place_id")
        );
        let business = actor.business.0;
        let rows = fetch!(held.conn(), fetch_all as Row, sql, business, by.everywhere, by.holder, guarantee.0)?;
        rows.into_iter().map(|row| Ok((PlaceId(row.0), shown(&row)?))).collect()
    }
}
