//! Membership: who may add, change and remove members.
//!
//! Nobody can give more rights than they have, and a business never loses its last owner.

use thiserror::Error;

use crate::rights::Rights;
use crate::role::{Permission, Role};
use crate::site_access::SiteAccess;

/// Why a change of members, invitations or devices is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MemberError {
    #[error("the role {} is not yours to give or to take", role.name())]
    RoleTooHigh { role: Role },
    #[error("this reaches further than you do")]
    SitesOutOfReach,
    #[error("the last owner of a business stays its owner")]
    LastOwner,
    #[error("this person is let in already")]
    AlreadyMember,
    #[error("this invitation is over")]
    NoLongerOpen,
    #[error("this changes nothing")]
    Unchanged,
}

impl Role {
    /// Whether the role can be limited to some sites.
    #[must_use]
    pub fn may_have_sites(self) -> bool {
        matches!(self, Self::Manager | Self::Staff)
    }

    /// Whether this role may give or take that one: owners any role, managers `manager` and `staff`, others none.
    #[must_use]
    pub fn may_give(self, role: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Manager => matches!(role, Self::Manager | Self::Staff),
            Self::Staff | Self::Auditor => false,
        }
    }

    /// Requires that this role may give or take that one.
    ///
    /// # Errors
    /// [`MemberError::RoleTooHigh`].
    pub fn give(self, role: Self) -> Result<(), MemberError> {
        if self.may_give(role) { Ok(()) } else { Err(MemberError::RoleTooHigh { role }) }
    }
}

impl Rights {
    /// Whether these rights are enough to give or take the others.
    #[must_use]
    pub fn may_give(&self, other: &Self) -> bool {
        self.give(other).is_ok()
    }

    /// Requires that these rights are enough to give or take the others.
    ///
    /// # Errors
    /// [`MemberError::RoleTooHigh`], or [`MemberError::SitesOutOfReach`] if the others cover more sites.
    pub fn give(&self, other: &Self) -> Result<(), MemberError> {
        self.role.give(other.role)?;
        if self.site_access.covers(&other.site_access) { Ok(()) } else { Err(MemberError::SitesOutOfReach) }
    }
}

/// Decides a change of role and returns the new rights. `by`: the rights of the person who makes the change. `owners`:
/// how many owners the business has. A role that always covers all sites lifts the limit to some sites.
///
/// # Errors
/// [`MemberError::RoleTooHigh`] or [`MemberError::SitesOutOfReach`] if `by` may not give the old or the new rights;
/// [`MemberError::LastOwner`]; [`MemberError::Unchanged`].
pub fn change_role(by: &Rights, from: &Rights, to: Role, owners: usize) -> Result<Rights, MemberError> {
    let reach = if to.may_have_sites() { from.site_access.clone() } else { SiteAccess::AllSites };
    let to = Rights { role: to, site_access: reach };
    by.give(from)?;
    by.give(&to)?;
    if from.role == to.role { Err(MemberError::Unchanged) } else { leave(from.role, owners).map(|()| to) }
}

/// Decides a change of a member's site access.
///
/// # Errors
/// [`MemberError::RoleTooHigh`] or [`MemberError::SitesOutOfReach`] if `by` may not give the old or the new rights;
/// [`MemberError::Unchanged`].
pub fn change_site_access(by: &Rights, from: &Rights, to: &Rights) -> Result<(), MemberError> {
    by.give(from)?;
    by.give(to)?;
    if from == to { Err(MemberError::Unchanged) } else { Ok(()) }
}

/// Whether the new rights allow anything that the old ones do not.
#[must_use]
pub fn gains_rights(from: &Rights, to: &Rights) -> bool {
    let may_more = Permission::ALL.into_iter().any(|act| to.role.may(act) && !from.role.may(act));
    may_more || !from.site_access.covers(&to.site_access)
}

/// Decides the removal of a member. `by`: the rights of the person who removes them.
///
/// # Errors
/// [`MemberError::RoleTooHigh`] or [`MemberError::SitesOutOfReach`] if `by` may not take these rights;
/// [`MemberError::LastOwner`].
pub fn remove_member(by: &Rights, theirs: &Rights, owners: usize) -> Result<(), MemberError> {
    by.give(theirs)?;
    leave(theirs.role, owners)
}

/// Decides that a member leaves on their own.
///
/// # Errors
/// [`MemberError::LastOwner`].
pub fn leave(role: Role, owners: usize) -> Result<(), MemberError> {
    if role == Role::Owner && owners <= 1 { Err(MemberError::LastOwner) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SiteId;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn site(number: u128) -> SiteId {
        SiteId(Uuid::from_u128(number))
    }

    fn any_site_access() -> impl Strategy<Value = SiteAccess> {
        let sites = prop::collection::vec(0..3_u128, 1..3);
        prop_oneof![Just(SiteAccess::AllSites), sites.prop_map(|sites| SiteAccess::sites(sites.into_iter().map(site)))]
    }

    fn any_rights() -> impl Strategy<Value = Rights> {
        let rights = |(role, reach)| Rights::new(role, reach).ok();
        (prop::sample::select(Role::ALL.to_vec()), any_site_access())
            .prop_filter_map("a role that is not bound", rights)
    }

    /// A change that may be tried on a member.
    #[derive(Clone, Debug)]
    enum MemberChange {
        Invite(Rights),
        ChangeRole(Role),
        ChangeSiteAccess(SiteAccess),
        /// Removes the member, or lets them leave if they try it themselves.
        RemoveOrLeave,
    }

    fn any_member_change() -> impl Strategy<Value = (usize, usize, MemberChange)> {
        let what = prop_oneof![
            any_rights().prop_map(MemberChange::Invite),
            prop::sample::select(Role::ALL.to_vec()).prop_map(MemberChange::ChangeRole),
            any_site_access().prop_map(MemberChange::ChangeSiteAccess),
            Just(MemberChange::RemoveOrLeave),
        ];
        (0..5_usize, 0..5_usize, what)
    }

    /// The member's rights after the change; outer `None` if it is refused, inner `None` if they are gone.
    #[expect(clippy::option_option, reason = "refused; gone; or with these rights")]
    fn apply_change(
        by: &Rights,
        from: Option<&Rights>,
        tried: &MemberChange,
        owners: usize,
        own: bool,
    ) -> Option<Option<Rights>> {
        match (tried, from) {
            (MemberChange::Invite(rights), None) => by.give(rights).ok().map(|()| Some(rights.clone())),
            (MemberChange::ChangeRole(to), Some(from)) => change_role(by, from, *to, owners).ok().map(Some),
            (MemberChange::ChangeSiteAccess(to), Some(from)) => {
                let to = Rights::new(from.role, to.clone()).ok()?;
                change_site_access(by, from, &to).ok().map(|()| Some(to))
            }
            (MemberChange::RemoveOrLeave, Some(from)) if own => leave(from.role, owners).ok().map(|()| None),
            (MemberChange::RemoveOrLeave, Some(from)) => remove_member(by, from, owners).ok().map(|()| None),
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn an_owner_always_remains_and_nobody_exceeds_their_own_rights(
            rights in prop::collection::vec(any_rights(), 4),
            tries in prop::collection::vec(any_member_change(), 0..60),
        ) {
            let mut members = vec![Some(Rights { role: Role::Owner, site_access: SiteAccess::AllSites })];
            members.extend(rights.into_iter().map(Some));
            for (by, whom, tried) in tries {
                let (Some(hand), from) = (members[by].clone(), members[whom].clone()) else { continue };
                let owners = members.iter().flatten().filter(|rights| rights.role == Role::Owner).count();
                let Some(to) = apply_change(&hand, from.as_ref(), &tried, owners, by == whom) else { continue };
                let touched = from.iter().filter(|_| by != whom).chain(&to);
                for rights in touched {
                    prop_assert!(hand.may_give(rights));
                    prop_assert!(hand.role.may_give(rights.role) && hand.site_access.covers(&rights.site_access));
                }
                members[whom] = to;
                prop_assert!(members.iter().flatten().any(|rights| rights.role == Role::Owner));
                let fit = |rights: &Rights| rights.role.may_have_sites() || rights.site_access.is_all_sites();
                prop_assert!(members.iter().flatten().all(fit));
            }
        }
    }

    fn everywhere(role: Role) -> Rights {
        Rights { role, site_access: SiteAccess::AllSites }
    }

    #[test]
    fn owners_and_auditors_always_have_all_sites() {
        let here = SiteAccess::sites([site(1)]);
        for role in Role::ALL {
            let bound = Rights::new(role, here.clone());
            assert_eq!(bound.is_ok(), matches!(role, Role::Manager | Role::Staff), "{role:?}");
        }
        let bound = Rights { role: Role::Staff, site_access: here.clone() };
        let owner = everywhere(Role::Owner);
        for role in [Role::Owner, Role::Auditor] {
            assert_eq!(change_role(&owner, &bound, role, 1), Ok(everywhere(role)), "made so, one is bound no more");
        }
        assert_eq!(
            change_role(&owner, &bound, Role::Manager, 1),
            Ok(Rights { role: Role::Manager, site_access: here })
        );
    }

    #[test]
    fn a_limited_manager_changes_only_members_within_their_sites() {
        let staff = |sites: &[u128]| Rights {
            role: Role::Staff,
            site_access: SiteAccess::sites(sites.iter().copied().map(site)),
        };
        let by = Rights { role: Role::Manager, ..staff(&[1, 2]) };
        assert_eq!(change_site_access(&by, &staff(&[1]), &staff(&[1, 2])), Ok(()));
        assert_eq!(change_site_access(&by, &staff(&[1]), &staff(&[3])), Err(MemberError::SitesOutOfReach));
        assert_eq!(change_site_access(&by, &staff(&[1]), &staff(&[1])), Err(MemberError::Unchanged));
        for beyond in [staff(&[1, 3]), everywhere(Role::Staff)] {
            assert_eq!(change_site_access(&by, &beyond, &staff(&[1])), Err(MemberError::SitesOutOfReach));
            assert_eq!(remove_member(&by, &beyond, 1), Err(MemberError::SitesOutOfReach));
            assert_eq!(change_role(&by, &beyond, Role::Manager, 1), Err(MemberError::SitesOutOfReach));
            assert_eq!(by.give(&beyond), Err(MemberError::SitesOutOfReach));
        }
        assert_eq!(remove_member(&by, &staff(&[2]), 1), Ok(()));
    }

    #[test]
    fn only_a_higher_role_gains_rights() {
        let order = [Role::Auditor, Role::Staff, Role::Manager, Role::Owner];
        for (at, from) in order.into_iter().enumerate() {
            for (place, to) in order.into_iter().enumerate() {
                assert_eq!(gains_rights(&everywhere(from), &everywhere(to)), place > at, "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn additional_sites_gain_rights() {
        let staff = |reach| Rights { role: Role::Staff, site_access: reach };
        let reaches = [SiteAccess::sites([site(1)]), SiteAccess::sites([site(1), site(2)]), SiteAccess::AllSites];
        for (at, from) in reaches.iter().enumerate() {
            for (place, to) in reaches.iter().enumerate() {
                assert_eq!(gains_rights(&staff(from.clone()), &staff(to.clone())), place > at, "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn managers_give_only_the_manager_and_staff_roles() {
        let given = |by: Role| Role::ALL.into_iter().filter(|role| by.may_give(*role)).collect::<Vec<_>>();
        assert_eq!(given(Role::Owner), Role::ALL);
        assert_eq!(given(Role::Manager), [Role::Manager, Role::Staff]);
        assert_eq!(given(Role::Staff), []);
        assert_eq!(Role::Manager.give(Role::Owner), Err(MemberError::RoleTooHigh { role: Role::Owner }));
        assert!(!everywhere(Role::Manager).may_give(&everywhere(Role::Owner)));
    }
}
