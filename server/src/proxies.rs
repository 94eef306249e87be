//! The client's address of a request: the peer's, or what a trusted proxy says in `X-Forwarded-For`.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use app::ClientAddress;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use ipnet::{IpNet, Ipv4Net};

use crate::peer::Peer;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The trusted proxies in front of this installation, as addresses or blocks.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Adds a layer to the router that gives each request its [`ClientAddress`].
    pub fn layer(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self, insert_client_address))
    }

    /// Whether this is a trusted proxy.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|block| block.contains(&address))
    }

    /// Each proxy appends the address it received the request from. Read from the right, as long as the proxy that added an entry is
    /// trusted.
    fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all(FORWARDED_FOR).iter();
        // Empty elements are ignored (RFC 9110, 5.6.1). An element that is not text is like one that cannot be parsed.
        let elements = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
        let elements: Vec<_> = elements.map(|entry| str::from_utf8(entry).unwrap_or("?").trim()).collect();
        let mut client = peer.to_canonical();
        for entry in elements.into_iter().rev().filter(|entry| !entry.is_empty()) {
            match parse_address(entry) {
                Some(before) if self.contains(client) => client = before,
                _ => break,
            }
        }
        client
    }
}

async fn insert_client_address(State(proxies): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    if let Some(Peer(peer)) = request.extensions().get().copied() {
        let client = ClientAddress(proxies.client_address(peer, request.headers()));
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

/// Parses one element. Some proxies add the port, some put brackets around IPv6.
fn parse_address(entry: &str) -> Option<IpAddr> {
    let (host, port) = match entry.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None if entry.matches(':').count() == 1 => entry.split_at(entry.find(':')?),
        None => (entry, ""),
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let address: IpAddr = host.parse().ok()?;
    (is_port && (address.is_ipv6() || !entry.starts_with('['))).then(|| address.to_canonical())
}

impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let each = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        each.map(parse_block).collect::<Result<_, _>>().map(Self)
    }
}

fn parse_block(text: &str) -> Result<IpNet, String> {
    let block = text.parse().or_else(|_| text.parse().map(|address: IpAddr| IpNet::from(address.to_canonical())));
    block.map(canonical).map_err(|_| format!("`{text}` is neither an address nor a block such as 10.0.0.0/8"))
}

/// Turns a block of IPv4-mapped IPv6 addresses into a block of IPv4.
fn canonical(block: IpNet) -> IpNet {
    let IpNet::V6(six) = block else { return block };
    let length = six.prefix_len().checked_sub(96);
    let four = six.addr().to_ipv4_mapped().zip(length).and_then(|(four, length)| Ipv4Net::new(four, length).ok());
    four.map_or(block, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Extension;
    use axum::body::{Body, to_bytes};
    use axum::http::HeaderValue;
    use axum::routing::get;
    use tower::ServiceExt;

    const PROXIES: &str = "10.0.0.0/8, 192.0.2.1,2001:db8:ffff::/48";

    fn client(peer: &str, said: &[&str]) -> String {
        let lines = said.iter().map(|line| (FORWARDED_FOR, HeaderValue::from_str(line).unwrap()));
        PROXIES.parse::<TrustedProxies>().unwrap().client_address(peer.parse().unwrap(), &lines.collect()).to_string()
    }

    #[test]
    fn untrusted_peers_cannot_set_the_client_address() {
        for peer in ["203.0.113.9", "192.0.2.2", "11.0.0.1", "2001:db8:fffe::1"] {
            assert_eq!(client(peer, &["198.51.100.1"]), peer);
            assert_eq!(client(peer, &["198.51.100.1, 10.0.0.1"]), peer);
        }
        assert_eq!(client("::ffff:203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_sets_the_client_address() {
        for (peer, said, meant) in [
            ("10.0.0.1", &[][..], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("192.0.2.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("2001:db8:ffff::1", &["2001:db8:1::7"], "2001:db8:1::7"),
            ("10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8:1::7]:4711, 10.0.0.2:80"], "2001:db8:1::7"),
            // What the client itself sent is on the left, and does not count.
            ("10.0.0.1", &["127.0.0.1, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["127.0.0.1", "198.51.100.1"], "198.51.100.1"),
            // One proxy behind another.
            ("10.0.0.1", &["127.0.0.1, 198.51.100.1, 10.9.9.9,192.0.2.1"], "198.51.100.1"),
            ("10.0.0.1", &["127.0.0.1, 198.51.100.1", "10.9.9.9", "192.0.2.1"], "198.51.100.1"),
            ("10.0.0.1", &["::ffff:198.51.100.1, ::ffff:10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8:1::7]"], "2001:db8:1::7"),
            ("10.0.0.1", &["[2001:db8:1::7] , [2001:db8:ffff::2]"], "2001:db8:1::7"),
            ("10.0.0.1", &["2001:DB8:1:0:0:0:0:7"], "2001:db8:1::7"),
            ("10.0.0.1", &["[::ffff:198.51.100.1]:443"], "198.51.100.1"),
            ("10.0.0.1", &["[::ffff:198.51.100.1]", "[::ffff:10.0.0.2]:80"], "198.51.100.1"),
            ("10.0.0.1", &["\t 198.51.100.1 \t"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1,"], "198.51.100.1"),
            ("10.0.0.1", &[", ,198.51.100.1, ,"], "198.51.100.1"),
            ("10.0.0.1", &["", "198.51.100.1,,10.0.0.2", " "], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1:0, 10.0.0.2:65535"], "198.51.100.1"),
            // Only proxies.
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ] {
            assert_eq!(client(peer, said), meant, "{peer} {said:?}");
        }
    }

    #[test]
    fn an_unparsable_forwarded_entry_ends_the_chain() {
        for (said, meant) in [
            (&["198.51.100.1, unknown"][..], "10.0.0.1"),
            (&["198.51.100.1, unknown, 10.0.0.2"], "10.0.0.2"),
            (&["198.51.100.1:port"], "10.0.0.1"),
            (&["198.51.100.1:"], "10.0.0.1"),
            (&["198.51.100.1:65536"], "10.0.0.1"),
            (&["198.51.100.1:80:80"], "10.0.0.1"),
            (&["198.51.100.1 10.0.0.2"], "10.0.0.1"),
            (&["[198.51.100.1]"], "10.0.0.1"),
            (&["[2001:db8:1::7"], "10.0.0.1"),
            (&["2001:db8:1::7]"], "10.0.0.1"),
            (&["[2001:db8:1::7]80"], "10.0.0.1"),
            (&["[[2001:db8:1::7]]"], "10.0.0.1"),
            (&["[]"], "10.0.0.1"),
            (&["010.0.0.9"], "10.0.0.1"),
            (&["\"[2001:db8::1]\""], "10.0.0.1"),
            (&["198.51.100.256"], "10.0.0.1"),
            (&["198.51.100.1, \u{e9}"], "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", said), meant, "{said:?}");
        }
    }

    #[tokio::test]
    async fn a_request_gets_a_client_address_only_if_it_has_a_peer() {
        let says =
            |client: Option<Extension<ClientAddress>>| async move { format!("{:?}", client.map(|Extension(it)| it.0)) };
        let router = PROXIES.parse::<TrustedProxies>().unwrap().layer(Router::new().route("/", get(says)));
        let ask = async |peer: Option<&str>| {
            let mut request = Request::get("/").header(FORWARDED_FOR, "198.51.100.1").body(Body::empty()).unwrap();
            if let Some(peer) = peer {
                request.extensions_mut().insert(Peer(peer.parse().unwrap()));
            }
            let answer = router.clone().oneshot(request).await.unwrap();
            String::from_utf8(to_bytes(answer.into_body(), 1000).await.unwrap().to_vec()).unwrap()
        };
        assert_eq!(ask(None).await, "None");
        assert_eq!(ask(Some("203.0.113.9")).await, "Some(203.0.113.9)");
        assert_eq!(ask(Some("10.0.0.1")).await, "Some(198.51.100.1)");
    }

    #[test]
    fn trusted_proxies_are_ip_addresses_or_cidr_blocks() {
        let trust =
            |list: &str, address: &str| list.parse::<TrustedProxies>().unwrap().contains(address.parse().unwrap());
        assert!(trust("127.0.0.1", "127.0.0.1") && trust("127.0.0.1", "::ffff:127.0.0.1"));
        assert!(trust("::ffff:10.0.0.0/104", "10.1.2.3") && trust("::ffff:127.0.0.1", "127.0.0.1"));
        assert!(trust("::1", "::1") && trust(" 10.0.0.0/8 ,\t::1", "::1") && trust("10.1.2.3/8", "10.9.9.9"));
        assert!(!trust("", "127.0.0.1") && !trust("10.0.0.0/8", "::10.0.0.1") && !trust("::/0", "10.0.0.1"));
        for bad in ["localhost", "10.0.0.0/33", "10.0.0", "10.0.0.0/8;::1", "proxy.example", "2001:db8::/129"] {
            assert!(bad.parse::<TrustedProxies>().unwrap_err().contains("10.0.0.0/8"), "{bad}");
        }
    }
}
