//! Rows of any exported table, with their values as JSON, to be compared with the record.

use std::collections::BTreeMap;

use domain::fault::Fault;
use domain::ids::BusinessId;
use futures_util::TryStreamExt;
use serde_json::{Map, Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::db::{Conn, DbHandle, ROWS_PER_STATEMENT};
use crate::error::Error;
use crate::mismatch::Mismatch;
use crate::stored_row::StoredRow;
use crate::tables::{Cell, Column, ColumnKind, TABLES, Table};

/// A row.
pub(super) struct TableRow {
    pub table: &'static Table,
    cells: Map<String, Value>,
}

impl TableRow {
    pub fn get(&self, column: &str) -> &Value {
        self.cells.get(column).unwrap_or(&Value::Null)
    }

    pub fn text(&self, column: &str) -> &str {
        self.get(column).as_str().unwrap_or_default()
    }

    pub fn id(&self, column: &str) -> Option<Uuid> {
        self.text(column).parse().ok()
    }

    /// The JSON in a text column.
    pub fn json(&self, column: &str) -> Value {
        serde_json::from_str(self.text(column)).unwrap_or_default()
    }

    /// Its key, for messages.
    pub fn key(&self) -> String {
        let key: Vec<_> = self.table.key.iter().map(|column| display_value(self.get(column))).collect();
        key.join(" ")
    }

    /// # Errors
    /// The column has another value.
    pub fn require(&self, column: &'static str, expected: impl Into<Value>) -> Result<(), Mismatch> {
        if *self.get(column) == expected.into() { Ok(()) } else { Err(self.mismatch(column)) }
    }

    pub fn mismatch(&self, column: &'static str) -> Mismatch {
        Mismatch::Row { table: self.table.name, row: self.key(), column }
    }

    pub fn unexpected(&self) -> Mismatch {
        Mismatch::Added { table: self.table.name, row: self.key() }
    }

    /// The row as a program of this version of the columns wrote it, without the ids of people, which differ between
    /// installations. A column that came later is left out while it holds its default. With another value it stays in:
    /// the row was changed since, and its digest differs.
    pub fn portable(&self, version: u64) -> Value {
        let mut cells = self.cells.clone();
        for column in self.table.columns {
            let is_later = column.since > version && *self.get(column.name) == column.default();
            if is_later || column.refers_to_people() {
                cells.remove(column.name);
            }
        }
        if let Some(bare) = cells.get_mut("bare") {
            *bare = without_owner(bare.as_str().unwrap_or_default());
        }
        Value::Object(cells)
    }
}

/// The JSON of a step or a wording, without the id of its owner.
fn without_owner(bare: &str) -> Value {
    let mut bare: Value = serde_json::from_str(bare).unwrap_or_default();
    if let Some(bare) = bare.as_object_mut() {
        bare.remove("owner");
    }
    bare
}

pub(super) fn display_value(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A table by its name.
pub(super) fn table(name: &str) -> Result<&'static Table, Error> {
    let table = TABLES.iter().find(|table| table.name == name);
    StoredRow("TABLES", name).read("name", table.ok_or(Fault::NotFound))
}

/// All rows of a small table.
pub(super) async fn all_rows(handle: &mut DbHandle, business: BusinessId, name: &str) -> Result<Vec<TableRow>, Error> {
    let table = table(name)?;
    let sql = format!(
        "SELECT {} FROM {name} WHERE {} = $1",
        columns(table),
        table.business_column().unwrap_or("business_id")
    );
    fetch(handle, business, table, sql, &[]).await
}

/// The rows with one of these ids in a column.
pub(super) async fn rows_with_ids(
    handle: &mut DbHandle,
    business: BusinessId,
    name: &str,
    column: &str,
    ids: &[Uuid],
) -> Result<Vec<TableRow>, Error> {
    let (table, mut rows) = (table(name)?, Vec::new());
    for ids in ids.chunks(ROWS_PER_STATEMENT) {
        let places: Vec<_> = (2..ids.len() + 2).map(|place| format!("${place}")).collect();
        let (columns, places) = (columns(table), places.join(", "));
        let sql = format!("SELECT {columns} FROM {name} WHERE business_id = $1 AND {column} IN ({places})");
        rows.extend(fetch(handle, business, table, sql, ids).await?);
    }
    Ok(rows)
}

/// The same, grouped by that id.
pub(super) async fn rows_by_id(
    handle: &mut DbHandle,
    business: BusinessId,
    name: &str,
    column: &str,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<TableRow>>, Error> {
    let mut rows = BTreeMap::<_, Vec<_>>::new();
    for row in rows_with_ids(handle, business, name, column, ids).await? {
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
    table.columns.iter().filter(|column| column.kind != ColumnKind::Picture)
}

async fn fetch(
    handle: &mut DbHandle,
    business: BusinessId,
    table: &'static Table,
    sql: String,
    ids: &[Uuid],
) -> Result<Vec<TableRow>, Error> {
    let (sql, mut all_rows) = (AssertSqlSafe(sql), Vec::new());
    macro_rules! each {
        ($db:ty, $conn:expr) => {{
            let mut query = sqlx::query::<$db>(sql).bind(business.0);
            for id in ids {
                query = query.bind(*id);
            }
            let mut rows = query.fetch($conn);
            while let Some(row) = rows.try_next().await? {
                // A value that cannot be read equals no expected value.
                let cell = |(place, column): (usize, &Column)| {
                    let cell = Cell::from_row(&row, place, column.kind).map(Cell::into_json);
                    (column.name.to_owned(), cell.unwrap_or_else(|_| json!({ "unreadable": true })))
                };
                all_rows.push(TableRow { table, cells: stored(table).enumerate().map(cell).collect() });
            }
        }};
    }
    match handle.conn() {
        Conn::Sqlite(conn) => each!(sqlx::Sqlite, &mut *conn),
        Conn::Postgres(conn) => each!(sqlx::Postgres, &mut *conn),
    }
    Ok(all_rows)
}
