//! `trialmark verify`

use clap::Args;

use crate::database;
use crate::failure::Failure;
use crate::settings::Settings;

/// Recompute the record of a business and say whether every entry fits
///
/// Follows the chain from the first entry and checks each text that stands against its commitment. Ends with exit code 1
/// and the first entry that does not fit, if there is one.
#[derive(Args, Debug)]
pub struct Verify {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,
}

impl Verify {
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let store = crate::open(settings).await?;
        let home = database::business(&store, &self.business).await?;
        let verified = store.verify(home.id).await?.map_err(Failure::Misfit)?;
        println!(
            "The record of {} is whole: {} entries, {} texts.",
            home.business.name, verified.entries, verified.texts
        );
        println!("Head: {}", verified.head);
        Ok(())
    }
}
