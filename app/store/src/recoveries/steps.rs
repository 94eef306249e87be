//! The steps people take in a recovery, and the customer's answer through a private link.

use chrono::NaiveDate;
use domain::actor::{Act, Actor, NotAllowed, Role, Who};
use domain::deed::Deed;
use domain::fault::{Fault, Faults};
use domain::grant::Grant;
use domain::identity::Identity;
use domain::ids::{BusinessId, CustomerId, RecoveryId, SiteId};
use domain::record::Hash;
use domain::recovery::{AnswerDraft, Recovery, Refused, Stage, Step, StepDraft};
use domain::text::{Line, Prose};
use uuid::Uuid;

use super::pages::{Handed, handed};
use super::{Loaded, let_the_record_speak, load, take};
use crate::Store;
use crate::businesses::{Home, home};
use crate::customers;
use crate::db::{fetch, run};
use crate::error::Error;
use crate::grants;
use crate::members;
use crate::reaches::Reached;
use crate::stands;
use crate::work::{Work, by};

/// What a customer sees behind their link before they answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    pub business: BusinessId,
    pub recovery: RecoveryId,
    pub business_name: String,
    pub language: domain::business::Language,
    /// Who answers for the promises, and how a customer reaches them.
    pub contact_name: String,
    pub contact_email: Option<String>,
    pub contact_phone: Option<String>,
    /// What was promised, where it was not kept, and on which day of the business.
    pub promise: String,
    pub site: String,
    pub place: String,
    pub day: NaiveDate,
    /// What we say we did about it.
    pub correction: Option<String>,
    pub remedy: Option<String>,
    pub answered: bool,
}

impl Store {
    /// Takes a step. The token of the customer's private link, where the step made one; None if there is no such
    /// recovery within reach.
    ///
    /// # Errors
    /// The role does not allow it; a field is wrong; the step is not possible now; the database is unavailable.
    pub async fn take_step(
        &self,
        actor: &Actor,
        id: RecoveryId,
        draft: &StepDraft,
    ) -> Result<Option<Option<String>>, Error> {
        let mut work = self.work(actor, Act::Recover).await?;
        let home = home(work.conn(), actor.business).await?;
        let Some(mut loaded) = load(&mut work, Reached::by(actor), id).await? else {
            return Ok(None);
        };
        work.unchanged(&stands::steps(&loaded.recovery))?;
        let step = self.step(&mut work, &home, &mut loaded, draft).await?;
        let link = (step == Step::FollowUpSent).then(|| self.token());
        let watched = step == Step::RecordWatched;
        take(&mut work, &loaded, step, actor.who).await?;
        if watched {
            // The checks since the remedy count from the beginning.
            let_the_record_speak(&mut work, loaded.guarantee, loaded.place).await?;
        }
        if let Some(link) = &link {
            keep_link(&mut work, actor, &loaded, link).await?;
        }
        work.note(Deed::RecoveryStepped, id.0);
        work.commit().await?;
        Ok(Some(link))
    }

    /// Makes a new private link for the customer who was asked; the one before it ends. Its token; None if there is no
    /// such recovery within reach.
    ///
    /// # Errors
    /// The role does not allow it; nobody is asked, or they have answered; the database is unavailable.
    pub async fn renew_follow_up(&self, actor: &Actor, id: RecoveryId) -> Result<Option<String>, Error> {
        let mut work = self.work(actor, Act::Recover).await?;
        let Some(loaded) = load(&mut work, Reached::by(actor), id).await? else { return Ok(None) };
        loaded.recovery.renew_link()?;
        let link = self.token();
        keep_link(&mut work, actor, &loaded, &link).await?;
        work.note(Deed::LinkRenewed, id.0);
        work.commit().await?;
        Ok(Some(link))
    }

    /// What stands behind a customer's link; None if there is no such link.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn follow_up(&self, link: &str) -> Result<Option<FollowUp>, Error> {
        let Some((business, id, used)) = self.behind(link).await? else { return Ok(None) };
        let mut held = self.db.read(business).await?;
        let home = home(held.conn(), business).await?;
        let handed = handed(held.conn(), business, Reached::EVERYWHERE, id).await?;
        let Some(Handed { row, recovery, wording, .. }) = handed else { return Ok(None) };
        let contact = home.business.contact;
        let remedied = recovery.steps.iter().rev().find_map(|taken| match &taken.step {
            Step::Remedied(remedy) => Some(remedy),
            _ => None,
        });
        Ok(Some(FollowUp {
            business,
            recovery: id,
            business_name: home.business.name.to_string(),
            language: home.business.language,
            contact_name: contact.name.to_string(),
            contact_email: contact.email.map(|email| email.as_str().to_owned()),
            contact_phone: contact.phone.map(|phone| phone.to_string()),
            promise: wording.promise.to_string(),
            site: row.site,
            place: row.place,
            day: recovery.opened_at.with_timezone(&home.zone).date_naive(),
            correction: remedied.map(|remedy| remedy.correction.to_string()),
            remedy: remedied.and_then(|remedy| remedy.remedy.as_ref()).map(ToString::to_string),
            answered: used || recovery.stage() != Stage::FollowingUp || recovery.verdict_on_trust().is_some(),
        }))
    }

    /// The customer's word, once. None if there is no such link.
    ///
    /// # Errors
    /// A field is wrong; it was answered already; the database is unavailable.
    pub async fn answer(&self, link: &str, draft: &AnswerDraft) -> Result<Option<()>, Error> {
        let Some((business, id, used)) = self.behind(link).await? else { return Ok(None) };
        if used {
            return Err(Refused::AnsweredAlready.into());
        }
        let answer = draft.parse()?;
        // The link is the customer's permission to this one step.
        let actor = Actor::of(business, Who::Customer, Role::Staff);
        let mut work = self.work(&actor, Act::Recover).await?;
        let Some(loaded) = load(&mut work, Reached::by(&actor), id).await? else {
            return Ok(None);
        };
        let sql = "UPDATE follow_ups SET used_at = $3 WHERE business_id = $1 AND token_hash = $2 AND used_at IS NULL";
        let (hash, now) = (Hash::of(link.as_bytes()), work.now);
        if run!(work.conn(), sql, business.0, hash.as_bytes(), now)? == 0 {
            return Err(Refused::AnsweredAlready.into());
        }
        take(&mut work, &loaded, Step::Answered(answer), Who::Customer).await?;
        work.commit().await?;
        Ok(Some(()))
    }

    async fn behind(&self, link: &str) -> Result<Option<(BusinessId, RecoveryId, bool)>, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT business_id, recovery_id, used_at IS NOT NULL FROM follow_ups WHERE token_hash = $1";
        let hash = Hash::of(link.as_bytes());
        let row = fetch!(held.conn(), fetch_optional as (Uuid, Uuid, bool), sql, hash.as_bytes())?;
        Ok(row.map(|(business, recovery, used)| (BusinessId(business), RecoveryId(recovery), used)))
    }

    /// Reads a draft against the recovery it is for.
    async fn step(
        &self,
        work: &mut Work<'_>,
        home: &Home,
        loaded: &mut Loaded,
        draft: &StepDraft,
    ) -> Result<Step, Error> {
        let recovery = &loaded.recovery;
        let (customer, now) = (recovery.has_customer(), work.now);
        Ok(match draft {
            StepDraft::Acknowledge(draft) => {
                let said = draft.parse(customer, &home.zone, now)?;
                if let Some(owner) = said.owner {
                    let may = members::may_recover(work.conn(), home.id, owner, loaded.place).await?;
                    may.then_some(()).ok_or_else(|| Faults::one("owner", Fault::NotFound))?;
                }
                if let Some((name, contact)) = draft.customer()? {
                    name_customer(work, loaded, &name, contact.as_ref()).await?;
                }
                Step::Acknowledged(said)
            }
            StepDraft::Understand(draft) => Step::Understood(draft.parse()?),
            StepDraft::Update(draft) => Step::Updated(draft.parse(&home.zone, now)?),
            StepDraft::AskCustomer => Step::AskedCustomer,
            StepDraft::CustomerReplied => Step::CustomerReplied,
            StepDraft::Remedy(draft) => {
                let currency = home.business.currency;
                Step::Remedied(draft.parse(customer, currency, &home.zone, recovery.opened_at, now)?)
            }
            StepDraft::FollowUp => follow_up(recovery),
            StepDraft::Learn(draft) => Step::Learned(draft.parse()?),
            StepDraft::NoAnswer => Step::NoAnswer,
            StepDraft::Reopen(draft) => {
                Step::Reopened { why: Prose::parse(&draft.why).map_err(|fault| Faults::one("why", fault))? }
            }
        })
    }
}

/// Keeps a customer's link by its hash alone, with who made it; the one before it ends. Nobody's rights have ended since they
/// were asked: this is under the lock that their end waits for.
async fn keep_link(work: &mut Work<'_>, actor: &Actor, loaded: &Loaded, link: &str) -> Result<(), Error> {
    let (hash, business, now, hand) = (Hash::of(link.as_bytes()), work.business, work.now, by(actor.who));
    let sql = "SELECT site_id FROM places WHERE business_id = $1 AND id = $2";
    let (site,) = fetch!(work.conn(), fetch_one as (Uuid,), sql, business.0, loaded.place.0)?;
    if !grants::holds(work.conn(), business, &hand, &Grant::CustomerLink(SiteId(site))).await? {
        return Err(NotAllowed { role: actor.role }.into());
    }
    let sql = "UPDATE follow_ups SET used_at = $3 WHERE business_id = $1 AND recovery_id = $2 AND used_at IS NULL";
    run!(work.conn(), sql, business.0, loaded.id.0, now)?;
    let sql = "INSERT INTO follow_ups (token_hash, business_id, recovery_id, made_by, created_at) \
        VALUES ($1, $2, $3, $4, $5)";
    run!(work.conn(), sql, hash.as_bytes(), business.0, loaded.id.0, hand, now)?;
    Ok(())
}

/// Where a customer can be asked they are; of one who is forgotten no answer can come; where none can be known, the
/// record is watched.
fn follow_up(recovery: &Recovery) -> Step {
    match recovery.forgotten_at {
        Some(_) => Step::NoAnswer,
        None if recovery.has_customer() => Step::FollowUpSent,
        None => Step::RecordWatched,
    }
}

/// Notes who was failed: the same contact, however it is written, is the same customer, so that a second failure is known
/// as one. Whoever was forgotten and tells us again is someone new.
async fn name_customer(
    work: &mut Work<'_>,
    loaded: &mut Loaded,
    name: &Line,
    contact: Option<&Line>,
) -> Result<(), Error> {
    if loaded.recovery.stage() != Stage::Opened {
        return Err(Faults::one("customer_name", Fault::Taken).into());
    }
    let (home, business) = (work.business, work.business.0);
    let identity = match contact {
        Some(contact) => Some(customers::identity(work.conn(), home, contact.as_str()).await?),
        None => None,
    };
    let identity = identity.as_ref().map(Identity::as_str);
    let sql = "SELECT id FROM customers WHERE business_id = $1 AND identity = $2 ORDER BY created_at, id LIMIT 1";
    let known = fetch!(work.conn(), fetch_optional as (Uuid,), sql, business, identity)?;
    let id = if let Some((id,)) = known {
        id
    } else {
        let (id, now, contact) = (work.id(), work.now, contact.map(Line::as_str));
        let sql = "INSERT INTO customers (id, business_id, name, contact, identity, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        run!(work.conn(), sql, id, business, name.as_str(), contact, identity, now)?;
        id
    };
    let sql = "UPDATE recoveries SET customer_id = $3 WHERE business_id = $1 AND id = $2";
    run!(work.conn(), sql, business, loaded.id.0, id)?;
    loaded.customer = Some(CustomerId(id));
    loaded.recovery.customer_known = true;
    loaded.recovery.forgotten_at = None;
    Ok(())
}
