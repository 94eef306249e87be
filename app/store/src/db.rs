//! One SQL text for two databases: the pools, the connections, and the macros that run a query on either.

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
    /// SQLite takes one writer at a time: the writer's pool has one connection, so that writers queue here and not in
    /// the file's lock.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
        /// None where it is in memory.
        file: Option<DatabaseFile>,
    },
    Postgres(PgPool),
}

/// Whose rows may be read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Of(BusinessId),
    /// What is looked up before it is known whose it is: by a token, a link, a public name, or by the person.
    Across,
}

/// A connection that belongs to nobody yet, for one question: whose is this token, this link, this public name?
pub(crate) enum LookUp {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A connection in somebody's hands: borrowed from a pool, or inside a transaction.
pub(crate) enum Held {
    Sqlite(PoolConnection<Sqlite>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresTx(Transaction<'static, Postgres>),
}

pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Db {
    pub async fn open(url: &str) -> Result<Self, Error> {
        if url.starts_with("sqlite:") {
            let file = DatabaseFile::of(url)?;
            let _turn = turn(file.as_ref()).await?;
            let (readers, writer) = dialect::open_sqlite(url).await?;
            Ok(Self::Sqlite { readers, writer, file })
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self::Postgres(dialect::open_postgres(url).await?))
        } else {
            Err(Error::Address)
        }
    }

    pub async fn migrate(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite { writer, file, .. } => {
                let _turn = turn(file.as_ref()).await?;
                SQLITE.run(writer).await?;
            }
            // The migrator itself waits for its turn there.
            Self::Postgres(pool) => POSTGRES.run(pool).await?,
        }
        Ok(())
    }

    /// On PostgreSQL without a transaction, and with that one way to the database less: a connection at rest is about no
    /// business.
    pub async fn look_up(&self) -> Result<LookUp, Error> {
        Ok(match self {
            Self::Sqlite { readers, .. } => LookUp::Sqlite(readers.acquire().await?),
            Self::Postgres(pool) => LookUp::Postgres(pool.acquire().await?),
        })
    }

    pub async fn read(&self, scope: impl Into<Scope>) -> Result<Held, Error> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Held::Sqlite(readers.acquire().await?),
            Self::Postgres(pool) => Held::PostgresTx(pool.begin_with(scope.into().begin("BEGIN READ ONLY")).await?),
        })
    }

    /// Reads that must fit together: nothing that is written meanwhile is seen.
    pub async fn snapshot(&self, scope: impl Into<Scope>) -> Result<Held, Error> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Held::SqliteTx(readers.begin().await?),
            Self::Postgres(pool) => {
                let begin = scope.into().begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                Held::PostgresTx(pool.begin_with(begin).await?)
            }
        })
    }

    pub async fn begin(&self, scope: impl Into<Scope>) -> Result<Held, Error> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Held::SqliteTx(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Held::PostgresTx(pool.begin_with(scope.into().begin("BEGIN")).await?),
        })
    }
}

/// SQLite has no lock for what must be done by one alone: to make a file what it is to be, and to change its tables.
async fn turn(file: Option<&DatabaseFile>) -> Result<Option<FileLock>, Error> {
    match file {
        Some(file) => Ok(Some(file.open().await?)),
        None => Ok(None),
    }
}

impl From<BusinessId> for Scope {
    fn from(business: BusinessId) -> Self {
        Self::Of(business)
    }
}

impl Scope {
    /// Begins a transaction that PostgreSQL itself keeps within the scope (`migrations/postgres/0019_walls.sql`).
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

impl LookUp {
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(held) => Conn::Sqlite(held),
            Self::Postgres(held) => Conn::Postgres(held),
        }
    }
}

impl Held {
    /// Goes on inside a business, once it is known which; or outside of it, when its own part is done.
    pub async fn enter(&mut self, scope: impl Into<Scope>) -> Result<(), Error> {
        if let Self::PostgresTx(tx) = self {
            sqlx::query(scope.into().set()).execute(&mut **tx).await?;
        }
        Ok(())
    }

    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(held) => Conn::Sqlite(held),
            Self::SqliteTx(held) => Conn::Sqlite(held),
            Self::PostgresTx(held) => Conn::Postgres(held),
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
    /// The same connection, for one more query.
    pub fn again(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }

    /// The statement with a place for each value: `… VALUES ($1, $2), ($3, $4)`. SQLite, which would look for each number
    /// among all of them, counts for itself: `… VALUES (?, ?), (?, ?)`.
    pub fn with_values(&self, insert: &str, width: usize, rows: usize) -> String {
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
}

/// Rows of a type: `fetch!(conn, fetch_optional as Row, "SELECT …", bound, …)`.
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

/// A statement for its effect: how many rows it touched.
macro_rules! run {
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

/// How many rows one statement takes: well below what the databases can bind.
pub(crate) const AT_ONCE: usize = 100;

/// One statement for many rows: `run_rows!(conn, "INSERT INTO t (a, b)", rows, |row| row.a, row.b)`.
macro_rules! run_rows {
    ($conn:expr, $insert:expr, $rows:expr, |$row:ident| $($bind:expr),+ $(,)?) => {{
        let (width, rows) = ([$(stringify!($bind)),+].len(), $rows);
        let conn = $conn;
        let sql = sqlx::AssertSqlSafe(conn.with_values($insert, width, rows.len()));
        match conn {
            $crate::db::Conn::Sqlite(c) => {
                let mut query = sqlx::query::<sqlx::Sqlite>(sql);
                for $row in rows {
                    query = query$(.bind($bind))+;
                }
                query.execute(&mut *c).await.map(|done| done.rows_affected())
            }
            $crate::db::Conn::Postgres(c) => {
                let mut query = sqlx::query::<sqlx::Postgres>(sql);
                for $row in rows {
                    query = query$(.bind($bind))+;
                }
                query.execute(&mut *c).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::error::Error::from)
    }};
}

/// The same for what it returns: `fetch_rows!(conn, (Uuid,), "INSERT INTO t (a)", "RETURNING id", rows, |row| row.a)`.
macro_rules! fetch_rows {
    ($conn:expr, $type:ty, $insert:expr, $returning:expr, $rows:expr, |$row:ident| $($bind:expr),+ $(,)?) => {{
        let (width, rows) = ([$(stringify!($bind)),+].len(), $rows);
        let conn = $conn;
        let sql = sqlx::AssertSqlSafe(format!("{} {}", conn.with_values($insert, width, rows.len()), $returning));
        match conn {
            $crate::db::Conn::Sqlite(c) => {
                let mut query = sqlx::query_as::<sqlx::Sqlite, $type>(sql);
                for $row in rows {
                    query = query$(.bind($bind))+;
                }
                query.fetch_all(&mut *c).await
            }
            $crate::db::Conn::Postgres(c) => {
                let mut query = sqlx::query_as::<sqlx::Postgres, $type>(sql);
                for $row in rows {
                    query = query$(.bind($bind))+;
                }
                query.fetch_all(&mut *c).await
            }
        }
        .map_err($crate::error::Error::from)
    }};
}

pub(crate) use {fetch, fetch_rows, run, run_rows};

#[cfg(test)]
mod tests;
