//! Grants: what people made that gives access to others. A grant ends with the rights of its maker, unless it is taken
//! over.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::actor::{Actor, NotAllowed, Principal};
use domain::audit::AuditEvent;
use domain::grant::{Grant, GrantFate, GrantId};
use domain::ids::{BusinessId, DeviceId, InviteId, PersonId, RecoveryId, SiteId, TokenId};
use domain::member::MemberError;
use domain::rights::Rights;
use domain::role::{Permission, Role};
use domain::site_access::SiteAccess;
use uuid::Uuid;

use crate::Store;
use crate::actor_key::actor_key;
use crate::actor_key::parse_actor_key;
use crate::db::{Conn, execute, fetch};
use crate::error::Error;
use crate::recovery_queue::requeue;
use crate::rights;
use crate::site_access;
use crate::stored_row::StoredRow;
use crate::unit_of_work::UnitOfWork;

/// The active grants of a person, as far as the reader may know of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonGrants {
    pub name: String,
    /// By kind, the oldest first.
    pub rows: Vec<GrantRow>,
}

/// An active grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    pub id: GrantId,
    /// For whom or what it is; for a customer's link, the place.
    pub name: String,
    pub grant: Grant,
    pub made_at: DateTime<Utc>,
    /// When it expires, if it does.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether the reader may revoke it or take it over.
    pub is_manageable: bool,
}

impl Store {
    /// The active grants of a person. `None` if they never were a member.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn grants_of(&self, actor: &Actor, person: PersonId) -> Result<Option<PersonGrants>, Error> {
        actor.require(Permission::Invite)?;
        let mut handle = self.db.read(actor.business).await?;
        let Some(name) = person_name(handle.conn(), actor.business, person).await? else { return Ok(None) };
        let mut rows = active_grants(handle.conn(), actor.business, Principal::Person(person)).await?;
        rows.retain(|row| row.is_open(self.now()) && is_visible_to(actor, &row.grant));
        for row in &mut rows {
            row.is_manageable = require_manageable(actor, &row.grant).is_ok();
        }
        Ok(Some(PersonGrants { name, rows }))
    }

    /// The number of active grants of each person.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn grant_counts(&self, actor: &Actor) -> Result<HashMap<PersonId, usize>, Error> {
        actor.require(Permission::Invite)?;
        let (mut handle, mut counts) = (self.db.read(actor.business).await?, HashMap::new());
        for (table, sql) in GRANTS_BY_MAKER {
            let now = self.now();
            for (maker, count) in fetch!(handle.conn(), fetch_all as (String, i64), sql, actor.business.0, now)? {
                let stored = StoredRow(table, format!("made by {maker}"));
                if let Principal::Person(person) = stored.read("made_by", parse_actor_key(&maker))? {
                    *counts.entry(person).or_default() += usize::try_from(count).unwrap_or_default();
                }
            }
        }
        Ok(counts)
    }

    /// Makes the actor the maker of one grant of a person, or of all that the actor could make themselves. `None` if
    /// there is no such person or grant.
    ///
    /// # Errors
    /// The role does not allow it; the grant exceeds the actor's rights, or is theirs already; the actor is a program;
    /// the database is unavailable.
    pub async fn take_over_grants(
        &self,
        actor: &Actor,
        person: PersonId,
        which: Option<GrantId>,
    ) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let Principal::Person(taker) = actor.principal else { return Err(NotAllowed { role: actor.role }.into()) };
        let Some(selected) = selected_grants(&mut work, actor, person, which).await? else { return Ok(None) };
        if taker == person {
            return Err(MemberError::Unchanged.into());
        }
        for row in selected {
            reassign(&mut work, row.id, actor.principal).await?;
        }
        work.commit().await?;
        Ok(Some(()))
    }

    /// Revokes one grant of a person, or all that the actor could make themselves. `None` if there is no such person or
    /// grant.
    ///
    /// # Errors
    /// The role does not allow it; the grant exceeds the actor's rights; the database is unavailable.
    pub async fn revoke_grants(
        &self,
        actor: &Actor,
        person: PersonId,
        which: Option<GrantId>,
    ) -> Result<Option<()>, Error> {
        let mut work = self.unit_of_work(actor, Permission::Invite).await?;
        let Some(selected) = selected_grants(&mut work, actor, person, which).await? else { return Ok(None) };
        for row in selected {
            revoke(&mut work, row.id).await?;
        }
        work.commit().await?;
        Ok(Some(()))
    }

    /// Ends or narrows the grants that an older program let outlive the rights of their makers.
    pub(crate) async fn enforce_all_maker_rights(&self) -> Result<(), Error> {
        for info in self.businesses().await? {
            let mut work = None;
            for maker in self.makers(info.id).await? {
                let mut handle = self.db.read(info.id).await?;
                let rights = maker_rights(handle.conn(), info.id, maker).await?;
                let rows = active_grants(handle.conn(), info.id, maker).await?;
                drop(handle);
                if rows.iter().all(|row| row.grant.is_valid(rights.as_ref())) {
                    continue;
                }
                let work = match &mut work {
                    Some(work) => work,
                    none => {
                        let trialmark = Actor::new(info.id, Principal::System, Role::Owner);
                        none.insert(self.unit_of_work(&trialmark, Permission::Administer).await?)
                    }
                };
                enforce_maker_rights(work, maker, rights.as_ref()).await?;
            }
            if let Some(work) = work {
                work.commit().await?;
            }
        }
        Ok(())
    }

    /// The makers of the active grants of a business.
    async fn makers(&self, business: BusinessId) -> Result<Vec<Principal>, Error> {
        let (mut handle, mut makers) = (self.db.read(business).await?, Vec::new());
        for (table, sql) in GRANT_MAKERS {
            for (maker,) in fetch!(handle.conn(), fetch_all as (String,), sql, business.0)? {
                let stored = StoredRow(table, format!("made by {maker}"));
                let maker = stored.read("made_by", parse_actor_key(&maker))?;
                if !makers.contains(&maker) {
                    makers.push(maker);
                }
            }
        }
        Ok(makers)
    }
}

/// The tables of grants, each with the statement that counts the active ones of every maker.
const GRANTS_BY_MAKER: [(&str, &str); 4] = [
    (
        "invites",
        "SELECT made_by, CAST(COUNT(*) AS BIGINT) FROM invites WHERE business_id = $1 \
            AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 GROUP BY made_by",
    ),
    (
        "tokens",
        "SELECT made_by, CAST(COUNT(*) AS BIGINT) FROM tokens WHERE business_id = $1 \
            AND revoked_at IS NULL AND expires_at > $2 GROUP BY made_by",
    ),
    (
        "devices",
        "SELECT made_by, CAST(COUNT(*) AS BIGINT) FROM devices WHERE business_id = $1 \
            AND revoked_at IS NULL AND (registered_at IS NOT NULL OR link_expires_at > $2) GROUP BY made_by",
    ),
    (
        "follow_ups",
        "SELECT made_by, CAST(COUNT(DISTINCT recovery_id) AS BIGINT) FROM follow_ups \
            WHERE business_id = $1 AND used_at IS NULL AND created_at <= $2 GROUP BY made_by",
    ),
];

/// The tables of grants, each with the statement that finds the makers of those that were neither used nor revoked.
const GRANT_MAKERS: [(&str, &str); 4] = [
    (
        "invites",
        "SELECT DISTINCT made_by FROM invites WHERE business_id = $1 AND used_at IS NULL AND revoked_at IS NULL",
    ),
    ("tokens", "SELECT DISTINCT made_by FROM tokens WHERE business_id = $1 AND revoked_at IS NULL"),
    ("devices", "SELECT DISTINCT made_by FROM devices WHERE business_id = $1 AND revoked_at IS NULL"),
    ("follow_ups", "SELECT DISTINCT made_by FROM follow_ups WHERE business_id = $1 AND used_at IS NULL"),
];

/// The longest chain of tokens that made one another.
const MAX_TOKEN_CHAIN: usize = 8;

impl GrantRow {
    fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|until| until > now)
    }
}

/// The current rights of a maker of grants; `None` if they have none any more. The rights of a program depend on its
/// token, and those of the token on its maker. The grants of an expired token stay valid: its end was planned, and
/// takes nothing back.
pub(crate) async fn maker_rights(
    mut conn: Conn<'_>,
    business: BusinessId,
    maker: Principal,
) -> Result<Option<Rights>, Error> {
    let (mut maker, mut tokens) = (maker, Vec::new());
    let mut rights = loop {
        match maker {
            Principal::Person(person) => break rights::rights(conn.reborrow(), business, person).await?,
            Principal::System => break Some(Rights { role: Role::Owner, site_access: SiteAccess::AllSites }),
            Principal::Customer => break None,
            // The store cannot write such a chain. A forged one is followed no further.
            Principal::Token(_) if tokens.len() == MAX_TOKEN_CHAIN => break None,
            Principal::Token(TokenId(id)) => {
                let sql =
                    "SELECT role, bound, made_by FROM tokens WHERE business_id = $1 AND id = $2 AND revoked_at IS NULL";
                let row = fetch!(conn.reborrow(), fetch_optional as (String, bool, String), sql, business.0, id)?;
                let Some((role, bound, made_by)) = row else { break None };
                let site_access = site_access::load(conn.reborrow(), business, id, bound).await?;
                let stored = StoredRow("tokens", id);
                tokens.push(Rights { role: stored.read("role", Role::parse(&role))?, site_access });
                maker = stored.read("made_by", parse_actor_key(&made_by))?;
            }
        }
    };
    while let Some(token) = tokens.pop() {
        let grant = Grant::Token(token.clone());
        rights = grant.is_valid(rights.as_ref()).then_some(token);
    }
    Ok(rights)
}

/// Whether a grant is still covered by the rights of its maker.
pub(crate) async fn is_valid(
    conn: Conn<'_>,
    business: BusinessId,
    maker: Principal,
    grant: &Grant,
) -> Result<bool, Error> {
    let rights = maker_rights(conn, business, maker).await?;
    Ok(grant.is_valid(rights.as_ref()))
}

/// Narrows or revokes the grants of a maker that exceed their rights. `None`: the maker has no rights any more. The
/// grants of their programs are treated in the same way.
pub(crate) async fn enforce_maker_rights(
    work: &mut UnitOfWork<'_>,
    maker: Principal,
    rights: Option<&Rights>,
) -> Result<(), Error> {
    let (business, successor) = (work.business, successor(work, maker).await?);
    let mut makers = vec![(maker, rights.cloned())];
    while let Some((maker, rights)) = makers.pop() {
        for row in active_grants(work.conn(), business, maker).await? {
            let fate = row.grant.after_maker_change(rights.as_ref());
            if let (GrantFate::End, GrantId::CustomerLink(_), Some(successor)) = (&fate, row.id, successor)
                && is_valid(work.conn(), business, successor, &row.grant).await?
            {
                reassign(work, row.id, successor).await?;
                continue;
            }
            let left = match (&row.grant, &fate) {
                (Grant::Token(token), GrantFate::Narrow(site_access)) => {
                    Some(Rights { site_access: site_access.clone(), ..token.clone() })
                }
                _ => None,
            };
            match fate {
                GrantFate::Keep => continue,
                GrantFate::Narrow(site_access) => narrow(work, row.id, &site_access).await?,
                GrantFate::End => revoke_one(work, row.id).await?,
            }
            if let GrantId::Token(token) = row.id {
                makers.push((Principal::Token(token), left));
            }
        }
    }
    Ok(())
}

/// Who takes over a program's links to customers when the program ends: its maker. A customer must not lose their link
/// because of it.
async fn successor(work: &mut UnitOfWork<'_>, maker: Principal) -> Result<Option<Principal>, Error> {
    let Principal::Token(TokenId(token)) = maker else { return Ok(None) };
    let (sql, business) = ("SELECT made_by FROM tokens WHERE business_id = $1 AND id = $2", work.business.0);
    let row = fetch!(work.conn(), fetch_optional as (String,), sql, business, token)?;
    StoredRow("tokens", token).read("made_by", row.map(|(made_by,)| parse_actor_key(&made_by)).transpose())
}

/// Revokes a grant, and the grants that it made itself.
pub(crate) async fn revoke(work: &mut UnitOfWork<'_>, grant_id: GrantId) -> Result<(), Error> {
    revoke_one(work, grant_id).await?;
    match grant_id {
        GrantId::Token(token) => enforce_maker_rights(work, Principal::Token(token), None).await,
        GrantId::Invitation(_) | GrantId::Device(_) | GrantId::CustomerLink(_) => Ok(()),
    }
}

/// Revokes one grant.
async fn revoke_one(work: &mut UnitOfWork<'_>, grant_id: GrantId) -> Result<(), Error> {
    let (business, now, author, id) = (work.business.0, work.now, actor_key(work.principal), id(grant_id));
    let event = match grant_id {
        GrantId::Invitation(_) => {
            let sql = "UPDATE invites SET revoked_at = $3, revoked_by = $4 WHERE business_id = $1 AND id = $2";
            execute!(work.conn(), sql, business, id, now, author)?;
            AuditEvent::InviteRevoked
        }
        GrantId::Token(_) => {
            let sql = "UPDATE tokens SET revoked_at = $3 WHERE business_id = $1 AND id = $2";
            execute!(work.conn(), sql, business, id, now)?;
            AuditEvent::TokenRevoked
        }
        GrantId::Device(_) => {
            let sql = "UPDATE devices SET revoked_at = $3, revoked_by = $4 WHERE business_id = $1 AND id = $2";
            execute!(work.conn(), sql, business, id, now, author)?;
            // PIN sessions at the device end at once.
            execute!(work.conn(), "DELETE FROM sessions WHERE business_id = $1 AND device_id = $2", business, id)?;
            AuditEvent::DeviceRevoked
        }
        GrantId::CustomerLink(_) => {
            let sql =
                "UPDATE follow_ups SET used_at = $3 WHERE business_id = $1 AND recovery_id = $2 AND used_at IS NULL";
            execute!(work.conn(), sql, business, id, now)?;
            requeue(work.conn(), BusinessId(business), RecoveryId(id)).await?;
            AuditEvent::CustomerLinkRevoked
        }
    };
    work.audit(event, id);
    Ok(())
}

/// Gives a grant another maker.
async fn reassign(work: &mut UnitOfWork<'_>, grant_id: GrantId, to: Principal) -> Result<(), Error> {
    let (business, maker) = (work.business.0, actor_key(to));
    let sql = match grant_id {
        GrantId::Invitation(_) => "UPDATE invites SET made_by = $3 WHERE business_id = $1 AND id = $2",
        GrantId::Token(_) => "UPDATE tokens SET made_by = $3 WHERE business_id = $1 AND id = $2",
        GrantId::Device(_) => "UPDATE devices SET made_by = $3 WHERE business_id = $1 AND id = $2",
        GrantId::CustomerLink(_) => {
            "UPDATE follow_ups SET made_by = $3 WHERE business_id = $1 AND recovery_id = $2 AND used_at IS NULL"
        }
    };
    execute!(work.conn(), sql, business, id(grant_id), maker)?;
    work.audit(AuditEvent::GrantReassigned, id(grant_id));
    Ok(())
}

/// Limits an invitation or a token to these sites.
async fn narrow(work: &mut UnitOfWork<'_>, grant_id: GrantId, site_access: &SiteAccess) -> Result<(), Error> {
    let (business, id) = (work.business, id(grant_id));
    let sql = match grant_id {
        GrantId::Invitation(_) => "UPDATE invites SET bound = TRUE WHERE business_id = $1 AND id = $2",
        GrantId::Token(_) => "UPDATE tokens SET bound = TRUE WHERE business_id = $1 AND id = $2",
        // These are for one site anyway.
        GrantId::Device(_) | GrantId::CustomerLink(_) => return Ok(()),
    };
    execute!(work.conn(), sql, business.0, id)?;
    site_access::replace(work.conn(), business, id, site_access).await?;
    work.audit(AuditEvent::GrantNarrowed, id);
    Ok(())
}

fn id(grant_id: GrantId) -> Uuid {
    match grant_id {
        GrantId::Invitation(InviteId(id))
        | GrantId::Token(TokenId(id))
        | GrantId::Device(DeviceId(id))
        | GrantId::CustomerLink(RecoveryId(id)) => id,
    }
}

/// One grant of a person, or all that the actor may change. `None` if there is no such person or grant.
async fn selected_grants(
    work: &mut UnitOfWork<'_>,
    actor: &Actor,
    person: PersonId,
    which: Option<GrantId>,
) -> Result<Option<Vec<GrantRow>>, Error> {
    let (business, now) = (work.business, work.now);
    if person_name(work.conn(), business, person).await?.is_none() {
        return Ok(None);
    }
    let mut rows = active_grants(work.conn(), business, Principal::Person(person)).await?;
    rows.retain(|row| row.is_open(now) && is_visible_to(actor, &row.grant));
    let Some(which) = which else {
        rows.retain(|row| require_manageable(actor, &row.grant).is_ok());
        return Ok(Some(rows));
    };
    rows.retain(|row| row.id == which);
    rows.iter().try_for_each(|row| require_manageable(actor, &row.grant))?;
    Ok(Some(rows).filter(|rows| !rows.is_empty()))
}

/// Whether the actor may know of the grant.
fn is_visible_to(actor: &Actor, grant: &Grant) -> bool {
    let is_near = match grant {
        Grant::Invitation(_) | Grant::Token(_) => true,
        Grant::Device(site) | Grant::CustomerLink(site) => actor.can_access(*site),
    };
    is_near && actor.may(grant.needs())
}

/// Requires that the actor could make the grant themselves. Only then may they revoke it or take it over.
fn require_manageable(actor: &Actor, grant: &Grant) -> Result<(), Error> {
    actor.require(grant.needs())?;
    Ok(grant.require_manageable_by(&actor.rights())?)
}

/// The name of a current or former member.
async fn person_name(conn: Conn<'_>, business: BusinessId, person: PersonId) -> Result<Option<String>, Error> {
    let sql = "SELECT p.name FROM members m JOIN people p ON p.id = m.person_id \
        WHERE m.business_id = $1 AND m.person_id = $2";
    let row = fetch!(conn, fetch_optional as (String,), sql, business.0, person.0)?;
    Ok(row.map(|(name,)| name))
}

/// The grants of a maker that were neither used nor revoked. They may have expired.
async fn active_grants(mut conn: Conn<'_>, business: BusinessId, maker: Principal) -> Result<Vec<GrantRow>, Error> {
    type RightsRow = (Uuid, String, String, bool, DateTime<Utc>, DateTime<Utc>);
    type Device = (Uuid, String, Uuid, DateTime<Utc>, DateTime<Utc>, bool);
    type Link = (Uuid, String, Uuid, DateTime<Utc>);
    let (author, mut rows) = (actor_key(maker), Vec::new());
    let sql = "SELECT id, name, role, bound, made_at, expires_at FROM invites \
        WHERE business_id = $1 AND made_by = $2 AND used_at IS NULL AND revoked_at IS NULL ORDER BY made_at, id";
    for (id, name, role, bound, made_at, until) in
        fetch!(conn.reborrow(), fetch_all as RightsRow, sql, business.0, &author)?
    {
        let site_access = site_access::load(conn.reborrow(), business, id, bound).await?;
        let role = StoredRow("invites", id).read("role", Role::parse(&role))?;
        let grant = Grant::Invitation(Rights { role, site_access });
        rows.push(row(GrantId::Invitation(InviteId(id)), name, grant, made_at, Some(until)));
    }
    let sql = "SELECT id, name, role, bound, created_at, expires_at FROM tokens \
        WHERE business_id = $1 AND made_by = $2 AND revoked_at IS NULL ORDER BY created_at, id";
    for (id, name, role, bound, made_at, until) in
        fetch!(conn.reborrow(), fetch_all as RightsRow, sql, business.0, &author)?
    {
        let site_access = site_access::load(conn.reborrow(), business, id, bound).await?;
        let role = StoredRow("tokens", id).read("role", Role::parse(&role))?;
        let grant = Grant::Token(Rights { role, site_access });
        rows.push(row(GrantId::Token(TokenId(id)), name, grant, made_at, Some(until)));
    }
    let sql = "SELECT id, name, site_id, made_at, link_expires_at, registered_at IS NOT NULL FROM devices \
        WHERE business_id = $1 AND made_by = $2 AND revoked_at IS NULL ORDER BY made_at, id";
    for (id, name, site, made_at, until, registered) in
        fetch!(conn.reborrow(), fetch_all as Device, sql, business.0, &author)?
    {
        let until = (!registered).then_some(until);
        rows.push(row(GrantId::Device(DeviceId(id)), name, Grant::Device(SiteId(site)), made_at, until));
    }
    let sql = "SELECT f.recovery_id, p.name, p.site_id, f.created_at FROM follow_ups f \
        JOIN recoveries r ON r.business_id = $1 AND r.id = f.recovery_id \
        JOIN breaks b ON b.business_id = $1 AND b.id = r.break_id \
        JOIN places p ON p.business_id = $1 AND p.id = b.place_id \
        WHERE f.business_id = $1 AND f.made_by = $2 AND f.used_at IS NULL ORDER BY f.created_at, f.recovery_id";
    for (id, name, site, made_at) in fetch!(conn.reborrow(), fetch_all as Link, sql, business.0, &author)? {
        let grant_id = GrantId::CustomerLink(RecoveryId(id));
        // A recovery that was reopened may have a link from each round.
        if rows.iter().all(|row: &GrantRow| row.id != grant_id) {
            rows.push(row(grant_id, name, Grant::CustomerLink(SiteId(site)), made_at, None));
        }
    }
    Ok(rows)
}

fn row(
    grant_id: GrantId,
    name: String,
    grant: Grant,
    made_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
) -> GrantRow {
    GrantRow { id: grant_id, name, grant, made_at, expires_at, is_manageable: false }
}
