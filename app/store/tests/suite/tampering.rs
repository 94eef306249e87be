//! Tampering is found: each column of each table is changed in turn, in an export file and in the database, and rows
//! are added and removed. What the record does not cover is listed with the reason.

mod database;
mod file;

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use store::{Column, ColumnKind, Mismatch, TABLES, Table};
use uuid::Uuid;

use crate::archive::{Files, with_manifest};

/// Columns that the record does not cover, with the reason. `*` stands for all columns.
const UNCOVERED_COLUMNS: &[(&str, &[&str], &str)] = &[
    (
        "businesses",
        &["name", "language", "contact_name", "contact_email", "contact_phone"],
        "how it is called and reached",
    ),
    ("businesses", &["created_at", "forget_after"], "nothing is counted from it"),
    ("people", &["*"], "people stay out of the record"),
    ("members", &["*"], "people stay out of the record"),
    ("required_factors", &["*"], "how people sign in"),
    ("reaches", &["*"], "what people reach"),
    ("customers", &["*"], "people stay out of the record, and can be forgotten"),
    ("recoveries", &["customer_id"], "people stay out of the record"),
    ("checks", &["by"], "people stay out of the record"),
    ("corrections", &["by"], "people stay out of the record"),
    ("recovery_steps", &["by"], "people stay out of the record"),
    ("guarantee_versions", &["created_by"], "people stay out of the record"),
    ("guarantee_moves", &["by"], "people stay out of the record"),
    ("schedules", &["by"], "people stay out of the record"),
    ("closures", &["by"], "people stay out of the record"),
    ("second_looks", &["asked_at"], "it is told inside, to those who give it"),
    ("obstacle_answers", &["*"], "it is told inside"),
    (
        "checks",
        &["obstacle", "device_at", "device_sent_at", "heard_at", "device_heard_at", "skewed", "doubled", "fingerprint"],
        "what a phone said beside the check: nothing is counted from it",
    ),
    ("problems", &["*"], "the words that a promise stands under: nothing is counted from them"),
    ("guarantees", &["problem_id", "photos", "created_at"], "nothing is counted from it"),
    ("sites", &["name", "created_at"], "how it is called"),
    ("places", &["name", "code", "created_at"], "how it is called and found"),
    ("old_codes", &["*"], "how it was found"),
    ("photos", &["*"], "a check commits to the hash of its picture, which may be removed"),
    ("examples", &["*"], "it shows what kept looks like"),
    ("watches", &["*"], "an absence is an entry as soon as there was one"),
    (
        "rounds",
        &["concluded_until", "next_at"],
        "how far it was gone through changes every minute; it is never ahead of time",
    ),
    ("recoveries", &["number"], "how people inside call it"),
    ("guarantee_moves", &["id"], "nothing names it"),
    ("schedules", &["id"], "nothing names it"),
    ("record_heads", &["revision"], "it counts changes of any kind, for open pages"),
];

fn is_uncovered(table: &str, column: &str) -> bool {
    let names = |columns: &[&str]| columns.contains(&column) || columns == ["*"];
    UNCOVERED_COLUMNS.iter().any(|(of, columns, why)| *of == table && names(columns) && why.len() > 10)
}

pub type Row = Map<String, Value>;

fn exported_tables() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(|table| table.not_exported.is_none())
}

pub fn file(table: &str) -> String {
    format!("{table}.jsonl")
}

pub fn read(files: &Files, table: &str) -> Vec<Row> {
    let lines = files[&file(table)].split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

pub fn written(rows: &[Row]) -> Vec<u8> {
    rows.iter().flat_map(|row| format!("{}\n", Value::Object(row.clone())).into_bytes()).collect()
}

/// The indexes of the public rows of a table.
fn public(files: &Files, table: &str) -> Vec<usize> {
    let ids = |of: &str, id: &str, is: &dyn Fn(&Row) -> bool| -> BTreeSet<String> {
        read(files, of).iter().filter(|row| is(row)).map(|row| row[id].to_string()).collect()
    };
    let is_public = |row: &Row| row["public"] == true;
    let among = |column: &'static str, ids: BTreeSet<String>| {
        Box::new(move |row: &Row| ids.contains(&row[column].to_string())) as Box<dyn Fn(&Row) -> bool>
    };
    let is: Box<dyn Fn(&Row) -> bool> = match table {
        "corrections" | "second_looks" => among("check_id", ids("checks", "id", &is_public)),
        "recoveries" => among("id", ids("breaks", "recovery_id", &is_public)),
        "recovery_steps" => among("recovery_id", ids("breaks", "recovery_id", &is_public)),
        "guarantee_versions" => among("id", ids("texts", "owner_id", &|row| !row["seq"].is_null())),
        "guarantee_moves" | "promised" | "rounds" | "break_totals" => {
            among("guarantee_id", ids("guarantees", "id", &is_public))
        }
        "schedules" => {
            let named = read(files, "record").into_iter().filter(|row| row["kind"] == "schedule");
            let at: BTreeSet<_> = named.map(|row| row["at"].to_string()).collect();
            among("at", at)
        }
        "texts" => Box::new(|row| !row["seq"].is_null() && !row["body"].is_null()),
        "checks" | "breaks" | "guarantees" => Box::new(is_public),
        _ => Box::new(|_| true),
    };
    read(files, table).iter().enumerate().filter(|(_, row)| is(row)).map(|(place, _)| place).collect()
}

/// Other values for a column: that of another row, `NULL`, and a changed one.
fn others(table: &Table, column: &Column, value: &Value, rows: &[Row]) -> Vec<Value> {
    let elsewhere = rows.iter().map(|row| &row[column.name]).find(|other| *other != value && !other.is_null());
    let mut others: Vec<_> = elsewhere.cloned().into_iter().collect();
    if column.optional && !value.is_null() {
        others.push(Value::Null);
    }
    let text = value.as_str().unwrap_or_default();
    let instant = |text: &str| text.parse::<DateTime<Utc>>().ok();
    let later = |at: DateTime<Utc>| json!(at + TimeDelta::milliseconds(1));
    others.extend(match (column.kind, column.name) {
        (ColumnKind::Id, _) => vec![json!(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001))],
        (ColumnKind::Integer, _) => vec![json!(value.as_i64().unwrap_or_default() + 1)],
        (ColumnKind::Boolean, _) => vec![json!(!value.as_bool().unwrap())],
        (ColumnKind::Instant, _) => vec![instant(text).map_or(json!("2026-11-03T07:00:00Z"), later)],
        (ColumnKind::Day, _) => vec![json!(text.parse::<NaiveDate>().unwrap() + Days::new(1))],
        (ColumnKind::Bytes, _) if !text.is_empty() => {
            vec![json!(format!("{}{}", if text.starts_with('a') { 'b' } else { 'a' }, &text[1..]))]
        }
        (ColumnKind::Picture | ColumnKind::Bytes, _) => vec![json!("ab".repeat(32))],
        (ColumnKind::Text, "zone") => vec![json!("Asia/Tokyo"), json!("Europe/Paris")],
        (ColumnKind::Text, "currency") => vec![json!("PLN"), json!("EUR")],
        (ColumnKind::Text, "hours") => {
            vec![json!(text.replacen("1440", "1020", 1).replacen("\"00:00\"", "\"09:00\"", 1))]
        }
        (ColumnKind::Text, "bare" | "rule" | "body") if text.starts_with('{') => with_each_value_changed(text),
        (ColumnKind::Text, "verdict") => vec![json!("kept"), json!("broken"), json!("not_applicable")],
        (ColumnKind::Text, "stage") if table.name == "guarantees" => {
            ["draft", "trial", "published", "suspended", "retired"].map(|stage| json!(stage)).to_vec()
        }
        (ColumnKind::Text, "stage") => ["opened", "understood", "following_up"].map(|stage| json!(stage)).to_vec(),
        (ColumnKind::Text, "outcome") => vec![json!("restored"), json!("partly")],
        (ColumnKind::Text, "found_by") => vec![json!("staff"), json!("customer")],
        (ColumnKind::Text, "obstacle") => vec![json!("tools"), json!("staffing")],
        (ColumnKind::Text, "reason") => vec![json!("0"), json!("other")],
        (ColumnKind::Text, "verb") => vec![json!("suspend"), json!("resume")],
        (ColumnKind::Text, "email" | "contact_email") => vec![json!("another@prairie.example")],
        (ColumnKind::Text, "language") => vec![json!("pl"), json!("en")],
        (ColumnKind::Text, "code") => vec![json!("ABCDEF")],
        (ColumnKind::Text, "slug") => vec![json!(format!("{text}-x"))],
        (ColumnKind::Text, _) => vec![json!(format!("{text} too"))],
    });
    others.retain(|other| other != value);
    others.dedup();
    others
}

/// The JSON with each of its values changed in turn.
fn with_each_value_changed(text: &str) -> Vec<Value> {
    fn changed(value: &Value) -> Vec<Value> {
        match value {
            Value::Object(map) => map
                .iter()
                .flat_map(|(key, inner)| {
                    changed(inner).into_iter().map(move |other| {
                        let mut map = map.clone();
                        map.insert(key.clone(), other);
                        Value::Object(map)
                    })
                })
                .collect(),
            Value::Number(number) => vec![json!(number.as_i64().unwrap_or_default() + 1)],
            Value::Bool(answer) => vec![json!(!answer)],
            Value::Null => vec![json!(true)],
            Value::String(text) => match text.parse::<DateTime<Utc>>() {
                Ok(at) => vec![json!(at + TimeDelta::hours(1))],
                Err(_) => vec![json!(format!("{text}x"))],
            },
            Value::Array(_) => vec![json!([])],
        }
    }
    let value: Value = serde_json::from_str(text).unwrap();
    // The owner of a recovery is not in the record.
    let same = |other: &Value| other.get("owner") == value.get("owner");
    changed(&value).into_iter().filter(same).map(|other| json!(other.to_string())).collect()
}

/// A change of one value.
struct Change {
    table: &'static Table,
    column: &'static Column,
    place: usize,
    other: Value,
}

/// For each column, changes of a row with a value and of a row without.
fn changes(files: &Files, most: usize) -> Vec<Change> {
    let mut all = Vec::new();
    for table in exported_tables() {
        let (rows, places) = (read(files, table.name), public(files, table.name));
        for column in table.columns.iter().filter(|column| column.name != "business_id") {
            let some = places.iter().find(|place| !rows[**place][column.name].is_null());
            let none = places.iter().find(|place| rows[**place][column.name].is_null());
            assert!(some.is_some() || none.is_some(), "{} has rows that can be changed", table.name);
            for place in [some, none].into_iter().flatten().copied() {
                let others = others(table, column, &rows[place][column.name], &rows);
                all.extend(others.into_iter().take(most).map(|other| Change { table, column, place, other }));
            }
        }
    }
    all
}

impl Change {
    fn what(&self, files: &Files) -> String {
        let (table, column) = (self.table.name, self.column.name);
        format!("{table}.{column}: {} to {}", read(files, table)[self.place][column], self.other)
    }

    /// The archive with the change and a matching manifest.
    fn made(&self, files: &Files) -> Vec<u8> {
        let mut rows = read(files, self.table.name);
        rows[self.place].insert(self.column.name.to_owned(), self.other.clone());
        let mut files = files.clone();
        files.insert(file(self.table.name), written(&rows));
        with_manifest(files)
    }
}

/// Checks that all listed columns exist.
fn assert_listed_columns_exist() {
    for (table, columns, _) in UNCOVERED_COLUMNS {
        let described = exported_tables().find(|described| described.name == *table).unwrap();
        let has = |column: &&str| *column == "*" || described.columns.iter().any(|described| described.name == *column);
        assert!(columns.iter().all(has), "{table}: {columns:?}");
    }
}

/// Tables for which a mismatch names an entry.
const ENTRIES: [&str; 3] = ["record", "record_heads", "texts"];

fn names_row(mismatch: &Mismatch, table: &str) -> bool {
    match mismatch {
        Mismatch::Entry(_) => ENTRIES.contains(&table),
        Mismatch::Row { row, .. } | Mismatch::Added { row, .. } | Mismatch::Removed { row, .. } => !row.is_empty(),
        Mismatch::Backfill { table: named } => *named == table,
    }
}
