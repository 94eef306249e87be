//! How often each thing may be tried, in one table, and what is left to whom.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::Identity;
use domain::pace::{Bucket, Pace, TooOften};
use domain::person::Email;

use crate::client::Client;
use crate::error::Error;
use crate::state::State;

/// What is tried. A place is an IPv4 address or an IPv6 network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Signing in from one place, to whatever accounts and by whatever way, a PIN too: when a shift begins, a whole crew comes through one address.
    Place,
    /// Signing in from one place to one account: people mistype, and find the right one of their passwords.
    Guess,
    /// Signing in to one account from places where nobody has done so lately: many places that guess together. As many
    /// as NIST SP 800-63B allows at once; a year of it is three million guesses.
    Account,
    /// Not a bound but a memory: where someone has signed in to an account. [`Bound::Account`] does not count there, so
    /// that strangers cannot lock anyone out of where they usually are.
    Usual,
    /// Changing the password, by person: whoever finds a session open cannot guess what it is.
    Password,
    /// Looking at private links or using them, from one place: they are too long to be guessed, at any pace.
    Links,
    /// Choosing a password behind one private link.
    Link,
    /// Beginning, from one place: it is done once.
    Begin,
    /// Tokens of programs that nobody bears, from one place: those that somebody bears are not counted.
    Tokens,
    /// The digits of a second factor, by person: a million, and three are right at any time.
    Code,
}

impl Bound {
    const ALL: [Self; 10] = [
        Self::Place,
        Self::Guess,
        Self::Account,
        Self::Usual,
        Self::Password,
        Self::Links,
        Self::Link,
        Self::Begin,
        Self::Tokens,
        Self::Code,
    ];

    /// So many at once, then one more each time this has passed.
    const fn pace(self) -> Pace {
        match self {
            Self::Place | Self::Links | Self::Tokens => Pace::of(60, TimeDelta::seconds(1)),
            Self::Guess | Self::Password => Pace::of(10, TimeDelta::seconds(30)),
            Self::Account => Pace::of(100, TimeDelta::seconds(10)),
            Self::Usual => Pace::of(1, TimeDelta::days(30)),
            Self::Link => Pace::of(20, TimeDelta::seconds(30)),
            Self::Begin | Self::Code => Pace::of(10, TimeDelta::minutes(1)),
        }
    }
}

/// How many buckets of a bound are remembered. A full one is forgotten; where there are more, those that have been used
/// least: whoever tries from many places only makes room for those who try often.
const MOST: usize = 16 * 1024;

/// What is left to whom, since the program began.
#[derive(Default)]
pub struct Limits {
    /// Keys are kept as numbers that mean nothing elsewhere: no address of a person or a place stands in memory here.
    seal: RandomState,
    books: [Mutex<Book>; Bound::ALL.len()],
}

#[derive(Default)]
struct Book(HashMap<u64, Bucket>);

impl Limits {
    /// Takes one try, if there is one.
    fn take(&self, bound: Bound, key: impl Hash, now: DateTime<Utc>) -> Result<(), Error> {
        let key = self.seal.hash_one(key);
        let took = self.in_book(bound, |book| book.take(bound.pace(), key, now));
        took.map_err(|too_often| Error::TooMany { seconds: too_often.seconds() })
    }

    /// Takes one try to sign in: the same whether there is such an account or not.
    fn take_sign_in(&self, client: Option<Client>, typed: &str, now: DateTime<Utc>) -> Result<(), Error> {
        let sign_in = SignIn::of(client, typed);
        if let Some(place) = sign_in.place {
            self.take(Bound::Place, place, now)?;
        }
        self.take(Bound::Guess, &sign_in, now)?;
        let is_usual = !self.is_full(Bound::Usual, &sign_in, now);
        if is_usual { Ok(()) } else { self.take(Bound::Account, &sign_in.account, now) }
    }

    fn signed_in(&self, client: Option<Client>, typed: &str, now: DateTime<Utc>) {
        let sign_in = SignIn::of(client, typed);
        self.refill(Bound::Guess, &sign_in);
        self.refill(Bound::Usual, &sign_in);
        let _ = self.take(Bound::Usual, &sign_in, now);
    }

    fn is_full(&self, bound: Bound, key: impl Hash, now: DateTime<Utc>) -> bool {
        let key = self.seal.hash_one(key);
        self.in_book(bound, |book| book.0.get(&key).is_none_or(|bucket| bucket.is_full(now)))
    }

    fn refill(&self, bound: Bound, key: impl Hash) {
        let key = self.seal.hash_one(key);
        self.in_book(bound, |book| book.0.remove(&key));
    }

    fn in_book<T>(&self, bound: Bound, work: impl FnOnce(&mut Book) -> T) -> T {
        work(&mut self.books[bound as usize].lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Book {
    fn take(&mut self, pace: Pace, key: u64, now: DateTime<Utc>) -> Result<(), TooOften> {
        let bucket = self.0.get(&key).copied().unwrap_or(Bucket::full(now));
        let left = pace.take(bucket, now)?;
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            self.make_room(now);
        }
        self.0.insert(key, left);
        Ok(())
    }

    /// Leaves half as many at most, so that it is rarely done.
    fn make_room(&mut self, now: DateTime<Utc>) {
        self.0.retain(|_, bucket| !bucket.is_full(now));
        let mut left: Vec<_> = self.0.drain().collect();
        left.sort_unstable_by_key(|(_, bucket)| *bucket);
        self.0.extend(left.into_iter().rev().take(MOST / 2));
    }
}

impl State {
    /// Takes one try of this bound by whatever it is counted by.
    ///
    /// # Errors
    /// There were too many.
    pub fn allow(&self, bound: Bound, key: impl Hash) -> Result<(), Error> {
        self.limits.take(bound, key, self.store.now())
    }

    /// The same by where it comes from. What came over no connection comes from nowhere, and is not counted.
    ///
    /// # Errors
    /// There were too many.
    pub fn allow_from(&self, bound: Bound, client: Option<Client>) -> Result<(), Error> {
        client.map_or(Ok(()), |client| self.allow(bound, client.network()))
    }

    /// It was right: what was tried before counts no longer.
    pub fn forgive(&self, bound: Bound, key: impl Hash) {
        self.limits.refill(bound, key);
    }

    pub(crate) fn allow_sign_in(&self, client: Option<Client>, typed: &str) -> Result<(), Error> {
        self.limits.take_sign_in(client, typed, self.store.now())
    }

    /// Someone has signed in.
    pub(crate) fn signed_in(&self, client: Option<Client>, typed: &str) {
        self.limits.signed_in(client, typed, self.store.now());
    }
}

/// From where to which account.
#[derive(Hash)]
struct SignIn {
    account: String,
    place: Option<IpAddr>,
}

impl SignIn {
    fn of(client: Option<Client>, typed: &str) -> Self {
        let account = Email::parse(typed)
            .map_or_else(|_| typed.trim().to_lowercase(), |email| Identity::of_address(&email).as_str().to_owned());
        Self { account, place: client.map(Client::network) }
    }
}

#[cfg(test)]
mod tests;
