//! The second sign-in step: something a person has, besides the password they know.

use crate::fault::Fault;
use crate::role::Role;
use crate::text::tidy;

/// How many recovery codes a person gets at a time. Each works once, in case the phone is lost.
pub const RECOVERY_CODES: usize = 10;

/// A sign-in ends after this many wrong answers at the second step.
pub const MAX_ATTEMPTS: i64 = 5;

/// The second factors a person has set up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// Whether an authenticator app is set up, which shows a new code every 30 seconds (TOTP, RFC 6238).
    pub authenticator: bool,
    pub passkeys: usize,
    /// How many recovery codes are unused.
    pub recovery_codes: usize,
}

/// The next step after a correct password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInStep {
    /// The person is signed in.
    SignedIn,
    /// Ask for the second step.
    AskSecondStep,
    /// A second step is required and not set up yet. Until it is, nothing else can be done.
    SetUpSecondStep,
}

/// What was typed at the second step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorAnswer {
    /// The six digits shown by an authenticator app.
    Totp(String),
    RecoveryCode(RecoveryCode),
}

/// A recovery code, to be printed and put away: six groups of four characters, 120 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl Factors {
    /// Whether there is a second step. Recovery codes alone do not count.
    #[must_use]
    pub fn has_any(self) -> bool {
        self.authenticator || self.passkeys > 0
    }

    /// The next step after a correct password. A person who has set up a second step must always take it, even if their
    /// role is not `required` to have one.
    #[must_use]
    pub fn next(self, required: bool) -> SignInStep {
        match (self.has_any(), required) {
            (true, _) => SignInStep::AskSecondStep,
            (false, true) => SignInStep::SetUpSecondStep,
            (false, false) => SignInStep::SignedIn,
        }
    }
}

impl FactorAnswer {
    /// Parses what was typed, ignoring spaces and hyphens.
    ///
    /// # Errors
    /// [`Fault::Missing`], or [`Fault::Malformed`] if it is neither six digits nor a recovery code.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let plain: String = tidy(text).chars().filter(|c| !c.is_whitespace() && *c != '-').take(40).collect();
        if plain.is_empty() {
            return Err(Fault::Missing);
        }
        if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Totp(plain));
        }
        RecoveryCode::parse(&plain).map(Self::RecoveryCode)
    }
}

/// Letters and digits that are not mistaken for one another.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

impl RecoveryCode {
    const LENGTH: usize = 24;

    /// Makes a code from random bytes. Each of 24 bytes gives one character (5 bits).
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

    /// The code without hyphens, as it is hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Shown in groups of four.
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

/// Decides whether an app's code is accepted. `step` is the time step of the code; it must be later than the last one
/// used, so each code works once (RFC 6238, section 5.2). Returns the step to remember.
///
/// # Errors
/// [`Fault::Wrong`] if this step or a later one was used already.
pub fn accept_totp_step(last: Option<i64>, step: i64) -> Result<i64, Fault> {
    if last.is_none_or(|last| step > last) { Ok(step) } else { Err(Fault::Wrong) }
}

/// Parses the names of the roles that must use a second step.
///
/// # Errors
/// [`Fault::UnknownChoice`] if a name is not a role.
pub fn parse_required_roles(names: &[String]) -> Result<Vec<Role>, Fault> {
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
    fn sign_in_asks_for_a_second_step_or_requires_setting_it_up() {
        let none = Factors { recovery_codes: 3, ..Factors::default() };
        let app = Factors { authenticator: true, ..Factors::default() };
        let key = Factors { passkeys: 1, ..Factors::default() };
        assert_eq!((none.next(false), none.next(true)), (SignInStep::SignedIn, SignInStep::SetUpSecondStep));
        for some in [app, key] {
            assert_eq!((some.next(false), some.next(true)), (SignInStep::AskSecondStep, SignInStep::AskSecondStep));
        }
    }

    #[test]
    fn a_second_step_answer_is_a_totp_or_recovery_code() {
        assert_eq!(FactorAnswer::parse(" 123 456 "), Ok(FactorAnswer::Totp("123456".into())));
        assert_eq!(FactorAnswer::parse(" "), Err(Fault::Missing));
        for wrong in ["12345", "1234567", "abcdef", "1234-5678-90ab-cde", "ąbcd-efgh-jkmn-pqrs", "٣٣٣٣٣٣"] {
            assert_eq!(FactorAnswer::parse(wrong), Err(Fault::Malformed), "{wrong}");
        }
        assert_eq!(parse_required_roles(&["boss".into()]), Err(Fault::UnknownChoice));
        assert_eq!(parse_required_roles(&["owner".into(), "owner".into()]), Ok(vec![Role::Owner]));
    }

    #[test]
    fn a_recovery_code_hashes_without_hyphens_and_hides_in_debug() {
        let bytes: Vec<u8> = (0..32).map(|at: u8| at.wrapping_mul(9)).collect();
        let code = RecoveryCode::from_bytes(bytes.as_slice().try_into().unwrap());
        assert_eq!(code.to_string(), "akv5-eqz9-ju4d-py8h-t3cn-x7gs");
        assert_eq!(code.as_bytes(), b"akv5eqz9ju4dpy8ht3cnx7gs");
        assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
    }

    proptest! {
        #[test]
        fn a_recovery_code_parses_as_shown_in_any_case(bytes: [u8; 32]) {
            let code = RecoveryCode::from_bytes(&bytes);
            let shown = code.to_string();
            prop_assert_eq!(shown.len(), 29);
            prop_assert_eq!(FactorAnswer::parse(&shown.to_uppercase()), Ok(FactorAnswer::RecoveryCode(code)));
        }

        #[test]
        fn no_totp_step_is_accepted_twice(steps in prop::collection::vec(0_i64..20, 0..30)) {
            let (mut last, mut used) = (None, std::collections::BTreeSet::new());
            for step in steps {
                match accept_totp_step(last, step) {
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
