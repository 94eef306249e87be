//! The steps of a recovery, and the customer's answer through a private link.

use chrono::NaiveDate;
use domain::actor::{Actor, NotAllowed, Principal};
use domain::audit::AuditEvent;
use domain::fault::{Fault, Faults};
use domain::grant::Grant;
use domain::identity::Identity;
use domain::ids::{BusinessId, CustomerId, RecoveryId, SiteId};
use domain::record::Hash;
use domain::recovery::{FollowUpDraft, RecoveryError, Stage, Step, StepDraft};
use domain::role::{Permission, Role};
use domain::text::{Line, Prose};
use uuid::Uuid;

use super::detail::{RecoveryReport, recovery_report};
use super::{apply_step, close_if_record_proves};
use crate::Store;
use crate::actor_key::actor_key;
use crate::business_info::BusinessInfo;
use crate::business_info::load_business;
use crate::customer_identity;
use crate::db::{execute, fetch};
use crate::edit_state;
use crate::error::Error;
use crate::grants;
use crate::recovery_queue::requeue;
use crate::recovery_rows::{LoadedRecovery, load};
use crate::rights;
use crate::site_access::SiteFilter;
use crate::unit_of_work::UnitOfWork;

/// What a customer sees at their link before they answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    pub business: BusinessId,
    pub recovery: RecoveryId,
    pub business_name: String,
    pub language: domain::business::Language,
    /// Who is responsible, and how to reach them.
    pub contact_name: String,
    pub contact_email: Option<String>,
    pub contact_phone: Option<String>,
    /// What was promised, where it was broken, and on which local day.
    pub promise: String,
    pub site: String,
    pub place: String,
    pub day: NaiveDate,
    /// What was done about it.
    pub correction: Option<String>,
    pub remedy: Option<String>,
    pub answered: bool,
}

/// The result of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepTaken {
    Recorded,
    /// The customer is asked. The token of their private link, which is shown once.
    LinkMade(String),
}

impl StepTaken {
    /// The token of the customer's private link, if the step made one.
    #[must_use]
    pub fn link(self) -> Option<String> {
        match self {
            Self::Recorded => None,
            Self::LinkMade(token) => Some(token),
        }
    }
}

impl Store {
    /// Takes a step. `None` if there is no such recovery, or the actor has no access to its site.
    ///
    /// # Errors
    /// The role does not allow it; a field is wrong; the step is not possible now; the database is unavailable.
    pub async fn take_step(
        &self,
        actor: &Actor,
        id: RecoveryId,
        draft: &StepDraft,
    ) -> Result<Option<StepTaken>, Error> {
        let mut work = self.unit_of_work(actor, Permission::HandleRecoveries).await?;
        let info = load_business(work.conn(), actor.business).await?;
        let Some(mut loaded) = load(&mut work, SiteFilter::of(actor), id).await? else {
            return Ok(None);
        };
        work.require_current(&edit_state::steps(&loaded.recovery))?;
        let step = self.step(&mut work, &info, &mut loaded, draft).await?;
        let link = (step == Step::FollowUpSent).then(|| self.new_secret());
        let watched = step == Step::RecordWatchStarted;
        apply_step(&mut work, &loaded, step, actor.principal).await?;
        if watched {
            // The checks since the remedy may already be enough.
            close_if_record_proves(&mut work, loaded.guarantee, loaded.place).await?;
        }
        if let Some(link) = &link {
            replace_follow_up_link(&mut work, actor, &loaded, link).await?;
        }
        work.audit(AuditEvent::RecoveryStepTaken, id.0);
        work.commit().await?;
        Ok(Some(link.map_or(StepTaken::Recorded, StepTaken::LinkMade)))
    }

    /// Makes a new private link for the customer; the old one ends. Returns its token; `None` if there is no such
    /// recovery, or the actor has no access to its site.
    ///
    /// # Errors
    /// The role does not allow it; the customer was not asked, or has answered; the database is unavailable.
    pub async fn renew_follow_up(&self, actor: &Actor, id: RecoveryId) -> Result<Option<String>, Error> {
        let mut work = self.unit_of_work(actor, Permission::HandleRecoveries).await?;
        let Some(loaded) = load(&mut work, SiteFilter::of(actor), id).await? else { return Ok(None) };
        loaded.recovery.require_renewable_link()?;
        let link = self.new_secret();
        replace_follow_up_link(&mut work, actor, &loaded, &link).await?;
        work.audit(AuditEvent::LinkRenewed, id.0);
        work.commit().await?;
        Ok(Some(link))
    }

    /// What a customer sees at their link; `None` if there is no such link.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn follow_up(&self, link: &str) -> Result<Option<FollowUp>, Error> {
        let Some((business, id, used)) = self.find_link(link).await? else { return Ok(None) };
        let mut handle = self.db.read(business).await?;
        let info = load_business(handle.conn(), business).await?;
        let recovery_report = recovery_report(handle.conn(), business, SiteFilter::ALL, id).await?;
        let Some(RecoveryReport { site, place, recovery, wording, .. }) = recovery_report else { return Ok(None) };
        let contact = info.business.contact;
        let remedied = recovery.steps.iter().rev().find_map(|taken| match &taken.step {
            Step::Remedied(remedy) => Some(remedy),
            _ => None,
        });
        Ok(Some(FollowUp {
            business,
            recovery: id,
            business_name: info.business.name.to_string(),
            language: info.business.language,
            contact_name: contact.name.to_string(),
            contact_email: contact.email.map(|email| email.as_str().to_owned()),
            contact_phone: contact.phone.map(|phone| phone.to_string()),
            promise: wording.promise.to_string(),
            site,
            place,
            day: recovery.opened_at.with_timezone(&info.zone).date_naive(),
            correction: remedied.map(|remedy| remedy.correction.to_string()),
            remedy: remedied.and_then(|remedy| remedy.remedy.as_ref()).map(ToString::to_string),
            answered: used || recovery.stage() != Stage::FollowingUp || recovery.trust_outcome().is_some(),
        }))
    }

    /// Stores the customer's answer, once. `None` if there is no such link.
    ///
    /// # Errors
    /// A field is wrong; it was answered already; the database is unavailable.
    pub async fn answer_follow_up(&self, link: &str, draft: &FollowUpDraft) -> Result<Option<()>, Error> {
        let Some((business, id, used)) = self.find_link(link).await? else { return Ok(None) };
        if used {
            return Err(RecoveryError::AnsweredAlready.into());
        }
        let answer = draft.parse()?;
        // The link gives the customer permission for this one step.
        let actor = Actor::new(business, Principal::Customer, Role::Staff);
        let mut work = self.unit_of_work(&actor, Permission::HandleRecoveries).await?;
        let Some(loaded) = load(&mut work, SiteFilter::of(&actor), id).await? else {
            return Ok(None);
        };
        let sql = "UPDATE follow_ups SET used_at = $3 WHERE business_id = $1 AND token_hash = $2 AND used_at IS NULL";
        let (hash, now) = (Hash::of(link.as_bytes()), work.now);
        if execute!(work.conn(), sql, business.0, hash.as_bytes(), now)? == 0 {
            return Err(RecoveryError::AnsweredAlready.into());
        }
        apply_step(&mut work, &loaded, Step::Answered(answer), Principal::Customer).await?;
        work.commit().await?;
        Ok(Some(()))
    }

    async fn find_link(&self, link: &str) -> Result<Option<(BusinessId, RecoveryId, bool)>, Error> {
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT business_id, recovery_id, used_at IS NOT NULL FROM follow_ups WHERE token_hash = $1";
        let hash = Hash::of(link.as_bytes());
        let row = fetch!(handle.conn(), fetch_optional as (Uuid, Uuid, bool), sql, hash.as_bytes())?;
        Ok(row.map(|(business, recovery, used)| (BusinessId(business), RecoveryId(recovery), used)))
    }

    /// Parses a draft for its recovery.
    async fn step(
        &self,
        work: &mut UnitOfWork<'_>,
        info: &BusinessInfo,
        loaded: &mut LoadedRecovery,
        draft: &StepDraft,
    ) -> Result<Step, Error> {
        let recovery = &loaded.recovery;
        let (customer, now) = (recovery.has_customer(), work.now);
        Ok(match draft {
            StepDraft::Acknowledge(draft) => {
                let said = draft.parse(customer, &info.zone, now)?;
                if let Some(owner) = said.owner {
                    let may = rights::may_recover(work.conn(), info.id, owner, loaded.place).await?;
                    may.then_some(()).ok_or_else(|| Faults::one("owner", Fault::NotFound))?;
                }
                if let Some((name, contact)) = draft.customer()? {
                    set_customer(work, loaded, &name, contact.as_ref()).await?;
                }
                Step::Acknowledged(said)
            }
            StepDraft::Understand(draft) => Step::Understood(draft.parse()?),
            StepDraft::Update(draft) => Step::Updated(draft.parse(&info.zone, now)?),
            StepDraft::AskCustomer => Step::AskedCustomer,
            StepDraft::CustomerReplied => Step::CustomerReplied,
            StepDraft::Remedy(draft) => {
                let currency = info.business.currency;
                Step::Remedied(draft.parse(customer, currency, &info.zone, recovery.opened_at, now)?)
            }
            StepDraft::FollowUp => recovery.follow_up_step(),
            StepDraft::Learn(draft) => Step::Learned(draft.parse()?),
            StepDraft::NoAnswer => Step::NoAnswer,
            StepDraft::Reopen(draft) => {
                Step::Reopened { why: Prose::parse(&draft.why).map_err(|fault| Faults::one("why", fault))? }
            }
        })
    }
}

/// Replaces the customer's link; only its hash is stored. The rights of the actor cannot end before this commits,
/// because that would need the lock that this unit of work holds.
async fn replace_follow_up_link(
    work: &mut UnitOfWork<'_>,
    actor: &Actor,
    loaded: &LoadedRecovery,
    link: &str,
) -> Result<(), Error> {
    let (hash, business, now, author) =
        (Hash::of(link.as_bytes()), work.business, work.now, actor_key(actor.principal));
    let sql = "SELECT site_id FROM places WHERE business_id = $1 AND id = $2";
    let (site,) = fetch!(work.conn(), fetch_one as (Uuid,), sql, business.0, loaded.place.0)?;
    if !grants::is_valid(work.conn(), business, actor.principal, &Grant::CustomerLink(SiteId(site))).await? {
        return Err(NotAllowed { role: actor.role }.into());
    }
    let sql = "UPDATE follow_ups SET used_at = $3 WHERE business_id = $1 AND recovery_id = $2 AND used_at IS NULL";
    execute!(work.conn(), sql, business.0, loaded.id.0, now)?;
    let sql = "INSERT INTO follow_ups (token_hash, business_id, recovery_id, made_by, created_at) \
        VALUES ($1, $2, $3, $4, $5)";
    execute!(work.conn(), sql, hash.as_bytes(), business.0, loaded.id.0, author, now)?;
    requeue(work.conn(), business, loaded.id).await
}

/// Stores who the customer is. The same contact, however it is written, is the same customer, so that a repeated
/// failure is recognised. A customer who was erased and comes back is a new one.
async fn set_customer(
    work: &mut UnitOfWork<'_>,
    loaded: &mut LoadedRecovery,
    name: &Line,
    contact: Option<&Line>,
) -> Result<(), Error> {
    if loaded.recovery.stage() != Stage::Opened {
        return Err(Faults::one("customer_name", Fault::Taken).into());
    }
    let (info, business) = (work.business, work.business.0);
    let identity = match contact {
        Some(contact) => Some(customer_identity::identity(work.conn(), info, contact.as_str()).await?),
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
        execute!(work.conn(), sql, id, business, name.as_str(), contact, identity, now)?;
        id
    };
    let sql = "UPDATE recoveries SET customer_id = $3 WHERE business_id = $1 AND id = $2";
    execute!(work.conn(), sql, business, loaded.id.0, id)?;
    loaded.customer = Some(CustomerId(id));
    loaded.recovery.customer_known = true;
    loaded.recovery.customer_erased_at = None;
    Ok(())
}
