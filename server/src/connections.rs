//! Accepts connections and limits each one in time and memory, so that neither slow clients nor many of them can block the
//! server.

mod admission;
mod body;
mod framing;
mod head;
mod socket;

use std::convert::Infallible;
use std::io;
use std::pin::{self, pin};
use std::sync::Arc;
use std::time::Duration;

use app::EventStream;
use app::doors::{BodyLimit, BodyLimits};
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

use crate::peer::Peer;
use crate::proxies::TrustedProxies;
use admission::{Admission, AdmittedConnection};
use body::{ResponseBody, limit_body, read_short_body};
use socket::{ConnectionState, Socket};

/// How many connections are open at once, how long each may take, and how much memory they use.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// Connections at once, not counting event streams. Further ones wait in the operating system's queue.
    pub connections: u32,
    /// Connections at once from one IPv4 address or IPv6 network. Further ones are closed at once.
    pub connections_per_network: u32,
    /// The limits per network do not apply to these: they pass on the requests of many clients.
    pub proxies: TrustedProxies,
    /// From the first byte of a request's head (or the start of the connection) to the end of that head.
    pub head_timeout: Duration,
    /// In bytes.
    pub max_head_size: usize,
    /// From the end of the head to the end of the body.
    pub body_timeout: Duration,
    /// How large a body may be at each path. A body without a declared length is counted as this large.
    pub body_limits: BodyLimits,
    /// Memory for the long bodies of all running requests, in bytes; one network gets at most a quarter. A quarter must hold
    /// the largest body. Further bodies wait, up to `body_timeout`.
    pub body_memory: usize,
    /// Between two requests.
    pub idle_timeout: Duration,
    /// While the client reads nothing of the response.
    pub write_timeout: Duration,
    /// For the requests still running when the server stops.
    pub shutdown_timeout: Duration,
    /// After accepting failed in the operating system, for example because no file descriptor was free.
    pub accept_retry_delay: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_network: 2048,
            proxies: TrustedProxies::default(),
            head_timeout: Duration::from_secs(10),
            max_head_size: 16 * 1024,
            body_timeout: Duration::from_secs(25),
            body_limits: BodyLimits::of(&[]),
            // Four pictures at once, each from another network.
            body_memory: 4 * BodyLimit::Picture.bytes(),
            idle_timeout: Duration::from_mins(1),
            write_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(10),
            accept_retry_delay: Duration::from_millis(100),
        }
    }
}

/// Serves until `stop` resolves, then lets running requests finish.
pub async fn serve(listener: TcpListener, router: Router, limits: ConnectionLimits, stop: impl Future<Output = ()>) {
    let slots = Arc::new(Semaphore::new(limits.connections as usize));
    let admission = Admission::new(&limits);
    let (stop_sender, stop_receiver) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let (client, peer, slot) = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &slots, limits.accept_retry_delay) => accepted,
        };
        let Some(admitted) = slot.and_then(|slot| admission.admit(peer, slot)) else { continue };
        tokio::spawn(serve_connection(client, admitted, router.clone(), limits.clone(), stop_receiver.clone()));
    }
    drop(listener);
    stop_sender.send_replace(());
    // Each connection holds a receiver until it ends.
    drop(stop_receiver);
    stop_sender.closed().await;
}

/// The smallest buffer that hyper accepts, in bytes.
const MIN_BUFFER_SIZE: usize = 8 * 1024;

/// Waits for a free slot, then for the next client.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
    pause: Duration,
) -> (TcpStream, Peer, Option<OwnedSemaphorePermit>) {
    let slot = Arc::clone(slots).acquire_owned().await.ok();
    let mut has_warned = false;
    loop {
        match listener.accept().await {
            Ok((client, peer)) => return (client, Peer(peer.ip()), slot),
            Err(cause) if is_client_error(&cause) => {}
            Err(cause) => {
                if !has_warned {
                    tracing::warn!(%cause, "connections cannot be accepted for the moment");
                    has_warned = true;
                }
                sleep(pause).await;
            }
        }
    }
}

fn is_client_error(cause: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(cause.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Handles the requests of one connection, one after the other.
async fn serve_connection(
    client: TcpStream,
    admitted: AdmittedConnection,
    router: Router,
    limits: ConnectionLimits,
    mut stop_receiver: watch::Receiver<()>,
) {
    // Responses are written whole: waiting to fill a packet would only delay them.
    let _ = client.set_nodelay(true);
    let head = tokio::select! {
        head = head::read_first_head(&client, &limits) => head,
        _ = stop_receiver.changed() => None,
    };
    let Some(head) = head else { return };
    let (state, admitted) = (ConnectionState::default(), Arc::new(admitted));
    let socket = TokioIo::new(Socket::new(client, head, state.clone(), limits.clone()));
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(admitted.peer);
        Box::pin(handle_request(router.clone(), state.clone(), limits.clone(), Arc::clone(&admitted), request))
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_header_size(limits.max_head_size)
        // What is received before it is needed takes no more memory than a head.
        .max_buf_size(limits.max_head_size.max(MIN_BUFFER_SIZE))
        .serve_connection(socket, service);

    let outcome = tokio::select! {
        outcome = &mut connection => outcome,
        _ = stop_receiver.changed() => {
            pin::Pin::new(&mut connection).graceful_shutdown();
            let Ok(outcome) = timeout(limits.shutdown_timeout, &mut connection).await else {
                tracing::warn!("a request was cut off: it had not finished when the server stopped");
                return;
            };
            outcome
        }
    };
    let is_malformed = outcome.as_ref().is_err_and(hyper::Error::is_parse);
    if let Err(cause) = outcome {
        tracing::debug!(%cause, "a connection ended early");
    }
    if is_malformed || state.has_unread_body() {
        drain(connection.into_parts().io.into_inner().into_inner()).await;
    }
}

async fn handle_request(
    mut router: Router,
    state: ConnectionState,
    limits: ConnectionLimits,
    admitted: Arc<AdmittedConnection>,
    request: hyper::Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    let guard = state.begin_request();
    if state.is_pipelined() {
        // Pipelined requests would otherwise keep this thread from all other connections.
        yield_now().await;
    }
    let (rejection, has_coding) =
        (framing::rejection_status(&request, state.next_head()), framing::has_transfer_coding(request.headers()));
    let (request, body) = limit_body(request, &limits, &admitted, &state);
    if let Some(status) = rejection {
        let response = (status, [(CONNECTION, "close")]).into_response();
        return Ok(response.map(|body| ResponseBody::new(body, guard)));
    }
    let mut response = match read_short_body(request).await {
        Ok(request) => router.call(request).await?,
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    };
    if body.timed_out() {
        response = (StatusCode::REQUEST_TIMEOUT, [(CONNECTION, "close")]).into_response();
    }
    let is_stream = response.extensions().get::<EventStream>().is_some();
    if is_stream {
        admitted.release_slot();
    }
    // A stream has given up its slot, so its connection takes no further request.
    if has_coding || is_stream {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| ResponseBody::new(body, guard)))
}

/// Reads and discards what the client still sends, for at most two seconds. If the socket were closed with unread data, the
/// client would be reset before it reads the last response.
async fn drain(client: TcpStream) {
    let read_to_end = async {
        let mut buffer = vec![0; MIN_BUFFER_SIZE];
        loop {
            client.readable().await?;
            match client.try_read(&mut buffer) {
                Ok(0) => return Ok(()),
                Err(cause) if cause.kind() != io::ErrorKind::WouldBlock => return Err(cause),
                _ => {}
            }
        }
    };
    let _: Result<io::Result<()>, _> = timeout(Duration::from_secs(2), read_to_end).await;
}
