//! Every SQL statement in the source names the business whose rows it means.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod source;
mod statement;

use std::collections::BTreeSet;
use std::path::Path;

use crate::source::{statements, statements_in};
use crate::statement::tables_without_business;

/// The tables with rows of businesses: those with a `business_id` in the migrations.
fn tenant_tables() -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for entry in std::fs::read_dir("../../migrations/sqlite").unwrap() {
        let sql = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for table in sql.split("CREATE TABLE ").skip(1) {
            // A temporary copy while a table is rebuilt.
            let (first, _) = table.split_once(';').unwrap();
            if first.contains(" AS SELECT ") {
                continue;
            }
            let (name, columns) = first.split_once(" (").unwrap();
            if columns.contains("business_id BLOB") {
                tables.insert(name.to_owned());
            }
        }
    }
    tables
}

/// What is asked before it is known whose something is, or about a person wherever they are, or by ids that are
/// themselves asked of the business: how it begins, of which tables it does not say whose rows it means, and what it is
/// for.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("SELECT s.id, s.person_id, s.business_id, s.used_at", "sessions, members, devices", "whose a session's token is"),
    ("SELECT person_id, business_id FROM sessions WHERE token_hash", "sessions", "whose a session's token is"),
    ("DELETE FROM sessions WHERE token_hash = $1", "sessions", "a session ends by its token"),
    ("DELETE FROM sessions WHERE person_id = $1", "sessions", "a person's sessions end wherever they are"),
    ("DELETE FROM sessions WHERE person_id = $1 AND id", "sessions", "one of a person's own ends, wherever it is"),
    ("DELETE FROM sessions WHERE expires_at <= $1", "sessions", "what has run out is of use to nobody"),
    ("SELECT s.id, s.device, b.name, s.created_at", "sessions", "a person's own sessions, wherever they are"),
    ("SELECT s.device, b.name, s.created_at, s.used_at", "sessions", "what is kept about a person, wherever it is"),
    ("SELECT b.id, b.name, b.slug, m.role, m.created_at", "members", "what is kept about a person, wherever it is"),
    ("SELECT business_id FROM members WHERE person_id", "members", "where a person is let in"),
    ("SELECT b.id, b.name, b.slug, m.role FROM members m", "members", "which businesses a person belongs to"),
    ("SELECT 1 FROM members WHERE person_id = $1 LIMIT 1", "members", "whether a person belongs to any business"),
    ("SELECT i.id, i.business_id, b.name AS business_name", "invites", "whose an invitation's link is"),
    ("SELECT id, business_id, role, bound, made_by, used_at FROM tokens", "tokens", "whose a program's token is"),
    ("SELECT id, business_id, made_by, used_at FROM devices", "devices", "whose a device's token is"),
    ("SELECT id, business_id, site_id, name, made_by", "devices", "whose a device's link is"),
    (
        "SELECT business_id, recovery_id, used_at IS NOT NULL FROM follow_ups",
        "follow_ups",
        "whose a customer's link is",
    ),
    ("SELECT b.slug FROM places p JOIN businesses b", "places", "whose tag bears a code"),
    ("SELECT 1 FROM old_codes WHERE code", "old_codes", "whether a tag bore a code"),
    // SQLite would go through all recoveries of the business instead of those that are asked for.
    (
        "SELECT r.id, r.break_id, r.number, b.guarantee_id",
        "recoveries, breaks, guarantee_versions, places, sites",
        "of the business of the recovery, whose id is asked of the business",
    ),
    (
        "SELECT r.id, r.break_id, b.guarantee_id, b.version_id",
        "recoveries, customers, breaks, guarantee_versions",
        "of the business of the recovery, whose id is asked of the business",
    ),
];

#[test]
fn every_statement_names_its_business() {
    let (tenants, all) = (tenant_tables(), statements(Path::new("src")));
    assert!(tenants.len() >= 23 && all.len() > 120, "{tenants:?}, {} statements", all.len());
    let mut needed = BTreeSet::new();
    for (file, sql) in &all {
        let begun = EXCEPTIONS.iter().filter(|(begins, ..)| sql.starts_with(begins));
        let exception = begun.max_by_key(|(begins, ..)| begins.len());
        let (found, allowed) =
            (tables_without_business(sql, &tenants).join(", "), exception.map_or("", |(_, tables, _)| tables));
        assert_eq!(found, allowed, "{file} does not say whose rows it means, or an exception says so wrongly: {sql}");
        needed.extend(exception.map(|(begins, ..)| *begins));
    }
    for (begins, ..) in EXCEPTIONS {
        assert!(needed.contains(begins), "an exception that is needed no longer: {begins}");
    }
}

#[test]
fn a_statement_without_a_business_is_found() {
    let tenants = tenant_tables();
    for (sql, forgotten) in [
        ("SELECT name FROM customers WHERE id = $1", "customers"),
        ("SELECT business_id FROM customers WHERE id = $1", "customers"),
        ("SELECT c.id FROM checks c JOIN corrections k ON k.check_id = c.id WHERE c.business_id = $1", "corrections"),
        (
            "SELECT c.id FROM checks c JOIN corrections k ON k.check_id = c.id WHERE business_id = $1",
            "checks, corrections",
        ),
        ("SELECT 1 FROM sites s JOIN places p ON p.business_id = s.business_id WHERE p.id = $1", "sites, places"),
        ("SELECT 1 FROM sites s JOIN businesses b ON b.id = s.business_id WHERE s.id = $1", "sites"),
        (
            "SELECT id FROM checks WHERE business_id = $1 AND id IN (SELECT check_id FROM breaks WHERE id = $2)",
            "breaks",
        ),
        ("SELECT 1 FROM (SELECT at FROM checks WHERE place_id = $1) AS looks", "checks"),
        ("UPDATE places SET name = $2 WHERE id = $1", "places"),
        ("DELETE FROM promised WHERE guarantee_id = $1", "promised"),
        ("INSERT INTO sites (id, name) VALUES ($1, $2)", "sites"),
        ("INSERT INTO promised (business_id, place_id) SELECT $1, id FROM places WHERE id = $2", "places"),
        (
            "WITH asked (place_id) AS (VALUES ($1)) SELECT p.id FROM asked JOIN places p ON p.id = asked.place_id",
            "places",
        ),
    ] {
        assert_eq!(tables_without_business(sql, &tenants).join(", "), forgotten, "{sql}");
    }
}

#[test]
fn a_statement_that_names_the_business_passes() {
    let tenants = tenant_tables();
    for sql in [
        "SELECT id FROM people WHERE email = $1",
        "SELECT name FROM customers WHERE business_id = $1 AND note <> ' FROM checks ' AND id = $2",
        "SELECT c.id FROM checks AS c JOIN corrections k ON k.business_id = c.business_id WHERE c.business_id = $1",
        "SELECT id, EXISTS (SELECT 1 FROM breaks b WHERE b.business_id = c.business_id) FROM checks c WHERE business_id = $1",
        "INSERT INTO sites (id, business_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        "WITH asked (business_id) AS (VALUES ($1)) SELECT p.id FROM asked JOIN places p ON p.business_id = asked.business_id",
    ] {
        assert_eq!(tables_without_business(sql, &tenants), [""; 0], "{sql}");
    }
}

#[test]
fn statements_are_found_in_every_kind_of_literal() {
    let source = r##"
        /// Reads FROM checks what there is.
        const ONE: &str = "SELECT 1 \
            FROM checks";
        macro_rules! list { ($which:literal) => { concat!("SELECT 2 FROM sites ", $which, " ORDER BY ", "name") }; }
        fn f() {
            let (sql, id) = ("DELETE FROM places", 7);
            fetch_rows!(conn, Row, "WITH a AS (", ") SELECT 3 FROM a", rows, |row| row.0);
            run!(conn, "UPDATE texts SET seq = $1", seq);
            let raw = r#"JOIN breaks b"#;
        }
    "##;
    assert_eq!(
        statements_in(source),
        [
            "SELECT 1 FROM checks",
            "SELECT 2 FROM sites … ORDER BY name",
            "DELETE FROM places",
            "WITH a AS () SELECT 3 FROM a",
            "UPDATE texts SET seq = $1",
        ]
    );
}
