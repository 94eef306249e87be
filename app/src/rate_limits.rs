//! Rate limits: one table of what may be tried how often, and the token buckets.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::Identity;
use domain::person::Email;
use domain::rate_limit::{RateLimit, RateLimited, TokenBucket};

use crate::client_address::ClientAddress;
use crate::error::Error;

/// What is limited. An address is an IPv4 address or an IPv6 /64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Signing in from one address to any account and in any way, PINs included. When a shift begins, a whole crew
    /// may use one address.
    SignInsByAddress,
    /// Signing in from one address to one account: people mistype, and try several of their passwords.
    SignInsByAddressAndAccount,
    /// Signing in to one account from addresses that nobody has used for it lately: many addresses that guess
    /// together. The burst is what NIST SP 800-63B allows at once; a year of attempts is three million guesses.
    SignInsByAccount,
    /// Not a limit but a memory of the addresses from which someone has signed in to an account.
    /// [`Limit::SignInsByAccount`] does not count there, so that strangers cannot lock people out.
    KnownAddress,
    /// Checking the current password, by person, so that nobody can guess it in a session that was left open.
    PasswordChanges,
    /// Opening private links from one address. They are too long to be guessed at any rate.
    PrivateLinksByAddress,
    /// Choosing a password behind one private link.
    PasswordResetLink,
    /// Creating the first business, from one address.
    FirstBusiness,
    /// Unknown API tokens from one address. Known ones are not counted.
    UnknownTokens,
    /// The codes of a second factor, by person: of a million, three are valid at any time.
    SecondStepCodes,
}

impl Limit {
    const ALL: [Self; 10] = [
        Self::SignInsByAddress,
        Self::SignInsByAddressAndAccount,
        Self::SignInsByAccount,
        Self::KnownAddress,
        Self::PasswordChanges,
        Self::PrivateLinksByAddress,
        Self::PasswordResetLink,
        Self::FirstBusiness,
        Self::UnknownTokens,
        Self::SecondStepCodes,
    ];

    /// The burst, and the time after which one more attempt is allowed.
    const fn rate(self) -> RateLimit {
        match self {
            Self::SignInsByAddress | Self::PrivateLinksByAddress | Self::UnknownTokens => {
                RateLimit::new(60, TimeDelta::seconds(1))
            }
            Self::SignInsByAddressAndAccount | Self::PasswordChanges => RateLimit::new(10, TimeDelta::seconds(30)),
            Self::SignInsByAccount => RateLimit::new(100, TimeDelta::seconds(10)),
            Self::KnownAddress => RateLimit::new(1, TimeDelta::days(30)),
            Self::PasswordResetLink => RateLimit::new(20, TimeDelta::seconds(30)),
            Self::FirstBusiness | Self::SecondStepCodes => RateLimit::new(10, TimeDelta::minutes(1)),
        }
    }
}

/// How many buckets a limit remembers. Full ones are dropped first, then those with the fewest attempts, so that an
/// attack from many addresses does not make the server forget frequent attempts.
const MAX_BUCKETS: usize = 16 * 1024;

/// The token buckets, since the program started.
#[derive(Default)]
pub struct RateLimiter {
    /// Keys are stored as hashes with a random seed, so that no address of a person or network is in memory here.
    hasher: RandomState,
    buckets: [Mutex<Buckets>; Limit::ALL.len()],
}

#[derive(Default)]
struct Buckets(HashMap<u64, TokenBucket>);

impl RateLimiter {
    /// Takes one attempt, if there is one.
    pub(crate) fn take(&self, limit: Limit, key: impl Hash, now: DateTime<Utc>) -> Result<(), Error> {
        let key = self.hasher.hash_one(key);
        let took = self.with_buckets(limit, |buckets| buckets.take(limit.rate(), key, now));
        took.map_err(|error| Error::RateLimited { seconds: error.retry_after_seconds() })
    }

    /// Takes one attempt to sign in. It is the same whether or not the account exists.
    pub(crate) fn try_sign_in(
        &self,
        client: Option<ClientAddress>,
        typed: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let sign_in = SignInKey::of(client, typed);
        if let Some(place) = sign_in.address {
            self.take(Limit::SignInsByAddress, place, now)?;
        }
        self.take(Limit::SignInsByAddressAndAccount, &sign_in, now)?;
        let is_usual = !self.is_full(Limit::KnownAddress, &sign_in, now);
        if is_usual { Ok(()) } else { self.take(Limit::SignInsByAccount, &sign_in.account, now) }
    }

    pub(crate) fn note_sign_in(&self, client: Option<ClientAddress>, typed: &str, now: DateTime<Utc>) {
        let sign_in = SignInKey::of(client, typed);
        self.refill(Limit::SignInsByAddressAndAccount, &sign_in);
        self.refill(Limit::KnownAddress, &sign_in);
        let _ = self.take(Limit::KnownAddress, &sign_in, now);
    }

    fn is_full(&self, limit: Limit, key: impl Hash, now: DateTime<Utc>) -> bool {
        let key = self.hasher.hash_one(key);
        self.with_buckets(limit, |buckets| buckets.0.get(&key).is_none_or(|bucket| bucket.is_full(now)))
    }

    pub(crate) fn refill(&self, limit: Limit, key: impl Hash) {
        let key = self.hasher.hash_one(key);
        self.with_buckets(limit, |buckets| buckets.0.remove(&key));
    }

    fn with_buckets<T>(&self, limit: Limit, action: impl FnOnce(&mut Buckets) -> T) -> T {
        action(&mut self.buckets[limit as usize].lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Buckets {
    fn take(&mut self, rate: RateLimit, key: u64, now: DateTime<Utc>) -> Result<(), RateLimited> {
        let bucket = self.0.get(&key).copied().unwrap_or(TokenBucket::full(now));
        let left = rate.try_acquire(bucket, now)?;
        if self.0.len() >= MAX_BUCKETS && !self.0.contains_key(&key) {
            self.evict(now);
        }
        self.0.insert(key, left);
        Ok(())
    }

    /// Removes at least half of the buckets, so that this is rare.
    fn evict(&mut self, now: DateTime<Utc>) {
        self.0.retain(|_, bucket| !bucket.is_full(now));
        let mut left: Vec<_> = self.0.drain().collect();
        left.sort_unstable_by_key(|(_, bucket)| *bucket);
        self.0.extend(left.into_iter().rev().take(MAX_BUCKETS / 2));
    }
}

/// An address and an account.
#[derive(Hash)]
struct SignInKey {
    account: String,
    address: Option<IpAddr>,
}

impl SignInKey {
    fn of(client: Option<ClientAddress>, typed: &str) -> Self {
        let account = Email::parse(typed)
            .map_or_else(|_| typed.trim().to_lowercase(), |email| Identity::from_email(&email).as_str().to_owned());
        Self { account, address: client.map(ClientAddress::network) }
    }
}

#[cfg(test)]
mod tests;
