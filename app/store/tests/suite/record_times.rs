//! The times of the record never run backwards, even when a clock is put back.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::record::{Entry, Head};
use serde_json::{Value, json};
use store::Store;
use tokio::task::JoinSet;

use crate::archive::{exported, imported, unpacked, with_manifest};
use crate::fixture::{broken, kept, not_applicable};
use crate::harness::{Clock, TestContext};
use crate::tampering::{file, read, written};

both_databases![
    record_times_never_decrease_when_the_clock_is_set_back,
    record_times_never_decrease_between_programs_whose_clocks_differ,
    decreasing_times_of_older_records_are_reported_not_refused,
];

async fn record_times_never_decrease_when_the_clock_is_set_back(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.keep(ctx).await;
    let start = ctx.store.now();
    for back in [1, 60, 0, 3_600, 90_000] {
        ctx.clock.set(start - TimeDelta::seconds(back));
        let check = fixture.log(ctx, kept()).await.check;
        fixture.log(ctx, broken()).await;
        fixture.correct(ctx, check, &not_applicable()).await.unwrap();
        let row = ctx.store.check(&fixture.staff, check).await.unwrap().unwrap();
        assert_eq!(row.received_at, ctx.store.now(), "the row has what the clock shows");
    }
    let lines = ctx.store.record_after(fixture.business(), 0).await.unwrap();
    assert!(lines.is_sorted_by_key(|line| line.entry.at));
    let told = lines.iter().filter(|line| line.entry.body.get("happened_at").is_some()).count();
    assert_eq!(told, 4 * 4, "a check, another with its break, and a correction each time the clock is behind");
    let verified = ctx.store.verify(fixture.business()).await.unwrap().unwrap();
    assert_eq!((verified.out_of_order, verified.first_out_of_order), (0, None));
    let file = exported(&ctx.store, &fixture.owner).await;
    let now = ctx.store.now();
    ctx.on_other_database(async |there| {
        there.clock.set(now);
        imported(&there.store, &file).await.unwrap();
    });
}

async fn record_times_never_decrease_between_programs_whose_clocks_differ(ctx: &TestContext) {
    let (fixture, behind) = (ctx.fixture().await, Arc::new(Clock::new()));
    behind.set(ctx.store.now() - TimeDelta::seconds(2));
    behind.rewind(1 << 32);
    let other = Store::open(&ctx.url, behind).await.unwrap();
    let mut logged = JoinSet::new();
    for number in 0..60 {
        let store = if number % 2 == 0 { ctx.store.clone() } else { other.clone() };
        let (staff, check) = (fixture.staff.clone(), fixture.check(ctx, kept()));
        logged.spawn(async move { store.log_checks(&staff, &[check]).await.unwrap() });
    }
    logged.join_all().await;
    let lines = ctx.store.record_after(fixture.business(), 0).await.unwrap();
    assert!(lines.is_sorted_by_key(|line| line.entry.at));
    assert!(ctx.store.verify(fixture.business()).await.unwrap().is_ok());
}

/// Older programs wrote entries with the time of a clock that had been put back.
async fn decreasing_times_of_older_records_are_reported_not_refused(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    for _ in 0..4 {
        fixture.keep(ctx).await;
    }
    let mut files = unpacked(&exported(&ctx.store, &fixture.owner).await);
    let (mut head, mut checks) = (Head::START, read(&files, "checks"));
    let mut record = read(&files, "record");
    for row in &mut record {
        let body: Value = serde_json::from_str(row["body"].as_str().unwrap()).unwrap();
        let mut at: DateTime<Utc> = row["at"].as_str().unwrap().parse().unwrap();
        // Swaps the times of two entries and of their checks.
        let seq = row["seq"].as_i64().unwrap();
        if [7, 8].contains(&seq) {
            at += TimeDelta::minutes(if seq == 7 { 1 } else { -1 });
            let check = checks.iter_mut().find(|check| check["id"] == body["check"]).unwrap();
            check.insert("received_at".to_owned(), json!(at));
        }
        let Entry { seq, at, kind, body, prev, hash } = head.next_entry(at, row["kind"].as_str().unwrap(), body);
        head = Head { seq, hash };
        *row = serde_json::from_value(json!({ "at": at, "body": body.to_string(), "business_id": row["business_id"],
            "hash": hash, "kind": kind, "prev": prev, "seq": seq }))
        .unwrap();
    }
    let mut heads = read(&files, "record_heads");
    heads[0].insert("hash".to_owned(), json!(head.hash));
    files.insert(file("record"), written(&record));
    files.insert(file("record_heads"), written(&heads));
    files.insert(file("checks"), written(&checks));
    let now = ctx.store.now();
    ctx.on_other_database(async |there| {
        there.clock.set(now);
        let imported_business = imported(&there.store, &with_manifest(files)).await.unwrap();
        let verified = there.store.verify(imported_business.business).await.unwrap().unwrap();
        assert_eq!((verified.out_of_order, verified.first_out_of_order), (1, Some(8)));
    });
}
