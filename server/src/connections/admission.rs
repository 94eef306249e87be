//! Admits connections and shares out memory for request bodies, so that no single network takes all of either.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use app::ClientAddress;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ConnectionLimits;
use crate::peer::Peer;

/// Counts connections and reserved memory, in total and per network.
pub struct Admission {
    limits: ConnectionLimits,
    memory: Arc<Semaphore>,
    networks: Mutex<HashMap<IpAddr, NetworkUsage>>,
}

/// What one network uses.
struct NetworkUsage {
    connections: u32,
    memory: Arc<Semaphore>,
}

/// A connection that was admitted; counted until this is dropped.
pub struct AdmittedConnection {
    pub peer: Peer,
    admission: Arc<Admission>,
    network_memory: Option<Arc<Semaphore>>,
    slot: Mutex<Option<ConnectionSlot>>,
}

/// One of the limited number of connections; freed when this is dropped.
struct ConnectionSlot {
    admission: Arc<Admission>,
    /// None for a trusted proxy, which is not limited per network.
    network: Option<IpAddr>,
    _of_total: OwnedSemaphorePermit,
}

/// Memory reserved for a request body; freed when this is dropped.
pub struct BodyMemory {
    _of_total: OwnedSemaphorePermit,
    _of_network: Option<OwnedSemaphorePermit>,
}

impl Admission {
    pub fn new(limits: &ConnectionLimits) -> Arc<Self> {
        let memory = Arc::new(Semaphore::new(limits.body_memory));
        Arc::new(Self { limits: limits.clone(), memory, networks: Mutex::default() })
    }

    /// Admits a connection with its permit of the total; None if its network has too many.
    pub fn admit(self: &Arc<Self>, peer: Peer, of_total: OwnedSemaphorePermit) -> Option<AdmittedConnection> {
        let (network, network_memory) = if self.limits.proxies.contains(peer.0) {
            (None, None)
        } else {
            let network = ClientAddress(peer.0).network();
            (Some(network), Some(self.count_connection(network)?))
        };
        let slot = Mutex::new(Some(ConnectionSlot { admission: Arc::clone(self), network, _of_total: of_total }));
        Some(AdmittedConnection { peer, admission: Arc::clone(self), network_memory, slot })
    }

    fn count_connection(&self, network: IpAddr) -> Option<Arc<Semaphore>> {
        let mut networks = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        let empty = || NetworkUsage { connections: 0, memory: Arc::new(Semaphore::new(self.limits.body_memory / 4)) };
        let usage = networks.entry(network).or_insert_with(empty);
        if usage.connections >= self.limits.connections_per_network {
            return None;
        }
        usage.connections += 1;
        Some(Arc::clone(&usage.memory))
    }
}

impl AdmittedConnection {
    /// Waits until this much memory is free, in total and in the quarter that one network may use.
    pub async fn reserve_memory(self: Arc<Self>, bytes: u64) -> Option<BodyMemory> {
        let bytes = u32::try_from(bytes).ok()?;
        let of_network = match &self.network_memory {
            Some(memory) => Some(Arc::clone(memory).acquire_many_owned(bytes).await.ok()?),
            None => None,
        };
        let of_total = Arc::clone(&self.admission.memory).acquire_many_owned(bytes).await.ok()?;
        Some(BodyMemory { _of_total: of_total, _of_network: of_network })
    }

    /// Frees the slot of a connection that has become an event stream: streams have limits of their own.
    pub fn release_slot(&self) {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let Some(network) = self.network else { return };
        let mut networks = self.admission.networks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(usage) = networks.get_mut(&network) {
            usage.connections -= 1;
            if usage.connections == 0 {
                networks.remove(&network);
            }
        }
    }
}
