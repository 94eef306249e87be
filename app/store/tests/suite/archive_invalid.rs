//! Invalid and tampered files: a clear error, and nothing stored.

mod container;

use std::io::{Cursor, Write};

use domain::record::ChainError;
use serde_json::{Value, json};
use store::{Error, ImportError, Mismatch};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::archive::{Files, exported, imported, packed, unpacked, with_manifest};
use crate::fixture::{Fixture, broken, told_by_a_customer};
use crate::harness::TestContext;

both_databases![
    invalid_rows_are_refused_with_their_line_number,
    inconsistent_duplicate_or_missing_rows_are_refused,
    an_import_cannot_reference_rows_of_another_business,
    an_inconsistent_record_is_refused,
];

async fn exported_example(ctx: &TestContext) -> (Fixture, Files) {
    let fixture = ctx.fixture().await;
    fixture.keep(ctx).await;
    let id = fixture.log_broken(ctx, told_by_a_customer()).await;
    fixture.log(ctx, broken()).await;
    fixture.follow_up(ctx, id).await.unwrap();
    let files = unpacked(&exported(&ctx.store, &fixture.owner).await);
    (fixture, files)
}

/// Imports files that must be refused, in an installation with a business of its own.
fn refused(ctx: &TestContext, files: Vec<(String, Vec<u8>)>, as_it_should: impl Fn(&str, &ImportError) -> bool + Sync) {
    ctx.on_other_database(async |there| {
        let own = there.other_fixture_alone().await;
        let before = there.direct_db.everything().await;
        for (what, file) in files {
            let answer = imported(&there.store, &file).await;
            let Err(Error::Import(why)) = &answer else { panic!("{what}: {answer:?}") };
            assert!(as_it_should(&what, why), "{what}: {why:?}");
            assert!(why.to_string().len() > 10, "{what}: {why}");
        }
        assert_eq!(there.direct_db.everything().await, before);
        assert!(there.store.verify(own.business()).await.unwrap().is_ok());
    });
}

fn named(name: &str, file: impl Into<Vec<u8>>) -> (String, Vec<u8>) {
    (name.to_owned(), file.into())
}

/// The archive with a change in the first row of a table.
fn with_changed_row(files: &Files, table: &str, change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut files = files.clone();
    let text = String::from_utf8(files[&format!("{table}.jsonl")].clone()).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let mut row: Value = serde_json::from_str(first).unwrap();
    change(&mut row);
    files.insert(format!("{table}.jsonl"), format!("{row}\n{rest}").into_bytes());
    with_manifest(files)
}

async fn invalid_rows_are_refused_with_their_line_number(ctx: &TestContext) {
    let (_, files) = exported_example(ctx).await;
    let set = |table: &str, column: &str, value: Value| {
        (format!("{table}.{column} = {value}"), with_changed_row(&files, table, |row| row[column] = value.clone()))
    };
    let mut cases = vec![
        set("businesses", "zone", json!("Mars/Olympus")),
        set("businesses", "zone", json!("")),
        set("businesses", "slug", json!("record")),
        set("businesses", "slug", json!("Prairie Stop")),
        set("businesses", "currency", json!("ZZZ")),
        set("businesses", "language", json!("xx")),
        set("businesses", "hours", json!("always")),
        set("businesses", "forget_after", json!("12")),
        set("businesses", "created_at", json!("yesterday")),
        set("businesses", "created_at", json!("2026-11-02T12:00:00.000001Z")),
        set("businesses", "contact_email", json!("Maya@Prairie.example")),
        set("people", "email", json!("nobody")),
        set("people", "created_at", Value::Null),
        set("people", "password_hash", json!("$argon2id$mine")),
        set("places", "code", json!("abc")),
        set("checks", "fingerprint", json!("xyz")),
        set("checks", "id", json!("1")),
        set("checks", "public", json!(1)),
        set("checks", "reason", json!("99999999999")),
        set("checks", "by", json!("somebody")),
        set("checks", "by", json!(format!("person:{}", Uuid::from_u128(77)))),
        set("members", "person_id", json!(Uuid::from_u128(77))),
        set("checks", "colour", json!("red")),
        set("checks", "day", json!("2026-02-30")),
        set("record_heads", "seq", json!(1.5)),
        set("record_heads", "seq", json!(1e300)),
        set("recoveries", "stage", json!("finished")),
    ];
    for text in ["a\u{0}b", "a\u{7}b", "a\nb", "abc\u{202E}def", "  a", "", &"x".repeat(161)] {
        for (table, column) in [
            ("businesses", "name"),
            ("people", "name"),
            ("sites", "name"),
            ("places", "name"),
            ("problems", "for_whom"),
        ] {
            cases.push(set(table, column, json!(text)));
        }
    }
    for (what, line) in [
        ("no JSON", "{"),
        ("a list", "[]"),
        ("nothing in it", "{}"),
        ("not UTF-8", "\u{FFFD}"),
        ("deep", &"[".repeat(1000)),
        ("spaces", "{ }"),
    ] {
        let mut files = files.clone();
        files.get_mut("sites.jsonl").unwrap().splice(0..0, format!("{line}\n").into_bytes());
        cases.push(named(what, with_manifest(files)));
    }
    let mut open = files.clone();
    open.get_mut("sites.jsonl").unwrap().pop();
    cases.push(named("a line without end", with_manifest(open)));
    let mut endless = files.clone();
    endless.insert("sites.jsonl".to_owned(), vec![b'x'; 3 * 1024 * 1024]);
    let endless = zip_uncompressed(&endless);
    cases.push(named("a line that does not end", endless));
    refused(ctx, cases, |what, why| match why {
        ImportError::InvalidLine { line, why, .. } => *line > 0 && !why.is_empty(),
        _ => what.starts_with("a line") && matches!(why, ImportError::ChecksumMismatch { .. }),
    });
}

/// An uncompressed archive with a matching manifest.
fn zip_uncompressed(files: &Files) -> Vec<u8> {
    let files = unpacked(&with_manifest(files.clone()));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in &files {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(name, stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn inconsistent_duplicate_or_missing_rows_are_refused(ctx: &TestContext) {
    let (_, files) = exported_example(ctx).await;
    let nobody = json!(Uuid::from_u128(77));
    let set = |table: &str, column: &str, value: Value| {
        (format!("{table}.{column} = {value}"), with_changed_row(&files, table, |row| row[column] = value.clone()))
    };
    let doubled = |table: &str| {
        let mut files = files.clone();
        let bytes = files.get_mut(&format!("{table}.jsonl")).unwrap();
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        let first = bytes[..=end].to_vec();
        bytes.extend(first);
        (format!("{table} doubled"), with_manifest(files))
    };
    let emptied = |table: &str| {
        let mut files = files.clone();
        files.insert(format!("{table}.jsonl"), Vec::new());
        (format!("{table} emptied"), with_manifest(files))
    };
    let mut cases = vec![
        set("members", "role", json!("emperor")),
        set("guarantees", "stage", json!("perfect")),
        set("guarantees", "problem_id", nobody.clone()),
        set("guarantees", "version", json!(9)),
        set("checks", "verdict", json!("fine")),
        set("checks", "guarantee_id", nobody.clone()),
        set("checks", "place_id", nobody.clone()),
        set("breaks", "recovery_id", nobody.clone()),
        set("breaks", "found_by", json!("a bird")),
        set("recoveries", "break_id", nobody.clone()),
        set("recoveries", "outcome", json!("restored")),
        set("recovery_steps", "bare", json!("{}")),
        set("recovery_steps", "recovery_id", nobody.clone()),
        set("guarantee_versions", "bare", json!("{\"terms\": 7}")),
        set("guarantee_versions", "guarantee_id", nobody.clone()),
        set("businesses", "forget_after", json!(0)),
        set("texts", "owner_id", nobody),
    ];
    cases.extend(
        [
            "businesses",
            "record_heads",
            "problems",
            "guarantees",
            "sites",
            "places",
            "promised",
            "checks",
            "breaks",
            "recoveries",
            "texts",
            "tallies",
            "members",
        ]
        .map(doubled),
    );
    cases.extend(
        [
            "businesses",
            "record_heads",
            "members",
            "guarantee_versions",
            "checks",
            "breaks",
            "recoveries",
            "texts",
            "people",
        ]
        .map(emptied),
    );
    let mut ownerless = files.clone();
    let members = String::from_utf8(ownerless["members.jsonl"].clone()).unwrap().replace("\"owner\"", "\"staff\"");
    ownerless.insert("members.jsonl".to_owned(), members.into_bytes());
    cases.push(named("nobody owns it", with_manifest(ownerless)));
    refused(ctx, cases, |what, why| match why {
        ImportError::RejectedRows { .. } | ImportError::Inconsistent(_) => true,
        // A person that rows refer to must be in the file. A record without its texts does not verify.
        ImportError::InvalidLine { .. } => what.starts_with("people"),
        ImportError::Record(_) => what.starts_with("texts") || what.starts_with("record_heads"),
        _ => false,
    });
}

async fn an_import_cannot_reference_rows_of_another_business(ctx: &TestContext) {
    let (fixture, files) = exported_example(ctx).await;
    ctx.on_other_database(async |there| {
        let own = there.other_fixture_alone().await;
        own.log_broken(there, told_by_a_customer()).await;
        let theirs = unpacked(&exported(&there.store, &own.owner).await);
        let id = |table: &str| {
            let text = String::from_utf8(theirs[&format!("{table}.jsonl")].clone()).unwrap();
            serde_json::from_str::<Value>(text.lines().next().unwrap()).unwrap()["id"].clone()
        };
        let before = there.direct_db.everything().await;
        let references = [
            ("guarantees", "problem_id", "problems"),
            ("guarantee_moves", "guarantee_id", "guarantees"),
            ("places", "site_id", "sites"),
            ("promised", "guarantee_id", "guarantees"),
            ("promised", "place_id", "places"),
            ("checks", "guarantee_id", "guarantees"),
            ("checks", "version_id", "guarantee_versions"),
            ("checks", "place_id", "places"),
            ("breaks", "place_id", "places"),
            ("breaks", "version_id", "guarantee_versions"),
            ("tallies", "guarantee_id", "guarantees"),
            ("recovery_steps", "recovery_id", "recoveries"),
            ("texts", "owner_id", "guarantee_versions"),
            ("texts", "owner_id", "checks"),
        ];
        for (table, column, of) in references {
            let stolen = id(of);
            let file = with_changed_row(&files, table, |row| {
                row[column] = stolen.clone();
                // With another key, so that it does not conflict with theirs.
                match table {
                    "texts" => row["field"] = "smuggled".into(),
                    "places" => row["name"] = "smuggled".into(),
                    "tallies" => row["day"] = "2001-01-01".into(),
                    _ => {}
                }
            });
            let answer = imported(&there.store, &file).await;
            let named = matches!(&answer, Err(Error::Import(ImportError::Inconsistent(why))) if why.contains(column) && why.contains(table));
            assert!(named, "{table}.{column}: {answer:?}");
            assert_eq!(there.direct_db.everything().await, before, "{table}.{column}");
        }
        for table in ["businesses", "sites", "checks", "record", "members", "customers"] {
            let column = if table == "businesses" { "id" } else { "business_id" };
            let Some(file) = files[&format!("{table}.jsonl")].first().map(|_| {
                with_changed_row(&files, table, |row| row[column] = json!(own.business()))
            }) else {
                continue;
            };
            let answer = imported(&there.store, &file).await;
            let refused = matches!(&answer, Err(Error::Import(ImportError::InvalidLine { why, .. })) if why.contains("another business"));
            assert!(refused, "{table}: {answer:?}");
        }
        for table in ["sites", "places", "recoveries", "problems"] {
            let file = with_changed_row(&files, table, |row| row["id"] = id(table));
            let answer = imported(&there.store, &file).await;
            assert!(matches!(&answer, Err(Error::Import(ImportError::RejectedRows { .. }))), "{table}: {answer:?}");
        }
        assert_eq!(there.direct_db.everything().await, before);
        assert!(imported(&there.store, &packed(&files)).await.is_ok(), "unchanged it comes in");
        assert_eq!(there.store.business(&fixture.owner).await.unwrap().id, fixture.business());
    });
}

async fn an_inconsistent_record_is_refused(ctx: &TestContext) {
    let (_, files) = exported_example(ctx).await;
    let set = |table: &str, column: &str, value: Value| {
        (format!("{table}.{column}"), with_changed_row(&files, table, |row| row[column] = value.clone()))
    };
    let mut short = files.clone();
    let bytes = short.get_mut("record.jsonl").unwrap();
    let end = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap();
    bytes.truncate(end + 1);
    let cases = vec![
        set("record", "body", json!("{}")),
        set("record", "kind", json!("publish")),
        set("record", "at", json!("2026-11-02T12:00:00.251Z")),
        set("record", "hash", json!("ab".repeat(32))),
        set("record", "prev", json!("ab".repeat(32))),
        set("record_heads", "hash", json!("ab".repeat(32))),
        set("record_heads", "seq", json!(1)),
        named("an entry less", with_manifest(short)),
    ];
    refused(ctx, cases, |what, why| match why {
        ImportError::Record(Mismatch::Entry(ChainError::HeadMismatch { .. })) => {
            what.starts_with("record_heads") || what.starts_with("an entry")
        }
        ImportError::Record(Mismatch::Entry(ChainError::Changed { seq: 1 } | ChainError::BrokenLink { seq: 1 })) => {
            what.starts_with("record.")
        }
        ImportError::Record(Mismatch::Entry(ChainError::TextChanged { .. })) => what.starts_with("an entry"),
        _ => false,
    });
}
