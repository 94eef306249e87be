//! A database that was changed does not verify.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::BusinessId;
use serde_json::Value;
use store::{ColumnKind, Mismatch};

use super::{Row, assert_listed_columns_exist, changes, is_uncovered, names_row, read};
use crate::archive::{Files, exported, imported, unpacked};
use crate::direct_db::DirectDb;
use crate::export_compat::{fixture_with_full_history, frozen, owner};
use crate::fixture::broken;
use crate::harness::TestContext;

both_databases![
    any_changed_database_value_is_found,
    any_changed_value_of_an_older_export_is_found,
    verification_names_changed_figures,
];

/// The SQL literal of a value.
fn literal(direct_db: &DirectDb, kind: ColumnKind, value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    match (value, kind) {
        (Value::Null, _) => "NULL".to_owned(),
        (_, ColumnKind::Id) => direct_db.id(text.parse().unwrap()),
        (_, ColumnKind::Bytes | ColumnKind::Picture) => direct_db.bytes(text),
        (_, ColumnKind::Instant) => format!("'{}'", text.parse::<DateTime<Utc>>().unwrap().to_rfc3339()),
        (Value::String(_), _) => format!("'{}'", text.replace('\'', "''")),
        _ => value.to_string(),
    }
}

/// Changes each value directly in the database, verifies, and changes it back.
async fn change_all(ctx: &TestContext, business: BusinessId, files: &Files) {
    let (mut surprises, mut tried) = (Vec::new(), 0);
    let before = ctx.direct_db.everything().await;
    for change in changes(files, usize::MAX).into_iter().filter(|change| change.column.kind != ColumnKind::Picture) {
        let (table, column, kind) = (change.table, change.column.name, change.column.kind);
        let rows = read(files, table.name);
        let row = &rows[change.place];
        let set = |from: &Row, to: &Value| {
            let kind_of = |name: &str| table.columns.iter().find(|column| column.name == name).unwrap().kind;
            let mut key: Vec<_> = table.key.to_vec();
            if table.columns.iter().any(|column| column.name == "business_id") {
                key.push("business_id");
            }
            let which: Vec<_> = key
                .iter()
                .map(|name| format!("{name} = {}", literal(&ctx.direct_db, kind_of(name), &from[*name])))
                .collect();
            let (to, which) = (literal(&ctx.direct_db, kind, to), which.join(" AND "));
            format!("UPDATE {} SET {column} = {to} WHERE {which}", table.name)
        };
        tried += 1;
        // Some changes are refused by constraints.
        let Ok(1) = ctx.direct_db.run(&set(row, &change.other)).await else { continue };
        match ctx.store.verify(business).await {
            Ok(Ok(_)) => {
                if !is_uncovered(table.name, column) {
                    surprises.push(change.what(files));
                }
            }
            // What the record does not cover may still decide when it is our turn.
            Ok(Err(mismatch)) if names_row(&mismatch, table.name) || is_uncovered(table.name, column) => {}
            other => surprises.push(format!("{}: {other:?}", change.what(files))),
        }
        let mut changed = row.clone();
        changed.insert(column.to_owned(), change.other.clone());
        ctx.direct_db.change(&set(&changed, &row[column])).await;
    }
    assert_listed_columns_exist();
    assert!(surprises.is_empty(), "{}: {surprises:#?}", surprises.len());
    assert!(tried > 250, "{tried}");
    assert_eq!(ctx.direct_db.everything().await, before);
}

async fn any_changed_database_value_is_found(ctx: &TestContext) {
    let fixture = fixture_with_full_history(ctx).await;
    let files = unpacked(&exported(&ctx.store, &fixture.owner).await);
    change_all(ctx, fixture.business(), &files).await;
}

async fn any_changed_value_of_an_older_export_is_found(ctx: &TestContext) {
    ctx.clock.set(ctx.store.now() + TimeDelta::days(365));
    let imported_business = imported(&ctx.store, &frozen(1).unwrap()).await.unwrap();
    let owner = owner(ctx, imported_business.business).await;
    let files = unpacked(&exported(&ctx.store, &owner).await);
    change_all(ctx, imported_business.business, &files).await;
}

async fn verification_names_changed_figures(ctx: &TestContext) {
    let fixture = ctx.fixture().await;
    fixture.keep(ctx).await;
    fixture.log_broken(ctx, broken()).await;
    let business = fixture.business();
    let (sums, day) =
        ("UPDATE tallies SET kept = 502, broken = 0", "UPDATE checks SET day = '2026-11-01' WHERE verdict = 'kept'");
    let cases = [
        (sums, "tallies", "kept"),
        ("UPDATE tallies SET day = '2026-11-01'", "tallies", ""),
        ("UPDATE tallies SET public = FALSE", "tallies", ""),
        ("UPDATE break_totals SET found_by_staff = 0", "break_totals", "found_by_staff"),
        ("UPDATE break_totals SET restored = 1", "break_totals", "restored"),
        ("UPDATE checks SET public = FALSE WHERE verdict = 'kept'", "checks", "public"),
        (day, "checks", "day"),
        ("UPDATE checks SET verdict = 'not_applicable' WHERE verdict = 'kept'", "checks", "verdict"),
        ("UPDATE guarantees SET stage = 'suspended'", "guarantees", "stage"),
        ("UPDATE guarantees SET slug = 'better'", "guarantees", "slug"),
        ("UPDATE recoveries SET watched = TRUE", "recoveries", "watched"),
        ("UPDATE recoveries SET stage = 'remedied'", "recoveries", "stage"),
        ("UPDATE recoveries SET late = TRUE", "recoveries", "late"),
        ("UPDATE recoveries SET place_id = NULL", "recoveries", "place_id"),
        ("UPDATE recoveries SET due_at = NULL", "recoveries", "due_at"),
        ("UPDATE recoveries SET our_turn_from = opened_at, due_at = opened_at", "recoveries", "due_at"),
        ("UPDATE recoveries SET our_turn_from = NULL", "recoveries", "our_turn_from"),
        ("UPDATE recoveries SET missed_from = NULL", "recoveries", "missed_from"),
        ("UPDATE breaks SET found_by = 'customer'", "breaks", "found_by"),
        ("UPDATE businesses SET zone = 'Asia/Tokyo'", "businesses", "zone"),
        ("UPDATE sites SET zone = 'Asia/Tokyo'", "sites", "zone"),
        ("DELETE FROM promised", "promised", ""),
        ("DELETE FROM tallies", "tallies", ""),
        ("DELETE FROM break_totals", "break_totals", ""),
    ];
    for table in
        ["tallies", "break_totals", "checks", "guarantees", "recoveries", "breaks", "businesses", "sites", "promised"]
    {
        ctx.direct_db.run_alone(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
    }
    for (sql, table, column) in cases {
        let columns = sql.split_once(" SET ").map(|(_, set)| set.split(" WHERE ").next().unwrap().split(", "));
        let columns: Vec<_> = columns.into_iter().flatten().map(|set| set.split(" = ").next().unwrap()).collect();
        ctx.direct_db.run(sql).await.unwrap();
        let found = ctx.store.verify(business).await.unwrap().unwrap_err();
        let named = match &found {
            Mismatch::Row { table: named, column: which, row } => (*named, *which, row.is_empty()),
            Mismatch::Added { table: named, row } | Mismatch::Removed { table: named, row } => {
                (*named, "", row.is_empty())
            }
            _ => ("", "", true),
        };
        assert_eq!(named, (table, column, false), "{sql}: {found}");
        if columns.is_empty() {
            ctx.direct_db.run(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await.unwrap();
        } else {
            let id = if ["tallies", "break_totals"].contains(&table) { "guarantee_id" } else { "id" };
            let back: Vec<_> = columns
                .iter()
                .map(|column| format!("{column} = (SELECT k.{column} FROM kept_{table} k WHERE k.{id} = {table}.{id})"))
                .collect();
            ctx.direct_db.run(&format!("UPDATE {table} SET {}", back.join(", "))).await.unwrap();
        }
        assert!(ctx.store.verify(business).await.unwrap().is_ok(), "{sql}, and back");
    }
}
