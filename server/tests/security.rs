//! Every test that `SECURITY.md` cites exists, and the totals of its tables are correct.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn page() -> String {
    fs::read_to_string(root().join("SECURITY.md")).unwrap()
}

#[test]
fn every_cited_test_exists() {
    let page = page();
    let cited: Vec<_> = page.split('`').filter_map(|part| part.split_once(".rs::")).collect();
    for (file, test) in &cited {
        let text = fs::read_to_string(root().join(format!("{file}.rs"))).unwrap_or_default();
        assert!(text.contains(&format!("fn {test}(")), "SECURITY.md cites {file}.rs::{test}, which is not there");
    }
    assert!(cited.len() > 100, "{} tests are cited", cited.len());
}

#[test]
fn the_table_totals_match_the_rows() {
    let (page, mut counted) = (page(), BTreeMap::new());
    let cells =
        |line: &str| line.split(" | ").map(|cell| cell.trim_matches(['|', ' ', '*']).to_owned()).collect::<Vec<_>>();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| ")).map(cells).collect();
    let numbered =
        |row: &&Vec<String>| row.len() > 3 && row[0].split('.').filter(|part| part.parse::<u8>().is_ok()).count() == 3;
    for row in rows.iter().filter(numbered) {
        *counted.entry(row[2].clone()).or_insert(0) += 1;
    }
    let sum = rows.iter().find(|row| row[0] == "all").unwrap();
    for (at, state) in ["met", "partly", "not", "does not apply"].into_iter().enumerate() {
        let counted = counted.get(state).copied().unwrap_or(0).to_string();
        assert_eq!(sum[at + 1], counted, "{state}");
    }
}
