//! What is said of the tables in the description that export, import and deletion go by is so in both databases.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;
use store::{Kind, Of, TABLES, Table};

use crate::raw::Raw;
use crate::world::World;

facts![
    every_table_is_described,
    every_column_is_described_with_its_kind,
    every_key_tells_rows_apart,
    every_reference_is_described_and_parents_come_first,
    whose_rows_they_are_is_as_it_is_said,
];

/// A column as a database describes it: name, type, whether it may be empty, place in the key (0: none).
type Described = (String, String, bool, i64);

async fn columns(world: &World, table: &str) -> Vec<Described> {
    match &world.raw {
        Raw::Sqlite(pool) => {
            let sql = "SELECT name, type, \"notnull\" = 0 AND pk = 0, pk FROM pragma_table_info($1) ORDER BY cid";
            sqlx::query_as(sql).bind(table).fetch_all(pool).await.unwrap()
        }
        Raw::Postgres(pool) => {
            let sql = "SELECT c.column_name::text, c.data_type::text, c.is_nullable = 'YES', \
                COALESCE((SELECT k.ordinal_position::bigint FROM information_schema.key_column_usage k \
                    JOIN information_schema.table_constraints t USING (constraint_name, table_name) \
                    WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name \
                    AND k.column_name = c.column_name), 0) \
                FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = $1 \
                ORDER BY c.ordinal_position";
            sqlx::query_as(sql).bind(table).fetch_all(pool).await.unwrap()
        }
    }
}

/// Columns that name another table's rows by their id, each with that table. Some say with a second column that both rows
/// belong together.
async fn references(world: &World, table: &str) -> BTreeSet<(String, String)> {
    let rows: Vec<(String, String)> = match &world.raw {
        Raw::Sqlite(pool) => {
            let sql = AssertSqlSafe(format!(
                "SELECT \"from\", \"table\" FROM pragma_foreign_key_list('{table}') WHERE \"to\" = 'id'"
            ));
            sqlx::query_as(sql).fetch_all(pool).await.unwrap()
        }
        Raw::Postgres(pool) => {
            let sql = "SELECT a.attname::text, f.relname::text FROM pg_constraint c \
                JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid \
                CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS key (own, theirs) \
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = key.own \
                JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = key.theirs AND b.attname = 'id' \
                WHERE c.contype = 'f' AND t.relname = $1";
            sqlx::query_as(sql).bind(table).fetch_all(pool).await.unwrap()
        }
    };
    rows.into_iter().collect()
}

fn carried() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(|table| table.left_out.is_none())
}

async fn every_table_is_described(world: &World) {
    let described: BTreeSet<_> = TABLES.iter().map(|table| table.name.to_owned()).collect();
    let there: BTreeSet<_> = world.raw.tables().await.into_iter().collect();
    assert_eq!(described, there, "give a new table its line in store/src/archive/tables.rs");
    assert_eq!(described.len(), TABLES.len(), "once each");
    for table in TABLES {
        assert_eq!(table.columns.is_empty(), table.left_out.is_some(), "{}", table.name);
        assert!(table.left_out.is_none_or(|why| why.len() > 10), "{}", table.name);
    }
}

async fn every_column_is_described_with_its_kind(world: &World) {
    for table in carried() {
        let there: BTreeMap<_, _> =
            columns(world, table.name).await.into_iter().map(|(name, kind, empty, _)| (name, (kind, empty))).collect();
        let secret = table.secret.iter().map(|(name, _)| *name);
        let stored = || table.columns.iter().filter(|column| column.kind != Kind::Picture);
        let said: BTreeSet<_> = stored().map(|column| column.name).chain(secret).collect();
        assert_eq!(said, there.keys().map(String::as_str).collect(), "{}: give a new column its place", table.name);
        for column in stored() {
            let expected = match (column.kind, world.raw.is_sqlite()) {
                (Kind::Id | Kind::Bytes, true) => "BLOB",
                (Kind::Text | Kind::Instant | Kind::Day, true) => "TEXT",
                (Kind::Integer, true) => "INTEGER",
                (Kind::Boolean, true) => "BOOLEAN",
                (Kind::Id, false) => "uuid",
                (Kind::Bytes, false) => "bytea",
                (Kind::Text, false) => "text",
                (Kind::Integer, false) => "bigint",
                (Kind::Boolean, false) => "boolean",
                (Kind::Instant, false) => "timestamp with time zone",
                (Kind::Day, false) => "date",
                (Kind::Picture, _) => unreachable!("it is not in the database"),
            };
            let (kind, empty) = &there[column.name];
            assert_eq!((kind.as_str(), *empty), (expected, column.optional), "{}.{}", table.name, column.name);
        }
    }
}

async fn every_key_tells_rows_apart(world: &World) {
    for table in carried() {
        let there = columns(world, table.name).await.into_iter().filter(|(.., place)| *place > 0);
        // Within a business it need not be said which.
        let alone = |name: &String| name != "business_id" || table.key == ["business_id"];
        let key: BTreeSet<_> = there.map(|(name, ..)| name).filter(alone).collect();
        assert_eq!(key, table.key.iter().map(|name| (*name).to_owned()).collect(), "{}", table.name);
    }
}

async fn every_reference_is_described_and_parents_come_first(world: &World) {
    // These may come later: the database looks only at the end.
    let later = [("checks", "breaks"), ("corrections", "breaks"), ("breaks", "recoveries")];
    for (place, table) in TABLES.iter().enumerate() {
        let there = references(world, table.name).await;
        for (column, to) in &there {
            let parent = TABLES.iter().position(|other| other.name == to).unwrap();
            assert!(parent < place || later.contains(&(table.name, to.as_str())), "{} before {to}", table.name);
            let said = table.columns.iter().find(|said| said.name == column);
            assert!(
                table.left_out.is_some() || said.is_some_and(|said| said.refers == [to.as_str()]),
                "{}.{column} names rows of {to}",
                table.name
            );
        }
        let said = table.columns.iter().filter(|column| column.refers.len() == 1);
        let said: BTreeSet<_> = said.map(|column| (column.name.to_owned(), column.refers[0].to_owned())).collect();
        assert!(table.left_out.is_some() || said == there, "{}: {said:?} {there:?}", table.name);
    }
}

async fn whose_rows_they_are_is_as_it_is_said(world: &World) {
    for table in TABLES {
        let there = columns(world, table.name).await;
        let has = |name: &str| there.iter().any(|(column, ..)| column == name);
        let of = match (table.name, has("business_id"), has("person_id")) {
            ("businesses", ..) => Of::Businesses,
            ("people", ..) => Of::People,
            // Members are of both, and nobody goes who is one.
            ("members", ..) | (_, true, false) => Of::Business,
            (_, true, true) => Of::Both,
            (_, false, true) => Of::Person,
            (_, false, false) => Of::Installation,
        };
        assert_eq!(table.of, of, "{}", table.name);
    }
}
