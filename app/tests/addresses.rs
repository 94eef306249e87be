//! Every address is written once, in the module `addresses`, and every address there has a door.

use std::fs;
use std::path::{Path, PathBuf};

/// Texts that look like addresses: the end of the file's path, the text, and why it may stay.
const ALLOWED: [(&str, &str, &str); 6] = [
    ("app/src/canonical_address.rs", "/", "joins the segments of a path"),
    ("app/src/doors.rs", "/", "joins the segments of a path"),
    ("app/src/texts.rs", "/", "a path of a file"),
    ("server/src/assets.rs", "/assets.rs", "a path of a file"),
    ("server/src/settings.rs", "/", "the path of a URL that has none"),
    ("server/src/api/openapi/schemas.rs", "/components/schemas", "a JSON pointer"),
];

#[test]
fn addresses_are_defined_only_in_the_addresses_module() {
    let mut found = Vec::new();
    let mut allowed = ALLOWED.to_vec();
    for (path, source) in sources() {
        for (line, text) in addresses_in(&source) {
            let allows = |(file, known, _): &&(&str, &str, &str)| path.ends_with(file) && text == *known;
            if ALLOWED.iter().any(|entry| allows(&entry)) {
                allowed.retain(|entry| !allows(&entry));
            } else {
                found.push(format!("{}:{line} writes {text:?}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "addresses belong in app/src/addresses.rs:\n{}", found.join("\n"));
    assert!(allowed.is_empty(), "allowed, but not written any more: {allowed:?}");
}

#[test]
fn every_address_has_a_door() {
    let declared = read(&root().join("app/src/addresses.rs"));
    let declared: Vec<_> = declared.lines().filter_map(declared_name).collect();
    assert!(declared.len() > 100, "the addresses were not found");
    let doors: String = sources().iter().flat_map(|(_, source)| door_functions(source)).collect();
    let has_door = |name: &str| doors.split("addresses::").any(|rest| first_identifier(rest) == name);
    let unused: Vec<_> = declared.into_iter().filter(|name| !has_door(name)).collect();
    assert!(unused.is_empty(), "no door has {unused:?}");
}

#[test]
fn hardcoded_addresses_are_found() {
    let source = r##"
        // redirect("/in-a-comment")
        doors.get("/door/{id}", Anyone, show)
        view! { <a class="link" href="/attribute">"Link: \"/in-a-text\""</a> }
        format!("{base}/after-a-base/{id}#part"); // "/in-a-late-comment"
        redirect('"', '\'', "/");
        #[utoipa::path(get, path = "/rest")]
        "text over two \
            lines"; r#"/raw"#
        ("and/or", "//evil.example", "/Upper", "a / b", &'a "/after-a-lifetime")
        #[cfg(test)]
        mod tests { get("/in-a-test") }
    "##;
    let found = [
        (3, "/door/{id}"),
        (4, "/attribute"),
        (5, "{base}/after-a-base/{id}#part"),
        (6, "/"),
        (9, "/raw"),
        (10, "/after-a-lifetime"),
    ];
    assert_eq!(addresses_in(source), found.map(|(line, text)| (line, text.to_owned())));
}

/// Each address that a source writes outside its comments and tests, with its line. The REST interface declares its
/// routes where it describes them, as `path = "…"`.
fn addresses_in(source: &str) -> Vec<(usize, String)> {
    let is_address = |text: &str| {
        let path = text.strip_prefix('{').and_then(|text| text.split_once('}')).map_or(text, |(_, path)| path);
        text == "/" || path.strip_prefix('/').is_some_and(|path| path.starts_with(|c: char| c.is_ascii_lowercase()))
    };
    let code = without_tests(source);
    let literals = string_literals(&code).into_iter();
    let written = literals.filter(|(at, text)| is_address(text) && !code[..*at].ends_with("path = "));
    written.map(|(at, text)| (code[..at].matches('\n').count() + 1, text.to_owned())).collect()
}

/// The contents of all string literals outside comments, and where each begins.
fn string_literals(code: &str) -> Vec<(usize, &str)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(rest) = code.get(at..).filter(|rest| !rest.is_empty()) {
        at += if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(text) = rest.strip_prefix('"') {
            let length = literal_length(text);
            found.push((at, &text[..length]));
            length + 2
        } else if rest.starts_with("'\"'") {
            3
        } else if rest.starts_with("'\\") {
            4
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
    found
}

/// The length of a string literal, up to its closing quote.
fn literal_length(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.find(|c| {
        let is_end = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    end.unwrap_or(text.len())
}

/// A source up to its tests, which stand at its end.
fn without_tests(source: &str) -> String {
    let is_test = |line: &str| line.trim_start().starts_with("#[cfg(") && line.contains("test");
    source.lines().take_while(|line| !is_test(line)).flat_map(|line| [line, "\n"]).collect()
}

/// The name on a line of the macro `addresses!`.
fn declared_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("    ").filter(|line| line.contains(" = \"/"))?;
    Some(first_identifier(line)).filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// The bodies of the functions that register doors.
fn door_functions(source: &str) -> Vec<String> {
    let bodies = source.split("fn doors(").skip(1);
    bodies.filter_map(|rest| rest.split("\n}").next().map(str::to_owned)).collect()
}

fn first_identifier(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The sources of the pages and the server, without the addresses themselves.
fn sources() -> Vec<(PathBuf, String)> {
    let files = ["app/src", "server/src"].into_iter().flat_map(|folder| files(&root().join(folder)));
    let skipped = |path: &Path| path.ends_with("app/src/addresses.rs") || path.ends_with("tests.rs");
    files.filter(|path| !skipped(path)).map(|path| (path.clone(), read(&path))).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let found = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    found.filter(|path| path.extension().is_some_and(|found| found == "rs")).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()))
}
