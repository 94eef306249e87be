//! The invitation: a private link that lets one person in, once, with a role.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::actor::{Reach, Role};
use crate::fault::Faults;
use crate::member::{Refused, Rights};
use crate::reach;
use crate::text::Line;

/// How long the link can be used.
pub const LASTS: TimeDelta = TimeDelta::days(7);

/// Someone about to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Whom it is for, as those inside call them.
    pub name: Line,
    pub role: Role,
    pub reach: Reach,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct InviteDraft {
    pub name: String,
    pub role: String,
    pub reach: String,
    pub sites: Vec<String>,
}

/// What has become of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Used,
    Revoked,
    RunOut,
}

/// The facts from which the state follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    pub expires_at: DateTime<Utc>,
    pub used: bool,
    pub revoked: bool,
}

impl InviteDraft {
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Invite, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", Line::parse(&self.name));
        let role = faults.take("role", Role::parse(&self.role));
        let reach = match reach::parse(&self.reach, &self.sites) {
            Ok(reach) => reach,
            Err(more) => return Err(faults.and(more)),
        };
        let rights = role.and_then(|role| faults.take("reach", Rights::of(role, reach)));
        match (name, rights) {
            (Some(name), Some(Rights { role, reach })) => Ok(Invite { name, role, reach }),
            _ => Err(faults),
        }
    }
}

impl Course {
    #[must_use]
    pub fn state(self, now: DateTime<Utc>) -> State {
        match self {
            Self { used: true, .. } => State::Used,
            Self { revoked: true, .. } => State::Revoked,
            Self { expires_at, .. } if expires_at <= now => State::RunOut,
            _ => State::Open,
        }
    }

    /// # Errors
    /// It was used or revoked, or has run out.
    pub fn accept(self, now: DateTime<Utc>) -> Result<(), Refused> {
        if self.state(now) == State::Open { Ok(()) } else { Err(Refused::Over) }
    }

    /// Whether it may be given a new link, so that the one before ends.
    ///
    /// # Errors
    /// It was used or revoked.
    pub fn renew(self) -> Result<(), Refused> {
        if self.used || self.revoked { Err(Refused::Over) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;
    use proptest::prelude::*;

    #[test]
    fn an_invitation_is_for_someone_with_a_role() {
        let faults =
            InviteDraft { name: " ".into(), role: "boss".into(), ..InviteDraft::default() }.parse().unwrap_err();
        assert_eq!((faults.at("name"), faults.at("role")), (Some(Fault::Missing), Some(Fault::UnknownChoice)));
        let draft =
            InviteDraft { name: "Sam".into(), role: "owner".into(), reach: "sites".into(), ..InviteDraft::default() };
        assert_eq!(draft.parse().unwrap_err(), Faults::one("sites", Fault::Missing));
        let site = uuid::Uuid::nil().to_string();
        let draft = InviteDraft { sites: vec![site], ..draft };
        assert_eq!(draft.parse().unwrap_err(), Faults::one("reach", Fault::ReachesAll));
        let invite = InviteDraft { role: "staff".into(), ..draft }.parse().unwrap();
        assert_eq!(invite.reach, Reach::of([crate::ids::SiteId(uuid::Uuid::nil())]));
    }

    proptest! {
        #[test]
        fn a_link_is_renewed_until_it_was_used_or_revoked(used: bool, revoked: bool, left in -10_i64..10) {
            let expires_at = DateTime::UNIX_EPOCH + TimeDelta::seconds(left);
            prop_assert_eq!(Course { expires_at, used, revoked }.renew().is_ok(), !used && !revoked);
        }

        #[test]
        fn it_is_taken_only_while_it_is_open(used: bool, revoked: bool, left in -10_i64..10) {
            let now = DateTime::UNIX_EPOCH;
            let course = Course { expires_at: now + TimeDelta::seconds(left), used, revoked };
            prop_assert_eq!(course.accept(now).is_ok(), !used && !revoked && left > 0);
        }
    }
}
