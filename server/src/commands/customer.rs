//! `trialmark customer`

use clap::{Args, Subcommand};
use domain::text::Line;

use super::token::parse_line;
use crate::command_error::CommandError;
use crate::database;
use crate::settings::Storage;
use crate::terminal::print_line;

/// Export or erase a customer's data
#[derive(Args, Debug)]
pub struct Customer {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Erase(Erase),
    Export(Export),
}

/// Erase a customer's data at their request
///
/// Removes their name, their contact and every non-public text about them from all their recoveries. Counts and the record
/// stay; the record says how many texts were removed.
#[derive(Args, Debug)]
struct Erase {
    #[command(flatten)]
    customer: CustomerArgs,
}

/// Print all data about a customer as JSON
#[derive(Args, Debug)]
struct Export {
    #[command(flatten)]
    customer: CustomerArgs,
}

#[derive(Args, Debug)]
struct CustomerArgs {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// The phone number or email address they left, in any notation
    #[arg(long, value_name = "ADDRESS", value_parser = parse_line)]
    contact: Line,

    #[command(flatten)]
    storage: Storage,
}

impl Customer {
    pub async fn run(self) -> Result<(), CommandError> {
        match self.command {
            Command::Erase(Erase { customer }) => customer.erase().await,
            Command::Export(Export { customer }) => customer.export().await,
        }
    }
}

impl CustomerArgs {
    async fn erase(self) -> Result<(), CommandError> {
        let store = crate::open(&self.storage).await?;
        let business = database::find_business(&store, &self.business).await?;
        let erasure = store.erase_contact(&database::operator(&business), &self.contact).await?;
        let erasure = erasure.ok_or(CommandError::UnknownCustomer { business: self.business })?;
        Ok(print_line(format_args!("The customer is forgotten. {} texts were removed.", erasure.texts))?)
    }

    async fn export(self) -> Result<(), CommandError> {
        let store = crate::open(&self.storage).await?;
        let business = database::find_business(&store, &self.business).await?;
        let file = store.export_contact(&database::operator(&business), &self.contact).await?;
        let file = file.ok_or(CommandError::UnknownCustomer { business: self.business })?;
        let text = serde_json::to_string_pretty(&[file]).map_err(store::Error::Serialize)?;
        // Each line is escaped for the terminal in the way JSON escapes, so it stays valid JSON.
        Ok(text.lines().try_for_each(print_line)?)
    }
}
