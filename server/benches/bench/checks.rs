//! Checks logged through the REST interface beside what the bare database takes: each synced before it is acknowledged.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, io, thread};

use chrono::TimeDelta;
use domain::actor::{Reach, Role};
use domain::text::Line;
use domain::token::Token;
use server::clock::Machine;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Executor, PgPool, SqlitePool};
use store::{Source, Store};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::client::Client;
use crate::database::Database;
use crate::load::{compare, count};
use crate::process::{Server, serving};
use crate::report::Budget::AtLeast;
use crate::report::Measure::Percent;
use crate::report::Report;
use crate::shop::{self, Shop};

const CLIENTS: usize = 32;
const TURN: Duration = Duration::from_millis(1500);

/// About what one check writes: its row, its line of the record, its day's tally.
const BYTES: usize = 800;

pub fn measure(report: &mut Report) -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    let (database, bare) = (Database::sqlite("checks")?, Database::sqlite("bare")?);
    let engine = runtime.block_on(Engine::sqlite(&bare.url))?;
    beside(report, "SQLite", &runtime, &database, &engine)?;
    let Ok(server) = env::var("TRIALMARK_TEST_POSTGRES") else {
        println!("   –  checks per second on PostgreSQL: end2end/postgres.sh cargo bench -p server measures them too");
        return Ok(());
    };
    let database = Database::postgres("bench", &server)?;
    let engine = runtime.block_on(Engine::postgres(&database.url))?;
    beside(report, "PostgreSQL", &runtime, &database, &engine)
}

fn beside(
    report: &mut Report,
    name: &str,
    runtime: &Runtime,
    database: &Database,
    engine: &Engine,
) -> Result<(), Box<dyn Error>> {
    let (shop, token) = runtime.block_on(async {
        let store = Store::open(&database.url, Arc::new(Machine)).await?;
        let shop = shop::found(&store).await?;
        let token = store
            .create_token(
                &shop.owner,
                &Token {
                    name: Line::parse("bench")?,
                    role: Role::Staff,
                    reach: Reach::Everywhere,
                    lasts: TimeDelta::days(1),
                },
            )
            .await?;
        Ok::<_, store::Error>((shop, token.token))
    })?;
    let server = Server::start(&mut serving(&database.url))?;
    let compared = compare(|| logged(&server, &shop, &token), || runtime.block_on(engine.inserted()))?;
    let detail = format!("{:.0} checks and {:.0} bare rows per second", compared.one, compared.other);
    report.line(&format!("checks with {CLIENTS} clients ÷ bare {name}"), compared.ratio, Percent, AtLeast(0.5), detail);
    Ok(())
}

/// Checks acknowledged in a second.
fn logged(server: &Server, shop: &Shop, token: &str) -> Result<f64, Box<dyn Error>> {
    let began = Instant::now();
    let log = || {
        let (mut client, mut logged) = (Client::connect(server.address)?, 0);
        while began.elapsed() < TURN {
            let (guarantee, place) = (shop.guarantee, shop.places[logged % shop.places.len()]);
            let id = Machine.id();
            let body = format!(r#"{{"id":"{id}","guarantee":"{guarantee}","place":"{place}","verdict":"kept"}}"#);
            let length = body.len();
            let request = format!(
                "POST /api/v1/checks HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
                 content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
            );
            let answer = client.ask(request.as_bytes())?;
            if answer.status != 201 {
                return Err(io::Error::other(answer.head));
            }
            logged += 1;
        }
        Ok(logged)
    };
    let logged: usize = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(log)).collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap_or(Err(io::ErrorKind::Other.into())))
            .sum::<io::Result<_>>()
    })?;
    Ok(count(logged) / began.elapsed().as_secs_f64())
}

/// The bare database, opened as the store opens it.
#[derive(Clone)]
enum Engine {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Engine {
    async fn sqlite(url: &str) -> Result<Self, sqlx::Error> {
        let options = url
            .parse::<SqliteConnectOptions>()?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let writer =
            SqlitePoolOptions::new().max_connections(1).test_before_acquire(false).connect_with(options).await?;
        writer.execute("CREATE TABLE bare (id BLOB PRIMARY KEY, body TEXT NOT NULL)").await?;
        Ok(Self::Sqlite(writer))
    }

    async fn postgres(url: &str) -> Result<Self, sqlx::Error> {
        let pool = PgPoolOptions::new().max_connections(16).test_before_acquire(false).connect(url).await?;
        pool.execute("CREATE TABLE bare (id UUID PRIMARY KEY, body TEXT NOT NULL)").await?;
        Ok(Self::Postgres(pool))
    }

    /// Rows inserted in a second, each in a transaction of its own, by as many clients.
    async fn inserted(&self) -> Result<f64, Box<dyn Error>> {
        let began = Instant::now();
        let clients: JoinSet<_> = (0..CLIENTS).map(|_| self.clone().insert(began + TURN)).collect();
        let inserted: usize = clients.join_all().await.into_iter().sum::<Result<_, _>>()?;
        Ok(count(inserted) / began.elapsed().as_secs_f64())
    }

    async fn insert(self, until: Instant) -> Result<usize, sqlx::Error> {
        let (body, sql) = ("x".repeat(BYTES), "INSERT INTO bare (id, body) VALUES ($1, $2)");
        let mut inserted = 0;
        while Instant::now() < until {
            let id = Machine.id();
            match &self {
                Self::Sqlite(pool) => sqlx::query(sql).bind(id).bind(&body).execute(pool).await.map(drop)?,
                Self::Postgres(pool) => sqlx::query(sql).bind(id).bind(&body).execute(pool).await.map(drop)?,
            }
            inserted += 1;
        }
        Ok(inserted)
    }
}
