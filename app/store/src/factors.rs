//! The second step at signing in: the app that shows codes, the codes for when it is lost, and a sign-in on its way.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor, Role, Who};
use domain::deed::Deed;
use domain::factor::{Factors, RECOVERY_CODES, RecoveryCode, TRIES, use_step};
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, PasskeyId, PersonId};
use domain::person::Email;
use domain::record::Hash;
use uuid::Uuid;

use crate::Store;
use crate::audit::{Note, Origin};
use crate::db::{Conn, Held, Scope, fetch, run};
use crate::error::Error;
use crate::passkeys;
use crate::people;
use crate::sessions::Session;
use crate::stands;

/// A sign-in whose password was right: the token goes into a cookie and is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// What was shown at the second step, as far as it could be judged without what is remembered.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The app's code fits this step of time; None if it fits none.
    Code(Option<i64>),
    Recovery(RecoveryCode),
    /// The key signed, and this is how its credential stands now.
    Passkey(PasskeyId, String),
}

/// How long one has for the second step.
const LASTS: TimeDelta = TimeDelta::minutes(10);

impl Store {
    /// What someone has for the second step.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn factors(&self, person: PersonId) -> Result<Factors, Error> {
        let mut held = self.db.look_up().await?;
        factors(held.conn(), person).await
    }

    /// The secret an app and this server share, for someone who has confirmed it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn authenticator(&self, person: PersonId) -> Result<Option<Vec<u8>>, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT secret FROM authenticators WHERE person_id = $1";
        let row = fetch!(held.conn(), fetch_optional as (Option<Vec<u8>>,), sql, person.0)?;
        Ok(row.and_then(|(secret,)| secret))
    }

    /// The secret that was shown and not yet confirmed.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn pending_authenticator(&self, person: PersonId) -> Result<Option<Vec<u8>>, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT pending FROM authenticators WHERE person_id = $1";
        let row = fetch!(held.conn(), fetch_optional as (Option<Vec<u8>>,), sql, person.0)?;
        Ok(row.and_then(|(pending,)| pending))
    }

    /// Makes a new secret for an app. The one in use stays until this one is confirmed.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn offer_authenticator(&self, person: PersonId) -> Result<Vec<u8>, Error> {
        // As many bits as RFC 4226 recommends.
        let secret = self.source.bytes()[..20].to_vec();
        let mut held = self.db.begin(Scope::Across).await?;
        let sql = "INSERT INTO authenticators (person_id, pending) VALUES ($1, $2) \
            ON CONFLICT (person_id) DO UPDATE SET pending = excluded.pending";
        run!(held.conn(), sql, person.0, &secret[..])?;
        held.commit().await?;
        Ok(secret)
    }

    /// Takes the new secret into use, shown that the app knows it: its code fitted this step of time. The recovery codes
    /// made with the first factor; None if no secret waits.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn confirm_authenticator(
        &self,
        actor: &Actor,
        person: PersonId,
        step: i64,
    ) -> Result<Option<Vec<RecoveryCode>>, Error> {
        let mut held = self.db.begin(actor.business).await?;
        let before = factors(held.conn(), person).await?;
        let sql = "UPDATE authenticators SET secret = pending, pending = NULL, last_step = $2 \
            WHERE person_id = $1 AND pending IS NOT NULL";
        if run!(held.conn(), sql, person.0, step)? == 0 {
            return Ok(None);
        }
        let codes = self.after_adding(&mut held, actor, person, before).await?;
        held.commit().await?;
        Ok(Some(codes))
    }

    /// Gives up the app. None if there was none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn remove_authenticator(&self, actor: &Actor, person: PersonId) -> Result<Option<()>, Error> {
        let mut held = self.db.begin(actor.business).await?;
        if run!(held.conn(), "DELETE FROM authenticators WHERE person_id = $1", person.0)? == 0 {
            return Ok(None);
        }
        self.after_removing(&mut held, actor, person).await?;
        held.commit().await?;
        Ok(Some(()))
    }

    /// Takes everything away that someone has for the second step, and signs them out everywhere. None if nobody has this
    /// address.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn forget_factors(&self, email: &Email) -> Result<Option<()>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        let Some(person) = people::with_address(held.conn(), email).await? else { return Ok(None) };
        run!(held.conn(), "DELETE FROM authenticators WHERE person_id = $1", person)?;
        run!(held.conn(), "DELETE FROM passkeys WHERE person_id = $1", person)?;
        run!(held.conn(), "DELETE FROM recovery_codes WHERE person_id = $1", person)?;
        run!(held.conn(), "DELETE FROM sessions WHERE person_id = $1", person)?;
        let note = Note::new(Who::Trialmark, Deed::FactorRemoved, Some(person), None);
        self.note_everywhere(&mut held, PersonId(person), note).await?;
        held.commit().await?;
        Ok(Some(()))
    }

    /// Makes new recovery codes; the ones before are good no longer.
    ///
    /// # Errors
    /// There is no second step for which they would stand in; the database is unavailable.
    pub async fn renew_recovery_codes(&self, actor: &Actor, person: PersonId) -> Result<Vec<RecoveryCode>, Error> {
        let mut held = self.db.begin(actor.business).await?;
        if !factors(held.conn(), person).await?.any() {
            return Err(Faults::one("codes", Fault::NotFound).into());
        }
        let codes = self.make_recovery_codes(held.conn(), person).await?;
        self.note_own(&mut held, actor, Deed::FactorAdded).await?;
        held.commit().await?;
        Ok(codes)
    }

    /// Goes on to the second step with someone whose password was right.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_sign_in(&self, person: PersonId) -> Result<SignIn, Error> {
        let now = self.now();
        let begun = SignIn { token: self.token(), expires_at: now + LASTS };
        let hash = Hash::of(begun.token.as_bytes());
        let mut held = self.db.begin(Scope::Across).await?;
        run!(held.conn(), "DELETE FROM sign_ins WHERE expires_at <= $1", now)?;
        let sql = "INSERT INTO sign_ins (token_hash, person_id, wrong, expires_at) VALUES ($1, $2, 0, $3)";
        run!(held.conn(), sql, hash.as_bytes(), person.0, begun.expires_at)?;
        held.commit().await?;
        Ok(begun)
    }

    /// Whose sign-in has come as far as the second step.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn sign_in_of(&self, token: &str) -> Result<Option<PersonId>, Error> {
        let mut held = self.db.look_up().await?;
        on_its_way(held.conn(), token, self.now()).await
    }

    /// The second step. The session it opens, where the person belongs to no business by the invitation they come with; None
    /// if no sign-in is on its way, or the person is let in nowhere.
    ///
    /// # Errors
    /// The proof is wrong: after [`TRIES`] of them the sign-in is over; the database is unavailable.
    pub async fn finish_sign_in(
        &self,
        token: &str,
        proof: &Proof,
        invitation: Option<&str>,
        origin: &Origin,
    ) -> Result<Option<Session>, Error> {
        let (hash, now) = (Hash::of(token.as_bytes()), self.now());
        let mut held = self.db.begin(Scope::Across).await?;
        // Counted before it is judged: many at the same time are no more than one after the other.
        let sql = "UPDATE sign_ins SET wrong = wrong + 1 \
            WHERE token_hash = $1 AND expires_at > $2 AND wrong < $3 RETURNING person_id";
        let row = fetch!(held.conn(), fetch_optional as (Uuid,), sql, hash.as_bytes(), now, TRIES)?;
        let Some(person) = row.map(|(person,)| PersonId(person)) else { return Ok(None) };
        if !self.holds(held.conn(), person, proof).await? {
            self.note_failure(&mut held, person, origin).await?;
            held.commit().await?;
            return Err(Faults::one("code", Fault::Wrong).into());
        }
        run!(held.conn(), "DELETE FROM sign_ins WHERE token_hash = $1", hash.as_bytes())?;
        let session = self.session_somewhere(&mut held, person, invitation, origin).await?;
        held.commit().await?;
        Ok(session)
    }

    /// Which roles take a second step in the actor's business.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn required_factors(&self, actor: &Actor) -> Result<Vec<Role>, Error> {
        actor.permit(Act::Read)?;
        let mut held = self.db.read(actor.business).await?;
        required(held.conn(), actor.business.0).await
    }

    /// Asks these roles for a second step, from their next step on, and no others.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn require_factors(&self, actor: &Actor, roles: &[Role]) -> Result<(), Error> {
        let mut work = self.work(actor, Act::Govern).await?;
        let business = actor.business.0;
        let now = required(work.conn(), business).await?;
        work.unchanged(&stands::required(&now))?;
        run!(work.conn(), "DELETE FROM required_factors WHERE business_id = $1", business)?;
        for role in roles {
            let sql = "INSERT INTO required_factors (business_id, role) VALUES ($1, $2)";
            run!(work.conn(), sql, business, role.name())?;
        }
        work.note(Deed::FactorsRequired, None);
        work.commit().await
    }

    /// Whether the proof holds; one that is good once is used up.
    async fn holds(&self, mut conn: Conn<'_>, person: PersonId, proof: &Proof) -> Result<bool, Error> {
        let now = self.now();
        match proof {
            Proof::Code(None) => Ok(false),
            Proof::Code(Some(step)) => {
                let sql = "SELECT last_step FROM authenticators WHERE person_id = $1 AND secret IS NOT NULL";
                let row = fetch!(conn.again(), fetch_optional as (Option<i64>,), sql, person.0)?;
                let Some((last,)) = row else { return Ok(false) };
                if use_step(last, *step).is_err() {
                    return Ok(false);
                }
                // Once, whoever tries at the same time.
                let sql = "UPDATE authenticators SET last_step = $2 WHERE person_id = $1 AND secret IS NOT NULL \
                    AND (last_step IS NULL OR last_step < $2)";
                Ok(run!(conn, sql, person.0, *step)? == 1)
            }
            Proof::Recovery(code) => {
                let hash = Hash::of(code.as_bytes());
                let sql = "UPDATE recovery_codes SET used_at = $3 \
                    WHERE code_hash = $1 AND person_id = $2 AND used_at IS NULL";
                Ok(run!(conn, sql, hash.as_bytes(), person.0, now)? == 1)
            }
            Proof::Passkey(id, credential) => passkeys::used(conn, person, *id, credential, now).await,
        }
    }

    /// What follows from one more factor: with the first come the recovery codes.
    pub(crate) async fn after_adding(
        &self,
        held: &mut Held,
        actor: &Actor,
        person: PersonId,
        before: Factors,
    ) -> Result<Vec<RecoveryCode>, Error> {
        self.note_own(held, actor, Deed::FactorAdded).await?;
        if before.any() { Ok(Vec::new()) } else { self.make_recovery_codes(held.conn(), person).await }
    }

    /// What follows from one factor less: without any the recovery codes stand in for nothing.
    pub(crate) async fn after_removing(&self, held: &mut Held, actor: &Actor, person: PersonId) -> Result<(), Error> {
        self.note_own(held, actor, Deed::FactorRemoved).await?;
        if !factors(held.conn(), person).await?.any() {
            run!(held.conn(), "DELETE FROM recovery_codes WHERE person_id = $1", person.0)?;
        }
        Ok(())
    }

    async fn make_recovery_codes(&self, mut conn: Conn<'_>, person: PersonId) -> Result<Vec<RecoveryCode>, Error> {
        run!(conn.again(), "DELETE FROM recovery_codes WHERE person_id = $1", person.0)?;
        let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| RecoveryCode::from_bytes(&self.source.bytes())).collect();
        for code in &codes {
            let sql = "INSERT INTO recovery_codes (code_hash, person_id, made_at) VALUES ($1, $2, $3)";
            let hash = Hash::of(code.as_bytes());
            run!(conn.again(), sql, hash.as_bytes(), person.0, self.now())?;
        }
        Ok(codes)
    }
}

async fn on_its_way(conn: Conn<'_>, token: &str, now: DateTime<Utc>) -> Result<Option<PersonId>, Error> {
    let sql = "SELECT person_id FROM sign_ins WHERE token_hash = $1 AND expires_at > $2 AND wrong < $3";
    let hash = Hash::of(token.as_bytes());
    let row = fetch!(conn, fetch_optional as (Uuid,), sql, hash.as_bytes(), now, TRIES)?;
    Ok(row.map(|(person,)| PersonId(person)))
}

pub(crate) async fn factors(conn: Conn<'_>, person: PersonId) -> Result<Factors, Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM authenticators WHERE person_id = $1 AND secret IS NOT NULL), \
        (SELECT COUNT(*) FROM passkeys WHERE person_id = $1), \
        (SELECT COUNT(*) FROM recovery_codes WHERE person_id = $1 AND used_at IS NULL)";
    let (authenticator, passkeys, codes) = fetch!(conn, fetch_one as (bool, i64, i64), sql, person.0)?;
    let count = |count: i64| usize::try_from(count).unwrap_or_default();
    Ok(Factors { authenticator, passkeys: count(passkeys), recovery_codes: count(codes) })
}

impl Store {
    /// Writes down what someone did to their own account.
    pub(crate) async fn note_own(&self, held: &mut Held, actor: &Actor, deed: Deed) -> Result<(), Error> {
        let Actor { business, who, from, device, .. } = actor;
        let note = Note { by: *who, deed, about: None, from: *from, device: *device };
        self.note(held.conn(), *business, note).await
    }

    /// Writes down that someone failed to sign in, where they are let in.
    pub(crate) async fn note_failure(&self, held: &mut Held, person: PersonId, origin: &Origin) -> Result<(), Error> {
        let note = Note::new(Who::Person(person), Deed::SignInFailed, None, origin.from);
        self.note_everywhere(held, person, note).await
    }

    /// Writes a deed down in every business that someone belongs to.
    pub(crate) async fn note_everywhere(&self, held: &mut Held, person: PersonId, note: Note) -> Result<(), Error> {
        let sql = "SELECT business_id FROM members WHERE person_id = $1 AND removed_at IS NULL";
        for (business,) in fetch!(held.conn(), fetch_all as (Uuid,), sql, person.0)? {
            held.enter(BusinessId(business)).await?;
            self.note(held.conn(), BusinessId(business), note).await?;
        }
        Ok(())
    }
}

/// The roles that need a second step.
async fn required(conn: Conn<'_>, business: Uuid) -> Result<Vec<Role>, Error> {
    let sql = "SELECT role FROM required_factors WHERE business_id = $1 ORDER BY role";
    let rows = fetch!(conn, fetch_all as (String,), sql, business)?;
    rows.into_iter().map(|(role,)| Ok(Role::parse(&role)?)).collect()
}
