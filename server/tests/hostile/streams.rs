//! A client that opens thousands of event streams and closes none.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Longer than a busy server takes to end a stream.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How many streams are being opened at the same time.
const AT_ONCE: usize = 128;

/// Opens a stream and reads it until the server ends it. Returns everything that was read.
async fn read_stream(server: SocketAddr, session: String, from: String, slots: Arc<Semaphore>) -> io::Result<String> {
    let slot = slots.acquire_owned().await.map_err(io::Error::other)?;
    let mut socket = TcpStream::connect(server).await?;
    let head = format!("GET /live HTTP/1.1\r\nhost: a\r\nx-forwarded-for: {from}\r\ncookie: {session}\r\n\r\n");
    socket.write_all(head.as_bytes()).await?;
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&received).contains("event: changed") {
        match socket.read(&mut buffer).await? {
            0 => return Ok(String::from_utf8_lossy(&received).into_owned()),
            read => received.extend_from_slice(&buffer[..read]),
        }
    }
    drop(slot);
    socket.read_to_end(&mut received).await?;
    Ok(String::from_utf8_lossy(&received).into_owned())
}

/// Opens `size` streams. `client` gives the session and the address of each. Returns how many are open once the server has ended
/// the others.
pub async fn open_streams(
    server: SocketAddr,
    size: usize,
    client: impl Fn(usize) -> (String, String),
) -> io::Result<usize> {
    let (slots, mut streams) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    for (session, from) in (0..size).map(client) {
        streams.spawn(read_stream(server, session, from, Arc::clone(&slots)));
    }
    let all_open = slots.acquire_many(u32::try_from(AT_ONCE).map_err(io::Error::other)?);
    timeout(2 * TIMEOUT, async {
        // By then the last ones have taken a slot.
        sleep(Duration::from_millis(200)).await;
        drop(all_open.await);
    })
    .await
    .map_err(|_| io::Error::other("the streams do not open"))?;
    while let Ok(Some(ended)) = timeout(Duration::from_secs(2), streams.join_next()).await {
        let received = ended.map_err(io::Error::other)??;
        if !received.ends_with("retry: 60000\n\n\r\n0\r\n\r\n") {
            return Err(io::Error::other(format!("a stream ended with {received:?}")));
        }
    }
    Ok(streams.len())
}

/// Keeps one stream open during an attack. Returns whether it is still open afterwards.
pub async fn stays_open(
    server: SocketAddr,
    session: String,
    attack: impl Future<Output = io::Result<()>>,
) -> io::Result<bool> {
    let stream = tokio::spawn(read_stream(server, session, "198.51.100.1".to_owned(), Arc::new(Semaphore::new(1))));
    sleep(Duration::from_secs(1)).await;
    attack.await?;
    Ok(!stream.is_finished())
}
