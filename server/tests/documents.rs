//! Documents and comments cite only files that are in the repository.

#![expect(clippy::unwrap_used, reason = "a test that cannot look must fail")]

use std::fs;
use std::path::{Path, PathBuf};

/// Folders with generated files.
const GENERATED_FOLDERS: [&str; 6] = [".git", "target", "node_modules", "out", "dist", "data"];

/// The extensions of files that may be cited.
const EXTENSIONS: [&str; 10] = ["rs", "md", "mjs", "js", "sql", "css", "ftl", "sh", "toml", "html"];

/// Generated files, and an example in a recipe.
const GENERATED_FILES: [&str; 2] = ["app.js", "0051_word.sql"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The paths of all files in the repository.
fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !GENERATED_FOLDERS.contains(&name) {
            files(&path, found);
        } else if path.is_file() {
            found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
        }
    }
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// The files that a text cites: words with one of the extensions.
fn cited_files(text: &str) -> Vec<String> {
    let of_path = |letter: char| letter.is_alphanumeric() || "_-./".contains(letter);
    let words = text.split(|letter| !of_path(letter)).map(|word| word.trim_end_matches('.'));
    let is_file = |word: &&str| {
        let Some((stem, ending)) = word.rsplit_once('.') else { return false };
        let stem = stem.rsplit('/').next().unwrap_or_default();
        // Patterns such as `WORD.rs` and `*.rs` mean several files.
        let is_pattern = stem.is_empty() || stem.chars().all(char::is_uppercase) && stem.len() < 6;
        EXTENSIONS.contains(&ending) && !is_pattern && !word.starts_with('/') && !word.contains("//")
    };
    words.filter(is_file).map(str::to_owned).collect()
}

/// The comments of a source file, or a whole document.
fn comments_of(path: &str, text: &str) -> String {
    if extension(path) == "md" {
        return text.to_owned();
    }
    let comment = |line: &&str| ["//", "#", "--", "*"].iter().any(|sign| line.trim_start().starts_with(sign));
    text.lines().filter(comment).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_cited_file_exists() {
    let mut all = Vec::new();
    files(&root(), &mut all);
    let is_there = |cited: &str, from: &str| {
        let cited = cited.trim_start_matches("../").trim_start_matches("./");
        let beside = Path::new(from).parent().unwrap().join(cited);
        all.iter().any(|file| file == cited || file.ends_with(&format!("/{cited}")) || Path::new(file) == beside)
    };
    let (mut read, mut missing) = (0, Vec::new());
    for path in &all {
        if !EXTENSIONS.contains(&extension(path)) {
            continue;
        }
        let text = fs::read_to_string(root().join(path)).unwrap();
        let cited = cited_files(&comments_of(path, &text));
        read += cited.len();
        let gone = cited
            .into_iter()
            .filter(|cited| !GENERATED_FILES.iter().any(|made| cited.ends_with(made)) && !is_there(cited, path));
        missing.extend(gone.map(|cited| format!("{path} cites {cited}")));
    }
    assert!(read > 100, "only {read} citations were found");
    assert!(missing.is_empty(), "not in the repository: {missing:#?}");
}

#[test]
fn a_cited_file_is_recognized_by_its_extension() {
    let text = "See `app/src/doors.rs`, tables.rs. Not WORD.rs, *.rs, https://a.example/b.js, e.g. this or v1.2.";
    assert_eq!(cited_files(text), ["app/src/doors.rs", "tables.rs"]);
}
