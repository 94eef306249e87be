//! Whoever changes a value, adds a row or takes one away is found out, in a file and in the database: each column of each
//! table is tried in turn. What the record rightly does not bind is listed, and why.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use store::{Broken, Column, Error, Kind, Mismatch, TABLES, Table};
use uuid::Uuid;

use crate::archive::{Files, exported, imported, sealed, unpacked};
use crate::frozen::{frozen, lived, owner};
use crate::raw::Raw;
use crate::shop::kept;
use crate::world::World;

facts![
    no_value_of_a_file_can_be_changed,
    no_row_of_a_file_can_be_taken_away_or_added,
    no_value_of_the_database_can_be_changed,
    no_value_that_an_older_program_wrote_can_be_changed,
    figures_that_were_touched_up_are_named,
    a_clock_that_was_put_back_is_told_and_times_never_run_backwards,
    times_that_ran_backwards_before_are_reported_and_not_refused,
];

/// Columns that may be changed without the record knowing, and why. `*` stands for all of a table.
const UNBOUND: &[(&str, &[&str], &str)] = &[
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

fn is_unbound(table: &str, column: &str) -> bool {
    let names = |columns: &[&str]| columns.contains(&column) || columns == ["*"];
    UNBOUND.iter().any(|(of, columns, why)| *of == table && names(columns) && why.len() > 10)
}

type Row = Map<String, Value>;

fn carried() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(|table| table.left_out.is_none())
}

fn file(table: &str) -> String {
    format!("{table}.jsonl")
}

fn read(files: &Files, table: &str) -> Vec<Row> {
    let lines = files[&file(table)].split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

fn written(rows: &[Row]) -> Vec<u8> {
    rows.iter().flat_map(|row| format!("{}\n", Value::Object(row.clone())).into_bytes()).collect()
}

/// The rows of a table that are public.
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

/// Other values that could stand in a column: that of another row, none, and one made from it.
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
        (Kind::Id, _) => vec![json!(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001))],
        (Kind::Integer, _) => vec![json!(value.as_i64().unwrap_or_default() + 1)],
        (Kind::Boolean, _) => vec![json!(!value.as_bool().unwrap())],
        (Kind::Instant, _) => vec![instant(text).map_or(json!("2026-11-03T07:00:00Z"), later)],
        (Kind::Day, _) => vec![json!(text.parse::<NaiveDate>().unwrap() + Days::new(1))],
        (Kind::Bytes, _) if !text.is_empty() => {
            vec![json!(format!("{}{}", if text.starts_with('a') { 'b' } else { 'a' }, &text[1..]))]
        }
        (Kind::Picture | Kind::Bytes, _) => vec![json!("ab".repeat(32))],
        (Kind::Text, "zone") => vec![json!("Asia/Tokyo"), json!("Europe/Paris")],
        (Kind::Text, "currency") => vec![json!("PLN"), json!("EUR")],
        (Kind::Text, "hours") => vec![json!(text.replacen("1440", "1020", 1).replacen("\"00:00\"", "\"09:00\"", 1))],
        (Kind::Text, "bare" | "rule" | "body") if text.starts_with('{') => leaves(text),
        (Kind::Text, "verdict") => vec![json!("kept"), json!("broken"), json!("not_applicable")],
        (Kind::Text, "stage") if table.name == "guarantees" => {
            ["draft", "trial", "published", "suspended", "retired"].map(|stage| json!(stage)).to_vec()
        }
        (Kind::Text, "stage") => ["opened", "understood", "following_up"].map(|stage| json!(stage)).to_vec(),
        (Kind::Text, "outcome") => vec![json!("restored"), json!("partly")],
        (Kind::Text, "found_by") => vec![json!("staff"), json!("customer")],
        (Kind::Text, "obstacle") => vec![json!("tools"), json!("staffing")],
        (Kind::Text, "reason") => vec![json!("0"), json!("other")],
        (Kind::Text, "verb") => vec![json!("suspend"), json!("resume")],
        (Kind::Text, "email" | "contact_email") => vec![json!("another@prairie.example")],
        (Kind::Text, "language") => vec![json!("pl"), json!("en")],
        (Kind::Text, "code") => vec![json!("ABCDEF")],
        (Kind::Text, "slug") => vec![json!(format!("{text}-x"))],
        (Kind::Text, _) => vec![json!(format!("{text} too"))],
    });
    others.retain(|other| other != value);
    others.dedup();
    others
}

/// The same JSON with each of its values changed in turn.
fn leaves(text: &str) -> Vec<Value> {
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
    // Who has a recovery stays out of the record.
    let same = |other: &Value| other.get("owner") == value.get("owner");
    changed(&value).into_iter().filter(same).map(|other| json!(other.to_string())).collect()
}

/// One value changed.
struct Change {
    table: &'static Table,
    column: &'static Column,
    place: usize,
    other: Value,
}

/// Changes of a row that has a value in a column, and of one that has none: so many of each.
fn changes(files: &Files, most: usize) -> Vec<Change> {
    let mut all = Vec::new();
    for table in carried() {
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

    /// The file with it, and a manifest that fits.
    fn made(&self, files: &Files) -> Vec<u8> {
        let mut rows = read(files, self.table.name);
        rows[self.place].insert(self.column.name.to_owned(), self.other.clone());
        let mut files = files.clone();
        files.insert(file(self.table.name), written(&rows));
        sealed(files)
    }
}

/// Every column that is listed is one.
fn is_listed_rightly() {
    for (table, columns, _) in UNBOUND {
        let described = carried().find(|described| described.name == *table).unwrap();
        let has = |column: &&str| *column == "*" || described.columns.iter().any(|described| described.name == *column);
        assert!(columns.iter().all(has), "{table}: {columns:?}");
    }
}

/// Whether it is said where something does not fit.
fn names(refused: &Broken, table: &str) -> bool {
    match refused {
        Broken::Record(mismatch) => names_row(mismatch, table),
        Broken::Line { line, .. } | Broken::Rows { line, .. } => *line > 0,
        Broken::Unsound(why) => why.contains(table) || !why.is_empty(),
        Broken::Here(_) => table == "businesses",
        _ => false,
    }
}

/// Where it is an entry that is named, which is the row.
const ENTRIES: [&str; 3] = ["record", "record_heads", "texts"];

fn names_row(mismatch: &Mismatch, table: &str) -> bool {
    match mismatch {
        Mismatch::Entry(_) => ENTRIES.contains(&table),
        Mismatch::Row { row, .. } | Mismatch::Added { row, .. } | Mismatch::Removed { row, .. } => !row.is_empty(),
        Mismatch::Sealed { table: named } => *named == table,
    }
}

fn a_file(world: &World) -> Files {
    let (mut files, now) = (Files::new(), world.store.now());
    world.elsewhere(async |there| {
        there.clock.set(now);
        let shop = lived(there).await;
        files = unpacked(&exported(&there.store, &shop.owner).await);
        world.clock.set(there.store.now());
    });
    files
}

async fn no_value_of_a_file_can_be_changed(world: &World) {
    let files = a_file(world);
    let (mut surprises, mut tried) = (Vec::new(), 0);
    let before = world.raw.everything().await;
    for change in changes(&files, 1) {
        let (table, column) = (change.table.name, change.column.name);
        tried += 1;
        match imported(&world.store, &change.made(&files)).await {
            Ok(brought) => {
                if !is_unbound(table, column) {
                    surprises.push(change.what(&files));
                }
                let owner = owner(world, brought.business).await;
                let home = world.store.home(&owner).await.unwrap();
                world.store.delete_business(&owner, home.business.name.as_str()).await.unwrap();
            }
            Err(Error::Broken(why)) if names(&why, table) => {}
            Err(other) => surprises.push(format!("{}: {other:?}", change.what(&files))),
        }
    }
    is_listed_rightly();
    assert!(surprises.is_empty(), "{}: {surprises:#?}", surprises.len());
    assert!(tried > 180, "{tried}");
    assert_eq!(world.raw.everything().await, before);
}

/// A value as a database writes it.
fn literal(raw: &Raw, kind: Kind, value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    match (value, kind) {
        (Value::Null, _) => "NULL".to_owned(),
        (_, Kind::Id) => raw.id(text.parse().unwrap()),
        (_, Kind::Bytes | Kind::Picture) => raw.bytes(text),
        (_, Kind::Instant) => format!("'{}'", text.parse::<DateTime<Utc>>().unwrap().to_rfc3339()),
        (Value::String(_), _) => format!("'{}'", text.replace('\'', "''")),
        _ => value.to_string(),
    }
}

/// Changes each value behind the store's back, and changes it back.
async fn change_all(world: &World, business: domain::ids::BusinessId, files: &Files) {
    let (mut surprises, mut tried) = (Vec::new(), 0);
    let before = world.raw.everything().await;
    for change in changes(files, usize::MAX).into_iter().filter(|change| change.column.kind != Kind::Picture) {
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
                .map(|name| format!("{name} = {}", literal(&world.raw, kind_of(name), &from[*name])))
                .collect();
            let (to, which) = (literal(&world.raw, kind, to), which.join(" AND "));
            format!("UPDATE {} SET {column} = {to} WHERE {which}", table.name)
        };
        tried += 1;
        // What the database itself refuses nobody can have changed.
        let Ok(1) = world.raw.run(&set(row, &change.other)).await else { continue };
        match world.store.verify(business).await {
            Ok(Ok(_)) => {
                if !is_unbound(table.name, column) {
                    surprises.push(change.what(files));
                }
            }
            Ok(Err(mismatch)) if names_row(&mismatch, table.name) => {}
            other => surprises.push(format!("{}: {other:?}", change.what(files))),
        }
        let mut changed = row.clone();
        changed.insert(column.to_owned(), change.other.clone());
        world.raw.change(&set(&changed, &row[column])).await;
    }
    is_listed_rightly();
    assert!(surprises.is_empty(), "{}: {surprises:#?}", surprises.len());
    assert!(tried > 250, "{tried}");
    assert_eq!(world.raw.everything().await, before);
}

async fn no_value_of_the_database_can_be_changed(world: &World) {
    let shop = lived(world).await;
    let files = unpacked(&exported(&world.store, &shop.owner).await);
    change_all(world, shop.business(), &files).await;
}

async fn no_value_that_an_older_program_wrote_can_be_changed(world: &World) {
    world.clock.set(world.store.now() + TimeDelta::days(365));
    let brought = imported(&world.store, &frozen(1).unwrap()).await.unwrap();
    let owner = owner(world, brought.business).await;
    let files = unpacked(&exported(&world.store, &owner).await);
    change_all(world, brought.business, &files).await;
}

/// Tables of which rows may be taken away or added without the record knowing, for the reasons above.
const LOOSE: [&str; 11] = [
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

/// Tables to which a row may be added: a place where nothing is promised, a schedule that another has replaced since.
const MAY_COME: [&str; 2] = ["places", "schedules"];

/// Tables from which a row may go: of second looks only those know who give them, and what was said of an obstacle in a
/// correction is told inside.
const MAY_GO: [&str; 2] = ["second_looks", "obstacles"];

async fn no_row_of_a_file_can_be_taken_away_or_added(world: &World) {
    let files = a_file(world);
    let (before, mut surprises, mut tried) = (world.raw.everything().await, Vec::new(), 0);
    for table in carried().filter(|table| !LOOSE.contains(&table.name)) {
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
                if is_own && column.refers.is_empty() {
                    let made = match column.kind {
                        Kind::Id => json!(Uuid::from_u128(0x77 + number as u128)),
                        Kind::Integer => json!(value.as_i64().unwrap() + 1_000),
                        Kind::Day => json!("2026-11-29"),
                        Kind::Boolean => continue,
                        Kind::Bytes => json!("cd".repeat(32)),
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
            match imported(&world.store, &sealed(files)).await {
                Ok(brought) => {
                    let may = if what.contains("another") { &MAY_COME } else { &MAY_GO };
                    if !may.contains(&table.name) {
                        surprises.push(what);
                    }
                    let owner = owner(world, brought.business).await;
                    world.store.delete_business(&owner, "Prairie Stop").await.unwrap();
                }
                Err(Error::Broken(why)) if names(&why, table.name) => {}
                Err(other) => surprises.push(format!("{what}: {other:?}")),
            }
        }
    }
    assert!(surprises.is_empty(), "{}: {surprises:#?}", surprises.len());
    assert!(tried > 80, "{tried}");
    assert_eq!(world.raw.everything().await, before);
}

async fn figures_that_were_touched_up_are_named(world: &World) {
    let shop = world.shop().await;
    shop.keep(world).await;
    shop.breaks(world, crate::shop::broken()).await;
    let business = shop.business();
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
        world.raw.run_alone(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
    }
    for (sql, table, column) in cases {
        let columns = sql.split_once(" SET ").map(|(_, set)| set.split(" WHERE ").next().unwrap().split(", "));
        let columns: Vec<_> = columns.into_iter().flatten().map(|set| set.split(" = ").next().unwrap()).collect();
        world.raw.run(sql).await.unwrap();
        let found = world.store.verify(business).await.unwrap().unwrap_err();
        let named = match &found {
            Mismatch::Row { table: named, column: which, row } => (*named, *which, row.is_empty()),
            Mismatch::Added { table: named, row } | Mismatch::Removed { table: named, row } => {
                (*named, "", row.is_empty())
            }
            _ => ("", "", true),
        };
        assert_eq!(named, (table, column, false), "{sql}: {found}");
        if columns.is_empty() {
            world.raw.run(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await.unwrap();
        } else {
            let id = if ["tallies", "break_totals"].contains(&table) { "guarantee_id" } else { "id" };
            let back: Vec<_> = columns
                .iter()
                .map(|column| format!("{column} = (SELECT k.{column} FROM kept_{table} k WHERE k.{id} = {table}.{id})"))
                .collect();
            world.raw.run(&format!("UPDATE {table} SET {}", back.join(", "))).await.unwrap();
        }
        assert!(world.store.verify(business).await.unwrap().is_ok(), "{sql}, and back");
    }
}

async fn a_clock_that_was_put_back_is_told_and_times_never_run_backwards(world: &World) {
    let shop = world.shop().await;
    shop.keep(world).await;
    let start = world.store.now();
    for back in [1, 60, 0, 3_600, 90_000] {
        world.clock.set(start - TimeDelta::seconds(back));
        let check = shop.log(world, kept()).await.check;
        shop.log(world, crate::shop::broken()).await;
        shop.correct(world, check, &crate::shop::not_applicable()).await.unwrap();
        let row = world.store.check(&shop.staff, check).await.unwrap().unwrap();
        assert_eq!(row.received_at, world.store.now(), "the row has what the clock shows");
    }
    let lines = world.store.record_after(shop.business(), 0).await.unwrap();
    assert!(lines.is_sorted_by_key(|line| line.entry.at));
    let told = lines.iter().filter(|line| line.entry.body.get("happened_at").is_some()).count();
    assert_eq!(told, 4 * 4, "a check, another with its break, and a correction each time the clock is behind");
    let verified = world.store.verify(shop.business()).await.unwrap().unwrap();
    assert_eq!((verified.backwards, verified.first_backwards), (0, None));
    let file = exported(&world.store, &shop.owner).await;
    let now = world.store.now();
    world.elsewhere(async |there| {
        there.clock.set(now);
        imported(&there.store, &file).await.unwrap();
    });
}

/// Once an entry was written by a clock that had been put back.
async fn times_that_ran_backwards_before_are_reported_and_not_refused(world: &World) {
    use domain::record::{Entry, Head};
    let shop = world.shop().await;
    for _ in 0..4 {
        shop.keep(world).await;
    }
    let mut files = unpacked(&exported(&world.store, &shop.owner).await);
    let (mut head, mut checks) = (Head::START, read(&files, "checks"));
    let mut record = read(&files, "record");
    for row in &mut record {
        let body: Value = serde_json::from_str(row["body"].as_str().unwrap()).unwrap();
        let mut at: DateTime<Utc> = row["at"].as_str().unwrap().parse().unwrap();
        // The last but one and the one before it change places in time, and so do their checks.
        let seq = row["seq"].as_i64().unwrap();
        if [7, 8].contains(&seq) {
            at += TimeDelta::minutes(if seq == 7 { 1 } else { -1 });
            let check = checks.iter_mut().find(|check| check["id"] == body["check"]).unwrap();
            check.insert("received_at".to_owned(), json!(at));
        }
        let Entry { seq, at, kind, body, prev, hash } = head.append(at, row["kind"].as_str().unwrap(), body);
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
    let now = world.store.now();
    world.elsewhere(async |there| {
        there.clock.set(now);
        let brought = imported(&there.store, &sealed(files)).await.unwrap();
        let verified = there.store.verify(brought.business).await.unwrap().unwrap();
        assert_eq!((verified.backwards, verified.first_backwards), (1, Some(8)));
    });
}
