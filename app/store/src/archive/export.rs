//! Export: writes all rows of a business, from one snapshot, to a file. Rows are streamed, not held in memory.

use std::io::{self, Seek, Write};

use domain::actor::Actor;
use domain::ids::BusinessId;
use domain::photo::PhotoSize;
use domain::record::Hash;
use domain::role::Permission;
use futures_util::TryStreamExt;
use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::manifest::{
    ExportSummary, FORMAT_NAME, FORMAT_VERSION, FileDigest, MANIFEST_NAME, Manifest, ManifestBusiness, ManifestFile,
};
use crate::Store;
use crate::business_info::load_business;
use crate::db::{Conn, DbHandle};
use crate::error::Error;
use crate::stored_row::StoredRow;
use crate::tables::{Cell, Column, ColumnKind, RowOwner, Table, hex};

/// How many bytes are buffered before they are compressed.
const BUFFER_BYTES: usize = 64 * 1024;

impl Store {
    /// Writes the actor's business to a file, and returns the file, positioned at its end. Sessions, links and other
    /// things that only work here are left out.
    ///
    /// # Errors
    /// The role does not allow it; the file cannot be written; the database is unavailable.
    pub async fn export<W: Write + Seek + Send + 'static>(
        &self,
        actor: &Actor,
        file: W,
    ) -> Result<(W, ExportSummary), Error> {
        actor.require(Permission::Administer)?;
        let (store, business, handle) = (self.clone(), actor.business, Handle::current());
        // Compression blocks its thread, so it does not run on one that answers requests.
        let written = spawn_blocking(move || handle.block_on(store.write(business, file))).await;
        written.map_err(|cause| io::Error::other(cause).into()).flatten()
    }

    async fn write<W: Write + Seek>(&self, business: BusinessId, file: W) -> Result<(W, ExportSummary), Error> {
        let mut handle = self.db.snapshot(business).await?;
        let info = load_business(handle.conn(), business).await?;
        let mut zip = ZipWriter::new(file);
        let mut files = Vec::new();
        for table in Table::in_version(FORMAT_VERSION) {
            zip.start_file(table.file_name(), zip_options())?;
            files.push(self.rows(&mut handle, business, table, &mut zip).await?);
        }
        let exported = ExportSummary {
            rows: files.iter().map(|file| file.rows).sum(),
            bytes: files.iter().map(|file| file.bytes).sum(),
        };
        let business_in_manifest =
            ManifestBusiness { id: business, slug: info.business.slug.into(), name: info.business.name.into() };
        zip.start_file(MANIFEST_NAME, zip_options())?;
        Manifest { format: FORMAT_NAME.to_owned(), version: FORMAT_VERSION, business: business_in_manifest, files }
            .write(&mut zip)
            .map_err(io::Error::from)?;
        Ok((zip.finish()?, exported))
    }

    /// Writes the rows of one table in the order of its key.
    async fn rows(
        &self,
        handle: &mut DbHandle,
        business: BusinessId,
        table: &Table,
        to: &mut impl Write,
    ) -> Result<ManifestFile, Error> {
        let sql = AssertSqlSafe(select_sql(handle, table));
        let (mut buffer, mut count, mut digest) = (Vec::with_capacity(BUFFER_BYTES + 4096), 0, FileDigest::default());
        macro_rules! each {
            ($db:ty, $conn:expr) => {{
                let mut rows = sqlx::query::<$db>(sql).bind(business.0).fetch($conn);
                while let Some(row) = rows.try_next().await? {
                    let cell = |(place, column): (usize, &Column)| {
                        let mut cell = Cell::from_row(&row, place, column.kind)?;
                        if let (ColumnKind::Picture, Cell::Bytes(Some(hash))) = (column.kind, &cell) {
                            let hash = StoredRow(table.name, hex(hash)).read("hash", Hash::from_bytes(hash))?;
                            cell = Cell::Bytes(self.photos.read(business, hash, PhotoSize::Large)?);
                        }
                        Ok((column.name.to_owned(), cell.into_json()))
                    };
                    let line = table.columns.iter().enumerate().map(cell).collect::<Result<Map<_, _>, Error>>()?;
                    serde_json::to_writer(&mut buffer, &Value::Object(line)).map_err(Error::Serialize)?;
                    buffer.push(b'\n');
                    count += 1;
                    if buffer.len() > BUFFER_BYTES {
                        digest.add(std::mem::take(&mut count), &buffer);
                        to.write_all(&buffer)?;
                        buffer.clear();
                    }
                }
            }};
        }
        match handle.conn() {
            Conn::Sqlite(conn) => each!(sqlx::Sqlite, &mut *conn),
            Conn::Postgres(conn) => each!(sqlx::Postgres, &mut *conn),
        }
        digest.add(count, &buffer);
        to.write_all(&buffer)?;
        Ok(digest.into_file(table.file_name()))
    }
}

/// Without the time and the machine, so that the same business gives the same bytes.
fn zip_options() -> SimpleFileOptions {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    options.last_modified_time(DateTime::DEFAULT).unix_permissions(0o600).large_file(true)
}

fn select_sql(handle: &mut DbHandle, table: &Table) -> String {
    // The column of a picture holds no data: the file is found by the hash.
    let named = |column: &Column| if column.kind == ColumnKind::Picture { "hash" } else { column.name };
    let columns: Vec<_> = table.columns.iter().map(named).collect();
    let is_text =
        |name: &str| table.columns.iter().any(|column| column.name == name && column.kind == ColumnKind::Text);
    let conn = handle.conn();
    let order = |name: &&'static str| if is_text(name) { conn.in_byte_order(name) } else { (*name).to_owned() };
    let key: Vec<_> = table.key.iter().map(order).collect();
    let condition = match (table.owner, table.business_column()) {
        (RowOwner::PersonItself, _) => "id IN (SELECT person_id FROM members WHERE business_id = $1)".to_owned(),
        (_, column) => format!("{} = $1", column.unwrap_or("business_id")),
    };
    let condition = table.row_filter.map_or(condition.clone(), |only| format!("{condition} AND {only}"));
    format!("SELECT {} FROM {} WHERE {condition} ORDER BY {}", columns.join(", "), table.name, key.join(", "))
}
