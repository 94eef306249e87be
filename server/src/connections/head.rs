//! Reads the first head of a connection before hyper does. A slow head then takes only the memory of the bytes received.

use std::io;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::ConnectionLimits;

/// Reads until the head is complete. None if it is not in time.
pub async fn read_first_head(client: &TcpStream, limits: &ConnectionLimits) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let complete = async {
        while !is_complete(&head, limits.max_head_size) {
            client.readable().await?;
            read_available(client, &mut head)?;
        }
        io::Result::Ok(())
    };
    timeout(limits.head_timeout, complete).await.ok()?.ok()?;
    Some(head)
}

/// Whether hyper can decide what this is: a complete head, too long for one, or not HTTP.
fn is_complete(received: &[u8], max_size: usize) -> bool {
    let ends_with = |end: &[u8]| received.windows(end.len()).rev().take(READ_SIZE + end.len()).any(|part| part == end);
    let is_not_http =
        received.first().is_some_and(|first| !first.is_ascii_alphabetic() && !first.is_ascii_whitespace());
    received.len() >= max_size || is_not_http || ends_with(b"\r\n\r\n") || ends_with(b"\n\n")
}

/// In bytes.
const READ_SIZE: usize = 1024;

fn read_available(client: &TcpStream, head: &mut Vec<u8>) -> io::Result<()> {
    let mut chunk = [0; READ_SIZE];
    match client.try_read(&mut chunk) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(length) => {
            head.extend_from_slice(&chunk[..length]);
            Ok(())
        }
        Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => Ok(()),
        Err(cause) => Err(cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_complete_only_after_its_empty_line() {
        for complete in
            ["GET / HTTP/1.1\r\nhost: a\r\n\r\n", "GET / HTTP/1.1\n\n", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\nand a body"]
        {
            assert!(is_complete(complete.as_bytes(), 1000), "{complete:?}");
        }
        for incomplete in ["", "G", "GET / HTTP/1.1\r\nhost: a\r\n", "\r\n", "GET / HTTP/1.1\r\n\r"] {
            assert!(!is_complete(incomplete.as_bytes(), 1000), "{incomplete:?}");
        }
    }

    #[test]
    fn overlong_and_non_http_heads_count_as_complete() {
        assert!(!is_complete(&[b'a'; 999], 1000) && is_complete(&[b'a'; 1000], 1000));
        assert!(is_complete(b"\x16\x03\x01", 1000));
    }
}
