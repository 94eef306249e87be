//! An export file that was changed is not imported.

use serde_json::{Value, json};
use store::{ColumnKind, Error, ImportError};
use uuid::Uuid;

use super::{
    assert_listed_columns_exist, changes, exported_tables, file, is_uncovered, names_row, public, read, written,
};
use crate::archive::{Files, exported, imported, unpacked, with_manifest};
use crate::export_compat::{fixture_with_full_history, owner};
use crate::harness::TestContext;

both_databases![an_export_with_a_changed_value_is_refused, an_export_with_a_removed_or_added_row_is_refused,];

/// Whether an error names where the mismatch is.
fn names(refused: &ImportError, table: &str) -> bool {
    match refused {
        ImportError::Record(mismatch) => names_row(mismatch, table),
        ImportError::InvalidLine { line, .. } | ImportError::RejectedRows { line, .. } => *line > 0,
        ImportError::Inconsistent(why) => why.contains(table) || !why.is_empty(),
        ImportError::AlreadyExists(_) => table == "businesses",
        _ => false,
    }
}

fn exported_files(ctx: &TestContext) -> Files {
    let (mut files, now) = (Files::new(), ctx.store.now());
    ctx.on_other_database(async |there| {
        there.clock.set(now);
        let fixture = fixture_with_full_history(there).await;
        files = unpacked(&exported(&there.store, &fixture.owner).await);
        ctx.clock.set(there.store.now());
    });
    files
}

async fn an_export_with_a_changed_value_is_refused(ctx: &TestContext) {
    let files = exported_files(ctx);
    let (mut surprises, mut tried) = (Vec::new(), 0);
    let before = ctx.direct_db.everything().await;
    for change in changes(&files, 1) {
        let (table, column) = (change.table.name, change.column.name);
        tried += 1;
        match imported(&ctx.store, &change.made(&files)).await {
            Ok(imported_business) => {
                if !is_uncovered(table, column) {
                    surprises.push(change.what(&files));
                }
                let owner = owner(ctx, imported_business.business).await;
                let home = ctx.store.business(&owner).await.unwrap();
                ctx.store.delete_business(&owner, home.business.name.as_str()).await.unwrap();
            }
            Err(Error::Import(why)) if names(&why, table) => {}
            Err(other) => surprises.push(format!("{}: {other:?}", change.what(&files))),
        }
    }
    assert_listed_columns_exist();
    assert!(surprises.is_empty(), "{}: {surprises:#?}", surprises.len());
    assert!(tried > 180, "{tried}");
    assert_eq!(ctx.direct_db.everything().await, before);
}

/// Tables whose rows the record does not cover, for the reasons above.
const UNCOVERED_TABLES: [&str; 11] = [
    "people",
    "members",
    "required_factors",
    "reaches",
    "customers",
    "problems",
    "old_codes",
    "photos",
    "examples",
    "watches",
    "obstacle_answers",
];

/// Tables that accept another row: a place where nothing is promised, a schedule that was replaced since.
const MAY_HAVE_EXTRA_ROWS: [&str; 2] = ["places", "schedules"];

/// Tables that can lack a row: second looks and the obstacles of corrections are internal.
const MAY_LACK_ROWS: [&str; 2] = ["second_looks", "obstacles"];

async fn an_export_with_a_removed_or_added_row_is_refused(ctx: &TestContext) {
    let files = exported_files(ctx);
    let (before, mut surprises, mut tried) = (ctx.direct_db.everything().await, Vec::new(), 0);
    for table in exported_tables().filter(|table| !UNCOVERED_TABLES.contains(&table.name)) {
        let (rows, places) = (read(&files, table.name), public(&files, table.name));
        let mut tampered = Vec::new();
        for place in [places[0], places[places.len() / 2], places[places.len() - 1]] {
            let mut less = rows.clone();
            less.remove(place);
            tampered.push((format!("{} without {place}", table.name), less));
            let mut more = rows.clone();
            let mut another = rows[place].clone();
            for (number, column) in table.columns.iter().enumerate() {
                let is_own =
                    table.key.contains(&column.name) || ["number", "slug", "name", "code"].contains(&column.name);
                let value = &rows[place][column.name];
                if is_own && column.references.is_empty() {
                    let made = match column.kind {
                        ColumnKind::Id => json!(Uuid::from_u128(0x77 + number as u128)),
                        ColumnKind::Integer => json!(value.as_i64().unwrap() + 1_000),
                        ColumnKind::Day => json!("2026-11-29"),
                        ColumnKind::Boolean => continue,
                        ColumnKind::Bytes => json!("cd".repeat(32)),
                        _ if column.name == "code" => json!("ZZZZZZ"),
                        _ if column.name == "field" => json!("remedy"),
                        _ => json!(format!("{}2", value.as_str().unwrap_or_default())),
                    };
                    another.insert(column.name.to_owned(), made);
                }
            }
            if table.name == "texts" {
                another.insert("seq".to_owned(), Value::Null);
            }
            more.push(another);
            tampered.push((format!("{} with another {place}", table.name), more));
        }
        for (what, rows) in tampered {
            let mut files = files.clone();
            files.insert(file(table.name), written(&rows));
            tried += 1;
            match imported(&ctx.store, &with_manifest(files)).await {
                Ok(imported_business) => {
                    let may = if what.contains("another") { &MAY_HAVE_EXTRA_ROWS } else { &MAY_LACK_ROWS };
                    if !may.contains(&table.name) {
                        surprises.push(what);
                    }
                    let owner = owner(ctx, imported_business.business).await;
                    ctx.store.delete_business(&owner, "Prairie Stop").await.unwrap();
                }
                Err(Error::Import(why)) if names(&why, table.name) => {}
                Err(other) => surprises.push(format!("{what}: {other:?}")),
            }
        }
    }
    assert!(surprises.is_empty(), "{}: {surprises:#?}", surprises.len());
    assert!(tried > 80, "{tried}");
    assert_eq!(ctx.direct_db.everything().await, before);
}
