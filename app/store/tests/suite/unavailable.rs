//! The database is locked, gone or going: it is said so, nothing is half stored, and later it works again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use store::{Error, Source, Store};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::raw::Raw;
use crate::shop::{broken, kept, line};
use crate::world::{ABOVE, Clock, World, on_postgres, on_sqlite, server};

#[test]
fn a_locked_file_is_unavailable_and_works_again() {
    on_sqlite(async |world: &World| {
        let shop = world.shop().await;
        let Raw::Sqlite(pool) = &world.raw else { unreachable!() };
        let before = world.raw.everything().await;
        let lock = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let began = Instant::now();
        let mut senders = JoinSet::new();
        for _ in 0..8 {
            let (store, staff, check) = (world.store.clone(), shop.staff.clone(), shop.check(world, broken()));
            senders.spawn(async move { store.log_check(&staff, check).await });
        }
        let (store, owner) = (world.store.clone(), shop.owner.clone());
        let site = tokio::spawn(async move { store.add_site(&owner, &line("Odessa")).await });
        assert_eq!(world.store.sites(&shop.staff).await.unwrap().len(), 1, "reading goes on");
        for answer in senders.join_all().await {
            assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
        }
        assert!(matches!(site.await.unwrap(), Err(Error::Unavailable(_))));
        assert!(began.elapsed() < Duration::from_mins(2), "nobody waits for ever: {:?}", began.elapsed());
        lock.rollback().await.unwrap();
        assert_eq!(world.raw.everything().await, before);
        shop.log(world, kept()).await;
        world.store.add_site(&shop.owner, &line("Odessa")).await.unwrap();
        assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
    });
}

#[test]
fn a_short_lock_is_waited_for() {
    on_sqlite(async |world: &World| {
        let shop = world.shop().await;
        let Raw::Sqlite(pool) = &world.raw else { unreachable!() };
        let lock = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let (store, staff, check) = (world.store.clone(), shop.staff.clone(), shop.check(world, kept()));
        let waiting = tokio::spawn(async move { store.log_check(&staff, check).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        lock.rollback().await.unwrap();
        waiting.await.unwrap().unwrap();
    });
}

#[test]
fn a_folder_that_is_not_there_is_unavailable() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let source = std::sync::Arc::new(Clock::new());
        let opened = Store::open("sqlite:/nowhere/at/all/trialmark.db", source.clone()).await;
        assert!(matches!(opened, Err(Error::Unavailable(_))));
        for address in ["", "mysql://localhost/x", "trialmark.db"] {
            assert!(matches!(Store::open(address, source.clone()).await, Err(Error::Address)), "{address}");
        }
    });
}

#[test]
fn a_server_that_cuts_its_connections_is_asked_again() {
    on_postgres(async |world: &World| {
        let shop = world.shop().await;
        shop.keep(world).await;
        let cut = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert!(world.raw.number(cut).await > 0);
        // At most what was under way is lost; what comes after finds a new connection.
        let _ = world.store.log_check(&shop.staff, shop.check(world, kept())).await;
        shop.keep(world).await;
        assert!(world.store.verify(shop.business()).await.unwrap().is_ok());
    });
}

#[test]
fn a_database_that_lets_nobody_in_is_unavailable_and_works_again() {
    on_postgres(async |world: &World| {
        let shop = world.shop().await;
        let name = world.url.rsplit('/').next().unwrap();
        let server = Raw::open(&server(ABOVE)).await;
        server.run_alone(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await;
        let cut = format!("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'");
        server.number(&cut).await;
        let refused = world.store.log_check(&shop.staff, shop.check(world, kept())).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        assert!(matches!(world.store.ready().await, Err(Error::Unavailable(_))));
        server.run_alone(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")).await;
        shop.keep(world).await;
    });
}

/// Passes connections on to the server, until it is aborted with all of them.
async fn door(port: u16, server: String) -> (u16, JoinHandle<()>) {
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
fn a_server_that_is_gone_is_unavailable_and_works_again() {
    on_postgres(async |world: &World| {
        let shop = world.shop().await;
        let (user, place) = world.url.split_once('@').unwrap();
        let (server, name) = place.split_once('/').unwrap();
        let (port, open) = door(0, server.to_owned()).await;
        let through = format!("{user}@127.0.0.1:{port}/{name}");
        let clock = Arc::new(Clock::new());
        let store = Store::open(&through, Arc::clone(&clock) as Arc<dyn Source>).await.unwrap();
        store.ready().await.unwrap();
        open.abort();
        let _ = open.await;
        // Whoever asks sooner hears the same.
        clock.advance(TimeDelta::seconds(1));
        assert!(matches!(store.ready().await, Err(Error::Unavailable(_))));
        let check = shop.check(world, kept());
        assert!(matches!(store.log_check(&shop.staff, check.clone()).await, Err(Error::Unavailable(_))));
        let (_, open) = door(port, server.to_owned()).await;
        assert!(!store.log_check(&shop.staff, check).await.unwrap().again);
        open.abort();
    });
}
