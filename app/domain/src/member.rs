//! Who is let in, by whom: nobody gives a role above their own, and a business never loses its last owner.

use thiserror::Error;

use crate::actor::{Act, Role};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("the role {} is not yours to give or to take", role.name())]
    AboveYou { role: Role },
    #[error("the last owner of a business stays its owner")]
    LastOwner,
    #[error("this person is let in already")]
    LetInAlready,
    #[error("this invitation is over")]
    Over,
    #[error("this changes nothing")]
    Unchanged,
}

impl Role {
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

/// Decides that someone has another role from now on.
///
/// # Errors
/// The old role or the new one is above whoever gives it; it is the last owner; it is the same.
pub fn appoint(by: Role, from: Role, to: Role, owners: usize) -> Result<(), Refused> {
    by.give(from)?;
    by.give(to)?;
    if from == to { Err(Refused::Unchanged) } else { leave(from, owners) }
}

/// Whether the new role may do anything that the old one may not.
#[must_use]
pub fn rises(from: Role, to: Role) -> bool {
    Act::ALL.into_iter().any(|act| to.may(act) && !from.may(act))
}

/// Decides that someone is let in no longer.
///
/// # Errors
/// Their role is above whoever takes it; it is the last owner.
pub fn dismiss(by: Role, role: Role, owners: usize) -> Result<(), Refused> {
    by.give(role)?;
    leave(role, owners)
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
    use proptest::prelude::*;

    fn any_role() -> impl Strategy<Value = Role> {
        prop::sample::select(Role::ALL.to_vec())
    }

    /// What may be tried: by whom, on whom, and to what.
    fn any_try() -> impl Strategy<Value = (usize, usize, Option<Role>)> {
        (0..5_usize, 0..5_usize, prop::option::of(any_role()))
    }

    proptest! {
        #[test]
        fn an_owner_remains_and_nobody_rises_above_who_lifts_them(
            roles in prop::collection::vec(any_role(), 4),
            tries in prop::collection::vec(any_try(), 0..40),
        ) {
            let mut members = vec![Some(Role::Owner)];
            members.extend(roles.into_iter().map(Some));
            for (by, whom, to) in tries {
                let (Some(hand), Some(from)) = (members[by], members[whom]) else { continue };
                let owners = members.iter().flatten().filter(|role| **role == Role::Owner).count();
                let done = match to {
                    Some(to) => appoint(hand, from, to, owners),
                    None if by == whom => leave(from, owners),
                    None => dismiss(hand, from, owners),
                };
                if done.is_ok() {
                    prop_assert!(to.is_none_or(|to| hand.may_give(to)));
                    members[whom] = to;
                }
                prop_assert!(members.contains(&Some(Role::Owner)));
            }
        }
    }

    #[test]
    fn one_rises_from_the_floor_to_the_owner_and_not_back() {
        let order = [Role::Auditor, Role::Staff, Role::Manager, Role::Owner];
        for (at, from) in order.into_iter().enumerate() {
            for (place, to) in order.into_iter().enumerate() {
                assert_eq!(rises(from, to), place > at, "{from:?} to {to:?}");
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
    }
}
