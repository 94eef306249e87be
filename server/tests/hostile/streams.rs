//! Whoever opens thousands of streams and gives none back.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Longer than a server that is asked all the time takes to end a stream.
const PATIENCE: Duration = Duration::from_secs(30);

/// So many come at the same moment.
const AT_ONCE: usize = 128;

/// A stream that one opens and listens to until the server ends it: what was heard at last.
async fn listen(server: SocketAddr, session: String, from: String, begins: Arc<Semaphore>) -> io::Result<String> {
    let turn = begins.acquire_owned().await.map_err(io::Error::other)?;
    let mut socket = TcpStream::connect(server).await?;
    let head = format!("GET /live HTTP/1.1\r\nhost: a\r\nx-forwarded-for: {from}\r\ncookie: {session}\r\n\r\n");
    socket.write_all(head.as_bytes()).await?;
    let (mut heard, mut some) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&heard).contains("event: changed") {
        match socket.read(&mut some).await? {
            0 => return Ok(String::from_utf8_lossy(&heard).into_owned()),
            read => heard.extend_from_slice(&some[..read]),
        }
    }
    drop(turn);
    socket.read_to_end(&mut heard).await?;
    Ok(String::from_utf8_lossy(&heard).into_owned())
}

/// Opens so many streams, each of a session from an address. How many are open once the server has ended the others.
pub async fn crowd(server: SocketAddr, size: usize, comes: impl Fn(usize) -> (String, String)) -> io::Result<usize> {
    let (begins, mut streams) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    for (session, from) in (0..size).map(comes) {
        streams.spawn(listen(server, session, from, Arc::clone(&begins)));
    }
    let all_begun = begins.acquire_many(u32::try_from(AT_ONCE).map_err(io::Error::other)?);
    timeout(2 * PATIENCE, async {
        // The last have taken their turn by then.
        sleep(Duration::from_millis(200)).await;
        drop(all_begun.await);
    })
    .await
    .map_err(|_| io::Error::other("the streams do not begin"))?;
    while let Ok(Some(ended)) = timeout(Duration::from_secs(2), streams.join_next()).await {
        let heard = ended.map_err(io::Error::other)??;
        if !heard.ends_with("retry: 60000\n\n\r\n0\r\n\r\n") {
            return Err(io::Error::other(format!("a stream ended with {heard:?}")));
        }
    }
    Ok(streams.len())
}

/// One quiet stream. Whether it is still open after all that.
pub async fn stays(
    server: SocketAddr,
    session: String,
    meanwhile: impl Future<Output = io::Result<()>>,
) -> io::Result<bool> {
    let mine = tokio::spawn(listen(server, session, "198.51.100.1".to_owned(), Arc::new(Semaphore::new(1))));
    sleep(Duration::from_secs(1)).await;
    meanwhile.await?;
    Ok(!mine.is_finished())
}
