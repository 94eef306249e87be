//! What is wrong with the ZIP file itself, or with its manifest.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use store::ImportError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{exported_example, named, refused};
use crate::archive::{packed, with_manifest};
use crate::harness::TestContext;

both_databases![
    a_file_that_is_not_an_export_is_refused,
    a_truncated_file_is_refused,
    a_manifest_must_match_the_files,
    a_changed_file_is_found_by_its_hash,
    a_decompression_bomb_is_refused,
    a_path_traversal_entry_is_refused,
];

async fn a_file_that_is_not_an_export_is_refused(ctx: &TestContext) {
    let (_, files) = exported_example(ctx).await;
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("holiday.jpg", SimpleFileOptions::default()).unwrap();
    let other = other.finish().unwrap().into_inner();
    let comment = {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.set_comment("PK\x05\x06").unwrap();
        zip.finish().unwrap().into_inner()
    };
    let mut many = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..101 {
        many.start_file(number.to_string(), SimpleFileOptions::default()).unwrap();
    }
    let cases = vec![
        named("nothing", ""),
        named("a byte", "P"),
        named("text", "manifest.json\n".repeat(100)),
        named("zeros", vec![0; 100_000]),
        named("an end alone", [b"PK\x05\x06".as_slice(), &[0; 18]].concat()),
        named(
            "a directory that lies elsewhere",
            [b"PK\x05\x06".as_slice(), &[0, 0, 0, 0, 9, 0, 9, 0], &[0xff; 8], &[0; 2]].concat(),
        ),
        named("another ZIP", other),
        named("a ZIP with a comment", comment),
        named("too many files", many.finish().unwrap().into_inner()),
        named(
            "the manifest alone",
            packed(
                &files
                    .iter()
                    .filter(|(name, _)| *name == "manifest.json")
                    .map(|(name, bytes)| (name.clone(), bytes.clone()))
                    .collect(),
            ),
        ),
    ];
    refused(ctx, cases, |_, why| {
        matches!(
            why,
            ImportError::NotAnArchive(_) | ImportError::MissingFile { .. } | ImportError::UnexpectedFile { .. }
        )
    });
}

async fn a_truncated_file_is_refused(ctx: &TestContext) {
    let (_, files) = exported_example(ctx).await;
    let whole = packed(&files);
    let cut = |length: usize| (format!("{length} bytes"), whole[..length].to_vec());
    let mut cases: Vec<_> = (0..40).map(|part| cut(whole.len() * part / 40)).collect();
    cases.extend([1, 4, 21, 22, 23].map(|less| cut(whole.len() - less)));
    for at in [30, whole.len() / 3, whole.len() / 2] {
        let mut gap = whole.clone();
        gap.drain(at..at + 10);
        cases.push((format!("a gap at {at}"), gap));
    }
    refused(ctx, cases, |_, _| true);
}

async fn a_manifest_must_match_the_files(ctx: &TestContext) {
    let (_, files) = exported_example(ctx).await;
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    let with = |what: &str, change: &dyn Fn(&mut Value)| {
        let mut changed = manifest.clone();
        change(&mut changed);
        let mut files = files.clone();
        files.insert("manifest.json".to_owned(), serde_json::to_vec(&changed).unwrap());
        named(what, packed(&files))
    };
    let without = |name: &str| {
        let mut files = files.clone();
        files.remove(name);
        packed(&files)
    };
    let and = |name: &str| {
        let mut files = files.clone();
        files.insert(name.to_owned(), b"x".to_vec());
        packed(&files)
    };
    let twice = {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["manifest.json", "manifest.jsom"] {
            zip.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
            zip.write_all(&files["manifest.json"]).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let text =
            bytes.iter().map(|byte| char::from(*byte)).collect::<String>().replace("manifest.jsom", "manifest.json");
        text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>()
    };
    let cases = vec![
        with("version", &|manifest| manifest["version"] = 3.into()),
        with("version of words", &|manifest| manifest["version"] = "one".into()),
        with("format", &|manifest| manifest["format"] = "other".into()),
        with("stranger", &|manifest| manifest["more"] = 1.into()),
        with("business", &|manifest| manifest["business"] = Value::Null),
        with("no files", &|manifest| manifest["files"] = json!([])),
        with("one less", &|manifest| drop(manifest["files"].as_array_mut().unwrap().pop())),
        with("one twice", &|manifest| {
            let again = manifest["files"][0].clone();
            manifest["files"].as_array_mut().unwrap().push(again);
        }),
        named("missing manifest", without("manifest.json")),
        named("missing checks", without("checks.jsonl")),
        named("missing texts", without("texts.jsonl")),
        named("stray", and("sessions.jsonl")),
        named("stray path", and("../../../etc/passwd")),
        named("stray root", and("/etc/passwd")),
        named("stray folder", and("checks.jsonl/x")),
        named("stray drive", and("C:\\x")),
        named("missing one of two manifests", twice),
    ];
    refused(ctx, cases, |what, why| match what.split(' ').next().unwrap() {
        "version" if what == "version" => matches!(why, ImportError::UnsupportedVersion { found: 3, known: 2 }),
        "missing" | "no" | "one" => matches!(why, ImportError::MissingFile { .. }),
        "stray" => matches!(why, ImportError::UnexpectedFile { .. }),
        _ => matches!(why, ImportError::Manifest(_)),
    });
}

async fn a_changed_file_is_found_by_its_hash(ctx: &TestContext) {
    let (_, files) = exported_example(ctx).await;
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    let full = files.iter().filter(|(name, bytes)| *name != "manifest.json" && !bytes.is_empty());
    let names: Vec<_> = full.map(|(name, _)| name.clone()).collect();
    let mut cases = Vec::new();
    for name in names {
        let mut less = files.clone();
        let bytes = less.get_mut(&name).unwrap();
        let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        bytes.truncate(last);
        cases.push((format!("{name} with a line less"), packed(&less)));
        let mut more = files.clone();
        let bytes = more.get_mut(&name).unwrap();
        bytes.extend(bytes.clone());
        cases.push((format!("{name} twice over"), packed(&more)));
    }
    for (field, value) in [("rows", json!(0)), ("bytes", json!(1)), ("sha256", json!("00".repeat(32)))] {
        let mut changed = manifest.clone();
        changed["files"][1][field] = value;
        let mut files = files.clone();
        files.insert("manifest.json".to_owned(), serde_json::to_vec(&changed).unwrap());
        cases.push((format!("another {field}"), packed(&files)));
    }
    refused(ctx, cases, |what, why| {
        // A duplicated or truncated file may be noticed before its end.
        matches!(why, ImportError::ChecksumMismatch { .. })
            || (what.starts_with("another bytes") && matches!(why, ImportError::InvalidLine { .. }))
    });
}

async fn a_decompression_bomb_is_refused(ctx: &TestContext) {
    let (_, files) = exported_example(ctx).await;
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    let mut zeros = files.clone();
    zeros.insert("checks.jsonl".to_owned(), vec![b'0'; 8 * 1024 * 1024]);
    let mut lines = files.clone();
    lines.insert("checks.jsonl".to_owned(), b"{}\n".repeat(1_000_000));
    let mut large = manifest.clone();
    large["more"] = "x".repeat(2 * 1024 * 1024).into();
    let mut fat = files.clone();
    fat.insert("manifest.json".to_owned(), serde_json::to_vec(&large).unwrap());
    let claims = |bytes: u64| {
        let mut claimed = manifest.clone();
        claimed["files"][3]["bytes"] = bytes.into();
        let mut files = files.clone();
        files.insert("manifest.json".to_owned(), serde_json::to_vec(&claimed).unwrap());
        packed(&files)
    };
    let cases = vec![
        named("zeros", with_manifest(zeros.clone())),
        named("zeros behind a small manifest", packed(&zeros)),
        named("lines", with_manifest(lines)),
        named("a manifest of two megabytes", packed(&fat)),
        named("a claim of everything", claims(u64::MAX)),
        named("a claim of a terabyte", claims(1 << 40)),
    ];
    refused(ctx, cases, |what, why| {
        matches!(why, ImportError::TooLarge { .. })
            || (what.contains("small")
                && matches!(why, ImportError::InvalidLine { .. } | ImportError::ChecksumMismatch { .. }))
    });
}

async fn a_path_traversal_entry_is_refused(ctx: &TestContext) {
    let (_, files) = exported_example(ctx).await;
    let mut wandering = files.clone();
    wandering.insert("../wandering.txt".to_owned(), b"x".to_vec());
    refused(ctx, vec![named("path", packed(&wandering))], |_, why| matches!(why, ImportError::UnexpectedFile { .. }));
    assert!(!std::path::Path::new("../wandering.txt").exists());
}
