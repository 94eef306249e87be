//! A test installation on a database file of its own, with a manual clock.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::BusinessId;
use domain::record::Hash;
use sqlx::SqlitePool;
use store::{ClockAndRandom, Store};
use uuid::Uuid;

/// A manual clock, and a deterministic source of unique random bytes.
struct TestClock {
    now: Mutex<DateTime<Utc>>,
    drawn: AtomicU64,
}

impl ClockAndRandom for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn bytes(&self) -> [u8; 32] {
        let count = self.drawn.fetch_add(1, Ordering::Relaxed);
        Hash::of(&count.to_be_bytes()).as_bytes().try_into().unwrap()
    }
}

pub struct Installation {
    pub store: Store,
    /// A connection to the tables, beside the store.
    pub pool: SqlitePool,
    clock: Arc<TestClock>,
    #[expect(dead_code, reason = "it is removed when the installation is dropped")]
    folder: Folder,
}

impl Installation {
    pub async fn new() -> Self {
        let folder = Folder::new();
        let url = format!("sqlite:{}", folder.0.join("trialmark.db").display());
        let clock =
            Arc::new(TestClock { now: Mutex::new("2026-11-02T12:00:00Z".parse().unwrap()), drawn: AtomicU64::new(1) });
        let store = Store::open(&url, Arc::clone(&clock) as Arc<dyn ClockAndRandom>).await.unwrap();
        let store = store.with_photos(folder.0.join("photos"));
        store.migrate().await.unwrap();
        let pool = SqlitePool::connect(&url).await.unwrap();
        Self { store, pool, clock, folder }
    }

    pub fn advance(&self, time: TimeDelta) {
        *self.clock.now.lock().unwrap() += time;
    }

    /// Adds a second business.
    pub async fn add_second_business(&self) -> BusinessId {
        let id = Uuid::from_u128(2);
        let sql = "INSERT INTO businesses (id, slug, name, zone, currency, language, contact_name, contact_email, \
            contact_phone, hours, created_at) SELECT $1, 'other', name, zone, currency, language, contact_name, \
            contact_email, contact_phone, hours, created_at FROM businesses";
        sqlx::query(sql).bind(id).execute(&self.pool).await.unwrap();
        let sql = "INSERT INTO record_heads (business_id, seq, hash, revision) VALUES ($1, 0, $2, 0)";
        sqlx::query(sql).bind(id).bind(Hash::ZERO.as_bytes()).execute(&self.pool).await.unwrap();
        BusinessId(id)
    }

    /// The number of rows of each table.
    pub async fn row_counts(&self) -> Vec<(String, i64)> {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        let names: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&self.pool).await.unwrap();
        let mut counts = Vec::new();
        for (name,) in names {
            let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {name}"));
            let (count,): (i64,) = sqlx::query_as(sql).fetch_one(&self.pool).await.unwrap();
            counts.push((name, count));
        }
        counts
    }
}

/// A temporary folder, removed when dropped; in memory where that is possible.
struct Folder(PathBuf);

/// Numbers the folders of this process.
static FOLDERS: AtomicU64 = AtomicU64::new(0);

impl Folder {
    fn new() -> Self {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let shared_memory = PathBuf::from("/dev/shm");
        let folder = if shared_memory.is_dir() { shared_memory } else { std::env::temp_dir() };
        let folder = folder.join(format!("trialmark-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
