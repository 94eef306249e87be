//! The invitation: a private link by which one person joins once, with a role.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::fault::Faults;
use crate::member::MemberError;
use crate::rights::Rights;
use crate::role::Role;
use crate::site_access;
use crate::site_access::SiteAccess;
use crate::text::Line;

/// How long the link is valid.
pub const INVITE_TTL: TimeDelta = TimeDelta::days(7);

/// An invitation about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// The invited person's name, as known in the business.
    pub name: Line,
    pub role: Role,
    pub site_access: SiteAccess,
}

/// Input for an [`Invite`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct InviteDraft {
    pub name: String,
    pub role: String,
    pub reach: String,
    pub sites: Vec<String>,
}

/// The state of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteState {
    Open,
    Used,
    Revoked,
    RunOut,
}

/// The stored facts that decide the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InviteLifecycle {
    pub expires_at: DateTime<Utc>,
    pub used: bool,
    pub revoked: bool,
}

impl InviteDraft {
    /// Parses the draft.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field. An invalid choice of sites is reported before the rights are checked.
    pub fn parse(&self) -> Result<Invite, Faults> {
        let mut faults = Faults::default();
        let name = faults.collect("name", Line::parse(&self.name));
        let role = faults.collect("role", Role::parse(&self.role));
        let reach = match site_access::parse(&self.reach, &self.sites) {
            Ok(reach) => reach,
            Err(more) => return Err(faults.merge(more)),
        };
        let rights = role.and_then(|role| faults.collect("reach", Rights::new(role, reach)));
        match (name, rights) {
            (Some(name), Some(Rights { role, site_access: reach })) => Ok(Invite { name, role, site_access: reach }),
            _ => Err(faults),
        }
    }
}

impl InviteLifecycle {
    /// The state at `now`.
    #[must_use]
    pub fn state(self, now: DateTime<Utc>) -> InviteState {
        match self {
            Self { used: true, .. } => InviteState::Used,
            Self { revoked: true, .. } => InviteState::Revoked,
            Self { expires_at, .. } if expires_at <= now => InviteState::RunOut,
            _ => InviteState::Open,
        }
    }

    /// Requires that the invitation can be accepted now.
    ///
    /// # Errors
    /// [`MemberError::NoLongerOpen`] if it was used or revoked, or has expired.
    pub fn require_open(self, now: DateTime<Utc>) -> Result<(), MemberError> {
        if self.state(now) == InviteState::Open { Ok(()) } else { Err(MemberError::NoLongerOpen) }
    }

    /// Requires that the invitation may get a new link. The new link ends the old one.
    ///
    /// # Errors
    /// [`MemberError::NoLongerOpen`] if it was used or revoked.
    pub fn require_renewable(self) -> Result<(), MemberError> {
        if self.used || self.revoked { Err(MemberError::NoLongerOpen) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;
    use proptest::prelude::*;

    #[test]
    fn an_invitation_needs_a_name_a_role_and_valid_sites() {
        let faults =
            InviteDraft { name: " ".into(), role: "boss".into(), ..InviteDraft::default() }.parse().unwrap_err();
        assert_eq!(
            (faults.of_field("name"), faults.of_field("role")),
            (Some(Fault::Missing), Some(Fault::UnknownChoice))
        );
        let draft =
            InviteDraft { name: "Sam".into(), role: "owner".into(), reach: "sites".into(), ..InviteDraft::default() };
        assert_eq!(draft.parse().unwrap_err(), Faults::one("sites", Fault::Missing));
        let site = uuid::Uuid::nil().to_string();
        let draft = InviteDraft { sites: vec![site], ..draft };
        assert_eq!(draft.parse().unwrap_err(), Faults::one("reach", Fault::RoleHasAllSites));
        let invite = InviteDraft { role: "staff".into(), ..draft }.parse().unwrap();
        assert_eq!(invite.site_access, SiteAccess::sites([crate::ids::SiteId(uuid::Uuid::nil())]));
    }

    proptest! {
        #[test]
        fn an_invitation_link_is_renewable_until_used_or_revoked(used: bool, revoked: bool, left in -10_i64..10) {
            let expires_at = DateTime::UNIX_EPOCH + TimeDelta::seconds(left);
            prop_assert_eq!(InviteLifecycle { expires_at, used, revoked }.require_renewable().is_ok(), !used && !revoked);
        }

        #[test]
        fn an_invitation_is_accepted_only_while_open(used: bool, revoked: bool, left in -10_i64..10) {
            let now = DateTime::UNIX_EPOCH;
            let course = InviteLifecycle { expires_at: now + TimeDelta::seconds(left), used, revoked };
            prop_assert_eq!(course.require_open(now).is_ok(), !used && !revoked && left > 0);
        }
    }
}
