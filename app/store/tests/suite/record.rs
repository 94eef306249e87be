//! The record: any change is found by verification.

use domain::record::{ChainError, Head, commitment};
use domain::recovery::StepDraft;
use store::{Mismatch, RecoveryFilter};

use crate::fixture::{Fixture, acknowledge, answer, broken, learn, remedy, told_by_a_customer, understand};
use crate::harness::TestContext;
use crate::random_history::run_history;

both_databases![
    a_long_random_history_verifies,
    verification_names_the_first_changed_entry,
    verification_names_the_entry_of_a_changed_text,
    verification_reports_the_first_of_several_changes,
    a_redacted_text_still_verifies,
    the_published_record_verifies_independently,
    entries_are_canonical_json,
    verification_succeeds_while_entries_are_added,
];

async fn fixture_with_entries(ctx: &TestContext) -> Fixture {
    let fixture = ctx.fixture().await;
    fixture.keep(ctx).await;
    let check = fixture.log(ctx, broken()).await.check;
    fixture.correct(ctx, check, &crate::fixture::not_applicable()).await.unwrap();
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    for draft in [acknowledge(), understand(), remedy(), StepDraft::FollowUp, learn()] {
        if let Some(link) = fixture.step(ctx, id, draft).await {
            ctx.store.answer_follow_up(&link, &answer("yes", "yes")).await.unwrap().unwrap();
        }
    }
    fixture
}

async fn verify(ctx: &TestContext, fixture: &Fixture) -> Result<i64, Mismatch> {
    ctx.store.verify(fixture.business()).await.unwrap().map(|verified| verified.entries)
}

async fn a_long_random_history_verifies(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    run_history(ctx, &fixture, 400).await;
    let verified = ctx.store.verify(fixture.business()).await.unwrap().unwrap();
    assert_eq!(verified.entries, ctx.direct_db.count("record").await);
    assert_eq!(verified.texts, ctx.direct_db.number("SELECT COUNT(*) FROM texts WHERE seq IS NOT NULL").await);
    let entries = ctx.store.charter(fixture.home(&ctx.store).await, None).await.unwrap().entries;
    assert_eq!(entries, verified.entries);
}

/// The entry of the first check that found the promise broken.
const BROKEN: i64 = 7;

async fn verification_names_the_first_changed_entry(ctx: &TestContext) {
    let fixture = fixture_with_entries(ctx).await;
    let length = verify(ctx, &fixture).await.unwrap();
    let other = ctx.direct_db.bytes(&"ab".repeat(32));
    let short = ctx.direct_db.bytes("ab");
    let time =
        if ctx.direct_db.is_sqlite() { "'2026-11-02T12:00:00.251+00:00'" } else { "at + interval '1 millisecond'" };
    let finer =
        if ctx.direct_db.is_sqlite() { "'2026-11-02T12:00:00.250001+00:00'" } else { "at + interval '1 microsecond'" };
    let changed = |seq| ChainError::Changed { seq };
    let mut tampering = vec![
        ("body = '{}'".to_owned(), changed(BROKEN)),
        ("body = 'nonsense'".to_owned(), changed(BROKEN)),
        ("body = body || ' '".to_owned(), changed(BROKEN)),
        ("body = REPLACE(body, 'broken', 'kept')".to_owned(), changed(BROKEN)),
        ("kind = 'checks'".to_owned(), changed(BROKEN)),
        (format!("at = {time}"), changed(BROKEN)),
        (format!("at = {finer}"), changed(BROKEN)),
        (format!("prev = {other}"), ChainError::BrokenLink { seq: BROKEN }),
        (format!("hash = {other}"), changed(BROKEN)),
        (format!("hash = {short}"), changed(BROKEN)),
        ("seq = 1000".to_owned(), ChainError::Missing { seq: BROKEN }),
    ];
    if ctx.direct_db.is_sqlite() {
        tampering.push(("at = 'yesterday'".to_owned(), changed(BROKEN)));
    }
    ctx.direct_db.run_alone("CREATE TABLE kept_record AS SELECT * FROM record").await;
    ctx.direct_db.run_alone("CREATE TABLE kept_heads AS SELECT * FROM record_heads").await;
    for (change, misfit) in tampering {
        ctx.direct_db.change(&format!("UPDATE record SET {change} WHERE seq = {BROKEN}")).await;
        assert_eq!(verify(ctx, &fixture).await, Err(misfit.into()), "{change}");
        restore(ctx).await;
    }
    let (last, head) = (length - 1, ChainError::HeadMismatch { seq: length });
    let several = [
        (format!("DELETE FROM record WHERE seq = {BROKEN}"), ChainError::Missing { seq: BROKEN }),
        (format!("DELETE FROM record WHERE seq = {length}"), ChainError::HeadMismatch { seq: last }),
        ("DELETE FROM record".to_owned(), ChainError::HeadMismatch { seq: 0 }),
        (
            format!("UPDATE record SET seq = -1 WHERE seq = {BROKEN}; {}", swap(BROKEN + 1, BROKEN, -1)),
            ChainError::BrokenLink { seq: BROKEN },
        ),
        (format!("UPDATE record_heads SET hash = {other}"), head),
        ("UPDATE record_heads SET seq = seq - 1".to_owned(), head),
        ("DELETE FROM record_heads".to_owned(), head),
    ];
    for (change, misfit) in several {
        ctx.direct_db.run(&change).await.unwrap();
        assert_eq!(verify(ctx, &fixture).await, Err(misfit.into()), "{change}");
        restore(ctx).await;
    }
    assert_eq!(verify(ctx, &fixture).await, Ok(length));
}

fn swap(from: i64, to: i64, aside: i64) -> String {
    format!("UPDATE record SET seq = {to} WHERE seq = {from}; UPDATE record SET seq = {from} WHERE seq = {aside}")
}

async fn restore(ctx: &TestContext) {
    for table in ["record", "record_heads"] {
        let kept = if table == "record" { "kept_record" } else { "kept_heads" };
        ctx.direct_db.run(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {kept}")).await.unwrap();
    }
}

async fn verification_names_the_entry_of_a_changed_text(ctx: &TestContext) {
    let fixture = fixture_with_entries(ctx).await;
    let length = verify(ctx, &fixture).await.unwrap();
    ctx.direct_db.run_alone("CREATE TABLE kept_texts AS SELECT * FROM texts").await;
    let seq = ctx.direct_db.number("SELECT MIN(seq) FROM texts WHERE field = 'apology'").await;
    let which = "field = 'apology'";
    let other = ctx.direct_db.bytes("00");
    for change in [
        format!("UPDATE texts SET body = body || '!' WHERE {which}"),
        format!("UPDATE texts SET salt = {other} WHERE {which}"),
        format!("UPDATE texts SET body = NULL WHERE {which}"),
        format!("UPDATE texts SET seq = seq + 1 WHERE {which}"),
        format!("UPDATE texts SET seq = NULL WHERE {which}"),
        format!("UPDATE texts SET field = 'praise' WHERE {which}"),
        format!("DELETE FROM texts WHERE {which}"),
    ] {
        ctx.direct_db.change(&change).await;
        assert_eq!(verify(ctx, &fixture).await, Err(ChainError::TextChanged { seq }.into()), "{change}");
        ctx.direct_db.run("DELETE FROM texts; INSERT INTO texts SELECT * FROM kept_texts").await.unwrap();
    }
    assert_eq!(verify(ctx, &fixture).await, Ok(length));
}

async fn verification_reports_the_first_of_several_changes(ctx: &TestContext) {
    let fixture = fixture_with_entries(ctx).await;
    let text = ctx.direct_db.number("SELECT MIN(seq) FROM texts WHERE field = 'apology'").await;
    ctx.direct_db.change(&format!("UPDATE record SET kind = 'x' WHERE seq = {}", text + 1)).await;
    ctx.direct_db.change("UPDATE texts SET body = 'x' WHERE field = 'apology'").await;
    assert_eq!(verify(ctx, &fixture).await, Err(ChainError::TextChanged { seq: text }.into()));
    ctx.direct_db.change("UPDATE record SET kind = 'x' WHERE seq = 2").await;
    assert_eq!(verify(ctx, &fixture).await, Err(ChainError::Changed { seq: 2 }.into()));
}

async fn a_redacted_text_still_verifies(ctx: &TestContext) {
    let fixture = fixture_with_entries(ctx).await;
    let before = ctx.store.verify(fixture.business()).await.unwrap().unwrap();
    let recovery = ctx.store.closed_recoveries(&fixture.staff, RecoveryFilter::All, None, 50).await.unwrap().rows[0].id;
    let forgotten = ctx.store.erase_customer(&fixture.owner, recovery).await.unwrap().unwrap();
    let after = ctx.store.verify(fixture.business()).await.unwrap().unwrap();
    let gone = i64::try_from(forgotten.texts).unwrap();
    assert!(gone > 3);
    assert_eq!((after.entries, after.texts), (before.entries + 1, before.texts - gone));
    let removed = "UPDATE texts SET body = NULL, salt = NULL WHERE field = 'correction'";
    ctx.direct_db.change(removed).await;
    let quietly = verify(ctx, &fixture).await;
    assert!(matches!(quietly, Err(Mismatch::Row { table: "texts", column: "body", .. })), "{quietly:?}");
    let detail = ctx.store.detail(&fixture.home(&ctx.store).await, fixture.guarantee).await.unwrap();
    assert_eq!(detail.breaks[0].correction, None);
    let id = ctx.store.open_recoveries(&fixture.staff, RecoveryFilter::All, None, 200).await.unwrap().rows;
    let closed = ctx.store.closed_recoveries(&fixture.staff, RecoveryFilter::All, None, 50).await.unwrap().rows;
    for row in id.iter().chain(&closed) {
        assert!(ctx.store.recovery(&fixture.staff, row.id).await.unwrap().is_some());
    }
}

async fn the_published_record_verifies_independently(ctx: &TestContext) {
    let fixture = fixture_with_entries(ctx).await;
    let (mut head, mut texts) = (Head::START, 0);
    // As a reader does it, from the downloaded lines alone.
    for line in ctx.store.record_after(fixture.business(), 0).await.unwrap() {
        let line: serde_json::Value = serde_json::from_str(&serde_json::to_string(&line).unwrap()).unwrap();
        head = head.verify_next(&serde_json::from_value(line.clone()).unwrap()).unwrap();
        for text in line["texts"].as_array().into_iter().flatten() {
            let salt = text["salt"].as_str().unwrap().as_bytes();
            let salt = salt.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
            let committed = commitment(&salt.collect::<Vec<_>>(), text["text"].as_str().unwrap()).to_string();
            assert_eq!(line["body"]["texts"][text["field"].as_str().unwrap()], committed.as_str());
            texts += 1;
        }
    }
    assert_eq!(head.hash, ctx.store.verify(fixture.business()).await.unwrap().unwrap().head);
    assert!(texts >= 10, "{texts}");
    assert!(ctx.store.record_after(fixture.business(), head.seq).await.unwrap().is_empty());
}

async fn entries_are_canonical_json(ctx: &TestContext) {
    fixture_with_entries(ctx).await;
    for body in ctx.direct_db.texts("SELECT body FROM record").await {
        let value: std::collections::BTreeMap<String, serde_json::Value> = serde_json::from_str(&body).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), body, "keys are sorted, nothing stands between them");
    }
}

async fn verification_succeeds_while_entries_are_added(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    let (store, staff) = (ctx.another().await, fixture.staff.clone());
    let checks: Vec<_> = (0..150).map(|_| fixture.check(ctx, crate::fixture::kept())).collect();
    let writing = tokio::spawn(async move {
        for check in checks {
            store.log_check(&staff, check).await.unwrap();
        }
    });
    while !writing.is_finished() {
        verify(ctx, &fixture).await.unwrap();
    }
    writing.await.unwrap();
    assert!(verify(ctx, &fixture).await.unwrap() > 150);
}
