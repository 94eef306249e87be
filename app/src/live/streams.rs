//! The streams that are open, and whose they are: nobody holds so many that there are none for others.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::ids::{PersonId, SessionId};
use tokio::sync::{oneshot, watch};

/// One browser, which opens six connections to a host at most.
const PER_SESSION: usize = 8;

/// A few browsers and phones of one person.
const PER_PERSON: usize = 32;

/// Everyone behind one address: an IPv4 address or an IPv6 network.
const PER_ADDRESS: usize = 512;

/// In all, where the operating system allows as many open files.
const IN_ALL: usize = 4096;

/// Every stream that is open. For one beyond a limit the oldest ends: of the session, of the person, or, where many share
/// an address or the server, of the person who holds the most.
pub struct Streams {
    going_on: watch::Sender<bool>,
    in_all: AtomicUsize,
    open: Mutex<Open>,
}

/// By their number, so the oldest comes first.
#[derive(Default)]
struct Open {
    last: u64,
    streams: BTreeMap<u64, Stream>,
}

struct Stream {
    holder: Holder,
    end: oneshot::Sender<()>,
}

/// Who holds a stream, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub session: SessionId,
    pub person: PersonId,
    /// None where it came over no connection: that is no place.
    pub address: Option<IpAddr>,
}

/// An open stream, until this is dropped.
pub(super) struct Held {
    number: u64,
    streams: Arc<Streams>,
    /// Resolves when a newer stream takes its place.
    pub replaced: oneshot::Receiver<()>,
    pub going_on: watch::Receiver<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { going_on: watch::Sender::new(true), in_all: AtomicUsize::new(IN_ALL), open: Mutex::default() }
    }
}

impl Streams {
    /// Ends all of them: their readers come again, to whoever serves then.
    pub fn end(&self) {
        self.going_on.send_replace(false);
    }

    /// How many there may be in all, from the next one on.
    pub fn limit(&self, in_all: usize) {
        self.in_all.store(in_all.max(1), Ordering::Relaxed);
    }

    pub(super) fn hold(self: &Arc<Self>, holder: Holder) -> Held {
        let (end, replaced) = oneshot::channel();
        let mut open = self.open();
        open.make_room(holder, self.in_all.load(Ordering::Relaxed));
        open.last += 1;
        let number = open.last;
        open.streams.insert(number, Stream { holder, end });
        Held { number, streams: Arc::clone(self), replaced, going_on: self.going_on.subscribe() }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn make_room(&mut self, new: Holder, in_all: usize) {
        self.end_oldest(PER_SESSION, |other| other.session == new.session);
        self.end_oldest(PER_PERSON, |other| other.person == new.person);
        if new.address.is_some() {
            self.end_greediest(PER_ADDRESS, |other| other.address == new.address);
        }
        self.end_greediest(in_all, |_| true);
    }

    /// Ends the oldest of these until there is room for one more.
    fn end_oldest(&mut self, most: usize, is_meant: impl Fn(&Holder) -> bool) {
        let meant = |(number, stream): (&u64, &Stream)| is_meant(&stream.holder).then_some(*number);
        let numbers: Vec<_> = self.streams.iter().filter_map(meant).collect();
        for number in numbers.iter().take((numbers.len() + 1).saturating_sub(most)) {
            self.end(*number);
        }
    }

    /// Ends the oldest of whoever holds the most of these, until there is room for one more.
    fn end_greediest(&mut self, most: usize, is_meant: impl Fn(&Holder) -> bool) {
        loop {
            let (mut held, mut all) = (HashMap::<PersonId, (usize, u64)>::new(), 0);
            for (number, stream) in self.streams.iter().filter(|(_, stream)| is_meant(&stream.holder)) {
                held.entry(stream.holder.person).or_insert((0, *number)).0 += 1;
                all += 1;
            }
            // Of several who hold as many, the one whose oldest is the oldest of all.
            let greediest = held.into_values().max_by_key(|(count, oldest)| (*count, u64::MAX - oldest));
            match greediest {
                Some((_, oldest)) if all >= most => self.end(oldest),
                _ => return,
            }
        }
    }

    fn end(&mut self, number: u64) {
        if let Some(stream) = self.streams.remove(&number) {
            // Its reader may have gone in this moment.
            let _ = stream.end.send(());
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.streams.open().streams.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};
    use uuid::Uuid;

    fn holder(person: u128, session: u128, address: impl Into<Option<IpAddr>>) -> Holder {
        let (session, person) = (SessionId(Uuid::from_u128(session)), PersonId(Uuid::from_u128(person)));
        Holder { session, person, address: address.into() }
    }

    fn v4(last: u128) -> IpAddr {
        Ipv4Addr::from_bits(0x0a00_0000 + u32::try_from(last).unwrap()).into()
    }

    fn v6(last: u128) -> IpAddr {
        Ipv6Addr::from_bits(last << 64).into()
    }

    /// Which of these streams, opened one after the other, are open at the end.
    fn left(in_all: usize, holders: impl IntoIterator<Item = Holder>) -> Vec<usize> {
        let streams = Arc::<Streams>::default();
        streams.limit(in_all);
        let mut held: Vec<_> = holders.into_iter().map(|holder| streams.hold(holder)).collect();
        let open = held.iter_mut().enumerate().filter_map(|(at, held)| held.replaced.try_recv().is_err().then_some(at));
        let open: Vec<_> = open.collect();
        assert_eq!(streams.open().streams.len(), open.len());
        drop(held);
        assert!(streams.open().streams.is_empty());
        open
    }

    #[test]
    fn nobody_holds_more_than_a_few_however_they_come() {
        type Comes = fn(usize) -> Holder;
        let cases: [(&str, Comes, usize); 10] = [
            ("one session from one address", |_| holder(1, 1, v4(1)), PER_SESSION),
            ("one session from nowhere", |_| holder(1, 1, None), PER_SESSION),
            ("one session, each from another address", |at| holder(1, 1, v4(at as u128)), PER_SESSION),
            ("one session, each from another network", |at| holder(1, 1, v6(at as u128)), PER_SESSION),
            ("one person with a session each", |at| holder(1, at as u128, v4(1)), PER_PERSON),
            ("one person with a session and an address each", |at| holder(1, at as u128, v4(at as u128)), PER_PERSON),
            ("one person with sessions from nowhere", |at| holder(1, at as u128, None), PER_PERSON),
            ("one address with a person each", |at| holder(at as u128, at as u128, v4(1)), PER_ADDRESS),
            (
                "one network with a few streams a person",
                |at| holder(at as u128 / 5, at as u128 / 5, v6(1)),
                PER_ADDRESS,
            ),
            ("everyone from everywhere", |at| holder(at as u128, at as u128, v4(at as u128)), 1000),
        ];
        for (what, comes, most) in cases {
            let open = left(1000, (0..4096).map(comes));
            assert_eq!(open.len(), most, "{what}");
            assert_eq!(open.last(), Some(&4095), "{what}: the newest is served");
        }
    }

    #[test]
    fn the_oldest_ends_first() {
        assert_eq!(left(1000, (0..20).map(|_| holder(1, 1, v4(1)))), (12..20).collect::<Vec<_>>());
        assert_eq!(left(1000, (0..50).map(|at| holder(1, at, v4(1)))), (18..50).collect::<Vec<_>>());
        assert_eq!(left(30, (0..50).map(|at| holder(at, at, None))), (20..50).collect::<Vec<_>>());
    }

    #[test]
    fn whoever_holds_one_keeps_it_whatever_others_do() {
        let mine = holder(1, 1, v4(1));
        for (what, others) in [
            ("a session", (0..4096).map(|_| holder(2, 2, v4(1))).collect::<Vec<_>>()),
            ("a person with many sessions", (0..4096).map(|at| holder(2, 2 + at, v4(1))).collect()),
            (
                "forty people at the same address",
                (0..4096).map(|at| holder(2 + at % 40, 2 + at % 400, v4(1))).collect(),
            ),
            ("two hundred people from everywhere", {
                (0..8192).map(|at| holder(2 + at % 200, 2 + at % 2000, v4(at))).collect()
            }),
        ] {
            assert_eq!(left(1000, [mine].into_iter().chain(others)).first(), Some(&0), "{what}");
        }
    }

    #[test]
    fn what_has_ended_makes_room() {
        let streams = Arc::<Streams>::default();
        let mut first = streams.hold(holder(1, 1, v4(1)));
        for _ in 0..100 {
            drop(streams.hold(holder(1, 1, v4(1))));
        }
        assert!(first.replaced.try_recv().is_err());
    }
}
