//! Runs one SQL text on two databases: the pools, the connections, and the query macros.

use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use domain::ids::BusinessId;

use crate::database_file::{DatabaseFile, FileLock};
use crate::dialect;
use crate::error::Error;

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

#[derive(Clone)]
pub(crate) enum Db {
    /// SQLite allows one writer at a time. The pool for writing has one connection, so that writers queue here and not
    /// at the lock of the file.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
        /// `None` for a database in memory.
        file: Option<DatabaseFile>,
    },
    Postgres(PgPool),
}

/// Whose rows row-level security lets a transaction see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TenantScope {
    Of(BusinessId),
    /// No particular business: for lookups by a token, a link, a slug or a person.
    Across,
}

/// A connection without a business, for a lookup: whose is this token, this link, this slug?
pub(crate) enum LookupConn {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A connection from a pool, or an open transaction.
pub(crate) enum DbHandle {
    Sqlite(PoolConnection<Sqlite>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresTx(Transaction<'static, Postgres>),
}

pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Db {
    /// Whether all businesses share one writer.
    pub fn has_one_writer(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    pub async fn open(url: &str) -> Result<Self, Error> {
        if url.starts_with("sqlite:") {
            let file = DatabaseFile::from_url(url)?;
            let _turn = open_lock(file.as_ref()).await?;
            let (readers, writer) = dialect::open_sqlite(url).await?;
            Ok(Self::Sqlite { readers, writer, file })
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self::Postgres(dialect::open_postgres(url).await?))
        } else {
            Err(Error::UnsupportedUrl)
        }
    }

    pub async fn migrate(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite { writer, file, .. } => {
                let _turn = open_lock(file.as_ref()).await?;
                SQLITE.run(writer).await?;
            }
            // There the migrator takes a lock itself.
            Self::Postgres(pool) => POSTGRES.run(pool).await?,
        }
        Ok(())
    }

    /// A connection for a lookup. On PostgreSQL without a transaction, which saves a round trip: outside a transaction
    /// a connection has no business.
    pub async fn look_up(&self) -> Result<LookupConn, Error> {
        Ok(match self {
            Self::Sqlite { readers, .. } => LookupConn::Sqlite(readers.acquire().await?),
            Self::Postgres(pool) => LookupConn::Postgres(pool.acquire().await?),
        })
    }

    pub async fn read(&self, scope: impl Into<TenantScope>) -> Result<DbHandle, Error> {
        Ok(match self {
            Self::Sqlite { readers, .. } => DbHandle::Sqlite(readers.acquire().await?),
            Self::Postgres(pool) => DbHandle::PostgresTx(pool.begin_with(scope.into().begin("BEGIN READ ONLY")).await?),
        })
    }

    /// A read transaction on a snapshot: several reads see the same state.
    pub async fn snapshot(&self, scope: impl Into<TenantScope>) -> Result<DbHandle, Error> {
        Ok(match self {
            Self::Sqlite { readers, .. } => DbHandle::SqliteTx(readers.begin().await?),
            Self::Postgres(pool) => {
                let begin = scope.into().begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                DbHandle::PostgresTx(pool.begin_with(begin).await?)
            }
        })
    }

    pub async fn begin(&self, scope: impl Into<TenantScope>) -> Result<DbHandle, Error> {
        Ok(match self {
            Self::Sqlite { writer, .. } => DbHandle::SqliteTx(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => DbHandle::PostgresTx(pool.begin_with(scope.into().begin("BEGIN")).await?),
        })
    }
}

/// SQLite itself has no lock for setting up a file and for migrating it.
async fn open_lock(file: Option<&DatabaseFile>) -> Result<Option<FileLock>, Error> {
    match file {
        Some(file) => Ok(Some(file.open().await?)),
        None => Ok(None),
    }
}

impl From<BusinessId> for TenantScope {
    fn from(business: BusinessId) -> Self {
        Self::Of(business)
    }
}

impl TenantScope {
    /// The statements that begin a transaction with this scope for row-level security
    /// (`migrations/postgres/0019_walls.sql`).
    fn begin(self, begin: &str) -> AssertSqlSafe<String> {
        AssertSqlSafe(format!("{begin}; {}", self.set().0))
    }

    fn set(self) -> AssertSqlSafe<String> {
        let business = match self {
            Self::Of(BusinessId(id)) => id.to_string(),
            Self::Across => String::new(),
        };
        AssertSqlSafe(format!("SET LOCAL trialmark.business = '{business}'"))
    }
}

impl LookupConn {
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(handle) => Conn::Sqlite(handle),
            Self::Postgres(handle) => Conn::Postgres(handle),
        }
    }
}

impl DbHandle {
    /// Changes the scope of the transaction.
    pub async fn set_tenant(&mut self, scope: impl Into<TenantScope>) -> Result<(), Error> {
        if let Self::PostgresTx(tx) = self {
            sqlx::query(scope.into().set()).execute(&mut **tx).await?;
        }
        Ok(())
    }

    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(handle) => Conn::Sqlite(handle),
            Self::SqliteTx(handle) => Conn::Sqlite(handle),
            Self::PostgresTx(handle) => Conn::Postgres(handle),
        }
    }

    pub async fn commit(self) -> Result<(), Error> {
        match self {
            Self::SqliteTx(tx) => tx.commit().await?,
            Self::PostgresTx(tx) => tx.commit().await?,
            Self::Sqlite(_) => {}
        }
        Ok(())
    }
}

impl Conn<'_> {
    /// The same connection, for another query.
    pub fn reborrow(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }

    /// The suffix that locks the selected rows. SQLite needs none, because there is one writer.
    pub fn for_update(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " FOR UPDATE",
        }
    }

    /// The SQL that orders a text column by its bytes, whatever the collation of the database.
    pub fn in_byte_order(&self, column: &str) -> String {
        match self {
            Self::Sqlite(_) => column.to_owned(),
            Self::Postgres(_) => format!("{column} COLLATE \"C\""),
        }
    }

    /// The statement with a parameter for each value: `… VALUES ($1, $2), ($3, $4)`. For SQLite `… VALUES (?, ?), (?,
    /// ?)`, because it searches all numbered parameters for each number.
    pub fn values_clause(&self, insert: &str, width: usize, rows: usize) -> String {
        let place = |place: usize| match self {
            Self::Sqlite(_) => "?".to_owned(),
            Self::Postgres(_) => format!("${place}"),
        };
        let row = |row: usize| {
            let places: Vec<_> = (1..=width).map(|at| place(row * width + at)).collect();
            format!("({})", places.join(", "))
        };
        format!("{insert} VALUES {}", (0..rows).map(row).collect::<Vec<_>>().join(", "))
    }

    /// The statement with the parameters of many rows. On PostgreSQL they are an array for each column, so that the statement
    /// is the same for any number of rows and is prepared once.
    pub fn rows_clause(&self, insert: &str, width: usize, rows: usize) -> String {
        match self {
            Self::Sqlite(_) => self.values_clause(insert, width, rows),
            Self::Postgres(_) => {
                let places: Vec<_> = (1..=width).map(|place| format!("${place}")).collect();
                format!("{insert} SELECT * FROM UNNEST({})", places.join(", "))
            }
        }
    }
}

/// Fetches rows of a type: `fetch!(conn, fetch_optional as Row, "SELECT …", bound, …)`.
macro_rules! fetch {
    ($conn:expr, $how:ident as $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                sqlx::query_as::<sqlx::Sqlite, $row>($sql)$(.bind($bind))*.$how(&mut *c).await
            }
            $crate::db::Conn::Postgres(c) => {
                sqlx::query_as::<sqlx::Postgres, $row>($sql)$(.bind($bind))*.$how(&mut *c).await
            }
        }
        .map_err($crate::error::Error::from)
    };
}

/// Executes a statement. Returns the number of affected rows.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                sqlx::query::<sqlx::Sqlite>($sql)$(.bind($bind))*.execute(&mut *c).await.map(|done| done.rows_affected())
            }
            $crate::db::Conn::Postgres(c) => {
                sqlx::query::<sqlx::Postgres>($sql)$(.bind($bind))*.execute(&mut *c).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::error::Error::from)
    };
}

/// How many rows one statement inserts: well below the databases' limit of parameters.
pub(crate) const ROWS_PER_STATEMENT: usize = 100;

/// Executes one statement for many rows: `execute_rows!(conn, "INSERT INTO t (a, b)", "ON CONFLICT DO NOTHING", rows, |row|
/// row.a, row.b)`.
macro_rules! execute_rows {
    ($conn:expr, $insert:expr, $rest:expr, $rows:expr, |$row:ident| $($bind:expr),+ $(,)?) => {{
        let (width, rows) = ([$(stringify!($bind)),+].len(), $rows.into_iter().collect::<Vec<_>>());
        let conn = $conn;
        let sql = sqlx::AssertSqlSafe(format!("{} {}", conn.rows_clause($insert, width, rows.len()), $rest));
        match conn {
            $crate::db::Conn::Sqlite(c) => {
                let mut query = sqlx::query::<sqlx::Sqlite>(sql);
                for $row in rows {
                    query = query$(.bind($bind))+;
                }
                query.execute(&mut *c).await.map(|done| done.rows_affected())
            }
            $crate::db::Conn::Postgres(c) => {
                let query = sqlx::query::<sqlx::Postgres>(sql);
                query$(.bind(rows.iter().map(|$row| { let _ = $row; $bind }).collect::<Vec<_>>()))+
                    .execute(&mut *c)
                    .await
                    .map(|done| done.rows_affected())
            }
        }
        .map_err($crate::error::Error::from)
    }};
}

/// Executes one statement for many rows, and fetches what it returns: `fetch_rows!(conn, (Uuid,), "INSERT INTO t (a)",
/// "RETURNING id", rows, |row| row.a)`.
macro_rules! fetch_rows {
    ($conn:expr, $type:ty, $insert:expr, $returning:expr, $rows:expr, |$row:ident| $($bind:expr),+ $(,)?) => {{
        let (width, rows) = ([$(stringify!($bind)),+].len(), $rows.into_iter().collect::<Vec<_>>());
        let conn = $conn;
        let sql = sqlx::AssertSqlSafe(format!("{} {}", conn.rows_clause($insert, width, rows.len()), $returning));
        match conn {
            $crate::db::Conn::Sqlite(c) => {
                let mut query = sqlx::query_as::<sqlx::Sqlite, $type>(sql);
                for $row in rows {
                    query = query$(.bind($bind))+;
                }
                query.fetch_all(&mut *c).await
            }
            $crate::db::Conn::Postgres(c) => {
                let query = sqlx::query_as::<sqlx::Postgres, $type>(sql);
                query$(.bind(rows.iter().map(|$row| { let _ = $row; $bind }).collect::<Vec<_>>()))+.fetch_all(&mut *c).await
            }
        }
        .map_err($crate::error::Error::from)
    }};
}

pub(crate) use {execute, execute_rows, fetch, fetch_rows};

#[cfg(test)]
mod tests;
