//! Saving the places of a guarantee.

use axum::response::Response;
use domain::fault::Faults;
use domain::ids::{self, GuaranteeId};
use serde::Deserialize;
use store::Store;

use super::{parse_id, show};
use crate::addresses;
use crate::error::Error;
use crate::flash::Flash;
use crate::request_context::{Path, SignedIn, VersionedForm};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PlacesSelection {
    places: Vec<String>,
}

pub async fn set_places(
    signed_in: SignedIn,
    Path(id): Path<String>,
    VersionedForm { form: selection, revision }: VersionedForm<PlacesSelection>,
) -> Result<Response, Error> {
    let id = parse_id(&id)?;
    match save_places(&signed_in, &signed_in.store_at(&revision), id, &selection).await {
        Ok(()) => Ok(signed_in.saved(&addresses::guarantee(id), Flash::GuaranteePlacesSaved)),
        Err(error) => show::rerender(&signed_in, id, error, Some((&selection.places[..], revision))).await,
    }
}

async fn save_places(
    signed_in: &SignedIn,
    store: &Store,
    id: GuaranteeId,
    selection: &PlacesSelection,
) -> Result<(), Error> {
    let places = ids::parse_all(&selection.places).map_err(|fault| Faults::one("places", fault))?;
    let result = store.set_guarantee_places(signed_in.actor(), id, &places).await?;
    result.ok_or(Error::NotFound)
}
