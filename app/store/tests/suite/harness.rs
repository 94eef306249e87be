//! The context of a test: a database of its own, a clock that is set by hand, and random bytes that are the same every
//! time.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use domain::record::Hash;
use store::{ClockAndRandom, Store};
use tokio::runtime::{Builder, Runtime};

use crate::direct_db::DirectDb;

/// Runs each of these tests on both databases.
macro_rules! both_databases {
    // And once more on PostgreSQL as superuser, for whom there is no row-level security.
    (also without rls: $($test:ident),* $(,)?) => {
        both_databases![$($test),*];
        mod rls_bypassed {
            $(#[test] fn $test() { $crate::harness::with_rls_bypassed(super::$test); })*
        }
    };
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { $crate::harness::on_sqlite(super::$test); })*
        }
        mod postgres {
            $(#[test] fn $test() { $crate::harness::on_postgres(super::$test); })*
        }
    };
}

pub struct TestContext {
    pub store: Store,
    pub clock: Arc<Clock>,
    pub direct_db: DirectDb,
    pub url: String,
    pub photos: TempFolder,
}

/// A clock that is set by hand, with deterministic randomness.
pub struct Clock {
    now: Mutex<DateTime<Utc>>,
    draws: AtomicU64,
}

impl ClockAndRandom for Clock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn bytes(&self) -> [u8; 32] {
        let draw = self.draws.fetch_add(1, Ordering::Relaxed);
        Hash::of(&draw.to_le_bytes()).as_bytes().try_into().unwrap()
    }
}

impl Clock {
    pub fn new() -> Self {
        Self { now: Mutex::new(at("2026-11-02T12:00:00.250Z")), draws: AtomicU64::new(0) }
    }

    pub fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap() += by;
    }

    /// Continues the random bytes as after so many draws.
    pub fn rewind(&self, draws: u64) {
        self.draws.store(draws, Ordering::Relaxed);
    }

    pub fn set(&self, now: DateTime<Utc>) {
        *self.now.lock().unwrap() = now;
    }
}

impl TestContext {
    async fn new(url: String, direct_db: &str) -> Self {
        let clock = Arc::new(Clock::new());
        let photos = TempFolder::new();
        let store = Store::open(&url, Arc::clone(&clock) as Arc<dyn ClockAndRandom>).await.unwrap();
        let store = store.with_photos(photos.0.clone());
        store.migrate().await.unwrap();
        Self { store, clock, direct_db: DirectDb::open(direct_db).await, url, photos }
    }

    /// The same database through another program, with the same clock.
    pub async fn another(&self) -> Store {
        let store = Store::open(&self.url, Arc::clone(&self.clock) as Arc<dyn ClockAndRandom>).await.unwrap();
        store.with_photos(self.photos.0.clone())
    }

    /// Runs a test on the other database, PostgreSQL if this one is SQLite, with other random bytes.
    pub fn on_other_database(&self, test: impl AsyncFnOnce(&TestContext) + Send) {
        let test = async |there: &TestContext| {
            there.clock.draws.store(1 << 32, Ordering::Relaxed);
            test(there).await;
        };
        let is_sqlite = self.direct_db.is_sqlite();
        let other = move || if is_sqlite { on_postgres(test) } else { on_sqlite(test) };
        let run_test = std::thread::scope(|scope| scope.spawn(other).join());
        run_test.unwrap_or_else(|panic| resume_unwind(panic));
    }

    /// The URLs of an empty database: for the role that owns it, and for the superuser.
    pub async fn empty(&self) -> (String, String) {
        if self.direct_db.is_sqlite() {
            let url = format!("sqlite:{}?mode=rwc", self.photos.0.join("empty.db").display());
            return (url.clone(), url);
        }
        DirectDb::open(&self.url).await.run_alone("CREATE SCHEMA beside").await;
        let (_, name) = self.url.rsplit_once('/').unwrap();
        let superuser_url = server(SUPERUSER_URL);
        let beside = |url: &str| format!("{url}?options[search_path]=beside");
        (beside(&self.url), beside(&format!("{}/{name}", superuser_url.rsplit_once('/').unwrap().0)))
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

pub fn on_sqlite(test: impl AsyncFnOnce(&TestContext)) {
    let folder = TempFolder::new();
    let url = format!("sqlite:{}", folder.0.join("trialmark.db").display());
    run(url.clone(), &url, test);
}

pub fn on_postgres(test: impl AsyncFnOnce(&TestContext)) {
    with_database(migrated(), |owner_url, superuser_url| run(owner_url, &superuser_url, test));
}

/// On PostgreSQL, as a role that bypasses row-level security.
pub fn with_rls_bypassed(test: impl AsyncFnOnce(&TestContext)) {
    with_database("template1", |_, superuser_url| run(superuser_url.clone(), &superuser_url, test));
}

/// The name of a migrated database, which the others are copied from: to migrate each takes most of a second.
fn migrated() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let (name, server) = (unique_name(), server("TRIALMARK_TEST_POSTGRES"));
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        // A database can only be copied without connections to it. They end with this runtime.
        runtime().block_on(async {
            DirectDb::open(&server).await.run_alone(&format!("CREATE DATABASE {name}")).await;
            TestContext::new(url.clone(), &url).await;
        });
        name
    });
    &NAME
}

/// Runs a test with a copy of a database, given its URLs for the role that owns it, and for the superuser.
fn with_database(template: &str, run_test: impl FnOnce(String, String)) {
    let (name, runtime) = (unique_name(), runtime());
    let run =
        |server: &str, sql: String| runtime.block_on(async { DirectDb::open(server).await.run_alone(&sql).await });
    run(&server("TRIALMARK_TEST_POSTGRES"), format!("CREATE DATABASE {name} TEMPLATE {template}"));
    let address = |server: String| format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let (owner_url, superuser_url) = (address(server("TRIALMARK_TEST_POSTGRES")), address(server(SUPERUSER_URL)));
    let outcome = catch_unwind(AssertUnwindSafe(|| run_test(owner_url, superuser_url)));
    run(&server(SUPERUSER_URL), format!("DROP DATABASE {name} WITH (FORCE)"));
    outcome.unwrap_or_else(|panic| resume_unwind(panic));
}

/// The environment variable with the URL for the superuser.
pub const SUPERUSER_URL: &str = "TRIALMARK_TEST_POSTGRES_SUPERUSER";

/// The URL of the PostgreSQL server, from an environment variable.
pub fn server(name: &str) -> String {
    let Ok(server) = std::env::var(name) else {
        panic!("no PostgreSQL to test with: run `make test`, which starts one and names it in {name}");
    };
    server
}

fn run(url: String, direct_db: &str, test: impl AsyncFnOnce(&TestContext)) {
    runtime().block_on(async {
        let ctx = TestContext::new(url, direct_db).await;
        test(&ctx).await;
    });
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn unique_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("trialmark_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A temporary folder, in memory if possible, which is deleted when it is dropped.
pub struct TempFolder(pub PathBuf);

impl TempFolder {
    pub fn new() -> Self {
        let memory = PathBuf::from("/dev/shm");
        let path = if memory.is_dir() { memory } else { std::env::temp_dir() }.join(unique_name());
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
