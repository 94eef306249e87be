//! Clients that want the server to wait for them, to remember for them, or to do for them without end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

/// How it ended for one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    Refused(u16),
    /// Without another word, or with none at all.
    Cut,
}

/// Longer than the server is patient with anyone.
const PATIENCE: Duration = Duration::from_mins(2);

/// Many of one kind at the same time. How it ended for each.
pub async fn crowd<F>(size: usize, offend: impl Fn(usize) -> F) -> io::Result<Vec<End>>
where
    F: Future<Output = io::Result<End>> + Send + 'static,
{
    let clients: JoinSet<_> = (0..size).map(offend).collect();
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
    ended(&mut socket).await
}

/// Sends a body byte by byte, after as much of it as is taken at once; from another address than the others.
pub async fn slow_body(server: SocketAddr, head: String, length: usize) -> io::Result<End> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 2], 0)))?;
    let mut socket = socket.connect(server).await?;
    let begun = [format!("{head}content-length: {length}\r\n\r\n").into_bytes(), vec![b'a'; length * 9 / 10]].concat();
    let _ = timeout(Duration::from_secs(5), socket.write_all(&begun)).await;
    while socket.write_all(b"a").await.is_ok() {
        if is_answered(&socket, Duration::from_millis(700)).await {
            break;
        }
    }
    ended(&mut socket).await
}

/// Sends chunk after chunk for as long as anyone listens.
pub async fn endless_body(server: SocketAddr, head: String) -> io::Result<End> {
    let (mut socket, mut chunk) = (TcpStream::connect(server).await?, b"10000\r\n".to_vec());
    chunk.extend_from_slice(&vec![b'a'; 0x10000]);
    chunk.extend_from_slice(b"\r\n");
    socket.write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes()).await?;
    send_until_ended(socket, chunk).await
}

/// Announces more than anyone could send, and begins.
pub async fn huge_body(server: SocketAddr, head: String, length: &'static str) -> io::Result<End> {
    let mut socket = TcpStream::connect(server).await?;
    socket.write_all(format!("{head}content-length: {length}\r\n\r\n").as_bytes()).await?;
    send_until_ended(socket, vec![b'a'; 0x10000]).await
}

/// Sends this, whatever it is, and waits.
pub async fn send(server: SocketAddr, bytes: Vec<u8>) -> io::Result<End> {
    let mut socket = TcpStream::connect(server).await?;
    // Who is cut while sending is cut.
    let _ = timeout(PATIENCE, socket.write_all(&bytes)).await;
    ended(&mut socket).await
}

/// Sends many tiny requests in one breath, for what is not there.
pub async fn in_one_breath(server: SocketAddr, requests: usize) -> io::Result<End> {
    let (mut answers, mut questions) = TcpStream::connect(server).await?.into_split();
    let asking = tokio::spawn(async move {
        let request = b"GET /x HTTP/1.1\r\nhost: a\r\n\r\n".repeat(requests);
        questions.write_all(&request).await.map(|()| questions)
    });
    let (mut answered, mut heard, mut some) = (0, Vec::new(), [0; 16 * 1024]);
    while answered < requests {
        let read = timeout(PATIENCE, answers.read(&mut some)).await?;
        let Ok(read @ 1..) = read else { return Ok(End::Cut) };
        heard.extend_from_slice(&some[..read]);
        answered += count(&heard, b"HTTP/1.1 404 ");
        // What may be the beginning of another status line stays.
        heard.drain(..heard.len().saturating_sub(12));
    }
    drop(asking.await);
    Ok(End::Refused(404))
}

fn count(heard: &[u8], line: &[u8]) -> usize {
    heard.windows(line.len()).filter(|part| *part == line).count()
}

async fn send_until_ended(mut socket: TcpStream, chunk: Vec<u8>) -> io::Result<End> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if !matches!(timeout(Duration::from_secs(1), socket.write_all(&chunk)).await, Ok(Ok(()))) {
            break;
        }
        if is_answered(&socket, Duration::from_millis(1)).await {
            break;
        }
    }
    ended(&mut socket).await
}

async fn is_answered(socket: &TcpStream, within: Duration) -> bool {
    timeout(within, socket.readable()).await.is_ok()
}

/// How the server ends it: with a status, or by closing.
async fn ended(socket: &mut TcpStream) -> io::Result<End> {
    let mut said = [0; 12];
    let heard = timeout(PATIENCE, socket.read_exact(&mut said)).await;
    let heard = heard.map_err(|_| io::Error::other("the server still listens"))?;
    if heard.is_err() {
        return Ok(End::Cut);
    }
    let status = std::str::from_utf8(&said[9..]).ok().and_then(|digits| digits.parse().ok());
    status.map(End::Refused).ok_or_else(|| io::Error::other(format!("{said:?} is no answer")))
}
