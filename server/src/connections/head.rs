//! The first head of a connection: until it is whole, it takes no more memory than what has come of it.

use std::io;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Limits;

/// Waits for a head, and for no more than one. None if it does not come in time.
pub async fn first(client: &TcpStream, limits: &Limits) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let whole = async {
        while !is_enough(&head, limits.head_size) {
            client.readable().await?;
            take(client, &mut head)?;
        }
        io::Result::Ok(())
    };
    timeout(limits.head, whole).await.ok()?.ok()?;
    Some(head)
}

/// What goes on: a head, what is too long for one, or what is none.
fn is_enough(come: &[u8], most: usize) -> bool {
    let ends = |end: &[u8]| come.windows(end.len()).rev().take(SCOOP + end.len()).any(|part| part == end);
    let is_none = come.first().is_some_and(|first| !first.is_ascii_alphabetic() && !first.is_ascii_whitespace());
    come.len() >= most || is_none || ends(b"\r\n\r\n") || ends(b"\n\n")
}

/// At most so many bytes are taken at once.
const SCOOP: usize = 1024;

fn take(client: &TcpStream, head: &mut Vec<u8>) -> io::Result<()> {
    let mut some = [0; SCOOP];
    match client.try_read(&mut some) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(came) => {
            head.extend_from_slice(&some[..came]);
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
    fn it_is_whole_with_its_empty_line_and_not_before() {
        for whole in
            ["GET / HTTP/1.1\r\nhost: a\r\n\r\n", "GET / HTTP/1.1\n\n", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\nand a body"]
        {
            assert!(is_enough(whole.as_bytes(), 1000), "{whole:?}");
        }
        for begun in ["", "G", "GET / HTTP/1.1\r\nhost: a\r\n", "\r\n", "GET / HTTP/1.1\r\n\r"] {
            assert!(!is_enough(begun.as_bytes(), 1000), "{begun:?}");
        }
    }

    #[test]
    fn what_is_too_long_or_no_head_at_all_is_waited_for_no_longer() {
        assert!(!is_enough(&[b'a'; 999], 1000) && is_enough(&[b'a'; 1000], 1000));
        assert!(is_enough(b"\x16\x03\x01", 1000));
    }
}
