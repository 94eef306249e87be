//! `trialmark verify`

use clap::Args;
use store::Mismatch;

use crate::database;
use crate::failure::Failure;
use crate::settings::Storage;
use crate::terminal::say;

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

    #[command(flatten)]
    storage: Storage,
}

impl Verify {
    pub async fn run(self) -> Result<(), Failure> {
        let store = crate::open(&self.storage).await?;
        let home = database::business(&store, &self.business).await?;
        let verified = store.verify(home.id).await?.map_err(|mismatch| match mismatch {
            Mismatch::Entry(misfit) => Failure::Entry(misfit),
            other => Failure::Row(other),
        })?;
        say(format_args!(
            "The record of {} is whole: {} entries, {} texts.",
            home.business.name, verified.entries, verified.texts
        ))?;
        say("Every figure follows from it.")?;
        say(format_args!("Head: {}", verified.head))?;
        if let Some(first) = verified.first_backwards {
            say(format_args!(
                "{} times an entry is earlier than the one before it, entry {first} first: the clock had been put back.",
                verified.backwards
            ))?;
        }
        Ok(())
    }
}
