//! Accepts connections, and is patient with each for only so long: nobody can hold the server by being slow.

mod body;
mod socket;

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::{self, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONNECTION;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::Service;

use body::{Answer, timed};
use socket::{Phase, Socket};

/// How many connections there may be, and how long each may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once. More wait in the operating system's queue.
    pub connections: u32,
    /// From the first byte of a request's head (or the start of the connection) to the end of that head.
    pub head: Duration,
    /// A head may not be larger, in bytes.
    pub head_size: usize,
    /// From the end of the head to the end of the body.
    pub body: Duration,
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
            head: Duration::from_secs(10),
            head_size: 16 * 1024,
            body: Duration::from_secs(25),
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
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let (client, peer, place) = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &places, limits.pause) => accepted,
        };
        let conversation = converse(client, peer, router.clone(), limits, stopped.clone());
        tokio::spawn(async move {
            conversation.await;
            drop(place);
        });
    }
    drop(listener);
    stopping.send_replace(());
    let _ = places.acquire_many(limits.connections).await;
}

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
async fn converse(client: TcpStream, peer: Peer, router: Router, limits: Limits, mut stopped: watch::Receiver<()>) {
    // An answer is written whole; waiting to fill a packet would only delay it.
    let _ = client.set_nodelay(true);
    let phase = Phase::default();
    let socket = TokioIo::new(Socket::new(client, phase.clone(), limits));
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        Box::pin(answer(router.clone(), phase.clone(), limits.body, request))
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_header_size(limits.head_size)
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
    patience: Duration,
    request: hyper::Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    let answering = phase.answering();
    let (request, late) = timed(request, patience, &phase);
    let mut response = router.call(request).await?;
    if late.is_late() {
        response = (StatusCode::REQUEST_TIMEOUT, [(CONNECTION, "close")]).into_response();
    }
    Ok(response.map(|body| Answer::new(body, answering)))
}

/// A client that is still sending hears the last answer only if what it sends is taken off the wire for a while.
async fn part(client: TcpStream) {
    let farewell = async {
        let mut rest = vec![0; 64 * 1024];
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
