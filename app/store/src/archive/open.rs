//! Opening a file that somebody brings: nothing in it is trusted, nothing is unpacked to disk, and no more is read than its
//! manifest says and its size allows.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use domain::ids::BusinessId;
use serde_json::{Map, Value};
use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::Broken;
use super::cell::Cell;
use super::column::Kind;
use super::manifest::{Listed, Manifest, NAME, Sum};
use super::tables::Table;

/// More files than there are tables, and fewer than would cost anything to list.
const MOST_FILES: u16 = 100;

/// The largest manifest, in bytes.
const MANIFEST: u64 = 1024 * 1024;

/// The longest line, in bytes: a picture, written as hexadecimal digits.
const LONGEST: u64 = 8 * 1024 * 1024;

/// All of it unpacked, in bytes: some twenty million checks.
const LARGEST: u64 = 32 * 1024 * 1024 * 1024;

/// How many times its packed size a file may come to, beyond what is small anyway. JSON lines that differ at all come to
/// some thirty.
const UNFOLDS: u64 = 200;
const SMALL: u64 = 64 * 1024;

pub(super) struct Archive<R> {
    zip: ZipArchive<R>,
    pub manifest: Manifest,
}

impl<R: Read + Seek> Archive<R> {
    /// # Errors
    /// It is no ZIP file, or not one with exactly a manifest and a file for each table of its version.
    pub fn open(mut file: R) -> Result<Self, Broken> {
        count(&mut file)?;
        let mut zip = ZipArchive::new(file)?;
        let names = zip.file_names().map(|name| Ok(name?.into_owned())).collect::<Result<BTreeSet<_>, ZipError>>()?;
        let (Some(place), false) = (zip.index_for_name(NAME), zip.has_duplicate_names()) else {
            return Err(Broken::Missing { file: NAME.to_owned() });
        };
        let mut text = Vec::new();
        let entry = zip.by_index(place)?;
        entry.take(MANIFEST + 1).read_to_end(&mut text).map_err(|cause| Broken::Unpacked(cause.to_string()))?;
        if text.len() as u64 > MANIFEST {
            return Err(Broken::TooLarge { file: NAME.to_owned() });
        }
        let manifest = Manifest::read(&text)?;
        let wanted: BTreeSet<_> = Table::carried(manifest.version).map(Table::file).collect();
        if let Some(file) = names.iter().find(|name| *name != NAME && !wanted.contains(*name)) {
            return Err(Broken::Stray { file: file.clone() });
        }
        for file in wanted {
            let listed = manifest.files.iter().filter(|listed| listed.name == file).count();
            if listed != 1 || !names.contains(&file) {
                return Err(Broken::Missing { file });
            }
        }
        let mut archive = Self { zip, manifest };
        archive.measure()?;
        Ok(archive)
    }

    /// Whether what the manifest says can be true of what is there.
    fn measure(&mut self) -> Result<(), Broken> {
        let mut all = 0_u64;
        for listed in &self.manifest.files {
            let too_large = || Broken::TooLarge { file: listed.name.clone() };
            let entry = self.zip.by_name(&listed.name)?;
            let plain = matches!(entry.compression(), CompressionMethod::Deflated | CompressionMethod::Stored);
            if !plain || entry.encrypted() || !entry.is_file() {
                return Err(Broken::Stray { file: listed.name.clone() });
            }
            all = all.checked_add(listed.bytes).filter(|all| *all <= LARGEST).ok_or_else(too_large)?;
            if listed.bytes > entry.compressed_size().saturating_mul(UNFOLDS).saturating_add(SMALL) {
                return Err(too_large());
            }
        }
        Ok(())
    }

    /// The rows of a table.
    pub fn rows<'z>(&'z mut self, table: &'static Table) -> Result<Rows<'z, R>, Broken> {
        let (business, name) = (self.manifest.business.id, table.file());
        let missing = || Broken::Missing { file: name.clone() };
        let listed = self.manifest.files.iter().find(|listed| listed.name == name).ok_or_else(missing)?.clone();
        let entry = self.zip.by_name(&name)?;
        // One byte more than there should be is enough to know.
        let from = BufReader::new(entry.take(listed.bytes + 1));
        Ok(Rows { table, business, version: self.manifest.version, listed, from, sum: Sum::default(), line: 0 })
    }
}

/// How many files it says to have, before any of them is looked at. What is packed here has no comment: its last 22 bytes
/// are the end of its directory.
fn count(file: &mut (impl Read + Seek)) -> Result<(), Broken> {
    let damaged = |cause: std::io::Error| Broken::Unpacked(cause.to_string());
    let mut end = [0; 22];
    file.seek(SeekFrom::End(-22)).map_err(damaged)?;
    file.read_exact(&mut end).map_err(damaged)?;
    file.rewind().map_err(damaged)?;
    if end[..4] != *b"PK\x05\x06" {
        return Err(Broken::Unpacked("its end is missing".to_owned()));
    }
    let files = u16::from_le_bytes([end[10], end[11]]);
    if files > MOST_FILES { Err(Broken::Stray { file: format!("one of {files}") }) } else { Ok(()) }
}

/// The rows of one table, as they are read.
pub(super) struct Rows<'z, R: Read> {
    table: &'static Table,
    business: BusinessId,
    version: u64,
    listed: Listed,
    from: BufReader<std::io::Take<ZipFile<'z, R>>>,
    sum: Sum,
    /// How many lines were read.
    pub line: u64,
}

impl<R: Read> Rows<'_, R> {
    /// The next row, by the columns of the table; None at the end, when all was as the manifest says.
    ///
    /// # Errors
    /// It is not.
    pub fn next(&mut self) -> Result<Option<Vec<Cell>>, Broken> {
        let mut line = Vec::new();
        let from = self.from.by_ref().take(LONGEST + 1).read_until(b'\n', &mut line);
        from.map_err(|cause| Broken::Unpacked(cause.to_string()))?;
        if line.is_empty() {
            let sum = std::mem::take(&mut self.sum).listed(self.listed.name.clone());
            return if sum == self.listed { Ok(None) } else { Err(self.changed()) };
        }
        self.line += 1;
        self.sum.add(1, &line);
        if self.sum.is_over(&self.listed) {
            return Err(self.changed());
        }
        let Some(json) = line.strip_suffix(b"\n") else { return Err(self.wrong("it has no end")) };
        self.cells(json).map(Some)
    }

    fn cells(&self, json: &[u8]) -> Result<Vec<Cell>, Broken> {
        let mut row: Map<String, Value> =
            serde_json::from_slice(json).map_err(|error| self.wrong(&error.to_string()))?;
        if serde_json::to_vec(&row).is_ok_and(|again| again != json) {
            return Err(self.wrong("it is not written as it would be here"));
        }
        let mut cells = Vec::with_capacity(self.table.columns.len());
        for column in self.table.columns {
            let value = if column.since > self.version {
                serde_json::from_str(column.before).unwrap_or_default()
            } else {
                row.remove(column.name).ok_or_else(|| self.wrong(&format!("{} is missing", column.name)))?
            };
            let cell = Cell::read(column, &value);
            let cell = cell.ok_or_else(|| self.wrong(&format!("{} is not as it must be", column.name)))?;
            if self.table.business() == Some(column.name) && cell != Cell::Id(Some(self.business.0)) {
                return Err(self.wrong("it is of another business"));
            }
            if let (Kind::Text, Cell::Text(Some(text))) = (column.kind, &cell)
                && text.contains('\0')
            {
                return Err(self.wrong(&format!("{} is not as it must be", column.name)));
            }
            cells.push(cell);
        }
        match row.keys().next() {
            Some(name) => Err(self.wrong(&format!("{name} is not known"))),
            None => Ok(cells),
        }
    }

    pub fn wrong(&self, why: &str) -> Broken {
        Broken::Line { file: self.listed.name.clone(), line: self.line, why: why.to_owned() }
    }

    fn changed(&self) -> Broken {
        Broken::Changed { file: self.listed.name.clone() }
    }
}

impl From<ZipError> for Broken {
    fn from(error: ZipError) -> Self {
        Self::Unpacked(error.to_string())
    }
}
