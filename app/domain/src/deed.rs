//! What people did that an owner may want to know of later: each kind by a name that stays.

use crate::fault::Fault;

macro_rules! deeds {
    ($($(#[$doc:meta])* $deed:ident $name:literal)*) => {
        /// One kind of thing done. Checks and their corrections are not among them: they stand with who and when in a list
        /// of their own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Deed { $($(#[$doc])* $deed),* }

        impl Deed {
            pub const ALL: &[Self] = &[$(Self::$deed),*];

            /// The name it is stored and exported under.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$deed => $name),* }
            }
        }
    };
}

deeds! {
    SignedIn "signed_in"
    /// A wrong password, second step or PIN for someone who is let in.
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
    PersonAppointed "person_appointed"
    PersonBound "person_bound"
    PersonRemoved "person_removed"
    PersonLeft "person_left"
    DeviceMade "device_made"
    DeviceRegistered "device_registered"
    DeviceRevoked "device_revoked"
    TokenMade "token_made"
    TokenRevoked "token_revoked"
    /// A customer's link that ended with the rights of who made it.
    LinkEnded "link_ended"
    /// What somebody made goes on for fewer sites, as they do.
    GrantNarrowed "grant_narrowed"
    /// What somebody else made is in the name of who did it from now on.
    GrantTakenOver "grant_taken_over"
    BusinessChanged "business_changed"
    FactorsRequired "factors_required"
    ProblemAdded "problem_added"
    GuaranteeAdded "guarantee_added"
    GuaranteeReworded "guarantee_reworded"
    GuaranteeMoved "guarantee_moved"
    GuaranteeRelocated "guarantee_relocated"
    GuaranteeScheduled "guarantee_scheduled"
    /// Whether its checks come with pictures.
    GuaranteePictured "guarantee_pictured"
    /// A picture of what kept looks like.
    ExampleShown "example_shown"
    SiteAdded "site_added"
    SiteZoned "site_zoned"
    PlaceAdded "place_added"
    PlaceRelabelled "place_relabelled"
    ClosureAnnounced "closure_announced"
    ClosureEnded "closure_ended"
    RecoveryStepped "recovery_stepped"
    /// A new private link for an invitation, a device or a follow-up; the one before it ended.
    LinkRenewed "link_renewed"
    ObstacleAnswered "obstacle_answered"
    SecondLookGiven "second_look_given"
    CustomerForgotten "customer_forgotten"
}

impl Deed {
    /// # Errors
    /// Not the name of a deed.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::ALL.iter().copied().find(|deed| deed.name() == text).ok_or(Fault::UnknownChoice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_is_known_again_by_its_name() {
        for deed in Deed::ALL {
            assert_eq!(Deed::parse(deed.name()), Ok(*deed));
        }
        assert_eq!(Deed::parse("looked"), Err(Fault::UnknownChoice));
    }
}
