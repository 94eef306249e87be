//! `trialmark business`

use clap::{Args, Subcommand};

use crate::command_error::CommandError;
use crate::database;
use crate::settings::Storage;
use crate::terminal::print_line;

/// Manage a business
#[derive(Args, Debug)]
pub struct Business {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Delete(Delete),
}

/// Delete a business and all its data permanently
///
/// This includes its record, its public page, its customers, and everyone who belongs to no other business here. To keep a
/// copy, run `trialmark export` first.
#[derive(Args, Debug)]
struct Delete {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// Confirm the deletion; without it nothing is deleted
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    storage: Storage,
}

impl Business {
    pub async fn run(self) -> Result<(), CommandError> {
        let Command::Delete(Delete { business: slug, yes, storage }) = self.command;
        let store = crate::open(&storage).await?;
        let business = database::find_business(&store, &slug).await?;
        let name = business.business.name.as_str();
        if !yes {
            return Err(CommandError::NotConfirmed { name: name.to_owned() });
        }
        store.delete_business(&database::operator(&business), name).await?;
        Ok(print_line(format_args!("{name} is deleted, with everything in it."))?)
    }
}
