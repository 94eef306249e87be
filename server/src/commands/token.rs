//! `trialmark token`

use chrono::TimeDelta;
use clap::{Args, Subcommand};
use domain::role::Role;
use domain::text::Line;
use domain::token::{self, MAX_LIFETIME_DAYS};

use crate::command_error::CommandError;
use crate::database;
use crate::settings::Storage;
use crate::terminal::print_line;

/// Manage tokens for programs that use the REST API
#[derive(Args, Debug)]
pub struct Token {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
}

/// Create a token and print it once
///
/// Send it as `Authorization: Bearer TOKEN` to /api/v1. Only its hash is stored, so a lost
/// token cannot be recovered.
#[derive(Args, Debug)]
struct Create {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// What the program may do: owner, manager, staff or auditor
    #[arg(long, value_name = "ROLE", value_parser = parse_role)]
    role: Role,

    /// Limit the program to this site, by its name; can be repeated
    #[arg(long = "site", value_name = "NAME")]
    sites: Vec<String>,

    /// What the token is for
    #[arg(long, value_name = "TEXT", default_value = "command line", value_parser = parse_line)]
    name: Line,

    /// How many days the token is valid
    #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=MAX_LIFETIME_DAYS))]
    days: i64,

    #[command(flatten)]
    storage: Storage,
}

impl Token {
    pub async fn run(self) -> Result<(), CommandError> {
        let Command::Create(Create { business: slug, role, sites, name, days, storage }) = self.command;
        let store = crate::open(&storage).await?;
        let business = database::find_business(&store, &slug).await?;
        let site_access = database::site_access(&store, &business, &sites).await?;
        let token = token::Token { name, role, site_access, lifetime: TimeDelta::days(days) };
        let created = store.create_token(&database::operator(&business), &token).await?;
        Ok(print_line(&created.token)?)
    }
}

pub(super) fn parse_role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).map_err(|_| "this is not a role; write owner, manager, staff or auditor")
}

pub(super) fn parse_line(text: &str) -> Result<Line, String> {
    Line::parse(text).map_err(|fault| format!("this text {fault}"))
}
