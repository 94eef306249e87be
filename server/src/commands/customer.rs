//! `trialmark customer`

use clap::{Args, Subcommand};
use domain::text::Line;

use super::token::line;
use crate::database;
use crate::failure::Failure;
use crate::settings::Storage;
use crate::terminal::say;

/// What is known of a customer
#[derive(Args, Debug)]
pub struct Customer {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Erase(Erase),
    Export(Export),
}

/// Forget a customer who asks for it
///
/// Their name, their contact and every text about them that is not public go, in every recovery of theirs. Counts and
/// record stay; the record says how many texts were removed.
#[derive(Args, Debug)]
struct Erase {
    #[command(flatten)]
    whose: Whose,
}

/// Print what is known of a customer, as JSON
#[derive(Args, Debug)]
struct Export {
    #[command(flatten)]
    whose: Whose,
}

#[derive(Args, Debug)]
struct Whose {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// The phone number or address they left, written in any way
    #[arg(long, value_name = "ADDRESS", value_parser = line)]
    contact: Line,

    #[command(flatten)]
    storage: Storage,
}

impl Customer {
    pub async fn run(self) -> Result<(), Failure> {
        match self.verb {
            Verb::Erase(Erase { whose }) => whose.erase().await,
            Verb::Export(Export { whose }) => whose.export().await,
        }
    }
}

impl Whose {
    async fn erase(self) -> Result<(), Failure> {
        let store = crate::open(&self.storage).await?;
        let home = database::business(&store, &self.business).await?;
        let forgotten = store.erase_contact(&database::operator(&home), &self.contact).await?;
        let forgotten = forgotten.ok_or(Failure::NoCustomer { business: self.business })?;
        Ok(say(format_args!("The customer is forgotten. {} texts were removed.", forgotten.texts))?)
    }

    async fn export(self) -> Result<(), Failure> {
        let store = crate::open(&self.storage).await?;
        let home = database::business(&store, &self.business).await?;
        let file = store.contact_file(&database::operator(&home), &self.contact).await?;
        let file = file.ok_or(Failure::NoCustomer { business: self.business })?;
        let text = serde_json::to_string_pretty(&[file]).map_err(store::Error::from)?;
        // Inside its texts JSON escapes in the same way.
        Ok(text.lines().try_for_each(say)?)
    }
}
