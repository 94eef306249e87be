//! `trialmark migrate`

use clap::Args;

use crate::failure::Failure;
use crate::settings::Storage;
use crate::terminal::say;

/// Bring the database up to date and stop
///
/// `serve` does the same at every start. Use this to do it beforehand, or where the server may not change tables.
#[derive(Args, Debug)]
pub struct Migrate {
    #[command(flatten)]
    storage: Storage,
}

impl Migrate {
    pub async fn run(self) -> Result<(), Failure> {
        crate::open(&self.storage).await?;
        Ok(say(format_args!("The database {} is up to date.", self.storage.database()))?)
    }
}
