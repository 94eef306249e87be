//! `trialmark token`

use chrono::TimeDelta;
use clap::{Args, Subcommand};
use domain::actor::Role;
use domain::text::Line;
use domain::token::{LONGEST, Token as New};

use crate::database;
use crate::failure::Failure;
use crate::settings::Storage;
use crate::terminal::say;

/// Tokens for programs that use the REST interface
#[derive(Args, Debug)]
pub struct Token {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Create(Create),
}

/// Make a token and print it, once
///
/// Send it as `Authorization: Bearer TOKEN` to /api/v1. It is stored only as a hash: whoever loses it makes a new one.
#[derive(Args, Debug)]
struct Create {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// What the program may do: owner, manager, staff or auditor
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Role,

    /// A site to which the program is bound, by its name; may be given several times
    #[arg(long = "site", value_name = "NAME")]
    sites: Vec<String>,

    /// What the token is for
    #[arg(long, value_name = "TEXT", default_value = "command line", value_parser = line)]
    name: Line,

    /// How many days the token is good
    #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=LONGEST))]
    days: i64,

    #[command(flatten)]
    storage: Storage,
}

impl Token {
    pub async fn run(self) -> Result<(), Failure> {
        let Verb::Create(Create { business, role, sites, name, days, storage }) = self.verb;
        let store = crate::open(&storage).await?;
        let home = database::business(&store, &business).await?;
        let reach = database::reach(&store, &home, &sites).await?;
        let token = New { name, role, reach, lasts: TimeDelta::days(days) };
        let made = store.create_token(&database::operator(&home), &token).await?;
        Ok(say(&made.token)?)
    }
}

pub(super) fn role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).map_err(|_| "this is not a role; write owner, manager, staff or auditor")
}

pub(super) fn line(text: &str) -> Result<Line, String> {
    Line::parse(text).map_err(|fault| format!("this text {fault}"))
}
