//! The servers that are compared, each in a process of its own and of the same shape: the app, and what it is held against.

use std::error::Error;
use std::future::pending;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::{env, io};

use app::{AssetNames, State};
use axum::Router;
use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use axum::routing::get;
use chrono::{DateTime, TimeDelta, Utc};
use server::clock::Machine;
use server::connections::{self, Limits};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use store::{Source, Store};
use tokio::net::TcpListener;

use crate::by_hand::{self, ByHand};
use crate::process::Server;

/// The word by which this program is told to serve, and nothing else.
pub const SERVE: &str = "serve";

/// What is served.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The app as it is.
    App,
    /// The app with a clock by which no page is ever ready.
    Anew,
    ByHand,
    /// So many bytes, whatever the database holds.
    Ready(usize),
}

impl Kind {
    /// Starts a server of this kind.
    pub fn start(self, database: &str) -> io::Result<Server> {
        let word = match self {
            Self::App => "app".to_owned(),
            Self::Anew => "anew".to_owned(),
            Self::ByHand => "by-hand".to_owned(),
            Self::Ready(size) => size.to_string(),
        };
        let mut command = Command::new(env::current_exe()?);
        Server::start(command.args([SERVE, &word, database]).stdin(Stdio::null()))
    }

    fn parse(word: &str) -> Result<Self, Box<dyn Error>> {
        Ok(match word {
            "app" => Self::App,
            "anew" => Self::Anew,
            "by-hand" => Self::ByHand,
            size => Self::Ready(size.parse()?),
        })
    }
}

/// Serves until it is killed.
pub fn serve(kind: &str, database: &str) -> Result<(), Box<dyn Error>> {
    let kind = Kind::parse(kind)?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let router = router(kind, database, &base_url).await?;
        println!("serving at {base_url}");
        connections::serve(listener, router, Limits::default(), pending()).await;
        Ok(())
    })
}

/// What answers, behind the layers of the real server.
pub async fn router(kind: Kind, database: &str, base_url: &str) -> Result<Router, Box<dyn Error>> {
    Ok(match kind {
        Kind::App => app(database, base_url, Arc::new(Machine)).await?,
        Kind::Anew => app(database, base_url, Arc::new(Backwards::default())).await?,
        Kind::ByHand => {
            let options = database.parse::<SqliteConnectOptions>()?.read_only(true).foreign_keys(true);
            let pool = SqlitePoolOptions::new().max_connections(8).test_before_acquire(false);
            let readers = pool.connect_with(options).await?;
            let doors =
                by_hand::router(ByHand { readers, base_url: base_url.into(), style: NAMES.style, icon: NAMES.icon });
            server::serve::guarded(doors, base_url, Arc::new(Machine))
        }
        Kind::Ready(size) => {
            let headers = [
                (CONTENT_TYPE, "text/html; charset=utf-8"),
                (CONTENT_ENCODING, "br"),
                (CACHE_CONTROL, "no-cache"),
                (VARY, "accept-encoding, accept-language, cookie"),
                (ETAG, "\"0123456789abcdef0123456789abcdef\""),
            ];
            let bytes = Bytes::from(vec![0; size]);
            let doors = Router::new().route("/ready", get(async move || (headers, bytes.clone())));
            server::serve::guarded(doors, base_url, Arc::new(Machine))
        }
    })
}

async fn app(database: &str, base_url: &str, source: Arc<dyn Source>) -> Result<Router, Box<dyn Error>> {
    let store = Store::open(database, source).await?;
    Ok(server::serve::router(State::new(store, base_url, NAMES)))
}

/// As long as the real ones.
const NAMES: AssetNames = AssetNames {
    style: "/assets/style-000000000000.css",
    icon: "/assets/icon-000000000000.svg",
    home_icon: "/assets/icon-cut-180-000000000000.png",
    boot: "/assets/boot-000000000000.js",
    passkeys: "/assets/passkeys-000000000000.js",
    live: "/assets/live-000000000000.js",
    rounds: "/assets/rounds-000000000000.js",
    forms: "/assets/forms.js",
    js: "/assets/app-000000000000.js",
    wasm: "/assets/app-000000000000.wasm",
};

/// A clock that goes back by a millisecond whenever it is read: every ready page is from the future, and so never fresh.
struct Backwards {
    from: DateTime<Utc>,
    reads: AtomicI64,
}

impl Default for Backwards {
    fn default() -> Self {
        Self { from: Machine.now(), reads: AtomicI64::new(0) }
    }
}

impl Source for Backwards {
    fn now(&self) -> DateTime<Utc> {
        self.from - TimeDelta::milliseconds(self.reads.fetch_add(1, Ordering::Relaxed))
    }

    fn bytes(&self) -> [u8; 32] {
        Machine.bytes()
    }
}
