//! `trialmark user`

use std::io::{self, Read};

use clap::{Args, Subcommand};
use domain::fault::Fault;
use domain::person::{Email, NewMember, Password};
use domain::place::TagCode;
use domain::role::Role;
use domain::text::Line;
use store::Store;

use super::token::{parse_line, parse_role};
use crate::command_error::CommandError;
use crate::database;
use crate::settings::{Address, Storage};
use crate::terminal::print_line;
use app::addresses;

/// Manage the people who sign in
#[derive(Args, Debug)]
pub struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
    ResetLink(ResetLink),
    ForgetSecondStep(ForgetSecondStep),
}

/// Add someone to a business
///
/// Generates a password and prints it once, unless one is given on standard input.
#[derive(Args, Debug)]
struct Create {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// The email address that the person signs in with
    #[arg(long, value_name = "ADDRESS", value_parser = parse_email)]
    email: Email,

    #[arg(long, value_name = "TEXT", value_parser = parse_line)]
    name: Line,

    /// What the person may do: owner, manager, staff or auditor
    #[arg(long, value_name = "ROLE", value_parser = parse_role)]
    role: Role,

    /// Limit the person to this site, by its name; can be repeated
    #[arg(long = "site", value_name = "NAME")]
    sites: Vec<String>,

    /// Read the password from standard input instead of generating one
    #[arg(long)]
    password_stdin: bool,

    #[command(flatten)]
    storage: Storage,
}

/// Print a link for someone to reset their password
///
/// It works once, for one day. Earlier links for the same person stop working.
#[derive(Args, Debug)]
struct ResetLink {
    /// The email address that the person signs in with
    #[arg(long, value_name = "ADDRESS", value_parser = parse_email)]
    email: Email,

    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    address: Address,
}

/// Remove someone's second step after they have lost their phone, keys and recovery codes
///
/// They are signed out everywhere and sign in with their password alone until they set it up again. Make sure that the
/// request really comes from them.
#[derive(Args, Debug)]
struct ForgetSecondStep {
    /// The email address that the person signs in with
    #[arg(long, value_name = "ADDRESS", value_parser = parse_email)]
    email: Email,

    #[command(flatten)]
    storage: Storage,
}

impl User {
    pub async fn run(self) -> Result<(), CommandError> {
        match self.command {
            Command::Create(create) => create.run().await,
            Command::ResetLink(reset) => reset.run().await,
            Command::ForgetSecondStep(forget) => forget.run().await,
        }
    }
}

impl ResetLink {
    async fn run(self) -> Result<(), CommandError> {
        let store = crate::open(&self.storage).await?;
        let link = store.create_password_reset(&self.email).await?;
        let link = link.ok_or_else(|| CommandError::UnknownEmail { email: self.email.as_str().to_owned() })?;
        let base_url = self.address.base_url(self.address.listen);
        Ok(print_line(format_args!("{}{}", base_url.as_str(), addresses::reset_password(&link.token)))?)
    }
}

impl ForgetSecondStep {
    async fn run(self) -> Result<(), CommandError> {
        let store = crate::open(&self.storage).await?;
        let email = self.email.as_str().to_owned();
        match store.reset_factors(&self.email).await? {
            Some(()) => Ok(print_line(format_args!("{email} signs in with the password alone now."))?),
            None => Err(CommandError::UnknownEmail { email }),
        }
    }
}

impl Create {
    async fn run(self) -> Result<(), CommandError> {
        let Self { business: slug, email, name, role, sites, password_stdin, storage } = self;
        let store = crate::open(&storage).await?;
        let business = database::find_business(&store, &slug).await?;
        let password_text = if password_stdin { read_stdin()? } else { generate_password(&store) };
        let password = Password::parse(&password_text).map_err(CommandError::Password)?;
        let personal_words = [name.as_str(), email.as_str(), business.business.name.as_str()];
        app::password::check_strength(&password, &personal_words)
            .map_err(|_| CommandError::Password(Fault::TooCommon))?;
        let hash = app::password::hash(&password, store.source()).map_err(|_| CommandError::Hashing)?;
        let site_access = database::site_access(&store, &business, &sites).await?;
        let member = NewMember { name, email, password, role, site_access };
        store.add_person(&database::operator(&business), &member, &hash).await.map_err(|error| match error {
            store::Error::Invalid(faults) if faults.of_field("email") == Some(Fault::Taken) => {
                CommandError::EmailTaken { email: member.email.as_str().to_owned() }
            }
            error => error.into(),
        })?;
        print_line(format_args!(
            "{} may sign in to {} as {}.",
            member.email.as_str(),
            business.business.name,
            role.name()
        ))?;
        if !password_stdin {
            print_line(format_args!("Password: {password_text}"))?;
        }
        Ok(())
    }
}

/// 120 random bits: four groups of six characters, without characters that are easily confused.
fn generate_password(store: &Store) -> String {
    let group = |_| TagCode::from_bytes(&store.source().bytes()).as_str().to_lowercase();
    (0..4).map(group).collect::<Vec<_>>().join("-")
}

fn read_stdin() -> io::Result<String> {
    let mut password_text = String::new();
    io::stdin().take(4096).read_to_string(&mut password_text)?;
    Ok(password_text.trim_end_matches(['\r', '\n']).to_owned())
}

fn parse_email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|fault| format!("this address {fault}"))
}
