//! When the database is locked or unreachable, the error says so, nothing is half stored, and later it works again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use store::{ClockAndRandom, Error, Store};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::direct_db::DirectDb;
use crate::fixture::{broken, kept, line};
use crate::harness::{Clock, SUPERUSER_URL, TestContext, on_postgres, on_sqlite, server};

#[test]
fn a_locked_file_is_unavailable_until_unlocked() {
    on_sqlite(async |ctx: &TestContext| {
        let fixture = ctx.fixture().await;
        let DirectDb::Sqlite(pool) = &ctx.direct_db else { unreachable!() };
        let before = ctx.direct_db.everything().await;
        let lock = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let began = Instant::now();
        let mut senders = JoinSet::new();
        for _ in 0..8 {
            let (store, staff, check) = (ctx.store.clone(), fixture.staff.clone(), fixture.check(ctx, broken()));
            senders.spawn(async move { store.log_check(&staff, check).await });
        }
        let (store, owner) = (ctx.store.clone(), fixture.owner.clone());
        let site = tokio::spawn(async move { store.add_site(&owner, &line("Odessa")).await });
        assert_eq!(ctx.store.sites(&fixture.staff).await.unwrap().len(), 1, "reading goes on");
        for answer in senders.join_all().await {
            assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
        }
        assert!(matches!(site.await.unwrap(), Err(Error::Unavailable(_))));
        assert!(began.elapsed() < Duration::from_mins(2), "nobody waits for ever: {:?}", began.elapsed());
        lock.rollback().await.unwrap();
        assert_eq!(ctx.direct_db.everything().await, before);
        fixture.log(ctx, kept()).await;
        ctx.store.add_site(&fixture.owner, &line("Odessa")).await.unwrap();
        assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
    });
}

#[test]
fn a_write_waits_for_a_short_lock() {
    on_sqlite(async |ctx: &TestContext| {
        let fixture = ctx.fixture().await;
        let DirectDb::Sqlite(pool) = &ctx.direct_db else { unreachable!() };
        let lock = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let (store, staff, check) = (ctx.store.clone(), fixture.staff.clone(), fixture.check(ctx, kept()));
        let waiting = tokio::spawn(async move { store.log_check(&staff, check).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        lock.rollback().await.unwrap();
        waiting.await.unwrap().unwrap();
    });
}

#[test]
fn a_missing_folder_is_unavailable() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let source = std::sync::Arc::new(Clock::new());
        let opened = Store::open("sqlite:/nowhere/at/all/trialmark.db", source.clone()).await;
        assert!(matches!(opened, Err(Error::Unavailable(_))));
        for address in ["", "mysql://localhost/x", "trialmark.db"] {
            assert!(matches!(Store::open(address, source.clone()).await, Err(Error::UnsupportedUrl)), "{address}");
        }
    });
}

#[test]
fn the_store_reconnects_after_the_server_closes_connections() {
    on_postgres(async |ctx: &TestContext| {
        let fixture = ctx.fixture().await;
        fixture.keep(ctx).await;
        let cut = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert!(ctx.direct_db.number(cut).await > 0);
        // At most the request in progress fails. Later ones get a new connection.
        let _ = ctx.store.log_check(&fixture.staff, fixture.check(ctx, kept())).await;
        fixture.keep(ctx).await;
        assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
    });
}

#[test]
fn a_database_is_unavailable_while_it_refuses_connections() {
    on_postgres(async |ctx: &TestContext| {
        let fixture = ctx.fixture().await;
        let name = ctx.url.rsplit('/').next().unwrap();
        let server = DirectDb::open(&server(SUPERUSER_URL)).await;
        server.run_alone(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await;
        let cut = format!("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'");
        server.number(&cut).await;
        let refused = ctx.store.log_check(&fixture.staff, fixture.check(ctx, kept())).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        assert!(matches!(ctx.store.check_writable().await, Err(Error::Unavailable(_))));
        server.run_alone(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")).await;
        fixture.keep(ctx).await;
    });
}

/// A proxy for connections to the server, until it is aborted.
async fn start_proxy(port: u16, server: String) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let open = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = TcpStream::connect(&server).await.unwrap();
            connections.spawn(async move { drop(copy_bidirectional(&mut client, &mut server).await) });
        }
    });
    (port, open)
}

#[test]
fn a_stopped_server_is_unavailable_until_it_returns() {
    on_postgres(async |ctx: &TestContext| {
        let fixture = ctx.fixture().await;
        let (user, place) = ctx.url.split_once('@').unwrap();
        let (server, name) = place.split_once('/').unwrap();
        let (port, open) = start_proxy(0, server.to_owned()).await;
        let through = format!("{user}@127.0.0.1:{port}/{name}");
        let clock = Arc::new(Clock::new());
        let store = Store::open(&through, Arc::clone(&clock) as Arc<dyn ClockAndRandom>).await.unwrap();
        store.check_writable().await.unwrap();
        open.abort();
        let _ = open.await;
        // Within a second the last result is reused.
        clock.advance(TimeDelta::seconds(1));
        assert!(matches!(store.check_writable().await, Err(Error::Unavailable(_))));
        let check = fixture.check(ctx, kept());
        assert!(matches!(store.log_check(&fixture.staff, check.clone()).await, Err(Error::Unavailable(_))));
        let (_, open) = start_proxy(port, server.to_owned()).await;
        assert!(!store.log_check(&fixture.staff, check).await.unwrap().is_repeat);
        open.abort();
    });
}
