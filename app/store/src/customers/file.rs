//! What is known of a customer, to be handed to them: who they are, and every recovery of theirs as it went.

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor, Who};
use domain::customer::NOT_THEIRS;
use domain::ids::{BusinessId, CustomerId, RecoveryId};
use domain::recovery::{Outcome, Taken};
use domain::text::Line;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{of_contact, same_person};
use crate::Store;
use crate::db::{Held, fetch};
use crate::error::Error;
use crate::moment::written;
use crate::reaches::Reached;
use crate::recoveries::{self, Handed};

/// All that is known of one customer. Personal data.
#[derive(Clone, Debug, Serialize)]
pub struct CustomerFile {
    pub business: String,
    pub name: Option<String>,
    pub contact: Option<String>,
    pub known_since: String,
    pub forgotten_at: Option<String>,
    /// What else they were called, where they left the same contact written in another way.
    pub also: Vec<OtherSpelling>,
    pub recoveries: Vec<Told>,
}

/// What a customer was called, and the contact they left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherSpelling {
    pub name: String,
    pub contact: Option<String>,
}

/// One recovery, as it is told to the customer it was for.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
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
    /// Each step with its time and whose it was: `us`, `customer` or `trialmark`.
    pub steps: Vec<Value>,
}

type Row = (String, Option<String>, DateTime<Utc>, Option<DateTime<Utc>>, String);

impl Store {
    /// What is known of the customer of a recovery. None if there is no such recovery, or no customer is known in it.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn customer_file(&self, actor: &Actor, recovery: RecoveryId) -> Result<Option<CustomerFile>, Error> {
        actor.permit(Act::Erase)?;
        let mut held = self.db.snapshot(actor.business).await?;
        let by = Reached::by(actor);
        let loaded = recoveries::load_from(held.conn(), actor.business.0, by, recovery).await?;
        match loaded.and_then(|loaded| loaded.customer) {
            Some(customer) => {
                let everyone = same_person(held.conn(), actor.business.0, customer).await?;
                file(&mut held, actor.business, by, customer, &everyone).await.map(Some)
            }
            None => Ok(None),
        }
    }

    /// The same for whoever has this contact.
    ///
    /// # Errors
    /// As for [`Store::customer_file`].
    pub async fn contact_file(&self, actor: &Actor, contact: &Line) -> Result<Option<CustomerFile>, Error> {
        actor.permit(Act::Erase)?;
        let mut held = self.db.snapshot(actor.business).await?;
        let everyone = of_contact(held.conn(), actor.business, contact).await?;
        match everyone.first() {
            Some(customer) => file(&mut held, actor.business, Reached::by(actor), *customer, &everyone).await.map(Some),
            None => Ok(None),
        }
    }
}

/// What is known of a customer, under every name they left: with those of their recoveries that are within reach.
async fn file(
    held: &mut Held,
    business: BusinessId,
    by: Reached,
    customer: CustomerId,
    everyone: &[CustomerId],
) -> Result<CustomerFile, Error> {
    let sql = "SELECT c.name, c.contact, c.created_at, c.erased_at, b.name FROM customers c \
        JOIN businesses b ON b.id = c.business_id WHERE c.business_id = $1 AND c.id = $2";
    let (name, contact, mut since, forgotten_at, home) =
        fetch!(held.conn(), fetch_one as Row, sql, business.0, customer.0)?;
    let mut also = Vec::new();
    for other in everyone.iter().filter(|other| **other != customer) {
        let (name, contact, from, ..) = fetch!(held.conn(), fetch_one as Row, sql, business.0, other.0)?;
        also.push(OtherSpelling { name, contact });
        since = since.min(from);
    }
    let sql = "SELECT opened_at, id FROM recoveries WHERE business_id = $1 AND customer_id = $2";
    let mut ids = Vec::new();
    for one in everyone {
        ids.extend(fetch!(held.conn(), fetch_all as (DateTime<Utc>, Uuid), sql, business.0, one.0)?);
    }
    ids.sort_unstable();
    let mut told = Vec::with_capacity(ids.len());
    for (_, id) in ids {
        let handed = recoveries::handed(held.conn(), business, by, RecoveryId(id)).await?;
        told.extend(handed.map(Told::try_from).transpose()?);
    }
    Ok(CustomerFile {
        business: home,
        name: forgotten_at.is_none().then_some(name),
        contact,
        known_since: written(since),
        forgotten_at: forgotten_at.map(written),
        also,
        recoveries: told,
    })
}

impl TryFrom<Handed> for Told {
    type Error = Error;
    fn try_from(Handed { row, recovery, wording, note }: Handed) -> Result<Self, Error> {
        Ok(Self {
            number: row.number,
            opened_at: written(row.opened_at),
            guarantee: row.guarantee,
            promise: wording.promise.to_string(),
            site: row.site,
            place: row.place,
            found_by: recovery.found_by.name(),
            note,
            stage: row.stage.name(),
            outcome: row.stage.outcome().map(Outcome::name),
            steps: recovery.steps.iter().map(step).collect::<Result<_, _>>()?,
        })
    }
}

fn step(taken: &Taken) -> Result<Value, Error> {
    let mut said: Map<String, Value> = serde_json::from_value(serde_json::to_value(&taken.step)?)?;
    said.retain(|field, value| !NOT_THEIRS.contains(&field.as_str()) && !value.is_null());
    for value in said.values_mut() {
        if let Some(at) = value.as_str().and_then(|text| text.parse().ok()) {
            *value = written(at).into();
        }
    }
    let by = match taken.by {
        Who::Person(_) | Who::Token(_) => "us",
        Who::Customer => "customer",
        Who::Trialmark => "trialmark",
    };
    said.insert("at".to_owned(), written(taken.at).into());
    said.insert("by".to_owned(), by.into());
    Ok(said.into())
}
