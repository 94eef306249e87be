//! The identity of customers: the normal form of the contact they left.

use chrono::{DateTime, Utc};
use domain::identity::{Country, Identity};
use domain::ids::{BusinessId, CustomerId};
use uuid::Uuid;

use crate::db::{Conn, execute, fetch};
use crate::error::Error;

/// A customer, and the other customers with the same identity. An older program did not know that they are one person.
pub(crate) async fn with_same_identity(
    conn: Conn<'_>,
    business: Uuid,
    customer: CustomerId,
) -> Result<Vec<CustomerId>, Error> {
    let sql = "SELECT created_at, id FROM customers WHERE business_id = $1 AND id = $2 \
        UNION SELECT created_at, id FROM customers WHERE business_id = $1 \
            AND identity = (SELECT identity FROM customers WHERE business_id = $1 AND id = $2) ORDER BY 1, 2";
    let all = fetch!(conn, fetch_all as (DateTime<Utc>, Uuid), sql, business, customer.0)?;
    Ok(all.into_iter().map(|(_, id)| CustomerId(id)).collect())
}

/// The identity that a contact gives at a business.
pub(crate) async fn identity(conn: Conn<'_>, business: BusinessId, contact: &str) -> Result<Identity, Error> {
    Ok(Identity::from_contact(contact, country(conn, business).await?.as_ref()))
}

/// Computes the identities of a business's customers that have none yet.
pub(crate) async fn identify(mut conn: Conn<'_>, business: BusinessId) -> Result<(), Error> {
    let sql = "SELECT id, contact FROM customers WHERE business_id = $1 AND contact IS NOT NULL AND identity IS NULL";
    let unknown = fetch!(conn.reborrow(), fetch_all as (Uuid, String), sql, business.0)?;
    if unknown.is_empty() {
        return Ok(());
    }
    let country = country(conn.reborrow(), business).await?;
    for (id, contact) in unknown {
        let identity = Identity::from_contact(&contact, country.as_ref());
        let sql = "UPDATE customers SET identity = $3 WHERE business_id = $1 AND id = $2 AND contact IS NOT NULL";
        execute!(conn.reborrow(), sql, business.0, id, identity.as_str())?;
    }
    Ok(())
}

/// The country whose phone numbers are written without a country code.
async fn country(conn: Conn<'_>, business: BusinessId) -> Result<Option<Country>, Error> {
    let sql = "SELECT zone FROM businesses WHERE id = $1";
    let (zone,) = fetch!(conn, fetch_optional as (String,), sql, business.0)?.ok_or(Error::Gone)?;
    Ok(Country::of_zone(&zone))
}

/// Recomputes all identities, after a business has moved to another country: there the same digits may be another
/// number.
pub(crate) async fn recompute_identities(mut conn: Conn<'_>, business: BusinessId) -> Result<(), Error> {
    execute!(conn.reborrow(), "UPDATE customers SET identity = NULL WHERE business_id = $1", business.0)?;
    identify(conn, business).await
}
