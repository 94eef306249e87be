//! The texts are complete: the same in every language, none that is asked for missing, none that nobody asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A key, and the variables its text needs.
type Keys = BTreeMap<String, BTreeSet<String>>;

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let (english, polish) = (keys("en"), keys("pl"));
    let all = english.keys().chain(polish.keys());
    let differ: BTreeSet<_> = all.filter(|key| english.get(*key) != polish.get(*key)).collect();
    assert!(differ.is_empty(), "missing in one language, or with other variables: {differ:?}");
}

#[test]
fn every_file_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = fs::read_to_string(root.join("src/texts.rs")).unwrap();
    for file in fs::read_dir(root.join("locales/en")).unwrap() {
        let name = file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(code.contains(&format!("\"{name}\"")), "nobody reads {name}.ftl");
    }
}

#[test]
fn every_key_asked_for_exists() {
    let known = keys("en");
    for (path, code) in sources() {
        let missing: Vec<_> = asked(&code).into_iter().filter(|key| !known.contains_key(key)).collect();
        assert!(missing.is_empty(), "{} asks for {missing:?}", path.display());
    }
}

#[test]
fn every_key_is_asked_for_somewhere() {
    let sources = sources();
    let stands = |key: &str| sources.iter().any(|(_, code)| code.contains(&format!("\"{key}\"")));
    let unused: Vec<_> = keys("en").into_keys().filter(|key| !stands(key)).collect();
    assert!(unused.is_empty(), "nobody asks for {unused:?}");
}

#[test]
fn a_key_is_found_where_it_is_asked_for() {
    let code = code(
        r#"
        // texts.say("in-a-comment")
        texts.say("plain");
        texts.tell(
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
        texts.say("in-a-test");
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

/// Every key this code certainly asks for: what it passes to `say` and `tell`, and what its functions named `key` or `…_key` answer.
fn asked(code: &str) -> BTreeSet<String> {
    let passed = [".say(", ".tell("].into_iter().flat_map(|call| code.split(call).skip(1));
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
