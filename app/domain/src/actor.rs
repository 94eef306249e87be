//! Who acts, for which business, and what they may do there.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fault::Fault;
use crate::ids::{BusinessId, PersonId, TokenId};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    pub business: BusinessId,
    pub who: Who,
    pub role: Role,
}

/// The kinds of things people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Read what is not public.
    Read,
    /// Log and correct checks.
    Check,
    /// Walk a recovery through its steps.
    Recover,
    /// Write problems, guarantees, sites and places; publish.
    Define,
    /// Let people in, give them another role, let them in no longer.
    Invite,
    /// Change the business itself.
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
            Act::Read => true,
            Act::Check | Act::Recover => self != Self::Auditor,
            Act::Define | Act::Invite => matches!(self, Self::Owner | Self::Manager),
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
        Self::ALL.into_iter().find(|role| role.name() == text.trim()).ok_or(Fault::UnknownChoice)
    }
}

impl Actor {
    /// # Errors
    /// The role does not allow it.
    pub fn permit(&self, act: Act) -> Result<(), NotAllowed> {
        if self.role.may(act) { Ok(()) } else { Err(NotAllowed { role: self.role }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_reads_and_changes_nothing() {
        let changes = [Act::Check, Act::Recover, Act::Define, Act::Invite, Act::Govern];
        assert!(Role::Auditor.may(Act::Read));
        assert!(changes.iter().all(|act| !Role::Auditor.may(*act)));
    }

    #[test]
    fn staff_log_and_recover_but_do_not_define() {
        assert!(Role::Staff.may(Act::Check) && Role::Staff.may(Act::Recover));
        assert!(!Role::Staff.may(Act::Define) && !Role::Manager.may(Act::Govern));
    }
}
