//! The backfill of a record commits to rows with the columns that its program knew. Columns that were added later do
//! not invalidate it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::record::{Entry, Head, commitment};
use domain::replay::Sealed;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use store::Mismatch;
use uuid::Uuid;

use crate::archive::{Files, exported, imported, unpacked, with_manifest};
use crate::export_compat::{frozen, owner};
use crate::harness::TestContext;

both_databases![a_backfill_written_with_fewer_columns_verifies];

type Row = Map<String, Value>;

/// The columns of checks that the first programs which wrote a backfill did not have.
const LATER_COLUMNS: [&str; 3] = ["device_sent_at", "heard_at", "device_heard_at"];

async fn a_backfill_written_with_fewer_columns_verifies(ctx: &TestContext) {
    ctx.clock.set(ctx.store.now() + TimeDelta::days(365));
    let imported_business = imported(&ctx.store, &frozen(1).unwrap()).await.unwrap();
    let owner = owner(ctx, imported_business.business).await;
    let files = unpacked(&exported(&ctx.store, &owner).await);
    let (today, earlier) = (digest_of_checks(&files, &[]), digest_of_checks(&files, &LATER_COLUMNS));
    assert_eq!(committed_digests(&files)["checks"], json!(today), "the program of today commits to all columns");
    let file = with_manifest(with_digest_of_checks(files, &earlier));
    let now = ctx.store.now();
    ctx.on_other_database(async |there| {
        there.clock.set(now);
        let imported_business = imported(&there.store, &file).await.unwrap();
        assert!(there.store.verify(imported_business.business).await.unwrap().unwrap().is_sealed);
        let id = there.direct_db.id(named_checks(&unpacked(&file))[0]);
        there.direct_db.change(&format!("UPDATE checks SET heard_at = at WHERE id = {id}")).await;
        let found = there.store.verify(imported_business.business).await.unwrap();
        assert_eq!(found, Err(Mismatch::Backfill { table: "checks" }), "a later column that was filled in since");
    });
}

fn rows(files: &Files, table: &str) -> Vec<Value> {
    let lines = files[&format!("{table}.jsonl")].split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

fn seal_number(files: &Files) -> i64 {
    let seal = rows(files, "record").into_iter().find(|row| row["kind"] == "seal").unwrap();
    seal["seq"].as_i64().unwrap()
}

/// The checks that entries before the backfill name, in their order.
fn named_checks(files: &Files) -> Vec<Uuid> {
    let seal = seal_number(files);
    let record = rows(files, "record").into_iter();
    let named = record.filter(|row| row["kind"] == "check" && row["seq"].as_i64().unwrap() < seal);
    named.map(|row| serde_json::from_value(body(&row)["check"].clone()).unwrap()).collect()
}

fn body(row: &Value) -> Value {
    serde_json::from_str(row["body"].as_str().unwrap()).unwrap()
}

/// The digest of these checks without some of their columns, and without whoever made them.
fn digest_of_checks(files: &Files, without: &[&str]) -> String {
    let checks: BTreeMap<_, _> = rows(files, "checks").into_iter().map(|row| (row["id"].to_string(), row)).collect();
    let mut digest = Sha256::new();
    for id in named_checks(files) {
        let mut check: Row = checks[&json!(id).to_string()].as_object().unwrap().clone();
        for column in without.iter().chain(&["by"]) {
            check.remove(*column).unwrap();
        }
        digest.update(Value::Object(check).to_string());
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_committed_text(row: &Value) -> bool {
    row["field"] == Sealed::ROWS
}

/// What the backfill commits to, by table.
fn committed_digests(files: &Files) -> Value {
    let text = rows(files, "texts").into_iter().find(is_committed_text).unwrap();
    serde_json::from_str(text["body"].as_str().unwrap()).unwrap()
}

/// The same file with another digest of the checks, and a chain that fits.
fn with_digest_of_checks(mut files: Files, digest: &str) -> Files {
    let (mut digests, seal) = (committed_digests(&files), seal_number(&files));
    digests["checks"] = json!(digest);
    let mut texts = rows(&files, "texts");
    let text = texts.iter_mut().find(|row| is_committed_text(row)).unwrap();
    text["body"] = json!(digests.to_string());
    let salt = text["salt"].as_str().unwrap().as_bytes().chunks(2);
    let salt: Vec<_> = salt.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    let (mut head, mut record) = (Head::START, rows(&files, "record"));
    for row in &mut record {
        let (mut body, at) = (body(row), row["at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap());
        if row["seq"] == seal {
            body["texts"][Sealed::ROWS] = json!(commitment(&salt, &digests.to_string()));
        }
        let Entry { seq, at: _, kind: _, body, prev, hash } = head.next_entry(at, row["kind"].as_str().unwrap(), body);
        head = Head { seq, hash };
        row["body"] = json!(body.to_string());
        row["prev"] = json!(prev);
        row["hash"] = json!(hash);
    }
    let mut heads = rows(&files, "record_heads");
    heads[0]["hash"] = json!(head.hash);
    for (table, rows) in [("texts", texts), ("record", record), ("record_heads", heads)] {
        let lines = rows.iter().map(|row| format!("{row}\n")).collect::<String>();
        files.insert(format!("{table}.jsonl"), lines.into_bytes());
    }
    files
}
