//! The servers that are compared, each in a process of its own: the app, and the baselines.

use std::error::Error;
use std::future::pending;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::{env, io};

use app::doors::BodyLimits;
use app::{AppState, AssetNames};
use axum::Router;
use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use axum::routing::get;
use chrono::{DateTime, TimeDelta, Utc};
use server::clock::SystemSource;
use server::connections::{self, ConnectionLimits};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use store::{ClockAndRandom, Store};
use tokio::net::TcpListener;

use crate::hand_written::{self, HandWritten};
use crate::process::Server;

/// The argument that makes this program a server.
pub const SERVE: &str = "serve";

/// What a server serves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ServerKind {
    /// The app.
    App,
    /// The app with a clock that makes every cached page invalid.
    Uncached,
    HandWritten,
    /// This number of bytes, without a database.
    StaticBytes(usize),
}

impl ServerKind {
    /// Starts a server of this kind.
    pub fn start(self, database: &str) -> io::Result<Server> {
        let name = match self {
            Self::App => "app".to_owned(),
            Self::Uncached => "uncached".to_owned(),
            Self::HandWritten => "hand-written".to_owned(),
            Self::StaticBytes(size) => size.to_string(),
        };
        let mut command = Command::new(env::current_exe()?);
        Server::start(command.args([SERVE, &name, database]).stdin(Stdio::null()))
    }

    fn parse(name: &str) -> Result<Self, Box<dyn Error>> {
        Ok(match name {
            "app" => Self::App,
            "uncached" => Self::Uncached,
            "hand-written" => Self::HandWritten,
            size => Self::StaticBytes(size.parse()?),
        })
    }
}

/// Serves until it is killed.
pub fn serve(kind: &str, database: &str) -> Result<(), Box<dyn Error>> {
    let kind = ServerKind::parse(kind)?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let router = router(kind, database, &base_url).await?;
        println!("serving at {base_url}");
        connections::serve(listener, router, ConnectionLimits::default(), pending()).await;
        Ok(())
    })
}

/// The router, with the middleware of the real server.
pub async fn router(kind: ServerKind, database: &str, base_url: &str) -> Result<Router, Box<dyn Error>> {
    Ok(match kind {
        ServerKind::App => app(database, base_url, Arc::new(SystemSource)).await?,
        ServerKind::Uncached => app(database, base_url, Arc::new(BackwardClock::default())).await?,
        ServerKind::HandWritten => {
            let options = database.parse::<SqliteConnectOptions>()?.read_only(true).foreign_keys(true);
            let pool = SqlitePoolOptions::new().max_connections(8).test_before_acquire(false);
            let readers = pool.connect_with(options).await?;
            let doors = hand_written::router(HandWritten {
                readers,
                days: Arc::default(),
                base_url: base_url.into(),
                style: ASSET_NAMES.style,
                icon: ASSET_NAMES.icon,
            });
            server::serve::with_middleware(doors, &BodyLimits::of(&[]), base_url, Arc::new(SystemSource))
        }
        ServerKind::StaticBytes(size) => {
            let headers = [
                (CONTENT_TYPE, "text/html; charset=utf-8"),
                (CONTENT_ENCODING, "br"),
                (CACHE_CONTROL, "no-cache"),
                (VARY, "accept-encoding, accept-language, cookie"),
                (ETAG, "\"0123456789abcdef0123456789abcdef\""),
            ];
            let bytes = Bytes::from(vec![0; size]);
            let doors = Router::new().route("/ready", get(async move || (headers, bytes.clone())));
            server::serve::with_middleware(doors, &BodyLimits::of(&[]), base_url, Arc::new(SystemSource))
        }
    })
}

async fn app(database: &str, base_url: &str, source: Arc<dyn ClockAndRandom>) -> Result<Router, Box<dyn Error>> {
    let store = Store::open(database, source).await?;
    // So that it knows the names of its cookies.
    store.migrate().await?;
    Ok(server::serve::router(AppState::new(store, base_url, ASSET_NAMES)))
}

/// As long as the real names.
const ASSET_NAMES: AssetNames = AssetNames {
    style: "/assets/style-000000000000.css",
    icon: "/assets/icon-000000000000.svg",
    home_icon: "/assets/icon-cut-180-000000000000.png",
    islands: "/assets/islands-000000000000.js",
    passkeys: "/assets/passkeys-000000000000.js",
    live: "/assets/live-000000000000.js",
    pending_checks: "/assets/pending_checks-000000000000.js",
    drafts: "/assets/drafts.js",
    js: "/assets/app-000000000000.js",
    wasm: "/assets/app-000000000000.wasm",
};

/// A clock that goes back by a millisecond with each reading. Cached pages are then from the future, and never fresh.
struct BackwardClock {
    from: DateTime<Utc>,
    reads: AtomicI64,
}

impl Default for BackwardClock {
    fn default() -> Self {
        Self { from: SystemSource.now(), reads: AtomicI64::new(0) }
    }
}

impl ClockAndRandom for BackwardClock {
    fn now(&self) -> DateTime<Utc> {
        self.from - TimeDelta::milliseconds(self.reads.fetch_add(1, Ordering::Relaxed))
    }

    fn bytes(&self) -> [u8; 32] {
        SystemSource.bytes()
    }
}
