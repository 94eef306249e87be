//! Customers: forgotten when they ask for it or when it is long ago, and told what is known of them.

mod file;

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor};
use domain::customer::{FORGOTTEN, FORGOTTEN_NOTE, FORGOTTEN_PHOTO};
use domain::deed::Deed;
use domain::identity::{Country, Identity};
use domain::ids::{BusinessId, CustomerId, RecoveryId};
use domain::text::Line;
use serde_json::{Map, json};
use uuid::Uuid;

use crate::Store;
use crate::businesses::home;
use crate::db::{Conn, Scope, fetch, run};
use crate::error::Error;
use crate::people;
use crate::reaches::Reached;
use crate::recoveries;
use crate::work::{Work, by};

pub use file::{CustomerFile, OtherSpelling, Told};

/// What became of forgetting a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgotten {
    pub at: DateTime<Utc>,
    /// How many texts went just now.
    pub texts: usize,
    /// Whether they were forgotten before: nothing was changed.
    pub again: bool,
}

/// A text that is to go; with `recorded`, the public record commits to it.
type Text = (Uuid, String, bool);

/// The customers of a business who are remembered though none of their recoveries was open after an instant.
macro_rules! long_ago {
    () => {
        " FROM customers c WHERE c.business_id = $1 AND c.erased_at IS NULL AND c.created_at <= $2 AND NOT EXISTS \
        (SELECT 1 FROM recoveries r WHERE r.business_id = $1 AND r.customer_id = c.id \
            AND (r.stage <> 'closed' OR r.closed_at > $2)) AND NOT EXISTS \
        (SELECT 1 FROM customers o WHERE o.business_id = $1 AND o.identity = c.identity AND EXISTS \
            (SELECT 1 FROM recoveries r WHERE r.business_id = $1 AND r.customer_id = o.id \
                AND (r.stage <> 'closed' OR r.closed_at > $2))) "
    };
}
impl Store {
    /// Fills in who people and customers are, where an earlier program did not know.
    pub(crate) async fn identify(&self) -> Result<(), Error> {
        // Looked up first: a database that cannot be written to can still be read.
        let mut held = self.db.read(Scope::Across).await?;
        let businesses = fetch!(held.conn(), fetch_all as (Uuid,), "SELECT id FROM businesses")?;
        let sql = "SELECT id FROM people WHERE identity IS NULL LIMIT 1";
        let unknown = fetch!(held.conn(), fetch_optional as (Uuid,), sql)?;
        drop(held);
        if unknown.is_some() {
            let mut held = self.db.begin(Scope::Across).await?;
            people::identify(held.conn()).await?;
            held.commit().await?;
        }
        for (business,) in businesses {
            let mut held = self.db.read(BusinessId(business)).await?;
            let sql =
                "SELECT id FROM customers WHERE business_id = $1 AND contact IS NOT NULL AND identity IS NULL LIMIT 1";
            let unknown = fetch!(held.conn(), fetch_optional as (Uuid,), sql, business)?;
            drop(held);
            if unknown.is_some() {
                let mut held = self.db.begin(BusinessId(business)).await?;
                identify(held.conn(), BusinessId(business)).await?;
                held.commit().await?;
            }
        }
        Ok(())
    }

    /// Forgets the customer of a recovery in every recovery of theirs: who they are, what they said and what was said to
    /// them. None if there is no such recovery, or no customer in it.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn erase_customer(&self, actor: &Actor, recovery: RecoveryId) -> Result<Option<Forgotten>, Error> {
        let mut work = self.work(actor, Act::Erase).await?;
        let Some(loaded) = recoveries::load(&mut work, Reached::by(actor), recovery).await? else { return Ok(None) };
        let customer = match loaded.customer {
            Some(customer) => customer,
            None if loaded.recovery.has_customer() => nameless(&mut work, recovery).await?,
            None => return Ok(None),
        };
        let business = work.business.0;
        let everyone = same_person(work.conn(), business, customer).await?;
        let forgotten = forget_all(&mut work, &everyone).await?;
        if forgotten.is_some_and(|forgotten| !forgotten.again) {
            work.note(Deed::CustomerForgotten, recovery.0);
            work.commit().await?;
        }
        Ok(forgotten)
    }

    /// The same for whoever has this contact; None if nobody has.
    ///
    /// # Errors
    /// As for [`Store::erase_customer`].
    pub async fn erase_contact(&self, actor: &Actor, contact: &Line) -> Result<Option<Forgotten>, Error> {
        let mut work = self.work(actor, Act::Erase).await?;
        let business = work.business;
        let everyone = of_contact(work.conn(), business, contact).await?;
        let forgotten = forget_all(&mut work, &everyone).await?;
        if forgotten.is_some() {
            work.note(Deed::CustomerForgotten, None);
            work.commit().await?;
        }
        Ok(forgotten)
    }

    /// Forgets the customers all of whose recoveries have been closed for as long as the business remembers. How many.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn forget_customers(&self, actor: &Actor) -> Result<usize, Error> {
        actor.permit(Act::Erase)?;
        let mut forgotten = 0;
        loop {
            let mut held = self.db.read(actor.business).await?;
            let until = home(held.conn(), actor.business).await?.business.retention.until(self.now());
            let sql = concat!("SELECT c.id", long_ago!(), "ORDER BY c.created_at LIMIT 100");
            let due = fetch!(held.conn(), fetch_all as (Uuid,), sql, actor.business.0, until)?;
            drop(held);
            if due.is_empty() {
                return Ok(forgotten);
            }
            for (id,) in due {
                let mut work = self.work(actor, Act::Erase).await?;
                let sql = concat!("SELECT c.id", long_ago!(), "AND c.id = $3");
                // Somebody may have failed them again, or forgotten them, in between.
                let still = fetch!(work.conn(), fetch_optional as (Uuid,), sql, actor.business.0, until, id)?;
                if still.is_some() {
                    forget(&mut work, CustomerId(id)).await?;
                    work.commit().await?;
                    forgotten += 1;
                }
            }
        }
    }
}

/// Whoever told us and was never named: what they said goes all the same.
async fn nameless(work: &mut Work<'_>, recovery: RecoveryId) -> Result<CustomerId, Error> {
    let (id, business, now) = (work.id(), work.business.0, work.now);
    let sql = "INSERT INTO customers (id, business_id, name, created_at) VALUES ($1, $2, '', $3)";
    run!(work.conn(), sql, id, business, now)?;
    let sql = "UPDATE recoveries SET customer_id = $3 WHERE business_id = $1 AND id = $2";
    run!(work.conn(), sql, business, recovery.0, id)?;
    Ok(CustomerId(id))
}

/// Forgets everyone who is the same person.
async fn forget_all(work: &mut Work<'_>, everyone: &[CustomerId]) -> Result<Option<Forgotten>, Error> {
    let mut all: Option<Forgotten> = None;
    for customer in everyone {
        let one = forget(work, *customer).await?;
        all = Some(match all {
            Some(before) => Forgotten {
                at: before.at.max(one.at),
                texts: before.texts + one.texts,
                again: before.again && one.again,
            },
            None => one,
        });
    }
    Ok(all)
}

/// Forgets a customer: their links end, their texts go, and the record says how many of its texts went. It names no
/// recovery: that several were of one person is nobody's to know. Where nothing was written since they were forgotten,
/// nothing changes.
async fn forget(work: &mut Work<'_>, customer: CustomerId) -> Result<Forgotten, Error> {
    let (business, now, hand) = (work.business.0, work.now, by(work.by));
    let sql = "SELECT erased_at FROM customers WHERE business_id = $1 AND id = $2";
    let (before,) = fetch!(work.conn(), fetch_one as (Option<DateTime<Utc>>,), sql, business, customer.0)?;
    let texts = texts(work.conn(), business, customer).await?;
    if let Some(at) = before.filter(|_| texts.is_empty()) {
        return Ok(Forgotten { at, texts: 0, again: true });
    }
    let sql = "UPDATE customers SET name = '', contact = NULL, identity = NULL, erased_at = $3, erased_by = $4 \
        WHERE business_id = $1 AND id = $2";
    run!(work.conn(), sql, business, customer.0, now, hand)?;
    let sql = "UPDATE follow_ups SET used_at = $3 WHERE business_id = $1 AND used_at IS NULL AND recovery_id IN \
        (SELECT id FROM recoveries WHERE business_id = $1 AND customer_id = $2)";
    run!(work.conn(), sql, business, customer.0, now)?;
    for (owner, field, _) in &texts {
        if field == FORGOTTEN_PHOTO {
            // Its file is swept away: no row speaks of it any more.
            let sql = "DELETE FROM photos WHERE business_id = $1 AND hash = (SELECT photo FROM checks WHERE business_id = $1 AND id = $2)";
            run!(work.conn(), sql, business, owner)?;
        }
        let sql = "UPDATE texts SET salt = NULL, body = NULL WHERE business_id = $1 AND owner_id = $2 AND field = $3";
        run!(work.conn(), sql, business, owner, field)?;
    }
    let recorded = texts.iter().filter(|(.., recorded)| *recorded).count();
    if recorded > 0 {
        let body = Map::from_iter([("redacted".to_owned(), json!(recorded))]);
        work.append(true, "redaction", customer.0, body, Vec::new()).await?;
    }
    Ok(Forgotten { at: now, texts: texts.len(), again: false })
}

/// The texts that go with a customer, as far as they still stand.
async fn texts(mut conn: Conn<'_>, business: Uuid, customer: CustomerId) -> Result<Vec<Text>, Error> {
    type Row = (Uuid, String, bool, String);
    let sql = "SELECT t.owner_id, t.field, t.seq IS NOT NULL, s.step FROM recoveries r \
        JOIN recovery_steps s ON s.business_id = r.business_id AND s.recovery_id = r.id \
        JOIN texts t ON t.business_id = r.business_id AND t.owner_id = s.id \
        WHERE r.business_id = $1 AND r.customer_id = $2 AND t.body IS NOT NULL";
    let said = fetch!(conn.again(), fetch_all as Row, sql, business, customer.0)?;
    let goes = |(owner, field, recorded, step): Row| {
        FORGOTTEN.contains(&(step.as_str(), field.as_str())).then_some((owner, field, recorded))
    };
    let sql = "SELECT t.owner_id, t.field, t.seq IS NOT NULL FROM recoveries r \
        JOIN breaks b ON b.business_id = r.business_id AND b.id = r.break_id \
        JOIN texts t ON t.business_id = r.business_id AND t.owner_id = COALESCE((SELECT k.id FROM corrections k \
            WHERE k.business_id = b.business_id AND k.check_id = b.check_id AND k.break_id = b.id), b.check_id) \
        WHERE r.business_id = $1 AND r.customer_id = $2 AND t.field = $3 AND t.body IS NOT NULL";
    let noted = fetch!(conn.again(), fetch_all as Text, sql, business, customer.0, FORGOTTEN_NOTE)?;
    // The picture is the check's own, whoever says what it shows.
    let sql = "SELECT t.owner_id, t.field, t.seq IS NOT NULL FROM recoveries r \
        JOIN breaks b ON b.business_id = r.business_id AND b.id = r.break_id \
        JOIN texts t ON t.business_id = r.business_id AND t.owner_id = b.check_id \
        WHERE r.business_id = $1 AND r.customer_id = $2 AND t.field = $3 AND t.body IS NOT NULL";
    let shown = fetch!(conn, fetch_all as Text, sql, business, customer.0, FORGOTTEN_PHOTO)?;
    Ok(said.into_iter().filter_map(goes).chain(noted).chain(shown).collect())
}

/// Who has this contact, however it was written.
async fn of_contact(mut conn: Conn<'_>, business: BusinessId, contact: &Line) -> Result<Vec<CustomerId>, Error> {
    let identity = identity(conn.again(), business, contact.as_str()).await?;
    let sql = "SELECT id FROM customers WHERE business_id = $1 AND identity = $2 ORDER BY created_at, id";
    let all = fetch!(conn, fetch_all as (Uuid,), sql, business.0, identity.as_str())?;
    Ok(all.into_iter().map(|(id,)| CustomerId(id)).collect())
}

/// A customer, and all who left the same contact in other words before these were known to be one.
pub(crate) async fn same_person(
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

/// Who somebody is by a contact they left at a business.
pub(crate) async fn identity(conn: Conn<'_>, business: BusinessId, contact: &str) -> Result<Identity, Error> {
    let (zone,) = fetch!(conn, fetch_one as (String,), "SELECT zone FROM businesses WHERE id = $1", business.0)?;
    Ok(Identity::of_contact(contact, Country::of_zone(&zone).as_ref()))
}

/// Fills in who the customers of a business are, where it is not known yet.
pub(crate) async fn identify(mut conn: Conn<'_>, business: BusinessId) -> Result<(), Error> {
    let sql = "SELECT id, contact FROM customers WHERE business_id = $1 AND contact IS NOT NULL AND identity IS NULL";
    let unknown = fetch!(conn.again(), fetch_all as (Uuid, String), sql, business.0)?;
    if unknown.is_empty() {
        return Ok(());
    }
    let sql = "SELECT zone FROM businesses WHERE id = $1";
    let (zone,) = fetch!(conn.again(), fetch_one as (String,), sql, business.0)?;
    let country = Country::of_zone(&zone);
    for (id, contact) in unknown {
        let identity = Identity::of_contact(&contact, country.as_ref());
        let sql = "UPDATE customers SET identity = $3 WHERE business_id = $1 AND id = $2 AND contact IS NOT NULL";
        run!(conn.again(), sql, business.0, id, identity.as_str())?;
    }
    Ok(())
}

/// After a business has moved to another country: the same digits may reach somebody else there.
pub(crate) async fn identify_anew(mut conn: Conn<'_>, business: BusinessId) -> Result<(), Error> {
    run!(conn.again(), "UPDATE customers SET identity = NULL WHERE business_id = $1", business.0)?;
    identify(conn, business).await
}
