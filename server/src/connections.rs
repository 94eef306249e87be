//! Accepts connections, and is patient with each for only so long: nobody can hold the server by being slow, or by being
//! many.

mod body;
mod framing;
mod guests;
mod head;
mod socket;

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::{self, pin};
use std::sync::Arc;
use std::time::Duration;

use app::EventStream;
use axum::Router;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};
use tower::Service;

use crate::proxies::Proxies;
use body::{Answer, bounded, read_ahead};
use guests::{Guest, Guests};
use socket::{Phase, Socket};

/// How many connections there may be, how long each may take, and how much memory.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once, streams apart. More wait in the operating system's queue.
    pub connections: u32,
    /// Connections at once from one address (or IPv6 network). More are closed as they come.
    pub from_one: u32,
    /// For these, which speak for many, no bound on what comes from one address counts.
    pub proxies: Proxies,
    /// From the first byte of a request's head (or the start of the connection) to the end of that head.
    pub head: Duration,
    /// A head may not be larger, in bytes.
    pub head_size: usize,
    /// From the end of the head to the end of the body.
    pub body: Duration,
    /// The longest body there may be at a path, in bytes: one whose length is not announced is taken to be as long.
    pub body_size: fn(&str) -> usize,
    /// Bytes for the long bodies of all requests that are being answered, a quarter of them for those from one address:
    /// at least what one body may take. More wait, as long as a body may take.
    pub room: usize,
    /// Between two requests.
    pub idle: Duration,
    /// Without the client taking any of the answer.
    pub write: Duration,
    /// For the requests that run when the server is asked to stop.
    pub finish: Duration,
    /// After the operating system refused a connection, for want of file descriptors say.
    pub pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            from_one: 2048,
            proxies: Proxies::default(),
            head: Duration::from_secs(10),
            head_size: 16 * 1024,
            body: Duration::from_secs(25),
            body_size: app::longest_body,
            // Pictures from four places at once.
            room: 4 * app::longest_body("/do/keep-photo"),
            idle: Duration::from_mins(1),
            write: Duration::from_secs(30),
            finish: Duration::from_secs(10),
            pause: Duration::from_millis(100),
        }
    }
}

/// The other end of the connection that a request came over.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Serves until `stop` resolves, then lets the requests that run finish.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(limits.connections as usize));
    let guests = Guests::new(&limits);
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let (client, peer, place) = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &places, limits.pause) => accepted,
        };
        let Some(guest) = place.and_then(|place| guests.welcome(peer, place)) else { continue };
        tokio::spawn(converse(client, guest, router.clone(), limits.clone(), stopped.clone()));
    }
    drop(listener);
    stopping.send_replace(());
    // Each conversation holds one until its end.
    drop(stopped);
    stopping.closed().await;
}

/// Smaller ones hyper does not take, in bytes.
const SMALLEST_BUFFER: usize = 8 * 1024;

/// The next client, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    pause: Duration,
) -> (TcpStream, Peer, Option<OwnedSemaphorePermit>) {
    let place = Arc::clone(places).acquire_owned().await.ok();
    let mut told = false;
    loop {
        match listener.accept().await {
            Ok((client, peer)) => return (client, Peer(peer.ip()), place),
            Err(cause) if is_the_clients(&cause) => {}
            Err(cause) => {
                if !told {
                    tracing::warn!(%cause, "connections cannot be accepted for the moment");
                    told = true;
                }
                sleep(pause).await;
            }
        }
    }
}

fn is_the_clients(cause: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(cause.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Answers the requests of one client, one after the other.
async fn converse(client: TcpStream, guest: Guest, router: Router, limits: Limits, mut stopped: watch::Receiver<()>) {
    // An answer is written whole; waiting to fill a packet would only delay it.
    let _ = client.set_nodelay(true);
    let head = tokio::select! {
        head = head::first(&client, &limits) => head,
        _ = stopped.changed() => None,
    };
    let Some(head) = head else { return };
    let (phase, guest) = (Phase::default(), Arc::new(guest));
    let socket = TokioIo::new(Socket::new(client, head, phase.clone(), limits.clone()));
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(guest.peer);
        Box::pin(answer(router.clone(), phase.clone(), limits.clone(), Arc::clone(&guest), request))
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_header_size(limits.head_size)
        // What has come and is not yet wanted takes no more than a head.
        .max_buf_size(limits.head_size.max(SMALLEST_BUFFER))
        .serve_connection(socket, service);

    let outcome = tokio::select! {
        outcome = &mut connection => outcome,
        _ = stopped.changed() => {
            pin::Pin::new(&mut connection).graceful_shutdown();
            let Ok(outcome) = timeout(limits.finish, &mut connection).await else {
                tracing::warn!("a request was cut off: it had not finished when the server stopped");
                return;
            };
            outcome
        }
    };
    let misread = outcome.as_ref().is_err_and(hyper::Error::is_parse);
    if let Err(cause) = outcome {
        tracing::debug!(%cause, "a connection ended early");
    }
    if misread || phase.is_left_unread() {
        part(connection.into_parts().io.into_inner().into_inner()).await;
    }
}

/// One request, one answer.
async fn answer(
    mut router: Router,
    phase: Phase,
    limits: Limits,
    guest: Arc<Guest>,
    request: hyper::Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    let answering = phase.answering();
    if phase.is_in_one_breath() {
        // Everyone else has a turn first: without this, requests that came together would have the thread to themselves.
        yield_now().await;
    }
    let (refused, coded) = (framing::refused(&request, phase.head()), framing::is_coded(request.headers()));
    let (request, reading) = bounded(request, &limits, &guest, &phase);
    if let Some(status) = refused {
        let response = (status, [(CONNECTION, "close")]).into_response();
        return Ok(response.map(|body| Answer::new(body, answering)));
    }
    let mut response = match read_ahead(request).await {
        Ok(request) => router.call(request).await?,
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    };
    if reading.is_late() {
        response = (StatusCode::REQUEST_TIMEOUT, [(CONNECTION, "close")]).into_response();
    }
    let is_stream = response.extensions().get::<EventStream>().is_some();
    if is_stream {
        guest.becomes_stream();
    }
    // A stream has no place any more: nothing else is asked over it.
    if coded || is_stream {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Answer::new(body, answering)))
}

/// A client that is still sending hears the last answer only if what it sends is taken off the wire for a while.
async fn part(client: TcpStream) {
    let farewell = async {
        let mut rest = vec![0; SMALLEST_BUFFER];
        loop {
            client.readable().await?;
            match client.try_read(&mut rest) {
                Ok(0) => return Ok(()),
                Err(cause) if cause.kind() != io::ErrorKind::WouldBlock => return Err(cause),
                _ => {}
            }
        }
    };
    let _: Result<io::Result<()>, _> = timeout(Duration::from_secs(2), farewell).await;
}
