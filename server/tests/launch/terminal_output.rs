//! Control characters in arguments and files are escaped in terminal output.

use std::fs;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::{folder, set_up_business, trialmark};

/// Control sequences: colours, titles, clearing the screen, line breaks, direction overrides.
const CONTROL_SEQUENCES: [&str; 6] =
    ["\u{1b}[31m", "\u{1b}]0;title\u{7}", "\u{9b}2J", "\n\rtrialmark: all is well", "\u{202e}gpj", "\u{7f}\u{8}"];

fn has_no_control_characters(said: &str) -> bool {
    !said.chars().any(|it| (it.is_control() && it != '\n') || ('\u{202a}'..='\u{202e}').contains(&it))
}

#[test]
fn control_characters_in_arguments_are_escaped_in_output() {
    let here = folder("shown");
    set_up_business(&here, "127.0.0.1:0");
    for text in CONTROL_SEQUENCES {
        let path = format!("/nowhere/{text}.zip");
        for arguments in [
            &["import", &path][..],
            &["export", "--business", "prairie-stop", "--out", &path],
            &["export", "--business", text, "--out", "/dev/null/x"],
            &["verify", "--business", text],
            &["business", "delete", "--business", text, "--yes"],
            &["user", "reset-link", "--email", text],
            &["user", "create", "--business", "prairie-stop", "--email", "a@b.example", "--name", text, "--role", text],
            &["token", "create", "--business", "prairie-stop", "--role", "staff", "--site", text],
            &["token", "create", "--business", "prairie-stop", "--role", "staff", "--days", text],
            &["customer", "erase", "--business", text, "--contact", "a@b.example"],
            &["migrate", "--data-dir", &format!("/dev/null/{text}")],
            &["migrate", "--database-url", &format!("sqlite:/nowhere/{text}.db")],
            &["migrate", "--database-url-file", &path],
            &["serve", "--listen", text],
            &["serve", "--base-url", text],
            &["serve", "--trusted-proxies", text],
            &["verify", "--log", text],
            &["verify", text],
            &[text],
            &[&format!("--{text}")],
        ] {
            let output = trialmark(arguments).env("TRIALMARK_DATA_DIR", &here).output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!output.status.success() && !said.is_empty(), "{arguments:?}: {said}");
            assert!(has_no_control_characters(&said), "{arguments:?}: {said:?}");
        }
    }
}

#[test]
fn control_characters_in_files_are_escaped_in_output() {
    let (here, there) = (folder("shown here"), folder("shown there"));
    set_up_business(&here, "127.0.0.1:0");
    let whole = here.join("whole.zip");
    let export = ["export", "--business", "prairie-stop", "--out", whole.to_str().unwrap()];
    assert!(trialmark(&export).env("TRIALMARK_DATA_DIR", &here).output().unwrap().status.success());
    let mut archive = ZipArchive::new(Cursor::new(fs::read(&whole).unwrap())).unwrap();
    let mut files = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let (name, mut bytes) = (file.name().unwrap().into_owned(), Vec::new());
        file.read_to_end(&mut bytes).unwrap();
        files.push((name, bytes));
    }
    let (_, manifest) = files.iter().find(|(name, _)| name == "manifest.json").unwrap();
    let manifest = String::from_utf8(manifest.clone()).unwrap();
    assert!(
        ["\"prairie-stop\"", "\"Prairie Stop\"", "businesses.jsonl"].iter().all(|it| manifest.contains(it)),
        "{manifest}"
    );
    for text in CONTROL_SEQUENCES {
        let escaped = serde_json::to_string(text).unwrap();
        for changed in [
            manifest.replace("\"prairie-stop\"", &escaped),
            manifest.replace("\"Prairie Stop\"", &escaped),
            manifest.replace("businesses.jsonl", escaped.trim_matches('"')),
            manifest.replacen('{', &format!("{{{escaped}: 1,"), 1),
        ] {
            let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
            for (name, bytes) in &files {
                let bytes = if name == "manifest.json" { changed.as_bytes() } else { bytes };
                packed.start_file(name, SimpleFileOptions::default()).unwrap();
                packed.write_all(bytes).unwrap();
            }
            let file = here.join("changed.zip");
            fs::write(&file, packed.finish().unwrap().into_inner()).unwrap();
            let mut import = trialmark(&["import", file.to_str().unwrap()]);
            let output = import.env("TRIALMARK_DATA_DIR", &there).env("TRIALMARK_LOG", "error").output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!said.is_empty() && has_no_control_characters(&said), "{text:?}: {said:?}");
            let _ = fs::remove_dir_all(&there);
        }
    }
}
