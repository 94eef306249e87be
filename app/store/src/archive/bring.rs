//! Import: a business that comes in a file, all of it or nothing.

use std::io::{self, Read, Seek};

use domain::actor::{Actor, Role, Who};
use domain::ids::BusinessId;
use domain::photo::Size;
use domain::record::Hash;
use sqlx::AssertSqlSafe;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::Broken;
use super::cell::{Cell, bind};
use super::column::Kind;
use super::manifest::Whose;
use super::open::Archive;
use super::people::People;
use super::sound;
use super::tables::{Of, Table};
use crate::Store;
use crate::customers;
use crate::db::{AT_ONCE, Conn, Held, Scope, fetch, run};
use crate::error::Error;
use crate::photos;
use crate::record::seal;

/// The last version of the file whose record may be without a seal: it gets one here.
const UNSEALED: u64 = 1;

/// A business that has come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub business: BusinessId,
    pub slug: String,
    pub rows: u64,
    /// The addresses of those who were not known here: they set a password before they come in.
    pub new_people: Vec<String>,
}

impl Store {
    /// Brings in a business from a file that [`Store::export`] wrote, here or elsewhere.
    ///
    /// # Errors
    /// The file is broken, or does not fit together; the business, its public name or something else of it is here
    /// already; the database is unavailable.
    pub async fn import<R: Read + Seek + Send + 'static>(&self, file: R) -> Result<Imported, Error> {
        let (store, handle) = (self.clone(), Handle::current());
        let brought = spawn_blocking(move || handle.block_on(store.bring(file))).await;
        brought.map_err(|cause| io::Error::other(cause).into()).flatten()
    }

    async fn bring<R: Read + Seek>(&self, file: R) -> Result<Imported, Error> {
        let mut archive = Archive::open(file)?;
        let business = archive.manifest.business.id;
        let mut held = self.db.begin(Scope::Across).await?;
        is_new(held.conn(), &archive.manifest.business).await?;
        held.enter(business).await?;
        let brought = self.fill_in(&mut archive, held).await;
        if brought.is_err() {
            // Pictures are written one by one; the business is new, and with it the folder.
            self.clear_photos(business).await?;
        }
        let (rows, new_people) = brought?;
        self.revisions.bump(business);
        Ok(Imported { business, slug: archive.manifest.business.slug, rows, new_people })
    }

    /// All rows of all tables: how many, and the addresses of those who were not known here.
    async fn fill_in<R: Read + Seek>(
        &self,
        archive: &mut Archive<R>,
        mut held: Held,
    ) -> Result<(u64, Vec<String>), Error> {
        let business = archive.manifest.business.id;
        let (mut people, mut rows) = (People::default(), 0);
        // An older file has nothing of what came later.
        for table in Table::carried(archive.manifest.version) {
            rows += match table.of {
                Of::People => meet(&mut held, archive, table, &mut people).await?,
                _ => self.fill(&mut held, archive, table, &mut people).await?,
            };
        }
        if !people.all_belong() {
            return Err(Broken::Unsound("it names people who do not belong to it".to_owned()).into());
        }
        customers::identify(held.conn(), business).await?;
        let verified = sound::check(&mut held, business, self.now()).await?;
        let sql = "INSERT INTO founding (once, at) VALUES (TRUE, $1) ON CONFLICT DO NOTHING";
        run!(held.conn(), sql, self.now())?;
        if verified.is_sealed {
            held.commit().await.map_err(|error| misfit(error, "all tables", rows))?;
            return Ok((rows, people.new));
        }
        if archive.manifest.version > UNSEALED {
            return Err(Broken::Unsound("its record does not say on which days its checks count".to_owned()).into());
        }
        let mut work = self.work_on(held, &Actor::of(business, Who::Trialmark, Role::Owner)).await?;
        seal(&mut work).await?;
        work.commit().await.map_err(|error| misfit(error, "all tables", rows))?;
        Ok((rows, people.new))
    }

    /// Reads the rows of a table and writes them, many in one statement.
    async fn fill<R: Read + Seek>(
        &self,
        held: &mut Held,
        archive: &mut Archive<R>,
        table: &'static Table,
        people: &mut People,
    ) -> Result<u64, Error> {
        let business = archive.manifest.business.id;
        let mut rows = archive.rows(table)?;
        let mut waiting = Vec::with_capacity(AT_ONCE);
        loop {
            let row = rows.next()?;
            let ended = row.is_none();
            if let Some(row) = row {
                let named = row.into_iter().zip(table.columns).map(|(cell, column)| people.named(column, cell));
                let named = named.collect::<Option<Vec<_>>>();
                let named = named.ok_or_else(|| rows.wrong("it names somebody who does not come along"))?;
                waiting.push(self.unpictured(business, table, named)?.map_err(|why| rows.wrong(why))?);
            }
            if waiting.len() == AT_ONCE || (ended && !waiting.is_empty()) {
                let written = insert(held, table, std::mem::take(&mut waiting)).await;
                written.map_err(|error| misfit(error, &table.file(), rows.line))?;
            }
            if ended {
                return Ok(rows.line);
            }
        }
    }

    /// A row without the picture that came with it, which is written to its file. What is wrong with it, if something is.
    fn unpictured(
        &self,
        business: BusinessId,
        table: &Table,
        row: Vec<Cell>,
    ) -> io::Result<Result<Vec<Cell>, &'static str>> {
        let mut kept = Vec::with_capacity(row.len());
        let (mut hash, mut picture) = (None, None);
        for (cell, column) in row.into_iter().zip(table.columns) {
            match (column.kind, cell) {
                (Kind::Picture, Cell::Bytes(bytes)) => picture = bytes,
                (Kind::Bytes, Cell::Bytes(bytes)) if column.name == "hash" => {
                    hash.clone_from(&bytes);
                    kept.push(Cell::Bytes(bytes));
                }
                (_, cell) => kept.push(cell),
            }
        }
        if let Some(picture) = picture {
            let known = Hash::of(&picture);
            if hash.as_deref() != Some(known.as_bytes()) || !photos::is_ours(&picture) {
                return Ok(Err("it is not the picture that it says it is"));
            }
            self.photos.write(business, known, Size::Large, &picture)?;
        }
        Ok(Ok(kept))
    }
}

/// Whether neither the business nor its public name is here.
async fn is_new(mut conn: Conn<'_>, whose: &Whose) -> Result<(), Error> {
    let sql = "SELECT 1 FROM businesses WHERE id = $1";
    if fetch!(conn.again(), fetch_optional as (i32,), sql, whose.id.0)?.is_some() {
        return Err(Broken::Here(format!("the business {}", whose.name)).into());
    }
    let sql = "SELECT 1 FROM businesses WHERE slug = $1";
    if fetch!(conn, fetch_optional as (i32,), sql, &whose.slug)?.is_some() {
        return Err(Broken::Here(format!("another business with the public name {}", whose.slug)).into());
    }
    Ok(())
}

async fn meet<R: Read + Seek>(
    held: &mut Held,
    archive: &mut Archive<R>,
    table: &'static Table,
    people: &mut People,
) -> Result<u64, Error> {
    let mut rows = archive.rows(table)?;
    while let Some(row) = rows.next()? {
        let met = people.meet(held.conn(), row).await.map_err(|error| misfit(error, &table.file(), rows.line))?;
        met.ok_or_else(|| rows.wrong("it is no person, or one who stands there twice"))?;
    }
    Ok(rows.line)
}

async fn insert(held: &mut Held, table: &Table, rows: Vec<Vec<Cell>>) -> Result<(), Error> {
    let stored = table.columns.iter().filter(|column| column.kind != Kind::Picture);
    let names: Vec<_> = stored.map(|column| column.name).collect();
    let insert = format!("INSERT INTO {} ({})", table.name, names.join(", "));
    let conn = held.conn();
    let sql = AssertSqlSafe(conn.with_values(&insert, names.len(), rows.len()));
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

/// What the database does not take is the file's fault, as long as the database works.
fn misfit(error: Error, file: &str, line: u64) -> Error {
    let rows = |why: String| Broken::Rows { file: file.to_owned(), line, why }.into();
    match error {
        Error::Taken(constraint) => rows(format!("{constraint}: this is here already")),
        Error::Gone => rows("what it belongs to is missing".to_owned()),
        Error::Database(sqlx::Error::Database(cause)) => rows(cause.message().to_owned()),
        other => other,
    }
}
