//! `trialmark export`

use std::fs::{OpenOptions, remove_file};
use std::io::{BufWriter, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::Args;

use crate::command_error::CommandError;
use crate::database;
use crate::settings::Storage;
use crate::terminal::print_line;

/// Export a business to a file
///
/// The file is a ZIP with a manifest and one JSON Lines file per table: promises, checks, recoveries, customers, people and
/// the record. It has no passwords, sessions, tokens or private links. `trialmark import` reads it into either database.
/// Keep it safe: it contains personal data.
#[derive(Args, Debug)]
pub struct Export {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// The file to write; it must not exist yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    #[command(flatten)]
    storage: Storage,
}

impl Export {
    pub async fn run(self) -> Result<(), CommandError> {
        let store = crate::open(&self.storage).await?;
        let business = database::find_business(&store, &self.business).await?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.out);
        let file = file.map_err(|cause| match cause.kind() {
            ErrorKind::AlreadyExists => CommandError::FileExists { file: self.out.clone() },
            _ => CommandError::File { file: self.out.clone(), cause },
        })?;
        let exported = store.export(&database::operator(&business), BufWriter::new(file)).await;
        let written = exported.map_err(CommandError::from).and_then(|(file, exported)| {
            let file = file.into_inner().map_err(std::io::IntoInnerError::into_error);
            let synced = file.and_then(|file| file.sync_all().and_then(|()| file.metadata()));
            let length = synced.map_err(|cause| CommandError::File { file: self.out.clone(), cause })?.len();
            Ok((exported, length))
        });
        match written {
            Ok((exported, length)) => {
                let (name, rows, out) = (&business.business.name, exported.rows, self.out.display());
                Ok(print_line(format_args!("{name} is in {out}: {rows} rows, {length} bytes."))?)
            }
            Err(error) => {
                // The file is incomplete.
                let _ = remove_file(&self.out);
                Err(error)
            }
        }
    }
}
