//! Where a request comes from, as far as it is known.

use std::net::{IpAddr, Ipv6Addr};

use http::Extensions;

/// The address of whoever asks: the server puts it beside each request that came over a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(pub IpAddr);

/// The part of an IPv6 address that names a network: whoever has one has all the addresses in it.
const NETWORK: u128 = !0 << 64;

impl Client {
    #[must_use]
    pub fn of(request: &Extensions) -> Option<Self> {
        request.get().copied()
    }

    /// What counts as one place: an IPv4 address, or an IPv6 network (a /64).
    #[must_use]
    pub fn network(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
            address @ IpAddr::V4(_) => address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_place_and_an_ipv4_address_is() {
        for (address, network) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            assert_eq!(Client(address.parse().unwrap()).network(), network.parse::<IpAddr>().unwrap(), "{address}");
        }
    }
}
