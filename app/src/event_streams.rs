//! The open event streams and their owners. Limits keep one person or network from using them up.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::ids::{PersonId, SessionId};
use tokio::sync::{oneshot, watch};

/// One browser. It opens at most six connections to a host.
const PER_SESSION: usize = 8;

/// A few browsers and phones of one person.
const PER_PERSON: usize = 32;

/// Everyone behind one address: an IPv4 address or an IPv6 network.
const PER_ADDRESS: usize = 512;

/// The default for all together. The limit on open files may lower it.
const DEFAULT_TOTAL: usize = 4096;

/// All open streams. When a limit is reached, the oldest stream ends: that of the session, of the person, or, at the
/// limits per address and for all, of the person with the most streams.
pub struct EventStreams {
    running: watch::Sender<bool>,
    total_limit: AtomicUsize,
    open: Mutex<OpenStreams>,
}

/// Ordered by number, so that the oldest comes first.
#[derive(Default)]
struct OpenStreams {
    last: u64,
    streams: BTreeMap<u64, Stream>,
}

struct Stream {
    owner: StreamOwner,
    end: oneshot::Sender<()>,
}

/// The owner of a stream and their network address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StreamOwner {
    pub session: SessionId,
    pub person: PersonId,
    /// `None` if the request came over no connection. Such streams have no limit per address.
    pub address: Option<IpAddr>,
}

/// An open stream. Dropping it closes the stream.
pub(crate) struct StreamSlot {
    number: u64,
    streams: Arc<EventStreams>,
    /// Resolves when the stream must make way for a newer one.
    pub replaced: oneshot::Receiver<()>,
    pub running: watch::Receiver<bool>,
}

impl Default for EventStreams {
    fn default() -> Self {
        Self { running: watch::Sender::new(true), total_limit: AtomicUsize::new(DEFAULT_TOTAL), open: Mutex::default() }
    }
}

impl EventStreams {
    /// Ends all streams. Browsers reconnect.
    pub fn end_all(&self) {
        self.running.send_replace(false);
    }

    /// Sets the limit for all streams together, from the next one on.
    pub fn set_limit(&self, total_limit: usize) {
        self.total_limit.store(total_limit.max(1), Ordering::Relaxed);
    }

    pub(crate) fn open(self: &Arc<Self>, owner: StreamOwner) -> StreamSlot {
        let (end, replaced) = oneshot::channel();
        let mut open = self.lock();
        open.make_room(owner, self.total_limit.load(Ordering::Relaxed));
        open.last += 1;
        let number = open.last;
        open.streams.insert(number, Stream { owner, end });
        StreamSlot { number, streams: Arc::clone(self), replaced, running: self.running.subscribe() }
    }

    fn lock(&self) -> MutexGuard<'_, OpenStreams> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenStreams {
    fn make_room(&mut self, new: StreamOwner, total_limit: usize) {
        self.end_oldest(PER_SESSION, |other| other.session == new.session);
        self.end_oldest(PER_PERSON, |other| other.person == new.person);
        if new.address.is_some() {
            self.end_of_largest_owner(PER_ADDRESS, |other| other.address == new.address);
        }
        self.end_of_largest_owner(total_limit, |_| true);
    }

    /// Ends the oldest matching streams until there is room for one more.
    fn end_oldest(&mut self, limit: usize, matches: impl Fn(&StreamOwner) -> bool) {
        let number_if_matching = |(number, stream): (&u64, &Stream)| matches(&stream.owner).then_some(*number);
        let numbers: Vec<_> = self.streams.iter().filter_map(number_if_matching).collect();
        for number in numbers.iter().take((numbers.len() + 1).saturating_sub(limit)) {
            self.end_stream(*number);
        }
    }

    /// Ends the oldest stream of whoever owns the most matching streams, until there is room for one more.
    fn end_of_largest_owner(&mut self, limit: usize, matches: impl Fn(&StreamOwner) -> bool) {
        loop {
            let (mut counts, mut all) = (HashMap::<PersonId, (usize, u64)>::new(), 0);
            for (number, stream) in self.streams.iter().filter(|(_, stream)| matches(&stream.owner)) {
                counts.entry(stream.owner.person).or_insert((0, *number)).0 += 1;
                all += 1;
            }
            // Among equals, the owner of the oldest stream.
            let largest = counts.into_values().max_by_key(|(count, oldest)| (*count, u64::MAX - oldest));
            match largest {
                Some((_, oldest)) if all >= limit => self.end_stream(oldest),
                _ => return,
            }
        }
    }

    fn end_stream(&mut self, number: u64) {
        if let Some(stream) = self.streams.remove(&number) {
            // The receiver may be gone already.
            let _ = stream.end.send(());
        }
    }
}

impl Drop for StreamSlot {
    fn drop(&mut self) {
        self.streams.lock().streams.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};
    use uuid::Uuid;

    fn owner(person: u128, session: u128, address: impl Into<Option<IpAddr>>) -> StreamOwner {
        let (session, person) = (SessionId(Uuid::from_u128(session)), PersonId(Uuid::from_u128(person)));
        StreamOwner { session, person, address: address.into() }
    }

    fn v4(last: u128) -> IpAddr {
        Ipv4Addr::from_bits(0x0a00_0000 + u32::try_from(last).unwrap()).into()
    }

    fn v6(last: u128) -> IpAddr {
        Ipv6Addr::from_bits(last << 64).into()
    }

    /// Opens the streams in order and returns the indices of those that are still open at the end.
    fn indices_left_open(total_limit: usize, owners: impl IntoIterator<Item = StreamOwner>) -> Vec<usize> {
        let streams = Arc::<EventStreams>::default();
        streams.set_limit(total_limit);
        let mut slots: Vec<_> = owners.into_iter().map(|owner| streams.open(owner)).collect();
        let open =
            slots.iter_mut().enumerate().filter_map(|(at, slot)| slot.replaced.try_recv().is_err().then_some(at));
        let open: Vec<_> = open.collect();
        assert_eq!(streams.lock().streams.len(), open.len());
        drop(slots);
        assert!(streams.lock().streams.is_empty());
        open
    }

    #[test]
    fn streams_are_limited_by_session_person_address_and_in_total() {
        type OwnerOf = fn(usize) -> StreamOwner;
        let cases: [(&str, OwnerOf, usize); 10] = [
            ("one session from one address", |_| owner(1, 1, v4(1)), PER_SESSION),
            ("one session from nowhere", |_| owner(1, 1, None), PER_SESSION),
            ("one session, each from another address", |at| owner(1, 1, v4(at as u128)), PER_SESSION),
            ("one session, each from another network", |at| owner(1, 1, v6(at as u128)), PER_SESSION),
            ("one person with a session each", |at| owner(1, at as u128, v4(1)), PER_PERSON),
            ("one person with a session and an address each", |at| owner(1, at as u128, v4(at as u128)), PER_PERSON),
            ("one person with sessions from nowhere", |at| owner(1, at as u128, None), PER_PERSON),
            ("one address with a person each", |at| owner(at as u128, at as u128, v4(1)), PER_ADDRESS),
            ("one network with a few streams a person", |at| owner(at as u128 / 5, at as u128 / 5, v6(1)), PER_ADDRESS),
            ("everyone from everywhere", |at| owner(at as u128, at as u128, v4(at as u128)), 1000),
        ];
        for (what, owner_of, limit) in cases {
            let open = indices_left_open(1000, (0..4096).map(owner_of));
            assert_eq!(open.len(), limit, "{what}");
            assert_eq!(open.last(), Some(&4095), "{what}: the newest is served");
        }
    }

    #[test]
    fn over_the_limit_the_oldest_stream_ends_first() {
        assert_eq!(indices_left_open(1000, (0..20).map(|_| owner(1, 1, v4(1)))), (12..20).collect::<Vec<_>>());
        assert_eq!(indices_left_open(1000, (0..50).map(|at| owner(1, at, v4(1)))), (18..50).collect::<Vec<_>>());
        assert_eq!(indices_left_open(30, (0..50).map(|at| owner(at, at, None))), (20..50).collect::<Vec<_>>());
    }

    #[test]
    fn other_clients_cannot_displace_a_single_stream() {
        let mine = owner(1, 1, v4(1));
        for (what, others) in [
            ("a session", (0..4096).map(|_| owner(2, 2, v4(1))).collect::<Vec<_>>()),
            ("a person with many sessions", (0..4096).map(|at| owner(2, 2 + at, v4(1))).collect()),
            ("forty people at the same address", (0..4096).map(|at| owner(2 + at % 40, 2 + at % 400, v4(1))).collect()),
            ("two hundred people from everywhere", {
                (0..8192).map(|at| owner(2 + at % 200, 2 + at % 2000, v4(at))).collect()
            }),
        ] {
            assert_eq!(indices_left_open(1000, [mine].into_iter().chain(others)).first(), Some(&0), "{what}");
        }
    }

    #[test]
    fn ended_streams_do_not_count_against_the_limits() {
        let streams = Arc::<EventStreams>::default();
        let mut first = streams.open(owner(1, 1, v4(1)));
        for _ in 0..100 {
            drop(streams.open(owner(1, 1, v4(1))));
        }
        assert!(first.replaced.try_recv().is_err());
    }
}
