//! The list of tables matches both databases.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;
use store::{ColumnKind, RowOwner, TABLES, Table};

use crate::direct_db::DirectDb;
use crate::harness::TestContext;

both_databases![
    every_table_is_described,
    every_column_is_described_with_its_kind,
    every_listed_key_is_the_primary_key,
    every_reference_is_described_and_parents_come_first,
    the_row_owner_of_each_table_matches_its_columns,
];

/// A column as the database describes it: name, type, whether it is nullable, position in the primary key (0: none).
type Described = (String, String, bool, i64);

async fn columns(ctx: &TestContext, table: &str) -> Vec<Described> {
    match &ctx.direct_db {
        DirectDb::Sqlite(pool) => {
            let sql = "SELECT name, type, \"notnull\" = 0 AND pk = 0, pk FROM pragma_table_info($1) ORDER BY cid";
            sqlx::query_as(sql).bind(table).fetch_all(pool).await.unwrap()
        }
        DirectDb::Postgres(pool) => {
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

/// The foreign keys to ids, each with the referenced table. Some have further columns.
async fn references(ctx: &TestContext, table: &str) -> BTreeSet<(String, String)> {
    let rows: Vec<(String, String)> = match &ctx.direct_db {
        DirectDb::Sqlite(pool) => {
            let sql = AssertSqlSafe(format!(
                "SELECT \"from\", \"table\" FROM pragma_foreign_key_list('{table}') WHERE \"to\" = 'id'"
            ));
            sqlx::query_as(sql).fetch_all(pool).await.unwrap()
        }
        DirectDb::Postgres(pool) => {
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

fn exported_tables() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(|table| table.not_exported.is_none())
}

async fn every_table_is_described(ctx: &TestContext) {
    let described: BTreeSet<_> = TABLES.iter().map(|table| table.name.to_owned()).collect();
    let there: BTreeSet<_> = ctx.direct_db.tables().await.into_iter().collect();
    assert_eq!(described, there, "give a new table its line in app/store/src/tables.rs");
    assert_eq!(described.len(), TABLES.len(), "once each");
    for table in TABLES {
        assert_eq!(table.columns.is_empty(), table.not_exported.is_some(), "{}", table.name);
        assert!(table.not_exported.is_none_or(|why| why.len() > 10), "{}", table.name);
    }
}

async fn every_column_is_described_with_its_kind(ctx: &TestContext) {
    for table in exported_tables() {
        let there: BTreeMap<_, _> =
            columns(ctx, table.name).await.into_iter().map(|(name, kind, empty, _)| (name, (kind, empty))).collect();
        let secret = table.excluded_columns.iter().map(|(name, _)| *name);
        let stored = || table.columns.iter().filter(|column| column.kind != ColumnKind::Picture);
        let said: BTreeSet<_> = stored().map(|column| column.name).chain(secret).collect();
        assert_eq!(said, there.keys().map(String::as_str).collect(), "{}: give a new column its place", table.name);
        for column in stored() {
            let expected = match (column.kind, ctx.direct_db.is_sqlite()) {
                (ColumnKind::Id | ColumnKind::Bytes, true) => "BLOB",
                (ColumnKind::Text | ColumnKind::Instant | ColumnKind::Day, true) => "TEXT",
                (ColumnKind::Integer, true) => "INTEGER",
                (ColumnKind::Boolean, true) => "BOOLEAN",
                (ColumnKind::Id, false) => "uuid",
                (ColumnKind::Bytes, false) => "bytea",
                (ColumnKind::Text, false) => "text",
                (ColumnKind::Integer, false) => "bigint",
                (ColumnKind::Boolean, false) => "boolean",
                (ColumnKind::Instant, false) => "timestamp with time zone",
                (ColumnKind::Day, false) => "date",
                (ColumnKind::Picture, _) => unreachable!("it is not in the database"),
            };
            let (kind, empty) = &there[column.name];
            assert_eq!((kind.as_str(), *empty), (expected, column.optional), "{}.{}", table.name, column.name);
        }
    }
}

async fn every_listed_key_is_the_primary_key(ctx: &TestContext) {
    for table in exported_tables() {
        let there = columns(ctx, table.name).await.into_iter().filter(|(.., place)| *place > 0);
        // The key in the list is within a business.
        let alone = |name: &String| name != "business_id" || table.key == ["business_id"];
        let key: BTreeSet<_> = there.map(|(name, ..)| name).filter(alone).collect();
        assert_eq!(key, table.key.iter().map(|name| (*name).to_owned()).collect(), "{}", table.name);
    }
}

async fn every_reference_is_described_and_parents_come_first(ctx: &TestContext) {
    // These constraints are deferred.
    let later = [("checks", "breaks"), ("corrections", "breaks"), ("breaks", "recoveries")];
    for (place, table) in TABLES.iter().enumerate() {
        let there = references(ctx, table.name).await;
        for (column, to) in &there {
            let parent = TABLES.iter().position(|other| other.name == to).unwrap();
            assert!(parent < place || later.contains(&(table.name, to.as_str())), "{} before {to}", table.name);
            let said = table.columns.iter().find(|said| said.name == column);
            assert!(
                table.not_exported.is_some() || said.is_some_and(|said| said.references == [to.as_str()]),
                "{}.{column} names rows of {to}",
                table.name
            );
        }
        let said = table.columns.iter().filter(|column| column.references.len() == 1);
        let said: BTreeSet<_> = said.map(|column| (column.name.to_owned(), column.references[0].to_owned())).collect();
        assert!(table.not_exported.is_some() || said == there, "{}: {said:?} {there:?}", table.name);
    }
}

async fn the_row_owner_of_each_table_matches_its_columns(ctx: &TestContext) {
    for table in TABLES {
        let there = columns(ctx, table.name).await;
        let has = |name: &str| there.iter().any(|(column, ..)| column == name);
        let of = match (table.name, has("business_id"), has("person_id")) {
            ("businesses", ..) => RowOwner::BusinessItself,
            ("people", ..) => RowOwner::PersonItself,
            // Members belong to both, but a person who is a member is never deleted.
            ("members", ..) | (_, true, false) => RowOwner::Business,
            (_, true, true) => RowOwner::BusinessAndPerson,
            (_, false, true) => RowOwner::Person,
            (_, false, false) => RowOwner::Installation,
        };
        assert_eq!(table.owner, of, "{}", table.name);
    }
}
