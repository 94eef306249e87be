//! `trialmark export`

use std::fs::{OpenOptions, remove_file};
use std::io::{BufWriter, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::Args;

use crate::database;
use crate::failure::Failure;
use crate::settings::Storage;
use crate::terminal::say;

/// Write everything of a business into one file
///
/// A ZIP with a manifest and one file of JSON lines for each table: promises, checks, recoveries, customers, the people and
/// the record. Passwords, sessions, tokens and private links are not in it. `trialmark import` takes it in, in whichever
/// database. Keep it safe: there are people in it.
#[derive(Args, Debug)]
pub struct Export {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// The file to write; there must be none of this name
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    #[command(flatten)]
    storage: Storage,
}

impl Export {
    pub async fn run(self) -> Result<(), Failure> {
        let store = crate::open(&self.storage).await?;
        let home = database::business(&store, &self.business).await?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.out);
        let file = file.map_err(|cause| match cause.kind() {
            ErrorKind::AlreadyExists => Failure::FileThere { file: self.out.clone() },
            _ => Failure::File { file: self.out.clone(), cause },
        })?;
        let exported = store.export(&database::operator(&home), BufWriter::new(file)).await;
        let written = exported.map_err(Failure::from).and_then(|(file, exported)| {
            let file = file.into_inner().map_err(std::io::IntoInnerError::into_error);
            let synced = file.and_then(|file| file.sync_all().and_then(|()| file.metadata()));
            let length = synced.map_err(|cause| Failure::File { file: self.out.clone(), cause })?.len();
            Ok((exported, length))
        });
        match written {
            Ok((exported, length)) => {
                let (name, rows, out) = (&home.business.name, exported.rows, self.out.display());
                Ok(say(format_args!("{name} is in {out}: {rows} rows, {length} bytes."))?)
            }
            Err(failure) => {
                // Half a business is none.
                let _ = remove_file(&self.out);
                Err(failure)
            }
        }
    }
}
