//! Who acts, for which business, and what they may do there.

use core::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::fault::Fault;
use crate::ids::{BusinessId, DeviceId, PersonId, SiteId, TokenId};
use crate::member::Rights;
use crate::text::tidy;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Manager,
    Staff,
    /// Reads, changes nothing.
    Auditor,
}

/// Whose hand did it. No name stands in the record: only which of these it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who", content = "id")]
pub enum Who {
    Person(PersonId),
    Token(TokenId),
    Customer,
    /// Trialmark itself: a deadline that passed, the record that speaks.
    Trialmark,
}

/// Someone acting for a business: the only way to its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub business: BusinessId,
    pub who: Who,
    pub role: Role,
    pub reach: Reach,
    /// The shared device at which they stand, if they do.
    pub device: Option<DeviceId>,
    /// Where they ask from, as far as it is known.
    pub from: Option<IpAddr>,
}

/// How much of the business someone reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    Everywhere,
    /// These sites and what is at them.
    Sites(Arc<[SiteId]>),
}

/// The kinds of things people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// See what is promised where, and how it stands.
    Look,
    /// Read everything else that is not public.
    Read,
    /// Log checks.
    Check,
    /// Correct checks.
    Correct,
    /// Walk a recovery through its steps; see the customer whom it is for.
    Recover,
    /// Write problems and guarantees, publish them, and say where they are promised.
    Define,
    /// Add places to sites.
    Furnish,
    /// Answer what stood in the way of a promise.
    Answer,
    /// Give a kept check a second look.
    Review,
    /// Let people and devices in, give them another role, let them in no longer.
    Invite,
    /// Forget who a customer is, or hand them what is known of them.
    Erase,
    /// Change the business itself, and read who did what in it.
    Govern,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the role {} may not do this", role.name())]
pub struct NotAllowed {
    pub role: Role,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Owner, Self::Manager, Self::Staff, Self::Auditor];

    #[must_use]
    pub fn may(self, act: Act) -> bool {
        match act {
            Act::Look | Act::Read => true,
            Act::Check | Act::Correct | Act::Recover => self != Self::Auditor,
            Act::Define | Act::Furnish | Act::Answer | Act::Review | Act::Invite | Act::Erase => {
                matches!(self, Self::Owner | Self::Manager)
            }
            Act::Govern => self == Self::Owner,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Staff => "staff",
            Self::Auditor => "auditor",
        }
    }

    /// # Errors
    /// Not the name of a role.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|role| role.name() == tidy(text)).ok_or(Fault::UnknownChoice)
    }
}

impl Act {
    pub const ALL: [Self; 12] = [
        Self::Look,
        Self::Read,
        Self::Check,
        Self::Correct,
        Self::Recover,
        Self::Define,
        Self::Furnish,
        Self::Answer,
        Self::Review,
        Self::Invite,
        Self::Erase,
        Self::Govern,
    ];

    /// Whether it concerns the whole business, and not a site of it.
    #[must_use]
    pub fn is_of_the_whole(self) -> bool {
        matches!(self, Self::Define | Self::Govern)
    }
}

impl Actor {
    /// Someone who reaches all of the business, from nowhere in particular.
    #[must_use]
    pub fn of(business: BusinessId, who: Who, role: Role) -> Self {
        Self { business, who, role, reach: Reach::Everywhere, device: None, from: None }
    }

    /// What their role allows, within their reach; at a shared device they look, check and mend a check, and nothing else.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        self.rights().may(act) && (self.device.is_none() || matches!(act, Act::Look | Act::Check | Act::Correct))
    }

    /// # Errors
    /// They may not do it.
    pub fn permit(&self, act: Act) -> Result<(), NotAllowed> {
        if self.may(act) { Ok(()) } else { Err(NotAllowed { role: self.role }) }
    }

    /// Whether they may mend a check: at a shared device, where they stand for a few minutes, only one of their own.
    ///
    /// # Errors
    /// They may not.
    pub fn permit_mending(&self, own: bool) -> Result<(), NotAllowed> {
        if own || self.device.is_none() { self.permit(Act::Correct) } else { Err(NotAllowed { role: self.role }) }
    }

    /// What they may do, and how far it reaches.
    #[must_use]
    pub fn rights(&self) -> Rights {
        Rights { role: self.role, reach: self.reach.clone() }
    }

    /// Whose reach it is, where it is not everywhere: that of the device they stand at, or their own.
    #[must_use]
    pub fn holder(&self) -> Option<Uuid> {
        match (self.device, self.who) {
            (Some(DeviceId(id)), _) | (None, Who::Person(PersonId(id)) | Who::Token(TokenId(id))) => Some(id),
            (None, Who::Customer | Who::Trialmark) => None,
        }
    }

    /// Whether a site is within their reach.
    #[must_use]
    pub fn reaches(&self, site: SiteId) -> bool {
        match &self.reach {
            Reach::Everywhere => true,
            Reach::Sites(sites) => sites.contains(&site),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn someone(role: Role) -> Actor {
        Actor::of(BusinessId(Uuid::nil()), Who::Trialmark, role)
    }

    #[test]
    fn an_auditor_reads_and_changes_nothing() {
        let may: Vec<_> = Act::ALL.into_iter().filter(|act| Role::Auditor.may(*act)).collect();
        assert_eq!(may, [Act::Look, Act::Read]);
    }

    #[test]
    fn staff_log_and_recover_but_do_not_define() {
        let may: Vec<_> = Act::ALL.into_iter().filter(|act| Role::Staff.may(*act)).collect();
        assert_eq!(may, [Act::Look, Act::Read, Act::Check, Act::Correct, Act::Recover]);
    }

    #[test]
    fn a_manager_does_everything_but_govern_and_an_owner_everything() {
        let not: Vec<_> = Act::ALL.into_iter().filter(|act| !Role::Manager.may(*act)).collect();
        assert_eq!(not, [Act::Govern]);
        assert!(Act::ALL.into_iter().all(|act| Role::Owner.may(act)));
    }

    #[test]
    fn at_a_shared_device_one_logs_checks_mends_them_and_does_nothing_else() {
        for role in Role::ALL {
            let at_device = Actor { device: Some(DeviceId(Uuid::nil())), ..someone(role) };
            let may: Vec<_> = Act::ALL.into_iter().filter(|act| at_device.may(*act)).collect();
            assert_eq!(
                may,
                if role == Role::Auditor { vec![Act::Look] } else { vec![Act::Look, Act::Check, Act::Correct] },
                "{role:?}"
            );
        }
    }

    #[test]
    fn at_a_shared_device_one_mends_what_is_ones_own() {
        for role in Role::ALL {
            let at_device = Actor { device: Some(DeviceId(Uuid::nil())), ..someone(role) };
            for own in [true, false] {
                assert_eq!(at_device.permit_mending(own).is_ok(), own && role != Role::Auditor, "{role:?}");
                assert_eq!(someone(role).permit_mending(own).is_ok(), role.may(Act::Correct), "{role:?}");
            }
        }
    }

    #[test]
    fn a_reach_is_held_by_the_device_one_stands_at_and_else_by_oneself() {
        let (person, device) = (Uuid::from_u128(1), DeviceId(Uuid::from_u128(2)));
        let someone = Actor { who: Who::Person(PersonId(person)), ..someone(Role::Staff) };
        assert_eq!(someone.holder(), Some(person));
        assert_eq!(Actor { device: Some(device), ..someone.clone() }.holder(), Some(device.0));
        assert_eq!(Actor { who: Who::Customer, ..someone }.holder(), None);
    }

    #[test]
    fn what_concerns_the_whole_business_is_defining_and_governing() {
        let whole: Vec<_> = Act::ALL.into_iter().filter(|act| act.is_of_the_whole()).collect();
        assert_eq!(whole, [Act::Define, Act::Govern]);
    }

    proptest! {
        #[test]
        fn whoever_is_bound_to_sites_reaches_these_and_changes_nothing_of_the_whole(
            role in prop::sample::select(Role::ALL.to_vec()),
            act in prop::sample::select(Act::ALL.to_vec()),
            sites in prop::collection::vec(0..6_u128, 0..4),
            asked in 0..6_u128,
        ) {
            let reach = Reach::of(sites.iter().map(|id| SiteId(Uuid::from_u128(*id))));
            let bound = Actor { reach, ..someone(role) };
            prop_assert_eq!(bound.reaches(SiteId(Uuid::from_u128(asked))), sites.contains(&asked));
            prop_assert_eq!(bound.may(act), role.may(act) && !act.is_of_the_whole());
            prop_assert_eq!(bound.permit(act).is_ok(), bound.may(act));
            prop_assert!(someone(role).reaches(SiteId(Uuid::from_u128(asked))));
        }
    }
}
