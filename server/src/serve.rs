//! Runs the server: opens everything it needs, puts the middleware around the doors, and serves until it is stopped.

use std::future::Future;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::doors::{BodyLimits, Door, Doors};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use store::ClockAndRandom;
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

use crate::clock::SystemSource;
use crate::command_error::CommandError;
use crate::connections::{self, ConnectionLimits};
use crate::headers::{self, HeaderConfig};
use crate::middleware_error::{self, MiddlewareError, is_api};
use crate::settings::{Service, Storage};
use crate::{api, assets, database, health, jobs, open_files, risks};

/// If a response has not begun by then, the request is given up.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves until SIGTERM or ctrl-c, then finishes running requests.
///
/// # Errors
/// The address is taken, or the database cannot be opened.
pub async fn run(storage: &Storage, service: &Service) -> Result<(), CommandError> {
    let stop = stop_signal()?;
    let limits = connection_limits(service);
    let (listener, address) = listen(service.address.listen)?;
    let lock = database::lock_for_serving(storage)?;
    let store = database::open(storage).await?;
    risks::warn(storage, service, address, lock.as_ref().map(|(file, _)| file.path()));
    if store.bypasses_rls().await? {
        tracing::warn!(
            "PostgreSQL does not separate the businesses for this role, a superuser or one with BYPASSRLS: \
             give Trialmark a role without either, which owns its database"
        );
    }
    let base_url = service.address.base_url(address);
    let jobs = tokio::spawn(jobs::run(store.clone()));
    let state = app::AppState::new(store, base_url.as_str(), assets::names());
    let limits = ConnectionLimits { body_limits: body_limits(&state), ..limits };
    state.streams.set_limit(limits.connections as usize);
    // Standard output may be closed. That is no reason not to serve.
    let _ = writeln!(io::stdout(), "Trialmark is running at {base_url}");
    let router = service.trusted_proxies.clone().layer(router(state.clone()));
    let stop = async {
        stop.await;
        // Streams never end by themselves. Browsers reconnect.
        state.streams.end_all();
    };
    connections::serve(listener, router, limits, stop).await;
    jobs.abort();
    drop(lock);
    Ok(())
}

fn connection_limits(service: &Service) -> ConnectionLimits {
    let defaults = ConnectionLimits::default();
    // Half of the open files are for event streams.
    let connections = open_files::max_connections(2 * defaults.connections) / 2;
    let connections_per_network = defaults.connections_per_network.min(connections.div_ceil(2));
    ConnectionLimits { connections, connections_per_network, proxies: service.trusted_proxies.clone(), ..defaults }
}

/// All doors with all middleware.
pub fn router(state: app::AppState) -> Router {
    let base_url = Arc::clone(&state.base_url);
    let body_limits = body_limits(&state);
    let pages = app::router(page_doors(&state));
    with_middleware(pages.merge(api::router(&state)).with_state(state), &body_limits, &base_url, Arc::new(SystemSource))
}

/// All doors with their access rules.
#[must_use]
pub fn doors(state: &app::AppState) -> Vec<Door> {
    [page_doors(state).registered(), &api::list_doors(state)].concat()
}

/// How large a body may be at each address.
fn body_limits(state: &app::AppState) -> BodyLimits {
    BodyLimits::of(&doors(state))
}

fn page_doors(state: &app::AppState) -> Doors {
    app::doors(state).merge(assets::doors).merge(health::doors)
}

/// Puts the middleware around the doors. The first layer is the outermost.
pub fn with_middleware(
    doors: Router,
    body_limits: &BodyLimits,
    base_url: &str,
    source: Arc<dyn ClockAndRandom>,
) -> Router {
    let https = base_url.starts_with("https:");
    doors.layer(
        ServiceBuilder::new()
            .layer(
                TraceLayer::new_for_http()
                    .make_span_with(request_span)
                    .on_request(())
                    .on_response(log_response)
                    .on_failure(()),
            )
            .layer(from_fn_with_state(HeaderConfig { source, https }, headers::set_headers))
            .layer(compression())
            .layer(from_fn_with_state(body_limits.clone(), middleware_error::render_errors))
            .layer(CatchPanicLayer::custom(|_| MiddlewareError::Panicked.into_response()))
            .layer(from_fn(limit_response_time))
            .layer(from_fn_with_state(body_limits.clone(), limit_body_size))
            // `limit_body_size` has limited the body already.
            .layer(DefaultBodyLimit::disable())
            .layer(cross_site_check(base_url)),
    )
}

/// Logs the route as it is written in the code, because paths contain keys of private links, and queries contain searches.
fn request_span(request: &http::Request<Body>) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

fn log_response<B>(response: &http::Response<B>, latency: Duration, _: &Span) {
    let status = response.status().as_u16();
    match status {
        // The operator should see attempts to get in.
        401 | 403 | 429 => tracing::info!(status, ?latency, "refused"),
        _ => tracing::debug!(status, ?latency, "answered"),
    }
}

/// Exports are compressed already.
const ZIP: NotForContentType = NotForContentType::const_new("application/zip");

/// Event streams send a few bytes now and then, for hours. Compressing them would take more memory than the rest of a stream.
const STREAM: NotForContentType = NotForContentType::const_new("text/event-stream");

/// Compresses fast rather than small: at this quality a page takes well under a millisecond.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(SizeAbove::new(512).and(NotForContentType::IMAGES).and(ZIP).and(STREAM))
}

/// Middleware: refuses a body that is too large, at once if its length is declared, otherwise while it is read.
async fn limit_body_size(State(limits): State<BodyLimits>, request: Request, next: Next) -> Response {
    let max_size = limits.at(request.uri().path());
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: usize| length > max_size) {
        return MiddlewareError::TooLarge.into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, max_size)))).await
}

/// Middleware: gives up a request whose response does not begin in time. Dropping it rolls back its transaction.
async fn limit_response_time(request: Request, next: Next) -> Response {
    timeout(RESPONSE_TIMEOUT, next.run(request)).await.unwrap_or_else(|_| {
        tracing::warn!("a request was given up: it took too long");
        MiddlewareError::TooSlow.into_response()
    })
}

/// Refuses forms that another site made a browser send. REST is exempt: it takes tokens and no cookies.
fn cross_site_check(base_url: &str) -> CsrfLayer<impl ResponseForProtectionError<Body> + use<>> {
    CsrfLayer::new()
        .add_trusted_origin(base_url)
        .unwrap_or_default()
        .with_insecure_bypass(|_, uri| is_api(uri))
        .with_rejection_response(|_| MiddlewareError::CrossSite.into_response())
}

/// Binds the address. This comes before the database is opened, so that a second Trialmark started by mistake does not touch
/// the data of the first.
fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), CommandError> {
    let listener = bind(address).map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => CommandError::PortTaken { address },
        _ => CommandError::Listen { address, cause },
    })?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// How many connections may wait to be accepted. The operating system may allow fewer.
const ACCEPT_BACKLOG: u32 = 4096;

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Otherwise the port would stay taken for a while after the last server ended, by closed connections (TIME_WAIT).
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(ACCEPT_BACKLOG)
}

/// Resolves on SIGTERM or ctrl-c. Signals are handled from this call on.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
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
