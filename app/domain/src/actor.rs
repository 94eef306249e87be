//! The actor: who acts, for which business, and what they may do there.

use core::net::IpAddr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::ids::{BusinessId, DeviceId, PersonId, SiteId, TokenId};
use crate::rights::Rights;
use crate::role::{Permission, Role};
use crate::site_access::SiteAccess;

/// Who took an action. The record shows only the kind, never a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who", content = "id")]
pub enum Principal {
    Person(PersonId),
    Token(TokenId),
    Customer,
    /// Trialmark itself, for example when a deadline passes or the record restores trust.
    #[serde(rename = "trialmark")]
    System,
}

/// Someone acting for a business. All access to a business's data goes through an actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub business: BusinessId,
    pub principal: Principal,
    pub role: Role,
    pub site_access: SiteAccess,
    /// The shared device they are using, if any.
    pub device: Option<DeviceId>,
    /// The IP address of the request, if known.
    pub ip: Option<IpAddr>,
}

/// The actor has no permission for the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the role {} may not do this", role.name())]
pub struct NotAllowed {
    pub role: Role,
}

impl Actor {
    /// An actor with access to all sites, without a device or an IP address.
    #[must_use]
    pub fn new(business: BusinessId, who: Principal, role: Role) -> Self {
        Self { business, principal: who, role, site_access: SiteAccess::AllSites, device: None, ip: None }
    }

    /// Whether the actor has this permission. At a shared device only the day's view, checks and their corrections are
    /// allowed.
    #[must_use]
    pub fn may(&self, act: Permission) -> bool {
        self.rights().may(act)
            && (self.device.is_none()
                || matches!(act, Permission::ViewToday | Permission::LogChecks | Permission::CorrectChecks))
    }

    /// Requires a permission.
    ///
    /// # Errors
    /// [`NotAllowed`] if the actor does not have it.
    pub fn require(&self, act: Permission) -> Result<(), NotAllowed> {
        if self.may(act) { Ok(()) } else { Err(NotAllowed { role: self.role }) }
    }

    /// Requires permission to correct a check. At a shared device a person may correct only their own checks.
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub fn require_correction(&self, own: bool) -> Result<(), NotAllowed> {
        if own || self.device.is_none() {
            self.require(Permission::CorrectChecks)
        } else {
            Err(NotAllowed { role: self.role })
        }
    }

    /// Whether today's page begins with the board of the business. Staff see their checks alone.
    #[must_use]
    pub fn sees_board(&self) -> bool {
        self.role != Role::Staff && self.may(Permission::ViewInternal)
    }

    /// The actor's role and site access.
    #[must_use]
    pub fn rights(&self) -> Rights {
        Rights { role: self.role, site_access: self.site_access.clone() }
    }

    /// The id of the device, person or token that the site access belongs to. A shared device comes before its user.
    /// `None` for customers and the system.
    #[must_use]
    pub fn site_access_holder(&self) -> Option<Uuid> {
        match (self.device, self.principal) {
            (Some(DeviceId(id)), _) | (None, Principal::Person(PersonId(id)) | Principal::Token(TokenId(id))) => {
                Some(id)
            }
            (None, Principal::Customer | Principal::System) => None,
        }
    }

    /// Whether the actor has access to a site.
    #[must_use]
    pub fn can_access(&self, site: SiteId) -> bool {
        match &self.site_access {
            SiteAccess::AllSites => true,
            SiteAccess::Sites(sites) => sites.contains(&site),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn someone(role: Role) -> Actor {
        Actor::new(BusinessId(Uuid::nil()), Principal::System, role)
    }

    #[test]
    fn a_shared_device_permits_only_logging_and_correcting_checks() {
        for role in Role::ALL {
            let at_device = Actor { device: Some(DeviceId(Uuid::nil())), ..someone(role) };
            let may: Vec<_> = Permission::ALL.into_iter().filter(|act| at_device.may(*act)).collect();
            assert_eq!(
                may,
                if role == Role::Auditor {
                    vec![Permission::ViewToday]
                } else {
                    vec![Permission::ViewToday, Permission::LogChecks, Permission::CorrectChecks]
                },
                "{role:?}"
            );
        }
    }

    #[test]
    fn a_shared_device_permits_correcting_only_own_checks() {
        for role in Role::ALL {
            let at_device = Actor { device: Some(DeviceId(Uuid::nil())), ..someone(role) };
            for own in [true, false] {
                assert_eq!(at_device.require_correction(own).is_ok(), own && role != Role::Auditor, "{role:?}");
                assert_eq!(
                    someone(role).require_correction(own).is_ok(),
                    role.may(Permission::CorrectChecks),
                    "{role:?}"
                );
            }
        }
    }

    #[test]
    fn site_access_is_held_by_the_device_or_else_the_person() {
        let (person, device) = (Uuid::from_u128(1), DeviceId(Uuid::from_u128(2)));
        let someone = Actor { principal: Principal::Person(PersonId(person)), ..someone(Role::Staff) };
        assert_eq!(someone.site_access_holder(), Some(person));
        assert_eq!(Actor { device: Some(device), ..someone.clone() }.site_access_holder(), Some(device.0));
        assert_eq!(Actor { principal: Principal::Customer, ..someone }.site_access_holder(), None);
    }

    proptest! {
        #[test]
        fn site_access_limits_sites_and_business_wide_permissions(
            role in prop::sample::select(Role::ALL.to_vec()),
            act in prop::sample::select(Permission::ALL.to_vec()),
            sites in prop::collection::vec(0..6_u128, 0..4),
            asked in 0..6_u128,
        ) {
            let site_access = SiteAccess::sites(sites.iter().map(|id| SiteId(Uuid::from_u128(*id))));
            let bound = Actor { site_access, ..someone(role) };
            prop_assert_eq!(bound.can_access(SiteId(Uuid::from_u128(asked))), sites.contains(&asked));
            prop_assert_eq!(bound.may(act), role.may(act) && !act.is_business_wide());
            prop_assert_eq!(bound.require(act).is_ok(), bound.may(act));
            prop_assert!(someone(role).can_access(SiteId(Uuid::from_u128(asked))));
        }
    }
}
