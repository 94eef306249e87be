//! Files that are no exported business, or one that somebody changed: a clear word, and nothing stored.

use std::io::{Cursor, Write};

use domain::record::Misfit;
use serde_json::{Value, json};
use store::{Broken, Error, Mismatch};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::archive::{Files, exported, imported, packed, sealed, unpacked};
use crate::shop::{Shop, broken, told_by_a_customer};
use crate::world::World;

facts![
    what_is_no_file_of_ours_is_refused,
    a_file_cut_off_anywhere_is_refused,
    a_manifest_must_say_what_is_there,
    a_changed_file_is_found_by_its_hash,
    rows_that_are_not_as_they_must_be_are_refused_by_their_line,
    rows_that_do_not_fit_are_refused,
    a_file_names_nothing_of_another_business,
    a_record_that_does_not_fit_is_refused,
    a_bomb_does_not_go_off,
    nothing_is_written_beside_the_database,
];

async fn story(world: &World) -> (Shop, Files) {
    let shop = world.shop().await;
    shop.keep(world).await;
    let id = shop.breaks(world, told_by_a_customer()).await;
    shop.log(world, broken()).await;
    shop.follow_up(world, id).await.unwrap();
    let files = unpacked(&exported(&world.store, &shop.owner).await);
    (shop, files)
}

/// What must be refused, one after the other, in an installation that has a business of its own.
fn refused(world: &World, files: Vec<(String, Vec<u8>)>, as_it_should: impl Fn(&str, &Broken) -> bool + Sync) {
    world.elsewhere(async |there| {
        let own = there.other_shop_alone().await;
        let before = there.raw.everything().await;
        for (what, file) in files {
            let answer = imported(&there.store, &file).await;
            let Err(Error::Broken(why)) = &answer else { panic!("{what}: {answer:?}") };
            assert!(as_it_should(&what, why), "{what}: {why:?}");
            assert!(why.to_string().len() > 10, "{what}: {why}");
        }
        assert_eq!(there.raw.everything().await, before);
        assert!(there.store.verify(own.business()).await.unwrap().is_ok());
    });
}

fn named(name: &str, file: impl Into<Vec<u8>>) -> (String, Vec<u8>) {
    (name.to_owned(), file.into())
}

async fn what_is_no_file_of_ours_is_refused(world: &World) {
    let (_, files) = story(world).await;
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
    refused(world, cases, |_, why| matches!(why, Broken::Unpacked(_) | Broken::Missing { .. } | Broken::Stray { .. }));
}

async fn a_file_cut_off_anywhere_is_refused(world: &World) {
    let (_, files) = story(world).await;
    let whole = packed(&files);
    let cut = |length: usize| (format!("{length} bytes"), whole[..length].to_vec());
    let mut cases: Vec<_> = (0..40).map(|part| cut(whole.len() * part / 40)).collect();
    cases.extend([1, 4, 21, 22, 23].map(|less| cut(whole.len() - less)));
    for at in [30, whole.len() / 3, whole.len() / 2] {
        let mut gap = whole.clone();
        gap.drain(at..at + 10);
        cases.push((format!("a gap at {at}"), gap));
    }
    refused(world, cases, |_, _| true);
}

async fn a_manifest_must_say_what_is_there(world: &World) {
    let (_, files) = story(world).await;
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
    refused(world, cases, |what, why| match what.split(' ').next().unwrap() {
        "version" if what == "version" => matches!(why, Broken::Version { found: 3, known: 2 }),
        "missing" | "no" | "one" => matches!(why, Broken::Missing { .. }),
        "stray" => matches!(why, Broken::Stray { .. }),
        _ => matches!(why, Broken::Manifest(_)),
    });
}

async fn a_changed_file_is_found_by_its_hash(world: &World) {
    let (_, files) = story(world).await;
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
    refused(world, cases, |what, why| {
        // What is twice over, or cut within a line, may be found before its end is reached.
        matches!(why, Broken::Changed { .. })
            || (what.starts_with("another bytes") && matches!(why, Broken::Line { .. }))
    });
}

/// The file with one value of the first row changed in a table.
fn with(files: &Files, table: &str, change: impl Fn(&mut Value)) -> Vec<u8> {
    let mut files = files.clone();
    let text = String::from_utf8(files[&format!("{table}.jsonl")].clone()).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let mut row: Value = serde_json::from_str(first).unwrap();
    change(&mut row);
    files.insert(format!("{table}.jsonl"), format!("{row}\n{rest}").into_bytes());
    sealed(files)
}

async fn rows_that_are_not_as_they_must_be_are_refused_by_their_line(world: &World) {
    let (_, files) = story(world).await;
    let set = |table: &str, column: &str, value: Value| {
        (format!("{table}.{column} = {value}"), with(&files, table, |row| row[column] = value.clone()))
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
        cases.push(named(what, sealed(files)));
    }
    let mut open = files.clone();
    open.get_mut("sites.jsonl").unwrap().pop();
    cases.push(named("a line without end", sealed(open)));
    let mut endless = files.clone();
    endless.insert("sites.jsonl".to_owned(), vec![b'x'; 3 * 1024 * 1024]);
    let endless = store(&endless);
    cases.push(named("a line that does not end", endless));
    refused(world, cases, |what, why| match why {
        Broken::Line { line, why, .. } => *line > 0 && !why.is_empty(),
        _ => what.starts_with("a line") && matches!(why, Broken::Changed { .. }),
    });
}

/// Not packed at all, with a manifest that fits.
fn store(files: &Files) -> Vec<u8> {
    let files = unpacked(&sealed(files.clone()));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in &files {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(name, stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn rows_that_do_not_fit_are_refused(world: &World) {
    let (_, files) = story(world).await;
    let nobody = json!(Uuid::from_u128(77));
    let set = |table: &str, column: &str, value: Value| {
        (format!("{table}.{column} = {value}"), with(&files, table, |row| row[column] = value.clone()))
    };
    let doubled = |table: &str| {
        let mut files = files.clone();
        let bytes = files.get_mut(&format!("{table}.jsonl")).unwrap();
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
        let first = bytes[..=end].to_vec();
        bytes.extend(first);
        (format!("{table} doubled"), sealed(files))
    };
    let emptied = |table: &str| {
        let mut files = files.clone();
        files.insert(format!("{table}.jsonl"), Vec::new());
        (format!("{table} emptied"), sealed(files))
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
    cases.push(named("nobody owns it", sealed(ownerless)));
    refused(world, cases, |what, why| match why {
        Broken::Rows { .. } | Broken::Unsound(_) => true,
        // Who is named must come along; a record without its texts does not verify.
        Broken::Line { .. } => what.starts_with("people"),
        Broken::Record(_) => what.starts_with("texts") || what.starts_with("record_heads"),
        _ => false,
    });
}

async fn a_file_names_nothing_of_another_business(world: &World) {
    let (shop, files) = story(world).await;
    world.elsewhere(async |there| {
        let own = there.other_shop_alone().await;
        own.breaks(there, told_by_a_customer()).await;
        let theirs = unpacked(&exported(&there.store, &own.owner).await);
        let id = |table: &str| {
            let text = String::from_utf8(theirs[&format!("{table}.jsonl")].clone()).unwrap();
            serde_json::from_str::<Value>(text.lines().next().unwrap()).unwrap()["id"].clone()
        };
        let before = there.raw.everything().await;
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
            let file = with(&files, table, |row| {
                row[column] = stolen.clone();
                // Of another name, so that it is not in the way of theirs.
                match table {
                    "texts" => row["field"] = "smuggled".into(),
                    "places" => row["name"] = "smuggled".into(),
                    "tallies" => row["day"] = "2001-01-01".into(),
                    _ => {}
                }
            });
            let answer = imported(&there.store, &file).await;
            let named = matches!(&answer, Err(Error::Broken(Broken::Unsound(why))) if why.contains(column) && why.contains(table));
            assert!(named, "{table}.{column}: {answer:?}");
            assert_eq!(there.raw.everything().await, before, "{table}.{column}");
        }
        for table in ["businesses", "sites", "checks", "record", "members", "customers"] {
            let column = if table == "businesses" { "id" } else { "business_id" };
            let Some(file) = files[&format!("{table}.jsonl")].first().map(|_| {
                with(&files, table, |row| row[column] = json!(own.business()))
            }) else {
                continue;
            };
            let answer = imported(&there.store, &file).await;
            let refused = matches!(&answer, Err(Error::Broken(Broken::Line { why, .. })) if why.contains("another business"));
            assert!(refused, "{table}: {answer:?}");
        }
        for table in ["sites", "places", "recoveries", "problems"] {
            let file = with(&files, table, |row| row["id"] = id(table));
            let answer = imported(&there.store, &file).await;
            assert!(matches!(&answer, Err(Error::Broken(Broken::Rows { .. }))), "{table}: {answer:?}");
        }
        assert_eq!(there.raw.everything().await, before);
        assert!(imported(&there.store, &packed(&files)).await.is_ok(), "unchanged it comes in");
        assert_eq!(there.store.home(&shop.owner).await.unwrap().id, shop.business());
    });
}

async fn a_record_that_does_not_fit_is_refused(world: &World) {
    let (_, files) = story(world).await;
    let set = |table: &str, column: &str, value: Value| {
        (format!("{table}.{column}"), with(&files, table, |row| row[column] = value.clone()))
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
        named("an entry less", sealed(short)),
    ];
    refused(world, cases, |what, why| match why {
        Broken::Record(Mismatch::Entry(Misfit::Head { .. })) => {
            what.starts_with("record_heads") || what.starts_with("an entry")
        }
        Broken::Record(Mismatch::Entry(Misfit::Changed { seq: 1 } | Misfit::Unlinked { seq: 1 })) => {
            what.starts_with("record.")
        }
        Broken::Record(Mismatch::Entry(Misfit::Text { .. })) => what.starts_with("an entry"),
        _ => false,
    });
}

async fn a_bomb_does_not_go_off(world: &World) {
    let (_, files) = story(world).await;
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
        named("zeros", sealed(zeros.clone())),
        named("zeros behind a small manifest", packed(&zeros)),
        named("lines", sealed(lines)),
        named("a manifest of two megabytes", packed(&fat)),
        named("a claim of everything", claims(u64::MAX)),
        named("a claim of a terabyte", claims(1 << 40)),
    ];
    refused(world, cases, |what, why| {
        matches!(why, Broken::TooLarge { .. })
            || (what.contains("small") && matches!(why, Broken::Line { .. } | Broken::Changed { .. }))
    });
}

async fn nothing_is_written_beside_the_database(world: &World) {
    let (_, files) = story(world).await;
    let mut wandering = files.clone();
    wandering.insert("../wandering.txt".to_owned(), b"x".to_vec());
    refused(world, vec![named("path", packed(&wandering))], |_, why| matches!(why, Broken::Stray { .. }));
    assert!(!std::path::Path::new("../wandering.txt").exists());
}
