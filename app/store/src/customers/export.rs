//! Everything that is known about a customer, as a file for them: their contact, and the course of each of their
//! recoveries.

use chrono::{DateTime, Utc};
use domain::actor::{Actor, Principal};
use domain::customer::STAFF_FIELDS;
use domain::ids::{BusinessId, CustomerId, RecoveryId};
use domain::recovery::{Outcome, TakenStep};
use domain::role::Permission;
use domain::text::Line;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{by_contact, with_same_identity};
use crate::Store;
use crate::db::{DbHandle, fetch};
use crate::error::Error;
use crate::recoveries::{self, RecoveryReport};
use crate::recovery_rows::load_from;
use crate::site_access::SiteFilter;
use crate::timestamp::format_timestamp;

/// Everything that is known about a customer. Personal data.
#[derive(Clone, Debug, Serialize)]
pub struct CustomerExport {
    pub business: String,
    pub name: Option<String>,
    pub contact: Option<String>,
    pub known_since: String,
    pub forgotten_at: Option<String>,
    /// Other names and spellings that they left.
    #[serde(rename = "also")]
    pub other_contacts: Vec<ContactVariant>,
    pub recoveries: Vec<ExportedRecovery>,
}

/// A name and a contact that a customer left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContactVariant {
    pub name: String,
    pub contact: Option<String>,
}

/// One recovery, as its customer may read it.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedRecovery {
    pub number: i64,
    pub opened_at: String,
    pub guarantee: String,
    pub promise: String,
    pub site: String,
    pub place: String,
    pub found_by: &'static str,
    pub note: Option<String>,
    pub stage: &'static str,
    pub outcome: Option<&'static str>,
    /// Each step with its time and its author: `us`, `customer` or `trialmark`.
    pub steps: Vec<Value>,
}

type Row = (String, Option<String>, DateTime<Utc>, Option<DateTime<Utc>>, String);

impl Store {
    /// Everything that is known about the customer of a recovery. `None` if there is no such recovery, or its customer
    /// is not known.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn export_customer(&self, actor: &Actor, recovery: RecoveryId) -> Result<Option<CustomerExport>, Error> {
        actor.require(Permission::EraseCustomers)?;
        let mut handle = self.db.snapshot(actor.business).await?;
        let filter = SiteFilter::of(actor);
        let loaded = load_from(handle.conn(), actor.business.0, filter, recovery).await?;
        match loaded.and_then(|loaded| loaded.customer) {
            Some(customer) => {
                let same_person = with_same_identity(handle.conn(), actor.business.0, customer).await?;
                collect_export(&mut handle, actor.business, filter, customer, &same_person).await.map(Some)
            }
            None => Ok(None),
        }
    }

    /// Everything that is known about the customer with this contact.
    ///
    /// # Errors
    /// As for [`Store::export_customer`].
    pub async fn export_contact(&self, actor: &Actor, contact: &Line) -> Result<Option<CustomerExport>, Error> {
        actor.require(Permission::EraseCustomers)?;
        let mut handle = self.db.snapshot(actor.business).await?;
        let same_person = by_contact(handle.conn(), actor.business, contact).await?;
        match same_person.first() {
            Some(customer) => {
                collect_export(&mut handle, actor.business, SiteFilter::of(actor), *customer, &same_person)
                    .await
                    .map(Some)
            }
            None => Ok(None),
        }
    }
}

/// Everything about a customer, under every name they left, with those of their recoveries that the reader has access
/// to.
async fn collect_export(
    handle: &mut DbHandle,
    business: BusinessId,
    filter: SiteFilter,
    customer: CustomerId,
    same_person: &[CustomerId],
) -> Result<CustomerExport, Error> {
    let sql = "SELECT c.name, c.contact, c.created_at, c.erased_at, b.name FROM customers c \
        JOIN businesses b ON b.id = c.business_id WHERE c.business_id = $1 AND c.id = $2";
    let (name, contact, mut since, forgotten_at, info) =
        fetch!(handle.conn(), fetch_one as Row, sql, business.0, customer.0)?;
    let mut other_contacts = Vec::new();
    for other in same_person.iter().filter(|other| **other != customer) {
        let (name, contact, from, ..) = fetch!(handle.conn(), fetch_one as Row, sql, business.0, other.0)?;
        other_contacts.push(ContactVariant { name, contact });
        since = since.min(from);
    }
    let sql = "SELECT opened_at, id FROM recoveries WHERE business_id = $1 AND customer_id = $2";
    let mut ids = Vec::new();
    for one in same_person {
        ids.extend(fetch!(handle.conn(), fetch_all as (DateTime<Utc>, Uuid), sql, business.0, one.0)?);
    }
    ids.sort_unstable();
    let mut recoveries = Vec::with_capacity(ids.len());
    for (_, id) in ids {
        let recovery_report = recoveries::recovery_report(handle.conn(), business, filter, RecoveryId(id)).await?;
        recoveries.extend(recovery_report.map(ExportedRecovery::try_from).transpose()?);
    }
    Ok(CustomerExport {
        business: info,
        name: forgotten_at.is_none().then_some(name),
        contact,
        known_since: format_timestamp(since),
        forgotten_at: forgotten_at.map(format_timestamp),
        other_contacts,
        recoveries,
    })
}

impl TryFrom<RecoveryReport> for ExportedRecovery {
    type Error = Error;
    fn try_from(
        RecoveryReport { number, site, place, recovery, wording, note }: RecoveryReport,
    ) -> Result<Self, Error> {
        Ok(Self {
            number,
            opened_at: format_timestamp(recovery.opened_at),
            guarantee: wording.title.to_string(),
            promise: wording.promise.to_string(),
            site,
            place,
            found_by: recovery.found_by.name(),
            note,
            stage: recovery.stage().name(),
            outcome: recovery.stage().outcome().map(Outcome::name),
            steps: recovery.steps.iter().map(step).collect::<Result<_, _>>()?,
        })
    }
}

fn step(taken: &TakenStep) -> Result<Value, Error> {
    let mut fields: Map<String, Value> = domain::replay::body(&taken.step).map_err(Error::Serialize)?;
    fields.retain(|field, value| !STAFF_FIELDS.contains(&field.as_str()) && !value.is_null());
    for value in fields.values_mut() {
        if let Some(at) = value.as_str().and_then(|text| text.parse().ok()) {
            *value = format_timestamp(at).into();
        }
    }
    let author = match taken.by {
        Principal::Person(_) | Principal::Token(_) => "us",
        Principal::Customer => "customer",
        Principal::System => "trialmark",
    };
    fields.insert("at".to_owned(), format_timestamp(taken.at).into());
    fields.insert("by".to_owned(), author.into());
    Ok(fields.into())
}
