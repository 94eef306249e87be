//! Passwords and PINs, hashed with argon2id outside the async threads.

use argon2::password_hash::SaltString;
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use domain::fault::Fault;
use domain::person::Password;
use domain::pin::Pin;
use store::ClockAndRandom;
use zxcvbn::Score;

use crate::error::Error;
use crate::state::AppState;

/// The hash that is checked for an unknown address, so that the answer takes equally long.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dHJpYWxtYXJrLW5vYm9keQ$2o4pYFD0cnjXXG9cxKfR6fFdSxzpUcxUe0EhDkqIhQc";

/// Hashes a password with a salt of its own (argon2id with OWASP's recommended parameters: 19 MiB, 2 passes).
///
/// # Errors
/// The hash could not be computed.
pub fn hash(password: &Password, source: &dyn ClockAndRandom) -> Result<String, Error> {
    hash_bytes(password.as_bytes(), source)
}

fn hash_bytes(secret: &[u8], source: &dyn ClockAndRandom) -> Result<String, Error> {
    let salt = SaltString::encode_b64(&source.bytes()[..16]).map_err(hashing_failed)?;
    let hash = Argon2::default().hash_password(secret, &salt).map_err(hashing_failed)?;
    Ok(hash.to_string())
}

/// Refuses a password that is common, or made of common words or of what is known about its owner.
///
/// # Errors
/// The password could be guessed.
pub fn check_strength(password: &Password, user_inputs: &[&str]) -> Result<(), Error> {
    let text = String::from_utf8_lossy(password.as_bytes());
    // A longer text makes the estimate slow and no better.
    let text: String = text.chars().take(72).collect();
    if zxcvbn::zxcvbn(&text, user_inputs).score() < Score::Three {
        return Err(Error::invalid("password", Fault::TooCommon));
    }
    Ok(())
}

impl AppState {
    /// Checks the strength of a password and hashes it.
    pub(crate) async fn hash_password(&self, password: Password, user_inputs: &[&str]) -> Result<String, Error> {
        let (store, user_inputs) =
            (self.store.clone(), user_inputs.iter().map(|&one| one.to_owned()).collect::<Vec<_>>());
        let job = move || {
            check_strength(&password, &user_inputs.iter().map(String::as_str).collect::<Vec<_>>())?;
            hash(&password, store.source())
        };
        self.hashing.run(job).await?
    }

    /// A PIN is short. What protects it is the lock after five wrong attempts.
    pub(crate) async fn hash_pin(&self, pin: Pin) -> Result<String, Error> {
        let store = self.store.clone();
        self.hashing.run(move || hash_bytes(pin.as_str().as_bytes(), store.source())).await?
    }

    /// Whether the password matches the hash. Without one, or with the empty hash of people who were imported with a
    /// business and have no password yet, the answer is no and takes equally long.
    pub(crate) async fn verify_password(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        let job = move || {
            let hash = hash.filter(|hash| !hash.is_empty());
            let has_password = hash.is_some();
            let hash = hash.unwrap_or_else(|| DUMMY_HASH.to_owned());
            let parsed = PasswordHash::new(&hash).map_err(hashing_failed)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && has_password)
        };
        self.hashing.run(job).await?
    }
}

fn hashing_failed(error: argon2::password_hash::Error) -> Error {
    tracing::error!(%error, "a password could not be hashed");
    Error::Internal
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::Params;
    use chrono::{DateTime, Utc};

    struct FixedSource;

    impl ClockAndRandom for FixedSource {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH
        }

        fn bytes(&self) -> [u8; 32] {
            [7; 32]
        }
    }

    #[test]
    fn the_dummy_hash_has_the_same_cost_as_a_real_hash() {
        let anybodys = hash(&Password::parse("seven green lighthouses").unwrap(), &FixedSource).unwrap();
        let cost = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            let lengths = (hash.salt.map(|salt| salt.as_str().len()), hash.hash.map(|hash| hash.len()));
            (hash.algorithm.to_string(), hash.version, Params::try_from(&hash).unwrap(), lengths)
        };
        assert_eq!(cost(DUMMY_HASH), cost(&anybodys));
        let (_, _, parameters, _) = cost(DUMMY_HASH);
        assert_eq!((parameters.m_cost(), parameters.t_cost(), parameters.p_cost()), (19 * 1024, 2, 1));
    }
}
