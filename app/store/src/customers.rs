//! Customers: erased when they ask for it or after the retention time, and given what is known about them.

mod export;

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::audit::AuditEvent;
use domain::customer::{NOTE_FIELD, PHOTO_FIELD};
use domain::ids::{BusinessId, CustomerId, RecoveryId};
use domain::recovery::StepKind;
use domain::role::Permission;
use domain::text::Line;
use serde_json::{Map, json};
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::business_info::load_business;
use crate::customer_identity::{identify, identity, with_same_identity};
use crate::db::{Conn, TenantScope, execute, fetch};
use crate::error::Error;
use crate::people;
use crate::recovery_queue::requeue;
use crate::recovery_rows::load;
use crate::site_access::SiteFilter;
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;

pub use export::{ContactVariant, CustomerExport, ExportedRecovery};

/// The result of erasing a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    pub at: DateTime<Utc>,
    /// How many texts were removed now.
    pub texts: usize,
    /// Whether they were erased before. Then nothing was changed.
    pub already_erased: bool,
}

/// A text to be removed: its owner, its field, and whether the record commits to it.
type Text = (Uuid, String, bool);

/// Selects the customers whose recoveries were all closed before an instant.
macro_rules! expired_customers {
    () => {
        " FROM customers c WHERE c.business_id = $1 AND c.erased_at IS NULL AND c.created_at <= $2 AND NOT EXISTS \
        (SELECT 1 FROM recoveries r WHERE r.business_id = $1 AND r.customer_id = c.id \
            AND (r.stage <> 'closed' OR r.closed_at > $2)) AND NOT EXISTS \
        (SELECT 1 FROM customers o WHERE o.business_id = $1 AND o.identity = c.identity AND EXISTS \
            (SELECT 1 FROM recoveries r WHERE r.business_id = $1 AND r.customer_id = o.id \
                AND (r.stage <> 'closed' OR r.closed_at > $2))) "
    };
}

/// The recoveries closed before an instant whose customer is not in the list above, and of whom there is still something
/// to erase: the customer was never named, or something private was written after the customer was erased.
macro_rules! expired_recoveries {
    () => {
        " FROM recoveries r JOIN breaks b ON b.business_id = $1 AND b.id = r.break_id \
        LEFT JOIN customers c ON c.business_id = $1 AND c.id = r.customer_id \
        WHERE r.business_id = $1 AND r.stage = 'closed' AND r.closed_at <= $2 AND \
        ((r.customer_id IS NULL AND b.found_by = 'customer') OR (c.erased_at < r.closed_at AND EXISTS \
            (SELECT 1 FROM recovery_steps s JOIN texts t ON t.business_id = $1 AND t.owner_id = s.id \
                WHERE s.business_id = $1 AND s.recovery_id = r.id AND NOT t.public AND t.field <> 'details' \
                AND t.body IS NOT NULL) AND NOT EXISTS \
            (SELECT 1 FROM recoveries o WHERE o.business_id = $1 AND o.customer_id = c.id \
                AND (o.stage <> 'closed' OR o.closed_at > $2)))) "
    };
}

impl Store {
    /// Computes the identities of people and customers that have none, because an older program stored them.
    pub(crate) async fn identify(&self) -> Result<(), Error> {
        // Read first, because a database that cannot be written can still be read.
        let mut handle = self.db.read(TenantScope::Across).await?;
        let businesses = fetch!(handle.conn(), fetch_all as (Uuid,), "SELECT id FROM businesses")?;
        let sql = "SELECT id FROM people WHERE identity IS NULL LIMIT 1";
        let unknown = fetch!(handle.conn(), fetch_optional as (Uuid,), sql)?;
        drop(handle);
        if unknown.is_some() {
            let mut handle = self.db.begin(TenantScope::Across).await?;
            people::fill_identities(handle.conn()).await?;
            handle.commit().await?;
        }
        for (business,) in businesses {
            let mut handle = self.db.read(BusinessId(business)).await?;
            let sql =
                "SELECT id FROM customers WHERE business_id = $1 AND contact IS NOT NULL AND identity IS NULL LIMIT 1";
            let unknown = fetch!(handle.conn(), fetch_optional as (Uuid,), sql, business)?;
            drop(handle);
            if unknown.is_some() {
                let mut handle = self.db.begin(BusinessId(business)).await?;
                identify(handle.conn(), BusinessId(business)).await?;
                handle.commit().await?;
            }
        }
        Ok(())
    }

    /// Erases the customer of a recovery in all their recoveries: who they are, what they said, and what was said to
    /// them. `None` if there is no such recovery, or it has no customer.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn erase_customer(&self, actor: &Actor, recovery: RecoveryId) -> Result<Option<Erasure>, Error> {
        let mut work = self.unit_of_work(actor, Permission::EraseCustomers).await?;
        let Some(loaded) = load(&mut work, SiteFilter::of(actor), recovery).await? else {
            return Ok(None);
        };
        let customer = match loaded.customer {
            Some(customer) => customer,
            None if loaded.recovery.has_customer() => create_unnamed(&mut work, recovery).await?,
            None => return Ok(None),
        };
        let business = work.business.0;
        let everyone = with_same_identity(work.conn(), business, customer).await?;
        let forgotten = erase_all(&mut work, &everyone).await?;
        if forgotten.is_some_and(|forgotten| !forgotten.already_erased) {
            work.audit(AuditEvent::CustomerErased, recovery.0);
            work.commit().await?;
        }
        Ok(forgotten)
    }

    /// The same for the customer with this contact; `None` if there is none.
    ///
    /// # Errors
    /// As for [`Store::erase_customer`].
    pub async fn erase_contact(&self, actor: &Actor, contact: &Line) -> Result<Option<Erasure>, Error> {
        let mut work = self.unit_of_work(actor, Permission::EraseCustomers).await?;
        let business = work.business;
        let everyone = by_contact(work.conn(), business, contact).await?;
        let forgotten = erase_all(&mut work, &everyone).await?;
        if forgotten.is_some() {
            work.audit(AuditEvent::CustomerErased, None);
            work.commit().await?;
        }
        Ok(forgotten)
    }

    /// Erases the customers, named or not, whose recoveries have all been closed for longer than the retention time.
    /// Returns how many.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn erase_expired_customers(&self, actor: &Actor) -> Result<usize, Error> {
        actor.require(Permission::EraseCustomers)?;
        Ok(self.erase_expired_named(actor).await? + self.erase_expired_recoveries(actor).await?)
    }

    async fn erase_expired_recoveries(&self, actor: &Actor) -> Result<usize, Error> {
        let mut handle = self.db.read(actor.business).await?;
        let until = load_business(handle.conn(), actor.business).await?.business.retention.cutoff(self.now());
        let sql = concat!("SELECT r.id", expired_recoveries!(), "ORDER BY r.closed_at");
        let due = fetch!(handle.conn(), fetch_all as (Uuid,), sql, actor.business.0, until)?;
        drop(handle);
        let mut erased = 0;
        for (id,) in due {
            let mut work = self.unit_of_work(actor, Permission::EraseCustomers).await?;
            let sql = concat!("SELECT r.customer_id", expired_recoveries!(), "AND r.id = $3");
            // The recovery may have been reopened, or its customer erased, in between.
            let row = fetch!(work.conn(), fetch_optional as (Option<Uuid>,), sql, actor.business.0, until, id)?;
            let Some((customer,)) = row else { continue };
            let customer = match customer {
                Some(customer) => CustomerId(customer),
                None => create_unnamed(&mut work, RecoveryId(id)).await?,
            };
            erase(&mut work, customer).await?;
            work.commit().await?;
            erased += 1;
        }
        Ok(erased)
    }

    async fn erase_expired_named(&self, actor: &Actor) -> Result<usize, Error> {
        let mut forgotten = 0;
        loop {
            let mut handle = self.db.read(actor.business).await?;
            let until = load_business(handle.conn(), actor.business).await?.business.retention.cutoff(self.now());
            let sql = concat!("SELECT c.id", expired_customers!(), "ORDER BY c.created_at LIMIT 100");
            let due = fetch!(handle.conn(), fetch_all as (Uuid,), sql, actor.business.0, until)?;
            drop(handle);
            if due.is_empty() {
                return Ok(forgotten);
            }
            for (id,) in due {
                let mut work = self.unit_of_work(actor, Permission::EraseCustomers).await?;
                let sql = concat!("SELECT c.id", expired_customers!(), "AND c.id = $3");
                // They may have a new recovery, or have been erased, in the meantime.
                let still = fetch!(work.conn(), fetch_optional as (Uuid,), sql, actor.business.0, until, id)?;
                if still.is_some() {
                    erase(&mut work, CustomerId(id)).await?;
                    work.commit().await?;
                    forgotten += 1;
                }
            }
        }
    }
}

/// Creates a customer without a name for a recovery, so that what they said can be erased.
async fn create_unnamed(work: &mut UnitOfWork<'_>, recovery: RecoveryId) -> Result<CustomerId, Error> {
    let (id, business, now) = (work.id(), work.business.0, work.now);
    let sql = "INSERT INTO customers (id, business_id, name, created_at) VALUES ($1, $2, '', $3)";
    execute!(work.conn(), sql, id, business, now)?;
    let sql = "UPDATE recoveries SET customer_id = $3 WHERE business_id = $1 AND id = $2";
    execute!(work.conn(), sql, business, recovery.0, id)?;
    Ok(CustomerId(id))
}

/// Erases all customers who are the same person.
async fn erase_all(work: &mut UnitOfWork<'_>, everyone: &[CustomerId]) -> Result<Option<Erasure>, Error> {
    let mut all: Option<Erasure> = None;
    for customer in everyone {
        let one = erase(work, *customer).await?;
        all = Some(match all {
            Some(before) => Erasure {
                at: before.at.max(one.at),
                texts: before.texts + one.texts,
                already_erased: before.already_erased && one.already_erased,
            },
            None => one,
        });
    }
    Ok(all)
}

/// Erases a customer: ends their links, removes their texts, and records how many texts of the record were removed. The
/// entry names no recovery, because it must not tell that several belong to one person. If nothing was written since
/// they were erased, nothing changes.
async fn erase(work: &mut UnitOfWork<'_>, customer: CustomerId) -> Result<Erasure, Error> {
    let (business, now, author) = (work.business.0, work.now, actor_key(work.principal));
    let sql = "SELECT erased_at FROM customers WHERE business_id = $1 AND id = $2";
    let (before,) = fetch!(work.conn(), fetch_one as (Option<DateTime<Utc>>,), sql, business, customer.0)?;
    let texts = texts(work.conn(), business, customer).await?;
    if let Some(at) = before.filter(|_| texts.is_empty()) {
        return Ok(Erasure { at, texts: 0, already_erased: true });
    }
    let sql = "UPDATE customers SET name = '', contact = NULL, identity = NULL, erased_at = $3, erased_by = $4 \
        WHERE business_id = $1 AND id = $2";
    execute!(work.conn(), sql, business, customer.0, now, author)?;
    let sql = "UPDATE follow_ups SET used_at = $3 WHERE business_id = $1 AND used_at IS NULL AND recovery_id IN \
        (SELECT id FROM recoveries WHERE business_id = $1 AND customer_id = $2)";
    execute!(work.conn(), sql, business, customer.0, now)?;
    let sql = "SELECT id FROM recoveries WHERE business_id = $1 AND customer_id = $2 AND due_at IS NOT NULL";
    for (id,) in fetch!(work.conn(), fetch_all as (Uuid,), sql, business, customer.0)? {
        requeue(work.conn(), BusinessId(business), RecoveryId(id)).await?;
    }
    for (owner, field, _) in &texts {
        if field == PHOTO_FIELD {
            // The file is deleted later, because it has no row any more.
            let sql = "DELETE FROM photos WHERE business_id = $1 AND hash = (SELECT photo FROM checks WHERE business_id = $1 AND id = $2)";
            execute!(work.conn(), sql, business, owner)?;
        }
        let sql = "UPDATE texts SET salt = NULL, body = NULL WHERE business_id = $1 AND owner_id = $2 AND field = $3";
        execute!(work.conn(), sql, business, owner, field)?;
    }
    let recorded = texts.iter().filter(|(.., recorded)| *recorded).count();
    if recorded > 0 {
        let body = Map::from_iter([("redacted".to_owned(), json!(recorded))]);
        work.append(true, "redaction", customer.0, body, Vec::new()).await?;
    }
    Ok(Erasure { at: now, texts: texts.len(), already_erased: false })
}

/// The texts of a customer that are not removed yet.
async fn texts(mut conn: Conn<'_>, business: Uuid, customer: CustomerId) -> Result<Vec<Text>, Error> {
    type Row = (Uuid, String, bool, String);
    let sql = "SELECT t.owner_id, t.field, t.seq IS NOT NULL, s.step FROM recoveries r \
        JOIN recovery_steps s ON s.business_id = r.business_id AND s.recovery_id = r.id \
        JOIN texts t ON t.business_id = r.business_id AND t.owner_id = s.id \
        WHERE r.business_id = $1 AND r.customer_id = $2 AND t.body IS NOT NULL";
    let said = fetch!(conn.reborrow(), fetch_all as Row, sql, business, customer.0)?;
    let mut texts = Vec::new();
    for (owner, field, recorded, step) in said {
        if StoredRow("recovery_steps", owner).read("step", StepKind::parse(&step))?.is_private(&field) {
            texts.push((owner, field, recorded));
        }
    }
    let sql = "SELECT t.owner_id, t.field, t.seq IS NOT NULL FROM recoveries r \
        JOIN breaks b ON b.business_id = r.business_id AND b.id = r.break_id \
        JOIN texts t ON t.business_id = r.business_id AND t.owner_id = COALESCE((SELECT k.id FROM corrections k \
            WHERE k.business_id = b.business_id AND k.check_id = b.check_id AND k.break_id = b.id), b.check_id) \
        WHERE r.business_id = $1 AND r.customer_id = $2 AND t.field = $3 AND t.body IS NOT NULL";
    let noted = fetch!(conn.reborrow(), fetch_all as Text, sql, business, customer.0, NOTE_FIELD)?;
    // A photo always belongs to the check, even if a correction opened the break.
    let sql = "SELECT t.owner_id, t.field, t.seq IS NOT NULL FROM recoveries r \
        JOIN breaks b ON b.business_id = r.business_id AND b.id = r.break_id \
        JOIN texts t ON t.business_id = r.business_id AND t.owner_id = b.check_id \
        WHERE r.business_id = $1 AND r.customer_id = $2 AND t.field = $3 AND t.body IS NOT NULL";
    let shown = fetch!(conn, fetch_all as Text, sql, business, customer.0, PHOTO_FIELD)?;
    texts.extend(noted.into_iter().chain(shown));
    Ok(texts)
}

/// The customers with this contact, however it was written.
async fn by_contact(mut conn: Conn<'_>, business: BusinessId, contact: &Line) -> Result<Vec<CustomerId>, Error> {
    let identity = identity(conn.reborrow(), business, contact.as_str()).await?;
    let sql = "SELECT id FROM customers WHERE business_id = $1 AND identity = $2 ORDER BY created_at, id";
    let all = fetch!(conn, fetch_all as (Uuid,), sql, business.0, identity.as_str())?;
    Ok(all.into_iter().map(|(id,)| CustomerId(id)).collect())
}
