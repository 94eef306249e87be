//! Sites, and the places in them where promises are checked.

use axum::Json;
use domain::fault::Faults;
use domain::ids::{PlaceId, SiteId};
use domain::place::NameDraft;
use serde::{Deserialize, Serialize};
use store::{PlaceRow, SiteRow};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::{Created, Made, Moment, Page, made, page};
use super::description::{Paged, ReadOne, Write};
use super::refusal::Answer;
use super::request::{Body, Caller, Cut, Id, id};

#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "name": "Salina, exit 252" }))]
pub struct NewSite {
    #[schema(required, min_length = 1, max_length = 160, pattern = r"\S")]
    name: String,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({ "site": "019a4f5e-6c00-7000-8000-000000000001", "name": "Women's restroom" }))]
pub struct NewPlace {
    #[schema(required, value_type = Uuid)]
    site: String,
    #[schema(required, min_length = 1, max_length = 160, pattern = r"\S")]
    name: String,
}

/// A location of the business.
#[derive(Serialize, ToSchema)]
pub struct Site {
    id: Uuid,
    name: String,
}

/// A spot in a site where promises are checked.
#[derive(Serialize, ToSchema)]
pub struct Place {
    id: Uuid,
    site: Uuid,
    site_name: String,
    name: String,
    /// The short code on its label, which people can type.
    #[schema(example = "7K2M4X")]
    code: String,
    /// When anything was last looked at here.
    last_check: Option<Moment>,
}

/// All sites, by name.
#[utoipa::path(get, path = "/sites", tag = "places", params(Cut), responses((status = 200, description = "A page of sites", body = Page<Site>), Paged))]
pub async fn list_sites(by: Caller, cut: Cut) -> Answer<Json<Page<Site>>> {
    let (rows, before) = cut.of(by.store.sites(&by.actor).await?, |row| row.id.0);
    Ok(page(rows, before))
}

/// Add a site.
#[utoipa::path(
    post, path = "/sites", tag = "places", request_body = NewSite,
    responses((status = 201, description = "It is made", body = Made, headers(("Location" = String, description = "The site"))), Write)
)]
pub async fn add_site(by: Caller, Body(NewSite { name }): Body<NewSite>) -> Answer<Created<Made>> {
    let id = by.store.add_site(&by.actor, &NameDraft { name }.parse()?).await?;
    Ok(made("sites", id.0))
}

/// One site.
#[utoipa::path(
    get, path = "/sites/{id}", tag = "places", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The site", body = Site), ReadOne)
)]
pub async fn get_site(by: Caller, Id(id): Id<SiteId>) -> Answer<Json<Site>> {
    let sites = by.store.sites(&by.actor).await?;
    let row = sites.into_iter().find(|site| site.id == id).ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// All places, by site and name.
#[utoipa::path(get, path = "/places", tag = "places", params(Cut), responses((status = 200, description = "A page of places", body = Page<Place>), Paged))]
pub async fn list_places(by: Caller, cut: Cut) -> Answer<Json<Page<Place>>> {
    let (rows, before) = cut.of(by.store.places(&by.actor).await?, |row| row.id.0);
    Ok(page(rows, before))
}

/// Add a place to a site.
#[utoipa::path(
    post, path = "/places", tag = "places", request_body = NewPlace,
    responses((status = 201, description = "It is made", body = Made, headers(("Location" = String, description = "The place"))), Write)
)]
pub async fn add_place(by: Caller, Body(new): Body<NewPlace>) -> Answer<Created<Made>> {
    let mut faults = Faults::default();
    let site = faults.take("site", id::<SiteId>(&new.site));
    let (site, name) = match (site, NameDraft { name: new.name }.parse()) {
        (Some(site), Ok(name)) => (site, name),
        (_, named) => return Err(faults.and(named.err().unwrap_or_default()).into()),
    };
    let id = by.store.add_place(&by.actor, site, &name).await?;
    Ok(made("places", id.0))
}

/// One place.
#[utoipa::path(
    get, path = "/places/{id}", tag = "places", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The place", body = Place), ReadOne)
)]
pub async fn get_place(by: Caller, Id(id): Id<PlaceId>) -> Answer<Json<Place>> {
    let row = by.store.place(&by.actor, id).await?.ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

impl From<SiteRow> for Site {
    fn from(row: SiteRow) -> Self {
        Self { id: row.id.0, name: row.name }
    }
}

impl From<PlaceRow> for Place {
    fn from(row: PlaceRow) -> Self {
        let PlaceRow { id, site, site_name, name, code, last_check } = row;
        Self { id: id.0, site: site.0, site_name, name, code, last_check: last_check.map(Moment) }
    }
}
