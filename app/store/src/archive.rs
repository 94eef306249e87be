//! A whole business as one file: a ZIP with a manifest and a JSON Lines file for each table. The same business gives
//! the same bytes on both databases.

mod export;
mod import;
mod integrity;
mod manifest;
mod person_mapping;
mod read;

pub use import::ImportSummary;
pub use manifest::ExportSummary;
