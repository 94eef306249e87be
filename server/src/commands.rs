//! The command line: reads it, runs one command, and turns how that ended into an exit code. One file a command.

mod business;
mod customer;
mod demo;
mod export;
mod import;
mod migrate;
mod serve;
mod token;
mod user;
mod verify;

use std::error::Error;
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::settings::{DatabaseUrl, Log};
use crate::terminal::complain;

/// Trialmark: service guarantees, kept in the open.
#[derive(Debug, Parser)]
#[command(name = "trialmark", version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    log: Log,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Business(business::Business),
    Customer(customer::Customer),
    Export(export::Export),
    Import(import::Import),
    Migrate(migrate::Migrate),
    Token(token::Token),
    User(user::User),
    Verify(verify::Verify),
}

impl Command {
    async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Serve(serve) => serve.run().await,
            Self::Demo(demo) => demo.run().await,
            Self::Business(business) => business.run().await,
            Self::Customer(customer) => customer.run().await,
            Self::Export(export) => export.run().await,
            Self::Import(import) => import.run().await,
            Self::Migrate(migrate) => migrate.run().await,
            Self::Token(token) => token.run().await,
            Self::User(user) => user.run().await,
            Self::Verify(verify) => verify.run().await,
        }
    }
}

/// Runs the command given on the command line. Exit codes: 0 done, 1 failed, 2 not understood.
#[must_use]
pub fn main() -> ExitCode {
    let CommandLine { command, log } = match understood() {
        Ok(understood) => understood,
        Err(code) => return code,
    };
    log_to_stderr(&log.filter);
    match in_runtime(command.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(format_args!("trialmark: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn understood() -> Result<CommandLine, ExitCode> {
    let matches = CommandLine::command().try_get_matches().map_err(|error| explain(&error))?;
    if shows_password(&matches) {
        complain(
            "trialmark: --database-url: everyone on this machine can read a password on the command line. Set \
             TRIALMARK_DATABASE_URL instead, or name a file that holds the address with --database-url-file.",
        );
        return Err(ExitCode::from(2));
    }
    CommandLine::from_arg_matches(&matches).map_err(|error| explain(&error))
}

fn shows_password(matches: &ArgMatches) -> bool {
    if let Some((_, matches)) = matches.subcommand() {
        return shows_password(matches);
    }
    match matches.try_get_one::<DatabaseUrl>("database_url") {
        Ok(Some(url)) => url.has_password() && matches.value_source("database_url") == Some(ValueSource::CommandLine),
        _ => false,
    }
}

/// A bad value is explained in one line; for everything else clap knows best.
fn explain(error: &clap::Error) -> ExitCode {
    match (error.kind(), error.get(ContextKind::InvalidArg), error.source()) {
        (ErrorKind::ValueValidation, Some(ContextValue::String(usage)), Some(cause)) => {
            let flag = usage.split(' ').next().unwrap_or(usage);
            complain(format_args!("trialmark: {flag}: {cause}"));
        }
        // What was not understood is repeated.
        _ if error.use_stderr() => error.render().to_string().lines().for_each(complain),
        _ => drop(error.print()),
    }
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// Private links carry their key in the path, and the layer that guards forms logs paths at its finest level. What stands in
/// the address of a database under a name that is not known is a password whose name was mistyped, perhaps.
const NEVER_LOGGED: [&str; 2] = ["tower_http::csrf=off", "sqlx_postgres::options::parse=off"];

fn log_to_stderr(filter: &str) {
    let mut filter = EnvFilter::new(filter);
    for never in NEVER_LOGGED.iter().filter_map(|never| never.parse().ok()) {
        filter = filter.add_directive(never);
    }
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
}

fn in_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(work);
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn the_log_may_be_set_before_or_after_the_command() {
        for line in [["trialmark", "--log", "debug", "serve"], ["trialmark", "serve", "--log", "debug"]] {
            assert_eq!(CommandLine::try_parse_from(line).unwrap().log.filter, "debug");
        }
    }

    /// Every command that does something, with the settings it offers.
    fn offered(command: &clap::Command, path: &str, all: &mut Vec<(String, Vec<String>)>) {
        if command.has_subcommands() {
            for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
                offered(sub, format!("{path} {}", sub.get_name()).trim(), all);
            }
            return;
        }
        let of_settings = command.get_arguments().filter(|argument| argument.get_env().is_some());
        all.push((
            path.to_owned(),
            of_settings.filter_map(|argument| argument.get_long().map(str::to_owned)).collect(),
        ));
    }

    #[test]
    fn a_command_offers_the_settings_that_change_what_it_does() {
        let mut command = CommandLine::command();
        command.build();
        let mut all = Vec::new();
        offered(&command, "", &mut all);
        let storage = &["database-url", "database-url-file", "data-dir"][..];
        let (address, proxies) = (&["listen", "base-url"][..], &["trusted-proxies"][..]);
        for (path, found) in &all {
            let meant = match path.as_str() {
                "serve" => [storage, address, proxies].concat(),
                "demo" => [address, proxies].concat(),
                // They print an address.
                "import" | "user reset-link" => [storage, address].concat(),
                _ => storage.to_vec(),
            };
            assert_eq!(*found, [&meant[..], &["log"]].concat(), "{path}");
        }
        assert!(all.len() >= 12, "{all:?}");
    }
}
