//! `trialmark user`

use std::io::{self, Read};

use clap::{Args, Subcommand};
use domain::actor::Role;
use domain::fault::Fault;
use domain::person::{Email, Newcomer, Password};
use domain::place::Code;
use domain::text::Line;
use store::Store;

use super::token::{line, role};
use crate::database;
use crate::failure::Failure;
use crate::settings::{Address, Storage};
use crate::terminal::say;

/// People who sign in
#[derive(Args, Debug)]
pub struct User {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Create(Create),
    ResetLink(ResetLink),
    ForgetSecondStep(ForgetSecondStep),
}

/// Let someone into a business
///
/// Makes a password and prints it, once, unless one is given on standard input.
#[derive(Args, Debug)]
struct Create {
    /// The business, by its name in public addresses
    #[arg(long, value_name = "SLUG")]
    business: String,

    /// What the person signs in with
    #[arg(long, value_name = "ADDRESS", value_parser = email)]
    email: Email,

    #[arg(long, value_name = "TEXT", value_parser = line)]
    name: Line,

    /// What the person may do: owner, manager, staff or auditor
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Role,

    /// A site to which the person is bound, by its name; may be given several times
    #[arg(long = "site", value_name = "NAME")]
    sites: Vec<String>,

    /// Read the password from standard input instead of making one
    #[arg(long)]
    password_stdin: bool,

    #[command(flatten)]
    storage: Storage,
}

/// Print a link by which someone sets their password anew
///
/// It can be used once, for a day. Every link made for them before ends.
#[derive(Args, Debug)]
struct ResetLink {
    /// What the person signs in with
    #[arg(long, value_name = "ADDRESS", value_parser = email)]
    email: Email,

    #[command(flatten)]
    storage: Storage,

    #[command(flatten)]
    address: Address,
}

/// Take someone's second step away, when phone, keys and recovery codes are lost
///
/// They are signed out everywhere, and sign in with their password alone until they set it up anew. Make sure first that it
/// is them who ask.
#[derive(Args, Debug)]
struct ForgetSecondStep {
    /// What the person signs in with
    #[arg(long, value_name = "ADDRESS", value_parser = email)]
    email: Email,

    #[command(flatten)]
    storage: Storage,
}

impl User {
    pub async fn run(self) -> Result<(), Failure> {
        match self.verb {
            Verb::Create(create) => create.run().await,
            Verb::ResetLink(reset) => reset.run().await,
            Verb::ForgetSecondStep(forget) => forget.run().await,
        }
    }
}

impl ResetLink {
    async fn run(self) -> Result<(), Failure> {
        let store = crate::open(&self.storage).await?;
        let made = store.reset_link(&self.email).await?;
        let made = made.ok_or_else(|| Failure::NoPerson { email: self.email.as_str().to_owned() })?;
        let base_url = self.address.base_url(self.address.listen);
        Ok(say(format_args!("{}/reset/{}", base_url.as_str(), made.token))?)
    }
}

impl ForgetSecondStep {
    async fn run(self) -> Result<(), Failure> {
        let store = crate::open(&self.storage).await?;
        let email = self.email.as_str().to_owned();
        match store.forget_factors(&self.email).await? {
            Some(()) => Ok(say(format_args!("{email} signs in with the password alone now."))?),
            None => Err(Failure::NoPerson { email }),
        }
    }
}

impl Create {
    async fn run(self) -> Result<(), Failure> {
        let Self { business, email, name, role, sites, password_stdin, storage } = self;
        let store = crate::open(&storage).await?;
        let home = database::business(&store, &business).await?;
        let typed = if password_stdin { from_stdin()? } else { made(&store) };
        let password = Password::parse(&typed).map_err(Failure::Password)?;
        let known = [name.as_str(), email.as_str(), home.business.name.as_str()];
        app::password::accept(&password, &known).map_err(|_| Failure::Password(Fault::TooCommon))?;
        let hash = app::password::hash(&password, store.source()).map_err(|_| Failure::Hash)?;
        let reach = database::reach(&store, &home, &sites).await?;
        let newcomer = Newcomer { name, email, password, role, reach };
        store.add_person(&database::operator(&home), &newcomer, &hash).await.map_err(|error| match error {
            store::Error::Invalid(faults) if faults.at("email") == Some(Fault::Taken) => {
                Failure::PersonThere { email: newcomer.email.as_str().to_owned() }
            }
            error => error.into(),
        })?;
        say(format_args!("{} may sign in to {} as {}.", newcomer.email.as_str(), home.business.name, role.name()))?;
        if !password_stdin {
            say(format_args!("Password: {typed}"))?;
        }
        Ok(())
    }
}

/// Four groups of six characters that are not mistaken for one another: 120 bits.
fn made(store: &Store) -> String {
    let group = |_| Code::from_bytes(&store.source().bytes()).as_str().to_lowercase();
    (0..4).map(group).collect::<Vec<_>>().join("-")
}

fn from_stdin() -> io::Result<String> {
    let mut typed = String::new();
    io::stdin().take(4096).read_to_string(&mut typed)?;
    Ok(typed.trim_end_matches(['\r', '\n']).to_owned())
}

fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|fault| format!("this address {fault}"))
}
