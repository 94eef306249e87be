//! The texts are complete: the same in every language, none that is asked for missing, none that nobody asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use domain::business::Language;

/// A key, and the variables its text needs.
type Keys = BTreeMap<String, BTreeSet<String>>;

#[test]
fn every_language_has_the_same_keys_with_the_same_variables() {
    let texts = Language::ALL.map(|language| (language.code(), keys(language.code())));
    let differing_keys = differing_keys(&texts);
    assert!(differing_keys.is_empty(), "missing in one language, or with other variables: {differing_keys:?}");
}

#[test]
fn a_missing_key_is_reported_with_its_language() {
    let of = |keys: &[&str]| -> Keys { keys.iter().map(|key| ((*key).to_owned(), BTreeSet::new())).collect() };
    let texts = [("en", of(&["kept", "broken"])), ("pl", of(&["kept", "broken"])), ("de", of(&["kept"]))];
    assert_eq!(differing_keys(&texts), ["de: broken"]);
}

/// The keys in which a language differs from the first.
fn differing_keys(texts: &[(&str, Keys)]) -> Vec<String> {
    let Some(((_, first), others)) = texts.split_first() else { return Vec::new() };
    let differs = |keys: &Keys| -> BTreeSet<String> {
        let all = first.keys().chain(keys.keys());
        all.filter(|key| first.get(*key) != keys.get(*key)).cloned().collect()
    };
    others.iter().flat_map(|(code, keys)| differs(keys).into_iter().map(move |key| format!("{code}: {key}"))).collect()
}

#[test]
fn every_text_file_is_loaded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = fs::read_to_string(root.join("src/texts.rs")).unwrap();
    for file in fs::read_dir(root.join("locales/en")).unwrap() {
        let name = file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(code.contains(&format!("\"{name}\"")), "nobody reads {name}.ftl");
    }
}

#[test]
fn every_key_used_in_code_exists() {
    let known = keys("en");
    for (path, code) in sources() {
        let missing: Vec<_> = asked(&code).into_iter().filter(|key| !known.contains_key(key)).collect();
        assert!(missing.is_empty(), "{} asks for {missing:?}", path.display());
    }
}

#[test]
fn every_key_is_used_in_code() {
    let sources = sources();
    let stands = |key: &str| sources.iter().any(|(_, code)| code.contains(&format!("\"{key}\"")));
    let unused: Vec<_> = keys("en").into_keys().filter(|key| !stands(key)).collect();
    assert!(unused.is_empty(), "nobody asks for {unused:?}");
}

#[test]
fn the_scan_finds_the_keys_used_in_code() {
    let code = code(
        r#"
        // texts.text("in-a-comment")
        texts.text("plain");
        texts.text_with(
            "on-a-line-of-its-own",
            &[("not-a-key", 1.into())],
        );
        call("elsewhere");
        fn verdict_key(self) -> &'static str {
            match self {
                Self::Kept => "answered",
            }
        }
        #[cfg(test)]
        texts.text("in-a-test");
        "#,
    );
    assert_eq!(asked(&code), ["answered", "on-a-line-of-its-own", "plain"].map(String::from).into());
}

fn keys(language: &str) -> Keys {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
    let mut keys = Keys::new();
    for path in files(&folder, "ftl") {
        let mut current = String::new();
        for line in read(&path).lines().filter(|line| !line.starts_with('#')) {
            let starts = line.starts_with(|c: char| c.is_ascii_alphabetic());
            if let Some((key, _)) = line.split_once('=').filter(|_| starts) {
                key.trim().clone_into(&mut current);
            }
            if !current.is_empty() {
                keys.entry(current.clone()).or_default().extend(variables(line));
            }
        }
    }
    keys
}

/// The names after a dollar sign inside braces.
fn variables(line: &str) -> impl Iterator<Item = String> {
    line.split('{').skip(1).filter_map(|placeable| {
        let (_, name) = placeable.split('}').next()?.split_once('$')?;
        Some(name.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect())
    })
}

/// Every key this code certainly asks for: what it passes to `text` and `text_with`, and what its functions named `key` or `…_key` answer.
fn asked(code: &str) -> BTreeSet<String> {
    let passed = [".text(", ".text_with("].into_iter().flat_map(|call| code.split(call).skip(1));
    let passed = passed.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
    let answers = bodies(code).into_iter().flat_map(|body| body.split('"').skip(1).step_by(2));
    passed.chain(answers).map(String::from).collect()
}

/// The bodies of the functions that answer with a key: from their first line to the brace that stands under it.
fn bodies(code: &str) -> Vec<&str> {
    let heads = code.match_indices("key(").filter_map(|(at, _)| {
        let line = code[..at].rfind('\n')? + 1;
        let (before, name) = code[line..at].rsplit_once(' ')?;
        let is_head = before.ends_with("fn") && (name.is_empty() || name.ends_with('_'));
        is_head.then(|| (line, before.len() - before.trim_start().len()))
    });
    heads
        .map(|(line, indent)| {
            let end = code[line..].find(&format!("\n{}}}", " ".repeat(indent)));
            &code[line..end.map_or(code.len(), |end| line + end)]
        })
        .collect()
}

fn sources() -> Vec<(PathBuf, String)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths = ["src", "../server/src"].into_iter().flat_map(|folder| files(&here.join(folder), "rs"));
    paths.map(|path| (path.clone(), code(&read(&path)))).collect()
}

/// A source without its comments and its tests: those may name what does not exist.
fn code(source: &str) -> String {
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let tests = |line: &str| line.trim_start().starts_with("#[cfg(") && line.contains("test");
    lines.take_while(|line| !tests(line)).flat_map(|line| [line, "\n"]).collect()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let found = entries.flat_map(|path| if path.is_dir() { files(&path, extension) } else { vec![path] });
    found.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()))
}
