//! The roles in a business, and the permissions of each.

use serde::{Deserialize, Serialize};

use crate::closed_set::closed_set;
use crate::fault::Fault;
use crate::text::tidy;

/// The role of a person or token in a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Manager,
    Staff,
    /// Reads everything, changes nothing.
    Auditor,
}

/// The kinds of actions in a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See the promises at each place and their current state.
    ViewToday,
    /// Read everything else that is not public.
    ViewInternal,
    /// Log checks.
    LogChecks,
    /// Correct checks.
    CorrectChecks,
    /// Take the steps of a recovery, and see its customer.
    HandleRecoveries,
    /// Write and publish problems and guarantees, and choose the places where they are promised.
    ManageGuarantees,
    /// Add places to sites.
    ManagePlaces,
    /// Answer obstacles.
    AnswerObstacles,
    /// Conclude second looks.
    GiveSecondLooks,
    /// Invite people, register devices, change roles and site access, and remove members.
    Invite,
    /// Erase a customer's personal data, or hand it over to the customer.
    EraseCustomers,
    /// Change the business itself, and read its audit log.
    Administer,
}

closed_set! { Role.name { Owner = "owner", Manager = "manager", Staff = "staff", Auditor = "auditor" } }

impl Role {
    /// Whether the role has this permission.
    #[must_use]
    pub fn may(self, act: Permission) -> bool {
        match act {
            Permission::ViewToday | Permission::ViewInternal => true,
            Permission::LogChecks | Permission::CorrectChecks | Permission::HandleRecoveries => self != Self::Auditor,
            Permission::ManageGuarantees
            | Permission::ManagePlaces
            | Permission::AnswerObstacles
            | Permission::GiveSecondLooks
            | Permission::Invite
            | Permission::EraseCustomers => {
                matches!(self, Self::Owner | Self::Manager)
            }
            Permission::Administer => self == Self::Owner,
        }
    }

    /// Reads a role by its name.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`] if there is no such role.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.into_iter().find(|role| role.name() == tidy(text)).ok_or(Fault::UnknownChoice)
    }
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 12] = [
        Self::ViewToday,
        Self::ViewInternal,
        Self::LogChecks,
        Self::CorrectChecks,
        Self::HandleRecoveries,
        Self::ManageGuarantees,
        Self::ManagePlaces,
        Self::AnswerObstacles,
        Self::GiveSecondLooks,
        Self::Invite,
        Self::EraseCustomers,
        Self::Administer,
    ];

    /// Whether it applies to the whole business. If so, access to some sites is not enough.
    #[must_use]
    pub fn is_business_wide(self) -> bool {
        matches!(self, Self::ManageGuarantees | Self::Administer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_reads_and_changes_nothing() {
        let may: Vec<_> = Permission::ALL.into_iter().filter(|act| Role::Auditor.may(*act)).collect();
        assert_eq!(may, [Permission::ViewToday, Permission::ViewInternal]);
    }

    #[test]
    fn staff_handle_only_checks_and_recoveries() {
        let may: Vec<_> = Permission::ALL.into_iter().filter(|act| Role::Staff.may(*act)).collect();
        assert_eq!(
            may,
            [
                Permission::ViewToday,
                Permission::ViewInternal,
                Permission::LogChecks,
                Permission::CorrectChecks,
                Permission::HandleRecoveries
            ]
        );
    }

    #[test]
    fn only_owners_may_administer_and_managers_may_all_else() {
        let not: Vec<_> = Permission::ALL.into_iter().filter(|act| !Role::Manager.may(*act)).collect();
        assert_eq!(not, [Permission::Administer]);
        assert!(Permission::ALL.into_iter().all(|act| Role::Owner.may(act)));
    }

    #[test]
    fn managing_guarantees_and_administering_are_business_wide() {
        let whole: Vec<_> = Permission::ALL.into_iter().filter(|act| act.is_business_wide()).collect();
        assert_eq!(whole, [Permission::ManageGuarantees, Permission::Administer]);
    }
}
