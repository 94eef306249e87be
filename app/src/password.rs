//! Passwords, hashed with argon2id off the threads that answer.

use argon2::password_hash::SaltString;
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use domain::fault::Fault;
use domain::person::Password;
use domain::pin::Pin;
use store::Source;
use zxcvbn::Score;

use crate::error::Error;
use crate::state::State;

/// What an unknown address is checked against, so that it takes as long as a known one: nobody's password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dHJpYWxtYXJrLW5vYm9keQ$2o4pYFD0cnjXXG9cxKfR6fFdSxzpUcxUe0EhDkqIhQc";

/// The hash of a password with a salt of its own (argon2id with the parameters OWASP recommends: 19 MiB, 2 passes).
///
/// # Errors
/// The hash could not be computed.
pub fn hash(password: &Password, source: &dyn Source) -> Result<String, Error> {
    hash_bytes(password.as_bytes(), source)
}

fn hash_bytes(secret: &[u8], source: &dyn Source) -> Result<String, Error> {
    let salt = SaltString::encode_b64(&source.bytes()[..16]).map_err(internal)?;
    let hash = Argon2::default().hash_password(secret, &salt).map_err(internal)?;
    Ok(hash.to_string())
}

/// Refuses a password that is on the lists of common ones, made of them, or of what is known about its owner.
///
/// # Errors
/// It would be guessed.
pub fn accept(password: &Password, known: &[&str]) -> Result<(), Error> {
    let text = String::from_utf8_lossy(password.as_bytes());
    // Beyond this length the estimate costs more than it tells.
    let text: String = text.chars().take(72).collect();
    if zxcvbn::zxcvbn(&text, known).score() < Score::Three {
        return Err(Error::invalid("password", Fault::TooCommon));
    }
    Ok(())
}

impl State {
    /// The hash of a password that nobody guesses, waiting for its turn.
    pub(crate) async fn hash(&self, password: Password, known: &[&str]) -> Result<String, Error> {
        let (store, known) = (self.store.clone(), known.iter().map(|&one| one.to_owned()).collect::<Vec<_>>());
        let work = move || {
            accept(&password, &known.iter().map(String::as_str).collect::<Vec<_>>())?;
            hash(&password, store.source())
        };
        self.hashing.done(work).await?
    }

    /// The hash of a PIN. It is short: what keeps it is the lock after five wrong ones.
    pub(crate) async fn hash_pin(&self, pin: Pin) -> Result<String, Error> {
        let store = self.store.clone();
        self.hashing.done(move || hash_bytes(pin.as_str().as_bytes(), store.source())).await?
    }

    /// Whether this is the password behind the hash; without a hash, or with the empty one of those who came with a business
    /// and have no password yet, it takes as long and is not.
    pub(crate) async fn matches(&self, typed: String, known: Option<String>) -> Result<bool, Error> {
        let work = move || {
            let known = known.filter(|hash| !hash.is_empty());
            let real = known.is_some();
            let known = known.unwrap_or_else(|| NOBODY.to_owned());
            let parsed = PasswordHash::new(&known).map_err(internal)?;
            Ok(Argon2::default().verify_password(typed.as_bytes(), &parsed).is_ok() && real)
        };
        self.hashing.done(work).await?
    }
}

fn internal(error: argon2::password_hash::Error) -> Error {
    tracing::error!(%error, "a password could not be hashed");
    Error::Internal
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::Params;
    use chrono::{DateTime, Utc};

    struct Still;

    impl Source for Still {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH
        }

        fn bytes(&self) -> [u8; 32] {
            [7; 32]
        }
    }

    #[test]
    fn nobodys_password_takes_as_long_to_check_as_anybodys() {
        let anybodys = hash(&Password::parse("seven green lighthouses").unwrap(), &Still).unwrap();
        let cost = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            let lengths = (hash.salt.map(|salt| salt.as_str().len()), hash.hash.map(|hash| hash.len()));
            (hash.algorithm.to_string(), hash.version, Params::try_from(&hash).unwrap(), lengths)
        };
        assert_eq!(cost(NOBODY), cost(&anybodys));
        let (_, _, parameters, _) = cost(NOBODY);
        assert_eq!((parameters.m_cost(), parameters.t_cost(), parameters.p_cost()), (19 * 1024, 2, 1));
    }
}
