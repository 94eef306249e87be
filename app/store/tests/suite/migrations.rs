//! Two databases, one shape.

use std::path::Path;

use store::Error;

use crate::world::World;

facts![a_database_newer_than_the_program_is_not_touched];

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

/// What only PostgreSQL has, and what it does by a word where SQLite makes a table anew: there columns are compared by
/// `archive_tables`.
const APART: [&str; 3] = ["0019_walls.sql", "0021_void.sql", "0023_notices.sql"];

#[test]
fn both_folders_make_the_same_tables_columns_and_indexes() {
    /// What does not depend on the database: everything but types, and but foreign keys that one of them adds later.
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
    for name in names("sqlite").into_iter().filter(|name| !APART.contains(&name.as_str())) {
        assert_eq!(shape(&migration("sqlite", &name)), shape(&migration("postgres", &name)), "{name}");
    }
}

async fn a_database_newer_than_the_program_is_not_touched(world: &World) {
    world.shop().await;
    let empty = world.raw.bytes("00");
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)";
    world.raw.change(&format!("{sql} VALUES (9999, 'later', TRUE, {empty}, 0)")).await;
    let before = world.raw.everything().await;
    assert!(matches!(world.store.migrate().await, Err(Error::Migration(_))));
    assert_eq!(world.raw.everything().await, before);
}
