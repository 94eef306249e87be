//! Requests whose end two readers could see differently, or that name no host, are refused (RFC 9112, sections 3.2 and 6): a
//! proxy in front that reads them otherwise would take one request for two.

use std::collections::VecDeque;
use std::mem::take;
use std::sync::{Mutex, PoisonError};

use axum::http::header::{HOST, TRANSFER_ENCODING};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Version};

/// Why a request is not answered, as its status. `head` is what the reader along saw of it.
pub fn refused<B>(request: &Request<B>, head: Option<Head>) -> Option<StatusCode> {
    let headers = request.headers();
    if !names_its_host(headers, request.version()) {
        return Some(StatusCode::BAD_REQUEST);
    }
    let codings: Vec<_> = headers.get_all(TRANSFER_ENCODING).iter().collect();
    let head = head.unwrap_or_default();
    match codings[..] {
        [] => None,
        // One that the reader did not see could have a length as well.
        [one] if is_chunked(one) && head.is_coded && !head.is_measured => None,
        [one] if !head.is_measured && is_unknown(one) => Some(StatusCode::NOT_IMPLEMENTED),
        _ => Some(StatusCode::BAD_REQUEST),
    }
}

/// Whether a body of unknown length comes: after it nothing more is read, for its end was not counted along.
pub fn is_coded(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
}

fn names_its_host(headers: &HeaderMap, version: Version) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => is_host(host),
        (Some(_), Some(_)) => false,
    }
}

fn is_host(host: &HeaderValue) -> bool {
    let host = host.to_str().unwrap_or_default();
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let port = host.strip_prefix(authority.host()).unwrap_or("@");
    !host.contains(['@', ','])
        && !authority.host().is_empty()
        && (port.is_empty() || port == ":" || authority.port_u16().is_some())
}

fn is_chunked(coding: &HeaderValue) -> bool {
    coding.as_bytes().eq_ignore_ascii_case(b"chunked")
}

/// A list of codings that ends rightly and that we do not know; any other is malformed.
fn is_unknown(codings: &HeaderValue) -> bool {
    let is_token = |coding: &str| !coding.is_empty() && coding.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let mut codings: Vec<_> = codings.to_str().unwrap_or_default().split(',').map(str::trim).collect();
    codings.pop().is_some_and(|last| last.eq_ignore_ascii_case("chunked"))
        && codings.iter().all(|coding| is_token(coding) && !coding.eq_ignore_ascii_case("chunked"))
}

/// What a head says about its body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// It has a length.
    is_measured: bool,
    /// It has a transfer coding.
    is_coded: bool,
}

/// Reads along what is handed on to hyper, which leaves out a length that stands beside a coding.
#[derive(Default)]
pub struct Along(Mutex<Reader>);

#[derive(Default)]
struct Reader {
    at: At,
    heads: VecDeque<Head>,
}

#[derive(Debug, PartialEq, Eq)]
enum At {
    /// The beginning of the line, whether the first line is past, and the fields so far.
    Head { line: Vec<u8>, begun: bool, head: Head, length: u64 },
    /// So many bytes of a body are still to come.
    Body(u64),
    /// The end of the body is not known here.
    Lost,
}

impl Default for At {
    fn default() -> Self {
        Self::Head { line: Vec::new(), begun: false, head: Head::default(), length: 0 }
    }
}

/// As much of a line as tells its name and a length.
const MOST_OF_A_LINE: usize = 64;

impl Along {
    pub fn read(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(bytes);
    }

    /// The head of the request that comes next.
    pub fn next_head(&self) -> Option<Head> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).heads.pop_front()
    }
}

impl Reader {
    fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match &mut self.at {
                At::Lost => return,
                At::Body(left) => {
                    let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[taken..];
                    *left -= taken as u64;
                    if *left == 0 {
                        self.at = At::default();
                    }
                }
                At::Head { line, .. } => {
                    let end = bytes.iter().position(|byte| *byte == b'\n');
                    let part = &bytes[..end.unwrap_or(bytes.len())];
                    let room = MOST_OF_A_LINE - line.len();
                    line.extend_from_slice(&part[..part.len().min(room)]);
                    bytes = &bytes[(part.len() + 1).min(bytes.len())..];
                    if end.is_some() {
                        self.end_line();
                    }
                }
            }
        }
    }

    fn end_line(&mut self) {
        let At::Head { line, begun, head, length } = &mut self.at else { return };
        let whole = take(line);
        let text = whole.trim_ascii();
        if text.is_empty() {
            // Empty lines before a request are passed over.
            if *begun {
                let (head, length) = (*head, *length);
                self.heads.push_back(head);
                self.at = match length {
                    _ if head.is_coded => At::Lost,
                    0 => At::default(),
                    length => At::Body(length),
                };
            }
            return;
        }
        if !*begun {
            *begun = true;
            return;
        }
        let Some(colon) = text.iter().position(|byte| *byte == b':') else { return };
        let (name, value) = (text[..colon].trim_ascii(), text[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            head.is_coded = true;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            head.is_measured = true;
            // What is no number is refused by hyper, which ends the connection.
            *length = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok()).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(pieces: &[&str]) -> Vec<Head> {
        let along = Along::default();
        for piece in pieces {
            along.read(piece.as_bytes());
        }
        std::iter::from_fn(|| along.next_head()).collect()
    }

    const PLAIN: Head = Head { is_measured: false, is_coded: false };
    const MEASURED: Head = Head { is_measured: true, is_coded: false };
    const CODED: Head = Head { is_measured: false, is_coded: true };
    const BOTH: Head = Head { is_measured: true, is_coded: true };

    #[test]
    fn what_stands_in_a_head_is_seen_however_it_comes() {
        let text = "\r\nPOST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nContent-Length:5\r\n\r\n0\r\n\r\n";
        assert_eq!(heads(&[text]), [BOTH]);
        let bytes: Vec<_> = text.chars().map(String::from).collect();
        assert_eq!(heads(&bytes.iter().map(String::as_str).collect::<Vec<_>>()), [BOTH]);
        assert_eq!(heads(&["GET / HTTP/1.1\nhost: a\n\nGET / HTTP/1.1\r\n\r\n"]), [PLAIN, PLAIN]);
        assert_eq!(heads(&["GET / HTTP/1.1\r\nhost: a\r\n"]), []);
    }

    #[test]
    fn a_body_is_no_head() {
        let body = "transfer-encoding: chunked\r\n\r\n";
        let request = format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        assert_eq!(heads(&[&request, "GET / HTTP/1.1\r\n\r\n"]), [MEASURED, PLAIN]);
        assert_eq!(
            heads(&["POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"]),
            [CODED]
        );
    }

    #[test]
    fn a_long_line_takes_no_memory() {
        let along = Along::default();
        along.read(b"GET / HTTP/1.1\r\n");
        along.read(&vec![b'x'; 100_000]);
        let At::Head { line, .. } = &along.0.lock().unwrap().at else { unreachable!() };
        assert_eq!(line.len(), MOST_OF_A_LINE);
    }

    #[test]
    fn one_host_and_a_real_one() {
        let is = |host: &str| HeaderValue::from_bytes(host.as_bytes()).is_ok_and(|host| is_host(&host));
        for host in ["a", "a.example", "a.example:3000", "127.0.0.1:80", "[::1]", "[::1]:80", "a:"] {
            assert!(is(host), "{host}");
        }
        for host in
            ["", " ", "a b", "me@a", "a/b", "a:b", "a:99999999", "a,b", "[::1", "ą.example", ":80", "a?b", "a#b"]
        {
            assert!(!is(host), "{host:?}");
        }
    }
}
