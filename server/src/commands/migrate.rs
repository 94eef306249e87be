//! `trialmark migrate`

use clap::Args;

use crate::command_error::CommandError;
use crate::settings::Storage;
use crate::terminal::print_line;

/// Migrate the database to this version and exit
///
/// `serve` does the same at every start. Use this to migrate earlier, or if the server's database user may not change tables.
#[derive(Args, Debug)]
pub struct Migrate {
    #[command(flatten)]
    storage: Storage,
}

impl Migrate {
    pub async fn run(self) -> Result<(), CommandError> {
        crate::open(&self.storage).await?;
        Ok(print_line(format_args!("The database {} is up to date.", self.storage.database()))?)
    }
}
