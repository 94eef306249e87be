//! An installation on a file of its own, with a clock set by hand.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::BusinessId;
use domain::record::Hash;
use sqlx::SqlitePool;
use store::{Source, Store};
use uuid::Uuid;

/// A clock set by hand, and dice that never fall the same way twice.
struct Hand {
    now: Mutex<DateTime<Utc>>,
    thrown: AtomicU64,
}

impl Source for Hand {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn bytes(&self) -> [u8; 32] {
        let throw = self.thrown.fetch_add(1, Ordering::Relaxed);
        Hash::of(&throw.to_be_bytes()).as_bytes().try_into().unwrap()
    }
}

pub struct Installation {
    pub store: Store,
    /// A look at the tables themselves, beside the store.
    pub rows: SqlitePool,
    hand: Arc<Hand>,
    #[expect(dead_code, reason = "it is there until the installation ends")]
    folder: Folder,
}

impl Installation {
    pub async fn new() -> Self {
        let folder = Folder::new();
        let url = format!("sqlite:{}", folder.0.join("trialmark.db").display());
        let hand =
            Arc::new(Hand { now: Mutex::new("2026-11-02T12:00:00Z".parse().unwrap()), thrown: AtomicU64::new(1) });
        let store = Store::open(&url, Arc::clone(&hand) as Arc<dyn Source>).await.unwrap();
        let store = store.with_photos(folder.0.join("photos"));
        store.migrate().await.unwrap();
        let rows = SqlitePool::connect(&url).await.unwrap();
        Self { store, rows, hand, folder }
    }

    pub fn pass(&self, time: TimeDelta) {
        *self.hand.now.lock().unwrap() += time;
    }

    /// A second business beside the first, which shares nothing with it.
    pub async fn second(&self) -> BusinessId {
        let id = Uuid::from_u128(2);
        let sql = "INSERT INTO businesses (id, slug, name, zone, currency, language, contact_name, contact_email, \
            contact_phone, hours, created_at) SELECT $1, 'other', name, zone, currency, language, contact_name, \
            contact_email, contact_phone, hours, created_at FROM businesses";
        sqlx::query(sql).bind(id).execute(&self.rows).await.unwrap();
        let sql = "INSERT INTO record_heads (business_id, seq, hash, revision) VALUES ($1, 0, $2, 0)";
        sqlx::query(sql).bind(id).bind(Hash::ZERO.as_bytes()).execute(&self.rows).await.unwrap();
        BusinessId(id)
    }

    /// How many rows each table has.
    pub async fn counted(&self) -> Vec<(String, i64)> {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        let names: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&self.rows).await.unwrap();
        let mut counted = Vec::new();
        for (name,) in names {
            let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {name}"));
            let (count,): (i64,) = sqlx::query_as(sql).fetch_one(&self.rows).await.unwrap();
            counted.push((name, count));
        }
        counted
    }
}

/// A folder that goes when the installation ends, however it ends; in memory where there is a place for that.
struct Folder(PathBuf);

/// Each has a folder of its own.
static FOLDERS: AtomicU64 = AtomicU64::new(0);

impl Folder {
    fn new() -> Self {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let memory = PathBuf::from("/dev/shm");
        let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
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
