//! `trialmark verify`

use clap::Args;
use store::Mismatch;

use crate::command_error::CommandError;
use crate::database;
use crate::settings::Storage;
use crate::terminal::print_line;

/// Verify the record of a business
///
/// Checks the chain from the first entry, each remaining text against its commitment and each row against the entry that
/// describes it, and recomputes all counts. On a mismatch it prints the first bad entry, or the table and row, and exits
/// with code 1.
#[derive(Args, Debug)]
pub struct Verify {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    #[command(flatten)]
    storage: Storage,
}

impl Verify {
    pub async fn run(self) -> Result<(), CommandError> {
        let store = crate::open(&self.storage).await?;
        let business = database::find_business(&store, &self.business).await?;
        let verified = store.verify(business.id).await?.map_err(|mismatch| match mismatch {
            Mismatch::Entry(misfit) => CommandError::BrokenChain(misfit),
            other => CommandError::RowMismatch(other),
        })?;
        print_line(format_args!(
            "The record of {} is whole: {} entries, {} texts.",
            business.business.name, verified.entries, verified.texts
        ))?;
        print_line("Every figure follows from it.")?;
        print_line(format_args!("Head: {}", verified.head))?;
        if let Some(first) = verified.first_out_of_order {
            print_line(format_args!(
                "{} times an entry is earlier than the one before it, entry {first} first: the clock had been put back.",
                verified.out_of_order
            ))?;
        }
        Ok(())
    }
}
