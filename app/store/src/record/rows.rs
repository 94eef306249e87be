//! Rows of any table that goes into a business's file, written as they are there: to be held against the record.

use std::collections::BTreeMap;

use domain::ids::BusinessId;
use futures_util::TryStreamExt;
use serde_json::{Map, Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::Mismatch;
use crate::archive::{Cell, Column, Kind, TABLES, Table};
use crate::db::{AT_ONCE, Conn, Held};
use crate::error::Error;

/// One row.
pub(super) struct Row {
    pub table: &'static Table,
    cells: Map<String, Value>,
}

impl Row {
    pub fn get(&self, column: &str) -> &Value {
        self.cells.get(column).unwrap_or(&Value::Null)
    }

    pub fn text(&self, column: &str) -> &str {
        self.get(column).as_str().unwrap_or_default()
    }

    pub fn id(&self, column: &str) -> Option<Uuid> {
        self.text(column).parse().ok()
    }

    /// The JSON that a column of text holds.
    pub fn json(&self, column: &str) -> Value {
        serde_json::from_str(self.text(column)).unwrap_or_default()
    }

    /// What it is told apart by.
    pub fn key(&self) -> String {
        let key: Vec<_> = self.table.key.iter().map(|column| shown(self.get(column))).collect();
        key.join(" ")
    }

    /// # Errors
    /// A column holds something else.
    pub fn must(&self, column: &'static str, expected: impl Into<Value>) -> Result<(), Mismatch> {
        if *self.get(column) == expected.into() { Ok(()) } else { Err(self.differs(column)) }
    }

    pub fn differs(&self, column: &'static str) -> Mismatch {
        Mismatch::Row { table: self.table.name, row: self.key(), column }
    }

    pub fn added(&self) -> Mismatch {
        Mismatch::Added { table: self.table.name, row: self.key() }
    }

    /// All of it that stays the same wherever it is: people may have other ids elsewhere.
    pub fn lasting(&self) -> Value {
        let mut cells = self.cells.clone();
        for column in self.table.columns {
            if column.names_people() {
                cells.remove(column.name);
            }
        }
        if let Some(bare) = cells.get_mut("bare") {
            *bare = without_owner(bare.as_str().unwrap_or_default());
        }
        Value::Object(cells)
    }
}

/// The JSON of a step or a wording without the person in it.
fn without_owner(bare: &str) -> Value {
    let mut bare: Value = serde_json::from_str(bare).unwrap_or_default();
    if let Some(bare) = bare.as_object_mut() {
        bare.remove("owner");
    }
    bare
}

pub(super) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A table by its name.
pub(super) fn table(name: &str) -> Result<&'static Table, Error> {
    let table = TABLES.iter().find(|table| table.name == name);
    table.ok_or_else(|| Error::Unreadable(format!("there is no table {name}")))
}

/// All rows of a table that has few.
pub(super) async fn all(held: &mut Held, business: BusinessId, name: &str) -> Result<Vec<Row>, Error> {
    let table = table(name)?;
    let sql = format!("SELECT {} FROM {name} WHERE {} = $1", columns(table), table.business().unwrap_or("business_id"));
    fetch(held, business, table, sql, &[]).await
}

/// The rows that name one of these ids in a column.
pub(super) async fn naming(
    held: &mut Held,
    business: BusinessId,
    name: &str,
    column: &str,
    ids: &[Uuid],
) -> Result<Vec<Row>, Error> {
    let (table, mut rows) = (table(name)?, Vec::new());
    for ids in ids.chunks(AT_ONCE) {
        let places: Vec<_> = (2..ids.len() + 2).map(|place| format!("${place}")).collect();
        let (columns, places) = (columns(table), places.join(", "));
        let sql = format!("SELECT {columns} FROM {name} WHERE business_id = $1 AND {column} IN ({places})");
        rows.extend(fetch(held, business, table, sql, ids).await?);
    }
    Ok(rows)
}

/// The same, by the id they name.
pub(super) async fn by(
    held: &mut Held,
    business: BusinessId,
    name: &str,
    column: &str,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Row>>, Error> {
    let mut rows = BTreeMap::<_, Vec<_>>::new();
    for row in naming(held, business, name, column, ids).await? {
        if let Some(id) = row.id(column) {
            rows.entry(id).or_default().push(row);
        }
    }
    Ok(rows)
}

fn columns(table: &Table) -> String {
    let stored: Vec<_> = stored(table).map(|column| column.name).collect();
    stored.join(", ")
}

fn stored(table: &Table) -> impl Iterator<Item = &'static Column> {
    table.columns.iter().filter(|column| column.kind != Kind::Picture)
}

async fn fetch(
    held: &mut Held,
    business: BusinessId,
    table: &'static Table,
    sql: String,
    ids: &[Uuid],
) -> Result<Vec<Row>, Error> {
    let (sql, mut all) = (AssertSqlSafe(sql), Vec::new());
    macro_rules! each {
        ($db:ty, $conn:expr) => {{
            let mut query = sqlx::query::<$db>(sql).bind(business.0);
            for id in ids {
                query = query.bind(*id);
            }
            let mut rows = query.fetch($conn);
            while let Some(row) = rows.try_next().await? {
                // What cannot be read is not as anything says.
                let cell = |(place, column): (usize, &Column)| {
                    let cell = Cell::of(&row, place, column.kind).map(Cell::written);
                    (column.name.to_owned(), cell.unwrap_or_else(|_| json!({ "unreadable": true })))
                };
                all.push(Row { table, cells: stored(table).enumerate().map(cell).collect() });
            }
        }};
    }
    match held.conn() {
        Conn::Sqlite(conn) => each!(sqlx::Sqlite, &mut *conn),
        Conn::Postgres(conn) => each!(sqlx::Postgres, &mut *conn),
    }
    Ok(all)
}
