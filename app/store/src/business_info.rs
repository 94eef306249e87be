//! Reading a business.

use chrono_tz::Tz;
use domain::business::{Business, Contact, Language};
use domain::fault::{Fault, Faults};
use domain::ids::BusinessId;
use domain::money::Currency;
use domain::person::Email;
use domain::replay;
use domain::text::Line;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Conn, fetch};
use crate::error::Error;
use crate::stored_row::StoredRow;

/// A business with its parsed time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessInfo {
    pub id: BusinessId,
    pub business: Business,
    pub zone: Tz,
}

#[derive(FromRow)]
pub(crate) struct BusinessDbRow {
    id: Uuid,
    slug: String,
    name: String,
    zone: String,
    currency: String,
    language: String,
    contact_name: String,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    hours: String,
    forget_after: i64,
}

pub(crate) const BUSINESS: &str = "SELECT id, slug, name, zone, currency, language, contact_name, contact_email, \
    contact_phone, hours, forget_after FROM businesses WHERE id = $1";
pub(crate) const BUSINESSES: &str = "SELECT id, slug, name, zone, currency, language, contact_name, contact_email, contact_phone, hours, \
    forget_after FROM businesses ORDER BY created_at, id";
pub(crate) const BUSINESS_BY_SLUG: &str = "SELECT id, slug, name, zone, currency, language, contact_name, contact_email, \
    contact_phone, hours, forget_after FROM businesses WHERE slug = $1";

pub(crate) async fn load_business(conn: Conn<'_>, id: BusinessId) -> Result<BusinessInfo, Error> {
    fetch!(conn, fetch_optional as BusinessDbRow, BUSINESS, id.0)?.ok_or(Error::Gone)?.try_into()
}

/// The facts of a business that the record contains.
pub(crate) fn recorded_facts(business: &Business) -> replay::Business {
    let Business { slug, zone, currency, hours, .. } = business;
    replay::Business {
        slug: slug.to_string(),
        zone: zone.to_string(),
        currency: currency.code().to_owned(),
        hours: hours.clone(),
    }
}

/// # Errors
/// The time zone that was entered does not exist.
pub(crate) fn require_zone(business: &Business) -> Result<(), Faults> {
    parse_zone(business.zone.as_str()).map(|_| ()).map_err(|fault| Faults::one("zone", fault))
}

pub(crate) fn parse_zone(zone: &str) -> Result<Tz, Fault> {
    zone.parse().map_err(|_| Fault::NotAZone)
}

impl TryFrom<BusinessDbRow> for BusinessInfo {
    type Error = Error;
    fn try_from(row: BusinessDbRow) -> Result<Self, Error> {
        let stored = StoredRow("businesses", row.id);
        let zone = stored.read("zone", parse_zone(&row.zone))?;
        let contact = Contact {
            name: stored.read("contact_name", row.contact_name.try_into())?,
            email: stored.read("contact_email", row.contact_email.map(Email::try_from).transpose())?,
            phone: stored.read("contact_phone", row.contact_phone.map(Line::try_from).transpose())?,
        };
        let business = Business {
            slug: stored.read("slug", row.slug.try_into())?,
            name: stored.read("name", row.name.try_into())?,
            zone: stored.read("zone", row.zone.try_into())?,
            currency: stored.read("currency", Currency::parse(&row.currency))?,
            language: stored.read("language", Language::parse(&row.language))?,
            contact,
            hours: stored.read("hours", serde_json::from_str(&row.hours))?,
            retention: stored.read("forget_after", row.forget_after.try_into())?,
        };
        Ok(Self { id: BusinessId(row.id), business, zone })
    }
}
