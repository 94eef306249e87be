//! Checks per second through REST, compared with inserts into a bare database. Both sync to disk before they acknowledge.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{io, thread};

use domain::actor::Actor;
use domain::business::BusinessDraft;
use domain::hours::Hours;
use server::clock::SystemSource;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Executor, PgPool, SqlitePool};
use store::{ClockAndRandom, Store};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::client::Client;
use crate::credentials::bearer;
use crate::database::Database;
use crate::load::{as_f64, compare, get, post};
use crate::postgres_server;
use crate::process::{Server, serve_command};
use crate::report::Budget::AtLeast;
use crate::report::Measure::Percent;
use crate::report::Report;
use crate::scale::scaled;
use crate::shop::{self, Shop};

const CLIENTS: usize = 32;
const BUSINESSES: usize = 10;
const READERS: usize = 4;

fn duration() -> Duration {
    scaled(Duration::from_millis(1500), Duration::from_millis(200))
}

/// About as much as one check writes: its row, its record entry and its tally.
const BYTES: usize = 800;

pub fn measure(report: &mut Report) -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    let (database, bare) = (Database::sqlite("checks")?, Database::sqlite("bare")?);
    let bare = runtime.block_on(BareDatabase::sqlite(&bare.url))?;
    compare_with_bare(report, "SQLite", &runtime, &database, &bare, 0.5)?;
    let Some(server) = postgres_server() else {
        println!("   –  checks per second on PostgreSQL: end2end/postgres.sh cargo bench -p server measures them too");
        return Ok(());
    };
    let database = Database::postgres("bench", &server)?;
    let bare = runtime.block_on(BareDatabase::postgres(&database.url))?;
    compare_with_bare(report, "PostgreSQL", &runtime, &database, &bare, 0.4)
}

fn compare_with_bare(
    report: &mut Report,
    name: &str,
    runtime: &Runtime,
    database: &Database,
    bare: &BareDatabase,
    reading: f64,
) -> Result<(), Box<dyn Error>> {
    let shops = runtime.block_on(async {
        let store = Store::open(&database.url, Arc::new(SystemSource)).await?;
        let first = shop::create(&store).await?;
        let mut shops = Vec::with_capacity(BUSINESSES);
        for number in 1..BUSINESSES {
            let draft = BusinessDraft { slug: format!("shop-{number}"), ..shop::business() };
            let business = store.create_business(&first.owner, &draft.parse(Hours::always())?).await?;
            let owner = Actor { business, ..first.owner.clone() };
            shops.push(with_token(&store, shop::add_guarantee(&store, owner).await?).await?);
        }
        shops.insert(0, with_token(&store, first).await?);
        Ok::<_, Box<dyn Error>>(shops)
    })?;
    let server = Server::start(&mut serve_command(&database.url))?;
    let one = &shops[..1];
    let compared = compare(|| checks_per_second(&server, one), || runtime.block_on(bare.inserts_per_second()))?;
    let detail = format!("{:.0} checks and {:.0} bare rows per second", compared.one, compared.other);
    report.line(&format!("checks with {CLIENTS} clients ÷ bare {name}"), compared.ratio, Percent, AtLeast(0.5), detail);
    let compared = compare(|| checks_per_second(&server, &shops), || checks_per_second(&server, one))?;
    let detail = format!("{:.0} and {:.0} checks per second", compared.one, compared.other);
    let what = format!("checks of {BUSINESSES} businesses ÷ of one, {name}");
    report.line(&what, compared.ratio, Percent, AtLeast(0.9), detail);
    let compared = compare(|| checks_while_reading(&server, one), || checks_per_second(&server, one))?;
    let detail = format!("{:.0} and {:.0} checks per second", compared.one, compared.other);
    let what = format!("checks while {READERS} clients read ÷ alone, {name}");
    report.line(&what, compared.ratio, Percent, AtLeast(reading), detail);
    Ok(())
}

/// The same while other clients read the charter, which each check changes.
fn checks_while_reading(server: &Server, shops: &[ShopWithToken]) -> Result<f64, Box<dyn Error>> {
    let charter = get(&format!("/p/{}", shop::SLUG), "accept-encoding: br\r\n");
    let is_done = AtomicBool::new(false);
    let read = || {
        let mut client = Client::connect(server.address)?;
        while !is_done.load(Ordering::Relaxed) {
            client.send(&charter)?;
        }
        io::Result::Ok(())
    };
    thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(read)).collect();
        let checks = checks_per_second(server, shops);
        is_done.store(true, Ordering::Relaxed);
        for reader in readers {
            reader.join().unwrap_or(Err(io::ErrorKind::Other.into()))?;
        }
        checks
    })
}

/// A business, with the header of a program that logs its checks.
type ShopWithToken = (Shop, String);

async fn with_token(store: &Store, shop: Shop) -> Result<ShopWithToken, Box<dyn Error>> {
    let token = bearer(store, &shop.owner).await?;
    Ok((shop, token))
}

/// The number of acknowledged checks per second. The clients share the businesses out among them.
fn checks_per_second(server: &Server, shops: &[ShopWithToken]) -> Result<f64, Box<dyn Error>> {
    let began = Instant::now();
    let log = |(shop, token): &ShopWithToken| {
        let (mut client, mut logged) = (Client::connect(server.address)?, 0);
        while began.elapsed() < duration() {
            let (guarantee, place) = (shop.guarantee, shop.places[logged % shop.places.len()]);
            let id = SystemSource.id();
            let body = format!(r#"{{"id":"{id}","guarantee":"{guarantee}","place":"{place}","verdict":"kept"}}"#);
            let answer = client.send(&post("/api/v1/checks", token, &body))?;
            if answer.status != 201 {
                return Err(io::Error::other(answer.head));
            }
            logged += 1;
        }
        Ok(logged)
    };
    let logged: usize = thread::scope(|scope| {
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| scope.spawn(move || log(&shops[client % shops.len()]))).collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap_or(Err(io::ErrorKind::Other.into())))
            .sum::<io::Result<_>>()
    })?;
    Ok(as_f64(logged) / began.elapsed().as_secs_f64())
}

/// A bare database, opened with the same options as by the store.
#[derive(Clone)]
enum BareDatabase {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl BareDatabase {
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

    /// The number of inserts per second, each in a transaction of its own, by as many clients.
    async fn inserts_per_second(&self) -> Result<f64, Box<dyn Error>> {
        let began = Instant::now();
        let clients: JoinSet<_> = (0..CLIENTS).map(|_| self.clone().insert(began + duration())).collect();
        let inserted: usize = clients.join_all().await.into_iter().sum::<Result<_, _>>()?;
        Ok(as_f64(inserted) / began.elapsed().as_secs_f64())
    }

    async fn insert(self, until: Instant) -> Result<usize, sqlx::Error> {
        let (body, sql) = ("x".repeat(BYTES), "INSERT INTO bare (id, body) VALUES ($1, $2)");
        let mut inserted = 0;
        while Instant::now() < until {
            let id = SystemSource.id();
            match &self {
                Self::Sqlite(pool) => sqlx::query(sql).bind(id).bind(&body).execute(pool).await.map(drop)?,
                Self::Postgres(pool) => sqlx::query(sql).bind(id).bind(&body).execute(pool).await.map(drop)?,
            }
            inserted += 1;
        }
        Ok(inserted)
    }
}
