//! What differs between the two databases, and nothing else.

use std::str::FromStr;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgConnection, PgPool, SqliteConnection, SqlitePool};

use crate::db::Conn;

/// How long anyone waits for a connection or a lock before hearing that the database is busy.
const PATIENCE: Duration = Duration::from_secs(5);

/// Readers and the one writer of a SQLite file. What is committed is on the disk (WAL, `synchronous=FULL`).
pub(crate) async fn open_sqlite(url: &str) -> Result<(SqlitePool, SqlitePool), sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is deleted is overwritten where that costs no more writing.
        .pragma("secure_delete", "FAST")
        .busy_timeout(PATIENCE);
    let pool = |most| {
        let pool = SqlitePoolOptions::new().max_connections(most).acquire_timeout(PATIENCE).test_before_acquire(false);
        pool.before_acquire(|conn, _| Box::pin(is_free(conn)))
    };
    let writer = pool(1).connect_with(options.clone()).await?;
    let readers = pool(8).connect_with(options.read_only(true)).await?;
    Ok((readers, writer))
}

/// Whether a connection can begin anew. After a full disk or a failed read SQLite rolls back by itself, and the
/// connection still believes itself inside a transaction: it is given up for a new one.
async fn is_free(conn: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if conn.is_in_transaction() {
        // Lets a rollback under way come to its end.
        conn.ping().await?;
    }
    Ok(!conn.is_in_transaction())
}

pub(crate) async fn open_postgres(url: &str) -> Result<PgPool, sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE).test_before_acquire(false);
    pool.before_acquire(|conn, last| Box::pin(still_there(conn, last.idle_for))).connect(url).await
}

/// Whether the server still knows a connection. To ask costs as much as most queries: one that was in use a moment ago
/// is believed, unless another has just been found dead.
async fn still_there(conn: &mut PgConnection, idle: Duration) -> Result<bool, sqlx::Error> {
    let doubted = DOUBTED.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok();
    if doubted || idle >= Duration::from_secs(1) {
        conn.ping().await?;
    }
    Ok(true)
}

/// Whether a connection's role stands above row-level security.
pub(crate) async fn sees_over_walls(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let sql = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
    sqlx::query_scalar(sql).fetch_one(conn).await
}

/// How many connections are still to be asked before one is believed again.
static DOUBTED: AtomicU32 = AtomicU32::new(0);

/// A connection has failed: others may have with it.
pub(crate) fn doubt() {
    DOUBTED.store(64, Relaxed);
}

/// The name of the constraint a row would break, as PostgreSQL names it. SQLite names the columns instead, from which
/// the same name is made.
pub(crate) fn constraint(error: &dyn DatabaseError) -> Option<String> {
    if let Some(name) = error.constraint() {
        return Some(name.to_owned());
    }
    let columns = error.message().split_once("UNIQUE constraint failed: ")?.1;
    let mut columns = columns.split(", ").filter_map(|column| column.split_once('.'));
    let (table, first) = columns.next()?;
    let rest = columns.map(|(_, column)| format!("_{column}")).collect::<String>();
    Some(format!("{table}_{first}{rest}_key"))
}

/// Whether a row was refused because the business or the person it is of was deleted in between. On SQLite writers follow
/// one another, and none is surprised.
pub(crate) fn is_of_nobody(error: &dyn DatabaseError) -> bool {
    let gone = |name: &str| name.ends_with("_business_id_fkey") || name.ends_with("_person_id_fkey");
    error.is_foreign_key_violation() && error.constraint().is_some_and(gone)
}

/// Makes a reading wait for those who use the rows, and them wait for it. On SQLite there is one writer anyway.
pub(crate) fn for_update(conn: &Conn<'_>) -> &'static str {
    match conn {
        Conn::Sqlite(_) => "",
        Conn::Postgres(_) => " FOR UPDATE",
    }
}

/// A column of text in the order of its bytes, whatever the language of the database.
pub(crate) fn by_bytes(conn: &Conn<'_>, column: &str) -> String {
    match conn {
        Conn::Sqlite(_) => column.to_owned(),
        Conn::Postgres(_) => format!("{column} COLLATE \"C\""),
    }
}

/// Whether the database is busy, full, out of reach or going down: it may work again later.
pub(crate) fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| is_passing_code(&code)),
        _ => false,
    }
}

/// SQLite's primary result codes are numbers (busy 5, locked 6, read-only 8, I/O 10, full 13, cannot open 14);
/// PostgreSQL's are five characters by class (connection 08, serialisation 40, resources 53, lock 55, shutdown 57, I/O 58,
/// read-only 25006, no such database 3D000).
fn is_passing_code(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xFF, 5 | 6 | 8 | 10 | 13 | 14),
        _ => {
            matches!(code, "25006" | "3D000")
                || ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
        }
    }
}
