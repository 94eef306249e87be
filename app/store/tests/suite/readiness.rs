//! Readiness: the database can be written.

use store::Error;

use crate::direct_db::DirectDb;
use crate::harness::{SUPERUSER_URL, TestContext, on_postgres, on_sqlite, server};

both_databases![a_writable_database_is_ready, readiness_writes_at_most_once_a_second];

const ROW_COUNT: &str = "SELECT COUNT(*) FROM readiness";

async fn a_writable_database_is_ready(ctx: &TestContext) {
    for _ in 0..3 {
        ctx.store.check_writable().await.unwrap();
        assert_eq!(ctx.direct_db.number(ROW_COUNT).await, 1);
        ctx.minutes(1);
    }
    ctx.another().await.check_writable().await.unwrap();
    assert_eq!(ctx.direct_db.number(ROW_COUNT).await, 1, "programs share the row");
}

async fn readiness_writes_at_most_once_a_second(ctx: &TestContext) {
    ctx.store.check_writable().await.unwrap();
    let first = ctx.direct_db.rows("readiness").await;
    ctx.clock.advance(chrono::TimeDelta::milliseconds(999));
    let asking = (0..50).map(|_| ctx.store.check_writable());
    for answer in futures_util::future::join_all(asking).await {
        answer.unwrap();
    }
    assert_eq!(ctx.direct_db.rows("readiness").await, first);
    ctx.clock.advance(chrono::TimeDelta::milliseconds(1));
    ctx.store.check_writable().await.unwrap();
    let second = ctx.direct_db.rows("readiness").await;
    assert_ne!(second, first);
    // A clock that is put back does not keep a result valid.
    ctx.clock.advance(chrono::TimeDelta::hours(-1));
    ctx.store.check_writable().await.unwrap();
    assert_ne!(ctx.direct_db.rows("readiness").await, second);
}

#[test]
fn a_locked_sqlite_file_is_not_ready_until_unlocked() {
    on_sqlite(async |ctx: &TestContext| {
        ctx.store.check_writable().await.unwrap();
        ctx.minutes(1);
        let DirectDb::Sqlite(pool) = &ctx.direct_db else { unreachable!() };
        let lock = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        assert!(matches!(ctx.store.check_writable().await, Err(Error::Unavailable(_))));
        assert!(matches!(ctx.store.check_writable().await, Err(Error::Unavailable(_))), "what failed is tried again");
        lock.rollback().await.unwrap();
        ctx.store.check_writable().await.unwrap();
    });
}

#[test]
fn a_read_only_server_is_not_ready_until_it_is_writable() {
    on_postgres(async |ctx: &TestContext| {
        ctx.store.check_writable().await.unwrap();
        let name = ctx.url.rsplit('/').next().unwrap();
        let server = DirectDb::open(&server(SUPERUSER_URL)).await;
        // Like a standby server, or one that is set to read-only.
        for (reads, is_ready) in [("on", false), ("off", true)] {
            server.run_alone(&format!("ALTER DATABASE {name} SET default_transaction_read_only = {reads}")).await;
            let cut = format!("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'");
            server.number(&cut).await;
            ctx.minutes(1);
            // At most the requests on old connections fail.
            let mut last = ctx.store.check_writable().await;
            for _ in 0..20 {
                ctx.minutes(1);
                last = ctx.store.check_writable().await;
            }
            assert_eq!(last.is_ok(), is_ready, "{last:?}");
            assert!(is_ready || matches!(last, Err(Error::Unavailable(_))), "{last:?}");
        }
    });
}

#[test]
fn a_server_without_a_writable_readiness_table_is_not_ready() {
    on_postgres(async |ctx: &TestContext| {
        ctx.direct_db.run_alone("ALTER TABLE readiness RENAME TO elsewhere").await;
        assert!(ctx.store.check_writable().await.is_err());
        ctx.direct_db.run_alone("ALTER TABLE elsewhere RENAME TO readiness").await;
        ctx.store.check_writable().await.unwrap();
    });
}
