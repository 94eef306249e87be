//! The members of a business, with their roles and their sites. A former member stays named in what they did.

use domain::actor::{Actor, Principal};
use domain::audit::AuditEvent;
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, PersonId};
use domain::member::{change_role, change_site_access, gains_rights, leave, remove_member};
use domain::rights::Rights;
use domain::role::{Permission, Role};
use domain::site_access::SiteAccess;
use uuid::Uuid;

use crate::Store;
use crate::db::{execute, fetch};
use crate::edit_state;
use crate::error::Error;
use crate::grants;
use crate::rights::rights;
use crate::site_access;
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;

/// A current member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub site_access: SiteAccess,
}

/// A business of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub business: BusinessId,
    pub name: String,
    pub slug: String,
    pub role: Role,
}

impl Member {
    /// Their role and site access.
    #[must_use]
    pub fn rights(&self) -> Rights {
        Rights { role: self.role, site_access: self.site_access.clone() }
    }
}

impl Store {
    /// The members of the business, by name.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn members(&self, actor: &Actor) -> Result<Vec<Member>, Error> {
        actor.require(Permission::ViewInternal)?;
        let mut handle = self.db.read(actor.business).await?;
        let sql = "SELECT p.id, p.name, p.email, m.role, m.bound FROM members m JOIN people p ON p.id = m.person_id \
            WHERE m.business_id = $1 AND m.removed_at IS NULL ORDER BY p.name, p.id";
        let rows = fetch!(handle.conn(), fetch_all as (Uuid, String, String, String, bool), sql, actor.business.0)?;
        let mut access_by_holder = site_access::load_all(handle.conn(), actor.business).await?;
        let member = |(id, name, email, role, bound): (Uuid, String, String, String, bool)| {
            let site_access = site_access::take_from(&mut access_by_holder, id, bound);
            let role = StoredRow("members", id).read("role", Role::parse(&role))?;
            Ok(Member { person: PersonId(id), name, email, role, site_access })
        };
        rows.into_iter().map(member).collect()
    }

    /// The businesses of a person, by name.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn memberships(&self, person: PersonId) -> Result<Vec<Membership>, Error> {
        let mut handle = self.db.look_up().await?;
        let sql = "SELECT b.id, b.name, b.slug, m.role FROM members m JOIN businesses b ON b.id = m.business_id \
            WHERE m.person_id = $1 AND m.removed_at IS NULL ORDER BY b.name, b.id";
        let rows = fetch!(handle.conn(), fetch_all as (Uuid, String, String, String), sql, person.0)?;
        let membership = |(id, name, slug, role): (Uuid, String, String, String)| {
            let role = StoredRow("members", person).read("role", Role::parse(&role))?;
            Ok(Membership { business: BusinessId(id), name, slug, role })
        };
        rows.into_iter().map(membership).collect()
    }

    /// Gives a member another role, from their next request on. A member who gains rights must sign in again, because
    /// no session token may outlive that. `None` if they are not a member.
    ///
    /// # Errors
    /// The role does not allow it; the member's old or new rights exceed the actor's; it is the last owner; the
    /// database is unavailable.
    pub async fn set_role(&self, actor: &Actor, person: PersonId, to: Role) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let Some(from) = rights(work.conn(), actor.business, person).await? else { return Ok(None) };
        work.require_current(&edit_state::role(from.role))?;
        let owners = owners(&mut work).await?;
        let to = change_role(&actor.rights(), &from, to, owners)?;
        update_rights(&mut work, person, &from, &to).await?;
        work.audit(AuditEvent::RoleChanged, person.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Sets the sites that a member has access to, from their next request on. A member who gains access must sign in
    /// again. `None` if they are not a member.
    ///
    /// # Errors
    /// The role does not allow it; the member's old or new rights exceed the actor's; there is no such site; the
    /// member's role always has access to all sites; the database is unavailable.
    pub async fn set_site_access(
        &self,
        actor: &Actor,
        person: PersonId,
        site_access: &SiteAccess,
    ) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let Some(from) = rights(work.conn(), actor.business, person).await? else { return Ok(None) };
        work.require_current(&edit_state::site_access(&from.site_access))?;
        site_access::require_assignable(&mut work, actor, site_access).await?;
        let to = Rights::new(from.role, site_access.clone()).map_err(|fault| Faults::one("reach", fault))?;
        change_site_access(&actor.rights(), &from, &to)?;
        update_rights(&mut work, person, &from, &to).await?;
        work.audit(AuditEvent::SiteAccessChanged, person.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Removes a member, and ends their sessions. `None` if they are not a member.
    ///
    /// # Errors
    /// The role does not allow it; the member's rights exceed the actor's; it is the last owner; the database is
    /// unavailable.
    pub async fn remove_member(&self, actor: &Actor, person: PersonId) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let Some(rights_before) = rights(work.conn(), actor.business, person).await? else { return Ok(None) };
        let owners = owners(&mut work).await?;
        remove_member(&actor.rights(), &rights_before, owners)?;
        end_membership(&mut work, person).await?;
        work.audit(AuditEvent::PersonRemoved, person.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Ends the actor's own membership.
    ///
    /// # Errors
    /// It is the last owner; the actor is no person; the database is unavailable.
    pub async fn leave(&self, actor: &Actor) -> Result<(), Error> {
        let mut work = self.unit_of_work(actor, Permission::ViewInternal).await?;
        let Principal::Person(person) = actor.principal else {
            return Err(Faults::one("person", Fault::NotFound).into());
        };
        let owners = owners(&mut work).await?;
        leave(actor.role, owners)?;
        end_membership(&mut work, person).await?;
        work.audit(AuditEvent::PersonLeft, person.0);
        work.commit().await
    }
}

async fn owners(work: &mut UnitOfWork<'_>) -> Result<usize, Error> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM members \
        WHERE business_id = $1 AND role = 'owner' AND removed_at IS NULL";
    let business = work.business.0;
    let (owners,) = fetch!(work.conn(), fetch_one as (i64,), sql, business)?;
    Ok(usize::try_from(owners).unwrap_or_default())
}

/// Changes the rights of a member, and narrows their grants to the new rights.
async fn update_rights(work: &mut UnitOfWork<'_>, person: PersonId, from: &Rights, to: &Rights) -> Result<(), Error> {
    let (business, bound) = (work.business, !to.site_access.is_all_sites());
    let sql = "UPDATE members SET role = $3, bound = $4 WHERE business_id = $1 AND person_id = $2";
    execute!(work.conn(), sql, business.0, person.0, to.role.name(), bound)?;
    site_access::replace(work.conn(), business, person.0, &to.site_access).await?;
    grants::enforce_maker_rights(work, Principal::Person(person), Some(to)).await?;
    if gains_rights(from, to) { end_sessions(work, person).await } else { Ok(()) }
}

/// Ends a membership, and the member's grants with it.
async fn end_membership(work: &mut UnitOfWork<'_>, person: PersonId) -> Result<(), Error> {
    let (business, now) = (work.business, work.now);
    let sql = "UPDATE members SET removed_at = $3 WHERE business_id = $1 AND person_id = $2";
    execute!(work.conn(), sql, business.0, person.0, now)?;
    site_access::replace(work.conn(), business, person.0, &SiteAccess::AllSites).await?;
    grants::enforce_maker_rights(work, Principal::Person(person), None).await?;
    end_sessions(work, person).await
}

async fn end_sessions(work: &mut UnitOfWork<'_>, person: PersonId) -> Result<(), Error> {
    let (sql, business) = ("DELETE FROM sessions WHERE business_id = $1 AND person_id = $2", work.business.0);
    execute!(work.conn(), sql, business, person.0)?;
    Ok(())
}
