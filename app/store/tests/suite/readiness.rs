//! Ready is a database that takes what is written.

use store::Error;

use crate::raw::Raw;
use crate::world::{ABOVE, World, on_postgres, on_sqlite, server};

facts![a_database_that_takes_what_is_written_is_ready, it_is_written_once_a_second_however_many_ask];

const TRIED: &str = "SELECT COUNT(*) FROM readiness";

async fn a_database_that_takes_what_is_written_is_ready(world: &World) {
    for _ in 0..3 {
        world.store.ready().await.unwrap();
        assert_eq!(world.raw.number(TRIED).await, 1);
        world.minutes(1);
    }
    world.another().await.ready().await.unwrap();
    assert_eq!(world.raw.number(TRIED).await, 1, "programs share the row");
}

async fn it_is_written_once_a_second_however_many_ask(world: &World) {
    world.store.ready().await.unwrap();
    let first = world.raw.rows("readiness").await;
    world.clock.advance(chrono::TimeDelta::milliseconds(999));
    let asking = (0..50).map(|_| world.store.ready());
    for answer in futures_util::future::join_all(asking).await {
        answer.unwrap();
    }
    assert_eq!(world.raw.rows("readiness").await, first);
    world.clock.advance(chrono::TimeDelta::milliseconds(1));
    world.store.ready().await.unwrap();
    let second = world.raw.rows("readiness").await;
    assert_ne!(second, first);
    // A clock that is set back makes no answer old or new for ever.
    world.clock.advance(chrono::TimeDelta::hours(-1));
    world.store.ready().await.unwrap();
    assert_ne!(world.raw.rows("readiness").await, second);
}

#[test]
fn a_file_that_somebody_else_writes_to_is_not_ready_until_they_are_done() {
    on_sqlite(async |world: &World| {
        world.store.ready().await.unwrap();
        world.minutes(1);
        let Raw::Sqlite(pool) = &world.raw else { unreachable!() };
        let lock = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        assert!(matches!(world.store.ready().await, Err(Error::Unavailable(_))));
        assert!(matches!(world.store.ready().await, Err(Error::Unavailable(_))), "what failed is tried again");
        lock.rollback().await.unwrap();
        world.store.ready().await.unwrap();
    });
}

#[test]
fn a_server_that_only_reads_is_not_ready_until_it_writes() {
    on_postgres(async |world: &World| {
        world.store.ready().await.unwrap();
        let name = world.url.rsplit('/').next().unwrap();
        let server = Raw::open(&server(ABOVE)).await;
        // As a server that is only a copy of another, or that was told to take no more.
        for (reads, is_ready) in [("on", false), ("off", true)] {
            server.run_alone(&format!("ALTER DATABASE {name} SET default_transaction_read_only = {reads}")).await;
            let cut = format!("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'");
            server.number(&cut).await;
            world.minutes(1);
            // At most what was under way is lost with the old connections.
            let mut last = world.store.ready().await;
            for _ in 0..20 {
                world.minutes(1);
                last = world.store.ready().await;
            }
            assert_eq!(last.is_ok(), is_ready, "{last:?}");
            assert!(is_ready || matches!(last, Err(Error::Unavailable(_))), "{last:?}");
        }
    });
}

#[test]
fn a_server_that_lets_nobody_write_this_table_is_not_ready() {
    on_postgres(async |world: &World| {
        world.raw.run_alone("ALTER TABLE readiness RENAME TO elsewhere").await;
        assert!(world.store.ready().await.is_err());
        world.raw.run_alone("ALTER TABLE elsewhere RENAME TO readiness").await;
        world.store.ready().await.unwrap();
    });
}
