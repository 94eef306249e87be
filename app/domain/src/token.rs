//! A program's token: what it may do, where, and until when.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::actor::{Reach, Role};
use crate::fault::{Faults, whole};
use crate::member::Rights;
use crate::reach;
use crate::text::Line;

/// How long a token can last, in days: every one ends.
pub const LONGEST: i64 = 730;

/// A token about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is for.
    pub name: Line,
    pub role: Role,
    pub reach: Reach,
    pub lasts: TimeDelta,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TokenDraft {
    pub name: String,
    pub role: String,
    pub reach: String,
    pub sites: Vec<String>,
    /// Days.
    pub lasts: String,
}

/// What has become of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Good,
    RunOut,
    Revoked,
}

impl TokenDraft {
    /// # Errors
    /// Every field that is not as it must be.
    pub fn parse(&self) -> Result<Token, Faults> {
        let mut faults = Faults::default();
        let name = faults.take("name", Line::parse(&self.name));
        let role = faults.take("role", Role::parse(&self.role));
        let lasts = faults.take("lasts", whole(&self.lasts, 1, LONGEST).map(TimeDelta::days));
        let reach = match reach::parse(&self.reach, &self.sites) {
            Ok(reach) => reach,
            Err(more) => return Err(faults.and(more)),
        };
        let rights = role.and_then(|role| faults.take("reach", Rights::of(role, reach)));
        match (name, rights, lasts) {
            (Some(name), Some(Rights { role, reach }), Some(lasts)) => Ok(Token { name, role, reach, lasts }),
            _ => Err(faults),
        }
    }
}

/// What a token is at a time, by when it ends and whether it was taken back.
#[must_use]
pub fn state(expires_at: DateTime<Utc>, revoked: bool, now: DateTime<Utc>) -> State {
    match (revoked, expires_at <= now) {
        (true, _) => State::Revoked,
        (false, true) => State::RunOut,
        (false, false) => State::Good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    #[test]
    fn a_token_has_a_purpose_a_role_and_an_end() {
        let faults = TokenDraft { lasts: "forever".into(), ..TokenDraft::default() }.parse().unwrap_err();
        assert_eq!(faults.at("name"), Some(Fault::Missing));
        assert_eq!(faults.at("role"), Some(Fault::UnknownChoice));
        assert_eq!(faults.at("lasts"), Some(Fault::NotANumber));
        let draft =
            TokenDraft { name: "Till".into(), role: "staff".into(), lasts: "731".into(), ..TokenDraft::default() };
        assert_eq!(draft.parse().unwrap_err().at("lasts"), Some(Fault::OutOfRange { min: 1, max: LONGEST }));
        assert_eq!(TokenDraft { lasts: "90".into(), ..draft }.parse().unwrap().lasts, TimeDelta::days(90));
    }

    #[test]
    fn a_token_is_good_until_it_ends_or_is_taken_back() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(state(now + TimeDelta::seconds(1), false, now), State::Good);
        assert_eq!(state(now, false, now), State::RunOut);
        assert_eq!(state(now + TimeDelta::seconds(1), true, now), State::Revoked);
    }
}
