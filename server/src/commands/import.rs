//! `trialmark import`

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::settings::{Address, Storage};
use crate::terminal::say;

/// Take in a business from a file that `trialmark export` wrote
///
/// All of it or nothing: the file, of this version or an earlier one, is checked against its manifest, the rows against the
/// rules and the record, and every figure is counted again.
/// Whoever has an account here with the same address is the same person and keeps it; everyone else sets a password by a
/// link from `trialmark user reset-link`. Programs, devices and customers with an open link get new ones.
#[derive(Args, Debug)]
pub struct Import {
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    address: Address,
}

impl Import {
    pub async fn run(self) -> Result<(), Failure> {
        let file = File::open(&self.file).map_err(|cause| Failure::File { file: self.file.clone(), cause })?;
        let store = crate::open(&self.storage).await?;
        let imported = store.import(BufReader::new(file)).await?;
        let page = format!("{}/p/{}", self.address.base_url(self.address.listen).as_str(), imported.slug);
        say(format_args!("{} rows were taken in, and the record is whole. Public page: {page}", imported.rows))?;
        for email in imported.new_people {
            say(format_args!("Without a password yet: trialmark user reset-link --email {email}"))?;
        }
        Ok(())
    }
}
