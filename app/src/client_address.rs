//! The network address of a client, if it is known.

use std::net::{IpAddr, Ipv6Addr};

use http::Extensions;

/// The client's address. The server adds it to each request that came over a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The network part of an IPv6 address. Whoever has a /64 can use all addresses in it.
const IPV6_NETWORK_MASK: u128 = !0 << 64;

impl ClientAddress {
    #[must_use]
    pub fn from_extensions(request: &Extensions) -> Option<Self> {
        request.get().copied()
    }

    /// What rate limits count as one client: an IPv4 address or an IPv6 /64.
    #[must_use]
    pub fn network(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & IPV6_NETWORK_MASK).into(),
            address @ IpAddr::V4(_) => address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_64_prefix_counts_as_one_client_like_an_ipv4_address() {
        for (address, network) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            assert_eq!(
                ClientAddress(address.parse().unwrap()).network(),
                network.parse::<IpAddr>().unwrap(),
                "{address}"
            );
        }
    }
}
