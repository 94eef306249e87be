//! A small blocking HTTP client with a persistent connection. It needs little CPU, because it runs beside the server that is
//! measured.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than the time limit of the server for an answer.
const TIMEOUT: Duration = Duration::from_secs(40);

pub struct Client {
    socket: TcpStream,
    chunk: Box<[u8]>,
}

pub struct Response {
    pub status: u16,
    /// The status line and the headers.
    pub head: String,
    pub body: Vec<u8>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpStream::connect_timeout(&address, TIMEOUT)?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(TIMEOUT))?;
        Ok(Self { socket, chunk: vec![0; 64 * 1024].into() })
    }

    /// Sends these bytes, and waits for the complete response.
    pub fn send(&mut self, request: &[u8]) -> io::Result<Response> {
        self.socket.write_all(request)?;
        let mut read = Vec::with_capacity(1024);
        let end = loop {
            self.read_more(&mut read)?;
            if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
        };
        let mut body = read.split_off(end + 4);
        let head = String::from_utf8_lossy(&read).into_owned();
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).ok_or_else(|| invalid_response(&head))?;
        let length = if status == 304 { 0 } else { length(&head).ok_or_else(|| invalid_response(&head))? };
        while body.len() < length {
            self.read_more(&mut body)?;
        }
        Ok(Response { status, head, body })
    }

    fn read_more(&mut self, into: &mut Vec<u8>) -> io::Result<()> {
        match self.socket.read(&mut self.chunk)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                into.extend_from_slice(&self.chunk[..count]);
                Ok(())
            }
        }
    }
}

fn length(head: &str) -> Option<usize> {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?.1.trim().parse().ok()
}

fn invalid_response(head: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a response without status or length: {head}"))
}
