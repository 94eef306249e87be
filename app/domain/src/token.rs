//! API tokens for programs: what they may do, where, and until when.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::fault::{Faults, parse_integer};
use crate::rights::Rights;
use crate::role::Role;
use crate::site_access;
use crate::site_access::SiteAccess;
use crate::text::Line;

/// The longest lifetime of a token, in days. Every token expires.
pub const MAX_LIFETIME_DAYS: i64 = 730;

/// A token about to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What the token is for.
    pub name: Line,
    pub role: Role,
    pub site_access: SiteAccess,
    pub lifetime: TimeDelta,
}

/// Input for a [`Token`], as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TokenDraft {
    pub name: String,
    pub role: String,
    pub reach: String,
    pub sites: Vec<String>,
    /// The lifetime in days, from 1 to [`MAX_LIFETIME_DAYS`].
    pub lasts: String,
}

/// The state of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    Active,
    RunOut,
    Revoked,
}

impl TokenDraft {
    /// Parses the draft.
    ///
    /// # Errors
    /// The [`Faults`] of every invalid field. An invalid choice of sites is reported before the rights are checked.
    pub fn parse(&self) -> Result<Token, Faults> {
        let mut faults = Faults::default();
        let name = faults.collect("name", Line::parse(&self.name));
        let role = faults.collect("role", Role::parse(&self.role));
        let lasts = faults.collect("lasts", parse_integer(&self.lasts, 1, MAX_LIFETIME_DAYS).map(TimeDelta::days));
        let reach = match site_access::parse(&self.reach, &self.sites) {
            Ok(reach) => reach,
            Err(more) => return Err(faults.merge(more)),
        };
        let rights = role.and_then(|role| faults.collect("reach", Rights::new(role, reach)));
        match (name, rights, lasts) {
            (Some(name), Some(Rights { role, site_access: reach }), Some(lasts)) => {
                Ok(Token { name, role, site_access: reach, lifetime: lasts })
            }
            _ => Err(faults),
        }
    }
}

/// The state of a token at `now`.
#[must_use]
pub fn state(expires_at: DateTime<Utc>, revoked: bool, now: DateTime<Utc>) -> TokenState {
    match (revoked, expires_at <= now) {
        (true, _) => TokenState::Revoked,
        (false, true) => TokenState::RunOut,
        (false, false) => TokenState::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    #[test]
    fn a_token_needs_a_name_a_role_and_a_lifetime() {
        let faults = TokenDraft { lasts: "forever".into(), ..TokenDraft::default() }.parse().unwrap_err();
        assert_eq!(faults.of_field("name"), Some(Fault::Missing));
        assert_eq!(faults.of_field("role"), Some(Fault::UnknownChoice));
        assert_eq!(faults.of_field("lasts"), Some(Fault::NotANumber));
        let draft =
            TokenDraft { name: "Till".into(), role: "staff".into(), lasts: "731".into(), ..TokenDraft::default() };
        assert_eq!(
            draft.parse().unwrap_err().of_field("lasts"),
            Some(Fault::OutOfRange { min: 1, max: MAX_LIFETIME_DAYS })
        );
        assert_eq!(TokenDraft { lasts: "90".into(), ..draft }.parse().unwrap().lifetime, TimeDelta::days(90));
    }

    #[test]
    fn a_token_is_active_until_it_expires_or_is_revoked() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(state(now + TimeDelta::seconds(1), false, now), TokenState::Active);
        assert_eq!(state(now, false, now), TokenState::RunOut);
        assert_eq!(state(now + TimeDelta::seconds(1), true, now), TokenState::Revoked);
    }
}
