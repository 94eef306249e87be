//! Import: reads a business from a file, all of it or nothing.

use std::io::{self, Read, Seek};

use domain::actor::{Actor, Principal};
use domain::ids::BusinessId;
use domain::photo::PhotoSize;
use domain::record::Hash;
use domain::role::Role;
use sqlx::AssertSqlSafe;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::integrity;
use super::manifest::ManifestBusiness;
use super::person_mapping::PersonMapping;
use super::read::Archive;
use crate::Store;
use crate::customer_identity;
use crate::db::{Conn, DbHandle, ROWS_PER_STATEMENT, TenantScope, execute, fetch};
use crate::error::Error;
use crate::import_error::ImportError;
use crate::photos;
use crate::record::{self, seal};
use crate::recovery_queue;
use crate::tables::ColumnKind;
use crate::tables::{Cell, bind};
use crate::tables::{RowOwner, Table};
use crate::tallies;

/// The last version of the format whose record may lack a backfill. It gets one here.
const LAST_VERSION_WITHOUT_BACKFILL: u64 = 1;

/// An imported business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSummary {
    pub business: BusinessId,
    pub slug: String,
    pub rows: u64,
    /// The addresses of people who were not known here. They set a password before they can sign in.
    pub new_people: Vec<String>,
}

impl Store {
    /// Imports a business from a file that [`Store::export`] wrote, here or elsewhere.
    ///
    /// # Errors
    /// The file is damaged or inconsistent; the business, its slug or another unique value exists here already; the
    /// database is unavailable.
    pub async fn import<R: Read + Seek + Send + 'static>(&self, file: R) -> Result<ImportSummary, Error> {
        let (store, handle) = (self.clone(), Handle::current());
        let summary = spawn_blocking(move || handle.block_on(store.import_archive(file))).await;
        summary.map_err(|cause| io::Error::other(cause).into()).flatten()
    }

    async fn import_archive<R: Read + Seek>(&self, file: R) -> Result<ImportSummary, Error> {
        let mut archive = Archive::open(file)?;
        let business = archive.manifest.business.id;
        let mut handle = self.db.begin(TenantScope::Across).await?;
        require_new(handle.conn(), &archive.manifest.business).await?;
        handle.set_tenant(business).await?;
        let summary = self.import_tables(&mut archive, handle).await;
        if summary.is_err() {
            // Photos are files, which no rollback removes. The business is new, so all files in its folder are.
            self.delete_business_photos(business).await?;
        }
        let (rows, new_people) = summary?;
        self.revisions.bump(business);
        Ok(ImportSummary { business, slug: archive.manifest.business.slug, rows, new_people })
    }

    /// Imports all tables. Returns the number of rows, and the addresses of people who were not known here.
    async fn import_tables<R: Read + Seek>(
        &self,
        archive: &mut Archive<R>,
        mut handle: DbHandle,
    ) -> Result<(u64, Vec<String>), Error> {
        let business = archive.manifest.business.id;
        let (mut people, mut rows) = (PersonMapping::default(), 0);
        // An older file lacks the tables that came later.
        for table in Table::in_version(archive.manifest.version) {
            rows += match table.owner {
                RowOwner::PersonItself => import_people(&mut handle, archive, table, &mut people).await?,
                _ => self.import_table(&mut handle, archive, table, &mut people).await?,
            };
        }
        if !people.all_are_members() {
            return Err(ImportError::Inconsistent("it names people who do not belong to it".to_owned()).into());
        }
        customer_identity::identify(handle.conn(), business).await?;
        integrity::check(&mut handle, business).await?;
        recovery_queue::complete(handle.conn(), business).await?;
        tallies::renew_change_ids(handle.conn(), business, self.source()).await?;
        let verified = record::verify(&mut handle, business, self.now()).await?;
        let sql = "INSERT INTO founding (once, at) VALUES (TRUE, $1) ON CONFLICT DO NOTHING";
        execute!(handle.conn(), sql, self.now())?;
        if verified.is_sealed {
            handle.commit().await.map_err(|error| as_import_error(error, "all tables", rows))?;
            return Ok((rows, people.new));
        }
        if archive.manifest.version > LAST_VERSION_WITHOUT_BACKFILL {
            return Err(
                ImportError::Inconsistent("its record does not say on which days its checks count".to_owned()).into()
            );
        }
        let mut work = self.unit_of_work_in(handle, &Actor::new(business, Principal::System, Role::Owner)).await?;
        seal(&mut work).await?;
        work.commit().await.map_err(|error| as_import_error(error, "all tables", rows))?;
        Ok((rows, people.new))
    }

    /// Imports the rows of a table, many in one statement.
    async fn import_table<R: Read + Seek>(
        &self,
        handle: &mut DbHandle,
        archive: &mut Archive<R>,
        table: &'static Table,
        people: &mut PersonMapping,
    ) -> Result<u64, Error> {
        let business = archive.manifest.business.id;
        let mut rows = archive.rows(table)?;
        let mut batch = Vec::with_capacity(ROWS_PER_STATEMENT);
        loop {
            let row = rows.next()?;
            let ended = row.is_none();
            if let Some(row) = row {
                let remapped = row.into_iter().zip(table.columns).map(|(cell, column)| people.remap(column, cell));
                let remapped = remapped.collect::<Option<Vec<_>>>();
                let remapped = remapped.ok_or_else(|| rows.line_error("it names somebody who does not come along"))?;
                batch.push(self.store_photo_and_strip(business, table, remapped)?.map_err(|why| rows.line_error(why))?);
            }
            if batch.len() == ROWS_PER_STATEMENT || (ended && !batch.is_empty()) {
                let written = insert(handle, table, std::mem::take(&mut batch)).await;
                written.map_err(|error| as_import_error(error, &table.file_name(), rows.line))?;
            }
            if ended {
                return Ok(rows.line);
            }
        }
    }

    /// Writes the picture of a row to its file, and returns the row without it. The inner error says what is wrong with
    /// the picture.
    fn store_photo_and_strip(
        &self,
        business: BusinessId,
        table: &Table,
        row: Vec<Cell>,
    ) -> io::Result<Result<Vec<Cell>, &'static str>> {
        let mut kept = Vec::with_capacity(row.len());
        let (mut hash, mut picture) = (None, None);
        for (cell, column) in row.into_iter().zip(table.columns) {
            match (column.kind, cell) {
                (ColumnKind::Picture, Cell::Bytes(bytes)) => picture = bytes,
                (ColumnKind::Bytes, Cell::Bytes(bytes)) if column.name == "hash" => {
                    hash.clone_from(&bytes);
                    kept.push(Cell::Bytes(bytes));
                }
                (_, cell) => kept.push(cell),
            }
        }
        if let Some(picture) = picture {
            let known = Hash::of(&picture);
            if hash.as_deref() != Some(known.as_bytes()) || !photos::is_jpeg(&picture) {
                return Ok(Err("it is not the picture that it says it is"));
            }
            self.photos.write(business, known, PhotoSize::Large, &picture)?;
        }
        Ok(Ok(kept))
    }
}

/// Refuses a business whose id or slug exists already.
async fn require_new(mut conn: Conn<'_>, business_in_file: &ManifestBusiness) -> Result<(), Error> {
    let sql = "SELECT 1 FROM businesses WHERE id = $1";
    if fetch!(conn.reborrow(), fetch_optional as (i32,), sql, business_in_file.id.0)?.is_some() {
        return Err(ImportError::AlreadyExists(format!("the business {}", business_in_file.name)).into());
    }
    let sql = "SELECT 1 FROM businesses WHERE slug = $1";
    if fetch!(conn, fetch_optional as (i32,), sql, &business_in_file.slug)?.is_some() {
        return Err(ImportError::AlreadyExists(format!(
            "another business with the public name {}",
            business_in_file.slug
        ))
        .into());
    }
    Ok(())
}

async fn import_people<R: Read + Seek>(
    handle: &mut DbHandle,
    archive: &mut Archive<R>,
    table: &'static Table,
    people: &mut PersonMapping,
) -> Result<u64, Error> {
    let mut rows = archive.rows(table)?;
    while let Some(row) = rows.next()? {
        let added = people
            .add(handle.conn(), row)
            .await
            .map_err(|error| as_import_error(error, &table.file_name(), rows.line))?;
        added.ok_or_else(|| rows.line_error("it is no person, or one who stands there twice"))?;
    }
    Ok(rows.line)
}

async fn insert(handle: &mut DbHandle, table: &Table, rows: Vec<Vec<Cell>>) -> Result<(), Error> {
    let stored = table.columns.iter().filter(|column| column.kind != ColumnKind::Picture);
    let names: Vec<_> = stored.map(|column| column.name).collect();
    let insert = format!("INSERT INTO {} ({})", table.name, names.join(", "));
    let conn = handle.conn();
    let sql = AssertSqlSafe(conn.values_clause(&insert, names.len(), rows.len()));
    macro_rules! write {
        ($db:ty, $conn:expr) => {{
            let mut query = sqlx::query::<$db>(sql);
            for cell in rows.into_iter().flatten() {
                query = bind!(query, cell);
            }
            query.execute($conn).await?;
        }};
    }
    match conn {
        Conn::Sqlite(conn) => write!(sqlx::Sqlite, &mut *conn),
        Conn::Postgres(conn) => write!(sqlx::Postgres, &mut *conn),
    }
    Ok(())
}

/// A row that the database refuses is an error of the file, unless the database itself failed.
fn as_import_error(error: Error, file: &str, line: u64) -> Error {
    let rows = |why: String| ImportError::RejectedRows { file: file.to_owned(), line, why }.into();
    match error {
        Error::UniqueViolation(constraint) => rows(format!("{constraint}: this is here already")),
        Error::Gone => rows("what it belongs to is missing".to_owned()),
        Error::Database(sqlx::Error::Database(cause)) => rows(cause.message().to_owned()),
        other => other,
    }
}
