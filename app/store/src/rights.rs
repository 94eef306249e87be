//! The rights of members, as they are stored.

use chrono::{DateTime, Utc};
use domain::ids::{BusinessId, PersonId, PlaceId, SiteId};
use domain::rights::Rights;
use domain::role::{Permission, Role};
use uuid::Uuid;

use crate::db::{Conn, execute, fetch};
use crate::error::Error;
use crate::site_access;
use crate::stored_row::StoredRow;

/// The role of a person in a business, if they are a member.
pub(crate) async fn role(conn: Conn<'_>, business: BusinessId, person: PersonId) -> Result<Option<Role>, Error> {
    let sql = "SELECT role FROM members WHERE business_id = $1 AND person_id = $2 AND removed_at IS NULL";
    let found = fetch!(conn, fetch_optional as (String,), sql, business.0, person.0)?;
    StoredRow("members", person).read("role", found.map(|(role,)| Role::parse(&role)).transpose())
}

/// The rights of a person in a business, if they are a member.
pub(crate) async fn rights(
    mut conn: Conn<'_>,
    business: BusinessId,
    person: PersonId,
) -> Result<Option<Rights>, Error> {
    let sql = "SELECT role, bound FROM members WHERE business_id = $1 AND person_id = $2 AND removed_at IS NULL";
    let found = fetch!(conn.reborrow(), fetch_optional as (String, bool), sql, business.0, person.0)?;
    let Some((role, bound)) = found else { return Ok(None) };
    let site_access = site_access::load(conn, business, person.0, bound).await?;
    let role = StoredRow("members", person).read("role", Role::parse(&role))?;
    Ok(Some(Rights { role, site_access }))
}

/// Makes a person a member, for the first time or again.
pub(crate) async fn join(
    mut conn: Conn<'_>,
    business: BusinessId,
    person: PersonId,
    rights: &Rights,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let sql = "INSERT INTO members (business_id, person_id, role, bound, created_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (business_id, person_id) DO UPDATE SET role = excluded.role, bound = excluded.bound, removed_at = NULL";
    let bound = !rights.site_access.is_all_sites();
    execute!(conn.reborrow(), sql, business.0, person.0, rights.role.name(), bound, now)?;
    site_access::replace(conn, business, person.0, &rights.site_access).await
}

/// Whether a person may handle recoveries at a place.
pub(crate) async fn may_recover(
    mut conn: Conn<'_>,
    business: BusinessId,
    person: PersonId,
    place: PlaceId,
) -> Result<bool, Error> {
    let sql = "SELECT site_id FROM places WHERE business_id = $1 AND id = $2";
    let (site,) = fetch!(conn.reborrow(), fetch_one as (Uuid,), sql, business.0, place.0)?;
    let rights = rights(conn, business, person).await?;
    Ok(rights.is_some_and(|rights| rights.may_at(Permission::HandleRecoveries, SiteId(site))))
}
