//! A type for each kind of identifier, so one cannot be passed for another. All are UUIDs (version 7, RFC 9562).

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fault::Fault;
use crate::text::tidy;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        /// An identifier: a UUID, version 7.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    BusinessId
    BreakId
    /// Made by the client that logs the check, so a check that is sent twice is stored once.
    CheckId
    ClosureId
    CustomerId
    DeviceId
    GuaranteeId
    InviteId
    PasskeyId
    PersonId
    PlaceId
    ProblemId
    RecoveryId
    SessionId
    SiteId
    TokenId
    /// The id of one version of a guarantee's wording.
    VersionId
}

/// Parses an id in a form or a document.
///
/// # Errors
/// [`Fault::Missing`] or [`Fault::Malformed`].
pub fn parse<T: FromStr>(text: &str) -> Result<T, Fault> {
    match tidy(text).as_str() {
        "" => Err(Fault::Missing),
        text => text.parse().map_err(|_| Fault::Malformed),
    }
}

/// Parses a list of ids. An empty list is allowed.
///
/// # Errors
/// [`Fault::Malformed`].
pub fn parse_all<T: FromStr>(texts: &[String]) -> Result<Vec<T>, Fault> {
    texts.iter().map(|text| parse(text).map_err(|_| Fault::Malformed)).collect()
}
