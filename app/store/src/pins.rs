//! PINs: people say who they are at a shared device, and what they check there is theirs.

use chrono::{DateTime, Utc};
use domain::actor::{Actor, Who};
use domain::deed::Deed;
use domain::device::TURN_LASTS;
use domain::ids::PersonId;
use domain::pin::{Locked, Tries};
use uuid::Uuid;

use crate::Store;
use crate::audit::{Note, Origin};
use crate::db::{fetch, run};
use crate::devices::AtDevice;
use crate::error::Error;
use crate::sessions::{New, Session};

/// Someone who may say at a device that they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub person: PersonId,
    pub name: String,
    pub locked_until: Option<DateTime<Utc>>,
}

const COLLEAGUES: &str = "SELECT p.id, p.name, t.locked_until FROM members m JOIN people p ON p.id = m.person_id \
    LEFT JOIN pin_tries t ON t.business_id = m.business_id AND t.device_id = $2 AND t.person_id = p.id \
    WHERE m.business_id = $1 AND m.removed_at IS NULL AND m.role <> 'auditor' AND p.pin_hash IS NOT NULL \
    AND (NOT m.bound OR EXISTS (SELECT 1 FROM reaches x WHERE x.business_id = $1 AND x.holder_id = p.id \
        AND x.site_id = $3)) ORDER BY p.name, p.id";

impl Store {
    /// Sets the PIN of someone.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn set_pin(&self, actor: &Actor, person: PersonId, hash: &str) -> Result<(), Error> {
        let mut held = self.db.begin(actor.business).await?;
        run!(held.conn(), "UPDATE people SET pin_hash = $2 WHERE id = $1", person.0, hash)?;
        self.note_own(&mut held, actor, Deed::PinChanged).await?;
        held.commit().await
    }

    /// Whether someone has a PIN.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn has_pin(&self, person: PersonId) -> Result<bool, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT pin_hash IS NOT NULL FROM people WHERE id = $1";
        let found = fetch!(held.conn(), fetch_optional as (bool,), sql, person.0)?;
        Ok(found.is_some_and(|(has,)| has))
    }

    /// Those who may log checks at a device, by name: let in there, reaching its site, and with a PIN.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn colleagues(&self, device: &AtDevice) -> Result<Vec<Colleague>, Error> {
        type Row = (Uuid, String, Option<DateTime<Utc>>);
        let now = self.now();
        let mut held = self.db.read(device.business).await?;
        let rows = fetch!(held.conn(), fetch_all as Row, COLLEAGUES, device.business.0, device.id.0, device.site.0)?;
        let colleague = |(id, name, until): Row| Colleague {
            person: PersonId(id),
            name,
            locked_until: until.filter(|until| *until > now),
        };
        Ok(rows.into_iter().map(colleague).collect())
    }

    /// Counts one try before it is known whether the PIN is right. The hash it is checked against; None if nobody of this
    /// name has one there.
    ///
    /// # Errors
    /// The database is unavailable. The inner error: the name is locked on this device.
    pub async fn try_pin(&self, device: &AtDevice, person: PersonId) -> Result<Option<Result<String, Locked>>, Error> {
        let (business, id, now) = (device.business.0, device.id.0, self.now());
        let mut held = self.db.begin(device.business).await?;
        let sql = "SELECT p.pin_hash FROM members m JOIN people p ON p.id = m.person_id WHERE m.business_id = $1 \
            AND m.person_id = $2 AND m.removed_at IS NULL AND m.role <> 'auditor' AND p.pin_hash IS NOT NULL \
            AND (NOT m.bound OR EXISTS (SELECT 1 FROM reaches x WHERE x.business_id = $1 AND x.holder_id = p.id \
                AND x.site_id = $3))";
        let site = device.site.0;
        let Some((hash,)) = fetch!(held.conn(), fetch_optional as (String,), sql, business, person.0, site)? else {
            return Ok(None);
        };
        // The row is there, and this transaction's, before it is read: tries at the same time follow one another.
        let sql = "INSERT INTO pin_tries (business_id, device_id, person_id, wrong) VALUES ($1, $2, $3, 0) \
            ON CONFLICT (device_id, person_id) DO UPDATE SET wrong = pin_tries.wrong RETURNING wrong, locked_until";
        let (wrong, locked_until) =
            fetch!(held.conn(), fetch_one as (i64, Option<DateTime<Utc>>), sql, business, id, person.0)?;
        let counted = match (Tries { wrong, locked_until }).count(now) {
            Ok(counted) => counted,
            Err(locked) => return Ok(Some(Err(locked))),
        };
        let sql = "UPDATE pin_tries SET wrong = $4, locked_until = $5 \
            WHERE business_id = $1 AND device_id = $2 AND person_id = $3";
        run!(held.conn(), sql, business, id, person.0, counted.wrong, counted.locked_until)?;
        held.commit().await?;
        Ok(Some(Ok(hash)))
    }

    /// Writes down that a PIN was wrong.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn note_wrong_pin(&self, device: &AtDevice, person: PersonId, origin: &Origin) -> Result<(), Error> {
        let mut held = self.db.begin(device.business).await?;
        let failed = Note::new(Who::Person(person), Deed::SignInFailed, None, origin.from);
        self.note(held.conn(), device.business, Note { device: Some(device.id), ..failed }).await?;
        held.commit().await
    }

    /// Someone whose PIN was right stands at the device from now on, for a while.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_turn(&self, device: &AtDevice, person: PersonId, origin: &Origin) -> Result<Session, Error> {
        let mut held = self.db.begin(device.business).await?;
        let sql = "DELETE FROM pin_tries WHERE business_id = $1 AND device_id = $2 AND person_id = $3";
        run!(held.conn(), sql, device.business.0, device.id.0, person.0)?;
        let sql = "DELETE FROM sessions WHERE business_id = $1 AND device_id = $2";
        run!(held.conn(), sql, device.business.0, device.id.0)?;
        let new = New { person, business: device.business, device: Some(device.id), lasts: TURN_LASTS };
        let session = self.session(&mut held, new, origin).await?;
        held.commit().await?;
        Ok(session)
    }
}
