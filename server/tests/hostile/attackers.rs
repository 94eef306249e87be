//! Clients that try to exhaust the time, memory or work of the server.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

/// How an attack of one client ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    Refused(u16),
    /// The connection was closed without a complete status line.
    Disconnected,
}

/// Longer than any timeout of the server.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Runs many clients at the same time. Returns the end of each.
pub async fn run_clients<F>(size: usize, attack: impl Fn(usize) -> F) -> io::Result<Vec<End>>
where
    F: Future<Output = io::Result<End>> + Send + 'static,
{
    let clients: JoinSet<_> = (0..size).map(attack).collect();
    clients.join_all().await.into_iter().collect()
}

/// Sends a head byte by byte, and never its end.
pub async fn slow_head(server: SocketAddr) -> io::Result<End> {
    let mut socket = TcpStream::connect(server).await?;
    socket.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nx: ").await?;
    while socket.write_all(b"a").await.is_ok() {
        if is_answered(&socket, Duration::from_millis(700)).await {
            break;
        }
    }
    wait_for_end(&mut socket).await
}

/// Sends most of a body at once and the rest byte by byte, from another address than the other attackers.
pub async fn slow_body(server: SocketAddr, head: String, length: usize) -> io::Result<End> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 2], 0)))?;
    let mut socket = socket.connect(server).await?;
    let beginning =
        [format!("{head}content-length: {length}\r\n\r\n").into_bytes(), vec![b'a'; length * 9 / 10]].concat();
    let _ = timeout(Duration::from_secs(5), socket.write_all(&beginning)).await;
    while socket.write_all(b"a").await.is_ok() {
        if is_answered(&socket, Duration::from_millis(700)).await {
            break;
        }
    }
    wait_for_end(&mut socket).await
}

/// Sends chunks without end.
pub async fn endless_body(server: SocketAddr, head: String) -> io::Result<End> {
    let (mut socket, mut chunk) = (TcpStream::connect(server).await?, b"10000\r\n".to_vec());
    chunk.extend_from_slice(&vec![b'a'; 0x10000]);
    chunk.extend_from_slice(b"\r\n");
    socket.write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes()).await?;
    send_until_ended(socket, chunk).await
}

/// Announces an absurd content length, and sends without end.
pub async fn huge_body(server: SocketAddr, head: String, length: &'static str) -> io::Result<End> {
    let mut socket = TcpStream::connect(server).await?;
    socket.write_all(format!("{head}content-length: {length}\r\n\r\n").as_bytes()).await?;
    send_until_ended(socket, vec![b'a'; 0x10000]).await
}

/// Sends these bytes, and waits for the end.
pub async fn send(server: SocketAddr, bytes: Vec<u8>) -> io::Result<End> {
    let mut socket = TcpStream::connect(server).await?;
    // The server may close the connection before it has read everything.
    let _ = timeout(TIMEOUT, socket.write_all(&bytes)).await;
    wait_for_end(&mut socket).await
}

/// Sends many pipelined requests for an unknown address.
pub async fn pipelined(server: SocketAddr, requests: usize) -> io::Result<End> {
    let (mut answers, mut questions) = TcpStream::connect(server).await?.into_split();
    let asking = tokio::spawn(async move {
        let request = b"GET /x HTTP/1.1\r\nhost: a\r\n\r\n".repeat(requests);
        questions.write_all(&request).await.map(|()| questions)
    });
    let (mut answered, mut received, mut buffer) = (0, Vec::new(), [0; 16 * 1024]);
    while answered < requests {
        let read = timeout(TIMEOUT, answers.read(&mut buffer)).await?;
        let Ok(read @ 1..) = read else { return Ok(End::Disconnected) };
        received.extend_from_slice(&buffer[..read]);
        answered += count(&received, b"HTTP/1.1 404 ");
        // Keeps what may be the beginning of the next status line.
        received.drain(..received.len().saturating_sub(12));
    }
    drop(asking.await);
    Ok(End::Refused(404))
}

fn count(received: &[u8], line: &[u8]) -> usize {
    received.windows(line.len()).filter(|part| *part == line).count()
}

async fn send_until_ended(mut socket: TcpStream, chunk: Vec<u8>) -> io::Result<End> {
    let began = Instant::now();
    while began.elapsed() < TIMEOUT {
        if !matches!(timeout(Duration::from_secs(1), socket.write_all(&chunk)).await, Ok(Ok(()))) {
            break;
        }
        if is_answered(&socket, Duration::from_millis(1)).await {
            break;
        }
    }
    wait_for_end(&mut socket).await
}

async fn is_answered(socket: &TcpStream, within: Duration) -> bool {
    timeout(within, socket.readable()).await.is_ok()
}

/// Waits until the server answers or closes the connection.
async fn wait_for_end(socket: &mut TcpStream) -> io::Result<End> {
    let mut status_line = [0; 12];
    let received = timeout(TIMEOUT, socket.read_exact(&mut status_line)).await;
    let received = received.map_err(|_| io::Error::other("the server neither answers nor closes"))?;
    if received.is_err() {
        return Ok(End::Disconnected);
    }
    let status = std::str::from_utf8(&status_line[9..]).ok().and_then(|digits| digits.parse().ok());
    status.map(End::Refused).ok_or_else(|| io::Error::other(format!("{status_line:?} is no status line")))
}
