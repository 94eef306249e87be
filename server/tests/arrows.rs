//! The arrows between the crates run one way, and the rules stay pure.

#![expect(clippy::unwrap_used, reason = "a test that cannot look must fail")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every crate that this one is built with, by whatever way.
fn behind(package: &str, features: &str) -> BTreeSet<String> {
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

fn none_of(package: &str, features: &str, forbidden: &[&str]) {
    let behind = behind(package, features);
    assert!(behind.contains(package), "cargo tree said nothing of {package}");
    let found: Vec<_> = forbidden.iter().filter(|name| behind.contains(**name)).collect();
    assert!(found.is_empty(), "{package} must not be built with {found:?}");
}

#[test]
fn the_rules_know_no_input_output_clock_or_chance() {
    none_of(
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
fn the_rules_name_no_file_socket_process_or_clock() {
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
fn the_store_knows_nothing_of_those_who_use_it() {
    none_of("store", "", &["app", "server", "axum", "leptos", "leptos_axum"]);
}

/// Of tokio the browser has what needs no operating system: the phone's database is waited for by it.
#[test]
fn the_browser_gets_neither_store_nor_server() {
    none_of("app", "hydrate", &["store", "server", "sqlx", "mio", "axum", "leptos_axum", "chrono_tz"]);
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
