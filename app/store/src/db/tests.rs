//! A full disk. This test is here because it needs the connection that writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::business::BusinessDraft;
use domain::hours::Hours;
use domain::person::NewMemberDraft;
use domain::problem::{Problem, ProblemDraft};
use domain::record::Hash;
use domain::role::Role;

use super::Db;
use crate::{ClockAndRandom, Error, Store};

#[derive(Default)]
struct FixedClock(AtomicU64);

impl ClockAndRandom for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
    }

    fn bytes(&self) -> [u8; 32] {
        let draw = self.0.fetch_add(1, Ordering::Relaxed);
        Hash::of(&draw.to_le_bytes()).as_bytes().try_into().unwrap()
    }
}

async fn create_business(store: &Store) -> Actor {
    let business = BusinessDraft {
        name: "Prairie Stop".into(),
        zone: "America/Chicago".into(),
        currency: "USD".into(),
        language: "en".into(),
        contact_name: "Maya".into(),
        contact_phone: "1".into(),
        ..BusinessDraft::default()
    };
    let password = "correct horse battery".to_owned();
    let owner = NewMemberDraft { name: "Maya".into(), email: "m@x.example".into(), password, role: "owner".into() };
    let begun =
        store.create_first_business(&business.parse(Hours::always()).unwrap(), &owner.parse().unwrap(), "hash").await;
    let (business, person) = begun.unwrap().unwrap();
    Actor::new(business, Principal::Person(person), Role::Owner)
}

fn long_problem() -> Problem {
    ProblemDraft { words: "x".repeat(2000), for_whom: "y".into(), not_for_whom: String::new() }.parse().unwrap()
}

/// Limits the file to a few more pages.
async fn limit_pages(store: &Store) {
    let Db::Sqlite { writer, .. } = &store.db else { unreachable!() };
    let used: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(writer).await.unwrap();
    let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {}", used + 4));
    sqlx::query_scalar::<_, i64>(sql).fetch_one(writer).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_unavailable_until_there_is_space() {
    let folder = std::env::temp_dir().join(format!("trialmark_full_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite:{}", folder.join("trialmark.db").display());
    let store = Store::open(&url, Arc::new(FixedClock::default())).await.unwrap();
    store.migrate().await.unwrap();
    let owner = create_business(&store).await;

    let mut stored = 0;
    for _ in 0..3 {
        limit_pages(&store).await;
        let full = loop {
            match store.add_problem(&owner, &long_problem()).await {
                Ok(_) => stored += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(full, Error::Unavailable(_)), "{full:?}");
        assert_eq!(store.problems(&owner).await.unwrap().len(), stored, "nothing is half stored");
        // The next one writes through a new connection, which has all the room there is.
        store.add_problem(&owner, &long_problem()).await.unwrap();
        stored += 1;
    }
    assert!(store.verify(owner.business).await.unwrap().is_ok());
    drop(store);
    std::fs::remove_dir_all(folder).unwrap();
}
