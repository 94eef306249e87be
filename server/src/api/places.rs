//! Sites, and the places in them where promises are checked.

use axum::Json;
use domain::ids::{PlaceId, SiteId};
use domain::place::{NameDraft, PlaceDraft};
use serde::{Deserialize, Serialize};
use store::{PlaceRow, SiteRow};
use utoipa::ToSchema;
use uuid::Uuid;

use super::error::ApiResult;
use super::openapi::{AddErrors, ListErrors, ReadErrors};
use super::request::{Caller, JsonBody, Pagination, PathId};
use super::responses::{Created, CreatedId, Page, Timestamp, created, page};

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
    /// The short code on its tag, for typing.
    #[schema(example = "7K2M4X")]
    code: String,
    /// When anything was last checked here.
    last_check: Option<Timestamp>,
}

/// All sites, by name.
#[utoipa::path(get, path = "/sites", tag = "places", params(Pagination), responses((status = 200, description = "A page of sites", body = Page<Site>), ListErrors))]
pub async fn list_sites(caller: Caller, page_params: Pagination) -> ApiResult<Json<Page<Site>>> {
    let (rows, before) = page_params.paginate(caller.store.sites(&caller.actor).await?, |row| row.id.0)?;
    Ok(page(rows, before))
}

/// Add a site.
#[utoipa::path(
    post, path = "/sites", tag = "places", request_body = NewSite,
    responses((status = 201, description = "It is made", body = CreatedId, headers(("Location" = String, description = "The site"))), AddErrors)
)]
pub async fn add_site(caller: Caller, JsonBody(NewSite { name }): JsonBody<NewSite>) -> ApiResult<Created<CreatedId>> {
    let id = caller.store.add_site(&caller.actor, &NameDraft { name }.parse()?).await?;
    Ok(created("sites", id.0))
}

/// One site.
#[utoipa::path(
    get, path = "/sites/{id}", tag = "places", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The site", body = Site), ReadErrors)
)]
pub async fn get_site(caller: Caller, PathId(id): PathId<SiteId>) -> ApiResult<Json<Site>> {
    let sites = caller.store.sites(&caller.actor).await?;
    let row = sites.into_iter().find(|site| site.id == id).ok_or(app::Error::NotFound)?;
    Ok(Json(row.into()))
}

/// All places, by site and name.
#[utoipa::path(get, path = "/places", tag = "places", params(Pagination), responses((status = 200, description = "A page of places", body = Page<Place>), ListErrors))]
pub async fn list_places(caller: Caller, page_params: Pagination) -> ApiResult<Json<Page<Place>>> {
    let (rows, before) = page_params.paginate(caller.store.places(&caller.actor).await?, |row| row.id.0)?;
    Ok(page(rows, before))
}

/// Add a place to a site.
#[utoipa::path(
    post, path = "/places", tag = "places", request_body = NewPlace,
    responses((status = 201, description = "It is made", body = CreatedId, headers(("Location" = String, description = "The place"))), AddErrors)
)]
pub async fn add_place(caller: Caller, JsonBody(new): JsonBody<NewPlace>) -> ApiResult<Created<CreatedId>> {
    let (site, name) = PlaceDraft { site: new.site, name: new.name }.parse()?;
    let id = caller.store.add_place(&caller.actor, site, &name).await?;
    Ok(created("places", id.0))
}

/// One place.
#[utoipa::path(
    get, path = "/places/{id}", tag = "places", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The place", body = Place), ReadErrors)
)]
pub async fn get_place(caller: Caller, PathId(id): PathId<PlaceId>) -> ApiResult<Json<Place>> {
    let row = caller.store.place(&caller.actor, id).await?.ok_or(app::Error::NotFound)?;
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
        Self { id: id.0, site: site.0, site_name, name, code, last_check: last_check.map(Timestamp) }
    }
}
