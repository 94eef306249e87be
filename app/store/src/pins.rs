//! PINs, with which people identify themselves at a shared device.

use chrono::{DateTime, Utc};
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::device::PIN_SESSION_TTL;
use domain::ids::PersonId;
use domain::pin::{PinAttempts, PinLocked};
use uuid::Uuid;

use crate::Store;
use crate::audit::{ClientInfo, NewAuditEntry};
use crate::db::{execute, fetch};
use crate::devices::RegisteredDevice;
use crate::error::Error;
use crate::sessions::{NewSession, Session};

/// A person who can enter their PIN at a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceUser {
    pub person: PersonId,
    pub name: String,
    pub locked_until: Option<DateTime<Utc>>,
}

const DEVICE_USERS: &str = "SELECT p.id, p.name, t.locked_until FROM members m JOIN people p ON p.id = m.person_id \
    LEFT JOIN pin_tries t ON t.business_id = m.business_id AND t.device_id = $2 AND t.person_id = p.id \
    WHERE m.business_id = $1 AND m.removed_at IS NULL AND m.role <> 'auditor' AND p.pin_hash IS NOT NULL \
    AND (NOT m.bound OR EXISTS (SELECT 1 FROM reaches x WHERE x.business_id = $1 AND x.holder_id = p.id \
        AND x.site_id = $3)) ORDER BY p.name, p.id";

impl Store {
    /// Sets a person's PIN.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn set_pin(&self, actor: &Actor, person: PersonId, hash: &str) -> Result<(), Error> {
        let mut handle = self.db.begin(actor.business).await?;
        execute!(handle.conn(), "UPDATE people SET pin_hash = $2 WHERE id = $1", person.0, hash)?;
        self.audit_own_account(&mut handle, actor, AuditEvent::PinChanged).await?;
        handle.commit().await
    }

    /// Whether a person has a PIN.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn has_pin(&self, person: PersonId) -> Result<bool, Error> {
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT pin_hash IS NOT NULL FROM people WHERE id = $1";
        let found = fetch!(handle.conn(), fetch_optional as (bool,), sql, person.0)?;
        Ok(found.is_some_and(|(has,)| has))
    }

    /// The people who can log checks at a device, by name: members with access to its site and with a PIN.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn device_users(&self, device: &RegisteredDevice) -> Result<Vec<DeviceUser>, Error> {
        type Row = (Uuid, String, Option<DateTime<Utc>>);
        let now = self.now();
        let mut handle = self.db.read(device.business).await?;
        let rows =
            fetch!(handle.conn(), fetch_all as Row, DEVICE_USERS, device.business.0, device.id.0, device.site.0)?;
        let colleague = |(id, name, until): Row| DeviceUser {
            person: PersonId(id),
            name,
            locked_until: until.filter(|until| *until > now),
        };
        Ok(rows.into_iter().map(colleague).collect())
    }

    /// Counts an attempt before the PIN is verified. Returns the hash to verify it against; `None` if the person cannot
    /// use the device.
    ///
    /// # Errors
    /// The database is unavailable. The inner error: the person is locked out at this device.
    pub async fn count_pin_attempt(
        &self,
        device: &RegisteredDevice,
        person: PersonId,
    ) -> Result<Option<Result<String, PinLocked>>, Error> {
        let (business, id, now) = (device.business.0, device.id.0, self.now());
        let mut handle = self.db.begin(device.business).await?;
        let sql = "SELECT p.pin_hash FROM members m JOIN people p ON p.id = m.person_id WHERE m.business_id = $1 \
            AND m.person_id = $2 AND m.removed_at IS NULL AND m.role <> 'auditor' AND p.pin_hash IS NOT NULL \
            AND (NOT m.bound OR EXISTS (SELECT 1 FROM reaches x WHERE x.business_id = $1 AND x.holder_id = p.id \
                AND x.site_id = $3))";
        let site = device.site.0;
        let Some((hash,)) = fetch!(handle.conn(), fetch_optional as (String,), sql, business, person.0, site)? else {
            return Ok(None);
        };
        // This locks the row before it is read, so that parallel attempts are counted one after the other.
        let sql = "INSERT INTO pin_tries (business_id, device_id, person_id, wrong) VALUES ($1, $2, $3, 0) \
            ON CONFLICT (device_id, person_id) DO UPDATE SET wrong = pin_tries.wrong RETURNING wrong, locked_until";
        let (wrong, locked_until) =
            fetch!(handle.conn(), fetch_one as (i64, Option<DateTime<Utc>>), sql, business, id, person.0)?;
        let counted = match (PinAttempts { wrong, locked_until }).count(now) {
            Ok(counted) => counted,
            Err(locked) => return Ok(Some(Err(locked))),
        };
        let sql = "UPDATE pin_tries SET wrong = $4, locked_until = $5 \
            WHERE business_id = $1 AND device_id = $2 AND person_id = $3";
        execute!(handle.conn(), sql, business, id, person.0, counted.wrong, counted.locked_until)?;
        handle.commit().await?;
        Ok(Some(Ok(hash)))
    }

    /// Audits a wrong PIN.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn audit_wrong_pin(
        &self,
        device: &RegisteredDevice,
        person: PersonId,
        origin: &ClientInfo,
    ) -> Result<(), Error> {
        let mut handle = self.db.begin(device.business).await?;
        let failed = NewAuditEntry::new(Principal::Person(person), AuditEvent::SignInFailed, None, origin.from);
        self.write_audit_entry(handle.conn(), device.business, NewAuditEntry { device: Some(device.id), ..failed })
            .await?;
        handle.commit().await
    }

    /// Begins a PIN session for a person whose PIN was right. Other sessions at the device end.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_pin_session(
        &self,
        device: &RegisteredDevice,
        person: PersonId,
        origin: &ClientInfo,
    ) -> Result<Session, Error> {
        let mut handle = self.db.begin(device.business).await?;
        let sql = "DELETE FROM pin_tries WHERE business_id = $1 AND device_id = $2 AND person_id = $3";
        execute!(handle.conn(), sql, device.business.0, device.id.0, person.0)?;
        let sql = "DELETE FROM sessions WHERE business_id = $1 AND device_id = $2";
        execute!(handle.conn(), sql, device.business.0, device.id.0)?;
        let new = NewSession { person, business: device.business, device: Some(device.id), lasts: PIN_SESSION_TTL };
        let session = self.open_session(&mut handle, new, origin).await?;
        handle.commit().await?;
        Ok(session)
    }
}
