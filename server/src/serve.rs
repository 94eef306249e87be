//! The running server: the application behind its layers, from the first connection to the last.

use std::future::Future;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::doors::{Door, Doors};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use store::Source;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::csrf::{CsrfLayer, ResponseForProtectionError};
use tower_http::trace::TraceLayer;
use tracing::Span;

use crate::clock::Machine;
use crate::connections::{self, Limits};
use crate::failure::Failure;
use crate::headers::{self, Headers};
use crate::refusals::{self, Refusal, is_api};
use crate::settings::{Service, Storage};
use crate::{api, assets, database, files, health, jobs, risks};

/// No answer may take longer to begin.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// Serves until asked to stop, then finishes the requests that run.
///
/// # Errors
/// When the address is taken or the database does not open.
pub async fn run(storage: &Storage, service: &Service) -> Result<(), Failure> {
    let stop = asked_to_stop()?;
    let limits = limits(service);
    let (listener, address) = listen(service.address.listen)?;
    let served = database::alone(storage)?;
    let store = database::open(storage).await?;
    risks::warn(storage, service, address, served.as_ref().map(|(file, _)| file.path()));
    if store.sees_over_walls().await? {
        tracing::warn!(
            "PostgreSQL does not hold the businesses apart for this role, a superuser or one with BYPASSRLS: \
             give Trialmark a role without either, which owns its database"
        );
    }
    let base_url = service.address.base_url(address);
    let jobs = tokio::spawn(jobs::run(store.clone()));
    let state = app::State::new(store, base_url.as_str(), assets::names());
    state.streams.limit(limits.connections as usize);
    // Whoever started us may have stopped listening; that is no reason not to serve.
    let _ = writeln!(io::stdout(), "Trialmark is running at {base_url}");
    let router = service.trusted_proxies.clone().before(router(state.clone()));
    let stop = async {
        stop.await;
        // They would go on for ever; their readers come again.
        state.streams.end();
    };
    connections::serve(listener, router, limits, stop).await;
    jobs.abort();
    drop(served);
    Ok(())
}

fn limits(service: &Service) -> Limits {
    let usual = Limits::default();
    // As many streams as connections that ask for pages.
    let connections = files::connections(2 * usual.connections) / 2;
    let from_one = usual.from_one.min(connections.div_ceil(2));
    Limits { connections, from_one, proxies: service.trusted_proxies.clone(), ..usual }
}

/// Everything Trialmark answers, with every limit and header in place.
pub fn router(state: app::State) -> Router {
    let base_url = Arc::clone(&state.base_url);
    let pages = app::router(pages(&state));
    guarded(pages.merge(api::router(&state)).with_state(state), &base_url, Arc::new(Machine))
}

/// Every door there is, with the rule of who may come in.
#[must_use]
pub fn doors(state: &app::State) -> Vec<Door> {
    [pages(state).listed(), &api::listed(state)].concat()
}

fn pages(state: &app::State) -> Doors {
    app::doors(state).of(assets::doors).of(health::doors)
}

/// Puts the layers around the doors. The first is the outermost.
pub fn guarded(doors: Router, base_url: &str, source: Arc<dyn Source>) -> Router {
    let https = base_url.starts_with("https:");
    doors.layer(
        ServiceBuilder::new()
            .layer(TraceLayer::new_for_http().make_span_with(span).on_request(()).on_response(log).on_failure(()))
            .layer(from_fn_with_state(Headers { source, https }, headers::protect))
            .layer(compression())
            .layer(from_fn(refusals::word))
            .layer(CatchPanicLayer::custom(|_| Refusal::Broken.into_response()))
            .layer(from_fn(in_time))
            .layer(from_fn(in_bounds))
            // Whatever reads a body reads one that is within bounds.
            .layer(DefaultBodyLimit::disable())
            .layer(same_site(base_url)),
    )
}

/// The route as it is written in the code: a private link's key or a search never reaches the log.
fn span(request: &http::Request<Body>) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

fn log<B>(response: &http::Response<B>, latency: Duration, _: &Span) {
    let status = response.status().as_u16();
    match status {
        // Whoever runs the server sees when a door is tried that stays shut.
        401 | 403 | 429 => tracing::info!(status, ?latency, "refused"),
        _ => tracing::debug!(status, ?latency, "answered"),
    }
}

/// What is packed already.
const ZIP: NotForContentType = NotForContentType::const_new("application/zip");

/// A few bytes now and then, for hours: packing them takes more memory than everything else of a stream.
const STREAM: NotForContentType = NotForContentType::const_new("text/event-stream");

/// Fast rather than small: the quality at which a page costs well under a millisecond.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(SizeAbove::new(512).and(NotForContentType::IMAGES).and(ZIP).and(STREAM))
}

/// A body that is announced to be too long is refused at once, any other where it becomes so.
async fn in_bounds(request: Request, next: Next) -> Response {
    let longest = app::longest_body(request.uri().path());
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > longest) {
        return Refusal::TooLarge.into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, longest)))).await
}

/// An answer that does not begin in time is given up, and what it was doing is undone with it.
async fn in_time(request: Request, next: Next) -> Response {
    timeout(LONGEST_ANSWER, next.run(request)).await.unwrap_or_else(|_| {
        tracing::warn!("a request was given up: it took too long");
        Refusal::TooSlow.into_response()
    })
}

/// Refuses forms that another site made a browser send. Programs bring a token and no cookie: nothing to forge.
fn same_site(base_url: &str) -> CsrfLayer<impl ResponseForProtectionError<Body> + use<>> {
    CsrfLayer::new()
        .add_trusted_origin(base_url)
        .unwrap_or_default()
        .with_insecure_bypass(|_, uri| is_api(uri))
        .with_rejection_response(|_| Refusal::CrossSite.into_response())
}

/// Takes the address before anything else is opened: a second Trialmark by mistake must not touch the first one's data.
fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let listener = bound(address).map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => Failure::PortTaken { address },
        _ => Failure::Listen { address, cause },
    })?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// How many may wait to be accepted, as far as the operating system allows it: a crowd that comes at once.
const AT_THE_DOOR: u32 = 4096;

fn bound(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A port is free as soon as the server before has ended, whatever is still under way to it.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(AT_THE_DOOR)
}

/// SIGTERM or ctrl-c, heard from now on.
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests;
