//! `trialmark verify`

use clap::Args;
use store::Mismatch;

use crate::database;
use crate::failure::Failure;
use crate::settings::Settings;

/// Recompute the record of a business and say whether every entry fits
///
/// Follows the chain from the first entry, checks each text that stands against its commitment and each row against the entry
/// that names it, and counts every figure again. Ends with exit code 1 and what does not fit: the first entry, or the table
/// and the row.
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
        let verified = store.verify(home.id).await?.map_err(|mismatch| match mismatch {
            Mismatch::Entry(misfit) => Failure::Entry(misfit),
            other => Failure::Row(other),
        })?;
        println!(
            "The record of {} is whole: {} entries, {} texts.",
            home.business.name, verified.entries, verified.texts
        );
        println!("Every figure follows from it.");
        println!("Head: {}", verified.head);
        if let Some(first) = verified.first_backwards {
            println!(
                "{} times an entry is earlier than the one before it, entry {first} first: the clock had been put back.",
                verified.backwards
            );
        }
        Ok(())
    }
}
