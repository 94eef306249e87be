//! `trialmark customer`

use std::io::{self, Write};

use clap::{Args, Subcommand};
use domain::text::Line;

use super::token::line;
use crate::database;
use crate::failure::Failure;
use crate::settings::Settings;

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
}

impl Customer {
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self.verb {
            Verb::Erase(Erase { whose }) => whose.erase(settings).await,
            Verb::Export(Export { whose }) => whose.export(settings).await,
        }
    }
}

impl Whose {
    async fn erase(self, settings: &Settings) -> Result<(), Failure> {
        let store = crate::open(settings).await?;
        let home = database::business(&store, &self.business).await?;
        let forgotten = store.erase_contact(&database::operator(&home), &self.contact).await?;
        let forgotten = forgotten.ok_or(Failure::NoCustomer { business: self.business })?;
        println!("The customer is forgotten. {} texts were removed.", forgotten.texts);
        Ok(())
    }

    async fn export(self, settings: &Settings) -> Result<(), Failure> {
        let store = crate::open(settings).await?;
        let home = database::business(&store, &self.business).await?;
        let file = store.contact_file(&database::operator(&home), &self.contact).await?;
        let file = file.ok_or(Failure::NoCustomer { business: self.business })?;
        let text = serde_json::to_string_pretty(&[file]).map_err(store::Error::from)?;
        writeln!(io::stdout(), "{text}")?;
        Ok(())
    }
}
