//! The differences between the two databases.

use std::str::FromStr;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgConnection, PgPool, SqliteConnection, SqlitePool};

/// How long to wait for a connection or a lock before the database counts as busy.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the pools for reading and for writing. A commit is synced to disk (WAL, `synchronous=FULL`).
pub(crate) async fn open_sqlite(url: &str) -> Result<(SqlitePool, SqlitePool), sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // Deleted data is overwritten where that needs no additional writes.
        .pragma("secure_delete", "FAST")
        .busy_timeout(WAIT_TIMEOUT);
    let pool = |limit| {
        let pool =
            SqlitePoolOptions::new().max_connections(limit).acquire_timeout(WAIT_TIMEOUT).test_before_acquire(false);
        pool.before_acquire(|conn, _| Box::pin(is_reusable(conn)))
    };
    let writer = pool(1).connect_with(options.clone()).await?;
    let readers = pool(8).connect_with(options.read_only(true)).await?;
    Ok((readers, writer))
}

/// Whether a connection can be used again. After a full disk or a failed read SQLite rolls back by itself, but sqlx
/// still counts an open transaction. Such a connection is replaced.
async fn is_reusable(conn: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if conn.is_in_transaction() {
        // A queued rollback runs before the ping.
        conn.ping().await?;
    }
    Ok(!conn.is_in_transaction())
}

pub(crate) async fn open_postgres(url: &str) -> Result<PgPool, sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(WAIT_TIMEOUT).test_before_acquire(false);
    pool.before_acquire(|conn, last| Box::pin(is_alive(conn, last.idle_for))).connect(url).await
}

/// Whether a connection is alive. A ping costs as much as most queries, so a connection that was just in use is
/// trusted, unless another one has just failed.
async fn is_alive(conn: &mut PgConnection, idle: Duration) -> Result<bool, sqlx::Error> {
    let doubted = SUSPECT_CONNECTIONS.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok();
    if doubted || idle >= Duration::from_secs(1) {
        conn.ping().await?;
    }
    Ok(true)
}

/// Whether the role of a connection bypasses row-level security.
pub(crate) async fn bypasses_rls(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let sql = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
    sqlx::query_scalar(sql).fetch_one(conn).await
}

/// How many more connections are pinged even if they were just in use.
static SUSPECT_CONNECTIONS: AtomicU32 = AtomicU32::new(0);

/// A connection has failed, so others may have failed too.
pub(crate) fn suspect_pool() {
    SUSPECT_CONNECTIONS.store(64, Relaxed);
}

/// The name of the violated constraint, as on PostgreSQL. SQLite reports the columns instead, from which the name is
/// built.
pub(crate) fn constraint_name(error: &dyn DatabaseError) -> Option<String> {
    if let Some(name) = error.constraint() {
        return Some(name.to_owned());
    }
    let columns = error.message().split_once("UNIQUE constraint failed: ")?.1;
    let mut columns = columns.split(", ").filter_map(|column| column.split_once('.'));
    let (table, first) = columns.next()?;
    let rest = columns.map(|(_, column)| format!("_{column}")).collect::<String>();
    Some(format!("{table}_{first}{rest}_key"))
}

/// Whether a row was refused because its business or person was deleted at the same time. On SQLite this cannot happen,
/// because there is one writer.
pub(crate) fn is_missing_parent(error: &dyn DatabaseError) -> bool {
    let gone = |name: &str| name.ends_with("_business_id_fkey") || name.ends_with("_person_id_fkey");
    error.is_foreign_key_violation() && error.constraint().is_some_and(gone)
}

/// Whether the database is busy, full, unreachable or shutting down, so that the same may work later.
pub(crate) fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| is_transient_code(&code)),
        _ => false,
    }
}

/// SQLite's primary result codes are numbers (busy 5, locked 6, read-only 8, I/O 10, full 13, cannot open 14);
/// PostgreSQL's are five characters by class (connection 08, serialisation 40, resources 53, lock 55, shutdown 57, I/O
/// 58, read-only 25006, no such database 3D000).
fn is_transient_code(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xFF, 5 | 6 | 8 | 10 | 13 | 14),
        _ => {
            matches!(code, "25006" | "3D000")
                || ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
        }
    }
}
