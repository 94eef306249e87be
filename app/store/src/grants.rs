//! What people made that opens something to others: it ends with their rights, or is taken over by name.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::actor::{Act, Actor, NotAllowed, Reach, Role, Who};
use domain::deed::Deed;
use domain::grant::{Fate, Grant, Made};
use domain::ids::{BusinessId, DeviceId, InviteId, PersonId, RecoveryId, SiteId, TokenId};
use domain::member::{Refused, Rights};
use uuid::Uuid;

use crate::Store;
use crate::db::{Conn, fetch, run};
use crate::error::Error;
use crate::members;
use crate::reaches;
use crate::work::{Work, by, who};

/// What a person made that still opens something, as far as whoever asks may know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeBy {
    pub name: String,
    /// Each kind by itself, the oldest first.
    pub rows: Vec<MadeRow>,
}

/// One thing that somebody made and that still opens something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeRow {
    pub made: Made,
    /// Whom or what it is for; of a customer's link, the place it is about.
    pub name: String,
    pub grant: Grant,
    pub made_at: DateTime<Utc>,
    /// Until when it opens something, where that ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether whoever asks may end it or take it over.
    pub is_theirs: bool,
}

impl Store {
    /// What a person of the business made that still opens something. None if nobody of this id was ever let in.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn made(&self, actor: &Actor, person: PersonId) -> Result<Option<MadeBy>, Error> {
        actor.permit(Act::Invite)?;
        let mut held = self.db.read(actor.business).await?;
        let Some(name) = name_of(held.conn(), actor.business, person).await? else { return Ok(None) };
        let mut rows = live(held.conn(), actor.business, Who::Person(person)).await?;
        rows.retain(|row| row.is_open(self.now()) && is_seen(actor, &row.grant));
        for row in &mut rows {
            row.is_theirs = permit(actor, &row.grant).is_ok();
        }
        Ok(Some(MadeBy { name, rows }))
    }

    /// How much each person made that still opens something.
    ///
    /// # Errors
    /// The role does not allow it; the database is unavailable.
    pub async fn made_counts(&self, actor: &Actor) -> Result<HashMap<PersonId, usize>, Error> {
        actor.permit(Act::Invite)?;
        let (mut held, mut counts) = (self.db.read(actor.business).await?, HashMap::new());
        for sql in [INVITES_MADE, TOKENS_MADE, DEVICES_MADE, LINKS_MADE] {
            let now = self.now();
            for (maker, count) in fetch!(held.conn(), fetch_all as (String, i64), sql, actor.business.0, now)? {
                if let Who::Person(person) = who(&maker)? {
                    *counts.entry(person).or_default() += usize::try_from(count).unwrap_or_default();
                }
            }
        }
        Ok(counts)
    }

    /// From now on something that a person made is in the actor's name, or everything that they could make themselves. None
    /// if there is no such person, or no such thing of theirs.
    ///
    /// # Errors
    /// The role does not allow it; it is for a role above theirs, or reaches further; it is theirs already; a program cannot
    /// answer for anything; the database is unavailable.
    pub async fn take_over(&self, actor: &Actor, person: PersonId, which: Option<Made>) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let Who::Person(me) = actor.who else { return Err(NotAllowed { role: actor.role }.into()) };
        let Some(meant) = meant(&mut work, actor, person, which).await? else { return Ok(None) };
        if me == person {
            return Err(Refused::Unchanged.into());
        }
        for row in meant {
            hand_over(&mut work, row.made, &by(actor.who)).await?;
        }
        work.commit().await?;
        Ok(Some(()))
    }

    /// Ends something that a person made, or everything that the actor could make themselves. None if there is no such
    /// person, or no such thing of theirs.
    ///
    /// # Errors
    /// The role does not allow it; it is for a role above theirs, or reaches further; the database is unavailable.
    pub async fn end_made(&self, actor: &Actor, person: PersonId, which: Option<Made>) -> Result<Option<()>, Error> {
        let mut work = self.work(actor, Act::Invite).await?;
        let Some(meant) = meant(&mut work, actor, person, which).await? else { return Ok(None) };
        for row in meant {
            end(&mut work, row.made).await?;
        }
        work.commit().await?;
        Ok(Some(()))
    }

    /// Settles what an older program let outlive its maker's rights.
    pub(crate) async fn settle_all(&self) -> Result<(), Error> {
        for home in self.businesses().await? {
            let mut work = None;
            for maker in self.makers(home.id).await? {
                let mut held = self.db.read(home.id).await?;
                let rights = rights_of(held.conn(), home.id, maker).await?;
                let rows = live(held.conn(), home.id, maker).await?;
                drop(held);
                if rows.iter().all(|row| row.grant.holds(rights.as_ref())) {
                    continue;
                }
                let work = match &mut work {
                    Some(work) => work,
                    none => {
                        let trialmark = Actor::of(home.id, Who::Trialmark, Role::Owner);
                        none.insert(self.work(&trialmark, Act::Govern).await?)
                    }
                };
                settle(work, maker, rights.as_ref()).await?;
            }
            if let Some(work) = work {
                work.commit().await?;
            }
        }
        Ok(())
    }

    /// Whoever made something in a business that still opens something.
    async fn makers(&self, business: BusinessId) -> Result<Vec<Who>, Error> {
        let mut held = self.db.read(business).await?;
        let sql = "SELECT made_by FROM invites WHERE business_id = $1 AND used_at IS NULL AND revoked_at IS NULL \
            UNION SELECT made_by FROM tokens WHERE business_id = $1 AND revoked_at IS NULL \
            UNION SELECT made_by FROM devices WHERE business_id = $1 AND revoked_at IS NULL \
            UNION SELECT made_by FROM follow_ups WHERE business_id = $1 AND used_at IS NULL";
        let makers = fetch!(held.conn(), fetch_all as (String,), sql, business.0)?;
        makers.iter().map(|(maker,)| who(maker)).collect()
    }
}

/// How many things that still open something each hand made, of each kind.
const INVITES_MADE: &str = "SELECT made_by, CAST(COUNT(*) AS BIGINT) FROM invites WHERE business_id = $1 \
    AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 GROUP BY made_by";
const TOKENS_MADE: &str = "SELECT made_by, CAST(COUNT(*) AS BIGINT) FROM tokens WHERE business_id = $1 \
    AND revoked_at IS NULL AND expires_at > $2 GROUP BY made_by";
const DEVICES_MADE: &str = "SELECT made_by, CAST(COUNT(*) AS BIGINT) FROM devices WHERE business_id = $1 \
    AND revoked_at IS NULL AND (registered_at IS NOT NULL OR link_expires_at > $2) GROUP BY made_by";
const LINKS_MADE: &str = "SELECT made_by, CAST(COUNT(DISTINCT recovery_id) AS BIGINT) FROM follow_ups \
    WHERE business_id = $1 AND used_at IS NULL AND created_at <= $2 GROUP BY made_by";

/// How many tokens can hang on one another.
const LONGEST_CHAIN: usize = 8;

impl MadeRow {
    fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|until| until > now)
    }
}

/// What someone may do in a business now who makes something there; None if they may do nothing there any more. What a
/// program made hangs on its token, and that on whoever made it. A token that has run out made what it made while it was
/// good: its end was agreed beforehand, and takes nothing back.
pub(crate) async fn rights_of(mut conn: Conn<'_>, business: BusinessId, maker: Who) -> Result<Option<Rights>, Error> {
    let (mut maker, mut tokens) = (maker, Vec::new());
    let mut rights = loop {
        match maker {
            Who::Person(person) => break members::rights(conn.again(), business, person).await?,
            Who::Trialmark => break Some(Rights { role: Role::Owner, reach: Reach::Everywhere }),
            Who::Customer => break None,
            // Nobody can make such a row; one that was forged is followed no further.
            Who::Token(_) if tokens.len() == LONGEST_CHAIN => break None,
            Who::Token(TokenId(id)) => {
                let sql =
                    "SELECT role, bound, made_by FROM tokens WHERE business_id = $1 AND id = $2 AND revoked_at IS NULL";
                let row = fetch!(conn.again(), fetch_optional as (String, bool, String), sql, business.0, id)?;
                let Some((role, bound, made_by)) = row else { break None };
                let reach = reaches::of(conn.again(), business, id, bound).await?;
                tokens.push(Rights { role: Role::parse(&role)?, reach });
                maker = who(&made_by)?;
            }
        }
    };
    while let Some(token) = tokens.pop() {
        let grant = Grant::Token(token.clone());
        rights = grant.holds(rights.as_ref()).then_some(token);
    }
    Ok(rights)
}

/// Whether something may be used as it stands, by what its maker may do now.
pub(crate) async fn holds(conn: Conn<'_>, business: BusinessId, made_by: &str, grant: &Grant) -> Result<bool, Error> {
    let maker = rights_of(conn, business, who(made_by)?).await?;
    Ok(grant.holds(maker.as_ref()))
}

/// Sees to it that nothing somebody made carries more than they may give from now on; nothing, where they are let in no
/// longer. What a program of theirs made goes the same way.
pub(crate) async fn settle(work: &mut Work<'_>, maker: Who, rights: Option<&Rights>) -> Result<(), Error> {
    let (business, heir) = (work.business, heir(work, maker).await?);
    let mut makers = vec![(maker, rights.cloned())];
    while let Some((maker, rights)) = makers.pop() {
        for row in live(work.conn(), business, maker).await? {
            let fate = row.grant.fate(rights.as_ref());
            if let (Fate::End, Made::CustomerLink(_), Some(heir)) = (&fate, row.made, &heir)
                && holds(work.conn(), business, heir, &row.grant).await?
            {
                hand_over(work, row.made, heir).await?;
                continue;
            }
            let left = match (&row.grant, &fate) {
                (Grant::Token(token), Fate::Narrow(reach)) => Some(Rights { reach: reach.clone(), ..token.clone() }),
                _ => None,
            };
            match fate {
                Fate::Keep => continue,
                Fate::Narrow(reach) => narrow(work, row.made, &reach).await?,
                Fate::End => cut(work, row.made).await?,
            }
            if let Made::Token(token) = row.made {
                makers.push((Who::Token(token), left));
            }
        }
    }
    Ok(())
}

/// Whoever answers for what a program has sent to customers once it has come to an end: whoever made it. It is no reason to
/// take a customer's link from them.
async fn heir(work: &mut Work<'_>, maker: Who) -> Result<Option<String>, Error> {
    let Who::Token(TokenId(token)) = maker else { return Ok(None) };
    let (sql, business) = ("SELECT made_by FROM tokens WHERE business_id = $1 AND id = $2", work.business.0);
    let row = fetch!(work.conn(), fetch_optional as (String,), sql, business, token)?;
    Ok(row.map(|(made_by,)| made_by))
}

/// Ends one thing, with whatever was made by it.
pub(crate) async fn end(work: &mut Work<'_>, made: Made) -> Result<(), Error> {
    cut(work, made).await?;
    match made {
        Made::Token(token) => settle(work, Who::Token(token), None).await,
        Made::Invitation(_) | Made::Device(_) | Made::CustomerLink(_) => Ok(()),
    }
}

/// Ends one thing.
async fn cut(work: &mut Work<'_>, made: Made) -> Result<(), Error> {
    let (business, now, hand, id) = (work.business.0, work.now, by(work.by), id(made));
    let deed = match made {
        Made::Invitation(_) => {
            let sql = "UPDATE invites SET revoked_at = $3, revoked_by = $4 WHERE business_id = $1 AND id = $2";
            run!(work.conn(), sql, business, id, now, hand)?;
            Deed::InviteRevoked
        }
        Made::Token(_) => {
            let sql = "UPDATE tokens SET revoked_at = $3 WHERE business_id = $1 AND id = $2";
            run!(work.conn(), sql, business, id, now)?;
            Deed::TokenRevoked
        }
        Made::Device(_) => {
            let sql = "UPDATE devices SET revoked_at = $3, revoked_by = $4 WHERE business_id = $1 AND id = $2";
            run!(work.conn(), sql, business, id, now, hand)?;
            // Whoever stands at it is out at once.
            run!(work.conn(), "DELETE FROM sessions WHERE business_id = $1 AND device_id = $2", business, id)?;
            Deed::DeviceRevoked
        }
        Made::CustomerLink(_) => {
            let sql =
                "UPDATE follow_ups SET used_at = $3 WHERE business_id = $1 AND recovery_id = $2 AND used_at IS NULL";
            run!(work.conn(), sql, business, id, now)?;
            Deed::LinkEnded
        }
    };
    work.note(deed, id);
    Ok(())
}

/// From now on it is in somebody else's name.
async fn hand_over(work: &mut Work<'_>, made: Made, hand: &str) -> Result<(), Error> {
    let business = work.business.0;
    let sql = match made {
        Made::Invitation(_) => "UPDATE invites SET made_by = $3 WHERE business_id = $1 AND id = $2",
        Made::Token(_) => "UPDATE tokens SET made_by = $3 WHERE business_id = $1 AND id = $2",
        Made::Device(_) => "UPDATE devices SET made_by = $3 WHERE business_id = $1 AND id = $2",
        Made::CustomerLink(_) => {
            "UPDATE follow_ups SET made_by = $3 WHERE business_id = $1 AND recovery_id = $2 AND used_at IS NULL"
        }
    };
    run!(work.conn(), sql, business, id(made), hand)?;
    work.note(Deed::GrantTakenOver, id(made));
    Ok(())
}

/// From now on an invitation or a token is for these sites only.
async fn narrow(work: &mut Work<'_>, made: Made, reach: &Reach) -> Result<(), Error> {
    let (business, id) = (work.business, id(made));
    let sql = match made {
        Made::Invitation(_) => "UPDATE invites SET bound = TRUE WHERE business_id = $1 AND id = $2",
        Made::Token(_) => "UPDATE tokens SET bound = TRUE WHERE business_id = $1 AND id = $2",
        // They are of one site.
        Made::Device(_) | Made::CustomerLink(_) => return Ok(()),
    };
    run!(work.conn(), sql, business.0, id)?;
    reaches::set(work.conn(), business, id, reach).await?;
    work.note(Deed::GrantNarrowed, id);
    Ok(())
}

fn id(made: Made) -> Uuid {
    match made {
        Made::Invitation(InviteId(id))
        | Made::Token(TokenId(id))
        | Made::Device(DeviceId(id))
        | Made::CustomerLink(RecoveryId(id)) => id,
    }
}

/// Of what a person made, the one thing that is meant, or all that the actor may change. None if there is no such person, or
/// no such thing.
async fn meant(
    work: &mut Work<'_>,
    actor: &Actor,
    person: PersonId,
    which: Option<Made>,
) -> Result<Option<Vec<MadeRow>>, Error> {
    let (business, now) = (work.business, work.now);
    if name_of(work.conn(), business, person).await?.is_none() {
        return Ok(None);
    }
    let mut rows = live(work.conn(), business, Who::Person(person)).await?;
    rows.retain(|row| row.is_open(now) && is_seen(actor, &row.grant));
    let Some(which) = which else {
        rows.retain(|row| permit(actor, &row.grant).is_ok());
        return Ok(Some(rows));
    };
    rows.retain(|row| row.made == which);
    rows.iter().try_for_each(|row| permit(actor, &row.grant))?;
    Ok(Some(rows).filter(|rows| !rows.is_empty()))
}

/// Whether whoever asks may know of it.
fn is_seen(actor: &Actor, grant: &Grant) -> bool {
    let is_near = match grant {
        Grant::Invitation(_) | Grant::Token(_) => true,
        Grant::Device(site) | Grant::CustomerLink(site) => actor.reaches(*site),
    };
    is_near && actor.may(grant.needs())
}

/// Whether whoever asks could make it, and so may end it or take it over.
fn permit(actor: &Actor, grant: &Grant) -> Result<(), Error> {
    actor.permit(grant.needs())?;
    Ok(grant.give(&actor.rights())?)
}

/// Of somebody who is let in, or was.
async fn name_of(conn: Conn<'_>, business: BusinessId, person: PersonId) -> Result<Option<String>, Error> {
    let sql = "SELECT p.name FROM members m JOIN people p ON p.id = m.person_id \
        WHERE m.business_id = $1 AND m.person_id = $2";
    let row = fetch!(conn, fetch_optional as (String,), sql, business.0, person.0)?;
    Ok(row.map(|(name,)| name))
}

/// What somebody made that was neither used nor ended, though it may have run out.
async fn live(mut conn: Conn<'_>, business: BusinessId, maker: Who) -> Result<Vec<MadeRow>, Error> {
    type Rightful = (Uuid, String, String, bool, DateTime<Utc>, DateTime<Utc>);
    type Device = (Uuid, String, Uuid, DateTime<Utc>, DateTime<Utc>, bool);
    type Link = (Uuid, String, Uuid, DateTime<Utc>);
    let (hand, mut rows) = (by(maker), Vec::new());
    let sql = "SELECT id, name, role, bound, made_at, expires_at FROM invites \
        WHERE business_id = $1 AND made_by = $2 AND used_at IS NULL AND revoked_at IS NULL ORDER BY made_at, id";
    for (id, name, role, bound, made_at, until) in fetch!(conn.again(), fetch_all as Rightful, sql, business.0, &hand)?
    {
        let reach = reaches::of(conn.again(), business, id, bound).await?;
        let grant = Grant::Invitation(Rights { role: Role::parse(&role)?, reach });
        rows.push(row(Made::Invitation(InviteId(id)), name, grant, made_at, Some(until)));
    }
    let sql = "SELECT id, name, role, bound, created_at, expires_at FROM tokens \
        WHERE business_id = $1 AND made_by = $2 AND revoked_at IS NULL ORDER BY created_at, id";
    for (id, name, role, bound, made_at, until) in fetch!(conn.again(), fetch_all as Rightful, sql, business.0, &hand)?
    {
        let reach = reaches::of(conn.again(), business, id, bound).await?;
        let grant = Grant::Token(Rights { role: Role::parse(&role)?, reach });
        rows.push(row(Made::Token(TokenId(id)), name, grant, made_at, Some(until)));
    }
    let sql = "SELECT id, name, site_id, made_at, link_expires_at, registered_at IS NOT NULL FROM devices \
        WHERE business_id = $1 AND made_by = $2 AND revoked_at IS NULL ORDER BY made_at, id";
    for (id, name, site, made_at, until, registered) in
        fetch!(conn.again(), fetch_all as Device, sql, business.0, &hand)?
    {
        let until = (!registered).then_some(until);
        rows.push(row(Made::Device(DeviceId(id)), name, Grant::Device(SiteId(site)), made_at, until));
    }
    let sql = "SELECT f.recovery_id, p.name, p.site_id, f.created_at FROM follow_ups f \
        JOIN recoveries r ON r.business_id = $1 AND r.id = f.recovery_id \
        JOIN breaks b ON b.business_id = $1 AND b.id = r.break_id \
        JOIN places p ON p.business_id = $1 AND p.id = b.place_id \
        WHERE f.business_id = $1 AND f.made_by = $2 AND f.used_at IS NULL ORDER BY f.created_at, f.recovery_id";
    for (id, name, site, made_at) in fetch!(conn.again(), fetch_all as Link, sql, business.0, &hand)? {
        let made = Made::CustomerLink(RecoveryId(id));
        // A recovery that was taken up again may have one of each round.
        if rows.iter().all(|row: &MadeRow| row.made != made) {
            rows.push(row(made, name, Grant::CustomerLink(SiteId(site)), made_at, None));
        }
    }
    Ok(rows)
}

fn row(made: Made, name: String, grant: Grant, made_at: DateTime<Utc>, expires_at: Option<DateTime<Utc>>) -> MadeRow {
    MadeRow { made, name, grant, made_at, expires_at, is_theirs: false }
}
