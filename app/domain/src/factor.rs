//! The second step at signing in: what someone has, besides the password they know.

use crate::actor::Role;
use crate::fault::Fault;
use crate::text::tidy;

/// How many recovery codes there are at a time: each is good once, when the phone is lost.
pub const RECOVERY_CODES: usize = 10;

/// How many wrong answers end a sign-in that has come as far as the second step.
pub const TRIES: i64 = 5;

/// What someone has for the second step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// An app that shows a code every thirty seconds (RFC 6238).
    pub authenticator: bool,
    pub passkeys: usize,
    /// Those not used yet.
    pub recovery_codes: usize,
}

/// What is still to do after the password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    Enter,
    /// The second step.
    Ask,
    /// Nothing yet; but until there is a second step, one only gets as far as setting it up.
    SetUp,
}

/// What is typed at the second step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The six digits that an app shows.
    Code(String),
    Recovery(RecoveryCode),
}

/// One of the codes that people print and put away: six groups of four characters, 120 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl Factors {
    /// Whether there is a second step at all. Recovery codes alone are none.
    #[must_use]
    pub fn any(self) -> bool {
        self.authenticator || self.passkeys > 0
    }

    /// Whoever has a second step takes it, whether or not their business asks for one.
    #[must_use]
    pub fn next(self, required: bool) -> Next {
        match (self.any(), required) {
            (true, _) => Next::Ask,
            (false, true) => Next::SetUp,
            (false, false) => Next::Enter,
        }
    }
}

impl Answer {
    /// What was typed: spaces and hyphens do not matter.
    ///
    /// # Errors
    /// Missing, or neither six digits nor a recovery code.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let plain: String = tidy(text).chars().filter(|c| !c.is_whitespace() && *c != '-').take(40).collect();
        if plain.is_empty() {
            return Err(Fault::Missing);
        }
        if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Code(plain));
        }
        RecoveryCode::parse(&plain).map(Self::Recovery)
    }
}

/// Characters that are not mistaken for one another.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

impl RecoveryCode {
    const LENGTH: usize = 24;

    /// A code from random bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let chosen = bytes.iter().take(Self::LENGTH);
        Self(chosen.map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let folded = text.to_ascii_lowercase();
        let known = folded.bytes().all(|byte| ALPHABET.contains(&byte));
        if folded.len() == Self::LENGTH && known { Ok(Self(folded)) } else { Err(Fault::Malformed) }
    }

    /// Without its hyphens, as it is hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// In groups, as it is shown once and typed.
impl std::fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, character) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// An app's code is good once (RFC 6238, 5.2): only for a later step than the last one used.
///
/// # Errors
/// The code of this step was used, or one after it.
pub fn use_step(last: Option<i64>, step: i64) -> Result<i64, Fault> {
    if last.is_none_or(|last| step > last) { Ok(step) } else { Err(Fault::Wrong) }
}

/// The roles that take a second step, from the names that were ticked.
///
/// # Errors
/// One of them is no role.
pub fn required(names: &[String]) -> Result<Vec<Role>, Fault> {
    let mut roles = names.iter().map(|name| Role::parse(name)).collect::<Result<Vec<_>, _>>()?;
    roles.sort_unstable_by_key(|role| role.name());
    roles.dedup();
    Ok(roles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whoever_has_a_second_step_takes_it_and_whoever_must_sets_it_up() {
        let none = Factors { recovery_codes: 3, ..Factors::default() };
        let app = Factors { authenticator: true, ..Factors::default() };
        let key = Factors { passkeys: 1, ..Factors::default() };
        assert_eq!((none.next(false), none.next(true)), (Next::Enter, Next::SetUp));
        for some in [app, key] {
            assert_eq!((some.next(false), some.next(true)), (Next::Ask, Next::Ask));
        }
    }

    #[test]
    fn what_is_typed_is_a_code_of_the_app_or_a_recovery_code() {
        assert_eq!(Answer::parse(" 123 456 "), Ok(Answer::Code("123456".into())));
        assert_eq!(Answer::parse(" "), Err(Fault::Missing));
        for wrong in ["12345", "1234567", "abcdef", "1234-5678-90ab-cde", "ąbcd-efgh-jkmn-pqrs", "٣٣٣٣٣٣"] {
            assert_eq!(Answer::parse(wrong), Err(Fault::Malformed), "{wrong}");
        }
        assert_eq!(required(&["boss".into()]), Err(Fault::UnknownChoice));
        assert_eq!(required(&["owner".into(), "owner".into()]), Ok(vec![Role::Owner]));
    }

    #[test]
    fn a_recovery_code_is_hashed_without_hyphens_and_tells_nothing_in_a_log() {
        let bytes: Vec<u8> = (0..32).map(|at: u8| at.wrapping_mul(9)).collect();
        let code = RecoveryCode::from_bytes(bytes.as_slice().try_into().unwrap());
        assert_eq!(code.to_string(), "akv5-eqz9-ju4d-py8h-t3cn-x7gs");
        assert_eq!(code.as_bytes(), b"akv5eqz9ju4dpy8ht3cnx7gs");
        assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
    }

    proptest! {
        #[test]
        fn a_recovery_code_is_read_as_it_was_shown(bytes: [u8; 32]) {
            let code = RecoveryCode::from_bytes(&bytes);
            let shown = code.to_string();
            prop_assert_eq!(shown.len(), 29);
            prop_assert_eq!(Answer::parse(&shown.to_uppercase()), Ok(Answer::Recovery(code)));
        }

        #[test]
        fn no_code_is_good_twice(steps in prop::collection::vec(0_i64..20, 0..30)) {
            let (mut last, mut used) = (None, std::collections::BTreeSet::new());
            for step in steps {
                match use_step(last, step) {
                    Ok(step) => {
                        prop_assert!(used.insert(step));
                        last = Some(step);
                    }
                    Err(_) => prop_assert!(last.is_some_and(|last| step <= last), "a later one is good"),
                }
            }
        }
    }
}
