//! Businesses: created, read and changed.

use chrono::{DateTime, Utc};
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::business::Business;
use domain::fault::{Fault, Faults};
use domain::identity::Country;
use domain::ids::{BusinessId, PersonId};
use domain::person::NewMember;
use domain::record::Head;
use domain::replay::body;
use domain::rights::Rights;
use domain::role::{Permission, Role};
use domain::site_access::SiteAccess;

use crate::Store;
use crate::business_info::{
    BUSINESS_BY_SLUG, BUSINESSES, BusinessDbRow, BusinessInfo, load_business, recorded_facts, require_zone,
};
use crate::checks::record_missed;
use crate::customer_identity;
use crate::db::{Conn, execute, fetch};
use crate::edit_state;
use crate::error::Error;
use crate::recovery_queue;
use crate::schedule_progress::ScheduleProgress;
use crate::unit_of_work::write_entries;

/// The rights of the person who creates a business.
const OWNER: Rights = Rights { role: Role::Owner, site_access: SiteAccess::AllSites };

impl Store {
    /// Whether the installation is empty.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn has_no_business(&self) -> Result<bool, Error> {
        let mut handle = self.db.look_up().await?;
        let any = fetch!(handle.conn(), fetch_optional as (i32,), "SELECT 1 FROM businesses LIMIT 1")?;
        Ok(any.is_none())
    }

    /// Creates the first business of an installation, with its owner. `None` if there was one already.
    ///
    /// # Errors
    /// The time zone does not exist, or the slug or the address is taken; the database is unavailable.
    pub async fn create_first_business(
        &self,
        business: &Business,
        owner: &NewMember,
        password_hash: &str,
    ) -> Result<Option<(BusinessId, PersonId)>, Error> {
        require_zone(business)?;
        let (id, now) = (BusinessId(self.source.id()), self.now());
        let mut handle = self.db.begin(id).await?;
        if execute!(handle.conn(), "INSERT INTO founding (once, at) VALUES (TRUE, $1) ON CONFLICT DO NOTHING", now)?
            == 0
        {
            return Ok(None);
        }
        insert(handle.conn(), id, business, now).await?;
        let person = PersonId(self.source.id());
        crate::people::insert(handle.conn(), person, &owner.name, &owner.email, password_hash, now).await?;
        crate::rights::join(handle.conn(), id, person, &OWNER, now).await?;
        handle.commit().await?;
        Ok(Some((id, person)))
    }

    /// Creates another business, owned by the actor.
    ///
    /// # Errors
    /// The role does not allow it; the time zone does not exist, or the slug is taken; the database is unavailable.
    pub async fn create_business(&self, actor: &Actor, business: &Business) -> Result<BusinessId, Error> {
        require_zone(business)?;
        actor.require(Permission::Administer)?;
        let Principal::Person(person) = actor.principal else {
            return Err(Faults::one("person", Fault::NotFound).into());
        };
        let (id, now) = (BusinessId(self.source.id()), self.now());
        let mut handle = self.db.begin(id).await?;
        insert(handle.conn(), id, business, now).await?;
        crate::rights::join(handle.conn(), id, person, &OWNER, now).await?;
        handle.commit().await?;
        Ok(id)
    }

    /// The actor's business.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn business(&self, actor: &Actor) -> Result<BusinessInfo, Error> {
        actor.require(Permission::ViewToday)?;
        let mut handle = self.db.read(actor.business).await?;
        load_business(handle.conn(), actor.business).await
    }

    /// Every business of the installation.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn businesses(&self) -> Result<Vec<BusinessInfo>, Error> {
        let mut handle = self.db.look_up().await?;
        let rows = fetch!(handle.conn(), fetch_all as BusinessDbRow, BUSINESSES)?;
        rows.into_iter().map(BusinessInfo::try_from).collect()
    }

    /// The business with this slug.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn business_by_slug(&self, slug: &str) -> Result<Option<BusinessInfo>, Error> {
        let mut handle = self.db.look_up().await?;
        let row = fetch!(handle.conn(), fetch_optional as BusinessDbRow, BUSINESS_BY_SLUG, slug)?;
        row.map(BusinessInfo::try_from).transpose()
    }

    /// Changes the business. The slug stays, because links must not break.
    ///
    /// # Errors
    /// The role does not allow it; the time zone does not exist; the database is unavailable.
    pub async fn update_business(&self, actor: &Actor, business: &Business) -> Result<(), Error> {
        require_zone(business)?;
        let mut work = self.unit_of_work(actor, Permission::Administer).await?;
        let before = load_business(work.conn(), actor.business).await?.business;
        work.require_current(&edit_state::business(&before))?;
        // The new time zone applies from now on. What was due until now stays due.
        let due = ScheduleProgress::all(&mut work).await?;
        record_missed(&mut work, actor, due).await?;
        let sql = "UPDATE rounds SET next_at = $2 WHERE business_id = $1 AND next_at IS NOT NULL";
        let now = work.now;
        execute!(work.conn(), sql, actor.business.0, now)?;
        let sql = "UPDATE businesses SET name = $2, zone = $3, currency = $4, language = $5, contact_name = $6, \
            contact_email = $7, contact_phone = $8, hours = $9, forget_after = $10 WHERE id = $1";
        let (was, is) = (recorded_facts(&before), recorded_facts(business));
        if was != is {
            work.append(true, "business", actor.business.0, body(&is).map_err(Error::Serialize)?, Vec::new()).await?;
        }
        let Business { name, zone, currency, language, contact, hours, retention, .. } = business;
        let hours = serde_json::to_string(hours).map_err(Error::Serialize)?;
        let email = contact.email.as_ref().map(domain::person::Email::as_str);
        let phone = contact.phone.as_ref().map(domain::text::Line::as_str);
        let (name, zone, contact) = (name.as_str(), zone.as_str(), contact.name.as_str());
        let (id, currency, language) = (actor.business.0, currency.code(), language.code());
        let months = retention.months();
        execute!(work.conn(), sql, id, name, zone, currency, language, contact, email, phone, hours, months)?;
        if (&business.hours, zone) != (&before.hours, before.zone.as_str()) {
            recovery_queue::requeue_all(work.conn(), actor.business).await?;
        }
        if Country::of_zone(zone) != Country::of_zone(before.zone.as_str()) {
            customer_identity::recompute_identities(work.conn(), actor.business).await?;
        }
        work.audit(AuditEvent::BusinessChanged, None);
        work.commit().await
    }

    /// Turns an unreadable row into [`Error::Gone`] if the business was deleted between two statements of the read.
    pub(crate) async fn or_gone<T>(&self, business: BusinessId, read: Result<T, Error>) -> Result<T, Error> {
        if let Err(Error::Unreadable { .. }) = read {
            let mut handle = self.db.read(business).await?;
            load_business(handle.conn(), business).await?;
        }
        read
    }
}

async fn insert(mut conn: Conn<'_>, id: BusinessId, business: &Business, now: DateTime<Utc>) -> Result<(), Error> {
    let sql = "INSERT INTO businesses (id, slug, name, zone, currency, language, contact_name, contact_email, \
        contact_phone, hours, forget_after, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let Business { slug, name, zone, currency, language, contact, hours, retention } = business;
    let hours = serde_json::to_string(hours).map_err(Error::Serialize)?;
    let email = contact.email.as_ref().map(domain::person::Email::as_str);
    let phone = contact.phone.as_ref().map(domain::text::Line::as_str);
    let (slug, name, zone, contact) = (slug.as_str(), name.as_str(), zone.as_str(), contact.name.as_str());
    let (currency, language, months) = (currency.code(), language.code(), retention.months());
    execute!(
        conn.reborrow(),
        sql,
        id.0,
        slug,
        name,
        zone,
        currency,
        language,
        contact,
        email,
        phone,
        hours,
        months,
        now
    )
    .map_err(|error| error.or_field_taken("businesses_slug_key", "slug"))?;
    // The record begins with the facts that local days and deadlines depend on.
    let facts = body(&recorded_facts(business)).map_err(Error::Serialize)?;
    let entry = Head::START.next_entry(now, "business", facts.into());
    let sql = "INSERT INTO record_heads (business_id, seq, hash, revision) VALUES ($1, $2, $3, 0)";
    execute!(conn.reborrow(), sql, id.0, entry.seq, entry.hash.as_bytes())?;
    write_entries(conn, &[(id, &entry)]).await
}
