//! Reads an export file. Nothing in it is trusted: nothing is unpacked to disk, and no more is read than the manifest
//! says and the size of the file allows.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use domain::ids::BusinessId;
use serde_json::{Map, Value};
use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::manifest::{FileDigest, MANIFEST_NAME, Manifest, ManifestFile};
use crate::import_error::ImportError;
use crate::tables::Cell;
use crate::tables::ColumnKind;
use crate::tables::Table;

/// The most files in an archive: more than there are tables, and cheap to list.
const MAX_FILES: u16 = 100;

/// The largest manifest, in bytes.
const MAX_MANIFEST_BYTES: u64 = 1024 * 1024;

/// The longest line, in bytes. A photo is one line of hexadecimal digits.
const MAX_LINE_BYTES: u64 = 8 * 1024 * 1024;

/// The total size after unpacking, in bytes: about twenty million checks.
const MAX_TOTAL_BYTES: u64 = 32 * 1024 * 1024 * 1024;

/// The highest compression ratio of a file, beyond its first bytes. Real JSON lines reach about thirty.
const MAX_RATIO: u64 = 200;
const RATIO_FREE_BYTES: u64 = 64 * 1024;

pub(super) struct Archive<R> {
    zip: ZipArchive<R>,
    pub manifest: Manifest,
}

impl<R: Read + Seek> Archive<R> {
    /// # Errors
    /// It is no ZIP file, or does not hold exactly a manifest and a file for each table of its version.
    pub fn open(mut file: R) -> Result<Self, ImportError> {
        check_file_count(&mut file)?;
        let mut zip = ZipArchive::new(file)?;
        let names = zip.file_names().map(|name| Ok(name?.into_owned())).collect::<Result<BTreeSet<_>, ZipError>>()?;
        let (Some(place), false) = (zip.index_for_name(MANIFEST_NAME), zip.has_duplicate_names()) else {
            return Err(ImportError::MissingFile { file: MANIFEST_NAME.to_owned() });
        };
        let mut text = Vec::new();
        let entry = zip.by_index(place)?;
        entry
            .take(MAX_MANIFEST_BYTES + 1)
            .read_to_end(&mut text)
            .map_err(|cause| ImportError::NotAnArchive(cause.to_string()))?;
        if text.len() as u64 > MAX_MANIFEST_BYTES {
            return Err(ImportError::TooLarge { file: MANIFEST_NAME.to_owned() });
        }
        let manifest = Manifest::read(&text)?;
        let wanted: BTreeSet<_> = Table::in_version(manifest.version).map(Table::file_name).collect();
        if let Some(file) = names.iter().find(|name| *name != MANIFEST_NAME && !wanted.contains(*name)) {
            return Err(ImportError::UnexpectedFile { file: file.clone() });
        }
        for file in wanted {
            let listed = manifest.files.iter().filter(|listed| listed.name == file).count();
            if listed != 1 || !names.contains(&file) {
                return Err(ImportError::MissingFile { file });
            }
        }
        let mut archive = Self { zip, manifest };
        archive.check_sizes()?;
        Ok(archive)
    }

    /// Refuses sizes in the manifest that the archive cannot have.
    fn check_sizes(&mut self) -> Result<(), ImportError> {
        let mut all = 0_u64;
        for listed in &self.manifest.files {
            let too_large = || ImportError::TooLarge { file: listed.name.clone() };
            let entry = self.zip.by_name(&listed.name)?;
            let plain = matches!(entry.compression(), CompressionMethod::Deflated | CompressionMethod::Stored);
            if !plain || entry.encrypted() || !entry.is_file() {
                return Err(ImportError::UnexpectedFile { file: listed.name.clone() });
            }
            all = all.checked_add(listed.bytes).filter(|all| *all <= MAX_TOTAL_BYTES).ok_or_else(too_large)?;
            if listed.bytes > entry.compressed_size().saturating_mul(MAX_RATIO).saturating_add(RATIO_FREE_BYTES) {
                return Err(too_large());
            }
        }
        Ok(())
    }

    /// Reads the rows of a table.
    pub fn rows<'z>(&'z mut self, table: &'static Table) -> Result<TableReader<'z, R>, ImportError> {
        let (business, name) = (self.manifest.business.id, table.file_name());
        let missing = || ImportError::MissingFile { file: name.clone() };
        let listed = self.manifest.files.iter().find(|listed| listed.name == name).ok_or_else(missing)?.clone();
        let entry = self.zip.by_name(&name)?;
        // One byte too many is enough to notice.
        let from = BufReader::new(entry.take(listed.bytes + 1));
        Ok(TableReader {
            table,
            business,
            version: self.manifest.version,
            listed,
            from,
            digest: FileDigest::default(),
            line: 0,
        })
    }
}

/// Limits the number of files before any of them is read. Our archives have no comment, so the end record of the
/// directory is the last 22 bytes.
fn check_file_count(file: &mut (impl Read + Seek)) -> Result<(), ImportError> {
    let damaged = |cause: std::io::Error| ImportError::NotAnArchive(cause.to_string());
    let mut end = [0; 22];
    file.seek(SeekFrom::End(-22)).map_err(damaged)?;
    file.read_exact(&mut end).map_err(damaged)?;
    file.rewind().map_err(damaged)?;
    if end[..4] != *b"PK\x05\x06" {
        return Err(ImportError::NotAnArchive("its end is missing".to_owned()));
    }
    let files = u16::from_le_bytes([end[10], end[11]]);
    if files > MAX_FILES { Err(ImportError::UnexpectedFile { file: format!("one of {files}") }) } else { Ok(()) }
}

/// Reads the rows of one table.
pub(super) struct TableReader<'z, R: Read> {
    table: &'static Table,
    business: BusinessId,
    version: u64,
    listed: ManifestFile,
    from: BufReader<std::io::Take<ZipFile<'z, R>>>,
    digest: FileDigest,
    /// The number of lines read so far.
    pub line: u64,
}

impl<R: Read> TableReader<'_, R> {
    /// The next row, in the order of the table's columns. `None` at the end, if the file matches the manifest.
    ///
    /// # Errors
    /// A line is invalid, or the file does not match the manifest.
    pub fn next(&mut self) -> Result<Option<Vec<Cell>>, ImportError> {
        let mut line = Vec::new();
        let from = self.from.by_ref().take(MAX_LINE_BYTES + 1).read_until(b'\n', &mut line);
        from.map_err(|cause| ImportError::NotAnArchive(cause.to_string()))?;
        if line.is_empty() {
            let digest = std::mem::take(&mut self.digest).into_file(self.listed.name.clone());
            return if digest == self.listed { Ok(None) } else { Err(self.checksum_error()) };
        }
        self.line += 1;
        self.digest.add(1, &line);
        if self.digest.exceeds(&self.listed) {
            return Err(self.checksum_error());
        }
        let Some(json) = line.strip_suffix(b"\n") else { return Err(self.line_error("it has no end")) };
        self.cells(json).map(Some)
    }

    fn cells(&self, json: &[u8]) -> Result<Vec<Cell>, ImportError> {
        let mut row: Map<String, Value> =
            serde_json::from_slice(json).map_err(|error| self.line_error(&error.to_string()))?;
        if serde_json::to_vec(&row).is_ok_and(|again| again != json) {
            return Err(self.line_error("it is not written as it would be here"));
        }
        let mut cells = Vec::with_capacity(self.table.columns.len());
        for column in self.table.columns {
            let value = if column.since > self.version {
                column.default()
            } else {
                row.remove(column.name).ok_or_else(|| self.line_error(&format!("{} is missing", column.name)))?
            };
            let cell = Cell::from_json(column, &value);
            let cell = cell.ok_or_else(|| self.line_error(&format!("{} is not as it must be", column.name)))?;
            if self.table.business_column() == Some(column.name) && cell != Cell::Id(Some(self.business.0)) {
                return Err(self.line_error("it is of another business"));
            }
            if let (ColumnKind::Text, Cell::Text(Some(text))) = (column.kind, &cell)
                && text.contains('\0')
            {
                return Err(self.line_error(&format!("{} is not as it must be", column.name)));
            }
            cells.push(cell);
        }
        match row.keys().next() {
            Some(name) => Err(self.line_error(&format!("{name} is not known"))),
            None => Ok(cells),
        }
    }

    pub fn line_error(&self, why: &str) -> ImportError {
        ImportError::InvalidLine { file: self.listed.name.clone(), line: self.line, why: why.to_owned() }
    }

    fn checksum_error(&self) -> ImportError {
        ImportError::ChecksumMismatch { file: self.listed.name.clone() }
    }
}

impl From<ZipError> for ImportError {
    fn from(error: ZipError) -> Self {
        Self::NotAnArchive(error.to_string())
    }
}
