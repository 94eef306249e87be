//! Who belongs to a business, with which role and how far it reaches. Whoever is let in no longer keeps their name in what
//! they did.

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor, Reach, Role, Who};
use domain::deed::Deed;
use domain::fault::{Fault, Faults};
use domain::ids::{BusinessId, PersonId, PlaceId, SiteId};
use domain::member::{Rights, appoint, bind, dismiss, leave, rises};
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::grants;
use crate::reaches;
use crate::stands;
use crate::work::Work;

/// Someone let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub reach: Reach,
}

/// A business that someone belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub business: BusinessId,
    pub name: String,
    pub slug: String,
    pub role: Role,
}

impl Member {
    /// What they may do, and how far that reaches.
    #[must_use]
    pub fn rights(&self) -> Rights {
        Rights { role: self.role, reach: self.reach.clone() }
    }
}

impl Store {
    /// The people of the business, by name.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn members(&self, actor: &Actor) -> Result<Vec<Member>, Error> {
        actor.permit(Act::Read)?;
        let mut held = self.db.read(actor.business).await?;
        let sql = "SELECT p.id, p.name, p.email, m.role, m.bound FROM members m JOIN people p ON p.id = m.person_id \
            WHERE m.business_id = $1 AND m.removed_at IS NULL ORDER BY p.name, p.id";
        let rows = fetch!(held.conn(), fetch_all as (Uuid, String, String, String, bool), sql, actor.business.0)?;
        let mut reaches = reaches::all(held.conn(), actor.business).await?;
        let member = |(id, name, email, role, bound): (Uuid, String, String, String, bool)| {
            let reach = reaches::among(&mut reaches, id, bound);
            Ok(Member { person: PersonId(id), name, email, role: Role::parse(&role)?, reach })
        };
        rows.into_iter().map(member).collect()
    }

    /// The businesses a person belongs to, by name.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn memberships(&self, person: PersonId) -> Result<Vec<Membership>, Error> {
        let mut held = self.db.look_up().await?;
        let sql = "SELECT b.id, b.name, b.slug, m.role FROM members m JOIN businesses b ON b.id = m.business_id \
            WHERE m.person_id = $1 AND m.removed_at IS NULL ORDER BY b.name, b.id";
        let rows = fetch!(held.conn(), fetch_all as (Uuid, String, String, String), sql, person.0)?;
        let membership = |(id, name, slug, role): (Uuid, String, String, String)| {
            Ok(Membership { business: BusinessId(id), name, slug, role: Role::parse(&role)? })
        };
        rows.into_iter().map(membership).collect()
    }

    /// Gives someone another role, from their next step on. Whoever may do more than before signs in anew: no token outlives
    /// a rise in rights. None if they are not of the business.
    ///
    /// # Errors
    /// The role does not allow it, or not these roles; they reach further; it is the last owner; the database is unavailable.
    pub async fn appoint(&self, actor: &Actor, person: PersonId, to: Role) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let Some(from) = rights(work.conn(), actor.business, person).await? else { return Ok(None) };
        work.unchanged(&stands::role(from.role))?;
        let owners = owners(&mut work).await?;
        let to = appoint(&actor.rights(), &from, to, owners)?;
        change(&mut work, person, &from, &to).await?;
        work.note(Deed::PersonAppointed, person.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Lets someone reach so far from their next step on. Whoever reaches further than before signs in anew. None if they
    /// are not of the business.
    ///
    /// # Errors
    /// The role does not allow it, or not for theirs; they reach further, now or then; no such site; theirs is a role that
    /// reaches everything; the database is unavailable.
    pub async fn bind(&self, actor: &Actor, person: PersonId, reach: &Reach) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let Some(from) = rights(work.conn(), actor.business, person).await? else { return Ok(None) };
        work.unchanged(&stands::reach(&from.reach))?;
        reaches::allow(&mut work, actor, reach).await?;
        let to = Rights::of(from.role, reach.clone()).map_err(|fault| Faults::one("reach", fault))?;
        bind(&actor.rights(), &from, &to)?;
        change(&mut work, person, &from, &to).await?;
        work.note(Deed::PersonBound, person.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Lets someone in no longer, at once and wherever they are signed in. None if they are not of the business.
    ///
    /// # Errors
    /// The role does not allow it, or not for theirs; they reach further; it is the last owner; the database is
    /// unavailable.
    pub async fn dismiss(&self, actor: &Actor, person: PersonId) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let Some(theirs) = rights(work.conn(), actor.business, person).await? else { return Ok(None) };
        let owners = owners(&mut work).await?;
        dismiss(&actor.rights(), &theirs, owners)?;
        remove(&mut work, person).await?;
        work.note(Deed::PersonRemoved, person.0);
        work.commit().await?;
        Ok(Some(()))
    }

    /// Goes by oneself.
    ///
    /// # Errors
    /// It is the last owner; only people can go; the database is unavailable.
    pub async fn leave(&self, actor: &Actor) -> Result<(), Error> {
        let mut work = self.work(actor, Act::Read).await?;
        let Who::Person(person) = actor.who else {
            return Err(Faults::one("person", Fault::NotFound).into());
        };
        let owners = owners(&mut work).await?;
        leave(actor.role, owners)?;
        remove(&mut work, person).await?;
        work.note(Deed::PersonLeft, person.0);
        work.commit().await
    }
}

async fn owners(work: &mut Work<'_>) -> Result<usize, Error> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM members \
        WHERE business_id = $1 AND role = 'owner' AND removed_at IS NULL";
    let business = work.business.0;
    let (owners,) = fetch!(work.conn(), fetch_one as (i64,), sql, business)?;
    Ok(usize::try_from(owners).unwrap_or_default())
}

/// What they made goes on as far as their new rights.
async fn change(work: &mut Work<'_>, person: PersonId, from: &Rights, to: &Rights) -> Result<(), Error> {
    let (business, bound) = (work.business, !to.reach.is_everywhere());
    let sql = "UPDATE members SET role = $3, bound = $4 WHERE business_id = $1 AND person_id = $2";
    run!(work.conn(), sql, business.0, person.0, to.role.name(), bound)?;
    reaches::set(work.conn(), business, person.0, &to.reach).await?;
    grants::settle(work, Who::Person(person), Some(to)).await?;
    if rises(from, to) { end_sessions(work, person).await } else { Ok(()) }
}

/// What they made ends with them, unless it was taken over before.
async fn remove(work: &mut Work<'_>, person: PersonId) -> Result<(), Error> {
    let (business, now) = (work.business, work.now);
    let sql = "UPDATE members SET removed_at = $3 WHERE business_id = $1 AND person_id = $2";
    run!(work.conn(), sql, business.0, person.0, now)?;
    reaches::set(work.conn(), business, person.0, &Reach::Everywhere).await?;
    grants::settle(work, Who::Person(person), None).await?;
    end_sessions(work, person).await
}

async fn end_sessions(work: &mut Work<'_>, person: PersonId) -> Result<(), Error> {
    let (sql, business) = ("DELETE FROM sessions WHERE business_id = $1 AND person_id = $2", work.business.0);
    run!(work.conn(), sql, business, person.0)?;
    Ok(())
}

/// The role of a person in a business, if they are let in.
pub(crate) async fn role(conn: Conn<'_>, business: BusinessId, person: PersonId) -> Result<Option<Role>, Error> {
    let sql = "SELECT role FROM members WHERE business_id = $1 AND person_id = $2 AND removed_at IS NULL";
    let found = fetch!(conn, fetch_optional as (String,), sql, business.0, person.0)?;
    Ok(found.map(|(role,)| Role::parse(&role)).transpose()?)
}

/// What a person may do in a business, and how far it reaches, if they are let in.
pub(crate) async fn rights(
    mut conn: Conn<'_>,
    business: BusinessId,
    person: PersonId,
) -> Result<Option<Rights>, Error> {
    let sql = "SELECT role, bound FROM members WHERE business_id = $1 AND person_id = $2 AND removed_at IS NULL";
    let found = fetch!(conn.again(), fetch_optional as (String, bool), sql, business.0, person.0)?;
    let Some((role, bound)) = found else { return Ok(None) };
    let reach = reaches::of(conn, business, person.0, bound).await?;
    Ok(Some(Rights { role: Role::parse(&role)?, reach }))
}

/// Lets someone in, for the first time or once more.
pub(crate) async fn join(
    mut conn: Conn<'_>,
    business: BusinessId,
    person: PersonId,
    rights: &Rights,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let sql = "INSERT INTO members (business_id, person_id, role, bound, created_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (business_id, person_id) DO UPDATE SET role = excluded.role, bound = excluded.bound, removed_at = NULL";
    let bound = !rights.reach.is_everywhere();
    run!(conn.again(), sql, business.0, person.0, rights.role.name(), bound, now)?;
    reaches::set(conn, business, person.0, &rights.reach).await
}

/// Whether someone may take on a recovery of what was broken at a place.
pub(crate) async fn may_recover(
    mut conn: Conn<'_>,
    business: BusinessId,
    person: PersonId,
    place: PlaceId,
) -> Result<bool, Error> {
    let sql = "SELECT site_id FROM places WHERE business_id = $1 AND id = $2";
    let (site,) = fetch!(conn.again(), fetch_one as (Uuid,), sql, business.0, place.0)?;
    let rights = rights(conn, business, person).await?;
    Ok(rights.is_some_and(|rights| rights.allow(Act::Recover, SiteId(site))))
}
