//! Export: every row of a business, as of one moment, into a file. Rows go by one after the other and are never held in
//! memory.

use std::io::{self, Seek, Write};

use domain::actor::{Act, Actor};
use domain::ids::BusinessId;
use domain::photo::Size;
use domain::record::Hash;
use futures_util::TryStreamExt;
use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::cell::Cell;
use super::column::{Column, Kind};
use super::manifest::{Exported, FORMAT, Listed, Manifest, NAME, Sum, VERSION, Whose};
use super::tables::{Of, Table};
use crate::Store;
use crate::businesses::home;
use crate::db::{Conn, Held};
use crate::dialect;
use crate::error::Error;

/// How much is gathered before it is packed, in bytes.
const GATHERED: usize = 64 * 1024;

impl Store {
    /// Writes all of the actor's business into a file, which is given back at its end. What leaves nothing behind when it
    /// is copied, such as sessions and links, is not in it.
    ///
    /// # Errors
    /// The role does not allow it; the file cannot be written; the database is unavailable.
    pub async fn export<W: Write + Seek + Send + 'static>(
        &self,
        actor: &Actor,
        file: W,
    ) -> Result<(W, Exported), Error> {
        actor.permit(Act::Govern)?;
        let (store, business, handle) = (self.clone(), actor.business, Handle::current());
        // It takes a thread for as long as it lasts: not one of those that answer.
        let written = spawn_blocking(move || handle.block_on(store.write(business, file))).await;
        written.map_err(|cause| io::Error::other(cause).into()).flatten()
    }

    async fn write<W: Write + Seek>(&self, business: BusinessId, file: W) -> Result<(W, Exported), Error> {
        let mut held = self.db.snapshot(business).await?;
        let home = home(held.conn(), business).await?;
        let mut zip = ZipWriter::new(file);
        let mut files = Vec::new();
        for table in Table::carried(VERSION) {
            zip.start_file(table.file(), packed())?;
            files.push(self.rows(&mut held, business, table, &mut zip).await?);
        }
        let exported = Exported {
            rows: files.iter().map(|file| file.rows).sum(),
            bytes: files.iter().map(|file| file.bytes).sum(),
        };
        let whose = Whose { id: business, slug: home.business.slug.into(), name: home.business.name.into() };
        zip.start_file(NAME, packed())?;
        Manifest { format: FORMAT.to_owned(), version: VERSION, business: whose, files }
            .write(&mut zip)
            .map_err(io::Error::from)?;
        Ok((zip.finish()?, exported))
    }

    /// Writes the rows of one table in the order of its key.
    async fn rows(
        &self,
        held: &mut Held,
        business: BusinessId,
        table: &Table,
        to: &mut impl Write,
    ) -> Result<Listed, Error> {
        let sql = AssertSqlSafe(select(held, table));
        let (mut gathered, mut count, mut sum) = (Vec::with_capacity(GATHERED + 4096), 0, Sum::default());
        macro_rules! each {
            ($db:ty, $conn:expr) => {{
                let mut rows = sqlx::query::<$db>(sql).bind(business.0).fetch($conn);
                while let Some(row) = rows.try_next().await? {
                    let cell = |(place, column): (usize, &Column)| {
                        let mut cell = Cell::of(&row, place, column.kind)?;
                        if let (Kind::Picture, Cell::Bytes(Some(hash))) = (column.kind, &cell) {
                            cell = Cell::Bytes(self.photos.read(business, Hash::from_bytes(hash)?, Size::Large)?);
                        }
                        Ok((column.name.to_owned(), cell.written()))
                    };
                    let line = table.columns.iter().enumerate().map(cell).collect::<Result<Map<_, _>, Error>>()?;
                    serde_json::to_writer(&mut gathered, &Value::Object(line))?;
                    gathered.push(b'\n');
                    count += 1;
                    if gathered.len() > GATHERED {
                        sum.add(std::mem::take(&mut count), &gathered);
                        to.write_all(&gathered)?;
                        gathered.clear();
                    }
                }
            }};
        }
        match held.conn() {
            Conn::Sqlite(conn) => each!(sqlx::Sqlite, &mut *conn),
            Conn::Postgres(conn) => each!(sqlx::Postgres, &mut *conn),
        }
        sum.add(count, &gathered);
        to.write_all(&gathered)?;
        Ok(sum.listed(table.file()))
    }
}

/// Nothing of when or where it was packed.
fn packed() -> SimpleFileOptions {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    options.last_modified_time(DateTime::DEFAULT).unix_permissions(0o600).large_file(true)
}

fn select(held: &mut Held, table: &Table) -> String {
    // A picture is found by its hash.
    let named = |column: &Column| if column.kind == Kind::Picture { "hash" } else { column.name };
    let columns: Vec<_> = table.columns.iter().map(named).collect();
    let is_text = |name: &str| table.columns.iter().any(|column| column.name == name && column.kind == Kind::Text);
    let conn = held.conn();
    let order = |name: &&'static str| if is_text(name) { dialect::by_bytes(&conn, name) } else { (*name).to_owned() };
    let key: Vec<_> = table.key.iter().map(order).collect();
    let which = match (table.of, table.business()) {
        (Of::People, _) => "id IN (SELECT person_id FROM members WHERE business_id = $1)".to_owned(),
        (_, column) => format!("{} = $1", column.unwrap_or("business_id")),
    };
    let which = table.only.map_or(which.clone(), |only| format!("{which} AND {only}"));
    format!("SELECT {} FROM {} WHERE {which} ORDER BY {}", columns.join(", "), table.name, key.join(", "))
}
