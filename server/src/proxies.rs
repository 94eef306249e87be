//! Where a request comes from: the peer, or whoever it asks for if it is a proxy whose word counts.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use app::Client;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use ipnet::{IpNet, Ipv4Net};

use crate::connections::Peer;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The proxies in front of this installation, by address or by block.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Arc<[IpNet]>);

impl Proxies {
    /// Tells the router where each request comes from.
    pub fn before(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self, name))
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|block| block.contains(&address))
    }

    /// Each proxy appends whom it speaks for: from the right, as far as those can be trusted who say so.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all(FORWARDED_FOR).iter();
        // An empty element is none (RFC 9110, 5.6.1); what is not even text is one that nobody understands.
        let said = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
        let said: Vec<_> = said.map(|entry| str::from_utf8(entry).unwrap_or("?").trim()).collect();
        let mut client = peer.to_canonical();
        for entry in said.into_iter().rev().filter(|entry| !entry.is_empty()) {
            match address(entry) {
                Some(before) if self.trust(client) => client = before,
                _ => break,
            }
        }
        client
    }
}

async fn name(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    if let Some(Peer(peer)) = request.extensions().get().copied() {
        let client = Client(proxies.client(peer, request.headers()));
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

/// One element, as the many kinds of proxies write it: some add the port, some put brackets around IPv6.
fn address(entry: &str) -> Option<IpAddr> {
    let (host, port) = match entry.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None if entry.matches(':').count() == 1 => entry.split_at(entry.find(':')?),
        None => (entry, ""),
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let address: IpAddr = host.parse().ok()?;
    (is_port && (address.is_ipv6() || !entry.starts_with('['))).then(|| address.to_canonical())
}

impl FromStr for Proxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let each = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        each.map(block).collect::<Result<_, _>>().map(Self)
    }
}

fn block(text: &str) -> Result<IpNet, String> {
    let block = text.parse().or_else(|_| text.parse().map(|address: IpAddr| IpNet::from(address.to_canonical())));
    block.map(canonical).map_err(|_| format!("`{text}` is neither an address nor a block such as 10.0.0.0/8"))
}

/// A block of IPv4 addresses in their IPv6 form is meant as what it is.
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
        PROXIES.parse::<Proxies>().unwrap().client(peer.parse().unwrap(), &lines.collect()).to_string()
    }

    #[test]
    fn whoever_is_no_proxy_speaks_for_nobody_else() {
        for peer in ["203.0.113.9", "192.0.2.2", "11.0.0.1", "2001:db8:fffe::1"] {
            assert_eq!(client(peer, &["198.51.100.1"]), peer);
            assert_eq!(client(peer, &["198.51.100.1, 10.0.0.1"]), peer);
        }
        assert_eq!(client("::ffff:203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn a_proxy_says_whom_it_speaks_for() {
        for (peer, said, meant) in [
            ("10.0.0.1", &[][..], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("192.0.2.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("2001:db8:ffff::1", &["2001:db8:1::7"], "2001:db8:1::7"),
            ("10.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8:1::7]:4711, 10.0.0.2:80"], "2001:db8:1::7"),
            // What the client itself sent stands on the left, and counts for nothing.
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
            // Only proxies all the way.
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ] {
            assert_eq!(client(peer, said), meant, "{peer} {said:?}");
        }
    }

    #[test]
    fn beyond_what_can_be_read_nothing_counts() {
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
    async fn a_request_knows_its_client_if_it_came_over_a_connection() {
        let says = |client: Option<Extension<Client>>| async move { format!("{:?}", client.map(|Extension(it)| it.0)) };
        let router = PROXIES.parse::<Proxies>().unwrap().before(Router::new().route("/", get(says)));
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
    fn proxies_are_addresses_and_blocks() {
        let trust = |list: &str, address: &str| list.parse::<Proxies>().unwrap().trust(address.parse().unwrap());
        assert!(trust("127.0.0.1", "127.0.0.1") && trust("127.0.0.1", "::ffff:127.0.0.1"));
        assert!(trust("::ffff:10.0.0.0/104", "10.1.2.3") && trust("::ffff:127.0.0.1", "127.0.0.1"));
        assert!(trust("::1", "::1") && trust(" 10.0.0.0/8 ,\t::1", "::1") && trust("10.1.2.3/8", "10.9.9.9"));
        assert!(!trust("", "127.0.0.1") && !trust("10.0.0.0/8", "::10.0.0.1") && !trust("::/0", "10.0.0.1"));
        for bad in ["localhost", "10.0.0.0/33", "10.0.0", "10.0.0.0/8;::1", "proxy.example", "2001:db8::/129"] {
            assert!(bad.parse::<Proxies>().unwrap_err().contains("10.0.0.0/8"), "{bad}");
        }
    }
}
