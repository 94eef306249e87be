//! Tests of connections over real sockets, with short timeouts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod framing;
mod limits;
mod requests;
mod shutdown;
mod timeouts;

use std::convert::Infallible;
use std::mem::take;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Extension;
use axum::routing::{get, post};
use http_body_util::BodyExt;
use hyper::body::Frame;
use server::connections::{ConnectionLimits, serve};
use server::peer::Peer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: here\r\n\r\n";
const GET_SLOW: &[u8] = b"GET /slow HTTP/1.1\r\nhost: here\r\n\r\n";

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A body that starts and never ends.
struct Endless(bool);

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if take(&mut self.0) { Poll::Ready(Some(Ok(Frame::data("begun".into())))) } else { Poll::Pending }
    }
}

/// Longer than anything takes here, also on a slow machine.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// Limits with timeouts longer than that. A test then sets only the one that it is about.
fn long_timeouts() -> ConnectionLimits {
    let long = 10 * MAX_WAIT;
    ConnectionLimits {
        head_timeout: long,
        body_timeout: long,
        idle_timeout: long,
        write_timeout: long,
        shutdown_timeout: long,
        ..ConnectionLimits::default()
    }
}

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Server {
    async fn start(limits: ConnectionLimits) -> Self {
        let router = Router::new()
            .route("/", get(async || "hello"))
            .route(
                "/slow",
                get(async || {
                    sleep(ms(400)).await;
                    "at last"
                }),
            )
            .route("/peer", get(async |Extension(Peer(peer)): Extension<Peer>| peer.to_string()))
            .route("/stream", get(async || (Extension(app::EventStream), Body::new(Endless(true)))))
            .route("/never", get(async || -> &'static str { std::future::pending().await }))
            .route("/echo", post(async |body: String| body))
            .route(
                "/chunks",
                post(async |body: Body| {
                    let (mut body, mut chunks) = (body, Vec::new());
                    while let Some(frame) = body.frame().await {
                        chunks.push(frame.unwrap().into_data().unwrap().len());
                    }
                    format!("{chunks:?}")
                }),
            )
            .route("/ignore", post(async || "no, thank you"))
            .route(
                "/busy",
                get(async || {
                    let until = Instant::now() + Duration::from_micros(200);
                    while Instant::now() < until {}
                    "done"
                }),
            )
            .route("/huge", get(async || Body::from(vec![b'x'; 64 * 1024 * 1024])));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let ended = tokio::spawn(serve(listener, router, limits, async { drop(stopped.await) }));
        Self { address, stop, ended }
    }

    async fn client(&self) -> Client {
        self.client_at("127.0.0.1").await
    }

    /// A client with another loopback address.
    async fn client_at(&self, address: &str) -> Client {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(address.parse().unwrap(), 0)).unwrap();
        Client(socket.connect(self.address).await.unwrap())
    }

    /// Stops the server, and returns how long that took.
    async fn stop(self) -> Duration {
        let began = Instant::now();
        self.stop.send(()).unwrap();
        timeout(MAX_WAIT, self.ended).await.unwrap().unwrap();
        began.elapsed()
    }
}

struct Client(TcpStream);

impl Client {
    async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Reads until the received bytes have this ending.
    async fn read_until(&mut self, ending: &str) -> String {
        let mut received = Vec::new();
        while !received.ends_with(ending.as_bytes()) {
            let mut some = [0; 4096];
            let read = timeout(MAX_WAIT, self.0.read(&mut some)).await.unwrap().unwrap();
            assert_ne!(read, 0, "closed after {:?}", String::from_utf8_lossy(&received));
            received.extend_from_slice(&some[..read]);
        }
        String::from_utf8(received).unwrap()
    }

    /// Reads until the server closes the connection. Returns also how long that took.
    async fn read_to_end(&mut self) -> (String, Duration) {
        let began = Instant::now();
        let mut received = Vec::new();
        // A reset counts as the end, too.
        let _ = timeout(MAX_WAIT, self.0.read_to_end(&mut received)).await.unwrap();
        (String::from_utf8_lossy(&received).into_owned(), began.elapsed())
    }
}
