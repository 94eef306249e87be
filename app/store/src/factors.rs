//! The second sign-in step: authenticator apps, recovery codes, and pending sign-ins.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::factor::{Factors, MAX_ATTEMPTS, RECOVERY_CODES, RecoveryCode, accept_totp_step};
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, PasskeyId, PersonId};
use domain::person::Email;
use domain::record::Hash;
use domain::role::{Permission, Role};
use uuid::Uuid;

use crate::Store;
use crate::audit::{ClientInfo, NewAuditEntry};
use crate::db::{Conn, DbHandle, TenantScope, execute, fetch};
use crate::edit_state;
use crate::error::Error;
use crate::factor_rows::{factors, passkey_used};
use crate::people;
use crate::sessions::Session;
use crate::stored_row::StoredRow;

/// A sign-in whose password was right. The token goes into a cookie; only its hash is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingSignIn {
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// The proof given at the second step, verified as far as possible without the database.
#[derive(Clone, Debug)]
pub enum FactorProof {
    /// The TOTP time step that the code belongs to; `None` if it is wrong.
    Code(Option<i64>),
    Recovery(RecoveryCode),
    /// The passkey has signed; its credential with the new counter.
    Passkey(PasskeyId, String),
}

/// How long a pending sign-in can be finished.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

impl Store {
    /// The second factors of a person.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn factors(&self, person: PersonId) -> Result<Factors, Error> {
        let mut handle = self.db.look_up().await?;
        factors(handle.conn(), person).await
    }

    /// The confirmed authenticator secret of a person.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn authenticator(&self, person: PersonId) -> Result<Option<Vec<u8>>, Error> {
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT secret FROM authenticators WHERE person_id = $1";
        let row = fetch!(handle.conn(), fetch_optional as (Option<Vec<u8>>,), sql, person.0)?;
        Ok(row.and_then(|(secret,)| secret))
    }

    /// The secret that was shown but not confirmed yet.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn pending_authenticator(&self, person: PersonId) -> Result<Option<Vec<u8>>, Error> {
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT pending FROM authenticators WHERE person_id = $1";
        let row = fetch!(handle.conn(), fetch_optional as (Option<Vec<u8>>,), sql, person.0)?;
        Ok(row.and_then(|(pending,)| pending))
    }

    /// Makes a new authenticator secret. The old one stays in use until this one is confirmed.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn offer_authenticator(&self, person: PersonId) -> Result<Vec<u8>, Error> {
        // As many bits as RFC 4226 recommends.
        let secret = self.source.bytes()[..20].to_vec();
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let sql = "INSERT INTO authenticators (person_id, pending) VALUES ($1, $2) \
            ON CONFLICT (person_id) DO UPDATE SET pending = excluded.pending";
        execute!(handle.conn(), sql, person.0, &secret[..])?;
        handle.commit().await?;
        Ok(secret)
    }

    /// Confirms the new secret: the app gave the code of this time step. Returns the recovery codes that come with the
    /// first factor;
    /// `None` if no secret is pending.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn confirm_authenticator(
        &self,
        actor: &Actor,
        person: PersonId,
        step: i64,
    ) -> Result<Option<Vec<RecoveryCode>>, Error> {
        let mut handle = self.db.begin(actor.business).await?;
        let before = factors(handle.conn(), person).await?;
        let sql = "UPDATE authenticators SET secret = pending, pending = NULL, last_step = $2 \
            WHERE person_id = $1 AND pending IS NOT NULL";
        if execute!(handle.conn(), sql, person.0, step)? == 0 {
            return Ok(None);
        }
        let codes = self.factor_added(&mut handle, actor, person, before).await?;
        handle.commit().await?;
        Ok(Some(codes))
    }

    /// Removes the authenticator. `None` if there was none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn remove_authenticator(&self, actor: &Actor, person: PersonId) -> Result<Option<()>, Error> {
        let mut handle = self.db.begin(actor.business).await?;
        if execute!(handle.conn(), "DELETE FROM authenticators WHERE person_id = $1", person.0)? == 0 {
            return Ok(None);
        }
        self.factor_removed(&mut handle, actor, person).await?;
        handle.commit().await?;
        Ok(Some(()))
    }

    /// Removes all second factors of a person, and signs them out everywhere. `None` if nobody has this address.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn reset_factors(&self, email: &Email) -> Result<Option<()>, Error> {
        let mut handle = self.db.begin(TenantScope::Across).await?;
        let Some(person) = people::find_by_email(handle.conn(), email).await? else { return Ok(None) };
        execute!(handle.conn(), "DELETE FROM authenticators WHERE person_id = $1", person)?;
        execute!(handle.conn(), "DELETE FROM passkeys WHERE person_id = $1", person)?;
        execute!(handle.conn(), "DELETE FROM recovery_codes WHERE person_id = $1", person)?;
        execute!(handle.conn(), "DELETE FROM sessions WHERE person_id = $1", person)?;
        let entry = NewAuditEntry::new(Principal::System, AuditEvent::FactorRemoved, Some(person), None);
        self.audit_in_all_businesses(&mut handle, PersonId(person), entry).await?;
        handle.commit().await?;
        Ok(Some(()))
    }

    /// Replaces the recovery codes.
    ///
    /// # Errors
    /// The person has no second factor; the database is unavailable.
    pub async fn renew_recovery_codes(&self, actor: &Actor, person: PersonId) -> Result<Vec<RecoveryCode>, Error> {
        let mut handle = self.db.begin(actor.business).await?;
        if !factors(handle.conn(), person).await?.has_any() {
            return Err(Faults::one("codes", Fault::NotFound).into());
        }
        let codes = self.make_recovery_codes(handle.conn(), person).await?;
        self.audit_own_account(&mut handle, actor, AuditEvent::FactorAdded).await?;
        handle.commit().await?;
        Ok(codes)
    }

    /// Starts the second step for a person whose password was right.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_sign_in(&self, person: PersonId) -> Result<PendingSignIn, Error> {
        let now = self.now();
        let begun = PendingSignIn { token: self.new_secret(), expires_at: now + LIFETIME };
        let hash = Hash::of(begun.token.as_bytes());
        let mut handle = self.db.begin(TenantScope::Across).await?;
        execute!(handle.conn(), "DELETE FROM sign_ins WHERE expires_at <= $1", now)?;
        let sql = "INSERT INTO sign_ins (token_hash, person_id, wrong, expires_at) VALUES ($1, $2, 0, $3)";
        execute!(handle.conn(), sql, hash.as_bytes(), person.0, begun.expires_at)?;
        handle.commit().await?;
        Ok(begun)
    }

    /// The person behind a pending sign-in.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn pending_sign_in(&self, token: &str) -> Result<Option<PersonId>, Error> {
        let mut handle = self.db.look_up().await?;
        pending_sign_in(handle.conn(), token, self.now()).await
    }

    /// Finishes a sign-in, and opens a session. A person without a business joins by the invitation they come with.
    /// `None` if there is no pending sign-in, or the person belongs to no business.
    ///
    /// # Errors
    /// The proof is wrong (after [`MAX_ATTEMPTS`] wrong ones the sign-in is over); the database is unavailable.
    pub async fn finish_sign_in(
        &self,
        token: &str,
        proof: &FactorProof,
        invitation: Option<&str>,
        origin: &ClientInfo,
    ) -> Result<Option<Session>, Error> {
        let (hash, now) = (Hash::of(token.as_bytes()), self.now());
        let mut handle = self.db.begin(TenantScope::Across).await?;
        // Counted before it is verified, so that parallel attempts are limited like successive ones.
        let sql = "UPDATE sign_ins SET wrong = wrong + 1 \
            WHERE token_hash = $1 AND expires_at > $2 AND wrong < $3 RETURNING person_id";
        let row = fetch!(handle.conn(), fetch_optional as (Uuid,), sql, hash.as_bytes(), now, MAX_ATTEMPTS)?;
        let Some(person) = row.map(|(person,)| PersonId(person)) else { return Ok(None) };
        if !self.consume_proof(handle.conn(), person, proof).await? {
            self.audit_failed_sign_in(&mut handle, person, origin).await?;
            handle.commit().await?;
            return Err(Faults::one("code", Fault::Wrong).into());
        }
        execute!(handle.conn(), "DELETE FROM sign_ins WHERE token_hash = $1", hash.as_bytes())?;
        let session = self.open_first_session(&mut handle, person, invitation, origin).await?;
        handle.commit().await?;
        Ok(session)
    }

    /// The roles that need a second step in the actor's business.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn required_factors(&self, actor: &Actor) -> Result<Vec<Role>, Error> {
        actor.require(Permission::ViewInternal)?;
        let mut handle = self.db.read(actor.business).await?;
        required(handle.conn(), actor.business.0).await
    }

    /// Requires a second step of these roles and no others, from their next request on.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn require_factors(&self, actor: &Actor, roles: &[Role]) -> Result<(), Error> {
        let mut work = self.unit_of_work(actor, Permission::Administer).await?;
        let business = actor.business.0;
        let now = required(work.conn(), business).await?;
        work.require_current(&edit_state::required_roles(&now))?;
        execute!(work.conn(), "DELETE FROM required_factors WHERE business_id = $1", business)?;
        for role in roles {
            // A role may be named twice.
            let sql = "INSERT INTO required_factors (business_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            execute!(work.conn(), sql, business, role.name())?;
        }
        work.audit(AuditEvent::RequiredFactorsChanged, None);
        work.commit().await
    }

    /// Whether the proof is right. A proof that can be used once is used up.
    async fn consume_proof(&self, mut conn: Conn<'_>, person: PersonId, proof: &FactorProof) -> Result<bool, Error> {
        let now = self.now();
        match proof {
            FactorProof::Code(None) => Ok(false),
            FactorProof::Code(Some(step)) => {
                let sql = "SELECT last_step FROM authenticators WHERE person_id = $1 AND secret IS NOT NULL";
                let row = fetch!(conn.reborrow(), fetch_optional as (Option<i64>,), sql, person.0)?;
                let Some((last,)) = row else { return Ok(false) };
                if accept_totp_step(last, *step).is_err() {
                    return Ok(false);
                }
                // The condition makes it usable once, even in parallel.
                let sql = "UPDATE authenticators SET last_step = $2 WHERE person_id = $1 AND secret IS NOT NULL \
                    AND (last_step IS NULL OR last_step < $2)";
                Ok(execute!(conn, sql, person.0, *step)? == 1)
            }
            FactorProof::Recovery(code) => {
                let hash = Hash::of(code.as_bytes());
                let sql = "UPDATE recovery_codes SET used_at = $3 \
                    WHERE code_hash = $1 AND person_id = $2 AND used_at IS NULL";
                Ok(execute!(conn, sql, hash.as_bytes(), person.0, now)? == 1)
            }
            FactorProof::Passkey(id, credential) => passkey_used(conn, person, *id, credential, now).await,
        }
    }

    /// Audits a new factor. With the first factor come recovery codes.
    pub(crate) async fn factor_added(
        &self,
        handle: &mut DbHandle,
        actor: &Actor,
        person: PersonId,
        before: Factors,
    ) -> Result<Vec<RecoveryCode>, Error> {
        self.audit_own_account(handle, actor, AuditEvent::FactorAdded).await?;
        if before.has_any() { Ok(Vec::new()) } else { self.make_recovery_codes(handle.conn(), person).await }
    }

    /// Audits a removed factor. With the last factor the recovery codes go too.
    pub(crate) async fn factor_removed(
        &self,
        handle: &mut DbHandle,
        actor: &Actor,
        person: PersonId,
    ) -> Result<(), Error> {
        self.audit_own_account(handle, actor, AuditEvent::FactorRemoved).await?;
        if !factors(handle.conn(), person).await?.has_any() {
            execute!(handle.conn(), "DELETE FROM recovery_codes WHERE person_id = $1", person.0)?;
        }
        Ok(())
    }

    async fn make_recovery_codes(&self, mut conn: Conn<'_>, person: PersonId) -> Result<Vec<RecoveryCode>, Error> {
        execute!(conn.reborrow(), "DELETE FROM recovery_codes WHERE person_id = $1", person.0)?;
        let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| RecoveryCode::from_bytes(&self.source.bytes())).collect();
        for code in &codes {
            let sql = "INSERT INTO recovery_codes (code_hash, person_id, made_at) VALUES ($1, $2, $3)";
            let hash = Hash::of(code.as_bytes());
            execute!(conn.reborrow(), sql, hash.as_bytes(), person.0, self.now())?;
        }
        Ok(codes)
    }
}

async fn pending_sign_in(conn: Conn<'_>, token: &str, now: DateTime<Utc>) -> Result<Option<PersonId>, Error> {
    let sql = "SELECT person_id FROM sign_ins WHERE token_hash = $1 AND expires_at > $2 AND wrong < $3";
    let hash = Hash::of(token.as_bytes());
    let row = fetch!(conn, fetch_optional as (Uuid,), sql, hash.as_bytes(), now, MAX_ATTEMPTS)?;
    Ok(row.map(|(person,)| PersonId(person)))
}

impl Store {
    /// Audits what a person did to their own account.
    pub(crate) async fn audit_own_account(
        &self,
        handle: &mut DbHandle,
        actor: &Actor,
        event: AuditEvent,
    ) -> Result<(), Error> {
        let Actor { business, principal: who, ip: from, device, .. } = actor;
        let entry = NewAuditEntry { by: *who, event, subject: None, from: *from, device: *device };
        self.write_audit_entry(handle.conn(), *business, entry).await
    }

    /// Audits a failed sign-in, in the person's businesses.
    pub(crate) async fn audit_failed_sign_in(
        &self,
        handle: &mut DbHandle,
        person: PersonId,
        origin: &ClientInfo,
    ) -> Result<(), Error> {
        let entry = NewAuditEntry::new(Principal::Person(person), AuditEvent::SignInFailed, None, origin.from);
        self.audit_in_all_businesses(handle, person, entry).await
    }

    /// Writes an audit entry in every business of a person.
    pub(crate) async fn audit_in_all_businesses(
        &self,
        handle: &mut DbHandle,
        person: PersonId,
        entry: NewAuditEntry,
    ) -> Result<(), Error> {
        let sql = "SELECT business_id FROM members WHERE person_id = $1 AND removed_at IS NULL";
        for (business,) in fetch!(handle.conn(), fetch_all as (Uuid,), sql, person.0)? {
            handle.set_tenant(BusinessId(business)).await?;
            self.write_audit_entry(handle.conn(), BusinessId(business), entry).await?;
        }
        Ok(())
    }
}

/// The roles that need a second sign-in step.
async fn required(conn: Conn<'_>, business: Uuid) -> Result<Vec<Role>, Error> {
    let sql = "SELECT role FROM required_factors WHERE business_id = $1 ORDER BY role";
    let rows = fetch!(conn, fetch_all as (String,), sql, business)?;
    rows.into_iter().map(|(role,)| StoredRow("required_factors", business).read("role", Role::parse(&role))).collect()
}
