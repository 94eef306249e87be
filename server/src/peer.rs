//! The network address at the other end of a connection.

use std::net::IpAddr;

/// The address at the other end of the connection that a request came over: the client, or a proxy.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);
