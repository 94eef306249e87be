//! Who is let in, by whom: nobody gives a role above their own or one that reaches further, and a business never loses its
//! last owner.

use thiserror::Error;

use crate::actor::{Act, Reach, Role};
use crate::fault::Fault;
use crate::ids::SiteId;

/// What someone may do in a business, and how far that reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    pub role: Role,
    pub reach: Reach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("the role {} is not yours to give or to take", role.name())]
    AboveYou { role: Role },
    #[error("this reaches further than you do")]
    BeyondYou,
    #[error("the last owner of a business stays its owner")]
    LastOwner,
    #[error("this person is let in already")]
    LetInAlready,
    #[error("this invitation is over")]
    Over,
    #[error("this changes nothing")]
    Unchanged,
}

impl Rights {
    /// Whether they allow something at a site.
    #[must_use]
    pub fn allow(&self, act: Act, site: SiteId) -> bool {
        self.role.may(act) && self.reach.covers(&Reach::of([site]))
    }
}

impl Role {
    /// Whether the role can be held for some sites only.
    #[must_use]
    pub fn may_be_bound(self) -> bool {
        matches!(self, Self::Manager | Self::Staff)
    }

    /// Whether this role may give that one, and take it away: owners any, managers those of the floor.
    #[must_use]
    pub fn may_give(self, role: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Manager => matches!(role, Self::Manager | Self::Staff),
            Self::Staff | Self::Auditor => false,
        }
    }

    /// # Errors
    /// That role is above this one.
    pub fn give(self, role: Self) -> Result<(), Refused> {
        if self.may_give(role) { Ok(()) } else { Err(Refused::AboveYou { role }) }
    }
}

impl Rights {
    /// # Errors
    /// It is bound to sites, and the role is one that reaches everything.
    pub fn of(role: Role, reach: Reach) -> Result<Self, Fault> {
        let fits = reach.is_everywhere() || role.may_be_bound();
        if fits { Ok(Self { role, reach }) } else { Err(Fault::ReachesAll) }
    }

    /// What the role allows, within how far it reaches.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        self.role.may(act) && (self.reach.is_everywhere() || !act.is_of_the_whole())
    }

    #[must_use]
    pub fn may_give(&self, other: &Self) -> bool {
        self.give(other).is_ok()
    }

    /// # Errors
    /// Their role is above this one, or reaches further.
    pub fn give(&self, other: &Self) -> Result<(), Refused> {
        self.role.give(other.role)?;
        if self.reach.covers(&other.reach) { Ok(()) } else { Err(Refused::BeyondYou) }
    }
}

/// Decides that someone has another role from now on, and within what reach: one that reaches everything is bound no more.
///
/// # Errors
/// The old role or the new one is above whoever gives it, or reaches further; it is the last owner; it is the same.
pub fn appoint(by: &Rights, from: &Rights, to: Role, owners: usize) -> Result<Rights, Refused> {
    let reach = if to.may_be_bound() { from.reach.clone() } else { Reach::Everywhere };
    let to = Rights { role: to, reach };
    by.give(from)?;
    by.give(&to)?;
    if from.role == to.role { Err(Refused::Unchanged) } else { leave(from.role, owners).map(|()| to) }
}

/// Decides how far someone reaches from now on.
///
/// # Errors
/// Their role is above whoever decides it, or they reach further, now or then; it is the same.
pub fn bind(by: &Rights, from: &Rights, to: &Rights) -> Result<(), Refused> {
    by.give(from)?;
    by.give(to)?;
    if from == to { Err(Refused::Unchanged) } else { Ok(()) }
}

/// Whether the new rights allow anything that the old ones do not.
#[must_use]
pub fn rises(from: &Rights, to: &Rights) -> bool {
    let may_more = Act::ALL.into_iter().any(|act| to.role.may(act) && !from.role.may(act));
    may_more || !from.reach.covers(&to.reach)
}

/// Decides that someone is let in no longer.
///
/// # Errors
/// Their role is above whoever takes it, or reaches further; it is the last owner.
pub fn dismiss(by: &Rights, theirs: &Rights, owners: usize) -> Result<(), Refused> {
    by.give(theirs)?;
    leave(theirs.role, owners)
}

/// Decides that someone goes by themselves.
///
/// # Errors
/// They are the last owner.
pub fn leave(role: Role, owners: usize) -> Result<(), Refused> {
    if role == Role::Owner && owners <= 1 { Err(Refused::LastOwner) } else { Ok(()) }
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

    fn any_reach() -> impl Strategy<Value = Reach> {
        let sites = prop::collection::vec(0..3_u128, 1..3);
        prop_oneof![Just(Reach::Everywhere), sites.prop_map(|sites| Reach::of(sites.into_iter().map(site)))]
    }

    fn any_rights() -> impl Strategy<Value = Rights> {
        let rights = |(role, reach)| Rights::of(role, reach).ok();
        (prop::sample::select(Role::ALL.to_vec()), any_reach()).prop_filter_map("a role that is not bound", rights)
    }

    /// What may be tried on someone.
    #[derive(Clone, Debug)]
    enum Try {
        Invite(Rights),
        Appoint(Role),
        Bind(Reach),
        /// By themselves, if it is they who try it.
        Dismiss,
    }

    fn any_try() -> impl Strategy<Value = (usize, usize, Try)> {
        let what = prop_oneof![
            any_rights().prop_map(Try::Invite),
            prop::sample::select(Role::ALL.to_vec()).prop_map(Try::Appoint),
            any_reach().prop_map(Try::Bind),
            Just(Try::Dismiss),
        ];
        (0..5_usize, 0..5_usize, what)
    }

    /// The rights of whom it was tried on, if it is done.
    #[expect(clippy::option_option, reason = "refused; gone; or with these rights")]
    fn done(by: &Rights, from: Option<&Rights>, tried: &Try, owners: usize, own: bool) -> Option<Option<Rights>> {
        match (tried, from) {
            (Try::Invite(rights), None) => by.give(rights).ok().map(|()| Some(rights.clone())),
            (Try::Appoint(to), Some(from)) => appoint(by, from, *to, owners).ok().map(Some),
            (Try::Bind(to), Some(from)) => {
                let to = Rights::of(from.role, to.clone()).ok()?;
                bind(by, from, &to).ok().map(|()| Some(to))
            }
            (Try::Dismiss, Some(from)) if own => leave(from.role, owners).ok().map(|()| None),
            (Try::Dismiss, Some(from)) => dismiss(by, from, owners).ok().map(|()| None),
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn an_owner_remains_and_nobody_gives_what_is_above_or_beyond_them(
            rights in prop::collection::vec(any_rights(), 4),
            tries in prop::collection::vec(any_try(), 0..60),
        ) {
            let mut members = vec![Some(Rights { role: Role::Owner, reach: Reach::Everywhere })];
            members.extend(rights.into_iter().map(Some));
            for (by, whom, tried) in tries {
                let (Some(hand), from) = (members[by].clone(), members[whom].clone()) else { continue };
                let owners = members.iter().flatten().filter(|rights| rights.role == Role::Owner).count();
                let Some(to) = done(&hand, from.as_ref(), &tried, owners, by == whom) else { continue };
                let touched = from.iter().filter(|_| by != whom).chain(&to);
                for rights in touched {
                    prop_assert!(hand.may_give(rights));
                    prop_assert!(hand.role.may_give(rights.role) && hand.reach.covers(&rights.reach));
                }
                members[whom] = to;
                prop_assert!(members.iter().flatten().any(|rights| rights.role == Role::Owner));
                let fit = |rights: &Rights| rights.role.may_be_bound() || rights.reach.is_everywhere();
                prop_assert!(members.iter().flatten().all(fit));
            }
        }
    }

    fn everywhere(role: Role) -> Rights {
        Rights { role, reach: Reach::Everywhere }
    }

    #[test]
    fn owners_and_auditors_reach_everything() {
        let here = Reach::of([site(1)]);
        for role in Role::ALL {
            let bound = Rights::of(role, here.clone());
            assert_eq!(bound.is_ok(), matches!(role, Role::Manager | Role::Staff), "{role:?}");
        }
        let bound = Rights { role: Role::Staff, reach: here.clone() };
        let owner = everywhere(Role::Owner);
        for role in [Role::Owner, Role::Auditor] {
            assert_eq!(appoint(&owner, &bound, role, 1), Ok(everywhere(role)), "made so, one is bound no more");
        }
        assert_eq!(appoint(&owner, &bound, Role::Manager, 1), Ok(Rights { role: Role::Manager, reach: here }));
    }

    #[test]
    fn a_bound_manager_changes_those_within_their_reach_and_nobody_unbound() {
        let staff = |sites: &[u128]| Rights { role: Role::Staff, reach: Reach::of(sites.iter().copied().map(site)) };
        let by = Rights { role: Role::Manager, ..staff(&[1, 2]) };
        assert_eq!(bind(&by, &staff(&[1]), &staff(&[1, 2])), Ok(()));
        assert_eq!(bind(&by, &staff(&[1]), &staff(&[3])), Err(Refused::BeyondYou));
        assert_eq!(bind(&by, &staff(&[1]), &staff(&[1])), Err(Refused::Unchanged));
        for beyond in [staff(&[1, 3]), everywhere(Role::Staff)] {
            assert_eq!(bind(&by, &beyond, &staff(&[1])), Err(Refused::BeyondYou));
            assert_eq!(dismiss(&by, &beyond, 1), Err(Refused::BeyondYou));
            assert_eq!(appoint(&by, &beyond, Role::Manager, 1), Err(Refused::BeyondYou));
            assert_eq!(by.give(&beyond), Err(Refused::BeyondYou));
        }
        assert_eq!(dismiss(&by, &staff(&[2]), 1), Ok(()));
    }

    #[test]
    fn one_rises_from_the_floor_to_the_owner_and_not_back() {
        let order = [Role::Auditor, Role::Staff, Role::Manager, Role::Owner];
        for (at, from) in order.into_iter().enumerate() {
            for (place, to) in order.into_iter().enumerate() {
                assert_eq!(rises(&everywhere(from), &everywhere(to)), place > at, "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn one_rises_with_every_site_more() {
        let staff = |reach| Rights { role: Role::Staff, reach };
        let reaches = [Reach::of([site(1)]), Reach::of([site(1), site(2)]), Reach::Everywhere];
        for (at, from) in reaches.iter().enumerate() {
            for (place, to) in reaches.iter().enumerate() {
                assert_eq!(rises(&staff(from.clone()), &staff(to.clone())), place > at, "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn managers_let_in_the_floor_and_nobody_above() {
        let given = |by: Role| Role::ALL.into_iter().filter(|role| by.may_give(*role)).collect::<Vec<_>>();
        assert_eq!(given(Role::Owner), Role::ALL);
        assert_eq!(given(Role::Manager), [Role::Manager, Role::Staff]);
        assert_eq!(given(Role::Staff), []);
        assert_eq!(Role::Manager.give(Role::Owner), Err(Refused::AboveYou { role: Role::Owner }));
        assert!(!everywhere(Role::Manager).may_give(&everywhere(Role::Owner)));
    }
}
