//! A world for each fact: a database of its own, a clock that is set by hand, dice that fall the same way every time.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use domain::record::Hash;
use store::{Source, Store};
use tokio::runtime::{Builder, Runtime};

use crate::raw::Raw;

/// Each of these facts must hold on both databases.
macro_rules! facts {
    // Here the database has no wall of its own, either: SQLite never has one, and PostgreSQL has none for its superuser.
    (each wall alone: $($fact:ident),* $(,)?) => {
        facts![$($fact),*];
        mod above_the_wall {
            $(#[test] fn $fact() { $crate::world::above_the_wall(super::$fact); })*
        }
    };
    ($($fact:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $fact() { $crate::world::on_sqlite(super::$fact); })*
        }
        mod postgres {
            $(#[test] fn $fact() { $crate::world::on_postgres(super::$fact); })*
        }
    };
}

pub struct World {
    pub store: Store,
    pub clock: Arc<Clock>,
    pub raw: Raw,
    pub url: String,
    pub photos: Folder,
}

/// A clock that moves when it is told to.
pub struct Clock {
    now: Mutex<DateTime<Utc>>,
    thrown: AtomicU64,
}

impl Source for Clock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn bytes(&self) -> [u8; 32] {
        let throw = self.thrown.fetch_add(1, Ordering::Relaxed);
        Hash::of(&throw.to_le_bytes()).as_bytes().try_into().unwrap()
    }
}

impl Clock {
    pub fn new() -> Self {
        Self { now: Mutex::new(at("2026-11-02T12:00:00.250Z")), thrown: AtomicU64::new(0) }
    }

    pub fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap() += by;
    }

    /// From here on the dice fall as they did after so many throws.
    pub fn rewind(&self, thrown: u64) {
        self.thrown.store(thrown, Ordering::Relaxed);
    }

    pub fn set(&self, now: DateTime<Utc>) {
        *self.now.lock().unwrap() = now;
    }
}

impl World {
    async fn new(url: String, raw: &str) -> Self {
        let clock = Arc::new(Clock::new());
        let photos = Folder::new();
        let store = Store::open(&url, Arc::clone(&clock) as Arc<dyn Source>).await.unwrap();
        let store = store.with_photos(photos.0.clone());
        store.migrate().await.unwrap();
        Self { store, clock, raw: Raw::open(raw).await, url, photos }
    }

    /// The same database through another program, with the same clock.
    pub async fn another(&self) -> Store {
        let store = Store::open(&self.url, Arc::clone(&self.clock) as Arc<dyn Source>).await.unwrap();
        store.with_photos(self.photos.0.clone())
    }

    /// A fact told of a world of the other kind, with dice that fall in other ways: PostgreSQL where this one is SQLite.
    pub fn elsewhere(&self, fact: impl AsyncFnOnce(&World) + Send) {
        let fact = async |there: &World| {
            there.clock.thrown.store(1 << 32, Ordering::Relaxed);
            fact(there).await;
        };
        let is_sqlite = self.raw.is_sqlite();
        let other = move || if is_sqlite { on_postgres(fact) } else { on_sqlite(fact) };
        let told = std::thread::scope(|scope| scope.spawn(other).join());
        told.unwrap_or_else(|panic| resume_unwind(panic));
    }

    /// An empty database beside this one, and how the superuser reaches it.
    pub async fn empty(&self) -> (String, String) {
        if self.raw.is_sqlite() {
            let url = format!("sqlite:{}?mode=rwc", self.photos.0.join("empty.db").display());
            return (url.clone(), url);
        }
        Raw::open(&self.url).await.run_alone("CREATE SCHEMA beside").await;
        let (_, name) = self.url.rsplit_once('/').unwrap();
        let above = server(ABOVE);
        let beside = |url: &str| format!("{url}?options[search_path]=beside");
        (beside(&self.url), beside(&format!("{}/{name}", above.rsplit_once('/').unwrap().0)))
    }

    pub fn minutes(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    pub fn hours(&self, hours: i64) {
        self.clock.advance(TimeDelta::hours(hours));
    }
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn on_sqlite(fact: impl AsyncFnOnce(&World)) {
    let folder = Folder::new();
    let url = format!("sqlite:{}", folder.0.join("trialmark.db").display());
    told(url.clone(), &url, fact);
}

pub fn on_postgres(fact: impl AsyncFnOnce(&World)) {
    with_database(migrated(), |inside, above| told(inside, &above, fact));
}

/// On PostgreSQL, as a role that sees over its walls.
pub fn above_the_wall(fact: impl AsyncFnOnce(&World)) {
    with_database("template1", |_, above| told(above.clone(), &above, fact));
}

/// A database with all tables, of which the others are copies: to make them anew takes most of a second.
fn migrated() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let (name, server) = (unique(), server("TRIALMARK_TEST_POSTGRES"));
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        // Nobody may be at it when it is copied: whoever made it leaves with the runtime.
        runtime().block_on(async {
            Raw::open(&server).await.run_alone(&format!("CREATE DATABASE {name}")).await;
            World::new(url.clone(), &url).await;
        });
        name
    });
    &NAME
}

/// With a copy of a database: its address for a role that owns it and nothing else, and for the superuser.
fn with_database(template: &str, told: impl FnOnce(String, String)) {
    let (name, runtime) = (unique(), runtime());
    let run = |server: &str, sql: String| runtime.block_on(async { Raw::open(server).await.run_alone(&sql).await });
    run(&server("TRIALMARK_TEST_POSTGRES"), format!("CREATE DATABASE {name} TEMPLATE {template}"));
    let address = |server: String| format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let (inside, above) = (address(server("TRIALMARK_TEST_POSTGRES")), address(server(ABOVE)));
    let outcome = catch_unwind(AssertUnwindSafe(|| told(inside, above)));
    run(&server(ABOVE), format!("DROP DATABASE {name} WITH (FORCE)"));
    outcome.unwrap_or_else(|panic| resume_unwind(panic));
}

/// Names the server as its superuser.
pub const ABOVE: &str = "TRIALMARK_TEST_POSTGRES_ABOVE";

/// A server for tests, as it is named in the environment.
pub fn server(name: &str) -> String {
    let Ok(server) = std::env::var(name) else {
        panic!("no PostgreSQL to test with: run `make test`, which starts one and names it in {name}");
    };
    server
}

fn told(url: String, raw: &str, fact: impl AsyncFnOnce(&World)) {
    runtime().block_on(async {
        let world = World::new(url, raw).await;
        fact(&world).await;
    });
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("trialmark_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A temporary folder that goes with its owner; in memory where there is a place for that.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let memory = PathBuf::from("/dev/shm");
        let path = if memory.is_dir() { memory } else { std::env::temp_dir() }.join(unique());
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
