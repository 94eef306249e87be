//! `trialmark import`

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Args;

use crate::command_error::CommandError;
use crate::settings::{Address, Storage};
use crate::terminal::print_line;
use app::addresses;

/// Import a business from a file written by `trialmark export`
///
/// Imports everything or nothing. The file may come from this version or an earlier one. It is checked against its manifest,
/// its rows against the rules and the record, and all counts are recomputed.
/// Someone with an account here under the same email address keeps it; everyone else needs a link from
/// `trialmark user reset-link` to set a password. API tokens, devices and open customer links have to be created again.
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
    pub async fn run(self) -> Result<(), CommandError> {
        let file = File::open(&self.file).map_err(|cause| CommandError::File { file: self.file.clone(), cause })?;
        let store = crate::open(&self.storage).await?;
        let imported = store.import(BufReader::new(file)).await?;
        let page =
            format!("{}{}", self.address.base_url(self.address.listen).as_str(), addresses::charter(&imported.slug));
        print_line(format_args!("{} rows were taken in, and the record is whole. Public page: {page}", imported.rows))?;
        for email in imported.new_people {
            print_line(format_args!("Without a password yet: trialmark user reset-link --email {email}"))?;
        }
        Ok(())
    }
}
