//! Copies the checks of a business with all that belongs to them. The record stays as it is, because doors read only its head.

use std::error::Error;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, SqliteConnection};

use crate::history::checks;
use crate::shop::Shop;

/// The tables whose rows are copied, parents first, and their columns with ids that differ between copies.
const TABLES: &[(&str, &[&str])] = &[
    ("checks", &["id", "break_id"]),
    ("breaks", &["id", "check_id", "recovery_id"]),
    ("recoveries", &["id", "break_id"]),
    ("recovery_steps", &["id", "recovery_id"]),
    ("obstacles", &["id", "check_id"]),
];

/// The tables with counts, and their columns that are no counts.
const COUNTS: &[(&str, &[&str])] = &[
    ("tallies", &["guarantee_id", "business_id", "place_id", "public", "day"]),
    ("break_totals", &["guarantee_id", "business_id"]),
];

enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Copies every check with its break, recovery, steps, texts and obstacle until there are `factor` of each, and multiplies
/// the counts.
pub async fn multiply(shop: &Shop, database: &str, factor: usize) -> Result<(), Box<dyn Error>> {
    let mut connection = Connection::open(database).await?;
    connection.run("BEGIN".to_owned()).await?;
    connection.begin(shop, factor).await?;
    for (table, ids) in TABLES {
        connection.copy(table, ids).await?;
    }
    for (table, kept) in COUNTS {
        let counts = connection.columns(table).await?.into_iter().filter(|name| !kept.contains(&name.as_str()));
        let products: Vec<_> = counts.map(|name| format!("{name} = {name} * {factor}")).collect();
        connection.run(format!("UPDATE {table} SET {}", products.join(", "))).await?;
    }
    connection.run("COMMIT".to_owned()).await?;
    match connection {
        // The app has no statistics on SQLite.
        Connection::Sqlite(_) => Ok(()),
        Connection::Postgres(_) => connection.run("ANALYZE".to_owned()).await,
    }
}

impl Connection {
    async fn open(database: &str) -> Result<Self, Box<dyn Error>> {
        if database.starts_with("postgres:") {
            return Ok(Self::Postgres(database.parse::<PgConnectOptions>()?.connect().await?));
        }
        let options = database.parse::<SqliteConnectOptions>()?.foreign_keys(false).synchronous(SqliteSynchronous::Off);
        Ok(Self::Sqlite(options.pragma("cache_size", "-400000").connect().await?))
    }

    async fn run(&mut self, sql: String) -> Result<(), Box<dyn Error>> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => sql.execute(connection).await.map(drop)?,
            Self::Postgres(connection) => sql.execute(connection).await.map(drop)?,
        }
        Ok(())
    }

    /// Makes a table with one row for each copy: its number, and a mark for its ids that no original has.
    async fn begin(&mut self, shop: &Shop, factor: usize) -> Result<(), Box<dyn Error>> {
        let mark = match self {
            // Three bytes: an F, which is no version of an id, and the number.
            Self::Sqlite(_) => "CAST(char(70, 48 + number / 64, 48 + number % 64) AS BLOB)",
            Self::Postgres(_) => "'f' || lpad(to_hex(number), 3, '0')",
        };
        let numbers = format!(
            "CREATE TEMP TABLE copies AS WITH RECURSIVE n(number) AS \
             (SELECT 1 UNION ALL SELECT number + 1 FROM n WHERE number < {factor} - 1) \
             SELECT number, {mark} AS mark FROM n"
        );
        if let Self::Postgres(_) = self {
            let business = shop.owner.business;
            self.run(format!("SELECT set_config('trialmark.business', '{business}', false)")).await?;
        }
        self.run(numbers).await
    }

    /// Copies every row of a table. The texts of a recovery belong to its steps, and are copied with them.
    async fn copy(&mut self, table: &str, ids: &[&str]) -> Result<(), Box<dyn Error>> {
        let names = self.columns(table).await?;
        let value = |name: &String| match name.as_str() {
            name if ids.contains(&name) => self.id_of_copy(name),
            "number" if table == "recoveries" => format!("o.number + copies.number * {}", checks()),
            name => format!("o.{name}"),
        };
        let values: Vec<_> = names.iter().map(value).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        let mut sql = format!("INSERT INTO {table} ({names}) SELECT {values} FROM {table} o CROSS JOIN copies");
        if table == "recovery_steps" {
            // Before there are copies of the steps, so that each text is copied once.
            let texts = format!(
                "INSERT INTO texts (business_id, owner_id, field, public, salt, body, seq) \
                 SELECT t.business_id, {}, t.field, t.public, t.salt, t.body, NULL FROM {table} o \
                 JOIN texts t ON t.owner_id = o.id CROSS JOIN copies",
                self.id_of_copy("id")
            );
            sql = format!("{texts}; {sql}");
        }
        self.run(sql).await
    }

    fn id_of_copy(&self, name: &str) -> String {
        match self {
            Self::Sqlite(_) => format!(
                "CASE WHEN o.{name} IS NOT NULL THEN CAST(substr(o.{name}, 1, 6) || mark || substr(o.{name}, 10) AS BLOB) END"
            ),
            // A UUID as text: 01234567-9012-mark-….
            Self::Postgres(_) => format!("CAST(overlay(CAST(o.{name} AS TEXT) placing mark from 15 for 4) AS UUID)"),
        }
    }

    async fn columns(&mut self, table: &str) -> Result<Vec<String>, sqlx::Error> {
        let names: Vec<(String,)> = match self {
            Self::Sqlite(connection) => {
                let sql = "SELECT name FROM pragma_table_info($1)";
                sqlx::query_as(sql).bind(table).fetch_all(connection).await?
            }
            Self::Postgres(connection) => {
                let sql = "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1";
                sqlx::query_as(sql).bind(table).fetch_all(connection).await?
            }
        };
        Ok(names.into_iter().map(|(name,)| name).collect())
    }
}
