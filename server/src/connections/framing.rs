//! Rejects requests that name no host, or whose end is ambiguous (RFC 9112, sections 3.2 and 6). A proxy in front that finds
//! the end elsewhere would take one request for two: request smuggling.

use std::collections::VecDeque;
use std::mem::take;
use std::sync::{Mutex, PoisonError};

use axum::http::header::{HOST, TRANSFER_ENCODING};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Version};

/// The status with which to reject a request, or None. `head` is what [`FramingObserver`] read of it.
pub fn rejection_status<B>(request: &Request<B>, head: Option<HeadFraming>) -> Option<StatusCode> {
    let headers = request.headers();
    if !has_valid_host(headers, request.version()) {
        return Some(StatusCode::BAD_REQUEST);
    }
    let codings: Vec<_> = headers.get_all(TRANSFER_ENCODING).iter().collect();
    let head = head.unwrap_or_default();
    match codings[..] {
        [] => None,
        // A head that was not read here could have a length as well.
        [coding] if is_chunked(coding) && head.has_transfer_coding && !head.has_length => None,
        [coding] if !head.has_length && is_unsupported(coding) => Some(StatusCode::NOT_IMPLEMENTED),
        _ => Some(StatusCode::BAD_REQUEST),
    }
}

/// Whether the body has a transfer coding. The observer does not find the end of such a body, so it must be the last one on
/// its connection.
pub fn has_transfer_coding(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
}

fn has_valid_host(headers: &HeaderMap, version: Version) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => is_valid_host(host),
        (Some(_), Some(_)) => false,
    }
}

fn is_valid_host(host: &HeaderValue) -> bool {
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

/// A well-formed list of codings that we do not support. Other lists are malformed.
fn is_unsupported(codings: &HeaderValue) -> bool {
    let is_token = |coding: &str| !coding.is_empty() && coding.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let mut codings: Vec<_> = codings.to_str().unwrap_or_default().split(',').map(str::trim).collect();
    codings.pop().is_some_and(|last| last.eq_ignore_ascii_case("chunked"))
        && codings.iter().all(|coding| is_token(coding) && !coding.eq_ignore_ascii_case("chunked"))
}

/// What a head says about its body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeadFraming {
    /// `Content-Length` is present.
    has_length: bool,
    /// `Transfer-Encoding` is present.
    has_transfer_coding: bool,
}

/// Reads the bytes that hyper reads, because hyper drops `Content-Length` when `Transfer-Encoding` is present too.
#[derive(Default)]
pub struct FramingObserver(Mutex<FramingParser>);

#[derive(Default)]
struct FramingParser {
    state: ParserState,
    heads: VecDeque<HeadFraming>,
}

#[derive(Debug, PartialEq, Eq)]
enum ParserState {
    /// The beginning of the current line, and what the lines before it said.
    Head { line: Vec<u8>, past_first_line: bool, head: HeadFraming, length: u64 },
    /// So many bytes of the body are still to come.
    Body(u64),
    /// In a body with a transfer coding, whose end is not looked for.
    Unknown,
}

impl Default for ParserState {
    fn default() -> Self {
        Self::Head { line: Vec::new(), past_first_line: false, head: HeadFraming::default(), length: 0 }
    }
}

/// Enough of a line for a header name and a length.
const MAX_LINE_BYTES: usize = 64;

impl FramingObserver {
    pub fn read(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(bytes);
    }

    /// The head of the next request.
    pub fn next_head(&self) -> Option<HeadFraming> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).heads.pop_front()
    }
}

impl FramingParser {
    fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match &mut self.state {
                ParserState::Unknown => return,
                ParserState::Body(remaining) => {
                    let taken = usize::try_from(*remaining).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[taken..];
                    *remaining -= taken as u64;
                    if *remaining == 0 {
                        self.state = ParserState::default();
                    }
                }
                ParserState::Head { line, .. } => {
                    let end = bytes.iter().position(|byte| *byte == b'\n');
                    let part = &bytes[..end.unwrap_or(bytes.len())];
                    let space = MAX_LINE_BYTES - line.len();
                    line.extend_from_slice(&part[..part.len().min(space)]);
                    bytes = &bytes[(part.len() + 1).min(bytes.len())..];
                    if end.is_some() {
                        self.end_line();
                    }
                }
            }
        }
    }

    fn end_line(&mut self) {
        let ParserState::Head { line, past_first_line, head, length } = &mut self.state else { return };
        let line = take(line);
        let text = line.trim_ascii();
        if text.is_empty() {
            // Empty lines before a request are ignored.
            if *past_first_line {
                let (head, length) = (*head, *length);
                self.heads.push_back(head);
                self.state = match length {
                    _ if head.has_transfer_coding => ParserState::Unknown,
                    0 => ParserState::default(),
                    length => ParserState::Body(length),
                };
            }
            return;
        }
        if !*past_first_line {
            *past_first_line = true;
            return;
        }
        let Some(colon) = text.iter().position(|byte| *byte == b':') else { return };
        let (name, value) = (text[..colon].trim_ascii(), text[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            head.has_transfer_coding = true;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            head.has_length = true;
            // If this is not a number, hyper ends the connection.
            *length = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok()).unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(pieces: &[&str]) -> Vec<HeadFraming> {
        let observer = FramingObserver::default();
        for piece in pieces {
            observer.read(piece.as_bytes());
        }
        std::iter::from_fn(|| observer.next_head()).collect()
    }

    const PLAIN: HeadFraming = HeadFraming { has_length: false, has_transfer_coding: false };
    const WITH_LENGTH: HeadFraming = HeadFraming { has_length: true, has_transfer_coding: false };
    const WITH_CODING: HeadFraming = HeadFraming { has_length: false, has_transfer_coding: true };
    const BOTH: HeadFraming = HeadFraming { has_length: true, has_transfer_coding: true };

    #[test]
    fn request_heads_are_parsed_across_chunk_boundaries() {
        let text = "\r\nPOST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nContent-Length:5\r\n\r\n0\r\n\r\n";
        assert_eq!(heads(&[text]), [BOTH]);
        let bytes: Vec<_> = text.chars().map(String::from).collect();
        assert_eq!(heads(&bytes.iter().map(String::as_str).collect::<Vec<_>>()), [BOTH]);
        assert_eq!(heads(&["GET / HTTP/1.1\nhost: a\n\nGET / HTTP/1.1\r\n\r\n"]), [PLAIN, PLAIN]);
        assert_eq!(heads(&["GET / HTTP/1.1\r\nhost: a\r\n"]), []);
    }

    #[test]
    fn a_body_is_not_parsed_as_a_head() {
        let body = "transfer-encoding: chunked\r\n\r\n";
        let request = format!("POST / HTTP/1.1\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        assert_eq!(heads(&[&request, "GET / HTTP/1.1\r\n\r\n"]), [WITH_LENGTH, PLAIN]);
        assert_eq!(
            heads(&["POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"]),
            [WITH_CODING]
        );
    }

    #[test]
    fn a_long_line_is_buffered_only_up_to_the_limit() {
        let observer = FramingObserver::default();
        observer.read(b"GET / HTTP/1.1\r\n");
        observer.read(&vec![b'x'; 100_000]);
        let ParserState::Head { line, .. } = &observer.0.lock().unwrap().state else { unreachable!() };
        assert_eq!(line.len(), MAX_LINE_BYTES);
    }

    #[test]
    fn only_valid_host_headers_are_accepted() {
        let is = |host: &str| HeaderValue::from_bytes(host.as_bytes()).is_ok_and(|host| is_valid_host(&host));
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
