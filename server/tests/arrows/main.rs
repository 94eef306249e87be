//! Dependencies run one way, between crates and between the modules of a crate, and the domain stays pure.

#![expect(clippy::unwrap_used, reason = "a test that cannot look must fail")]

mod cycles;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use cycles::Crate;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All direct and indirect dependencies of a crate.
fn dependencies(package: &str, features: &str) -> BTreeSet<String> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let tree = Command::new(cargo)
        .current_dir(root())
        .args([
            "tree",
            "--offline",
            "-p",
            package,
            "--features",
            features,
            "-e",
            "normal,no-proc-macro",
            "--prefix",
            "none",
            "--format",
            "{lib}",
        ])
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    String::from_utf8(tree.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn assert_no_dependency(package: &str, features: &str, forbidden: &[&str]) {
    let behind = dependencies(package, features);
    assert!(behind.contains(package), "cargo tree said nothing of {package}");
    let found: Vec<_> = forbidden.iter().filter(|name| behind.contains(**name)).collect();
    assert!(found.is_empty(), "{package} must not be built with {found:?}");
}

#[test]
fn the_domain_depends_on_no_io_clock_or_randomness() {
    assert_no_dependency(
        "domain",
        "",
        &[
            "store",
            "app",
            "server",
            "sqlx",
            "sqlx_core",
            "tokio",
            "mio",
            "axum",
            "hyper",
            "leptos",
            "reqwest",
            "rand",
            "getrandom",
        ],
    );
}

#[test]
fn the_domain_uses_no_files_sockets_processes_or_clocks() {
    let forbidden = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant",
        "Utc::now",
        "Local::now",
    ];
    let mut read = 0;
    for file in sources(&root().join("app/domain/src")) {
        let text = fs::read_to_string(&file).unwrap();
        let found: Vec<_> = forbidden.iter().filter(|name| text.contains(**name)).collect();
        assert!(found.is_empty(), "{} names {found:?}", file.display());
        read += 1;
    }
    assert!(read > 10, "the rules were not found");
}

#[test]
fn the_store_does_not_depend_on_app_or_server() {
    assert_no_dependency("store", "", &["app", "server", "axum", "leptos", "leptos_axum"]);
}

/// The browser uses the parts of tokio that need no operating system, to wait for `IndexedDB`.
#[test]
fn the_browser_build_does_not_depend_on_store_or_server() {
    assert_no_dependency("app", "hydrate", &["store", "server", "sqlx", "mio", "axum", "leptos_axum", "chrono_tz"]);
}

#[test]
fn the_modules_of_a_crate_have_no_import_cycles() {
    for (src, least) in [("app/domain/src", 40), ("app/store/src", 40), ("app/src", 80), ("server/src", 40)] {
        let read = Crate::read(&root().join(src));
        assert!(read.len() > least, "the modules of {src} were not found");
        assert_eq!(read.cycle(), None, "{src}");
    }
}

/// Builds a crate from modules, given by path and text.
fn modules(texts: &[(&str, &str)]) -> Crate {
    let path = |path: &str| path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
    Crate::of(texts.iter().map(|(module, text)| (path(module), (*text).to_owned())))
}

#[test]
fn a_cycle_is_reported_by_its_shortest_path() {
    let cycle = modules(&[
        ("", "mod a; mod b; mod c;"),
        ("a", "use crate::b::{self, B as Other};"),
        ("b", "fn far() { let _ = if true { crate::c::C } else { crate::c::D }; }"),
        ("c", "macro_rules! m { () => { $crate::b::B }; } use super::a;"),
    ]);
    assert_eq!(cycle.cycle().as_deref(), Some("b names c::C; c names b::B"));
}

#[test]
fn a_cycle_is_found_through_re_exports_and_in_submodules() {
    let handed_on = modules(&[
        ("", "mod a; mod b; pub use b::B;"),
        ("a", "struct A(crate::B);"),
        ("b", "mod tests { use super::super::a::A; }"),
    ]);
    assert_eq!(handed_on.cycle().as_deref(), Some("a names B; b::tests names a::A"));
    let inside = modules(&[
        ("", "mod a;"),
        ("a", "mod one; mod two; use one::One;"),
        ("a::one", "use super::two::Two;"),
        ("a::two", "use super::One;"),
    ]);
    assert_eq!(inside.cycle().as_deref(), Some("a::one names a::two::Two; a::two names a::One"));
}

#[test]
fn imports_between_a_module_and_its_submodules_are_no_cycle() {
    let one = modules(&[
        ("", "mod a; mod b;"),
        ("a", "mod inner; use inner::Inner; fn f(this: &Self) { self::inner::g() }"),
        ("a::inner", "use super::A; use crate::b; use std::a::b;"),
        ("b", "use leptos::a; fn f() { a::b() }"),
    ]);
    assert_eq!(one.cycle(), None);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
