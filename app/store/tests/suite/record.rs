//! The record: whoever changes anything in it is found out.

use domain::record::{Head, Misfit, commitment};
use domain::recovery::StepDraft;
use store::Mismatch;

use crate::history::live;
use crate::shop::{Shop, acknowledge, answer, broken, learn, remedy, told_by_a_customer, understand};
use crate::world::World;

facts![
    a_long_random_history_verifies,
    any_change_names_the_first_entry_that_does_not_fit,
    any_change_of_a_text_names_its_entry,
    the_first_of_several_misfits_is_named,
    a_redacted_text_still_verifies,
    what_is_published_proves_itself_without_us,
    entries_are_canonical_json,
    verifying_is_not_disturbed_by_new_entries,
];

async fn story(world: &World) -> Shop {
    let shop = world.shop().await;
    shop.keep(world).await;
    let check = shop.log(world, broken()).await.check;
    shop.correct(world, check, &crate::shop::not_applicable()).await.unwrap();
    let id = shop.breaks(world, told_by_a_customer()).await;
    for draft in [acknowledge(), understand(), remedy(), StepDraft::FollowUp, learn()] {
        if let Some(link) = shop.step(world, id, draft).await {
            world.store.answer(&link, &answer("yes", "yes")).await.unwrap().unwrap();
        }
    }
    shop
}

async fn verify(world: &World, shop: &Shop) -> Result<i64, Mismatch> {
    world.store.verify(shop.business()).await.unwrap().map(|verified| verified.entries)
}

async fn a_long_random_history_verifies(world: &World) {
    let shop = world.shop().await;
    live(world, &shop, 400).await;
    let verified = world.store.verify(shop.business()).await.unwrap().unwrap();
    assert_eq!(verified.entries, world.raw.count("record").await);
    assert_eq!(verified.texts, world.raw.number("SELECT COUNT(*) FROM texts WHERE seq IS NOT NULL").await);
    let entries = world.store.charter(shop.home(&world.store).await, None).await.unwrap().entries;
    assert_eq!(entries, verified.entries);
}

/// The entry of the first check that found the promise broken.
const BROKEN: i64 = 7;

async fn any_change_names_the_first_entry_that_does_not_fit(world: &World) {
    let shop = story(world).await;
    let length = verify(world, &shop).await.unwrap();
    let other = world.raw.bytes(&"ab".repeat(32));
    let short = world.raw.bytes("ab");
    let time = if world.raw.is_sqlite() { "'2026-11-02T12:00:00.251+00:00'" } else { "at + interval '1 millisecond'" };
    let finer =
        if world.raw.is_sqlite() { "'2026-11-02T12:00:00.250001+00:00'" } else { "at + interval '1 microsecond'" };
    let changed = |seq| Misfit::Changed { seq };
    let mut tampering = vec![
        ("body = '{}'".to_owned(), changed(BROKEN)),
        ("body = 'nonsense'".to_owned(), changed(BROKEN)),
        ("body = body || ' '".to_owned(), changed(BROKEN)),
        ("body = REPLACE(body, 'broken', 'kept')".to_owned(), changed(BROKEN)),
        ("kind = 'checks'".to_owned(), changed(BROKEN)),
        (format!("at = {time}"), changed(BROKEN)),
        (format!("at = {finer}"), changed(BROKEN)),
        (format!("prev = {other}"), Misfit::Unlinked { seq: BROKEN }),
        (format!("hash = {other}"), changed(BROKEN)),
        (format!("hash = {short}"), changed(BROKEN)),
        ("seq = 1000".to_owned(), Misfit::Missing { seq: BROKEN }),
    ];
    if world.raw.is_sqlite() {
        tampering.push(("at = 'yesterday'".to_owned(), changed(BROKEN)));
    }
    world.raw.run_alone("CREATE TABLE kept_record AS SELECT * FROM record").await;
    world.raw.run_alone("CREATE TABLE kept_heads AS SELECT * FROM record_heads").await;
    for (change, misfit) in tampering {
        world.raw.change(&format!("UPDATE record SET {change} WHERE seq = {BROKEN}")).await;
        assert_eq!(verify(world, &shop).await, Err(misfit.into()), "{change}");
        restore(world).await;
    }
    let (last, head) = (length - 1, Misfit::Head { seq: length });
    let several = [
        (format!("DELETE FROM record WHERE seq = {BROKEN}"), Misfit::Missing { seq: BROKEN }),
        (format!("DELETE FROM record WHERE seq = {length}"), Misfit::Head { seq: last }),
        ("DELETE FROM record".to_owned(), Misfit::Head { seq: 0 }),
        (
            format!("UPDATE record SET seq = -1 WHERE seq = {BROKEN}; {}", swap(BROKEN + 1, BROKEN, -1)),
            Misfit::Unlinked { seq: BROKEN },
        ),
        (format!("UPDATE record_heads SET hash = {other}"), head),
        ("UPDATE record_heads SET seq = seq - 1".to_owned(), head),
        ("DELETE FROM record_heads".to_owned(), head),
    ];
    for (change, misfit) in several {
        world.raw.run(&change).await.unwrap();
        assert_eq!(verify(world, &shop).await, Err(misfit.into()), "{change}");
        restore(world).await;
    }
    assert_eq!(verify(world, &shop).await, Ok(length));
}

fn swap(from: i64, to: i64, aside: i64) -> String {
    format!("UPDATE record SET seq = {to} WHERE seq = {from}; UPDATE record SET seq = {from} WHERE seq = {aside}")
}

async fn restore(world: &World) {
    for table in ["record", "record_heads"] {
        let kept = if table == "record" { "kept_record" } else { "kept_heads" };
        world.raw.run(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {kept}")).await.unwrap();
    }
}

async fn any_change_of_a_text_names_its_entry(world: &World) {
    let shop = story(world).await;
    let length = verify(world, &shop).await.unwrap();
    world.raw.run_alone("CREATE TABLE kept_texts AS SELECT * FROM texts").await;
    let seq = world.raw.number("SELECT MIN(seq) FROM texts WHERE field = 'apology'").await;
    let which = "field = 'apology'";
    let other = world.raw.bytes("00");
    for change in [
        format!("UPDATE texts SET body = body || '!' WHERE {which}"),
        format!("UPDATE texts SET salt = {other} WHERE {which}"),
        format!("UPDATE texts SET body = NULL WHERE {which}"),
        format!("UPDATE texts SET seq = seq + 1 WHERE {which}"),
        format!("UPDATE texts SET seq = NULL WHERE {which}"),
        format!("UPDATE texts SET field = 'praise' WHERE {which}"),
        format!("DELETE FROM texts WHERE {which}"),
    ] {
        world.raw.change(&change).await;
        assert_eq!(verify(world, &shop).await, Err(Misfit::Text { seq }.into()), "{change}");
        world.raw.run("DELETE FROM texts; INSERT INTO texts SELECT * FROM kept_texts").await.unwrap();
    }
    assert_eq!(verify(world, &shop).await, Ok(length));
}

async fn the_first_of_several_misfits_is_named(world: &World) {
    let shop = story(world).await;
    let text = world.raw.number("SELECT MIN(seq) FROM texts WHERE field = 'apology'").await;
    world.raw.change(&format!("UPDATE record SET kind = 'x' WHERE seq = {}", text + 1)).await;
    world.raw.change("UPDATE texts SET body = 'x' WHERE field = 'apology'").await;
    assert_eq!(verify(world, &shop).await, Err(Misfit::Text { seq: text }.into()));
    world.raw.change("UPDATE record SET kind = 'x' WHERE seq = 2").await;
    assert_eq!(verify(world, &shop).await, Err(Misfit::Changed { seq: 2 }.into()));
}

async fn a_redacted_text_still_verifies(world: &World) {
    let shop = story(world).await;
    let before = world.store.verify(shop.business()).await.unwrap().unwrap();
    let recovery = world.store.closed_recoveries(&shop.staff, None, 50).await.unwrap().rows[0].id;
    let forgotten = world.store.erase_customer(&shop.owner, recovery).await.unwrap().unwrap();
    let after = world.store.verify(shop.business()).await.unwrap().unwrap();
    let gone = i64::try_from(forgotten.texts).unwrap();
    assert!(gone > 3);
    assert_eq!((after.entries, after.texts), (before.entries + 1, before.texts - gone));
    let removed = "UPDATE texts SET body = NULL, salt = NULL WHERE field = 'correction'";
    world.raw.change(removed).await;
    let quietly = verify(world, &shop).await;
    assert!(matches!(quietly, Err(Mismatch::Row { table: "texts", column: "body", .. })), "{quietly:?}");
    let detail = world.store.detail(&shop.home(&world.store).await, shop.guarantee).await.unwrap();
    assert_eq!(detail.breaks[0].correction, None);
    let id = world.store.open_recoveries(&shop.staff).await.unwrap();
    let closed = world.store.closed_recoveries(&shop.staff, None, 50).await.unwrap().rows;
    for row in id.iter().chain(&closed) {
        assert!(world.store.recovery(&shop.staff, row.id).await.unwrap().is_some());
    }
}

async fn what_is_published_proves_itself_without_us(world: &World) {
    let shop = story(world).await;
    let (mut head, mut texts) = (Head::START, 0);
    // As anybody would do it who has nothing but the downloaded lines.
    for line in world.store.record_after(shop.business(), 0).await.unwrap() {
        let line: serde_json::Value = serde_json::from_str(&serde_json::to_string(&line).unwrap()).unwrap();
        head = head.follow(&serde_json::from_value(line.clone()).unwrap()).unwrap();
        for text in line["texts"].as_array().into_iter().flatten() {
            let salt = text["salt"].as_str().unwrap().as_bytes();
            let salt = salt.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
            let committed = commitment(&salt.collect::<Vec<_>>(), text["text"].as_str().unwrap()).to_string();
            assert_eq!(line["body"]["texts"][text["field"].as_str().unwrap()], committed.as_str());
            texts += 1;
        }
    }
    assert_eq!(head.hash, world.store.verify(shop.business()).await.unwrap().unwrap().head);
    assert!(texts >= 10, "{texts}");
    assert!(world.store.record_after(shop.business(), head.seq).await.unwrap().is_empty());
}

async fn entries_are_canonical_json(world: &World) {
    story(world).await;
    for body in world.raw.texts("SELECT body FROM record").await {
        let value: std::collections::BTreeMap<String, serde_json::Value> = serde_json::from_str(&body).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), body, "keys are sorted, nothing stands between them");
    }
}

async fn verifying_is_not_disturbed_by_new_entries(world: &World) {
    let shop = world.shop().await;
    let (store, staff) = (world.another().await, shop.staff.clone());
    let checks: Vec<_> = (0..150).map(|_| shop.check(world, crate::shop::kept())).collect();
    let writing = tokio::spawn(async move {
        for check in checks {
            store.log_check(&staff, check).await.unwrap();
        }
    });
    while !writing.is_finished() {
        verify(world, &shop).await.unwrap();
    }
    writing.await.unwrap();
    assert!(verify(world, &shop).await.unwrap() > 150);
}
