//! Businesses: how one begins, what is known of it, and how that changes.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::actor::{Act, Actor, Reach, Role, Who};
use domain::business::{Business, Contact, Language};
use domain::deed::Deed;
use domain::fault::{Fault, Faults};
use domain::identity::Country;
use domain::ids::{BusinessId, PersonId};
use domain::member::Rights;
use domain::money::Currency;
use domain::person::Newcomer;
use domain::record::Head;
use domain::recount::{self, body};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::checks::conclude;
use crate::customers;
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::schedules::Due;
use crate::stands;
use crate::work::write_entries;

/// A business with the zone its days are counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    pub id: BusinessId,
    pub business: Business,
    pub zone: Tz,
}

#[derive(FromRow)]
pub(crate) struct BusinessRow {
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
const BUSINESSES: &str = "SELECT id, slug, name, zone, currency, language, contact_name, contact_email, contact_phone, hours, \
    forget_after FROM businesses ORDER BY created_at, id";
const BUSINESS_BY_SLUG: &str = "SELECT id, slug, name, zone, currency, language, contact_name, contact_email, \
    contact_phone, hours, forget_after FROM businesses WHERE slug = $1";

/// Of whoever begins a business.
const OWNER: Rights = Rights { role: Role::Owner, reach: Reach::Everywhere };

impl Store {
    /// Whether nobody has begun yet.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn is_empty(&self) -> Result<bool, Error> {
        let mut held = self.db.look_up().await?;
        let any = fetch!(held.conn(), fetch_optional as (i32,), "SELECT 1 FROM businesses LIMIT 1")?;
        Ok(any.is_none())
    }

    /// Begins: the first business of an installation, with its owner. None when somebody has begun already.
    ///
    /// # Errors
    /// A zone that does not exist, a slug or an address that is taken; the database is unavailable.
    pub async fn begin(
        &self,
        business: &Business,
        owner: &Newcomer,
        password_hash: &str,
    ) -> Result<Option<(BusinessId, PersonId)>, Error> {
        zone(business)?;
        let (id, now) = (BusinessId(self.source.id()), self.now());
        let mut held = self.db.begin(id).await?;
        if run!(held.conn(), "INSERT INTO founding (once, at) VALUES (TRUE, $1) ON CONFLICT DO NOTHING", now)? == 0 {
            return Ok(None);
        }
        insert(held.conn(), id, business, now).await?;
        let person = PersonId(self.source.id());
        crate::people::insert(held.conn(), person, &owner.name, &owner.email, password_hash, now).await?;
        crate::members::join(held.conn(), id, person, &OWNER, now).await?;
        held.commit().await?;
        Ok(Some((id, person)))
    }

    /// Begins one more business, owned by the person who begins it.
    ///
    /// # Errors
    /// The role does not allow it; a zone that does not exist, a slug that is taken; the database is unavailable.
    pub async fn begin_another(&self, actor: &Actor, business: &Business) -> Result<BusinessId, Error> {
        zone(business)?;
        actor.permit(Act::Govern)?;
        let Who::Person(person) = actor.who else {
            return Err(Faults::one("person", Fault::NotFound).into());
        };
        let (id, now) = (BusinessId(self.source.id()), self.now());
        let mut held = self.db.begin(id).await?;
        insert(held.conn(), id, business, now).await?;
        crate::members::join(held.conn(), id, person, &OWNER, now).await?;
        held.commit().await?;
        Ok(id)
    }

    /// The actor's business.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn home(&self, actor: &Actor) -> Result<Home, Error> {
        actor.permit(Act::Look)?;
        let mut held = self.db.read(actor.business).await?;
        home(held.conn(), actor.business).await
    }

    /// Every business of the installation.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn businesses(&self) -> Result<Vec<Home>, Error> {
        let mut held = self.db.look_up().await?;
        let rows = fetch!(held.conn(), fetch_all as BusinessRow, BUSINESSES)?;
        rows.into_iter().map(Home::try_from).collect()
    }

    /// The business of this public name.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn business_by_slug(&self, slug: &str) -> Result<Option<Home>, Error> {
        let mut held = self.db.look_up().await?;
        let row = fetch!(held.conn(), fetch_optional as BusinessRow, BUSINESS_BY_SLUG, slug)?;
        row.map(Home::try_from).transpose()
    }

    /// Changes what is known of the business. Its public name stays: links to it must not break.
    ///
    /// # Errors
    /// The role does not allow it; a zone that does not exist; the database is unavailable.
    pub async fn change_business(&self, actor: &Actor, business: &Business) -> Result<(), Error> {
        zone(business)?;
        let mut work = self.work(actor, Act::Govern).await?;
        let before = home(work.conn(), actor.business).await?.business;
        work.unchanged(&stands::business(&before))?;
        // Days and rounds go by the new zone from now on: what was due until now stays due.
        let due = Due::of_all(&mut work).await?;
        conclude(&mut work, actor, due).await?;
        let sql = "UPDATE rounds SET next_at = $2 WHERE business_id = $1 AND next_at IS NOT NULL";
        let now = work.now;
        run!(work.conn(), sql, actor.business.0, now)?;
        let sql = "UPDATE businesses SET name = $2, zone = $3, currency = $4, language = $5, contact_name = $6, \
            contact_email = $7, contact_phone = $8, hours = $9, forget_after = $10 WHERE id = $1";
        let (was, is) = (told(&before), told(business));
        if was != is {
            work.append(true, "business", actor.business.0, body(&is)?, Vec::new()).await?;
        }
        let Business { name, zone, currency, language, contact, hours, retention, .. } = business;
        let hours = serde_json::to_string(hours)?;
        let email = contact.email.as_ref().map(domain::person::Email::as_str);
        let phone = contact.phone.as_ref().map(domain::text::Line::as_str);
        let (name, zone, contact) = (name.as_str(), zone.as_str(), contact.name.as_str());
        let (id, currency, language) = (actor.business.0, currency.code(), language.code());
        let months = retention.months();
        run!(work.conn(), sql, id, name, zone, currency, language, contact, email, phone, hours, months)?;
        if Country::of_zone(zone) != Country::of_zone(before.zone.as_str()) {
            customers::identify_anew(work.conn(), actor.business).await?;
        }
        work.note(Deed::BusinessChanged, None);
        work.commit().await
    }
    /// What was read in several steps and does not fit together was deleted in between, if the business is gone.
    pub(crate) async fn unless_gone<T>(&self, business: BusinessId, read: Result<T, Error>) -> Result<T, Error> {
        if let Err(Error::Unreadable(_)) = read {
            let mut held = self.db.read(business).await?;
            home(held.conn(), business).await?;
        }
        read
    }
}

pub(crate) async fn home(conn: Conn<'_>, id: BusinessId) -> Result<Home, Error> {
    fetch!(conn, fetch_optional as BusinessRow, BUSINESS, id.0)?.ok_or(Error::Gone)?.try_into()
}

async fn insert(mut conn: Conn<'_>, id: BusinessId, business: &Business, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "INSERT INTO businesses (id, slug, name, zone, currency, language, contact_name, contact_email, \
        contact_phone, hours, forget_after, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let Business { slug, name, zone, currency, language, contact, hours, retention } = business;
    let hours = serde_json::to_string(hours)?;
    let email = contact.email.as_ref().map(domain::person::Email::as_str);
    let phone = contact.phone.as_ref().map(domain::text::Line::as_str);
    let (slug, name, zone, contact) = (slug.as_str(), name.as_str(), zone.as_str(), contact.name.as_str());
    let (currency, language, months) = (currency.code(), language.code(), retention.months());
    run!(conn.again(), sql, id.0, slug, name, zone, currency, language, contact, email, phone, hours, months, now)
        .map_err(|error| error.taken("businesses_slug_key", "slug"))?;
    // The record begins with what every day and every clock goes by.
    let entry = Head::START.append(now, "business", body(&told(business))?.into());
    let sql = "INSERT INTO record_heads (business_id, seq, hash, revision) VALUES ($1, $2, $3, 0)";
    run!(conn.again(), sql, id.0, entry.seq, entry.hash.as_bytes())?;
    write_entries(conn, id, &[entry]).await
}

/// What the record tells of a business.
pub(crate) fn told(business: &Business) -> recount::Business {
    let Business { slug, zone, currency, hours, .. } = business;
    recount::Business {
        slug: slug.to_string(),
        zone: zone.to_string(),
        currency: currency.code().to_owned(),
        hours: hours.clone(),
    }
}

fn zone(business: &Business) -> Result<Tz, Faults> {
    business.zone.as_str().parse().map_err(|_| Faults::one("zone", Fault::NotAZone))
}

impl TryFrom<BusinessRow> for Home {
    type Error = Error;
    fn try_from(row: BusinessRow) -> Result<Self, Error> {
        let email = row.contact_email.map(TryFrom::try_from).transpose()?;
        let phone = row.contact_phone.map(TryFrom::try_from).transpose()?;
        let business = Business {
            slug: row.slug.try_into()?,
            name: row.name.try_into()?,
            zone: row.zone.try_into()?,
            currency: Currency::parse(&row.currency)?,
            language: Language::parse(&row.language)?,
            contact: Contact { name: row.contact_name.try_into()?, email, phone },
            hours: serde_json::from_str(&row.hours)?,
            retention: row.forget_after.try_into()?,
        };
        let zone = zone(&business)?;
        Ok(Self { id: BusinessId(row.id), business, zone })
    }
}
