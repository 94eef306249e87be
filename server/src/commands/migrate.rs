//! `trialmark migrate`

use clap::Args;

use crate::failure::Failure;
use crate::settings::Settings;

/// Bring the database up to date and stop
///
/// `serve` does the same at every start. Use this to do it beforehand, or where the server may not change tables.
#[derive(Args, Debug)]
pub struct Migrate {}

impl Migrate {
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        crate::open(settings).await?;
        println!("The database {} is up to date.", settings.database());
        Ok(())
    }
}
