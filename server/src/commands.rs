//! The command line: parses it, runs one command, and returns an exit code. Each command has a file of its own.

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

use crate::command_error::CommandError;
use crate::settings::{DatabaseUrl, Log};
use crate::terminal::print_error;

/// Trialmark: service guarantees with a public record.
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
    async fn run(self) -> Result<(), CommandError> {
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

/// Runs the command given on the command line. Exit codes: 0 success, 1 failure, 2 invalid command line.
#[must_use]
pub fn main() -> ExitCode {
    let CommandLine { command, log } = match parse_command_line() {
        Ok(command_line) => command_line,
        Err(code) => return code,
    };
    log_to_stderr(&log.filter);
    match run_async(command.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(format_args!("trialmark: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn parse_command_line() -> Result<CommandLine, ExitCode> {
    let matches = CommandLine::command().try_get_matches().map_err(|error| print_usage_error(&error))?;
    if has_password_argument(&matches) {
        print_error(
            "trialmark: --database-url: everyone on this machine can read a password on the command line. Set \
             TRIALMARK_DATABASE_URL instead, or name a file that holds the address with --database-url-file.",
        );
        return Err(ExitCode::from(2));
    }
    CommandLine::from_arg_matches(&matches).map_err(|error| print_usage_error(&error))
}

fn has_password_argument(matches: &ArgMatches) -> bool {
    if let Some((_, matches)) = matches.subcommand() {
        return has_password_argument(matches);
    }
    match matches.try_get_one::<DatabaseUrl>("database_url") {
        Ok(Some(url)) => url.has_password() && matches.value_source("database_url") == Some(ValueSource::CommandLine),
        _ => false,
    }
}

/// Prints an invalid value in one line, and everything else as clap does.
fn print_usage_error(error: &clap::Error) -> ExitCode {
    match (error.kind(), error.get(ContextKind::InvalidArg), error.source()) {
        (ErrorKind::ValueValidation, Some(ContextValue::String(usage)), Some(cause)) => {
            let flag = usage.split(' ').next().unwrap_or(usage);
            print_error(format_args!("trialmark: {flag}: {cause}"));
        }
        // The error repeats what was typed, so it must be escaped.
        _ if error.use_stderr() => error.render().to_string().lines().for_each(print_error),
        _ => drop(error.print()),
    }
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// These log secrets: the first logs paths at level trace, and private links have their key in the path. The second logs
/// unknown parameters of a database URL, and one could be a password with a misspelt name.
const NEVER_LOGGED: [&str; 2] = ["tower_http::csrf=off", "sqlx_postgres::options::parse=off"];

fn log_to_stderr(filter: &str) {
    let mut filter = EnvFilter::new(filter);
    for directive in NEVER_LOGGED.iter().filter_map(|directive| directive.parse().ok()) {
        filter = filter.add_directive(directive);
    }
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
}

fn run_async(work: impl Future<Output = Result<(), CommandError>>) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_definition_is_valid() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn the_log_option_is_accepted_before_and_after_the_command() {
        for line in [["trialmark", "--log", "debug", "serve"], ["trialmark", "serve", "--log", "debug"]] {
            assert_eq!(CommandLine::try_parse_from(line).unwrap().log.filter, "debug");
        }
    }

    /// All commands without subcommands, with the settings that each accepts.
    fn collect_settings(command: &clap::Command, path: &str, all: &mut Vec<(String, Vec<String>)>) {
        if command.has_subcommands() {
            for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
                collect_settings(sub, format!("{path} {}", sub.get_name()).trim(), all);
            }
            return;
        }
        let settings = command.get_arguments().filter(|argument| argument.get_env().is_some());
        all.push((path.to_owned(), settings.filter_map(|argument| argument.get_long().map(str::to_owned)).collect()));
    }

    #[test]
    fn each_command_accepts_only_the_settings_it_uses() {
        let mut command = CommandLine::command();
        command.build();
        let mut all = Vec::new();
        collect_settings(&command, "", &mut all);
        let storage = &["database-url", "database-url-file", "data-dir"][..];
        let (address, proxies) = (&["listen", "base-url"][..], &["trusted-proxies"][..]);
        for (path, found) in &all {
            let expected = match path.as_str() {
                "serve" => [storage, address, proxies].concat(),
                "demo" => [address, proxies].concat(),
                // These print an address.
                "import" | "user reset-link" => [storage, address].concat(),
                _ => storage.to_vec(),
            };
            assert_eq!(*found, [&expected[..], &["log"]].concat(), "{path}");
        }
        assert!(all.len() >= 12, "{all:?}");
    }
}
