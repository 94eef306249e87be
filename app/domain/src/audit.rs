//! The audit log: the actions an owner may want to know about later, each under a stable name.

use crate::fault::Fault;

macro_rules! audit_events {
    ($($(#[$doc:meta])* $event:ident $name:literal)*) => {
        /// One kind of audited action. Checks and their corrections are not among them: they have a list of their own,
        /// with who and when.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AuditEvent { $($(#[$doc])* $event),* }

        impl AuditEvent {
            /// Every kind of action.
            pub const ALL: &[Self] = &[$(Self::$event),*];

            /// The stable name it is stored and exported under.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$event => $name),* }
            }
        }
    };
}

audit_events! {
    SignedIn "signed_in"
    /// A wrong password, second step or PIN for someone who is a member.
    SignInFailed "sign_in_failed"
    SignedOut "signed_out"
    SessionEnded "session_ended"
    PasswordChanged "password_changed"
    FactorAdded "factor_added"
    FactorRemoved "factor_removed"
    PinChanged "pin_changed"
    PersonInvited "person_invited"
    InviteRevoked "invite_revoked"
    PersonJoined "person_joined"
    /// A person was given another role.
    RoleChanged "person_appointed"
    /// A person was given access to other sites.
    SiteAccessChanged "person_bound"
    PersonRemoved "person_removed"
    PersonLeft "person_left"
    DeviceCreated "device_made"
    DeviceRegistered "device_registered"
    DeviceRevoked "device_revoked"
    TokenCreated "token_made"
    TokenRevoked "token_revoked"
    /// A customer's link ended, because the person who made it lost the right to it.
    CustomerLinkRevoked "link_ended"
    /// A grant now covers fewer sites, because its maker does.
    GrantNarrowed "grant_narrowed"
    /// A grant made by someone else was taken over; it now belongs to the person who took it over.
    GrantReassigned "grant_taken_over"
    BusinessChanged "business_changed"
    /// The roles that must use a second sign-in step were changed.
    RequiredFactorsChanged "factors_required"
    ProblemAdded "problem_added"
    GuaranteeAdded "guarantee_added"
    GuaranteeReworded "guarantee_reworded"
    GuaranteeStageChanged "guarantee_moved"
    /// The places where the guarantee is promised were changed.
    GuaranteePlacesChanged "guarantee_relocated"
    ScheduleChanged "guarantee_scheduled"
    /// The photo policy of a guarantee was changed.
    PhotoPolicyChanged "guarantee_pictured"
    /// A picture of what *kept* looks like was added.
    ExamplePhotoChanged "example_shown"
    SiteAdded "site_added"
    /// The time zone of a site was changed.
    SiteTimeZoneChanged "site_zoned"
    PlaceAdded "place_added"
    /// A place was given a new tag code; the old one is retired.
    TagReplaced "place_relabelled"
    ClosureAnnounced "closure_announced"
    ClosureEnded "closure_ended"
    RecoveryStepTaken "recovery_stepped"
    /// A new private link for an invitation, a device or a follow-up. The old link ended.
    LinkRenewed "link_renewed"
    ObstacleAnswered "obstacle_answered"
    SecondLookGiven "second_look_given"
    CustomerErased "customer_forgotten"
}

impl AuditEvent {
    /// Reads a kind of action by its name.
    ///
    /// # Errors
    /// [`Fault::UnknownChoice`] if there is no such name.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.iter().copied().find(|event| event.name() == text).ok_or(Fault::UnknownChoice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audit_events_parse_from_their_names() {
        for event in AuditEvent::ALL {
            assert_eq!(AuditEvent::parse(event.name()), Ok(*event));
        }
        assert_eq!(AuditEvent::parse("looked"), Err(Fault::UnknownChoice));
    }
}
