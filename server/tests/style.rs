//! Style sheets: shared classes are in main.css, and the sheet of a capability has only its own classes.

#![expect(clippy::unwrap_used, reason = "a test that cannot look must fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const SHARED: &str = "main";

/// Modules without a sheet of their own, and the capability whose sheet they use.
const SHEET_BY_MODULE: &[(&str, &str)] = &[
    ("outbox", "checks"),
    ("second_looks", "checks"),
    ("second_step", "sign_in"),
    ("begin", "sign_in"),
    ("sites", "places"),
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A selector of a sheet, and its classes.
struct Selector {
    sheet: String,
    text: String,
    classes: BTreeSet<String>,
}

fn selectors() -> Vec<Selector> {
    let mut found = Vec::new();
    for entry in fs::read_dir(repository().join("style")).unwrap() {
        let path = entry.unwrap().path();
        let sheet = path.file_stem().unwrap().to_str().unwrap().to_owned();
        for text in selectors_of(&fs::read_to_string(&path).unwrap()) {
            found.push(Selector { sheet: sheet.clone(), classes: classes_of(&text), text });
        }
    }
    found
}

/// The selectors of a sheet, without comments and at-rules.
fn selectors_of(sheet: &str) -> Vec<String> {
    let plain: String = sheet.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, rest)| rest)).collect();
    let heads = plain.split('{').filter_map(|part| part.rsplit(['}', ';', '{']).next()).map(str::trim);
    heads.filter(|head| !head.is_empty() && !head.starts_with('@')).flat_map(split_selectors).collect()
}

/// Splits a list of selectors at the commas outside of parentheses.
fn split_selectors(head: &str) -> Vec<String> {
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for letter in head.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ => {}
        }
        if letter != ',' || depth > 0 {
            parts.last_mut().unwrap().push(letter);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

fn classes_of(selector: &str) -> BTreeSet<String> {
    let named = |part: &str| part.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '-').collect();
    let names = selector.split('.').skip(1).map(named);
    names.filter(|name: &String| name.starts_with(|first: char| first.is_alphabetic())).collect()
}

/// The classes in the string literals of each source file.
fn classes_by_source() -> Vec<(String, BTreeSet<String>)> {
    let mut sources = vec![repository().join("app/src")];
    let mut found = Vec::new();
    while let Some(path) = sources.pop() {
        if path.is_dir() {
            sources.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let name = path.strip_prefix(repository().join("app/src")).unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let classes = text.lines().flat_map(|line| line.split("class=").skip(1)).flat_map(literals);
        let words = classes.flat_map(|literal| literal.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        found.push((name, words.filter(|word| word.chars().all(|one| one.is_alphanumeric() || one == '-')).collect()));
    }
    found
}

/// The string literals in the value of an attribute.
fn literals(value: &str) -> Vec<String> {
    let mut parts = value.split('"');
    if value.starts_with('"') {
        return parts.nth(1).map(str::to_owned).into_iter().collect();
    }
    let expression = value.split(['>', '=']).next().unwrap();
    expression.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The sheets whose classes a source file may use, by the parts of its path.
fn sheets_of(source: &str) -> BTreeSet<String> {
    let parts = source.trim_end_matches(".rs").split('/');
    let sheet =
        |part: &str| SHEET_BY_MODULE.iter().find(|(of, _)| *of == part).map_or(part, |(_, sheet)| sheet).to_owned();
    parts.map(sheet).chain([SHARED.to_owned()]).collect()
}

#[test]
fn a_css_class_is_defined_in_one_sheet() {
    let mut homes = BTreeMap::<String, BTreeSet<String>>::new();
    for Selector { sheet, classes, .. } in selectors() {
        for class in classes {
            homes.entry(class).or_default().insert(sheet.clone());
        }
    }
    assert!(homes.len() > 100, "{} classes", homes.len());
    let shared = |sheets: &BTreeSet<String>| sheets.contains(SHARED);
    let several: Vec<_> = homes.iter().filter(|(_, sheets)| sheets.len() > 1 && !shared(sheets)).collect();
    assert!(several.is_empty(), "what two capabilities style is no class of either: {several:?}");

    let mut foreign = Vec::new();
    for (source, classes) in classes_by_source() {
        let may = sheets_of(&source);
        for class in classes {
            let Some(sheets) = homes.get(&class) else { continue };
            if !shared(sheets) && sheets.is_disjoint(&may) {
                foreign.push(format!("{source}: {class} of {sheets:?}"));
            }
        }
    }
    assert!(foreign.is_empty(), "a class of another capability's sheet: {foreign:#?}");
}

#[test]
fn a_capability_sheet_styles_only_its_own_classes() {
    let all = selectors();
    let shared: BTreeSet<_> =
        all.iter().filter(|one| one.sheet == SHARED).flat_map(|one| one.classes.clone()).collect();
    let loose = |one: &&Selector| one.sheet != SHARED && one.classes.is_subset(&shared);
    let loose: Vec<_> = all.iter().filter(loose).map(|one| format!("{}: {}", one.sheet, one.text)).collect();
    assert!(loose.is_empty(), "these reach every page: {loose:#?}");
}

#[test]
fn selectors_and_classes_are_parsed() {
    let sheet = "/* .no { } */\n.a, .b:is(.c, .d) > p { color: red; }\n@media print {\n  h1 { margin: .5em; }\n  .e-f::before { content: \"\"; }\n}";
    let found = selectors_of(sheet);
    assert_eq!(found, [".a", ".b:is(.c, .d) > p", "h1", ".e-f::before"]);
    let classes: Vec<_> = found.iter().map(|one| classes_of(one).into_iter().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(classes, ["a", "b c d", "", "e-f"]);
    assert_eq!(literals("\"card grid\" id=\"x\">"), ["card grid"]);
    assert_eq!(literals("if open { \"two\" } else { \"one\" }>"), ["two", "one"]);
    assert_eq!(sheets_of("guarantees/page/photos.rs").len(), 4);
}
