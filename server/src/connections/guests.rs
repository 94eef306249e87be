//! Who is connected from where: nobody takes every place, or all the memory there is for what people send.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use app::Client;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Limits, Peer};

/// Everyone who is connected.
pub struct Guests {
    limits: Limits,
    room: Arc<Semaphore>,
    parties: Mutex<HashMap<IpAddr, Party>>,
}

/// Those from one network.
struct Party {
    guests: u32,
    room: Arc<Semaphore>,
}

/// Someone who is connected, until this is dropped.
pub struct Guest {
    pub peer: Peer,
    guests: Arc<Guests>,
    party_room: Option<Arc<Semaphore>>,
    place: Mutex<Option<Place>>,
}

/// A place among the connections, until this is dropped.
struct Place {
    guests: Arc<Guests>,
    /// None for a proxy, which speaks for many.
    network: Option<IpAddr>,
    _of_all: OwnedSemaphorePermit,
}

/// Memory for what someone sends, until this is dropped.
pub struct Taken {
    _of_all: OwnedSemaphorePermit,
    _of_party: Option<OwnedSemaphorePermit>,
}

impl Guests {
    pub fn new(limits: &Limits) -> Arc<Self> {
        let room = Arc::new(Semaphore::new(limits.room));
        Arc::new(Self { limits: limits.clone(), room, parties: Mutex::default() })
    }

    /// Someone new, who takes one place of all; None where too many are from the same network.
    pub fn welcome(self: &Arc<Self>, peer: Peer, of_all: OwnedSemaphorePermit) -> Option<Guest> {
        let (network, party_room) = if self.limits.proxies.trust(peer.0) {
            (None, None)
        } else {
            let network = Client(peer.0).network();
            (Some(network), Some(self.seated(network)?))
        };
        let place = Mutex::new(Some(Place { guests: Arc::clone(self), network, _of_all: of_all }));
        Some(Guest { peer, guests: Arc::clone(self), party_room, place })
    }

    fn seated(&self, network: IpAddr) -> Option<Arc<Semaphore>> {
        let mut parties = self.parties.lock().unwrap_or_else(PoisonError::into_inner);
        let empty = || Party { guests: 0, room: Arc::new(Semaphore::new(self.limits.room / 4)) };
        let party = parties.entry(network).or_insert_with(empty);
        if party.guests >= self.limits.from_one {
            return None;
        }
        party.guests += 1;
        Some(Arc::clone(&party.room))
    }
}

impl Guest {
    /// Waits until there is so much memory for what they send: at most a quarter of it goes to one network.
    pub async fn room(self: Arc<Self>, bytes: u64) -> Option<Taken> {
        let bytes = u32::try_from(bytes).ok()?;
        let of_party = match &self.party_room {
            Some(room) => Some(Arc::clone(room).acquire_many_owned(bytes).await.ok()?),
            None => None,
        };
        let of_all = Arc::clone(&self.guests.room).acquire_many_owned(bytes).await.ok()?;
        Some(Taken { _of_all: of_all, _of_party: of_party })
    }

    /// Gives the place to the next: this connection is from now on a stream, and those have limits of their own.
    pub fn becomes_stream(&self) {
        self.place.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(network) = self.network else { return };
        let mut parties = self.guests.parties.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(party) = parties.get_mut(&network) {
            party.guests -= 1;
            if party.guests == 0 {
                parties.remove(&network);
            }
        }
    }
}
