//! Direct access to the database, without the store: for tampering, and to see what is really stored.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use uuid::Uuid;

pub enum DirectDb {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// All tables, with each row as text.
pub type Everything = BTreeMap<String, Vec<String>>;

/// `match` with the same code for both databases.
macro_rules! either {
    ($direct_db:expr, $pool:ident => $do:expr) => {
        match $direct_db {
            DirectDb::Sqlite($pool) => $do,
            DirectDb::Postgres($pool) => $do,
        }
    };
}

/// The statement with a mark that distinguishes it from those of the store.
fn marked(sql: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("{STATEMENT_MARKER} {sql}"))
}

pub const STATEMENT_MARKER: &str = "/* behind the store */";

impl DirectDb {
    pub async fn open(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            Self::Sqlite(SqlitePool::connect(url).await.unwrap())
        } else {
            Self::Postgres(PgPool::connect(url).await.unwrap())
        }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Runs statements in one transaction. Returns the number of affected rows.
    pub async fn run(&self, sql: &str) -> Result<u64, sqlx::Error> {
        either!(self, pool => {
            let mut tx = pool.begin().await?;
            let done = sqlx::raw_sql(marked(sql)).execute(&mut *tx).await?.rows_affected();
            tx.commit().await?;
            Ok(done)
        })
    }

    /// Runs a statement outside a transaction.
    pub async fn run_alone(&self, sql: &str) {
        either!(self, pool => sqlx::raw_sql(marked(sql)).execute(pool).await.map(|_| ()).unwrap());
    }

    /// Runs a statement that must change exactly one row.
    pub async fn change(&self, sql: &str) {
        assert_eq!(self.run(sql).await.unwrap(), 1, "{sql}");
    }

    pub async fn number(&self, sql: &str) -> i64 {
        either!(self, pool => sqlx::query_scalar(marked(sql)).fetch_one(pool).await.unwrap())
    }

    pub async fn texts(&self, sql: &str) -> Vec<String> {
        either!(self, pool => sqlx::query_scalar(marked(sql)).fetch_all(pool).await.unwrap())
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// The SQL literal of an id.
    pub fn id(&self, id: Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("X'{}'", id.simple()),
            Self::Postgres(_) => format!("'{id}'"),
        }
    }

    /// The SQL literal of bytes.
    pub fn bytes(&self, hex: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("X'{hex}'"),
            Self::Postgres(_) => format!("'\\x{hex}'"),
        }
    }

    pub async fn tables(&self) -> Vec<String> {
        let sql = match self {
            Self::Sqlite(_) => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' \
                AND name NOT LIKE 'sqlite%' ORDER BY 1"
            }
            Self::Postgres(_) => {
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() \
                AND table_name NOT LIKE '\\_%' ORDER BY 1"
            }
        };
        self.texts(sql).await
    }

    /// The rows of a table as text.
    pub async fn rows(&self, table: &str) -> Vec<String> {
        let row = match self {
            Self::Sqlite(_) => {
                let sql = format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
                self.texts(&sql).await.join(" || '|' || ")
            }
            Self::Postgres(_) => "t::text".to_owned(),
        };
        self.texts(&format!("SELECT {row} FROM {table} t ORDER BY 1")).await
    }

    /// All tables.
    pub async fn everything(&self) -> Everything {
        let mut all = Everything::new();
        for table in self.tables().await {
            let rows = self.rows(&table).await;
            all.insert(table, rows);
        }
        all
    }
}
