//! Invitations: made by those inside, used once by whoever has the link.

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor, Role, Who};
use domain::business::Language;
use domain::deed::Deed;
use domain::ids::{BusinessId, InviteId, PersonId};
use domain::invite::{Course, Invite, LASTS, State};
use domain::member::Refused;
use domain::person::Entrant;
use domain::record::Hash;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::audit::Note;
use crate::db::{Conn, Scope, fetch, run};
use crate::error::Error;
use crate::members;
use crate::people;
use crate::work::by;

/// An invitation as those inside see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRow {
    pub id: InviteId,
    pub name: String,
    pub role: Role,
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

impl Store {
    /// Makes an invitation.
    ///
    /// # Errors
    /// The role does not allow it, or not for that role; the database is unavailable.
    pub async fn invite(&self, actor: &Actor, invite: &Invite) -> Result<Invited, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        actor.role.give(invite.role)?;
        let made = Invited { id: InviteId(work.id()), token: self.token(), expires_at: work.now + LASTS };
        let sql = "INSERT INTO invites (id, business_id, name, role, token_hash, made_by, made_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (hash, hand, now) = (Hash::of(made.token.as_bytes()), by(actor.who), work.now);
        let (business, name, role) = (actor.business.0, invite.name.as_str(), invite.role.name());
        run!(work.conn(), sql, made.id.0, business, name, role, hash.as_bytes(), hand, now, made.expires_at)?;
        work.note(Deed::PersonInvited, made.id.0);
        work.commit().await?;
        Ok(made)
    }

    /// The invitations made last, newest first.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn invites(&self, actor: &Actor) -> Result<Vec<InviteRow>, Error> {
        actor.permit(Act::Invite)?;
        let mut held = self.db.read(actor.business).await?;
        let sql = "SELECT id, name, role, expires_at, used_at IS NOT NULL AS used, revoked_at IS NOT NULL AS revoked \
            FROM invites WHERE business_id = $1 ORDER BY made_at DESC, id DESC LIMIT 50";
        let rows = fetch!(held.conn(), fetch_all as ListedRow, sql, actor.business.0)?;
        let now = self.now();
        rows.into_iter().map(|row| row.seen(now)).collect()
    }

    /// Takes an invitation back. None if there is no such one.
    ///
    /// # Errors
    /// The role does not allow it, or not for its role; it is over already; the database is unavailable.
    pub async fn revoke_invite(&self, actor: &Actor, id: InviteId) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let sql = "SELECT id, name, role, expires_at, used_at IS NOT NULL AS used, revoked_at IS NOT NULL AS revoked \
            FROM invites WHERE business_id = $1 AND id = $2";
        let Some(row) = fetch!(work.conn(), fetch_optional as ListedRow, sql, actor.business.0, id.0)? else {
            return Ok(None);
        };
        actor.role.give(Role::parse(&row.role)?)?;
        row.course().accept(work.now)?;
        let (now, hand) = (work.now, by(actor.who));
        let sql = "UPDATE invites SET revoked_at = $3, revoked_by = $4 WHERE business_id = $1 AND id = $2";
        run!(work.conn(), sql, actor.business.0, id.0, now, hand)?;
        work.note(Deed::InviteRevoked, id.0);
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
        let state = row.course().state(self.now());
        Ok(Some(Invitation {
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

    /// Uses the invitation up, once, whoever tries at the same time.
    async fn take(&self, mut conn: Conn<'_>, row: &BehindRow, person: PersonId) -> Result<(), Error> {
        let now = self.now();
        row.course().accept(now)?;
        let business = BusinessId(row.business_id);
        if members::role(conn.again(), business, person).await?.is_some() {
            return Err(Refused::LetInAlready.into());
        }
        let sql = "UPDATE invites SET used_at = $3, used_by = $4 \
            WHERE business_id = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL";
        if run!(conn.again(), sql, row.business_id, row.id, now, person.0)? == 0 {
            return Err(Refused::Over.into());
        }
        members::join(conn.again(), business, person, Role::parse(&row.role)?, now).await?;
        self.note(conn, business, Note::new(Who::Person(person), Deed::PersonJoined, Some(row.id), None)).await
    }
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

    fn seen(self, now: DateTime<Utc>) -> Result<InviteRow, Error> {
        let state = self.course().state(now);
        let (id, role) = (InviteId(self.id), Role::parse(&self.role)?);
        Ok(InviteRow { id, name: self.name, role, expires_at: self.expires_at, state })
    }
}

impl BehindRow {
    fn course(&self) -> Course {
        Course { expires_at: self.expires_at, used: self.used, revoked: self.revoked }
    }
}
