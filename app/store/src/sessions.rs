//! Who is signed in, where, and until when. Tokens are kept hashed; a new one comes with every rise in rights.

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Reach, Role, Who};
use domain::business::Language;
use domain::deed::Deed;
use domain::grant::Grant;
use domain::ids::{BusinessId, DeviceId, PersonId, SessionId, SiteId};
use domain::record::Hash;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::audit::{Note, Origin};
use crate::db::{Held, Scope, fetch, run};
use crate::error::Error;
use crate::grants;
use crate::members::role;

/// A signed-in person, acting for one business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    pub actor: Actor,
    pub session: SessionId,
    pub person: PersonId,
    pub name: String,
    pub language: Option<Language>,
    pub business_name: String,
    pub business_slug: String,
    /// Their business asks their role for a second step, and they have none yet: until then they only set it up.
    pub must_set_up: bool,
    /// When the session is over at the latest, or the turn.
    pub ends_at: DateTime<Utc>,
}

/// Someone who typed their PIN at a shared device, for a short while. They have not signed in: whatever is not about that
/// device does not know them. The turn's own id is that of its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn(pub Visitor);

/// Who is known by a session's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognized {
    SignedIn(Visitor),
    AtDevice(Turn),
}

/// A session just begun: the token goes into the cookie and is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// One of a person's sessions, as they see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub id: SessionId,
    pub device: String,
    pub business_name: String,
    pub created_at: DateTime<Utc>,
    /// When it was last used, to within ten minutes.
    pub used_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct VisitorRow {
    id: Uuid,
    person_id: Uuid,
    business_id: Uuid,
    used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    name: String,
    language: Option<String>,
    role: String,
    business_name: String,
    business_slug: String,
    device_id: Option<Uuid>,
    device_site: Option<Uuid>,
    device_made_by: Option<String>,
    bound: bool,
    must_set_up: bool,
}

/// A session about to begin.
pub(crate) struct New {
    pub person: PersonId,
    pub business: BusinessId,
    /// The shared device at which they stand.
    pub device: Option<DeviceId>,
    pub lasts: TimeDelta,
}

const LASTS: TimeDelta = TimeDelta::days(30);

/// How long one may stay away and still be signed in.
const IDLE: TimeDelta = TimeDelta::days(14);

/// How often the last use is written down.
pub(crate) const NOTED: TimeDelta = TimeDelta::minutes(10);

impl Store {
    /// Begins a session in the business a person came to first; None if they belong to none.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_session(&self, person: PersonId, origin: &Origin) -> Result<Option<Session>, Error> {
        self.begin_session_by(person, None, origin).await
    }

    /// The same; whoever belongs to no business, or to none any longer, is let in by the invitation they come with. None if it
    /// is over, too.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_session_by(
        &self,
        person: PersonId,
        invitation: Option<&str>,
        origin: &Origin,
    ) -> Result<Option<Session>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        let session = self.session_somewhere(&mut held, person, invitation, origin).await?;
        held.commit().await?;
        Ok(session)
    }

    /// Writes down that someone gave a wrong password.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn note_wrong_password(&self, person: PersonId, origin: &Origin) -> Result<(), Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        self.note_failure(&mut held, person, origin).await?;
        held.commit().await
    }

    /// Begins a session in a business; None if the person does not belong to it.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn begin_session_at(
        &self,
        person: PersonId,
        business: BusinessId,
        origin: &Origin,
    ) -> Result<Option<Session>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        if role(held.conn(), business, person).await?.is_none() {
            return Ok(None);
        }
        let session = self.session(&mut held, New::of(person, business), origin).await?;
        held.commit().await?;
        Ok(Some(session))
    }

    /// Goes over to another business the person belongs to: a new session, and the one before ends. None if they do not
    /// belong to it, or are not signed in by this token.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn switch_business(
        &self,
        token: &str,
        person: PersonId,
        business: BusinessId,
        origin: &Origin,
    ) -> Result<Option<Session>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        if role(held.conn(), business, person).await?.is_none() {
            return Ok(None);
        }
        let hash = Hash::of(token.as_bytes());
        // A turn at a device is no session that could go on elsewhere.
        let sql = "DELETE FROM sessions WHERE token_hash = $1 AND person_id = $2 AND device_id IS NULL";
        if run!(held.conn(), sql, hash.as_bytes(), person.0)? == 0 {
            return Ok(None);
        }
        let session = self.session(&mut held, New::of(person, business), origin).await?;
        held.commit().await?;
        Ok(Some(session))
    }

    /// Who is signed in by this token, while the session lasts and the person is let in. Whoever stands at a shared device is
    /// not.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn visitor(&self, token: &str) -> Result<Option<Visitor>, Error> {
        Ok(self.recognize(token).await?.and_then(Recognized::signed_in))
    }

    /// Who a session's token belongs to, while the session lasts and the person is let in.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn recognize(&self, token: &str) -> Result<Option<Recognized>, Error> {
        let now = self.now();
        let sql = "SELECT s.id, s.person_id, s.business_id, s.used_at, s.expires_at, p.name, p.language, m.role, \
            b.name AS business_name, b.slug AS business_slug, s.device_id, d.site_id AS device_site, d.made_by AS device_made_by, \
            m.bound, \
            EXISTS (SELECT 1 FROM required_factors f WHERE f.business_id = m.business_id AND f.role = m.role) \
            AND NOT EXISTS (SELECT 1 FROM authenticators a WHERE a.person_id = p.id AND a.secret IS NOT NULL) \
            AND NOT EXISTS (SELECT 1 FROM passkeys k WHERE k.person_id = p.id) AS must_set_up FROM sessions s \
            JOIN members m ON m.person_id = s.person_id AND m.business_id = s.business_id AND m.removed_at IS NULL \
            JOIN people p ON p.id = s.person_id JOIN businesses b ON b.id = s.business_id \
            LEFT JOIN devices d ON d.business_id = s.business_id AND d.id = s.device_id AND d.revoked_at IS NULL \
            WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.used_at > $3 AND (s.device_id IS NULL OR d.id IS NOT NULL)";
        let hash = Hash::of(token.as_bytes());
        let mut held = self.db.look_up().await?;
        let row = fetch!(held.conn(), fetch_optional as VisitorRow, sql, hash.as_bytes(), now, now - IDLE)?;
        drop(held);
        let Some(row) = row else { return Ok(None) };
        let reach = self.reach(BusinessId(row.business_id), row.person_id, row.bound).await?;
        let Some(reach) = row.standing(reach) else { return Ok(None) };
        if let (Some(site), Some(made_by)) = (row.device_site, &row.device_made_by) {
            let mut held = self.db.read(BusinessId(row.business_id)).await?;
            let device = Grant::Device(SiteId(site));
            if !grants::holds(held.conn(), BusinessId(row.business_id), made_by, &device).await? {
                return Ok(None);
            }
        }
        if now - row.used_at >= NOTED {
            let (store, business, id) = (self.clone(), BusinessId(row.business_id), row.id);
            // Nobody who reads waits for it, or goes without when nothing can be written.
            tokio::spawn(async move { store.note_use(business, id, now).await.ok() });
        }
        row.seen(reach).map(Some)
    }

    async fn note_use(&self, business: BusinessId, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
        let mut held = self.db.begin(business).await?;
        let sql = "UPDATE sessions SET used_at = $3 WHERE business_id = $1 AND id = $2";
        run!(held.conn(), sql, business.0, id, now)?;
        held.commit().await
    }

    /// # Errors
    /// The database is unavailable.
    pub async fn end_session(&self, token: &str, origin: &Origin) -> Result<(), Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        let hash = Hash::of(token.as_bytes());
        let sql = "DELETE FROM sessions WHERE token_hash = $1 RETURNING person_id, business_id";
        if let Some((person, business)) = fetch!(held.conn(), fetch_optional as (Uuid, Uuid), sql, hash.as_bytes())? {
            held.enter(BusinessId(business)).await?;
            let note = Note::new(Who::Person(PersonId(person)), Deed::SignedOut, None, origin.from);
            self.note(held.conn(), BusinessId(business), note).await?;
        }
        held.commit().await
    }

    /// Where a person is signed in, the last used first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn sessions(&self, person: PersonId) -> Result<Vec<SessionRow>, Error> {
        type Row = (Uuid, String, String, DateTime<Utc>, DateTime<Utc>);
        let mut held = self.db.look_up().await?;
        let sql = "SELECT s.id, s.device, b.name, s.created_at, s.used_at FROM sessions s \
            JOIN businesses b ON b.id = s.business_id WHERE s.person_id = $1 AND s.expires_at > $2 \
            ORDER BY s.used_at DESC, s.id DESC";
        let rows = fetch!(held.conn(), fetch_all as Row, sql, person.0, self.now())?;
        let row = |(id, device, business_name, created_at, used_at): Row| SessionRow {
            id: SessionId(id),
            device,
            business_name,
            created_at,
            used_at,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Ends one of a person's own sessions, wherever it is. None if they have no such session.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn revoke_session(&self, actor: &Actor, person: PersonId, id: SessionId) -> Result<Option<()>, Error> {
        let mut held = self.db.begin(Scope::Across).await?;
        let sql = "DELETE FROM sessions WHERE person_id = $1 AND id = $2";
        if run!(held.conn(), sql, person.0, id.0)? == 0 {
            return Ok(None);
        }
        held.enter(actor.business).await?;
        self.note_own(&mut held, actor, Deed::SessionEnded).await?;
        held.commit().await?;
        Ok(Some(()))
    }

    /// A session in the business a person came to first, or else in the one that an invitation lets them into; None if
    /// neither does.
    pub(crate) async fn session_somewhere(
        &self,
        held: &mut Held,
        person: PersonId,
        invitation: Option<&str>,
        origin: &Origin,
    ) -> Result<Option<Session>, Error> {
        let sql = "SELECT business_id FROM members WHERE person_id = $1 AND removed_at IS NULL \
            ORDER BY created_at, business_id LIMIT 1";
        let home = fetch!(held.conn(), fetch_optional as (Uuid,), sql, person.0)?;
        let business = match (home, invitation) {
            (Some((business,)), _) => Some(BusinessId(business)),
            (None, Some(link)) => self.let_in(held, link, person).await?,
            (None, None) => None,
        };
        let Some(business) = business else { return Ok(None) };
        self.session(held, New::of(person, business), origin).await.map(Some)
    }

    /// Begins a session, within its business from here on.
    pub(crate) async fn session(&self, held: &mut Held, new: New, origin: &Origin) -> Result<Session, Error> {
        let now = self.now();
        let New { person, business, device, lasts } = new;
        run!(held.conn(), "DELETE FROM sessions WHERE expires_at <= $1", now)?;
        held.enter(business).await?;
        let session = Session { token: self.token(), expires_at: now + lasts };
        let sql = "INSERT INTO sessions (id, token_hash, person_id, business_id, device, device_id, created_at, used_at, \
            expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
        let (id, hash) = (self.source.id(), Hash::of(session.token.as_bytes()));
        let (browser, at, until) = (origin.browser.as_str(), device.map(|device| device.0), session.expires_at);
        run!(held.conn(), sql, id, hash.as_bytes(), person.0, business.0, browser, at, now, until)?;
        let note = Note::new(Who::Person(person), Deed::SignedIn, None, origin.from);
        self.note(held.conn(), business, Note { device, ..note }).await?;
        Ok(session)
    }
}

impl New {
    pub fn of(person: PersonId, business: BusinessId) -> Self {
        Self { person, business, device: None, lasts: LASTS }
    }
}

impl Recognized {
    /// Whoever it is, signed in or at a device.
    #[must_use]
    pub fn visitor(&self) -> &Visitor {
        match self {
            Self::SignedIn(visitor) | Self::AtDevice(Turn(visitor)) => visitor,
        }
    }

    pub fn visitor_mut(&mut self) -> &mut Visitor {
        match self {
            Self::SignedIn(visitor) | Self::AtDevice(Turn(visitor)) => visitor,
        }
    }

    #[must_use]
    pub fn signed_in(self) -> Option<Visitor> {
        match self {
            Self::SignedIn(visitor) => Some(visitor),
            Self::AtDevice(_) => None,
        }
    }
}

impl VisitorRow {
    /// At a shared device one reaches the device's site; None where that is not within one's own reach.
    fn standing(&self, own: Reach) -> Option<Reach> {
        let Some(site) = self.device_site else { return Some(own) };
        let here = Reach::of([SiteId(site)]);
        own.covers(&here).then_some(here)
    }

    fn seen(self, reach: Reach) -> Result<Recognized, Error> {
        let is_turn = self.device_id.is_some();
        let visitor = self.visitor(reach)?;
        Ok(if is_turn { Recognized::AtDevice(Turn(visitor)) } else { Recognized::SignedIn(visitor) })
    }

    fn visitor(self, reach: Reach) -> Result<Visitor, Error> {
        let person = PersonId(self.person_id);
        let business = BusinessId(self.business_id);
        let actor = Actor::of(business, Who::Person(person), Role::parse(&self.role)?);
        Ok(Visitor {
            actor: Actor { reach, device: self.device_id.map(DeviceId), ..actor },
            session: SessionId(self.id),
            person,
            name: self.name,
            language: self.language.and_then(|code| Language::parse(&code).ok()),
            business_name: self.business_name,
            business_slug: self.business_slug,
            must_set_up: self.must_set_up,
            ends_at: self.expires_at,
        })
    }
}
