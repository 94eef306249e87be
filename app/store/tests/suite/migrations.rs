//! Migrations: the same tables in both databases, and older data stays.

use std::path::Path;
use std::sync::Arc;

use sqlx::migrate::Migrator;
use store::{ClockAndRandom, Error, Store};
use uuid::Uuid;

use crate::direct_db::DirectDb;
use crate::harness::TestContext;

both_databases![a_database_newer_than_the_program_is_not_migrated, migration_0034_keeps_rows_that_reference_a_check,];

fn migration(folder: &str, name: &str) -> String {
    std::fs::read_to_string(Path::new("../../migrations").join(folder).join(name)).unwrap()
}

fn names(folder: &str) -> Vec<String> {
    let files = std::fs::read_dir(Path::new("../../migrations").join(folder)).unwrap();
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn both_folders_have_the_same_file_names() {
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

/// Files that differ: PostgreSQL has row-level security and notifications, and can alter constraints where SQLite
/// rebuilds a table. Their columns are compared by `archive_tables`.
const DIFFERENT_FILES: [&str; 8] = [
    "0019_walls.sql",
    "0021_void.sql",
    "0023_notices.sql",
    "0034_own_ids.sql",
    "0040_tags.sql",
    "0046_taken_back.sql",
    "0048_site_access_lookup.sql",
    "0049_tally_changes.sql",
];

#[test]
fn both_folders_make_the_same_tables_columns_and_indexes() {
    /// The lines without types and foreign keys, which differ.
    fn shape(sql: &str) -> Vec<String> {
        let line = |line: &str| {
            let line = line.trim().trim_end_matches(',').to_owned();
            let is_column = line.chars().next().is_some_and(char::is_lowercase);
            if is_column { line.split(' ').next().unwrap_or_default().to_owned() } else { line }
        };
        let kept =
            |line: &String| !["FOREIGN KEY", "ALTER TABLE", "--"].iter().any(|skipped| line.starts_with(skipped));
        sql.lines()
            .map(line)
            .filter(kept)
            .filter(|line| line != "SELECT raise_walls();")
            .filter(|line| !line.is_empty())
            .collect()
    }
    for name in names("sqlite").into_iter().filter(|name| !DIFFERENT_FILES.contains(&name.as_str())) {
        assert_eq!(shape(&migration("sqlite", &name)), shape(&migration("postgres", &name)), "{name}");
    }
}

async fn a_database_newer_than_the_program_is_not_migrated(ctx: &TestContext) {
    ctx.fixture().await;
    let empty = ctx.direct_db.bytes("00");
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)";
    ctx.direct_db.change(&format!("{sql} VALUES (9999, 'later', TRUE, {empty}, 0)")).await;
    let before = ctx.direct_db.everything().await;
    assert!(matches!(ctx.store.migrate().await, Err(Error::Migration(_))));
    assert_eq!(ctx.direct_db.everything().await, before);
}

/// A database that is migrated up to `last`, as an earlier program left it: the store that opens it now, and direct
/// access.
async fn earlier_database(ctx: &TestContext, last: i64) -> (Store, DirectDb) {
    let (owner_url, superuser_url) = ctx.empty().await;
    let folder = if ctx.direct_db.is_sqlite() { "sqlite" } else { "postgres" };
    let all = Migrator::new(Path::new("../../migrations").join(folder)).await.unwrap();
    let known = all.iter().filter(|migration| migration.version <= last).cloned().collect();
    match &DirectDb::open(&owner_url).await {
        DirectDb::Sqlite(pool) => Migrator::with_migrations(known).run(pool).await.unwrap(),
        DirectDb::Postgres(pool) => Migrator::with_migrations(known).run(pool).await.unwrap(),
    }
    let store = Store::open(&owner_url, Arc::clone(&ctx.clock) as Arc<dyn ClockAndRandom>).await.unwrap();
    (store, DirectDb::open(&superuser_url).await)
}

/// A business with a promise and a place, as rows of an earlier program.
fn set_up(direct_db: &DirectDb) -> String {
    let [business, guarantee, version, site, place] =
        [1, 2, 3, 4, 5].map(|number| direct_db.id(Uuid::from_u128(number)));
    let at = "'2026-11-01T00:00:00+00:00'";
    format!(
        "INSERT INTO businesses (id, slug, name, zone, currency, language, contact_name, hours, created_at) \
            VALUES ({business}, 'old-stop', 'Old Stop', 'UTC', 'USD', 'en', 'Maya', '{{\"week\":[[],[],[],[],[],[],[]],\"holidays\":[]}}', {at});
         INSERT INTO record_heads (business_id, seq, hash, revision) VALUES ({business}, 0, {zeros}, 0);
         INSERT INTO problems (id, business_id, words, for_whom, created_at) VALUES ({guarantee}, {business}, 'Dirty.', 'All', {at});
         INSERT INTO guarantees (id, business_id, problem_id, slug, stage, public, version, created_at) \
            VALUES ({guarantee}, {business}, {guarantee}, 'clean', 'published', TRUE, 1, {at});
         INSERT INTO guarantee_versions (id, business_id, guarantee_id, number, criteria, bare, created_at, created_by) \
            VALUES ({version}, {business}, {guarantee}, 1, 2, '{bare}', {at}, 'person:1');
         INSERT INTO sites (id, business_id, name, created_at) VALUES ({site}, {business}, 'Abilene', {at});
         INSERT INTO places (id, business_id, site_id, name, code, created_at) VALUES ({place}, {business}, {site}, 'One', 'ABC', {at});",
        bare = r#"{"terms":{"acknowledge_minutes":60,"remedy_minutes":240,"proof":6}}"#,
        zeros = direct_db.bytes(&"00".repeat(32)),
    )
}

async fn migration_0034_keeps_rows_that_reference_a_check(ctx: &TestContext) {
    let (store, direct_db) = earlier_database(ctx, 33).await;
    direct_db.run(&set_up(&direct_db)).await.unwrap();
    let id = |number: u128| direct_db.id(Uuid::from_u128(number));
    let (business, guarantee, version, place) = (id(1), id(2), id(3), id(5));
    let at = "'2026-11-02T00:00:00+00:00'";
    let check = |number: u128, verdict: &str, broken: &str, photo: &str| {
        format!(
            "INSERT INTO checks (id, business_id, guarantee_id, version_id, place_id, public, verdict, in_window, at, day, \
                received_at, by, fingerprint, break_id, photo) VALUES ({}, {business}, {guarantee}, {version}, {place}, TRUE, '{verdict}', TRUE, \
                {at}, '2026-11-02', {at}, 'person:1', {}, {broken}, {photo});",
            id(number),
            direct_db.bytes("ab")
        )
    };
    let broken = |broken: u128, recovery: u128, check: u128| {
        let (number, broken, recovery, check) = (broken, id(broken), id(recovery), id(check));
        format!(
            "INSERT INTO breaks (id, business_id, guarantee_id, version_id, place_id, check_id, public, reason, found_by, \
                known_at, recovery_id) VALUES ({broken}, {business}, {guarantee}, {version}, {place}, {check}, TRUE, 'safety', 'staff', {at}, {recovery});
             INSERT INTO recoveries (id, business_id, break_id, number, opened_at, stage, watched) \
                VALUES ({recovery}, {business}, {broken}, {number}, {at}, 'opened', FALSE);
             INSERT INTO obstacles (id, business_id, guarantee_id, place_id, check_id, obstacle, known_at) \
                VALUES ({broken}, {business}, {guarantee}, {place}, {check}, 'tools', {at});
             INSERT INTO obstacle_answers (id, business_id, obstacle_id, number, decision, words, at, by) \
                VALUES ({broken}, {business}, {broken}, 1, 'done', 'Bought.', {at}, 'person:1');"
        )
    };
    let corrected = |number: u128, check: u128, verdict: &str, broken: &str, instead: &str| {
        format!(
            "INSERT INTO corrections (id, business_id, check_id, number, verdict, at, by, break_id, instead) \
                VALUES ({}, {business}, {}, 1, '{verdict}', {at}, 'person:1', {broken}, {instead});",
            id(number),
            id(check)
        )
    };
    let rows = [
        check(10, "kept", "NULL", &direct_db.bytes("cd")),
        check(11, "broken", &id(20), "NULL"),
        check(12, "missed", "NULL", "NULL"),
        check(13, "kept", "NULL", "NULL"),
        broken(20, 30, 11),
        broken(21, 31, 10),
        corrected(40, 10, "broken", &id(21), "NULL"),
        corrected(41, 12, "void", "NULL", &id(13)),
        format!(
            "INSERT INTO second_looks (check_id, business_id, guarantee_id, place_id, asked_at) \
                VALUES ({}, {business}, {guarantee}, {place}, {at});
             INSERT INTO texts (business_id, owner_id, field, public, salt, body) VALUES ({business}, {}, 'note', FALSE, {}, 'Wet.');",
            id(13),
            id(11),
            direct_db.bytes("ef")
        ),
    ];
    direct_db.run(&rows.concat()).await.unwrap();
    let before = direct_db.everything().await;
    store.migrate().await.unwrap();
    let after = direct_db.everything().await;
    for table in
        ["checks", "breaks", "recoveries", "corrections", "obstacles", "obstacle_answers", "second_looks", "texts"]
    {
        let (before, after) = (&before[table], &after[table]);
        assert!(!before.is_empty() && before.len() == after.len(), "{table}");
        // Later columns are at the end.
        let same = |(before, after): (&String, &String)| after.starts_with(before.trim_end_matches(')'));
        assert!(before.iter().zip(after).all(same), "{table}");
    }
    assert!(!after.keys().any(|table| table.starts_with("old_") && table != "old_codes"), "no copy is left behind");
    if direct_db.is_sqlite() {
        let dangling = direct_db.texts("SELECT \"table\" FROM pragma_foreign_key_check").await;
        assert_eq!(dangling, [""; 0]);
    }
    for sql in ["DELETE FROM checks", "DELETE FROM breaks", "UPDATE checks SET break_id = NULL"] {
        assert!(direct_db.run(sql).await.is_err(), "{sql}: each still holds the other");
    }
}
