//! `trialmark business`

use clap::{Args, Subcommand};

use crate::database;
use crate::failure::Failure;
use crate::settings::Storage;
use crate::terminal::say;

/// A business as a whole
#[derive(Args, Debug)]
pub struct Business {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Delete(Delete),
}

/// Delete a business with everything in it, for good
///
/// Its record and public page go, its customers, and everyone who belongs to no other business here. Take it along with
/// `trialmark export` first.
#[derive(Args, Debug)]
struct Delete {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// That it is meant: without it nothing is deleted
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    storage: Storage,
}

impl Business {
    pub async fn run(self) -> Result<(), Failure> {
        let Verb::Delete(Delete { business, yes, storage }) = self.verb;
        let store = crate::open(&storage).await?;
        let home = database::business(&store, &business).await?;
        let name = home.business.name.as_str();
        if !yes {
            return Err(Failure::NotMeant { name: name.to_owned() });
        }
        store.delete_business(&database::operator(&home), name).await?;
        Ok(say(format_args!("{name} is deleted, with everything in it."))?)
    }
}
