//! A full disk: for this the one connection that writes must be at hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Role, Who};
use domain::business::BusinessDraft;
use domain::hours::Hours;
use domain::person::NewcomerDraft;
use domain::problem::{Problem, ProblemDraft};
use domain::record::Hash;

use super::Db;
use crate::{Error, Source, Store};

#[derive(Default)]
struct Still(AtomicU64);

impl Source for Still {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
    }

    fn bytes(&self) -> [u8; 32] {
        let throw = self.0.fetch_add(1, Ordering::Relaxed);
        Hash::of(&throw.to_le_bytes()).as_bytes().try_into().unwrap()
    }
}

async fn founded(store: &Store) -> Actor {
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
    let owner = NewcomerDraft { name: "Maya".into(), email: "m@x.example".into(), password, role: "owner".into() };
    let begun = store.begin(&business.parse(Hours::always()).unwrap(), &owner.parse().unwrap(), "hash").await;
    let (business, person) = begun.unwrap().unwrap();
    Actor::of(business, Who::Person(person), Role::Owner)
}

fn long_problem() -> Problem {
    ProblemDraft { words: "x".repeat(2000), for_whom: "y".into(), not_for_whom: String::new() }.parse().unwrap()
}

/// Lets the file grow by a few pages and no further.
async fn limit(store: &Store) {
    let Db::Sqlite { writer, .. } = &store.db else { unreachable!() };
    let used: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(writer).await.unwrap();
    let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {}", used + 4));
    sqlx::query_scalar::<_, i64>(sql).fetch_one(writer).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_works_again_once_there_is_room() {
    let folder = std::env::temp_dir().join(format!("trialmark_full_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite:{}", folder.join("trialmark.db").display());
    let store = Store::open(&url, Arc::new(Still::default())).await.unwrap();
    store.migrate().await.unwrap();
    let owner = founded(&store).await;

    let mut stored = 0;
    for _ in 0..3 {
        limit(&store).await;
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
