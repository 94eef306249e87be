//! Invitations: made by those inside, used once by whoever has the link.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Act, Actor, Reach, Role, Who};
use domain::business::Language;
use domain::deed::Deed;
use domain::fault::Faults;
use domain::grant::{Grant, Made};
use domain::ids::{BusinessId, InviteId, PersonId};
use domain::invite::{Course, Invite, LASTS, State};
use domain::member::{Refused, Rights};
use domain::person::Entrant;
use domain::record::Hash;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::audit::Note;
use crate::db::{Conn, Held, Scope, fetch, run};
use crate::error::Error;
use crate::grants;
use crate::listed::{Listed, at_most};
use crate::members;
use crate::people;
use crate::reaches;
use crate::work::by;

/// An invitation as those inside see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRow {
    pub id: InviteId,
    pub name: String,
    pub role: Role,
    pub reach: Reach,
    pub expires_at: DateTime<Utc>,
    pub state: State,
}

/// An invitation just made: the token goes into the link and is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub id: InviteId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// What stands behind a link, for whoever has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InviteId,
    pub business: BusinessId,
    pub business_name: String,
    pub language: Language,
    /// Whom it is for, as those inside call them.
    pub name: String,
    pub role: Role,
    pub state: State,
}

#[derive(FromRow)]
struct ListedRow {
    id: Uuid,
    name: String,
    role: String,
    bound: bool,
    made_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    used: bool,
    revoked: bool,
}

#[derive(FromRow)]
struct BehindRow {
    id: Uuid,
    business_id: Uuid,
    business_name: String,
    language: String,
    name: String,
    role: String,
    expires_at: DateTime<Utc>,
    used: bool,
    revoked: bool,
}

/// Invitations of the business, which of them and in what order.
macro_rules! list {
    ($which:literal) => {
        concat!(
            "SELECT id, name, role, bound, made_at, expires_at, used_at IS NOT NULL AS used, \
             revoked_at IS NOT NULL AS revoked FROM invites WHERE business_id = $1 ",
            $which
        )
    };
}

impl Store {
    /// Makes an invitation.
    ///
    /// # Errors
    /// The role does not allow it, or not for that role; it would reach further; no such site; the database is unavailable.
    pub async fn invite(&self, actor: &Actor, invite: &Invite) -> Result<Invited, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        reaches::allow(&mut work, actor, &invite.reach).await?;
        let rights = Rights::of(invite.role, invite.reach.clone()).map_err(|fault| Faults::one("reach", fault))?;
        actor.rights().give(&rights)?;
        let made = Invited { id: InviteId(work.id()), token: self.token(), expires_at: work.now + LASTS };
        let sql = "INSERT INTO invites (id, business_id, name, role, bound, token_hash, made_by, made_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (hash, hand, now) = (Hash::of(made.token.as_bytes()), by(actor.who), work.now);
        let (business, name, role) = (actor.business, invite.name.as_str(), invite.role.name());
        let (bound, hash, until) = (!invite.reach.is_everywhere(), hash.as_bytes(), made.expires_at);
        run!(work.conn(), sql, made.id.0, business.0, name, role, bound, hash, hand, now, until)?;
        reaches::set(work.conn(), business, made.id.0, &invite.reach).await?;
        work.note(Deed::PersonInvited, made.id.0);
        work.commit().await?;
        Ok(made)
    }

    /// Invitations, newest first: those before an invitation of an earlier page, or from now on back.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn invites(
        &self,
        actor: &Actor,
        before: Option<InviteId>,
        most: i64,
    ) -> Result<Listed<InviteRow, InviteId>, Error> {
        actor.permit(Act::Invite)?;
        let (business, most, mut held) = (actor.business.0, at_most(most), self.db.read(actor.business).await?);
        let (at, id) = match before {
            None => (self.now() + TimeDelta::days(1), Uuid::max()),
            Some(id) => match listed(held.conn(), actor.business, id).await? {
                Some(row) => (row.made_at, row.id),
                None => return Ok(Listed::nothing()),
            },
        };
        let sql = list!("AND (made_at, id) < ($2, $3) ORDER BY made_at DESC, id DESC LIMIT $4");
        let rows = fetch!(held.conn(), fetch_all as ListedRow, sql, business, at, id, most)?;
        let (now, mut reaches) = (self.now(), reaches::all(held.conn(), actor.business).await?);
        let seen = |row: ListedRow| {
            let reach = reaches::among(&mut reaches, row.id, row.bound);
            row.seen(reach, now)
        };
        let rows = rows.into_iter().map(seen).collect::<Result<Vec<_>, _>>()?;
        Ok(Listed::page(rows, most, |row| row.id))
    }

    /// One invitation; None if there is no such one.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn invite_of(&self, actor: &Actor, id: InviteId) -> Result<Option<InviteRow>, Error> {
        actor.permit(Act::Invite)?;
        let mut held = self.db.read(actor.business).await?;
        let Some(row) = listed(held.conn(), actor.business, id).await? else { return Ok(None) };
        let reach = reaches::of(held.conn(), actor.business, id.0, row.bound).await?;
        row.seen(reach, self.now()).map(Some)
    }

    /// Makes a new link for an invitation, from now on its maker's; the link before it ends. None if there is no such
    /// invitation.
    ///
    /// # Errors
    /// The role does not allow it, or not for its role; it reaches further; it was used or revoked; the database is
    /// unavailable.
    pub async fn renew_invite(&self, actor: &Actor, id: InviteId) -> Result<Option<Invited>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let Some(row) = listed(work.conn(), actor.business, id).await? else { return Ok(None) };
        let reach = reaches::of(work.conn(), actor.business, id.0, row.bound).await?;
        actor.rights().give(&Rights { role: Role::parse(&row.role)?, reach })?;
        row.course().renew()?;
        let made = Invited { id, token: self.token(), expires_at: work.now + LASTS };
        let sql =
            "UPDATE invites SET token_hash = $3, made_by = $4, expires_at = $5 WHERE business_id = $1 AND id = $2";
        let (hash, hand) = (Hash::of(made.token.as_bytes()), by(actor.who));
        run!(work.conn(), sql, actor.business.0, id.0, hash.as_bytes(), hand, made.expires_at)?;
        work.note(Deed::LinkRenewed, id.0);
        work.commit().await?;
        Ok(Some(made))
    }

    /// Takes an invitation back. None if there is no such one.
    ///
    /// # Errors
    /// The role does not allow it, or not for its role; it reaches further; it is over already; the database is
    /// unavailable.
    pub async fn revoke_invite(&self, actor: &Actor, id: InviteId) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let Some(row) = listed(work.conn(), actor.business, id).await? else { return Ok(None) };
        let reach = reaches::of(work.conn(), actor.business, id.0, row.bound).await?;
        actor.rights().give(&Rights { role: Role::parse(&row.role)?, reach })?;
        row.course().accept(work.now)?;
        grants::end(&mut work, Made::Invitation(id)).await?;
        work.commit().await?;
        Ok(Some(()))
    }

    /// What stands behind a link; None if there is no such link.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn invitation(&self, link: &str) -> Result<Option<Invitation>, Error> {
        let mut held = self.db.look_up().await?;
        let Some(row) = behind(held.conn(), link).await? else { return Ok(None) };
        drop(held);
        let mut state = row.course().state(self.now());
        if state == State::Open {
            let mut held = self.db.read(BusinessId(row.business_id)).await?;
            if row.rights(held.conn()).await?.is_none() {
                state = State::Revoked;
            }
        }
        Ok(Some(Invitation {
            id: InviteId(row.id),
            business: BusinessId(row.business_id),
            business_name: row.business_name,
            language: Language::parse(&row.language)?,
            name: row.name,
            role: Role::parse(&row.role)?,
            state,
        }))
    }

    /// Someone who is known here already comes in. The business they have joined; None if there is no such link.
    ///
    /// # Errors
    /// The invitation is over; they are let in already; the database is unavailable.
    pub async fn join(&self, link: &str, person: PersonId) -> Result<Option<BusinessId>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        let Some(row) = behind(held.conn(), link).await? else { return Ok(None) };
        held.enter(BusinessId(row.business_id)).await?;
        self.take(held.conn(), &row, person).await?;
        held.commit().await?;
        Ok(Some(BusinessId(row.business_id)))
    }

    /// Someone new comes in. Who they are from now on; None if there is no such link.
    ///
    /// # Errors
    /// The invitation is over; the address is taken; the database is unavailable.
    pub async fn enter(&self, link: &str, entrant: &Entrant, hash: &str) -> Result<Option<PersonId>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        let Some(row) = behind(held.conn(), link).await? else { return Ok(None) };
        held.enter(BusinessId(row.business_id)).await?;
        let (person, now) = (PersonId(self.source.id()), self.now());
        let Entrant { name, email, .. } = entrant;
        people::insert(held.conn(), person, name, email, hash, now).await?;
        self.take(held.conn(), &row, person).await?;
        held.commit().await?;
        Ok(Some(person))
    }

    /// Lets someone in who belongs to no business and has shown that the account is theirs, and goes on in the business that
    /// invited them. None if there is no such link, or it is over.
    pub(crate) async fn let_in(
        &self,
        held: &mut Held,
        link: &str,
        person: PersonId,
    ) -> Result<Option<BusinessId>, Error> {
        let Some(row) = behind(held.conn(), link).await? else { return Ok(None) };
        let business = BusinessId(row.business_id);
        held.enter(business).await?;
        match self.take(held.conn(), &row, person).await {
            Ok(()) => Ok(Some(business)),
            Err(Error::Member(Refused::Over)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Uses the invitation up, once, whoever tries at the same time.
    async fn take(&self, mut conn: Conn<'_>, row: &BehindRow, person: PersonId) -> Result<(), Error> {
        let now = self.now();
        row.course().accept(now)?;
        let business = BusinessId(row.business_id);
        row.rights(conn.again()).await?.ok_or(Refused::Over)?;
        if members::role(conn.again(), business, person).await?.is_some() {
            return Err(Refused::LetInAlready.into());
        }
        let sql = "UPDATE invites SET used_at = $3, used_by = $4 \
            WHERE business_id = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL";
        if run!(conn.again(), sql, row.business_id, row.id, now, person.0)? == 0 {
            return Err(Refused::Over.into());
        }
        // Once more, for from here on nobody narrows it.
        let rights = row.rights(conn.again()).await?.ok_or(Refused::Over)?;
        members::join(conn.again(), business, person, &rights, now).await?;
        self.note(conn, business, Note::new(Who::Person(person), Deed::PersonJoined, Some(row.id), None)).await
    }
}

async fn listed(conn: Conn<'_>, business: BusinessId, id: InviteId) -> Result<Option<ListedRow>, Error> {
    let sql = list!("AND id = $2");
    fetch!(conn, fetch_optional as ListedRow, sql, business.0, id.0)
}

async fn behind(conn: Conn<'_>, link: &str) -> Result<Option<BehindRow>, Error> {
    let sql = "SELECT i.id, i.business_id, b.name AS business_name, b.language, i.name, i.role, i.expires_at, \
        i.used_at IS NOT NULL AS used, i.revoked_at IS NOT NULL AS revoked \
        FROM invites i JOIN businesses b ON b.id = i.business_id WHERE i.token_hash = $1";
    let hash = Hash::of(link.as_bytes());
    fetch!(conn, fetch_optional as BehindRow, sql, hash.as_bytes())
}

impl ListedRow {
    fn course(&self) -> Course {
        Course { expires_at: self.expires_at, used: self.used, revoked: self.revoked }
    }

    fn seen(self, reach: Reach, now: DateTime<Utc>) -> Result<InviteRow, Error> {
        let state = self.course().state(now);
        let (id, role) = (InviteId(self.id), Role::parse(&self.role)?);
        Ok(InviteRow { id, name: self.name, role, reach, expires_at: self.expires_at, state })
    }
}

impl BehindRow {
    fn course(&self) -> Course {
        Course { expires_at: self.expires_at, used: self.used, revoked: self.revoked }
    }

    /// What it lets somebody do; None where its maker may not give that any more.
    async fn rights(&self, mut conn: Conn<'_>) -> Result<Option<Rights>, Error> {
        let business = BusinessId(self.business_id);
        let sql = "SELECT bound, made_by FROM invites WHERE business_id = $1 AND id = $2";
        let (bound, made_by) = fetch!(conn.again(), fetch_one as (bool, String), sql, business.0, self.id)?;
        let reach = reaches::of(conn.again(), business, self.id, bound).await?;
        let rights = Rights { role: Role::parse(&self.role)?, reach };
        let holds = grants::holds(conn, business, &made_by, &Grant::Invitation(rights.clone())).await?;
        Ok(holds.then_some(rights))
    }
}
